package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"

	"khue/problem"
)

// Migrations are numbered files NNNN_name.sql for both engines, or NNNN_name.sqlite.sql and NNNN_name.postgres.sql where they
// must differ. A released file is never edited.
//
//go:embed migration/*.sql
var migrations embed.FS

// Latest gives the number of the newest migration that this program knows.
func Latest() int64 {
	var n int64
	for _, e := range entries(migrations) {
		num, _, _ := strings.Cut(e, "_")
		v, err := strconv.ParseInt(num, 10, 64)
		if err == nil {
			n = max(n, v)
		}
	}
	return n
}

// Migrate brings the schema up to the newest version, each step in its own transaction. Data of a newer version is refused
// with problem.Newer and left alone.
func (db *DB) Migrate(ctx context.Context) error { return db.MigrateTo(ctx, Latest()) }

// MigrateTo brings the schema up to a version; for tests of the way from each earlier version.
func (db *DB) MigrateTo(ctx context.Context, version int64) error {
	dialect := goose.DialectSQLite3
	if db.Engine == PostgreSQL {
		dialect = goose.DialectPostgres
	}
	pool, err := db.migrationPool()
	if err != nil {
		return err
	}
	if pool != db.write {
		defer pool.Close()
	}
	p, err := goose.NewProvider(dialect, pool, engineFS{migrations, db.Engine.String()}, goose.WithVerbose(false))
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return AsProblem(fmt.Errorf("read schema version: %w", err))
	}
	if have > Latest() {
		return problem.New(problem.Newer, "have", strconv.FormatInt(have, 10), "need", strconv.FormatInt(Latest(), 10))
	}
	if _, err := p.UpTo(ctx, version); err != nil {
		return AsProblem(fmt.Errorf("migrate: %w", err))
	}
	return nil
}

// migrationPool gives a pool that may write: on SQLite one of its own, since the writer holds its connection.
func (db *DB) migrationPool() (*sql.DB, error) {
	if db.Engine == PostgreSQL {
		return db.write, nil
	}
	var file string
	if err := db.read.QueryRow("SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&file); err != nil {
		return nil, err
	}
	pool, err := sql.Open("sqlite3", "file:"+file+"?"+pragmas+"&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	return pool, nil
}

// Version gives the schema's version, 0 for an empty database.
func (db *DB) Version(ctx context.Context) (int64, error) {
	var v sql.NullInt64
	err := db.read.QueryRowContext(ctx, "SELECT MAX(version_id) FROM goose_db_version").Scan(&v)
	if err != nil && (strings.Contains(err.Error(), "no such table") || strings.Contains(err.Error(), "42P01")) {
		return 0, nil
	}
	return v.Int64, err
}

func entries(f fs.FS) []string {
	list, err := fs.ReadDir(f, "migration")
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

// engineFS shows the migrations of one engine as a flat folder of NNNN_name.sql.
type engineFS struct {
	all    fs.FS
	engine string
}

func (f engineFS) names() []string {
	var names []string
	for _, n := range entries(f.all) {
		base := strings.TrimSuffix(n, ".sql")
		if rest, ok := strings.CutSuffix(base, "."+f.engine); ok {
			names = append(names, rest+".sql")
		} else if !strings.Contains(base, ".") {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	return names
}

// Open gives "." as the folder and each file under its plain name.
func (f engineFS) Open(name string) (fs.File, error) {
	if name == "." {
		return &dir{names: f.names()}, nil
	}
	file, err := f.all.Open("migration/" + name)
	if errors.Is(err, fs.ErrNotExist) {
		return f.all.Open("migration/" + strings.TrimSuffix(name, ".sql") + "." + f.engine + ".sql")
	}
	return file, err
}

type dir struct{ names []string }

func (d *dir) Stat() (fs.FileInfo, error) { return info("."), nil }
func (d *dir) Read([]byte) (int, error)   { return 0, io.EOF }
func (d *dir) Close() error               { return nil }

func (d *dir) ReadDir(int) ([]fs.DirEntry, error) {
	list := make([]fs.DirEntry, len(d.names))
	for i, n := range d.names {
		list[i] = fs.FileInfoToDirEntry(info(n))
	}
	d.names = nil
	return list, nil
}

type info string

func (i info) Name() string       { return string(i) }
func (i info) Size() int64        { return 0 }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i == "." }
func (i info) Sys() any           { return nil }
func (i info) Mode() fs.FileMode {
	if i.IsDir() {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
