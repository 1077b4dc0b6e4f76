package spread

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"
)

// A row is a cascade as it was at a moment, with what became of it.
type row struct {
	k       int // which cascade
	x       binned
	f       features
	minutes float64
	n       float64 // posts by then
	y       float64 // log of how many times as large it became
	rumour  float64 // 1 or 0
	weight  float64
}

// A setting says how a forest is grown.
type setting struct {
	loss   loss
	trees  int
	leaves int
	rate   float64
	least  int     // rows in a leaf
	lambda float64 // rows without a wish of their own in each leaf
	sample float64 // share of rows for a tree
	cols   float64 // share of features for a tree
	always []int   // features that every tree may use
	only   []int   // nil: all
	q      float64 // of quantile
}

// loss is what a forest makes small.
type loss int

const (
	relative loss = iota // |forecast - size| / size
	quantile             // pinball loss of the growth over the growth: of the log, weighted by one part in the growth
	surprise             // minus log likelihood of rumour or not
)

// most is into how many parts the values of a feature are cut.
const most = 64

// cut finds the places at which trees may ask, of five figures each.
func cut(rows []row) [][]float64 {
	cuts := make([][]float64, featureCount)
	v := make([]float64, len(rows))
	for f := range featureCount {
		for i := range rows {
			v[i] = rows[i].f[f]
		}
		sort.Float64s(v)
		for k := 1; k < most; k++ {
			c := figures(v[k*(len(v)-1)/most], 5)
			if n := len(cuts[f]); n == 0 || c > cuts[f][n-1] {
				cuts[f] = append(cuts[f], c)
			}
		}
	}
	return cuts
}

func figures(x float64, n int) float64 {
	if x == 0 {
		return 0
	}
	unit := math.Pow(10, float64(n-1)-math.Floor(math.Log10(math.Abs(x))))
	return math.Round(x*unit) / unit
}

// weighted gives the q-quantile of values with weights.
func weighted(v, w []float64, q float64) float64 {
	order := make([]int, len(v))
	all := 0.0
	for i := range order {
		order[i] = i
		all += w[i]
	}
	slices.SortFunc(order, func(a, b int) int {
		if v[a] < v[b] {
			return -1
		} else if v[a] > v[b] {
			return 1
		}
		return a - b
	})
	sum := 0.0
	for _, i := range order {
		if sum += w[i]; sum >= q*all {
			return v[i]
		}
	}
	return v[order[len(order)-1]]
}

// best gives the constant that the loss likes best for what is left to explain.
func (s *setting) best(rows []row, at []int, score []float64) float64 {
	v, w := make([]float64, len(at)), make([]float64, len(at))
	for j, i := range at {
		v[j], w[j] = rows[i].y-score[i], rows[i].weight
		if s.loss == relative { // |e^(f-y) - 1|: a median of what is left, weighted by one part in its growth
			w[j] *= math.Exp(-v[j])
		}
	}
	if s.loss == relative {
		return weighted(v, w, 0.5)
	}
	for j, i := range at {
		w[j] *= math.Exp(-rows[i].y)
	}
	return weighted(v, w, s.q)
}

// pull gives the direction in which a row wants its score to go, and how firmly.
func (s *setting) pull(r *row, score float64) (g, h float64) {
	left := score - r.y
	switch s.loss {
	case relative:
		e := min(3, math.Exp(left))
		return -math.Tanh(left/0.15) * e, e
	case quantile:
		w := math.Exp(-r.y)
		if left > 0 {
			return (s.q - 1) * w, w
		}
		return s.q * w, w
	default:
		p := logistic(score)
		return r.rumour - p, p * (1 - p)
	}
}

// learn grows a forest by gradient boosting. Leaves of the first two losses hold their best constant (Friedman 2001).
func learn(rows []row, cuts [][]float64, s setting, seed uint64) forest {
	rng := rand.New(rand.NewPCG(seed, 11))
	score := make([]float64, len(rows))
	every := make([]int, len(rows))
	for i := range every {
		every[i] = i
	}
	var o forest
	if s.loss != surprise {
		o.Base = s.best(rows, every, score)
	} else {
		n, sum := 0.0, 0.0
		for i := range rows {
			n, sum = n+rows[i].weight, sum+rows[i].weight*rows[i].rumour
		}
		o.Base = math.Log((sum + 1) / (n - sum + 1))
	}
	o.Base = math.Round(o.Base*1e4) / 1e4
	for i := range score {
		score[i] = o.Base
	}
	g, h := make([]float64, len(rows)), make([]float64, len(rows))
	for range s.trees {
		var at []int
		for i := range rows {
			if rng.Float64() >= s.sample {
				continue
			}
			at = append(at, i)
			g[i], h[i] = s.pull(&rows[i], score[i])
			g[i] *= rows[i].weight
			h[i] *= rows[i].weight
		}
		t, leaves := s.grow(rows, at, g, h, cuts, s.features(rng))
		for k, l := range leaves {
			v := l.g / (l.h + s.lambda)
			if s.loss != surprise {
				v = s.best(rows, l.at, score) * float64(len(l.at)) / (float64(len(l.at)) + s.lambda)
			}
			t.V[k] = int32(math.Round(v * s.rate / leafUnit))
		}
		for i := range rows {
			score[i] += t.value(&rows[i].x)
		}
		o.Trees = append(o.Trees, t)
	}
	return o
}

// features deals out those that a tree may use.
func (s *setting) features(rng *rand.Rand) (use []int) {
	use = append(use, s.always...)
	from := s.only
	if from == nil {
		for f := range featureCount {
			from = append(from, f)
		}
	}
	for _, f := range from {
		if rng.Float64() < s.cols && !slices.Contains(s.always, f) {
			use = append(use, f)
		}
	}
	return use
}

type leaf struct {
	at     []int
	g, h   float64
	gain   float64 // of the best cut
	f, cut int
	parent int
	left   bool
}

// seek finds a leaf's best cut.
func (s *setting) seek(l *leaf, rows []row, g, h []float64, cuts [][]float64, use []int) {
	for _, i := range l.at {
		l.g += g[i]
		l.h += h[i]
	}
	base := l.g * l.g / (l.h + s.lambda)
	for _, f := range use {
		var bg, bh [most]float64
		var bn [most]int
		for _, i := range l.at {
			b := rows[i].x[f]
			bg[b] += g[i]
			bh[b] += h[i]
			bn[b]++
		}
		lg, lh, n := 0.0, 0.0, 0
		for c := range cuts[f] {
			lg, lh, n = lg+bg[c], lh+bh[c], n+bn[c]
			if n < s.least || len(l.at)-n < s.least {
				continue
			}
			gain := lg*lg/(lh+s.lambda) + (l.g-lg)*(l.g-lg)/(l.h-lh+s.lambda) - base
			if gain > l.gain {
				l.gain, l.f, l.cut = gain, f, c
			}
		}
	}
}

// grow cuts the leaf that gains most until there are enough.
func (s *setting) grow(rows []row, at []int, g, h []float64, cuts [][]float64, use []int) (t tree, open []*leaf) {
	first := &leaf{at: at, parent: -1}
	s.seek(first, rows, g, h, cuts, use)
	open = append(open, first)
	for len(open) < s.leaves {
		best := -1
		for i, l := range open {
			if l.gain > 1e-9 && (best < 0 || l.gain > open[best].gain) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		l := open[best]
		n := len(t.F)
		t.F, t.C = append(t.F, uint8(l.f)), append(t.C, uint8(l.cut))
		t.L, t.R = append(t.L, 0), append(t.R, 0)
		t.link(l, int8(n))
		a, b := &leaf{parent: n, left: true}, &leaf{parent: n}
		for _, i := range l.at {
			if int(rows[i].x[l.f]) <= l.cut {
				a.at = append(a.at, i)
			} else {
				b.at = append(b.at, i)
			}
		}
		s.seek(a, rows, g, h, cuts, use)
		s.seek(b, rows, g, h, cuts, use)
		open[best] = a
		open = append(open, b)
	}
	t.V = make([]int32, len(open))
	for k, l := range open {
		t.link(l, int8(^k))
	}
	return t, open
}

func (t *tree) link(l *leaf, to int8) {
	switch {
	case l.parent < 0:
	case l.left:
		t.L[l.parent] = to
	default:
		t.R[l.parent] = to
	}
}
