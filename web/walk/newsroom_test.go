package walk

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// gazette is a paper on this machine, with a feed and its articles.
type gazette struct {
	*httptest.Server
	mu    sync.Mutex
	items []article // guarded by mu: the newest last
}

// article is what the paper prints: a headline and its paragraphs.
type article struct {
	title string
	body  []string
	at    time.Time
}

// What the paper tells: made up, and in no word like what the demo tells.
const (
	rumour = "Phà Sông Mộng ngừng chạy ba mươi ngày từ tháng Mười hai"
	litter = "Vỏ dừa chất thành đống ba ngày ở dốc bến Mộng"
)

var (
	rumourTold = []string{
		"Một tờ giấy dán ở bến đò nói phà Sông Mộng ngừng chạy ba mươi ngày liền từ tháng Mười hai, không ghi ai ký.",
		"Người bán hàng hai bên bến phà Sông Mộng lo mất khách cả tháng; nhiều nhà gửi xe sang bờ bên kia từ tối qua.",
		"Người lái phà nói chưa nghe ai báo ngừng chạy.",
	}
	litterTold = []string{
		"Từ hôm kia, vỏ dừa khô bị đổ chất đống dưới dốc bến, lấn gần hết lối xuống đò.",
		"Chị bán nước ở đầu dốc kể đã gọi hai lần mà chưa ai tới dọn, ruồi bu đầy hàng quán.",
	}
)

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
func (g *gazette) print(title string, at time.Time, body ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.items = append(g.items, article{title, body, at})
}

func (g *gazette) feed(w http.ResponseWriter, _ *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
	fmt.Fprint(w, `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Báo Bến Mộng</title><link>`+g.URL+`/</link><description>Tin</description>`)
	for i, a := range g.items {
		fmt.Fprintf(w, `<item><title>%s</title><link>%s/bai/%d</link><guid>%s/bai/%d</guid><pubDate>%s</pubDate><description>%s</description></item>`, a.title, g.URL, i, g.URL, i, a.at.Format(time.RFC1123Z), a.title)
	}
	fmt.Fprint(w, `</channel></rss>`)
}

func (g *gazette) article(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 0 || n >= len(g.items) {
		http.NotFound(w, r)
		return
	}
	a := g.items[n]
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!doctype html><html lang="vi"><head><title>%s</title></head><body><article><h1>%s</h1><p>%s</p></article></body></html>`, a.title, a.title, strings.Join(a.body, "</p><p>"))
}
