package text

import (
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The five tone marks of Vietnamese as combining characters, by tone number; 0 is the level tone.
var toneMarks = [6]rune{0, 0x300, 0x301, 0x303, 0x309, 0x323} // huyền, sắc, ngã, hỏi, nặng

const (
	circumflex = 0x302
	breve      = 0x306
	horn       = 0x31B
)

// letter is what a precomposed letter is made of.
type letter struct {
	base rune  // lower case, with its quality mark (ê, ơ, đ) and without tone
	fold rune  // lower case without any mark; đ is d
	tone uint8 // index into toneMarks
	more uint8 // a second tone, which no Vietnamese letter has (ṹ)
	is   bool  // a letter at all
}

// letters covers what Vietnamese is written with: U+0000–024F and U+1E00–1EFF. It is filled once from the Unicode tables.
var letters = func() (t [0x250 + 0x100]letter) {
	for i := range t {
		r := rune(i)
		if i >= 0x250 {
			r = rune(i-0x250) + 0x1E00
		}
		t[i] = takeApart(r)
	}
	return t
}()

func takeApart(r rune) letter {
	l := letter{is: unicode.IsLetter(r)}
	if !l.is {
		l.base, l.fold = r, r
		return l
	}
	quality := []rune{}
	for i, m := range []rune(norm.NFD.String(string(unicode.ToLower(r)))) {
		switch tone := toneOf(m); {
		case i == 0:
			l.fold = m
		case tone > 0 && l.tone == 0:
			l.tone = tone
		case tone > 0:
			l.more = tone
		default:
			quality = append(quality, m)
		}
	}
	l.base = l.fold
	if len(quality) > 0 {
		l.base = []rune(norm.NFC.String(string(l.fold) + string(quality)))[0]
	}
	if l.fold == 'đ' {
		l.fold = 'd'
	}
	return l
}

func toneOf(mark rune) uint8 {
	switch mark {
	case 0x300, 0x340:
		return 1
	case 0x301, 0x341:
		return 2
	case 0x303:
		return 3
	case 0x309:
		return 4
	case 0x323:
		return 5
	}
	return 0
}

// letterOf takes a letter apart; ok is false for what the table does not hold.
func letterOf(r rune) (letter, bool) {
	switch {
	case r < 0:
		return letter{}, false
	case r < 0x250:
		return letters[r], true
	case r >= 0x1E00 && r <= 0x1EFF:
		return letters[r-0x1E00+0x250], true
	}
	return letter{}, false
}

// isMark tells the combining marks that belong to the letter before them in Latin script, among them underlines and strokes
// laid over letters to hide them from filters.
func isMark(r rune) bool {
	return r >= 0x300 && r <= 0x36F || r >= 0x1AB0 && r <= 0x1AFF || r >= 0x1DC0 && r <= 0x1DFF || r >= 0x20D0 && r <= 0x20FF || r >= 0xFE20 && r <= 0xFE2F
}

// anyMark tells combining marks of any script.
func anyMark(r rune) bool { return r >= 0x300 && (isMark(r) || unicode.IsMark(r)) }

// isLetter and isDigit say what a syllable is made of, in any script.
func isLetter(r rune) bool {
	if l, ok := letterOf(r); ok {
		return l.is
	}
	return unicode.IsLetter(r)
}

func isDigit(r rune) bool {
	if r < 0x80 {
		return r >= '0' && r <= '9'
	}
	return unicode.IsDigit(r)
}

// inSyllable tells whether r is part of a syllable.
func inSyllable(r rune) bool {
	if r < 0x80 {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return isLetter(r) || isDigit(r) || unicode.IsMark(r)
}

// isVowel tells the vowels among folded letters.
func isVowel(r rune) bool {
	switch r {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		return true
	}
	return false
}
