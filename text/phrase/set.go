package phrase

import (
	"cmp"
	"errors"
	"math/bits"
	"slices"
	"sync"
)

// Marks says how a phrase's marks are compared.
type Marks uint8

// The ways of comparing.
const (
	AsWritten Marks = iota // with marks if the phrase has a mark or đ, without if not
	Exact                  // with marks, even where the phrase has none: "cho" is not "chợ"
	Any                    // without, even where the phrase has some: "chợ" is also "cho" and "chó"
)

// ErrEmpty is what Add gives for a phrase without a letter or digit.
var ErrEmpty = errors.New("no syllable")

// Builder gathers phrases for a Set. The zero value is ready.
type Builder struct {
	found  [2][]record // by side
	counts []int32     // syllables of each phrase
}

// The sides of a set: phrases that are compared with marks, and without.
const (
	marked = iota
	folded
)

// record is a phrase while a set is built.
type record struct {
	anchor, whole uint64 // hash of its last syllables, of all its syllables
	syllables, id int32
}

// Add takes a phrase and gives its number: 0 for the first, then 1. The same phrase may be added again; each has its hits.
func (b *Builder) Add(phrase string, marks Marks) (int, error) {
	var sides [2]window
	bare, n := true, 0
	for i := 0; ; n++ {
		start, end, fold, mark := next(phrase, i)
		if start < 0 {
			break
		}
		bare = bare && fold == mark
		sides[folded].push(fold)
		sides[marked].push(mark)
		i = end
	}
	if n == 0 {
		return 0, ErrEmpty
	}
	side := marked
	if marks == Any || marks == AsWritten && bare {
		side = folded
	}
	id := len(b.counts)
	b.counts = append(b.counts, int32(n))
	w := sides[side]
	b.found[side] = append(b.found[side], record{w.last[min(n, anchorMost)], w.all, int32(n), int32(id)})
	return id, nil
}

// anchorMost is how many syllables an anchor has at most. With three, anchors that many phrases share are rare enough, and a
// text's syllable is asked about three windows a side.
const anchorMost = 3

// base is the polynomial's base; odd, so that no window loses its first syllables.
const base = 0x9FB21C651E98DF25

// window holds the hashes of a phrase's syllables: all of them, and the last one, two and three.
type window struct {
	all  uint64
	last [anchorMost + 1]uint64
}

func (w *window) push(syllable uint64) {
	w.all = w.all*base + syllable
	for n := anchorMost; n > 0; n-- {
		w.last[n] = w.last[n-1]*base + syllable
	}
}

// Set is phrases compiled for looking up.
type Set struct {
	sides   [2]side
	counts  []int32
	longest int
	pasts   sync.Pool // *past
}

// Set compiles what was added; the builder may go on.
func (b *Builder) Set() *Set {
	s := &Set{counts: slices.Clone(b.counts)}
	for i, list := range b.found {
		s.sides[i] = compile(list)
	}
	for _, n := range s.counts {
		s.longest = max(s.longest, int(n))
	}
	size := 1 << bits.Len(uint(max(s.longest, anchorMost)))
	s.pasts.New = func() any { return &past{ring: make([]syllable, size)} }
	return s
}

// Len is how many phrases the set has.
func (s *Set) Len() int { return len(s.counts) }

// Syllables is how many syllables a phrase has.
func (s *Set) Syllables(phrase int) int { return int(s.counts[phrase]) }

// side is the phrases that are compared alike.
type side struct {
	asked   [anchorMost + 1]bool // which lengths of anchors there are
	filter  filter
	anchors table    // to ends
	ends    []end    // what ends with an anchor
	lengths []length // of the longer phrases, by end
	wholes  table    // longer phrases by the hash of all their syllables, to groups
	groups  []group  // phrases that are equal
	ids     []int32
}

// end is what may end where an anchor's window does.
type end struct {
	equal  group // the phrases that are no longer than the window
	longer span  // lengths of the others
}

type (
	span  struct{ from, to int32 }
	group span // in ids
)

// length is a number of syllables with the base's power to it.
type length struct {
	syllables int
	power     uint64
}

func compile(list []record) side {
	var s side
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b record) int {
		return cmp.Or(cmp.Compare(a.anchor, b.anchor), cmp.Compare(a.syllables, b.syllables), cmp.Compare(a.whole, b.whole), cmp.Compare(a.id, b.id))
	})
	var anchors, wholes []pair
	for i, r := range list {
		s.asked[min(r.syllables, anchorMost)] = true
		newAnchor := i == 0 || r.anchor != list[i-1].anchor
		if newAnchor {
			anchors = append(anchors, pair{r.anchor, int32(len(s.ends))})
			s.ends = append(s.ends, end{group{int32(i), int32(i)}, span{int32(len(s.lengths)), int32(len(s.lengths))}})
		}
		e := &s.ends[len(s.ends)-1]
		s.ids = append(s.ids, r.id)
		if r.syllables <= anchorMost {
			e.equal.to++
			continue
		}
		newLength := newAnchor || r.syllables != list[i-1].syllables
		if newLength {
			s.lengths = append(s.lengths, length{int(r.syllables), power(int(r.syllables))})
			e.longer.to++
		}
		if newLength || r.whole != list[i-1].whole {
			wholes = append(wholes, pair{r.whole, int32(len(s.groups))})
			s.groups = append(s.groups, group{int32(i), int32(i)})
		}
		s.groups[len(s.groups)-1].to++
	}
	s.anchors, s.wholes = newTable(anchors), newTable(wholes)
	s.filter = newFilter(anchors)
	return s
}

// power gives base to the n.
func power(n int) uint64 {
	p, b := uint64(1), uint64(base)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			p *= b
		}
		b *= b
	}
	return p
}
