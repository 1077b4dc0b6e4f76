package extract

import (
	"html"
	"strings"
)

// node is an element or a text. Nodes of a page come from one slab and die with it.
type node struct {
	tag         tag
	hidden      bool
	scored      bool // has a score
	dataTable   bool
	parent      *node
	first, last *node
	prev, next  *node
	attrs       string // raw
	class, id   string // as written
	role        string
	text        string // of a text, references resolved, spaces as written
	known       sum
	traits      traits
	score       float64
}

// slab hands out nodes from large pieces.
type slab struct{ free []node }

func (s *slab) take() *node {
	if len(s.free) == 0 {
		s.free = make([]node, 512)
	}
	n := &s.free[0]
	s.free = s.free[1:]
	return n
}

// maxDepth bounds how deep elements nest; deeper ones become siblings.
const maxDepth = 200

// page is a parsed document.
type page struct {
	slab
	root, body *node
	title      string
	lang       string
	metas      []*node  // <meta>
	links      []*node  // <link>, <base>
	scripts    []string // JSON-LD
	memory     map[string]traits
	stack      []*node
	noComment  bool // no comment ends from here on
}

// parse builds a tree from HTML. It follows the rules of HTML for what elements end when others begin, not those for mending
// tables and misnested formatting: a text stays where it was written.
func parse(s string) *page {
	p := &page{memory: make(map[string]traits, 256), stack: make([]*node, 0, 64)}
	p.root = p.take()
	p.root.tag = tagHTML
	p.body = p.root
	p.stack = append(p.stack, p.root)
	for i := 0; i < len(s); {
		if j := textEnd(s, i); j > i {
			p.addText(s[i:j])
			i = j
			continue
		}
		i = p.markup(s, i)
	}
	return p
}

// textEnd finds where a text that begins at i ends: at the next "<" that begins markup.
func textEnd(s string, i int) int {
	for {
		j := strings.IndexByte(s[i:], '<')
		if j < 0 {
			return len(s)
		}
		i += j
		if i+1 < len(s) && (s[i+1]|0x20 >= 'a' && s[i+1]|0x20 <= 'z' || s[i+1] == '/' || s[i+1] == '!' || s[i+1] == '?') {
			return i
		}
		if i++; i >= len(s) {
			return len(s)
		}
	}
}

// markup handles "<…" at i and gives what follows it.
func (p *page) markup(s string, i int) int {
	switch s[i+1] {
	case '!':
		if !p.noComment && strings.HasPrefix(s[i:], "<!--") {
			if j := strings.Index(s[i+4:], "-->"); j >= 0 {
				return i + 4 + j + 3
			}
			p.noComment = true
		}
		return past(s, i, '>')
	case '?':
		return past(s, i, '>')
	case '/':
		j := i + 2
		for j < len(s) && s[j] != '>' && s[j] != ' ' && s[j] != '\n' && s[j] != '\t' && s[j] != '<' {
			j++
		}
		p.end(tagOf(s[i+2 : j]))
		if j < len(s) && s[j] == '<' {
			return j
		}
		return past(s, j, '>')
	}
	return p.element(s, i)
}

func past(s string, i int, c byte) int {
	if j := strings.IndexByte(s[min(i, len(s)):], c); j >= 0 {
		return i + j + 1
	}
	return len(s)
}

// tagOf looks a name up, in any case.
func tagOf(name string) tag {
	if len(name) > 12 {
		return tagOther
	}
	if t, ok := tagNames[name]; ok {
		return t
	}
	if t, ok := tagNames[strings.ToLower(name)]; ok {
		return t
	}
	return tagOther
}

// element handles a start tag.
func (p *page) element(s string, i int) int {
	j := i + 1
	for j < len(s) && !isSpace(s[j]) && s[j] != '>' && s[j] != '/' && s[j] != '<' {
		j++
	}
	t := tagOf(s[i+1 : j])
	name := s[i+1 : j]
	end := tagEnd(s, j)
	attrs := s[j:end]
	next := min(end+1, len(s))
	closed := strings.HasSuffix(attrs, "/")
	if t == tagSvg && closed {
		return next
	}
	if rawText[t] || t == tagSvg {
		stop := endOfRaw(s, next, name)
		p.raw(t, attrs, s[next:min(stop, len(s))])
		return past(s, stop, '>')
	}
	p.start(t, attrs, closed && t == tagOther)
	return next
}

// raw handles an element whose content is characters: only the title and JSON-LD are of use.
func (p *page) raw(t tag, attrs, content string) {
	switch t {
	case tagTitle:
		if p.title == "" {
			p.title = fold(html.UnescapeString(content))
		}
	case tagScript:
		if len(attrs) > 10 && strings.Contains(attrs, "ld+json") {
			p.scripts = append(p.scripts, content)
		}
	}
}

// endOfRaw finds "</name" from i on.
func endOfRaw(s string, i int, name string) int {
	for {
		j := strings.Index(s[i:], "</")
		if j < 0 {
			return len(s)
		}
		i += j
		if len(s)-i-2 >= len(name) && strings.EqualFold(s[i+2:i+2+len(name)], name) {
			return i
		}
		i += 2
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

// tagEnd finds the ">" of a tag, not counting those in quotes after "=".
func tagEnd(s string, i int) int {
	for i < len(s) {
		switch s[i] {
		case '>':
			return i
		case '=':
			i++
			for i < len(s) && isSpace(s[i]) {
				i++
			}
			if i < len(s) && (s[i] == '"' || s[i] == '\'') {
				j := strings.IndexByte(s[i+1:], s[i])
				if j < 0 {
					return past(s, i, '>') - 1
				}
				i += j + 2
			}
		default:
			i++
		}
	}
	return len(s)
}

// addText puts a text into the innermost element.
func (p *page) addText(s string) {
	top := p.stack[len(p.stack)-1]
	if top.tag == tagHead || dropped[top.tag] {
		return
	}
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	n := p.take()
	n.text = s
	top.add(n)
}

// start opens an element after ending what it ends.
func (p *page) start(t tag, attrs string, closed bool) {
	switch t {
	case tagHTML:
		p.lang = strings.TrimSpace(attrOf(attrs, "lang"))
		return
	case tagHead:
	case tagBody:
		p.stack = p.stack[:1]
		if p.body != p.root { // a second <body>
			p.stack = append(p.stack, p.body)
			return
		}
	case tagLi:
		p.endWithin(setLi, setUlOl)
	case tagDd, tagDt:
		p.endWithin(setDdDt, setDl)
	case tagTr:
		p.endWithin(setTr, setTable)
	case tagTd, tagTh:
		p.endWithin(setTdTh, setTrTable)
	case tagTbody, tagThead, tagTfoot:
		p.endWithin(setTbody, setTable)
	case tagA:
		p.endWithin(setA, scopes)
	case tagOption:
		p.endWithin(setOption, setSelect)
	}
	if endsP[t] {
		p.endWithin(setP, scopes)
	}
	if headings[t] && headings[p.stack[len(p.stack)-1].tag] {
		p.pop()
	}
	n := p.take()
	n.tag, n.attrs = t, attrs
	if len(attrs) > 3 {
		p.look(n)
	}
	switch t {
	case tagMeta:
		p.metas = append(p.metas, n)
		return
	case tagLink, tagBase:
		p.links = append(p.links, n)
		return
	case tagBody:
		p.body = n
	}
	p.stack[len(p.stack)-1].add(n)
	if !voids[t] && !closed && len(p.stack) < maxDepth {
		p.stack = append(p.stack, n)
	}
}

var (
	setLi      = setOf(tagLi)
	setUlOl    = setOf(tagUl, tagOl, tagTable, tagTd, tagBody)
	setDdDt    = setOf(tagDd, tagDt)
	setDl      = setOf(tagDl, tagTable, tagTd, tagBody)
	setTr      = setOf(tagTr)
	setTable   = setOf(tagTable, tagBody)
	setTdTh    = setOf(tagTd, tagTh)
	setTrTable = setOf(tagTr, tagTable, tagBody)
	setTbody   = setOf(tagTbody, tagThead, tagTfoot)
	setA       = setOf(tagA)
	setP       = setOf(tagP)
	setOption  = setOf(tagOption)
	setSelect  = setOf(tagSelect)
)

// endWithin ends the innermost element of a set, unless one of bounds lies between.
func (p *page) endWithin(which, bounds tagSet) {
	for i := len(p.stack) - 1; i > 0; i-- {
		if which[p.stack[i].tag] {
			p.stack = p.stack[:i]
			return
		}
		if bounds[p.stack[i].tag] {
			return
		}
	}
}

func (p *page) pop() { p.stack = p.stack[:len(p.stack)-1] }

// end handles an end tag. One of a line's element cannot end blocks around it, except links.
func (p *page) end(t tag) {
	switch t {
	case tagBody, tagHTML:
		return // what follows still belongs to the page
	case tagOther:
		p.endOther()
		return
	case tagHead:
		for i := len(p.stack) - 1; i > 0; i-- {
			if p.stack[i].tag == tagHead {
				p.stack = p.stack[:i]
			}
		}
		return
	case tagP, tagBr:
		p.endWithin(setP, scopes)
		return
	}
	block := blocks[t]
	for i := len(p.stack) - 1; i > 0; i-- {
		is := p.stack[i].tag
		if is == t || headings[t] && headings[is] {
			p.stack = p.stack[:i]
			return
		}
		if is == tagBody || !block && t != tagA && blocks[is] || block && (is == tagTd || is == tagTh) && t != tagTr && t != tagTable && t != tagTbody {
			return
		}
	}
}

// endOther ends an element of an unknown name: names are not kept, so it is the innermost unknown one, if nothing known lies between.
func (p *page) endOther() {
	for i := len(p.stack) - 1; i > 0; i-- {
		if p.stack[i].tag == tagOther {
			p.stack = p.stack[:i]
			return
		}
		if p.stack[i].tag == tagBody {
			return
		}
	}
}

func (n *node) add(c *node) {
	n.forget()
	c.parent, c.prev, c.next = n, n.last, nil
	if n.last == nil {
		n.first = c
	} else {
		n.last.next = c
	}
	n.last = c
}

func (n *node) prepend(c *node) {
	if n.first == nil {
		n.add(c)
		return
	}
	n.forget()
	c.parent, c.prev, c.next = n, nil, n.first
	n.first.prev = c
	n.first = c
}

// remove takes a node out of its parent.
func (n *node) remove() {
	if n.parent == nil {
		return
	}
	n.parent.forget()
	if n.prev == nil {
		n.parent.first = n.next
	} else {
		n.prev.next = n.next
	}
	if n.next == nil {
		n.parent.last = n.prev
	} else {
		n.next.prev = n.prev
	}
	n.parent, n.prev, n.next = nil, nil, nil
}

// replace puts another node into n's place.
func (n *node) replace(by *node) {
	by.remove()
	n.parent.forget()
	by.parent, by.prev, by.next = n.parent, n.prev, n.next
	if by.prev != nil {
		by.prev.next = by
	} else {
		by.parent.first = by
	}
	if by.next != nil {
		by.next.prev = by
	} else {
		by.parent.last = by
	}
	n.parent, n.prev, n.next = nil, nil, nil
}

// following gives the next node in the order of the document, below n first; nil at the end of root.
func (n *node) following(root *node) *node {
	if n.first != nil {
		return n.first
	}
	return n.after(root)
}

// after gives the next node in the order of the document that is not below n.
func (n *node) after(root *node) *node {
	for n != root && n != nil {
		if n.next != nil {
			return n.next
		}
		n = n.parent
	}
	return nil
}

// each calls f for every element below n that is of the set; f may remove the node that it gets.
func (n *node) each(set *tagSet, f func(*node)) {
	for c := n.first; c != nil; {
		next := c.next
		if c.tag != tagNone {
			c.each(set, f)
			if set[c.tag] {
				f(c)
			}
		}
		c = next
	}
}

// inside says whether n lies below an element of the set, at most levels up (0: any).
func (n *node) inside(set *tagSet, levels int) bool {
	for i, a := 1, n.parent; a != nil; i, a = i+1, a.parent {
		if levels > 0 && i > levels {
			return false
		}
		if set[a.tag] {
			return true
		}
	}
	return false
}
