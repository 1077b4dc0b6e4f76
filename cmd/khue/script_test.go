package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/rogpeppe/go-internal/testscript"

	"khue/catalogue"
	"khue/store"
)

// The scripts in testdata/script run the program itself, as an operator would. TestMain makes this test binary answer to the
// name khue.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"khue": func() { os.Exit(Main()) }})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			feed := httptest.NewServer(http.HandlerFunc(serveFeed))
			e.Defer(feed.Close)
			taken, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			e.Defer(func() { taken.Close() })
			free, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			e.Setenv("FREE", free.Addr().String())
			e.Setenv("TAKEN", taken.Addr().String())
			e.Setenv("FEED", feed.URL)
			rules, err := filepath.Abs("../../profile/hanoi/rules")
			if err != nil {
				return err
			}
			e.Setenv("RULES", rules)
			e.Setenv("KHUE_LANG", "en")
			return free.Close()
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "await": await, "sql": runSQL, "flip": flip, "same-tables": sameTables, "replace": replace,
		},
	})
}

// exits CODE ARGS… runs khue and wants that exit code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec("khue", args[1:]...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	default:
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("khue %s: exit code %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// await URL [LINE] waits until an address answers 200, with a line in it when one is given, at most half a minute.
func await(ts *testscript.TestScript, _ bool, args []string) {
	for end := time.Now().Add(30 * time.Second); ; {
		resp, err := http.Get(args[0])
		if err == nil {
			body, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK && (len(args) < 2 || strings.Contains("\n"+string(body)+"\n", "\n"+args[1]+"\n")) {
				return
			}
		}
		if time.Now().After(end) {
			ts.Fatalf("%s does not answer: %v", args[0], err)
		}
		time.Sleep(20 * time.Millisecond) // another process is starting: nothing tells us when
	}
}

// replace FILE OLD NEW writes the first place of a text anew.
func replace(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s has no %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, args[1], args[2], 1)), 0o600))
}

// sql FILE STATEMENT changes a database behind the program's back.
func runSQL(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(change(ts.MkAbs(args[0]), args[1]))
}

func change(file, statement string, args ...any) error {
	ctx := context.Background()
	db, err := store.Open(ctx, store.Config{File: file})
	if err != nil {
		return err
	}
	err = db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, statement, args...)
		return err
	})
	return errors.Join(err, db.Close())
}

// flip FILE POSITION changes one byte of the entry at a position of the log.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	ctx := context.Background()
	db, err := store.Open(ctx, store.Config{File: ts.MkAbs(args[0])})
	ts.Check(err)
	var entry []byte
	err = db.QueryRow(ctx, `SELECT entry FROM ledger_entry WHERE position = ?1`, n).Scan(&entry)
	ts.Check(errors.Join(err, db.Close()))
	entry[len(entry)/2] ^= 1
	ts.Check(change(ts.MkAbs(args[0]), `UPDATE ledger_entry SET entry = ?1 WHERE position = ?2`, entry, n))
}

// same-tables ONE OTHER wants the same rows in every table of two database files.
func sameTables(ts *testscript.TestScript, _ bool, args []string) {
	one, other := tablesOf(ts, args[0]), tablesOf(ts, args[1])
	if len(one) < 10 || len(one) != len(other) {
		ts.Fatalf("%d and %d tables", len(one), len(other))
	}
	for name, rows := range one {
		if !bytes.Equal(rows, other[name]) {
			ts.Fatalf("%s differs:\n%s\n%s", name, rows, other[name])
		}
	}
}

// tablesOf dumps a database and gives the rows of each table as they stand in a backup.
func tablesOf(ts *testscript.TestScript, file string) map[string][]byte {
	ctx := context.Background()
	db, err := store.Open(ctx, store.Config{File: ts.MkAbs(file)})
	ts.Check(err)
	var z bytes.Buffer
	ts.Check(dumpTo(ctx, db, &z))
	ts.Check(db.Close())
	return tablesIn(ts, z.Bytes())
}

const scriptFeed = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Báo Ven Sông</title><link>https://vensong.example/</link>
<item><title>Khơi thông cống phường Bến Xanh</title><link>https://vensong.example/1</link><guid>1</guid></item>
</channel></rss>`

func serveFeed(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/rss":
		w.Header().Set("Content-Type", "application/rss+xml")
		io.WriteString(w, scriptFeed)
	case "/":
		io.WriteString(w, `<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head><body>Trang đầu</body></html>`)
	case "/text":
		io.WriteString(w, "chỉ là chữ")
	default:
		http.NotFound(w, r)
	}
}

// TestEveryCommandShowsAnExample looks at the help of every command, in both languages.
func TestEveryCommandShowsAnExample(t *testing.T) {
	parser, err := kong.New(&cli{}, vars(catalogue.VI))
	if err != nil {
		t.Fatal(err)
	}
	var commands []string
	var walk func(n *kong.Node, path string)
	walk = func(n *kong.Node, path string) {
		for _, c := range n.Children {
			if name := strings.TrimSpace(path + " " + c.Name); len(c.Children) > 0 {
				walk(c, name)
			} else {
				commands = append(commands, name)
			}
		}
	}
	walk(parser.Model.Node, "")
	for _, want := range []string{"serve", "demo", "user add", "source add", "radar feed", "radar replay", "radar watch", "radar forecast", "claim match", "verify", "text extract", "text neardup", "regulation check", "regulation due", "ledger check", "ledger prove", "backup", "restore", "migrate", "config", "version"} {
		if !strings.Contains("\n"+strings.Join(commands, "\n")+"\n", "\n"+want+"\n") {
			t.Errorf("there is no command %s", want)
		}
	}
	for lang, words := range map[string][2]string{"vi": {"Cách dùng: khue ", "Ví dụ: "}, "en": {"Usage: khue ", "Example: "}} {
		for _, c := range commands {
			var out, errs bytes.Buffer
			code := run(context.Background(), append([]string{"--lang", lang}, append(strings.Fields(c), "--help")...), nil, strings.NewReader(""), &out, &errs)
			text := strings.Join(strings.Fields(out.String()), " ")
			if code != exitOK || errs.Len() > 0 || !strings.HasPrefix(text, words[0]+c) || strings.Contains(text, "⟦") {
				t.Errorf("%s %s --help: exit %d %s\n%s", lang, c, code, errs.String(), out.String())
			}
			if !strings.Contains(text, words[1]) || !strings.Contains(text[strings.Index(text, words[1]):], "khue "+c) {
				t.Errorf("%s %s --help shows no example:\n%s", lang, c, out.String())
			}
		}
	}
}

func TestBackupHoldsWhatTheFolderNeeds(t *testing.T) {
	dir := t.TempDir()
	if code, out := khue(t, dir, "", "user", "add", "a@khue.example", "--name", "A", "--post", "admin@TTBC"); code != 0 {
		t.Fatal(out)
	}
	stored := filepath.Join(dir, "files", "ab", "abcdef")
	if err := errors.Join(os.MkdirAll(filepath.Dir(stored), 0o700), os.WriteFile(stored, []byte("tệp"), 0o600)); err != nil {
		t.Fatal(err)
	}
	zip := filepath.Join(t.TempDir(), "b.zip")
	if code, out := khue(t, dir, "", "backup", zip); code != 0 {
		t.Fatal(out)
	}
	again := filepath.Join(t.TempDir(), "again")
	if code, out := khue(t, again, "", "restore", zip); code != 0 {
		t.Fatal(out)
	}
	for _, name := range []string{"log.key", "people.key", "files/ab/abcdef"} {
		want, err := os.ReadFile(filepath.Join(dir, name))
		got, err2 := os.ReadFile(filepath.Join(again, name))
		if err != nil || err2 != nil || !bytes.Equal(got, want) || len(got) == 0 {
			t.Errorf("%s: %v %v", name, err, err2)
		}
	}
}

func dumpTo(ctx context.Context, db *store.DB, w io.Writer) error {
	z := zip.NewWriter(w)
	if _, err := db.Dump(ctx, z, time.Unix(0, 0)); err != nil {
		return err
	}
	return z.Close()
}

func tablesIn(ts *testscript.TestScript, data []byte) map[string][]byte {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	ts.Check(err)
	tables := map[string][]byte{}
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "table/") {
			tables[f.Name], err = readZip(z, f.Name)
			ts.Check(err)
		}
	}
	return tables
}
