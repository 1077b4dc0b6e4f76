package ui

import (
	"math"
	"slices"

	"khue/catalogue"
)

// Area is a part of a Map: a ward with how much there is of it.
type Area struct {
	Name  string // "Phường Láng"
	Words string // what there is, in words, for who points at it: "12 lượt nhắc, thường 0–3"
	Ring  [][2]int
	Value float64
	Loud  bool // more than was expected: drawn with a thick edge
}

// Map is areas drawn on the server as SVG, the darker the more there is.
type Map struct {
	Lang   catalogue.Lang
	Title  string  // what is drawn, for a screen reader
	Scale  float64 // units of the rings in a degree
	Areas  []Area
	Around [4]int // left, lower, right, upper edge of what is shown, in units of the rings; all zero shows everything
}

const (
	mapWidth  = 740.0
	mapLevels = 5
)

// frame gives the projection: the left edge, the upper one, the factor for x, that for y, and the height.
func (m Map) frame() (left, upper, fx, fy, height float64) {
	a := m.Around
	if a == [4]int{} {
		first := true
		for _, area := range m.Areas {
			for _, p := range area.Ring {
				if first {
					a, first = [4]int{p[0], p[1], p[0], p[1]}, false
				}
				a = [4]int{min(a[0], p[0]), min(a[1], p[1]), max(a[2], p[0]), max(a[3], p[1])}
			}
		}
	}
	wide, high := float64(max(a[2]-a[0], 1)), float64(max(a[3]-a[1], 1))
	fx = mapWidth / wide
	middle := float64(a[1]+a[3]) / 2 / max(m.Scale, 1) * math.Pi / 180
	fy = fx / math.Cos(middle)
	return float64(a[0]), float64(a[3]), fx, fy, high * fy
}

// box is the viewBox.
func (m Map) box() string {
	_, _, _, _, height := m.frame()
	return "0 0 740 " + place(height)
}

// Shape is one area as it is drawn.
type shape struct {
	Path, Class, Title string
}

// shapes draws the areas that lie in the frame, those that are loud last, so that their edges lie above the others.
func (m Map) shapes() []shape {
	left, upper, fx, fy, height := m.frame()
	cuts := m.levels()
	var calm, loud []shape
	for _, a := range m.Areas {
		var b []byte
		inside := false
		for i, p := range a.Ring {
			x, y := (float64(p[0])-left)*fx, (upper-float64(p[1]))*fy
			inside = inside || x >= 0 && x <= mapWidth && y >= 0 && y <= height
			b = step(b, i == 0, x, y)
		}
		if !inside {
			continue
		}
		one := shape{string(append(b, 'Z')), "l" + place(float64(level(cuts, a.Value))), a.Name + ": " + a.Words}
		if a.Loud {
			one.Class += " loud"
			loud = append(loud, one)
		} else {
			calm = append(calm, one)
		}
	}
	return append(calm, loud...)
}

// levels gives the values from which on each level above the lowest begins: quantiles of what is not zero, each at least one more than the last.
func (m Map) levels() []float64 {
	var values []float64
	for _, a := range m.Areas {
		if a.Value > 0 {
			values = append(values, a.Value)
		}
	}
	if len(values) == 0 {
		return nil
	}
	slices.Sort(values)
	cuts := []float64{values[0]}
	for k := 1; k < mapLevels-1; k++ {
		if v := values[len(values)*k/(mapLevels-1)]; v > cuts[len(cuts)-1] {
			cuts = append(cuts, v)
		}
	}
	return cuts
}

// level says how many of the cuts a value reaches: 0 for nothing.
func level(cuts []float64, v float64) int {
	n := 0
	for _, c := range cuts {
		if v >= c {
			n++
		}
	}
	return n
}

// step of the legend: its class and its values in words.
type mapStep struct{ Class, Words string }

// legend says what each shade means.
func (m Map) legend() []mapStep {
	list := []mapStep{{"l0", m.Lang.T("ui.map.none")}}
	cuts := m.levels()
	for i, c := range cuts {
		words := m.Lang.T("ui.map.from", "n", figure(m.Lang, c))
		if i+1 < len(cuts) {
			words = Range(m.Lang, c, cuts[i+1]-1)
		}
		list = append(list, mapStep{"l" + place(float64(i+1)), words})
	}
	return list
}
