package claims

import (
	"strings"
	"testing"

	"khue/web/ui"
)

// CheckCompare holds that a comparison has both texts in it: what stayed and what came is the new one, word for word, and what
// stayed and what went has the words of the old one.
func CheckCompare(t *testing.T, old, new string) {
	t.Helper()
	var a, b strings.Builder
	for _, r := range compare(old, new) {
		if r.Kind != ui.Added {
			a.WriteString(r.Text + " ")
		}
		if r.Kind != ui.Deleted {
			b.WriteString(r.Text)
		}
	}
	if got, want := strings.Join(strings.Fields(a.String()), " "), strings.Join(strings.Fields(old), " "); got != want {
		t.Errorf("old %q, want %q", got, want)
	}
	if got := b.String(); got != new {
		t.Errorf("new %q, want %q", got, new)
	}
}
