package sitemap

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"khue/radar/feed"
)

// Map is a sitemap as its publisher wrote it.
type Map struct {
	Index     bool // it lists other sitemaps, in Children
	Items     []feed.Item
	Children  []Child
	News      bool // some entry has the news extension
	Truncated bool // a limit was reached or the file breaks off; entries are missing
}

// Child is a sitemap that an index lists.
type Child struct {
	URL     string
	Changed time.Time // zero when it is not told
}

// Options are what is known about a sitemap before reading it.
type Options struct {
	URL  string         // its address: relative ones are resolved against it
	Zone *time.Location // for times written without a zone; nil: UTC
	// Limits; zero takes the defaults.
	MaxBytes, MaxItems int
}

// Defaults of the limits. The protocol allows 50,000 addresses and 50 MB; news sitemaps hold two days, at most 1,000.
const (
	DefaultMaxBytes = 32 << 20
	DefaultMaxItems = 5000
	maxDepth        = 60
	maxValue        = 8 << 10 // bytes of one value
)

// Why a sitemap could not be read.
var (
	ErrEmpty = errors.New("sitemap: nothing there")
	ErrHTML  = errors.New("sitemap: a web page, not a sitemap")
	ErrNone  = errors.New("sitemap: neither urlset nor sitemapindex")
	ErrSize  = errors.New("sitemap: too large")
)

// Parse reads a sitemap. contentType is the HTTP header's value, or "". A file that breaks off gives what can be read of it.
func Parse(data []byte, contentType string, opt Options) (Map, error) {
	if opt.MaxBytes <= 0 {
		opt.MaxBytes = DefaultMaxBytes
	}
	if opt.MaxItems <= 0 {
		opt.MaxItems = DefaultMaxItems
	}
	if opt.Zone == nil {
		opt.Zone = time.UTC
	}
	cut := false
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) { // a .gz file, which is no Content-Encoding
		var err error
		if data, cut, err = unzip(data, opt.MaxBytes); err != nil {
			return Map{}, err
		}
		contentType = ""
	}
	if len(data) > opt.MaxBytes {
		return Map{}, ErrSize
	}
	text, _ := feed.Decode(data, contentType)
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return Map{}, ErrEmpty
	}
	r := reader{opt: opt, zone: opt.Zone}
	if u, err := url.Parse(opt.URL); err == nil && u.IsAbs() {
		r.base = u
	}
	err := r.read(text)
	r.m.Truncated = r.m.Truncated || cut
	return r.m, err
}

// unzip unpacks at most so many bytes; broken says that the file ends before its end.
func unzip(data []byte, most int) (out []byte, broken bool, err error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, false, errors.Join(ErrNone, err)
	}
	out, err = io.ReadAll(io.LimitReader(z, int64(most)+1))
	if len(out) > most {
		return nil, false, ErrSize
	}
	if err != nil && len(out) == 0 {
		return nil, false, errors.Join(ErrNone, err)
	}
	return out, err != nil, nil
}

// reader collects entries from XML.
type reader struct {
	opt  Options
	zone *time.Location
	base *url.URL
	m    Map
	path []string // local names of the open elements
	item feed.Item
	when string // lastmod of the open entry
	text strings.Builder
}

func (r *reader) read(text []byte) error {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	// The bytes are UTF-8 already, whatever the declaration says.
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	known := false
	for {
		tok, err := d.RawToken()
		if err != nil {
			if !known {
				return ErrNone
			}
			r.m.Truncated = r.m.Truncated || !errors.Is(err, io.EOF) || len(r.path) > 0
			return nil
		}
		switch t := tok.(type) {
		case xml.StartElement:
			name := strings.ToLower(t.Name.Local)
			if !known {
				switch name {
				case "urlset", "sitemapindex":
					known, r.m.Index = true, name == "sitemapindex"
				case "html", "head", "body":
					return ErrHTML
				default:
					return ErrNone
				}
			}
			if len(r.path) >= maxDepth {
				r.m.Truncated = true
				return nil
			}
			r.open(t.Name.Space, name)
		case xml.EndElement:
			if full := r.close(strings.ToLower(t.Name.Local)); full {
				return nil
			}
		case xml.CharData:
			if r.text.Len() < maxValue {
				r.text.Write(t)
			}
		}
	}
}

// open begins an element. A list, an entry or a sitemap that was not closed ends where the next begins.
func (r *reader) open(space, name string) {
	if name == "url" || name == "sitemap" {
		for i, n := range r.path {
			if n == name {
				r.end()
				r.path = r.path[:i]
				break
			}
		}
		r.item, r.when = feed.Item{}, ""
	}
	if strings.EqualFold(space, "image") || strings.EqualFold(space, "video") || strings.EqualFold(space, "xhtml") {
		name = space + ":" + name // image:loc is not the page's address
	}
	if !r.inTitle() { // a title's markup is part of it
		r.text.Reset()
	}
	r.path = append(r.path, name)
}

func (r *reader) inTitle() bool { return slices.Contains(r.path, "title") }

// close ends an element, and every one that was left open inside it; full says that no more entries are wanted.
func (r *reader) close(name string) (full bool) {
	at := -1
	for i := len(r.path) - 1; i >= 0; i-- {
		if n := r.path[i]; n == name || strings.HasSuffix(n, ":"+name) {
			at = i
			break
		}
	}
	if at < 0 {
		return false
	}
	full = r.value(r.path[at], strings.TrimSpace(r.text.String()))
	r.path = r.path[:at]
	if !r.inTitle() {
		r.text.Reset()
	}
	return full
}

func (r *reader) value(name, v string) (full bool) {
	switch name {
	case "url", "sitemap":
		return r.end()
	case "loc":
		r.item.URL = r.address(v)
	case "lastmod":
		r.when = v
	case "publication_date":
		r.m.News = true
		r.item.When = v
		r.item.Published, _ = feed.ParseTime(v, r.zone)
	case "title":
		r.m.News = true
		r.item.Title = feed.Plain(v)
	case "language":
		r.item.Lang = v
	case "keywords":
		for k := range strings.SplitSeq(v, ",") {
			if k = strings.TrimSpace(k); k != "" && len(r.item.Categories) < 30 {
				r.item.Categories = append(r.item.Categories, feed.Plain(k))
			}
		}
	case "image:loc":
		if r.item.Image == "" {
			r.item.Image = r.address(v)
		}
	}
	return false
}

// end takes the open entry over; full says that there is no room for another.
func (r *reader) end() (full bool) {
	it, when := r.item, r.when
	r.item, r.when = feed.Item{}, ""
	if it.URL == "" {
		return false
	}
	changed, _ := feed.ParseTime(when, r.zone)
	if len(r.m.Items)+len(r.m.Children) >= r.opt.MaxItems {
		r.m.Truncated = true
		return true
	}
	if r.m.Index {
		r.m.Children = append(r.m.Children, Child{it.URL, changed})
		return false
	}
	it.ID, it.Updated = it.URL, changed
	if it.When == "" {
		it.When = when
	}
	r.m.Items = append(r.m.Items, it)
	return false
}

// address gives an absolute http(s) address, "" for what is none.
func (r *reader) address(v string) string {
	u, err := url.Parse(strings.TrimSpace(v))
	if err != nil || len(v) > 2000 {
		return ""
	}
	if r.base != nil {
		u = r.base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}
