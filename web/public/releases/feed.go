package releases

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"khue/catalogue"
	"khue/release"
	"khue/release/prose"
	"khue/web/frame"
	"khue/web/ui"
)

// inFeed is how many releases a feed holds; feedChanges how long one that was changed comes back into it.
const (
	inFeed      = 50
	feedChanges = 30 * 24 * time.Hour
)

// entry is one release in a feed. Its id never changes, whatever becomes of it.
type entry struct {
	ID, Link, Title, Summary, HTML, Lang, Kind, Office string
	Published, Updated                                 time.Time
	Withdrawn                                          bool
	Reason                                             string
}

// entries gives the newest releases for a feed, and those that were changed lately.
func (p pages) entries(r *frame.Request) ([]entry, error) {
	list, _, err := p.s.Releases.Published(r.Context(), release.Page{Limit: inFeed, Withdrawn: true})
	if err != nil {
		return nil, err
	}
	changes, err := p.s.Releases.Changes(r.Context(), p.s.Now().Add(-feedChanges), inFeed)
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		if !slices.ContainsFunc(list, func(o release.Public) bool { return o.ID == c.ID }) {
			list = append(list, c)
		}
	}
	out := make([]entry, 0, len(list))
	for _, rel := range list {
		t := in(rel, r.Lang)
		e := entry{
			ID: "urn:uuid:" + rel.ID, Link: p.s.Origin + r.Href("/r/"+rel.Code), Title: t.Title, Summary: t.Lede, HTML: p.absolute(prose.HTML(t.Lede) + prose.HTML(t.Body)), Lang: t.Lang,
			Kind: r.Lang.T("release.kind." + string(rel.Kind)), Office: p.office(r.Context(), r.Lang, rel.Office), Published: rel.Published, Updated: rel.Changed,
		}
		switch {
		case rel.State == release.Withdrawn:
			e.Withdrawn, e.Reason, e.Summary, e.HTML = true, t.Reason, t.Reason, "<p>"+templ.EscapeString(t.Reason)+"</p>"
			e.Title, e.Lang = r.Lang.T("release.withdrawn.title", "code", rel.Code), string(r.Lang)
		case t.Note != "":
			note := r.Lang.T("release.changed."+rel.Edition, "at", ui.ShortDateTime(r.Lang, rel.Changed)) + ": " + t.Note
			e.Summary, e.HTML = strings.TrimSpace(note+"\n"+e.Summary), "<p><strong>"+templ.EscapeString(note)+"</strong></p>"+e.HTML
		}
		out = append(out, e)
	}
	return out, nil
}

// absolute makes addresses on our own pages whole, for readers elsewhere.
func (p pages) absolute(html string) string {
	return strings.ReplaceAll(html, `href="/`, `href="`+p.s.Origin+`/`)
}

// about says what the feed is, and that a demo is made up.
func (p pages) about(l catalogue.Lang) string {
	if p.s.Demo {
		return l.T("ui.demo") + " " + l.T("release.today.about")
	}
	return l.T("release.today.about")
}

func updated(list []entry) (at time.Time) {
	for _, e := range list {
		if e.Updated.After(at) {
			at = e.Updated
		}
	}
	return at
}

type (
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomText struct {
		Type string `xml:"type,attr"`
		Lang string `xml:"xml:lang,attr,omitempty"`
		Text string `xml:",chardata"`
	}
	atomTerm struct {
		Term string `xml:"term,attr"`
	}
	atomEntry struct {
		XMLName   xml.Name `xml:"entry"`
		ID        string   `xml:"id"`
		Title     atomText `xml:"title"`
		Published string   `xml:"published"`
		Updated   string   `xml:"updated"`
		Author    string   `xml:"author>name"`
		Link      atomLink `xml:"link"`
		Category  atomTerm `xml:"category"`
		Summary   atomText `xml:"summary"`
		Content   atomText `xml:"content"`
	}
	// tombstone says that an entry was taken back (RFC 6721).
	tombstone struct {
		XMLName xml.Name `xml:"http://purl.org/atompub/tombstones/1.0 deleted-entry"`
		Ref     string   `xml:"ref,attr"`
		When    string   `xml:"when,attr"`
		Comment string   `xml:"http://purl.org/atompub/tombstones/1.0 comment"`
		Link    struct {
			XMLName xml.Name `xml:"http://www.w3.org/2005/Atom link"`
			Rel     string   `xml:"rel,attr"`
			Href    string   `xml:"href,attr"`
		}
	}
	atomFeed struct {
		XMLName  xml.Name   `xml:"http://www.w3.org/2005/Atom feed"`
		Lang     string     `xml:"xml:lang,attr"`
		ID       string     `xml:"id"`
		Title    string     `xml:"title"`
		Subtitle string     `xml:"subtitle"`
		Updated  string     `xml:"updated"`
		Author   string     `xml:"author>name"`
		Links    []atomLink `xml:"link"`
		Entries  []any
	}
)

// atom gives releases as Atom (RFC 4287); what was withdrawn is a tombstone.
func (p pages) atom(w http.ResponseWriter, r *frame.Request) error {
	list, err := p.entries(r)
	if err != nil {
		return err
	}
	self := p.s.Origin + r.Href("/feed.atom")
	f := atomFeed{
		Lang: string(r.Lang), ID: self, Title: r.Lang.T("ui.place"), Subtitle: p.about(r.Lang), Author: r.Lang.T("ui.place"), Updated: ui.Machine(updated(list)),
		Links: []atomLink{{"self", "application/atom+xml", self}, {"alternate", "text/html", p.s.Origin + r.Href("/")}},
	}
	for _, e := range list {
		if e.Withdrawn {
			d := tombstone{Ref: e.ID, When: ui.Machine(e.Updated), Comment: e.Reason}
			d.Link.Rel, d.Link.Href = "alternate", e.Link
			f.Entries = append(f.Entries, d)
			continue
		}
		f.Entries = append(f.Entries, atomEntry{
			ID: e.ID, Title: atomText{"text", e.Lang, e.Title}, Published: ui.Machine(e.Published), Updated: ui.Machine(e.Updated), Author: e.Office,
			Link: atomLink{"alternate", "text/html", e.Link}, Category: atomTerm{e.Kind}, Summary: atomText{"text", e.Lang, e.Summary}, Content: atomText{"html", e.Lang, e.HTML},
		})
	}
	return sendXML(w, "application/atom+xml; charset=utf-8", f)
}

type (
	rssGUID struct {
		Permalink bool   `xml:"isPermaLink,attr"`
		Text      string `xml:",chardata"`
	}
	rssItem struct {
		Title       string  `xml:"title"`
		Link        string  `xml:"link"`
		GUID        rssGUID `xml:"guid"`
		PubDate     string  `xml:"pubDate"`
		Category    string  `xml:"category"`
		Description string  `xml:"description"`
	}
	rssChannel struct {
		Title       string    `xml:"title"`
		Link        string    `xml:"link"`
		Description string    `xml:"description"`
		Language    string    `xml:"language"`
		Items       []rssItem `xml:"item"`
	}
	rssFeed struct {
		XMLName xml.Name   `xml:"rss"`
		Version string     `xml:"version,attr"`
		Channel rssChannel `xml:"channel"`
	}
)

// rss gives releases as RSS 2.0, which has no word for taking back: a withdrawal is an item of its own.
func (p pages) rss(w http.ResponseWriter, r *frame.Request) error {
	list, err := p.entries(r)
	if err != nil {
		return err
	}
	f := rssFeed{Version: "2.0", Channel: rssChannel{Title: r.Lang.T("ui.place"), Link: p.s.Origin + r.Href("/"), Description: p.about(r.Lang), Language: string(r.Lang)}}
	for _, e := range list {
		at, id := e.Published, e.ID
		if e.Withdrawn {
			at, id = e.Updated, e.ID+"#withdrawn"
		}
		f.Channel.Items = append(f.Channel.Items, rssItem{Title: e.Title, Link: e.Link, GUID: rssGUID{false, id}, PubDate: at.In(ui.Zone).Format(time.RFC1123Z), Category: e.Kind, Description: e.HTML})
	}
	return sendXML(w, "application/rss+xml; charset=utf-8", f)
}

type jsonItem struct {
	ID        string     `json:"id"`
	URL       string     `json:"url"`
	Title     string     `json:"title"`
	Summary   string     `json:"summary,omitempty"`
	HTML      string     `json:"content_html"`
	Published string     `json:"date_published"`
	Modified  string     `json:"date_modified"`
	Language  string     `json:"language"`
	Tags      []string   `json:"tags"`
	Authors   []jsonName `json:"authors"`
	Khue      *jsonKhue  `json:"_khue,omitempty"`
}

type jsonName struct {
	Name string `json:"name"`
}

type jsonKhue struct {
	Withdrawn bool   `json:"withdrawn"`
	Reason    string `json:"reason"`
}

// jsonFeed gives releases as JSON Feed 1.1; a withdrawal is told in the extension "_khue".
func (p pages) jsonFeed(w http.ResponseWriter, r *frame.Request) error {
	list, err := p.entries(r)
	if err != nil {
		return err
	}
	items := make([]jsonItem, 0, len(list))
	for _, e := range list {
		i := jsonItem{
			ID: e.ID, URL: e.Link, Title: e.Title, Summary: e.Summary, HTML: e.HTML, Published: ui.Machine(e.Published), Modified: ui.Machine(e.Updated),
			Language: e.Lang, Tags: []string{e.Kind}, Authors: []jsonName{{e.Office}},
		}
		if e.Withdrawn {
			i.Khue = &jsonKhue{true, e.Reason}
		}
		items = append(items, i)
	}
	data, err := json.Marshal(map[string]any{
		"version": "https://jsonfeed.org/version/1.1", "title": r.Lang.T("ui.place"), "description": p.about(r.Lang), "home_page_url": p.s.Origin + r.Href("/"),
		"feed_url": p.s.Origin + r.Href("/feed.json"), "language": string(r.Lang), "items": items,
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/feed+json")
	_, _ = w.Write(data) // a reader that left is nobody to tell
	return nil
}

func sendXML(w http.ResponseWriter, kind string, v any) error {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(v); err != nil {
		return err
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(b.Bytes()) // a reader that left is nobody to tell
	return nil
}

// newsArticle gives the release as schema.org NewsArticle.
func (p pages) newsArticle(r *frame.Request, v releaseView) map[string]any {
	m := map[string]any{
		"@context": "https://schema.org", "@type": "NewsArticle", "identifier": v.Code, "url": p.s.Origin + r.Href("/r/"+v.Code), "inLanguage": v.Lang,
		"datePublished": ui.Machine(v.Published), "dateModified": ui.Machine(v.Changed),
		"author":    map[string]any{"@type": "GovernmentOrganization", "name": v.OfficeIn},
		"publisher": map[string]any{"@type": "GovernmentOrganization", "name": r.Lang.T("ui.place")},
	}
	if v.Public.State == release.Withdrawn {
		m["headline"], m["creativeWorkStatus"] = r.Lang.T("release.withdrawn.title", "code", v.Code), "Withdrawn"
		return m
	}
	m["headline"], m["description"], m["articleBody"] = v.Title, v.Lede, prose.Plain(v.Body)
	if v.Edition == "correction" {
		m["correction"] = map[string]any{"@type": "CorrectionComment", "text": v.said.Note, "datePublished": ui.Machine(v.Changed)}
	}
	var images []string
	for _, f := range v.Pictures {
		images = append(images, p.s.Origin+f.Src)
	}
	if images != nil {
		m["image"] = images
	}
	return m
}

// ldJSON puts data for machines into a page's head. It is no script: browsers do not run its type, and json.Marshal writes < and > so
// that it cannot end early.
func ldJSON(v any) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		data, err := json.Marshal(v)
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, `<script type="application/ld+json">`+string(data)+`</script>`)
		return err
	})
}

// noteLang is the language that a note is shown in.
func noteLang(l catalogue.Lang, en string) string {
	if l == catalogue.EN && en != "" {
		return "en"
	}
	return "vi"
}
