package feed

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// Link is a feed that a page offers.
type Link struct {
	URL   string // absolute where the page's address is known
	Title string
	Type  string // MIME type as declared; "" for a link that only looks like one
}

// maxLinks is how many feeds a page may offer: newspapers list some hundred on a page of their own.
const maxLinks = 500

// Discover finds the feeds that a page offers: those declared by <link rel="alternate"> first, then links that look like feeds.
// base is the page's address, "" if unknown. Nothing is fetched.
func Discover(page []byte, base string) []Link {
	at := Options{URL: base}.base()
	z := html.NewTokenizer(bytes.NewReader(page))
	var declared, guessed []Link
	seen := map[string]bool{}
	add := func(list []Link, l Link) []Link {
		l.URL = strings.TrimSpace(l.URL)
		if at != nil {
			l.URL = absolute(at, l.URL)
		}
		if l.URL == "" || safe(l.URL) == "" || seen[l.URL] || len(seen) >= maxLinks {
			return list
		}
		seen[l.URL] = true
		return append(list, l)
	}
	for {
		switch z.Next() {
		case html.ErrorToken:
			return append(declared, guessed...)
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			switch string(name) {
			case "link":
				m := attributes(z, more)
				if isFeedType(m["type"]) && relates(m["rel"]) {
					declared = add(declared, Link{URL: m["href"], Title: spaces(m["title"]), Type: strings.ToLower(m["type"])})
				}
			case "a":
				m := attributes(z, more)
				if looksLikeFeed(m["href"]) {
					guessed = add(guessed, Link{URL: m["href"], Title: spaces(m["title"])})
				}
			case "base":
				if u, err := url.Parse(attributes(z, more)["href"]); err == nil && (at != nil || u.IsAbs()) {
					if at != nil {
						u = at.ResolveReference(u)
					}
					at = u
				}
			}
		}
	}
}

func attributes(z *html.Tokenizer, more bool) map[string]string {
	m := map[string]string{}
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		m[string(k)] = string(v)
	}
	return m
}

func relates(rel string) bool {
	for _, w := range strings.Fields(strings.ToLower(rel)) {
		if w == "alternate" || w == "feed" {
			return true
		}
	}
	return false
}

func isFeedType(t string) bool {
	t, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(t)), ";")
	switch t {
	case "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json", "text/xml", "application/xml":
		return true
	}
	return false
}

// looksLikeFeed knows the addresses that Vietnamese newspapers give their feeds; a list page such as /rss.htm is not one.
func looksLikeFeed(href string) bool {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil {
		return false
	}
	p := strings.ToLower(u.Path)
	switch {
	case strings.HasSuffix(p, ".rss"), strings.HasSuffix(p, ".atom"), strings.HasSuffix(p, "/rss.xml"), strings.HasSuffix(p, "/atom.xml"),
		strings.HasSuffix(p, "/feed.xml"), strings.HasSuffix(p, "/feed"), strings.HasSuffix(p, "/feed/"), strings.HasSuffix(p, "/index.xml"),
		strings.HasSuffix(p, "feed.json"), strings.Contains(p, "/rss_feed/"):
		return true
	}
	_, after, ok := strings.Cut(p, "/rss/")
	return ok && after != "" && !strings.HasSuffix(p, ".html") && !strings.HasSuffix(p, ".htm")
}
