package phrase

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Hangul syllables are taken apart by counting (The Unicode Standard, 3.12).
const (
	hangul, hangulEnd    = 0xAC00, 0xD7A4
	leads, vowels, tails = 0x1100, 0x1161, 0x11A7
	vowelCount           = 21
	tailCount            = 28
)

// maxMarks is how many marks of one letter are put in Unicode's order; what is piled on top of them stays in its own.
const maxMarks = 32

// speller spells a syllable that holds more than Vietnamese letters each with at most one tone and one quality: from its
// canonical decomposition, letter by letter.
type speller struct {
	letters, qualities, tones, before, more uint64
	n                                       int // letters packed, up to 8

	marks [maxMarks]mark // of the letter that was written last
	held  int
}

// mark is a combining mark with its class, which orders the marks of a letter.
type mark struct {
	r     rune
	class uint8
}

// startsAt tells whether a syllable can begin with the character that s begins with: no mark.
func startsAt(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return !unicode.IsMark(r)
}

// spell reads the syllable that begins at start, whatever it holds.
func spell(s string, start int) (from, end int, fold, marked uint64) {
	var w speller
	i := start
	for cased := false; i < len(s); {
		e, n := entries[s[i]&0x7F], 1
		if s[i] >= utf8.RuneSelf {
			e, n = wide(s, i)
		}
		if e == gap {
			break
		}
		r, _ := utf8.DecodeRuneInString(s[i:])
		i += n
		if r == 'Σ' && cased && !casedNext(s[i:]) {
			r = 'ς'
		}
		w.take(r)
		if !caseIgnorable(r) {
			cased = isCased(r)
		}
	}
	w.bear()
	return start, i, without(w.letters, w.before), with(w.letters, w.before, w.qualities, w.tones, w.more)
}

// casedNext tells whether a cased letter follows within the syllable. Σ is ς in lower case where one stands before it and none behind it
// (The Unicode Standard, 3.13, Final_Sigma).
func casedNext(s string) bool {
	for _, r := range s {
		if !inSyllable(r) {
			return false
		}
		if !caseIgnorable(r) {
			return isCased(r)
		}
	}
	return false
}

func caseIgnorable(r rune) bool { return unicode.In(r, unicode.Mn, unicode.Lm) }

func isCased(r rune) bool {
	return unicode.In(r, unicode.Lu, unicode.Ll, unicode.Lt, unicode.Other_Lowercase, unicode.Other_Uppercase)
}

// take adds one character, in lower case and taken apart.
func (w *speller) take(r rune) {
	if hangul <= r && r < hangulEnd {
		n := r - hangul
		w.part(leads+n/(vowelCount*tailCount), 0)
		w.part(vowels+n%(vowelCount*tailCount)/tailCount, 0)
		if t := n % tailCount; t > 0 {
			w.part(tails+t, 0)
		}
		return
	}
	if r == 0x130 { // İ, the one letter that is two in lower case
		w.part('i', 0)
		w.part(0x307, 230)
		return
	}
	var buf [utf8.UTFMax]byte
	r = unicode.ToLower(r)
	parts := norm.NFD.Properties(utf8.AppendRune(buf[:0], r)).Decomposition()
	if parts == nil {
		parts = utf8.AppendRune(buf[:0], r)
	}
	for len(parts) > 0 {
		c, n := utf8.DecodeRune(parts)
		w.part(c, norm.NFD.Properties(parts[:n]).CCC())
		parts = parts[n:]
	}
}

// part adds one character of the decomposition.
func (w *speller) part(r rune, class uint8) {
	if class == 0 {
		w.bear()
		w.write(r)
		return
	}
	if w.held == maxMarks {
		w.bear()
	}
	i := w.held
	for ; i > 0 && w.marks[i-1].class > class; i-- {
		w.marks[i] = w.marks[i-1]
	}
	w.marks[i] = mark{r, class}
	w.held++
}

// write adds a letter.
func (w *speller) write(r rune) {
	q := uint64(0)
	if r == 'đ' {
		r, q = 'd', stroke
	}
	var buf [utf8.UTFMax]byte
	for _, c := range utf8.AppendRune(buf[:0], r) {
		if w.n == 8 {
			w.before, w.more = regroup(w.letters, w.before, w.qualities, w.more)
			w.letters, w.qualities, w.n = 0, 0, 0
		}
		w.letters, w.qualities = w.letters<<8|uint64(c), w.qualities<<4
		w.n++
	}
	w.qualities |= q
}

// bear gives the letter that was written last the marks gathered for it.
func (w *speller) bear() {
	others, only := 0, uint64(0)
	for _, m := range w.marks[:w.held] {
		if t := toneOf(m.r); t > 0 {
			if w.tones>>57 != 0 {
				w.more, w.tones = mix(w.more+w.tones)+k2, 0
			}
			w.tones = w.tones<<3 | t
			continue
		}
		others++
		only = qualityOf(m.r)
	}
	switch {
	case others == 1 && only > 0 && w.qualities&7 == 0 && w.letters&0x80 == 0:
		w.qualities |= only
	case others > 0:
		for _, m := range w.marks[:w.held] {
			if toneOf(m.r) == 0 {
				w.more = mix(w.more+uint64(m.r)<<8+uint64(w.n)) + k3
			}
		}
	}
	w.held = 0
}
