package radar

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"khue/radar/feed"
	"khue/radar/fetch"
	"khue/radar/listing"
	"khue/radar/sitemap"
	"khue/radar/social"
)

// The kinds of a mention.
const (
	kindArticle = "article"
	kindPost    = "post"
	kindHeard   = "heard"
	kindReport  = "report"
)

// Kinds of faults that only some kinds of sources have.
const (
	noMap     fetch.Kind = "no-map"     // the answer is no sitemap
	noEntries fetch.Kind = "no-entries" // the page answers and the selectors find nothing on it
	closedOff fetch.Kind = "closed"     // the timeline is shown only to those who log in
	noStatus  fetch.Kind = "no-status"  // the answer is no timeline
)

// visitKind visits a source that is no plain feed.
func (r *Room) visitKind(ctx context.Context, s Source) error {
	switch s.Kind {
	case KindYouTube:
		return r.visitYouTube(ctx, s)
	case KindSitemap:
		return r.visitSitemap(ctx, s)
	case KindPage:
		return r.visitPage(ctx, s)
	case KindMastodon:
		return r.visitTimeline(ctx, s)
	}
	return r.visitFailed(ctx, s, &fetch.Fault{Kind: fetch.BadAddress})
}

// mentionFor makes a mention of an entry as its source's kind has it: a post is whole as it comes, and an address alone is enough where
// the article behind it can be got.
func mentionFor(s Source, it *feed.Item, now time.Time) (fresh, bool) {
	m, ok := mentionIn(s, it, now)
	if !ok {
		if it.URL == "" || s.Kind.posts() {
			return m, false
		}
		named := *it
		named.Title = it.URL // what is there is made of the address; its title comes with the article
		if m, ok = mentionIn(s, &named, now); !ok {
			return m, false
		}
		m.Title, m.Lang = "", ""
	}
	switch {
	case s.Kind == KindCitizen:
		m.whole, m.kind = true, kindReport
	case s.Kind == KindHand:
		m.kind = kindHeard
	case s.Kind.posts():
		m.whole, m.kind, m.author = true, kindPost, it.Author
		if s.Kind == KindYouTube || s.Kind == KindTelegram { // a channel is its source
			m.author = ""
		}
	case (s.Kind == KindUpload || s.Kind == KindPush) && m.Text != "":
		m.whole = true // who sent it sent what there is
	}
	return m, true
}

// mentionIn makes a mention of an entry. What has no address is known by its source and its own name; a source that comes into being by
// itself is known by its address, which is the same in every house.
func mentionIn(s Source, it *feed.Item, now time.Time) (fresh, bool) {
	key := s.ID
	if s.Kind == KindHand || s.Kind == KindCitizen {
		key = s.Address
	}
	m, ok := mentionOf(key, it, now)
	m.Source = s.ID
	return m, ok
}

// visitSitemap reads a sitemap, and of an index the newest sitemaps that it lists.
func (r *Room) visitSitemap(ctx context.Context, s Source) error {
	resp, err := r.fetch.Get(ctx, fetch.Request{URL: s.Address, ETag: s.ETag, LastModified: s.LastModified, Accept: acceptMap})
	if err != nil {
		return r.visitFailed(ctx, s, err)
	}
	if resp.NotModified {
		return r.visited(ctx, s, resp, feed.Feed{})
	}
	m, err := parseSitemap(resp)
	if err != nil {
		return r.visitFailed(ctx, s, &fetch.Fault{Kind: noMap, Err: err})
	}
	items := m.Items
	for _, c := range newestChildren(m.Children) {
		one, err := r.fetch.Get(ctx, fetch.Request{URL: c.URL, Accept: acceptMap})
		if err != nil {
			return r.visitFailed(ctx, s, err)
		}
		if below, err := parseSitemap(one); err == nil && !below.Index {
			items = append(items, below.Items...)
		}
	}
	if m.Index { // its ETag is that of the list, not of what the list names
		resp.ETag, resp.LastModified = "", ""
	}
	items = recent(items, r.now())
	if failed, err := r.neverSpoke(ctx, s, len(items)); failed || err != nil {
		return err
	}
	return r.visited(ctx, s, resp, feed.Feed{Items: items[:min(len(items), maxPerVisit)]})
}

const (
	// childMaps is how many sitemaps of an index are read in one visit.
	childMaps = 3
	// mapWindow is how old an entry of a sitemap may be: sitemaps name whatever was ever published.
	mapWindow = 3 * 24 * time.Hour
)

// newestChildren gives the sitemaps of an index that changed last, those without a time after them in the list's order, the last first:
// lists grow at their end.
func newestChildren(list []sitemap.Child) []sitemap.Child {
	list = slices.Clone(list)
	slices.Reverse(list)
	slices.SortStableFunc(list, func(a, b sitemap.Child) int { return b.Changed.Compare(a.Changed) })
	return list[:min(len(list), childMaps)]
}

// recent keeps what is news: entries of the last days, and those without a time that the news extension names.
func recent(items []feed.Item, now time.Time) []feed.Item {
	return slices.DeleteFunc(slices.Clone(items), func(it feed.Item) bool {
		if at := it.Time(); !at.IsZero() {
			return at.Before(now.Add(-mapWindow))
		}
		return it.Title == ""
	})
}

func (r *Room) visitPage(ctx context.Context, s Source) error {
	if s.Settings.Page == nil {
		return r.visitFailed(ctx, s, &fetch.Fault{Kind: noEntries})
	}
	reader, err := listing.Compile(*s.Settings.Page)
	if err != nil {
		return r.visitFailed(ctx, s, &fetch.Fault{Kind: noEntries, Err: err})
	}
	resp, err := r.fetch.Get(ctx, fetch.Request{URL: s.Address, ETag: s.ETag, LastModified: s.LastModified, Accept: acceptPage})
	if err != nil {
		return r.visitFailed(ctx, s, err)
	}
	if resp.NotModified {
		return r.visited(ctx, s, resp, feed.Feed{})
	}
	list, err := reader.Read(resp.Body, r.pageOptions(resp))
	if err != nil || len(list) == 0 {
		return r.visitFailed(ctx, s, &fetch.Fault{Kind: noEntries, Err: err})
	}
	resp.Moved = "" // the selectors belong to this page
	return r.visited(ctx, s, resp, feed.Feed{Link: resp.URL, Items: list})
}

// visitYouTube reads a channel's feed. Where robots.txt asks us to leave it alone, what its hub pushes is enough.
func (r *Room) visitYouTube(ctx context.Context, s Source) error {
	resp, err := r.fetch.Get(ctx, fetch.Request{URL: s.Address, ETag: s.ETag, LastModified: s.LastModified, Accept: acceptFeed})
	var f feed.Feed
	var fault *fetch.Fault
	switch {
	case errors.As(err, &fault) && fault.Kind == fetch.Robots && r.callback != "":
		hub, err := r.hubOf(ctx, s.ID)
		if err != nil {
			return err
		}
		if hub.State == HubRefused || hub.State == HubAsked && hub.failures > hubPatience {
			return r.visitFailed(ctx, s, fault)
		}
		resp = fetch.Response{URL: s.Address, NotModified: true}
	case err != nil:
		return r.visitFailed(ctx, s, err)
	case !resp.NotModified:
		if f, err = feed.Parse(resp.Body, resp.ContentType, feed.Options{URL: resp.URL, Zone: zone, MaxItems: maxPerVisit}); err != nil {
			return r.visitFailed(ctx, s, &fetch.Fault{Kind: noFeed, Err: err})
		}
	}
	if err := r.visited(ctx, s, resp, f); err != nil {
		return err
	}
	return r.subscribe(ctx, s, youTubeHub, youTubeTopic(s.Address))
}

// timelinePages bounds how many answers of a timeline are read in one visit.
const timelinePages = 5

// visitTimeline reads what a timeline says since the last visit, page by page.
func (r *Room) visitTimeline(ctx context.Context, s Source) error {
	var all []feed.Item
	place := s.ETag
	for range timelinePages {
		resp, err := r.fetch.Get(ctx, fetch.Request{URL: social.After(s.Address, place), Accept: "application/json"})
		if err != nil {
			var f *fetch.Fault
			if errors.As(err, &f) && (f.Status == http.StatusUnauthorized || f.Status == http.StatusForbidden || f.Status == http.StatusUnprocessableEntity) {
				f = &fetch.Fault{Kind: closedOff, Status: f.Status, Err: err}
				err = f
			}
			return r.visitFailed(ctx, s, err)
		}
		items, newest, err := social.Timeline(resp.Body)
		if err != nil {
			return r.visitFailed(ctx, s, &fetch.Fault{Kind: timelineFault(err), Err: err})
		}
		all = append(all, items...)
		first := place == ""
		if newest == "" || newest == place {
			break
		}
		place = newest
		if first { // without a place the answer is the newest page, and nothing follows it
			break
		}
	}
	return r.visited(ctx, s, fetch.Response{URL: s.Address, ETag: place}, feed.Feed{Items: all})
}

func timelineFault(err error) fetch.Kind {
	if errors.Is(err, social.ErrClosed) {
		return closedOff
	}
	return noStatus
}
