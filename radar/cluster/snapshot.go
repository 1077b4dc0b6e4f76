package cluster

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"slices"
	"time"
)

// A snapshot is, after its first line: options, background (only terms that were seen), numbers, stories by id, mentions by number, what was
// merged, what may be; then a CRC-32 (IEEE) of all before. Integers are varints, numbers with a fraction IEEE 754, little endian. Lists and
// maps of the window are built anew.
const snapshotHead = "khue stories 1\n"

// ErrSnapshot is returned for bytes that Marshal did not write, or another version's.
var ErrSnapshot = errors.New("cluster: not a snapshot of this version")

// Marshal writes the whole state. Add goes on after Unmarshal as it would have without.
func (c *Clusterer) Marshal() []byte {
	w := writer{b: []byte(snapshotHead)}
	w.int(uint64(c.opt.Window))
	w.int(uint64(c.opt.MaxLive))
	w.float(c.opt.Threshold)
	w.float(c.opt.HalfDays)
	w.float(c.bg.docs)
	w.float(c.bg.unit)
	w.float(c.bg.at)
	seen := 0
	for _, x := range c.bg.df {
		if x != 0 {
			seen++
		}
	}
	w.int(uint64(seen))
	last := 0
	for i, x := range c.bg.df {
		if x != 0 {
			w.int(uint64(i - last))
			last = i
			w.b = binary.LittleEndian.AppendUint32(w.b, math.Float32bits(x))
		}
	}
	w.int(uint64(c.first))
	w.int(uint64(c.next))
	w.int(c.made)
	w.int(uint64(len(c.stories)))
	for _, id := range sorted(c.stories) {
		s := c.stories[id]
		w.int(s.id)
		w.int(uint64(s.size))
		w.int(uint64(s.n))
		for _, m := range s.members {
			w.int(uint64(m))
		}
	}
	for n := c.first; n != c.next; n++ {
		x := c.at(n)
		w.int(uint64(len(x.id)))
		w.b = append(w.b, x.id...)
		w.int(x.story.root().id)
		w.int(uint64(x.copyOf))
		w.b = binary.LittleEndian.AppendUint64(w.b, x.said)
		w.float(x.day)
		w.b = binary.LittleEndian.AppendUint32(w.b, math.Float32bits(x.v.scale))
		w.int(uint64(len(x.v.terms)))
		for _, t := range x.v.terms {
			w.b = binary.LittleEndian.AppendUint32(w.b, t)
		}
	}
	w.int(uint64(len(c.union)))
	for _, id := range sorted(c.union) {
		w.int(id)
		w.int(c.union[id])
	}
	w.int(uint64(len(c.links)))
	pairs := make([][2]uint64, 0, len(c.links))
	for p := range c.links {
		pairs = append(pairs, p)
	}
	slices.SortFunc(pairs, func(a, b [2]uint64) int { return slices.Compare(a[:], b[:]) })
	for _, p := range pairs {
		w.int(p[0])
		w.int(p[1])
		w.int(uint64(c.links[p]))
	}
	w.int(uint64(len(c.ready)))
	for _, p := range c.ready {
		w.int(p[0])
		w.int(p[1])
	}
	return binary.LittleEndian.AppendUint32(w.b, crc32.ChecksumIEEE(w.b))
}

// Unmarshal makes a Clusterer from what Marshal wrote.
func Unmarshal(b []byte) (*Clusterer, error) {
	if len(b) < len(snapshotHead)+4 || string(b[:len(snapshotHead)]) != snapshotHead ||
		crc32.ChecksumIEEE(b[:len(b)-4]) != binary.LittleEndian.Uint32(b[len(b)-4:]) {
		return nil, ErrSnapshot
	}
	r := reader{b: b[len(snapshotHead) : len(b)-4]}
	o := Options{Window: time.Duration(r.int()), MaxLive: int(r.int()), Threshold: r.float(), HalfDays: r.float()}
	if r.bad || o.Window <= 0 || o.MaxLive <= 0 || !(o.Threshold > 0) || !(o.HalfDays > 0) {
		return nil, ErrSnapshot
	}
	c := New(o)
	if !r.background(c.bg) || !r.stories(c) || !r.mentions(c) || !r.merges(c) || len(r.b) > 0 {
		return nil, ErrSnapshot
	}
	return c, nil
}

func (r *reader) background(g *background) bool {
	g.docs, g.unit, g.at = r.float(), r.float(), r.float()
	last := uint64(0)
	for range r.count(5) {
		last += r.int()
		if last >= uint64(len(g.df)) {
			return false
		}
		g.df[last] = math.Float32frombits(r.uint32())
	}
	return !r.bad && g.unit > 0 && g.docs >= 0
}

func (r *reader) stories(c *Clusterer) bool {
	first, next := r.int(), r.int()
	c.made = r.int()
	if first == 0 || next < first || next > math.MaxUint32 || next-first > uint64(len(r.b)) {
		return false
	}
	c.first, c.next = uint32(first), uint32(next)
	for range r.count(3 + members) {
		s := &story{id: r.int(), size: uint32(r.int()), n: uint32(r.int())}
		for i := range s.members {
			n := r.int()
			if n >= next {
				return false
			}
			s.members[i] = uint32(n)
		}
		if c.stories[s.id] != nil || s.id > c.made && s.id < Hand {
			return false
		}
		c.stories[s.id] = s
	}
	return !r.bad
}

func (r *reader) mentions(c *Clusterer) bool {
	size := len(c.ring)
	for size < int(c.next-c.first) {
		size *= 2
	}
	c.ring = make([]live, size)
	for n := c.first; n != c.next; n++ {
		x := live{id: string(r.bytes(r.count(1)))}
		x.story = c.stories[r.int()]
		x.copyOf = uint32(r.int())
		x.said, x.day = r.uint64(), r.float()
		x.v.scale = math.Float32frombits(r.uint32())
		k := r.count(4)
		if r.bad || x.story == nil || x.copyOf > n || k > keepTerms {
			return false
		}
		x.v.terms = make([]uint32, k)
		for i := range x.v.terms {
			x.v.terms[i] = r.uint32()
		}
		x.story.live++
		*c.at(n) = x
		c.said[x.said] = n
		if x.copyOf == n {
			c.post(x.v, n)
		}
	}
	for _, s := range c.stories {
		if s.live == 0 {
			return false
		}
	}
	return !r.bad
}

func (r *reader) merges(c *Clusterer) bool {
	for range r.count(2) {
		id, into := r.int(), r.int()
		if into >= id { // always into an older one: Root ends
			return false
		}
		c.union[id] = into
	}
	for range r.count(3) {
		p := [2]uint64{r.int(), r.int()}
		c.links[p] = uint32(r.int())
	}
	for range r.count(2) {
		c.ready = append(c.ready, [2]uint64{r.int(), r.int()})
	}
	return !r.bad
}

func sorted[V any](m map[uint64]V) []uint64 {
	ids := make([]uint64, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

type writer struct{ b []byte }

func (w *writer) int(x uint64) { w.b = binary.AppendUvarint(w.b, x) }
func (w *writer) float(x float64) {
	w.b = binary.LittleEndian.AppendUint64(w.b, math.Float64bits(x))
}

// A reader gives zeros once something was bad.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) int() uint64 {
	x, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return x
}

// count reads the number of things that take at least size bytes each, so that a damaged one cannot ask for more than is there.
func (r *reader) count(size int) int {
	n := r.int()
	if n > uint64(len(r.b)/size) {
		r.bad, r.b = true, nil
		return 0
	}
	return int(n)
}

func (r *reader) bytes(n int) []byte {
	if n > len(r.b) {
		r.bad, r.b = true, nil
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) uint32() uint32 {
	if b := r.bytes(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (r *reader) uint64() uint64 {
	if b := r.bytes(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (r *reader) float() float64 { return math.Float64frombits(r.uint64()) }
