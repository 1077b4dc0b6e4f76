package radar

import (
	"context"
	"errors"
	"fmt"
	"time"

	"khue/store"
)

const (
	// lettersAnHour bounds what one person is told by mail, and on the desk's notices, in an hour; what comes meanwhile waits and is told together.
	lettersAnHour = 6
	// letterHits is how many hits of a watch are named in a letter; the number of the others is told.
	letterHits = 20
)

// WatchLetter is what one person is told of what their watches found.
type WatchLetter struct {
	ID    string
	Owner string
	Mail  bool // by mail; else on the desk alone
	Lost  bool // the owner may not see stories any more: nothing is to be told
	Parts []WatchPart
}

// WatchPart is what one watch found.
type WatchPart struct {
	Watch Watch
	Hits  []WatchHit // the first of them
	Count int
	last  int64
}

// DueWatchLetters gives what is to be told now: each person's watches together, those whose hour has come, as long as the person was not
// told too often. Who tells it calls NoteTold in the same transaction.
func (r *Room) DueWatchLetters(ctx context.Context) ([]WatchLetter, error) {
	now := r.now()
	parts, err := r.untold(ctx, now)
	if err != nil {
		return nil, err
	}
	type ear struct {
		owner string
		mail  bool
	}
	at := map[ear]int{}
	var list []WatchLetter
	for _, p := range parts {
		e := ear{p.Watch.Owner, p.Watch.Mail}
		i, ok := at[e]
		if !ok {
			var n int
			if err := r.db.QueryRow(ctx, sqlLettersSince, e.owner, store.Bool(e.mail), store.Micros(now.Add(-time.Hour))).Scan(&n); err != nil {
				return nil, err
			}
			if i = len(list); n >= lettersAnHour {
				i = -1
			} else {
				list = append(list, WatchLetter{Owner: e.owner, Mail: e.mail, Lost: !r.reads(ctx, e.owner), ID: fmt.Sprintf("watch/%s/%d", p.Watch.ID, p.last)})
			}
			at[e] = i
		}
		if i < 0 {
			continue
		}
		if p.Hits, err = r.readHits(ctx, p.Watch, sqlHitsAfter, p.Watch.told, letterHits); err != nil {
			return nil, err
		}
		list[i].Parts = append(list[i].Parts, p)
	}
	return list, nil
}

// untold gives the watches that have found something whose time to be told has come.
func (r *Room) untold(ctx context.Context, now time.Time) ([]WatchPart, error) {
	type waiting struct {
		id     string
		oldest int64
		part   WatchPart
	}
	rows, err := r.db.Query(ctx, sqlUntold)
	all, err := store.All(rows, err, func(row store.Row) (w waiting, err error) {
		err = row.Scan(&w.id, &w.oldest, &w.part.last, &w.part.Count)
		return w, err
	})
	if err != nil {
		return nil, err
	}
	var list []WatchPart
	for _, w := range all {
		if w.part.Watch, err = scanWatch(r.db.QueryRow(ctx, sqlWatch, w.id)); err != nil {
			return nil, err
		}
		if w.part.Watch.Pace.due(store.Time(w.oldest), now) {
			list = append(list, w.part)
		}
	}
	return list, nil
}

// ErrTold says that another process has told a letter's hits meanwhile; the transaction is to be undone.
var ErrTold = errors.New("radar: the hits were told already")

// NoteTold notes in the caller's transaction that a letter goes out: its hits are told once.
func (r *Room) NoteTold(ctx context.Context, tx *store.Tx, l WatchLetter) error {
	for _, p := range l.Parts {
		res, err := tx.Exec(ctx, sqlTold, p.last, p.Watch.ID, p.Watch.told)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return errors.Join(ErrTold, err)
		}
	}
	if l.Lost {
		return nil
	}
	_, err := tx.Exec(ctx, sqlInsertLetter, l.ID, l.Owner, store.Bool(l.Mail), store.Micros(r.now()))
	return err
}
