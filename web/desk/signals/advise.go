package signals

import (
	"net/http"

	"khue/problem"
	"khue/radar"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/ui"
)

type formView struct {
	Signal   itemView
	Action   string
	Faults   []ui.Fault
	Wrong    map[string]string
	In       radar.AdvisoryInput
	Next     string
	NextLast string
}

func (d desk) form(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	return d.showForm(w, r, a, formView{}, http.StatusOK)
}

func (d desk) showForm(w http.ResponseWriter, r *frame.Request, a regulation.Actor, v formView, status int) error {
	if err := d.s.Rules.Can(a, "radar.advisory.propose", regulation.Thing{Kind: "advisory", Office: d.s.People.Centre()}, d.s.Now()); err != nil {
		return err
	}
	one, err := d.s.Radar.Signal(r.Context(), a, r.PathValue("kind")+"/"+r.PathValue("mention"))
	if err != nil {
		return err
	}
	v.Signal = d.item(r, one, false, true)
	v.Action = r.URL.Path
	if v.Next == "" {
		v.Next = ui.FieldTime(d.s.Now().Add(radar.AdvisoryFor / 2))
	}
	v.NextLast = ui.ShortDateTime(r.Lang, d.s.Now().Add(radar.AdvisoryFor))
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("signal.advise"), Menu: "radar"})
	return d.s.Render(w, r, status, advisePage(p, v))
}

func (d desk) propose(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	in := radar.AdvisoryInput{
		Signal: r.PathValue("kind") + "/" + r.PathValue("mention"), Title: f.Text("title"), Known: f.Text("known"), TitleEN: f.Text("title_en"), KnownEN: f.Text("known_en"),
	}
	next, err := f.Time("next")
	if err == nil {
		in.Next = next
		_, err = d.s.Radar.ProposeAdvisory(r.Context(), a, in)
	}
	if err != nil {
		v := formView{In: in, Next: f.Text("next")}
		if v.Faults, v.Wrong = ui.Faults(r.Lang, err); len(v.Faults) == 0 {
			return err
		}
		return d.showForm(w, r, a, v, http.StatusUnprocessableEntity)
	}
	return d.s.See(w, r, "/desk/signals", "signal.flash.proposed")
}

func (d desk) decide(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	in := radar.DecideAdvisoryInput{ID: r.PathValue("id"), Reason: f.Text("reason")}
	do := f.Text("do")
	switch do {
	case "show":
		_, err = d.s.Radar.ShowAdvisory(r.Context(), a, in)
	case "return":
		_, err = d.s.Radar.ReturnAdvisory(r.Context(), a, in)
	case "end":
		_, err = d.s.Radar.EndAdvisory(r.Context(), a, in)
	default:
		err = problem.Of("do", problem.Required)
	}
	if err != nil {
		return err
	}
	return d.s.See(w, r, "/desk/signals", "signal.flash."+do)
}

func (d desk) advisory(r *frame.Request, a regulation.Actor, one radar.Advisory) advisoryView {
	l, now := r.Lang, d.s.Now()
	name := func(id string) string { return d.s.People.NameOf(r.Context(), id, string(l)) }
	title, known, lang := one.In(string(l))
	state := one.State
	if state == radar.AdvisoryShown && !one.Until.After(now) {
		state = radar.AdvisoryEnded
	}
	v := advisoryView{
		ID: one.ID, State: l.T("signal.advisory.state." + string(state)), Title: title, Known: known, Lang: lang, Sign: ui.Plain, Reason: one.Reason,
		Sub: l.T("signal.advisory.by", "name", name(one.ProposedBy), "at", ui.ShortDateTime(l, one.ProposedAt), "next", ui.ShortDateTime(l, one.Next)),
	}
	thing := regulation.Thing{Kind: "advisory", ID: one.ID, Office: d.s.People.Centre(), Author: one.ProposedBy, Drafter: one.ProposedBy, State: string(one.State)}
	switch state {
	case radar.AdvisoryProposed:
		v.MayShow = d.may(a, "radar.advisory.show", thing)
	case radar.AdvisoryShown:
		v.Sign = ui.Care
		v.MayEnd = d.may(a, "radar.advisory.end", thing)
		v.Sub += " · " + l.T("signal.advisory.until", "name", name(one.DecidedBy), "until", ui.ShortDateTime(l, one.Until))
	}
	return v
}
