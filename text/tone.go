package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Tones puts the tone of each Vietnamese syllable where office names, laws and most keyboards put it: hòa, xóa, thủy, ủy,
// quý, già (glossary.md, section 4). What is not built like a Vietnamese syllable stays as it is, but for Normalize.
func Tones(s string) string {
	s = Normalize(s)
	var b strings.Builder
	b.Grow(len(s))
	last := 0
	for _, sp := range Syllables(s) {
		b.WriteString(s[last:sp.Start])
		b.WriteString(placeTone(sp.Of(s)))
		last = sp.End
	}
	b.WriteString(s[last:])
	return b.String()
}

// placeTone moves the tone of one syllable in NFC to its place.
func placeTone(syllable string) string {
	var bases, folds []rune // with case; and folded
	tone := uint8(0)
	for _, r := range syllable {
		l, ok := letterOf(r)
		if !ok || !l.is {
			return syllable
		}
		if l.tone > 0 {
			if tone > 0 || l.more > 0 {
				return syllable
			}
			tone = l.tone
		}
		base := l.base
		if unicode.IsUpper(r) {
			base = unicode.ToUpper(base)
		}
		bases, folds = append(bases, base), append(folds, l.fold)
	}
	if tone == 0 {
		return syllable
	}
	at := toneSeat(bases, folds)
	if at < 0 {
		return syllable
	}
	var b strings.Builder
	for i, r := range bases {
		b.WriteRune(r)
		if i == at {
			b.WriteRune(toneMarks[tone])
		}
	}
	out := norm.NFC.String(b.String())
	if utf8.RuneCountInString(out) != len(bases) {
		return syllable
	}
	return out
}

// toneSeat finds the letter that bears the tone, -1 where the letters are not one Vietnamese syllable.
func toneSeat(bases, folds []rune) int {
	first, end := -1, -1
	for i, f := range folds {
		if isVowel(f) {
			if first < 0 {
				first = i
			} else if end >= 0 {
				return -1 // two groups of vowels
			}
		} else if first >= 0 && end < 0 {
			end = i
		}
	}
	if first < 0 {
		return -1
	}
	if end < 0 {
		end = len(folds)
	}
	// the u of qu and the i of gi belong to the consonant where a vowel follows
	if end-first > 1 && first == 1 && (folds[0] == 'q' && folds[1] == 'u' || folds[0] == 'g' && folds[1] == 'i') {
		first++
	}
	n := end - first
	if n > 3 {
		return -1
	}
	for i := end - 1; i >= first; i-- {
		switch unicode.ToLower(bases[i]) {
		case 'ă', 'â', 'ê', 'ô', 'ơ', 'ư':
			return i
		}
	}
	switch {
	case n == 1:
		return first
	case n == 3:
		return first + 1
	case end < len(folds):
		return first + 1 // hoàn, thoát
	}
	return first // hòa, thủy
}
