package releases

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"khue/release"
	"khue/web/ui"
)

func TestDiff(t *testing.T) {
	got := changed(release.Text{Title: "Nước yếu", Body: "Khoảng 1.200 hộ bị ảnh hưởng."}, release.Text{Title: "Nước yếu", Body: "Khoảng 2.100 hộ không bị ảnh hưởng."})
	var b strings.Builder
	for _, r := range got {
		mark := ""
		if r.Loud {
			mark = "!"
		}
		b.WriteString("[" + string(r.Kind) + mark + " " + r.Text + "]")
	}
	const want = "[equal Nước yếu][equal \n\n][equal Khoảng ][del! 1.200 ][ins! 2.100 ][equal hộ ][ins! không ][equal bị ảnh hưởng.]"
	if b.String() != want {
		t.Errorf("%s, want %s", b.String(), want)
	}
}

// Both texts can be read out of the diff, whatever they are.
func TestDiffKeepsBothTexts(t *testing.T) {
	word := rapid.SampledFrom([]string{"a", "b ", "không ", "1.200\n\n", " ", "ộ", ""})
	rapid.Check(t, func(t *rapid.T) {
		old := strings.Join(rapid.SliceOf(word).Draw(t, "old"), "")
		new := strings.Join(rapid.SliceOf(word).Draw(t, "new"), "")
		var a, b strings.Builder
		for _, r := range diff(old, new) {
			if r.Kind != ui.Added {
				a.WriteString(r.Text)
			}
			if r.Kind != ui.Deleted {
				b.WriteString(r.Text)
			}
		}
		if b.String() != new || strings.Join(strings.Fields(a.String()), " ") != strings.Join(strings.Fields(old), " ") {
			t.Fatalf("%q %q: %q %q", old, new, a.String(), b.String())
		}
	})
}
