package index

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// scan is the index's meaning in the plainest form: every document is scored by every term.
type scan struct {
	x    *Index
	ids  []string // in the order of their last Put
	docs map[string][]Term
	lens map[string]float64
}

func (s *scan) search(terms []QueryTerm, k int) []Hit {
	total := 0.0
	for _, id := range s.ids {
		total += float64(float32(s.lens[id]))
	}
	avg := math.Max(1, total/math.Max(1, float64(len(s.ids))))
	count := func(id string, key uint64) map[uint8]float64 {
		m := map[uint8]float64{}
		for _, t := range s.docs[id] {
			if t.Key == key {
				m[t.Variant] += t.Count
			}
		}
		return m
	}
	var hits []Hit
	for _, id := range s.ids {
		score := 0.0
		for _, q := range terms {
			share := func(v uint8) float64 {
				if q.Any {
					return 1
				}
				return float64(float32(s.x.nearness(q.Variant, v)))
			}
			n, df := 0.0, 0.0
			for _, other := range s.ids {
				for v := range count(other, q.Key) {
					n++
					df += share(v)
				}
			}
			if n == 0 {
				continue
			}
			if !q.Any {
				df = math.Max(1, df)
			}
			tf := 0.0
			for v, c := range count(id, q.Key) {
				tf += float64(countCode(c)) * share(v)
			}
			tf = math.Min(tf, 255) / 4
			w := q.Weight
			if w == 0 {
				w = 1
			}
			k1, b := s.x.opt.K1, s.x.opt.B
			l := lengths[lengthCode(s.lens[id])]
			score += w * idf(df, float64(len(s.ids))) * tf * (k1 + 1) / (tf + k1*(1-b+b*l/avg))
		}
		if score > 0 {
			hits = append(hits, Hit{id, score})
		}
	}
	slices.SortStableFunc(hits, func(a, b Hit) int {
		if a.Score > b.Score {
			return -1
		} else if a.Score < b.Score {
			return 1
		}
		return 0
	})
	return hits[:min(k, len(hits))]
}

func same(a, b []Hit) error {
	if len(a) != len(b) {
		return fmt.Errorf("%d hits, want %d: %v, want %v", len(a), len(b), a, b)
	}
	for i := range a {
		if math.Abs(a[i].Score-b[i].Score) > 1e-4*(1+b[i].Score) {
			return fmt.Errorf("hit %d is %v, want %v", i, a[i], b[i])
		}
		near := func(j int) bool {
			return j >= 0 && j < len(b) && math.Abs(b[j].Score-b[i].Score) <= 1e-4*(1+b[i].Score)
		}
		if a[i].ID != b[i].ID && !near(i-1) && !near(i+1) && i < len(a)-1 {
			return fmt.Errorf("hit %d is %v, want %v", i, a[i], b[i])
		}
	}
	return nil
}

// After any changes a compacted index finds what a scan of the documents finds, by either way of walking.
func TestIndexIsAScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := New(Options{})
		s := &scan{x: x, docs: map[string][]Term{}, lens: map[string]float64{}}
		term := rapid.Custom(func(t *rapid.T) Term {
			k := rapid.IntRange(1, 40).Draw(t, "key")
			return Term{Key: uint64(k * k % 41), Variant: uint8(rapid.SampledFrom([]int{0, 1, 8, 9, 200}).Draw(t, "variant")), Count: float64(rapid.IntRange(1, 5).Draw(t, "count"))}
		})
		for range rapid.IntRange(1, 300).Draw(t, "changes") {
			id := fmt.Sprint(rapid.IntRange(0, 150).Draw(t, "id"))
			if i := slices.Index(s.ids, id); i >= 0 {
				s.ids = slices.Delete(s.ids, i, i+1)
			}
			if rapid.IntRange(0, 4).Draw(t, "delete") == 0 {
				x.Delete(id)
				continue
			}
			terms := rapid.SliceOfN(term, 0, 12).Draw(t, "terms")
			s.docs[id], s.lens[id] = terms, 0
			for _, m := range terms {
				s.lens[id] += m.Count
			}
			s.ids = append(s.ids, id)
			x.PutTerms(id, 0, terms)
		}
		x.Compact()
		if x.Len() != len(s.ids) {
			t.Fatalf("%d documents, want %d", x.Len(), len(s.ids))
		}
		for range 5 {
			var q []QueryTerm
			seen := map[uint64]bool{}
			for range rapid.IntRange(1, 6).Draw(t, "length") {
				m := term.Draw(t, "term")
				if !seen[m.Key] {
					seen[m.Key] = true
					q = append(q, QueryTerm{Key: m.Key, Variant: m.Variant, Any: rapid.Bool().Draw(t, "any"), Weight: float64(rapid.IntRange(1, 3).Draw(t, "weight"))})
				}
			}
			k := rapid.IntRange(1, 10).Draw(t, "k")
			want := s.search(q, k)
			if err := same(x.SearchTerms(Search{Terms: q, Top: k}), want); err != nil {
				t.Fatal("by document:", err)
			}
			if err := same(x.SearchTerms(Search{Terms: q, Top: k, Budget: 1 << 30}), want); err != nil {
				t.Fatal("by term:", err)
			}
		}
	})
}

// Both ways agree on lists of many blocks, before and after compaction.
func TestLongLists(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	x := New(Options{})
	for d := range 30000 {
		terms := make([]Term, 12)
		for i := range terms {
			terms[i] = Term{Key: 1 + uint64(rng.ExpFloat64()*30), Variant: uint8(rng.IntN(3)), Count: float64(1 + rng.IntN(3))}
		}
		x.PutTerms(fmt.Sprint(d%20000), 0, terms)
	}
	for range 2 {
		for range 200 {
			var q []QueryTerm
			for k := uint64(1); len(q) < 5; k += 1 + uint64(rng.IntN(40)) {
				q = append(q, QueryTerm{Key: k, Variant: uint8(rng.IntN(2)), Any: rng.IntN(2) == 0})
			}
			a := x.SearchTerms(Search{Terms: q, Top: 10})
			b := x.SearchTerms(Search{Terms: q, Top: 10, Budget: 1 << 30})
			if err := same(a, b); err != nil {
				t.Fatal(err)
			}
		}
		x.Compact()
	}
}

// A search sees whole documents only, the old or the new of a pair that is replaced, and never both or none.
func TestSearchWhileWriting(t *testing.T) {
	x := New(Options{})
	const key, ids = 7, 64
	put := func(i, v int) {
		x.PutTerms(fmt.Sprint(i), 1, []Term{{Key: key, Count: 1}, {Key: uint64(100 + v), Count: 1}})
	}
	for i := range ids {
		put(i, 0)
	}
	var wg sync.WaitGroup
	stop := make(chan struct{})
	wg.Go(func() {
		defer close(stop)
		for v := 1; v < 100; v++ {
			for i := range ids {
				put(i, v)
			}
		}
	})
	for range 2 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				hits := x.SearchTerms(Search{Terms: []QueryTerm{{Key: key}}, Top: 2 * ids})
				seen := map[string]bool{}
				for _, h := range hits {
					seen[h.ID] = true
				}
				if len(hits) != ids || len(seen) != ids {
					t.Errorf("%d hits of %d documents, want %d", len(hits), len(seen), ids)
					return
				}
			}
		})
	}
	wg.Wait()
}
