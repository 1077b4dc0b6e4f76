package cluster

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
	"time"
)

// data holds public test sets that are not part of the repository; tests that need them are skipped without.
const data = "../../../shared/data/"

func eachLine[T any](tb testing.TB, file string, f func(T)) {
	fh, err := os.Open(file)
	if err != nil {
		tb.Skip(err)
	}
	defer fh.Close()
	sc := bufio.NewScanner(fh)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		var v T
		if err := json.Unmarshal(sc.Bytes(), &v); err != nil {
			tb.Fatal(err)
		}
		f(v)
	}
}

type line struct {
	ID, Lang, Source, Title, Text, Story string
	Time                                 time.Time
}

func (l line) mention() Mention {
	return Mention{ID: l.ID, Time: l.Time, Lang: l.Lang, Source: l.Source, Title: l.Title, Text: l.Text}
}

func public(tb testing.TB) (ms []Mention, gold map[string]string) {
	eachLine(tb, data+"vi-clusters/mentions.jsonl", func(l line) { ms = append(ms, l.mention()) })
	gold = map[string]string{}
	eachLine(tb, data+"vi-clusters/gold.jsonl", func(l line) { gold[l.ID] = l.Story })
	return ms, gold
}

// bcubed is the B-cubed F1 (Amigo et al. 2009).
func bcubed(found map[string]uint64, gold map[string]string) (p, r, f float64) {
	type cell struct {
		g string
		s uint64
	}
	both, g, s := map[cell]float64{}, map[string]float64{}, map[uint64]float64{}
	for id, story := range gold {
		both[cell{story, found[id]}]++
		g[story]++
		s[found[id]]++
	}
	n := float64(len(gold))
	for c, k := range both {
		p += k * k / s[c.s] / n
		r += k * k / g[c.g] / n
	}
	return p, r, 2 * p * r / (p + r)
}

func TestPublicStories(t *testing.T) {
	ms, gold := public(t)
	for _, th := range []float64{.06, .07, .08, .09, .1, .11, .12, .14} {
		c := New(Options{Threshold: th})
		found := map[string]uint64{}
		for _, m := range ms {
			found[m.ID] = c.Add(m).Story
		}
		p, r, f := bcubed(found, gold)
		t.Logf("%.2f B-cubed precision %.4f, recall %.4f, F1 %.4f", th, p, r, f)
	}
}

