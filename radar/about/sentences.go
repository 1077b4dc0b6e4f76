package about

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"khue/text"
)

// Limits of the sentences that stand for a story.
const (
	maxSentences  = 3
	readSentences = 25 // of one text
	leastWords    = 6
	mostWords     = 48
	tooAlike      = 0.5 // cosine from which on two sentences say the same
	novelty       = 0.6 // how much of a sentence's likeness to one that was chosen is taken off
)

// sentence is a candidate.
type sentence struct {
	words string
	text  int
	place int
	v     vec
	score float64
}

// entry is one term of a vector with its weight.
type entry struct {
	hash   uint64
	weight float64
}

// vec is a vector in the order of its terms, so that sums come out the same each time.
type vec []entry

// vector weighs the syllables and pairs of a run of tokens by how rare they are; its length is 1.
func vector(r reading, from, to int, common Common) vec {
	v := make(vec, 0, 2*(to-from))
	var before uint64
	for i := from; i < to; i++ {
		t := r.toks[i]
		if !r.stop(t) && !isPerson(r.who[i]) {
			v = append(v, entry{t.Mark, rare(common(t.Mark, 0))})
		}
		if i > from && !isPerson(r.who[i]) && !isPerson(r.who[i-1]) {
			v = append(v, entry{roll(roll(seed, before), t.Mark), 0.7 * rare(common(before, t.Mark))})
		}
		before = t.Mark
	}
	slices.SortFunc(v, func(a, b entry) int { return cmp.Compare(a.hash, b.hash) })
	k, sum := 0, 0.0
	for i, e := range v {
		if i > 0 && e.hash == v[k-1].hash {
			v[k-1].weight += e.weight
			continue
		}
		v[k] = e
		k++
	}
	v = v[:k]
	for _, e := range v {
		sum += e.weight * e.weight
	}
	if sum > 0 {
		for i := range v {
			v[i].weight /= math.Sqrt(sum)
		}
	}
	return v
}

// rare is the weight of what stands in a share of all texts.
func rare(share float64) float64 { return math.Log(1 / min(max(share, 1e-6), 0.99)) }

func (v vec) dot(w vec) float64 {
	sum := 0.0
	for i, j := 0, 0; i < len(v) && j < len(w); {
		switch {
		case v[i].hash == w[j].hash:
			sum += v[i].weight * w[j].weight
			i++
			j++
		case v[i].hash < w[j].hash:
			i++
		default:
			j++
		}
	}
	return sum
}

// against is the product with a sum of vectors.
func (v vec) against(sums map[uint64]float64) float64 {
	sum := 0.0
	for _, e := range v {
		sum += e.weight * sums[e.hash]
	}
	return sum
}

// add adds a vector to a sum.
func (v vec) add(sums map[uint64]float64, weight float64) {
	for _, e := range v {
		sums[e.hash] += weight * e.weight
	}
}

// central gives the reading nearest to all others: what most repeat counts more; of equals the first.
func central(list []reading, common Common) int {
	vs, c := make([]vec, len(list)), map[uint64]float64{}
	for i, r := range list {
		vs[i] = vector(r, 0, len(r.toks), common)
		vs[i].add(c, r.weight)
	}
	best, most := 0, -1.0
	for i, v := range vs {
		x := v.against(c)
		if list[i].title == 0 || list[i].loud {
			x /= 2
		}
		if list[i].post {
			x /= 10
		}
		if x > most+1e-9 {
			best, most = i, x
		}
	}
	return best
}

// sentences gives up to three sentences that stand for a story, as they were written, in the order in which they were said: near to
// what all texts say, and unlike each other (maximal marginal relevance, Carbonell and Goldstein 1998).
func sentences(list []reading, common Common) []string {
	cands := candidates(list, common)
	c := map[uint64]float64{}
	for _, s := range cands {
		s.v.add(c, list[s.text].weight)
	}
	for i := range cands {
		s := &cands[i]
		s.score = s.v.against(c)
		if s.place < 2 { // what matters stands at the head
			s.score *= 1.25
		}
	}
	var chosen []int
	for len(chosen) < maxSentences {
		best, most := -1, 0.0
		for i, s := range cands {
			like := 0.0
			for _, j := range chosen {
				like = max(like, s.v.dot(cands[j].v))
			}
			if like >= tooAlike || slices.Contains(chosen, i) {
				continue
			}
			if x := s.score * (1 - novelty*like); x > most+1e-9 {
				best, most = i, x
			}
		}
		if best < 0 {
			break
		}
		chosen = append(chosen, best)
	}
	slices.SortFunc(chosen, func(a, b int) int {
		return cmp.Or(cmp.Compare(cands[a].place, cands[b].place), cmp.Compare(cands[a].text, cands[b].text))
	})
	var out []string
	for _, i := range chosen {
		out = append(out, cands[i].words)
	}
	return out
}

// candidates gives the sentences of a story that can stand alone: of some length, no question, with no private person in them, each once.
func candidates(list []reading, common Common) []sentence {
	var out []sentence
	said := map[uint64]bool{}
	for n, r := range list {
		if r.post {
			continue
		}
		place := 0
		for i := r.title; i < len(r.toks) && place < readSentences; {
			j := i
			clean := true
			h := uint64(seed)
			for ; j < len(r.toks); j++ {
				clean = clean && r.who[j] != private
				h = roll(h, r.toks[j].Mark)
				if text.EndsSentence(r.s, r.toks, j) {
					j++
					break
				}
			}
			end := len(r.s)
			if j < len(r.toks) {
				end = int(r.toks[j].Start)
			}
			words, ended := trim(r.s[r.toks[i].Start:end])
			if place == 0 {
				words = signed(words)
			}
			if clean && ended && j-i >= leastWords && j-i <= mostWords && !said[h] {
				said[h] = true
				out = append(out, sentence{words: words, text: n, place: place, v: vector(r, i, j, common)})
			}
			place++
			i = j
		}
	}
	return out
}

// trim takes a sentence's own end from what stands up to the next; false for a question, and for one that does not end: a line of a menu.
func trim(s string) (string, bool) {
	end := len(s)
	for i, r := range s {
		if r == '\n' {
			end = i
			break
		}
	}
	s = s[:end]
	for len(s) > 0 {
		switch c := s[len(s)-1]; c {
		case ' ', '\t', '\r', '"', '(', '[', '-':
			s = s[:len(s)-1]
		case '.', '!':
			return s, true
		default:
			return s, false
		}
	}
	return s, false
}

// signed takes the mark of an agency from the head of a text: (TTXVN) - , HN - .
func signed(s string) string {
	for _, end := range []string{") - ", ") – ", ") ", " - ", " – "} {
		if i := strings.Index(s, end); i > 0 && i < 16 && !strings.Contains(s[:i], " ") {
			return s[i+len(end):]
		}
	}
	return s
}
