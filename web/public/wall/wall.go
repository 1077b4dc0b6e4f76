// Package wall is the board in the hall where reporters sit: what the city says today, what is false, what was answered. Nothing stands on it that is
// not public.
//
// Imports release, claim, inquiry, web/site, web/ui and web/frame. Read wall.go, then page.templ.
package wall

import (
	"net/http"
	"time"

	"khue/catalogue"
	"khue/claim"
	"khue/inquiry"
	"khue/release"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type pages struct{ s *site.Site }

// Register puts the board on a frame.
func Register(f *frame.Frame, s *site.Site) {
	p := pages{s}
	f.Handle("GET /wall", s.Cached(p.wall))
}

// What one screen holds in letters for eight metres.
const (
	said     = 4
	checked  = 2
	answered = 1
)

type lineView struct {
	ID, Title, Lang, Sub string
	Sign                 ui.SignKind
	Word                 string
}

type wallView struct {
	Said, Checked, Answered []lineView
}

func (p pages) wall(w http.ResponseWriter, r *frame.Request) error {
	var v wallView
	for _, part := range []func(*frame.Request, *wallView) error{p.said, p.checked, p.answered} {
		if err := part(r, &v); err != nil {
			return err
		}
	}
	page := p.s.PublicPage(r, ui.Page{Title: r.Lang.T("wall.hall"), Path: "/wall", NoIndex: true})
	return p.s.Render(w, r, http.StatusOK, wallPage(page, v))
}

// said lists what the city said last.
func (p pages) said(r *frame.Request, v *wallView) error {
	list, _, err := p.s.Releases.Published(r.Context(), release.Page{Limit: said})
	for _, rel := range list {
		one := lineView{ID: rel.Code, Title: rel.Title, Lang: "vi", Sub: p.when(r, rel.Published) + " · " + p.s.OfficeName(r, rel.Office)}
		if r.Lang == catalogue.EN && rel.English() {
			one.Title, one.Lang = rel.TitleEN, "en"
		}
		if rel.State == release.Corrected {
			one.Sub += " · " + ui.SealState(r.Lang, ui.Corrected)
		}
		v.Said = append(v.Said, one)
	}
	return err
}

// checked lists the newest verdicts: the truth first, what was said below it.
func (p pages) checked(r *frame.Request, v *wallView) error {
	list, _, err := p.s.Claims.Register(r.Context(), claim.RegisterFilter{Limit: checked})
	for _, c := range list {
		e := c.Now()
		t, lang := e.In(string(r.Lang))
		v.Checked = append(v.Checked, lineView{
			ID: c.Code, Title: t.Headline, Lang: lang, Sub: r.Lang.T("wall.said", "said", t.Said),
			Sign: ui.SignKind(e.Verdict.Sign()), Word: catalogue.Capital(r.Lang.T("claim.verdict." + string(e.Verdict))),
		})
	}
	return err
}

// answered lists the newest public answers.
func (p pages) answered(r *frame.Request, v *wallView) error {
	list, err := p.s.Inquiries.PublicAnswers(r.Context(), inquiry.PublicFilter{Limit: answered})
	for _, a := range list {
		v.Answered = append(v.Answered, lineView{ID: a.Code, Title: a.Title, Lang: "vi", Sub: p.when(r, a.At)})
	}
	return err
}

// when writes a moment of today as its hour alone.
func (p pages) when(r *frame.Request, at time.Time) string {
	if at.In(ui.Zone).Format(time.DateOnly) == p.s.Now().In(ui.Zone).Format(time.DateOnly) {
		return ui.TimeOfDay(at)
	}
	return ui.TimeOfDay(at) + ", " + ui.DayMonth(r.Lang, at)
}
