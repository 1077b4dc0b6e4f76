package fingerprint

// Bits is how many bits of a gram's hash are kept: two different grams are taken for one about once in 69 thousand million.
const Bits = 36

// Gram is the hash of some words in a row, Bits wide.
type Gram uint64

// Grams appends the hashes of every k words in a row to dst, in order; word i begins gram i.
func Grams(dst []Gram, words []uint64, k int) []Gram {
	const prime = 0x9E3779B97F4A7C15
	if k <= 0 || len(words) < k {
		return dst
	}
	top := uint64(1) // prime to the k: what the oldest word has been multiplied with
	for range k {
		top *= prime
	}
	h := uint64(0)
	for i, w := range words {
		h = (h + w) * prime
		if i >= k {
			h -= words[i-k] * top * prime
		}
		if i >= k-1 {
			dst = append(dst, Gram(finish(h)>>(64-Bits)))
		}
	}
	return dst
}

func finish(h uint64) uint64 {
	h ^= h >> 32
	h *= 0xD6E8FEB86659FD93
	h ^= h >> 32
	h *= 0xD6E8FEB86659FD93
	return h ^ h>>32
}

// Select appends the smallest gram of every window to dst, each kept place once (the rightmost of equal ones). A text that is
// shorter than the window keeps its smallest gram.
func Select(dst, grams []Gram, window int) []Gram {
	if len(grams) == 0 || window <= 0 {
		return dst
	}
	at := -1
	for end := min(window, len(grams)); end <= len(grams); end++ {
		start := max(0, end-window)
		switch {
		case at < start:
			at = start
			for j := start + 1; j < end; j++ {
				if grams[j] <= grams[at] {
					at = j
				}
			}
			dst = append(dst, grams[at])
		case grams[end-1] <= grams[at]:
			at = end - 1
			dst = append(dst, grams[at])
		}
	}
	return dst
}
