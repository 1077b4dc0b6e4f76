package text

// Shingles gives the identities of every k syllables in a row, without marks, in order: what two texts share of them tells how
// much of one is in the other. A text of fewer than k syllables has none. See text/fingerprint for keeping few of them.
func Shingles(s string, k int) []uint64 {
	tokens := Tokens(Normalize(s))
	if k <= 0 || len(tokens) < k {
		return nil
	}
	list := make([]uint64, 0, len(tokens)-k+1)
	for i := range len(tokens) - k + 1 {
		h := uint64(fnvOffset)
		for _, t := range tokens[i : i+k] {
			h = (h ^ t.Key) * fnvPrime
		}
		list = append(list, mix(h))
	}
	return list
}

// Resemblance is the share of equal elements among all of two sets of shingles (Jaccard), 1 for two empty ones.
func Resemblance(a, b []uint64) float64 {
	in := make(map[uint64]uint8, len(a)+len(b))
	for _, x := range a {
		in[x] |= 1
	}
	for _, x := range b {
		in[x] |= 2
	}
	both := 0
	for _, side := range in {
		if side == 3 {
			both++
		}
	}
	if len(in) == 0 {
		return 1
	}
	return float64(both) / float64(len(in))
}
