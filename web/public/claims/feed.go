package claims

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"khue/catalogue"
	"khue/claim"
	"khue/release/prose"
	"khue/web/frame"
	"khue/web/ui"
)

// inFeed is how many verdicts a feed holds.
const inFeed = 50

// entry is one verdict in a feed.
type entry struct {
	ID, Link, Title, Summary, HTML, Lang string
	Verdict                              string
	Published, Updated                   time.Time
}

// entries gives the newest verdicts for a feed: the truth as title, what was said and the verdict as summary.
func (p pages) entries(r *frame.Request) ([]entry, error) {
	list, _, err := p.s.Claims.Register(r.Context(), claim.RegisterFilter{Limit: inFeed})
	if err != nil {
		return nil, err
	}
	out := make([]entry, 0, len(list))
	for _, c := range list {
		e := c.Now()
		t, lang := e.In(string(r.Lang))
		word := r.Lang.T("claim.verdict." + string(e.Verdict))
		body := prose.HTML(t.Body)
		summary := word + ": “" + t.Said + "”"
		if e.Change != "" {
			summary = r.Lang.T("claim.changed."+e.Change, "at", ui.ShortDateTime(r.Lang, e.At)) + ": " + e.NoteIn(string(r.Lang)) + "\n" + summary
		}
		out = append(out, entry{
			ID: p.s.Origin + "/claims/" + c.Code, Link: p.s.Origin + r.Href("/claims/"+c.Code), Title: t.Headline, Summary: summary,
			HTML: "<p>" + templ.EscapeString(summary) + "</p>" + body, Lang: lang, Verdict: string(e.Verdict), Published: c.Published, Updated: e.At,
		})
	}
	return out, nil
}

// about says what the feed is, and that a demo is made up.
func (p pages) about(l catalogue.Lang) string {
	if p.s.Demo {
		return l.T("ui.demo") + " " + l.T("claim.register.lede")
	}
	return l.T("claim.register.lede")
}

// updated is when the newest of the entries changed; the zero time for none.
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
		Rel  string `xml:"rel,attr,omitempty"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomText struct {
		Type string `xml:"type,attr"`
		Lang string `xml:"xml:lang,attr,omitempty"`
		Text string `xml:",chardata"`
	}
	atomEntry struct {
		ID        string   `xml:"id"`
		Title     atomText `xml:"title"`
		Published string   `xml:"published"`
		Updated   string   `xml:"updated"`
		Link      atomLink `xml:"link"`
		Category  struct {
			Term  string `xml:"term,attr"`
			Label string `xml:"label,attr"`
		} `xml:"category"`
		Summary atomText `xml:"summary"`
		Content atomText `xml:"content"`
	}
	atomFeed struct {
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
)

// atom gives the register as Atom (RFC 4287).
func (p pages) atom(w http.ResponseWriter, r *frame.Request) error {
	list, err := p.entries(r)
	if err != nil {
		return err
	}
	self := p.s.Origin + r.Href("/claims/feed.atom")
	f := atomFeed{
		Lang: string(r.Lang), ID: self, Title: r.Lang.T("claim.register") + " · " + r.Lang.T("ui.place"), Subtitle: p.about(r.Lang), Author: r.Lang.T("ui.place"),
		Updated: ui.Machine(updated(list)), Links: []atomLink{{Rel: "self", Type: "application/atom+xml", Href: self}, {Rel: "alternate", Type: "text/html", Href: p.s.Origin + r.Href("/claims")}},
	}
	for _, e := range list {
		a := atomEntry{
			ID: e.ID, Title: atomText{"text", e.Lang, e.Title}, Published: ui.Machine(e.Published), Updated: ui.Machine(e.Updated),
			Link: atomLink{Rel: "alternate", Type: "text/html", Href: e.Link}, Summary: atomText{"text", e.Lang, e.Summary}, Content: atomText{"html", e.Lang, e.HTML},
		}
		a.Category.Term, a.Category.Label = e.Verdict, r.Lang.T("claim.verdict."+e.Verdict)
		f.Entries = append(f.Entries, a)
	}
	return sendXML(w, "application/atom+xml; charset=utf-8", f)
}

type (
	rssGUID struct {
		Permalink string `xml:"isPermaLink,attr"`
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
	rssFeed struct {
		XMLName xml.Name   `xml:"rss"`
		Version string     `xml:"version,attr"`
		Channel rssChannel `xml:"channel"`
	}
	rssChannel struct {
		Title    string    `xml:"title"`
		Link     string    `xml:"link"`
		About    string    `xml:"description"`
		Language string    `xml:"language"`
		Items    []rssItem `xml:"item"`
	}
)

// rss gives the register as RSS 2.0.
func (p pages) rss(w http.ResponseWriter, r *frame.Request) error {
	list, err := p.entries(r)
	if err != nil {
		return err
	}
	c := rssChannel{Title: r.Lang.T("claim.register") + " · " + r.Lang.T("ui.place"), Link: p.s.Origin + r.Href("/claims"), About: p.about(r.Lang), Language: string(r.Lang)}
	for _, e := range list {
		c.Items = append(c.Items, rssItem{
			Title: e.Title, Link: e.Link, GUID: rssGUID{"false", e.ID}, PubDate: e.Published.In(ui.Zone).Format(time.RFC1123Z),
			Category: r.Lang.T("claim.verdict." + e.Verdict), Description: e.HTML,
		})
	}
	return sendXML(w, "application/rss+xml; charset=utf-8", rssFeed{Version: "2.0", Channel: c})
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

// jsonFeed gives the register as JSON Feed 1.1.
func (p pages) jsonFeed(w http.ResponseWriter, r *frame.Request) error {
	list, err := p.entries(r)
	if err != nil {
		return err
	}
	items := make([]map[string]any, 0, len(list))
	for _, e := range list {
		items = append(items, map[string]any{
			"id": e.ID, "url": e.Link, "title": e.Title, "summary": e.Summary, "content_html": e.HTML, "language": e.Lang,
			"date_published": ui.Machine(e.Published), "date_modified": ui.Machine(e.Updated), "tags": []string{e.Verdict},
		})
	}
	data, err := json.Marshal(map[string]any{
		"version": "https://jsonfeed.org/version/1.1", "title": r.Lang.T("claim.register") + " · " + r.Lang.T("ui.place"), "description": p.about(r.Lang),
		"home_page_url": p.s.Origin + r.Href("/claims"), "feed_url": p.s.Origin + r.Href("/claims/feed.json"), "language": string(r.Lang), "items": items,
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/feed+json; charset=utf-8")
	_, _ = w.Write(data)
	return nil
}

// feedLinks lets feed readers find the feeds.
func feedLinks(l catalogue.Lang) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		title := templ.EscapeString(l.T("claim.register"))
		for _, f := range [][2]string{{"application/atom+xml", "atom"}, {"application/rss+xml", "rss"}, {"application/feed+json", "json"}} {
			if _, err := io.WriteString(w, `<link rel="alternate" type="`+f[0]+`" title="`+title+`" href="`+frame.Href(l, "/claims/feed."+f[1])+`"/>`); err != nil {
				return err
			}
		}
		return nil
	})
}

// jsonLD gives the fact-check as schema.org's ClaimReview. encoding/json writes <, > and & as \u003c …, so that no text can end
// the script element; the element holds data, which no policy of scripts concerns.
func (p pages) jsonLD(r *frame.Request, c claim.Public) templ.Component {
	v := c.Review(string(r.Lang))
	said := map[string]any{"@type": "Claim", "appearance": p.where(v)}
	if !v.FirstSeen.IsZero() {
		said["datePublished"] = ui.Machine(v.FirstSeen)
	}
	rating := map[string]any{"@type": "Rating", "alternateName": r.Lang.T("claim.verdict." + string(v.Verdict))}
	if v.Rating > 0 {
		rating["ratingValue"], rating["bestRating"], rating["worstRating"] = v.Rating, 5, 1
	}
	data := map[string]any{
		"@context": "https://schema.org", "@type": "ClaimReview", "url": p.s.Origin + r.Href("/claims/"+v.Code), "identifier": v.Code,
		"headline": v.Headline, "claimReviewed": v.Claimed, "inLanguage": v.Lang, "datePublished": ui.Machine(v.Published), "dateModified": ui.Machine(v.Modified),
		"author": map[string]any{"@type": "GovernmentOrganization", "name": r.Lang.T("ui.place"), "url": p.s.Origin}, "itemReviewed": said, "reviewRating": rating,
	}
	if p.s.Demo {
		data["disambiguatingDescription"] = r.Lang.T("ui.demo")
	}
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		b, err := json.Marshal(data)
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, `<script type="application/ld+json">`+string(b)+`</script>`)
		return err
	})
}

func (p pages) where(v claim.Review) []map[string]any {
	list := make([]map[string]any, 0, len(v.Where))
	for _, link := range v.Where {
		list = append(list, map[string]any{"@type": "CreativeWork", "url": link})
	}
	return list
}
