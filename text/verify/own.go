package verify

import "khue/text"

// What a document must have of a text that its kin have not, to be named as its source.
const (
	foreignShare = 0.15 // words that the document has not; with more the text is not just an excerpt
	leastKin     = 3    // kin, besides the document and its copies; with fewer nothing is known to be common
	ownWords     = 5    // words
	ownShare     = 0.04 // of the shared words
	copyShare    = 0.9  // a document that shares so much of another is its copy, not its kin
	commonFrom   = 2    // kin that have a word, for it to be common
)

// own tells whether a document shares more with the found text than what its kin all have: the preamble and the close of a form
// identify none of them, whatever stands between.
func (s *snapshot) own(sc *scratch, source candidate) bool {
	d := source.document
	if len(sc.kin) <= leastKin {
		return true
	}
	n := len(sc.found)
	sc.common = append(sc.common[:0], make([]uint8, n)...)
	kin := 0
	for _, c := range sc.kin {
		if c.document == d || s.copies(sc, d, c.document) {
			continue
		}
		kin++
		sc.theirs = s.shares(sc, c.document, sc.theirs)
		for j, is := range sc.theirs {
			if is {
				sc.common[j]++
			}
		}
	}
	if kin < leastKin {
		return true
	}
	sc.mine = s.shares(sc, d, sc.mine)
	own, shared := 0, 0
	for j, is := range sc.mine {
		if is {
			shared++
			if sc.common[j] < commonFrom {
				own++
			}
		}
	}
	if float64(n-shared) <= foreignShare*float64(n) {
		return own > 0 || source.values >= 1 // an excerpt and nothing else: one word or value may tell it from its kin
	}
	return own >= ownWords && float64(own) >= ownShare*float64(shared)
}

// shares marks the found words that stand in runs shared with a document.
func (s *snapshot) shares(sc *scratch, d uint32, dst []bool) []bool {
	dst = append(dst[:0], make([]bool, len(sc.found))...)
	sc.official = text.AppendTokens(sc.official[:0], s.docs[d].text, false)
	sc.a, sc.b = keys(sc.a[:0], sc.official), keys(sc.b[:0], sc.found)
	sc.ops = sc.aligner.Words(sc.ops[:0], sc.a, sc.b)
	for _, o := range sc.ops {
		if o.Equal && o.ATo-o.AFrom >= runWords {
			for j := o.BFrom; j < o.BTo; j++ {
				dst[j] = true
			}
		}
	}
	return dst
}

// copies tells whether two documents are nearly the same text.
func (s *snapshot) copies(sc *scratch, d, e uint32) bool {
	x, y := s.docs[d].text, s.docs[e].text
	if len(x) > 2*len(y) || len(y) > 2*len(x) {
		return false
	}
	sc.official = text.AppendTokens(sc.official[:0], x, false)
	sc.a = keys(sc.a[:0], sc.official)
	sc.official = text.AppendTokens(sc.official[:0], y, false)
	sc.b = keys(sc.b[:0], sc.official)
	sc.ops = sc.aligner.Words(sc.ops[:0], sc.a, sc.b)
	shared := 0
	for _, o := range sc.ops {
		if o.Equal {
			shared += o.ATo - o.AFrom
		}
	}
	return float64(shared) >= copyShare*float64(max(len(sc.a), len(sc.b)))
}
