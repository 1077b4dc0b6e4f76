package site

import (
	"strings"
	"time"

	"khue/catalogue"
	"khue/radar/warn"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/ui"
)

// Clock gives a duty's time limit as every face shows it.
func Clock(l catalogue.Lang, y regulation.Duty, now time.Time) ui.ClockProps {
	state := ui.ClockState(y.State)
	if y.State == regulation.DutyRunning || y.State == regulation.DutyMissed {
		state = ui.Running
	}
	law, article := y.Mark == "law", ""
	if law {
		article = y.Act + ", " + y.Article
	}
	return ui.ClockProps{Lang: l, Due: y.Due, Opened: y.Opened, Now: now, Law: law, Article: article, State: state, Paused: y.PausedAt}
}

// Soonest gives the open duty whose end is next.
func Soonest(list []regulation.Duty) (y regulation.Duty, ok bool) {
	for _, one := range list {
		if one.State.Open() && (!ok || one.Due.Before(y.Due)) {
			y, ok = one, true
		}
	}
	return y, ok
}

// DutyClock is Clock with the working days that are left by the city's calendar, where the limit is counted in them.
func (s *Site) DutyClock(l catalogue.Lang, y regulation.Duty) ui.ClockProps {
	c := Clock(l, y, s.Now())
	c.WorkDays = s.Duties.WorkDays(y)
	return c
}

// Reasons says in words why a story was raised: "26 nguồn cùng nói trong 3 giờ, bình thường khoảng 2".
func Reasons(l catalogue.Lang, why []warn.Reason) string {
	words := make([]string, len(why))
	for i, r := range why {
		words[i] = l.With("radar.why."+r.Key, r.With)
	}
	return strings.Join(words, "; ")
}

// OfficeName gives an office's name in the reader's language, its code when it is not known, "" for "".
func (s *Site) OfficeName(r *frame.Request, code string) string {
	if code == "" {
		return ""
	}
	o, err := s.People.Office(r.Context(), code)
	if err != nil {
		return code
	}
	return o.NameIn(string(r.Lang))
}

// OfficeOptions gives every office as a choice, by its code and in the reader's language.
func (s *Site) OfficeOptions(r *frame.Request) ([]ui.Option, error) {
	all, err := s.People.Offices(r.Context())
	list := make([]ui.Option, 0, len(all))
	for _, o := range all {
		list = append(list, ui.Option{Value: o.Code, Label: o.NameIn(string(r.Lang))})
	}
	return list, err
}

// OutletName gives an outlet's name, "" when it is not known.
func (s *Site) OutletName(r *frame.Request, id string) string {
	if id == "" {
		return ""
	}
	o, err := s.People.Outlet(r.Context(), id)
	if err != nil {
		return ""
	}
	return o.Name
}
