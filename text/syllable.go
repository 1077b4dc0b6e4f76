package text

import (
	"unicode/utf8"
)

// Span is a stretch of a text in bytes: text[Start:End].
type Span struct{ Start, End int }

// Of gives the span's words.
func (s Span) Of(text string) string { return text[s.Start:s.End] }

// Syllables finds the syllables of a text as it is given: runs of letters, combining marks and digits. Normalize first where
// hidden characters may sit inside.
func Syllables(s string) []Span { return AppendSyllables(nil, s) }

// AppendSyllables appends the syllables of s to dst.
func AppendSyllables(dst []Span, s string) []Span {
	start := -1
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		if in := inSyllable(r); in && start < 0 {
			start = i
		} else if !in && start >= 0 {
			dst = append(dst, Span{start, i})
			start = -1
		}
		i += n
	}
	if start >= 0 {
		dst = append(dst, Span{start, len(s)})
	}
	return dst
}
