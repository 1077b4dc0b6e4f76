package verify

import (
	"cmp"
	"slices"

	"khue/text"
	"khue/text/diff"
	"khue/text/fingerprint"
)

// scratch is the memory of one check.
type scratch struct {
	official, found []text.Token
	a, b            []uint64
	features        features
	lists           [][]uint32
	hits            []hit
	distinct        int       // different grams of the text
	counts          []uint16  // shared grams, by document; zero between searches
	weights         []float32 // the same, each counting less the more documents share it
	touched         []uint32
	ranked          []candidate
	kin             []candidate // documents that have much of what the first candidate has, most first
	mine, theirs    []bool      // found words that a document shares
	common          []uint8     // in how many of the kin
	aligner         diff.Aligner
	ops             []diff.Op
}

// hit is a gram of the text that documents have: lists[from:to], total documents.
type hit struct {
	from, to, total int
	value           bool // of a value rather than of words
}

// candidate is a document that may be the source of a text.
type candidate struct {
	document uint32
	weight   float64 // shared grams, rare ones counting more: the order of candidates
	evidence float64 // shared grams that its kin do not share: whether it is one at all
	values   float64 // the part of it that is values
}

const (
	mostCompared = 16    // candidates
	mostPostings = 20000 // entries that a search reads, those of rare grams first
	mostKin      = 6     // kin that a text is compared with
	kinShare     = 0.3   // a document that has so much of what the first candidate has is its kin
)

// candidates ranks the documents that share grams with the text whose features are in sc.
func (s *snapshot) candidates(sc *scratch) []candidate {
	s.lookUp(sc)
	if n := len(s.docs); len(sc.counts) < n {
		sc.counts, sc.weights = make([]uint16, n+n/4), make([]float32, n+n/4)
	}
	sc.touched = sc.touched[:0]
	budget, used := mostPostings, 0
	for _, h := range sc.hits {
		if budget -= h.total; budget < 0 && used > 0 {
			break
		}
		used++
		w := float32(min(1, 2/float64(h.total)))
		for _, list := range sc.lists[h.from:h.to] {
			for _, d := range list {
				if sc.counts[d] == 0 {
					sc.touched = append(sc.touched, d)
				}
				sc.counts[d]++
				sc.weights[d] += w
			}
		}
	}
	s.rank(sc)
	s.weigh(sc, used)
	for _, d := range sc.touched {
		sc.counts[d], sc.weights[d] = 0, 0
	}
	return sc.ranked
}

// insert keeps the candidates with the greatest weights, at most n of them.
func insert(list []candidate, c candidate, n int) []candidate {
	if len(list) == n && c.weight <= list[n-1].weight {
		return list
	}
	at, _ := slices.BinarySearchFunc(list, c, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(x.document, y.document))
	})
	if len(list) == n {
		list = list[:n-1]
	}
	return slices.Insert(list, at, c)
}

// lookUp finds the documents of every gram, rare grams first.
func (s *snapshot) lookUp(sc *scratch) {
	sc.lists, sc.hits, sc.distinct = sc.lists[:0], sc.hits[:0], 0
	for k, grams := range [][]fingerprint.Gram{sc.features.grams, sc.features.values} {
		slices.Sort(grams)
		for i, g := range grams {
			if i > 0 && g == grams[i-1] {
				continue
			}
			if k == 0 {
				sc.distinct++
			}
			from := len(sc.lists)
			sc.lists = s.index.Lookup(sc.lists, g)
			total := 0
			for _, l := range sc.lists[from:] {
				total += len(l)
			}
			if total > 0 {
				sc.hits = append(sc.hits, hit{from, len(sc.lists), total, k == 1})
			}
		}
	}
	slices.SortFunc(sc.hits, func(x, y hit) int { return cmp.Compare(x.total, y.total) })
}

// rank keeps the documents with the greatest weights.
func (s *snapshot) rank(sc *scratch) {
	sc.ranked = sc.ranked[:0]
	for _, d := range sc.touched {
		if w := float64(sc.weights[d]); len(sc.ranked) < mostCompared || w > sc.ranked[mostCompared-1].weight {
			if !s.docs[d].gone.Load() {
				sc.ranked = insert(sc.ranked, candidate{document: d, weight: w}, mostCompared)
			}
		}
	}
}

// weigh computes the evidence of the ranked candidates. What the kin of the first one share with it (a preamble, a close, the
// sentences of a form) says little for any of them; what strangers happen to share takes nothing away.
func (s *snapshot) weigh(sc *scratch, used int) {
	sc.kin = sc.kin[:0]
	if len(sc.ranked) == 0 {
		return
	}
	least := max(3, uint16(kinShare*float64(sc.counts[sc.ranked[0].document])))
	for _, d := range sc.touched {
		if n := sc.counts[d]; n >= least && !s.docs[d].gone.Load() {
			sc.kin = insert(sc.kin, candidate{document: d, weight: float64(n)}, mostKin+1)
		}
	}
	for _, h := range sc.hits[:used] {
		kin, has := 0, [mostCompared]bool{}
		for _, list := range sc.lists[h.from:h.to] {
			for _, d := range list {
				if sc.counts[d] < least || s.docs[d].gone.Load() {
					continue
				}
				kin++
				for i := range sc.ranked {
					if sc.ranked[i].document == d {
						has[i] = true
					}
				}
			}
		}
		for i := range sc.ranked {
			if has[i] {
				e := min(1, 2/float64(kin))
				sc.ranked[i].evidence += e
				if h.value {
					sc.ranked[i].values += e
				}
			}
		}
	}
	if n := len(sc.ranked); n > 0 && sc.counts[sc.ranked[0].document] < 3 { // too few for any kin
		for i := range sc.ranked {
			sc.ranked[i].evidence = sc.ranked[i].weight
		}
	}
}
