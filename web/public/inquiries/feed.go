package inquiries

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"khue/catalogue"
	"khue/inquiry"
	"khue/release/prose"
	"khue/web/frame"
	"khue/web/ui"
)

// inFeed is how many answers the feed holds.
const inFeed = 50

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string   `xml:"id"`
	Title     string   `xml:"title"`
	Updated   string   `xml:"updated"`
	Published string   `xml:"published"`
	Link      atomLink `xml:"link"`
	Summary   string   `xml:"summary"`
	Content   atomText `xml:"content"`
}

type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle"`
	Updated  string      `xml:"updated"`
	Author   string      `xml:"author>name"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

// atom gives the newest public answers by RFC 4287.
func (p pages) atom(w http.ResponseWriter, r *frame.Request) error {
	list, err := p.s.Inquiries.PublicAnswers(r.Context(), inquiry.PublicFilter{Limit: inFeed})
	if err != nil {
		return err
	}
	about := r.Lang.T("inquiry.answers.lede")
	if p.s.Demo {
		about = r.Lang.T("ui.demo") + " " + about
	}
	feed := atomFeed{
		Lang: string(r.Lang), ID: p.s.Origin + "/answers", Title: r.Lang.T("inquiry.answers") + " · " + r.Lang.T("ui.name"), Subtitle: about,
		Author: r.Lang.T("ui.place"), Updated: time.Unix(0, 0).UTC().Format(time.RFC3339),
		Links: []atomLink{{"self", p.s.Origin + r.Href("/answers/feed.atom")}, {"alternate", p.s.Origin + r.Href("/answers")}},
	}
	for _, a := range list {
		at := a.At.UTC().Format(time.RFC3339)
		if !a.Withdrawn.IsZero() { // its place in the feed says so, under the same id
			note := r.Lang.T("inquiry.withdrawn", "at", ui.ShortDateTime(r.Lang, a.Withdrawn), "reason", a.Reason)
			at, a.Question, a.Text = a.Withdrawn.UTC().Format(time.RFC3339), note, note
		}
		feed.Entries = append(feed.Entries, atomEntry{
			ID: p.s.Origin + "/answers/" + a.Code + "#" + round(a), Title: title(r.Lang, a), Updated: at, Published: a.At.UTC().Format(time.RFC3339),
			Link: atomLink{Href: p.s.Origin + r.Href("/answers/"+a.Code)}, Summary: a.Question, Content: atomText{"html", prose.HTML(a.Text)},
		})
	}
	for _, e := range feed.Entries { // the same form throughout: text order is time order
		feed.Updated = max(feed.Updated, e.Updated)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(feed); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(b.Bytes())
	return nil
}

// feedLink tells browsers and readers of the feed.
func feedLink(l catalogue.Lang) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		href := "/answers/feed.atom"
		if l == catalogue.EN {
			href = "/en" + href
		}
		_, err := io.WriteString(w, `<link rel="alternate" type="application/atom+xml" href="`+href+`" title="`+templ.EscapeString(l.T("inquiry.answers"))+`">`)
		return err
	})
}
