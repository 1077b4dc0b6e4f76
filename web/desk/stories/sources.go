package stories

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"khue/catalogue"
	"khue/problem"
	"khue/radar"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/ui"
)

type sourcesView struct {
	Columns      []ui.Column
	Rows         [][]ui.Cell
	Any          bool // there is a source, whether it is shown or not
	Count        string
	MayAdd       bool
	MayHear      bool
	Filter       sourceFilter
	Groups       []ui.Option
	Kinds        []ui.Option
	Healths      []ui.Option
	Newer, Older string
}

// sourceFilter is what of the sources is shown.
type sourceFilter struct{ Group, Kind, Health string }

// Healths of sources, as the filter has them.
const (
	healthWell   = "well"
	healthFault  = "fault"
	healthSilent = "silent" // nothing came for a week
	healthPaused = "paused"
)

// sourcesShown is how many sources stand on a page.
const sourcesShown = 100

// wants says whether a source is shown. A group includes those below it.
func (f sourceFilter) wants(s radar.Source) bool {
	if f.Group != "" && s.Group != f.Group && !strings.HasPrefix(s.Group, f.Group+"/") || f.Kind != "" && string(s.Kind) != f.Kind {
		return false
	}
	switch f.Health {
	case healthWell:
		return s.State == radar.Active && s.Fault == ""
	case healthFault:
		return s.State == radar.Active && s.Fault != ""
	case healthSilent:
		return s.State == radar.Active && s.Fault == "" && s.PerDay == 0
	case healthPaused:
		return s.State == radar.Paused
	}
	return true
}

func (d desk) sources(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	list, err := d.s.Radar.Sources(r.Context(), a)
	if err != nil {
		return err
	}
	l, q := r.Lang, r.URL.Query()
	v := sourcesView{Any: len(list) > 0, MayAdd: d.mayAdd(a), MayHear: d.mayHear(a), Filter: sourceFilter{q.Get("group"), q.Get("kind"), q.Get("health")}}
	v.Groups, v.Kinds, v.Healths = filterOptions(l, list)
	list = slices.DeleteFunc(list, func(s radar.Source) bool { return !v.Filter.wants(s) })
	v.Count = l.N("source.count", len(list))
	from := 0
	if n, err := strconv.Atoi(q.Get("from")); err == nil && n > 0 && n < len(list) {
		from = n
	}
	page := func(from int) string {
		at := url.Values{}
		for name, value := range map[string]string{"group": v.Filter.Group, "kind": v.Filter.Kind, "health": v.Filter.Health} {
			if value != "" {
				at.Set(name, value)
			}
		}
		at.Set("from", strconv.Itoa(from))
		return r.Href("/desk/sources?" + at.Encode())
	}
	if from > 0 {
		v.Newer = page(max(0, from-sourcesShown))
	}
	if from+sourcesShown < len(list) {
		v.Older = page(from + sourcesShown)
	}
	v.Columns = []ui.Column{{Name: l.T("radar.source.name")}, {Name: l.T("source.kind")}, {Name: l.T("radar.source.last")}, {Name: l.T("radar.source.next")}, {Name: l.T("radar.source.fault")}, {Name: l.T("radar.source.per-day"), Number: true}}
	for _, s := range list[from:min(len(list), from+sourcesShown)] {
		kind := l.T("source.kind." + string(s.Kind))
		if s.Group != "" {
			kind += " · " + s.Group
		}
		v.Rows = append(v.Rows, []ui.Cell{
			{Text: s.Name, Href: r.Href("/desk/sources/" + s.ID)}, {Text: kind}, {Text: d.seen(l, s)}, {Text: comes(l, s)}, {Text: fault(l, s)}, {Text: ui.Decimal(l, s.PerDay, 1)},
		})
	}
	p := d.s.Page(w, r, a, ui.Page{Title: l.T("radar.sources"), Menu: "sources"})
	return d.s.Render(w, r, http.StatusOK, sourcesPage(p, v))
}

// filterOptions are what the list can be narrowed by: what is there, and no more.
func filterOptions(l catalogue.Lang, list []radar.Source) (groups, kinds, healths []ui.Option) {
	seen := map[string]bool{}
	kind := map[radar.SourceKind]bool{}
	for _, s := range list {
		kind[s.Kind] = true
		for g := s.Group; g != ""; {
			seen[g] = true
			i := strings.LastIndexByte(g, '/')
			g = g[:max(i, 0)]
		}
	}
	groups = []ui.Option{{Label: l.T("source.all.groups")}}
	names := make([]string, 0, len(seen))
	for g := range seen {
		names = append(names, g)
	}
	slices.Sort(names)
	for _, g := range names {
		groups = append(groups, ui.Option{Value: g, Label: g})
	}
	kinds = []ui.Option{{Label: l.T("source.all.kinds")}}
	for _, k := range append(slices.Clone(radar.SourceKinds), radar.KindHand, radar.KindCitizen) {
		if kind[k] {
			kinds = append(kinds, ui.Option{Value: string(k), Label: l.T("source.kind." + string(k))})
		}
	}
	healths = []ui.Option{{Label: l.T("source.all.healths")}}
	for _, h := range []string{healthWell, healthFault, healthSilent, healthPaused} {
		healths = append(healths, ui.Option{Value: h, Label: l.T("source.health." + h)})
	}
	return groups, kinds, healths
}

func (d desk) mayAdd(a regulation.Actor) bool {
	return d.s.Rules.Can(a, "radar.source.add", regulation.Thing{Kind: "source"}, d.s.Now()) == nil
}

// comes says when a source is visited next; what is not visited comes by itself.
func comes(l catalogue.Lang, s radar.Source) string {
	switch {
	case s.State == radar.Paused:
		return l.T("radar.source.state.paused")
	case s.Kind == radar.KindBluesky:
		return l.T("source.live")
	case !s.Kind.Visited():
		return l.T("source.comes")
	}
	return moment(l, s.Next)
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

type sourceView struct {
	ID, Name  string
	Paused    bool
	MayChange bool
	Health    []ui.Pair
	News      []ui.RiverItem
	Form      sourceForm
	Upload    string // address of the page that takes files, "" for none
	Push      bool   // programs may send
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
	return d.showSource(w, r, a, http.StatusOK, s, d.formOf(r, a, s))
}

func (d desk) showSource(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, s radar.Source, f sourceForm) error {
	news, err := d.s.Radar.News(r.Context(), a, s.ID, 30)
	if err != nil {
		return err
	}
	hub, err := d.s.Radar.HubOf(r.Context(), a, s.ID)
	if err != nil {
		return err
	}
	v := sourceView{ID: s.ID, Name: s.Name, Paused: s.State == radar.Paused, Health: d.health(r, s, hub), Form: f, Push: s.Kind == radar.KindPush}
	v.MayChange = d.s.Rules.Can(a, "radar.source.change", s.Thing(), d.s.Now()) == nil
	if s.Kind.Uploads() && d.s.Rules.Can(a, "radar.mention.bring", s.Thing(), d.s.Now()) == nil {
		v.Upload = r.Href("/desk/sources/" + s.ID + "/upload")
	}
	for _, m := range news {
		v.News = append(v.News, mentionItem(r, m))
	}
	p := d.s.Page(w, r, a, ui.Page{Title: s.Name, Menu: "sources"})
	return d.s.Render(w, r, status, sourcePage(p, v))
}

// mentionItem shows a mention: what has no address of its own has a page here.
func mentionItem(r *frame.Request, m radar.Mention) ui.RiverItem {
	it := ui.RiverItem{ID: "m-" + m.ID, Time: m.Published, Title: m.Title, Href: m.URL}
	if m.URL == "" || m.Title == "" {
		it.Href = r.Href("/desk/heard/" + m.ID)
	}
	if it.Title == "" {
		it.Title = m.URL
	}
	if it.Title == "" {
		it.Title = r.Lang.T("hear.picture-only")
	}
	return it
}

func (d desk) health(r *frame.Request, s radar.Source, hub radar.Hub) []ui.Pair {
	l := r.Lang
	good := l.T("radar.source.never")
	if !s.Good.IsZero() {
		good = ui.ShortDateTime(l, s.Good)
	}
	pairs := []ui.Pair{
		{Term: l.T("radar.source.state"), Text: l.T("radar.source.state." + string(s.State))},
		{Term: l.T("source.kind"), Text: l.T("source.kind." + string(s.Kind))},
		{Term: l.T("source.trust"), Text: l.T("source.trust." + string(s.Trust))},
	}
	add := func(key, text string) {
		if text != "" {
			pairs = append(pairs, ui.Pair{Term: l.T(key), Text: text})
		}
	}
	add("source.group", s.Group)
	if s.Beat != "" {
		add("source.beat", beatName(l, s.Beat))
	}
	if s.Owner != "" {
		add("source.owner", d.s.People.NameOf(r.Context(), s.Owner, string(l)))
	}
	if !strings.HasPrefix(s.Address, "khue:") {
		add("radar.source.address", s.Address)
	}
	add("radar.source.page", s.Page)
	pairs = append(pairs, ui.Pair{Term: l.T("radar.source.last"), Text: d.seen(l, s)}, ui.Pair{Term: l.T("radar.source.good"), Text: good})
	add("radar.source.next", comes(l, s))
	add("radar.source.fault", fault(l, s))
	if hub.State != "" {
		text := l.T("source.hub."+string(hub.State), "time", "")
		if hub.State == radar.HubVerified && !hub.Until.After(d.s.Now()) { // its lease is over, and it was asked again
			text = l.T("source.hub.asked")
		} else if hub.State == radar.HubVerified {
			text = l.T("source.hub.verified", "time", ui.ShortDateTime(l, hub.Until))
		}
		if !hub.Pushed.IsZero() {
			text += ", " + l.T("source.hub.pushed", "time", ui.ShortDateTime(l, hub.Pushed))
		}
		add("source.hub", text)
	}
	add("radar.source.per-day", ui.Decimal(l, s.PerDay, 1))
	return pairs
}

func (d desk) change(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	in := radar.ChangeSourceInput{ID: id, Version: f.Version("version"), Name: f.Text("name"), Note: f.Text("note"), State: radar.Active}
	if f.Text("state") == string(radar.Paused) {
		in.State = radar.Paused
	}
	typed := readForm(f)
	if f.Text("more") == "1" {
		in.More = typed.more(a)
	}
	s, err := d.s.Radar.ChangeSource(r.Context(), a, in)
	switch code := problem.CodeOf(err); code {
	case "":
		return d.s.See(w, r, "/desk/sources/"+s.ID, "radar.saved", "name", s.Name)
	case problem.Required, problem.Invalid, problem.Conflict:
		now, e := d.s.Radar.Source(r.Context(), a, id)
		if e != nil {
			return e
		}
		form := d.formOf(r, a, now)
		form.Value = typed.Value
		form.Value["version"] = strconv.FormatInt(now.Version, 10)
		form.Faults, form.Wrong = ui.Faults(r.Lang, err)
		return d.showSource(w, r, a, frame.Status(code), now, form)
	default:
		return err
	}
}
