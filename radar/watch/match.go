package watch

import (
	"cmp"
	"slices"

	"khue/text"
	"khue/text/phrase"
)

// Match is a query that a mention matches.
type Match struct {
	Query int    // place in the list that was compiled
	Spans []Span // where its terms stand that are not under a NOT, in order, the first maxSpans; until the call returns
}

// Span is a stretch of one field of a mention, in bytes of the field as given.
type Span struct{ Field, Start, End int }

// Bounds of what is kept of one mention, so that a text made to be slow is not.
const (
	maxSpans = 64      // places shown of a match
	maxSaid  = 1 << 16 // occurrences of a term, and pairs of terms near each other, the first of them
)

// said is an occurrence of a term: its syllables, and where they stand.
type said struct {
	reach
	at Span
}

// reach is a stretch of syllables, counted over all fields with a wide gap between two; to is behind the last.
type reach struct{ from, to int }

// state is the memory of one scan.
type state struct {
	b     *Book
	said  [][]said // by term
	terms []int32  // that were said
	awake []int32  // queries to ask
	asked []bool   // by query: is in awake
	spans []Span

	field, before int // of the scan under way: the field, and where its syllables begin
	offsets       []int32
	take          func(phrase.Hit)
}

func newState(b *Book) *state {
	s := &state{b: b, said: make([][]said, b.set.Len()), asked: make([]bool, len(b.queries))}
	s.take = s.hit
	return s
}

// Scan tells every query that a mention matches, in the order of queries. The fields, such as title and text, are read one after
// another.
func (b *Book) Scan(found func(Match), fields ...string) {
	if len(b.queries) == 0 {
		return
	}
	s := b.states.Get().(*state)
	s.before = 0
	for i, f := range fields {
		var normal string
		normal, s.offsets, _ = text.Mapped(f)
		s.field = i
		b.set.Scan(normal, s.take)
		s.before += len(normal) + 2*MaxNear // more than the syllables it can have
	}
	slices.Sort(s.awake)
	for _, q := range s.awake {
		if c := &b.queries[q]; s.holds(&c.root) {
			found(Match{int(q), s.places(c)})
		}
	}
	s.clear()
	b.states.Put(s)
}

// hit takes a hit of the field at hand.
func (s *state) hit(h phrase.Hit) {
	list := s.said[h.Phrase]
	if len(list) >= maxSaid {
		return
	}
	if len(list) == 0 {
		s.terms = append(s.terms, int32(h.Phrase))
		for _, q := range s.b.wakes[h.Phrase] {
			if !s.asked[q] {
				s.asked[q] = true
				s.awake = append(s.awake, q)
			}
		}
	}
	at := Span{s.field, h.Start, h.End}
	if s.offsets != nil {
		at.Start, at.End = int(s.offsets[h.Start]), int(s.offsets[h.End])
	}
	from := s.before + h.Syllable
	s.said[h.Phrase] = append(list, said{reach{from, from + s.b.lengths[h.Phrase]}, at})
}

func (s *state) clear() {
	for _, t := range s.terms {
		if cap(s.said[t]) > 1024 {
			s.said[t] = nil
		}
		s.said[t] = s.said[t][:0]
	}
	for _, q := range s.awake {
		s.asked[q] = false
	}
	s.terms, s.awake, s.offsets = s.terms[:0], s.awake[:0], nil
}

// holds tells whether a part is true of the mention.
func (s *state) holds(p *part) bool {
	switch p.op {
	case opTerm:
		return len(s.said[p.term]) > 0
	case opNot:
		return !s.holds(&p.children[0])
	case opNear:
		return len(s.near(p, 1)) > 0
	case opOr:
		return slices.ContainsFunc(p.children, func(c part) bool { return s.holds(&c) })
	}
	return !slices.ContainsFunc(p.children, func(c part) bool { return !s.holds(&c) })
}

// places gives the first places of a query's terms.
func (s *state) places(c *compiled) []Span {
	s.spans = s.spans[:0]
	for _, t := range c.wanted {
		for _, o := range s.said[t][:min(maxSpans, len(s.said[t]))] {
			s.spans = append(s.spans, o.at)
		}
	}
	slices.SortFunc(s.spans, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	s.spans = slices.Compact(s.spans)
	return s.spans[:min(maxSpans, len(s.spans))]
}
