package listing

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"khue/radar/feed"
	"khue/text"
)

// Rules are the selectors of a page. Those of the parts are looked for inside an entry.
type Rules struct {
	Item    string `json:"item"`              // each entry: "ul.news > li"
	Link    string `json:"link,omitempty"`    // "" takes the entry itself when it is a link, else its first link
	Title   string `json:"title,omitempty"`   // "" takes the link's words, or its title attribute
	Time    string `json:"time,omitempty"`    // "" takes <time>; an attribute datetime, content or title comes before the words
	Summary string `json:"summary,omitempty"` // "" takes none
}

const (
	maxSelector = 300 // bytes of a selector
	maxItems    = 300
	maxTitle    = 500
	maxSummary  = 4000
	maxNodes    = 200_000
)

// BadRule says which selector cannot be read, and why.
type BadRule struct {
	Field string // "item", "link", "title", "time", "summary"
	Err   error
}

// Error gives the technical form.
func (b *BadRule) Error() string { return fmt.Sprintf("listing: selector %s: %v", b.Field, b.Err) }

// Unwrap gives the cause.
func (b *BadRule) Unwrap() error { return b.Err }

var (
	errMissing = errors.New("missing")
	errLong    = errors.New("longer than 300 bytes")
	// ErrHuge says that a page has more elements than are looked at.
	ErrHuge = errors.New("listing: the page has too many elements")
)

// Reader applies compiled rules. It may be used by many goroutines.
type Reader struct{ item, link, title, when, summary cascadia.Matcher }

// Compile checks rules; every error is a *BadRule.
func Compile(r Rules) (*Reader, error) {
	out := &Reader{}
	for _, f := range []struct {
		name, text string
		to         *cascadia.Matcher
	}{{"item", r.Item, &out.item}, {"link", r.Link, &out.link}, {"title", r.Title, &out.title}, {"time", r.Time, &out.when}, {"summary", r.Summary, &out.summary}} {
		text := strings.TrimSpace(f.text)
		switch {
		case text == "" && f.name == "item":
			return nil, &BadRule{f.name, errMissing}
		case text == "":
			continue
		case len(text) > maxSelector:
			return nil, &BadRule{f.name, errLong}
		}
		m, err := cascadia.ParseGroup(text)
		if err != nil {
			return nil, &BadRule{f.name, err}
		}
		*f.to = m
	}
	return out, nil
}

// Options are what is known about a page.
type Options struct {
	URL         string // its address: links are resolved against it
	ContentType string
	Zone        *time.Location
	Now         time.Time // from which "hôm qua" and "2 giờ trước" are counted
}

// Read gives the entries of a page in its order, each address once. Items carry no author.
func (r *Reader) Read(page []byte, opt Options) ([]feed.Item, error) {
	doc, base, err := parse(page, opt)
	if err != nil {
		return nil, err
	}
	var list []feed.Item
	seen := map[string]bool{}
	for _, n := range cascadia.QueryAll(doc, r.item) {
		it, ok := r.entry(n, base, opt)
		if !ok || seen[it.URL] {
			continue
		}
		seen[it.URL] = true
		if list = append(list, it); len(list) >= maxItems {
			break
		}
	}
	return list, nil
}

func parse(page []byte, opt Options) (*html.Node, *url.URL, error) {
	text, _ := feed.Decode(page, opt.ContentType)
	if bytes.Count(text, []byte("<")) > 2*maxNodes {
		return nil, nil, ErrHuge
	}
	doc, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, nil, err
	}
	base, err := url.Parse(opt.URL)
	if err != nil {
		return nil, nil, err
	}
	if b := cascadia.Query(doc, baseTag); b != nil {
		if u, err := base.Parse(attr(b, "href")); err == nil {
			base = u
		}
	}
	return doc, base, nil
}

var (
	baseTag = cascadia.MustCompile("base[href]")
	links   = cascadia.MustCompile("a[href]")
	times   = cascadia.MustCompile("time")
)

// find gives the node itself where it matches, else the first below it.
func find(n *html.Node, m cascadia.Matcher) *html.Node {
	if m.Match(n) {
		return n
	}
	return cascadia.Query(n, m)
}

func (r *Reader) entry(n *html.Node, base *url.URL, opt Options) (feed.Item, bool) {
	link := r.linkOf(n)
	if link == nil {
		return feed.Item{}, false
	}
	address := absolute(base, attr(link, "href"))
	if address == "" {
		return feed.Item{}, false
	}
	it := feed.Item{ID: address, URL: address, Title: r.titleOf(n, link)}
	if it.Title == "" {
		return feed.Item{}, false
	}
	it.When, it.Published = r.timeOf(n, opt)
	if r.summary != nil {
		if s := find(n, r.summary); s != nil {
			it.Summary = html.EscapeString(text.Cut(words(s), maxSummary)) // readers take a summary for HTML
		}
	}
	return it, true
}

func (r *Reader) linkOf(n *html.Node) *html.Node {
	m := cascadia.Matcher(links)
	if r.link != nil {
		m = r.link
	}
	found := find(n, m)
	if found != nil && attr(found, "href") == "" { // the selector names what holds the link
		found = find(found, links)
	}
	return found
}

func (r *Reader) titleOf(n, link *html.Node) string {
	if r.title != nil {
		if t := find(n, r.title); t != nil {
			return text.Cut(words(t), maxTitle)
		}
		return ""
	}
	if t := words(link); t != "" {
		return text.Cut(t, maxTitle)
	}
	if t := feed.Plain(attr(link, "title")); t != "" {
		return text.Cut(t, maxTitle)
	}
	// A picture stands as the link: the words are in another link to the same place.
	for _, other := range cascadia.QueryAll(n, links) {
		if attr(other, "href") == attr(link, "href") {
			if t := words(other); t != "" {
				return text.Cut(t, maxTitle)
			}
		}
	}
	return ""
}

func (r *Reader) timeOf(n *html.Node, opt Options) (string, time.Time) {
	m := cascadia.Matcher(times)
	if r.when != nil {
		m = r.when
	}
	t := find(n, m)
	if t == nil {
		return "", time.Time{}
	}
	for _, name := range []string{"datetime", "content", "data-time", "title"} {
		if v := attr(t, name); v != "" {
			if at := When(v, opt.Zone, opt.Now); !at.IsZero() {
				return v, at
			}
		}
	}
	v := text.Cut(words(t), 100)
	return v, When(v, opt.Zone, opt.Now)
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// words gives the characters of a node in one line, without what scripts and styles hold.
func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type != html.TextNode || hidden(d.Parent) {
			continue
		}
		b.WriteString(d.Data)
		b.WriteByte(' ')
		if b.Len() > 8*maxSummary {
			break
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func hidden(n *html.Node) bool {
	return n != nil && n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style" || n.Data == "noscript" || n.Data == "template")
}

// absolute gives an http(s) address without its fragment, "" for what is none.
func absolute(base *url.URL, href string) string {
	if len(href) > 2000 {
		return ""
	}
	u, err := base.Parse(href)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	u.Fragment = ""
	return u.String()
}
