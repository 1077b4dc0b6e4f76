// Package wall is the board of the duty room: what is due and late with its clocks, the signals that wait for a look, and what rises.
//
// Imports insight, radar, web/site, web/ui and web/frame. Read wall.go, then page.templ.
package wall

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"khue/insight"
	"khue/radar"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type desk struct{ s *site.Site }

// Register puts the board on a frame.
func Register(f *frame.Frame, s *site.Site) {
	d := desk{s}
	f.Handle("GET /desk/wall", d.wall)
}

// What one screen holds in letters for eight metres.
const (
	dues    = 3
	signals = 3
	rising  = 3
)

// risingHours is the time in which what rises is looked for.
const risingHours = 3

type dueView struct {
	ID, Title, Sub string
	Clock          ui.ClockProps
}

type signalView struct{ ID, Title, Lang, Sub string }

type riseView struct {
	Title, Lang, Sub, Alt string
	Points                []ui.Point
}

type wallView struct {
	Sum     string // how much is late and running
	Alarm   bool
	Dues    []dueView
	Signals []signalView
	Rising  []riseView
}

func (d desk) wall(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	var v wallView
	for _, part := range []func(*frame.Request, regulation.Actor, *wallView) error{d.dues, d.signals, d.rising} {
		if err := part(r, a, &v); err != nil {
			return err
		}
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("wall.duty"), Path: "/desk/wall"})
	return d.s.Render(w, r, http.StatusOK, wallPage(p, v))
}

// dues lists the open duties, the one whose end is next before the others.
func (d desk) dues(r *frame.Request, a regulation.Actor, v *wallView) error {
	list, err := d.s.Insight.Now(r.Context(), a)
	if err != nil {
		return err
	}
	late, running := 0, 0
	var open []insight.Work
	for _, w := range list {
		if w.Duty.ID == "" {
			continue
		}
		open = append(open, w)
		running++
		if w.Group == insight.Late {
			late++
		}
	}
	slices.SortStableFunc(open, func(a, b insight.Work) int {
		return cmp.Or(a.Duty.Due.Compare(b.Duty.Due), cmp.Compare(a.Duty.ID, b.Duty.ID))
	})
	for _, w := range open[:min(len(open), dues)] {
		v.Dues = append(v.Dues, dueView{
			ID: "due-" + w.Duty.ID, Title: w.Title, Sub: strings.TrimPrefix(w.Code+" · "+d.s.OfficeName(r, w.Office), " · "), Clock: d.s.DutyClock(r.Lang, w.Duty),
		})
	}
	v.Sum, v.Alarm = r.Lang.T("wall.duty.sum", "late", late, "running", running), late > 0
	return nil
}

// signals lists the stories that were raised and have not lapsed.
func (d desk) signals(r *frame.Request, a regulation.Actor, v *wallView) error {
	list, err := d.s.Radar.RaisedSince(r.Context(), a, d.s.Now().Add(-insight.RaisedFor), signals)
	for _, s := range list {
		v.Signals = append(v.Signals, signalView{ID: "signal-" + s.Story, Title: s.Of.Headline, Lang: s.Of.Lang, Sub: ui.TimeOfDay(s.At) + ", " + ui.DayMonth(r.Lang, s.At) + ": " + site.Reasons(r.Lang, s.Reasons)})
	}
	return err
}

// rising lists the stories that stand highest above what was to be expected of the last hours.
func (d desk) rising(r *frame.Request, a regulation.Actor, v *wallView) error {
	list, err := d.s.Radar.Rising(r.Context(), a, radar.RisingQuery{Kind: radar.KindStory, Hours: risingHours, Limit: rising})
	if err != nil {
		return err
	}
	for _, one := range list {
		if one.Surprise <= 0 {
			continue
		}
		s, _, err := d.s.Radar.Story(r.Context(), a, one.Key.Key, 1)
		if err != nil {
			return err
		}
		x := riseView{Title: s.Headline, Lang: s.Lang, Alt: r.Lang.T("trend.row.alt", "n", len(one.Lately)), Sub: r.Lang.T("wall.duty.rise", "n", one.N, "from", ui.TimeOfDay(one.From))}
		for _, p := range one.Lately {
			x.Points = append(x.Points, ui.Point{Value: float64(p.N), Low: p.Band.Low, High: p.Band.High})
		}
		v.Rising = append(v.Rising, x)
	}
	return nil
}
