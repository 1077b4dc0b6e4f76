package radar

import (
	"strings"
	"unicode/utf8"

	"khue/radar/watch"
)

// Piece is a stretch of a text; Said ones are what a query looked for.
type Piece struct {
	Text string
	Said bool
}

// An excerpt begins so many bytes before the first place and goes on so many after it.
const excerptBefore, excerptAfter = 140, 320

// Fields of a mention as watches read them.
const fieldTitle, fieldText = 0, 1

// excerpt gives a mention's title whole, and its text around the first place in it; no text when nothing was said there.
func excerpt(m Mention, spans []watch.Span) (title, text []Piece) {
	title = pieces(m.Title, 0, len(m.Title), spans, fieldTitle)
	for _, s := range spans {
		if s.Field == fieldText && s.Start < len(m.Text) {
			from, to := around(m.Text, s.Start)
			text = pieces(m.Text, from, to, spans, fieldText)
			if from > 0 {
				text = append([]Piece{{Text: "… "}}, text...)
			}
			if to < len(m.Text) {
				text = append(text, Piece{Text: " …"})
			}
			break
		}
	}
	return title, text
}

// around gives the bounds of an excerpt: between words where there are any, at least at the edge of a rune.
func around(s string, at int) (from, to int) {
	if from = max(0, at-excerptBefore); from > 0 {
		if i := strings.IndexAny(s[from:at], " \n"); i >= 0 {
			from += i + 1
		}
	}
	if to = min(len(s), at+excerptAfter); to < len(s) {
		if i := strings.LastIndexAny(s[at:to], " \n"); i > 0 {
			to = at + i
		}
	}
	for from < at && !utf8.RuneStart(s[from]) {
		from++
	}
	for to > at && to < len(s) && !utf8.RuneStart(s[to]) {
		to--
	}
	return from, to
}

// pieces cuts s[from:to] at the places of one field. Places come in order and may overlap.
func pieces(s string, from, to int, spans []watch.Span, field int) []Piece {
	var list []Piece
	at := from
	for _, p := range spans {
		start, end := max(p.Start, at), min(p.End, to)
		if p.Field != field || start >= end {
			continue
		}
		if start > at {
			list = append(list, Piece{Text: s[at:start]})
		}
		if n := len(list); start == at && n > 0 && list[n-1].Said { // goes on where the last one ended
			list[n-1].Text += s[start:end]
		} else {
			list = append(list, Piece{Text: s[start:end], Said: true})
		}
		at = end
	}
	if at < to {
		list = append(list, Piece{Text: s[at:to]})
	}
	return list
}
