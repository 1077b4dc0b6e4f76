package match

// leastShare is the share of a claim's pairs of neighbouring words that a text must hold to say the claim again, where the matcher by
// itself is not sure: its odds were learnt on libraries of thousands.
const leastShare = 0.7

// leastPairs is the number of pairs below which a claim is too short to be known again by them.
const leastPairs = 3

// Repeats gives the claim that a text says again: the likeliest, if the matcher is sure of it or the text holds most of the claim's own
// pairs of neighbouring words.
func (l *Library) Repeats(text string) (Match, bool) {
	found := l.Match(text, 1)
	if len(found) == 0 {
		return Match{}, false
	}
	return found[0], found[0].Link == Same || l.share(found[0].Claim, text) >= leastShare
}

// share is the share of the pairs of a claim's text, without its title, that a text holds.
func (l *Library) share(claim, text string) float64 {
	in := map[uint64]bool{}
	words := read(text).words
	for i := 1; i < len(words); i++ {
		in[pairKey(words[i-1].stem, words[i].stem)] = true
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	e := l.claim[claim]
	if e == nil || len(e.own) < leastPairs {
		return 0
	}
	n := 0
	for _, p := range e.own {
		if in[p] {
			n++
		}
	}
	return float64(n) / float64(len(e.own))
}
