package match

import (
	_ "embed"
	"encoding/json"
	"sync"
)

//go:generate go test . -run TestTrain -v -train

//go:embed model.json
var modelFile []byte

// shipped is the model of this program.
var shipped = sync.OnceValue(func() *model {
	m := new(model)
	if err := json.Unmarshal(modelFile, m); err != nil {
		panic("claim/match: model.json: " + err.Error())
	}
	return m
})

// A tree is a regression tree in arrays: node i asks whether feature[i] is at most at[i] and goes to left[i] or right[i]; a child
// below zero, ^c, is leaf c.
type tree struct {
	Feature []uint8   `json:"f"`
	At      []float64 `json:"t"`
	Left    []int8    `json:"l"`
	Right   []int8    `json:"r"`
	Leaf    []float64 `json:"v"`
}

func (t *tree) value(f *features) float64 {
	if len(t.Feature) == 0 {
		return t.Leaf[0]
	}
	for i := int8(0); ; {
		if f[t.Feature[i]] <= t.At[i] {
			i = t.Left[i]
		} else {
			i = t.Right[i]
		}
		if i < 0 {
			return t.Leaf[^i]
		}
	}
}

// A model orders candidates: the sum of its trees.
type model struct {
	Trees []tree `json:"trees"`
	// Odds turns what is known of a candidate into log odds that it is the claim (see odds).
	Odds []float64 `json:"odds"`
}

func (m *model) score(f *features) float64 {
	s := 0.0
	for i := range m.Trees {
		s += m.Trees[i].value(f)
	}
	return s
}
