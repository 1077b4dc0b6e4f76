package spread

import (
	_ "embed"
	"encoding/json"
	"math"
	"sort"
	"sync"
)

//go:generate go test . -run TestTrain -v -train

//go:embed model.json
var modelFile []byte

// shipped is the model of this program.
var shipped = sync.OnceValue(func() *model {
	m := new(model)
	if err := json.Unmarshal(modelFile, m); err != nil {
		panic("radar/spread: model.json: " + err.Error())
	}
	return m
})

// A model holds everything that was learned.
type model struct {
	Version int `json:"version"`
	// Features is how many features the model was learned with.
	Features int `json:"features"`
	// Cuts are the places at which trees may ask about each feature.
	Cuts [][]float64 `json:"cuts"`
	// Size, Low and High give the log of how many times as large a cascade will be.
	Size forest `json:"size"`
	Low  forest `json:"low"`
	High forest `json:"high"`
	// Wider moves both ends of the interval apart, by time and size.
	Wider [][]float64 `json:"wider"`
	// Rumour gives the log odds of a rumour; Odds, an intercept and a slope, make a fair probability of them.
	Rumour steps      `json:"rumour"`
	Odds   [2]float64 `json:"odds"`
}

// steps is a sum of step functions, one a feature: Add[f][b] is what feature f adds when b of its cuts are below it. The middle of the set
// adds 0; a feature that plays no part has none.
type steps struct {
	Base float64   `json:"base"`
	Add  [][]int32 `json:"add"` // leafUnit
}

func (s *steps) add(f int, b *binned) float64 {
	if len(s.Add[f]) == 0 {
		return 0
	}
	return float64(s.Add[f][b[f]]) * leafUnit
}

func (s *steps) value(b *binned) float64 {
	sum := s.Base
	for f := range s.Add {
		sum += s.add(f, b)
	}
	return sum
}

// A forest is a sum of trees.
type forest struct {
	Base  float64 `json:"base"`
	Trees []tree  `json:"trees"`
}

// leafUnit is what a leaf's number counts.
const leafUnit = 1e-4

// A tree is in arrays: node i asks whether feature F[i] is at most its cut C[i] and goes to L[i] or R[i]; a child below zero, ^c, is leaf c.
type tree struct {
	F []uint8 `json:"f"`
	C []uint8 `json:"c"`
	L []int8  `json:"l"`
	R []int8  `json:"r"`
	V []int32 `json:"v"` // leafUnit
}

// binned are features as numbers of cuts that are below them.
type binned [featureCount]uint8

func (m *model) bin(f *features) (b binned) {
	for i, cuts := range m.Cuts {
		b[i] = uint8(sort.SearchFloat64s(cuts, f[i]))
	}
	return b
}

func (t *tree) value(b *binned) float64 {
	if len(t.F) == 0 {
		return float64(t.V[0]) * leafUnit
	}
	for i := int8(0); ; {
		if b[t.F[i]] <= t.C[i] {
			i = t.L[i]
		} else {
			i = t.R[i]
		}
		if i < 0 {
			return float64(t.V[^i]) * leafUnit
		}
	}
}

func (o *forest) value(b *binned) float64 {
	s := o.Base
	for i := range o.Trees {
		s += o.Trees[i].value(b)
	}
	return s
}

// The bands of Wider: by minutes and by posts so far.
var (
	timeBands = [...]float64{12, 22, 45, 90, 180, 400}
	sizeBands = [...]float64{3, 10, 50, 130}
)

func band(edges []float64, v float64) int {
	return sort.Search(len(edges), func(i int) bool { return v < edges[i] })
}

// growth gives the log of how many times as large it will be, and of the ends of the interval; none is below 0.
func (m *model) growth(b *binned, minutes, size float64) (mid, low, high float64) {
	wider := m.Wider[band(timeBands[:], minutes)][band(sizeBands[:], size)]
	mid = max(0, m.Size.value(b))
	low = max(0, m.Low.value(b)-wider)
	high = max(low, m.High.value(b)+wider)
	return mid, min(low, mid), max(high, mid)
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// rumour gives the probability.
func (m *model) rumour(b *binned) float64 { return logistic(m.Odds[0] + m.Odds[1]*m.Rumour.value(b)) }
