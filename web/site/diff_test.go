package site

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"khue/web/ui"
)

func TestDiff(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"Khoảng 1.200 hộ bị ảnh hưởng.", "Khoảng 2.100 hộ không bị ảnh hưởng.\n\nHết", "[equal Khoảng ][del! 1.200 ][ins! 2.100 ][equal hộ ][ins! không ][equal bị ảnh hưởng.\n\n][ins Hết\n]"},
		{"", "Thứ Hai họp", "[ins Thứ Hai họp\n]"}, // of white space nobody is told that it went or came
		{"Thứ Hai họp", "", "[del Thứ Hai họp\n][equal \n]"},
		{"", "", "[equal \n]"},
	} {
		var b strings.Builder
		for _, r := range Diff(c.old, c.new) {
			mark := ""
			if r.Loud {
				mark = "!"
			}
			b.WriteString("[" + string(r.Kind) + mark + " " + r.Text + "]")
		}
		if b.String() != c.want {
			t.Errorf("%q %q: %q, want %q", c.old, c.new, b.String(), c.want)
		}
	}
}

// keepsBoth holds that both texts can be read out of a diff: what stayed and what came is the new one, letter for letter, and what
// stayed and what went has the words of the old one.
func keepsBoth(t rapid.TB, old, new string) {
	t.Helper()
	var a, b strings.Builder
	for _, r := range Diff(old, new) {
		if r.Kind != ui.Added {
			a.WriteString(r.Text)
		}
		if r.Kind != ui.Deleted {
			b.WriteString(r.Text)
		}
	}
	if b.String() != new+"\n" || strings.Join(strings.Fields(a.String()), " ") != strings.Join(strings.Fields(old), " ") {
		t.Fatalf("%q %q: %q %q", old, new, a.String(), b.String())
	}
}

func TestDiffKeepsBothTexts(t *testing.T) {
	word := rapid.SampledFrom([]string{"a", "b ", "không ", "1.200\n\n", " ", "ộ", "", "\n"})
	rapid.Check(t, func(t *rapid.T) {
		keepsBoth(t, strings.Join(rapid.SliceOf(word).Draw(t, "old"), ""), strings.Join(rapid.SliceOf(word).Draw(t, "new"), ""))
	})
}

func FuzzDiff(f *testing.F) {
	f.Add("Khoảng 1.200 hộ", "Khoảng 2.100 hộ không")
	f.Add(" a\u00a0b", "\n\nb  a ")
	f.Add("", "\xff")
	f.Fuzz(func(t *testing.T, old, new string) { keepsBoth(t, old, new) })
}
