package verify

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"khue/text"
	"khue/text/diff"
)

// hunk is a place where the texts differ: official tokens [a1,a2) beside found tokens [b1,b2).
type hunk struct{ a1, a2, b1, b2 int }

// pair is the comparison of one official text with a found one.
type pair struct {
	off, fnd  text.Reader
	a, b      []text.Token
	hunks     []hunk
	matched   int  // words in shared runs
	loose     bool // the found text was typed without marks
	capsFound bool // the found text's capitals say nothing: all of it is in capitals, or none
	changes   []Change
	runs      []Run
	left      int // words of the official text that may be left out and were
	form      int // places that are written otherwise and say the same
}

// compare aligns and judges; the score tells which of several documents explains the text best.
func compare(sc *scratch, d *document, found string) (r Result, score int) {
	sc.official = text.AppendTokens(sc.official[:0], d.text, false)
	sc.a, sc.b = keys(sc.a[:0], sc.official), keys(sc.b[:0], sc.found)
	sc.ops = sc.aligner.Words(sc.ops[:0], sc.a, sc.b)
	p := pair{off: text.Reader{Text: d.text, Tokens: sc.official}, fnd: text.Reader{Text: found, Tokens: sc.found}, a: sc.official, b: sc.found}
	longest := 0
	for _, o := range sc.ops {
		if o.Equal && o.ATo-o.AFrom >= runWords {
			n := spaced(found, sc.found[o.BFrom:o.BTo])
			p.matched += n
			longest = max(longest, n)
		}
	}
	if n := spaced(found, p.b); longest < longestRun || p.matched < leastAlone || float64(p.matched) < leastShare*float64(n) || p.matched < leastWords && p.matched*10 < n*8 {
		return Result{Verdict: Unknown, Grade: None}, 0
	}
	p.habits()
	p.collect(sc.ops)
	p.judge()
	r = Result{Document: d.id, Official: d.text, Grade: None, Changes: p.changes, Runs: p.runs}
	for _, c := range p.changes {
		if c.Grade == Critical || r.Grade == None {
			r.Grade = c.Grade
		}
	}
	switch {
	case len(p.changes) > 0:
		r.Verdict = Altered
	case p.left > 0:
		r.Verdict = Abridged
	default:
		r.Verdict = Authentic
	}
	r.Steps = []Step{
		{"align", map[string]int{"shared": p.matched, "official": len(p.a), "found": len(p.b)}},
		{"compare", map[string]int{"places": len(p.changes), "form": p.form, "left-out": p.left}},
	}
	score = p.matched
	for _, c := range p.changes {
		score -= 2 + min(20, strings.Count(c.Found, " ")+strings.Count(c.Official, " "))
	}
	return r, score
}

// spaced counts the words that stand apart: an address or a date is one.
func spaced(s string, tokens []text.Token) int {
	n := 0
	for _, t := range tokens {
		if t.Start == 0 || !strings.ContainsRune("/._-:?=&#@,", rune(s[t.Start-1])) {
			n++
		}
	}
	return n
}

func keys(dst []uint64, tokens []text.Token) []uint64 {
	for _, t := range tokens {
		dst = append(dst, t.Key)
	}
	return dst
}

// habits learns how the found text was typed.
func (p *pair) habits() {
	count := func(tokens []text.Token, f text.Flags) (n int) {
		for _, t := range tokens {
			if t.Flags&f != 0 {
				n++
			}
		}
		return n
	}
	words := len(p.b) - count(p.b, text.Numeral)
	p.loose = count(p.b, text.Marked)*20 < words && count(p.a, text.Marked)*4 > len(p.a)
	p.fnd.Loose = p.loose
	upper, capital := count(p.b, text.Upper), count(p.b, text.Capital)
	p.capsFound = upper*2 > words || capital*50 < words && count(p.a, text.Capital)*20 > len(p.a)
}

// collect makes hunks of what the alignment leaves, with the words whose marks differ, and joins those that belong together.
func (p *pair) collect(ops []diff.Op) {
	var raw []hunk
	i, j := 0, 0 // the end of the hunk before
	for k, o := range ops {
		if o.Equal {
			continue
		}
		h := hunk{o.AFrom, o.ATo, o.BFrom, o.BTo}
		if !p.isEdge(h) {
			endA, endB := len(p.a), len(p.b)
			if k+2 < len(ops) {
				endA, endB = ops[k+2].AFrom, ops[k+2].BFrom
			}
			h = p.slid(h, i, j, endA, endB)
		}
		raw = append(raw, h)
		i, j = h.a2, h.b2
	}
	i, j = 0, 0
	for _, h := range append(raw, hunk{len(p.a), len(p.a), len(p.b), len(p.b)}) {
		for ; i < h.a1; i, j = i+1, j+1 {
			if p.marksDiffer(i, j) {
				p.join(hunk{i, i + 1, j, j + 1})
			}
		}
		if h.a2 > h.a1 || h.b2 > h.b1 {
			p.join(h)
		}
		i, j = h.a2, h.b2
	}
}

// join adds a hunk, to the one before where they are one change.
func (p *pair) join(h hunk) {
	if n := len(p.hunks); n > 0 && !p.isEdge(h) {
		l := &p.hunks[n-1]
		between := h.a1 - l.a2
		small := min(l.a2-l.a1+l.b2-l.b1, h.a2-h.a1+h.b2-h.b1)
		if !p.isEdge(*l) && !p.wholeSentences(*l) && !p.wholeSentences(h) && (between == 0 || between <= 2 && small >= 6*between) {
			l.a2, l.b2 = h.a2, h.b2
			return
		}
	}
	p.hunks = append(p.hunks, h)
}

// wholeSentences tells whether whole official sentences are left out, and nothing is put in.
func (p *pair) wholeSentences(h hunk) bool {
	return h.b1 == h.b2 && text.EndsSentence(p.off.Text, p.a, h.a1-1) && text.EndsSentence(p.off.Text, p.a, h.a2-1)
}

// isEdge tells the hunks before the first and after the last shared word.
func (p *pair) isEdge(h hunk) bool {
	return h.a1 == 0 && h.b1 == 0 || h.a2 == len(p.a) && h.b2 == len(p.b)
}

// marksDiffer tells whether two words of the same letters differ in marks in a way that a reader would see as another word:
// marks that are only missing are form.
func (p *pair) marksDiffer(i, j int) bool {
	a, b := p.a[i], p.b[j]
	if a.Mark == b.Mark || b.Flags&text.Marked == 0 || b.Flags&text.Teen != 0 {
		return false
	}
	return !onlyMissing(a.Of(p.off.Text), b.Of(p.fnd.Text))
}

// onlyMissing tells whether b is a with some marks missing; the tone counts for the whole syllable.
func onlyMissing(a, b string) bool {
	x, y := []rune(text.Key(a)), []rune(text.Key(b))
	var xTone, yTone []rune
	x, xTone = tones(x)
	y, yTone = tones(y)
	if len(x) != len(y) || len(yTone) > 0 && !slices.Equal(xTone, yTone) {
		return false
	}
	for k := range x {
		if x[k] != y[k] && text.Fold(string(x[k])) != string(y[k]) {
			return false
		}
	}
	return true
}

func tones(key []rune) (letters, tones []rune) {
	n := len(key)
	for n > 0 && unicode.IsMark(key[n-1]) {
		n--
	}
	return key[:n], key[n:]
}

// span gives the bytes of tokens [from,to), an empty span before token from where there are none.
func span(s string, tokens []text.Token, from, to int) text.Span {
	if from < to {
		return text.Span{Start: int(tokens[from].Start), End: int(tokens[to-1].End)}
	}
	at := len(s)
	if from < len(tokens) {
		at = int(tokens[from].Start)
	}
	return text.Span{Start: at, End: at}
}

// widened stretches a span over what is written together with it: 9/5/2025, 12-15, 123/QĐ-UBND.
func widened(s string, sp text.Span) text.Span {
	if sp.Start == sp.End {
		return sp
	}
	for sp.Start > 0 {
		r, n := utf8.DecodeLastRuneInString(s[:sp.Start])
		if !joins(r) {
			break
		}
		sp.Start -= n
	}
	for sp.End < len(s) {
		r, n := utf8.DecodeRuneInString(s[sp.End:])
		if !joins(r) {
			break
		}
		sp.End += n
	}
	trimmed := strings.Trim(sp.Of(s), ".,:-–/")
	at := strings.Index(sp.Of(s), trimmed)
	return text.Span{Start: sp.Start + at, End: sp.Start + at + len(trimmed)}
}

func joins(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("./-–:,%", r)
}
