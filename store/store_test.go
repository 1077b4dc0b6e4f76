package store_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"khue/problem"
	"khue/store"
	"khue/store/storetest"
)

func exec(t testing.TB, db *store.DB, q string, args ...any) {
	t.Helper()
	if err := db.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error { _, err := tx.Exec(ctx, q, args...); return err }); err != nil {
		t.Fatal(err)
	}
}

func count(t testing.TB, r store.Reader, q string) int {
	t.Helper()
	var n int
	if err := r.QueryRow(context.Background(), q).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDollar(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		if got := store.Dollar(in); got != want {
			t.Errorf("%q -> %q, want %q", in, got, want)
		}
	}
	f("a = ?1 AND b = ?12", "a = $1 AND b = $12")
	f("a = '?1' AND b = ?2", "a = '?1' AND b = $2")
	f("-- ?1\na = ?1", "-- ?1\na = $1")
	f("it''s ?1 '", "it''s $1 '")
	f("? ?0", "? ?0")
	f("-- ?1", "-- ?1")
	f("'", "'")
}

// What failed leaves nothing; what was answered stays, whatever its neighbours in the batch did.
func TestNeighboursInABatch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		exec(t, db, `CREATE TABLE one (n BIGINT PRIMARY KEY)`)
		bad := errors.New("no")
		var wg sync.WaitGroup
		var mu sync.Mutex
		good := 0
		for i := range 200 {
			wg.Go(func() {
				err := db.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
					if _, err := tx.Exec(ctx, `INSERT INTO one (n) VALUES (?1)`, i); err != nil {
						return err
					}
					switch i % 5 {
					case 0:
						return bad
					case 1:
						panic("a command panics")
					}
					return nil
				})
				if (i%5 < 2) != (err != nil) {
					t.Errorf("%d: %v", i, err)
				}
				if err == nil {
					mu.Lock()
					good++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if n := count(t, db, `SELECT COUNT(*) FROM one`); n != good || n != 120 {
			t.Fatalf("%d rows, %d answered", n, good)
		}
	})
}

// A caller that leaves after its command began does not undo it or others; one that left before is not run.
func TestContextStopsAtTheQueue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		exec(t, db, `CREATE TABLE one (n BIGINT PRIMARY KEY)`)
		ctx, cancel := context.WithCancel(context.Background())
		err := db.Write(ctx, func(inner context.Context, tx *store.Tx) error {
			cancel()
			_, err := tx.Exec(inner, `INSERT INTO one (n) VALUES (1)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO one (n) VALUES (2)`)
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("a cancelled caller was served: %v", err)
		}
		if n := count(t, db, `SELECT COUNT(*) FROM one`); n != 1 {
			t.Fatal(n)
		}
	})
}

// A full disk rolls back the whole SQLite transaction behind the writer's back: the member that filled it is told so, and the
// others are run again and kept.
func TestFullDiskTakesNobodyWithIt(t *testing.T) {
	db := storetest.SQLite(t)
	exec(t, db, `CREATE TABLE one (n BIGINT PRIMARY KEY, data BYTEA)`)
	exec(t, db, `PRAGMA max_page_count = 400`) // 1.6 MB: our disk
	hold, entered := make(chan struct{}), make(chan struct{}, 1)
	var wg sync.WaitGroup
	// The first command keeps the writer busy, so that the others wait together and become one batch.
	wg.Go(func() {
		err := db.Write(context.Background(), func(context.Context, *store.Tx) error { entered <- struct{}{}; <-hold; return nil })
		if err != nil {
			t.Error(err)
		}
	})
	<-entered
	var queued sync.WaitGroup
	for i := range 10 {
		queued.Add(1)
		wg.Go(func() {
			queued.Done()
			size := 1000
			if i == 5 {
				size = 4 << 20
			}
			err := db.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO one (n, data) VALUES (?1, ?2)`, i, make([]byte, size))
				return err
			})
			if i == 5 {
				if problem.CodeOf(err) != problem.Full {
					t.Errorf("a full disk is %v", err)
				}
			} else if err != nil {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	queued.Wait()
	close(hold)
	wg.Wait()
	if n := count(t, db, `SELECT COUNT(*) FROM one`); n != 9 {
		t.Fatalf("%d rows of 9", n)
	}
}

func TestReadersDoNotWaitForTheWriter(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		exec(t, db, `CREATE TABLE one (n BIGINT PRIMARY KEY)`)
		err := db.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.Exec(ctx, `INSERT INTO one (n) VALUES (1)`); err != nil {
				return err
			}
			// The writer's transaction is open here; a reader answers, and does not see it.
			rctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			var n int
			if err := db.QueryRow(rctx, `SELECT COUNT(*) FROM one`).Scan(&n); err != nil || n != 0 {
				t.Errorf("reader: %d %v", n, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(t, db, `SELECT COUNT(*) FROM one`); n != 1 {
			t.Fatal(n)
		}
	})
}

func TestAReaderCannotWrite(t *testing.T) {
	db := storetest.SQLite(t)
	rows, err := db.Query(context.Background(), `INSERT INTO setting (name, value, at) VALUES ('a', 'b', 0) RETURNING name`)
	if err == nil {
		for rows.Next() {
		}
		err = rows.Err()
		rows.Close()
	}
	if err == nil {
		t.Fatal("a reader's connection wrote")
	}
}

func TestMigrationsFromEveryVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		v, err := db.Version(context.Background())
		if err != nil || v != store.Latest() {
			t.Fatalf("version %d, want %d: %v", v, store.Latest(), err)
		}
		if err := db.Migrate(context.Background()); err != nil {
			t.Fatalf("a second time: %v", err)
		}
	})
	for from := int64(1); from <= store.Latest(); from++ {
		file := filepath.Join(t.TempDir(), "khue.db")
		db, err := store.Open(context.Background(), store.Config{File: file})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.MigrateTo(context.Background(), from); err != nil {
			t.Fatalf("up to %d: %v", from, err)
		}
		exec(t, db, `INSERT INTO setting (name, value, at) VALUES ('kept', 'giữ', 7)`)
		if err := db.Migrate(context.Background()); err != nil {
			t.Fatalf("from %d: %v", from, err)
		}
		var value string
		if err := db.QueryRow(context.Background(), `SELECT value FROM setting WHERE name = 'kept'`).Scan(&value); err != nil || value != "giữ" {
			t.Fatalf("from %d: data is lost: %q %v", from, value, err)
		}
		db.Close()
	}
}

func TestNewerDataIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		exec(t, db, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, `+map[store.Engine]string{store.SQLite: "1", store.PostgreSQL: "true"}[db.Engine]+`)`)
		if err := db.Migrate(context.Background()); problem.CodeOf(err) != problem.Newer {
			t.Fatalf("newer data: %v", err)
		}
	})
}

func TestBadPlaces(t *testing.T) {
	f := func(name string, c store.Config) {
		t.Helper()
		db, err := store.Open(context.Background(), c)
		if err == nil {
			err = db.Migrate(context.Background())
			db.Close()
		}
		if problem.CodeOf(err) != problem.Full {
			t.Errorf("%s: %v", name, err)
		}
	}
	f("no folder", store.Config{File: filepath.Join(t.TempDir(), "none", "khue.db")})
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "khue.db"), 0o700); err != nil {
		t.Fatal(err)
	}
	f("a folder instead of a file", store.Config{File: filepath.Join(dir, "khue.db")})
}

func TestIsUnique(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		exec(t, db, `INSERT INTO setting (name, value, at) VALUES ('a', 'b', 0)`)
		err := db.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO setting (name, value, at) VALUES ('a', 'b', 0)`)
			return err
		})
		if !store.IsUnique(err) || store.IsUnique(sql.ErrNoRows) || store.IsUnique(nil) {
			t.Fatal(err)
		}
	})
}

func TestStartStop(t *testing.T) {
	for range 20 {
		db := storetest.SQLite(t)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				err := db.Write(context.Background(), func(context.Context, *store.Tx) error { return nil })
				if err != nil && !errors.Is(err, store.ErrClosed) && !strings.Contains(err.Error(), "closed") {
					t.Error(err)
				}
			})
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		wg.Wait()
		if err := db.Write(context.Background(), func(context.Context, *store.Tx) error { return nil }); !errors.Is(err, store.ErrClosed) {
			t.Fatalf("after Close: %v", err)
		}
	}
}
