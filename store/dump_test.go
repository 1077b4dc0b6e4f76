package store_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"khue/store"
	"khue/store/storetest"
)

// table reads every row of a table as text, in order.
func table(t *testing.T, db *store.DB, q string) []string {
	t.Helper()
	rows, err := db.Query(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		list = append(list, fmt.Sprint(values...))
	}
	return list
}

// A backup of either engine, taken while writes go on, restores on either engine to the same rows.
func TestDumpAndLoad(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for i := range 50 {
			exec(t, db, `INSERT INTO setting (name, value, at) VALUES (?1, ?2, ?3)`, fmt.Sprint("tên ", i), "giá trị <b>\u2028\"\\ "+fmt.Sprint(i), int64(1)<<53+int64(i))
		}
		exec(t, db, `INSERT INTO ledger_tile (level, n, data) VALUES (0, 0, ?1)`, []byte{0, 1, 255, '\n'})
		// Rows that point to others, which stand behind them in the order of names.
		exec(t, db, `INSERT INTO media_file (id, kind, bytes, width, height, thumb, by_account, at) VALUES ('f', '', 0, 0, 0, 0, '', 0)`)
		exec(t, db, `INSERT INTO media_attachment (thing, file, place, name, caption, alt, shown, at) VALUES ('release/1', 'f', 0, '', '', '', 0, 0)`)
		exec(t, db, `INSERT INTO claim_report (id, code, same, state, text, link, file, claim, times, reason, at, last) VALUES ('r', 'c', 's', '', '', '', '', '', 1, '', 0, 0)`)
		exec(t, db, `INSERT INTO claim_contact (report, name, email, phone, at, until) VALUES ('r', '', '', '', 0, 0)`)
		for i, score := range []float64{13.312994701247797, 13, 1e-9, 1e21, -0.5} { // a fraction stays one, a whole one too
			exec(t, db, `INSERT INTO signal (id, story, kind, score, reasons, at) VALUES (?1, 's', 'burst', ?2, '{}', ?3)`, fmt.Sprint(i), score, i)
		}
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() { // writes go on
			defer close(stopped)
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
					exec(t, db, `INSERT INTO follower (name, position, at) VALUES (?1, ?2, 0)`, fmt.Sprint(i), i)
				}
			}
		}()
		var file bytes.Buffer
		z := zip.NewWriter(&file)
		m, err := db.Dump(t.Context(), z, time.Unix(0, 0))
		close(stop)
		<-stopped
		if err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if m.Rows["setting"] != 50 {
			t.Fatalf("%+v", m)
		}
		for _, c := range []store.Config{{File: filepath.Join(t.TempDir(), "back.db")}, {Database: storetest.PostgresAddress(t)}} {
			back, err := store.Open(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			defer back.Close()
			r, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := back.Load(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			for _, q := range []string{`SELECT name, value, at FROM setting ORDER BY at`, `SELECT level, n, data FROM ledger_tile`, `SELECT file FROM media_attachment`, `SELECT report FROM claim_contact`, `SELECT score FROM signal ORDER BY at`} {
				if d := cmp.Diff(table(t, db, q), table(t, back, q)); d != "" {
					t.Fatal(d)
				}
			}
			if got := int64(len(table(t, back, `SELECT name FROM follower`))); got != m.Rows["follower"] {
				t.Fatalf("%d followers, the manifest says %d", got, m.Rows["follower"])
			}
			if _, err := back.Load(t.Context(), r); err == nil {
				t.Fatal("a full database was loaded over")
			}
		}
	})
}
