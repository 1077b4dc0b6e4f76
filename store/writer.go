package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/mattn/go-sqlite3"

	"khue/problem"
)

// maxBatch bounds the commands of one transaction, so that the first of them does not wait long for the last.
const maxBatch = 256

// member is one command waiting for the writer.
type member struct {
	ctx   context.Context
	fn    func(context.Context, *Tx) error
	err   error
	reply chan error // buffered: the writer never waits for a caller that left
}

// Tx is a running transaction. It belongs to the goroutine that runs the command.
type Tx struct {
	db   *DB
	conn *sql.Conn            // SQLite: the writer's connection
	prep map[string]*sql.Stmt // SQLite: prepared on conn
	pg   *sql.Tx              // PostgreSQL, or a read-only snapshot on either engine
}

// Engine gives the kind of database, for the few queries that differ.
func (tx *Tx) Engine() Engine { return tx.db.Engine }

func (tx *Tx) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := tx.prep[query]; ok {
		return s, nil
	}
	s, err := tx.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", firstLine(query), err)
	}
	tx.prep[query] = s
	return s, nil
}

// Exec runs a statement that gives no rows.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if tx.pg != nil {
		return tx.pg.ExecContext(ctx, tx.db.text(query), args...)
	}
	s, err := tx.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

// Query runs a query inside the transaction. The rows must be closed before the next statement.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if tx.pg != nil {
		return tx.pg.QueryContext(ctx, tx.db.text(query), args...)
	}
	s, err := tx.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// QueryRow runs a query for one row inside the transaction.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	if tx.pg != nil {
		return tx.pg.QueryRowContext(ctx, tx.db.text(query), args...)
	}
	s, err := tx.stmt(ctx, query)
	if err != nil {
		return tx.conn.QueryRowContext(ctx, query, args...) // gives the same error in Scan
	}
	return s.QueryRowContext(ctx, args...)
}

// ErrClosed is given to commands that come after Close.
var ErrClosed = errors.New("store: closed")

func (db *DB) enqueue(ctx context.Context, fn func(context.Context, *Tx) error) error {
	m := &member{ctx: ctx, fn: fn, reply: make(chan error, 1)}
	db.gate.RLock()
	if db.shut {
		db.gate.RUnlock()
		return ErrClosed
	}
	select {
	case db.queue <- m:
		db.gate.RUnlock()
	case <-ctx.Done():
		db.gate.RUnlock()
		return ctx.Err()
	}
	return <-m.reply
}

// runWriter owns the writing connection: it takes what waits, runs it as one transaction and answers.
func (db *DB) runWriter(ready chan<- error) {
	defer close(db.done)
	ctx := context.Background()
	conn, err := db.write.Conn(ctx)
	ready <- err
	if err != nil {
		return
	}
	defer conn.Close()
	tx := &Tx{db: db, conn: conn, prep: map[string]*sql.Stmt{}}
	defer func() {
		for _, s := range tx.prep {
			s.Close()
		}
	}()
	batch := make([]*member, 0, maxBatch)
	for m := range db.queue {
		batch = append(batch[:0], m)
	more:
		for len(batch) < maxBatch {
			select {
			case m, ok := <-db.queue:
				if !ok {
					break more
				}
				batch = append(batch, m)
			default:
				break more
			}
		}
		db.runBatch(ctx, tx, batch)
	}
}

// runBatch commits the members together; where the whole transaction was lost, each runs again alone, so that one member's fault is its own.
func (db *DB) runBatch(ctx context.Context, tx *Tx, batch []*member) {
	live := batch[:0]
	for _, m := range batch {
		if err := m.ctx.Err(); err != nil { // contexts stop at the queue
			m.reply <- err
			continue
		}
		live = append(live, m)
	}
	if len(live) == 0 {
		return
	}
	lost, err := db.tryBatch(ctx, tx, live)
	if lost && len(live) > 1 {
		for _, m := range live {
			one := []*member{m}
			if _, err := db.tryBatch(ctx, tx, one); err != nil {
				m.err = err
			}
		}
	} else if err != nil {
		for _, m := range live {
			m.err = err
		}
	}
	if db.after != nil {
		db.after()
	}
	for _, m := range live {
		m.reply <- m.err
	}
}

// tryBatch runs the members in one transaction. It gives lost = true when the transaction as a whole was undone; then no member has an effect.
// Without an error each member's own outcome stands in its err.
func (db *DB) tryBatch(ctx context.Context, tx *Tx, batch []*member) (lost bool, err error) {
	if _, err := tx.Exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return true, AsProblem(fmt.Errorf("begin: %w", err))
	}
	undo := func(err error) (bool, error) {
		if !tx.autoCommit() {
			if _, e := tx.Exec(ctx, "ROLLBACK"); e != nil {
				err = errors.Join(err, e)
			}
		}
		return true, AsProblem(err)
	}
	single := len(batch) == 1
	done := 0
	for _, m := range batch {
		m.err = nil
		if single {
			if m.err = safely(m.ctx, tx, m.fn); m.err != nil {
				_, err := undo(m.err)
				return true, err
			}
			done++
			continue
		}
		if _, err := tx.Exec(ctx, "SAVEPOINT member"); err != nil {
			return undo(err)
		}
		if m.err = safely(m.ctx, tx, m.fn); m.err != nil {
			m.err = AsProblem(m.err)
			// A full disk or an I/O fault rolls back the outer transaction behind our back: then nothing more may run here.
			if tx.autoCommit() {
				return true, m.err
			}
			if _, err := tx.Exec(ctx, "ROLLBACK TO member"); err != nil {
				return undo(err)
			}
		} else {
			done++
		}
		if _, err := tx.Exec(ctx, "RELEASE member"); err != nil {
			return undo(err)
		}
	}
	if done == 0 {
		_, err := tx.Exec(ctx, "ROLLBACK")
		return false, err
	}
	if db.beat != nil {
		if err := db.beat(ctx, tx); err != nil {
			return undo(fmt.Errorf("sequence: %w", err))
		}
	}
	if _, err := tx.Exec(ctx, "COMMIT"); err != nil {
		return undo(fmt.Errorf("commit: %w", err))
	}
	return false, nil
}

// autoCommit says whether no transaction is open on the connection.
func (tx *Tx) autoCommit() bool {
	auto := true
	err := tx.conn.Raw(func(c any) error {
		auto = c.(*sqlite3.SQLiteConn).AutoCommit()
		return nil
	})
	return err == nil && auto
}

// safely runs fn under a context that is not cancelled, and turns a panic into an error, so that it cannot stop the writer.
func safely(ctx context.Context, tx *Tx, fn func(context.Context, *Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a command: %v\n%s", p, debug.Stack())
		}
	}()
	return fn(context.WithoutCancel(ctx), tx)
}

// AsProblem turns a full or read-only disk into the problem that people see; other errors pass as they are.
func AsProblem(err error) error {
	var e sqlite3.Error
	if errors.As(err, &e) {
		switch e.Code {
		case sqlite3.ErrFull, sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrIoErr, sqlite3.ErrPerm:
			return problem.Wrap(err, problem.Full)
		}
	}
	return err
}

// IsUnique says whether err comes from a row that may stand only once.
func IsUnique(err error) bool {
	var e sqlite3.Error
	if errors.As(err, &e) {
		return e.ExtendedCode == sqlite3.ErrConstraintUnique || e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey
	}
	return err != nil && strings.Contains(err.Error(), "SQLSTATE 23505")
}
