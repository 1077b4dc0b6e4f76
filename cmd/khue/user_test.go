package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"khue/internal/house"
	"khue/people"
	"khue/problem"
	"khue/regulation"
)

// khue runs a command in a data folder and gives its exit code and what it wrote.
func khue(t *testing.T, dir, stdin string, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	code := run(context.Background(), append([]string{"--data", dir, "--lang", "en"}, args...), nil, strings.NewReader(stdin), &out, &out)
	return code, out.String()
}

func TestUserCommandAloneAndThroughTheSocket(t *testing.T) {
	dir := t.TempDir()
	f := func(code int, holds, stdin string, args ...string) {
		t.Helper()
		got, out := khue(t, dir, stdin, append([]string{"user"}, args...)...)
		if got != code || !strings.Contains(out, holds) {
			t.Errorf("user %v: exit %d, %q; want %d with %q", args, got, out, code, holds)
		}
	}
	f(0, "http://localhost:8080/link/", "", "add", "hoa@khue.example", "--name", "Hoa", "--post", "admin@TTBC")
	f(0, "Added lan@sxd.example", "", "add", "lan@sxd.example", "--name", "Nguyễn Lan", "--post", "focal-point@SXD")
	f(1, "has an account", "", "add", "lan@sxd.example", "--name", "Lan")
	f(2, "editor@TTBC", "", "add", "x@sxd.example", "--name", "X", "--post", "editor")
	f(2, "name", "", "add", "x@sxd.example")

	ctx, stop := context.WithCancel(context.Background())
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	h, err := house.Open(ctx, house.Config{Dir: dir, Origin: "http://localhost:8080", LogName: "localhost:8080/log", Log: log, Cost: people.Cost{Time: 1, Memory: 64, Threads: 1}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, house.SocketFile)
	done := make(chan error, 1)
	go func() { done <- serveSocket(ctx, path, log, verbs(h)) }()
	for { // it comes, or serveSocket says why not
		if _, err := os.Stat(path); err == nil {
			break
		}
		select {
		case err := <-done:
			t.Fatal(err)
		default:
		}
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("socket: %v %v", st.Mode(), err)
	}
	f(0, "lan@sxd.example", "", "list", "--office", "SXD")
	f(0, "officer@SXD", "", "posts", "lan@sxd.example", "officer@SXD")
	f(1, "at least one administrator", "", "close", "hoa@khue.example")
	f(0, "every session ended", "một mật khẩu mới 1\n", "password", "lan@sxd.example", "--stdin")
	f(1, "10 characters", "ngắn\n", "password", "lan@sxd.example", "--stdin")
	f(0, "Closed lan", "", "close", "lan@sxd.example")
	f(1, "no", "", "close", "khong@sxd.example")

	records, err := h.Ledger.Before(ctx, 1<<40, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if r.Kind == "people.account-closed" && r.Actor != osUser(os.Getuid()).ID {
			t.Errorf("closed by %q", r.Actor)
		}
		if strings.Contains(string(r.Body), "Lan") || strings.Contains(string(r.Body), "sxd.example") {
			t.Errorf("the ledger holds a name or an address: %s %s", r.Kind, r.Body)
		}
	}

	// What is no question gets an answer, and the server goes on.
	for _, text := range []string{"", "{}\n", "[1]\n", `{"verb":"user.add","args":{"nobody":1}}` + "\n", `{"verb":"x","more":1}` + "\n", "\xff\xfe\n"} {
		conn, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, text)
		conn.(*net.UnixConn).CloseWrite()
		var a socketAnswer
		if err := json.NewDecoder(conn).Decode(&a); err != nil || len(a.Problems) != 1 || a.Problems[0].Code != problem.Usage {
			t.Errorf("%q: %+v %v", text, a, err)
		}
		conn.Close()
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Error("the socket stays behind")
	}
	f(0, "hoa@khue.example", "", "list")
}

func TestSocketOfNobody(t *testing.T) {
	err := callSocket(context.Background(), filepath.Join(t.TempDir(), "khue.sock"), "user.list", "vi", userList{}, &[]userRow{})
	if problem.CodeOf(err) != problem.InUse {
		t.Fatal(err)
	}
}

func FuzzReadAsk(f *testing.F) {
	f.Add([]byte(`{"verb":"user.list","lang":"vi","args":{}}` + "\n"))
	f.Add([]byte(`{"verb":1}`))
	f.Add([]byte("\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ask, err := readAsk(bytes.NewReader(data))
		if err == nil && len(ask.Args) > len(data) {
			t.Fatal("more than was sent")
		}
	})
}

func FuzzPostsOf(f *testing.F) {
	f.Add("editor@TTBC")
	f.Add("@")
	f.Fuzz(func(t *testing.T, s string) {
		posts, err := postsOf([]string{s})
		if err == nil && (len(posts) != 1 || posts[0].Role == "" || posts[0] == (regulation.Post{})) {
			t.Fatalf("%q gives %v", s, posts)
		}
	})
}
