// Package signals shows what the radar warns of: signals with their reasons, what people made of them, how often each kind was right, and
// what is told to press and public while it is being checked.
//
// Imports web/site, web/ui, web/frame and radar. Read signals.go, then pages.templ.
package signals

import (
	"net/http"
	"net/url"
	"time"

	"khue/problem"
	"khue/radar"
	"khue/radar/warn"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type desk struct{ s *site.Site }

// Register puts the pages on a frame.
func Register(f *frame.Frame, s *site.Site) {
	d := desk{s}
	f.Handle("GET /desk/signals", d.list)
	f.Handle("POST /desk/signals/{kind}/{mention}/judge", d.judge)
	f.Handle("GET /desk/signals/{kind}/{mention}/advise", d.form)
	f.Handle("POST /desk/signals/{kind}/{mention}/advise", d.propose)
	f.Handle("POST /desk/advisories/{id}", d.decide)
}

// shown bounds the signals of a page.
const shown = 60

type listView struct {
	Tabs       []ui.Tab
	Kind       string
	Items      []itemView
	MayJudge   bool
	Columns    []ui.Column
	Records    [][]ui.Cell
	Muted      []string // kinds that are muted, in words
	Advisories []advisoryView
}

type itemView struct {
	Key        string // address of its acts
	ID         string // for the page: no "/"
	Sign       ui.SignKind
	Kind       string
	Headline   string
	Href       string
	Lang       string
	At         time.Time
	Reasons    []string
	Thing      string // the claim or document that it touches
	ThingHref  string
	Left       string // how long it stands
	Judged     string
	Advise     string // address of the form, "" for who may not
	Muted      bool
	IsUseful   bool
	IsNot      bool
	StoryCount string
}

type advisoryView struct {
	ID, State, Title, Known string
	Lang                    string
	Sub, Reason             string
	Sign                    ui.SignKind
	MayShow, MayEnd         bool
}

func (d desk) list(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	f := radar.SignalFilter{Kind: radar.SignalKind(q.Get("kind")), All: q.Get("all") == "1"}
	list, err := d.s.Radar.Signals(r.Context(), a, f, shown)
	if err != nil {
		return err
	}
	done, err := d.s.Radar.Records(r.Context())
	if err != nil {
		return err
	}
	advisories, err := d.s.Radar.AdvisoriesAtWork(r.Context(), a)
	if err != nil {
		return err
	}
	v := listView{Kind: string(f.Kind), Tabs: tabs(r, f), MayJudge: d.may(a, "radar.signal.judge", regulation.Thing{Kind: "signal", Office: d.s.People.Centre()})}
	v.Columns, v.Records = site.SignalRecords(r.Lang, done)
	muted := map[radar.SignalKind]bool{}
	for _, one := range done {
		if muted[one.Kind] = one.Muted; one.Muted {
			v.Muted = append(v.Muted, r.Lang.T("signal.muted", "kind", r.Lang.T("radar.kind."+string(one.Kind))))
		}
	}
	mayAdvise := d.may(a, "radar.advisory.propose", regulation.Thing{Kind: "advisory", Office: d.s.People.Centre()})
	for _, one := range list {
		v.Items = append(v.Items, d.item(r, one, muted[one.Kind], mayAdvise))
	}
	for _, one := range advisories {
		v.Advisories = append(v.Advisories, d.advisory(r, a, one))
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("signal.title"), Path: "/desk/signals", Menu: "radar"})
	return d.s.Render(w, r, http.StatusOK, listPage(p, v))
}

func (d desk) may(a regulation.Actor, action string, t regulation.Thing) bool {
	return d.s.Rules.Can(a, action, t, d.s.Now()) == nil
}

func tabs(r *frame.Request, f radar.SignalFilter) []ui.Tab {
	href := func(kind string, all bool) string {
		q := url.Values{}
		if kind != "" {
			q.Set("kind", kind)
		}
		if all {
			q.Set("all", "1")
		}
		if len(q) == 0 {
			return r.Href("/desk/signals")
		}
		return r.Href("/desk/signals?" + q.Encode())
	}
	list := []ui.Tab{{Label: r.Lang.T("signal.open"), Href: href("", false), Current: f.Kind == "" && !f.All}}
	for _, k := range warn.Kinds {
		list = append(list, ui.Tab{Label: r.Lang.T("radar.kind." + string(k)), Href: href(string(k), f.All), Current: f.Kind == k})
	}
	return append(list, ui.Tab{Label: r.Lang.T("signal.all"), Href: href("", true), Current: f.Kind == "" && f.All})
}

func (d desk) item(r *frame.Request, one radar.Raised, muted, mayAdvise bool) itemView {
	l, now := r.Lang, d.s.Now()
	kind, mention := string(one.Kind), one.ID[len(one.Kind)+1:]
	key := "/desk/signals/" + kind + "/" + url.PathEscape(mention)
	v := itemView{
		Key: r.Href(key + "/judge"), ID: kind + "-" + mention, Sign: ui.Unknown, Kind: l.T("radar.kind." + kind), Headline: one.Of.Headline, Href: r.Href("/desk/radar/" + one.Of.ID),
		Lang: one.Of.Lang, At: one.At, Muted: muted, IsUseful: one.Judged == radar.Useful, IsNot: one.Judged == radar.NotUseful,
		StoryCount: l.T("radar.story.count", "mentions", one.Of.Mentions, "voices", one.Of.Voices, "sources", one.Of.Sources),
	}
	for _, reason := range one.Reasons {
		v.Reasons = append(v.Reasons, l.With("radar.why."+reason.Key, reason.With))
	}
	switch {
	case one.Thing == "":
	case one.Kind == warn.KnownFalse:
		v.Thing, v.ThingHref = one.Thing, r.Href("/claims/"+one.Thing)
	default:
		v.Thing, v.ThingHref = one.Thing, r.Href("/v/"+one.Thing)
	}
	if one.Judged != radar.NotJudged {
		v.Judged = l.T("signal.judged."+string(one.Judged), "name", d.s.People.NameOf(r.Context(), one.JudgedBy, string(l)), "at", ui.ShortDateTime(l, one.JudgedAt))
	} else if left := one.Lapses.Sub(now); left > 0 {
		v.Left = l.T("signal.left", "span", ui.Span(l, max(left.Truncate(time.Hour), time.Hour)))
	} else {
		v.Left = l.T("signal.lapsed")
	}
	if mayAdvise && one.Open(now) {
		v.Advise = r.Href(key + "/advise")
	}
	return v
}

func (d desk) judge(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	useful := f.Text("useful")
	if useful != "1" && useful != "0" {
		return problem.Of("useful", problem.Required)
	}
	s, err := d.s.Radar.JudgeSignal(r.Context(), a, radar.JudgeSignalInput{ID: r.PathValue("kind") + "/" + r.PathValue("mention"), Useful: useful == "1"})
	if err != nil {
		return err
	}
	back := "/desk/signals"
	if kind := f.Text("back"); kind == string(s.Kind) {
		back += "?kind=" + url.QueryEscape(kind)
	}
	return d.s.See(w, r, back, "signal.flash."+string(s.Judged), "kind", r.Lang.T("radar.kind."+string(s.Kind)))
}
