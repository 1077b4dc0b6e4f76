package radar

import (
	"context"
	"time"
)

const (
	// lockKey is the advisory lock of the one process that listens for a PostgreSQL database: "rada" in ASCII.
	lockKey = 0x72616461
	// standBy is how often a process that stands by tries to listen, and one that listens looks whether it still may.
	standBy = 20 * time.Second
)

// alone listens while this process holds the lock. The lock is on a connection of its own: when that is lost, so is the lock, and
// another process takes over.
func (r *Room) alone(ctx context.Context) error {
	conn, err := r.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	var ok bool
	if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", lockKey).Scan(&ok); err != nil || !ok {
		return err
	}
	// The pool must not hand the session on with the lock.
	defer conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", lockKey) //nolint:errcheck // a lost connection has no lock
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- r.listen(ctx) }()
	for {
		wait(ctx, standBy)
		if ctx.Err() == nil {
			if err := conn.PingContext(ctx); err == nil {
				continue
			}
		}
		stop()
		err := <-done
		r.group = nil // another process may group from here on
		return err
	}
}

// wait waits, or until ctx ends.
func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
