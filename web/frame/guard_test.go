package frame_test

import (
	"bytes"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"khue/problem"
	"khue/web/frame"
)

func frameOf(log io.Writer, trusted ...netip.Prefix) *frame.Frame {
	return frame.New(frame.Config{
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})), Now: func() time.Time { return time.Unix(0, 0) }, Trusted: trusted,
		Problem: func(w http.ResponseWriter, _ *frame.Request, status int, _ error) { w.WriteHeader(status) },
	})
}

// An upload that does not fit into memory lies in temporary files while it is read, and nowhere afterwards.
func TestTemporaryFilesGo(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	f := frameOf(io.Discard)
	met := 0
	f.HandleUpload("POST /files", 1<<20, func(_ http.ResponseWriter, r *frame.Request) error {
		if err := r.ParseMultipartForm(1); err != nil {
			return err
		}
		list, err := os.ReadDir(dir)
		met = len(list)
		return err
	})
	server := httptest.NewServer(f)
	defer server.Close()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("file", "to.bin")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(make([]byte, 1<<19)); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(server.URL+"/en/files", m.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK || met == 0 {
		t.Fatalf("status %d, %d files met: the test proves nothing", resp.StatusCode, met)
	}
	server.Close() // waits for what the server does after an answer
	if list, err := os.ReadDir(dir); err != nil || len(list) > 0 {
		t.Errorf("after the request %v are left (%v)", list, err)
	}
}

// Whoever reads the log cannot open the links that only one person has.
func TestSecretsStayOutOfTheLog(t *testing.T) {
	var log bytes.Buffer
	f := frameOf(&log)
	const secret = "k7d2m4q6s8u3w5y7a2c4e6g8i3k5m7o2"
	f.Handle("GET /f/{token}", func(http.ResponseWriter, *frame.Request) error { panic("broken") })
	f.Handle("GET /link/{token}", func(http.ResponseWriter, *frame.Request) error { return problem.New(problem.Internal) })
	for _, path := range []string{"/f/", "/en/f/", "/link/", "/en/link/", "/first/", "/f/" + "/", "/F/"} {
		f.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path+secret, nil))
	}
	if strings.Count(log.String(), "msg=request") < 7 {
		t.Fatalf("not every request is in the log:\n%s", log.String())
	}
	for line := range strings.Lines(log.String()) {
		if strings.Contains(line, secret) && !strings.Contains(line, "/F/") { // no such address: nothing opens by it
			t.Errorf("the log tells a secret: %s", line)
		}
	}
}

// A line of IPv6 has more addresses than any limiter remembers: its /64 counts as one visitor.
func TestOneLineIsOneVisitor(t *testing.T) {
	f := frameOf(io.Discard, netip.MustParsePrefix("127.0.0.0/8"))
	var from []netip.Addr
	f.Handle("GET /", func(_ http.ResponseWriter, r *frame.Request) error { from = append(from, r.From); return nil })
	ask := func(peer, forwarded string) netip.Addr {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = peer
		if forwarded != "" {
			r.Header.Set("X-Forwarded-For", forwarded)
		}
		f.ServeHTTP(httptest.NewRecorder(), r)
		return from[len(from)-1]
	}
	for _, c := range []struct{ peer, forwarded, want string }{
		{"[2001:db8:1:2:3:4:5:6]:99", "", "2001:db8:1:2::"},
		{"[2001:db8:1:2:ffff::1]:99", "", "2001:db8:1:2::"},
		{"203.0.113.9:99", "198.51.100.1", "203.0.113.9"},            // a stranger's word counts for nothing
		{"127.0.0.1:99", "198.51.100.1, 203.0.113.9", "203.0.113.9"}, // the proxy's own, not what the visitor sent
		{"[::ffff:127.0.0.1]:99", "2001:db8::1", "2001:db8::"},       // the same proxy on a socket of both kinds
		{"[::ffff:203.0.113.9]:99", "", "203.0.113.9"},
	} {
		if got := ask(c.peer, c.forwarded); got.String() != c.want {
			t.Errorf("%s saying %q counts as %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}
