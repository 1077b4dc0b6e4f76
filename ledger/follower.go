package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"khue/store"
)

// followBatch is the number of entries read at once.
const followBatch = 500

const (
	sqlRecords = `SELECT id, position, kind, version, public, actor, thing, body, at FROM ledger_entry
WHERE position > ?1 AND position < ?2 ORDER BY position LIMIT ?3`
	sqlRecordByID    = `SELECT id, position, kind, version, public, actor, thing, body, at FROM ledger_entry WHERE id = ?1`
	sqlThingRecords  = `SELECT id, position, kind, version, public, actor, thing, body, at FROM ledger_entry WHERE thing = ?1 ORDER BY seq`
	sqlLastRecords   = `SELECT id, position, kind, version, public, actor, thing, body, at FROM ledger_entry WHERE position < ?1 ORDER BY position DESC LIMIT ?2`
	sqlFollower      = `SELECT position FROM follower WHERE name = ?1`
	sqlNewFollower   = `INSERT INTO follower (name, position, at) VALUES (?1, -1, ?2) ON CONFLICT (name) DO NOTHING`
	sqlMoveFollower  = `UPDATE follower SET position = ?1, at = ?2 WHERE name = ?3 AND position = ?4`
	sqlAllFollowers  = `SELECT name, position, at FROM follower ORDER BY name`
	followRetryAfter = time.Second
)

// ErrGap says that a follower met a hole in the positions; it stops, since to go on would lose an entry.
var ErrGap = errors.New("ledger: gap in the positions")

func scanRecord(row interface{ Scan(...any) error }) (Record, error) {
	var r Record
	var pos sql.NullInt64
	var body sql.NullString
	var public, at int64
	if err := row.Scan(&r.ID, &pos, &r.Kind, &r.Version, &public, &r.Actor, &r.Thing, &body, &at); err != nil {
		return Record{}, err
	}
	r.Position = -1
	if pos.Valid {
		r.Position = pos.Int64
	}
	r.Public, r.At = public == 1, store.Time(at)
	if body.Valid {
		r.Body = []byte(body.String)
	}
	return r, nil
}

func scanRecords(rows *sql.Rows, err error) ([]Record, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Record
	for rows.Next() {
		r, err := scanRecord(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// After gives up to limit records after a position (-1 for the beginning), in order.
func (l *Ledger) After(ctx context.Context, position int64, limit int) ([]Record, error) {
	return scanRecords(l.db.Query(ctx, sqlRecords, position, l.size.Load(), limit))
}

// Before gives up to limit records before a position, the newest first.
func (l *Ledger) Before(ctx context.Context, position int64, limit int) ([]Record, error) {
	return scanRecords(l.db.Query(ctx, sqlLastRecords, position, limit))
}

// Of gives every record about a thing, in order: its history.
func (l *Ledger) Of(ctx context.Context, thing string) ([]Record, error) {
	return scanRecords(l.db.Query(ctx, sqlThingRecords, thing))
}

// Record gives the entry with an id; sql.ErrNoRows when there is none.
func (l *Ledger) Record(ctx context.Context, id string) (Record, error) {
	return scanRecord(l.db.QueryRow(ctx, sqlRecordByID, id))
}

// Follow hands each record in order to apply, which does its effect in the transaction that also moves the follower's
// cursor: a crash repeats nothing and loses nothing. It starts at the stored cursor, waits for new entries and ends when
// ctx ends or at a gap. After an error of apply it tries the same record again. Several processes may follow under one name: each
// record is applied by one of them.
func (l *Ledger) Follow(ctx context.Context, name string, apply func(context.Context, *store.Tx, Record) error) error {
	err := l.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sqlNewFollower, name, store.Micros(l.now()))
		return err
	})
	if err != nil {
		return fmt.Errorf("follower %s: %w", name, err)
	}
	for {
		changed := l.Changed()
		n, err := l.followOnce(ctx, name, apply)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, ErrGap):
			return fmt.Errorf("follower %s: %w", name, err)
		case errors.Is(err, errMoved): // another process was first: what it did is done, go on after it
		case err != nil:
			l.log.Error("ledger: follower tries again", "follower", name, "err", err)
			select {
			case <-time.After(followRetryAfter):
			case <-ctx.Done():
				return ctx.Err()
			}
		case n == 0:
			select {
			case <-changed:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}

// followOnce applies one batch in one transaction and gives the number of its records.
func (l *Ledger) followOnce(ctx context.Context, name string, apply func(context.Context, *store.Tx, Record) error) (int, error) {
	var cursor int64
	if err := l.db.QueryRow(ctx, sqlFollower, name).Scan(&cursor); err != nil {
		return 0, err
	}
	list, err := l.After(ctx, cursor, followBatch)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	for i, r := range list {
		if r.Position != cursor+1+int64(i) {
			return 0, fmt.Errorf("%w: after %d comes %d", ErrGap, cursor+int64(i), r.Position)
		}
	}
	last := list[len(list)-1].Position
	err = l.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, r := range list {
			if err := apply(ctx, tx, r); err != nil {
				return fmt.Errorf("%s at %d: %w", r.Kind, r.Position, err)
			}
		}
		res, err := tx.Exec(ctx, sqlMoveFollower, last, store.Micros(l.now()), name, cursor)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return errors.Join(err, errMoved)
		}
		return nil
	})
	return len(list), err
}

// errMoved says that another process moved the follower's cursor; what was done in its transaction is undone.
var errMoved = errors.New("ledger: another process moved the follower's cursor")

// FollowerState is a follower's place in the log, for health pages.
type FollowerState struct {
	Name     string
	Position int64 // of the last record applied, -1 before the first
	At       time.Time
}

// Followers gives every follower's state.
func (l *Ledger) Followers(ctx context.Context) ([]FollowerState, error) {
	rows, err := l.db.Query(ctx, sqlAllFollowers)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []FollowerState
	for rows.Next() {
		var f FollowerState
		var at int64
		if err := rows.Scan(&f.Name, &f.Position, &at); err != nil {
			return nil, err
		}
		f.At = store.Time(at)
		list = append(list, f)
	}
	return list, rows.Err()
}
