// Package live tells open pages what was published: server-sent events fed by
// the ledger. A frame is built once and written once to each subscriber; a
// reader that is too slow is disconnected and comes back with the position it
// has, from which everything is replayed in order.
//
// Everybody hears of public entries by kind, thing and position, staff of private ones too, of those without the
// thing: a page fetches what it shows.
package live

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"khue/ledger"
	"khue/web/frame"
)

const (
	// maxWaiting is the number of frames that may wait for a slow reader.
	maxWaiting = 64
	// staffFor is how long a stream of staff runs: who has lost the account or the post hears no more of the house after it.
	staffFor = 5 * time.Minute
	// beat keeps proxies from closing a quiet stream.
	beat = 25 * time.Second
	// retryAfter is what a client is told to wait before it comes back, in milliseconds.
	retryAfter = 2000
	// writeWithin bounds the time that one write to a reader may take.
	writeWithin = 10 * time.Second
	// maxOfOne bounds the streams of one address: an office of many people behind one line has room, one machine cannot take all.
	maxOfOne = 500
)

// Frame is one event, as bytes ready to be written.
type Frame struct {
	Position int64
	Bytes    []byte
}

// Hub sends what the ledger says to the subscribers.
type Hub struct {
	ledger *ledger.Ledger
	log    *slog.Logger
	limit  int // subscribers at most

	mu       sync.Mutex
	subs     map[*subscriber]struct{} // guarded by mu
	position int64                    // of the last entry sent; guarded by mu
	public   atomic.Int64             // position of the last public entry sent, -1 before the first
	from     map[netip.Addr]int       // open streams of each address; guarded by mu
	closed   bool                     // guarded by mu
}

type subscriber struct {
	frames chan Frame // closed by the hub when the reader is too slow or the hub ends
	staff  bool       // hears of private entries too: their kind and thing, never what is in them
}

// NewHub makes a hub that takes up to limit subscribers. The caller runs Run.
func NewHub(l *ledger.Ledger, log *slog.Logger, limit int) *Hub {
	h := &Hub{ledger: l, log: log, limit: limit, subs: map[*subscriber]struct{}{}, from: map[netip.Addr]int{}, position: l.Size() - 1}
	h.public.Store(h.position)
	return h
}

// Run follows the ledger from its present end until ctx ends; then every stream ends.
func (h *Hub) Run(ctx context.Context) error {
	defer h.close()
	for {
		changed := h.ledger.Changed()
		h.mu.Lock()
		after := h.position
		h.mu.Unlock()
		list, err := h.ledger.After(ctx, after, 500)
		if err != nil && ctx.Err() == nil {
			h.log.Error("live: read the ledger", "err", err)
			select {
			case <-time.After(time.Second):
				continue
			case <-ctx.Done():
			}
		}
		for _, r := range list {
			h.send(r)
		}
		if len(list) > 0 {
			continue
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil
		}
	}
}

func (h *Hub) send(r ledger.Record) {
	f := Build(r)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.position = r.Position
	if r.Public {
		h.public.Store(r.Position)
	}
	h.spread(f, !r.Public)
}

// spread hands a frame to the subscribers, or to staff alone. Called with mu held.
func (h *Hub) spread(f Frame, staff bool) {
	for s := range h.subs {
		if staff && !s.staff {
			continue
		}
		select {
		case s.frames <- f:
		default: // too slow: it comes back and is given what it missed
			delete(h.subs, s)
			close(s.frames)
		}
	}
}

// Nudge tells the open pages of staff that something changed which is no entry of the ledger, such as stories ("story.grouped").
// It is told now or never: a page that comes later shows it anyway.
func (h *Hub) Nudge(kind string) {
	f := Frame{-1, fmt.Appendf(nil, "event: entry\ndata: {\"kind\":%q}\n\n", kind)}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.spread(f, true)
}

func (h *Hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for s := range h.subs {
		delete(h.subs, s)
		close(s.frames)
	}
}

// Build makes the frame of a record: its kind, position and time, of a public one its thing too, never its body.
func Build(r ledger.Record) Frame {
	what := map[string]any{"kind": r.Kind, "position": r.Position, "at": r.At}
	if r.Public { // people of offices hear that something was done, not to what of another office
		what["thing"] = r.Thing
	}
	data, err := json.Marshal(what)
	if err != nil { // strings and numbers cannot fail
		data = []byte("{}")
	}
	return Frame{r.Position, fmt.Appendf(nil, "id: %d\nevent: entry\ndata: %s\n\n", r.Position, data)}
}

// join takes a subscriber and gives the position from which live frames follow; false when the hub is full or ended.
func (h *Hub) join(staff bool) (*subscriber, int64, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.subs) >= h.limit {
		return nil, 0, false
	}
	s := &subscriber{frames: make(chan Frame, maxWaiting), staff: staff}
	h.subs[s] = struct{}{}
	return s, h.position, true
}

// seat counts a stream of an address until leave; false when the address has too many. An address that is not known counts for none.
func (h *Hub) seat(a netip.Addr) (leave func(), ok bool) {
	if !a.IsValid() {
		return func() {}, true
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.from[a] >= maxOfOne {
		return nil, false
	}
	h.from[a]++
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.from[a]--; h.from[a] <= 0 {
			delete(h.from, a)
		}
	}, true
}

func (h *Hub) leave(s *subscriber) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subs, s)
}

// Subscribers gives the number of open streams.
func (h *Hub) Subscribers() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.subs)
}

// Position gives the position of the last entry sent: what a page that is rendered now is up to.
func (h *Hub) Position() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.position
}

// PublicPosition gives the position of the last public entry that was sent: while it stands, no public page has changed.
func (h *Hub) PublicPosition() int64 { return h.public.Load() }

// Register puts /live on a frame: what is public, for everybody.
func Register(f *frame.Frame, h *Hub) {
	f.Handle("GET /live", func(w http.ResponseWriter, r *frame.Request) error {
		h.Stream(w, r, false)
		return nil
	})
}

// Stream answers a subscriber; staff hear of private entries too, and the caller has asked whether they are. It never answers an error, since the first one would end some clients for good: when it
// cannot serve, it answers 200 with retry: and ends.
func (h *Hub) Stream(w http.ResponseWriter, r *frame.Request, staff bool) {
	head := w.Header()
	head.Set("Content-Type", "text/event-stream; charset=utf-8")
	head.Set("Cache-Control", "no-store")
	head.Set("X-Accel-Buffering", "no")
	c := http.NewResponseController(w)
	write := func(b []byte) bool {
		if err := c.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
			return false
		}
		if _, err := w.Write(b); err != nil {
			return false
		}
		return c.Flush() == nil
	}
	if !write(fmt.Appendf(nil, "retry: %d\n\n", retryAfter)) {
		return
	}
	leave, ok := h.seat(r.From)
	if !ok {
		return
	}
	defer leave()
	s, live, ok := h.join(staff)
	if !ok {
		return
	}
	defer h.leave(s)
	after, known := position(r.Request)
	if known && !h.replay(r.Context(), after, live, staff, write) {
		return
	}
	tick := time.NewTicker(beat)
	defer tick.Stop()
	end := time.NewTimer(staffFor)
	defer end.Stop()
	if !staff {
		end.Stop()
	}
	for {
		select {
		case <-end.C: // it comes back by itself and is asked again who it is
			return
		case f, ok := <-s.frames:
			if ok && known && f.Position >= 0 && f.Position <= after {
				continue // the page was rendered by a process that was ahead of this hub
			}
			if !ok || !write(f.Bytes) {
				return
			}
		case <-tick.C:
			if !write([]byte(": còn đây\n\n")) {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

// position gives what the client has: its Last-Event-ID, or the page's ?after=.
func position(r *http.Request) (int64, bool) {
	text := r.Header.Get("Last-Event-ID")
	if text == "" {
		text = r.URL.Query().Get("after")
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n >= -1
}

// maxReplay bounds what one client is given again; one that missed more is told that there is a gap and loads its page anew.
const maxReplay = 2000

func (h *Hub) replay(ctx context.Context, after, live int64, staff bool, write func([]byte) bool) bool {
	if live-after > maxReplay {
		if !write(fmt.Appendf(nil, "id: %d\nevent: gap\ndata: {}\n\n", live-maxReplay)) {
			return false
		}
		after = live - maxReplay
	}
	for after < live {
		list, err := h.ledger.After(ctx, after, 500)
		if err != nil || len(list) == 0 {
			return err == nil
		}
		for _, r := range list {
			if r.Position > live {
				return true
			}
			if (r.Public || staff) && !write(Build(r).Bytes) {
				return false
			}
			after = r.Position
		}
	}
	return true
}
