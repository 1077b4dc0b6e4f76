package walk

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// gazette is a paper on this machine, with a feed and its articles.
type gazette struct {
	*httptest.Server
	mu    sync.Mutex
	items []string // guarded by mu: titles, the newest last
}

// rumour is what the paper tells: made up, and in no word like what the demo tells.
const rumour = "Phà Sông Mộng ngừng chạy ba mươi ngày từ tháng Mười hai"

func newsroom(t *testing.T) *gazette {
	t.Helper()
	g := &gazette{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<!doctype html><html lang="vi"><head><title>Báo Bến Mộng</title><link rel="alternate" type="application/rss+xml" href="/tin.rss"></head><body></body></html>`)
	})
	mux.HandleFunc("GET /tin.rss", g.feed)
	mux.HandleFunc("GET /bai/{n}", g.article)
	g.Server = httptest.NewServer(mux)
	t.Cleanup(g.Close)
	return g
}

// print adds an article.
func (g *gazette) print(title string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.items = append(g.items, title)
}

func (g *gazette) feed(w http.ResponseWriter, _ *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
	fmt.Fprint(w, `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Báo Bến Mộng</title><link>`+g.URL+`/</link><description>Tin</description>`)
	for i, title := range g.items {
		at := end.Add(time.Duration(i-4) * time.Minute)
		fmt.Fprintf(w, `<item><title>%s</title><link>%s/bai/%d</link><guid>%s/bai/%d</guid><pubDate>%s</pubDate><description>%s</description></item>`, title, g.URL, i, g.URL, i, at.Format(time.RFC1123Z), title)
	}
	fmt.Fprint(w, `</channel></rss>`)
}

func (g *gazette) article(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!doctype html><html lang="vi"><head><title>%s</title></head><body><article><h1>%s</h1>
<p>Một tờ giấy dán ở bến đò nói phà Sông Mộng ngừng chạy ba mươi ngày liền từ tháng Mười hai, không ghi ai ký.</p>
<p>Người bán hàng hai bên bến phà Sông Mộng lo mất khách cả tháng; nhiều nhà gửi xe sang bờ bên kia từ tối qua.</p>
<p>Người lái phà nói chưa nghe ai báo ngừng chạy. Bài số %s.</p></article></body></html>`, rumour, rumour, r.PathValue("n"))
}
