package watch

import (
	"fmt"
	"strings"

	"khue/text/phrase"
)

// Limits of a query.
const (
	MaxQuery = 4096 // bytes
	MaxTerms = 100
	MaxNear  = 50 // syllables between two terms
	maxDepth = 32 // of parentheses and NOTs
)

// Query is a parsed query.
type Query struct {
	root  *node
	terms int
}

// node is a part of a query.
type node struct {
	op       op
	children []*node
	near     int  // of opNear: at most this many syllables between
	term     term // of opTerm
	at       span // in the query as written: its operator or its words
}

type op uint8

const (
	opTerm op = iota
	opAnd
	opOr
	opNot
	opNear
)

// binding orders operators: what binds tighter is higher.
var binding = [...]int{opOr: 1, opAnd: 2, opNot: 3, opNear: 4, opTerm: 5}

// term is a phrase to look for.
type term struct {
	words string // normalised
	marks phrase.Marks
}

// span is a stretch of bytes.
type span struct{ from, to int }

// String writes the query in full: terms in quotes, operators in English, parentheses where needed.
func (q *Query) String() string {
	var b strings.Builder
	q.root.write(&b, 0)
	return b.String()
}

func (n *node) write(b *strings.Builder, outer int) {
	own := binding[n.op]
	if own < outer {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	switch n.op {
	case opTerm:
		b.WriteString(map[phrase.Marks]string{phrase.Exact: "=", phrase.Any: "~"}[n.term.marks])
		b.WriteString(`"` + n.term.words + `"`)
		return
	case opNot:
		b.WriteString("NOT ")
		n.children[0].write(b, own)
		return
	}
	between := map[op]string{opAnd: " AND ", opOr: " OR ", opNear: fmt.Sprintf(" NEAR/%d ", n.near)}[n.op]
	for i, c := range n.children {
		if i > 0 {
			b.WriteString(between)
			own = binding[n.op] + 1 // a chain is read from the left
		}
		c.write(b, own)
	}
}

// demands tells whether a text must say something for the node to hold.
func (n *node) demands() bool {
	switch n.op {
	case opNot:
		return false
	case opAnd:
		for _, c := range n.children {
			if c.demands() {
				return true
			}
		}
		return false
	case opOr:
		for _, c := range n.children {
			if !c.demands() {
				return false
			}
		}
	}
	return true
}

// undemanding finds the NOT for which a query demands nothing.
func (n *node) undemanding() *node {
	if n.op == opNot || n.op == opTerm {
		return n
	}
	for _, c := range n.children {
		if !c.demands() {
			return c.undemanding()
		}
	}
	return n
}
