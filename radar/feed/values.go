package feed

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"unicode/utf8"
)

// string decodes the references of a raw value.
func (p *parser) string(raw []byte) string {
	if bytes.IndexByte(raw, '&') < 0 {
		return string(raw)
	}
	p.buf2 = appendDecoded(p.buf2[:0], raw, p.s.entities)
	return string(p.buf2)
}

// text takes the current element to its end and gives its characters, trimmed: markup inside (an error in RSS, or xhtml) comes
// as markup. The result is a copy.
func (p *parser) text() string {
	raw, _ := p.value()
	return string(raw)
}

// value is text without the copy: it lives until the next value. markup says whether elements were inside.
func (p *parser) value() (v []byte, markup bool) {
	if p.s.empty {
		return nil, false
	}
	name := p.s.name
	from := p.s.i
	// The fast way: characters alone, or one CDATA section alone.
	if j := bytes.IndexByte(p.s.b[from:], '<'); j >= 0 {
		rest := p.s.b[from+j:]
		if len(rest) > len(name)+2 && rest[1] == '/' && bytes.Equal(rest[2:2+len(name)], name) && rest[2+len(name)] == '>' {
			p.s.i = from + j + len(name) + 3
			seg := trimSpace(p.s.b[from : from+j])
			if bytes.IndexByte(seg, '&') < 0 {
				return seg, false
			}
			p.buf = appendDecoded(p.buf[:0], seg, p.s.entities)
			return trimSpace(p.buf), false
		}
	}
	p.buf = p.buf[:0]
	depth := 0
	for {
		switch p.s.next() {
		case tokEnd:
			return trimSpace(p.buf), markup
		case tokText:
			if markup {
				p.buf = append(p.buf, p.s.text...)
			} else {
				p.buf = appendDecoded(p.buf, p.s.text, p.s.entities)
			}
		case tokCDATA:
			if markup {
				p.buf = appendEscaped(p.buf, p.s.text)
			} else {
				p.buf = append(p.buf, p.s.text...)
			}
		case tokOpen:
			if p.boundary(name, p.s.name) { // the end tag is missing
				p.s.i = p.s.at
				return trimSpace(p.buf), markup
			}
			if !markup { // begin again: characters before it stand as they are
				markup = true
				p.s.i = from
				p.buf = p.buf[:0]
				p.rawUntil(p.s.at)
				p.s.next()
			}
			if !p.s.empty && bytes.Equal(p.s.name, name) {
				depth++
			}
			p.buf = appendTag(p.buf, p.s.b[p.s.at:p.s.i])
		case tokClose:
			if bytes.EqualFold(p.s.name, name) {
				if depth == 0 {
					return trimSpace(p.buf), markup
				}
				depth--
			} else if p.closesParent(p.s.name) {
				p.s.i = p.s.at
				return trimSpace(p.buf), markup
			}
			if markup {
				p.buf = appendTag(p.buf, p.s.b[p.s.at:p.s.i])
			}
		}
	}
}

// rawUntil appends the characters up to a place as HTML.
func (p *parser) rawUntil(end int) {
	for p.s.i < end {
		switch p.s.next() {
		case tokText:
			p.buf = append(p.buf, p.s.text...)
		case tokCDATA:
			p.buf = appendEscaped(p.buf, p.s.text)
		case tokEnd:
			return
		case tokOpen, tokClose:
		}
		if p.s.i >= end {
			break
		}
	}
	p.s.i = end
}

// boundary says whether a start tag shows that the element being read was never closed: an item within an item's element, or what
// cannot stand in a title.
func (p *parser) boundary(reading, name []byte) bool {
	switch p.where() {
	case inItem, inChannel, inRSS:
		if equalFold(name, "item") || equalFold(name, "pubdate") {
			return true
		}
	case inEntry, inFeed:
		if equalFold(name, "entry") {
			return true
		}
	}
	return equalFold(reading, "title") && (equalFold(name, "link") || equalFold(name, "guid") || equalFold(name, "description"))
}

// closesParent says whether an end tag is of an element around the one being read.
func (p *parser) closesParent(name []byte) bool {
	switch len(name) {
	case 3, 4, 5, 7: // rss, item, feed, entry, rdf:RDF, channel
	default:
		return false
	}
	for i := len(p.stack) - 1; i >= 0; i-- {
		if p.stack[i].at != elsewhere && bytes.EqualFold(p.stack[i].name, name) {
			return true
		}
	}
	return false
}

// appendTag appends a tag, an xhtml: prefix taken off its name.
func appendTag(dst, tag []byte) []byte {
	end := bytes.IndexAny(tag, " \t\r\n>")
	if end < 0 {
		end = len(tag)
	}
	colon := bytes.IndexByte(tag[:end], ':')
	if colon < 0 {
		return append(dst, tag...)
	}
	dst = append(dst, '<')
	if len(tag) > 1 && tag[1] == '/' {
		dst = append(dst, '/')
	}
	return append(dst, tag[colon+1:]...)
}

func appendEscaped(dst, text []byte) []byte {
	for _, c := range text {
		switch c {
		case '<':
			dst = append(dst, "&lt;"...)
		case '>':
			dst = append(dst, "&gt;"...)
		case '&':
			dst = append(dst, "&amp;"...)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// address takes the element's text as an address: white space inside is an accident of wrapping.
func (p *parser) address() string {
	v, _ := p.value()
	return p.resolveURL(v)
}

// resolveURL makes an absolute address of a raw one where a base is known.
func (p *parser) resolveURL(raw []byte) string {
	s := strings.TrimSpace(string(raw))
	if strings.ContainsAny(s, "\n\r\t") {
		s = strings.Map(func(r rune) rune {
			if r == '\n' || r == '\r' || r == '\t' {
				return -1
			}
			return r
		}, s)
	}
	if p.base == nil || isWeb(s) {
		return s
	}
	return absolute(p.base, s)
}

func isWeb(s string) bool { return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") }

// absolute resolves a relative address; what has a scheme stays.
func absolute(base *url.URL, s string) string {
	if s == "" || isWeb(s) {
		return s
	}
	u, err := url.Parse(s)
	if err != nil || u.IsAbs() {
		return s
	}
	return base.ResolveReference(u).String()
}

// safe empties an address that runs something instead of naming a page.
func safe(s string) string {
	scheme, _, ok := strings.Cut(s, ":")
	if !ok {
		return s
	}
	switch strings.ToLower(strings.TrimSpace(scheme)) {
	case "javascript", "data", "vbscript", "file":
		return ""
	}
	return s
}

// identity makes an ID for an item that has none: its address, else a hash of what it says.
func (it *Item) identity() string {
	if it.URL != "" {
		return it.URL
	}
	if it.Title == "" && it.Summary == "" && it.Content == "" {
		return ""
	}
	h := sha256.Sum256([]byte(it.Title + "\x00" + it.Summary + "\x00" + it.Content))
	return "sha256:" + hex.EncodeToString(h[:16])
}

// person makes one name of "mail@host (Name)", "Name <mail@host>", "Name (mail@host)"; the address alone if there is no name.
func person(s string) string {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, "@") {
		return s
	}
	for _, pair := range []string{"()", "<>"} {
		i := strings.IndexByte(s, pair[0])
		if i < 0 {
			continue
		}
		j := strings.IndexByte(s[i:], pair[1])
		if j < 0 {
			continue
		}
		outside, inside := strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+1:i+j])
		if strings.Contains(inside, "@") && outside != "" {
			return strings.Trim(outside, `" `)
		}
		if inside != "" && !strings.Contains(inside, "@") {
			return inside
		}
	}
	return s
}

// clean drops what is no text: control characters, broken bytes.
func clean(s string) string {
	bad := func(r rune) bool { return r < 0x20 && r != '\n' && r != '\t' || r == 0x7f }
	if strings.IndexFunc(s, bad) < 0 && utf8.ValidString(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if bad(r) {
			return -1
		}
		return r
	}, s)
}
