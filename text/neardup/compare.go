package neardup

import "math"

// tuning is what decides. Its values were chosen across thirty made sets of several seeds and texts (docs/bench.md), in the middle of what
// does well on all.
type tuning struct {
	known  float64 // groups that may have a gram before it weighs less
	fading float64 // how fast it does: the weight is (known/groups)^fading
	near   float64 // nearness from which on a long text is a copy
	short  float64 // grams up to which a text must be the same throughout
	even   float64 // share of a stretch's grams that makes it shared
	whole  float64 // share of one text's stretches that must be shared
	part   float64 // the same for the other, which may have a head and foot that nobody knows yet
	filled float64 // share of a text that stands between a head and a foot in common, from which on it is a text of its own
	frame  float64 // weight of what is in common on each side of that, from which on it is a head or a foot
}

var tuned = tuning{known: 4, fading: 2, near: 0.39, short: 5, even: 0.33, whole: 0.85, part: 0.55, filled: 0.07, frame: 6}

const stretch = 16 // kept grams in a row that are looked at together

// weights gives the weight of a gram by how many groups have it.
func (t *tuning) weights() (w [256]float32) {
	for n := range w {
		w[n] = 1
		if float64(n) > t.known {
			w[n] = float32(math.Pow(t.known/float64(n), t.fading))
		}
	}
	return w
}

// side sums up one of two texts.
type side struct {
	all, shared float32 // weight of its grams, and of those that the other has
	covered     float32 // weight of its stretches, each as far as it is shared
	inAll       float32 // of the stretch under way
	inShared    float32
	n           int

	hole       float32 // weight of the longest run of grams that the other does not have
	before     float32 // what is shared before it
	run        float32 // the same of the run under way
	runsBefore float32
}

// add takes the next gram in.
func (s *side) add(weight float32, shared bool, even float32) {
	s.inAll += weight
	if !shared {
		s.run += weight
	} else {
		s.inShared += weight
		s.fill()
	}
	if s.n++; s.n == stretch {
		s.close(even)
	}
}

// fill ends a run.
func (s *side) fill() {
	if s.run > s.hole {
		s.hole, s.before = s.run, s.runsBefore
	}
	s.run, s.runsBefore = 0, s.shared+s.inShared
}

// close ends a stretch.
func (s *side) close(even float32) {
	s.all += s.inAll
	s.shared += s.inShared
	s.covered += min(s.inAll, s.inShared/even)
	s.inAll, s.inShared, s.n = 0, 0, 0
}

// own gives the share of a text that is its own between a head and a foot which the other has too, 0 where most of what is its own
// stands elsewhere.
func (s *side) own(t *tuning) float64 {
	if frame := float32(t.frame); s.before < frame || s.shared-s.before < frame || s.hole < 0.6*(s.all-s.shared) {
		return 0
	}
	return float64(s.hole / s.all)
}

// rate gives the shares that are shared of the grams and of the stretches.
func (s *side) rate() (grams, stretches float64) {
	if s.all == 0 {
		return 0, 0
	}
	return float64(s.shared / s.all), float64(s.covered / s.all)
}

// judge says how near two texts are, 0 to 1, and whether that makes one a copy of the other. A short text has few grams to tell by, so that
// more of them have to be the same.
func (t *tuning) judge(a, b *side) (near float64, isCopy bool) {
	ga, sa := a.rate()
	gb, sb := b.rate()
	near = math.Sqrt(ga * sa * gb * sb)
	need := t.near + (1-t.near)*min(1, t.short/float64(min(a.all, b.all)))
	if near < need-1e-6 || max(sa, sb) < t.whole || min(sa, sb) < t.part {
		return near, false
	}
	oa, ob := a.own(t), b.own(t)
	return near, min(oa, ob) < t.filled && max(oa, ob) < 3*t.filled
}

// query is the text that others are compared with: its grams by hash.
type query struct {
	print *Print
	fame  []uint8            // of each gram
	table [space]uint16      // place of a gram plus one
	turns [2*most + 1]uint64 // of each gram: the comparison that found it last
	turn  uint64
}

// set takes a text, and looks up how famous its grams are.
func (q *query) set(p *Print, f *fame) {
	q.print = p
	clear(q.table[:])
	q.fame = f.append(q.fame[:0], p)
	for i, g := range p.grams {
		at := g.three & (space - 1)
		for q.table[at] != 0 {
			at = (at + 1) & (space - 1)
		}
		q.table[at] = uint16(i + 1)
	}
}

// find gives the place of a gram plus one, 0 if the query does not have it.
func (q *query) find(three uint32) uint16 {
	for at := three & (space - 1); ; at = (at + 1) & (space - 1) {
		n := q.table[at]
		if n == 0 || q.print.grams[n-1].three == three {
			return n
		}
	}
}

// compare compares the query with another text, whose grams are as famous as given. Both are looked at by the grams of the one
// that keeps fewer of its own.
func (q *query) compare(p *Print, famous []uint8, t *tuning, weights *[256]float32) (a, b side) {
	q.turn++
	limit, even := limitOf(max(p.shift, q.print.shift)), float32(t.even)
	for i, g := range p.grams {
		if g.three > limit {
			continue
		}
		if n := q.find(g.three); n > 0 {
			q.turns[n-1] = q.turn
			b.add(weights[q.fame[n-1]], true, even)
		} else {
			b.add(weights[famous[i]], false, even)
		}
	}
	b.fill()
	b.close(even)
	if float64(b.shared) < t.near*t.near*float64(b.all) { // no copy, whatever the other side
		return a, b
	}
	for i, g := range q.print.grams {
		if g.three <= limit {
			a.add(weights[q.fame[i]], q.turns[i] == q.turn, even)
		}
	}
	a.fill()
	a.close(even)
	return a, b
}
