package topic

import (
	"cmp"
	"fmt"
	"slices"
)

// How a model is trained; by cross-validation on the profile's own sentences.
const (
	rounds  = 120
	step    = 4.0
	decay   = 2e-4 // of L2
	taughtP = 0.6  // how sure of a lesson a model is after it
	lessons = 40   // steps that a lesson takes at most
)

// Train makes a model by full-batch gradient descent on the cross-entropy with L2: few examples, so that it takes a moment and comes
// out the same on every machine. Every label counts the same, however many examples it has. A label of an example that labels does not
// hold is a fault.
func Train(labels []string, examples []Example) (*Model, error) {
	m := &Model{Labels: slices.Clone(labels), Bias: make([]float64, len(labels)), Weight: map[string][]float64{}}
	type row struct {
		names []string
		x     []float64
		label int
		share float64
	}
	count := make([]int, len(labels))
	rows := make([]row, 0, len(examples))
	for n, e := range examples {
		i := slices.Index(labels, e.Label)
		if i < 0 {
			return nil, fmt.Errorf("example %d: label %q is none of %v", n+1, e.Label, labels)
		}
		r := row{names: e.Features.names(), label: i}
		for _, name := range r.names {
			r.x = append(r.x, e.Features[name])
			if m.Weight[name] == nil {
				m.Weight[name] = make([]float64, len(labels))
			}
		}
		count[i]++
		rows = append(rows, r)
	}
	for i := range rows {
		rows[i].share = 1 / float64(count[rows[i].label]) / float64(len(labels))
	}
	all := make([]string, 0, len(m.Weight))
	for n := range m.Weight {
		all = append(all, n)
	}
	slices.Sort(all)
	grad := map[string][]float64{}
	for _, n := range all {
		grad[n] = make([]float64, len(labels))
	}
	bias := make([]float64, len(labels))
	for range rounds {
		clear(bias)
		for _, r := range rows {
			s := slices.Clone(m.Bias)
			for k, n := range r.names {
				for i, w := range m.Weight[n] {
					s[i] += float64(w * r.x[k]) // the conversion keeps the sum from being fused, so that all machines round alike
				}
			}
			softmax(s)
			s[r.label]--
			for i := range s {
				s[i] *= r.share
				bias[i] += s[i]
			}
			for k, n := range r.names {
				for i, g := range s {
					grad[n][i] += float64(g * r.x[k])
				}
			}
		}
		rate := step * float64(len(labels))
		for _, n := range all {
			w, g := m.Weight[n], grad[n]
			for i := range w {
				w[i] -= float64(rate * (g[i] + float64(decay*w[i])))
			}
			clear(g)
		}
		for i := range bias {
			m.Bias[i] -= float64(0.2 * rate * bias[i])
		}
	}
	return m, nil
}

// Teach corrects the model by one example: gradient steps on it alone until it is guessed right and with some certainty. It says
// whether the label is one of the model's.
func (m *Model) Teach(e Example) bool {
	i := slices.Index(m.Labels, e.Label)
	if i < 0 {
		return false
	}
	names := e.Features.names()
	for _, n := range names {
		if m.Weight[n] == nil {
			m.Weight[n] = make([]float64, len(m.Labels))
		}
	}
	for range lessons {
		p := softmax(m.scores(e.Features, names))
		if p[i] >= taughtP {
			break
		}
		p[i]--
		for _, n := range names {
			w := m.Weight[n]
			for k := range w {
				w[k] -= float64(2 * p[k] * e.Features[n])
			}
		}
	}
	return true
}

// Measure says how often a model guesses right by leaving out, in turn, each of folds parts of the examples: example i is in part i
// mod folds. right counts those whose likeliest label is their own.
func Measure(labels []string, examples []Example, folds int) (right, of int, err error) {
	for f := range folds {
		var train, test []Example
		for i, e := range examples {
			if i%folds == f {
				test = append(test, e)
			} else {
				train = append(train, e)
			}
		}
		m, err := Train(labels, train)
		if err != nil {
			return 0, 0, err
		}
		for _, e := range test {
			of++
			if g := m.Guess(e.Features); cmp.Compare(g[0].Label, e.Label) == 0 {
				right++
			}
		}
	}
	return right, of, nil
}
