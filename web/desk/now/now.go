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

	"github.com/a-h/templ"

	"khue/catalogue"
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
	f.Handle("POST /desk/duties/{id}/take", d.take)
	f.Handle("GET /desk/notices", d.notices)
	f.Handle("POST /desk/notices/seen", d.seen)
	f.Handle("GET /desk/figures", d.figures)
	f.Handle("GET /desk/figures.csv", d.figuresCSV)
	f.Handle("GET /desk/audit", d.audit)
	f.Handle("GET /desk/find", d.find)
	s.Count("now", d.count)
}

// count gives the number behind "Now" in the menu.
func (d desk) count(ctx context.Context, a regulation.Actor) (map[string]int, error) {
	n, err := d.s.Insight.Owed(ctx, a)
	return map[string]int{"now": n}, err
}

// soon is how near a limit must be to stand under "due soon" in the tally.
const soon = 2 * time.Hour

// week is the time over which the share in time is told.
const week = 7 * 24 * time.Hour

type nowView struct {
	Figures []ui.Figure
	Groups  []group // all, also those without rows: what comes finds its place
	Shown   bool    // some group has rows
	Query   string  // what the list is filtered by
	Any     bool    // there is work, whether the filter shows it or not
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
	owed := 0
	for _, work := range list {
		if work.Group != insight.Raised {
			owed++
		}
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("ui.menu.now"), Path: "/desk", Menu: "now", Counts: map[string]int{"now": owed}})
	v, err := d.view(r, a, list)
	if err != nil {
		return err
	}
	return d.s.Render(w, r, http.StatusOK, nowPage(p, v))
}

func (d desk) view(r *frame.Request, a regulation.Actor, list []insight.Work) (nowView, error) {
	v := nowView{Query: strings.TrimSpace(r.URL.Query().Get("q")), Any: len(list) > 0}
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
		row := d.row(r, a, work)
		if v.Query == "" || insight.Matches(row.Title+" "+row.Sub+" "+row.Who, v.Query) {
			rows[work.Group] = append(rows[work.Group], row)
		}
	}
	for _, g := range insight.Groups {
		v.Groups = append(v.Groups, group{r.Lang.T("now.group." + string(g)), rows[g]})
		v.Shown = v.Shown || len(rows[g]) > 0
	}
	figure := func(n int, key string, alarm bool) ui.Figure {
		return ui.Figure{Number: ui.Number(r.Lang, int64(n)), Label: r.Lang.T(key), Alarm: alarm && n > 0}
	}
	v.Figures = []ui.Figure{figure(counts[insight.Late], "now.late", true), figure(near, "now.soon", false), figure(mine, "now.mine", false)}
	if a.Staff() {
		v.Figures = append(v.Figures, figure(counts[insight.Raised], "now.raised", false))
	}
	kept, err := d.s.Insight.Kept(r.Context(), a, now.Add(-week))
	if err != nil {
		return v, err
	}
	if share, ok := kept.InTime(); ok {
		v.Figures = append(v.Figures, ui.Figure{Number: ui.Percent(r.Lang, share, 0), Label: r.Lang.T("now.in-time")})
	}
	if v.Unseen, err = d.s.Insight.Unseen(r.Context(), a.ID); err != nil {
		return v, err
	}
	v.Notices = r.Lang.N("now.unseen", v.Unseen)
	return v, nil
}

// row draws one piece of work.
func (d desk) row(r *frame.Request, a regulation.Actor, w insight.Work) ui.Row {
	l := r.Lang
	row := ui.Row{ID: strings.ReplaceAll(w.Ref, "/", "-"), Title: w.Title, Href: r.Href(w.Href), Who: d.s.OfficeName(r, w.Office)}
	state := w.State
	if !l.Has(state) { // a duty of a kind that a profile of its own has
		state = "insight.duty.other"
	}
	row.Sub = strings.TrimPrefix(w.Code+" · "+l.T(state), " · ")
	if row.Title == "" { // what it is about is nobody's to read here
		row.Title, row.Sub = catalogue.Capital(l.T(state)), ""
	}
	switch w.Group {
	case insight.Late:
		row.Sign = ui.Sign(ui.Late, l.T("now.sign.late"))
	case insight.Raised:
		d.raised(l, w, &row)
	default:
		row.Sign = ui.Sign(ui.Plain, catalogue.Capital(l.T(state)))
	}
	if w.Duty.ID != "" {
		row.Clock = ui.Clock(d.s.DutyClock(l, w.Duty))
		row.Whose = d.whose(r, a, w)
	}
	if w.Next != "" {
		row.Next, row.NextHref = l.T(w.Next), row.Href
	}
	return row
}

// raised tells why a row was raised, and that it is no verdict.
func (d desk) raised(l catalogue.Lang, w insight.Work, row *ui.Row) {
	sign, note := "now.sign.report", l.T("now.raised.note")
	row.Who = l.T("now.nobody")
	if w.Story.ID != "" {
		sign = "now.sign.voices"
		row.Sub = l.T("now.voices", "voices", w.Story.Voices, "sources", w.Story.Sources)
	}
	if w.Signal.Kind != "" {
		sign, row.Sub = "radar.kind."+string(w.Signal.Kind), site.Reasons(l, w.Signal.Reasons)
		if left := insight.RaisedFor - d.s.Now().Sub(w.Signal.At); left > 0 {
			note += ", " + l.T("now.settles", "span", ui.Span(l, max(left.Truncate(time.Hour), time.Hour)))
		}
	}
	row.Sign, row.Clock = ui.Sign(ui.Unknown, l.T(sign)), ui.Note(note)
}

// whose says who has taken a duty, and lets a person of the office take it.
func (d desk) whose(r *frame.Request, a regulation.Actor, w insight.Work) templ.Component {
	v := whoseView{Href: r.Href("/desk/duties/" + w.Duty.ID + "/take"), Title: w.Title}
	switch {
	case w.Duty.Holder == a.ID:
		v.Holder = r.Lang.T("now.holder.me")
	case w.Duty.Holder != "":
		v.Holder = d.s.People.NameOf(r.Context(), w.Duty.Holder, string(r.Lang))
	}
	if w.Take {
		v.Take = r.Lang.T("now.take")
		if w.Duty.Holder != "" {
			v.Take = r.Lang.T("now.take.over")
		}
	}
	return whose(v)
}

type whoseView struct {
	Holder string // who has taken it, "" for nobody
	Take   string // words of the button, "" when the person may not
	Href   string
	Title  string // for a screen reader: which work
}

// take notes that a person does a duty of their office.
func (d desk) take(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	if err := d.s.Duties.Take(r.Context(), a, r.PathValue("id")); err != nil {
		return err
	}
	duty, err := d.s.Duties.Get(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return d.s.See(w, r, "/desk", "now.taken", "title", duty.Title)
}
