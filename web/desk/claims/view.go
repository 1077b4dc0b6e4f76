package claims

import (
	"net/http"
	"strconv"
	"time"

	"khue/catalogue"
	"khue/claim"
	"khue/problem"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

// read gives who reads and the claim of the address.
func (d desk) read(r *frame.Request) (regulation.Actor, claim.Whole, error) {
	a, err := d.s.Desk(r)
	if err != nil {
		return a, claim.Whole{}, err
	}
	w, err := d.s.Claims.Get(r.Context(), a, r.PathValue("id"))
	return a, w, err
}

type evidenceView struct {
	claim.Evidence
	KindWord, StateWord string
	Sign                ui.SignKind
	Who, OfficeName     string
	Href, FileHref      string
	Approve             bool // the reader may approve it
}

type dutyView struct {
	What  string
	Clock ui.ClockProps
}

// claimView is a claim as the desk shows it, in words.
type claimView struct {
	claim.Whole
	OfficeName string
	AuthorName string
	HolderName string
	Pairs      []ui.Pair
	Pieces     []evidenceView
	Duties     []dutyView
	Asked      []ui.HistoryItem
	Past       []ui.HistoryItem
	Steps      []step
	Public     string // address of the public page, "" for none
	MayShow    bool
	ShowHref   string
	Drafter    string
	Leaving    string // what is about to go out and when, "" for nothing
	Seconds    int    // that it can still be taken back
	Undo       string // address of taking it back
	Centre     bool
}

func (d desk) view(r *frame.Request, a regulation.Actor, w claim.Whole) (claimView, error) {
	l := r.Lang
	v := claimView{
		Whole: w, OfficeName: d.office(r, w.Office), AuthorName: d.name(r, w.Author), Steps: d.steps(r, a, w.Claim), Centre: a.Staff(),
		ShowHref: r.Href("/desk/claims/" + w.ID + "/show"),
	}
	if w.Holder != "" {
		v.HolderName = d.name(r, w.Holder)
	}
	if w.Drafter != "" {
		v.Drafter = d.name(r, w.Drafter)
	}
	if w.Edition > 0 || w.Shown {
		v.Public = r.Href("/claims/" + w.Code)
	}
	if left := w.Leaves.Sub(d.s.Now()); left > 0 && d.s.Rules.Can(a, "claim.undo", w.Thing(""), d.s.Now()) == nil {
		at := w.Leaves.In(ui.Zone).Format("15:04:05")
		v.Leaving = l.T("claim.leaving", "verdict", l.T("claim.verdict."+string(w.Draft.Verdict)), "at", at)
		v.Seconds, v.Undo = int((left+time.Second-1)/time.Second), r.Href("/desk/claims/"+w.ID+"/undo")
	}
	v.MayShow = w.Edition == 0 && w.State != claim.Closed && d.s.Rules.Can(a, "claim.show", w.Thing(""), d.s.Now()) == nil
	for _, e := range w.Evidence {
		v.Pieces = append(v.Pieces, d.piece(r, a, w.Claim, e))
	}
	duties, err := d.duties(r.Context(), w.Claim)
	if err != nil {
		return v, err
	}
	for _, y := range duties {
		key := "claim.duty"
		if y.Kind == "respond" {
			key = "claim.duty.respond"
		}
		v.Duties = append(v.Duties, dutyView{What: l.T(key, "office", d.office(r, y.Office)), Clock: site.Clock(l, y, d.s.Now())})
	}
	for _, q := range w.Questions {
		text := q.Text
		if text == "" {
			text = l.T("claim.question.plain")
		}
		v.Asked = append(v.Asked, ui.HistoryItem{Time: q.At, Who: d.name(r, q.Author), What: l.T("claim.done.ask", "object", d.office(r, q.Office)), Reason: text})
	}
	for _, h := range w.History {
		v.Past = append(v.Past, ui.HistoryItem{Time: h.At, Who: d.name(r, h.Actor), What: d.did(r, h), Reason: h.Reason})
	}
	v.pairs(l)
	return v, nil
}

// pairs are the circumstances of a claim.
func (v *claimView) pairs(l catalogue.Lang) {
	add := func(key, text string) {
		if text != "" {
			v.Pairs = append(v.Pairs, ui.Pair{Term: l.T(key), Text: text})
		}
	}
	add("claim.page.office", v.OfficeName)
	if v.Topic != "" {
		add("claim.label.topic", l.T("claim.topic."+v.Topic))
	}
	if v.Impact != claim.NoImpact {
		add("claim.label.impact", l.T("claim.impact."+string(v.Impact)))
	}
	if v.Urgent {
		add("claim.label.urgent", l.T("claim.urgent"))
	}
	if !v.FirstSeen.IsZero() {
		add("claim.time.first", ui.ShortDateTime(l, v.FirstSeen))
	}
	add("claim.time.opened", ui.ShortDateTime(l, v.Opened)+", "+v.AuthorName)
	add("claim.label.holder", v.HolderName)
	if !v.Published.IsZero() {
		add("claim.time.published", ui.ShortDateTime(l, v.Published))
		add("claim.time.took", ui.Span(l, v.Published.Sub(v.Opened)))
	}
	add("claim.label.closed", v.Reason)
}

func (d desk) piece(r *frame.Request, a regulation.Actor, c claim.Claim, e claim.Evidence) evidenceView {
	v := evidenceView{
		Evidence: e, KindWord: r.Lang.T("claim.evidence." + string(e.Kind)), StateWord: r.Lang.T("claim.evidence-state." + string(e.State)),
		Who: d.name(r, e.Author), OfficeName: d.office(r, e.Office), Href: r.Href("/desk/claims/" + c.ID + "/evidence/" + e.ID), Sign: ui.Care,
		Approve: d.s.Claims.MayApprove(a, c, e),
	}
	switch e.State {
	case claim.Approved:
		v.Sign = ui.Good
	case claim.Returned, claim.Removed:
		v.Sign = ui.Unknown
	}
	if e.File != "" {
		v.FileHref = "/desk/claims/" + c.ID + "/evidence/" + e.ID + "/file"
	}
	return v
}

// did says an act of the history in words.
func (d desk) did(r *frame.Request, h claim.Done) string {
	object := h.Object
	switch {
	case claim.Verdict(object).Valid():
		object = r.Lang.T("claim.verdict." + object)
	case h.Verb == "ask":
		object = d.office(r, object)
	}
	return r.Lang.T("claim.done."+h.Verb, "object", object, "other", d.name(r, h.Other))
}

func (d desk) claim(w http.ResponseWriter, r *frame.Request) error {
	a, whole, err := d.read(r)
	if err != nil {
		return err
	}
	v, err := d.view(r, a, whole)
	if err != nil {
		return err
	}
	page := d.s.Page(w, r, a, ui.Page{Title: whole.Code, Path: "/desk/claims/" + whole.ID, Menu: "board", NoIndex: true})
	return d.s.Render(w, r, http.StatusOK, claimPage(page, v))
}

// oneEvidence is a piece of evidence on a page of its own, for the head's telephone.
type oneEvidence struct {
	claimView
	Piece  evidenceView
	Mine   bool // the reader gave it and may take it back
	Reason string
	Faults []ui.Fault
	Wrong  map[string]string
}

func (d desk) evidence(w http.ResponseWriter, r *frame.Request) error {
	return d.showEvidence(w, r, http.StatusOK, "", nil)
}

func (d desk) showEvidence(w http.ResponseWriter, r *frame.Request, status int, reason string, fault error) error {
	a, whole, err := d.read(r)
	if err != nil {
		return err
	}
	v := oneEvidence{Reason: reason}
	if v.claimView, err = d.view(r, a, whole); err != nil {
		return err
	}
	for _, e := range v.Pieces {
		if e.ID == r.PathValue("evidence") {
			v.Piece = e
		}
	}
	if v.Piece.ID == "" {
		return problem.New(problem.NotFound)
	}
	open := v.Piece.State == claim.Proposed || v.Piece.State == claim.Approved
	v.Mine = a.ID == v.Piece.Author && open && whole.State.May(claim.ActAdd)
	v.Faults, v.Wrong = ui.Faults(r.Lang, fault)
	page := d.s.Page(w, r, a, ui.Page{Title: v.Piece.Title, Path: "/desk/claims/" + whole.ID + "/evidence/" + v.Piece.ID, Menu: "board", NoIndex: true})
	return d.s.Render(w, r, status, evidencePage(page, v))
}

func (d desk) decideEvidence(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	in := claim.DecideInput{Evidence: r.PathValue("evidence"), Reason: f.Text("reason")}
	verb := map[string]func() (claim.Evidence, error){
		"approve": func() (claim.Evidence, error) { return d.s.Claims.ApproveEvidence(r.Context(), a, in) },
		"return":  func() (claim.Evidence, error) { return d.s.Claims.ReturnEvidence(r.Context(), a, in) },
		"remove":  func() (claim.Evidence, error) { return d.s.Claims.RemoveEvidence(r.Context(), a, in) },
	}[f.Text("do")]
	if verb == nil {
		return problem.Of("do", problem.Invalid, "why", "@claim.why.choice")
	}
	e, err := verb()
	if problem.CodeOf(err) == problem.Required {
		return d.showEvidence(w, r, http.StatusUnprocessableEntity, in.Reason, err)
	}
	if err != nil {
		return err
	}
	return d.s.See(w, r, "/desk/claims/"+e.Claim, "claim.flash."+f.Text("do"))
}

func (d desk) file(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	e, err := d.s.Claims.Evidence(r.Context(), a, r.PathValue("evidence"))
	if err == nil && e.File == "" {
		err = problem.New(problem.NotFound)
	}
	if err != nil {
		return err
	}
	return d.s.ServeFile(w, r, e.Ref(), e.File, false)
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// mainStep says whether a step is the first of the main ones: Khuê red stands once on a page.
func mainStep(steps []step, i int) bool {
	for j, s := range steps {
		if s.Main {
			return j == i
		}
	}
	return false
}

func verdicts(l catalogue.Lang) []ui.Option {
	list := make([]ui.Option, 0, len(claim.Verdicts))
	for _, v := range claim.Verdicts {
		list = append(list, ui.Option{Value: string(v), Label: l.T("claim.verdict."+string(v)) + ": " + l.T("claim.means."+string(v))})
	}
	return list
}

// draftKey names what the browser keeps of a field that is being typed. It holds the version: after a save it begins anew.
func draftKey(v actView, field string) string { return "claim-" + v.ID + "-" + v.Version + "-" + field }
