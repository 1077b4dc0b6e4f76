package cluster

import (
	"slices"

	"khue/text"
)

// lists hold, for each term, the numbers of the newest mentions that it is heavy in: small rings of 1, 2, 4 … listRoom numbers in
// shared memory, with free runs kept by size.
type lists struct {
	mask uint32
	head []listHead
	pool []uint32
	free [7][]uint32 // by log2 of the size
}

type listHead struct {
	off  uint32
	from uint8 // place of the oldest
	n    uint8
	size uint8 // log2 + 1; 0 for none
}

func newLists(bits int) lists { return lists{mask: 1<<bits - 1, head: make([]listHead, 1<<bits)} }

func (l *lists) run(size uint8) uint32 {
	f := &l.free[size-1]
	if n := len(*f); n > 0 {
		off := (*f)[n-1]
		*f = (*f)[:n-1]
		return off
	}
	off := uint32(len(l.pool))
	l.pool = append(l.pool, make([]uint32, 1<<(size-1))...)
	return off
}

// push adds the newest mention; a full ring loses its oldest.
func (l *lists) push(term, n uint32) {
	h := &l.head[term&l.mask]
	room := uint8(1) << h.size >> 1
	if h.n == room && room < listRoom {
		old, size := *h, h.size+1
		off := l.run(size)
		for i := range old.n {
			l.pool[off+uint32(i)] = l.pool[old.off+uint32((old.from+i)&(room-1))]
		}
		if old.size > 0 {
			l.free[old.size-1] = append(l.free[old.size-1], old.off)
		}
		h.off, h.from, h.size = off, 0, size
		room = 1 << (size - 1)
	}
	if h.n == room {
		l.pool[h.off+uint32(h.from)] = n
		h.from = (h.from + 1) & (room - 1)
		return
	}
	l.pool[h.off+uint32((h.from+h.n)&(room-1))] = n
	h.n++
}

// drop takes the oldest mention of the window out.
func (l *lists) drop(term, n uint32) {
	h := &l.head[term&l.mask]
	if h.n == 0 || l.pool[h.off+uint32(h.from)] != n {
		return // the ring has lost it already
	}
	h.from = (h.from + 1) & (1<<(h.size-1) - 1)
	if h.n--; h.n == 0 {
		l.free[h.size-1] = append(l.free[h.size-1], h.off)
		*h = listHead{}
	}
}

// each calls f with the mentions of a term, the newest first.
func (l *lists) each(term uint32, f func(uint32)) {
	h := l.head[term&l.mask]
	if h.n == 0 {
		return
	}
	room := uint8(1) << (h.size - 1)
	for i := int(h.n) - 1; i >= 0; i-- {
		f(l.pool[h.off+uint32((h.from+uint8(i))&(room-1))])
	}
}

// A scoreboard adds up scores of mentions.
type scoreboard struct {
	key   [boardSize]uint32 // mention, never 0
	score [boardSize]float32
	used  []uint16
	best  []ranked
}

type ranked struct {
	n     uint32
	score float32
}

const boardSize = 4096 // at least twice indexTerms × listRoom

func (b *scoreboard) reset() {
	for _, i := range b.used {
		b.key[i] = 0
	}
	b.used = b.used[:0]
}

func (b *scoreboard) add(n uint32, x float32) {
	for i := n * 2654435761 >> (32 - 12); ; i = (i + 1) & (boardSize - 1) {
		switch b.key[i] {
		case n:
			b.score[i] += x
			return
		case 0:
			b.key[i], b.score[i] = n, x
			b.used = append(b.used, uint16(i))
			return
		}
	}
}

// top gives the k best mentions; of equal ones the newer.
func (b *scoreboard) top(k int) []uint32 {
	b.best = b.best[:0]
	for _, i := range b.used {
		b.best = append(b.best, ranked{b.key[i], b.score[i]})
	}
	slices.SortFunc(b.best, func(x, y ranked) int {
		switch {
		case x.score > y.score:
			return -1
		case x.score < y.score:
			return 1
		}
		return int(y.n) - int(x.n)
	})
	out := make([]uint32, 0, 64)
	for _, r := range b.best[:min(k, len(b.best))] {
		out = append(out, r.n)
	}
	return out
}

type tokens = []text.Token
