package verify

import (
	"slices"
	"strings"

	"khue/text"
)

// item is a value or a word within a hunk.
type item struct {
	value    text.Value // of KindWord for a word
	key      uint64
	from, to int // its tokens
}

// items reads a stretch as values and words.
func items(r *text.Reader, from, to int) []item {
	var list []item
	for i := from; i < to; {
		v, n := r.At(i)
		if n == 0 {
			list = append(list, item{key: r.Tokens[i].Key, from: i, to: i + 1})
			i++
			continue
		}
		n = min(n, to-i)
		list = append(list, item{value: v, from: i, to: i + n})
		i += n
	}
	return list
}

func (x item) same(y item) bool {
	if x.value.Kind == text.KindWord && y.value.Kind == text.KindWord {
		return x.key == y.key
	}
	return x.value.Same(y.value)
}

// inside judges a hunk between shared words.
func (p *pair) inside(h hunk) {
	whole := h
	if p.hasNumeric(h) {
		a, b := items(&p.off, h.a1, h.a2), items(&p.fnd, h.b1, h.b2)
		if slices.EqualFunc(a, b, item.same) {
			p.form++
			p.run(RunForm, h, -1)
			return
		}
		for len(a) > 0 && len(b) > 0 && a[0].same(b[0]) {
			h.a1, h.b1 = a[0].to, b[0].to
			a, b = a[1:], b[1:]
		}
		for len(a) > 0 && len(b) > 0 && a[len(a)-1].same(b[len(b)-1]) {
			h.a2, h.b2 = a[len(a)-1].from, b[len(b)-1].from
			a, b = a[:len(a)-1], b[:len(b)-1]
		}
		p.sameAround(whole, h)
		if kind, ok := p.valueKind(a, b); ok {
			core := p.trimmed(h)
			p.sameAround(h, core)
			p.change(kind, Critical, core, kind == Date || kind == Paper || kind == Number)
			p.sameAfter(core, whole)
			return
		}
	}
	switch {
	case h.b1 == h.b2:
		p.omission(h)
	case h.a1 == h.a2:
		p.insertion(h)
	case p.sameLetters(h):
		p.form++
		p.run(RunForm, h, -1)
	default:
		p.exchange(h)
	}
	p.sameAfter(h, whole)
}

// sameAround and sameAfter show what a grown hunk took in and the judgement left out again.
func (p *pair) sameAround(whole, h hunk) {
	if h.a1 > whole.a1 || h.b1 > whole.b1 {
		p.run(RunForm, hunk{whole.a1, h.a1, whole.b1, h.b1}, -1)
	}
}

func (p *pair) sameAfter(h, whole hunk) {
	if h.a2 < whole.a2 || h.b2 < whole.b2 {
		p.run(RunForm, hunk{h.a2, whole.a2, h.b2, whole.b2}, -1)
	}
}

// trimmed leaves out equal words at both ends of a hunk.
func (p *pair) trimmed(h hunk) hunk {
	for h.a1 < h.a2 && h.b1 < h.b2 && p.a[h.a1].Key == p.b[h.b1].Key {
		h.a1, h.b1 = h.a1+1, h.b1+1
	}
	for h.a1 < h.a2 && h.b1 < h.b2 && p.a[h.a2-1].Key == p.b[h.b2-1].Key {
		h.a2, h.b2 = h.a2-1, h.b2-1
	}
	return h
}

// valueKind tells the kind of a change of values: both sides have one, or one side has nothing else.
func (p *pair) valueKind(a, b []item) (Kind, bool) {
	if len(a) == 0 || len(b) == 0 || len(a) > 12 || len(b) > 12 {
		return "", false
	}
	strong := func(r *text.Reader, list []item) (k text.Kind, certain bool) {
		for _, x := range list {
			if x.value.Kind == text.KindWord {
				continue
			}
			k = max(k, x.value.Kind)
			if x.to-x.from > 1 || r.Tokens[x.from].Flags&text.Numeral != 0 {
				certain = true
			}
		}
		return k, certain
	}
	ka, sureA := strong(&p.off, a)
	kb, sureB := strong(&p.fnd, b)
	if !sureA && !sureB && (ka == 0 || kb == 0) {
		return "", false
	}
	if ka == 0 && kb == 0 {
		return "", false
	}
	switch max(ka, kb) { // the kinds are in the order of how much they say
	case text.KindPaper:
		return Paper, true
	case text.KindMoney:
		return Money, true
	case text.KindDate, text.KindClock:
		return Date, true
	default:
		if i := a[0].from; i > 0 {
			switch p.a[i-1].Word {
			case text.WordDay, text.WordPart, text.WordMonth:
				return Date, true
			default:
			}
		}
		return Number, true
	}
}

// sameLetters tells whether both sides are the same letters, parted otherwise (TP HCM, TPHCM).
func (p *pair) sameLetters(h hunk) bool {
	letters := func(s string, tokens []text.Token) string {
		var b strings.Builder
		for _, t := range tokens {
			b.WriteString(t.Of(s))
		}
		return text.Key(b.String())
	}
	a, b := letters(p.off.Text, p.a[h.a1:h.a2]), letters(p.fnd.Text, p.b[h.b1:h.b2])
	return a == b || p.loose && text.Fold(a) == b
}

// negations counts the words that deny.
func negations(r *text.Reader, from, to int) int {
	n := 0
	for i := from; i < to; i++ {
		if text.IsNegation(r.Tokens, i) || r.Loose && r.Tokens[i].Word == text.WordNone && text.LooseWord(r.Tokens[i]) == text.WordNot {
			n++
		}
	}
	return n
}

// lone tells a single word that denies, whatever stands around it: nhóm hàng có, nhóm hàng không có.
func (p *pair) lone(r *text.Reader, from, to int) bool {
	return to-from == 1 && r.Tokens[from].Word == text.WordNot
}

// omission judges official words that the text lacks between words that it has.
func (p *pair) omission(h hunk) {
	if p.wholeSentences(h) {
		p.leftOut(h)
		return
	}
	switch n := negations(&p.off, h.a1, h.a2); {
	case n > 0 && h.a2-h.a1 <= 3, p.lone(&p.off, h.a1, h.a2):
		p.change(Negation, Critical, h, false)
	case n > 0 || p.heavy(&p.off, p.a, h.a1, h.a2):
		p.change(Omitted, Critical, h, false)
	case p.marked(h):
		p.leftOut(h) // and says so
	default:
		p.change(Omitted, Material, h, false)
	}
}

// marked tells whether the text shows with dots that something was left out at a place.
func (p *pair) marked(h hunk) bool {
	if h.b1 == 0 || h.b1 >= len(p.b) {
		return false
	}
	gap := p.fnd.Text[p.b[h.b1-1].End:p.b[h.b1].Start]
	return strings.Contains(gap, "…") || strings.Contains(gap, "...")
}

// insertion judges words that the text has between official ones.
func (p *pair) insertion(h hunk) {
	n := h.b2 - h.b1
	sentence := text.EndsSentence(p.fnd.Text, p.b, h.b1-1) && text.EndsSentence(p.fnd.Text, p.b, h.b2-1)
	switch {
	case sentence || n >= 8:
		p.change(Inserted, Material, h, false)
	case negations(&p.fnd, h.b1, h.b2)%2 == 1, p.lone(&p.fnd, h.b1, h.b2):
		p.change(Negation, Critical, h, false)
	case p.heavy(&p.fnd, p.b, h.b1, h.b2):
		p.change(Inserted, Critical, h, false)
	default:
		p.change(Inserted, Material, h, false)
	}
}

// exchange judges words put in the place of others.
func (p *pair) exchange(h hunk) {
	na, nb := h.a2-h.a1, h.b2-h.b1
	switch {
	case na >= 12 && nb >= 12 || na+nb >= 30: // another passage
		p.change(Inserted, Material, hunk{h.a1, h.a1, h.b1, h.b2}, false)
		if !text.EndsSentence(p.off.Text, p.a, h.a1-1) || !text.EndsSentence(p.off.Text, p.a, h.a2-1) {
			p.change(Omitted, Material, hunk{h.a1, h.a2, h.b2, h.b2}, false)
		} else {
			p.leftOut(hunk{h.a1, h.a2, h.b2, h.b2})
		}
	case negations(&p.off, h.a1, h.a2) != negations(&p.fnd, h.b1, h.b2):
		p.change(Negation, Critical, h, false)
	case p.isName(h):
		p.change(Name, Critical, h, false)
	default:
		p.change(Wording, Material, h, false)
	}
}

// isName tells whether a name was put in the place of another: capitals on both sides, where the text's capitals mean anything.
func (p *pair) isName(h hunk) bool {
	capitals := func(s string, tokens []text.Token, from, to int) bool {
		for i := from; i < to; i++ {
			if tokens[i].Flags&text.Capital == 0 {
				return false
			}
		}
		return to-from > 1 || !text.EndsSentence(s, tokens, from-1)
	}
	return capitals(p.off.Text, p.a, h.a1, h.a2) && (p.capsFound || capitals(p.fnd.Text, p.b, h.b1, h.b2))
}
