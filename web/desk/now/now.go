// Package now is the heart of the desk: what is due, late and raised for the person who looks, what they were told, the
// figures of a month, the record of what was done, and the one field that finds anything.
//
// Imports web/site, web/ui, web/frame and insight. Read now.go.
package now

import (
	"context"
	"net/http"
	"strings"
	"time"

	"khue/insight"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type desk struct{ s *site.Site }

// Register puts the pages on a frame.
func Register(f *frame.Frame, s *site.Site) {
	d := desk{s}
	f.Handle("GET /desk", d.now)
	f.Handle("GET /desk/notices", d.notices)
	f.Handle("POST /desk/notices/seen", d.seen)
	f.Handle("GET /desk/figures", d.figures)
	f.Handle("GET /desk/figures.csv", d.figuresCSV)
	f.Handle("GET /desk/audit", d.audit)
	f.Handle("GET /desk/find", d.find)
	s.Count(d.count)
}

// count gives the number behind "Now" in the menu.
func (d desk) count(ctx context.Context, a regulation.Actor) (map[string]int, error) {
	list, err := d.s.Insight.Now(ctx, a)
	n := 0
	for _, w := range list {
		if w.Group != insight.Raised {
			n++
		}
	}
	return map[string]int{"now": n}, err
}

// soon is how near a limit must be to stand under "due soon" in the tally.
const soon = 2 * time.Hour

type nowView struct {
	Figures []ui.Figure
	Groups  []group
	Unseen  int
	Notices string // how many notices are new, in words
}

type group struct {
	Name string
	Rows []ui.Row
}

func (d desk) now(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	list, err := d.s.Insight.Now(r.Context(), a)
	if err != nil {
		return err
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("ui.menu.now"), Path: "/desk", Menu: "now"})
	v, err := d.view(r, a, list)
	if err != nil {
		return err
	}
	return d.s.Render(w, r, http.StatusOK, nowPage(p, v))
}

func (d desk) view(r *frame.Request, a regulation.Actor, list []insight.Work) (nowView, error) {
	var v nowView
	now := d.s.Now()
	counts := map[insight.Group]int{}
	near, mine := 0, 0
	rows := map[insight.Group][]ui.Row{}
	for _, work := range list {
		counts[work.Group]++
		if work.Group == insight.Due && work.Duty.Due.Sub(now) < soon {
			near++
		}
		if work.Next != "" && work.Group != insight.Raised {
			mine++
		}
		rows[work.Group] = append(rows[work.Group], d.row(r, work, now))
	}
	for _, g := range insight.Groups {
		if len(rows[g]) > 0 {
			v.Groups = append(v.Groups, group{r.Lang.T("now.group." + string(g)), rows[g]})
		}
	}
	figure := func(n int, key string, alarm bool) ui.Figure {
		return ui.Figure{Number: ui.Number(r.Lang, int64(n)), Label: r.Lang.T(key), Alarm: alarm && n > 0}
	}
	v.Figures = []ui.Figure{figure(counts[insight.Late], "now.late", true), figure(near, "now.soon", false), figure(mine, "now.mine", false)}
	if a.Staff() {
		v.Figures = append(v.Figures, figure(counts[insight.Raised], "now.raised", false))
	}
	var err error
	if v.Unseen, err = d.s.Insight.Unseen(r.Context(), a.ID); err != nil {
		return v, err
	}
	v.Notices = r.Lang.N("now.unseen", v.Unseen)
	return v, nil
}

// row draws one piece of work.
func (d desk) row(r *frame.Request, w insight.Work, now time.Time) ui.Row {
	row := ui.Row{ID: strings.ReplaceAll(w.Ref, "/", "-"), Title: w.Title, Href: r.Href(w.Href), Who: d.s.OfficeName(r, w.Office)}
	row.Sub = strings.TrimPrefix(w.Code+" · "+r.Lang.T(w.State), " · ")
	switch w.Group {
	case insight.Late:
		row.Sign = ui.Sign(ui.Late, r.Lang.T("now.sign.late"))
	case insight.Raised:
		row.Sign = ui.Sign(ui.Unknown, r.Lang.T("now.sign.raised"))
		row.Clock = ui.Note(r.Lang.T("now.raised.note"))
	default:
		row.Sign = ui.Sign(ui.Plain, capital(r.Lang.T(w.State)))
	}
	if w.Duty.ID != "" {
		row.Clock = ui.Clock(site.Clock(r.Lang, w.Duty, now))
	}
	if w.Next != "" {
		row.Next, row.NextHref = r.Lang.T(w.Next), row.Href
	}
	return row
}
