package ledger

import (
	"context"
	"database/sql"

	"khue/store"
)

// lockKey is the advisory lock of the one sequencer of a PostgreSQL database: "khue" in ASCII.
const lockKey = 0x6b687565

// leader holds the advisory lock on a connection of its own; when the connection is lost, so is the lock, and another node
// takes over. Owned by Run's goroutine.
type leader struct {
	db   *store.DB
	conn *sql.Conn
}

func newLeader(db *store.DB) *leader { return &leader{db: db} }

// hold says whether this node is the sequencer, trying to become it.
func (l *leader) hold(ctx context.Context) (bool, error) {
	if l.conn != nil {
		if err := l.conn.PingContext(ctx); err == nil {
			return true, nil
		}
		l.close()
	}
	conn, err := l.db.Conn(ctx)
	if err != nil {
		return false, err
	}
	var ok bool
	if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", lockKey).Scan(&ok); err != nil || !ok {
		conn.Close()
		return false, err
	}
	l.conn = conn
	return true, nil
}

func (l *leader) close() {
	if l.conn != nil {
		// The pool must not hand the session on with the lock.
		l.conn.ExecContext(context.Background(), "SELECT pg_advisory_unlock($1)", lockKey) //nolint:errcheck // a lost connection has no lock
		l.conn.Close()
		l.conn = nil
	}
}
