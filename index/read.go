package index

import (
	"slices"
	"strings"

	"khue/text"
)

// A Field is a part of a document; an occurrence in it counts Weight times (0 stands for 1).
type Field struct {
	Text   string
	Weight float64
}

// Put adds a document by its text, in the place of one with the same id.
func (x *Index) Put(id string, fields ...Field) {
	terms := make([]Term, 0, 256)
	length := 0.0
	var toks []text.Token
	var words []string
	for _, f := range fields {
		w := f.Weight
		if w == 0 {
			w = 1
		}
		s := text.Normalize(f.Text)
		toks = text.AppendTokens(toks[:0], s, false)
		var before Term
		for i, t := range toks {
			length++
			m := Term{Key: t.Key, Variant: variantOf(t, s), Count: w}
			terms = append(terms, m)
			if i > 0 && x.opt.Pairs > 0 {
				terms = append(terms, Term{Key: pairKey(before.Key, m.Key), Variant: pairVariant(before.Variant, m.Variant), Count: w})
			}
			if f.Weight > 1 && t.Flags&text.Numeral == 0 { // titles give the words to complete
				words = append(words, t.Of(s))
			}
			before = m
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.putTerms(id, length, terms)
	for _, w := range words {
		x.learn(text.Fold(w))
	}
}

func variantOf(t text.Token, s string) uint8 {
	if t.Flags&text.Marked == 0 {
		return 0
	}
	return Variant(t.Of(s))
}

// A Query asks by text.
type Query struct {
	Text string
	Top  int
	// Typing completes the last syllable: the query is still being typed.
	Typing bool
	Keep   func(id string) bool
}

// Search finds the best k documents for a query, best first.
func (x *Index) Search(query string, k int) []Hit { return x.Find(Query{Text: query, Top: k}) }

// Find is Search with all that a query may say.
func (x *Index) Find(q Query) []Hit {
	terms := x.query(q.Text)
	if len(terms) == 0 {
		return nil
	}
	if q.Typing && !strings.HasSuffix(q.Text, " ") {
		terms = x.complete(terms, q.Text)
	}
	return x.SearchTerms(Search{Terms: terms, Top: q.Top, Keep: q.Keep})
}

// maxQuery is how many tokens of a query count.
const maxQuery = 64

// query reads a query into terms, each once. Where no syllable has a mark, every writing will do.
func (x *Index) query(s string) []QueryTerm {
	s = text.Normalize(s)
	toks := text.AppendTokens(nil, s, true)
	if len(toks) > maxQuery {
		toks = toks[:maxQuery]
	}
	bare := !slices.ContainsFunc(toks, func(t text.Token) bool { return t.Flags&text.Marked != 0 })
	terms := make([]QueryTerm, 0, 2*len(toks))
	add := func(t QueryTerm) {
		for i := range terms {
			if terms[i].Key == t.Key {
				return
			}
		}
		terms = append(terms, t)
	}
	var before QueryTerm
	for i, t := range toks {
		m := QueryTerm{Key: t.Key, Variant: variantOf(t, s), Any: bare || t.Flags&text.Numeral != 0, Weight: 1}
		if i > 0 && x.opt.Pairs > 0 {
			add(QueryTerm{Key: pairKey(before.Key, m.Key), Variant: pairVariant(before.Variant, m.Variant), Any: bare, Weight: x.opt.Pairs})
		}
		add(m)
		before = m
	}
	return terms
}

// A word is a syllable of a title, for completing what is being typed.
type word struct {
	fold string
	key  uint64
}

// learn keeps a syllable. x.mu is held.
func (x *Index) learn(fold string) {
	if _, ok := x.known[fold]; ok || fold == "" {
		return
	}
	toks := text.AppendTokens(nil, fold, false)
	if len(toks) != 1 {
		return
	}
	x.known[fold] = struct{}{}
	old := *x.words.Load()
	i, _ := slices.BinarySearchFunc(old, fold, func(w word, s string) int { return strings.Compare(w.fold, s) })
	words := make([]word, 0, len(old)+1)
	words = append(append(append(words, old[:i]...), word{fold, toks[0].Key}), old[i:]...)
	x.words.Store(&words)
}

// completions is how many syllables an unfinished one may stand for.
const completions = 24

// complete lets the last syllable stand for those that it begins, the commonest ones.
func (x *Index) complete(terms []QueryTerm, s string) []QueryTerm {
	s = text.Normalize(s)
	toks := text.Tokens(s)
	last := toks[len(toks)-1]
	if last.Flags&text.Numeral != 0 || int(last.End) != len(s) {
		return terms
	}
	fold := text.Fold(last.Of(s))
	words := *x.words.Load()
	i, _ := slices.BinarySearchFunc(words, fold, func(w word, s string) int { return strings.Compare(w.fold, s) })
	type found struct {
		key uint64
		n   int
	}
	var fs []found
	for ; i < len(words) && strings.HasPrefix(words[i].fold, fold); i++ {
		if words[i].fold != fold {
			fs = append(fs, found{words[i].key, x.Frequency(words[i].key)})
		}
	}
	slices.SortStableFunc(fs, func(a, b found) int { return b.n - a.n })
	for _, f := range fs[:min(len(fs), completions)] {
		terms = append(terms, QueryTerm{Key: f.key, Any: true, Weight: 0.5})
		if n := len(toks); n > 1 {
			terms = append(terms, QueryTerm{Key: pairKey(toks[n-2].Key, f.key), Any: true, Weight: 0.8 * max(0, x.opt.Pairs)})
		}
	}
	return terms
}
