// Package releases is the desk's face of the room release: what offices send, the editor, approvals on a telephone, and the steps
// by which something goes out, is changed and is taken back.
//
// One page shows one release with what the person who looks may do with it now; one address takes every act (the field "do"), so
// that a form works without a script. What reaches the public is confirmed on a page of its own and can be taken back for ten
// seconds after.
//
// Imports release, release/check, media, people, web/site and what they stand on. Read releases.go, then edit.go.
package releases

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"khue/catalogue"
	"khue/media"
	"khue/problem"
	"khue/profile"
	"khue/regulation"
	"khue/release"
	"khue/release/check"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

// maxUpload bounds a form with files, in bytes.
const maxUpload = media.MaxBytes + 4<<20

type pages struct {
	s     *site.Site
	units *profile.Units // for checks; nil when the profile has none
}

// Register puts the desk's pages of releases on a frame, and their numbers behind the menu.
func Register(f *frame.Frame, s *site.Site) {
	p := pages{s: s}
	if u, err := profile.LoadUnits(profile.Hanoi()); err == nil {
		p.units = u
	}
	f.Handle("GET /desk/intake", p.intake)
	f.Handle("GET /desk/intake/new", p.newForm)
	f.HandleUpload("POST /desk/intake/new", maxUpload, p.send)
	f.Handle("GET /desk/releases", p.list)
	f.Handle("GET /desk/approvals", p.approvals)
	f.Handle("GET /desk/approvals/{id}", p.approval)
	f.Handle("GET /desk/releases/{id}", p.show)
	f.HandleUpload("POST /desk/releases/{id}", maxUpload, p.act)
	f.Handle("POST /desk/releases/{id}/autosave", p.autosave)
	f.Handle("POST /desk/releases/{id}/undo", p.undo)
	f.HandleUpload("POST /desk/releases/{id}/files", maxUpload, p.files)
	f.Handle("GET /desk/releases/{id}/go/{verb}", p.confirm)
	f.Handle("GET /desk/releases/{id}/preview", p.preview)
	f.Handle("GET /desk/releases/{id}/versions/{n}", p.version)
	s.Count("releases", p.counts)
}

// counts gives the numbers behind the menu's items.
func (p pages) counts(ctx context.Context, a regulation.Actor) (map[string]int, error) {
	if !a.Staff() {
		return nil, nil
	}
	n, err := p.s.Releases.Counts(ctx)
	if err != nil {
		return nil, err
	}
	return map[string]int{
		"intake": n["submitted"], "releases": n["editing"] + n["returned"] + n["change-editing"], "approvals": n["awaiting"] + n["change-awaiting"],
	}, nil
}

// office gives an office's name, its code when it is not known.
func (p pages) office(ctx context.Context, l catalogue.Lang, code string) string {
	o, err := p.s.People.Office(ctx, code)
	if err != nil {
		return code
	}
	return o.NameIn(string(l))
}

// stateWords gives where a release stands, with what is being drafted beside what is out and what is held.
func stateWords(l catalogue.Lang, rel release.Release) string {
	s := l.T("release.state." + string(rel.State))
	switch {
	case rel.Leaving != "":
		return l.T("release.state.leaving")
	case rel.Change != "" && rel.ChangeStep == release.Awaiting:
		s += " · " + l.T("release.change."+string(rel.Change)+".up")
	case rel.Change != "":
		s += " · " + l.T("release.change."+string(rel.Change))
	case !rel.At.IsZero():
		s += " · " + ui.ShortDateTime(l, rel.At)
	}
	return s
}

// rows makes releases lines of a list. next names the one thing to do with each, "" for none.
func (p pages) rows(r *frame.Request, list []release.Release, next func(release.Release) (words, href string)) ([]ui.Row, error) {
	ctx := r.Context()
	rows := make([]ui.Row, 0, len(list))
	for _, rel := range list {
		row := ui.Row{
			ID: rel.Code, Sign: ui.Sign(ui.Plain, stateWords(r.Lang, rel)), Title: titleOf(r.Lang, rel.Title), Href: r.Href("/desk/releases/" + rel.ID),
			Sub: rel.Code + " · " + r.Lang.T("release.kind."+string(rel.Kind)) + " · " + ui.ShortDateTime(r.Lang, rel.Changed), Who: p.office(ctx, r.Lang, rel.Office),
		}
		duties, err := p.s.Duties.Of(ctx, p.s.DB, rel.Ref())
		if err != nil {
			return nil, err
		}
		if y, ok := site.Soonest(duties); ok {
			row.Clock = ui.Clock(site.Clock(r.Lang, y, p.s.Now()))
		}
		if next != nil {
			row.Next, row.NextHref = next(rel)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func titleOf(l catalogue.Lang, title string) string {
	if title == "" {
		return l.T("release.untitled")
	}
	return title
}

type listView struct {
	Tabs  []ui.Tab
	Words string
	State string
	Rows  []ui.Row
	Older string
	Mine  bool // an office's own people look
}

// group is one tab of the list.
type group struct {
	key    string
	states []release.State
	change release.State
}

var groups = []group{
	{"all", nil, ""},
	{"editing", []release.State{release.Editing, release.Returned}, ""},
	{"changing", []release.State{release.Published, release.Corrected}, release.Editing},
	{"awaiting", []release.State{release.Awaiting}, ""},
	{"ready", []release.State{release.Approved, release.Scheduled, release.Embargoed}, ""},
	{"out", []release.State{release.Published, release.Corrected}, ""},
	{"gone", []release.State{release.Withdrawn, release.Declined}, ""},
}

func (p pages) list(w http.ResponseWriter, r *frame.Request) error {
	who, err := p.s.Desk(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	g := groups[0]
	for _, x := range groups {
		if x.key == q.Get("state") {
			g = x
		}
	}
	list, next, err := p.s.Releases.List(r.Context(), who, release.Filter{States: g.states, Change: g.change, Words: q.Get("q"), After: q.Get("after")})
	if err != nil {
		return err
	}
	v := listView{Words: q.Get("q"), State: g.key, Mine: !who.Staff()}
	for _, x := range groups {
		v.Tabs = append(v.Tabs, ui.Tab{Label: r.Lang.T("release.list." + x.key), Href: r.Href("/desk/releases?state=" + x.key), Current: x.key == g.key})
	}
	if v.Rows, err = p.rows(r, list, nil); err != nil {
		return err
	}
	if next != "" {
		v.Older = r.Href("/desk/releases?state=" + g.key + "&after=" + next)
	}
	page := p.s.Page(w, r, who, ui.Page{Title: r.Lang.T("release.list"), Path: "/desk/releases", Menu: "releases"})
	return p.s.Render(w, r, http.StatusOK, listPage(page, v))
}

type approvalsView struct {
	Rows  []ui.Row
	Ready []ui.Row
}

// approvals lists what waits for somebody to approve it, and what is approved and has not gone out.
func (p pages) approvals(w http.ResponseWriter, r *frame.Request) error {
	who, err := p.s.Desk(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	list, _, err := p.s.Releases.List(ctx, who, release.Filter{States: []release.State{release.Awaiting}, Limit: 100})
	if err != nil {
		return err
	}
	changes, _, err := p.s.Releases.List(ctx, who, release.Filter{Change: release.Awaiting, Limit: 100})
	if err != nil {
		return err
	}
	ready, _, err := p.s.Releases.List(ctx, who, release.Filter{States: []release.State{release.Approved, release.Scheduled, release.Embargoed}, Limit: 50})
	if err != nil {
		return err
	}
	var v approvalsView
	v.Rows, err = p.rows(r, append(list, changes...), func(rel release.Release) (string, string) {
		return r.Lang.T("release.approve.read"), r.Href("/desk/approvals/" + rel.ID)
	})
	if err != nil {
		return err
	}
	if v.Ready, err = p.rows(r, ready, nil); err != nil {
		return err
	}
	page := p.s.Page(w, r, who, ui.Page{Title: r.Lang.T("ui.menu.approvals"), Path: "/desk/approvals", Menu: "approvals"})
	return p.s.Render(w, r, http.StatusOK, approvalsPage(page, v))
}

// found is one line of what the checks say.
type found struct {
	Sign ui.SignKind
	Text string
}

// checks looks a text over, with the submission beside it.
func (p pages) checks(l catalogue.Lang, rel release.Release, submission string) []found {
	text := strings.Join([]string{rel.Title, rel.Lede, rel.Body}, "\n")
	list := check.Text(text, p.units, p.s.Now())
	if submission != "" {
		list = append(list, check.Numbers(submission, text)...)
	}
	var out []found
	personal := false
	for _, f := range list {
		personal = personal || f.Personal()
		key, suggest := "release.check."+string(f.Kind), f.Suggest
		if f.Kind == check.Weekday {
			suggest = l.T("ui.weekday." + f.Suggest)
		}
		if suggest == "" && l.Has(key+".none") {
			key += ".none"
		}
		line := found{ui.Care, l.T(key, "text", f.Text, "suggest", suggest)}
		if !slices.Contains(out, line) && len(out) < 12 {
			out = append(out, line)
		}
	}
	if !personal {
		out = append(out, found{ui.Good, l.T("release.check.no-personal")})
	}
	if !slices.ContainsFunc(list, func(f check.Finding) bool { return f.Kind == check.Weekday || f.Kind == check.NoDay }) {
		out = append(out, found{ui.Good, l.T("release.check.days-right")})
	}
	if !rel.English() {
		out = append(out, found{ui.Unknown, l.T("release.check.no-english")})
	}
	return out
}

// history puts what was done into words.
func (p pages) history(r *frame.Request, rel release.Release) ([]ui.HistoryItem, error) {
	steps, err := p.s.Releases.History(r.Context(), rel)
	if err != nil {
		return nil, err
	}
	items := make([]ui.HistoryItem, 0, len(steps))
	for _, s := range steps {
		what := r.Lang.T("release.did."+strings.TrimPrefix(s.Kind, "release."), "n", s.Version, "at", ui.ShortDateTime(r.Lang, s.When),
			"what", r.Lang.T("release.verb."+orNone(string(s.Leaving))), "change", r.Lang.T("release.change."+orNone(string(s.Change))))
		items = append(items, ui.HistoryItem{Time: s.At, Who: p.s.People.NameOf(r.Context(), s.By, string(r.Lang)), What: what, Reason: s.Reason})
	}
	slices.Reverse(items)
	return items, nil
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// versions lists the versions of a release.
func (p pages) versions(r *frame.Request, rel release.Release, list []release.Version) []ui.Version {
	out := make([]ui.Version, 0, len(list))
	for _, v := range list {
		why := v.Reason
		if r.Lang.Has("release.why." + why) {
			why = r.Lang.T("release.why." + why)
		}
		x := ui.Version{
			Name: r.Lang.T("release.version", "n", v.N), Time: v.At, Who: p.s.People.NameOf(r.Context(), v.Author, string(r.Lang)), Note: why,
			Href: r.Href("/desk/releases/" + rel.ID + "/versions/" + strconv.Itoa(v.N)), Current: v.N == rel.Public,
		}
		if v.N > 1 {
			x.Compare = x.Href + "#diff"
		}
		out = append(out, x)
	}
	return out
}

// keptFile is a file of a form that came back: it is kept already, and goes with the form.
type keptFile struct{ ID, Name string }

// upload keeps the files of a form. Each problem is about the field; what is kept stays kept when another file is refused.
func (p pages) upload(r *frame.Request, who regulation.Actor, form site.Form, field string) ([]release.Sent, error) {
	var sent []release.Sent
	for _, k := range form.List("kept") { // from a form that came back; only what this person brought
		id, name, _ := strings.Cut(k, "|")
		if p.s.OwnFile(r, who, id) {
			sent = append(sent, release.Sent{File: id, Name: name})
		}
	}
	var faults problem.List
	for _, h := range form.Files(field) {
		body, err := h.Open()
		if err != nil {
			return sent, err
		}
		f, err := p.s.Media.Put(r.Context(), who, media.Upload{Name: h.Filename, Body: body})
		body.Close()
		switch problem.CodeOf(err) {
		case "":
			sent = append(sent, release.Sent{File: f.ID, Name: f.Name})
		case problem.Kind, problem.Unsafe, problem.Size:
			for _, e := range problem.All(err) {
				e.Field = field
				faults = append(faults, e)
			}
		default:
			return sent, err
		}
	}
	return sent, faults.Or()
}

// attachments lists the files beside a working text.
func (p pages) attachments(r *frame.Request, list []media.Attachment) []ui.Attachment {
	out := make([]ui.Attachment, 0, len(list))
	for _, a := range list {
		x := ui.Attachment{Name: a.Name, Href: "/files/" + a.File.ID + "/" + pathOf(a.Name), Bytes: a.File.Bytes, Kind: media.Short(a.File.Kind), Note: a.Caption, Alt: a.Alt}
		if a.File.Thumb {
			x.Thumb = "/thumbs/" + a.File.ID
		}
		if !a.Shown {
			x.Note = strings.TrimPrefix(x.Note+" · "+r.Lang.T("release.file.inside"), " · ")
		}
		out = append(out, x)
	}
	return out
}

// at says how long is left of a hold, in whole seconds, at least 0.
func left(until, now time.Time) int { return max(0, int(until.Sub(now)/time.Second)) }

// sealWord is the state of proof beside the code of a release on the desk.
func sealWord(p ui.Page, rel release.Release) string {
	switch rel.State {
	case release.Published:
		return ui.SealState(p.Lang, ui.Sealed)
	case release.Corrected:
		return ui.SealState(p.Lang, ui.Corrected)
	case release.Withdrawn:
		return ui.SealState(p.Lang, ui.Withdrawn)
	}
	return ui.SealState(p.Lang, ui.Unsealed)
}

func sealHref(rel release.Release) string {
	if rel.State.Out() {
		return "/v/" + rel.Code
	}
	return ""
}

// faults is ui.Faults, with the name of the file before what is wrong with it: a form may bring several.
func faults(l catalogue.Lang, err error) ([]ui.Fault, map[string]string) {
	lines, fields := ui.Faults(l, err)
	for i, e := range problem.All(err) {
		name := e.Args["name"]
		if name == "" || e.Field == "" || e.Code == problem.Conflict {
			continue
		}
		lines[i].Text = name + ": " + lines[i].Text
		if i > 0 && lines[i-1].Field == e.Field {
			fields[e.Field] += " " + lines[i].Text
		} else {
			fields[e.Field] = lines[i].Text
		}
	}
	return lines, fields
}
