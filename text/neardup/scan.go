package neardup

import (
	"html"
	"math/bits"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"khue/text"
)

// step takes one more letter into the hash of a syllable. Up to nine letters none of them falls on another.
func step(h uint64, class uint8) uint64 { return bits.RotateLeft64(h, 7) + uint64(class) }

// A scanner finds the syllables of texts: runs of letters, marks and digits, in small letters without marks. NFC and NFD, tones old and
// new, capitals, hidden and look-alike letters and HTML entities make no difference.
type scanner struct {
	text  string
	found []uint64 // a hash of each
	n     int      // how many of found there are
	whole bool     // entities were written out
	known bool     // whether the text is mostly in Latin letters
	latin bool
}

// longest is how many syllables have room in memory that is kept.
const longest = 1 << 16

// scan fills found with the hashes of a text's syllables.
func (sc *scanner) scan(s string) []uint64 {
	if len(sc.found) > longest && len(s) < longest { // a long text's memory is not held for ever
		sc.found = nil
	}
	sc.text, sc.n, sc.whole, sc.known = s, 0, false, false
	sc.run()
	sc.text = ""
	return sc.found[:sc.n]
}

func (sc *scanner) run() {
	sc.room(len(sc.text)/2 + 1)
	t, s, found := tables(), sc.text, sc.found
	h, before, n := uint64(0), byte(0), uint(sc.n)
	for i := 0; i < len(s); i++ {
		b := s[i]
		c := t.class[uint(t.row[before]&31)<<8|uint(b)]
		before = b
		if c >= odd && c < letter {
			if c == entity && (sc.whole || !isEntity(s[i:])) {
				c = ends
			} else if c == entity {
				sc.text, sc.n, sc.whole = html.UnescapeString(s), 0, true
				sc.run()
				return
			} else {
				sc.n = int(n)
				i, h = sc.care(i, h)
				sc.room((len(s)-i)/2 + 1)
				before, n, found = 0, uint(sc.n), sc.found
				continue
			}
		}
		// Without branches, which nobody could foretell: a letter goes into the syllable, an end writes it down.
		is := uint64(int64(int8(c)) >> 63)
		h ^= (h ^ step(h, c)) & is
		if n >= uint(len(found)) {
			break // never: there is room for a syllable of one letter after another
		}
		found[n] = h
		end := (uint64(c) - 1) >> 63
		n += uint(end & ((h | -h) >> 63))
		h &= end - 1
	}
	if h != 0 {
		found[n] = h
		n++
	}
	sc.n = int(n)
}

// room makes sure that so many more syllables can be found.
func (sc *scanner) room(more int) {
	if len(sc.found)-sc.n < more {
		sc.found = append(sc.found[:sc.n], make([]uint64, more)...)
	}
}

// care does a character that the table calls odd, with the letters around it, and gives its last byte and what is under way then.
func (sc *scanner) care(i int, h uint64) (int, uint64) {
	first := i
	for first > 0 && i-first < 3 && !utf8.RuneStart(sc.text[first]) {
		first--
	}
	r, n := utf8.DecodeRuneInString(sc.text[first:])
	if first+n <= i { // a stray byte behind a character
		first, n = i, 1
	} else if r == 0xFE0F || r == 0xFEFF { // how an emoji looks; a byte order mark
		return first + n - 1, h
	}
	start, end := first, first+n
	for start > 0 && h != 0 { // back to where the syllable under way began
		r, n := utf8.DecodeLastRuneInString(sc.text[:start])
		if r < utf8.RuneSelf && !isPlain(r) || r >= utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsMark(r) && classOf(r) != nothing {
			break
		}
		start -= n
	}
	for end < len(sc.text) && (sc.text[end] >= utf8.RuneSelf || isPlain(rune(sc.text[end]))) {
		end++
	}
	if !sc.known {
		sc.known, sc.latin = true, mostlyLatin(sc.text)
	}
	p := sc.text[start:end]
	if sc.latin || hasLatin(p) {
		p = text.NormalizeIn(p, sc.latin)
	}
	sc.piece(p)
	return end - 1, 0
}

// piece does normalised letters of every script.
func (sc *scanner) piece(s string) {
	h, t := uint64(0), tables()
	end := func() {
		if h != 0 {
			sc.room(1)
			sc.found[sc.n] = h
			sc.n++
			h = 0
		}
	}
	for _, r := range s {
		c := uint8(odd)
		switch {
		case r < utf8.RuneSelf:
			c = t.class[r]
		case r < 0x370:
			c = t.class[(rowTwo+int(r>>6)-2)<<8|int(0x80|r&0x3F)]
		case r >= 0x1E00 && r < 0x1F00:
			c = t.class[(rowLatin+int(r>>6&3))<<8|int(0x80|r&0x3F)]
		}
		switch {
		case c >= letter:
			h = step(h, c)
		case c == odd && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			if r = bare(r); isPlain(r) {
				h = step(h, t.class[r])
			} else {
				h = (h ^ uint64(r)) * prime
			}
		case c != nothing && !unicode.IsMark(r):
			end()
		}
	}
	end()
}

// bare gives the small letter without marks.
func bare(r rune) rune {
	var buf [utf8.UTFMax]byte
	if d := norm.NFD.Properties(utf8.AppendRune(buf[:0], unicode.ToLower(r))).Decomposition(); len(d) > 0 {
		r, _ = utf8.DecodeRune(d)
		return r
	}
	return unicode.ToLower(r)
}

// isEntity tells whether s begins with something like &nbsp; or &#7879;.
func isEntity(s string) bool {
	for i := 1; i < len(s) && i < 12; i++ {
		switch c := s[i]; {
		case c == ';':
			return i > 2
		case c == '#' && i == 1, isPlain(rune(c)):
		default:
			return false
		}
	}
	return false
}

// mostlyLatin tells whether most letters of a text are Latin ones.
func mostlyLatin(s string) bool {
	n := 0
	for _, r := range s {
		switch {
		case isPlain(r) || r >= utf8.RuneSelf && isLatin(r):
			n++
		case r >= utf8.RuneSelf && unicode.IsLetter(r):
			n--
		}
	}
	return n > 0
}

func hasLatin(s string) bool {
	for _, r := range s {
		if isPlain(r) || r >= utf8.RuneSelf && isLatin(r) {
			return true
		}
	}
	return false
}

func isLatin(r rune) bool { return r < 0x300 || r >= 0x1E00 && r < 0x1F00 }
