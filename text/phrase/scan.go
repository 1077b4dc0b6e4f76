package phrase

// Hit is an occurrence of a phrase in a text.
type Hit struct {
	Phrase     int // as Add numbered it
	Start, End int // bytes of the text: from its first syllable to the end of its last
	Syllable   int // number of its first syllable in the text, from 0
}

// syllable is what is remembered of one: where it starts, and by side the hash of all syllables before it.
type syllable struct {
	start  int
	before [2]uint64
}

// past is the memory of a scan: the last syllables, as many as the longest phrase has or more; a power of two.
type past struct{ ring []syllable }

// nothing stands for what comes before a text, so that no window reaches over its beginning.
const nothing = 0x452821E638D01377

// Scan calls hit for every occurrence of every phrase, in the order in which they end. Those that end with the same syllable
// come in no promised order, but always the same.
func (s *Set) Scan(text string, hit func(Hit)) {
	if len(s.counts) == 0 {
		return
	}
	p := s.pasts.Get().(*past)
	sc := scan{set: s, ring: p.ring, hit: hit}
	sc.run(text)
	s.pasts.Put(p)
}

// scan is one run over a text.
type scan struct {
	set  *Set
	ring []syllable
	hit  func(Hit)
	n    int // syllables before the one at hand
	end  int // byte at which the one at hand ends
}

func (sc *scan) run(text string) {
	m, f := &sc.set.sides[marked], &sc.set.sides[folded]
	var mAll, fAll uint64                                          // hashes of all syllables so far
	var m1, m2, f1, f2 uint64 = nothing, nothing, nothing, nothing // and of the last one and two
	ring, n := sc.ring, 0
	for i := 0; ; n++ {
		start, end, fold, mark := next(text, i)
		if start < 0 {
			return
		}
		i = end
		ring[n&(len(ring)-1)] = syllable{start, [2]uint64{mAll, fAll}}
		mAll, fAll = mAll*base+mark, fAll*base+fold
		mTwo, mThree, fTwo, fThree := m1*base+mark, m2*base+mark, f1*base+fold, f2*base+fold
		m1, m2, f1, f2 = mark, mTwo, fold, fTwo
		if m.may(mark, mTwo, mThree) {
			sc.n, sc.end = n, end
			sc.look(marked, mAll, [anchorMost]uint64{mark, mTwo, mThree})
		}
		if f.may(fold, fTwo, fThree) {
			sc.n, sc.end = n, end
			sc.look(folded, fAll, [anchorMost]uint64{fold, fTwo, fThree})
		}
	}
}

// may tells whether a window of one, two or three syllables may be an anchor.
func (s *side) may(one, two, three uint64) bool {
	return s.asked[1] && s.filter.may(one) || s.asked[2] && s.filter.may(two) || s.asked[3] && s.filter.may(three)
}

// look finds what ends with the syllable at hand, given the hashes of all syllables so far and of the last one, two and three.
func (sc *scan) look(k int, all uint64, last [anchorMost]uint64) {
	s := &sc.set.sides[k]
	for n := 1; n <= anchorMost; n++ {
		if s.asked[n] && s.filter.may(last[n-1]) {
			if at := s.anchors.find(last[n-1]); at >= 0 {
				sc.lookLonger(k, all, &s.ends[at], n)
			}
		}
	}
}

// lookLonger tells of the phrases that are an anchor of n syllables, and of those among the longer ones that stand here.
func (sc *scan) lookLonger(k int, all uint64, e *end, n int) {
	s := &sc.set.sides[k]
	sc.tell(s, e.equal, n)
	for _, l := range s.lengths[e.longer.from:e.longer.to] {
		if l.syllables > sc.n+1 {
			break // they go up
		}
		before := sc.ring[(sc.n+1-l.syllables)&(len(sc.ring)-1)].before[k]
		if g := s.wholes.find(all - before*l.power); g >= 0 {
			sc.tell(s, s.groups[g], l.syllables)
		}
	}
}

// tell hands on the hits of equal phrases of n syllables that end with the one at hand.
func (sc *scan) tell(s *side, g group, n int) {
	if g.from == g.to {
		return
	}
	first := sc.n + 1 - n
	h := Hit{Start: sc.ring[first&(len(sc.ring)-1)].start, End: sc.end, Syllable: first}
	for _, id := range s.ids[g.from:g.to] {
		h.Phrase = int(id)
		sc.hit(h)
	}
}
