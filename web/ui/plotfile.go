package ui

import (
	"bytes"
	"encoding/xml"
	"fmt"
)

// SVG draws the plot as a file that stands alone: its colours are in it, its title and what one should know to read it stand above and below. source
// is a line that says where it is from.
func (p Plot) SVG(source string) []byte {
	var b bytes.Buffer
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -30 740 320" width="1480" height="640" font-family="'Be Vietnam Pro', 'Noto Sans', sans-serif" font-size="13" fill="#5f5b54" lang="%s">`, p.Lang)
	line(`<title>%s</title><desc>%s</desc>`, xmlText(p.Title), xmlText(p.Caption))
	line(`<rect x="0" y="-30" width="740" height="320" fill="#ffffff"/>`)
	line(`<text x="0" y="-10" font-size="16" font-weight="600" fill="#1c1a17">%s</text>`, xmlText(p.Title))
	line(`<path d="M44 196.5H728" stroke="#8a857c"/><text x="38" y="200" text-anchor="end">0</text><text x="0" y="17">%s</text>`, xmlText(figure(p.Lang, p.top())))
	for _, g := range p.gaps() {
		line(`<rect x="%s" y="24" width="%s" height="172" fill="#fbf1dc"/>`, g[0], g[1])
	}
	if band := p.band(); band != "" {
		line(`<path d="%s" fill="#dedad2"/>`, band)
	}
	if p.Other != "" {
		line(`<path d="%s" fill="none" stroke="#1d4f8c" stroke-width="2" stroke-dasharray="6 4"/>`, p.other())
	}
	line(`<path d="%s" fill="none" stroke="#1c1a17" stroke-width="2"/>`, p.curve())
	for i, q := range p.Points {
		if p.labelled(i) {
			line(`<text x="%s" y="216" text-anchor="middle">%s</text>`, place(p.x(i)), xmlText(q.Label))
		}
	}
	if p.Mark != "" && p.MarkAt >= 0 && p.MarkAt < len(p.Points) {
		x := place(p.x(p.MarkAt))
		line(`<path d="M%s 24V196" stroke="#8a5a00" stroke-dasharray="3 3"/><text x="%s" y="16" text-anchor="middle" fill="#8a5a00">%s</text>`, x, x, xmlText(p.Mark))
	}
	below := p.Caption
	if p.hasGap() {
		below += " " + p.GapNote
	}
	line(`<text x="0" y="246">%s</text><text x="0" y="270">%s</text>`, xmlText(below), xmlText(source))
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func xmlText(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}
