package hub

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"khue/internal/house"
	"khue/radar"
	"khue/radar/websub"
	"khue/regulation"
	"khue/web/webtest"
)

// network is a feed that names its hub, and the hub.
type network struct {
	mu    sync.Mutex
	asked url.Values
}

// RoundTrip answers as both.
func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body, h := http.StatusNotFound, "", http.Header{"Content-Type": {"application/rss+xml"}}
	switch r.URL.Host + r.URL.Path {
	case "bao.example/rss":
		status, body = http.StatusOK, `<rss version="2.0"><channel><title>Báo Thử</title><item><title>Tin cũ của Báo Thử</title><link>https://bao.example/1</link></item></channel></rss>`
		h["Link"] = []string{`<https://hub.example/>; rel="hub", <https://bao.example/rss>; rel="self"`}
	case "hub.example/":
		data, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		n.mu.Lock()
		n.asked, _ = url.ParseQuery(string(data))
		n.mu.Unlock()
		status = http.StatusAccepted
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: r, ProtoMajor: 1, ProtoMinor: 1}, nil
}

// TestHub: from the feed that names its hub to what the hub pushes.
func TestHub(t *testing.T) {
	n := &network{}
	k := webtest.NewWith(t, func(c *house.Config) { c.Network, c.Pause, c.Origin = n, time.Nanosecond, "https://khue.example" }, Register)
	by := regulation.SystemActor("test")
	s, err := k.Radar.AddSource(k.Ctx, by, radar.AddSourceInput{Address: "https://bao.example/rss"})
	if err != nil {
		t.Fatal(err)
	}
	var asked url.Values
	k.Until(t, func() bool {
		n.mu.Lock()
		defer n.mu.Unlock()
		asked = n.asked
		return asked != nil
	})
	path, ok := strings.CutPrefix(asked.Get("hub.callback"), "https://khue.example")
	if !ok || !strings.HasPrefix(path, house.HubPath) {
		t.Fatalf("%v", asked)
	}
	visitor := k.Visitor(t)
	q := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {"https://bao.example/rss"}, "hub.challenge": {"<b>abc</b>"}, "hub.lease_seconds": {"86400"}}
	if p := visitor.Get(path + "?" + q.Encode()); p.Status != 200 || p.Body != "<b>abc</b>" || !strings.HasPrefix(p.Header.Get("Content-Type"), "text/plain") || p.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %q %v", p.Status, p.Body, p.Header)
	}
	q.Set("hub.topic", "https://khac.example/")
	for _, at := range []string{path + "?" + q.Encode(), path, house.HubPath + "x?" + q.Encode()} {
		if p := visitor.Get(at); p.Status != 404 {
			t.Errorf("%s: %d", at, p.Status)
		}
	}
	push := func(path, signature, body string) int {
		t.Helper()
		req, err := http.NewRequestWithContext(k.Ctx, http.MethodPost, k.URL+path, bytes.NewReader([]byte(body)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/atom+xml")
		req.Header.Set("X-Hub-Signature", signature)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	body := func(n int) string {
		return fmt.Sprintf(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>%d</id><title>Tin đẩy số %d</title><link href="https://bao.example/p%d"/></entry></feed>`, n, n, n)
	}
	if got := push(path, "sha256=00", body(1)); got != http.StatusAccepted {
		t.Errorf("forged: %d", got)
	}
	if got := push(path, websub.Sign("sha256", asked.Get("hub.secret"), []byte(body(2))), body(2)); got != http.StatusAccepted {
		t.Errorf("%d", got)
	}
	if got := push(house.HubPath+"x", "", body(3)); got != http.StatusGone {
		t.Errorf("unknown: %d", got)
	}
	if got := push(path, "", strings.Repeat("x", radar.MaxPushed+1)); got != http.StatusRequestEntityTooLarge {
		t.Errorf("too large: %d", got)
	}
	news, err := k.Radar.News(k.Ctx, by, s.ID, 10)
	if err != nil {
		t.Fatal(err)
	}
	titles := ""
	for _, m := range news {
		titles += m.Title + "|"
	}
	if !strings.Contains(titles, "Tin đẩy số 2") || strings.Contains(titles, "số 1") || strings.Contains(titles, "số 3") {
		t.Errorf("%q", titles)
	}
}
