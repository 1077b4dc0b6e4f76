package feed

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestSharedFeeds reads every shared feed: the well-formed and the encoded ones without exception; of the others only what is no feed is refused.
func TestSharedFeeds(t *testing.T) {
	noFeed := []string{"rss_empty_document.xml", "universal/empty_feed.xml", "miniflux/xml/"}
	items := 0
	for _, s := range samples(t, "") {
		f, err := Parse(s.data, "", Options{})
		may := false
		for _, n := range noFeed {
			may = may || strings.Contains(s.name, n)
		}
		if err != nil && !may {
			t.Errorf("%s: %v", s.name, err)
		}
		items += len(f.Items)
		for _, it := range f.Items {
			for _, v := range []string{it.ID, it.Title, it.URL, it.Author, it.Summary, it.Content} {
				if !utf8.ValidString(v) {
					t.Errorf("%s: not UTF-8: %q", s.name, v)
				}
			}
		}
	}
	t.Logf("%d items", items)
}

// TestSharedVnExpress holds a real newspaper's feed to what it is known to say.
func TestSharedVnExpress(t *testing.T) {
	for _, s := range samples(t, "vnexpress") {
		f, err := Parse(s.data, "", Options{})
		if err != nil || len(f.Items) != 25 || f.Link == "" {
			t.Fatalf("%s: %v, %d items, link %q", s.name, err, len(f.Items), f.Link)
		}
		for _, it := range f.Items {
			if it.Title == "" || !strings.HasPrefix(it.URL, "http") || it.Published.IsZero() || strings.ContainsAny(Plain(it.Summary), "<>") {
				t.Errorf("%s: %+v", s.name, it)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		item(`<title>A &amp; &#x42; &ecirc;</title><guid isPermaLink="false">1</guid><description><![CDATA[<p>x</p>]]></description>`),
		entry(`<title type="xhtml"><div>a<b>c</b></div></title><link href="/a"/><content type="base64">aGk=</content>`),
		`<rdf:RDF><channel/><item rdf:about="a"><dc:date>2026</dc:date></item></rdf:RDF>`,
		`<CHANNEL HREF="/a"><ITEM HREF="b" LASTMOD="2026-10-05"/></CHANNEL>`,
		`{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"title":null,"authors":[{}]}]}`,
		"<!DOCTYPE a [<!ENTITY b \"c\">]><rss><channel><item><title>&b;</title><x:y xmlns:x='u'>",
		"\xff\xfe<\x00r\x00s\x00s\x00>\x00", "<rss><channel><item><title><![CDATA[", "<rss a='\"><channel b=c d><item/><", "<feed><entry><link",
	} {
		f.Add([]byte(s), "text/xml; charset=windows-1258", "https://baochi.example/")
	}
	f.Fuzz(func(t *testing.T, data []byte, contentType, address string) {
		opt := Options{URL: address, MaxItems: 50, Zone: hanoi}
		a, err := Parse(data, contentType, opt)
		if err != nil {
			return
		}
		if len(a.Items) > opt.MaxItems || a.Kind == "" {
			t.Fatalf("%d items, kind %q", len(a.Items), a.Kind)
		}
		for _, it := range a.Items {
			if !utf8.ValidString(it.Title+it.Summary+it.Content+it.URL+it.ID) || strings.HasPrefix(it.URL, "javascript:") {
				t.Fatalf("%+v", it)
			}
		}
		Discover(data, address)
	})
}
