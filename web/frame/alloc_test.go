package frame

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// quiet is a writer that keeps nothing.
type quiet struct{ h http.Header }

func (q quiet) Header() http.Header         { return q.h }
func (q quiet) Write(b []byte) (int, error) { return len(b), nil }
func (q quiet) WriteHeader(int)             {}

// TestFrameAllocatesLittle holds what stands around every request to a few small allocations, so that a page from the cache costs about
// what a bare handler costs.
func TestFrameAllocatesLittle(t *testing.T) {
	f := New(Config{Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now, Observe: func(string, int, time.Duration) {}})
	body := []byte("một trang")
	f.Handle("GET /{$}", func(w http.ResponseWriter, _ *Request) error {
		_, err := w.Write(body)
		return err
	})
	w := quiet{http.Header{}}
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	if n := testing.AllocsPerRun(200, func() { f.ServeHTTP(w, r) }); n > 10 {
		t.Errorf("%v allocations around a page, want at most 10", n)
	} else {
		t.Log(n)
	}
}

// TestAnswersOfTheMux holds that an address without a handler, another method and a missing slash are answered as before: the first two
// by our page, the last by a redirect.
func TestAnswersOfTheMux(t *testing.T) {
	f := New(Config{
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now,
		Problem: func(w http.ResponseWriter, _ *Request, status int, _ error) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte("trang của ta"))
		},
	})
	f.Handle("GET /a/", func(w http.ResponseWriter, _ *Request) error {
		_, err := w.Write([]byte("a"))
		return err
	})
	for _, c := range []struct {
		method, path string
		status       int
		body, allow  string
	}{
		{"GET", "/a/", 200, "a", ""},
		{"GET", "/en/a/", 200, "a", ""},
		{"GET", "/b", 404, "trang của ta", ""},
		{"GET", "//b", 404, "trang của ta", ""},
		{"DELETE", "/api/b", 404, "trang của ta", ""},
		{"POST", "/a/", 405, "trang của ta", "GET, HEAD"},
		{"HEAD", "/a", 307, "", ""},
	} {
		w := httptest.NewRecorder()
		f.ServeHTTP(w, httptest.NewRequest(c.method, c.path, http.NoBody))
		if w.Code != c.status || w.Body.String() != c.body || w.Header().Get("Allow") != c.allow {
			t.Errorf("%s %s: %d %q, Allow %q; want %d %q, %q", c.method, c.path, w.Code, w.Body, w.Header().Get("Allow"), c.status, c.body, c.allow)
		}
		if w.Header().Get("Content-Security-Policy") == "" || len(w.Header().Get("X-Request-Id")) != 16 {
			t.Errorf("%s %s: header %v", c.method, c.path, w.Header())
		}
		if w.Code != 307 && w.Header().Get("Location") != "" {
			t.Errorf("%s %s: sent elsewhere", c.method, c.path)
		}
	}
}
