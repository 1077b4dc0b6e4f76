package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"khue/ledger"
	"khue/ledger/tree"
	"khue/problem"
	"khue/store"
	"khue/store/storetest"
)

var start = time.Date(2026, 11, 9, 8, 0, 0, 0, time.UTC)

// open gives a running ledger on db.
func open(t *testing.T, db *store.DB) *ledger.Ledger {
	t.Helper()
	key, _, err := ledger.NewKey("khue.test/log")
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), db, ledger.Config{Origin: "khue.test/log", Key: key, Now: func() time.Time { return start }})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); l.Run(ctx) }() //nolint:errcheck // ends with the context
	t.Cleanup(func() { stop(); <-done })
	return l
}

func add(t testing.TB, db *store.DB, l *ledger.Ledger, n int, public bool) string {
	t.Helper()
	var id string
	err := db.Write(context.Background(), func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = l.Append(ctx, tx, ledger.Entry{Kind: "test.made", Public: public, Actor: "a", Thing: fmt.Sprintf("test/%d", n), Body: map[string]any{"n": n}, At: start})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestPositionsFollowsAndProofs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := open(t, db)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		const n = 300
		ids := make([]string, n)
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() {
				for i := w; i < n; i += 4 {
					ids[i] = add(t, db, l, i, i%3 != 0)
				}
			})
		}
		wg.Wait()
		seen := map[int64]bool{}
		for _, id := range ids {
			p, err := l.Await(ctx, id)
			if err != nil || seen[p] || p >= n {
				t.Fatalf("position %d of %s: %v", p, id, err)
			}
			seen[p] = true
		}
		if _, err := l.Sign(ctx); err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			p, err := l.Prove(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Verify(); err != nil {
				t.Fatalf("%s: %v", id, err)
			}
			if !p.Record.Public && strings.Contains(string(p.Entry), `"kind"`) {
				t.Fatalf("a private leaf tells something: %s", p.Entry)
			}
			p.Entry = append([]byte{}, p.Entry...)
			p.Entry[5] ^= 1
			if p.Verify() == nil {
				t.Fatal("a changed entry was proved")
			}
		}
		cons, err := l.Consistency(ctx, 100, n)
		if err != nil {
			t.Fatal(err)
		}
		old, err := l.Consistency(ctx, n, n)
		if err != nil || len(old) != 0 {
			t.Fatalf("a tree with itself: %v %v", old, err)
		}
		_ = cons
		rep, err := ledger.Check(ctx, db, l.PublicKey())
		if err != nil || rep.Entries != n || rep.Public != 200 {
			t.Fatalf("%+v %v", rep, err)
		}
	})
}

func TestConsistencyAtEverySize(t *testing.T) {
	db := storetest.SQLite(t)
	l := open(t, db)
	edge, roots := &tree.Edge{}, []tree.Hash{(&tree.Edge{}).Root()}
	const n = 270
	for i := range n {
		id := add(t, db, l, i, true)
		p, err := l.Record(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		served, err := ledger.Serve(p, nil)
		if err != nil {
			t.Fatal(err)
		}
		edge.Append(tree.Leaf(served), func(int, int64, tree.Hash) {})
		roots = append(roots, edge.Root())
	}
	for from := int64(1); from <= n; from += 7 {
		proof, err := l.Consistency(t.Context(), from, n)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckTree(proof, n, roots[n], from, roots[from]); err != nil {
			t.Fatalf("from %d: %v", from, err)
		}
	}
}

func TestFollowerStopsAtNothingAndRepeatsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := open(t, db)
		for i := range 20 {
			add(t, db, l, i, true)
		}
		run := func(until int, failAt int64) []int64 {
			ctx, stop := context.WithTimeout(context.Background(), time.Minute)
			defer stop()
			var got, batch []int64
			failed := false
			err := l.Follow(ctx, "test", func(_ context.Context, _ *store.Tx, r ledger.Record) error {
				for len(batch) > 0 && r.Position <= batch[len(batch)-1] {
					batch = batch[:len(batch)-1] // it is run again
				}
				if r.Position == failAt && !failed {
					failed = true
					return errors.New("a fault, once")
				}
				batch = append(batch, r.Position)
				if len(got)+len(batch) == until {
					got = append(got, batch...)
					stop()
				}
				return nil
			})
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			return got
		}
		first := run(20, 7)
		for i, p := range first {
			if p != int64(i) {
				t.Fatalf("follower saw %v", first)
			}
		}
	})
}

func TestCheckNamesTheChangedEntry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := open(t, db)
		ctx := t.Context()
		var ids []string
		for i := range 12 {
			ids = append(ids, add(t, db, l, i, i%2 == 0))
		}
		for _, id := range ids {
			if _, err := l.Await(ctx, id); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := l.Sign(ctx); err != nil {
			t.Fatal(err)
		}
		change := func(sql string, args ...any) {
			t.Helper()
			if err := db.Write(ctx, func(ctx context.Context, tx *store.Tx) error { _, err := tx.Exec(ctx, sql, args...); return err }); err != nil {
				t.Fatal(err)
			}
		}
		want := func(position int64) {
			t.Helper()
			_, err := ledger.Check(ctx, db, l.PublicKey())
			var f *ledger.Fault
			if !errors.As(err, &f) || f.Position != position {
				t.Fatalf("want a fault at %d, got %v", position, err)
			}
		}
		pos, err := l.Await(ctx, ids[5])
		if err != nil {
			t.Fatal(err)
		}
		change(`UPDATE ledger_entry SET body = '{"n":99}' WHERE id = ?1`, ids[5])
		want(pos)
		change(`UPDATE ledger_entry SET body = NULL, salt = NULL WHERE id = ?1`, ids[5]) // an erasure is no fault
		rep, err := ledger.Check(ctx, db, l.PublicKey())
		if err != nil || rep.Erased != 1 {
			t.Fatalf("%+v %v", rep, err)
		}
		pos, err = l.Await(ctx, ids[8])
		if err != nil {
			t.Fatal(err)
		}
		change(`UPDATE ledger_entry SET entry = ?1 WHERE id = ?2`, []byte(`{"forged":1}`), ids[8])
		want(pos)
	})
}

func TestRemoteLogIsVerifiedAndAForgedByteNamed(t *testing.T) {
	db := storetest.SQLite(t)
	l := open(t, db)
	ctx := t.Context()
	for i := range 300 {
		add(t, db, l, i, i%4 != 0)
	}
	if _, err := l.Sign(ctx); err != nil {
		t.Fatal(err)
	}
	forge := false
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/log/key":
			fmt.Fprintln(w, l.PublicKey())
			return
		case "/log/checkpoint":
			cp, _ := l.Checkpoint(r.Context())
			fmt.Fprint(w, cp)
			return
		}
		tile, err := tree.ParsePath(strings.TrimPrefix(r.URL.Path, "/log/"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		data, err := l.ReadTile(r.Context(), tile)
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		if forge && tile.Entries && tile.N == 1 {
			data[2+10] ^= 1
		}
		w.Write(data) //nolint:errcheck // a test
	}))
	defer srv.Close()
	rep, err := ledger.CheckRemote(ctx, srv.Client(), srv.URL+"/log", "")
	if err != nil || rep.Entries != 300 || rep.Public != 225 {
		t.Fatalf("%+v %v", rep, err)
	}
	forge = true
	var f *ledger.Fault
	if _, err := ledger.CheckRemote(ctx, srv.Client(), srv.URL+"/log", l.PublicKey()); !errors.As(err, &f) || f.Position != 256 {
		t.Fatalf("want entry 256 named, got %v", err)
	}
	if _, err := l.ReadTile(ctx, tree.Tile{N: 1, W: 200}); problem.CodeOf(err) != problem.NotFound {
		t.Fatalf("a tile beyond the checkpoint was served: %v", err)
	}
}

func TestCheckpointIsASignedNote(t *testing.T) {
	db := storetest.SQLite(t)
	l := open(t, db)
	add(t, db, l, 1, true)
	cp, err := l.Sign(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	again, err := l.Sign(t.Context())
	if err != nil || again != cp {
		t.Fatalf("the same size signed twice differs: %v", err)
	}
	v, err := note.NewVerifier(l.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open([]byte(cp), note.VerifierList(v)); err != nil {
		t.Fatal(err)
	}
}

func TestBadEntriesAreRefused(t *testing.T) {
	db := storetest.SQLite(t)
	l := open(t, db)
	f := func(e ledger.Entry) {
		t.Helper()
		err := db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error { _, err := l.Append(ctx, tx, e); return err })
		if err == nil {
			t.Fatalf("%+v was taken", e)
		}
		if l.Size() != 0 {
			t.Fatal("something stayed behind")
		}
	}
	f(ledger.Entry{Kind: "", At: start})
	f(ledger.Entry{Kind: "x"})
	f(ledger.Entry{Kind: "x", At: start, Body: func() {}})
	f(ledger.Entry{Kind: "x", At: start, Body: strings.Repeat("a", ledger.MaxEntry)})
}
