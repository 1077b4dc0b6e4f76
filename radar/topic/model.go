package topic

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Features are what a text shows of itself, by name, with their weights; together they have length 1.
type Features map[string]float64

// Example is features with the label that they belong to.
type Example struct {
	Features Features
	Label    string
}

// Model is a linear model. The zero Model knows no labels. Guess and Explain may be called by many goroutines, Teach by none beside.
type Model struct {
	Labels []string             // in order
	Bias   []float64            // by label
	Weight map[string][]float64 // by feature and label
}

// Guess is a label with its probability.
type Guess struct {
	Label string
	P     float64
}

// names gives the features in order, so that sums come out the same each time.
func (f Features) names() []string {
	names := make([]string, 0, len(f))
	for n := range f {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// mostFocus bounds what the features that a model knows gain from those that it does not.
const mostFocus = 2.5

// focus is what the features that the model knows are multiplied by: a story says much that no topic knows, a lesson said all of what
// it is.
func (m *Model) focus(f Features, names []string) float64 {
	all, known := 0.0, 0.0
	for _, n := range names {
		x := float64(f[n] * f[n])
		all += x
		if m.Weight[n] != nil {
			known += x
		}
	}
	if known == 0 {
		return 1
	}
	return min(math.Sqrt(all/known), mostFocus)
}

// scores gives the logit of each label.
func (m *Model) scores(f Features, names []string) []float64 {
	s := slices.Clone(m.Bias)
	focus := m.focus(f, names)
	for _, n := range names {
		for i, w := range m.Weight[n] {
			s[i] += float64(w * f[n] * focus)
		}
	}
	return s
}

// softmax makes probabilities of logits, in place.
func softmax(s []float64) []float64 {
	if len(s) == 0 {
		return s
	}
	top, sum := slices.Max(s), 0.0
	for i := range s {
		s[i] = math.Exp(s[i] - top)
		sum += s[i]
	}
	for i := range s {
		s[i] /= sum
	}
	return s
}

// Guess gives every label with its probability, the likeliest first; of equals in order of the labels.
func (m *Model) Guess(f Features) []Guess {
	p := softmax(m.scores(f, f.names()))
	out := make([]Guess, len(p))
	for i := range p {
		out[i] = Guess{m.Labels[i], p[i]}
	}
	slices.SortStableFunc(out, func(a, b Guess) int { return cmp.Compare(b.P, a.P) })
	return out
}

// Part is what one feature did.
type Part struct {
	Feature string
	Weight  float64
}

// Explain gives the features that speak most for a label against the mean of all labels, at most n, those that speak against left out.
func (m *Model) Explain(f Features, label string, n int) []Part {
	i := slices.Index(m.Labels, label)
	if i < 0 {
		return nil
	}
	var out []Part
	for _, name := range f.names() {
		if w := m.Weight[name]; w != nil {
			if x := (w[i] - mean(w)) * f[name]; x > 1e-4 {
				out = append(out, Part{name, x})
			}
		}
	}
	return top(out, n)
}

// Strongest gives the features with the largest weights of a label against the mean of all, at most n.
func (m *Model) Strongest(label string, n int) []Part {
	i := slices.Index(m.Labels, label)
	if i < 0 {
		return nil
	}
	var out []Part
	for name, w := range m.Weight {
		if x := w[i] - mean(w); x > 1e-4 {
			out = append(out, Part{name, x})
		}
	}
	return top(out, n)
}

func mean(w []float64) float64 {
	sum := 0.0
	for _, x := range w {
		sum += x
	}
	return sum / float64(len(w))
}

func top(list []Part, n int) []Part {
	slices.SortFunc(list, func(a, b Part) int { return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Feature, b.Feature)) })
	return list[:min(len(list), n)]
}

// file is the form in which a model is kept: weights as hundredths, so that it is small, can be read and has one form.
type file struct {
	Version int              `json:"version"`
	Labels  []string         `json:"labels"`
	Bias    []int            `json:"bias"`
	Weight  map[string][]int `json:"weight"` // by feature: label's place, weight, label's place, weight …
}

const (
	fileVersion = 1
	leastKept   = 5 // hundredths
)

// Marshal writes the model as JSON with its features in order. Weights are rounded to hundredths; those that
// move nothing, below leastKept, are left out.
func (m *Model) Marshal() ([]byte, error) {
	f := file{Version: fileVersion, Labels: m.Labels, Weight: map[string][]int{}}
	for _, b := range m.Bias {
		f.Bias = append(f.Bias, hundredth(b))
	}
	for name, w := range m.Weight {
		var line []int
		for i, x := range w {
			if k := hundredth(x); k >= leastKept || k <= -leastKept {
				line = append(line, i, k)
			}
		}
		if line != nil {
			f.Weight[name] = line
		}
	}
	return json.Marshal(f) // keys in order
}

func hundredth(x float64) int { return int(math.Round(100 * x)) }

// Unmarshal reads what Marshal wrote; a fault says what is wrong with it.
func Unmarshal(data []byte) (*Model, error) {
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("topic model: %w", err)
	}
	if f.Version != fileVersion {
		return nil, fmt.Errorf("topic model: version %d; this program reads %d", f.Version, fileVersion)
	}
	if len(f.Labels) == 0 || len(f.Bias) != len(f.Labels) {
		return nil, errors.New("topic model: labels and bias are of one length, at least 1")
	}
	m := &Model{Labels: f.Labels, Weight: make(map[string][]float64, len(f.Weight))}
	for _, b := range f.Bias {
		m.Bias = append(m.Bias, float64(b)/1000)
	}
	for name, line := range f.Weight {
		if len(line)%2 != 0 {
			return nil, fmt.Errorf("topic model: feature %q: places and weights come in pairs", name)
		}
		w := make([]float64, len(f.Labels))
		for i := 0; i < len(line); i += 2 {
			if line[i] < 0 || line[i] >= len(w) {
				return nil, fmt.Errorf("topic model: feature %q: label %d of %d", name, line[i], len(w))
			}
			w[line[i]] = float64(line[i+1]) / 100
		}
		m.Weight[name] = w
	}
	return m, nil
}

// Clone gives a copy that can be taught without changing m.
func (m *Model) Clone() *Model {
	c := &Model{Labels: slices.Clone(m.Labels), Bias: slices.Clone(m.Bias), Weight: make(map[string][]float64, len(m.Weight))}
	for n, w := range m.Weight {
		c.Weight[n] = slices.Clone(w)
	}
	return c
}
