// Package watches shows what people watch for: the list, one watch with what it found, and the form in which a query is tried before it is
// saved.
//
// Imports web/site, web/ui, web/frame and radar. Read watches.go, then edit.go, pages.templ.
package watches

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"khue/catalogue"
	"khue/problem"
	"khue/radar"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type desk struct{ s *site.Site }

// Register puts the pages on a frame.
func Register(f *frame.Frame, s *site.Site) {
	d := desk{s}
	f.Handle("GET /desk/watches", d.list)
	f.Handle("GET /desk/watches/new", d.form)
	f.Handle("POST /desk/watches", d.add)
	f.Handle("GET /desk/watches/{id}", d.one)
	f.Handle("GET /desk/watches/{id}/edit", d.edit)
	f.Handle("POST /desk/watches/{id}", d.change)
}

// shown is the number of hits on a page.
const shown = 40

type listView struct {
	Items   []itemView
	MayEdit bool
}

type itemView struct {
	ID, Query, Href string
	Why, Sub        string
	State           string
	Found           string
	Owner           string // name of who is told
}

func (d desk) list(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	list, err := d.s.Radar.Watches(r.Context(), a)
	if err != nil {
		return err
	}
	v := listView{MayEdit: d.may(a)}
	for _, one := range list {
		v.Items = append(v.Items, itemView{
			ID: "watch-" + one.ID, Query: one.Query, Href: r.Href("/desk/watches/" + one.ID), Why: one.Why, State: r.Lang.T("watches.state." + string(one.State)),
			Found: r.Lang.T("watches.found", "day", ui.Number(r.Lang, int64(one.Day)), "week", ui.Number(r.Lang, int64(one.Week))),
			Sub:   d.made(r, one) + " · " + tells(r.Lang, one), Owner: d.name(r, one.Owner),
		})
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("watches.title"), Path: "/desk/watches", Menu: "radar"})
	return d.s.Render(w, r, http.StatusOK, listPage(p, v))
}

func (d desk) may(a regulation.Actor) bool {
	return d.s.Rules.Can(a, "radar.watch.edit", regulation.Thing{Kind: "watch", Office: d.s.People.Centre()}, d.s.Now()) == nil
}

func (d desk) name(r *frame.Request, id string) string {
	return d.s.People.NameOf(r.Context(), id, string(r.Lang))
}

// made says who made a watch, and when.
func (d desk) made(r *frame.Request, one radar.Watch) string {
	return r.Lang.T("watches.made", "name", d.name(r, one.MadeBy), "at", ui.ShortDateTime(r.Lang, one.MadeAt))
}

// tells says by which ways and how soon a watch tells.
func tells(l catalogue.Lang, one radar.Watch) string {
	ways := []string{l.T("watches.way.desk")}
	if one.Mail {
		ways = append(ways, l.T("watches.way.mail"))
	}
	if one.Webhook != "" {
		ways = append(ways, l.T("watches.way.webhook"))
	}
	return strings.Join(ways, ", ") + ", " + l.T("watches.pace."+string(one.Pace))
}

type hitView struct {
	ID, Href string
	Lang     string
	Title    []radar.Piece
	Part     []radar.Piece
	Sub      string
	Story    string // address of its story, "" while it has none
	At       time.Time
}

func (d desk) hits(r *frame.Request, list []radar.WatchHit) []hitView {
	var out []hitView
	names := map[string]string{}
	for _, h := range list {
		name, ok := names[h.Source]
		if !ok {
			name = d.s.Radar.SourceName(r.Context(), h.Source)
			names[h.Source] = name
		}
		v := hitView{ID: "m-" + h.ID, Href: h.URL, Lang: h.Lang, Title: h.Marked, Part: h.Part, Sub: name, At: h.At}
		if h.CopyOf != "" {
			v.Sub += " · " + r.Lang.T("radar.story.copy")
		}
		if h.Story != "" {
			v.Story = r.Href("/desk/radar/" + h.Story)
		}
		out = append(out, v)
	}
	return out
}

type pageView struct {
	ID, Query string
	Ended     bool
	MayEdit   bool
	About     []ui.Pair
	Secret    string // of the webhook's signatures, on the page that answers the form alone
	Hits      []hitView
	Older     string
}

func (d desk) one(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	return d.show(w, r, a, r.PathValue("id"), "")
}

// show shows a watch; before is a place in its hits, from the address.
func (d desk) show(w http.ResponseWriter, r *frame.Request, a regulation.Actor, id, secret string) error {
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64) // what is no place begins at the last hit
	one, list, err := d.s.Radar.Watch(r.Context(), a, id, shown+1, before)
	if err != nil {
		return err
	}
	v := pageView{ID: one.ID, Query: one.Query, Ended: one.State == radar.WatchEnded, MayEdit: d.may(a) && one.State == radar.WatchActive, About: d.about(r, one), Secret: secret}
	if len(list) > shown {
		list = list[:shown]
		v.Older = r.Href("/desk/watches/" + one.ID + "?" + url.Values{"before": {strconv.FormatInt(list[shown-1].N, 10)}}.Encode())
	}
	v.Hits = d.hits(r, list)
	if secret != "" {
		w.Header().Set("Cache-Control", "no-store")
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("watches.one", "query", one.Query), Path: "/desk/watches/" + one.ID, Menu: "radar"})
	return d.s.Render(w, r, http.StatusOK, onePage(p, v))
}

func (d desk) about(r *frame.Request, one radar.Watch) []ui.Pair {
	l := r.Lang
	list := []ui.Pair{
		{Term: l.T("watches.why"), Text: one.Why},
		{Term: l.T("watches.by"), Text: d.name(r, one.MadeBy) + ", " + ui.ShortDateTime(l, one.MadeAt)},
		{Term: l.T("watches.owner"), Text: d.name(r, one.Owner)},
		{Term: l.T("watches.tells"), Text: tells(l, one)},
		{Term: l.T("watches.count"), Text: l.T("watches.found", "day", ui.Number(l, int64(one.Day)), "week", ui.Number(l, int64(one.Week)))},
	}
	if one.Webhook != "" {
		list = append(list, ui.Pair{Term: l.T("watches.webhook"), Text: hook(l, one)})
	}
	if one.State == radar.WatchEnded {
		list = append(list, ui.Pair{Term: l.T("watches.state.ended"), Text: d.name(r, one.EndedBy) + ", " + ui.ShortDateTime(l, one.EndedAt)})
	}
	return list
}

// hook says how a watch's webhook is. Of its address only the host is shown: the rest may hold a key.
func hook(l catalogue.Lang, one radar.Watch) string {
	text := one.Webhook
	if u, err := url.Parse(one.Webhook); err == nil {
		text = u.Host
	}
	if !one.PostedAt.IsZero() {
		text += ", " + l.T("watches.hook.posted", "at", ui.ShortDateTime(l, one.PostedAt))
	}
	if one.HookFault != "" {
		why := l.T("radar.fault." + string(one.HookFault))
		if one.HookStatus != 0 {
			why += " (" + strconv.Itoa(one.HookStatus) + ")"
		}
		key := "watches.hook.fails"
		if one.HookOff {
			key = "watches.hook.off"
		}
		text += ", " + l.T(key, "n", one.HookFailures, "why", why)
	}
	return text
}

// again says whether an error is one to be mended in the form.
func again(err error) bool {
	switch problem.CodeOf(err) {
	case problem.Required, problem.Invalid, problem.Conflict:
		return true
	}
	return false
}
