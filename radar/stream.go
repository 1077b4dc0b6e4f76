package radar

import (
	"context"
	"errors"
	"strconv"
	"time"

	"khue/radar/feed"
	"khue/radar/fetch"
	"khue/radar/social"
	"khue/store"
)

const (
	// streams is how many streams are heard at once.
	streams = 8
	// streamFor is how long a stream is heard before it is opened anew: then a change of its filter or state counts.
	streamFor = time.Minute
	// streamOver ends a stream that is behind and stays so.
	streamOver = 5 * time.Minute
	// streamFlush is how many posts are kept in one transaction, and streamEvery how long they wait for it.
	streamFlush = 200
	streamEvery = 5 * time.Second
	// streamMost bounds the posts that one hearing takes in: a filter that catches more is too wide, and says so.
	streamMost = 3000
	// streamBack is how far before the last event a stream begins again: what comes twice is dropped (Jetstream README).
	streamBack = 5 * time.Second
	// streamOld is how far back a stream is asked for at most; what was longer ago is a gap.
	streamOld = 24 * time.Hour
)

// tooWide is the kind of fault of a stream whose filter catches more than is taken in.
const tooWide fetch.Kind = "too-wide"

// hearStreams hears the streams whose time has come, each until it has caught up with the present and then for hold longer. It gives
// their number.
func (r *Room) hearStreams(ctx context.Context, hold time.Duration) (int, error) {
	rows, err := r.db.Query(ctx, sqlDueStreams, store.Micros(r.now()), streams)
	list, err := store.All(rows, err, scanSource)
	if err != nil {
		return 0, err
	}
	faults := make(chan error, len(list))
	each(list, streams, func(s Source) {
		if err := r.hearStream(ctx, s, hold); err != nil {
			faults <- err
		}
	})
	close(faults)
	return len(list), <-faults
}

// listener is one opening of a stream.
type listener struct {
	r     *Room
	s     Source
	place int64 // of the last event that was seen, in microseconds of Unix time
	held  []fresh
	taken int
	wide  bool
	last  time.Time // of the last flush
}

// hearStream opens a stream where it ended last and keeps what is wanted of it, together with its place.
func (r *Room) hearStream(ctx context.Context, s Source, hold time.Duration) error {
	if s.Settings.Filter == nil {
		return r.visitFailed(ctx, s, &fetch.Fault{Kind: tooWide})
	}
	m, err := s.Settings.Filter.Compile()
	if err != nil {
		return r.visitFailed(ctx, s, &fetch.Fault{Kind: tooWide, Err: err})
	}
	began := r.now()
	h := &listener{r: r, s: s, last: began}
	h.place, _ = strconv.ParseInt(s.ETag, 10, 64) // none yet is 0
	from := int64(0)
	if h.place > 0 {
		from = max(h.place, began.Add(-streamOld).UnixMicro()) - streamBack.Microseconds()
	}
	address, err := m.Subscribe(s.Address, from)
	if err != nil {
		return r.visitFailed(ctx, s, &fetch.Fault{Kind: fetch.BadAddress, Err: err})
	}
	stream, err := r.fetch.Stream(ctx, address)
	if err != nil {
		return r.visitFailed(ctx, s, err)
	}
	defer stream.Close() //nolint:errcheck // what was heard is kept; nothing is owed to the other side
	err = h.listen(ctx, stream, m, began, hold)
	// What was heard is kept, whatever ended the hearing.
	keep := context.WithoutCancel(ctx)
	if e := h.flush(keep); e != nil {
		return e
	}
	var f *fetch.Fault
	switch {
	case errors.As(err, &f) && f.Kind == fetch.Cancelled:
		return nil
	case err != nil:
		return r.visitFailed(ctx, s, err)
	case h.wide:
		return r.visitFailed(ctx, s, &fetch.Fault{Kind: tooWide})
	}
	return h.end(keep)
}

// listen reads until the stream has caught up with the moment at which it was opened and hold has passed since.
func (h *listener) listen(ctx context.Context, stream *fetch.Stream, m *social.Matcher, began time.Time, hold time.Duration) error {
	reading, cancel := context.WithTimeout(ctx, hold+streamOver)
	defer cancel()
	caught := false
	for {
		data, ended, err := stream.Read(reading)
		if err != nil {
			var f *fetch.Fault
			if errors.As(err, &f) && f.Kind == fetch.Timeout { // a quiet network, or we are behind: in any case it goes on from here
				return nil
			}
			return err
		}
		if ended {
			return nil
		}
		e := m.Event(data)
		if e.Cursor == 0 {
			continue
		}
		h.place = max(h.place, e.Cursor)
		if e.Wanted {
			if err := h.take(ctx, e); err != nil {
				return err
			}
			if h.wide {
				return nil
			}
		}
		if len(h.held) > 0 && h.r.now().Sub(h.last) >= streamEvery {
			if err := h.flush(ctx); err != nil {
				return err
			}
		}
		if !caught && e.Cursor >= began.UnixMicro() {
			caught = true
			if hold <= 0 {
				return nil
			}
			var stop context.CancelFunc
			reading, stop = context.WithTimeout(reading, hold)
			defer stop() // once: only the event that catches up comes here
		}
	}
}

func (h *listener) take(ctx context.Context, e social.Event) error {
	if h.taken++; h.taken > streamMost {
		h.wide = true
		return nil
	}
	if f, ok := mentionFor(h.s, &e.Item, h.r.now()); ok {
		h.held = append(h.held, f)
	}
	if len(h.held) >= streamFlush {
		return h.flush(ctx)
	}
	return nil
}

// flush keeps the posts and the stream's place in one transaction.
func (h *listener) flush(ctx context.Context) error {
	now := h.r.now()
	h.last = now
	if h.place <= 0 {
		return nil
	}
	held := h.held
	err := h.r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := insertMentions(ctx, tx, held); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlStreamPlace, strconv.FormatInt(h.place, 10), store.Micros(now), h.s.ID)
		return err
	})
	if err != nil {
		return err
	}
	if len(held) > 0 {
		h.r.poke()
	}
	h.held = h.held[:0]
	return nil
}

// end notes that the stream was heard well; it is opened again a moment later.
func (h *listener) end(ctx context.Context) error {
	now := h.r.now()
	return h.r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sqlStreamed, strconv.FormatInt(h.place, 10), store.Micros(now.Add(streamBack)), store.Micros(now), h.s.ID)
		return err
	})
}

// came notes that something came by itself: pushed, uploaded or written down.
func (r *Room) came(ctx context.Context, tx *store.Tx, source string) error {
	_, err := tx.Exec(ctx, sqlCame, store.Micros(r.now()), source)
	return err
}

// entriesOf makes mentions of entries; those that say nothing are left out.
func (r *Room) entriesOf(s Source, items []feed.Item) []fresh {
	now := r.now()
	out := make([]fresh, 0, len(items))
	for i := range items {
		if m, ok := mentionFor(s, &items[i], now); ok {
			out = append(out, m)
		}
	}
	return out
}
