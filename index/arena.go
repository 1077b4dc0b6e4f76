package index

import (
	"math/bits"
	"sync/atomic"
)

// A posting is one word: document number, variant, count and length code of the document, so that a list is read once, in order.
type posting uint64

func newPosting(doc uint32, variant, count, length uint8) posting {
	return posting(doc)<<32 | posting(variant)<<16 | posting(count)<<8 | posting(length)
}

func (p posting) doc() uint32    { return uint32(p >> 32) }
func (p posting) variant() uint8 { return uint8(p >> 16) }
func (p posting) count() uint8   { return uint8(p >> 8) }
func (p posting) length() uint8  { return uint8(p) }

// blockSize is the number of postings that share one bound.
const blockSize = 128

// A bound is the most that a block can give: the largest count of one document and the shortest length.
type bound struct{ count, length uint8 }

// A ref tells where a list lies: page, offset in the page, number of postings. One word, so that a reader who loads it sees a list
// and its length that belong together.
type ref uint64

const (
	pageBits   = 20
	countBits  = 28
	maxPages   = 1 << (64 - pageBits - countBits)
	maxPosting = 1<<countBits - 1
)

func newRef(page, off, n uint32) ref {
	return ref(page)<<(pageBits+countBits) | ref(off)<<countBits | ref(n)
}
func (r ref) page() uint32 { return uint32(r >> (pageBits + countBits)) }
func (r ref) off() uint32  { return uint32(r>>countBits) & (1<<pageBits - 1) }
func (r ref) n() uint32    { return uint32(r) & maxPosting }

// capacity is the room that a list of n postings has: the next power of two. It is derived, never stored.
func capacity(n uint32) uint32 {
	if n <= 1 {
		return n
	}
	return 1 << bits.Len32(n-1)
}

// An arena holds all lists. Lists grow by moving to a run of twice the size; the old run stays as it was for whoever still
// reads it, and is given back when the index is compacted. One writer; readers go through the atomic page table.
type arena struct {
	pages  atomic.Pointer[[]*page]
	used   uint32 // of the last shared page
	shared uint32 // its number
	next   uint32 // log2 of the next shared page's size
	size   int64  // postings of room in all pages
}

type page struct {
	p     []posting
	bound []bound // one a block, written before the block is full
}

const firstPage = 10

func newArena() *arena {
	a := &arena{next: firstPage}
	a.pages.Store(&[]*page{})
	return a
}

func (a *arena) addPage(size uint32) uint32 {
	old := *a.pages.Load()
	if len(old) >= maxPages {
		panic("index: out of pages")
	}
	pages := append(old, &page{p: make([]posting, size), bound: make([]bound, (size+blockSize-1)/blockSize)})
	a.pages.Store(&pages)
	a.size += int64(size)
	return uint32(len(pages) - 1)
}

// run finds room for c postings, c a power of two.
func (a *arena) run(c uint32) (pageNo, off uint32) {
	if c >= 1<<(pageBits-2) {
		return a.addPage(c), 0
	}
	pages := *a.pages.Load()
	if c >= blockSize { // bounds belong to whole blocks
		a.used = (a.used + blockSize - 1) &^ (blockSize - 1)
	}
	if len(pages) == 0 || a.used+c > uint32(len(pages[a.shared].p)) {
		size := max(uint32(1)<<a.next, c)
		a.next = min(a.next+1, pageBits)
		a.shared, a.used = a.addPage(size), 0
	}
	off = a.used
	a.used += c
	return a.shared, off
}

// list gives the postings of a list as they were when r was loaded.
func (a *arena) list(r ref) ([]posting, []bound) {
	n := r.n()
	if n == 0 {
		return nil, nil
	}
	pg := (*a.pages.Load())[r.page()]
	off := r.off()
	var b []bound
	if n >= blockSize {
		b = pg.bound[off/blockSize : off/blockSize+n/blockSize]
	}
	return pg.p[off : off+n : off+n], b
}

// add appends postings of one document to a list and gives its new place. total is the sum of their counts.
func (a *arena) add(r ref, ps []posting, total uint8) ref {
	n := r.n()
	pageNo, off := r.page(), r.off()
	if need := n + uint32(len(ps)); need > capacity(n) {
		newPage, newOff := a.run(capacity(need))
		pages := *a.pages.Load()
		if n > 0 {
			copy(pages[newPage].p[newOff:newOff+n], pages[pageNo].p[off:off+n])
		}
		a.rebound(pages, pageNo, off, newPage, newOff, n, capacity(need))
		pageNo, off = newPage, newOff
	}
	pg := (*a.pages.Load())[pageNo]
	big := capacity(n+uint32(len(ps))) >= blockSize
	for i, p := range ps {
		at := off + n + uint32(i)
		pg.p[at] = p
		if big {
			b := &pg.bound[at/blockSize]
			b.count, b.length = max(b.count, total), min(b.length, p.length())
		}
	}
	return newRef(pageNo, off, n+uint32(len(ps)))
}

// rebound gives the blocks of a list that has moved their bounds.
func (a *arena) rebound(pages []*page, oldPage, oldOff, newPage, newOff, n, c uint32) {
	if c < blockSize {
		return
	}
	to := pages[newPage]
	for i := newOff / blockSize; i < (newOff+c)/blockSize; i++ {
		to.bound[i] = bound{0, 255}
	}
	if n >= blockSize && capacity(n) >= blockSize {
		copy(to.bound[newOff/blockSize:], pages[oldPage].bound[oldOff/blockSize:(oldOff+n+blockSize-1)/blockSize])
		return
	}
	for i := newOff; i < newOff+n; i++ {
		b := &to.bound[i/blockSize]
		p := to.p[i]
		b.count, b.length = max(b.count, groupCount(to.p[newOff:newOff+n], int(i-newOff))), min(b.length, p.length())
	}
}

// groupCount is the count of the document of ps[i] over all its variants.
func groupCount(ps []posting, i int) uint8 {
	d, sum := ps[i].doc(), 0
	for j := i; j >= 0 && ps[j].doc() == d; j-- {
		sum += int(ps[j].count())
	}
	for j := i + 1; j < len(ps) && ps[j].doc() == d; j++ {
		sum += int(ps[j].count())
	}
	return uint8(min(sum, 255))
}
