// Package claims is the desk's face of the room claim: the board with its clocks, a claim with its evidence, and one page for
// each act, so that every act can be done on a telephone and a form that was not right comes back with what was typed.
//
// Imports claim, media, release/prose, web/site and what they stand on. Read claims.go, then acts.go.
package claims

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"khue/catalogue"
	"khue/claim"
	"khue/problem"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

// maxUpload bounds a form with a file of evidence, in bytes.
const maxUpload = 64 << 20

type desk struct{ s *site.Site }

// Register puts the desk's pages of claims on a frame.
func Register(f *frame.Frame, s *site.Site) {
	d := desk{s}
	f.Handle("GET /desk/claims", d.board)
	f.Handle("GET /desk/claims/new", d.newForm)
	f.Handle("POST /desk/claims/new", d.open)
	f.Handle("GET /desk/claims/{id}", d.claim)
	f.Handle("GET /desk/claims/{id}/{office}", d.below)
	for _, a := range acts {
		f.Handle("GET /desk/claims/{id}/"+a.name, d.form(a))
		f.HandleUpload("POST /desk/claims/{id}/"+a.name, a.limit(), d.do(a))
	}
	f.Handle("POST /desk/claims/{id}/take", d.take)
	f.Handle("POST /desk/claims/{id}/undo", d.undo)
	f.Handle("POST /desk/claims/{id}/show", d.show)
	f.Handle("GET /desk/claims/{id}/evidence/{evidence}", d.evidence)
	f.Handle("POST /desk/claims/{id}/evidence/{evidence}", d.decideEvidence)
	f.Handle("GET /desk/claims/{id}/evidence/{evidence}/file", d.file)
	f.Handle("GET /desk/reports/{id}", d.report)
	f.Handle("POST /desk/reports/{id}", d.decideReport)
	f.Handle("GET /desk/reports/{id}/file", d.reportFile)
	s.Count("board", d.count)
}

// count gives the number behind "Kiểm chứng": what is at work and the reports that wait, or what an office has to do.
func (d desk) count(ctx context.Context, a regulation.Actor) (map[string]int, error) {
	if a.Staff() {
		n, err := d.s.Claims.Counts(ctx)
		if err != nil {
			return nil, err
		}
		sum := n[claim.Signalled]
		for _, s := range claim.AtWork {
			sum += n[s]
		}
		return map[string]int{"board": sum}, nil
	}
	list, err := d.s.Claims.List(ctx, a, claim.ListFilter{States: claim.AtWork})
	if problem.CodeOf(err) == problem.Forbidden {
		return nil, nil
	}
	return map[string]int{"board": len(list)}, err
}

// below is where the duty of a second office ("claim/ID/OFFICE") and a notice of a report ("claims/reports/ID") lead.
func (d desk) below(w http.ResponseWriter, r *frame.Request) error {
	if r.PathValue("id") == "reports" {
		return d.s.See(w, r, "/desk/reports/"+r.PathValue("office"), "")
	}
	return d.claim(w, r)
}

type boardView struct {
	Figures  []ui.Figure
	Tabs     []ui.Tab
	Rows     []ui.Row
	Reports  []ui.Row
	Approve  []ui.Row
	State    string
	MayOpen  bool
	Empty    string
	IsCentre bool
}

// boards are the tabs of the board: what is at work, and each state by itself.
var boards = []struct {
	key    string
	states []claim.State
}{
	{"work", claim.AtWork}, {"awaiting", []claim.State{claim.Awaiting}}, {"published", []claim.State{claim.Published}}, {"closed", []claim.State{claim.Closed}},
}

func (d desk) board(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	v := boardView{State: r.URL.Query().Get("state"), IsCentre: a.Staff(), Empty: r.Lang.T("claim.board.none")}
	states := claim.AtWork
	for i, b := range boards {
		current := b.key == v.State || v.State == "" && i == 0
		if current {
			states = b.states
		}
		v.Tabs = append(v.Tabs, ui.Tab{Label: r.Lang.T("claim.board." + b.key), Href: r.Href("/desk/claims?state=" + b.key), Current: current})
	}
	list, err := d.s.Claims.List(r.Context(), a, claim.ListFilter{States: states})
	if err != nil {
		return err
	}
	for _, c := range list {
		row, err := d.row(r, a, c)
		if err != nil {
			return err
		}
		v.Rows = append(v.Rows, row)
	}
	if v.Approve, err = d.toApprove(r, a); err != nil {
		return err
	}
	if a.Staff() {
		if err := d.centre(r, a, &v); err != nil {
			return err
		}
	}
	page := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("claim.board"), Path: "/desk/claims", Menu: "board", NoIndex: true})
	return d.s.Render(w, r, http.StatusOK, boardPage(page, v))
}

// centre adds what only the centre's people see: the figures and the reports that nobody has opened.
func (d desk) centre(r *frame.Request, a regulation.Actor, v *boardView) error {
	n, err := d.s.Claims.Counts(r.Context())
	if err != nil {
		return err
	}
	for _, s := range append([]claim.State{claim.Signalled}, claim.AtWork...) {
		v.Figures = append(v.Figures, ui.Figure{Number: ui.Number(r.Lang, int64(n[s])), Label: r.Lang.T("claim.state." + string(s))})
	}
	now := d.s.Now()
	month := time.Date(now.In(ui.Zone).Year(), now.In(ui.Zone).Month(), 1, 0, 0, 0, 0, ui.Zone)
	f, err := d.s.Claims.Figures(r.Context(), month, now.Add(time.Second))
	if err != nil {
		return err
	}
	if f.Published > 0 {
		v.Figures = append(v.Figures, ui.Figure{Number: ui.Span(r.Lang, f.FromOpened), Label: r.Lang.T("claim.board.median")})
	}
	may := d.s.Rules.Can(a, "claim.open", regulation.Thing{Kind: "claim"}, now) == nil
	v.MayOpen = may
	if v.State != "" && v.State != "work" {
		return nil
	}
	reports, err := d.s.Claims.Reports(r.Context(), a, claim.Signalled, 100)
	if err != nil {
		return err
	}
	for _, p := range reports {
		row := ui.Row{
			ID: p.Code, Sign: ui.Sign(ui.Unknown, r.Lang.T("claim.state.signalled")), Title: first(p.Text, p.Link, r.Lang.T("claim.report.picture")),
			Href: r.Href("/desk/reports/" + p.ID), Sub: p.Code + " · " + r.Lang.N("claim.report.times", int(p.Times)), Clock: ui.Note(ui.ShortDateTime(r.Lang, p.Last)),
		}
		if may {
			row.Next, row.NextHref = r.Lang.T("claim.report.read"), row.Href
		}
		v.Reports = append(v.Reports, row)
	}
	return nil
}

// first gives the first of the texts that is not empty, cut to a line.
func first(texts ...string) string {
	for _, t := range texts {
		if t == "" {
			continue
		}
		if runes := []rune(t); len(runes) > 160 {
			return string(runes[:159]) + "…"
		}
		return t
	}
	return ""
}

// toApprove lists the evidence that waits for this head.
func (d desk) toApprove(r *frame.Request, a regulation.Actor) ([]ui.Row, error) {
	list, err := d.s.Claims.ToApprove(r.Context(), a)
	if err != nil {
		return nil, err
	}
	var rows []ui.Row
	for _, e := range list {
		href := r.Href("/desk/claims/" + e.Claim + "/evidence/" + e.ID)
		rows = append(rows, ui.Row{
			ID: "e" + e.ID, Sign: ui.Sign(ui.Care, r.Lang.T("claim.evidence-state.proposed")), Title: e.Title, Href: href, Sub: d.office(r, e.Office),
			Who: d.name(r, e.Author), Clock: ui.Note(ui.ShortDateTime(r.Lang, e.At)), Next: r.Lang.T("claim.do.read-approve"), NextHref: href,
		})
	}
	return rows, nil
}

func (d desk) row(r *frame.Request, a regulation.Actor, c claim.Claim) (ui.Row, error) {
	l := r.Lang
	href := r.Href("/desk/claims/" + c.ID)
	row := ui.Row{ID: c.Code, Sign: stateSign(l, c), Title: c.Statement, Href: href, Sub: c.Code, Who: d.office(r, c.Office)}
	if c.Draft.Verdict != "" {
		row.Sub += " · " + l.T("claim.verdict."+string(c.Draft.Verdict))
	}
	if c.Holder != "" {
		row.Sub += " · " + d.name(r, c.Holder)
	}
	duties, err := d.duties(r.Context(), c)
	if err != nil {
		return row, err
	}
	row.Clock = ui.Note(ui.ShortDateTime(l, c.Updated))
	if y, ok := site.Soonest(duties); ok {
		row.Clock = ui.Clock(site.Clock(l, y, d.s.Now()))
	}
	for _, step := range d.steps(r, a, c) {
		if row.Next == "" && step.Main {
			row.Next, row.NextHref, row.NextPost = step.Label, step.Href, step.Post
		}
	}
	return row, nil
}

func stateSign(l catalogue.Lang, c claim.Claim) templ.Component {
	kind := ui.Plain
	switch {
	case c.State == claim.Published:
		kind = ui.SignKind(c.Draft.Verdict.Sign())
		return ui.Sign(kind, l.T("claim.verdict."+string(c.Draft.Verdict)))
	case !c.Leaves.IsZero():
		return ui.Sign(ui.Care, l.T("claim.leaving.sign"))
	case c.Urgent && slices.Contains(claim.AtWork, c.State):
		return ui.Sign(ui.Care, l.T("claim.urgent")+" · "+l.T("claim.state."+string(c.State)))
	case c.State == claim.Closed:
		kind = ui.Unknown
	}
	return ui.Sign(kind, l.T("claim.state."+string(c.State)))
}

// duties gives what every office asked owes for a claim.
func (d desk) duties(ctx context.Context, c claim.Claim) ([]regulation.Duty, error) {
	var list []regulation.Duty
	for _, o := range c.Offices {
		more, err := d.s.Duties.Of(ctx, d.s.DB, c.DutyOf(o))
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

func (d desk) office(r *frame.Request, code string) string { return d.s.OfficeName(r, code) }

func (d desk) name(r *frame.Request, account string) string {
	return d.s.People.NameOf(r.Context(), account, string(r.Lang))
}

// offices gives every office as a choice, the departments first.
func (d desk) offices(r *frame.Request) ([]ui.Option, error) {
	list, err := d.s.People.Offices(r.Context())
	if err != nil {
		return nil, err
	}
	options := []ui.Option{{Value: "", Label: r.Lang.T("claim.office.none")}}
	for _, ward := range []bool{false, true} {
		for _, o := range list {
			if (o.Kind == "ward") == ward && o.Kind != "centre" {
				options = append(options, ui.Option{Value: o.Code, Label: o.NameIn(string(r.Lang))})
			}
		}
	}
	return options, nil
}

// step is one thing that the reader may do to a claim now.
type step struct {
	Label, Href string
	Post        bool
	Main        bool // the next step of who reads
}

// steps gives what the reader may do, by the room's rules and the claim's state; the room asks again when it is done.
func (d desk) steps(r *frame.Request, a regulation.Actor, c claim.Claim) []step {
	var list []step
	base := r.Href("/desk/claims/" + c.ID + "/")
	add := func(act claim.Act, name string, main bool) {
		if d.s.Claims.May(a, c, act) {
			list = append(list, step{Label: r.Lang.T("claim.do." + name), Href: base + name, Post: name == "take", Main: main})
		}
	}
	centre := a.Staff()
	add(claim.ActAgree, "decide", true)
	add(claim.ActTake, "take", centre)
	if c.State == claim.Drafted && d.s.Claims.May(a, c, claim.ActSendUp) {
		list = append(list, step{Label: r.Lang.T("claim.do.send-up"), Href: base + "send-up", Main: true})
	}
	add(claim.ActDraft, "draft", centre && c.State != claim.Opened)
	add(claim.ActAdd, "add", !centre)
	add(claim.ActAsk, "ask", false)
	if c.Press && c.Edition > 0 && c.Draft.Verdict.Sign() == "bad" {
		add(claim.ActRespond, "respond", !centre)
	}
	add(claim.ActCorrect, "correct", false)
	add(claim.ActReopen, "reopen", false)
	add(claim.ActClose, "close", false)
	return list
}
