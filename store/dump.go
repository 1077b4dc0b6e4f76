package store

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"khue/problem"
)

// DumpFormat is the version of a backup's form; docs/format/backup.md describes it.
const DumpFormat = 1

// Manifest heads a backup.
type Manifest struct {
	Format int              `json:"format"`
	Schema int64            `json:"schema"`
	Engine string           `json:"engine"`
	At     time.Time        `json:"at"`
	Rows   map[string]int64 `json:"rows"` // by table
}

// bytesValue marks bytes in a dump's row; other values are numbers, strings and null.
type bytesValue struct {
	Base64 string `json:"b64"`
}

// maxDumpRow bounds one row of a dump, in bytes.
const maxDumpRow = 64 << 20

// Dump writes every table, as one snapshot while writes go on, into a zip of JSON lines that either engine can load.
func (db *DB) Dump(ctx context.Context, z *zip.Writer, at time.Time) (Manifest, error) {
	m := Manifest{Format: DumpFormat, Engine: db.Engine.String(), At: at.UTC(), Rows: map[string]int64{}}
	var err error
	if m.Schema, err = db.Version(ctx); err != nil {
		return m, err
	}
	err = db.View(ctx, func(r Reader) error {
		tables, err := db.tables(ctx, r)
		if err != nil {
			return err
		}
		for _, t := range tables {
			w, err := z.Create("table/" + t + ".jsonl")
			if err != nil {
				return err
			}
			if m.Rows[t], err = dumpTable(ctx, r, t, w); err != nil {
				return fmt.Errorf("dump %s: %w", t, err)
			}
		}
		return nil
	})
	if err != nil {
		return m, err
	}
	w, err := z.Create("manifest.json")
	if err != nil {
		return m, err
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return m, e.Encode(m)
}

// tables lists our own tables in the order of their names.
func (db *DB) tables(ctx context.Context, r Reader) ([]string, error) {
	q := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
	if db.Engine == PostgreSQL {
		q = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
	}
	rows, err := r.Query(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		if n != "goose_db_version" {
			list = append(list, n)
		}
	}
	slices.Sort(list)
	return list, rows.Err()
}

func dumpTable(ctx context.Context, r Reader, table string, w io.Writer) (int64, error) {
	rows, err := r.Query(ctx, `SELECT * FROM `+table) // a name of our own schema, never from outside
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	out := bufio.NewWriter(w)
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	var n int64
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return n, err
		}
		row := make(map[string]any, len(columns))
		for i, c := range columns {
			if b, ok := values[i].([]byte); ok {
				row[c] = bytesValue{base64.StdEncoding.EncodeToString(b)}
			} else {
				row[c] = values[i]
			}
		}
		if err := e.Encode(row); err != nil {
			return n, err
		}
		n++
	}
	return n, errors.Join(rows.Err(), out.Flush())
}

// ReadManifest reads a backup's head and refuses a newer form or schema.
func ReadManifest(z *zip.Reader) (Manifest, error) {
	var m Manifest
	f, err := z.Open("manifest.json")
	if err != nil {
		return m, problem.Wrap(err, problem.Invalid, "field", "backup", "why", "manifest.json")
	}
	defer f.Close()
	if err := json.NewDecoder(io.LimitReader(f, 1<<20)).Decode(&m); err != nil {
		return m, problem.Wrap(err, problem.Invalid, "field", "backup", "why", "manifest.json")
	}
	if m.Format > DumpFormat || m.Schema > Latest() {
		return m, problem.New(problem.Newer, "have", fmt.Sprint(m.Schema), "need", fmt.Sprint(Latest()))
	}
	return m, nil
}

// Load fills an empty database from a backup: it migrates to the backup's schema, loads every table in one transaction,
// compares the counts, and migrates to the newest schema.
func (db *DB) Load(ctx context.Context, z *zip.Reader) (Manifest, error) {
	m, err := ReadManifest(z)
	if err != nil {
		return m, err
	}
	if v, err := db.Version(ctx); err != nil || v != 0 {
		return m, errors.Join(err, fmt.Errorf("restore needs an empty database; this one has schema %d", v))
	}
	if err := db.MigrateTo(ctx, m.Schema); err != nil {
		return m, err
	}
	order, err := db.loadOrder(ctx, m)
	if err != nil {
		return m, err
	}
	err = db.Write(ctx, func(ctx context.Context, tx *Tx) error {
		for _, table := range order {
			want := m.Rows[table]
			n, err := loadTable(ctx, tx, z, table)
			if err != nil {
				return fmt.Errorf("load %s: %w", table, err)
			}
			if n != want {
				return fmt.Errorf("load %s: %d rows, the manifest says %d", table, n, want)
			}
		}
		return nil
	})
	if err != nil {
		return m, err
	}
	if db.Engine == PostgreSQL && m.Rows["ledger_entry"] > 0 {
		err = db.Write(ctx, func(ctx context.Context, tx *Tx) error {
			_, err := tx.Exec(ctx, `SELECT setval(pg_get_serial_sequence('ledger_entry', 'seq'), (SELECT MAX(seq) FROM ledger_entry))`)
			return err
		})
		if err != nil {
			return m, err
		}
	}
	return m, db.Migrate(ctx)
}

const (
	sqlForeignSQLite   = `SELECT m.name, f."table" FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`
	sqlForeignPostgres = `SELECT c.relname, f.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace`
)

// loadOrder gives the tables of a backup so that each comes after those that its rows point to.
func (db *DB) loadOrder(ctx context.Context, m Manifest) ([]string, error) {
	q := sqlForeignSQLite
	if db.Engine == PostgreSQL {
		q = sqlForeignPostgres
	}
	rows, err := db.Query(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	needs := map[string][]string{}
	for rows.Next() {
		var from, to string
		if err := rows.Scan(&from, &to); err != nil {
			return nil, err
		}
		if from != to {
			needs[from] = append(needs[from], to)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	var order []string
	waiting := slices.Sorted(maps.Keys(m.Rows))
	for len(waiting) > 0 {
		var later []string
		for _, t := range waiting {
			if slices.ContainsFunc(needs[t], func(n string) bool { return slices.Contains(waiting, n) }) {
				later = append(later, t)
			} else {
				order = append(order, t)
			}
		}
		if len(later) == len(waiting) {
			return nil, fmt.Errorf("the rows of %s point to each other in a ring", strings.Join(later, ", "))
		}
		waiting = later
	}
	return order, nil
}

func loadTable(ctx context.Context, tx *Tx, z *zip.Reader, table string) (int64, error) {
	if strings.Trim(table, "abcdefghijklmnopqrstuvwxyz_0123456789") != "" {
		return 0, fmt.Errorf("%q is not the name of a table", table)
	}
	f, err := z.Open("table/" + table + ".jsonl")
	if err != nil {
		return 0, err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(make([]byte, 64<<10), maxDumpRow)
	var n int64
	for s.Scan() {
		d := json.NewDecoder(strings.NewReader(s.Text()))
		d.UseNumber()
		row := map[string]any{}
		if err := d.Decode(&row); err != nil {
			return n, fmt.Errorf("row %d: %w", n+1, err)
		}
		if err := loadRow(ctx, tx, table, row); err != nil {
			return n, fmt.Errorf("row %d: %w", n+1, err)
		}
		n++
	}
	return n, s.Err()
}

func loadRow(ctx context.Context, tx *Tx, table string, row map[string]any) error {
	columns := make([]string, 0, len(row))
	for c := range row {
		if strings.Trim(c, "abcdefghijklmnopqrstuvwxyz_0123456789") != "" {
			return fmt.Errorf("%q is not the name of a column", c)
		}
		columns = append(columns, c)
	}
	slices.Sort(columns)
	args, places := make([]any, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		places[i] = fmt.Sprintf("?%d", i+1)
		switch v := row[c].(type) {
		case json.Number:
			n, err := number(v)
			if err != nil {
				return fmt.Errorf("%s: %w", c, err)
			}
			args[i] = n
		case map[string]any:
			text, _ := v["b64"].(string)
			b, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return fmt.Errorf("%s: %w", c, err)
			}
			args[i] = b
		default:
			args[i] = v
		}
	}
	over := ""
	if tx.Engine() == PostgreSQL && table == "ledger_entry" {
		over = " OVERRIDING SYSTEM VALUE"
	}
	_, err := tx.Exec(ctx, "INSERT INTO "+table+" ("+strings.Join(columns, ", ")+")"+over+" VALUES ("+strings.Join(places, ", ")+")", args...)
	return err
}

// number gives a whole number whole, since an instant has more digits than a float holds, and any other as a float.
func number(v json.Number) (any, error) {
	if strings.ContainsAny(v.String(), ".eE") {
		return v.Float64()
	}
	return v.Int64()
}
