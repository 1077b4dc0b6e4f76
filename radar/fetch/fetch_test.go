package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

var here = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// pauses notes how long a client waited, without waiting.
type pauses struct {
	mu   sync.Mutex
	list []time.Duration
	now  time.Time
}

func (p *pauses) sleep(_ context.Context, d time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if d > 0 {
		p.list = append(p.list, d)
		p.now = p.now.Add(d)
	}
	return nil
}

func (p *pauses) clock() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

func client(p *pauses, c Config) *Client {
	p.now = time.Date(2026, 11, 9, 1, 0, 0, 0, time.UTC)
	c.Sleep, c.Now = p.sleep, p.clock
	if c.Allow == nil {
		c.Allow = here
	}
	return New(c)
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func kindOf(err error) Kind {
	var f *Fault
	if errors.As(err, &f) {
		return f.Kind
	}
	return ""
}

func TestConditional(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		if r.Header.Get("If-None-Match") == `"a"` && r.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"a"`)
		w.Header().Set("Last-Modified", "Mon, 09 Nov 2026 01:00:00 GMT")
		fmt.Fprint(w, "tin")
	})
	c := client(&pauses{}, Config{})
	first, err := c.Get(t.Context(), Request{URL: base + "/feed"})
	if err != nil || string(first.Body) != "tin" || first.ETag != `"a"` {
		t.Fatalf("%+v %v", first, err)
	}
	second, err := c.Get(t.Context(), Request{URL: base + "/feed", ETag: first.ETag, LastModified: first.LastModified})
	if err != nil || !second.NotModified || second.Body != nil {
		t.Fatalf("%+v %v", second, err)
	}
}

func TestOneAtATimeWithAPause(t *testing.T) {
	var mu sync.Mutex
	busy, most := 0, 0
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		busy++
		most = max(most, busy)
		mu.Unlock()
		if r.URL.Path == "/robots.txt" {
			fmt.Fprint(w, "User-agent: *\nCrawl-delay: 7\n")
		}
		mu.Lock()
		busy--
		mu.Unlock()
	})
	p := &pauses{}
	c := client(p, Config{Delay: 3 * time.Second})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := c.Get(t.Context(), Request{URL: base + "/x"}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if most != 1 {
		t.Errorf("%d requests at once", most)
	}
	seven := 0
	for _, d := range p.list {
		if d == 7*time.Second {
			seven++
		}
	}
	if seven < 7 {
		t.Errorf("pauses %v: the host asked for 7 s", p.list)
	}
}

func TestFaults(t *testing.T) {
	bomb := func() []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		for range 300 {
			z.Write(make([]byte, 1<<20))
		}
		z.Close()
		return b.Bytes()
	}()
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /secret\n")
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/inside":
			http.Redirect(w, r, "http://10.0.0.1/", http.StatusFound)
		case "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb)
		case "/large":
			for range 300 {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		case "/busy":
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusTooManyRequests)
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/slow":
			<-r.Context().Done()
		case "/cut":
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "short")
		}
	})
	c := client(&pauses{}, Config{Timeout: 2 * time.Second})
	quick := client(&pauses{}, Config{Timeout: 50 * time.Millisecond})
	strict := client(&pauses{}, Config{Allow: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}})
	for _, test := range []struct {
		c    *Client
		url  string
		want Kind
	}{
		{c, "ftp://example.com/x", BadAddress},
		{c, "http://user:pw@127.0.0.1/", BadAddress},
		{c, base + "/secret/1", Robots},
		{c, base + "/loop", Redirects},
		{c, base + "/inside", Private},
		{c, base + "/file", Broken},
		{c, base + "/bomb", TooLarge},
		{c, base + "/large", TooLarge},
		{c, base + "/busy", RetryLater},
		{c, base + "/gone", Status},
		{quick, base + "/slow", Timeout},
		{c, base + "/cut", Broken},
		{c, "http://127.0.0.1:1025/", Refused},
		{strict, base + "/", Private},
		{strict, strings.Replace(base, "127.0.0.1", "[::ffff:127.0.0.1]", 1) + "/", Private},
		{strict, "http://169.254.169.254/latest", Private},
	} {
		_, err := test.c.Get(t.Context(), Request{URL: test.url})
		if kindOf(err) != test.want {
			t.Errorf("%s: %v, want %s", test.url, err, test.want)
		}
	}
	_, err := c.Get(t.Context(), Request{URL: base + "/busy"})
	var f *Fault
	if !errors.As(err, &f) || f.After != 2*time.Minute {
		t.Errorf("Retry-After: %v", err)
	}
}

func TestRobotsUnreachable(t *testing.T) {
	status := http.StatusInternalServerError
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			w.WriteHeader(status)
		}
	})
	p := &pauses{}
	c := client(p, Config{})
	if _, err := c.Get(t.Context(), Request{URL: base + "/a"}); kindOf(err) != Robots {
		t.Errorf("robots.txt fails with 500: %v", err)
	}
	status = http.StatusNotFound
	p.mu.Lock()
	p.now = p.now.Add(time.Hour)
	p.mu.Unlock()
	if _, err := c.Get(t.Context(), Request{URL: base + "/a"}); err != nil {
		t.Errorf("no robots.txt: %v", err)
	}
}

func TestPermanentMove(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/old":
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
		case "/for-now":
			http.Redirect(w, r, "/old", http.StatusFound)
		case "/new":
			fmt.Fprint(w, "x")
		}
	})
	c := client(&pauses{}, Config{})
	if r, err := c.Get(t.Context(), Request{URL: base + "/old"}); err != nil || r.Moved != base+"/new" || r.URL != base+"/new" {
		t.Errorf("%+v %v", r, err)
	}
	if r, err := c.Get(t.Context(), Request{URL: base + "/for-now"}); err != nil || r.Moved != "" {
		t.Errorf("a temporary redirect moved us: %+v %v", r, err)
	}
}
