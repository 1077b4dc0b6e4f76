package index

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
)

// Options are the settings of an index; zero values stand for good ones, tuned on known-item queries for Vietnamese articles: one mention of
// a word says nearly all, and long articles are what people look for.
type Options struct {
	K1 float64 // BM25: how soon more of a term stops to count; 0.4
	B  float64 // BM25: how much length is held against a document, 0 to 1; 0.2
	// Pairs is the weight of a pair of neighbouring syllables against a single one; 2. Negative: no pairs.
	Pairs float64

	near near
}

func (o Options) full() Options {
	if o.K1 == 0 {
		o.K1 = 0.4
	}
	if o.B == 0 {
		o.B = 0.2
	}
	if o.Pairs == 0 {
		o.Pairs = 2
	}
	if o.near == (near{}) {
		o.near = near{tone: 0.8, bare: 0.6, other: 0.15}
	}
	return o
}

// A Term is what a document is found by: a key (see Key), how it was written, and how often it occurs, in weighted occurrences up
// to 63, kept in quarters.
type Term struct {
	Key     uint64
	Variant uint8
	Count   float64
}

// Index is an inverted index in memory. Any number of goroutines may search while others change it; changes wait for each other.
// A search sees the documents as they were when it began.
type Index struct {
	opt  Options
	core atomic.Pointer[core]
	// words are the syllables of titles, sorted.
	words atomic.Pointer[[]word]

	mu      sync.Mutex        // held by the writer; guards what follows
	number  map[string]uint32 // of live documents
	known   map[string]struct{}
	scratch []Term
	group   []posting
}

// New gives an empty index.
func New(o Options) *Index {
	x := &Index{opt: o.full(), number: map[string]uint32{}, known: map[string]struct{}{}}
	x.core.Store(newCore())
	x.words.Store(&[]word{})
	return x
}

// Len is the number of documents.
func (x *Index) Len() int { return int(x.core.Load().now.Load().live) }

// Has tells whether a document is there.
func (x *Index) Has(id string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	_, ok := x.number[id]
	return ok
}

// PutTerms adds a document by its terms, in the place of one with the same id. Terms of one key and variant are added up. length
// is the document's length in whatever unit all documents share; 0 stands for the sum of the counts.
func (x *Index) PutTerms(id string, length float64, terms []Term) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.putTerms(id, length, terms)
}

func (x *Index) putTerms(id string, length float64, terms []Term) {
	x.scratch = append(x.scratch[:0], terms...)
	ts := x.scratch
	slices.SortFunc(ts, func(a, b Term) int {
		if c := cmp.Compare(a.Key, b.Key); c != 0 {
			return c
		}
		return cmp.Compare(a.Variant, b.Variant)
	})
	if length == 0 {
		for _, t := range ts {
			length += t.Count
		}
	}
	c := x.core.Load()
	st := *c.now.Load()
	doc, code := st.docs, lengthCode(length)
	c.addDoc(doc, id, float32(length))
	for i := 0; i < len(ts); {
		key, total := ts[i].Key, 0
		x.group = x.group[:0]
		for i < len(ts) && ts[i].Key == key {
			variant, count := ts[i].Variant, 0.0
			for ; i < len(ts) && ts[i].Key == key && ts[i].Variant == variant; i++ {
				count += ts[i].Count
			}
			n := countCode(count)
			total += int(n)
			x.group = append(x.group, newPosting(doc, variant, n, code))
		}
		c.add(key, x.group, uint8(min(total, 255)))
	}
	st.turn++
	st.docs++
	st.live++
	st.length += float64(float32(length))
	x.drop(c, &st, id)
	x.number[id] = doc
	c.now.Store(&st)
	x.tidy(c)
}

// drop marks the document of an id as deleted by the turn of st.
func (x *Index) drop(c *core, st *state, id string) bool {
	d, ok := x.number[id]
	if !ok {
		return false
	}
	pg, i := c.page(d)
	pg.deleted[i].Store(st.turn)
	st.live--
	st.length -= float64(pg.length[i])
	delete(x.number, id)
	return true
}

// Delete takes a document out and tells whether it was there.
func (x *Index) Delete(id string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.core.Load()
	st := *c.now.Load()
	st.turn++
	if !x.drop(c, &st, id) {
		return false
	}
	c.now.Store(&st)
	x.tidy(c)
	return true
}

// tidy makes a new core when more than half of the old one is deleted. Searches that run keep the old one.
func (x *Index) tidy(c *core) {
	st := c.now.Load()
	if gone := st.docs - st.live; gone > 1024 && gone > st.live {
		x.compact(c)
	}
}

// Compact gives back the room of deleted documents, and document frequencies forget them. It happens by itself when more than
// half of the documents are deleted ones.
func (x *Index) Compact() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.compact(x.core.Load())
}

func (x *Index) compact(c *core) {
	n, ids := c.compact()
	for i, id := range ids {
		x.number[id] = uint32(i)
	}
	x.core.Store(n)
}

// Frequency is the number of documents that have a key, give or take those deleted or written again since the index was compacted.
// With variants, a document counts once for each.
func (x *Index) Frequency(key uint64) int {
	ps, _ := x.core.Load().list(key)
	return len(ps)
}
