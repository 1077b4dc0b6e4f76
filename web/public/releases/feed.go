package releases

import (
	"context"
	"encoding/json"
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
	"khue/web/syndicate"
	"khue/web/ui"
)

// feedChanges is how long a release that was changed comes back into the feed.
const feedChanges = 30 * 24 * time.Hour

// feed gives the newest releases, and those that were changed lately.
func (p pages) feed(format syndicate.Format) frame.Handler {
	return func(w http.ResponseWriter, r *frame.Request) error {
		list, _, err := p.s.Releases.Published(r.Context(), release.Page{Limit: syndicate.Most, Withdrawn: true})
		if err != nil {
			return err
		}
		changes, err := p.s.Releases.Changes(r.Context(), p.s.Now().Add(-feedChanges), syndicate.Most)
		if err != nil {
			return err
		}
		for _, c := range changes {
			if !slices.ContainsFunc(list, func(o release.Public) bool { return o.ID == c.ID }) {
				list = append(list, c)
			}
		}
		f := syndicate.Feed{Lang: r.Lang, Origin: p.s.Origin, Demo: p.s.Demo, About: r.Lang.T("release.today.about"), Home: "/", Path: "/feed"}
		for _, rel := range list {
			f.Items = append(f.Items, p.inFeed(r, rel))
		}
		return f.Write(w, format)
	}
}

// inFeed gives a release for a feed: what was corrected leads the summary, what was withdrawn is only its reason.
func (p pages) inFeed(r *frame.Request, rel release.Public) syndicate.Item {
	t := in(rel, r.Lang)
	i := syndicate.Item{
		ID: "urn:uuid:" + rel.ID, Path: "/r/" + rel.Code, Lang: t.Lang, Title: t.Title, Summary: t.Lede, HTML: prose.HTML(t.Lede) + prose.HTML(t.Body),
		Tag: string(rel.Kind), TagName: r.Lang.T("release.kind." + string(rel.Kind)), Author: p.office(r.Context(), r.Lang, rel.Office), Published: rel.Published, Updated: rel.Changed,
	}
	switch {
	case rel.State == release.Withdrawn:
		i.Withdrawn, i.Reason, i.Summary, i.HTML = true, t.Reason, t.Reason, "<p>"+templ.EscapeString(t.Reason)+"</p>"
		i.Title, i.Lang = r.Lang.T("release.withdrawn.title", "code", rel.Code), string(r.Lang)
	case t.Note != "":
		note := r.Lang.T("release.changed."+rel.Edition, "at", ui.ShortDateTime(r.Lang, rel.Changed)) + ": " + t.Note
		i.Summary, i.HTML = strings.TrimSpace(note+"\n"+i.Summary), "<p><strong>"+templ.EscapeString(note)+"</strong></p>"+i.HTML
	}
	return i
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

// feedLinks tells readers of feeds where the feeds are.
func feedLinks(l catalogue.Lang) templ.Component {
	return syndicate.Links(l, l.T("ui.place"), "/feed.atom", "/feed.rss", "/feed.json")
}
