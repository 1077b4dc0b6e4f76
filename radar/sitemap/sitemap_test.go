package sitemap

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

var hanoi = time.FixedZone("+07", 7*3600)

func opt() Options { return Options{URL: "https://bao.example/news.xml", Zone: hanoi} }

const news = `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://bao.example/tin/1.html</loc><lastmod>2026-11-09T08:00:00+07:00</lastmod>
<news:news><news:publication><news:name>Báo Thử</news:name><news:language>vi</news:language></news:publication>
<news:publication_date>2026-11-09T07:30:00+07:00</news:publication_date><news:title><![CDATA[Phường Mẫu cắt nước &amp; sửa ống]]></news:title><news:keywords>nước, phường Mẫu</news:keywords></news:news>
<image:image><image:loc>https://bao.example/anh/1.jpg</image:loc><image:title>Ảnh chụp</image:title></image:image></url>
</urlset>`

// TestHardCases are the faults that real sitemaps have.
func TestHardCases(t *testing.T) {
	one := `<url><loc>https://bao.example/a</loc><news:news><news:title>Tin A</news:title><news:publication_date>2026-11-09</news:publication_date></news:news></url>`
	cases := []struct {
		name, in string
		urls     string // of the entries
		title    string // of the first
		at       string // of the first
		cut      bool
	}{
		{"news", news, "https://bao.example/tin/1.html", "Phường Mẫu cắt nước & sửa ống", "2026-11-09T07:30:00+07:00", false},
		{"no namespaces declared", `<urlset>` + one + `</urlset>`, "https://bao.example/a", "Tin A", "2026-11-09T00:00:00+07:00", false},
		{"another prefix", `<urlset xmlns:n="x"><url><loc>https://bao.example/a</loc><n:news><n:title>Tin A</n:title></n:news></url></urlset>`, "https://bao.example/a", "Tin A", "", false},
		{"byte order mark and a comment", "\xEF\xBB\xBF<!-- made by machine --><urlset>" + one + "</urlset>", "https://bao.example/a", "Tin A", "2026-11-09T00:00:00+07:00", false},
		{"a bare ampersand", `<urlset><url><loc>https://bao.example/a?x=1&y=2</loc></url></urlset>`, "https://bao.example/a?x=1&y=2", "", "", false},
		{"escaped twice", `<urlset><url><loc> https://bao.example/a </loc><news:title>Cầu &amp;quot;mới&amp;quot; thông xe</news:title></url></urlset>`, "https://bao.example/a", `Cầu "mới" thông xe`, "", false},
		{"relative address", `<urlset><url><loc>/tin/2</loc></url></urlset>`, "https://bao.example/tin/2", "", "", false},
		{"an address that runs", `<urlset><url><loc>javascript:alert(1)</loc></url><url><loc>https://bao.example/b</loc></url></urlset>`, "https://bao.example/b", "", "", false},
		{"the picture's address first", `<urlset><url><image:image><image:loc>https://bao.example/a.jpg</image:loc></image:image><loc>https://bao.example/a</loc></url></urlset>`, "https://bao.example/a", "", "", false},
		{"entry not closed", `<urlset><url><loc>https://bao.example/a</loc><url><loc>https://bao.example/b</loc></url></urlset>`, "https://bao.example/a https://bao.example/b", "", "", false},
		{"breaks off", `<urlset>` + one + `<url><loc>https://bao.exam`, "https://bao.example/a", "Tin A", "2026-11-09T00:00:00+07:00", true},
		{"capitals", `<URLSET><URL><LOC>https://bao.example/a</LOC><LASTMOD>2026-11-09 07:30</LASTMOD></URL></URLSET>`, "https://bao.example/a", "", "2026-11-09T07:30:00+07:00", false},
		{"no zone", `<urlset><url><loc>https://bao.example/a</loc><news:publication_date>2026-11-09T07:30:00</news:publication_date></url></urlset>`, "https://bao.example/a", "", "2026-11-09T07:30:00+07:00", false},
		{"declared wrongly", `<?xml version="1.0" encoding="iso-8859-1"?><urlset><url><loc>https://bao.example/a</loc><news:title>Đường Láng</news:title></url></urlset>`, "https://bao.example/a", "Đường Láng", "", false},
		{"empty list", `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>`, "", "", "", false},
		{"a title with a tag", `<urlset><url><loc>https://bao.example/a</loc><news:title><b>Tin</b> A</news:title></url></urlset>`, "https://bao.example/a", "Tin A", "", false},
	}
	for _, c := range cases {
		m, err := Parse([]byte(c.in), "text/xml", opt())
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var urls []string
		for _, it := range m.Items {
			urls = append(urls, it.URL)
		}
		if got := strings.Join(urls, " "); got != c.urls {
			t.Errorf("%s: addresses %q, want %q", c.name, got, c.urls)
		}
		if len(m.Items) > 0 {
			first := m.Items[0]
			at := ""
			if !first.Time().IsZero() {
				at = first.Time().In(hanoi).Format(time.RFC3339)
			}
			if first.Title != c.title || at != c.at {
				t.Errorf("%s: %q at %q, want %q at %q", c.name, first.Title, at, c.title, c.at)
			}
		}
		if m.Truncated != c.cut {
			t.Errorf("%s: truncated %v", c.name, m.Truncated)
		}
	}
}

func TestIndex(t *testing.T) {
	m, err := Parse([]byte(`<sitemapindex><sitemap><loc>https://bao.example/1.xml</loc><lastmod>2026-11-08</lastmod></sitemap><sitemap><loc>/2.xml.gz</loc></sitemap></sitemapindex>`), "", opt())
	if err != nil || !m.Index || len(m.Children) != 2 || m.Children[1].URL != "https://bao.example/2.xml.gz" || m.Children[0].Changed.IsZero() || len(m.Items) != 0 {
		t.Errorf("%+v %v", m, err)
	}
}

func gzipped(t testing.TB, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGzip(t *testing.T) {
	data := gzipped(t, news)
	m, err := Parse(data, "application/gzip", opt())
	if err != nil || len(m.Items) != 1 || m.Items[0].Title == "" || m.Items[0].Image != "https://bao.example/anh/1.jpg" {
		t.Errorf("%+v %v", m, err)
	}
	if m, err = Parse(data[:len(data)-8], "", opt()); err != nil || len(m.Items) != 1 || !m.Truncated {
		t.Errorf("without its end: %+v %v", m, err)
	}
	bomb := gzipped(t, "<urlset>"+strings.Repeat(" ", 4<<20)+"</urlset>")
	o := opt()
	o.MaxBytes = 1 << 20
	if _, err := Parse(bomb, "", o); !errors.Is(err, ErrSize) {
		t.Errorf("a bomb of %d bytes: %v", len(bomb), err)
	}
}

func TestRefused(t *testing.T) {
	for in, want := range map[string]error{
		"": ErrEmpty, "  \n": ErrEmpty, "<!doctype html><html><body>404</body></html>": ErrHTML, `<rss version="2.0"></rss>`: ErrNone, "User-agent: *": ErrNone, "\x1f\x8b": ErrNone,
	} {
		if _, err := Parse([]byte(in), "", opt()); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", in, err, want)
		}
	}
}

func TestLimit(t *testing.T) {
	var b strings.Builder
	b.WriteString("<urlset>")
	for i := range 60 {
		fmt.Fprintf(&b, "<url><loc>https://bao.example/%d</loc></url>", i)
	}
	b.WriteString("</urlset>")
	o := opt()
	o.MaxItems = 50
	m, err := Parse([]byte(b.String()), "", o)
	if err != nil || len(m.Items) != 50 || !m.Truncated {
		t.Errorf("%d entries, truncated %v, %v", len(m.Items), m.Truncated, err)
	}
	deep := "<urlset>" + strings.Repeat("<a>", 1000)
	if m, err := Parse([]byte(deep), "", opt()); err != nil || !m.Truncated {
		t.Errorf("%+v %v", m, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(news))
	f.Add(gzipped(f, news))
	f.Add([]byte("<sitemapindex><sitemap><loc>/a</loc>"))
	f.Add([]byte("<urlset><url><loc>\x00&#xFFFFFF;</loc></url>"))
	f.Fuzz(func(t *testing.T, in []byte) {
		m, err := Parse(in, "", Options{URL: "https://bao.example/", Zone: hanoi, MaxBytes: 1 << 20, MaxItems: 100})
		if err != nil {
			return
		}
		if len(m.Items)+len(m.Children) > 100 {
			t.Fatalf("%d entries", len(m.Items)+len(m.Children))
		}
		for _, it := range m.Items {
			if !strings.HasPrefix(it.URL, "http") {
				t.Fatalf("address %q", it.URL)
			}
		}
	})
}
