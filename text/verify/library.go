package verify

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"khue/text"
	"khue/text/fingerprint"
)

// Library holds official texts. Any number of goroutines may Check while one adds, replaces or removes.
type Library struct {
	write   sync.Mutex
	now     atomic.Pointer[snapshot]
	byID    map[string]uint32 // guarded by write, as all below
	arena   *strings.Builder
	pending []fingerprint.Entry
	docs    []*document // the newest; snapshots share its beginning
	scratch sync.Pool
}

// snapshot is what readers see.
type snapshot struct {
	docs  []*document
	index *fingerprint.Snapshot
}

// document is one official text. gone is set when it was replaced or removed.
type document struct {
	id   string
	text string
	gone atomic.Bool
}

// NewLibrary makes an empty library.
func NewLibrary() *Library {
	l := &Library{byID: map[string]uint32{}, scratch: sync.Pool{New: func() any { return new(scratch) }}}
	l.now.Store(&snapshot{index: new(fingerprint.Snapshot)})
	return l
}

// arenaBytes is how much text is kept in one piece of memory: the collector never looks inside, and nothing is lost to size classes.
const arenaBytes = 1 << 20

// keep copies a text into the arena.
func (l *Library) keep(s string) string {
	if len(s) > arenaBytes/4 {
		return strings.Clone(s)
	}
	if l.arena == nil || l.arena.Cap()-l.arena.Len() < len(s) {
		l.arena = new(strings.Builder)
		l.arena.Grow(arenaBytes)
	}
	from := l.arena.Len()
	l.arena.WriteString(s)
	return l.arena.String()[from:]
}

// batchEntries is how many entries a Loader gathers before it makes them findable.
const batchEntries = 1 << 19

// Add puts a text into the library; one of the same id is replaced. It is found as soon as Add returns.
func (l *Library) Add(id, official string) {
	l.write.Lock()
	defer l.write.Unlock()
	l.add(id, official)
	l.publish()
}

// Replace is Add by its other name, for callers that know the id to be there.
func (l *Library) Replace(id, official string) { l.Add(id, official) }

// Loader adds many texts at once; they are found in batches, all of them after Close. Nobody else can add meanwhile.
type Loader struct{ library *Library }

// Loader begins to load; Close must follow.
func (l *Library) Loader() *Loader {
	l.write.Lock()
	return &Loader{l}
}

// Add puts a text into the library; one of the same id is replaced.
func (l *Loader) Add(id, official string) {
	l.library.add(id, official)
	if len(l.library.pending) >= batchEntries {
		l.library.publish()
	}
}

// Close makes all that was loaded findable.
func (l *Loader) Close() {
	defer l.library.write.Unlock()
	l.library.publish()
	l.library.compact()
}

func (l *Library) add(id, official string) {
	official = text.Normalize(official)
	if old, ok := l.byID[id]; ok {
		l.docs[old].gone.Store(true)
	}
	sc := l.scratch.Get().(*scratch)
	defer l.scratch.Put(sc)
	n := uint32(len(l.docs))
	id = l.keep(id)
	l.docs = append(l.docs, &document{id: id, text: l.keep(official)})
	l.byID[id] = n
	sc.official = text.AppendTokens(sc.official[:0], official, false)
	sc.features.of(official, sc.official)
	l.pending = sc.features.kept(l.pending, n)
}

// publish makes what was added visible to readers.
func (l *Library) publish() {
	old := l.now.Load()
	l.now.Store(&snapshot{docs: l.docs, index: old.index.With(l.pending)})
	l.pending = l.pending[:0]
}

// Remove takes a text out of the library.
func (l *Library) Remove(id string) {
	l.write.Lock()
	defer l.write.Unlock()
	if n, ok := l.byID[id]; ok {
		l.docs[n].gone.Store(true)
		delete(l.byID, id)
	}
}

// Compact gives back what removed texts held in the index and merges its parts.
func (l *Library) Compact() {
	l.write.Lock()
	defer l.write.Unlock()
	l.compact()
}

func (l *Library) compact() {
	old := l.now.Load()
	gone := 0
	for _, d := range l.docs {
		if d.gone.Load() {
			gone++
		}
	}
	var dead func(uint32) bool
	if gone > 0 {
		dead = func(n uint32) bool { return old.docs[n].gone.Load() }
	}
	l.pending = nil
	l.docs = slices.Clip(l.docs)
	l.now.Store(&snapshot{docs: l.docs, index: old.index.Merged(dead)})
}

// Len is the number of texts in the library.
func (l *Library) Len() int {
	l.write.Lock()
	defer l.write.Unlock()
	return len(l.byID)
}

// Entries is the number of index entries, for figures.
func (l *Library) Entries() int { return l.now.Load().index.Size() }
