package demo

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"
)

// article is one made-up piece of an outlet.
type article struct {
	path   string
	title  string
	paras  []string
	at     time.Time
	matter string
}

// Press is the made-up outlets: it answers the radar's requests without a network, as the feeds and pages of real outlets would,
// with what had been published by the demo's clock.
type Press struct {
	clock   *Clock
	outlets map[string]outlet    // by host
	pieces  map[string][]article // by host, the newest first
	byPath  map[string]article   // by host and path
}

// newPress writes the articles of every matter: which outlet tells it when, with which of its facts, follows from seed.
func newPress(c content, clock *Clock, end time.Time, seed uint64) (*Press, error) {
	p := &Press{clock: clock, outlets: map[string]outlet{}, pieces: map[string][]article{}, byPath: map[string]article{}}
	for _, o := range c.Outlets {
		p.outlets[o.Host] = o
	}
	random := rand.New(rand.NewPCG(seed, 14))
	n := 0
	for _, m := range c.Matters {
		start, err := m.of(end)
		if err != nil {
			return nil, fmt.Errorf("matter %s: %w", m.Key, err)
		}
		order := random.Perm(len(c.Outlets))
		for i := range m.Size {
			n++
			o := c.Outlets[order[i%len(order)]]
			// It comes in a rush and then thins out: the i-th of n pieces at the square of its share of the time.
			share := float64(i) / float64(max(m.Size-1, 1))
			at := start.Add(time.Duration(share * share * float64(time.Duration(m.Hours)*time.Hour))).Add(time.Duration(random.IntN(40)) * time.Minute)
			a := article{path: fmt.Sprintf("/tin/%s-%d.html", m.Key, n), title: m.Titles[(i+random.IntN(2))%len(m.Titles)], at: at, matter: m.Key}
			a.paras = paragraphs(m.Facts, random, i)
			if len(m.Own) > 0 {
				a.paras = append(a.paras, m.Own[i%len(m.Own)])
			}
			p.pieces[o.Host] = append(p.pieces[o.Host], a)
			p.byPath[o.Host+a.path] = a
		}
	}
	for host := range p.pieces {
		slices.SortFunc(p.pieces[host], func(a, b article) int { return b.at.Compare(a.at) })
	}
	return p, nil
}

// paragraphs chooses facts in their order: every piece tells the first two, later ones tell more and leave others out.
func paragraphs(facts []string, random *rand.Rand, i int) []string {
	var out []string
	for k, f := range facts {
		if k < 2 || k <= 2+i%len(facts) && random.IntN(4) > 0 || random.IntN(3) == 0 {
			out = append(out, f)
		}
	}
	return out
}

// size gives the number of articles, for tests.
func (p *Press) size() int { return len(p.byPath) }

// RoundTrip answers a request of the radar.
func (p *Press) RoundTrip(r *http.Request) (*http.Response, error) {
	o, ok := p.outlets[r.URL.Host]
	if !ok {
		return nil, fmt.Errorf("no such host in the demo: %s", r.URL.Host)
	}
	answer := func(status int, kind string, body []byte) (*http.Response, error) {
		h := http.Header{"Content-Type": {kind}}
		return &http.Response{StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: h, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: r}, nil
	}
	switch {
	case r.URL.Path == "/robots.txt":
		return answer(http.StatusOK, "text/plain", []byte("User-agent: *\nDisallow: /quan-tri\n"))
	case r.URL.Path == "/":
		return answer(http.StatusOK, "text/html; charset=utf-8", []byte(`<!doctype html><html lang="vi"><head><title>`+html.EscapeString(o.Name)+`</title><link rel="alternate" type="`+feedType(o.Form)+`" href="/tin-moi.`+o.Form+`"></head><body></body></html>`))
	case strings.HasPrefix(r.URL.Path, "/tin-moi."):
		return answer(http.StatusOK, feedType(o.Form), p.feed(o))
	}
	a, ok := p.byPath[r.URL.Host+r.URL.Path]
	if !ok || a.at.After(p.clock.Now()) {
		return answer(http.StatusNotFound, "text/html", nil)
	}
	return answer(http.StatusOK, "text/html; charset=utf-8", page(o, a))
}

func feedType(form string) string {
	switch form {
	case "atom":
		return "application/atom+xml"
	case "json":
		return "application/feed+json"
	case "rdf":
		return "application/rdf+xml"
	}
	return "application/rss+xml"
}

// maxFeed is how many pieces a feed holds.
const maxFeed = 60

func (p *Press) feed(o outlet) []byte {
	var list []article
	for _, a := range p.pieces[o.Host] {
		if !a.at.After(p.clock.Now()) && len(list) < maxFeed {
			list = append(list, a)
		}
	}
	switch o.Form {
	case "atom":
		return atomFeed(o, list)
	case "json":
		return jsonFeed(o, list)
	}
	return rssFeed(o, list)
}

func text(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}

// date writes a time as the outlet's feed would: the shapes are those of real feeds, traps included.
func (o outlet) date(t time.Time) string {
	t = t.In(zone)
	switch o.Date {
	case "two-digit":
		return t.Format("Mon, 02 Jan 06 15:04:05 -0700")
	case "short-zone":
		return t.Format("Mon, 02 Jan 2006 15:04:05") + " +07"
	case "month-first":
		return t.Format("1/2/2006 3:04:05 PM")
	case "none":
		return ""
	}
	return t.Format(time.RFC1123Z)
}

func rssFeed(o outlet, list []article) []byte {
	var b bytes.Buffer
	rdf := o.Form == "rdf"
	if rdf {
		fmt.Fprintf(&b, `<?xml version="1.0" encoding="utf-8"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://%s/"><title>%s</title><link>https://%s/</link></channel>`, o.Host, text(o.Name), o.Host)
	} else {
		fmt.Fprintf(&b, `<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>%s - RSS</title><link>https://%s/</link><generator>%s</generator>`, text(o.Name), o.Host, text(o.Name))
	}
	for _, a := range list {
		link := "https://" + o.Host + a.path
		if rdf {
			fmt.Fprintf(&b, `<item rdf:about="%s"><title>%s</title><link>%s</link><description>%s</description><dc:date>%s</dc:date></item>`, link, text(a.title), link, text(a.paras[0]), a.at.In(zone).Format(time.RFC3339))
			continue
		}
		fmt.Fprintf(&b, `<item><title>%s</title><description><![CDATA[<a href="%s"><img src="/anh.jpg"></a></br>%s]]></description><link>%s</link><guid>%s</guid>`, text(a.title), link, html.EscapeString(a.paras[0]), link, link)
		if d := o.date(a.at); d != "" {
			fmt.Fprintf(&b, `<pubDate>%s</pubDate>`, d)
		}
		if o.Full {
			fmt.Fprintf(&b, `<content:encoded><![CDATA[<p>%s</p>]]></content:encoded>`, strings.Join(escaped(a.paras), "</p><p>"))
		}
		b.WriteString(`</item>`)
	}
	if rdf {
		b.WriteString(`</rdf:RDF>`)
	} else {
		b.WriteString(`</channel></rss>`)
	}
	return b.Bytes()
}

func escaped(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = html.EscapeString(s)
	}
	return out
}

func atomFeed(o outlet, list []article) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>%s</title><id>https://%s/</id><link href="https://%s/"/>`, text(o.Name), o.Host, o.Host)
	for _, a := range list {
		link, at := "https://"+o.Host+a.path, a.at.In(zone).Format(time.RFC3339)
		fmt.Fprintf(&b, `<entry><title>%s</title><id>%s</id><link href="%s"/><published>%s</published><updated>%s</updated><summary>%s</summary></entry>`, text(a.title), link, link, at, at, text(a.paras[0]))
	}
	b.WriteString(`</feed>`)
	return b.Bytes()
}

func jsonFeed(o outlet, list []article) []byte {
	type item struct {
		ID   string `json:"id"`
		URL  string `json:"url"`
		Name string `json:"title"`
		Text string `json:"summary"`
		At   string `json:"date_published"`
	}
	items := []item{}
	for _, a := range list {
		link := "https://" + o.Host + a.path
		items = append(items, item{link, link, a.title, a.paras[0], a.at.In(zone).Format(time.RFC3339)})
	}
	data, err := json.Marshal(map[string]any{"version": "https://jsonfeed.org/version/1.1", "title": o.Name, "home_page_url": "https://" + o.Host + "/", "items": items})
	if err != nil { // strings cannot fail
		return nil
	}
	return data
}

// page is an article as an outlet shows it, with what stands around it.
func page(o outlet, a article) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<!doctype html><html lang="%s"><head><meta charset="utf-8"><title>%s</title><meta property="article:published_time" content="%s"></head><body><header><a href="/">%s</a><nav><a href="/thoi-su">Thời sự</a> <a href="/doi-song">Đời sống</a> <a href="/quan-tri">Quản trị</a></nav></header><main><article><h1>%s</h1>`,
		cmp.Or(o.Lang, "vi"), html.EscapeString(a.title), a.at.In(zone).Format(time.RFC3339), html.EscapeString(o.Name), html.EscapeString(a.title))
	for _, para := range a.paras {
		fmt.Fprintf(&b, "<p>%s</p>", html.EscapeString(para))
	}
	fmt.Fprintf(&b, `</article></main><aside><h2>Đọc thêm</h2><ul><li><a href="/">Tin khác</a></li></ul></aside><footer>%s. Liên hệ quảng cáo.</footer></body></html>`, html.EscapeString(o.Name))
	return b.Bytes()
}
