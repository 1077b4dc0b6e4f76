package radar

import (
	"context"
	"database/sql"
	"errors"

	"khue/radar/watch"
	"khue/store"
)

// watchBook is every active watch compiled for one scan of a mention. It is owned by who groups.
type watchBook struct {
	version int64 // of the watches
	book    *watch.Book
	ids     []string // by place in the book
}

// watchHit is a mention that a watch asked for.
type watchHit struct {
	watch   string
	n       int64 // the mention's place in the order of grouping
	mention string
}

// readBook compiles the watches anew when they have changed.
func (r *Room) readBook(ctx context.Context, b *watchBook) (*watchBook, error) {
	var version int64
	if err := r.db.QueryRow(ctx, sqlCounter, watchCounter).Scan(&version); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return b, err
	}
	if b != nil && b.version == version {
		return b, nil
	}
	rows, err := r.db.Query(ctx, sqlActiveQueries)
	if err != nil {
		return b, err
	}
	defer rows.Close()
	next := &watchBook{version: version}
	var queries []*watch.Query
	for rows.Next() {
		var id, text string
		if err := rows.Scan(&id, &text); err != nil {
			return b, err
		}
		q, bad := parseWatch(text)
		if bad != nil { // written by a version that understood it
			r.log.Warn("radar: a watch cannot be read", "watch", id, "err", bad)
			continue
		}
		next.ids, queries = append(next.ids, id), append(queries, q)
	}
	next.book = watch.Compile(queries)
	return next, rows.Err()
}

// hold holds mentions against every watch, each once: what is read again after a start was held before.
func (r *Room) hold(ctx context.Context, g *group, list []placed) ([]watchHit, error) {
	if len(list) == 0 {
		return nil, nil
	}
	b, err := r.readBook(ctx, g.book)
	if err != nil {
		return nil, err
	}
	g.book = b
	var hits []watchHit
	for _, p := range list {
		b.book.Scan(func(m watch.Match) { hits = append(hits, watchHit{b.ids[m.Query], p.ready, p.ID}) }, p.Title, p.Text)
	}
	return hits, nil
}

func (r *Room) insertHits(ctx context.Context, tx *store.Tx, hits []watchHit) error {
	at := store.Micros(r.now())
	for _, h := range hits {
		if _, err := tx.Exec(ctx, sqlInsertHit, h.watch, h.n, h.mention, at); err != nil {
			return err
		}
	}
	return nil
}

// found wakes those who tell what the watches found.
func (r *Room) found() {
	for _, wake := range []chan struct{}{r.wake[hookQueue], r.hits} {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}

// Hits is told when a watch has found something: one who tells people waits for it. Several wake-ups may come as one.
func (r *Room) Hits() <-chan struct{} { return r.hits }
