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
	out   []uint32
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
	h := b.best[:0] // a heap, the worst on top
	for _, i := range b.used {
		r := ranked{b.key[i], b.score[i]}
		switch {
		case len(h) < k:
			h = append(h, r)
			for j := len(h) - 1; j > 0 && h[j].worse(h[(j-1)/2]); j = (j - 1) / 2 {
				h[j], h[(j-1)/2] = h[(j-1)/2], h[j]
			}
		case h[0].worse(r):
			h[0] = r
			for j := 0; ; {
				m := j
				for _, l := range [2]int{2*j + 1, 2*j + 2} {
					if l < len(h) && h[l].worse(h[m]) {
						m = l
					}
				}
				if m == j {
					break
				}
				h[j], h[m] = h[m], h[j]
				j = m
			}
		}
	}
	slices.SortFunc(h, func(x, y ranked) int {
		if x.worse(y) {
			return 1
		}
		return -1
	})
	b.best = h
	b.out = b.out[:0]
	for _, r := range h {
		b.out = append(b.out, r.n)
	}
	return b.out
}

func (r ranked) worse(o ranked) bool { return r.score < o.score || r.score == o.score && r.n < o.n }

type tokens = []text.Token
