package feed

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/unicode/norm"
)

// decode gives the text as UTF-8 without its byte order mark, and the name of the encoding it was read as.
// Order: byte order mark; the zero bytes of UTF-16 and UTF-32; bytes that only UTF-8 has, against a declaration of a single-byte
// encoding (a page copied into UTF-8 keeps its old declaration); the HTTP header; the XML declaration; UTF-8; Windows-1252.
func decode(data []byte, contentType string) (text []byte, name string) {
	text, name = decodeAs(data, contentType)
	return quotesOf1252(text), name
}

// quotesOf1252 mends the quotes and dashes of Windows-1252 that were declared as ISO 8859-1 before they became UTF-8: they are
// controls there (U+0080 to U+009F), which no text has.
func quotesOf1252(b []byte) []byte {
	control := func(i int) bool { return b[i] == 0xC2 && i+1 < len(b) && b[i+1] >= 0x80 && b[i+1] <= 0x9F }
	first := -1
	for i := 0; i < len(b); i++ {
		j := bytes.IndexByte(b[i:], 0xC2)
		if j < 0 {
			return b
		}
		if i += j; control(i) {
			first = i
			break
		}
	}
	if first < 0 {
		return b
	}
	out := append(make([]byte, 0, len(b)+len(b)/8), b[:first]...)
	for i := first; i < len(b); i++ {
		if control(i) {
			out = utf8.AppendRune(out, charmap.Windows1252.DecodeByte(b[i+1]))
			i++
			continue
		}
		out = append(out, b[i])
	}
	return out
}

func decodeAs(data []byte, contentType string) (text []byte, name string) {
	if bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")) {
		return valid(data[3:]), "utf-8"
	}
	if e, name := wide(data); e != nil {
		return convert(data, e), name
	}
	isUTF8 := utf8.Valid(data)
	for _, declared := range []string{headerCharset(contentType), declaredCharset(data)} {
		if declared == "" {
			continue
		}
		e, name := lookup(declared)
		switch {
		case e == nil:
		case name == "utf-8" && isUTF8:
			return data, name
		case name == "utf-8":
		case isUTF8 && (isASCII(data) && !escapes(name) || singleByte(name)):
			return data, "utf-8"
		default:
			text := convert(data, e)
			if name == "windows-1258" { // it writes tones as marks of their own
				text = norm.NFC.Bytes(text)
			}
			return text, name
		}
	}
	if isUTF8 {
		return data, "utf-8"
	}
	return guess(data)
}

// guess reads bytes that nobody declared and that are not UTF-8: mostly UTF-8 with a few broken characters, else a Windows code page.
func guess(data []byte) ([]byte, string) {
	good, bad := 0, 0
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	if good > 2*bad {
		return valid(data), "utf-8"
	}
	if vietnamese1258(data) {
		return norm.NFC.Bytes(convert(data, charmap.Windows1258)), "windows-1258"
	}
	return convert(data, charmap.Windows1252), "windows-1252"
}

// vietnamese1258 says whether tones stand behind vowels as Windows-1258 writes them (0xCC, 0xD2, 0xDE, 0xEC, 0xF2 after a letter):
// in other code pages these bytes are capitals or follow no vowel so often.
func vietnamese1258(data []byte) bool {
	tones, high := 0, 0
	for i, c := range data {
		if c < 0x80 {
			continue
		}
		high++
		switch c {
		case 0xCC, 0xD2, 0xDE, 0xEC, 0xF2:
			if i > 0 && (bytes.IndexByte([]byte("aeiouyAEIOUY"), data[i-1]) >= 0 || data[i-1] >= 0xC0) {
				tones++
			}
		}
	}
	return tones >= 3 && tones*5 >= high
}

// wide finds UTF-16 and UTF-32 by their mark or by the zero bytes around the first character.
func wide(b []byte) (encoding.Encoding, string) {
	if len(b) < 4 {
		return nil, ""
	}
	switch {
	case b[0] == 0xFF && b[1] == 0xFE && b[2] == 0 && b[3] == 0,
		b[0] != 0 && b[1] == 0 && b[2] == 0 && b[3] == 0:
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), "utf-32le"
	case b[0] == 0 && b[1] == 0 && b[2] == 0xFE && b[3] == 0xFF,
		b[0] == 0 && b[1] == 0 && b[2] == 0 && b[3] != 0:
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM), "utf-32be"
	case b[0] == 0xFF && b[1] == 0xFE, b[0] != 0 && b[1] == 0 && b[2] != 0 && b[3] == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "utf-16le"
	case b[0] == 0xFE && b[1] == 0xFF, b[0] == 0 && b[1] != 0 && b[2] == 0 && b[3] != 0:
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "utf-16be"
	}
	return nil, ""
}

func headerCharset(contentType string) string {
	if contentType == "" {
		return ""
	}
	_, params, err := mime.ParseMediaType(contentType)
	if err == nil {
		return params["charset"]
	}
	if _, after, ok := strings.Cut(strings.ToLower(contentType), "charset="); ok {
		after, _, _ = strings.Cut(after, ";")
		return strings.Trim(after, " \"'")
	}
	return ""
}

// declaredCharset reads encoding="…" of an XML declaration, also where a banner stands before it.
func declaredCharset(b []byte) string {
	b = b[:min(len(b), 1024)]
	i := bytes.Index(b, []byte("<?xml"))
	if i < 0 {
		return ""
	}
	b = b[i:]
	if end := bytes.IndexByte(b, '>'); end >= 0 {
		b = b[:end]
	}
	a := attrs{rest: b[min(5, len(b)):]}
	for a.next() {
		if equalFold(a.name, "encoding") {
			return string(trimSpace(bytes.TrimRight(a.value, "?")))
		}
	}
	return ""
}

// lookup finds an encoding by any of its names; nil if there is none. UTF-16 and UTF-32 are found by their bytes alone:
// who declares them and writes single bytes is wrong.
func lookup(label string) (encoding.Encoding, string) {
	label = strings.ToLower(strings.TrimSpace(label))
	switch strings.NewReplacer("-", "", "_", "").Replace(label) {
	case "hz", "hzgb2312", "hzgb":
		return simplifiedchinese.HZGB2312, "hz-gb-2312"
	case "cp437", "ibm437":
		return charmap.CodePage437, "ibm437"
	case "cp850", "ibm850":
		return charmap.CodePage850, "ibm850"
	case "cp1258", "windows1258", "xcp1258":
		return charmap.Windows1258, "windows-1258"
	}
	e, err := htmlindex.Get(label)
	if err != nil {
		return nil, ""
	}
	name, err := htmlindex.Name(e)
	if err != nil || strings.HasPrefix(name, "utf-16") || name == "replacement" || name == "x-user-defined" {
		return nil, ""
	}
	return e, name
}

// singleByte says whether an encoding has one byte a character: valid UTF-8 with more bytes is then never really that encoding.
func singleByte(name string) bool {
	switch name {
	case "gbk", "gb18030", "big5", "euc-jp", "euc-kr", "shift_jis", "iso-2022-jp", "hz-gb-2312":
		return false
	}
	return true
}

// escapes says whether ASCII bytes may mean something else in an encoding.
func escapes(name string) bool {
	return name == "iso-2022-jp" || name == "hz-gb-2312"
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// convert decodes; a byte that means nothing becomes U+FFFD.
func convert(data []byte, e encoding.Encoding) []byte {
	out, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return valid(data)
	}
	return out
}

func valid(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	return bytes.ToValidUTF8(b, []byte("\uFFFD"))
}
