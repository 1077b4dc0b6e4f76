package spread

import (
	"encoding/json"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"
)

var retrain = flag.Bool("train", false, "learn model.json anew from the public cascades")

// moments are the minutes at which cascades are looked at while learning.
func moments() (list []float64) {
	for m := 4.0; m < 4500; m *= math.Sqrt2 {
		list = append(list, m)
	}
	return list
}

var (
	spine   = []int{fTime, fSize}
	growing = setting{loss: relative, trees: 150, leaves: 24, rate: 0.08, least: 20, lambda: 30, sample: 0.3, cols: 0.3, always: spine}
	lowEnd  = setting{loss: quantile, q: 0.10, trees: 150, leaves: 8, rate: 0.08, least: 40, lambda: 30, sample: 0.3, cols: 0.3, always: spine}
	highEnd = setting{loss: quantile, q: 0.90, trees: 150, leaves: 8, rate: 0.08, least: 40, lambda: 30, sample: 0.3, cols: 0.3, always: spine}
	telling = setting{loss: surprise, trees: 400, leaves: 2, rate: 0.1, least: 40, lambda: 10, sample: 0.3, cols: 0.4, always: []int{fTime}}
)

func init() {
	for _, k := range kinds {
		telling.only = append(telling.only, k.features...)
	}
}

// look gives the rows of cascades at each moment.
func look(all []*known, at []float64) (rows []row) {
	var r reader
	for k, c := range all {
		for _, m := range at {
			u := c.Until(minutes(m))
			w := row{k: k, f: r.read(&u, m), minutes: m, n: float64(u.Len()), y: math.Log(float64(c.Len()) / float64(u.Len()))}
			w.weight = min(1, 0.3+w.n/15)
			if c.rumour {
				w.rumour = 1
			}
			rows = append(rows, w)
		}
	}
	return rows
}

// guess is what the forests say of a row.
type guess struct{ size, low, high, rumour float64 }

func (m *model) guess(r *row) guess {
	b := m.bin(&r.f)
	return guess{m.Size.value(&b), m.Low.value(&b), m.High.value(&b), m.Rumour.value(&b)}
}

// forests learns all four.
func forests(rows []row, seed uint64) *model {
	m := &model{Version: 1, Features: featureCount, Cuts: cut(rows)}
	for i := range rows {
		rows[i].x = m.bin(&rows[i].f)
	}
	m.Size = together(rows, m.Cuts, growing, seed, 3)
	m.Low = learn(rows, m.Cuts, lowEnd, seed+1)
	m.High = learn(rows, m.Cuts, highEnd, seed+2)
	m.Rumour = flatten(learn(rows, m.Cuts, telling, seed+3), rows, m.Cuts)
	return m
}

// together grows forests apart and lets them speak as one.
func together(rows []row, cuts [][]float64, s setting, seed uint64, n int) (o forest) {
	for i := range n {
		one := learn(rows, cuts, s, seed*10+uint64(i))
		o.Base += one.Base / float64(n)
		for _, t := range one.Trees {
			for k := range t.V {
				t.V[k] = int32(math.Round(float64(t.V[k]) / float64(n)))
			}
			o.Trees = append(o.Trees, t)
		}
	}
	return o
}

// unseen gives each row the guess of forests that have not seen its cascade. fold says in which part each cascade is.
func unseen(rows []row, fold []int, seed uint64) []guess {
	out := make([]guess, len(rows))
	room := make(chan struct{}, 2)
	var wait sync.WaitGroup
	for k := range slices.Max(fold) + 1 {
		wait.Add(1)
		room <- struct{}{}
		go func() {
			defer func() { <-room; wait.Done() }()
			var seen []row
			for i := range rows {
				if fold[rows[i].k] != k {
					seen = append(seen, rows[i])
				}
			}
			m := forests(seen, seed+uint64(k)*100)
			for i := range rows {
				if fold[rows[i].k] == k {
					out[i] = m.guess(&rows[i])
				}
			}
		}()
	}
	wait.Wait()
	return out
}

// deal puts n cascades into parts by chance.
func deal(n, parts int, seed uint64) []int {
	fold := make([]int, n)
	for i, k := range rand.New(rand.NewPCG(seed, 3)).Perm(n) {
		fold[k] = i % parts
	}
	return fold
}

// widen gives for each band how far the ends must go for four of five to lie within (Romano, Patterson, Candès 2019). A band of few is
// drawn towards all.
func widen(rows []row, g []guess, use func(k int) bool) [][]float64 {
	miss := make([][][]float64, len(timeBands)+1)
	for t := range miss {
		miss[t] = make([][]float64, len(sizeBands)+1)
	}
	var all []float64
	for i := range rows {
		r := &rows[i]
		if !use(r.k) {
			continue
		}
		e := max(g[i].low-r.y, r.y-g[i].high)
		t, s := band(timeBands[:], r.minutes), band(sizeBands[:], r.n)
		miss[t][s] = append(miss[t][s], e)
		all = append(all, e)
	}
	fifth := func(v []float64) float64 {
		slices.Sort(v)
		return v[min(len(v)-1, int(math.Ceil(0.8*float64(len(v)+1)))-1)]
	}
	usual := fifth(all)
	out := make([][]float64, len(miss))
	for t := range miss {
		for _, v := range miss[t] {
			w := usual
			if n := float64(len(v)); n > 0 {
				w += (fifth(v) - usual) * n / (n + 40)
			}
			out[t] = append(out[t], math.Round(w*1e4)/1e4)
		}
	}
	return out
}

// platt fits an intercept and a slope of log odds by Newton's method; each pulls a little to 0 and 1.
func platt(x, y []float64) (ab [2]float64) {
	ab = [2]float64{0, 1}
	for range 50 {
		g0, g1, h00, h01, h11 := -ab[0], 1-ab[1], 1.0, 0.0, 1.0
		for i, v := range x {
			p := logistic(ab[0] + ab[1]*v)
			d, w := y[i]-p, p*(1-p)
			g0, g1 = g0+d, g1+d*v
			h00, h01, h11 = h00+w, h01+w*v, h11+w*v*v
		}
		det := h00*h11 - h01*h01
		ab[0] += (h11*g0 - h01*g1) / det
		ab[1] += (h00*g1 - h01*g0) / det
	}
	return [2]float64{math.Round(ab[0]*1e4) / 1e4, math.Round(ab[1]*1e4) / 1e4}
}

func odds(rows []row, g []guess, use func(k int) bool) [2]float64 {
	var x, y []float64
	for i := range rows {
		if use(rows[i].k) {
			x, y = append(x, g[i].rumour), append(y, rows[i].rumour)
		}
	}
	return platt(x, y)
}

// report tells how guesses for unseen cascades do at the moments that people ask for. Intervals and probabilities of one half of the
// cascades are set right on the other half.
func report(t *testing.T, name string, rows []row, g []guess, at []float64) {
	halves := [2]*model{}
	for h := range halves {
		other := func(k int) bool { return k%2 != h }
		halves[h] = &model{Wider: widen(rows, g, other), Odds: odds(rows, g, other)}
	}
	for _, m := range at {
		var s score
		for i := range rows {
			if r := &rows[i]; math.Abs(r.minutes/m-1) < 1e-6 {
				h := halves[r.k%2]
				s.add(r, h.bounds(g[i], r), logistic(h.Odds[0]+h.Odds[1]*g[i].rumour))
			}
		}
		t.Logf("%s, %4.0f min: %s", name, m, s.String())
	}
}

// later learns from what was before a day, as one could have done then, and reports on what came from it on.
func later(t *testing.T, all []*known, day string, ask []float64) {
	cut, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	var before, after []*known
	for _, c := range all {
		if c.when.Before(cut) {
			before = append(before, c)
		} else {
			after = append(after, c)
		}
	}
	rows := look(before, moments())
	g := unseen(rows, deal(len(before), 5, 1), 900)
	every := func(int) bool { return true }
	m := forests(rows, 901)
	m.Wider, m.Odds = widen(rows, g, every), odds(rows, g, every)
	asked := look(after, ask)
	for _, at := range ask {
		var s score
		for i := range asked {
			if r := &asked[i]; r.minutes == at {
				g := m.guess(r)
				s.add(r, m.bounds(g, r), logistic(m.Odds[0]+m.Odds[1]*g.rumour))
			}
		}
		t.Logf("from %s on (%d after %d), %4.0f min: %s", day, len(after), len(before), at, s.String())
	}
}

// bounds is growth for a guess that is there already.
func (m *model) bounds(g guess, r *row) guess {
	w := m.Wider[band(timeBands[:], r.minutes)][band(sizeBands[:], r.n)]
	mid, low := max(0, g.size), max(0, g.low-w)
	high := max(low, g.high+w)
	return guess{size: mid, low: min(low, mid), high: max(high, mid)}
}

// TestTrain learns the model with -train, and tells how forests do on cascades that they have not seen.
func TestTrain(t *testing.T) {
	if !*retrain {
		t.Skip("only with -train")
	}
	all := public(t)
	ask := []float64{15, 30, 60, 120}
	rows := look(all, append(moments(), ask...))
	g := unseen(rows, deal(len(all), 10, 0), 0)
	report(t, "unseen, deal 1", rows, g, ask)
	learned := look(all, moments())
	m := forests(learned, 7)
	every := func(int) bool { return true }
	m.Wider, m.Odds = widen(rows, g, every), odds(rows, g, every)
	t.Logf("odds %v, wider %v", m.Odds, m.Wider)
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("model.json", append(b, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, day := range []string{"2015-02-01", "2016-01-20", "2016-01-31"} {
		later(t, all, day, ask)
	}
	blocks := make([]int, len(all))
	for k, c := range all {
		blocks[k] = int(c.when.Unix()/(3*24*3600)) % 10 // three days in a row, and mostly an event, stay together
	}
	report(t, "unseen, three days kept together", rows, unseen(rows, blocks, 77), ask)
	report(t, "unseen, deal 2", rows, unseen(rows, deal(len(all), 10, 1), 10000), ask)
}

// flatten makes one step function a feature of trees that ask one question each, and moves its middle to 0.
func flatten(o forest, rows []row, cuts [][]float64) steps {
	s := steps{Base: o.Base, Add: make([][]int32, featureCount)}
	for i := range o.Trees {
		t := &o.Trees[i]
		if len(t.F) == 0 {
			s.Base += float64(t.V[0]) * leafUnit
			continue
		}
		f := t.F[0]
		if s.Add[f] == nil {
			s.Add[f] = make([]int32, len(cuts[f])+1)
		}
		for b := range s.Add[f] {
			var at binned
			at[f] = uint8(b)
			s.Add[f][b] += int32(math.Round(t.value(&at) / leafUnit))
		}
	}
	for f, add := range s.Add {
		if add == nil {
			continue
		}
		v, w := make([]float64, len(rows)), make([]float64, len(rows))
		for i := range rows {
			v[i], w[i] = float64(add[rows[i].x[f]]), 1
		}
		middle := weighted(v, w, 0.5)
		for b := range add {
			add[b] -= int32(middle)
		}
		s.Base += middle * leafUnit
	}
	s.Base = math.Round(s.Base*1e4) / 1e4
	return s
}
