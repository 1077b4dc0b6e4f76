package stories

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"khue/catalogue"
	"khue/radar"
	"khue/radar/about"
	"khue/radar/topic"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

// linkView is a place or an office with the stories that name it.
type linkView struct{ Text, Href string }

// labelView is a story's topic or field.
type labelView struct {
	Way, Label  string // the words for topic or field
	Name, Href  string
	By, Why     string
	Value       string
	Options     []ui.Option
	CorrectWord string
}

// pairView is a story in the other language.
type pairView struct {
	ID, Title, Href, Lang string
	State, By, Why        string
	Joined                bool
}

// aboutView is what a story is about and who works on it.
type aboutView struct {
	Told      bool
	Action    string // address of the story: forms hang below it
	Sentences []string
	Terms     []string
	Labels    []labelView
	Places    []linkView
	Offices   []linkView
	Pairs     []pairView
	Following bool
	Followers string
	History   []ui.HistoryItem

	MayCorrect, MayFollow, MayNote, MayMerge bool
}

// tells fills what a story is about, who follows it, and what happened to it.
func (d desk) tells(r *frame.Request, a regulation.Actor, s radar.Story) (v aboutView, err error) {
	v.Action = r.Href("/desk/radar/" + s.ID)
	now := d.s.Now()
	may := func(action string) bool { return d.s.Rules.Can(a, action, s.Thing(), now) == nil }
	v.MayCorrect, v.MayFollow, v.MayNote, v.MayMerge = may("radar.topic.correct"), may("radar.story.follow"), may("radar.story.note"), may("radar.story.merge")
	told, err := d.s.Radar.About(r.Context(), s.ID)
	if err != nil {
		return v, err
	}
	v.Told = !told.At.IsZero()
	v.Sentences = told.Sentences
	for _, t := range told.Terms {
		v.Terms = append(v.Terms, t.Text)
	}
	for _, n := range told.Names {
		one := linkView{d.nameOf(r, n), r.Href("/desk/radar?" + url.Values{"all": {"1"}, filterOf[n.Kind]: {n.Code}}.Encode())}
		if n.Kind == about.Office.String() {
			v.Offices = append(v.Offices, one)
		} else {
			v.Places = append(v.Places, one)
		}
	}
	v.Labels = []labelView{d.label(r, radar.ByTopic, told.Topic), d.label(r, radar.ByField, told.Field)}
	if v.Pairs, err = d.pairs(r, a, s); err != nil {
		return v, err
	}
	list, err := d.s.Radar.Followers(r.Context(), s.ID)
	if err != nil {
		return v, err
	}
	v.Following = slices.Contains(list, a.ID)
	names := make([]string, len(list))
	for i, id := range list {
		names[i] = d.s.People.NameOf(r.Context(), id, string(r.Lang))
	}
	v.Followers = strings.Join(names, ", ")
	v.History, err = d.history(r, s)
	return v, err
}

// filterOf names the filter of the list of stories for a kind of name.
var filterOf = map[string]string{"ward": "ward", "district": "ward", "office": "office"}

func (d desk) nameOf(r *frame.Request, n radar.Name) string {
	if n.Kind == about.District.String() {
		return r.Lang.T("about.district", "name", d.s.Radar.District(n.Code))
	}
	return d.s.OfficeName(r, n.Code)
}

// subjectName writes a subject with the branch that it belongs to: "Đô thị · Nước sạch".
func (d desk) subjectName(r *frame.Request, way, key string) string {
	s, ok := d.s.Radar.Subject(way, key)
	if !ok {
		return key
	}
	branch, _, found := strings.Cut(key, ".")
	if b, ok := d.s.Radar.Subject(way, branch); ok && found {
		return b.Name(string(r.Lang)) + " · " + s.Name(string(r.Lang))
	}
	return s.Name(string(r.Lang))
}

func (d desk) label(r *frame.Request, way string, l radar.Label) labelView {
	v := labelView{Way: way, Label: r.Lang.T("about." + way), Value: l.Key, CorrectWord: r.Lang.T("about.correct." + way)}
	for _, key := range d.s.Radar.Labels(way) {
		v.Options = append(v.Options, ui.Option{Value: key, Label: d.subjectName(r, way, key)})
	}
	if l.Key == "" {
		v.Name = r.Lang.T("about.topic.unsure")
		return v
	}
	v.Name, v.Href = d.subjectName(r, way, l.Key), r.Href("/desk/topics/"+way+"/"+l.Key)
	v.By = r.Lang.T("about.topic.machine", "p", ui.Decimal(r.Lang, 100*l.P, 0)+" %")
	if l.By != "" {
		v.By = r.Lang.T("about.topic.person", "name", d.s.People.NameOf(r.Context(), l.By, string(r.Lang)))
	} else if len(l.Why) > 0 {
		v.Why = r.Lang.T("about.topic.why", "words", words(l.Why))
	}
	return v
}

func words(parts []topic.Part) string {
	list := make([]string, len(parts))
	for i, p := range parts {
		list[i] = p.Feature
	}
	return strings.Join(list, ", ")
}

func (d desk) pairs(r *frame.Request, a regulation.Actor, s radar.Story) ([]pairView, error) {
	list, err := d.s.Radar.Pairs(r.Context(), s.ID)
	if err != nil {
		return nil, err
	}
	var out []pairView
	for _, p := range list {
		o, _, err := d.s.Radar.Story(r.Context(), a, p.Other(s.ID), 1)
		if err != nil {
			return nil, err
		}
		v := pairView{ID: o.ID, Title: o.Headline, Lang: o.Lang, Href: r.Href("/desk/radar/" + o.ID), State: r.Lang.T("about.pair." + string(p.State)), Joined: p.State == radar.PairJoined}
		if v.Joined {
			v.By = r.Lang.T("about.pair.machine")
			if p.By != "" {
				v.By = r.Lang.T("about.pair.person", "name", d.s.People.NameOf(r.Context(), p.By, string(r.Lang)))
			}
		}
		if why := d.shared(r, p); why != "" {
			v.Why = r.Lang.T("about.pair.why", "shared", why)
		}
		out = append(out, v)
	}
	return out, nil
}

// shared writes what two stories have in common in words.
func (d desk) shared(r *frame.Request, p radar.Pair) string {
	var list []string
	for _, f := range p.Shared {
		list = append(list, d.facet(r, f))
	}
	if p.Names > 0 {
		list = append(list, r.Lang.N("about.pair.names", p.Names))
	}
	return strings.Join(list, ", ")
}

func (d desk) facet(r *frame.Request, f string) string {
	value := f[1:]
	switch f[0] {
	case about.FacetPlace:
		kind, code, _ := strings.Cut(value, ":")
		return d.nameOf(r, radar.Name{Kind: kind, Code: code})
	case about.FacetOffice:
		return d.s.OfficeName(r, value)
	case about.FacetDay:
		return r.Lang.T("about.shared.day", "v", value)
	case about.FacetClock:
		if n, err := strconv.Atoi(value); err == nil {
			value = strconv.Itoa(n/60) + ":" + strconv.Itoa(n%60/10) + strconv.Itoa(n%10)
		}
		return r.Lang.T("about.shared.clock", "v", value)
	case about.FacetWeek:
		return r.Lang.T("about.weekday." + value)
	case about.FacetMoney:
		return r.Lang.T("about.shared.money", "v", figure(r.Lang, value))
	case about.FacetLink:
		return r.Lang.T("about.shared.link", "v", value)
	}
	return figure(r.Lang, value)
}

// figure writes a number as the language does.
func figure(l catalogue.Lang, s string) string {
	number, percent := strings.CutSuffix(s, "%")
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return s
	}
	_, decimals, _ := strings.Cut(number, ".")
	number = ui.Decimal(l, n, len(decimals))
	if percent {
		number += " %"
	}
	return number
}

func (d desk) history(r *frame.Request, s radar.Story) ([]ui.HistoryItem, error) {
	events, err := d.s.Radar.History(r.Context(), s.ID)
	if err != nil {
		return nil, err
	}
	var list []ui.HistoryItem
	for _, e := range events {
		one := ui.HistoryItem{Time: e.At, What: r.Lang.T("about.event." + string(e.Kind)), Reason: e.Words}
		if e.By != "" {
			one.Who = d.s.People.NameOf(r.Context(), e.By, string(r.Lang))
		}
		switch e.Kind {
		case radar.EventTopic, radar.EventField:
			way := radar.ByTopic
			if e.Kind == radar.EventField {
				way = radar.ByField
			}
			one.What, one.Reason = r.Lang.T("about.event."+string(e.Kind), "what", d.subjectName(r, way, e.Words)), ""
		case radar.EventSplit, radar.EventSplitFrom, radar.EventJoined, radar.EventParted:
			one.Href = r.Href("/desk/radar/" + e.Other)
		case radar.EventMerged, radar.EventFollowed, radar.EventLeft, radar.EventNote:
		}
		list = append(list, one)
	}
	return list, nil
}

// correct takes a correction of a topic or a field.
func (d desk) correct(w http.ResponseWriter, r *frame.Request) error {
	return d.act(w, r, "about.corrected", func(a regulation.Actor, f site.Form, id string) error {
		return d.s.Radar.Correct(r.Context(), a, id, f.Text("way"), f.Text("label"))
	})
}

// follow takes a person's wish to follow a story, or no longer.
func (d desk) follow(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	id, key, follow := r.PathValue("id"), "about.following", f.Text("do") != "leave"
	if !follow {
		key = "about.left"
	}
	if err := d.s.Radar.Follow(r.Context(), a, id, follow); err != nil {
		return err
	}
	return d.s.See(w, r, "/desk/radar/"+id, key)
}

// note takes a note.
func (d desk) note(w http.ResponseWriter, r *frame.Request) error {
	return d.act(w, r, "about.noted", func(a regulation.Actor, f site.Form, id string) error {
		return d.s.Radar.Note(r.Context(), a, id, f.Text("note"))
	})
}

// join takes whether two stories in two languages are one matter.
func (d desk) join(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	id, key, joined := r.PathValue("id"), "about.joined", f.Text("do") != "part"
	if !joined {
		key = "about.parted"
	}
	if err := d.s.Radar.Join(r.Context(), a, id, f.Text("other"), joined); err != nil {
		return err
	}
	return d.s.See(w, r, "/desk/radar/"+id, key)
}

// act does one act on a story by a form and goes back to the story's page.
func (d desk) act(w http.ResponseWriter, r *frame.Request, done string, do func(a regulation.Actor, f site.Form, id string) error) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if err := do(a, f, id); err != nil {
		return err
	}
	return d.s.See(w, r, "/desk/radar/"+id, done)
}
