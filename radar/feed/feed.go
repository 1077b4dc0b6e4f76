package feed

import (
	"errors"
	"net/url"
	"time"
)

// Kind is the family of formats that a feed is written in.
type Kind string

// The families.
const (
	RSS  Kind = "rss"
	RDF  Kind = "rdf"
	CDF  Kind = "cdf"
	Atom Kind = "atom"
	JSON Kind = "json"
)

// Feed is a feed as its publisher wrote it.
type Feed struct {
	Kind        Kind
	Version     string // as declared: "2.0", "1.0"; may be empty
	Title       string // plain text
	Description string // HTML as published
	Link        string // the page that the feed belongs to
	Self        string // the feed's own address as it states it
	Hub         string // WebSub hub
	Lang        string // as declared, such as "vi" or "en-us"
	Author      string
	Generator   string
	Copyright   string
	Image       string
	Published   time.Time
	Updated     time.Time
	TTL         time.Duration // how long the publisher asks to wait; 0 if not said
	Items       []Item
	Encoding    string // the encoding that was read, by its WHATWG name
	Truncated   bool   // a limit was reached; items are missing
	Zoneless    bool   // some time was written without a zone: Options.Zone decided
}

// Item is an article that a feed names.
type Item struct {
	ID         string // guid, atom:id, rdf:about; else the URL; else a hash of what the item says
	Title      string // plain text
	URL        string // absolute where the feed makes that possible; http or https or empty
	Published  time.Time
	Updated    time.Time
	When       string // the time as written, published before updated: to learn a source's habits
	Author     string
	Summary    string // HTML as published (Atom's type="text" as text)
	Content    string // HTML as published
	Image      string
	Lang       string
	Categories []string
	Enclosures []Enclosure
	Comments   string
	Source     string // title of the feed that the item was taken over from
}

// Time is when the item was published, or when it was changed if the feed tells only that; zero if it tells nothing.
func (it *Item) Time() time.Time {
	if it.Published.IsZero() {
		return it.Updated
	}
	return it.Published
}

// Enclosure is a file that belongs to an item.
type Enclosure struct {
	URL    string
	Type   string // MIME type as declared
	Length string // bytes as declared
}

// Options are what is known about a source before reading it. The zero value is good for a file.
type Options struct {
	// URL is the address the feed came from (after redirects): relative addresses are resolved against it.
	URL string
	// Zone is the source's own time zone, for times written without one. Nil: UTC.
	Zone *time.Location
	// DayFirst says that this source writes 10/2/2026 for the 10th of February. Without it numbers with strokes are month first,
	// unless only the other reading is a date.
	DayFirst bool
	// Limits; zero takes the defaults.
	MaxBytes, MaxItems, MaxDepth int
}

// Defaults of the limits. VietNamNet's feeds have 1,000 items.
const (
	DefaultMaxBytes = 20 << 20
	DefaultMaxItems = 5000
	DefaultMaxDepth = 200
)

// Why a feed could not be read. Parse returns these as they are, for errors.Is.
var (
	ErrEmpty  = errors.New("feed: nothing there")
	ErrHTML   = errors.New("feed: a web page, not a feed")
	ErrNoFeed = errors.New("feed: not in a format of feeds")
	ErrSize   = errors.New("feed: too large")
	ErrJSON   = errors.New("feed: broken JSON")
)

// Parse reads a feed. contentType is the HTTP header's value, or "". A broken feed gives what can be read of it; an error
// means that nothing could: ErrEmpty, ErrHTML, ErrNoFeed, ErrSize or ErrJSON.
func Parse(data []byte, contentType string, opt Options) (Feed, error) {
	if opt.MaxBytes <= 0 {
		opt.MaxBytes = DefaultMaxBytes
	}
	if opt.MaxItems <= 0 {
		opt.MaxItems = DefaultMaxItems
	}
	if opt.MaxDepth <= 0 {
		opt.MaxDepth = DefaultMaxDepth
	}
	if opt.Zone == nil {
		opt.Zone = time.UTC
	}
	if len(data) > opt.MaxBytes {
		return Feed{}, ErrSize
	}
	text, encoding := decode(data, contentType)
	text = trimSpace(text)
	if len(text) == 0 {
		return Feed{}, ErrEmpty
	}
	var f Feed
	var err error
	if text[0] == '{' {
		f, err = parseJSON(text, opt)
	} else {
		f, err = parseXML(text, opt)
	}
	f.Encoding = encoding
	return f, err
}

// parseXML scans markup, and asks the second parser where the scan gave less than the bytes promise.
func parseXML(text []byte, opt Options) (Feed, error) {
	p := newParser(text, opt)
	defer p.release()
	err := p.run()
	p.finish()
	if err == nil && len(p.feed.Items) == 0 && promisesItems(text) {
		if other, ok := secondOpinion(text, opt); ok {
			return other, nil
		}
	}
	if err != nil {
		return Feed{}, err
	}
	return p.feed, nil
}

// base parses the address that relative ones start from; nil if there is none.
func (o Options) base() *url.URL {
	if o.URL == "" {
		return nil
	}
	u, err := url.Parse(o.URL)
	if err != nil || !u.IsAbs() {
		return nil
	}
	return u
}
