package phrase

import "math/bits"

// pair is a hash and what it leads to.
type pair struct {
	hash uint64
	to   int32
}

// table leads from hashes to numbers; open addressing, at most half full, hash 0 stands for itself as any other.
type table struct {
	hashes []uint64
	to     []int32 // 0 for an empty place, else one more than the number
	shift  uint
}

func newTable(pairs []pair) table {
	size := bits.Len(uint(2 * len(pairs)))
	t := table{hashes: make([]uint64, 1<<size), to: make([]int32, 1<<size), shift: uint(64 - size)}
	for _, p := range pairs {
		i := t.place(p.hash)
		for t.to[i] != 0 {
			i = (i + 1) & (len(t.to) - 1)
		}
		t.hashes[i], t.to[i] = p.hash, p.to+1
	}
	return t
}

func (t *table) place(hash uint64) int { return int(hash >> t.shift) }

// find gives the number of a hash, -1 where it has none.
func (t *table) find(hash uint64) int32 {
	for i := t.place(hash); t.to[i] != 0; i = (i + 1) & (len(t.to) - 1) {
		if t.hashes[i] == hash {
			return t.to[i] - 1
		}
	}
	return -1
}

// filter says of a hash that it is certainly in no table, or that it may be: two bits in one word for each (a blocked Bloom filter;
// Putze, Sanders, Singler, WEA 2007), sixteen bits a hash, so that about one in a hundred is let through in vain.
type filter struct {
	words []uint64
	shift uint
}

func newFilter(pairs []pair) filter {
	size := bits.Len(uint(len(pairs) / 4))
	f := filter{words: make([]uint64, 1<<size), shift: uint(64 - size)}
	for _, p := range pairs {
		f.words[p.hash>>f.shift] |= filterBits(p.hash)
	}
	return f
}

func filterBits(hash uint64) uint64 { return 1<<(hash&63) | 1<<(hash>>6&63) }

func (f *filter) may(hash uint64) bool {
	b := filterBits(hash)
	return f.words[hash>>f.shift]&b == b
}
