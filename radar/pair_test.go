package radar

import (
	"os"
	"strings"
	"testing"

	"khue/radar/about"
)

// TestTwoLanguagesMeasured compares every Vietnamese text with every English one of a made-up city: those of one matter are suggested,
// others hardly ever, and none is joined wrongly.
func TestTwoLanguagesMeasured(t *testing.T) {
	data, err := os.ReadFile("testdata/two-languages.tsv")
	if err != nil {
		t.Fatal(err)
	}
	type one struct {
		matter, title string
		facets        []string
	}
	d := about.NewDigester(gazetteer(t), func(_, _ uint64) float64 { return 0.01 })
	texts := map[string][]one{}
	for line := range strings.Lines(string(data)) {
		c := strings.Split(strings.TrimSpace(line), "\t")
		if len(c) != 4 {
			t.Fatalf("%q", line)
		}
		texts[c[0]] = append(texts[c[0]], one{c[1], c[2], d.Digest([]about.Text{{Title: c[2], Body: c[3]}}).Facets})
	}
	same, found, wrong, joined, wrongly, pairs := 0, 0, 0, 0, 0, 0
	for _, vi := range texts["vi"] {
		for _, en := range texts["en"] {
			pairs++
			l := about.Like(vi.facets, en.facets)
			is := vi.matter == en.matter
			if is {
				same++
			}
			switch {
			case is && l.Suggests():
				found++
			case is:
				t.Logf("missed %s: %.1f %v", vi.matter, l.Score, l.Shared)
			case l.Suggests():
				wrong++
				t.Logf("%q is not %q: %.1f %v", vi.title, en.title, l.Score, l.Shared)
			}
			if l.Joins() {
				joined++
				if !is {
					wrongly++
				}
			}
		}
	}
	t.Logf("%d pairs, %d of one matter: %d suggested, %d others too; %d joined at once, %d wrongly", pairs, same, found, wrong, joined, wrongly)
	if found < same-2 || wrong > 2 || wrongly > 0 {
		t.Errorf("%d of %d, %d wrong, %d wrongly joined", found, same, wrong, wrongly)
	}
}

// TestLink: a link in common is enough to look, with one thing more to join.
func TestLink(t *testing.T) {
	d := about.NewDigester(gazetteer(t), func(_, _ uint64) float64 { return 0.01 })
	vi := d.Digest([]about.Text{{Title: "Xem bài gốc", Body: "Xem https://www.bao.example/tin/12?utm=1, ở phường Láng."}}).Facets
	for body, joins := range map[string]bool{"See http://bao.example/tin/12 now": false, "See http://bao.example/tin/12 about Lang Ward": true} {
		l := about.Like(vi, d.Digest([]about.Text{{Title: "The source", Body: body}}).Facets)
		if !l.Suggests() || l.Joins() != joins {
			t.Errorf("%q: %+v", body, l)
		}
	}
}
