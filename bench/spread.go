package main

import (
	"fmt"
	"math"
	"sort"
	"time"

	cascade "khue/radar/spread"
)

func spreadBenchmarks() (list []benchmark) {
	for _, minutes := range []float64{30, 60} {
		good := map[float64]float64{30: 0.26, 60: 0.22}[minutes]
		list = append(list, benchmark{
			name: fmt.Sprintf("forecast/%.0f min", minutes),
			peer: "six-feature fit",
			figures: []figure{
				{"MAPE", "", atMost(good)},
				{"covered", "", told},
				{"width", "of the size", timesAtMost(1)},
				{"interval score", "", timesAtMost(1)},
				{"rate", "1/s", told},
			},
			prepare: func(s *stage) (ours, peer func() (figures, error), err error) {
				list, err := toldCascades(s, minutes)
				return forecasts(list, minutes), fits(list), err
			},
		}, benchmark{
			name:    fmt.Sprintf("forecast/%.0f min", minutes),
			peer:    "best constant factor",
			figures: []figure{{"MAPE", "", told}},
			prepare: func(s *stage) (ours, peer func() (figures, error), err error) {
				list, err := toldCascades(s, minutes)
				return forecasts(list, minutes), factors(list), err
			},
		})
	}
	return list
}

// toldCascade is a cascade whole, and in numbers that a simple fit would look at.
type toldCascade struct {
	*cascade.Cascade
	now, size float64
	x         []float64
}

// toldCascades are the public cascades with at least ten posts by then.
func toldCascades(s *stage, minutes float64) (list []toldCascade, err error) {
	moment := time.Duration(minutes * float64(time.Minute))
	for _, l := range jsonLines[struct {
		ID     string
		Events []struct {
			T      float64
			Node   int
			Parent *int
		}
	}](s, "cascades", "cascades.jsonl.gz") {
		posts := make([]cascade.Post[int], len(l.Events))
		for i, e := range l.Events {
			posts[i] = cascade.Post[int]{ID: e.Node, First: e.Parent == nil, At: time.Duration(e.T * float64(time.Minute))}
			if e.Parent != nil {
				posts[i].Parent = *e.Parent
			}
		}
		c, err := cascade.New(posts)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.ID, err)
		}
		if now := c.Until(moment); now.Len() >= 10 {
			list = append(list, toldCascade{c, float64(now.Len()), float64(c.Len()), sixFeatures(c, moment)})
		}
	}
	return list, nil
}

// forecasts runs the shipped model. It has learned from these cascades: docs/bench.md has its figures on some it has not seen.
func forecasts(list []toldCascade, minutes float64) func() (figures, error) {
	moment := time.Duration(minutes * float64(time.Minute))
	var o cascade.Forecaster
	return func() (figures, error) {
		var t tally
		start := time.Now()
		for _, c := range list {
			f := o.Forecast(c.Cascade, moment)
			t.add(float64(f.Size), float64(f.Low), float64(f.High), c.size)
		}
		took := time.Since(start)
		f := t.figures()
		f["rate"] = float64(len(list)) / took.Seconds()
		return f, nil
	}
}

// factors is the constant growth that is best for this very list.
func factors(list []toldCascade) func() (figures, error) {
	return func() (figures, error) {
		factor, off := bestFactor(list), 0.0
		for _, c := range list {
			off += math.Abs(factor*c.now/c.size-1) / float64(len(list))
		}
		return figures{"MAPE": off}, nil
	}
}

// fits forecasts each half with a fit to the other.
func fits(list []toldCascade) func() (figures, error) {
	return func() (figures, error) {
		var t tally
		for half := range 2 {
			var seen, asked []toldCascade
			for i, c := range list {
				if i%2 == half {
					asked = append(asked, c)
				} else {
					seen = append(seen, c)
				}
			}
			fit, low, high := fitSix(seen)
			for _, c := range asked {
				g := fit(c.x)
				t.add(c.now*math.Exp(max(0, g)), c.now*math.Exp(max(0, g+low)), c.now*math.Exp(max(0, g+high)), c.size)
			}
		}
		return t.figures(), nil
	}
}

// tally gathers how forecasts did.
type tally struct{ n, off, inside, width, score float64 }

func (t *tally) add(guess, low, high, size float64) {
	t.n++
	t.off += math.Abs(guess-size) / size
	if low <= size && size <= high {
		t.inside++
	}
	t.width += (high - low) / size
	t.score += (high - low + 10*max(0, low-size, size-high)) / size
}

func (t *tally) figures() figures {
	return figures{"MAPE": t.off / t.n, "covered": t.inside / t.n, "width": t.width / t.n, "interval score": t.score / t.n}
}

// bestFactor is the growth with the least mean relative error for this very list: no constant does better.
func bestFactor(list []toldCascade) float64 {
	list = append([]toldCascade(nil), list...)
	sort.Slice(list, func(i, j int) bool { return list[i].size/list[i].now < list[j].size/list[j].now })
	all, sum := 0.0, 0.0
	for _, c := range list {
		all += c.now / c.size
	}
	for _, c := range list {
		if sum += c.now / c.size; sum >= all/2 {
			return c.size / c.now
		}
	}
	return 1
}

// sixFeatures are what a first attempt would look at: the size, its last half, quarter and eighth, the depth and the age of the last post.
func sixFeatures(c *cascade.Cascade, moment time.Duration) []float64 {
	u := c.Until(moment)
	n := float64(u.Len())
	x := []float64{math.Log(n)}
	for _, part := range []float64{2, 4, 8} {
		before := u.Until(moment - time.Duration(float64(moment)/part))
		x = append(x, math.Log1p(n-float64(before.Len())))
	}
	last, _ := u.Post(u.Len() - 1)
	return append(x, math.Log1p(float64(c.Measure(moment).Depth)), math.Log((moment-last).Minutes()/moment.Minutes()+0.005))
}

// fitSix fits the log of the growth, linear in the features, for the least mean relative error (Adam on a subgradient). low and high are the
// tenth and ninetieth percent of what is left.
func fitSix(list []toldCascade) (fit func(x []float64) float64, low, high float64) {
	k := len(list[0].x)
	mean, dev := make([]float64, k), make([]float64, k)
	for _, c := range list {
		for j, v := range c.x {
			mean[j] += v / float64(len(list))
		}
	}
	for _, c := range list {
		for j, v := range c.x {
			dev[j] += (v - mean[j]) * (v - mean[j]) / float64(len(list))
		}
	}
	w, m, v, g := make([]float64, k+1), make([]float64, k+1), make([]float64, k+1), make([]float64, k+1)
	fit = func(x []float64) float64 {
		sum := w[k]
		for j, u := range x {
			sum += w[j] * (u - mean[j]) / math.Sqrt(dev[j]+1e-12)
		}
		return sum
	}
	const steps = 1500
	for step := 1; step <= steps; step++ {
		clear(g)
		for _, c := range list {
			r := fit(c.x) - math.Log(c.size/c.now)
			d := math.Tanh(r/0.05) * min(3, math.Exp(r)) / float64(len(list))
			for j, u := range c.x {
				g[j] += d * (u - mean[j]) / math.Sqrt(dev[j]+1e-12)
			}
			g[k] += d
		}
		rate := 0.03 * (1 - float64(step)/(steps+1))
		for j := range w {
			m[j] = 0.9*m[j] + 0.1*g[j]
			v[j] = 0.99*v[j] + 0.01*g[j]*g[j]
			w[j] -= rate * m[j] / (1 - math.Pow(0.9, float64(step))) / (math.Sqrt(v[j]/(1-math.Pow(0.99, float64(step)))) + 1e-9)
		}
	}
	left := make([]float64, len(list))
	for i, c := range list {
		left[i] = math.Log(c.size/c.now) - fit(c.x)
	}
	sort.Float64s(left)
	return fit, left[len(left)/10], left[len(left)*9/10]
}
