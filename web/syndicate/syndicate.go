package syndicate

import (
	"context"
	"io"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/a-h/templ"

	"khue/catalogue"
)

// Most is how many items a feed holds.
const Most = 50

// Feed is one of our lists, newest first.
type Feed struct {
	Lang   catalogue.Lang
	Origin string // of our addresses: "https://khue.example"
	Demo   bool   // nothing in it is real
	Name   string // of the list; "" for the feed of the house itself
	About  string // a sentence that says what stands in it
	Home   string // path of the list's page without its language: "/claims"
	Path   string // path of the feed without language and ending: "/claims/feed"
	Items  []Item
}

// Item is one thing in a feed.
type Item struct {
	ID                 string // a URI that never changes
	Path               string // of its page without language: "/claims/KC-2026-0001"
	Lang               string // of its text: "vi" or "en"
	Title              string
	Summary            string // plain text
	HTML               string // safe HTML
	Tag, TagName       string // its kind, as a code and as a word; may be ""
	Author             string // whose it is, when it is not the centre's own; may be ""
	Published, Updated time.Time
	Withdrawn          bool   // taken back at Updated
	Reason             string // why it was taken back, as plain text
}

// Format is a form of feeds; its value is the ending of the path.
type Format string

// The formats.
const (
	Atom Format = "atom"
	RSS  Format = "rss"
	JSON Format = "json"
)

// Kind gives the format's media type.
func (f Format) Kind() string {
	if f == JSON {
		return "application/feed+json"
	}
	return "application/" + string(f) + "+xml"
}

func (f Format) name() string {
	switch f {
	case JSON:
		return "JSON Feed"
	case RSS:
		return "RSS"
	}
	return "Atom"
}

// Write answers a request with the feed.
func (f Feed) Write(w http.ResponseWriter, format Format) error {
	write := f.atom
	switch format {
	case RSS:
		write = f.rss
	case JSON:
		write = f.json
	}
	data, err := write()
	if err != nil {
		return err
	}
	kind := format.Kind()
	if format != JSON { // JSON is always UTF-8
		kind += "; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(data) // a reader that left is nobody to tell
	return nil
}

// Links tells browsers and readers of feeds, in a page's head, where the feeds at these paths are.
func Links(l catalogue.Lang, name string, paths ...string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		for _, p := range paths {
			f := Format(strings.TrimPrefix(path.Ext(p), "."))
			_, err := io.WriteString(w, `<link rel="alternate" type="`+f.Kind()+`" title="`+templ.EscapeString(name+" ("+f.name()+")")+`" href="`+templ.EscapeString(l.Href(p))+`"/>`)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// title names list and centre, and says of a demo that it is one.
func (f Feed) title() string {
	t := f.place()
	if f.Name != "" {
		t = f.Name + " · " + t
	}
	if f.Demo {
		return f.Lang.T("ui.demo.feed", "title", t)
	}
	return t
}

func (f Feed) about() string {
	if f.Demo {
		return f.Lang.T("ui.demo") + " " + f.About
	}
	return f.About
}

func (f Feed) place() string { return f.Lang.T("ui.place") }

// at gives the whole address of a path in the feed's language.
func (f Feed) at(p string) string { return f.Origin + f.Lang.Href(p) }

func (f Feed) self(format Format) string { return f.at(f.Path + "." + string(format)) }

// updated is when the newest change was; an empty feed is as old as can be, since the formats want a moment.
func (f Feed) updated() time.Time {
	at := time.Unix(0, 0)
	for _, i := range f.Items {
		if i.Updated.After(at) {
			at = i.Updated
		}
	}
	return at
}

// whole makes addresses on our own pages whole, for readers elsewhere.
func (f Feed) whole(html string) string {
	return strings.NewReplacer(`href="/`, `href="`+f.Origin+`/`, `src="/`, `src="`+f.Origin+`/`).Replace(html)
}
