package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"khue/internal/testkit"
	"khue/ledger"
	"khue/media"
	"khue/regulation"
	"khue/release"
	"khue/store"
	"khue/store/storetest"
)

const (
	// clients is the number of people who act at once.
	clients = 64
	// short runs keep the machine usable for others.
	runFor = 1500 * time.Millisecond
)

func storeBenchmarks() []benchmark {
	return []benchmark{
		{
			name: "sqlite/approval", peer: "database/sql, one transaction each",
			figures: []figure{{"rate", "1/s", atLeast(15000)}, {"p50", "ms", told}, {"p99", "ms", atMost(10)}, {"cpu", "µs each", told}},
			prepare: func(s *stage) (func() (figures, error), func() (figures, error), error) {
				l := newLog(s, storetest.SQLite(s))
				return l.approvals(false), plainSQLite(s, sqlApprove, sqlPlainEntry), nil
			},
		},
		{
			name: "sqlite/edit", peer: "database/sql, one transaction each",
			figures: []figure{{"rate", "1/s", atLeast(8000)}, {"p50", "ms", told}, {"p99", "ms", atMost(20)}, {"cpu", "µs each", told}},
			prepare: func(s *stage) (func() (figures, error), func() (figures, error), error) {
				l := newLog(s, storetest.SQLite(s))
				return l.edits(), plainSQLite(s, sqlEdit, sqlVersion, sqlPlainEntry), nil
			},
		},
		{
			name:    "postgres/acknowledged",
			figures: []figure{{"rate", "1/s", atLeast(1500)}, {"p50", "ms", atMost(20)}, {"p99", "ms", told}},
			prepare: func(s *stage) (func() (figures, error), func() (figures, error), error) {
				l := newLog(s, storetest.Postgres(s))
				return l.approvals(true), nil, nil
			},
		},
		{
			name:    "release/approve",
			figures: []figure{{"rate", "1/s", told}, {"p50", "ms", told}, {"p99", "ms", told}},
			prepare: func(s *stage) (func() (figures, error), func() (figures, error), error) {
				return releases(s, true), nil, nil
			},
		},
		{
			name:    "release/edit",
			figures: []figure{{"rate", "1/s", told}, {"p50", "ms", told}, {"p99", "ms", told}},
			prepare: func(s *stage) (func() (figures, error), func() (figures, error), error) {
				return releases(s, false), nil, nil
			},
		},
	}
}

// crowd runs act from all clients for the time of a run and gives rate (1/s), p50 and p99 (ms). act is given a number that never repeats.
func crowd(n int, act func(i int) error) (figures, error) {
	var next atomic.Int64
	var all sync.WaitGroup
	took := make([][]time.Duration, n)
	faults := make(chan error, n)
	start, busy := time.Now(), cpu()
	for c := range n {
		all.Go(func() {
			for time.Since(start) < runFor {
				at := time.Now()
				if err := act(int(next.Add(1))); err != nil {
					faults <- err
					return
				}
				took[c] = append(took[c], time.Since(at))
			}
		})
	}
	all.Wait()
	whole := time.Since(start)
	select {
	case err := <-faults:
		return nil, err
	default:
	}
	f := spread(slices.Concat(took...), whole)
	f["cpu"] = float64((cpu() - busy).Microseconds()) / max(1, f["rate"]*whole.Seconds())
	return f, nil
}

func spread(took []time.Duration, whole time.Duration) figures {
	if len(took) == 0 {
		return figures{}
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return figures{"rate": float64(len(took)) / whole.Seconds(), "p50": ms(took[len(took)/2]), "p99": ms(took[len(took)*99/100])}
}

const things = 5000

const (
	sqlThings     = `CREATE TABLE bench_thing (id BIGINT PRIMARY KEY, state TEXT NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL)`
	sqlVersions   = `CREATE TABLE bench_version (thing BIGINT NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (thing, version))`
	sqlThing      = `INSERT INTO bench_thing (id, state, version, body) VALUES (?1, 'waiting', 0, ?2)`
	sqlVersionOf  = `SELECT version FROM bench_thing WHERE id = ?1`
	sqlApprove    = `UPDATE bench_thing SET state = 'approved', version = version + 1 WHERE id = ?1`
	sqlEdit       = `UPDATE bench_thing SET version = version + 1, body = ?2 WHERE id = ?1`
	sqlVersion    = `INSERT INTO bench_version (thing, version, body) SELECT id, version, body FROM bench_thing WHERE id = ?1`
	sqlPlainEntry = `INSERT INTO bench_entry (thing, body) VALUES (?1, ?2)`
)

// oneKB is a body of about 1 KB.
var oneKB = strings.Repeat("Một câu về nước máy. ", 40)

// log is a database with things in it and a running ledger.
type log struct {
	db     *store.DB
	ledger *ledger.Ledger
}

func newLog(s *stage, db *store.DB) *log {
	ctx, stop := context.WithCancel(context.Background())
	key, _, err := ledger.NewKey("khue.example/log")
	if err != nil {
		s.Fatal(err)
	}
	l, err := ledger.Open(ctx, db, ledger.Config{Origin: "khue.example/log", Key: key, Now: time.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		s.Fatal(err)
	}
	err = db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, q := range []string{sqlThings, sqlVersions} {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		for i := range things {
			if _, err := tx.Exec(ctx, sqlThing, i, oneKB); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.Run(ctx) //nolint:errcheck // it ends with ctx
	}()
	s.Cleanup(func() { stop(); <-done })
	return &log{db, l}
}

// approval is the body of an approval's entry.
type approval struct {
	Version int    `json:"version"`
	Hash    string `json:"hash"`
}

func entry(i int) ledger.Entry {
	return ledger.Entry{
		Kind: "release.approved", Actor: "phong", Thing: fmt.Sprint("release/", i%things), At: time.Now(),
		Body: approval{i, "0f6a2b9c4d1e8f70a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718"},
	}
}

// approvals is one update and one entry; with wait it is done when the entry has its position.
func (l *log) approvals(wait bool) func() (figures, error) {
	return func() (figures, error) {
		return crowd(clients, func(i int) error {
			ctx := context.Background()
			id := ""
			err := l.db.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
				if _, err := tx.Exec(ctx, sqlApprove, i%things); err != nil {
					return err
				}
				id, err = l.ledger.Append(ctx, tx, entry(i))
				return err
			})
			if err == nil && wait {
				_, err = l.ledger.Await(ctx, id)
			}
			return err
		})
	}
}

// edits is a read, an update of 1 KB, a version of 1 KB and an entry.
func (l *log) edits() func() (figures, error) {
	return func() (figures, error) {
		return crowd(clients, func(i int) error {
			return l.db.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
				var version int64
				if err := tx.QueryRow(ctx, sqlVersionOf, i%things).Scan(&version); err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, sqlEdit, i%things, oneKB); err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, sqlVersion, i%things); err != nil {
					return err
				}
				_, err := l.ledger.Append(ctx, tx, entry(i))
				return err
			})
		})
	}
}

// plainSQLite is how a program without a writer of its own does it: one connection, one transaction a command, as durable as ours.
func plainSQLite(s *stage, queries ...string) func() (figures, error) {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(s.TempDir(), "plain.db")+"?_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000")
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	for _, q := range []string{sqlThings, sqlVersions, `CREATE TABLE bench_entry (seq INTEGER PRIMARY KEY, thing BIGINT NOT NULL, body TEXT NOT NULL)`} {
		if _, err := db.Exec(q); err != nil {
			s.Fatal(err)
		}
	}
	for i := range things {
		if _, err := db.Exec(sqlThing, i, oneKB); err != nil {
			s.Fatal(err)
		}
	}
	return func() (figures, error) {
		return crowd(clients, func(i int) error {
			tx, err := db.Begin()
			if err != nil {
				return err
			}
			defer tx.Rollback() //nolint:errcheck // nothing is left to undo after Commit
			for _, q := range queries {
				args := []any{i % things, oneKB}
				if _, err := tx.Exec(q, args[:strings.Count(q, "?")]...); err != nil {
					return err
				}
			}
			return tx.Commit()
		})
	}
}

// releases is the real room: every approval or edit goes through its rights, states and checks.
func releases(s *stage, approve bool) func() (figures, error) {
	k := testkit.SQLite(s)
	m := media.New(media.Config{DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Folder: s.TempDir(), Now: k.Clock.Now})
	room := release.New(release.Config{DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Media: m, Now: k.Clock.Now})
	text := release.Text{Title: "Nước máy ở phường Ba Đình yếu", Lede: "Van hỏng từ 6 giờ.", Body: "Khoảng **1.200 hộ** bị ảnh hưởng."}
	thu, minh, phong := testkit.Of("thu", regulation.FocalPoint, "00004"), testkit.Centre("minh", regulation.Editor), testkit.Centre("phong", regulation.Approver)
	ctx := context.Background()
	return func() (figures, error) {
		list := make([]release.Release, 6000)
		err := each(len(list), func(i int) (err error) {
			rel, err := room.Submit(ctx, thu, release.SubmitInput{Kind: release.QuickNotice, Text: text})
			if err == nil {
				rel, err = room.Take(ctx, minh, release.Ref{ID: rel.ID})
			}
			if err == nil && approve {
				rel, err = room.SendUp(ctx, minh, release.Ref{ID: rel.ID})
			}
			list[i] = rel
			return err
		})
		if err != nil {
			return nil, err
		}
		took := make([]time.Duration, len(list))
		start := time.Now()
		err = each(len(list), func(i int) (err error) {
			at := time.Now()
			if approve {
				_, err = room.Approve(ctx, phong, release.Ref{ID: list[i].ID})
			} else {
				changed := text
				changed.Body = oneKB
				_, err = room.Edit(ctx, minh, release.EditInput{Ref: release.Ref{ID: list[i].ID, Version: list[i].Version}, Text: changed})
			}
			took[i] = time.Since(at)
			return err
		})
		return spread(took, time.Since(start)), err
	}
}

// each runs f for n things from all clients.
func each(n int, f func(i int) error) error {
	var next atomic.Int64
	var all sync.WaitGroup
	faults := make(chan error, clients)
	for range clients {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := f(i); err != nil {
					faults <- err
					return
				}
			}
		})
	}
	all.Wait()
	select {
	case err := <-faults:
		return err
	default:
		return nil
	}
}
