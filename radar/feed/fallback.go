package feed

import (
	"bytes"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
)

// promisesItems says whether the bytes name items: a feed without any is then suspicious.
func promisesItems(b []byte) bool {
	return bytes.Contains(b, []byte("<item")) || bytes.Contains(b, []byte("<entry")) || bytes.Contains(b, []byte(":item")) || bytes.Contains(b, []byte(":entry"))
}

// secondOpinion asks gofeed, strict and some hundred times slower. Its answer counts only if it found items.
func secondOpinion(text []byte, opt Options) (f Feed, ok bool) {
	defer func() { // a foreign parser on hostile bytes: its fault is not ours to die of
		if recover() != nil {
			ok = false
		}
	}()
	g, err := gofeed.NewParser().Parse(bytes.NewReader(text))
	if err != nil || len(g.Items) == 0 {
		return Feed{}, false
	}
	p := newParser(nil, opt)
	p.feed = Feed{
		Kind: Kind(g.FeedType), Version: g.FeedVersion, Title: Plain(g.Title), Description: g.Description, Link: g.Link,
		Self: g.FeedLink, Lang: g.Language, Generator: g.Generator, Copyright: g.Copyright,
		Published: given(g.PublishedParsed), Updated: given(g.UpdatedParsed),
	}
	for _, gi := range g.Items {
		if p.full() {
			break
		}
		p.startItem()
		p.extra.guid = gi.GUID
		p.item.Title, p.item.URL = Plain(gi.Title), strings.TrimSpace(gi.Link)
		p.item.Summary, p.item.Content = gi.Description, gi.Content
		p.item.Categories = gi.Categories
		p.item.When = gi.Published
		p.item.Published, p.item.Updated = p.time(gi.Published), p.time(gi.Updated)
		for _, a := range gi.Authors {
			if a != nil && p.item.Author == "" {
				p.item.Author = a.Name
			}
		}
		if gi.Image != nil {
			p.item.Image = gi.Image.URL
		}
		p.endItem()
	}
	p.finish()
	return p.feed, true
}

func given(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}
