package feed

import "bytes"

// token is what the scanner found at its place.
type token uint8

const (
	tokEnd   token = iota // nothing more
	tokOpen               // <name attrs> or <name attrs/>
	tokClose              // </name>
	tokText               // characters, references still in them
	tokCDATA              // characters as they are
)

// maxTag bounds how far a tag's closing ">" is looked for while inside quotes, so that one missing quote costs one element, not the rest.
const maxTag = 64 << 10

// scanner walks over markup byte by byte. It never allocates; its slices point into b.
type scanner struct {
	b     []byte
	i     int    // next byte
	at    int    // where the current token began
	name  []byte // of tokOpen and tokClose, with prefix
	attrs []byte // of tokOpen, raw
	empty bool   // tokOpen that closes itself
	text  []byte // of tokText and tokCDATA

	entities map[string]string // declared by a DOCTYPE

	// Ends that were looked for and are not in the rest: looking again for each beginning would take time in the square of the size.
	noComment, noCDATA, noInstruction bool
}

// next moves to the next token. Comments, instructions and declarations are passed over; a DOCTYPE's entities are noted.
func (s *scanner) next() token {
	for s.i < len(s.b) {
		s.at = s.i
		if s.b[s.i] != '<' {
			j := bytes.IndexByte(s.b[s.i:], '<')
			if j < 0 {
				j = len(s.b) - s.i
			}
			s.text = s.b[s.i : s.i+j]
			s.i += j
			return tokText
		}
		if s.i+1 >= len(s.b) {
			s.text = s.b[s.i:]
			s.i = len(s.b)
			return tokText
		}
		switch c := s.b[s.i+1]; {
		case c == '/':
			return s.closing()
		case c == '!':
			if s.declaration() {
				return tokCDATA
			}
		case c == '?':
			s.instruction()
		case isNameStart(c):
			return s.opening()
		default: // a "<" that begins nothing
			j := bytes.IndexByte(s.b[s.i+1:], '<')
			if j < 0 {
				j = len(s.b) - s.i - 1
			}
			s.text = s.b[s.i : s.i+1+j]
			s.i += 1 + j
			return tokText
		}
	}
	s.at = s.i
	return tokEnd
}

// instruction passes over "<?…?>", or up to the next ">" where its end is missing.
func (s *scanner) instruction() {
	if !s.noInstruction {
		if j := bytes.Index(s.b[s.i:], []byte("?>")); j >= 0 {
			s.i += j + 2
			return
		}
		s.noInstruction = true
	}
	s.skipTag()
}

// skipTag goes behind the next ">".
func (s *scanner) skipTag() {
	if j := bytes.IndexByte(s.b[s.i:], '>'); j >= 0 {
		s.i += j + 1
		return
	}
	s.i = len(s.b)
}

func (s *scanner) closing() token {
	rest := s.b[s.i+2:]
	n := 0
	for n < len(rest) && rest[n] != '>' && rest[n] != '<' && !isSpace(rest[n]) {
		n++
	}
	s.name = rest[:n]
	for n < len(rest) && rest[n] != '>' && rest[n] != '<' {
		n++
	}
	if n < len(rest) && rest[n] == '>' {
		n++
	}
	s.i += 2 + n
	return tokClose
}

func (s *scanner) opening() token {
	b := s.b
	n := s.i + 1
	for n < len(b) && !isSpace(b[n]) && b[n] != '>' && b[n] != '/' && b[n] != '<' {
		n++
	}
	s.name = b[s.i+1 : n]
	end := tagEnd(b, n)
	s.attrs = b[n:end]
	s.empty = false
	if k := len(s.attrs); k > 0 && s.attrs[k-1] == '/' {
		s.empty = true
		s.attrs = s.attrs[:k-1]
	}
	if end < len(b) && b[end] == '>' {
		end++
	}
	s.i = end
	return tokOpen
}

// tagEnd finds the ">" that ends a tag, not counting those in quotes; or where the tag must have ended.
func tagEnd(b []byte, from int) int {
	limit := min(len(b), from+maxTag)
	for i := from; i < limit; i++ {
		switch c := b[i]; c {
		case '>':
			return i
		case '<': // the next tag began: this one was never closed
			return i
		case '"', '\'':
			j := bytes.IndexByte(b[i+1:limit], c)
			if j < 0 { // a quote without its second: the first ">" ends it
				if k := bytes.IndexByte(b[i:], '>'); k >= 0 {
					return i + k
				}
				return len(b)
			}
			i += j + 1
		}
	}
	if k := bytes.IndexByte(b[from:], '>'); k >= 0 {
		return from + k
	}
	return len(b)
}

var (
	cdataOpen = []byte("<![CDATA[")
	doctype   = []byte("<!DOCTYPE")
)

// declaration passes over "<!…"; true if it was a CDATA section, then in s.text.
func (s *scanner) declaration() bool {
	rest := s.b[s.i:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		s.comment(rest[4:])
	case bytes.HasPrefix(rest, cdataOpen):
		s.cdata(rest[len(cdataOpen):])
		return true
	case len(rest) >= len(doctype) && bytes.EqualFold(rest[:len(doctype)], doctype):
		s.doctype()
	default:
		s.skipTag()
	}
	return false
}

func (s *scanner) comment(body []byte) {
	s.i += 4
	if s.noComment {
		return
	}
	if j := bytes.Index(body, []byte("-->")); j >= 0 {
		s.i += j + 3
		return
	}
	s.noComment = true // never closed: what follows is read as if it had not begun
}

func (s *scanner) cdata(body []byte) {
	s.i += len(cdataOpen)
	j := -1
	if !s.noCDATA {
		j = bytes.Index(body, []byte("]]>"))
	}
	if j >= 0 {
		s.text = body[:j]
		s.i += j + 3
		return
	}
	s.noCDATA = true // never closed: it goes to where the element seems to end
	if j = bytes.Index(body, []byte("</")); j < 0 {
		j = len(body)
	}
	s.text = body[:j]
	s.i += j
}

// doctype passes over a DOCTYPE and keeps the plain entities of its internal subset. Nothing outside is ever fetched.
func (s *scanner) doctype() {
	b := s.b
	i := s.i + len(doctype)
	for i < len(b) && b[i] != '>' && b[i] != '[' {
		i++
	}
	if i < len(b) && b[i] == '[' {
		end := bytes.IndexByte(b[i:], ']')
		if end < 0 {
			end = len(b) - i
		}
		s.declare(b[i : i+end])
		i += end
		for i < len(b) && b[i] != '>' {
			i++
		}
	}
	s.i = min(i+1, len(b))
}

// Bounds of what a DOCTYPE may declare, so that entities within entities cannot grow a text.
const (
	maxEntities    = 64
	maxEntityValue = 1 << 10
)

func (s *scanner) declare(subset []byte) {
	for range maxEntities {
		j := bytes.Index(subset, []byte("<!ENTITY"))
		if j < 0 {
			return
		}
		subset = subset[j+len("<!ENTITY"):]
		rest := trimSpace(subset)
		n := 0
		for n < len(rest) && !isSpace(rest[n]) {
			n++
		}
		name := rest[:n]
		rest = trimSpace(rest[n:])
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' || len(name) == 0 {
			continue // parameter and external entities
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 || end > maxEntityValue {
			continue
		}
		if s.entities == nil {
			s.entities = map[string]string{}
		}
		s.entities[string(name)] = string(appendDecoded(nil, rest[1:1+end], nil))
	}
}

// attr gives the raw value of an attribute of the current tokOpen by its full name, in any case.
func (s *scanner) attr(name string) ([]byte, bool) {
	a := attrs{rest: s.attrs}
	for a.next() {
		if equalFold(a.name, name) {
			return a.value, true
		}
	}
	return nil, false
}

// attrs walks over the attributes of a tag.
type attrs struct{ rest, name, value []byte }

func (a *attrs) next() bool {
	b := a.rest
	i := 0
	for i < len(b) && (isSpace(b[i]) || b[i] == '/') {
		i++
	}
	if i >= len(b) {
		return false
	}
	start := i
	for i < len(b) && b[i] != '=' && !isSpace(b[i]) {
		i++
	}
	a.name = b[start:i]
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	a.value = nil
	if i >= len(b) || b[i] != '=' {
		a.rest = b[i:]
		return i > start || i < len(b)
	}
	i++
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i < len(b) && (b[i] == '"' || b[i] == '\'') {
		j := bytes.IndexByte(b[i+1:], b[i])
		if j < 0 {
			j = len(b) - i - 1
		}
		a.value = b[i+1 : i+1+j]
		a.rest = b[min(i+j+2, len(b)):]
		return true
	}
	start = i
	for i < len(b) && !isSpace(b[i]) {
		i++
	}
	a.value = b[start:i]
	a.rest = b[i:]
	return true
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func isNameStart(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= 0x80
}

func trimSpace(b []byte) []byte {
	for len(b) > 0 && (isSpace(b[0]) || b[0] == 0) {
		b = b[1:]
	}
	for len(b) > 0 && (isSpace(b[len(b)-1]) || b[len(b)-1] == 0) {
		b = b[:len(b)-1]
	}
	return b
}

// equalFold compares with a lower-case ASCII word.
func equalFold(b []byte, lower string) bool {
	if len(b) != len(lower) {
		return false
	}
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
