package profile

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestBorders: every ward in force has a border, and nothing else has.
func TestBorders(t *testing.T) {
	units, err := LoadUnits(Hanoi())
	if err != nil {
		t.Fatal(err)
	}
	list, err := LoadBorders(Hanoi())
	if err != nil || len(list) != len(units.All) {
		t.Fatalf("%d borders of %d units, %v", len(list), len(units.All), err)
	}
	there := map[string]bool{}
	for _, b := range list {
		there[b.Code] = true
		for _, p := range b.Ring {
			if p[0] < 1_052_000 || p[0] > 1_061_000 || p[1] < 205_000 || p[1] > 214_500 {
				t.Errorf("%s lies at %v, out of Hanoi", b.Code, p)
				break
			}
		}
	}
	for _, u := range units.All {
		if !there[u.Code] {
			t.Errorf("%s (%s) has no border", u.Name, u.Code)
		}
	}
}

func TestBadBorders(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"no file":       {"", "borders.tsv"},
		"two points":    {"code\tring\n1\t0 0 1 1\n", "borders.tsv:2"},
		"a word":        {"code\tring\n1\t0 0 1 1 x 2\n", "borders.tsv:2"},
		"half a point":  {"code\tring\n1\t0 0 1 1 2 2 3\n", "borders.tsv:2"},
		"beyond":        {"code\tring\n1\t0 0 1 1 2 999999999\n", "beyond the earth"},
		"twice":         {"code\tring\n1\t0 0 1 1 2 2\n1\t0 0 1 1 2 2\n", "borders.tsv:3"},
		"three columns": {"code\tring\n1\t0 0 1 1 2 2\tx\n", "borders.tsv:2"},
	} {
		fsys := fstest.MapFS{}
		if c.file != "" {
			fsys["units/borders.tsv"] = &fstest.MapFile{Data: []byte(c.file)}
		}
		if _, err := LoadBorders(fsys); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
