package stories

import (
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"khue/internal/house"
	"khue/radar"
	"khue/regulation"
	"khue/web/webtest"
)

// hostile is a network with one feed, whose every word tries to run.
type hostile struct{}

const evil = `&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img src=x onerror=alert(1)&gt;`

// RoundTrip answers as the feed's server.
func (hostile) RoundTrip(r *http.Request) (*http.Response, error) {
	body, status, kind := "", http.StatusNotFound, "text/plain"
	switch r.URL.Path {
	case "/rss":
		status, kind = http.StatusOK, "application/rss+xml"
		body = `<?xml version="1.0"?><rss version="2.0"><channel><title>Báo Độc ` + evil + `</title><link>javascript:alert(1)</link>
<item><title>Nước rút ở phường Bến Xanh ` + evil + `</title><link>https://doc.example/1</link><guid>1</guid><description>Nước rút dần trong sáng nay. ` + evil + `</description></item>
</channel></rss>`
	case "/1":
		status, kind = http.StatusOK, "text/html; charset=utf-8"
		body = "<html><head><title>Nước rút</title></head><body><article><p>Nước rút dần ở phường Bến Xanh trong sáng nay, xe buýt chạy lại từ trưa.</p><script>alert(1)</script></article></body></html>"
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(strings.NewReader(body)), Request: r, ProtoMajor: 1, ProtoMinor: 1}, nil
}

// TestAFeedsTitleIsOnlyText: what a feed says is shown as words, on every page of the radar.
func TestAFeedsTitleIsOnlyText(t *testing.T) {
	k := webtest.NewWith(t, func(c *house.Config) { c.Network, c.Pause = hostile{}, time.Nanosecond }, Register)
	an := k.Centre(t, "Bùi Phân Tích", regulation.Analyst)
	an.Post("/desk/sources", "address", "https://doc.example/rss").Has(t, 200, "Đã thêm nguồn Báo Độc").Lacks(t, "<script>alert", "<img src=x")
	by := regulation.SystemActor("test")
	var story string
	for end := time.Now().Add(30 * time.Second); story == ""; runtime.Gosched() { // the radar works beside us
		page, err := k.Radar.Stories(k.Ctx, by, 1, 10, radar.StoryCursor{})
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Stories) > 0 {
			story = page.Stories[0].ID
		} else if time.Now().After(end) {
			t.Fatal("no story comes of the feed")
		}
	}
	for _, path := range []string{"/desk/radar", "/desk/radar/" + story, "/desk/sources", "/en/desk/radar/" + story} {
		an.Get(path).Has(t, 200, "B").Lacks(t, "<script>alert", "<img src=x", `href="javascript:`)
	}
	an.Get("/desk/radar/"+story).Has(t, 200, "Nước rút ở phường Bến Xanh", "https://doc.example/1")
	an.Get("/desk/radar/khong-co").Has(t, 404)
	k.Visitor(t).Get("/desk/sources").Lacks(t, "Báo Độc")
}
