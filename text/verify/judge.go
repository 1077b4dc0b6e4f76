package verify

import (
	"khue/text"
)

// judge goes through the hunks in order and says of each whether it is form, left out, or a change.
func (p *pair) judge() {
	i, j := 0, 0
	for k := 0; k < len(p.hunks); k++ {
		h := p.hunks[k]
		if p.isEdge(h) && !p.shortStart(h) {
			p.same(i, h.a1, j, h.b1)
			p.atEdge(h)
			i, j = h.a2, h.b2
			continue
		}
		if p.wholeSentences(h) {
			p.same(i, h.a1, j, h.b1)
			p.leftOut(h)
			i, j = h.a2, h.b2
			continue
		}
		h, k = p.grown(h, i, j, k)
		p.same(i, h.a1, j, h.b1)
		p.inside(h)
		i, j = h.a2, h.b2
	}
	p.same(i, len(p.a), j, len(p.b))
}

// shortStart tells an outer hunk that is an exchange of a few words rather than something left out or put in.
func (p *pair) shortStart(h hunk) bool {
	return h.a2 > h.a1 && h.b2 > h.b1 && h.a2-h.a1 <= 8 && h.b2-h.b1 <= 8
}

// same adds a run of equal words.
func (p *pair) same(a1, a2, b1, b2 int) {
	if a2 > a1 {
		p.run(RunSame, hunk{a1, a2, b1, b2}, -1)
	}
}

func (p *pair) run(kind RunKind, h hunk, change int) {
	p.runs = append(p.runs, Run{kind, span(p.off.Text, p.a, h.a1, h.a2), span(p.fnd.Text, p.b, h.b1, h.b2), change})
}

// change adds a change; wide shows what is written together with its numbers.
func (p *pair) change(kind Kind, grade Grade, h hunk, wide bool) {
	of, in := span(p.off.Text, p.a, h.a1, h.a2), span(p.fnd.Text, p.b, h.b1, h.b2)
	if wide {
		of, in = widened(p.off.Text, of), widened(p.fnd.Text, in)
	}
	p.changes = append(p.changes, Change{kind, grade, of.Of(p.off.Text), in.Of(p.fnd.Text), of, in})
	p.run(RunChange, h, len(p.changes)-1)
}

// leftOut records official words that may be left out.
func (p *pair) leftOut(h hunk) {
	p.left += h.a2 - h.a1
	p.run(RunLeft, h, -1)
}

// atEdge judges what stands before the first shared word or after the last one.
func (p *pair) atEdge(h hunk) {
	leading := h.a1 == 0 && h.b1 == 0
	official, found := hunk{h.a1, h.a2, h.b1, h.b1}, hunk{h.a2, h.a2, h.b1, h.b2}
	if leading {
		official.b1, official.b2 = h.b2, h.b2
		found.a1, found.a2 = h.a1, h.a1
	}
	if leading {
		p.foundAlone(found)
	}
	if h.a2 > h.a1 {
		p.cutOff(official, leading)
	}
	if !leading {
		p.foundAlone(found)
	}
}

// foundAlone judges words that the text has around the official ones: a few that say nothing are a frame.
func (p *pair) foundAlone(h hunk) {
	switch {
	case h.b1 == h.b2:
	case h.b2-h.b1 >= 8 || p.heavy(&p.fnd, p.b, h.b1, h.b2):
		p.change(Inserted, Material, h, false)
	default:
		p.run(RunFrame, h, -1)
	}
}

// cutOff judges official words before or after the excerpt: it may begin and end within a sentence unless that turns its sense.
func (p *pair) cutOff(h hunk, leading bool) {
	if leading {
		from := h.a2
		for from > h.a1 && !text.EndsSentence(p.off.Text, p.a, from-1) {
			from--
		}
		if p.turns(from, h.a2) {
			p.leftOutIfAny(hunk{h.a1, from, h.b1, h.b1})
			p.change(Omitted, Critical, hunk{from, h.a2, h.b1, h.b1}, false)
			return
		}
		p.leftOut(h)
		return
	}
	to := h.a1
	for to < h.a2 && !text.EndsSentence(p.off.Text, p.a, to-1) {
		to++
	}
	if p.turns(h.a1, to) {
		p.change(Omitted, Critical, hunk{h.a1, to, h.b1, h.b1}, false)
		p.leftOutIfAny(hunk{to, h.a2, h.b1, h.b1})
		return
	}
	p.leftOut(h)
}

func (p *pair) leftOutIfAny(h hunk) {
	if h.a2 > h.a1 {
		p.leftOut(h)
	}
}

// turns tells whether official words cut off the outer end of a kept sentence would have turned its sense: a negation, a condition,
// an exception, a restriction, a last day.
func (p *pair) turns(from, to int) bool {
	for i := from; i < to; i++ {
		switch p.a[i].Word {
		case text.WordNot:
			if text.IsNegation(p.a, i) {
				return true
			}
		case text.WordIf:
			if text.IsCondition(p.a, i) {
				return true
			}
		case text.WordUntil:
			for k := i + 1; k < min(to, i+4); k++ {
				if w := p.a[k].Word; w == text.WordDay || w == text.WordHour || p.a[k].Flags&text.Numeral != 0 {
					return true
				}
			}
		default:
		}
	}
	return false
}

// heavy tells whether words hold a number, a negation or a condition.
func (p *pair) heavy(r *text.Reader, tokens []text.Token, from, to int) bool {
	for i := from; i < to; i++ {
		w := tokens[i].Word
		if r.Loose {
			w = text.LooseWord(tokens[i])
		}
		if tokens[i].Flags&text.Numeral != 0 || w == text.WordIf && (r.Loose || text.IsCondition(tokens, i)) || w == text.WordNot && (r.Loose || text.IsNegation(tokens, i)) {
			return true
		}
		if w == text.WordUntil || w == text.WordWhen {
			return true
		}
		if _, n := r.At(i); n > 1 {
			return true
		}
	}
	return false
}

// slid moves a hunk of one side alone along equal words, to where it fills whole sentences, else to where the marks of the words
// around it fit best.
func (p *pair) slid(h hunk, i, j, endA, endB int) hunk {
	switch {
	case h.b1 == h.b2 && h.a2 > h.a1:
		s := p.slide(p.off.Text, p.a, p.b, h.a1, h.a2, h.b1, i, j, endA, endB)
		return hunk{h.a1 + s, h.a2 + s, h.b1 + s, h.b2 + s}
	case h.a1 == h.a2 && h.b2 > h.b1:
		s := p.slide(p.fnd.Text, p.b, p.a, h.b1, h.b2, h.a1, j, i, endB, endA)
		return hunk{h.a1 + s, h.a2 + s, h.b1 + s, h.b2 + s}
	}
	return h
}

// slide finds how far the stretch [from,to) of x, which y lacks at place at, is to be moved; negative is to the left. It stays
// between what differs before and after.
func (p *pair) slide(s string, x, y []text.Token, from, to, at, low, lowY, high, highY int) int {
	best, cost := 0, p.slideCost(s, x, y, from, to, at, 0)
	for k := 1; from-k >= low && at-k >= lowY && x[from-k].Key == x[to-k].Key; k++ {
		if c := p.slideCost(s, x, y, from, to, at, -k); c < cost {
			best, cost = -k, c
		}
	}
	for k := 1; to+k <= high && at+k <= highY && x[from+k-1].Key == x[to+k-1].Key; k++ {
		if c := p.slideCost(s, x, y, from, to, at, k); c < cost {
			best, cost = k, c
		}
	}
	return best
}

func (p *pair) slideCost(s string, x, y []text.Token, from, to, at, by int) int {
	c := 0
	if !text.EndsSentence(s, x, from+by-1) {
		c += 4
	}
	if !text.EndsSentence(s, x, to+by-1) {
		c += 4
	}
	differ := func(i, j int) int {
		if x[i].Mark != y[j].Mark {
			return 3
		}
		return 0
	}
	for k := 0; k < -by; k++ { // words of y that stand beside others after a move to the left
		c += differ(to-1-k, at-1-k) - differ(from-1-k, at-1-k)
	}
	for k := 0; k < by; k++ {
		c += differ(from+k, at+k) - differ(to+k, at+k)
	}
	return c
}

// grown stretches a hunk with numbers over the number words, units and date words around it, taking in the hunks that it meets.
func (p *pair) grown(h hunk, i, j, k int) (hunk, int) {
	if !p.hasNumeric(h) {
		return h, k
	}
	for h.a1 > i && h.b1 > j && p.numericAt(&p.off, h.a1-1) {
		h.a1, h.b1 = h.a1-1, h.b1-1
	}
	for {
		endA, endB := len(p.a), len(p.b)
		if k+1 < len(p.hunks) {
			endA, endB = p.hunks[k+1].a1, p.hunks[k+1].b1
		}
		for h.a2 < endA && h.b2 < endB && p.numericAt(&p.off, h.a2) {
			h.a2, h.b2 = h.a2+1, h.b2+1
		}
		if k+1 >= len(p.hunks) || h.a2 < endA || h.b2 < endB || p.isEdge(p.hunks[k+1]) {
			return h, k
		}
		next := p.hunks[k+1]
		if !p.hasNumeric(next) {
			return h, k
		}
		h.a2, h.b2 = next.a2, next.b2
		k++
	}
}

func (p *pair) hasNumeric(h hunk) bool {
	for i := h.a1; i < h.a2; i++ {
		if p.numericAt(&p.off, i) {
			return true
		}
	}
	for j := h.b1; j < h.b2; j++ {
		if p.numericAt(&p.fnd, j) {
			return true
		}
	}
	return false
}

// numericAt tells the tokens that values are made of.
func (p *pair) numericAt(r *text.Reader, i int) bool {
	t := r.Tokens[i]
	if t.Flags&text.Numeral != 0 {
		return true
	}
	w := t.Word
	if r.Loose {
		w = text.LooseWord(t)
	}
	if w == text.WordNot { // không trăm
		return i+1 < len(r.Tokens) && r.Tokens[i+1].Word == text.WordHundred
	}
	return w >= text.WordZero && w <= text.WordMinute
}
