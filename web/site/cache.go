package site

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"khue/web/frame"
)

const (
	// maxKept bounds the pages that are held, and maxKeptBytes their bytes with the compressed form; when either is passed all are dropped.
	maxKept      = 4000
	maxKeptBytes = 64 << 20
	// keptFor is how long a page whose clocks go on may stand, when nothing public changed.
	keptFor = 20 * time.Second
)

// kept is a rendered page. It never changes once it is in the cache.
type kept struct {
	stamp   int64 // what Cached asked when it was rendered
	at      time.Time
	header  http.Header
	etag    string
	body    []byte
	small   []byte // gzip
	length  string
	slength string
}

// cache holds pages until the ledger says that something public changed. A page is rendered by one request while others of
// the same address wait for it.
type cache struct {
	max      int   // pages
	maxBytes int64 // of pages
	mu       sync.Mutex
	pages    map[string]*slot
	bytes    atomic.Int64
}

type slot struct {
	mu   sync.Mutex // held by the request that renders
	page atomic.Pointer[kept]
}

func newCache(most int, bytes int64) *cache {
	return &cache{max: most, maxBytes: bytes, pages: map[string]*slot{}}
}

func (c *cache) slot(key string) *slot {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.pages[key]
	if !ok {
		if len(c.pages) >= c.max || c.bytes.Load() > c.maxBytes {
			clear(c.pages)
			c.bytes.Store(0)
		}
		s = &slot{}
		c.pages[key] = s
	}
	return s
}

// drop takes out a place in which there is no page: an address that does not answer takes no room.
func (c *cache) drop(key string, s *slot) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pages[key] == s {
		delete(c.pages, key)
		c.bytes.Add(-s.page.Load().size())
	}
}

// size gives the bytes of a page, 0 for none.
func (k *kept) size() int64 {
	if k == nil {
		return 0
	}
	return int64(len(k.body) + len(k.small))
}

// Cached keeps the answers of a public page, one for each language, path and query, until something public changed or a short
// time has passed. h must not look at who is asking. An answer that is not 200 is not kept. also are counters, which only grow, of
// what h reads and what follows the ledger a moment behind it: a page drawn in that moment must not stay.
func (s *Site) Cached(h frame.Handler, also ...func() int64) frame.Handler {
	stamp := func() int64 { // of counters that only grow the sum is the same when each is
		n := s.Hub.PublicPosition()
		for _, f := range also {
			n += f()
		}
		return n
	}
	return func(w http.ResponseWriter, r *frame.Request) error {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			return h(w, r)
		}
		pages, key := s.question(r)
		slot := pages.slot(key)
		if k := slot.page.Load(); k != nil && s.fresh(k, stamp()) {
			return k.serve(w, r)
		}
		slot.mu.Lock()
		defer slot.mu.Unlock()
		if k := slot.page.Load(); k != nil && s.fresh(k, stamp()) {
			return k.serve(w, r)
		}
		seen := stamp() // before rendering: what changes meanwhile makes it stale at once
		rec := frame.NewRecorder()
		if err := h(rec, r); err != nil {
			pages.drop(key, slot)
			return err
		}
		k := keep(rec, seen, s.Now())
		if rec.Status == 0 || rec.Status == http.StatusOK {
			old := slot.page.Swap(k)
			pages.bytes.Add(k.size() - old.size())
			return k.serve(w, r)
		}
		pages.drop(key, slot)
		for name, v := range k.header {
			w.Header()[name] = v
		}
		w.WriteHeader(rec.Status)
		_, err := w.Write(k.body)
		return gone(err)
	}
}

func (s *Site) fresh(k *kept, stamp int64) bool {
	return k.stamp == stamp && s.Now().Sub(k.at) < keptFor
}

func (k *kept) serve(w http.ResponseWriter, r *frame.Request) error {
	h := w.Header()
	for name, v := range k.header {
		h[name] = v
	}
	if r.Header.Get("If-None-Match") == k.etag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	body, length := k.body, k.length
	if k.small != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h["Content-Encoding"] = gzipValue
		body, length = k.small, k.slength
	}
	h["Content-Length"] = []string{length}
	if r.Method == http.MethodHead {
		return nil
	}
	_, err := w.Write(body)
	return gone(err)
}

var gzipValue = []string{"gzip"}

// minGzip is the shortest body that is worth compressing, in bytes.
const minGzip = 512

func keep(r *frame.Recorder, stamp int64, at time.Time) *kept {
	body := bytes.Clone(r.Body.Bytes())
	sum := sha256.Sum256(body)
	k := &kept{stamp: stamp, at: at, header: r.Header(), body: body, etag: `"` + hex.EncodeToString(sum[:12]) + `"`, length: strconv.Itoa(len(body))}
	r.Header().Set("ETag", k.etag)
	r.Header().Set("Cache-Control", "no-cache") // a browser asks again with the ETag: a change is visible at once
	r.Header().Set("Vary", "Accept-Encoding")
	if len(body) >= minGzip {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, err := z.Write(body)
		if err == nil && z.Close() == nil && b.Len() < len(body) {
			k.small, k.slength = b.Bytes(), strconv.Itoa(b.Len())
		}
	}
	return k
}
