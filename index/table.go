package index

import "sync/atomic"

// A table finds the list of a key: open addressing, linear steps, at most 5/8 full. Slots are never emptied; when the table is
// full the writer publishes one of twice the size. A reader who meets a half-written slot takes the key for absent, and that
// document is beyond the reader's snapshot anyway.
type table struct {
	slots []slot
	mask  uint64
	used  int
}

type slot struct {
	key  atomic.Uint64
	list atomic.Uint64 // a ref
}

func newTable(size int) *table {
	n := 64
	for n*5/8 < size {
		n *= 2
	}
	return &table{slots: make([]slot, n), mask: uint64(n - 1)}
}

// find gives the slot of a key, or the free one where it would go. Key 0 is reserved.
func (t *table) find(key uint64) *slot {
	for i := mix(key) & t.mask; ; i = (i + 1) & t.mask {
		s := &t.slots[i]
		if k := s.key.Load(); k == key || k == 0 {
			return s
		}
	}
}

func (t *table) grown() *table {
	n := newTable(len(t.slots)) // twice the slots or more
	for i := range t.slots {
		if k := t.slots[i].key.Load(); k != 0 {
			s := n.find(k)
			s.list.Store(t.slots[i].list.Load())
			s.key.Store(k)
		}
	}
	n.used = t.used
	return n
}

func mix(h uint64) uint64 {
	h ^= h >> 32
	h *= 0x9E3779B97F4A7C15
	return h ^ h>>29
}
