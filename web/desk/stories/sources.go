package stories

import (
	"net/http"
	"strconv"

	"khue/catalogue"
	"khue/problem"
	"khue/radar"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/ui"
)

type sourcesView struct {
	Columns    []ui.Column
	Rows       [][]ui.Cell
	MayAdd     bool
	Address    string
	Name, Note string
	Faults     []ui.Fault
	Wrong      map[string]string
}

func (d desk) sources(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	return d.showSources(w, r, a, http.StatusOK, sourcesView{})
}

func (d desk) showSources(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, v sourcesView) error {
	list, err := d.s.Radar.Sources(r.Context(), a)
	if err != nil {
		return err
	}
	l := r.Lang
	v.MayAdd = d.s.Rules.Can(a, "radar.source.add", regulation.Thing{Kind: "source"}, d.s.Now()) == nil
	v.Columns = []ui.Column{{Name: l.T("radar.source.name")}, {Name: l.T("radar.source.last")}, {Name: l.T("radar.source.next")}, {Name: l.T("radar.source.fault")}, {Name: l.T("radar.source.per-day"), Number: true}}
	for _, s := range list {
		next := moment(l, s.Next)
		if s.State == radar.Paused {
			next = l.T("radar.source.state.paused")
		}
		v.Rows = append(v.Rows, []ui.Cell{
			{Text: s.Name, Href: r.Href("/desk/sources/" + s.ID)}, {Text: d.seen(l, s)}, {Text: next}, {Text: fault(l, s)}, {Text: ui.Decimal(l, s.PerDay, 1)},
		})
	}
	p := d.s.Page(w, r, a, ui.Page{Title: l.T("radar.sources"), Menu: "sources"})
	return d.s.Render(w, r, status, sourcesPage(p, v))
}

func (d desk) seen(l catalogue.Lang, s radar.Source) string {
	if s.Last.IsZero() {
		return l.T("radar.source.never")
	}
	return ui.ShortDateTime(l, s.Last)
}

// fault says in plain words why the last visit failed.
func fault(l catalogue.Lang, s radar.Source) string {
	if s.Fault == "" {
		return l.T("radar.source.well")
	}
	text := l.T("radar.fault." + string(s.Fault))
	if s.FaultStatus != 0 {
		text += " (" + strconv.Itoa(s.FaultStatus) + ")"
	}
	if s.Failures > 1 {
		text += ", " + l.T("radar.source.failures", "n", s.Failures)
	}
	return text
}

func (d desk) add(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	in := radar.AddSourceInput{Address: f.Text("address"), Name: f.Text("name"), Note: f.Text("note")}
	s, err := d.s.Radar.AddSource(r.Context(), a, in)
	switch code := problem.CodeOf(err); code {
	case "":
		return d.s.See(w, r, "/desk/sources", "radar.added", "name", s.Name)
	case problem.Internal, problem.Forbidden, problem.Session:
		return err
	default:
		faults, wrong := ui.Faults(r.Lang, err)
		return d.showSources(w, r, a, frame.Status(code), sourcesView{Address: in.Address, Name: in.Name, Note: in.Note, Faults: faults, Wrong: wrong})
	}
}

type sourceView struct {
	ID, Name, Note string
	Version        string
	Paused         bool
	MayChange      bool
	Health         []ui.Pair
	News           []ui.RiverItem
	Faults         []ui.Fault
	Wrong          map[string]string
}

func (d desk) source(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	s, err := d.s.Radar.Source(r.Context(), a, r.PathValue("id"))
	if err != nil {
		return err
	}
	return d.showSource(w, r, a, http.StatusOK, s, nil)
}

func (d desk) showSource(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, s radar.Source, fault error) error {
	news, err := d.s.Radar.News(r.Context(), a, s.ID, 30)
	if err != nil {
		return err
	}
	v := sourceView{ID: s.ID, Name: s.Name, Note: s.Note, Version: strconv.FormatInt(s.Version, 10), Paused: s.State == radar.Paused, Health: d.health(r.Lang, s)}
	v.MayChange = d.s.Rules.Can(a, "radar.source.change", s.Thing(), d.s.Now()) == nil
	v.Faults, v.Wrong = ui.Faults(r.Lang, fault)
	for _, m := range news {
		v.News = append(v.News, ui.RiverItem{ID: "m-" + m.ID, Time: m.Published, Title: m.Title, Href: m.URL})
	}
	p := d.s.Page(w, r, a, ui.Page{Title: s.Name, Menu: "sources"})
	return d.s.Render(w, r, status, sourcePage(p, v))
}

func (d desk) health(l catalogue.Lang, s radar.Source) []ui.Pair {
	good := l.T("radar.source.never")
	if !s.Good.IsZero() {
		good = ui.ShortDateTime(l, s.Good)
	}
	return []ui.Pair{
		{Term: l.T("radar.source.state"), Text: l.T("radar.source.state." + string(s.State))},
		{Term: l.T("radar.source.address"), Text: s.Address},
		{Term: l.T("radar.source.page"), Text: s.Page},
		{Term: l.T("radar.source.last"), Text: d.seen(l, s)},
		{Term: l.T("radar.source.good"), Text: good},
		{Term: l.T("radar.source.next"), Text: moment(l, s.Next)},
		{Term: l.T("radar.source.fault"), Text: fault(l, s)},
		{Term: l.T("radar.source.per-day"), Text: ui.Decimal(l, s.PerDay, 1)},
	}
}

func (d desk) change(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	in := radar.ChangeSourceInput{ID: r.PathValue("id"), Version: f.Version("version"), Name: f.Text("name"), Note: f.Text("note"), State: radar.Active}
	if f.Text("state") == string(radar.Paused) {
		in.State = radar.Paused
	}
	s, err := d.s.Radar.ChangeSource(r.Context(), a, in)
	switch code := problem.CodeOf(err); code {
	case "":
		return d.s.See(w, r, "/desk/sources/"+s.ID, "radar.saved", "name", s.Name)
	case problem.Required, problem.Invalid, problem.Conflict:
		now, e := d.s.Radar.Source(r.Context(), a, in.ID)
		if e != nil {
			return e
		}
		now.Name, now.Note = in.Name, in.Note
		return d.showSource(w, r, a, frame.Status(code), now, err)
	default:
		return err
	}
}
