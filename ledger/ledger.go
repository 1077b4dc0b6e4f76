package ledger

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/note"

	"khue/store"
)

// Config is what a ledger needs beside the database.
type Config struct {
	Origin string           // "HOST/log"; ASCII without space or plus, fixed when the log is made
	Key    string           // the log's private key, as note.GenerateKey writes it; its name is Origin
	Now    func() time.Time // the clock
	Log    *slog.Logger     // nil: slog.Default
}

// Ledger is the log of one database. Its methods may be called from many goroutines.
type Ledger struct {
	db     *store.DB
	origin string
	signer note.Signer
	verify note.Verifier
	vkey   string
	now    func() time.Time
	log    *slog.Logger

	wake     chan struct{} // to the sequencer (PostgreSQL) and the signer
	size     atomic.Int64  // of the last committed head this process knows
	signed   atomic.Int64  // size of the last checkpoint stored
	mu       sync.Mutex
	moved    chan struct{} // closed and replaced when size or signed grow; guarded by mu
	lastSign time.Time     // owned by Run
	looked   int64         // below it stands no public entry that waits for a checkpoint, so that none is looked at twice; owned by Run
}

// NewKey makes a log's key pair for an origin: the private form for Config.Key and the public form that verifiers use.
func NewKey(origin string) (private, public string, err error) {
	if err := checkOrigin(origin); err != nil {
		return "", "", err
	}
	return note.GenerateKey(rand.Reader, origin)
}

func checkOrigin(origin string) error {
	if origin == "" || strings.ContainsAny(origin, " +\n\t") {
		return fmt.Errorf("ledger: origin %q must be ASCII without space or plus", origin)
	}
	for _, r := range origin {
		if r > 126 || r < 33 {
			return fmt.Errorf("ledger: origin %q must be ASCII without space or plus", origin)
		}
	}
	return nil
}

// Open binds a ledger to a migrated database. On SQLite it makes the store's writer sequence each batch.
// The caller runs Run until the end.
func Open(ctx context.Context, db *store.DB, c Config) (*Ledger, error) {
	if err := checkOrigin(c.Origin); err != nil {
		return nil, err
	}
	signer, err := note.NewSigner(strings.TrimSpace(c.Key))
	if err != nil {
		return nil, fmt.Errorf("ledger: key: %w", err)
	}
	if signer.Name() != c.Origin {
		return nil, fmt.Errorf("ledger: the key is for %q, the log for %q; restore the key that belongs to this data", signer.Name(), c.Origin)
	}
	vkey, err := PublicKeyOf(c.Key)
	if err != nil {
		return nil, err
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, fmt.Errorf("ledger: key: %w", err)
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	l := &Ledger{
		db: db, origin: c.Origin, signer: signer, verify: verifier, vkey: vkey, now: c.Now, log: c.Log,
		wake: make(chan struct{}, 1), moved: make(chan struct{}),
	}
	err = db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		h, err := readHead(ctx, tx)
		if errors.Is(err, sql.ErrNoRows) {
			return insertHead(ctx, tx)
		}
		if err == nil {
			l.size.Store(h.edge.Size)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("ledger: open: %w", err)
	}
	var signed sql.NullInt64
	if err := db.QueryRow(ctx, sqlLastCheckpointSize).Scan(&signed); err != nil {
		return nil, fmt.Errorf("ledger: open: %w", err)
	}
	l.signed.Store(signed.Int64)
	if db.Engine == store.SQLite {
		db.BeforeCommit(l.sequenceInBatch)
	}
	db.AfterCommit(l.poke)
	return l, nil
}

// Origin gives the log's name.
func (l *Ledger) Origin() string { return l.origin }

// PublicKey gives the log's verifier key in the form of signed-note.
func (l *Ledger) PublicKey() string { return l.vkey }

// Size gives the number of sequenced entries that this process knows of.
func (l *Ledger) Size() int64 { return l.size.Load() }

// poke wakes the sequencer and the signer; it never blocks.
func (l *Ledger) poke() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
	if l.db.Engine == store.SQLite {
		l.announce()
	}
}

// announce wakes everybody who waits in Changed.
func (l *Ledger) announce() {
	l.mu.Lock()
	close(l.moved)
	l.moved = make(chan struct{})
	l.mu.Unlock()
}

// Changed gives a channel that is closed when the log has grown or a checkpoint was signed after this call.
func (l *Ledger) Changed() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.moved
}

// Await waits until an entry has its position.
func (l *Ledger) Await(ctx context.Context, id string) (int64, error) {
	for {
		changed := l.Changed()
		var pos sql.NullInt64
		err := l.db.QueryRow(ctx, sqlPositionOf, id).Scan(&pos)
		if err != nil {
			return 0, fmt.Errorf("ledger: await %s: %w", id, err)
		}
		if pos.Valid {
			return pos.Int64, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// LoadOrMakeKey reads the log's private key from a file, or makes one for the origin and writes it (mode 0600) when there is none.
func LoadOrMakeKey(path, origin string) (string, error) {
	data, err := os.ReadFile(path)
	if err == nil {
		return string(data), nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	private, _, err := NewKey(origin)
	if err != nil {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(private + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", err
	}
	return private, nil
}
