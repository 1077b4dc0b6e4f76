package live

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/ledger"
	"khue/store"
	"khue/web/frame"
)

// house is a hub over a ledger, served.
type house struct {
	*testkit.Kit
	hub *Hub
	url string
	n   int
}

func newHouse(t *testing.T, limit int) *house {
	t.Helper()
	h := &house{Kit: testkit.SQLite(t)}
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	h.hub = NewHub(h.Ledger, quiet, limit)
	f := frame.New(frame.Config{Log: quiet, Now: h.Clock.Now, Problem: func(w http.ResponseWriter, _ *frame.Request, status int, _ error) { w.WriteHeader(status) }})
	Register(f, h.hub)
	f.Handle("GET /staff", func(w http.ResponseWriter, r *frame.Request) error { h.hub.Stream(w, r, true); return nil })
	ctx, stop := context.WithCancel(h.Ctx)
	done := make(chan error, 1)
	go func() { done <- h.hub.Run(ctx) }()
	s := httptest.NewServer(f)
	h.url = s.URL
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		s.Close()
	})
	return h
}

// say appends an entry and gives its position.
func (h *house) say(t *testing.T, kind string, public bool) int64 {
	t.Helper()
	h.n++
	var id string
	err := h.DB.Write(h.Ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = h.Ledger.Append(ctx, tx, ledger.Entry{Kind: kind, Public: public, Thing: "release/" + strconv.Itoa(h.n), Body: map[string]string{"secret": "không ai ngoài đọc được"}, At: h.Clock.Now()})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	pos, err := h.Ledger.Await(h.Ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return pos
}

// listen opens a stream and gives its events' data lines as they come; the first line of a stream is its retry.
func (h *house) listen(t *testing.T, path, last string) <-chan string {
	t.Helper()
	ctx, stop := context.WithTimeout(h.Ctx, 20*time.Second)
	t.Cleanup(stop)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		t.Fatalf("%s: %d %s", path, resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	lines := make(chan string, 100)
	go func() {
		defer close(lines)
		defer resp.Body.Close()
		s := bufio.NewScanner(resp.Body)
		for s.Scan() {
			if strings.HasPrefix(s.Text(), "data:") || strings.HasPrefix(s.Text(), "retry:") || strings.HasPrefix(s.Text(), "event: gap") {
				lines <- s.Text()
			}
		}
	}()
	if first := <-lines; !strings.HasPrefix(first, "retry:") {
		t.Fatalf("the first line is %q", first)
	}
	return lines
}

func next(t *testing.T, lines <-chan string) string {
	t.Helper()
	select {
	case l := <-lines:
		return l
	case <-time.After(20 * time.Second):
		t.Fatal("nothing came")
		return ""
	}
}

func TestPublicHearPublicOnly(t *testing.T) {
	h := newHouse(t, 10)
	everybody, staff := h.listen(t, "/live", ""), h.listen(t, "/staff", "")
	h.say(t, "release.edited", false)
	h.say(t, "release.published", true)
	if l := next(t, everybody); !strings.Contains(l, "release.published") || strings.Contains(l, "secret") {
		t.Errorf("everybody hears %q", l)
	}
	if l := next(t, staff); !strings.Contains(l, "release.edited") || strings.Contains(l, "secret") {
		t.Errorf("staff hear %q", l)
	}
	if l := next(t, staff); !strings.Contains(l, "release.published") {
		t.Errorf("staff hear %q", l)
	}
	h.hub.Nudge("story.grouped")
	if l := next(t, staff); !strings.Contains(l, "story.grouped") {
		t.Errorf("staff hear %q", l)
	}
}

func TestReplay(t *testing.T) {
	h := newHouse(t, 10)
	first := h.say(t, "release.published", true)
	h.say(t, "release.edited", false)
	h.say(t, "release.corrected", true)
	h.say(t, "release.withdrawn", true)
	for _, lines := range []<-chan string{h.listen(t, "/live?after="+strconv.FormatInt(first, 10), ""), h.listen(t, "/live?after=-1", strconv.FormatInt(first, 10))} {
		for _, want := range []string{"release.corrected", "release.withdrawn"} {
			if l := next(t, lines); !strings.Contains(l, want) {
				t.Errorf("%q, want %s", l, want)
			}
		}
	}
}

// TestFullHubNeverErrs: a stream that cannot be served ends with 200, since an error would end some clients for good.
func TestFullHubNeverErrs(t *testing.T) {
	h := newHouse(t, 1)
	h.listen(t, "/live", "")
	for h.hub.Subscribers() == 0 {
		time.Sleep(time.Millisecond)
	}
	second := h.listen(t, "/live", "")
	if _, more := <-second; more {
		t.Error("the second stream goes on")
	}
}

// TestSlowReaderIsLetGo: a reader that does not read delays nobody, and is given all it missed when it comes back.
func TestSlowReaderIsLetGo(t *testing.T) {
	h := newHouse(t, 10)
	slow, _, ok := h.hub.join(false)
	if !ok {
		t.Fatal("no place")
	}
	quick := h.listen(t, "/live", "")
	for range maxWaiting + 10 {
		h.say(t, "release.published", true)
	}
	for range maxWaiting + 10 {
		next(t, quick)
	}
	n := 0
	for range slow.frames {
		n++
	}
	if n != maxWaiting {
		t.Errorf("the slow reader has %d frames, %d wait at most", n, maxWaiting)
	}
}

func TestGapIsSaid(t *testing.T) {
	h := newHouse(t, 10)
	err := h.DB.Write(h.Ctx, func(ctx context.Context, tx *store.Tx) error {
		for range maxReplay + 10 {
			if _, err := h.Ledger.Append(ctx, tx, ledger.Entry{Kind: "release.published", Public: true, Thing: "release/1", Body: 1, At: h.Clock.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for h.hub.Position() < maxReplay+9 {
		time.Sleep(time.Millisecond)
	}
	if l := next(t, h.listen(t, "/live?after=0", "")); l != "event: gap" {
		t.Errorf("%q", l)
	}
}
