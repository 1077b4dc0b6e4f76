package spread

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"testing"
	"time"
)

// A known is a cascade of the public set: whole, and what it turned out to be.
type known struct {
	Cascade
	id     string
	rumour bool
	when   time.Time
}

// public reads a public set that is not part of the repository; tests that need it are skipped without.
func public(t testing.TB) []*known {
	f, err := os.Open("../../../shared/data/cascades/cascades.jsonl.gz")
	if err != nil {
		t.Skip("the public cascades are not here: ", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 64<<20)
	var all []*known
	for sc.Scan() {
		var l struct {
			ID, Label string
			Time      time.Time
			Events    []struct {
				T      float64
				Node   int
				Parent *int
			}
		}
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		posts := make([]Post[int], len(l.Events))
		for i, e := range l.Events {
			posts[i] = Post[int]{ID: e.Node, First: e.Parent == nil, At: minutes(e.T)}
			if e.Parent != nil {
				posts[i].Parent = *e.Parent
			}
		}
		c, err := New(posts)
		if err != nil {
			t.Fatalf("%s: %v", l.ID, err)
		}
		all = append(all, &known{*c, l.ID, l.Label != "non-rumor", l.Time})
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func minutes(m float64) time.Duration { return time.Duration(math.Round(m * float64(time.Minute))) }
