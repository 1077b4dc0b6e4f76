package feed

import (
	"bytes"
	"html"
	"unicode/utf8"
)

// maxReference is how long a name between "&" and ";" may be.
const maxReference = 40

// appendDecoded appends src with its character references resolved: XML's, HTML's, numbers, and those that a DOCTYPE declared.
// What is no reference stays as it is.
func appendDecoded(dst, src []byte, declared map[string]string) []byte {
	for {
		j := bytes.IndexByte(src, '&')
		if j < 0 {
			return append(dst, src...)
		}
		dst = append(dst, src[:j]...)
		src = src[j:]
		end := bytes.IndexByte(src[:min(len(src), maxReference)], ';')
		if end < 0 {
			dst = append(dst, '&')
			src = src[1:]
			continue
		}
		name := src[1:end]
		var used int
		if dst, used = appendReference(dst, name, src[end+1:], declared); used < 0 {
			dst = append(dst, '&')
			src = src[1:]
			continue
		}
		src = src[end+1+used:]
	}
}

// appendReference resolves one name; used is the number of bytes of the rest that it took too, -1 if it is no reference.
func appendReference(dst, name, rest []byte, declared map[string]string) (out []byte, used int) {
	if len(name) > 1 && name[0] == '#' {
		r, ok := number(name[1:])
		if !ok {
			return dst, -1
		}
		if r >= 0xC2 && r <= 0xF4 {
			if bytesOf, n := splitUTF8(r, rest); n > 0 {
				return append(dst, bytesOf...), n
			}
		}
		if r >= 0x80 && r <= 0x9F { // numbers of Windows-1252, as browsers read them
			return append(dst, html.UnescapeString("&"+string(name)+";")...), 0
		}
		if r < 0x20 && r != '\n' && r != '\t' && r != '\r' {
			return dst, 0
		}
		return utf8.AppendRune(dst, r), 0
	}
	switch string(name) {
	case "amp":
		return append(dst, '&'), 0
	case "lt":
		return append(dst, '<'), 0
	case "gt":
		return append(dst, '>'), 0
	case "quot":
		return append(dst, '"'), 0
	case "apos":
		return append(dst, '\''), 0
	case "nbsp":
		return append(dst, "\u00a0"...), 0
	}
	if v, ok := declared[string(name)]; ok {
		return append(dst, v...), 0
	}
	if len(name) == 0 || !isNameStart(name[0]) {
		return dst, -1
	}
	whole := "&" + string(name) + ";"
	if s := html.UnescapeString(whole); s != whole && s[len(s)-1] != ';' {
		return append(dst, s...), 0
	}
	return dst, -1
}

// number reads the digits of &#…; and refuses what is no character.
func number(digits []byte) (rune, bool) {
	base := rune(10)
	if len(digits) > 1 && digits[0]|0x20 == 'x' {
		base, digits = 16, digits[1:]
	}
	var r rune
	for _, c := range digits {
		var d rune
		switch {
		case c >= '0' && c <= '9':
			d = rune(c - '0')
		case base == 16 && c|0x20 >= 'a' && c|0x20 <= 'f':
			d = rune(c|0x20-'a') + 10
		default:
			return 0, false
		}
		if r = r*base + d; r > utf8.MaxRune {
			return 0, false
		}
	}
	if !utf8.ValidRune(r) {
		return utf8.RuneError, true
	}
	return r, true
}

// splitUTF8 mends a character whose UTF-8 bytes were each written as a reference (&#226;&#128;&#166; for …).
func splitUTF8(first rune, rest []byte) (char []byte, used int) {
	n := 1 + b2i(first >= 0xE0) + b2i(first >= 0xF0)
	char = []byte{byte(first)}
	for range n {
		if len(rest)-used < 6 || rest[used] != '&' || rest[used+1] != '#' {
			return nil, 0
		}
		end := bytes.IndexByte(rest[used:min(len(rest), used+8)], ';')
		if end < 0 {
			return nil, 0
		}
		r, ok := number(rest[used+2 : used+end])
		if !ok || r < 0x80 || r > 0xBF {
			return nil, 0
		}
		char = append(char, byte(r))
		used += end + 1
	}
	if !utf8.Valid(char) {
		return nil, 0
	}
	return char, used
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
