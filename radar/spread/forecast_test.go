package spread

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestForecastLaws: whatever the cascade and the moment.
func TestForecastLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		posts := grown(t)
		at := minutes(rapid.Float64Range(0, 6000).Draw(t, "minutes"))
		c, err := New(posts)
		if err != nil {
			t.Fatal(err)
		}
		var o Forecaster
		f := o.Forecast(c, at)
		reasons := o.Reasons(nil)
		u := c.Until(at)
		if f.Low < u.Len() || f.Low > f.Size || f.Size > f.High {
			t.Fatalf("%d posts by then, forecast %+v", u.Len(), f)
		}
		if !(f.Rumour > 0 && f.Rumour < 1) {
			t.Fatalf("probability %v", f.Rumour)
		}
		if len(reasons) > MaxReasons || !slices.IsSortedFunc(reasons, func(a, b Reason) int { return int(math.Copysign(1, b.Odds-a.Odds)) }) {
			t.Fatalf("reasons %+v", reasons)
		}
		for _, r := range reasons {
			if r.Odds <= 1 || r.Value < 0 || math.IsNaN(r.Value) || math.IsInf(r.Value, 0) {
				t.Fatalf("reason %+v", r)
			}
		}
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 2))
		rng.Shuffle(len(posts), func(i, j int) { posts[i], posts[j] = posts[j], posts[i] })
		shuffled, err := New(posts)
		if err != nil {
			t.Fatal(err)
		}
		if g := o.Forecast(shuffled, at); g != f {
			t.Fatalf("in another order %+v, not %+v", g, f)
		}
		early := slices.DeleteFunc(slices.Clone(posts), func(p Post[int]) bool { return p.At > at })
		without, err := New(early)
		if err != nil {
			t.Fatal(err)
		}
		if g := o.Forecast(without, at); g != f {
			t.Fatalf("without what came later %+v, not %+v", g, f)
		}
	})
}

// burst is a cascade of n posts that came at even steps within some minutes, all repeating the first.
func burst(n int, within float64) *Cascade {
	posts := []Post[int]{{First: true}}
	for i := 1; i < n; i++ {
		posts = append(posts, Post[int]{ID: i, At: minutes(within * float64(i) / float64(n))})
	}
	c, err := New(posts)
	if err != nil {
		panic(err)
	}
	return c
}

// TestForecastMakesSense: what a person would say of two cascades side by side.
func TestForecastMakesSense(t *testing.T) {
	var o Forecaster
	growth := func(c *Cascade, at float64) float64 {
		u := c.Until(minutes(at))
		return float64(o.Forecast(c, minutes(at)).Size) / float64(u.Len())
	}
	if live, dead := growth(burst(300, 60), 60), growth(burst(300, 15), 60); live <= dead {
		t.Errorf("one that goes on grows %.2f times, one that has stopped %.2f times", live, dead)
	}
	if soon, late := growth(burst(300, 30), 30), growth(burst(300, 240), 240); soon <= late {
		t.Errorf("after half an hour %.2f times, after four hours %.2f times", soon, late)
	}
	// few posts: the interval says that little is known
	few := o.Forecast(burst(3, 10), 10*time.Minute)
	if few.High < 100*few.Low/3 {
		t.Errorf("three posts after ten minutes: %+v", few)
	}
}

// TestShippedModel: the model fits the program that reads it.
func TestShippedModel(t *testing.T) {
	m := shipped()
	if m.Features != featureCount || len(m.Cuts) != featureCount || len(m.Rumour.Add) != featureCount {
		t.Fatalf("learned with %d features, the program has %d: go generate ./radar/spread", m.Features, featureCount)
	}
	for f, cuts := range m.Cuts {
		if !slices.IsSorted(cuts) || len(cuts) > 255 {
			t.Errorf("feature %d: cuts %v", f, cuts)
		}
		if add := m.Rumour.Add[f]; len(add) != 0 && len(add) != len(cuts)+1 {
			t.Errorf("feature %d: %d steps for %d cuts", f, len(add), len(cuts))
		}
		told := f == fTime || slices.ContainsFunc(kinds[:], func(k kindOf) bool { return slices.Contains(k.features, f) })
		if len(m.Rumour.Add[f]) > 0 && !told {
			t.Errorf("feature %d speaks for a rumour and no reason tells of it", f)
		}
	}
	for name, o := range map[string]forest{"size": m.Size, "low": m.Low, "high": m.High} {
		for i := range o.Trees {
			checkTree(t, name, &o.Trees[i])
		}
	}
	if len(m.Wider) != len(timeBands)+1 || len(m.Wider[0]) != len(sizeBands)+1 {
		t.Errorf("wider %v", m.Wider)
	}
}

// checkTree sees that every way through a tree ends in a leaf.
func checkTree(t *testing.T, name string, tr *tree) {
	n := len(tr.F)
	if len(tr.C) != n || len(tr.L) != n || len(tr.R) != n || len(tr.V) != n+1 {
		t.Fatalf("%s: a tree of %d, %d, %d, %d, %d", name, n, len(tr.C), len(tr.L), len(tr.R), len(tr.V))
	}
	for i := range n {
		if tr.F[i] >= featureCount {
			t.Fatalf("%s: feature %d", name, tr.F[i])
		}
		for _, to := range []int8{tr.L[i], tr.R[i]} {
			if to >= 0 && (int(to) <= i || int(to) >= n) || to < 0 && int(^to) > n {
				t.Fatalf("%s: node %d leads to %d", name, i, to)
			}
		}
	}
}

// TestPublic holds the shipped model to the public cascades. Most of them were learned from, so that this shows that the files fit together
// and not how good it is; docs/bench.md has figures for cascades that were not.
func TestPublic(t *testing.T) {
	all := public(t)
	var o Forecaster
	for _, c := range []struct{ minutes, error float64 }{{30, 0.25}, {60, 0.21}, {100, 0.18}} {
		var s score
		for _, k := range all {
			f := o.Forecast(&k.Cascade, minutes(c.minutes))
			u := k.Until(minutes(c.minutes))
			r := row{n: float64(u.Len()), y: math.Log(float64(k.Len()))}
			if k.rumour {
				r.rumour = 1
			}
			s.add(&r, guess{size: math.Log(float64(f.Size)), low: math.Log(float64(f.Low)), high: math.Log(float64(f.High))}, f.Rumour)
		}
		_, off := s.fair()
		if s.error/s.n > c.error || s.inside/s.n < 0.77 || off > 0.05 || auc(s.p, s.y) <= auc(s.size, s.y) {
			t.Errorf("%v minutes: %s", c.minutes, s.String())
		}
	}
}

func TestForecastDoesNotAllocate(t *testing.T) {
	c := burst(300, 60)
	var o Forecaster
	var reasons []Reason
	work := func() {
		o.Forecast(c, time.Hour)
		reasons = o.Reasons(reasons[:0])
	}
	work()
	if n := testing.AllocsPerRun(100, work); n > 0 {
		t.Errorf("%v allocations a forecast", n)
	}
}

func BenchmarkForecast(b *testing.B) {
	all := public(b)
	var o Forecaster
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		o.Forecast(&all[i%len(all)].Cascade, time.Hour)
	}
}
