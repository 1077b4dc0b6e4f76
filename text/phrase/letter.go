package phrase

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// entry says what a character is to a syllable, packed: bits 0–7 the letter without marks (ASCII, lower case), 8–11 its
// quality, with the bit toned if it bears a tone, 12–14 its tone, 16–17 how far that moves the tones before it, 20 and up its kind.
type entry uint32

// Kinds of characters.
const (
	gap     entry = iota << 20 // ends a syllable
	plain                      // an ASCII letter or digit, with at most one quality and one tone of Vietnamese
	tone                       // a combining tone
	quality                    // a combining circumflex, breve or horn
	odd                        // all else that a syllable may hold; spell reads it
)

func (e entry) kind() entry     { return e &^ 0xFFFFF }
func (e entry) letter() uint64  { return uint64(e & 0xFF) }
func (e entry) quality() uint64 { return uint64(e >> 8 & 0xF) }
func (e entry) tone() uint64    { return uint64(e >> 12 & 0x7) }
func (e entry) shift() uint     { return uint(e >> 16 & 0x3) }

// What makes one Vietnamese letter out of another.
const (
	circumflex = 1 + iota
	breve
	horn
	stroke // đ, the only one that is no combining mark
)

// tables holds the entries of U+0000–036F and, behind them, of U+1E00–1EFF: all that Vietnamese is written with.
const (
	lowEnd   = 0x370
	addition = 0x1E00
	tableLen = lowEnd + 0x100
)

// entries is filled once from the Unicode tables.
var entries = func() (t [tableLen]entry) {
	for i := range t {
		r := rune(i)
		if i >= lowEnd {
			r = rune(i-lowEnd) + addition
		}
		t[i] = takeApart(r)
	}
	return t
}()

// takeApart finds the entry of a character.
func takeApart(r rune) entry {
	if !inSyllable(r) {
		return gap
	}
	if q := qualityOf(r); q > 0 {
		return quality | entry(q)<<8
	}
	if n := toneOf(r); n > 0 {
		return tone | entry(n)<<12
	}
	if unicode.IsMark(r) || r == 0x130 { // İ is two letters in lower case
		return odd
	}
	e, first := plain, true
	for _, c := range norm.NFD.String(string(unicode.ToLower(r))) {
		q, n := qualityOf(c), toneOf(c)
		switch {
		case first && c == 'đ':
			e |= 'd' | stroke<<8
		case first && c < utf8.RuneSelf:
			e |= entry(c)
		case !first && q > 0 && e.quality()&^toned == 0:
			e |= entry(q) << 8
		case !first && n > 0 && e.tone() == 0:
			e |= entry(n)<<12 | toned<<8 | 3<<16
		default:
			return odd
		}
		first = false
	}
	return e
}

// toneOf gives the number of a combining tone, 0 for what is none.
func toneOf(r rune) uint64 {
	switch r {
	case 0x300:
		return 1 // huyền
	case 0x301:
		return 2 // sắc
	case 0x303:
		return 3 // ngã
	case 0x309:
		return 4 // hỏi
	case 0x323:
		return 5 // nặng
	}
	return 0
}

func qualityOf(r rune) uint64 {
	switch r {
	case 0x302:
		return circumflex
	case 0x306:
		return breve
	case 0x31B:
		return horn
	}
	return 0
}

// wide gives the entry of the character beyond ASCII at i and its length in bytes. A byte that is not UTF-8 is a gap.
func wide(s string, i int) (entry, int) {
	c := s[i]
	switch {
	case c >= 0xC2 && c <= 0xCC && i+1 < len(s) && s[i+1]&0xC0 == 0x80:
		return entries[int(c&0x1F)<<6|int(s[i+1]&0x3F)], 2
	case c == 0xE1 && i+2 < len(s) && s[i+1] >= 0xB8 && s[i+1] <= 0xBB && s[i+2]&0xC0 == 0x80:
		return entries[lowEnd+int(s[i+1]&3)<<6+int(s[i+2]&0x3F)], 3
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	switch {
	case r == utf8.RuneError && n == 1, r >= 0x2010 && r <= 0x2064: // “ ” – … and their like
		return gap, n
	case r < lowEnd:
		return entries[r], n
	case inSyllable(r):
		return odd, n
	}
	return gap, n
}

// inSyllable tells letters, numbers and the combining marks that words are written with: not frames around a letter, nor
// the selectors of emoji.
func inSyllable(r rune) bool {
	if unicode.IsLetter(r) || unicode.IsNumber(r) {
		return true
	}
	return unicode.In(r, unicode.Mn, unicode.Mc) && !unicode.Is(unicode.Variation_Selector, r)
}
