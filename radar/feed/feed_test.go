package feed

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

var hanoi = time.FixedZone("+07", 7*3600)

func parse(t *testing.T, s string, opt Options) Feed {
	t.Helper()
	f, err := Parse([]byte(s), "", opt)
	if err != nil {
		t.Fatalf("%v in %.80q", err, s)
	}
	return f
}

func one(t *testing.T, s string, opt Options) Item {
	t.Helper()
	f := parse(t, s, opt)
	if len(f.Items) != 1 {
		t.Fatalf("%d items, want 1, in %.200q", len(f.Items), s)
	}
	return f.Items[0]
}

func item(s string) string {
	return `<rss version="2.0"><channel><item>` + s + `</item></channel></rss>`
}

func entry(s string) string {
	return `<feed xmlns="http://www.w3.org/2005/Atom"><entry>` + s + `</entry></feed>`
}

// TestTraps holds what publishers do, one line each: the feed, what is asked of its only item, the answer.
func TestTraps(t *testing.T) {
	title := func(i Item) string { return i.Title }
	link := func(i Item) string { return i.URL }
	id := func(i Item) string { return i.ID }
	summary := func(i Item) string { return i.Summary }
	content := func(i Item) string { return i.Content }
	author := func(i Item) string { return i.Author }
	published := func(i Item) string { return stamp(i.Published) }
	f := func(name, doc string, ask func(Item) string, want string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Helper()
			if got := ask(one(t, doc, Options{})); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
	f("line breaks around a title", item("<title>\n  Cầu mới\n  qua sông  </title>"), title, "Cầu mới qua sông")
	f("CDATA", item("<title><![CDATA[Phố & phường]]></title>"), title, "Phố & phường")
	f("CDATA between characters", item("<title>Phố <![CDATA[& phường]]> Hà Nội</title>"), title, "Phố & phường Hà Nội")
	f("references escaped twice", item("<title>&amp;quot;Nước sạch&amp;quot; về &amp;agrave;?</title>"), title, `"Nước sạch" về à?`)
	f("references of HTML in XML", item("<title>H&agrave; N&#7897;i&nbsp;xanh</title>"), title, "Hà Nội xanh")
	f("an ampersand alone", item("<title>Cà phê & bánh mì</title>"), title, "Cà phê & bánh mì")
	f("less than alone", item("<title>Giá < 5 nghìn</title>"), title, "Giá < 5 nghìn")
	f("markup in a title", item("<title>&lt;b&gt;Nóng&lt;/b&gt;: lũ về</title>"), title, "Nóng: lũ về")
	f("UTF-8 as references", item("<title>Gi&#225;o&#226;&#128;&#166;</title>"), title, "Giáo…")
	f("quotes of Windows-1252 as references", item("<title>&#147;Mở&#148;</title>"), title, "“Mở”")
	f("a control character", item("<title>Mưa\x08 to</title>"), title, "Mưa to")
	f("title of an item's image", item("<image><title>Ảnh</title></image><title>Bài</title>"), title, "Bài")
	f("title of media before", `<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><item><media:title>Ảnh</media:title><title>Bài</title></item></channel></rss>`, title, "Bài")
	f("a prefix for RSS itself", `<r:rss xmlns:r="http://backend.userland.com/rss2"><r:channel><r:item><r:title>Bài</r:title></r:item></r:channel></r:rss>`, title, "Bài")
	f("upper case", "<RSS><CHANNEL><ITEM><TITLE>Bài</TITLE></ITEM></CHANNEL></RSS>", title, "Bài")
	f("title never closed", item("<title>Bài<link>https://baochi.example/a</link>"), link, "https://baochi.example/a")

	f("white space in a link", item("<link>\n https://baochi.example/\na.html </link>"), link, "https://baochi.example/a.html")
	f("guid as link", item("<guid>https://baochi.example/a</guid>"), link, "https://baochi.example/a")
	f("guid that is none", item(`<guid isPermaLink="false">https://baochi.example/a</guid>`), link, "")
	f("link and guid", item("<link>https://baochi.example/a</link><guid>123</guid>"), id, "123")
	f("no guid", item("<link>https://baochi.example/a</link>"), id, "https://baochi.example/a")
	f("a link that runs", item("<link>javascript:alert(1)</link>"), link, "")
	f("atom:link in RSS", `<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel><item><atom:link href="https://baochi.example/a"/></item></channel></rss>`, link, "https://baochi.example/a")
	f("atom:link undeclared", item(`<atom:link rel="alternate" href="https://baochi.example/a"/>`), link, "https://baochi.example/a")
	f("link before atom:link", item(`<link>https://baochi.example/a</link><atom:link href="https://baochi.example/b"/>`), link, "https://baochi.example/a")
	f("enclosure is no link", entry(`<link rel="enclosure" href="https://baochi.example/a.mp3"/><link href="https://baochi.example/a"/>`), link, "https://baochi.example/a")
	f("ampersands of a query", item("<link>https://baochi.example/?a=1&b=2&amp;c=3</link>"), link, "https://baochi.example/?a=1&b=2&c=3")

	f("VnExpress's </br>", item(`<description><![CDATA[<a href="https://baochi.example/a"><img src="https://anh.example/1.jpg"></a></br>Mưa lớn.]]></description>`),
		func(i Item) string { return Plain(i.Summary) }, "Mưa lớn.")
	f("escaped within CDATA", item("<description><![CDATA[&lt;p&gt;Mưa &amp;amp; gió&lt;/p&gt;]]></description>"), summary, "<p>Mưa &amp; gió</p>")
	f("naked markup", item("<description>Mưa <b>lớn</b> &amp; gió</description>"), summary, "Mưa <b>lớn</b> &amp; gió")
	f("content beside summary", item("<description>Ngắn</description><content:encoded>Dài</content:encoded>"), content, "Dài")
	f("summary of iTunes second", item("<itunes:summary>Hai</itunes:summary><description>Một</description>"), summary, "Một")
	f("xhtml", entry(`<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Mưa &amp; gió</p></div></content>`), content, "<p>Mưa &amp; gió</p>")
	f("xhtml with a prefix", entry(`<content type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml"><x:p>Mưa</x:p></x:div></content>`), content, "<p>Mưa</p>")
	f("base64", entry(`<content type="application/octet-stream">TcawYQ==</content>`), content, "Mưa")
	f("text of Atom", entry(`<title type="text">Thẻ &lt;b&gt; là gì</title>`), title, "Thẻ <b> là gì")
	f("an element in an element of its name", entry("<title>Bài</title><content type='xhtml'><div><content>trong</content> ngoài</div></content>"), content, "<content>trong</content> ngoài")
	f("entry in an extension", entry(`<x:reply xmlns:x="urn:x"><entry><title>Khác</title></entry></x:reply><title>Bài</title>`), title, "Bài")
	f("title of the source", entry("<source><title>Nguồn</title></source><title>Bài</title>"), title, "Bài")

	f("mail and name", item("<author>lan@baochi.example (Ngọc Lan)</author>"), author, "Ngọc Lan")
	f("name and mail", item(`<author>"Ngọc Lan" &lt;lan@baochi.example&gt;</author>`), author, "Ngọc Lan")
	f("mail alone", item("<author>lan@baochi.example</author>"), author, "lan@baochi.example")
	f("dc:creator", item("<dc:creator><![CDATA[Ngọc Lan]]></dc:creator>"), author, "Ngọc Lan")
	f("author of Atom", entry("<author><email>lan@baochi.example</email><name>Ngọc Lan</name></author>"), author, "Ngọc Lan")

	f("pubDate before dc:date", item("<dc:date>2026-10-06</dc:date><pubDate>Mon, 05 Oct 2026 11:00:00 +0700</pubDate>"), published, "2026-10-05T04:00:00Z")
	f("an unreadable pubDate leaves dc:date", item("<dc:date>2026-10-06</dc:date><pubDate>hôm qua</pubDate>"), published, "2026-10-06T00:00:00Z")
	f("no date", item("<title>Bài</title>"), published, "-")
	f("an empty date", item("<title>Bài</title><pubDate></pubDate>"), published, "-")
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}

func TestFormats(t *testing.T) {
	const rdf = `<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://baochi.example/"><title>Báo</title><link>https://baochi.example/</link><items><rdf:Seq><rdf:li resource="a"/></rdf:Seq></items></channel>
<image><title>Hình</title><url>https://baochi.example/h.png</url></image>
<item rdf:about="urn:a"><title>Bài A</title><link>https://baochi.example/a</link><dc:date>2026-10-05T11:00:00+07:00</dc:date></item>
<item rdf:about="urn:b"><title>Bài B</title></item></rdf:RDF>`
	const cdf = `<CHANNEL HREF="https://baochi.example/" LASTMOD="2026-10-05T11:00+07:00"><TITLE>Báo</TITLE><ABSTRACT>Tin</ABSTRACT>
<ITEM HREF="a" LASTMOD="2026-10-05T11:00+07:00"><TITLE>Bài A</TITLE><ABSTRACT>Tóm tắt</ABSTRACT></ITEM>
<CHANNEL><TITLE>Mục</TITLE><ITEM HREF="b"><TITLE>Bài B</TITLE></ITEM></CHANNEL></CHANNEL>`
	const atom = `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="vi" xml:base="https://baochi.example/tin/"><title>Báo</title><link href="/"/>
<link rel="self" href="feed.atom"/><link rel="hub" href="https://hub.example/"/>
<entry xml:base="moi/"><id>urn:a</id><title type="html">Bài &lt;i&gt;A&lt;/i&gt;</title><link rel="alternate" href="a"/><updated>2026-10-05T11:00:00+07:00</updated>
<content type="html">&lt;img src="a.jpg"&gt;</content></entry><entry><id>b</id><title>Bài B</title></entry></feed>`
	const js = `{"version":"https://jsonfeed.org/version/1.1","title":"Báo","home_page_url":"https://baochi.example/","language":"vi","items":[
{"id":1,"url":"https://baochi.example/a","title":"Bài A","content_html":"<p>A</p>","date_published":"2026-10-05T11:00:00+07:00","authors":[{"name":"Lan"}]},
{"id":"b","title":"Bài B","attachments":[{"url":"https://baochi.example/b.mp3","mime_type":"audio/mpeg","size_in_bytes":9}]}]}`
	const rss = `<rss version="0.92"><channel><title>Báo</title><link>https://baochi.example/</link><language>vi</language><ttl>15</ttl>
<item><title>Bài A</title><link>a</link></item><item><title>Bài B</title></item></channel></rss>`
	for _, c := range []struct {
		doc        string
		kind       Kind
		firstID    string
		firstURL   string
		wantUpdate string
	}{
		{rdf, RDF, "urn:a", "https://baochi.example/a", "-"},
		{cdf, CDF, "https://baochi.example/a", "https://baochi.example/a", "2026-10-05T04:00:00Z"},
		{atom, Atom, "urn:a", "https://baochi.example/tin/moi/a", "2026-10-05T04:00:00Z"},
		{js, JSON, "1", "https://baochi.example/a", "-"},
		{rss, RSS, "https://baochi.example/a", "https://baochi.example/a", "-"},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			f := parse(t, c.doc, Options{})
			if f.Kind != c.kind || f.Title == "" || len(f.Items) != 2 {
				t.Fatalf("kind %q, title %q, %d items", f.Kind, f.Title, len(f.Items))
			}
			a, b := f.Items[0], f.Items[1]
			if a.Title != "Bài A" || b.Title != "Bài B" {
				t.Errorf("titles %q, %q", a.Title, b.Title)
			}
			if a.ID != c.firstID || a.URL != c.firstURL {
				t.Errorf("id %q, url %q", a.ID, a.URL)
			}
			if got := stamp(a.Updated); got != c.wantUpdate {
				t.Errorf("updated %s, want %s", got, c.wantUpdate)
			}
			if b.ID == "" {
				t.Error("an item without id, though it says something")
			}
		})
	}
	f := parse(t, atom, Options{})
	if f.Self != "https://baochi.example/tin/feed.atom" || f.Hub != "https://hub.example/" || f.Lang != "vi" || f.Items[0].Lang != "vi" {
		t.Errorf("self %q hub %q lang %q", f.Self, f.Hub, f.Lang)
	}
	if got := f.Items[0].Content; got != `<img src="https://baochi.example/tin/moi/a.jpg">` {
		t.Errorf("content %q", got)
	}
	if f := parse(t, rss, Options{}); f.TTL != 15*time.Minute {
		t.Errorf("ttl %v", f.TTL)
	}
	if e := parse(t, js, Options{}).Items[1].Enclosures; len(e) != 1 || e[0].Length != "9" {
		t.Errorf("enclosures %v", e)
	}
}

// TestBroken: what is left of a broken feed is read.
func TestBroken(t *testing.T) {
	for name, c := range map[string]struct {
		doc   string
		items int
	}{
		"cut in an item":            {`<rss><channel><item><title>A</title></item><item><title>B</title><li`, 2},
		"cut in CDATA":              {`<rss><channel><item><title><![CDATA[A`, 1},
		"CDATA never closed":        {`<rss><channel><item><title><![CDATA[A</title></item><item><title>B</title></item></channel></rss>`, 2},
		"items never closed":        {`<rss><channel><item><title>A</title><item><title>B</title></channel></rss>`, 2},
		"wrong end tags":            {`<rss><channel><item><title>A</titel></item><item><title>B</title></item></channel></rss>`, 2},
		"a quote missing":           {`<rss><channel><item><guid isPermaLink="false>1</guid><title>A</title></item><item><title>B</title></item></channel></rss>`, 2},
		"a banner before":           {"Cảnh báo: bộ nhớ\n<?xml version=\"1.0\"?><rss><channel><item><title>A</title></item></channel></rss>", 1},
		"a banner of markup before": {`<div>Bảo trì<br></div><?xml version="1.0"?><rss><channel><item><title>A</title></item></channel></rss>`, 1},
		"wrapped":                   {`<html><body><pre><rss><channel><item><title>A</title></item></channel></rss></pre></body></html>`, 1},
		"a byte that is not UTF-8":  {"<rss><channel><item><title>Hà Nội\xff</title></item></channel></rss>", 1},
		"a comment never closed":    {`<rss><channel><!-- a <item><title>A</title></item></channel></rss>`, 1},
		"nothing but a channel":     {`<rss><channel></channel></rss>`, 0},
		"zero bytes at the end":     {"<rss><channel><item><title>A</title></item></channel></rss>\x00\x00", 1},
	} {
		t.Run(name, func(t *testing.T) {
			if f := parse(t, c.doc, Options{}); len(f.Items) != c.items {
				t.Errorf("%d items, want %d: %+v", len(f.Items), c.items, f.Items)
			}
		})
	}
}

func TestNoFeed(t *testing.T) {
	for doc, want := range map[string]error{
		"": ErrEmpty, " \n\ufeff ": ErrNoFeed, "<!-- nothing -->": ErrEmpty, "<?xml version='1.0'?>": ErrEmpty,
		"<!DOCTYPE html><html><head><title>Không tìm thấy</title></head></html>": ErrHTML, "<HTML><body>404": ErrHTML,
		"<opml><body/></opml>": ErrHTML, "<svg/>": ErrNoFeed, "xin chào": ErrNoFeed, `{"a":1}`: ErrNoFeed, `{"items":[`: ErrJSON,
	} {
		f, err := Parse([]byte(doc), "", Options{})
		if !errors.Is(err, want) {
			t.Errorf("%q gave %v, %d items; want %v", doc, err, len(f.Items), want)
		}
	}
	if _, err := Parse(make([]byte, 101), "", Options{MaxBytes: 100}); !errors.Is(err, ErrSize) {
		t.Errorf("a large feed gave %v", err)
	}
}

func TestLimits(t *testing.T) {
	f := parse(t, "<rss><channel>"+strings.Repeat("<item><title>A</title></item>", 10)+"</channel></rss>", Options{MaxItems: 3})
	if len(f.Items) != 3 || !f.Truncated {
		t.Errorf("%d items, truncated %v", len(f.Items), f.Truncated)
	}
	f = parse(t, "<rss><channel><item><title>A</title></item>"+strings.Repeat("<x>", 300)+"<item/>", Options{})
	if len(f.Items) != 1 || !f.Truncated {
		t.Errorf("deep: %d items, truncated %v", len(f.Items), f.Truncated)
	}
	// Entities within entities are not expanded again.
	doc := `<!DOCTYPE rss [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;"><!ENTITY ext SYSTEM "file:///etc/passwd">]>` + item("<title>&c;&ext;</title>")
	if got := one(t, doc, Options{}).Title; len(got) > 40 || strings.Contains(got, "root") {
		t.Errorf("title %q", got)
	}
}

// TestLinear: hostile bytes cost time in proportion to their number. The bound is on the tokens that are read, not on the clock: a scan in
// the square of these sizes would not end within the test's time limit.
func TestLinear(t *testing.T) {
	const n = 1 << 20
	for _, unit := range []string{
		"<!--", "<![CDATA[", "<?", "<", "</", "<a '", "<a \"", "&", "&#", "<item>", "<title>", "<a xmlns:b='c'>", "]]>", "<x:y ", "<a=", "<item><title><b>", "<!ENTITY",
	} {
		for _, head := range []string{"<rss><channel><item><title>", "<feed><entry><content type='html'>", "<!DOCTYPE a [", "<rss "} {
			_, _ = Parse([]byte(head+strings.Repeat(unit, n/len(unit))), "", Options{URL: "https://baochi.example/"})
		}
		Plain(strings.Repeat(unit, n/len(unit)))
		Discover([]byte(strings.Repeat(unit, n/len(unit))), "")
	}
	Plain(strings.Repeat("<script>", n/8))
	p := newParser(nil, Options{URL: "https://baochi.example/"})
	p.resolveHTML(strings.Repeat(` href="a"`, n/9))
	p.resolveHTML(strings.Repeat(` href="`, n/7))
}

func TestEncodings(t *testing.T) {
	const vi = "Hà Nội: đường sắt, ngày thứ ba"
	head := func(name string) string { return `<?xml version="1.0" encoding="` + name + `"?>` }
	enc := func(e encoding.Encoding, s string) []byte {
		b, err := e.NewEncoder().Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	// Windows-1258 writes tones as marks of their own; Go's encoder takes them so.
	const vi1258 = "Ha\u0300 Nô\u0323i: đươ\u0300ng să\u0301t, nga\u0300y thư\u0301 ba"
	le, be := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	le32, be32 := utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)
	doc := item("<title>" + vi + "</title>")
	for name, c := range map[string]struct {
		data  []byte
		ctype string
		want  string
	}{
		"utf-8":                       {[]byte(doc), "", vi},
		"mark of utf-8":               {[]byte("\xEF\xBB\xBF" + doc), "text/xml; charset=iso-8859-1", vi},
		"utf-16le":                    {enc(le, head("utf-16")+doc), "", vi},
		"utf-16be":                    {enc(be, head("utf-16")+doc), "", vi},
		"utf-16le with mark":          {append([]byte("\xFF\xFE"), enc(le, doc)...), "", vi},
		"utf-16be with mark":          {append([]byte("\xFE\xFF"), enc(be, doc)...), "", vi},
		"utf-32le":                    {enc(le32, head("utf-32")+doc), "", vi},
		"utf-32be":                    {enc(be32, head("utf-32")+doc), "", vi},
		"utf-8 declared as utf-16":    {[]byte(head("utf-16") + doc), "", vi},
		"utf-8 declared as latin":     {[]byte(head("iso-8859-1") + doc), "", vi},
		"windows-1258 declared":       {enc(charmap.Windows1258, head("windows-1258")+item("<title>"+vi1258+"</title>")), "", vi},
		"windows-1258 not declared":   {enc(charmap.Windows1258, item("<title>"+vi1258+"</title>")), "", vi},
		"windows-1258 by the header":  {enc(charmap.Windows1258, item("<title>"+vi1258+"</title>")), `application/rss+xml; charset="windows-1258"`, vi},
		"gb2312 by the header":        {enc(simplifiedchinese.GBK, item("<title>河内</title>")), "text/xml; charset=gb2312", "河内"},
		"windows-1251 declared":       {enc(charmap.Windows1251, head("windows-1251")+item("<title>Ханой</title>")), "", "Ханой"},
		"windows-1252 not declared":   {enc(charmap.Windows1252, item("<title>Café – Hué</title>")), "", "Café – Hué"},
		"quotes of 1252 in utf-8":     {[]byte(item("<title>\u0093Mở\u0094</title>")), "", "“Mở”"},
		"an encoding nobody knows":    {[]byte(head("x-sao-hoa") + doc), "", vi},
		"a header that is no header":  {[]byte(doc), ";;charset", vi},
		"a broken byte between words": {[]byte(item("<title>" + vi + "\xff</title>")), "", vi + "\uFFFD"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := Parse(c.data, c.ctype, Options{})
			if err != nil || len(f.Items) != 1 {
				t.Fatalf("%v, %d items, encoding %s", err, len(f.Items), f.Encoding)
			}
			if got := f.Items[0].Title; got != c.want {
				t.Errorf("%s read as %q, want %q", f.Encoding, got, c.want)
			}
		})
	}
}

// TestNoGuess: the zone of a source decides for times without one, and the feed says that it was needed.
func TestNoGuess(t *testing.T) {
	doc := item("<pubDate>10/2/2026 9:25:00 AM</pubDate>")
	f := parse(t, doc, Options{Zone: hanoi})
	if got := stamp(f.Items[0].Published); got != "2026-10-02T02:25:00Z" || !f.Zoneless {
		t.Errorf("published %s, zoneless %v", got, f.Zoneless)
	}
	f = parse(t, item("<pubDate>10/2/2026</pubDate>"), Options{Zone: hanoi, DayFirst: true})
	if got := stamp(f.Items[0].Published); got != "2026-02-09T17:00:00Z" {
		t.Errorf("day first: %s", got)
	}
	if f = parse(t, item("<pubDate>Mon, 05 Oct 26 14:10:00 +0700</pubDate>"), Options{}); f.Zoneless {
		t.Error("a time with a zone was called zoneless")
	}
}

// TestShares: nothing of a feed points into the bytes it was read from.
func TestSharesNothing(t *testing.T) {
	data := []byte(item("<title>Bài</title><description>Dài</description><link>https://baochi.example/a</link><category>X</category>"))
	f, err := Parse(data, "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	before := fmt.Sprint(f)
	for i := range data {
		data[i] = '#'
	}
	if _, err := Parse([]byte(item("<title>Khác</title>")), "", Options{}); err != nil { // takes the pooled buffers
		t.Fatal(err)
	}
	if after := fmt.Sprint(f); after != before {
		t.Errorf("changed with the input:\n%s\n%s", before, after)
	}
}

func TestDiscover(t *testing.T) {
	page := `<html><head><link rel="stylesheet" href="/a.css"><link rel="alternate" type="application/rss+xml" title="Tin mới" href="/rss/tin-moi.rss">
<link rel=alternate type="application/atom+xml" href="https://khac.example/atom"><link rel="alternate" hreflang="en" href="/en"></head>
<body><a href="/rss/the-gioi.rss" title="Thế giới">RSS</a><a href="/rss/tin-moi.rss">lại</a><a href="/rss.htm">RSS</a><a href="/rss/do-thi/giao-thong">Giao thông</a><a href="/rss_feed/thoi-su">Thời sự</a><a href="javascript:a.rss">x</a></body></html>`
	got := Discover([]byte(page), "https://baochi.example/trang/")
	want := []Link{
		{"https://baochi.example/rss/tin-moi.rss", "Tin mới", "application/rss+xml"},
		{"https://khac.example/atom", "", "application/atom+xml"},
		{"https://baochi.example/rss/the-gioi.rss", "Thế giới", ""},
		{"https://baochi.example/rss/do-thi/giao-thong", "", ""},
		{"https://baochi.example/rss_feed/thoi-su", "", ""},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v", got)
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"<p>Một</p><p>Hai</p>": "Một Hai", "a<br/>b": "a b", "<b>đậm</b>, nhạt": "đậm, nhạt", "1 < 2 &gt; 0": "1 < 2 > 0",
		"<script>x()</script>sau": "sau", "<!-- a > b -->sau": "sau", "a&nbsp;&nbsp;b": "a b", "": "", "<": "<", "a <b": "a <b", "&amp;amp;": "&",
	} {
		if got := Plain(in); got != want {
			t.Errorf("%q gave %q, want %q", in, got, want)
		}
	}
}
