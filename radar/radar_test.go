package radar

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/problem"
	"khue/radar/fetch"
	"khue/regulation"
)

// press is a test server of made-up outlets.
type press struct {
	mu    sync.Mutex
	url   string
	items map[string][]item // by feed's path
	asked map[string]int
	fault map[string]func(http.ResponseWriter, *http.Request)
}

type item struct{ path, title, text, date string }

func newPress(t *testing.T) *press {
	t.Helper()
	p := &press{items: map[string][]item{}, asked: map[string]int{}, fault: map[string]func(http.ResponseWriter, *http.Request){}}
	s := httptest.NewServer(p)
	t.Cleanup(s.Close)
	p.url = s.URL
	return p
}

func (p *press) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked[r.URL.Path]++
	if f, ok := p.fault[r.URL.Path]; ok {
		f(w, r)
		return
	}
	if list, ok := p.items[r.URL.Path]; ok {
		etag := fmt.Sprintf(`"%d"`, len(list))
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", etag)
		w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
		fmt.Fprintf(w, `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Báo Thử</title><link>%s/</link>`, p.url)
		for _, i := range list {
			fmt.Fprintf(w, `<item><title>%s</title><link>%s%s</link><pubDate>%s</pubDate></item>`, html.EscapeString(i.title), p.url, i.path, i.date)
		}
		fmt.Fprint(w, `</channel></rss>`)
		return
	}
	for _, list := range p.items {
		for _, i := range list {
			if i.path == r.URL.Path {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				fmt.Fprintf(w, `<!doctype html><html lang="vi"><head><title>%s</title></head><body><nav><a href="/">Trang đầu</a></nav><article><h1>%s</h1>`, html.EscapeString(i.title), html.EscapeString(i.title))
				for para := range strings.SplitSeq(i.text, "\n") {
					fmt.Fprintf(w, "<p>%s</p>", html.EscapeString(para))
				}
				fmt.Fprint(w, `</article><footer>Liên hệ quảng cáo</footer></body></html>`)
				return
			}
		}
	}
	http.NotFound(w, r)
}

func (p *press) add(feed string, items ...item) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.items[feed] = append(items, p.items[feed]...)
}

func (p *press) visits(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[path]
}

var analyst = testkit.Centre("analyst", regulation.Analyst)

func room(t *testing.T, k *testkit.Kit) *Room {
	t.Helper()
	client := fetch.New(fetch.Config{
		Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Now: k.Clock.Now, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	return New(Config{DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Fetch: client, Now: k.Clock.Now, Log: k.Log})
}

const (
	waterTitle = "Phường Thử Nghiệm báo cắt nước hai giờ để nối ống"
	waterText  = "Phường Thử Nghiệm cho biết nước sẽ ngừng từ 13 giờ đến 15 giờ thứ Ba để nối đường ống mới ở phố Mẫu.\nNgười dân được khuyên trữ nước trước buổi trưa; xe bồn đứng ở đầu phố Mẫu trong suốt thời gian nối ống.\nTổ nối ống gồm mười hai người, làm liên tục và dự kiến xong sớm nửa giờ."
	schoolText = "Trường tiểu học Giả Định mở thư viện ngoài trời với bốn trăm đầu sách do phụ huynh góp.\nThư viện mở vào giờ ra chơi và chiều thứ Sáu, học sinh tự ghi sổ mượn và tự xếp lại giá."
)

func TestHear(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		p, r := newPress(t), room(t, k)
		p.add("/a.rss", item{"/a/1", waterTitle, waterText, "Mon, 09 Nov 2026 07:30:00 +0700"})
		p.add("/b.rss", item{"/b/1", "Cắt nước hai giờ ở phường Thử Nghiệm", strings.Replace(waterText, "mười hai", "chừng mười hai", 1), "Mon, 09 Nov 26 07:50:00 +0700"},
			item{"/b/2", "Thư viện ngoài trời ở trường Giả Định", schoolText, "Mon, 09 Nov 2026 07:40:00 +0700"})
		for _, path := range []string{"/a.rss", "/b.rss"} {
			if _, err := r.AddSource(k.Ctx, analyst, AddSourceInput{Address: p.url + path}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := r.AddSource(k.Ctx, analyst, AddSourceInput{Address: p.url + "/a.rss"}); problem.CodeOf(err) != problem.Twice {
			t.Errorf("the same source again: %v", err)
		}
		if _, err := r.Step(k.Ctx); err != nil {
			t.Fatal(err)
		}
		page, err := r.Stories(k.Ctx, analyst, 1, 10, StoryCursor{})
		if err != nil || len(page.Stories) != 2 {
			t.Fatalf("%d stories, %v", len(page.Stories), err)
		}
		water := page.Stories[0]
		if water.Mentions != 2 || water.Sources != 2 || water.Headline != waterTitle || !water.FirstAt.Equal(time.Date(2026, 11, 9, 0, 30, 0, 0, time.UTC)) {
			t.Errorf("%+v", water)
		}
		_, mentions, err := r.Story(k.Ctx, analyst, water.ID, 10)
		if err != nil || len(mentions) != 2 || !strings.Contains(mentions[0].Text, "xe bồn") || strings.Contains(mentions[0].Text, "quảng cáo") {
			t.Errorf("%+v %v", mentions, err)
		}
		// Nothing new: the source says so by its ETag, and nothing is doubled.
		k.Clock.Add(time.Hour)
		if _, err := r.Step(k.Ctx); err != nil {
			t.Fatal(err)
		}
		sources, err := r.Sources(k.Ctx, analyst)
		if err != nil || len(sources) != 2 || sources[0].ETag == "" || sources[0].Fault != "" || sources[0].Name != "Báo Thử" || !sources[0].Good.Equal(k.Clock.Now()) {
			t.Fatalf("%+v %v", sources, err)
		}
		if n := p.visits("/a/1"); n != 1 {
			t.Errorf("the article was fetched %d times", n)
		}
		// A story grows; after a restart the grouping goes on where it was.
		again := room(t, k)
		p.add("/a.rss", item{"/a/2", "Nối ống xong sớm, phường Thử Nghiệm có nước lại", waterText + "\nNước đã có lại lúc 14 giờ 30.", "Mon, 09 Nov 2026 09:00:00 +0700"})
		k.Clock.Add(6 * time.Hour)
		if _, err := again.Step(k.Ctx); err != nil {
			t.Fatal(err)
		}
		s, _, err := again.Story(k.Ctx, analyst, water.ID, 10)
		if err != nil || s.Mentions != 3 {
			t.Errorf("%+v %v", s, err)
		}
		spark, err := again.Sparkline(k.Ctx, water.ID, 12)
		if err != nil || len(spark) != 12 {
			t.Fatal(spark, err)
		}
		sum := 0.0
		for _, v := range spark {
			sum += v
		}
		if sum != 3 {
			t.Errorf("sparkline %v", spark)
		}
		if kinds := k.Kinds(t); len(kinds) != 2 || kinds[0] != entrySourceAdded {
			t.Errorf("ledger %v", kinds)
		}
	})
}

func TestSnapshotIsTakenUp(t *testing.T) {
	k := testkit.SQLite(t)
	p, r := newPress(t), room(t, k)
	p.add("/a.rss", item{"/a/1", waterTitle, waterText, "Mon, 09 Nov 2026 07:30:00 +0700"})
	if _, err := r.AddSource(k.Ctx, analyst, AddSourceInput{Address: p.url + "/a.rss"}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Step(k.Ctx); err != nil {
		t.Fatal(err)
	}
	if err := r.keepGroup(k.Ctx); err != nil {
		t.Fatal(err)
	}
	again := room(t, k)
	g, err := again.loadGroup(k.Ctx)
	if err != nil || g.position != 1 || g.assigned != 1 || g.c.Live() != 1 {
		t.Errorf("%+v %v", g, err)
	}
}

func TestDiscoverAndRights(t *testing.T) {
	k := testkit.SQLite(t)
	p, r := newPress(t), room(t, k)
	p.add("/feed/moi.rss", item{"/a/1", waterTitle, waterText, "Mon, 09 Nov 2026 07:30:00 +0700"})
	p.fault["/"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/feed/moi.rss"></head><body>Trang đầu</body></html>`)
	}
	s, err := r.AddSource(k.Ctx, analyst, AddSourceInput{Address: p.url + "/", Name: "Báo Thử Nghiệm"})
	if err != nil || s.Address != p.url+"/feed/moi.rss" || s.Name != "Báo Thử Nghiệm" {
		t.Fatalf("%+v %v", s, err)
	}
	if _, err := r.AddSource(k.Ctx, testkit.Of("lan", regulation.FocalPoint, "SXD"), AddSourceInput{Address: p.url + "/x"}); problem.CodeOf(err) != problem.Forbidden {
		t.Errorf("a focal point adds a source: %v", err)
	}
	if _, err := r.Stories(k.Ctx, regulation.Actor{}, 1, 10, StoryCursor{}); problem.CodeOf(err) != problem.Session {
		t.Errorf("a visitor sees stories: %v", err)
	}
	if _, err := r.ChangeSource(k.Ctx, analyst, ChangeSourceInput{ID: s.ID, Version: 1, Name: "Tên khác", State: Paused}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.ChangeSource(k.Ctx, analyst, ChangeSourceInput{ID: s.ID, Version: 1, Name: "Tên nữa", State: Active}); problem.CodeOf(err) != problem.Conflict {
		t.Errorf("a stale change: %v", err)
	}
	k.Clock.Add(24 * time.Hour)
	if n, err := r.VisitDue(k.Ctx); n != 0 || err != nil {
		t.Errorf("a paused source is visited: %d %v", n, err)
	}
}

// TestBadSources: each fault is told in its kind, and the source is tried again later.
func TestBadSources(t *testing.T) {
	k := testkit.SQLite(t)
	p, r := newPress(t), room(t, k)
	good := item{"/a/1", waterTitle, waterText, "Mon, 09 Nov 2026 07:30:00 +0700"}
	p.add("/a.rss", good)
	s, err := r.AddSource(k.Ctx, analyst, AddSourceInput{Address: p.url + "/a.rss"})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name  string
		serve func(http.ResponseWriter, *http.Request)
		want  fetch.Kind
	}{
		{"a page instead", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<!doctype html><p>bảo trì</p>") }, noFeed},
		{"nothing", func(http.ResponseWriter, *http.Request) {}, noFeed},
		{"300 MB", func(w http.ResponseWriter, _ *http.Request) {
			for range 300 {
				if _, err := w.Write(bytes.Repeat([]byte(" "), 1<<20)); err != nil {
					return
				}
			}
		}, fetch.TooLarge},
		{"a compressed bomb", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			for range 300 {
				z.Write(make([]byte, 1<<20))
			}
			z.Close()
		}, fetch.TooLarge},
		{"gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }, fetch.Status},
		{"busy", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "86400")
			w.WriteHeader(http.StatusServiceUnavailable)
		}, fetch.RetryLater},
	} {
		p.mu.Lock()
		p.fault["/a.rss"] = test.serve
		p.mu.Unlock()
		k.Clock.Add(48 * time.Hour)
		if n, err := r.VisitDue(k.Ctx); n != 1 || err != nil {
			t.Fatalf("%s: visited %d, %v", test.name, n, err)
		}
		got, err := r.Source(k.Ctx, analyst, s.ID)
		if err != nil || got.Fault != test.want || !got.Next.After(k.Clock.Now()) {
			t.Errorf("%s: fault %q, next in %s, %v", test.name, got.Fault, got.Next.Sub(k.Clock.Now()), err)
		}
	}
	p.mu.Lock()
	delete(p.fault, "/a.rss")
	p.mu.Unlock()
	k.Clock.Add(48 * time.Hour)
	if _, err := r.Step(k.Ctx); err != nil {
		t.Fatal(err)
	}
	if got, err := r.Source(k.Ctx, analyst, s.ID); err != nil || got.Fault != "" || got.Failures != 0 {
		t.Errorf("well again: %+v %v", got, err)
	}
	if page, err := r.Stories(k.Ctx, analyst, 1, 10, StoryCursor{}); err != nil || len(page.Stories) != 1 {
		t.Errorf("%+v %v", page, err)
	}
}

// TestImpossibleTimes: an entry of the year 3025 or of 1970 stands at the time we saw it, and says so.
func TestImpossibleTimes(t *testing.T) {
	k := testkit.SQLite(t)
	p, r := newPress(t), room(t, k)
	p.add("/a.rss",
		item{"/a/1", waterTitle, waterText, "Mon, 09 Nov 3025 07:30:00 +0700"},
		item{"/a/2", "Thư viện ngoài trời ở trường Giả Định", schoolText, "Thu, 01 Jan 1970 00:00:00 GMT"},
		item{"/a/3", "Hội chợ hoa ở phường Mẫu Đơn mở cửa", strings.ReplaceAll(schoolText, "Thư viện", "Hội chợ"), ""})
	s, err := r.AddSource(k.Ctx, analyst, AddSourceInput{Address: p.url + "/a.rss"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Step(k.Ctx); err != nil {
		t.Fatal(err)
	}
	news, err := r.News(k.Ctx, analyst, s.ID, 10)
	if err != nil || len(news) != 3 {
		t.Fatal(news, err)
	}
	for _, m := range news {
		if !m.Clamped || !m.Published.Equal(k.Clock.Now()) {
			t.Errorf("%s: %s, clamped %v", m.Title, m.Published, m.Clamped)
		}
	}
}

// TestArticleThatCannotBeHad stands, after three tries, with what its feed said.
func TestArticleThatCannotBeHad(t *testing.T) {
	k := testkit.SQLite(t)
	p, r := newPress(t), room(t, k)
	p.add("/a.rss", item{"/a/1", waterTitle, waterText, "Mon, 09 Nov 2026 07:30:00 +0700"})
	p.fault["/a/1"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }
	if _, err := r.AddSource(k.Ctx, analyst, AddSourceInput{Address: p.url + "/a.rss"}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if page, err := r.Stories(k.Ctx, analyst, 1, 10, StoryCursor{}); err != nil || len(page.Stories) != 0 {
			t.Fatalf("grouped too early: %+v %v", page, err)
		}
		if _, err := r.Step(k.Ctx); err != nil {
			t.Fatal(err)
		}
		k.Clock.Add(time.Hour)
	}
	if page, err := r.Stories(k.Ctx, analyst, 1, 10, StoryCursor{}); err != nil || len(page.Stories) != 1 {
		t.Fatalf("%+v %v", page, err)
	}
	if n := p.visits("/a/1"); n != maxTries {
		t.Errorf("tried %d times", n)
	}
}
