package main

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// quickReader finds string fields of JSON lines without decoding the rest; for commands that read more than they think. It answers
// false for all that is out of the ordinary (a fault, an object inside, an escaped name, a wanted field that is no string, half
// an emoji): then decodeLine has the word. What it accepts decodeLine accepts too, with the same strings.
type quickReader struct {
	fields []quickField
	buf    []byte // of what was escaped
}

// quickField is a field that is wanted. value is nil where it was not there; it lasts until the next line.
type quickField struct {
	name  string
	value []byte
}

// read reads one line, which must be UTF-8. Where a name comes twice the last counts.
func (q *quickReader) read(line []byte) bool {
	q.buf = q.buf[:0]
	for i := range q.fields {
		q.fields[i].value = nil
	}
	if len(line) == 0 || line[0] != '{' {
		return false
	}
	i := blanks(line, 1)
	if i < len(line) && line[i] == '}' {
		return i+1 == len(line)
	}
	for {
		if i = q.member(line, i); i < 0 {
			return false
		}
		if i = blanks(line, i); i >= len(line) {
			return false
		}
		switch line[i] {
		case ',':
			i = blanks(line, i+1)
		case '}':
			return i+1 == len(line)
		default:
			return false
		}
	}
}

// member reads the name and the value that begin at i, and gives the byte after them, -1 where it is not sure.
func (q *quickReader) member(s []byte, i int) int {
	name, i, escaped := q.str(s, i)
	if i < 0 || escaped {
		return -1
	}
	if i = blanks(s, i); i >= len(s) || s[i] != ':' {
		return -1
	}
	if i = blanks(s, i+1); i >= len(s) {
		return -1
	}
	var field *quickField
	for n := range q.fields {
		if q.fields[n].name == string(name) {
			field = &q.fields[n]
		}
	}
	if s[i] == '"' {
		value, end, _ := q.str(s, i)
		if field != nil {
			field.value = value
		}
		return end
	}
	if n := scalar(s[i:]); n > 0 && field == nil {
		return i + n
	}
	return -1
}

// str reads the string whose opening quote stands at i, and gives the byte after it, -1 for a fault.
func (q *quickReader) str(s []byte, i int) (value []byte, end int, escaped bool) {
	if i >= len(s) || s[i] != '"' {
		return nil, -1, false
	}
	from := i + 1
	for i = from; ; i += 2 { // what is escaped is no end
		if i < len(s) {
			i += ordinary(s[i:])
		}
		if i >= len(s) || s[i] < ' ' {
			return nil, -1, false
		}
		if s[i] == '"' {
			break
		}
		escaped = true
	}
	if !escaped {
		return s[from:i], i + 1, false
	}
	begin, ok := len(q.buf), false
	if q.buf, ok = unescape(q.buf, s[from:i]); !ok {
		return nil, -1, false
	}
	return q.buf[begin:], i + 1, true
}

func blanks(s []byte, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r' || s[i] == '\n') {
		i++
	}
	return i
}

// ordinary counts the bytes before the first quote, backslash or control character, eight at a time (the way of Alan Mycroft's null
// byte test: a byte below n borrows from its top bit; above ASCII none does).
func ordinary(s []byte) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	n := 0
	for ; len(s)-n >= 8; n += 8 {
		w := binary.LittleEndian.Uint64(s[n:])
		quote, slash := w^ones*'"', w^ones*'\\'
		stops := ((quote - ones) &^ quote) | ((slash - ones) &^ slash) | ((w - ones*' ') &^ w)
		if stops &= tops; stops != 0 {
			return n + bits.TrailingZeros64(stops)/8
		}
	}
	for n < len(s) && s[n] != '"' && s[n] != '\\' && s[n] >= ' ' {
		n++
	}
	return n
}

// scalar gives the length of the number, true, false or null that s begins with, 0 where it begins with none.
func scalar(s []byte) int {
	n := 0
	for n < len(s) && s[n] != ',' && s[n] != '}' && s[n] > ' ' {
		n++
	}
	switch string(s[:n]) {
	case "true", "false", "null":
		return n
	}
	if isNumber(s[:n]) {
		return n
	}
	return 0
}

// isNumber holds to RFC 8259, section 6.
func isNumber(s []byte) bool {
	digits := func() bool {
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		s = s[n:]
		return n > 0
	}
	if len(s) > 0 && s[0] == '-' {
		s = s[1:]
	}
	if len(s) > 0 && s[0] == '0' {
		s = s[1:]
	} else if !digits() {
		return false
	}
	if len(s) > 0 && s[0] == '.' {
		if s = s[1:]; !digits() {
			return false
		}
	}
	if len(s) > 0 && (s[0] == 'e' || s[0] == 'E') {
		if s = s[1:]; len(s) > 0 && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		if !digits() {
			return false
		}
	}
	return len(s) == 0
}

// unescape appends what a string between quotes means; false for a wrong escape and for half a surrogate pair.
func unescape(dst, s []byte) ([]byte, bool) {
	for i := 0; i < len(s); {
		n := ordinary(s[i:])
		dst = append(dst, s[i:i+n]...)
		if i += n; i >= len(s) {
			break
		}
		if i+1 >= len(s) || s[i] != '\\' {
			return dst, false
		}
		c := s[i+1]
		i += 2
		switch c {
		case '"', '\\', '/':
			dst = append(dst, c)
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			r, ok := hex4(s[i:])
			if i += 4; !ok {
				return dst, false
			}
			if utf16.IsSurrogate(r) {
				if len(s)-i < 6 || s[i] != '\\' || s[i+1] != 'u' {
					return dst, false
				}
				low, ok := hex4(s[i+2:])
				if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
					return dst, false
				}
				i += 6
			}
			dst = utf8.AppendRune(dst, r)
		default:
			return dst, false
		}
	}
	return dst, true
}

func hex4(s []byte) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	r := rune(0)
	for _, c := range s[:4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
