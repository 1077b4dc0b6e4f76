package radar

import (
	"context"
	"path/filepath"
	"testing"

	"khue/internal/testkit"
	"khue/store"
	"khue/store/storetest"
)

// TestOldSources: a source of the time before kinds is a feed afterwards, with all that was known of it.
func TestOldSources(t *testing.T) {
	for name, c := range map[string]func(t *testing.T) store.Config{
		"sqlite":   func(t *testing.T) store.Config { return store.Config{File: filepath.Join(t.TempDir(), "khue.db")} },
		"postgres": func(t *testing.T) store.Config { return store.Config{Database: storetest.PostgresAddress(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			db, err := store.Open(t.Context(), c(t))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { db.Close() })
			if err := db.MigrateTo(t.Context(), 13); err != nil {
				t.Fatal(err)
			}
			err = db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO source (id, address, page, name, note, state, added_by, added_at, version, etag, last_modified, every, next_at, last_at, good_at, fault, fault_status, failures)
VALUES ('s1', 'https://bao.example/rss', 'https://bao.example/', 'Báo Cũ', 'ghi chú', 'paused', 'a', 5, 3, '"e"', 'm', 900000000, 7, 6, 6, 'status', 500, 2)`)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			k := testkit.New(t, db)
			got, err := room(t, k).Source(k.Ctx, analyst, "s1")
			if err != nil || got.Kind != KindFeed || got.Name != "Báo Cũ" || got.State != Paused || got.ETag != `"e"` || got.Failures != 2 || got.Trust != Unknown || got.Group != "" || got.Version != 3 {
				t.Errorf("%+v %v", got, err)
			}
		})
	}
}
