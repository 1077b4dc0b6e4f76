package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold gives the identity of a text without marks: normalised, lower case, every mark off, đ as d. "Hoà, THỦY" and "hoa, thuy"
// fold alike. What is no letter stays as it is.
func Fold(s string) string {
	return string(AppendFold(make([]byte, 0, len(s)), s))
}

// AppendFold appends Fold(s) to dst.
func AppendFold(dst []byte, s string) []byte {
	s = Normalize(s)
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		if l, ok := letterOf(r); ok {
			dst = utf8.AppendRune(dst, l.fold)
			continue
		}
		if isMark(r) {
			continue
		}
		dst = appendLower(dst, r, true)
	}
	return dst
}

// appendLower lowers a letter outside the table; bare takes its marks off where it has any.
func appendLower(dst []byte, r rune, bare bool) []byte {
	low := unicode.ToLower(r)
	if !bare || !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic) {
		return utf8.AppendRune(dst, low)
	}
	for _, m := range norm.NFD.String(string(low)) {
		if !isMark(m) {
			dst = utf8.AppendRune(dst, m)
		}
	}
	return dst
}

// Key gives the identity of a text with marks: normalised, lower case, the tone of each syllable moved to its end, so that it
// does not matter where it sat (hòa = hoà, mơí = mới). It is made for comparing and hashing, not for reading.
func Key(s string) string {
	return string(AppendKey(make([]byte, 0, len(s)+8), s))
}

// AppendKey appends Key(s) to dst.
func AppendKey(dst []byte, s string) []byte {
	s = Normalize(s)
	for _, r := range s {
		if !anyMark(r) {
			continue
		}
		// letters that no single character spells: what is composed anew may come apart once more
		for range 4 {
			k := string(appendKey(nil, looseMarks(s)))
			if k == s {
				break
			}
			s = Normalize(k)
		}
		s = looseMarks(s)
		break
	}
	return appendKey(dst, s)
}

// appendKey appends the identity of a text in NFC, or one that looseMarks made.
func appendKey(dst []byte, s string) []byte {
	var tones [4]rune
	held, latin := tones[:0], false
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if !inSyllable(rune(c)) {
				dst, held = appendTones(dst, held), held[:0]
			} else if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			dst, latin = append(dst, c), true
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		if l, ok := letterOf(r); ok && l.is {
			latin = true
			dst = utf8.AppendRune(dst, l.base)
			if l.tone > 0 {
				held = append(held, toneMarks[l.tone])
			}
			if l.more > 0 {
				held = append(held, toneMarks[l.more])
			}
			continue
		}
		latin = isLatin(r) || isDigit(r) || latin && anyMark(r)
		if t := toneOf(r); t > 0 && latin {
			held = append(held, toneMarks[t])
			continue
		}
		if !latin {
			dst, held = appendTones(dst, held), held[:0]
		}
		dst = appendLower(dst, r, false)
	}
	return appendTones(dst, held)
}

// looseMarks puts the tones of a text behind the other marks of their syllable, so that those compose with their letters.
func looseMarks(s string) string {
	var out []byte
	var letters, tones []rune
	end := func() {
		out = append(out, norm.NFC.String(strings.ToLower(string(letters)))...) // W̊ composes as a small letter only
		for _, t := range tones {                                               // apart: AppendKey would take them off again
			out = utf8.AppendRune(out, t)
		}
		letters, tones = letters[:0], tones[:0]
	}
	latin := false
	for _, r := range norm.NFD.String(s) {
		if latin && toneOf(r) > 0 {
			tones = append(tones, r)
			continue
		}
		if latin && !isLatin(r) && !isDigit(r) && !anyMark(r) {
			end()
		}
		latin = isLatin(r) || isDigit(r) || latin && anyMark(r)
		letters = append(letters, r)
	}
	end()
	return string(out)
}

// appendTones writes the dot below first, as the canonical order of marks has it.
func appendTones(dst []byte, held []rune) []byte {
	for _, below := range []bool{true, false} {
		for _, t := range held {
			if (t == toneMarks[5]) == below {
				dst = utf8.AppendRune(dst, t)
			}
		}
	}
	return dst
}
