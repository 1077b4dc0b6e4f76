package claims

import (
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/a-h/templ"

	"khue/claim"
	"khue/release/prose"
	"khue/web/frame"
	"khue/web/syndicate"
	"khue/web/ui"
)

// feed gives the newest verdicts: the truth as title, what was said and the verdict as summary.
func (p pages) feed(format syndicate.Format) frame.Handler {
	return func(w http.ResponseWriter, r *frame.Request) error {
		list, _, err := p.s.Claims.Register(r.Context(), claim.RegisterFilter{Limit: syndicate.Most})
		if err != nil {
			return err
		}
		f := syndicate.Feed{
			Lang: r.Lang, Origin: p.s.Origin, Demo: p.s.Demo, Name: r.Lang.T("claim.register"), About: r.Lang.T("claim.register.lede"), Home: "/claims", Path: "/claims/feed",
		}
		for _, c := range list {
			e := c.Now()
			t, lang := e.In(string(r.Lang))
			word := r.Lang.T("claim.verdict." + string(e.Verdict))
			summary := word + ": “" + t.Said + "”"
			if e.Change != "" {
				summary = r.Lang.T("claim.changed."+e.Change, "at", ui.ShortDateTime(r.Lang, e.At)) + ": " + e.NoteIn(string(r.Lang)) + "\n" + summary
			}
			f.Items = append(f.Items, syndicate.Item{
				ID: p.s.Origin + "/claims/" + c.Code, Path: "/claims/" + c.Code, Lang: lang, Title: t.Headline, Summary: summary,
				HTML: "<p>" + templ.EscapeString(summary) + "</p>" + prose.HTML(t.Body), Tag: string(e.Verdict), TagName: word, Published: c.Published, Updated: e.At,
			})
		}
		return f.Write(w, format)
	}
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
