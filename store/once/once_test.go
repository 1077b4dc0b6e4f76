package once_test

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"time"

	"khue/problem"
	"khue/store"
	"khue/store/once"
	"khue/store/storetest"
)

func TestOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		now := time.Date(2026, 11, 9, 8, 0, 0, 0, time.UTC)
		k := once.New(db, func() time.Time { return now })
		r := once.Of("account", "a-long-enough-key", "content")
		begin := func(r once.Request, answer string, code problem.Code) {
			t.Helper()
			got, err := k.Begin(ctx, r)
			if string(got) != answer || problem.CodeOf(err) != code {
				t.Fatalf("%q %v, want %q %q", got, err, answer, code)
			}
		}
		begin(r, "", "")
		begin(r, "", problem.Idempotent) // it is being done
		if err := k.Keep(ctx, r, []byte("the answer")); err != nil {
			t.Fatal(err)
		}
		begin(r, "the answer", "")
		begin(once.Of("account", "a-long-enough-key", "other"), "", problem.Idempotent)
		begin(once.Of("another", "a-long-enough-key", "other"), "", "")
		if err := k.Drop(ctx, r); err != nil { // done: it stays
			t.Fatal(err)
		}
		begin(r, "the answer", "")
		var body []byte
		if err := db.QueryRow(ctx, `SELECT body FROM api_idempotency WHERE id = ?1`, r.ID).Scan(&body); err != nil || bytes.Contains(body, []byte("answer")) {
			t.Fatalf("%q %v", body, err)
		}
		failed := once.Of("account", "another-long-key", "content")
		begin(failed, "", "")
		if err := k.Drop(ctx, failed); err != nil {
			t.Fatal(err)
		}
		begin(failed, "", "")
		now = now.Add(once.LostAfter + time.Second) // lost with its process
		begin(failed, "", "")
		begin(r, "the answer", "")
		now = now.Add(once.KeptFor)
		begin(r, "", "")
	})
}

// TestAtOnce lets many take one key at the same moment: one gets it.
func TestAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := once.New(db, time.Now)
		var all sync.WaitGroup
		var mu sync.Mutex
		fresh := 0
		for range 16 {
			all.Go(func() {
				_, err := k.Begin(context.Background(), once.Of("account", "one-key-for-all", "content"))
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					fresh++
				} else if problem.CodeOf(err) != problem.Idempotent {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if fresh != 1 {
			t.Errorf("%d began", fresh)
		}
	})
}
