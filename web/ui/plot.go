package ui

import (
	"math"
	"strconv"

	"khue/catalogue"
)

// Point is one value of a plot with the name of its place on the axis.
type Point struct {
	Label string // "14 giờ", "9/5"
	Value float64
	Low   float64 // of the expected band; Low = High = 0 for none
	High  float64
}

// Plot is a series drawn on the server as SVG with its table below.
type Plot struct {
	Lang    catalogue.Lang
	Title   string // what is drawn, read by a screen reader and as the table's caption
	Caption string // what one should know to read it
	Place   string // heading of the label column: "Giờ"
	Unit    string // heading of the value column: "Số bài"
	Points  []Point
	MarkAt  int    // index of a point with a dashed line, when Mark is not ""
	Mark    string // words at that line
	CSV     string // address of the figures as CSV, "" for none
}

const (
	plotWidth, plotHeight   = 740.0, 230.0
	plotLeft, plotTop       = 44.0, 24.0
	plotBottom              = 196.0
	sparkWidth, sparkHeight = 96.0, 24.0
	maxLabels               = 8
	plotRight               = plotWidth - 12
)

// top is the largest value or band edge, at least 1, so that a plot of zeros lies flat.
func (p Plot) top() float64 {
	top := 1.0
	for _, q := range p.Points {
		top = max(top, finite(q.Value), finite(q.High))
	}
	return top
}

func finite(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
		return 0
	}
	return v
}

func (p Plot) x(i int) float64 {
	if len(p.Points) < 2 {
		return plotLeft
	}
	return plotLeft + (plotRight-plotLeft)*float64(i)/float64(len(p.Points)-1)
}

func (p Plot) y(v float64) float64 {
	return plotBottom - (plotBottom-plotTop)*finite(v)/p.top()
}

// curve is the path of the values.
func (p Plot) curve() string {
	var b []byte
	for i, q := range p.Points {
		b = step(b, i == 0, p.x(i), p.y(q.Value))
	}
	return string(b)
}

// band is the closed path of what was expected, "" without one.
func (p Plot) band() string {
	var b []byte
	known := false
	for i, q := range p.Points {
		known = known || q.High > 0
		b = step(b, i == 0, p.x(i), p.y(q.High))
	}
	if !known {
		return ""
	}
	for i := len(p.Points) - 1; i >= 0; i-- {
		b = step(b, false, p.x(i), p.y(p.Points[i].Low))
	}
	return string(append(b, 'Z'))
}

// labelled says whether the i-th label has room on the axis.
func (p Plot) labelled(i int) bool {
	every := (len(p.Points) + maxLabels - 1) / maxLabels
	return every <= 1 || i%every == 0
}

// bar gives left edge, top, width and height of the i-th bar.
func (p Plot) bar(i int) [4]string {
	slot := (plotRight - plotLeft) / float64(max(len(p.Points), 1))
	y := p.y(p.Points[i].Value)
	return [4]string{place(plotLeft + slot*(float64(i)+0.15)), place(y), place(slot * 0.7), place(plotBottom - y)}
}

// barMiddle is where the i-th bar's label stands.
func (p Plot) barMiddle(i int) string {
	slot := (plotRight - plotLeft) / float64(max(len(p.Points), 1))
	return place(plotLeft + slot*(float64(i)+0.5))
}

func (p Plot) table() ([]Column, [][]Cell) {
	rows := make([][]Cell, len(p.Points))
	for i, q := range p.Points {
		rows[i] = []Cell{{Text: q.Label}, {Text: figure(p.Lang, q.Value)}}
	}
	return []Column{{Name: p.Place}, {Name: p.Unit, Number: true}}, rows
}

// figure writes a whole value without a decimal part.
func figure(l catalogue.Lang, v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
		return Number(l, int64(v))
	}
	return Decimal(l, v, 1)
}

// sparkPath is the path of values in a box of 96 by 24.
func sparkPath(values []float64) string {
	top := 1.0
	for _, v := range values {
		top = max(top, finite(v))
	}
	var b []byte
	for i, v := range values {
		x := 0.0
		if len(values) > 1 {
			x = sparkWidth * float64(i) / float64(len(values)-1)
		}
		b = step(b, i == 0, x, sparkHeight-1-(sparkHeight-2)*finite(v)/top)
	}
	return string(b)
}

func step(b []byte, first bool, x, y float64) []byte {
	if first {
		b = append(b, 'M')
	} else {
		b = append(b, 'L')
	}
	b = append(b, place(x)...)
	b = append(b, ' ')
	return append(b, place(y)...)
}

// place writes a coordinate to a tenth of a pixel.
func place(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }
