// Package inquiries is the desk's face of the room inquiry: the list with its clocks, an inquiry with question, parts, draft and
// history, one page for each act (so that it can be done on a telephone, and a form that was not right comes back with what was
// typed), matters from stories, and the duty officer's one field.
//
// Imports inquiry, web/ask, web/site and what they stand on. Read inquiries.go, then acts.go.
package inquiries

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"khue/catalogue"
	"khue/inquiry"
	"khue/problem"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type desk struct{ s *site.Site }

// Register puts the desk's pages of inquiries on a frame.
func Register(f *frame.Frame, s *site.Site) {
	d := desk{s}
	f.Handle("GET /desk/inquiries", d.list)
	f.Handle("GET /desk/inquiries/matter", d.matterForm)
	f.Handle("POST /desk/inquiries/matter", d.openMatter)
	f.Handle("GET /desk/inquiries/{id}", d.show)
	for _, a := range acts {
		f.Handle("POST /desk/inquiries/{id}/"+a.name, d.do(a))
		if a.form {
			f.Handle("GET /desk/inquiries/{id}/"+a.name, d.form(a))
		}
	}
	f.Handle("GET /desk/note", d.noteForm)
	f.Handle("POST /desk/note", d.note)
	s.Count("inquiries", d.count)
}

// count gives the number behind "Hỏi đáp": what is open, of what the person may see.
func (d desk) count(ctx context.Context, a regulation.Actor) (map[string]int, error) {
	n, err := d.s.Inquiries.Counts(ctx, a)
	if code := problem.CodeOf(err); code == problem.Forbidden || code == problem.Session {
		return nil, nil
	}
	sum := 0
	for s, k := range n {
		if s.Open() {
			sum += k
		}
	}
	return map[string]int{"inquiries": sum}, err
}

type listView struct {
	Tabs    []ui.Tab
	Figures []ui.Figure
	Rows    []ui.Row
	Tab     string
	Query   string
	Office  string
	Offices []ui.Option
	Kind    string
	Kinds   []ui.Option
	Older   string
	Centre  bool
	Matter  bool // may open one
	Empty   string
}

// tabs are the views of the list: the states of each.
var tabs = []struct {
	key    string
	states []inquiry.State
}{
	{"open", openStates()},
	{"new", []inquiry.State{inquiry.Received}},
	{"approve", []inquiry.State{inquiry.Drafted, inquiry.Approved}},
	{"clarifying", []inquiry.State{inquiry.Clarifying}},
	{"answered", []inquiry.State{inquiry.Answered, inquiry.Refused, inquiry.Guided}},
	{"all", nil},
}

func openStates() []inquiry.State {
	var list []inquiry.State
	for _, s := range inquiry.States {
		if s.Open() {
			list = append(list, s)
		}
	}
	return list
}

// onePage is how many rows a page of the list has.
const onePage = 60

func (d desk) list(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	v := listView{Tab: q.Get("tab"), Query: q.Get("q"), Office: q.Get("office"), Kind: q.Get("kind"), Centre: a.Staff()}
	if !slices.ContainsFunc(tabs, func(t struct {
		key    string
		states []inquiry.State
	},
	) bool {
		return t.key == v.Tab
	}) {
		v.Tab = "open"
		if v.Query != "" {
			v.Tab = "all"
		}
	}
	f := inquiry.Filter{Text: v.Query, Office: v.Office, Limit: onePage + 1}
	if k := inquiry.Kind(v.Kind); k.Valid() {
		f.Kinds = []inquiry.Kind{k}
	}
	counts, err := d.s.Inquiries.Counts(r.Context(), a)
	if err != nil {
		return err
	}
	for _, t := range tabs {
		n := 0
		for _, s := range t.states {
			n += counts[s]
		}
		if t.key == v.Tab {
			f.States = t.states
		}
		if t.key == "answered" || t.key == "all" {
			n = 0
		}
		v.Tabs = append(v.Tabs, ui.Tab{Label: r.Lang.T("inquiry.tab." + t.key), Href: r.Href("/desk/inquiries?tab=" + t.key), Count: n, Current: t.key == v.Tab})
	}
	if us, e := strconv.ParseInt(q.Get("before"), 10, 64); e == nil && us > 0 {
		f.Before = time.UnixMicro(us)
	}
	items, err := d.s.Inquiries.List(r.Context(), a, f)
	if err != nil {
		return err
	}
	if len(items) > onePage {
		items = items[:onePage]
		v.Older = r.Href("/desk/inquiries?" + url.Values{"tab": {v.Tab}, "q": {v.Query}, "office": {v.Office}, "kind": {v.Kind}, "before": {strconv.FormatInt(items[onePage-1].Received.UnixMicro(), 10)}}.Encode())
	}
	d.fillList(r, a, &v, items)
	page := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("inquiry.desk"), Path: "/desk/inquiries", Menu: "inquiries", NoIndex: true})
	return d.s.Render(w, r, http.StatusOK, listPage(page, v))
}

// fillList makes the rows; what is open is ordered by what is due first.
func (d desk) fillList(r *frame.Request, a regulation.Actor, v *listView, items []inquiry.Item) {
	if v.Tab != "all" && v.Tab != "answered" {
		slices.SortStableFunc(items, func(x, y inquiry.Item) int {
			cx, okx := x.Clock()
			cy, oky := y.Clock()
			switch {
			case okx && oky:
				return cx.Due.Compare(cy.Due)
			case okx:
				return -1
			case oky:
				return 1
			}
			return 0
		})
	}
	late := 0
	for _, i := range items {
		v.Rows = append(v.Rows, d.row(r, a, i))
		if c, ok := i.Clock(); ok && c.State.Open() && c.State != regulation.DutyPaused && d.s.Now().After(c.Due) {
			late++
		}
	}
	if late > 0 {
		v.Figures = append(v.Figures, ui.Figure{Number: ui.Number(r.Lang, int64(late)), Label: r.Lang.T("inquiry.late"), Alarm: true})
	}
	whole := ui.Option{Label: r.Lang.T("inquiry.any.long")}
	v.Kinds, v.Offices = []ui.Option{whole}, []ui.Option{whole}
	for _, k := range inquiry.Kinds {
		v.Kinds = append(v.Kinds, ui.Option{Value: string(k), Label: catalogue.Capital(r.Lang.T("inquiry.kind." + string(k)))})
	}
	if all, err := d.s.OfficeOptions(r); err == nil {
		v.Offices = append(v.Offices, all...)
	}
	v.Matter = d.s.Inquiries.MayFor(a, "inquiry.matter.open", inquiry.Inquiry{}, d.s.Inquiries.Centre(), "")
	v.Empty = r.Lang.T("inquiry.list.none")
	if v.Query != "" {
		v.Empty = r.Lang.T("inquiry.answers.not-found", "text", v.Query)
	}
}

func (d desk) row(r *frame.Request, a regulation.Actor, i inquiry.Item) ui.Row {
	href := r.Href("/desk/inquiries/" + i.ID)
	row := ui.Row{
		ID: i.Code, Sign: stateSign(r.Lang, i.Inquiry), Title: i.Subject, Href: href, Sub: d.sub(r, i.Inquiry), Who: d.s.OfficeName(r, i.Office),
		Clock: ui.Note(ui.ShortDateTime(r.Lang, i.Received)),
	}
	if c, ok := i.Clock(); ok && i.State.Open() {
		row.Clock = ui.Clock(site.Clock(r.Lang, c, d.s.Now()))
	}
	for _, s := range d.steps(r, a, i.Inquiry) {
		if s.Main {
			row.Next, row.NextHref, row.NextPost = s.Label, s.Href, s.Post
			break
		}
	}
	return row
}

// sub is code, kind and who asks.
func (d desk) sub(r *frame.Request, q inquiry.Inquiry) string {
	parts := []string{q.Code, r.Lang.T("inquiry.kind." + string(q.Kind))}
	if q.Asker != inquiry.Office {
		parts = append(parts, r.Lang.T("inquiry.asker."+string(q.Asker)))
	}
	if o := d.s.OutletName(r, q.Outlet); o != "" {
		parts = append(parts, o)
	}
	if q.Verification == inquiry.VerifyWaiting {
		parts = append(parts, r.Lang.T("inquiry.verification.waiting"))
	}
	return strings.Join(parts, " · ")
}

func stateSign(l catalogue.Lang, q inquiry.Inquiry) templ.Component {
	kind, word := ui.Plain, l.T("inquiry.state."+string(q.State))
	switch {
	case q.Urgent && q.State.Open():
		kind, word = ui.Care, l.T("inquiry.urgent")+" · "+word
	case q.State == inquiry.Answered || q.State == inquiry.Closed:
		kind = ui.Good
	case q.State == inquiry.Refused:
		kind = ui.Bad
	case q.State == inquiry.Withdrawn || q.State == inquiry.Guided:
		kind = ui.Unknown
	}
	return ui.Sign(kind, word)
}

// step is one act that a person may do now.
type step struct {
	Act, Label, Href string
	Post             bool // a button; else a link to the act's page
	Main             bool // the one next thing
	Office           string
}

// steps gives what a person may do with an inquiry, the next thing first.
func (d desk) steps(r *frame.Request, a regulation.Actor, q inquiry.Inquiry) []step {
	in := d.s.Inquiries
	base := r.Href("/desk/inquiries/" + q.ID + "/")
	var list []step
	add := func(act, office string, post, main bool) {
		main = main && !slices.ContainsFunc(list, func(s step) bool { return s.Main })
		href := base + act
		if office != "" && !post {
			href += "?office=" + url.QueryEscape(office)
		}
		label := "inquiry.do." + act
		switch {
		case act == "part" && q.Kind.Reported():
			label = "inquiry.do.report"
		case act == "assign" && q.State == inquiry.Assigned:
			label = "inquiry.do.add-office"
		}
		list = append(list, step{act, r.Lang.T(label), href, post, main, office})
	}
	d.partSteps(a, q, add)
	centre := in.Centre()
	for _, s := range []struct {
		act, may string
		verb     inquiry.Verb
		drafter  string
		post     bool
		main     bool
	}{
		{"accept", "inquiry.accept", inquiry.DoAccept, "", true, true},
		{"approve", "inquiry.approve", inquiry.DoApprove, q.Drafter, false, true},
		{"answer", "inquiry.answer", inquiry.DoAnswer, "", false, true},
		{"assign", "inquiry.assign", inquiry.DoAssign, "", false, true},
		{"draft", "inquiry.draft", inquiry.DoDraft, "", false, q.Compose() != "" && q.State != inquiry.Drafted},
		{"close", "inquiry.close", inquiry.DoClose, "", true, q.State == inquiry.Answered},
		{"take", "inquiry.draft", inquiry.DoTake, "", true, false},
		{"send-back", "inquiry.send-back", inquiry.DoSendBack, "", false, false},
		{"clarify", "inquiry.clarify", inquiry.DoClarify, "", false, false},
		{"refuse", "inquiry.refuse", inquiry.DoRefuse, "", false, false},
		{"guide", "inquiry.guide", inquiry.DoGuide, "", false, false},
		{"reassign", "inquiry.assign", inquiry.DoReassign, "", false, false},
	} {
		if !q.State.Allows(s.verb) || q.Kind.Reported() && slices.Contains([]string{"draft", "clarify", "guide"}, s.act) {
			continue
		}
		ok := in.May(a, s.may, q, s.drafter)
		if s.act == "draft" { // the centre's own
			ok = in.MayFor(a, s.may, q, centre, "") && ready(q)
		}
		if ok {
			add(s.act, "", s.post, s.main)
		}
	}
	if q.State == inquiry.Assigned && in.May(a, "inquiry.assign", q, "") {
		add("assign", "", false, false)
	}
	if q.Verification == inquiry.VerifyWaiting && in.May(a, "inquiry.verify-journalist", q, "") {
		add("verify", "", false, false)
	}
	if q.State.Open() && !q.Kind.Reported() && in.May(a, "inquiry.reclassify", q, "") {
		add("correct", "", false, false)
	}
	if !q.State.Open() && in.May(a, "inquiry.erase", q, "") {
		add("erase", "", false, false)
	}
	return list
}

// ready says that every office asked has given its word, so that the centre may draft.
func ready(q inquiry.Inquiry) bool {
	return !slices.ContainsFunc(q.Parts, func(p inquiry.Part) bool { return p.State == inquiry.PartAsked || p.State == inquiry.PartDrafted })
}

// partSteps gives what somebody may do with the parts of offices.
func (d desk) partSteps(a regulation.Actor, q inquiry.Inquiry, add func(act, office string, post, main bool)) {
	in := d.s.Inquiries
	write := "inquiry.draft"
	if q.Kind.Reported() {
		write = "inquiry.report"
	}
	if q.State != inquiry.Assigned && q.State != inquiry.Reassigned {
		return
	}
	for _, p := range q.Parts {
		inOffice := slices.ContainsFunc(a.Posts, func(x regulation.Post) bool { return x.Office == p.Office })
		switch p.State {
		case inquiry.PartDrafted:
			if in.MayFor(a, "inquiry.approve-office", q, p.Office, p.Drafter) {
				add("approve-office", p.Office, false, true)
			}
			if in.MayFor(a, "inquiry.return-draft", q, p.Office, "") {
				add("return-part", p.Office, false, false)
			}
			if inOffice && in.MayFor(a, write, q, p.Office, "") {
				add("part", p.Office, false, false)
			}
		case inquiry.PartAsked:
			if inOffice && in.MayFor(a, write, q, p.Office, "") {
				add("part", p.Office, false, true)
			}
		case inquiry.PartApproved:
			if in.MayFor(a, "inquiry.return-part", q, p.Office, "") {
				add("return-part", p.Office, false, false)
			}
		}
	}
}
