package about

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"khue/text"
)

// Limits of what the topics' model is told of a story.
const (
	featureTexts  = 12
	featureTokens = 200 // of one text
	maxFeatures   = 160
	titleFeature  = 2.0
)

// features counts what a topic may show itself by: syllables that say something and pairs of them, in small letters, "cắt nước". Names
// of persons and sources are left out, and so are those of places. The length of what it gives is 1.
func features(list []reading) map[string]float64 {
	type count struct {
		form string
		n    float64
	}
	counts := map[uint64]*count{}
	add := func(r reading, i, j int, w float64) {
		h := uint64(seed)
		for k := i; k < j; k++ {
			h = roll(h, r.toks[k].Mark)
		}
		c := counts[h]
		if c == nil {
			c = &count{form: r.s[r.toks[i].Start:r.toks[j-1].End]}
			counts[h] = c
		}
		c.n += w
	}
	for _, r := range list[:min(len(list), featureTexts)] {
		for i := range r.toks[:min(len(r.toks), featureTokens)] {
			if !r.says(i) {
				continue
			}
			w := 1.0
			if i < r.title {
				w = titleFeature
			}
			if r.toks[i].Flags&text.Capital == 0 || i == 0 || i == r.title || text.EndsSentence(r.s, r.toks, i-1) {
				add(r, i, i+1, w)
			}
			if j := i + 1; j < len(r.toks) && r.says(j) && r.s[r.toks[i].End:r.toks[j].Start] == " " && !r.name(i, j) {
				add(r, i, j+1, w)
			}
		}
	}
	type pair struct {
		name string
		w    float64
	}
	all := make([]pair, 0, len(counts))
	for _, c := range counts {
		all = append(all, pair{FeatureName(c.form), math.Log1p(c.n)})
	}
	slices.SortFunc(all, func(a, b pair) int { return cmp.Or(cmp.Compare(b.w, a.w), cmp.Compare(a.name, b.name)) })
	all = all[:min(len(all), maxFeatures)]
	sum := 0.0
	for _, p := range all {
		sum += p.w * p.w
	}
	out := make(map[string]float64, len(all))
	for _, p := range all {
		out[p.name] += p.w / math.Sqrt(sum)
	}
	return out
}

// says tells whether a token says something of a topic.
func (r reading) says(i int) bool {
	t := r.toks[i]
	return !isPerson(r.who[i]) && t.Flags&text.Numeral == 0 && t.End-t.Start > 1 && !stops[t.Mark] && (r.lang != text.English || !englishStops[t.Key])
}

// name tells whether two capitals stand together: a name, also of a place or a street, says nothing of a topic.
func (r reading) name(i, j int) bool {
	return r.toks[i].Flags&text.Capital != 0 && r.toks[j].Flags&text.Capital != 0 && !r.loud
}

// FeatureName writes a run of syllables as the models know it: small letters, the tone where it is usually put.
func FeatureName(s string) string { return text.Tones(strings.ToLower(text.Normalize(s))) }

// Features gives the features of one written text, as Digest does of a story.
func (d *Digester) Features(t Text) map[string]float64 {
	f, _ := d.Look(t)
	return f
}

// Look gives the features of one text, and the places and offices that it names, each once and in order of their codes.
func (d *Digester) Look(t Text) (map[string]float64, []Named) {
	r, found := d.read(t)
	var named []Named
	for _, f := range found {
		for _, code := range f.Codes {
			n := Named{Kind: f.Kind, Code: code, Texts: 1}
			if i, ok := slices.BinarySearchFunc(named, n, func(a, b Named) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Code, b.Code)) }); !ok {
				named = slices.Insert(named, i, n)
			}
		}
	}
	return features([]reading{r}), named
}
