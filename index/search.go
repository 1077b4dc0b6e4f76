package index

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// A Hit is a document found, with its score. Scores of different queries do not compare.
type Hit struct {
	ID    string
	Score float64
}

// A QueryTerm asks for a key. Any accepts every variant alike; otherwise a posting of another variant counts by near. Weight
// multiplies the term's score; 0 stands for 1.
type QueryTerm struct {
	Key     uint64
	Variant uint8
	Any     bool
	Weight  float64
}

// A Search is a query by terms.
type Search struct {
	Terms []QueryTerm
	Top   int
	Keep  func(id string) bool // documents that it refuses are left out; nil keeps all
	// Budget, if positive, bounds the work: lists are read from the rarest on, and once so many postings were read, the others
	// no longer bring documents in, nor do they add to the scores. Without a budget the result is exact.
	Budget int
}

// near is what a posting counts whose variant is not the one asked for: the tone alone is missing on one side, all marks are
// missing on one side, or they differ. Tuned on titles with one tone missing.
type near struct{ tone, bare, other float64 }

// A cursor walks one list of a query.
type cursor struct {
	ps     []posting
	bounds []bound
	i      int
	idf    float64 // times weight
	most   float64 // no document gets more from this list
	share  [256]float32
	any    bool
}

func (c *cursor) doc() uint32 {
	if c.i >= len(c.ps) {
		return math.MaxUint32
	}
	return c.ps[c.i].doc()
}

// seek moves to the first posting of a document not below d: steps that double, then halves.
func (c *cursor) seek(d uint32) {
	if c.i >= len(c.ps) || c.ps[c.i].doc() >= d {
		return
	}
	lo, step := c.i, 1
	for lo+step < len(c.ps) && c.ps[lo+step].doc() < d {
		lo += step
		step *= 2
	}
	hi := min(lo+step, len(c.ps))
	for lo+1 < hi {
		if m := int(uint(lo+hi) >> 1); c.ps[m].doc() < d {
			lo = m
		} else {
			hi = m
		}
	}
	c.i = hi
}

// A scorer holds what one search needs again and again.
type scorer struct {
	norm    [256]float64 // by length code
	k1      float64
	cursors []*cursor
	spare   []*cursor
	scores  []float32 // by document, all 0 between searches
	touched []uint32
	top     heap
}

var scorers = sync.Pool{New: func() any { return new(scorer) }}

func (s *scorer) cursor() *cursor {
	if n := len(s.spare); n > 0 {
		c := s.spare[n-1]
		s.spare = s.spare[:n-1]
		return c
	}
	return new(cursor)
}

func (s *scorer) done() {
	for _, c := range s.cursors {
		c.ps, c.bounds = nil, nil
	}
	s.spare = append(s.spare, s.cursors...)
	s.cursors = s.cursors[:0]
	if len(s.spare) <= 1024 && cap(s.scores) <= 1<<24 {
		scorers.Put(s)
	}
}

// group reads the postings of the cursor's document and gives what they score.
func (s *scorer) group(c *cursor) float64 {
	p := c.ps[c.i]
	d, length := p.doc(), p.length()
	var count float64
	for ; c.i < len(c.ps) && c.ps[c.i].doc() == d; c.i++ {
		p := c.ps[c.i]
		if c.any {
			count += float64(p.count())
		} else {
			count += float64(p.count()) * float64(c.share[p.variant()])
		}
	}
	count = min(count, 255) / 4
	return c.idf * count * (s.k1 + 1) / (count + s.norm[length])
}

func (s *scorer) most(count, length uint8) float64 {
	c := float64(count) / 4
	return c * (s.k1 + 1) / (c + s.norm[length])
}

// open makes cursors for the terms that occur, with the greatest bound first.
func (x *Index) open(s *scorer, c *core, st *state, terms []QueryTerm) {
	avg := st.length / math.Max(1, float64(st.live))
	for i := range s.norm {
		s.norm[i] = x.opt.K1 * (1 - x.opt.B + x.opt.B*lengths[i]/math.Max(avg, 1))
	}
	s.k1 = x.opt.K1
	for _, t := range terms {
		ps, bounds := c.list(t.Key)
		for len(ps) > 0 && ps[len(ps)-1].doc() >= st.docs { // beyond the snapshot
			ps = ps[:len(ps)-1]
		}
		if len(ps) == 0 {
			continue
		}
		bounds = bounds[:min(len(bounds), len(ps)/blockSize)]
		cur := s.cursor()
		*cur = cursor{ps: ps, bounds: bounds, any: t.Any}
		if !t.Any {
			x.shares(cur, t.Variant)
		}
		w := t.Weight
		if w == 0 {
			w = 1
		}
		cur.idf = w * idf(frequency(cur), float64(st.docs))
		for _, b := range bounds {
			cur.most = max(cur.most, s.most(b.count, b.length))
		}
		tail := ps[len(bounds)*blockSize:]
		for i := range tail {
			cur.most = max(cur.most, s.most(groupCount(tail, i), tail[i].length()))
		}
		if len(bounds) > 0 && len(tail) > 0 { // a group across the border
			cur.most = max(cur.most, s.most(groupCount(ps, len(bounds)*blockSize), tail[0].length()))
		}
		cur.most *= cur.idf
		s.cursors = append(s.cursors, cur)
	}
}

// idf is BM25's, never negative.
func idf(n, docs float64) float64 { return math.Log(1 + (docs-n+0.5)/(n+0.5)) }

// sample is how many postings of a list are looked at to learn how common a variant is.
const sample = 256

// frequency estimates in how many documents the term stands as asked for. Postings of other variants count by their share.
func frequency(c *cursor) float64 {
	if c.any {
		return float64(len(c.ps))
	}
	step := max(1, len(c.ps)/sample)
	sum, n := 0.0, 0
	for i := 0; i < len(c.ps); i += step {
		sum += float64(c.share[c.ps[i].variant()])
		n++
	}
	return max(1, sum/float64(n)*float64(len(c.ps)))
}

func (x *Index) shares(c *cursor, variant uint8) {
	for v := range c.share {
		c.share[v] = float32(x.nearness(variant, uint8(v)))
	}
}

// nearness compares variants: five bits of shape and three of tone (see Variant).
func (x *Index) nearness(a, b uint8) float64 {
	switch {
	case a == b:
		return 1
	case a&shapeBits == b&shapeBits && (a&toneBits == 0 || b&toneBits == 0):
		return x.opt.near.tone
	case a == 0 || b == 0:
		return x.opt.near.bare
	}
	return x.opt.near.other
}

// SearchTerms finds the best documents for a query by terms, best first; of equal ones the older first.
func (x *Index) SearchTerms(q Search) []Hit {
	if q.Top <= 0 || len(q.Terms) == 0 {
		return nil
	}
	c := x.core.Load()
	st := c.now.Load()
	s := scorers.Get().(*scorer)
	defer s.done()
	s.top.reset(q.Top)
	x.open(s, c, st, q.Terms)
	keep := func(d uint32) bool {
		if !c.seen(st, d) {
			return false
		}
		if q.Keep == nil {
			return true
		}
		pg, i := c.page(d)
		return q.Keep(pg.id[i])
	}
	if q.Budget > 0 || len(s.cursors) > manyTerms {
		s.byTerm(st, q.Budget, keep)
	} else {
		s.byDocument(keep)
	}
	best := s.top.sorted()
	hits := make([]Hit, len(best))
	for i, b := range best {
		pg, j := c.page(b.doc)
		hits[i] = Hit{pg.id[j], b.score}
	}
	return hits
}

// manyTerms is from how many lists on it is cheaper to add up list by list.
const manyTerms = 40

// byDocument walks the lists side by side (MaxScore, Turtle and Flood 1995): lists whose bounds together cannot lift a document
// over the k-th best score bring none in and are only asked about documents that others found.
func (s *scorer) byDocument(keep func(uint32) bool) {
	cs := s.cursors
	slices.SortStableFunc(cs, func(a, b *cursor) int { return cmp.Compare(a.most, b.most) })
	reach := make([]float64, len(cs)+1) // reach[i]: the most that cs[:i] give together
	for i, c := range cs {
		reach[i+1] = reach[i] + c.most
	}
	first := 0 // cs[first:] bring documents in
	for first < len(cs) {
		d := uint32(math.MaxUint32)
		for _, c := range cs[first:] {
			d = min(d, c.doc())
		}
		if d == math.MaxUint32 {
			return
		}
		score := 0.0
		for _, c := range cs[first:] {
			if c.doc() == d {
				score += s.group(c)
			}
		}
		least := s.top.least()
		i := first - 1
		for ; i >= 0 && score+reach[i+1] > least; i-- {
			c := cs[i]
			c.seek(d)
			if c.doc() == d {
				score += s.group(c)
			}
		}
		if i < 0 && score > least && keep(d) && s.top.push(d, score) {
			for first < len(cs) && reach[first+1] <= s.top.least() {
				first++
			}
		}
	}
}

// byTerm adds up list by list, the rarest first.
func (s *scorer) byTerm(st *state, budget int, keep func(uint32) bool) {
	cs := s.cursors
	slices.SortStableFunc(cs, func(a, b *cursor) int { return cmp.Compare(len(a.ps), len(b.ps)) })
	if len(s.scores) < int(st.docs) {
		s.scores = make([]float32, int(st.docs)*5/4)
	}
	read := 0
	for _, c := range cs {
		if read += len(c.ps); budget > 0 && read > budget && len(s.touched) > 0 {
			break
		}
		idf := c.idf * (s.k1 + 1)
		for c.i < len(c.ps) {
			p := c.ps[c.i]
			d := p.doc()
			if s.scores[d] == 0 {
				s.touched = append(s.touched, d)
			}
			if c.any && (c.i+1 == len(c.ps) || c.ps[c.i+1].doc() != d) { // one writing: the usual case
				count := float64(p.count()) / 4
				s.scores[d] += float32(idf * count / (count + s.norm[p.length()]))
				c.i++
				continue
			}
			s.scores[d] += float32(s.group(c))
		}
	}
	for _, d := range s.touched {
		if score := float64(s.scores[d]); score > s.top.least() || (score == s.top.least() && d < s.top.worst().doc) {
			if keep(d) {
				s.top.push(d, score)
			}
		}
		s.scores[d] = 0
	}
	s.touched = s.touched[:0]
}

// A heap keeps the k best documents, the worst on top.
type heap struct {
	k int
	h []scored
}

type scored struct {
	doc   uint32
	score float64
}

func worse(a, b scored) bool { return a.score < b.score || a.score == b.score && a.doc > b.doc }

func (h *heap) reset(k int)   { h.k, h.h = k, h.h[:0] }
func (h *heap) worst() scored { return h.h[0] }

// least is the score that a newcomer must beat.
func (h *heap) least() float64 {
	if len(h.h) < h.k {
		return 0
	}
	return h.h[0].score
}

// push takes a document in and tells whether the heap is full, so that least may have risen.
func (h *heap) push(doc uint32, score float64) bool {
	e := scored{doc, score}
	if len(h.h) < h.k {
		h.h = append(h.h, e)
		for i := len(h.h) - 1; i > 0 && worse(h.h[i], h.h[(i-1)/2]); i = (i - 1) / 2 {
			h.h[i], h.h[(i-1)/2] = h.h[(i-1)/2], h.h[i]
		}
		return len(h.h) == h.k
	}
	if !worse(h.h[0], e) {
		return false
	}
	h.h[0] = e
	for i := 0; ; {
		m := i
		for _, j := range [2]int{2*i + 1, 2*i + 2} {
			if j < len(h.h) && worse(h.h[j], h.h[m]) {
				m = j
			}
		}
		if m == i {
			return true
		}
		h.h[i], h.h[m] = h.h[m], h.h[i]
		i = m
	}
}

func (h *heap) sorted() []scored {
	slices.SortFunc(h.h, func(a, b scored) int {
		if worse(b, a) {
			return -1
		}
		return 1
	})
	return h.h
}
