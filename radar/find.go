package radar

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"khue/problem"
	"khue/radar/feed"
	"khue/radar/fetch"
	"khue/radar/listing"
	"khue/radar/sitemap"
	"khue/radar/social"
	"khue/regulation"
	"khue/text"
)

// Found is what stands at an address.
type Found struct {
	Kind     SourceKind
	Address  string // that is visited
	Page     string
	Name     string
	Items    int         // entries that it has now
	Entries  []feed.Item // the first of them, for a look before it is saved
	Settings Settings    // of a page: the selectors, found out where none were given
}

// shownEntries is how many entries a look before saving gives.
const shownEntries = 20

// Preview looks at what AddSource would take, without taking it. Every problem is one of a field.
func (r *Room) Preview(ctx context.Context, by regulation.Actor, in AddSourceInput) (Found, error) {
	if err := r.mayAdd(by); err != nil {
		return Found{}, err
	}
	in.tidy()
	if err := in.check(); err != nil {
		return Found{}, err
	}
	return r.find(ctx, in)
}

// find finds out the kind where it was left open, and looks by kind.
func (r *Room) find(ctx context.Context, in AddSourceInput) (Found, error) {
	kind, guessed := in.Kind, in.Kind == ""
	if guessed {
		kind = GuessKind(in.Address)
	}
	if kind == KindPage && in.Settings.Page != nil || kind == KindBluesky {
		if err := checkSettings(kind, in.Settings); err != nil {
			return Found{}, err
		}
	}
	if in.Address != "" && !strings.Contains(in.Address, "://") {
		in.Address = "https://" + in.Address
	}
	switch kind {
	case KindSitemap:
		return r.findSitemap(ctx, in.Address)
	case KindPage:
		return r.findPage(ctx, in.Address, in.Settings.Page)
	case KindYouTube:
		return r.findYouTube(ctx, in.Address)
	case KindMastodon:
		return r.findTimeline(ctx, in.Address)
	case KindBluesky:
		return r.findStream(ctx, in.Address, in.Settings)
	case KindTelegram:
		return findChannel(in.Address)
	case KindUpload, KindPush:
		return Found{Kind: kind}, nil
	}
	return r.findFeed(ctx, in.Address, guessed)
}

// Find looks at an address: a feed, a sitemap, or a page that names a feed. Every problem is one of field address.
func (r *Room) Find(ctx context.Context, address string) (Found, error) {
	return r.find(ctx, AddSourceInput{Address: address})
}

func (r *Room) findFeed(ctx context.Context, address string, open bool) (Found, error) {
	resp, err := r.fetch.Get(ctx, fetch.Request{URL: address, Accept: acceptFeed})
	if err != nil {
		return Found{}, faultProblem(err)
	}
	f, err := feed.Parse(resp.Body, resp.ContentType, feed.Options{URL: resp.URL, Zone: zone})
	if err == nil {
		return foundFeed(KindFeed, resp.URL, f.Link, f), nil
	}
	if open {
		if m, err := parseSitemap(resp); err == nil {
			return foundMap(resp.URL, m), nil
		}
	}
	for _, link := range feed.Discover(resp.Body, resp.URL) {
		again, err := r.fetch.Get(ctx, fetch.Request{URL: link.URL, Accept: acceptFeed})
		if err != nil {
			continue
		}
		if f, err := feed.Parse(again.Body, again.ContentType, feed.Options{URL: again.URL, Zone: zone}); err == nil {
			return foundFeed(KindFeed, again.URL, resp.URL, f), nil
		}
	}
	return Found{}, problem.Wrap(err, problem.Invalid, "field", "@field.address", "why", whyNoFeed(resp.Body))
}

func foundFeed(kind SourceKind, address, page string, f feed.Feed) Found {
	return Found{Kind: kind, Address: address, Page: page, Name: nameOf(f.Title, address), Items: len(f.Items), Entries: f.Items[:min(len(f.Items), shownEntries)]}
}

func whyNoFeed(body []byte) string {
	if len(bytes.TrimSpace(body)) == 0 {
		return "@radar.fault.empty"
	}
	return "@radar.fault.no-feed"
}

const acceptFeed = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.5, */*;q=0.1"

// faultProblem says in words why an address could not be reached.
func faultProblem(err error) error {
	kind := fetch.Broken
	var f *fetch.Fault
	if errors.As(err, &f) {
		kind = f.Kind
	}
	return wrong("address", "@radar.fault."+string(kind), err)
}

func parseSitemap(resp fetch.Response) (sitemap.Map, error) {
	return sitemap.Parse(resp.Body, resp.ContentType, sitemap.Options{URL: resp.URL, Zone: zone, MaxItems: maxPerVisit})
}

func (r *Room) findSitemap(ctx context.Context, address string) (Found, error) {
	resp, err := r.fetch.Get(ctx, fetch.Request{URL: address, Accept: acceptMap})
	if err != nil {
		return Found{}, faultProblem(err)
	}
	m, err := parseSitemap(resp)
	if err != nil {
		return Found{}, wrong("address", "@radar.fault.no-map", err)
	}
	return foundMap(resp.URL, m), nil
}

func foundMap(address string, m sitemap.Map) Found {
	return Found{Kind: KindSitemap, Address: address, Name: nameOf("", address), Items: len(m.Items) + len(m.Children), Entries: m.Items[:min(len(m.Items), shownEntries)]}
}

func (r *Room) findPage(ctx context.Context, address string, rules *listing.Rules) (Found, error) {
	resp, err := r.fetch.Get(ctx, fetch.Request{URL: address, Accept: acceptPage})
	if err != nil {
		return Found{}, faultProblem(err)
	}
	opt := r.pageOptions(resp)
	if rules == nil || *rules == (listing.Rules{}) {
		guess, ok := listing.Guess(resp.Body, opt)
		if !ok {
			return Found{}, problem.Of("item", problem.Invalid, "why", "@source.nothing-repeats")
		}
		rules = &guess
	}
	reader, err := listing.Compile(*rules)
	if err != nil {
		return Found{}, checkSettings(KindPage, Settings{Page: rules})
	}
	list, err := reader.Read(resp.Body, opt)
	if err != nil {
		return Found{}, wrong("address", "@radar.fault.broken", err)
	}
	if len(list) == 0 {
		return Found{}, problem.Of("item", problem.Invalid, "why", "@source.no-entries")
	}
	return Found{Kind: KindPage, Address: resp.URL, Page: resp.URL, Name: nameOf(titleOf(resp), resp.URL), Items: len(list), Entries: list[:min(len(list), shownEntries)], Settings: Settings{Page: rules}}, nil
}

func (r *Room) pageOptions(resp fetch.Response) listing.Options {
	return listing.Options{URL: resp.URL, ContentType: resp.ContentType, Zone: zone, Now: r.now()}
}

// titleOf gives the title of a page.
func titleOf(resp fetch.Response) string {
	text, _ := feed.Decode(resp.Body, resp.ContentType)
	z := html.NewTokenizer(bytes.NewReader(text[:min(len(text), 256<<10)]))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken:
			if name, _ := z.TagName(); string(name) == "title" {
				z.Next()
				return feed.Plain(string(z.Text()))
			}
		}
	}
}

// findYouTube finds a channel's feed. YouTube's robots.txt may ask programs to leave the feed alone: then its hub is the way, and the
// source is taken all the same when the channel's id is known.
func (r *Room) findYouTube(ctx context.Context, address string) (Found, error) {
	id := channelID(address)
	page := address
	if id == "" {
		resp, err := r.fetch.Get(ctx, fetch.Request{URL: address, Accept: acceptPage})
		if err != nil {
			return Found{}, faultProblem(err)
		}
		if id = channelIn(resp.Body); id == "" {
			return Found{}, problem.Of("address", problem.Invalid, "why", "@source.no-channel")
		}
	}
	u, err := url.Parse(address)
	if err != nil {
		return Found{}, wrong("address", "@radar.fault.address", err)
	}
	at := (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/feeds/videos.xml", RawQuery: url.Values{"channel_id": {id}}.Encode()}).String()
	resp, err := r.fetch.Get(ctx, fetch.Request{URL: at, Accept: acceptFeed})
	var fault *fetch.Fault
	if errors.As(err, &fault) && fault.Kind == fetch.Robots && r.callback != "" {
		return Found{Kind: KindYouTube, Address: at, Page: page, Name: nameOf("", page)}, nil
	}
	if err != nil {
		return Found{}, faultProblem(err)
	}
	f, err := feed.Parse(resp.Body, resp.ContentType, feed.Options{URL: resp.URL, Zone: zone})
	if err != nil {
		return Found{}, wrong("address", "@radar.fault.no-feed", err)
	}
	return foundFeed(KindYouTube, at, page, f), nil
}

func (r *Room) findTimeline(ctx context.Context, address string) (Found, error) {
	api, ok := social.TimelineOf(address)
	if !ok {
		return Found{}, problem.Of("address", problem.Invalid, "why", "@source.no-timeline")
	}
	resp, err := r.fetch.Get(ctx, fetch.Request{URL: api, Accept: "application/json"})
	var f *fetch.Fault
	if errors.As(err, &f) && (f.Status == http.StatusUnauthorized || f.Status == http.StatusForbidden || f.Status == http.StatusUnprocessableEntity) {
		return Found{}, wrong("address", "@radar.fault.closed", err)
	}
	if err != nil {
		return Found{}, faultProblem(err)
	}
	items, _, err := social.Timeline(resp.Body)
	if err != nil {
		return Found{}, wrong("address", "@radar.fault."+string(timelineFault(err)), err)
	}
	u, err := url.Parse(api)
	if err != nil {
		return Found{}, wrong("address", "@radar.fault.address", err)
	}
	name := u.Host
	if tag, ok := strings.CutPrefix(u.Path, "/api/v1/timelines/tag/"); ok {
		name = "#" + tag + " · " + u.Host
	}
	return Found{Kind: KindMastodon, Address: api, Page: address, Name: name, Items: len(items), Entries: items[:min(len(items), shownEntries)]}, nil
}

// findStream tries whether a stream opens. Its filter is part of the address, so that one server can be heard for several matters.
func (r *Room) findStream(ctx context.Context, address string, s Settings) (Found, error) {
	m, err := s.Filter.Compile()
	if err != nil {
		return Found{}, checkSettings(KindBluesky, s)
	}
	at, err := m.Subscribe(address, 0)
	if err != nil {
		return Found{}, wrong("address", "@radar.fault.address", err)
	}
	stream, err := r.fetch.Stream(ctx, at)
	if err != nil {
		return Found{}, faultProblem(err)
	}
	if err := stream.Close(); err != nil {
		r.log.Info("radar: a stream that was tried", "err", err)
	}
	base, _, _ := strings.Cut(address, "#")
	what := strings.Join(append(append(append([]string(nil), s.Filter.Words...), s.Filter.Tags...), s.Filter.Accounts...), ", ")
	return Found{Kind: KindBluesky, Address: text.Cut(base+"#"+url.PathEscape(what), maxAddress), Name: "Bluesky: " + what}, nil
}

func findChannel(address string) (Found, error) {
	if address == "" {
		return Found{Kind: KindTelegram}, nil
	}
	name := social.Handle(address)
	if name == "" {
		return Found{}, problem.Of("address", problem.Invalid, "why", "@source.no-channel")
	}
	at := "https://t.me/" + name
	return Found{Kind: KindTelegram, Address: at, Page: at, Name: name}, nil
}

const (
	acceptMap  = "application/xml, text/xml, application/gzip;q=0.9, */*;q=0.1"
	acceptPage = "text/html, application/xhtml+xml"
)
