package extract

import (
	"strings"
	"unicode/utf8"
)

// line is a block of text as it would stand on a line of its own.
type line struct {
	text  string
	chars int
	links int // characters that are links
	tag   tag // of the innermost block
	item  bool
	quote bool
}

// density is the share of links.
func (l *line) density() float64 {
	if l.chars == 0 {
		return 0
	}
	return float64(l.links) / float64(l.chars)
}

// writer makes lines of an article: one a block, white space folded.
type writer struct {
	lines  []line
	buf    []byte
	link   counter
	linked int // depth of <a>
	at     []tag
	item   int
	quote  int
	all    bool // leave nothing out
}

func (w *writer) flush() {
	s := fold(string(w.buf))
	w.buf = w.buf[:0]
	links := w.link.chars
	w.link = counter{space: true}
	if s == "" {
		return
	}
	t := tagDiv
	if len(w.at) > 0 {
		t = w.at[len(w.at)-1]
	}
	w.lines = append(w.lines, line{text: s, chars: utf8.RuneCountInString(s), links: links, tag: t, item: w.item > 0, quote: w.quote > 0})
}

func (w *writer) node(n *node) {
	switch {
	case n.tag == tagNone:
		w.buf = append(w.buf, n.text...)
		if w.linked > 0 {
			w.link.add(n.text)
		}
		return
	case n.tag == tagBr:
		w.flush()
		return
	case dropped[n.tag], w.leavesOut(n):
		return
	}
	block := blocks[n.tag]
	if block {
		w.flush()
		w.at = append(w.at, n.tag)
	}
	isLink := n.tag == tagA && !strings.HasPrefix(n.attr("href"), "javascript:")
	w.linked += b2i(isLink)
	w.item += b2i(n.tag == tagLi)
	w.quote += b2i(n.tag == tagBlockquote)
	for c := n.first; c != nil; c = c.next {
		w.node(c)
	}
	if block {
		w.flush()
		w.at = w.at[:len(w.at)-1]
	}
	w.linked -= b2i(isLink)
	w.item -= b2i(n.tag == tagLi)
	w.quote -= b2i(n.tag == tagBlockquote)
}

// leavesOut says whether an element stands in the article without being its text: captions and credits of pictures, slides.
func (w *writer) leavesOut(n *node) bool {
	if w.all {
		return false
	}
	if n.tag == tagFigcaption {
		return true
	}
	return n.traits.caption && n.chars() < 1000 || n.traits.hint && n.chars() < 1000 && !n.sum().post
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// textOf writes an article as text. Where leaving out takes most of it away, the names of its elements mislead: then nothing is left out.
func textOf(n *node) string {
	w := writer{link: counter{space: true}}
	w.node(n)
	w.flush()
	text := joined(refine(w.lines))
	if whole := n.chars(); utf8.RuneCountInString(text)*3 < whole {
		w = writer{link: counter{space: true}, all: true}
		w.node(n)
		w.flush()
		text = joined(w.lines)
	}
	return text
}

func joined(lines []line) string {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l.text)
	}
	return b.String()
}
