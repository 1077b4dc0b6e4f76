package radar

import (
	"context"
	"errors"
	"strings"
	"time"

	"khue/radar/fetch"
	"khue/store"
	"khue/text"
	"khue/text/extract"
)

const (
	// maxTries is how often an article is asked for before the feed's own words stand for it.
	maxTries = 3
	// tryAfter is the wait before the second try; it is doubled for the third.
	tryAfter = 10 * time.Minute
)

// ReadDue gets the text of articles that wait for it, and gives how many there were.
func (r *Room) ReadDue(ctx context.Context) (int, error) { return r.readDue(ctx, visitors) }

func (r *Room) readDue(ctx context.Context, width int) (int, error) {
	rows, err := r.db.Query(ctx, sqlWaiting, store.Micros(r.now()), articleBatch)
	list, err := store.All(rows, err, func(s store.Row) (Mention, error) { return scanMention(s) })
	if err != nil {
		return 0, err
	}
	faults := make(chan error, len(list))
	each(list, width, func(m Mention) {
		if err := r.read(ctx, m); err != nil {
			faults <- err
		}
	})
	close(faults)
	if len(list) > 0 {
		r.poke()
	}
	return len(list), <-faults
}

// read gets one article. One that cannot be had is tried again, and at last stands with what its feed said.
func (r *Room) read(ctx context.Context, m Mention) error {
	resp, err := r.fetch.Get(ctx, fetch.Request{URL: m.URL, Accept: "text/html, application/xhtml+xml"})
	if err != nil {
		return r.unread(ctx, m, err)
	}
	a, err := extract.Article(resp.Body, resp.URL)
	if err != nil {
		return r.unread(ctx, m, &fetch.Fault{Kind: fetch.Broken, Err: err})
	}
	if body := strings.TrimSpace(a.Text); len(body) > len(m.Text) {
		m.Text = text.Cut(body, maxText)
	}
	if m.Title == "" {
		m.Title = text.Cut(a.Title, 500)
	}
	if m.Clamped {
		if at, clamped := timeOf(a.Published, m.Seen); !clamped {
			m.Published, m.Clamped = at, false
		}
	}
	m.Lang = string(text.GuessLanguage(m.Title + "\n" + m.Text))
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		ready, err := nextReady(ctx, tx)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlGotText, m.Title, m.Text, m.Lang, store.Micros(m.Published), store.Bool(m.Clamped), ready, m.ID)
		return err
	})
}

func (r *Room) unread(ctx context.Context, m Mention, cause error) error {
	var f *fetch.Fault
	final := errors.As(cause, &f) && (f.Kind == fetch.Robots || f.Kind == fetch.Private || f.Kind == fetch.BadAddress || f.Kind == fetch.TooLarge)
	if f != nil && f.Kind == fetch.Cancelled {
		return ctx.Err()
	}
	now := r.now()
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var tries int
		if err := tx.QueryRow(ctx, sqlTries, m.ID).Scan(&tries); err != nil {
			return err
		}
		if final || tries+1 >= maxTries {
			if m.Title == "" && m.Text == "" { // an address alone: only a person can say what stands there
				_, err := tx.Exec(ctx, sqlPark, never, m.ID)
				return err
			}
			ready, err := nextReady(ctx, tx)
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, sqlNoText, ready, m.ID)
			return err
		}
		wait := tryAfter << tries
		if f != nil {
			wait = max(wait, f.After)
		}
		_, err := tx.Exec(ctx, sqlTryAgain, store.Micros(now.Add(wait)), m.ID)
		return err
	})
}
