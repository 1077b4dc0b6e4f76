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

// size is a text's count, kept at its node: the same text is counted for every element around it.
type size struct {
	known       bool
	first, last bool // begins, ends with white space
	chars       int32
	commas      int32
}

// join adds a text that was counted before.
func (c *counter) join(n *node) {
	if !n.size.known {
		var own counter
		own.add(n.text)
		n.size = size{known: true, chars: int32(own.chars), commas: int32(own.commas), last: own.space}
		if n.text != "" {
			r, _ := utf8.DecodeRuneInString(n.text)
			n.size.first = r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' || r == '\u00a0' || r == '\u3000'
		}
	}
	if n.size.chars == 0 {
		return
	}
	c.chars += int(n.size.chars)
	c.commas += int(n.size.commas)
	if c.space && n.size.first {
		c.chars--
	}
	c.space = n.size.last
}

// length gives the characters and commas of the text below n, white space around it left out.
func (n *node) length() (chars, commas int) {
	c := counter{space: true}
	n.measure(&c)
	if c.space && c.chars > 0 {
		c.chars--
	}
	return c.chars, c.commas
}

func (n *node) chars() int {
	chars, _ := n.length()
	return chars
}

func (n *node) measure(c *counter) {
	if n.tag == tagNone {
		c.join(n)
		return
	}
	for k := n.first; k != nil; k = k.next {
		k.measure(c)
	}
}

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
func (n *node) empty() bool {
	if n.tag == tagNone {
		return blank(n.text)
	}
	if n.tag == tagImg {
		return false
	}
	for k := n.first; k != nil; k = k.next {
		if !k.empty() {
			return false
		}
	}
	return true
}

var onlyA = setOf(tagA)

// linkDensity is the share of the text below n that is links; those within the page count less.
func (n *node) linkDensity() float64 {
	total := n.chars()
	if total == 0 {
		return 0
	}
	links := 0.0
	n.each(&onlyA, func(a *node) {
		weight := 1.0
		if strings.HasPrefix(a.attr("href"), "#") {
			weight = 0.3
		}
		links += weight * float64(a.chars())
	})
	return links / float64(total)
}

// textDensity is the share of the text below n that lies in elements of the set.
func (n *node) textDensity(set *tagSet) float64 {
	total := n.chars()
	if total == 0 {
		return 0
	}
	in := 0
	for c := n.following(n); c != nil; {
		if set[c.tag] {
			in += c.chars()
			c = c.after(n)
			continue
		}
		c = c.following(n)
	}
	return float64(in) / float64(total)
}

// count gives the number of elements of a tag below n.
func (n *node) count(t tag) int {
	k := 0
	for c := n.following(n); c != nil; c = c.following(n) {
		if c.tag == t {
			k++
		}
	}
	return k
}

// plain gives the text below n in one line.
func (n *node) plain() string {
	var b strings.Builder
	var walk func(*node)
	walk = func(n *node) {
		if n.tag == tagNone {
			b.WriteString(n.text)
			return
		}
		if n.tag == tagBr {
			b.WriteByte(' ')
		}
		for k := n.first; k != nil; k = k.next {
			walk(k)
		}
	}
	walk(n)
	return fold(b.String())
}
