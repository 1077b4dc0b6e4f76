package stories

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"khue/catalogue"
	"khue/problem"
	"khue/radar"
	"khue/radar/feed"
	"khue/radar/listing"
	"khue/radar/social"
	"khue/regulation"
	"khue/release"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

// sourceForm is the form of a source, new or not.
type sourceForm struct {
	Value                        map[string]string
	Kind                         radar.SourceKind // "" is to be found out
	Kinds, Beats, Trusts, Owners []ui.Option
	Groups                       []string
	Faults                       []ui.Fault
	Wrong                        map[string]string
	Found                        *foundView
}

// foundView is what stands at an address, before it is saved.
type foundView struct {
	Line    string // what was found, and how much of it
	Entries []ui.RiverItem
}

// fields are those of the form, by the names under which rooms tell their faults.
var fields = []string{"version", "address", "kind", "name", "note", "group", "beat", "trust", "owner", "item", "link", "title", "time", "summary", "words", "tags", "accounts", "langs"}

func readForm(f site.Form) sourceForm {
	v := sourceForm{Value: map[string]string{}}
	for _, name := range fields {
		v.Value[name] = f.Text(name)
	}
	v.Kind = radar.SourceKind(v.Value["kind"])
	return v
}

// settings makes the settings of what was typed; those that a kind does not have are left out.
func (v sourceForm) settings(kind radar.SourceKind) radar.Settings {
	var s radar.Settings
	rules := listing.Rules{Item: v.Value["item"], Link: v.Value["link"], Title: v.Value["title"], Time: v.Value["time"], Summary: v.Value["summary"]}
	filter := social.Filter{Words: lines(v.Value["words"]), Tags: lines(v.Value["tags"]), Accounts: lines(v.Value["accounts"]), Langs: lines(v.Value["langs"])}
	if kind == radar.KindPage && rules != (listing.Rules{}) {
		s.Page = &rules
	}
	if kind == radar.KindBluesky {
		s.Filter = &filter
	}
	return s
}

// lines reads a list that is typed with commas or line ends.
func lines(s string) []string {
	var out []string
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == '\n' || r == ';' }) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// owner gives the account that was chosen: "me" is who sends the form.
func (v sourceForm) owner(a regulation.Actor) string {
	if v.Value["owner"] == "me" {
		return a.ID
	}
	return v.Value["owner"]
}

func (v sourceForm) more(a regulation.Actor) *radar.SourceMore {
	return &radar.SourceMore{Group: v.Value["group"], Beat: v.Value["beat"], Trust: radar.Trust(v.Value["trust"]), Owner: v.owner(a), Settings: v.settings(v.Kind)}
}

func (v sourceForm) input(a regulation.Actor) radar.AddSourceInput {
	kind := v.Kind
	if kind == "" {
		kind = radar.GuessKind(v.Value["address"])
	}
	return radar.AddSourceInput{
		Address: v.Value["address"], Kind: v.Kind, Name: v.Value["name"], Note: v.Value["note"], Group: v.Value["group"], Beat: v.Value["beat"], Trust: radar.Trust(v.Value["trust"]),
		Owner: v.owner(a), Settings: v.settings(kind),
	}
}

func beatName(l catalogue.Lang, beat string) string {
	if slices.Contains(release.Topics, beat) {
		return l.T("release.topic." + beat)
	}
	return beat
}

// options fills what can be chosen.
func (d desk) options(r *frame.Request, a regulation.Actor, v *sourceForm) error {
	l := r.Lang
	v.Kinds = []ui.Option{{Label: l.T("source.kind.guess")}}
	for _, k := range radar.SourceKinds {
		v.Kinds = append(v.Kinds, ui.Option{Value: string(k), Label: l.T("source.kind." + string(k))})
	}
	v.Beats = []ui.Option{{Label: l.T("source.none")}}
	known := v.Value["beat"] == ""
	for _, t := range release.Topics {
		v.Beats = append(v.Beats, ui.Option{Value: t, Label: l.T("release.topic." + t)})
		known = known || t == v.Value["beat"]
	}
	if !known { // of an imported list
		v.Beats = append(v.Beats, ui.Option{Value: v.Value["beat"], Label: v.Value["beat"]})
	}
	for _, t := range radar.Trusts {
		v.Trusts = append(v.Trusts, ui.Option{Value: string(t), Label: l.T("source.trust." + string(t))})
	}
	v.Owners = []ui.Option{{Label: l.T("source.none")}, {Value: "me", Label: l.T("source.me")}}
	switch owner := v.Value["owner"]; owner {
	case "", "me":
	case a.ID:
		v.Value["owner"] = "me"
	default:
		v.Owners = append(v.Owners, ui.Option{Value: owner, Label: d.s.People.NameOf(r.Context(), owner, string(l))})
	}
	var err error
	v.Groups, err = d.s.Radar.Groups(r.Context(), a)
	return err
}

// formOf gives the form of a source that is there.
func (d desk) formOf(r *frame.Request, a regulation.Actor, s radar.Source) sourceForm {
	v := sourceForm{Kind: s.Kind, Value: map[string]string{
		"version": strconv.FormatInt(s.Version, 10), "kind": string(s.Kind), "name": s.Name, "note": s.Note, "group": s.Group, "beat": s.Beat, "trust": string(s.Trust), "owner": s.Owner,
	}}
	v.fill(s.Settings)
	if err := d.options(r, a, &v); err != nil {
		d.s.Log.Error("groups of sources", "request", r.ID, "err", err)
	}
	return v
}

// fill writes settings into the form's fields.
func (v sourceForm) fill(s radar.Settings) {
	if p := s.Page; p != nil {
		v.Value["item"], v.Value["link"], v.Value["title"], v.Value["time"], v.Value["summary"] = p.Item, p.Link, p.Title, p.Time, p.Summary
	}
	if f := s.Filter; f != nil {
		v.Value["words"], v.Value["tags"] = strings.Join(f.Words, ", "), strings.Join(f.Tags, ", ")
		v.Value["accounts"], v.Value["langs"] = strings.Join(f.Accounts, ", "), strings.Join(f.Langs, ", ")
	}
}

func (d desk) newSource(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	if err := d.s.Rules.Can(a, "radar.source.add", regulation.Thing{Kind: "source"}, d.s.Now()); err != nil {
		return err
	}
	return d.showNew(w, r, a, http.StatusOK, sourceForm{Value: map[string]string{"trust": string(radar.Unknown), "address": r.URL.Query().Get("address")}})
}

func (d desk) showNew(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, v sourceForm) error {
	if err := d.options(r, a, &v); err != nil {
		return err
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("radar.sources.add"), Menu: "sources"})
	return d.s.Render(w, r, status, newSourcePage(p, v))
}

// add takes the form of a new source, or shows what it would bring.
func (d desk) add(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	v := readForm(f)
	if f.Text("do") == "look" {
		found, err := d.s.Radar.Preview(r.Context(), a, v.input(a))
		if err == nil {
			v.found(r, found)
			return d.showNew(w, r, a, http.StatusOK, v)
		}
		return d.newAgain(w, r, a, v, err)
	}
	s, err := d.s.Radar.AddSource(r.Context(), a, v.input(a))
	if err != nil {
		return d.newAgain(w, r, a, v, err)
	}
	if s.Kind.Visited() {
		return d.s.See(w, r, "/desk/sources", "radar.added", "name", s.Name)
	}
	return d.s.See(w, r, "/desk/sources/"+s.ID, "radar.added", "name", s.Name)
}

// newAgain shows the form with its faults.
func (d desk) newAgain(w http.ResponseWriter, r *frame.Request, a regulation.Actor, v sourceForm, err error) error {
	switch code := problem.CodeOf(err); code {
	case problem.Internal, problem.Forbidden, problem.Session:
		return err
	default:
		v.Faults, v.Wrong = ui.Faults(r.Lang, err)
		return d.showNew(w, r, a, frame.Status(code), v)
	}
}

// found shows what stands at an address, and takes over what was found out.
func (v *sourceForm) found(r *frame.Request, f radar.Found) {
	v.Kind = f.Kind
	v.Value["kind"] = string(f.Kind)
	if v.Value["name"] == "" {
		v.Value["name"] = f.Name
	}
	v.fill(f.Settings)
	out := foundView{Line: r.Lang.T("source.found", "kind", r.Lang.T("source.kind."+string(f.Kind)), "entries", r.Lang.N("source.entries", f.Items))}
	for _, it := range f.Entries {
		one := ui.RiverItem{Time: it.Time(), Title: it.Title, Href: it.URL, Sub: brief(feed.Plain(it.Summary))}
		if one.Title == "" {
			one.Title = it.URL
		}
		out.Entries = append(out.Entries, one)
	}
	v.Found = &out
}

// brief shortens words for a line.
func brief(s string) string {
	r := []rune(s)
	if len(r) <= 160 {
		return s
	}
	return strings.TrimSpace(string(r[:160])) + "…"
}
