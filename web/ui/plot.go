package ui

import (
	"math"
	"slices"
	"strconv"

	"khue/catalogue"
)

// Point is one value of a plot with the name of its place on the axis.
type Point struct {
	Label string // "14 giờ", "9/5"
	Value float64
	Low   float64 // of the expected band; Low = High = 0 for none
	High  float64
	Other float64 // of the second series; drawn when Plot.Other names one
	Gap   bool    // it could not be heard in full: shaded, and said in the table
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
	Other   string // name of a second series, dashed; "" for none
	GapNote string // what a shaded stretch means; needed when a point has a Gap
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
		if p.Other != "" {
			top = max(top, finite(q.Other))
		}
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

// other is the path of the second series.
func (p Plot) other() string {
	var b []byte
	for i, q := range p.Points {
		b = step(b, i == 0, p.x(i), p.y(q.Other))
	}
	return string(b)
}

// gaps gives left edge and width of each stretch that could not be heard in full.
func (p Plot) gaps() [][2]string {
	var list [][2]string
	half := 0.0
	if len(p.Points) > 1 {
		half = (plotRight - plotLeft) / float64(len(p.Points)-1) / 2
	}
	for i := 0; i < len(p.Points); i++ {
		if !p.Points[i].Gap {
			continue
		}
		from := max(p.x(i)-half, plotLeft)
		for i+1 < len(p.Points) && p.Points[i+1].Gap {
			i++
		}
		list = append(list, [2]string{place(from), place(max(min(p.x(i)+half, plotRight)-from, 2))})
	}
	return list
}

// hasGap says whether a stretch could not be heard in full.
func (p Plot) hasGap() bool {
	return slices.ContainsFunc(p.Points, func(q Point) bool { return q.Gap })
}

// hasBand says whether something was expected of any point.
func (p Plot) hasBand() bool {
	return slices.ContainsFunc(p.Points, func(q Point) bool { return q.High > 0 || q.Low > 0 })
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
	columns := []Column{{Name: p.Place}, {Name: p.Unit, Number: true}}
	band, gap := p.hasBand(), p.hasGap()
	if band {
		columns = append(columns, Column{Name: p.Lang.T("ui.plot.expected"), Number: true})
	}
	if p.Other != "" {
		columns = append(columns, Column{Name: p.Other, Number: true})
	}
	if gap {
		columns = append(columns, Column{Name: p.Lang.T("ui.plot.heard")})
	}
	rows := make([][]Cell, len(p.Points))
	for i, q := range p.Points {
		row := []Cell{{Text: q.Label}, {Text: figure(p.Lang, q.Value)}}
		if band {
			row = append(row, Cell{Text: Range(p.Lang, q.Low, q.High)})
		}
		if p.Other != "" {
			row = append(row, Cell{Text: figure(p.Lang, q.Other)})
		}
		if gap {
			word := ""
			if q.Gap {
				word = p.Lang.T("ui.plot.gap")
			}
			row = append(row, Cell{Text: word})
		}
		rows[i] = row
	}
	return columns, rows
}

// Range writes two edges as one: "2–6", "3" where they are the same.
func Range(l catalogue.Lang, low, high float64) string {
	if low == high {
		return figure(l, low)
	}
	return figure(l, low) + "–" + figure(l, high)
}

// figure writes a whole value without a decimal part.
func figure(l catalogue.Lang, v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
		return Number(l, int64(v))
	}
	return Decimal(l, v, 1)
}

// spark is a small line with its band, in a box of 96 by 24.
type spark struct{ line, band string }

func sparkOf(points []Point) spark {
	top := 1.0
	for _, q := range points {
		top = max(top, finite(q.Value), finite(q.High))
	}
	at := func(i int, v float64) (x, y float64) {
		if len(points) > 1 {
			x = sparkWidth * float64(i) / float64(len(points)-1)
		}
		return x, sparkHeight - 1 - (sparkHeight-2)*finite(v)/top
	}
	var line, band []byte
	known := false
	for i, q := range points {
		x, y := at(i, q.Value)
		line = step(line, i == 0, x, y)
		x, y = at(i, q.High)
		band = step(band, i == 0, x, y)
		known = known || q.High > 0
	}
	for i := len(points) - 1; i >= 0; i-- {
		x, y := at(i, points[i].Low)
		band = step(band, false, x, y)
	}
	if !known {
		return spark{line: string(line)}
	}
	return spark{string(line), string(append(band, 'Z'))}
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
