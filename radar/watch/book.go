package watch

import (
	"slices"
	"sync"

	"khue/text/phrase"
)

// Book is many queries compiled for matching; immutable.
type Book struct {
	set     *phrase.Set
	lengths []int // syllables of each term
	queries []compiled
	wakes   [][]int32 // by term: the queries to ask once it is said
	states  sync.Pool // *state
}

// compiled is a query with its terms numbered.
type compiled struct {
	root   part
	wanted []int32 // terms that are not under a NOT, for showing where they stand
}

// part is a node with its term numbered.
type part struct {
	op       op
	near     int
	term     int32
	children []part
}

// Compile puts queries together. A match names a query by its place in the list.
func Compile(queries []*Query) *Book {
	b := &Book{queries: make([]compiled, len(queries))}
	var phrases phrase.Builder
	numbers := map[term]int32{}
	number := func(t term) int32 {
		n, ok := numbers[t]
		if !ok {
			id, _ := phrases.Add(t.words, t.marks) // Parse saw that it has a syllable
			n = int32(id)
			numbers[t] = n
		}
		return n
	}
	for i, q := range queries {
		c := &b.queries[i]
		c.root = q.root.number(number)
		c.wanted = c.root.appendWanted(nil)
		slices.Sort(c.wanted)
		c.wanted = slices.Compact(c.wanted)
	}
	b.set = phrases.Set()
	b.lengths = make([]int, b.set.Len())
	for t := range b.lengths {
		b.lengths[t] = b.set.Syllables(t)
	}
	b.wakes = make([][]int32, b.set.Len())
	for i := range b.queries {
		_, terms := b.rarest(&b.queries[i].root)
		slices.Sort(terms)
		for _, t := range slices.Compact(terms) {
			b.wakes[t] = append(b.wakes[t], int32(i))
		}
	}
	b.states.New = func() any { return newState(b) }
	return b
}

// Len is how many queries the book has.
func (b *Book) Len() int { return len(b.queries) }

func (n *node) number(of func(term) int32) part {
	p := part{op: n.op, near: n.near}
	if n.op == opTerm {
		p.term = of(n.term)
	}
	for _, c := range n.children {
		p.children = append(p.children, c.number(of))
	}
	return p
}

func (p *part) appendWanted(list []int32) []int32 {
	if p.op == opTerm {
		return append(list, p.term)
	}
	for i := range p.children {
		if p.op != opNot {
			list = p.children[i].appendWanted(list)
		}
	}
	return list
}

// rarest finds terms of which a text must say at least one for the part to hold, and weighs how often that will be: of what
// is joined by AND or NEAR the part that is said most seldom is enough. The weight is -1 where nothing must be said.
func (b *Book) rarest(p *part) (weight float64, terms []int32) {
	switch p.op {
	case opTerm:
		// a syllable more makes a phrase about ten times as rare
		weight = 1
		for range min(b.lengths[p.term], 6) {
			weight /= 10
		}
		return weight, []int32{p.term}
	case opNot:
		return -1, nil
	case opOr:
		for i := range p.children {
			w, t := b.rarest(&p.children[i])
			if w < 0 {
				return -1, nil
			}
			weight, terms = weight+w, append(terms, t...)
		}
		return weight, terms
	}
	weight = -1
	for i := range p.children {
		if w, t := b.rarest(&p.children[i]); w >= 0 && (weight < 0 || w < weight) {
			weight, terms = w, t
		}
	}
	return weight, terms
}
