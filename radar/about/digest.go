package about

import (
	"cmp"
	"slices"

	"khue/text"
)

// Named is a place or an office with the number of texts that name it.
type Named struct {
	Kind  Kind
	Code  string
	Texts int
}

// Digest is what a story is about.
type Digest struct {
	Central   int // place of the text that stands for the others; its title is the headline
	Sentences []string
	Terms     []Term
	Named     []Named            // those that are named most first
	Features  map[string]float64 // syllables and pairs for the topics' model, of length 1
	Facets    []string           // what a story in another language would share; at most maxFacets
}

// maxNamed bounds the places and offices of a story.
const maxNamed = 16

// Digester reads stories. It belongs to one goroutine.
type Digester struct {
	f      *Finder
	common Common
}

// NewDigester makes a Digester; common tells how common a pair of syllables is.
func NewDigester(g *Gazetteer, common Common) *Digester {
	return &Digester{f: NewFinder(g), common: common}
}

// Digest reads the texts of a story, in the order in which they were said; none gives nothing.
func (d *Digester) Digest(texts []Text) Digest {
	texts = texts[:min(len(texts), maxTexts)]
	if len(texts) == 0 {
		return Digest{}
	}
	list := make([]reading, 0, len(texts))
	named := map[Named]int{} // texts, by kind and code
	facets := map[string]int{}
	for _, t := range texts {
		r, found := d.read(t)
		seen := map[Named]bool{}
		for _, f := range found {
			for _, code := range f.Codes {
				seen[Named{Kind: f.Kind, Code: code}] = true
			}
		}
		for n := range seen {
			named[n]++
		}
		for f := range facetsOf(r, found) {
			facets[f]++
		}
		list = append(list, r)
	}
	out := Digest{Central: central(list, d.common), Terms: terms(list, d.common), Sentences: sentences(list, d.common), Features: features(list), Facets: most(facets)}
	for n, k := range named {
		if 6*k >= len(texts) { // what one of many texts names in passing is not what the story is about
			n.Texts = k
			out.Named = append(out.Named, n)
		}
	}
	slices.SortFunc(out.Named, func(a, b Named) int {
		return cmp.Or(cmp.Compare(b.Texts, a.Texts), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Code, b.Code))
	})
	out.Named = out.Named[:min(len(out.Named), maxNamed)]
	return out
}

// read reads one text; its tokens are its own.
func (d *Digester) read(t Text) (reading, []Found) {
	title := text.Normalize(t.Title)
	s := title + "\n\n" + text.Normalize(t.Body)
	found := d.f.Find(s)
	r := reading{s: s, toks: slices.Clone(d.f.toks), who: d.f.persons(nil), post: t.Post, weight: float64(1 + t.Copies), lang: text.GuessLanguage(s)}
	for r.title < len(r.toks) && int(r.toks[r.title].Start) < len(title) {
		r.title++
	}
	loud := 0
	for _, one := range r.toks[:r.title] {
		if one.Flags&text.Upper != 0 {
			loud++
		}
	}
	r.loud = r.title > 3 && 2*loud > r.title
	if len(r.toks) > maxTokens {
		r.toks, r.who = r.toks[:maxTokens], r.who[:maxTokens]
		r.title = min(r.title, maxTokens)
	}
	r.without(t.Source)
	return r, found
}

// without hides the source's own name, so that nothing is learned from who said it.
func (r *reading) without(source string) {
	name := text.Tokens(text.Normalize(source))
	if len(name) == 0 {
		return
	}
	for i := 0; i+len(name) <= len(r.toks); i++ {
		same := true
		for k := range name {
			same = same && r.toks[i+k].Mark == name[k].Mark
		}
		for k := 0; same && k < len(name); k++ {
			r.who[i+k] = private
		}
	}
}
