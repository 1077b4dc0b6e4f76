package extract

import (
	"strings"
	"unicode/utf8"
)

// fold makes one space of every run of white space and trims.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// counter measures a text as it would be shown: runs of white space count once.
type counter struct {
	chars  int
	commas int
	space  bool // the last character was white space
}

// add counts a text that was not counted before.
func (c *counter) add(s string) {
	for i := 0; i < len(s); {
		b := s[i]
		if b < utf8.RuneSelf {
			i++
			switch b {
			case ' ', '\n', '\t', '\r', '\f':
				if !c.space {
					c.space = true
					c.chars++
				}
				continue
			case ',':
				c.commas++
			}
			c.space = false
			c.chars++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch r {
		case '\u00a0', '\u3000':
			if !c.space {
				c.space = true
				c.chars++
			}
			continue
		case '\u060c', '\ufe50', '\ufe10', '\ufe11', '\u2e41', '\u2e34', '\u2e32', '\uff0c', '、':
			c.commas++
		}
		c.space = false
		c.chars++
	}
}

// sum is what is known of the text and elements at and below a node. It is kept until something below changes (forget): every
// element around a text asks for it, so that counting anew would take time in proportion to the depth of the page.
type sum struct {
	known       bool
	first, last bool    // begins, ends with white space
	post        bool    // holds a quoted post of a social network
	data        bool    // holds a table of data
	chars       int32   // runs of white space as one
	commas      int32   //
	links       float32 // characters that are links; those within the page count less
	lists       int32   // characters in lists
	heads       int32   // characters in headings
	inside      int32   // characters in what holds text (textInside)
	count       [numCounted]int32
}

// counted are the tags whose number is asked for.
const (
	countP = iota
	countImg
	countLi
	countInput
	countH1
	countTable
	countTableHead
	numCounted
)

// sum gives what is known at and below n.
func (n *node) sum() *sum {
	t := &n.known
	if t.known {
		return t
	}
	*t = sum{known: true, data: n.dataTable}
	if n.tag == tagNone {
		n.sumText(t)
		return t
	}
	for c := n.first; c != nil; c = c.next {
		t.join(c.sum())
	}
	chars := t.trimmed()
	switch n.tag {
	case tagA:
		weight := float32(1)
		if strings.HasPrefix(n.attr("href"), "#") {
			weight = 0.3
		}
		t.links = weight * float32(chars)
	case tagUl, tagOl:
		t.lists += chars
	case tagP:
		t.count[countP]++
	case tagImg:
		t.count[countImg]++
	case tagLi:
		t.count[countLi]++
	case tagInput:
		t.count[countInput]++
	case tagH1:
		t.count[countH1]++
	case tagTable:
		t.count[countTable]++
	case tagCaption, tagThead, tagTfoot, tagTh:
		t.count[countTableHead]++
	case tagBlockquote:
		t.post = t.post || isPost(n)
	}
	if headings[n.tag] {
		t.heads = chars
	}
	if textInside[n.tag] {
		t.inside = chars
	}
	return t
}

func (n *node) sumText(t *sum) {
	var own counter
	own.add(n.text)
	t.chars, t.commas, t.last = int32(own.chars), int32(own.commas), own.space
	if n.text != "" {
		r, _ := utf8.DecodeRuneInString(n.text)
		t.first = r < utf8.RuneSelf && isSpace(byte(r)) || r == '\u00a0' || r == '\u3000'
	}
}

// join appends what is known of the next child.
func (t *sum) join(c *sum) {
	if c.chars > 0 {
		if t.chars == 0 {
			t.first = c.first
		} else if t.last && c.first {
			t.chars--
		}
		t.last = c.last
		t.chars += c.chars
	}
	t.commas += c.commas
	t.links += c.links
	t.lists += c.lists
	t.heads += c.heads
	t.inside += c.inside
	t.post = t.post || c.post
	t.data = t.data || c.data
	for i, k := range c.count {
		t.count[i] += k
	}
}

// trimmed is the number of characters without white space around them.
func (t *sum) trimmed() int32 {
	k := t.chars
	if k > 0 && t.first {
		k--
	}
	if k > 0 && t.last {
		k--
	}
	return k
}

// forget is called when something at or below n changed. What is not known at a node is not known above it either.
func (n *node) forget() {
	for ; n != nil && n.known.known; n = n.parent {
		n.known.known = false
	}
}

func (n *node) become(t tag) {
	n.tag = t
	n.forget()
}

// length gives the characters and commas of the text below n, white space around it left out.
func (n *node) length() (chars, commas int) {
	t := n.sum()
	return int(t.trimmed()), int(t.commas)
}

func (n *node) chars() int { return int(n.sum().trimmed()) }

// blank says whether a text is white space alone.
func blank(s string) bool {
	for i := range len(s) {
		if !isSpace(s[i]) {
			return strings.TrimSpace(s[i:]) == ""
		}
	}
	return true
}

// empty says whether nothing can be read below n, nor seen (a picture).
func (n *node) empty() bool { return n.chars() == 0 && n.sum().count[countImg] == 0 }

// linkDensity is the share of the text below n that is links; those within the page count less.
func (n *node) linkDensity() float64 {
	t := n.sum()
	total := t.trimmed()
	if total == 0 {
		return 0
	}
	return float64(t.links) / float64(total)
}

// below gives the number of elements below n, n left out.
func (n *node) below(what int, own tag) int {
	return int(n.sum().count[what]) - b2i(n.tag == own)
}

// plain gives the text below n in one line.
func (n *node) plain() string {
	var b strings.Builder
	n.write(&b)
	return fold(b.String())
}

func (n *node) write(b *strings.Builder) {
	switch n.tag {
	case tagNone:
		b.WriteString(n.text)
	case tagBr:
		b.WriteByte(' ')
	}
	for k := n.first; k != nil; k = k.next {
		k.write(b)
	}
}
