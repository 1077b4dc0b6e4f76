package radar

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"khue/internal/testkit"
	"khue/problem"
	"khue/radar/fetch"
	"khue/radar/listing"
	"khue/radar/social"
)

// server is a test server of which each path is a function.
type server struct {
	mu    sync.Mutex
	url   string
	paths map[string]http.HandlerFunc
	asked []string
}

func newServer(t *testing.T) *server {
	t.Helper()
	w := &server{paths: map[string]http.HandlerFunc{}}
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		f := w.paths[r.URL.Path]
		if r.URL.Path != "/robots.txt" {
			w.asked = append(w.asked, r.URL.RequestURI())
		}
		w.mu.Unlock()
		if f == nil {
			http.NotFound(rw, r)
			return
		}
		f(rw, r)
	}))
	t.Cleanup(s.Close)
	w.url = s.URL
	return w
}

func (w *server) on(path string, f http.HandlerFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.paths[path] = f
}

// say answers a path with a body in which {url} is the server's address.
func (w *server) say(path, kind, body string) {
	w.on(path, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", kind)
		fmt.Fprint(rw, strings.ReplaceAll(body, "{url}", w.url))
	})
}

func (w *server) requests() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := w.asked
	w.asked = nil
	return list
}

func mustAdd(t *testing.T, k *testkit.Kit, r *Room, in AddSourceInput) Source {
	t.Helper()
	s, err := r.AddSource(k.Ctx, analyst, in)
	if err != nil {
		t.Fatalf("%+v: %v", in, err)
	}
	return s
}

func news(t *testing.T, k *testkit.Kit, r *Room, source string) string {
	t.Helper()
	list, err := r.News(k.Ctx, analyst, source, 500)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range list {
		out = append(out, m.Title)
	}
	return strings.Join(out, "|")
}

func health(t *testing.T, k *testkit.Kit, r *Room, id string) Source {
	t.Helper()
	s, err := r.Source(k.Ctx, analyst, id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// step lets a day pass and does all that is due.
func step(t *testing.T, k *testkit.Kit, r *Room) {
	t.Helper()
	k.Clock.Add(25 * time.Hour)
	if _, err := r.Step(k.Ctx); err != nil {
		t.Fatal(err)
	}
}

func day(k *testkit.Kit) string { return k.Clock.Now().Format("2006-01-02") }

func TestSitemapSource(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		w, r := newServer(t), room(t, k)
		w.say("/sitemap.xml", "text/xml", `<sitemapindex><sitemap><loc>{url}/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap><sitemap><loc>{url}/news.xml.gz</loc><lastmod>2026-11-09</lastmod></sitemap></sitemapindex>`)
		w.say("/old.xml", "text/xml", `<urlset><url><loc>{url}/old</loc><lastmod>2020-01-01</lastmod></url></urlset>`)
		w.on("/news.xml.gz", func(rw http.ResponseWriter, _ *http.Request) {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			fmt.Fprintf(z, `<urlset xmlns:news="n"><url><loc>%s/a</loc><news:news><news:publication_date>%s</news:publication_date><news:title>Phường Mẫu sửa ống nước</news:title></news:news></url><url><loc>%s/b</loc><lastmod>%s</lastmod></url>`, w.url, day(k), w.url, day(k))
			z.Close()
			rw.Header().Set("Content-Type", "application/x-gzip")
			_, _ = rw.Write(b.Bytes())
		})
		w.say("/a", "text/html", `<article><h1>Phường Mẫu sửa ống nước</h1><p>`+waterText+`</p></article>`)
		w.say("/b", "text/html", `<html><head><title>Thư viện ngoài trời</title></head><body><article><h1>Thư viện ngoài trời</h1><p>`+schoolText+`</p></article></body></html>`)
		s := mustAdd(t, k, r, AddSourceInput{Address: w.url + "/sitemap.xml"})
		if s.Kind != KindSitemap {
			t.Fatalf("guessed %q", s.Kind)
		}
		if _, err := r.Step(k.Ctx); err != nil {
			t.Fatal(err)
		}
		if got := news(t, k, r, s.ID); got != "Phường Mẫu sửa ống nước|Thư viện ngoài trời" && got != "Thư viện ngoài trời|Phường Mẫu sửa ống nước" {
			t.Errorf("%q", got)
		}
		w.say("/sitemap.xml", "text/html", `<html>bảo trì</html>`)
		step(t, k, r)
		if got := health(t, k, r, s.ID); got.Fault != noMap || got.Failures != 1 {
			t.Errorf("%q %d", got.Fault, got.Failures)
		}
	})
}

const listPage = `<html><head><title>Phường Mẫu - Tin tức</title></head><body><ul class="news">
<li><a href="/p/1">Phường Mẫu mở lớp dạy bơi miễn phí cho trẻ em</a><i>09/11/2026 07:00</i></li>
<li><a href="/p/2">Tổ dân phố số 7 trồng thêm cây bóng mát ở ngõ Thử</a><i>09/11/2026 06:00</i></li>
<li><a href="/p/3">Lịch tiêm chủng tháng này của trạm y tế phường</a><i>08/11/2026</i></li>
<li><a href="/p/4">Thông báo tuyển quân và khám sức khỏe đợt một</a><i>sáng nay</i></li></ul></body></html>`

func TestPageSource(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		w, r := newServer(t), room(t, k)
		w.say("/tin", "text/html; charset=utf-8", listPage)
		rules := listing.Rules{Item: "ul.news > li", Time: "i"}
		in := AddSourceInput{Kind: KindPage, Address: w.url + "/tin", Settings: Settings{Page: &rules}, Group: " Phường / Mẫu ", Beat: "health", Trust: Official}
		found, err := r.Preview(k.Ctx, analyst, in)
		if err != nil || found.Items != 4 || found.Entries[0].Title != "Phường Mẫu mở lớp dạy bơi miễn phí cho trẻ em" || found.Name != "Phường Mẫu - Tin tức" {
			t.Fatalf("%+v %v", found, err)
		}
		if list, err := r.Sources(k.Ctx, analyst); err != nil || len(list) != 0 {
			t.Errorf("a look added %d sources, %v", len(list), err)
		}
		s := mustAdd(t, k, r, in)
		if got := health(t, k, r, s.ID); got.Group != "Phường/Mẫu" || got.Beat != "health" || got.Trust != Official || got.Settings.Page == nil || *got.Settings.Page != rules {
			t.Errorf("%+v", got)
		}
		if _, err := r.VisitDue(k.Ctx); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(news(t, k, r, s.ID), "|"); got != 3 {
			t.Errorf("%d", got+1)
		}
		// The page was rebuilt: it answers, and the selectors find nothing.
		w.say("/tin", "text/html", `<div class="new-list"></div>`)
		step(t, k, r)
		if got := health(t, k, r, s.ID); got.Fault != noEntries {
			t.Errorf("%q", got.Fault)
		}
		// Without selectors they are found out.
		w.say("/tin", "text/html; charset=utf-8", listPage)
		found, err = r.Preview(k.Ctx, analyst, AddSourceInput{Kind: KindPage, Address: w.url + "/tin"})
		if err != nil || found.Items != 4 || found.Settings.Page == nil {
			t.Errorf("%+v %v", found, err)
		}
		for field, in := range map[string]AddSourceInput{
			"title": {Kind: KindPage, Address: w.url + "/tin", Settings: Settings{Page: &listing.Rules{Item: "li", Title: "a["}}},
			"item":  {Kind: KindPage, Address: w.url + "/tin", Settings: Settings{Page: &listing.Rules{Item: "table"}}},
			"kind":  {Kind: "dream", Address: w.url + "/tin"}, "trust": {Kind: KindPage, Address: w.url + "/tin", Trust: "blind"}, "address": {Kind: KindPage},
		} {
			if _, err := r.AddSource(k.Ctx, analyst, in); len(problem.All(err)) != 1 || problem.All(err)[0].Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}

// TestMastodonSource: a timeline is followed from post to post, page by page, and closes itself off for a day.
func TestMastodonSource(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		w, r := newServer(t), room(t, k)
		var mu sync.Mutex
		last, closed := 100, false
		w.on("/api/v1/timelines/tag/hanoi", func(rw http.ResponseWriter, q *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			if closed {
				rw.WriteHeader(http.StatusUnprocessableEntity)
				fmt.Fprint(rw, `{"error":"This method requires an authenticated user"}`)
				return
			}
			// With min_id the answer is the page that follows it, newest first; without, the newest page.
			first, end := max(1, last-2), last
			if v := q.URL.Query().Get("min_id"); v != "" {
				after, _ := strconv.Atoi(v)
				first, end = after+1, min(after+3, last)
			}
			var list []string
			for i := end; i >= first; i-- {
				list = append(list, fmt.Sprintf(`{"id":"%d","uri":"%s/s/%d","url":"%s/@ai/%d","created_at":"2026-11-09T00:00:00Z","content":"<p>Bài số %d về hồ Mẫu</p>","visibility":"public","account":{"username":"ai","url":"https://mxh.example/@ai"}}`, i, w.url, i, w.url, i, i))
			}
			fmt.Fprintf(rw, "[%s]", strings.Join(list, ","))
		})
		s := mustAdd(t, k, r, AddSourceInput{Address: w.url + "/tags/hanoi"})
		if s.Kind != KindMastodon || !strings.HasPrefix(s.Name, "#hanoi") {
			t.Fatalf("%+v", s)
		}
		w.requests()
		if _, err := r.Step(k.Ctx); err != nil {
			t.Fatal(err)
		}
		if got := strings.Split(news(t, k, r, s.ID), "|"); len(got) != 3 {
			t.Fatalf("%q", got)
		}
		// Who wrote it is known by a keyed hash alone, the same for all their posts.
		var accounts, clear int
		if err := k.DB.QueryRow(k.Ctx, `SELECT COUNT(DISTINCT account), SUM(CASE WHEN account LIKE '%ai%' OR length(account) <> 16 THEN 1 ELSE 0 END) FROM mention`).Scan(&accounts, &clear); err != nil || accounts != 1 || clear != 0 {
			t.Errorf("%d accounts, %d in the clear, %v", accounts, clear, err)
		}
		mu.Lock()
		last = 108
		mu.Unlock()
		step(t, k, r)
		if got := strings.Split(news(t, k, r, s.ID), "|"); len(got) != 11 {
			t.Errorf("%d posts: %q", len(got), got)
		}
		for _, asked := range w.requests() {
			if !strings.HasPrefix(asked, "/api/v1/timelines/tag/") { // a post is whole: nobody's page is asked for
				t.Errorf("asked %s", asked)
			}
		}
		if got := health(t, k, r, s.ID); got.ETag != "108" {
			t.Errorf("place %q", got.ETag)
		}
		mu.Lock()
		closed = true
		mu.Unlock()
		step(t, k, r)
		if got := health(t, k, r, s.ID); got.Fault != closedOff || got.ETag != "108" {
			t.Errorf("%q %q", got.Fault, got.ETag)
		}
		if _, err := r.AddSource(k.Ctx, analyst, AddSourceInput{Kind: KindMastodon, Address: w.url + "/@ai"}); len(problem.All(err)) != 1 || problem.All(err)[0].Field != "address" {
			t.Errorf("a person's page: %v", err)
		}
	})
}

// jet is a Jetstream: it replays its events from a cursor on and then tells that it has reached now.
type jet struct {
	mu      sync.Mutex
	events  []string // by time
	times   []int64
	cursors []int64
	torn    bool // breaks off without a word after the first event
	now     func() time.Time
}

func (j *jet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer c.CloseNow()
	j.mu.Lock()
	cursor, _ := strconv.ParseInt(r.URL.Query().Get("cursor"), 10, 64)
	j.cursors = append(j.cursors, cursor)
	events, torn := append([]string(nil), j.events...), j.torn
	times := append([]int64(nil), j.times...)
	now := j.now().UnixMicro()
	j.mu.Unlock()
	for i, e := range events {
		if times[i] < cursor || cursor == 0 && times[i] < now {
			continue
		}
		if c.Write(r.Context(), websocket.MessageText, []byte(e)) != nil {
			return
		}
		if torn {
			return
		}
	}
	_ = c.Write(r.Context(), websocket.MessageText, []byte("{broken"))
	_ = c.Write(r.Context(), websocket.MessageText, fmt.Appendf(nil, `{"did":"did:plc:x","time_us":%d,"kind":"identity"}`, now))
	_, _, _ = c.Read(r.Context()) // until the other side goes
}

func (j *jet) post(at time.Time, key, text string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.times = append(j.times, at.UnixMicro())
	j.events = append(j.events, fmt.Sprintf(`{"did":"did:plc:abc","time_us":%d,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":%q,"record":{"text":%q,"createdAt":%q,"langs":["vi"]}}}`, at.UnixMicro(), key, text, at.UTC().Format(time.RFC3339)))
}

func TestBlueskySource(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		w, r := newServer(t), room(t, k)
		j := &jet{now: k.Clock.Now}
		w.on("/subscribe", j.ServeHTTP)
		address := "ws" + strings.TrimPrefix(w.url, "http") + "/subscribe"
		if _, err := r.AddSource(k.Ctx, analyst, AddSourceInput{Address: address}); len(problem.All(err)) != 1 || problem.All(err)[0].Field != "words" {
			t.Errorf("without a filter: %v", err)
		}
		filter := Settings{Filter: &social.Filter{Words: []string{"hồ Mẫu"}}}
		s := mustAdd(t, k, r, AddSourceInput{Address: address, Settings: filter})
		if s.Kind != KindBluesky {
			t.Fatalf("%+v", s)
		}
		hear := func() Source {
			t.Helper()
			if _, err := r.hearStreams(k.Ctx, 0); err != nil {
				t.Fatal(err)
			}
			return health(t, k, r, s.ID)
		}
		if got := hear(); got.ETag != fmt.Sprint(k.Clock.Now().UnixMicro()) || got.Fault != "" {
			t.Fatalf("%+v", got)
		}
		begin := k.Clock.Now()
		j.post(begin.Add(time.Second), "a1", "Nước hồ Mẫu đục quá")
		j.post(begin.Add(2*time.Second), "a2", "Chuyện khác hẳn")
		j.post(begin.Add(3*time.Second), "a3", "HO MAU sáng nay có cá chết")
		k.Clock.Add(time.Minute)
		hear()
		if got := news(t, k, r, s.ID); got != "Nước hồ Mẫu đục quá|HO MAU sáng nay có cá chết" && got != "HO MAU sáng nay có cá chết|Nước hồ Mẫu đục quá" {
			t.Errorf("%q", got)
		}
		// It begins a little before where it ended; what comes twice is one.
		k.Clock.Add(time.Minute)
		hear()
		if got := strings.Count(news(t, k, r, s.ID), "|"); got != 1 {
			t.Errorf("%d posts", got+1)
		}
		j.mu.Lock()
		last := j.cursors[len(j.cursors)-1]
		j.torn = true
		j.mu.Unlock()
		if want := begin.Add(time.Minute - streamBack).UnixMicro(); last != want {
			t.Errorf("cursor %d, want %d", last, want)
		}
		// Torn off in the middle: what was heard is kept, and the fault is told.
		j.post(k.Clock.Now().Add(time.Second), "a4", "Hồ Mẫu đã trong lại")
		k.Clock.Add(time.Minute)
		got := hear()
		if got.Fault != fetch.Broken || strings.Count(news(t, k, r, s.ID), "|") != 2 || got.ETag != fmt.Sprint(k.Clock.Now().Add(-59*time.Second).UnixMicro()) {
			t.Errorf("%q %q %q", got.Fault, got.ETag, news(t, k, r, s.ID))
		}
		if n, err := r.hearStreams(k.Ctx, 0); n != 0 || err != nil {
			t.Errorf("it is heard again at once: %d %v", n, err)
		}
		if n, err := r.VisitDue(k.Ctx); n != 0 || err != nil {
			t.Errorf("a stream is no feed: %d %v", n, err)
		}
	})
}

// TestStreamTooWide: a filter that catches everything is stopped, and says why.
func TestStreamTooWide(t *testing.T) {
	k := testkit.SQLite(t)
	w, r := newServer(t), room(t, k)
	j := &jet{now: k.Clock.Now}
	w.on("/subscribe", j.ServeHTTP)
	s := mustAdd(t, k, r, AddSourceInput{Address: "ws" + strings.TrimPrefix(w.url, "http") + "/subscribe", Settings: Settings{Filter: &social.Filter{Words: []string{"hồ"}}}})
	if _, err := r.hearStreams(k.Ctx, 0); err != nil {
		t.Fatal(err)
	}
	for i := range streamMost + 50 {
		j.post(k.Clock.Now().Add(time.Duration(i)*time.Millisecond), fmt.Sprintf("k%d", i), fmt.Sprintf("Hồ thứ %d", i))
	}
	k.Clock.Add(time.Minute)
	if _, err := r.hearStreams(k.Ctx, 0); err != nil {
		t.Fatal(err)
	}
	if got := health(t, k, r, s.ID); got.Fault != tooWide {
		t.Errorf("%q", got.Fault)
	}
	if got := strings.Count(news(t, k, r, s.ID), "|") + 1; got != 500 { // the limit of news; all of them are there
		t.Errorf("%d", got)
	}
}

// TestStreamHolds: with hold the stream is heard past the present, until its server ends it.
func TestStreamHolds(t *testing.T) {
	k := testkit.SQLite(t)
	w, r := newServer(t), room(t, k)
	w.on("/subscribe", func(rw http.ResponseWriter, q *http.Request) {
		c, err := websocket.Accept(rw, q, nil)
		if err != nil {
			return
		}
		at := k.Clock.Now()
		for _, e := range []string{
			fmt.Sprintf(`{"did":"did:plc:x","time_us":%d,"kind":"identity"}`, at.UnixMicro()),
			fmt.Sprintf(`{"did":"did:plc:abc","time_us":%d,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"r","record":{"text":"Hồ Mẫu sau giờ mở","langs":["vi"]}}}`, at.UnixMicro()+5),
		} {
			_ = c.Write(q.Context(), websocket.MessageText, []byte(e))
		}
		_ = c.Close(websocket.StatusGoingAway, "restart")
	})
	s := mustAdd(t, k, r, AddSourceInput{Address: "ws" + strings.TrimPrefix(w.url, "http") + "/subscribe", Settings: Settings{Filter: &social.Filter{Words: []string{"hồ"}}}})
	if _, err := r.hearStreams(k.Ctx, time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := health(t, k, r, s.ID); got.Fault != "" || news(t, k, r, s.ID) != "Hồ Mẫu sau giờ mở" {
		t.Errorf("%q %q", got.Fault, news(t, k, r, s.ID))
	}
}
