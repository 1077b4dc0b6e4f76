package about

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"khue/text"
)

// Text is one voice of a story: a text of its own, with how many repeated it.
type Text struct {
	Title, Body string
	Copies      int    // how many say the same, word for word or nearly so
	Source      string // the source's name: it is left out of terms and features
	Post        bool   // an account wrote it: no sentence of it is told, and it is a headline only where nothing else is
}

// Common tells how common a syllable (second zero) or a pair of neighbours is: the share of all mentions that hold it, above 0. The
// arguments are Marks of tokens.
type Common func(first, second uint64) float64

// Limits of what is read of a story and told of it.
const (
	maxTexts   = 40
	maxTokens  = 400 // of one text; what comes later rarely tells more
	maxTerms   = 8
	longGram   = 4
	prior      = 4.0  // how many made-up texts of the background stand beside the story's own
	mostCommon = 0.1  // share of all texts that a run is taken to stand in at most: a radar that just began knows its few stories only
	leastTerm  = 1.5  // z below which a term is nothing of the story's own
	partOfLong = 0.65 // share of a term's texts in which a longer one stands, from which on the longer one is meant
)

// Term is a run of syllables that a story says and others do not.
type Term struct {
	Text  string
	Score float64 // z of the log-odds against the background
	Texts int     // that hold it
}

// gram is a candidate for a term.
type gram struct {
	hash     uint64
	words    int
	marks    [longGram]uint64
	texts    int
	titles   int
	times    int
	last     int // text that counted it last, from 1
	form     string
	capitals int
	score    float64
}

// reading is a text read for terms and sentences.
type reading struct {
	s      string
	toks   []text.Token
	who    []uint8
	title  int // tokens of the title
	weight float64
	lang   text.Language
	loud   bool // the title is all capitals
	post   bool
}

// terms finds the terms of a story in its readings. The measure is the log-odds ratio with an informative Dirichlet prior (Monroe,
// Colaresi, Quinn: Fightin' Words, 2008), on texts instead of words, with the background as the prior.
func terms(list []reading, common Common) []Term {
	grams := map[uint64]*gram{}
	for n, r := range list {
		bond := bonds(r, common)
		for i := range r.toks {
			collect(grams, r, bond, i, n+1)
		}
	}
	var all []*gram
	for _, g := range grams {
		g.score = g.odds(len(list), common)
		if g.score >= leastTerm && (len(list) < 3 || g.texts > 1) {
			all = append(all, g)
		}
	}
	slices.SortFunc(all, func(a, b *gram) int {
		return cmp.Or(cmp.Compare(b.rank(), a.rank()), cmp.Compare(a.form, b.form))
	})
	all = all[:min(len(all), 60)]
	var out []Term
	var kept []*gram
	for _, g := range all {
		if len(out) == maxTerms {
			break
		}
		if slices.ContainsFunc(all, func(o *gram) bool {
			return o.holds(g) && float64(o.texts) >= partOfLong*float64(g.texts) && o.score >= leastTerm
		}) ||
			slices.ContainsFunc(kept, func(o *gram) bool { return o.shares(g) }) {
			continue
		}
		kept = append(kept, g)
		out = append(out, Term{Text: g.form, Score: g.score, Texts: g.texts})
	}
	return out
}

// bonds tells how firmly each token belongs to the one before it: how much oftener the two stand together than each with others, from
// 0 to 1; 0 across punctuation.
func bonds(r reading, common Common) []float64 {
	out := make([]float64, len(r.toks)+1)
	for i := 1; i < len(r.toks); i++ {
		a, b := r.toks[i-1], r.toks[i]
		if i == r.title || r.s[a.End:b.Start] != " " {
			continue
		}
		out[i] = common(a.Mark, b.Mark) / math.Sqrt(common(a.Mark, 0)*common(b.Mark, 0))
	}
	return out
}

// The bonds that make a term: each inside is firm, and none that it cuts is as firm as the one next to it inside.
const (
	leastBond = 0.12
	cutBond   = 0.2
)

func cuts(outside, inside float64) bool { return outside >= cutBond && outside >= inside }

// collect counts the runs that begin at token i.
func collect(grams map[uint64]*gram, r reading, bond []float64, i, n int) {
	first := r.toks[i]
	if r.stop(first) || isPerson(r.who[i]) || i < r.title && r.loud {
		return
	}
	named, loud := true, 0 // a run of capitals that nothing explains is somebody's name
	h := uint64(seed)
	for j := i; j < len(r.toks) && j-i < longGram; j++ {
		t := r.toks[j]
		if isPerson(r.who[j]) || t.Flags&text.Numeral != 0 || j == r.title && j > i || j > i && r.s[r.toks[j-1].End:t.Start] != " " {
			return
		}
		h = roll(h, t.Mark)
		words := j - i + 1
		if words > 1 && (bond[j] < leastBond || words == 2 && cuts(bond[i], bond[j])) || r.stop(t) {
			return
		}
		named = named && t.Flags&text.Capital != 0 && r.who[j] != known && r.who[j] != thing && !things[first.Mark]
		if t.Flags&text.Upper != 0 {
			loud++
		}
		if named && (r.lang != text.English || !englishThings[t.Key]) || loud > 1 {
			continue
		}
		if words == 1 && !r.single(t) || words > 1 && cuts(bond[j+1], bond[j]) {
			continue
		}
		g := grams[h]
		form := r.form(i, j)
		if g == nil {
			g = &gram{hash: h, words: words, form: form, capitals: capitals(r.toks[i : j+1])}
			for k := range words {
				g.marks[k] = r.toks[i+k].Mark
			}
			grams[h] = g
		} else if c := capitals(r.toks[i : j+1]); c < g.capitals { // as it stands within a sentence
			g.form, g.capitals = form, c
		}
		g.times++
		if g.last != n {
			g.last = n
			g.texts++
			if i < r.title {
				g.titles++
			}
		}
	}
}

// form writes tokens i to j as they stand within a sentence.
func (r reading) form(i, j int) string {
	s := r.s[r.toks[i].Start:r.toks[j].End]
	if r.toks[i].Flags&(text.Capital|text.Upper) != text.Capital || r.who[i] != nobody || i > 0 && i != r.title && !text.EndsSentence(r.s, r.toks, i-1) ||
		j > i && r.toks[i+1].Flags&text.Capital != 0 {
		return s
	}
	c, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(c)) + s[n:]
}

// stop tells whether a token neither begins nor ends a term.
func (r reading) stop(t text.Token) bool {
	if t.Flags&text.Numeral != 0 {
		return true
	}
	if r.lang == text.English {
		return englishStops[t.Key] || t.End-t.Start < 2
	}
	return stops[t.Mark]
}

// single tells whether one word alone may be a term: an English one, or a foreign one of some length in a Vietnamese text.
func (r reading) single(t text.Token) bool {
	n := t.End - t.Start
	if r.lang == text.English {
		return n >= 4 && t.Flags&text.Capital == 0
	}
	return n >= 4 && t.Flags&(text.Marked|text.Capital) == 0 && foreign(t.Of(r.s))
}

// foreign tells whether a word without marks cannot be a Vietnamese syllable.
func foreign(w string) bool {
	w = strings.ToLower(w)
	if strings.ContainsAny(w, "fjwz") || len(w) > 7 {
		return true
	}
	vowels := func(b byte) bool { return strings.IndexByte("aeiouy", b) >= 0 }
	groups, in := 0, false
	for i := range len(w) {
		if v := vowels(w[i]); v && !in {
			groups++
			in = true
		} else if !v {
			in = false
		}
	}
	return groups > 1 && !strings.HasPrefix(w, "gi") && !strings.HasPrefix(w, "qu")
}

func capitals(toks []text.Token) int {
	n := 0
	for _, t := range toks {
		if t.Flags&text.Capital != 0 {
			n++
		}
		if t.Flags&text.Upper != 0 {
			n++
		}
	}
	return n
}

// odds is the z of a run: how much more of the story's texts hold it than of all.
func (g *gram) odds(texts int, common Common) float64 {
	p := 1.0
	if g.words == 1 {
		p = common(g.marks[0], 0)
	}
	for k := 1; k < g.words; k++ {
		p = min(p, common(g.marks[k-1], g.marks[k]))
	}
	p = min(max(p, 1e-6), mostCommon)
	n := float64(texts)
	y := min(float64(g.texts)+0.3*float64(g.titles)+0.2*math.Log2(float64(g.times)/float64(g.texts)), n)
	in := math.Log((y + prior*p) / (n + prior - y - prior*p))
	out := math.Log(p / (1 - p))
	return (in - out) / math.Sqrt(1/(y+prior*p)+1)
}

// rank prefers runs that say more.
func (g *gram) rank() float64 {
	return g.score * [...]float64{0, 0.8, 1, 1.1, 1.1}[g.words]
}

// holds tells whether g is a longer run with o in it.
func (g *gram) holds(o *gram) bool {
	if g.words <= o.words {
		return false
	}
	for k := 0; k+o.words <= g.words; k++ {
		if slices.Equal(g.marks[k:k+o.words], o.marks[:o.words]) {
			return true
		}
	}
	return false
}

// shares tells whether two runs have so much in common that one is enough.
func (g *gram) shares(o *gram) bool {
	if g.holds(o) || o.holds(g) {
		return true
	}
	n := 0
	for _, m := range o.marks[:o.words] {
		if slices.Contains(g.marks[:g.words], m) {
			n++
		}
	}
	return 2*n >= min(g.words, o.words) && n > 1
}
