package inquiries

import (
	"net/http"

	"khue/inquiry"
	"khue/release/prose"
	"khue/web/frame"
	"khue/web/syndicate"
	"khue/web/ui"
)

// feed gives the newest public answers.
func (p pages) feed(format syndicate.Format) frame.Handler {
	return func(w http.ResponseWriter, r *frame.Request) error {
		list, err := p.s.Inquiries.PublicAnswers(r.Context(), inquiry.PublicFilter{Limit: syndicate.Most})
		if err != nil {
			return err
		}
		f := syndicate.Feed{
			Lang: r.Lang, Origin: p.s.Origin, Demo: p.s.Demo, Name: r.Lang.T("inquiry.answers"), About: r.Lang.T("inquiry.answers.lede"), Home: "/answers", Path: "/answers/feed",
		}
		for _, a := range list {
			i := syndicate.Item{
				ID: p.s.Origin + "/answers/" + a.Code + "#" + round(a), Path: "/answers/" + a.Code, Lang: a.Lang, Title: title(r.Lang, a), Summary: a.Question,
				HTML: prose.HTML(a.Text), Published: a.At, Updated: a.At,
			}
			if !a.Withdrawn.IsZero() {
				note := r.Lang.T("inquiry.withdrawn", "at", ui.ShortDateTime(r.Lang, a.Withdrawn), "reason", a.Reason)
				i.Withdrawn, i.Updated, i.Reason, i.Summary, i.HTML, i.Lang = true, a.Withdrawn, note, note, prose.HTML(note), string(r.Lang)
			}
			f.Items = append(f.Items, i)
		}
		return f.Write(w, format)
	}
}
