package index

import (
	"math"
	"sync/atomic"
)

// A core is one generation of the index. Compacting makes the next one.
type core struct {
	arena *arena
	table atomic.Pointer[table]
	docs  atomic.Pointer[[]*docPage]
	now   atomic.Pointer[state]
}

// A state is what a reader sees: documents below docs that were not deleted by turn.
type state struct {
	turn   uint64
	docs   uint32
	live   uint32
	length float64 // sum of the lengths of live documents
}

const docPageSize = 1024

type docPage struct {
	id      [docPageSize]string
	length  [docPageSize]float32
	deleted [docPageSize]atomic.Uint64 // turn of deletion, 0 while live
}

func newCore() *core {
	c := &core{arena: newArena()}
	c.table.Store(newTable(0))
	c.docs.Store(&[]*docPage{})
	c.now.Store(&state{})
	return c
}

func (c *core) page(doc uint32) (*docPage, uint32) {
	return (*c.docs.Load())[doc/docPageSize], doc % docPageSize
}

// addDoc gives a number to a document that nobody sees yet.
func (c *core) addDoc(doc uint32, id string, length float32) {
	if doc%docPageSize == 0 {
		pages := append(*c.docs.Load(), &docPage{})
		c.docs.Store(&pages)
	}
	pg, i := c.page(doc)
	pg.id[i], pg.length[i] = id, length
}

// add appends the postings of one document to the list of a key.
func (c *core) add(key uint64, ps []posting, total uint8) {
	t := c.table.Load()
	s := t.find(key)
	if s.key.Load() == 0 {
		if (t.used+1)*8 > len(t.slots)*5 {
			t = t.grown()
			c.table.Store(t)
			s = t.find(key)
		}
		t.used++
		s.list.Store(uint64(c.arena.add(0, ps, total)))
		s.key.Store(key)
		return
	}
	s.list.Store(uint64(c.arena.add(ref(s.list.Load()), ps, total)))
}

func (c *core) list(key uint64) ([]posting, []bound) {
	s := c.table.Load().find(key)
	if s.key.Load() != key {
		return nil, nil
	}
	return c.arena.list(ref(s.list.Load()))
}

// seen tells whether a document is in a snapshot.
func (c *core) seen(s *state, doc uint32) bool {
	if doc >= s.docs {
		return false
	}
	pg, i := c.page(doc)
	at := pg.deleted[i].Load()
	return at == 0 || at > s.turn
}

// compact gives a core with the live documents only, renumbered in their order.
func (c *core) compact() (*core, []string) {
	s := c.now.Load()
	n := newCore()
	number := make([]uint32, s.docs)
	var ids []string
	var length float64
	for d := range s.docs {
		number[d] = math.MaxUint32
		if c.seen(s, d) {
			number[d] = uint32(len(ids))
			pg, i := c.page(d)
			n.addDoc(number[d], pg.id[i], pg.length[i])
			ids = append(ids, pg.id[i])
			length += float64(pg.length[i])
		}
	}
	t := c.table.Load()
	var group []posting
	for i := range t.slots {
		key := t.slots[i].key.Load()
		if key == 0 {
			continue
		}
		ps, _ := c.arena.list(ref(t.slots[i].list.Load()))
		for j := 0; j < len(ps); {
			d, sum := ps[j].doc(), 0
			group = group[:0]
			for ; j < len(ps) && ps[j].doc() == d; j++ {
				sum += int(ps[j].count())
				group = append(group, newPosting(number[d], ps[j].variant(), ps[j].count(), ps[j].length()))
			}
			if number[d] != math.MaxUint32 {
				n.add(key, group, uint8(min(sum, 255)))
			}
		}
	}
	n.now.Store(&state{turn: s.turn, docs: uint32(len(ids)), live: uint32(len(ids)), length: length})
	return n, ids
}

// countCode writes a weighted count in quarters; lengthCode a document's length on a scale of 12 steps a doubling.
func countCode(x float64) uint8 { return uint8(max(1, min(255, math.Round(x*4)))) }

func lengthCode(n float64) uint8 {
	return uint8(max(0, min(255, math.Round(12*math.Log2(1+n)))))
}

// lengths is what each length code stands for.
var lengths = func() (l [256]float64) {
	for i := range l {
		l[i] = math.Exp2(float64(i)/12) - 1
	}
	return l
}()
