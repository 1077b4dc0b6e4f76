package neardup

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"khue/text"
)

// What a byte does to the syllable under way, given the byte before it. A small letter without marks, or a digit, has letter set and
// is taken into it.
const (
	ends    = iota // a character that stands between syllables is complete
	nothing        // a mark, a hidden character, or one that is not complete
	odd            // needs more care than a table has
	entity         // may begin an HTML entity
	letter  = 0x80
)

// table says what each byte does. A character of several bytes is known by its last two of them: what else could stand before those
// is odd. So no step waits for the one before, and none of the usual ones is a branch.
type table struct {
	row   [256]uint8     // of the byte before
	class [32 << 8]uint8 // by row and byte
}

// Rows of the table. Those of the characters of two bytes, which begin with C2 to CD, follow rowTwo.
const (
	rowAny   = iota // an ASCII character, or the end of another one
	rowE1           // expects B8 to BB: U+1E00 to 1EFF
	rowE2           // expects 80 to 83, 94 to AF: U+2000 to 20FF, 2500 to 2BFF
	rowF0           // expects 9F
	row9F           // expects 8C to AB: U+1F300 to 1FAFF
	rowSign         // the last byte of an emoji or the like
	rowLatin        // four: the last byte of U+1E00 to 1EFF
	rowPunct = rowLatin + 4
	rowTwo   = rowPunct + 4
)

// tables is filled once, by what package text makes of each character.
var tables = sync.OnceValue(func() *table {
	t := &table{}
	at := func(row int, b int) *uint8 { return &t.class[row<<8|b] }
	for b := range 256 {
		first := uint8(nothing)
		switch {
		case b < utf8.RuneSelf:
			first = classOf(rune(b))
		case b >= 0xC2 && b <= 0xCD:
			t.row[b] = uint8(rowTwo + b - 0xC2)
		case b == 0xE1:
			t.row[b] = rowE1
		case b == 0xE2:
			t.row[b] = rowE2
		case b == 0xF0:
			t.row[b] = rowF0
		case b == 0x9F:
			t.row[b] = row9F
		case b >= 0xB8 && b <= 0xBB:
			t.row[b] = uint8(rowLatin + b - 0xB8)
		case b >= 0x80 && b <= 0x83:
			t.row[b] = uint8(rowPunct + b - 0x80)
		case b >= 0x8C && b <= 0xAF:
			t.row[b] = rowSign
		}
		if b >= 0xC0 && t.row[b] == rowAny {
			first = odd
		}
		for row := range 32 {
			*at(row, b) = first
			if b >= 0x80 && b < 0xC0 {
				*at(row, b) = odd
			}
		}
	}
	for b := 0x80; b < 0xC0; b++ {
		for i := range 12 {
			*at(rowTwo+i, b) = classOf(rune((0xC2+i)&0x1F<<6 | b&0x3F))
		}
		for i := range 4 {
			*at(rowLatin+i, b) = classOf(rune(0x1E00 + i<<6 | b&0x3F))
			*at(rowPunct+i, b) = classOf(rune(0x2000 + i<<6 | b&0x3F))
		}
		*at(rowSign, b) = ends
	}
	for b := 0xB8; b <= 0xBB; b++ {
		*at(rowE1, b) = nothing
	}
	for b := 0x80; b <= 0x83; b++ {
		*at(rowE2, b) = nothing
	}
	for b := 0x94; b <= 0xAF; b++ {
		*at(rowE2, b) = nothing
	}
	*at(rowF0, 0x9F) = nothing
	for b := 0x8C; b <= 0xAB; b++ {
		*at(row9F, b) = nothing
	}
	return t
})

func classOf(r rune) uint8 {
	s := string(r)
	switch {
	case r == 'y' || r == 'Y':
		return letter | 'i' // kỷ is kỉ
	case r == '&':
		return entity
	case text.Normalize("a"+s+"b") == "ab":
		return nothing
	case r >= 0x300 && r < 0x370:
		return nothing
	case text.Normalize(s) != s || r >= 0x180 && r < 0x300 && r != 'ơ' && r != 'Ơ' && r != 'ư' && r != 'Ư':
		return odd
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		if f := text.Fold(s); len(f) == 1 && isPlain(rune(f[0])) {
			if f == "y" {
				f = "i"
			}
			return letter | f[0]
		}
		return odd
	case unicode.IsMark(r):
		return odd
	}
	return ends
}

func isPlain(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}
