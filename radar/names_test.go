package radar

import (
	"os"
	"slices"
	"strings"
	"testing"

	"khue/profile"
	"khue/radar/about"
	"khue/text"
)

func gazetteer(t testing.TB) *about.Gazetteer {
	t.Helper()
	g, err := LoadNames(profile.Hanoi())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// labelled reads texts with what they name, in order: w a ward's codes, d a district's, o an office's; - for nothing.
func labelled(t testing.TB, file string) (texts []string, want [][]string) {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		s, names, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok {
			t.Fatalf("%s: %q has no label", file, line)
		}
		texts = append(texts, s)
		want = append(want, strings.Fields(strings.TrimPrefix(names, "-")))
	}
	return texts, want
}

func spelled(found []about.Found) []string {
	var list []string
	for _, f := range found {
		list = append(list, string(f.Kind.String()[0])+strings.Join(f.Codes, ","))
	}
	return list
}

// TestNamesHard: same-named units, words that are names too, other provinces, lists, old names, no marks, English.
func TestNamesHard(t *testing.T) {
	f := about.NewFinder(gazetteer(t))
	texts, want := labelled(t, "names-hard.tsv")
	for i, s := range texts {
		forms := []string{s, "Tin mới. " + s + ", theo báo."}
		if text.Key(s) == text.Fold(s) { // typed without marks: what is around it is, too
			forms[1] = "Tin moi. " + s + ", theo bao."
		}
		for _, form := range forms {
			if got := spelled(f.Find(text.Normalize(form))); !slices.Equal(got, want[i]) {
				t.Errorf("%q\n got %v\nwant %v", form, got, want[i])
			}
		}
	}
}

// TestNamesMeasured measures how much of what is found is right, and how much is found, on sentences labelled by hand beforehand.
func TestNamesMeasured(t *testing.T) {
	f := about.NewFinder(gazetteer(t))
	texts, want := labelled(t, "names-measure.tsv")
	right, wrong, missed := 0, 0, 0
	for i, s := range texts {
		got := spelled(f.Find(text.Normalize(s)))
		for _, one := range got {
			if slices.Contains(want[i], one) {
				right++
			} else {
				wrong++
				t.Logf("not so: %s in %q", one, s)
			}
		}
		for _, one := range want[i] {
			if !slices.Contains(got, one) {
				missed++
				t.Logf("missed: %s in %q", one, s)
			}
		}
	}
	precision, recall := float64(right)/float64(right+wrong), float64(right)/float64(right+missed)
	t.Logf("%d texts, precision %.3f, recall %.3f", len(texts), precision, recall)
	if precision < 0.95 || recall < 0.9 {
		t.Errorf("precision %.3f, recall %.3f", precision, recall)
	}
}

// BenchmarkFind counts the text read a second.
func BenchmarkFind(b *testing.B) {
	f := about.NewFinder(gazetteer(b))
	texts, _ := labelled(b, "names-measure.tsv")
	s := text.Normalize(strings.Join(texts, "\n\n"))
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		f.Find(s)
	}
}
