package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
	_ "github.com/mattn/go-sqlite3"    // the "sqlite3" driver

	"khue/problem"
)

// Engine is a kind of database.
type Engine int

// The engines.
const (
	SQLite Engine = iota
	PostgreSQL
)

// String gives the engine's name as in settings: "sqlite" or "postgres".
func (e Engine) String() string {
	if e == PostgreSQL {
		return "postgres"
	}
	return "sqlite"
}

// Config says where the data lies.
type Config struct {
	// Database is a PostgreSQL address ("postgres://…"); empty means SQLite in File.
	Database string
	// File is the SQLite file's path; its folder must exist.
	File string
	// Readers is the number of reading connections; 0 means 4.
	Readers int
}

// Reader runs queries; a DB, a Tx and a snapshot of View are Readers.
type Reader interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row
}

// DB is an open database. Its methods may be called from many goroutines.
type DB struct {
	Engine Engine

	read  *sql.DB // readers' connections
	write *sql.DB // SQLite: one connection, owned by the writer; PostgreSQL: the same pool as read
	texts sync.Map
	stmts sync.Map // query → *sql.Stmt on read

	queue  chan *member
	done   chan struct{}
	closed sync.Once
	gate   sync.RWMutex                     // held for reading while a command is put into queue, for writing while it is closed
	shut   bool                             // guarded by gate
	beat   func(context.Context, *Tx) error // run by the writer before COMMIT (SQLite)
	after  func()                           // run after each commit
}

// Open opens the database and starts the writer. The schema is not touched: call Migrate.
func Open(ctx context.Context, c Config) (*DB, error) {
	if c.Readers == 0 {
		c.Readers = 4
	}
	if c.Database != "" {
		return openPostgres(ctx, c)
	}
	return openSQLite(ctx, c)
}

func openPostgres(ctx context.Context, c Config) (*DB, error) {
	pool, err := sql.Open("pgx", c.Database)
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL: %w", err)
	}
	pool.SetMaxOpenConns(max(c.Readers, 4) * 8)
	pool.SetMaxIdleConns(max(c.Readers, 4) * 8)
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach PostgreSQL: %w", err)
	}
	return &DB{Engine: PostgreSQL, read: pool, write: pool, done: make(chan struct{})}, nil
}

const pragmas = "_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000&_foreign_keys=on&_cache_size=-65536"

func openSQLite(ctx context.Context, c Config) (*DB, error) {
	if st, err := os.Stat(filepath.Dir(c.File)); err != nil || !st.IsDir() {
		return nil, problem.Wrap(fmt.Errorf("folder of %s: %w", c.File, errOr(err)), problem.Full)
	}
	if err := private(c.File); err != nil {
		return nil, problem.Wrap(fmt.Errorf("open %s: %w", c.File, err), problem.Full)
	}
	path := "file:" + strings.NewReplacer("?", "%3f", "#", "%23", "%", "%25").Replace(c.File)
	write, err := sql.Open("sqlite3", path+"?"+pragmas+"&_txlock=immediate")
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", c.File, err)
	}
	write.SetMaxOpenConns(1)
	if err := write.PingContext(ctx); err != nil {
		write.Close()
		return nil, AsProblem(fmt.Errorf("open %s: %w", c.File, err))
	}
	read, err := sql.Open("sqlite3", path+"?"+pragmas+"&_query_only=true")
	if err != nil {
		write.Close()
		return nil, fmt.Errorf("open %s: %w", c.File, err)
	}
	read.SetMaxOpenConns(c.Readers)
	read.SetMaxIdleConns(c.Readers)
	db := &DB{Engine: SQLite, read: read, write: write, queue: make(chan *member, 1024), done: make(chan struct{})}
	ready := make(chan error, 1)
	go db.runWriter(ready)
	if err := <-ready; err != nil {
		read.Close()
		write.Close()
		return nil, AsProblem(fmt.Errorf("open %s: %w", c.File, err))
	}
	return db, nil
}

// private makes the file, if it is not there, so that its owner alone reads it: askers' contacts lie in it. SQLite gives the files
// beside it the same rights.
func private(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	st, err := f.Stat()
	if err == nil && st.Mode().Perm()&0o077 != 0 {
		err = f.Chmod(0o600)
	}
	return errors.Join(err, f.Close())
}

func errOr(err error) error {
	if err == nil {
		return errors.New("not a folder")
	}
	return err
}

// BeforeCommit sets what the SQLite writer runs inside each batch's transaction before COMMIT: the ledger's sequencer.
// It is set once, before the first Write.
func (db *DB) BeforeCommit(fn func(context.Context, *Tx) error) { db.beat = fn }

// AfterCommit sets what is called after each committed transaction; it must not block. It is set once, before the first Write.
func (db *DB) AfterCommit(fn func()) { db.after = fn }

// Close waits for the writer's current batch and closes the database.
func (db *DB) Close() error {
	var err error
	db.closed.Do(func() {
		if db.queue != nil {
			db.gate.Lock()
			db.shut = true
			close(db.queue)
			db.gate.Unlock()
			<-db.done
		}
		db.stmts.Range(func(_, s any) bool { s.(*sql.Stmt).Close(); return true })
		err = db.read.Close()
		if db.write != db.read {
			err = errors.Join(err, db.write.Close())
		}
	})
	return err
}

// Write runs fn in a transaction: what it did is durable when Write gives nil, and gone when it gives an error.
//
// On SQLite fn runs on the writer's goroutine, possibly after other commands in the same transaction, and is run again when
// the batch it was in was lost through another's fault: fn must have no effect outside the transaction. ctx is checked before
// fn runs; once it runs it is finished.
func (db *DB) Write(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if db.Engine == PostgreSQL {
		return db.writePostgres(ctx, fn)
	}
	return db.enqueue(ctx, fn)
}

func (db *DB) writePostgres(ctx context.Context, fn func(context.Context, *Tx) error) error {
	// Contexts stop here: a command that was begun is finished.
	ctx = context.WithoutCancel(ctx)
	raw, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return AsProblem(err)
	}
	tx := &Tx{db: db, pg: raw}
	if err := safely(ctx, tx, fn); err != nil {
		return errors.Join(err, ignoreDone(raw.Rollback()))
	}
	if err := raw.Commit(); err != nil {
		return AsProblem(fmt.Errorf("commit: %w", err))
	}
	if db.after != nil {
		db.after()
	}
	return nil
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// Query runs a query on a reader's connection.
func (db *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := db.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// QueryRow runs a query for one row on a reader's connection.
func (db *DB) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := db.stmt(ctx, query)
	if err != nil {
		return db.read.QueryRowContext(ctx, db.text(query), args...) // gives the same error in Scan
	}
	return s.QueryRowContext(ctx, args...)
}

// stmt gives the prepared statement of a constant query.
func (db *DB) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := db.stmts.Load(query); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := db.read.PrepareContext(ctx, db.text(query))
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", firstLine(query), err)
	}
	if old, loaded := db.stmts.LoadOrStore(query, s); loaded {
		s.Close()
		return old.(*sql.Stmt), nil
	}
	return s, nil
}

// View runs fn on one snapshot of the data.
func (db *DB) View(ctx context.Context, fn func(r Reader) error) error {
	opt := &sql.TxOptions{ReadOnly: true}
	if db.Engine == PostgreSQL {
		opt.Isolation = sql.LevelRepeatableRead
	}
	raw, err := db.read.BeginTx(ctx, opt)
	if err != nil {
		return err
	}
	defer raw.Rollback() //nolint:errcheck // nothing to undo
	return fn(&Tx{db: db, pg: raw})
}

// text gives the query as the engine wants it; each text is rewritten once.
func (db *DB) text(query string) string {
	if db.Engine == SQLite {
		return query
	}
	if t, ok := db.texts.Load(query); ok {
		return t.(string)
	}
	t := Dollar(query)
	db.texts.Store(query, t)
	return t
}

// Dollar rewrites numbered places ?1 to $1, leaving text in quotes and comments alone.
func Dollar(query string) string {
	var b strings.Builder
	b.Grow(len(query))
	for i := 0; i < len(query); i++ {
		c := query[i]
		switch {
		case c == '\'' || c == '"':
			j := i + 1
			for j < len(query) && query[j] != c {
				j++
			}
			j = min(j, len(query)-1)
			b.WriteString(query[i : j+1])
			i = j
		case c == '-' && strings.HasPrefix(query[i:], "--"):
			j := strings.IndexByte(query[i:], '\n')
			if j < 0 {
				j = len(query) - i - 1
			}
			b.WriteString(query[i : i+j+1])
			i += j
		case c == '?' && i+1 < len(query) && query[i+1] >= '1' && query[i+1] <= '9':
			b.WriteByte('$')
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s
}

// Micros gives an instant as it is stored: microseconds since 1970 in UTC; 0 for the zero time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time gives a stored instant back in UTC; the zero time for 0.
func Time(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// Bool gives a boolean as it is stored: 1 or 0.
func Bool(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// Conn gives a connection of its own (PostgreSQL), for advisory locks. The caller closes it.
func (db *DB) Conn(ctx context.Context) (*sql.Conn, error) { return db.write.Conn(ctx) }
