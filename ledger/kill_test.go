package ledger_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"khue/ledger"
	"khue/store"
	"khue/store/storetest"
)

// The kill test: a child process writes under load and says each command that was acknowledged; we kill it at a random
// moment, start it again on the same data, and at the end compare what was acknowledged with what is there.

const (
	envChild = "KHUE_KILL_CHILD" // "sqlite:FILE" or "postgres:ADDRESS"
	envKey   = "KHUE_KILL_KEY"
	envSeed  = "KHUE_KILL_SEED"
)

func TestMain(m *testing.M) {
	if spec := os.Getenv(envChild); spec != "" {
		if err := killChild(spec); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func openSpec(ctx context.Context, spec string) (*store.DB, error) {
	engine, rest, _ := strings.Cut(spec, ":")
	if engine == "sqlite" {
		return store.Open(ctx, store.Config{File: rest})
	}
	return store.Open(ctx, store.Config{Database: rest})
}

// killChild writes until it is killed. Each command inserts a row and its entry; a follower counts each position once.
func killChild(spec string) error {
	ctx := context.Background()
	db, err := openSpec(ctx, spec)
	if err != nil {
		return err
	}
	l, err := ledger.Open(ctx, db, ledger.Config{Origin: "khue.test/log", Key: os.Getenv(envKey), Now: time.Now})
	if err != nil {
		return err
	}
	go l.Run(ctx) //nolint:errcheck // killed, not ended
	go l.Follow(ctx, "kill", func(ctx context.Context, tx *store.Tx, r ledger.Record) error {
		_, err := tx.Exec(ctx, `INSERT INTO kill_effect (position, id) VALUES (?1, ?2)`, r.Position, r.ID)
		return err
	}) //nolint:errcheck // killed, not ended
	var out sync.Mutex
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for n := 0; ; n++ {
				thing := os.Getenv(envSeed) + "/" + strconv.Itoa(w) + "/" + strconv.Itoa(n)
				var id string
				err := db.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
					if _, err := tx.Exec(ctx, `INSERT INTO kill_row (thing) VALUES (?1)`, thing); err != nil {
						return err
					}
					id, err = l.Append(ctx, tx, ledger.Entry{Kind: "kill.row", Public: n%2 == 0, Thing: thing, At: time.Now()})
					return err
				})
				if err != nil {
					fmt.Fprintln(os.Stderr, "write:", err)
					return
				}
				out.Lock()
				fmt.Println(thing, id)
				out.Unlock()
			}
		})
	}
	wg.Wait()
	return nil
}

func killTest(t *testing.T, spec string, db *store.DB, rounds, together int) {
	ctx := context.Background()
	for _, ddl := range []string{`CREATE TABLE kill_row (thing TEXT PRIMARY KEY)`, `CREATE TABLE kill_effect (position BIGINT PRIMARY KEY, id TEXT NOT NULL)`} {
		if err := db.Write(ctx, func(ctx context.Context, tx *store.Tx) error { _, err := tx.Exec(ctx, ddl); return err }); err != nil {
			t.Fatal(err)
		}
	}
	if strings.HasPrefix(spec, "sqlite") {
		db.Close()
	}
	key, public, err := ledger.NewKey("khue.test/log")
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(20261109, 1))
	acked := map[string]string{}
	for round := range rounds {
		var kids []*exec.Cmd
		var reads sync.WaitGroup
		var mu sync.Mutex
		started := make(chan struct{}, together)
		for k := range together {
			cmd := exec.Command(os.Args[0], "-test.run=^$")
			cmd.Env = append(os.Environ(), envChild+"="+spec, envKey+"="+key, fmt.Sprintf("%s=%d.%d", envSeed, round, k))
			cmd.Stderr = os.Stderr
			pipe, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			kids = append(kids, cmd)
			reads.Go(func() {
				first := true
				for s := bufio.NewScanner(pipe); s.Scan(); {
					thing, id, ok := strings.Cut(s.Text(), " ")
					if !ok || len(id) != 36 { // the last line may be cut
						continue
					}
					mu.Lock()
					acked[thing] = id
					mu.Unlock()
					if first {
						started <- struct{}{}
						first = false
					}
				}
			})
		}
		for range together {
			select {
			case <-started:
			case <-time.After(time.Minute):
				t.Fatal("a child writes nothing")
			}
		}
		time.Sleep(time.Duration(rng.IntN(60)) * time.Millisecond) // the random moment
		for _, cmd := range kids {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
		reads.Wait()
		for _, cmd := range kids {
			cmd.Wait() //nolint:errcheck // it was killed
		}
	}
	compareAfterKills(t, spec, key, public, acked)
}

func compareAfterKills(t *testing.T, spec, key, public string, acked map[string]string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db, err := openSpec(ctx, spec)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	l, err := ledger.Open(ctx, db, ledger.Config{Origin: "khue.test/log", Key: key, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	run, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); l.Run(run) }() //nolint:errcheck // ends with the context
	defer func() { stop(); <-done }()
	// One more, so that the follower has something left to do.
	err = db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO kill_row (thing) VALUES ('last')`); err != nil {
			return err
		}
		id, err := l.Append(ctx, tx, ledger.Entry{Kind: "kill.row", Public: true, Thing: "last", At: time.Now()})
		acked["last"] = id
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for thing, id := range acked {
		if _, err := l.Await(ctx, id); err != nil {
			t.Fatalf("acknowledged %s is lost: %v", thing, err)
		}
		var one int
		if err := db.QueryRow(ctx, `SELECT 1 FROM kill_row WHERE thing = ?1`, thing).Scan(&one); err != nil {
			t.Fatalf("the row of %s is lost: %v", thing, err)
		}
	}
	var rows, entries int64
	for q, v := range map[string]*int64{`SELECT COUNT(*) FROM kill_row`: &rows, `SELECT COUNT(*) FROM ledger_entry`: &entries} {
		if err := db.QueryRow(ctx, q).Scan(v); err != nil {
			t.Fatal(err)
		}
	}
	if rows != entries || rows < int64(len(acked)) {
		t.Fatalf("%d rows, %d entries, %d acknowledged", rows, entries, len(acked))
	}
	// The follower goes on from where it was: each position once.
	fctx, fstop := context.WithCancel(ctx)
	err = l.Follow(fctx, "kill", func(ctx context.Context, tx *store.Tx, r ledger.Record) error {
		if r.Position == entries-1 {
			defer fstop()
		}
		_, err := tx.Exec(ctx, `INSERT INTO kill_effect (position, id) VALUES (?1, ?2)`, r.Position, r.ID)
		return err
	})
	if fctx.Err() == nil {
		t.Fatal(err)
	}
	fstop()
	var effects, first, last int64
	if err := db.QueryRow(ctx, `SELECT COUNT(*), MIN(position), MAX(position) FROM kill_effect`).Scan(&effects, &first, &last); err != nil {
		t.Fatal(err)
	}
	if effects != entries || first != 0 || last != entries-1 {
		t.Fatalf("%d effects from %d to %d for %d entries", effects, first, last, entries)
	}
	if _, err := l.Sign(ctx); err != nil {
		t.Fatal(err)
	}
	rep, err := ledger.Check(ctx, db, public)
	if err != nil || rep.Entries != entries {
		t.Fatalf("%+v %v", rep, err)
	}
	t.Logf("%d commands acknowledged, %d entries, %d checkpoints", len(acked), rep.Entries, rep.Checkpoints)
}

func TestKillSQLite(t *testing.T) {
	if testing.Short() {
		t.Skip("50 kills are not short")
	}
	file := filepath.Join(t.TempDir(), "khue.db")
	db, err := store.Open(context.Background(), store.Config{File: file})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	killTest(t, "sqlite:"+file, db, 50, 1)
}

func TestKillPostgresTwoProcesses(t *testing.T) {
	if testing.Short() {
		t.Skip("50 kills are not short")
	}
	address := storetest.PostgresAddress(t)
	db, err := store.Open(context.Background(), store.Config{Database: address})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	killTest(t, "postgres:"+address, db, 25, 2) // two processes a round: 50 kills
}
