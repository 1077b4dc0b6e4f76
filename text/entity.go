package text

import (
	"html"
	"strings"
)

// longestEntity is the most bytes that an HTML entity is looked for in.
const longestEntity = 32

// Unescape puts characters in the place of HTML entities (&agrave; &#273; &nbsp;), once. Where there were any it also gives, for
// every byte of the result and its end, the byte of s that it came from; else nil.
func Unescape(s string) (string, []int32) {
	at := strings.IndexByte(s, '&')
	if at < 0 {
		return s, nil
	}
	var out strings.Builder
	offsets := make([]int32, 0, len(s)+1)
	last, changed := 0, false
	keep := func(to int) {
		for i := last; i < to; i++ {
			offsets = append(offsets, int32(i))
		}
		out.WriteString(s[last:to])
		last = to
	}
	for i := at; i < len(s); i++ {
		if s[i] != '&' {
			continue
		}
		end := strings.IndexByte(s[i:min(len(s), i+longestEntity)], ';')
		if end < 0 {
			continue
		}
		plain := html.UnescapeString(s[i : i+end+1])
		if plain == s[i:i+end+1] {
			continue
		}
		keep(i)
		for range len(plain) {
			offsets = append(offsets, int32(i))
		}
		out.WriteString(plain)
		last, changed = i+end+1, true
		i += end
	}
	if !changed {
		return s, nil
	}
	keep(len(s))
	return out.String(), append(offsets, int32(len(s)))
}
