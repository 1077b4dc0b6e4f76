package watches

import (
	"net/http"
	"strconv"

	"khue/problem"
	"khue/radar"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type formView struct {
	ID      string // "" for a new one
	Query   string // as it stands, of one that is changed
	In      radar.WatchInput
	Version string
	Paces   []ui.Option
	MayTake bool // somebody else is told
	Trial   *trialView
	Faults  []ui.Fault
	Wrong   map[string]string
}

type trialView struct {
	Total   string // in one sentence: how many, how many a day
	Busiest string // "" for none
	Short   string // that not all was read
	Hits    []hitView
}

func (d desk) form(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	return d.showForm(w, r, a, http.StatusOK, formView{In: radar.WatchInput{Query: r.URL.Query().Get("query"), Pace: radar.AtOnce, Mail: true}})
}

func (d desk) edit(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	one, _, err := d.s.Radar.Watch(r.Context(), a, r.PathValue("id"), 1, 0)
	if err != nil {
		return err
	}
	if one.State != radar.WatchActive {
		return d.s.See(w, r, "/desk/watches/"+one.ID, "")
	}
	in := radar.WatchInput{ID: one.ID, Version: one.Version, Query: one.Query, Why: one.Why, Mail: one.Mail, Webhook: one.Webhook, Pace: one.Pace}
	return d.showForm(w, r, a, http.StatusOK, formView{ID: one.ID, Query: one.Query, In: in, MayTake: one.Owner != a.ID})
}

func (d desk) showForm(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, v formView) error {
	if err := d.s.Rules.Can(a, "radar.watch.edit", regulation.Thing{Kind: "watch", Office: d.s.People.Centre()}, d.s.Now()); err != nil {
		return err
	}
	if v.In.Pace == "" {
		v.In.Pace = radar.AtOnce
	}
	v.Version = strconv.FormatInt(v.In.Version, 10)
	for _, p := range radar.Paces {
		v.Paces = append(v.Paces, ui.Option{Value: string(p), Label: r.Lang.T("watches.choice." + string(p))})
	}
	title := r.Lang.T("watches.new")
	if v.ID != "" {
		title = r.Lang.T("watches.edit")
	}
	p := d.s.Page(w, r, a, ui.Page{Title: title, Menu: "radar"})
	return d.s.Render(w, r, status, formPage(p, v))
}

func input(f site.Form) radar.WatchInput {
	return radar.WatchInput{
		Version: f.Version("version"), Query: f.Text("query"), Why: f.Text("why"), Mail: f.Yes("mail"), Webhook: f.Text("webhook"), Pace: radar.WatchPace(f.Text("pace")), Take: f.Yes("take"),
	}
}

// try fills what the query of a form would have found; what is wrong with it is told in the form.
func (d desk) try(w http.ResponseWriter, r *frame.Request, a regulation.Actor, v formView) error {
	t, err := d.s.Radar.TryWatch(r.Context(), a, v.In.Query)
	if again(err) {
		v.Faults, v.Wrong = ui.Faults(r.Lang, err)
		return d.showForm(w, r, a, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	l := r.Lang
	v.Trial = &trialView{Hits: d.hits(r, t.Hits)}
	v.Trial.Total = l.T("watches.trial.total", "n", ui.Number(l, int64(t.Total)), "day", ui.Decimal(l, t.PerDay, 1), "read", ui.Number(l, int64(t.Read)), "since", ui.ShortDate(l, t.Since))
	if t.Busiest > 0 {
		v.Trial.Busiest = l.T("watches.trial.busiest", "n", ui.Number(l, int64(t.Busiest)), "day", ui.ShortDate(l, t.Day))
	}
	if !t.Whole {
		v.Trial.Short = l.T("watches.trial.short")
	}
	return d.showForm(w, r, a, http.StatusOK, v)
}

func (d desk) add(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	v := formView{In: input(f)}
	if f.Text("do") == "try" {
		return d.try(w, r, a, v)
	}
	one, secret, err := d.s.Radar.AddWatch(r.Context(), a, v.In)
	return d.saved(w, r, a, v, one, secret, err)
}

func (d desk) change(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if f.Text("do") == "end" {
		if _, err := d.s.Radar.EndWatch(r.Context(), a, id); err != nil {
			return err
		}
		return d.s.See(w, r, "/desk/watches", "watches.flash.ended")
	}
	v := formView{ID: id, In: input(f)}
	v.In.ID = id
	one, _, err := d.s.Radar.Watch(r.Context(), a, id, 1, 0)
	if err != nil {
		return err
	}
	v.Query, v.MayTake = one.Query, one.Owner != a.ID
	if f.Text("do") == "try" {
		return d.try(w, r, a, v)
	}
	one, secret, err := d.s.Radar.ChangeWatch(r.Context(), a, v.In)
	return d.saved(w, r, a, v, one, secret, err)
}

// saved leads to the watch; the secret of a new webhook is shown on the page that answers the form, this once.
func (d desk) saved(w http.ResponseWriter, r *frame.Request, a regulation.Actor, v formView, one radar.Watch, secret string, err error) error {
	switch {
	case err == nil && secret != "":
		return d.show(w, r, a, one.ID, secret)
	case err == nil:
		return d.s.See(w, r, "/desk/watches/"+one.ID, "watches.flash.saved")
	case again(err):
		v.Faults, v.Wrong = ui.Faults(r.Lang, err)
		return d.showForm(w, r, a, frame.Status(problem.CodeOf(err)), v)
	}
	return err
}
