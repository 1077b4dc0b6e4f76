// Package storetest gives tests a database of each engine: a temporary SQLite
// file, and a PostgreSQL server that it starts once a test binary from
// Debian's packages (or the one that KHUE_TEST_POSTGRES names).
package storetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"khue/store"
)

// Each runs f as a subtest on an empty, migrated database of every engine.
func Each(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, Postgres(t)) })
}

// SQLite gives a migrated database in a temporary file.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	return open(t, store.Config{File: filepath.Join(t.TempDir(), "khue.db")})
}

// Postgres gives a migrated database of its own on the test server. Without a server the test is skipped, unless
// KHUE_REQUIRE_POSTGRES is set, as make test sets it.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	return open(t, store.Config{Database: PostgresAddress(t)})
}

func open(t testing.TB, c store.Config) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return db
}

var (
	server  = sync.OnceValues(start)
	counter atomic.Int64
)

// PostgresAddress makes an empty database on the test server and gives its address.
func PostgresAddress(t testing.TB) string {
	t.Helper()
	base, err := server()
	if err != nil {
		if os.Getenv("KHUE_REQUIRE_POSTGRES") != "" {
			t.Fatal(err)
		}
		t.Skipf("no PostgreSQL: %v (apt-get install postgresql-15)", err)
	}
	ctx := context.Background()
	admin, err := store.Open(ctx, store.Config{Database: base})
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	name := fmt.Sprintf("khue_%d_%d", os.Getpid(), counter.Add(1))
	conn, err := admin.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s dbname=%s", trimDB(base), name)
}

func trimDB(base string) string { return base[:len(base)-len(" dbname=postgres")] }

// start runs a server in a temporary folder on a unix socket. It ends with the test binary's parent: a small shell waits for us.
func start() (string, error) {
	if a := os.Getenv("KHUE_TEST_POSTGRES"); a != "" {
		return a + " dbname=postgres", nil
	}
	bins, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if len(bins) == 0 {
		return "", errors.New("no server in /usr/lib/postgresql")
	}
	bin := bins[len(bins)-1]
	dir, err := os.MkdirTemp("", "khue-pg-")
	if err != nil {
		return "", err
	}
	as := func(name string, args ...string) *exec.Cmd {
		if os.Getuid() != 0 { // initdb refuses root
			return exec.Command(name, args...)
		}
		return exec.Command("runuser", append([]string{"-u", "postgres", "--", name}, args...)...)
	}
	if os.Getuid() == 0 {
		if out, err := exec.Command("chown", "postgres", dir).CombinedOutput(); err != nil {
			return "", fmt.Errorf("chown: %w: %s", err, out)
		}
	}
	if out, err := as(filepath.Join(bin, "initdb"), "-A", "trust", "-N", "-U", "postgres", "-E", "UTF8", "--locale=C", filepath.Join(dir, "data")).CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w: %s", err, out)
	}
	// The server stops when this process is gone, however it went.
	script := fmt.Sprintf(`%s/postgres -D %s/data -k %s -h '' -c max_connections=200 >%s/log 2>&1 & p=$!; while [ -d /proc/%d ] && kill -0 $p 2>/dev/null; do sleep 0.5; done; kill -INT $p; wait $p; rm -rf %s`,
		bin, dir, dir, dir, os.Getpid(), dir)
	cmd := as("sh", "-c", script)
	cmd.Stdout, cmd.Stderr = nil, nil
	if err := cmd.Start(); err != nil {
		return "", err
	}
	go cmd.Wait() //nolint:errcheck // it ends after us
	base := fmt.Sprintf("host=%s user=postgres dbname=postgres", dir)
	var last error
	for range 200 {
		db, err := store.Open(context.Background(), store.Config{Database: base})
		if err == nil {
			db.Close()
			return base, nil
		}
		last = err
		time.Sleep(50 * time.Millisecond)
	}
	return "", fmt.Errorf("the server does not answer: %w", last)
}
