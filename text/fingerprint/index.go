package fingerprint

import (
	"cmp"
	"slices"
	"sort"
)

// Cap is how many documents a part keeps for one gram: what more share identifies none of them.
const Cap = 1000

// Entry says that a document has a gram.
type Entry struct {
	Gram     Gram
	Document uint32
}

// Snapshot is an index that never changes; With and Merged give new ones that share its parts.
type Snapshot struct {
	parts []part // large ones first
}

// part is a sorted run of entries.
type part interface {
	size() int
	lookup(g Gram) []uint32
}

// With gives a snapshot that holds the entries too; they are sorted in place. Small parts are merged, so that there are few.
func (s *Snapshot) With(entries []Entry) *Snapshot {
	if len(entries) == 0 {
		return s
	}
	sortEntries(entries)
	parts := append(slices.Clone(s.parts), build(slices.Values(entries), len(entries)))
	for n := len(parts); n > 1 && parts[n-2].size() < 2*parts[n-1].size(); n = len(parts) {
		parts = append(parts[:n-2:n-2], merge([]part{parts[n-2], parts[n-1]}, nil))
	}
	return &Snapshot{parts}
}

// Merged gives a snapshot of one part, without the documents that dead names.
func (s *Snapshot) Merged(dead func(document uint32) bool) *Snapshot {
	if len(s.parts) == 0 || len(s.parts) == 1 && dead == nil {
		return s
	}
	return &Snapshot{[]part{merge(s.parts, dead)}}
}

// Lookup appends the lists of documents that have a gram to dst, one of each part; they must not be changed.
func (s *Snapshot) Lookup(dst [][]uint32, g Gram) [][]uint32 {
	for _, p := range s.parts {
		if l := p.lookup(g); len(l) > 0 {
			dst = append(dst, l)
		}
	}
	return dst
}

// Size is the number of entries.
func (s *Snapshot) Size() int {
	n := 0
	for _, p := range s.parts {
		n += p.size()
	}
	return n
}

func sortEntries(e []Entry) {
	slices.SortFunc(e, func(a, b Entry) int {
		if c := cmp.Compare(a.Gram, b.Gram); c != 0 {
			return c
		}
		return cmp.Compare(a.Document, b.Document)
	})
}

// denseFrom is the size from which a part is kept in six bytes an entry.
const denseFrom = 1 << 19

// build makes a part of sorted entries, each gram up to Cap documents.
func build(sorted func(func(Entry) bool), n int) part {
	if n < denseFrom {
		s := &small{grams: make([]Gram, 0, n), documents: make([]uint32, 0, n)}
		capped(sorted, func(e Entry) {
			s.grams, s.documents = append(s.grams, e.Gram), append(s.documents, e.Document)
		})
		return s
	}
	d := &dense{start: make([]uint32, 1<<topBits+1), tags: make([]uint16, 0, n), documents: make([]uint32, 0, n)}
	bucket := 0
	capped(sorted, func(e Entry) {
		for b := int(e.Gram >> tagBits); bucket < b; {
			bucket++
			d.start[bucket] = uint32(len(d.tags))
		}
		d.tags, d.documents = append(d.tags, uint16(e.Gram)), append(d.documents, e.Document)
	})
	for bucket < 1<<topBits {
		bucket++
		d.start[bucket] = uint32(len(d.tags))
	}
	return d
}

func capped(sorted func(func(Entry) bool), keep func(Entry)) {
	var last Entry
	run := 0
	sorted(func(e Entry) bool {
		if run > 0 && e == last {
			return true
		}
		if run > 0 && e.Gram == last.Gram {
			run++
		} else {
			run = 1
		}
		last = e
		if run <= Cap {
			keep(e)
		}
		return true
	})
}

// merge joins parts; of each document that dead names nothing is kept.
func merge(parts []part, dead func(uint32) bool) part {
	n := 0
	for _, p := range parts {
		n += p.size()
	}
	all := make([]cursor, len(parts))
	for i, p := range parts {
		all[i] = cursor{part: p}
		all[i].load()
	}
	return build(func(yield func(Entry) bool) {
		for {
			best := -1
			for i := range all {
				if all[i].done {
					continue
				}
				if best < 0 || less(all[i].head, all[best].head) {
					best = i
				}
			}
			if best < 0 {
				return
			}
			if e := all[best].head; dead == nil || !dead(e.Document) {
				if !yield(e) {
					return
				}
			}
			all[best].next()
		}
	}, n)
}

func less(a, b Entry) bool {
	return a.Gram < b.Gram || a.Gram == b.Gram && a.Document < b.Document
}

// cursor walks a part in order.
type cursor struct {
	part   part
	i      int
	bucket int
	head   Entry
	done   bool
}

func (c *cursor) next() { c.i++; c.load() }

func (c *cursor) load() {
	if c.i >= c.part.size() {
		c.done = true
		return
	}
	switch p := c.part.(type) {
	case *small:
		c.head = Entry{p.grams[c.i], p.documents[c.i]}
	case *dense:
		for uint32(c.i) >= p.start[c.bucket+1] {
			c.bucket++
		}
		c.head = Entry{Gram(c.bucket)<<tagBits | Gram(p.tags[c.i]), p.documents[c.i]}
	}
}

// small keeps grams whole.
type small struct {
	grams     []Gram
	documents []uint32
}

func (s *small) size() int { return len(s.grams) }

func (s *small) lookup(g Gram) []uint32 {
	i, ok := slices.BinarySearch(s.grams, g)
	if !ok {
		return nil
	}
	j := i + 1
	for j < len(s.grams) && s.grams[j] == g {
		j++
	}
	return s.documents[i:j]
}

// dense keeps the top bits of a gram as the number of its bucket and the others as a tag.
type dense struct {
	start     []uint32 // of each bucket, and the end
	tags      []uint16
	documents []uint32
}

const (
	tagBits = 16
	topBits = Bits - tagBits
)

func (d *dense) size() int { return len(d.tags) }

func (d *dense) lookup(g Gram) []uint32 {
	b, tag := g>>tagBits, uint16(g)
	from, to := int(d.start[b]), int(d.start[b+1])
	if to-from > 32 {
		from += sort.Search(to-from, func(i int) bool { return d.tags[from+i] >= tag })
	}
	for from < to && d.tags[from] < tag {
		from++
	}
	end := from
	for end < to && d.tags[end] == tag {
		end++
	}
	return d.documents[from:end]
}
