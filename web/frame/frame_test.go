package frame

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"khue/catalogue"
	"khue/problem"
)

// stand makes a frame whose pages of errors are their sentences.
func stand(t *testing.T, now func() time.Time, log *slog.Logger) *Frame {
	t.Helper()
	if log == nil {
		log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	f := New(Config{Log: log, Now: now, Secure: true, Session: "s", Problem: func(w http.ResponseWriter, r *Request, status int, err error) {
		w.WriteHeader(status)
		io.WriteString(w, r.Lang.Error(err))
	}})
	f.Handle("GET /hello/{name}", func(w http.ResponseWriter, r *Request) error {
		io.WriteString(w, string(r.Lang)+" "+r.PathValue("name")+" "+r.Path)
		return nil
	})
	f.Handle("POST /hello/{name}", func(w http.ResponseWriter, r *Request) error {
		_, err := io.Copy(io.Discard, r.Body)
		return err
	})
	f.Handle("GET /panic", func(http.ResponseWriter, *Request) error { panic("nobody expects this") })
	f.Handle("GET /secret", func(http.ResponseWriter, *Request) error { return errors.New("the password is 123") })
	return f
}

func at(t time.Time) func() time.Time { return func() time.Time { return t } }

var monday = time.Date(2026, 11, 9, 1, 0, 0, 0, time.UTC)

func get(f *Frame, method, path string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w
}

func TestLanguageStandsInThePath(t *testing.T) {
	f := stand(t, at(monday), nil)
	for path, want := range map[string]string{"/hello/lan": "vi lan /hello/lan", "/en/hello/lan": "en lan /hello/lan"} {
		if w := get(f, "GET", path); w.Code != 200 || w.Body.String() != want {
			t.Errorf("%s: %d %q, want %q", path, w.Code, w.Body.String(), want)
		}
	}
	if catalogue.EN.Href("/x") != "/en/x" || catalogue.VI.Href("/x") != "/x" {
		t.Error("Href")
	}
}

// TestReaderWhoLeftIsNoFault: what breaks off because the reader left is not logged as a fault; the same error while the reader waits is.
func TestReaderWhoLeftIsNoFault(t *testing.T) {
	var logged strings.Builder
	f := stand(t, at(monday), slog.New(slog.NewTextHandler(&logged, nil)))
	f.Handle("GET /slow", func(http.ResponseWriter, *Request) error { return fmt.Errorf("read: %w", context.Canceled) })
	left := func(r *http.Request) {
		ctx, leave := context.WithCancel(r.Context())
		leave()
		*r = *r.WithContext(ctx)
	}
	if w := get(f, "GET", "/slow", left); w.Code != statusLeft || logged.Len() > 0 {
		t.Errorf("%d %s", w.Code, logged.String())
	}
	if w := get(f, "GET", "/slow"); w.Code != http.StatusInternalServerError || !strings.Contains(logged.String(), "request failed") {
		t.Errorf("%d %s", w.Code, logged.String())
	}
}

func TestErrorsAreSentences(t *testing.T) {
	var logged strings.Builder
	f := stand(t, at(monday), slog.New(slog.NewTextHandler(&logged, nil)))
	for _, test := range []struct {
		method, path string
		status       int
		says         string
	}{
		{"GET", "/nowhere", 404, "Không có"},
		{"GET", "/enough", 404, "Không có"}, // /en is a language only before a slash
		{"DELETE", "/hello/lan", 405, "không nhận"},
		{"GET", "/panic", 500, "Lỗi của chúng tôi, mã "},
		{"GET", "/secret", 500, "Lỗi của chúng tôi, mã "},
		{"GET", "/en/secret", 500, "our"},
	} {
		w := get(f, test.method, test.path)
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.says) {
			t.Errorf("%s %s: %d %q", test.method, test.path, w.Code, w.Body.String())
		}
		if strings.Contains(w.Body.String(), "123") || strings.Contains(w.Body.String(), "expects") {
			t.Errorf("%s shows what went wrong inside: %q", test.path, w.Body.String())
		}
		if id := w.Header().Get("X-Request-Id"); test.status == 500 && (!strings.Contains(w.Body.String(), id) || !strings.Contains(logged.String(), id)) {
			t.Errorf("%s: the request's id %s is not on the page and in the log", test.path, id)
		}
	}
	if allow := get(f, "DELETE", "/hello/lan").Header().Get("Allow"); !strings.Contains(allow, "POST") {
		t.Errorf("Allow: %q", allow)
	}
}

func TestHeadersStandOnEveryAnswer(t *testing.T) {
	f := stand(t, at(monday), nil)
	for _, path := range []string{"/hello/lan", "/nowhere", "/panic"} {
		h := get(f, "GET", path).Header()
		if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin"} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		if !strings.Contains(h.Get("Strict-Transport-Security"), "max-age") {
			t.Errorf("%s: no HSTS", path)
		}
	}
}

func TestForeignFormsAndTooManyWrites(t *testing.T) {
	clock := monday
	f := stand(t, func() time.Time { return clock }, nil)
	foreign := func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }
	if w := get(f, "POST", "/hello/lan", foreign); w.Code != 403 {
		t.Errorf("a foreign form: %d", w.Code)
	}
	own := func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") }
	codes := map[int]int{}
	var last *httptest.ResponseRecorder
	for range 40 {
		last = get(f, "POST", "/hello/lan", own)
		codes[last.Code]++
	}
	if codes[200] == 0 || codes[429] == 0 || last.Header().Get("Retry-After") == "" || !strings.Contains(last.Body.String(), "giây") {
		t.Errorf("forty forms at once: %v, %q", codes, last.Body.String())
	}
	other := func(r *http.Request) { own(r); r.RemoteAddr = "203.0.113.9:1" }
	if w := get(f, "POST", "/hello/lan", other); w.Code != 200 {
		t.Errorf("another address is held back too: %d", w.Code)
	}
	logged := func(r *http.Request) { own(r); r.AddCookie(&http.Cookie{Name: "s", Value: "abc"}) }
	for i := range 121 {
		if w := get(f, "POST", "/hello/lan", logged); (w.Code == 200) != (i < sessionWrites) {
			t.Fatalf("form %d of a session: %d", i+1, w.Code)
		}
	}
	clock = clock.Add(time.Minute)
	if w := get(f, "POST", "/hello/lan", own); w.Code != 200 {
		t.Errorf("a minute later: %d", w.Code)
	}
}

func TestLargeBodyIsSaid(t *testing.T) {
	f := stand(t, at(monday), nil)
	r := httptest.NewRequest("POST", "/hello/lan", strings.NewReader(strings.Repeat("x", 2<<20)))
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	if w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), "MB") {
		t.Errorf("%d %q", w.Code, w.Body.String())
	}
}

// TestEveryCodeHasItsStatus: no kind of problem falls to a status that says something else.
func TestEveryCodeHasItsStatus(t *testing.T) {
	for code, want := range map[problem.Code]int{
		problem.NotFound: 404, problem.Forbidden: 403, problem.SamePerson: 403, problem.Session: 401, problem.Password: 401, problem.Conflict: 409, problem.State: 409,
		problem.Rate: 429, problem.Locked: 429, problem.Size: 413, problem.Expired: 410, problem.Method: 405, problem.Precond: 412, problem.Full: 507, problem.Loading: 503,
		problem.Internal: 500, problem.Required: 422, problem.Invalid: 422, problem.Evidence: 422, problem.Kind: 422,
	} {
		if got := Status(code); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
}

func TestLimiterForgets(t *testing.T) {
	clock := monday
	l := NewLimiter(func() time.Time { return clock }, 2, time.Minute)
	for range 2 {
		if l.Take("a") != 0 {
			t.Fatal("two are allowed")
		}
	}
	if wait := l.Take("a"); wait <= 0 || wait > time.Minute {
		t.Errorf("wait %s", wait)
	}
	clock = clock.Add(30 * time.Second)
	if l.Take("a") != 0 {
		t.Error("half a minute gives one of two back")
	}
}
