package match

import (
	"encoding/json"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"sort"
	"testing"
)

// A list is the candidates of a post, with what is right.
type list struct {
	c     []candidate
	right []bool
	gold  int
	x     [][featureCount]uint8
}

type setting struct {
	trees, leaves int
	rate          float64
	least         float64 // hessian in a leaf
	lambda        float64
	sample        float64
	cols          float64
	bag           int
	mix           float64 // share of pointwise loss
}

const bins = 48

type binner [featureCount][]float64

func makeBins(ls []*list) *binner {
	var b binner
	for f := range featureCount {
		var v []float64
		for _, l := range ls {
			for i := range l.c {
				v = append(v, l.c[i].f[f])
			}
		}
		sort.Float64s(v)
		for k := 1; k < bins; k++ {
			x := v[k*(len(v)-1)/bins]
			if n := len(b[f]); n == 0 || x > b[f][n-1] {
				b[f] = append(b[f], x)
			}
		}
		// the top tail matters most: finer cuts
		for k := 1; k <= 12; k++ {
			x := v[len(v)-1-(len(v)-1)/(bins*(1<<uint(min(k, 5)))*1)]
			if n := len(b[f]); x > b[f][n-1] {
				b[f] = append(b[f], x)
			}
		}
	}
	for _, l := range ls {
		b.bin(l)
	}
	return &b
}

func (b *binner) bin(l *list) {
	l.x = make([][featureCount]uint8, len(l.c))
	for i := range l.c {
		for f := range featureCount {
			l.x[i][f] = uint8(sort.SearchFloat64s(b[f], l.c[i].f[f])) // x <= b[k] goes left
		}
	}
}

type row struct {
	l, i int
	g, h float64
}

// train grows s.bag forests apart and lets them speak together.
func train(ls []*list, s setting, seed uint64) *model {
	m := &model{}
	for k := range s.bag {
		for _, t := range boost(ls, s, seed*100+uint64(k)).Trees {
			for i := range t.Leaf {
				t.Leaf[i] = math.Round(t.Leaf[i]/float64(s.bag)*1e5) / 1e5
			}
			m.Trees = append(m.Trees, t)
		}
	}
	return m
}

func boost(ls []*list, s setting, seed uint64) *model {
	rng := rand.New(rand.NewPCG(seed, 7))
	b := makeBins(ls)
	score := make([][]float64, len(ls))
	for i, l := range ls {
		score[i] = make([]float64, len(l.c))
	}
	m := &model{}
	for range s.trees {
		var rows []row
		for li, l := range ls {
			if rng.Float64() > s.sample || len(l.c) == 0 {
				continue
			}
			mx, sum, n := math.Inf(-1), 0.0, 0
			for i, x := range score[li] {
				mx = math.Max(mx, x)
				if l.right[i] {
					n++
				}
			}
			if n == 0 && s.mix == 0 {
				continue
			}
			for _, x := range score[li] {
				sum += math.Exp(x - mx)
			}
			for i, x := range score[li] {
				y := 0.0
				if l.right[i] {
					y = 1 / float64(n)
				}
				var g, h float64
				if n > 0 {
					p := math.Exp(x-mx) / sum
					g, h = (1-s.mix)*(y-p), (1-s.mix)*math.Max(p*(1-p), 1e-4)
				}
				if s.mix > 0 {
					p := 1 / (1 + math.Exp(-x+3))
					if l.right[i] {
						y = 1
					}
					g += s.mix * (y - p)
					h += s.mix * math.Max(p*(1-p), 1e-4)
				}
				rows = append(rows, row{li, i, g, h})
			}
		}
		var use []int
		for f := range featureCount {
			if rng.Float64() < s.cols {
				use = append(use, f)
			}
		}
		t := grow(ls, rows, b, s, use)
		m.Trees = append(m.Trees, t)
		for li, l := range ls {
			for i := range l.c {
				score[li][i] += t.value(&l.c[i].f)
			}
		}
	}
	return m
}

type leaf struct {
	rows   []row
	gain   float64
	f      int
	cut    int
	g, h   float64
	parent int
	left   bool
}

func (lf *leaf) best(ls []*list, b *binner, s setting, use []int) {
	lf.gain = 0
	for _, r := range lf.rows {
		lf.g += r.g
		lf.h += r.h
	}
	base := lf.g * lf.g / (lf.h + s.lambda)
	for _, f := range use {
		var G, H [256]float64
		for _, r := range lf.rows {
			k := ls[r.l].x[r.i][f]
			G[k] += r.g
			H[k] += r.h
		}
		g, h := 0.0, 0.0
		for k := range b[f] {
			g += G[k]
			h += H[k]
			if h < s.least || lf.h-h < s.least {
				continue
			}
			gain := g*g/(h+s.lambda) + (lf.g-g)*(lf.g-g)/(lf.h-h+s.lambda) - base
			if gain > lf.gain {
				lf.gain, lf.f, lf.cut = gain, f, k
			}
		}
	}
}

func grow(ls []*list, rows []row, b *binner, s setting, use []int) tree {
	var t tree
	root := &leaf{rows: rows, parent: -1}
	root.best(ls, b, s, use)
	open := []*leaf{root}
	for len(open) < s.leaves {
		bi := -1
		for i, l := range open {
			if l.gain > 1e-9 && (bi < 0 || l.gain > open[bi].gain) {
				bi = i
			}
		}
		if bi < 0 {
			break
		}
		l := open[bi]
		n := len(t.Feature)
		t.Feature = append(t.Feature, uint8(l.f))
		t.At = append(t.At, b[l.f][l.cut])
		t.Left, t.Right = append(t.Left, 0), append(t.Right, 0)
		if l.parent >= 0 {
			if l.left {
				t.Left[l.parent] = int8(n)
			} else {
				t.Right[l.parent] = int8(n)
			}
		}
		a, c := &leaf{parent: n, left: true}, &leaf{parent: n}
		for _, r := range l.rows {
			if int(ls[r.l].x[r.i][l.f]) <= l.cut {
				a.rows = append(a.rows, r)
			} else {
				c.rows = append(c.rows, r)
			}
		}
		a.best(ls, b, s, use)
		c.best(ls, b, s, use)
		open[bi] = a
		open = append(open, c)
	}
	for _, l := range open {
		v := s.rate * l.g / (l.h + s.lambda)
		k := len(t.Leaf)
		t.Leaf = append(t.Leaf, math.Round(v*1e4)/1e4)
		if l.parent >= 0 {
			if l.left {
				t.Left[l.parent] = int8(^k)
			} else {
				t.Right[l.parent] = int8(^k)
			}
		}
	}
	return t
}

// measure gives MAP@5 and P@1 of an order.
func measure(ls []*list, score func(l *list, i int) float64) (ap, p1 float64) {
	for _, l := range ls {
		at := make([]int, len(l.c))
		sc := make([]float64, len(l.c))
		for i := range at {
			at[i] = i
			sc[i] = score(l, i)
		}
		slices.SortStableFunc(at, func(a, b int) int {
			if sc[a] > sc[b] {
				return -1
			} else if sc[a] < sc[b] {
				return 1
			}
			return 0
		})
		hits := 0.0
		s := 0.0
		for k, i := range at[:min(5, len(at))] {
			if l.right[i] {
				hits++
				s += hits / float64(k+1)
				if k == 0 {
					p1++
				}
			}
		}
		ap += s / float64(min(l.gold, 5))
	}
	n := float64(len(ls))
	return ap / n, p1 / n
}

func example(l *Library, p post) *list {
	x := &list{c: l.candidates(p.text, nil), gold: len(p.gold)}
	for _, c := range x.c {
		x.right = append(x.right, p.gold[c.id])
	}
	return x
}

var (
	retrain = flag.Bool("train", false, "learn model.json anew from the test set")
	chosen  = setting{bag: 3, trees: 150, leaves: 4, rate: .08, least: 2.5, lambda: 2.5, sample: .65, cols: .4}
)

// folds cuts lists into k parts and gives each part scores of a model that has not seen it.
func folds(ls []*list, k int) (models []*model, of []int) {
	of = make([]int, len(ls))
	for f := range k {
		var a []*list
		for i, l := range ls {
			if of[i] = i * k / len(ls); of[i] != f {
				a = append(a, l)
			}
		}
		models = append(models, train(a, chosen, uint64(f)))
	}
	return models, of
}

// without is a list from which the right claims are gone: nothing in it is right.
func without(t testing.TB, l *Library, p post) *list {
	x := &list{c: l.candidates(p.text, func(id string) bool { return !p.gold[id] })}
	x.right = make([]bool, len(x.c))
	return x
}

// TestTrain learns the model with -train: trees on all posts, the calibration on scores of models that had not seen the post, half
// of the posts once more without their claim in the library.
func TestTrain(t *testing.T) {
	if !*retrain {
		t.Skip("only with -train")
	}
	l := library(t)
	ps := append(posts(t, "train"), posts(t, "dev")...)
	var ls []*list
	for _, p := range ps {
		ls = append(ls, example(l, p))
	}
	models, of := folds(ls, 5)
	ap, p1 := 0.0, 0.0
	var xs [][]float64
	var ys []float64
	for i, x := range ls {
		m := models[of[i]]
		a, p := measure([]*list{x}, func(l *list, i int) float64 { return m.score(&l.c[i].f) })
		ap, p1 = ap+a/float64(len(ls)), p1+p/float64(len(ls))
		for _, y := range []*list{x, without(t, l, ps[i])} {
			m.order(y.c)
			if len(y.c) == 0 {
				t.Fatalf("post %s finds nothing", ps[i].id)
			}
			right := 0.0
			if ps[i].gold[y.c[0].id] {
				right = 1
			}
			xs = append(xs, evidence(y.c, 0))
			ys = append(ys, right)
		}
	}
	t.Logf("unseen posts: MAP@5 %.4f, P@1 %.4f", ap, p1)
	m := train(ls, chosen, 1)
	m.Odds = logistic(xs, ys)
	for _, least := range []float64{.5, .6, .7, .8, .85, .9, .93, .95, .97} {
		var n, r [2]float64
		for i, x := range xs {
			if m.probability(x) >= least {
				n[i%2]++
				r[i%2] += ys[i]
			}
		}
		all := float64(len(xs))
		t.Logf("p >= %.2f: %.4f of all posts, right %.4f; %.4f of those whose claim is there, right %.4f", least, (n[0]+n[1])/all, r[0]/(n[0]+n[1]), n[0]/all*2, r[0]/n[0])
	}
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("model.json", b, 0o644); err != nil {
		t.Fatal(err)
	}
}

func logistic(xs [][]float64, ys []float64) []float64 {
	w := make([]float64, len(xs[0]))
	for range 20000 {
		g := make([]float64, len(w))
		for i, x := range xs {
			z := 0.0
			for j := range w {
				z += w[j] * x[j]
			}
			d := ys[i] - 1/(1+math.Exp(-z))
			for j := range w {
				g[j] += d * x[j]
			}
		}
		for j := range w {
			w[j] += (g[j] - 0.5*w[j]) / float64(len(xs))
		}
	}
	return w
}
