package index

const (
	toneBits  = 0b111
	shapeBits = 0xff &^ toneBits
)

// Key hashes a term's form without marks. Keys are the same on every machine and in every version.
func Key(s string) uint64 {
	h := uint64(14695981039346656037) // FNV-1a, then mixed
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return finish(h)
}

func finish(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xFF51AFD7ED558CCD
	h ^= h >> 33
	if h == 0 {
		return 1
	}
	return h
}
