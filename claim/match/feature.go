package match

import (
	"cmp"
	"math"
	"slices"

	"khue/index"
)

// A query is a post made ready.
type query struct {
	words   []asked // sorted by id, each once; words that no claim has are left out
	seq     []uint32
	pairs   []uint64
	grams   []uint32
	gramIDF []float64
	all     float64 // idf of all words, unknown ones too
	gramAll float64
	length  float64
	numbers int
	names   int
	terms   []index.QueryTerm
}

type asked struct {
	id     uint32
	idf    float64
	author bool // only in the signature
	number bool
	name   bool
}

const unknown = math.MaxUint32

// ask reads a post. l.mu is held.
func (l *Library) ask(s string) *query {
	r := read(s)
	q := &query{}
	seen := map[uint64]bool{}
	term := func(key uint64, w float64) bool {
		if seen[key] {
			return false
		}
		seen[key] = true
		q.terms = append(q.terms, index.QueryTerm{Key: key, Any: true, Weight: w})
		return true
	}
	for i, w := range r.words {
		id, ok := l.words.id[w.key]
		if !ok {
			id = unknown
		}
		q.seq = append(q.seq, id)
		if term(kindWord.of(w.key), 1) {
			q.length++
			df := uint32(0)
			if ok {
				df = l.words.df[id]
			}
			idf := l.idf(df)
			q.all += idf
			if w.number {
				q.numbers++
			}
			if w.name {
				q.names++
			}
			if ok {
				q.words = append(q.words, asked{id: id, idf: idf, author: w.author, number: w.number, name: w.name})
			}
		}
		if i > 0 && r.words[i-1].author == w.author {
			key := pairKey(r.words[i-1].stem, w.stem)
			if term(key, pairWeight) {
				q.pairs = append(q.pairs, key)
			}
		}
		grams(w.marked, func(key uint64) {
			if term(key, gramWeight) {
				if g, ok := l.grams.id[key]; ok {
					q.grams = append(q.grams, g)
				}
			}
		})
	}
	slices.SortFunc(q.words, func(a, b asked) int { return cmp.Compare(a.id, b.id) })
	slices.Sort(q.pairs)
	slices.Sort(q.grams)
	for _, g := range q.grams {
		q.gramIDF = append(q.gramIDF, l.idf(l.grams.df[g]))
		q.gramAll += q.gramIDF[len(q.gramIDF)-1]
	}
	return q
}

// Features of a candidate, in the order of the model.
const (
	fFused = iota // score of the index
	fFusedShare
	fRank
	fGap
	fWord
	fTitle
	fPair
	fGram
	fClaimCover
	fTitleCover
	fPostCover
	fGramCover
	fPostGramCover
	fBestIDF
	fTop3IDF
	fMissedIDF
	fNumbers
	fNumbersMissed
	fNames
	fNamesMissed
	fAuthor
	fRun
	fRunShare
	fClaimLength
	fPostLength
	fQuestion
	fCosine
	fWordShare
	fGramShare
	fWords
	fText
	fYear
	fMissed2
	fNameCover
	fWordRank
	fGramRank
	featureCount
)

type features [featureCount]float64

// look computes the features of one candidate; those that compare candidates are added by rank. l.mu is held.
func (l *Library) look(q *query, e *entry, f *features) {
	avg := math.Max(1, l.total/math.Max(1, float64(len(l.claim))))
	var missed2, names float64
	norm := bm25K1 * (1 - bm25B + bm25B*e.length/avg)
	var textAll, textHit, titleAll, titleHit, postHit, dot, claimNorm, postNorm float64
	var top [3]float64
	i := 0
	for _, w := range e.words {
		idf := l.idf(l.words.df[w.id])
		claimNorm += idf * idf
		if w.text {
			textAll += idf
		}
		if w.title {
			titleAll += idf
		}
		if w.name {
			names += idf
		}
		for i < len(q.words) && q.words[i].id < w.id {
			i++
		}
		if i == len(q.words) || q.words[i].id != w.id {
			if idf > f[fMissedIDF] {
				f[fMissedIDF], missed2 = idf, f[fMissedIDF]
			} else {
				missed2 = math.Max(missed2, idf)
			}
			if w.year {
				f[fYear]--
			}
			if w.number {
				f[fNumbersMissed]++
			}
			if w.name {
				f[fNamesMissed] += idf
			}
			continue
		}
		c := float64(w.count)
		score := idf * c * (bm25K1 + 1) / (c + norm)
		f[fWord] += score
		f[fWords]++
		dot += idf * idf
		postHit += idf
		if w.title {
			titleHit += idf
			f[fTitle] += score
		}
		if w.year {
			f[fYear] += 10
		}
		if w.text {
			f[fText] += score
			textHit += idf
		}
		if w.number && q.words[i].number {
			f[fNumbers] += idf
		}
		if w.name {
			f[fNames] += idf
		}
		if q.words[i].author {
			f[fAuthor] += idf
		}
		for k := range top {
			if idf > top[k] {
				copy(top[k+1:], top[k:])
				top[k] = idf
				break
			}
		}
	}
	for _, w := range q.words {
		postNorm += w.idf * w.idf
	}
	f[fMissed2], f[fNameCover] = missed2, share(f[fNames], names)
	f[fBestIDF], f[fTop3IDF] = top[0], top[0]+top[1]+top[2]
	f[fClaimCover], f[fTitleCover], f[fPostCover] = share(textHit, textAll), share(titleHit, titleAll), share(postHit, q.all)
	f[fCosine] = share(dot, math.Sqrt(claimNorm*postNorm))
	f[fPair] = float64(common(q.pairs, e.pairs))
	var gramAll, gramHit float64
	i = 0
	for _, g := range e.grams {
		idf := l.idf(l.grams.df[g])
		gramAll += idf
		for i < len(q.grams) && q.grams[i] < g {
			i++
		}
		if i < len(q.grams) && q.grams[i] == g {
			gramHit += idf
		}
	}
	f[fGram] = gramHit
	f[fGramCover], f[fPostGramCover] = share(gramHit, gramAll), share(gramHit, q.gramAll)
	run := longestRun(q.seq, e.seq)
	f[fRun], f[fRunShare] = float64(run), share(float64(run), float64(e.text))
	f[fClaimLength], f[fPostLength] = e.length, q.length
	if e.question {
		f[fQuestion] = 1
	}
}

func share(a, b float64) float64 {
	if b <= 0 {
		return 0
	}
	return a / b
}

func common(a, b []uint64) (n int) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			n++
			i++
			j++
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return n
}

// longestRun is the number of words of the longest run that both have.
func longestRun(a, b []uint32) int {
	if len(a) > maxRun {
		a = a[:maxRun]
	}
	var row [maxRun + 1]uint8
	best := uint8(0)
	for _, x := range b {
		before := uint8(0)
		for j, y := range a {
			old := row[j+1]
			if x == y {
				row[j+1] = min(before+1, 250)
				best = max(best, row[j+1])
			} else {
				row[j+1] = 0
			}
			before = old
		}
	}
	return int(best)
}

const maxRun = 160
