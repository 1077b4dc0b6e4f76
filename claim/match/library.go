package match

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"khue/index"
)

// A Claim is what was checked: its text as people tell it, and the title of the article that tells the verdict.
type Claim struct {
	Text, Title string
}

// A Match is a claim that a post may be about.
type Match struct {
	Claim string
	Score float64 // probability that it is the claim, as calibrated
	Link  Link
}

// A Link says how sure a match is. A person sees "same" as a fact, so it must hardly ever be wrong.
type Link string

// Links, from sure to unsure.
const (
	Same     Link = "same"
	Likely   Link = "likely"
	Possible Link = "possible"
)

// Library holds the claims. It may be used by many goroutines at once.
type Library struct {
	idx *index.Index

	mu    sync.RWMutex
	claim map[string]*entry
	words counts
	grams counts
	total float64   // words of all claims
	logs  []float64 // logarithms of a half, one and a half … for as many as there are claims
}

// counts numbers keys and counts the claims that have them.
type counts struct {
	id map[uint64]uint32
	df []uint32
}

func (c *counts) of(key uint64) uint32 {
	i, ok := c.id[key]
	if !ok {
		i = uint32(len(c.df))
		c.id[key] = i
		c.df = append(c.df, 0)
	}
	return i
}

// An entry is a claim made ready: words in order, and sorted sets for joining.
type entry struct {
	seq      []uint32 // words of the text, then of the title
	text     int      // how many of seq are the text's
	words    []token  // sorted by id, each once
	pairs    []uint64 // sorted
	own      []uint64 // the pairs of the text alone, in order
	grams    []uint32 // sorted
	length   float64
	question bool // the title asks
}

// A token is a word of a claim with what is known about it.
type token struct {
	id           uint32
	count        uint8 // in text and title
	text, title  bool
	number, name bool
	year         bool
}

// New gives an empty library.
func New() *Library {
	l := &Library{
		idx: index.New(index.Options{K1: bm25K1, B: bm25B}), claim: map[string]*entry{},
		words: counts{id: map[uint64]uint32{}}, grams: counts{id: map[uint64]uint32{}},
	}
	l.settle()
	return l
}

const (
	bm25K1     = 1.2
	bm25B      = 0.5
	pairWeight = 0.5
	gramWeight = 0.5
)

// Len is the number of claims.
func (l *Library) Len() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return len(l.claim)
}

// Put adds a claim, in the place of one with the same id.
func (l *Library) Put(id string, c Claim) {
	text, title := read(c.Text), read(c.Title)
	e := &entry{text: len(text.words), question: len(c.Title) > 0 && c.Title[len(c.Title)-1] == '?'}
	var terms []index.Term
	l.mu.Lock()
	defer l.mu.Unlock()
	l.drop(id)
	for k, r := range []reading{text, title} {
		for i, w := range r.words {
			n := l.words.of(w.key)
			e.seq = append(e.seq, n)
			e.words = append(e.words, token{id: n, count: 1, text: k == 0, title: k == 1, number: w.number, name: w.name, year: w.number && len(w.stem) == 4 && (w.stem[:2] == "20" || w.stem[:2] == "19")})
			terms = append(terms, index.Term{Key: kindWord.of(w.key), Count: 1})
			if i > 0 {
				key := pairKey(r.words[i-1].stem, w.stem)
				e.pairs = append(e.pairs, key)
				if k == 0 {
					e.own = append(e.own, key)
				}
				terms = append(terms, index.Term{Key: key, Count: 1})
			}
			grams(w.marked, func(key uint64) {
				e.grams = append(e.grams, l.grams.of(key))
				terms = append(terms, index.Term{Key: key, Count: 1})
			})
		}
	}
	e.length = float64(len(e.seq))
	slices.SortFunc(e.words, func(a, b token) int { return cmp.Compare(a.id, b.id) })
	e.words = joined(e.words)
	slices.Sort(e.pairs)
	e.pairs = slices.Clip(slices.Compact(e.pairs))
	slices.Sort(e.grams)
	e.grams = slices.Clip(slices.Compact(e.grams))
	l.count(e, 1)
	l.claim[id] = e
	l.settle()
	l.idx.PutTerms(id, e.length, terms)
}

// joined makes one token of those with the same id.
func joined(ts []token) []token {
	out := ts[:0]
	for _, t := range ts {
		if n := len(out); n > 0 && out[n-1].id == t.id {
			p := &out[n-1]
			p.count++
			p.text, p.title, p.name = p.text || t.text, p.title || t.title, p.name || t.name
			continue
		}
		out = append(out, t)
	}
	return slices.Clip(out)
}

func (l *Library) count(e *entry, by int) {
	l.total += float64(by) * e.length
	for _, w := range e.words {
		l.words.df[w.id] += uint32(by)
	}
	for _, g := range e.grams {
		l.grams.df[g] += uint32(by)
	}
}

// settle fits the table of logarithms to the number of claims. Its last entry is log(n + 1).
func (l *Library) settle() {
	n := len(l.claim)
	if k := len(l.logs); k > 0 {
		l.logs = l.logs[:k-1]
	}
	l.logs = l.logs[:min(len(l.logs), n+1)]
	for len(l.logs) <= n {
		l.logs = append(l.logs, math.Log(float64(len(l.logs))+0.5))
	}
	l.logs = append(l.logs, math.Log(float64(n)+1))
}

func (l *Library) drop(id string) bool {
	e, ok := l.claim[id]
	if ok {
		l.count(e, -1)
		delete(l.claim, id)
		l.settle()
	}
	return ok
}

// Delete takes a claim out and tells whether it was there.
func (l *Library) Delete(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.idx.Delete(id)
	return l.drop(id)
}

// idf is BM25's: log(1 + (n - df + 1/2) / (df + 1/2)), which is log(n + 1) - log(df + 1/2).
func (l *Library) idf(df uint32) float64 {
	return l.logs[len(l.logs)-1] - l.logs[df]
}
