package store_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"khue/store"
)

// The database and the files beside it are their owner's alone, also where a careless umask or an earlier version left them open.
func TestFilesArePrivate(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "khue.db")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Config{File: file})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `CREATE TABLE x (a TEXT)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadDir(dir)
	if err != nil || len(list) < 3 {
		t.Fatalf("%d files, %v", len(list), err)
	}
	for _, e := range list {
		if st, err := e.Info(); err != nil || st.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v %v", e.Name(), st.Mode(), err)
		}
	}
}
