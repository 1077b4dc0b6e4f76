package claims

import (
	"net/http"
	"strings"

	"khue/claim"
	"khue/problem"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

// act is one thing done to a claim on a page of its own: its form, and what it does when the form is sent.
type act struct {
	name string
	verb claim.Act // whose right and state are asked before the form is shown
	file bool      // the form may bring a file
	run  func(d desk, r *frame.Request, a regulation.Actor, w claim.Whole, f site.Form, v *actView) (flash string, err error)
}

func (a act) limit() int64 {
	if a.file {
		return maxUpload
	}
	return 1 << 20
}

// acts are the acts that have a page.
var acts = []act{
	{name: "ask", verb: claim.ActAsk, run: runAsk},
	{name: "add", verb: claim.ActAdd, file: true, run: runAdd},
	{name: "draft", verb: claim.ActDraft, run: runDraft},
	{name: "correct", verb: claim.ActCorrect, run: runDraft},
	{name: "send-up", verb: claim.ActSendUp, run: runSendUp},
	{name: "decide", verb: claim.ActAgree, run: runDecide},
	{name: "respond", verb: claim.ActRespond, run: runRespond},
	{name: "close", verb: claim.ActClose, run: runReason},
	{name: "reopen", verb: claim.ActReopen, run: runReason},
}

// actView is a claim with one form: Value holds what was typed, or what stands there.
type actView struct {
	claimView
	Act     string
	Value   map[string]string
	On      map[string]bool // checkboxes
	Offices []ui.Option
	Kinds   []ui.Option
	Faults  []ui.Fault
	Wrong   map[string]string
	Action  string
	Version string
	// Conflict says that somebody saved meanwhile.
	Conflict bool
}

func (d desk) form(a act) frame.Handler {
	return func(w http.ResponseWriter, r *frame.Request) error {
		by, whole, err := d.read(r)
		if err != nil {
			return err
		}
		v, err := d.actView(r, by, whole, a)
		if err != nil {
			return err
		}
		v.prefill(r, whole)
		if err := d.allowed(by, whole, a); err != nil {
			return err
		}
		return d.showAct(w, r, by, http.StatusOK, v)
	}
}

// allowed asks for the right before the form is shown, so that nobody types in vain; the room asks again.
func (d desk) allowed(by regulation.Actor, w claim.Whole, a act) error {
	if d.s.Claims.May(by, w.Claim, a.verb) {
		return nil
	}
	t := w.Thing("")
	if err := d.s.Rules.Can(by, "claim."+string(a.verb), t, d.s.Now()); err != nil && w.State.May(a.verb) {
		return err
	}
	return problem.New(problem.State, "state", "@claim.state."+string(w.State), "action", "@claim.act."+string(a.verb))
}

func (d desk) showAct(w http.ResponseWriter, r *frame.Request, by regulation.Actor, status int, v actView) error {
	page := d.s.Page(w, r, by, ui.Page{Title: v.Code + " · " + r.Lang.T("claim.do."+v.Act), Path: "/desk/claims/" + v.ID + "/" + v.Act, Menu: "board", NoIndex: true})
	return d.s.Render(w, r, status, actPage(page, v))
}

func (d desk) do(a act) frame.Handler {
	return func(w http.ResponseWriter, r *frame.Request) error {
		by, whole, err := d.read(r)
		if err != nil {
			return err
		}
		f, err := d.s.Form(r)
		if err != nil {
			return err
		}
		v, err := d.actView(r, by, whole, a)
		if err != nil {
			return err
		}
		v.typed(f)
		flash, err := a.run(d, r, by, whole, f, &v)
		if err != nil {
			code := problem.CodeOf(err)
			if code == problem.Internal || code == problem.Forbidden || code == problem.Session || code == problem.NotFound {
				return err
			}
			v.Faults, v.Wrong = ui.Faults(r.Lang, err)
			if code == problem.Conflict { // what stands there now is shown beside; sending again is a choice made with both in sight
				v.Conflict, v.Version = true, number(whole.Version)
			}
			return d.showAct(w, r, by, frame.Status(code), v)
		}
		return d.s.See(w, r, "/desk/claims/"+whole.ID, flash, "code", whole.Code)
	}
}

func (d desk) actView(r *frame.Request, by regulation.Actor, w claim.Whole, a act) (v actView, err error) {
	if v.claimView, err = d.view(r, by, w); err != nil {
		return v, err
	}
	v.Act, v.Action, v.Value, v.On = a.name, r.Href("/desk/claims/"+w.ID+"/"+a.name), map[string]string{}, map[string]bool{}
	v.Version = number(w.Version)
	if v.Offices, err = d.offices(r); err != nil {
		return v, err
	}
	for _, k := range claim.EvidenceKinds {
		v.Kinds = append(v.Kinds, ui.Option{Value: string(k), Label: r.Lang.T("claim.evidence." + string(k))})
	}
	return v, nil
}

// fields are all the texts that a form of an act may bring.
var fields = []string{
	"office", "question", "kind", "title", "text", "link", "release", "kept", "kept_name", "verdict", "headline", "said", "body",
	"headline_en", "said_en", "body_en", "change", "note", "note_en", "reason", "version",
}

// typed keeps what was sent.
func (v *actView) typed(f site.Form) {
	for _, name := range fields {
		v.Value[name] = f.Text(name)
	}
	v.Version = v.Value["version"]
	for _, name := range []string{"original", "open", "press"} {
		v.On[name] = f.Yes(name)
	}
}

// prefill puts into the form what stands there already.
func (v *actView) prefill(r *frame.Request, w claim.Whole) {
	d := w.Draft
	said := d.VI.Said
	if said == "" {
		said = w.Statement
	}
	for name, value := range map[string]string{
		"verdict": string(d.Verdict), "headline": d.VI.Headline, "said": said, "body": d.VI.Body,
		"headline_en": d.EN.Headline, "said_en": d.EN.Said, "body_en": d.EN.Body, "change": d.Change, "note": d.Note, "note_en": d.NoteEN,
		"kind": string(claim.ByWord), "office": "",
	} {
		v.Value[name] = value
	}
	if v.Act == "correct" {
		v.Value["change"], v.Value["note"], v.Value["note_en"] = claim.Correction, "", ""
	}
	v.On["open"], v.On["press"] = true, w.Press
	if v.Act == "ask" && w.Office != "" && len(w.Questions) == 0 {
		v.Value["office"] = w.Office
	}
	if v.Act == "add" {
		v.Value["release"] = r.URL.Query().Get("release")
	}
}

func runAsk(d desk, r *frame.Request, a regulation.Actor, w claim.Whole, _ site.Form, v *actView) (string, error) {
	_, err := d.s.Claims.Ask(r.Context(), a, claim.AskInput{Claim: w.ID, Office: v.Value["office"], Question: v.Value["question"]})
	return "claim.flash.asked", err
}

func runAdd(d desk, r *frame.Request, a regulation.Actor, w claim.Whole, f site.Form, v *actView) (string, error) {
	kept, err := d.s.TakeFile(r, a, f, "file", site.KeptFile{ID: v.Value["kept"], Name: v.Value["kept_name"]}, false)
	v.Value["kept"], v.Value["kept_name"] = kept.ID, kept.Name
	if err != nil {
		return "", err
	}
	e, err := d.s.Claims.AddEvidence(r.Context(), a, claim.AddEvidenceInput{
		Claim: w.ID, Kind: claim.EvidenceKind(v.Value["kind"]), Title: v.Value["title"], Text: v.Value["text"], Link: v.Value["link"], Release: v.Value["release"],
		File: kept.ID, FileName: kept.Name, Original: v.On["original"], Open: v.On["open"],
	})
	if err == nil && e.State == claim.Proposed {
		return "claim.flash.proposed", nil
	}
	return "claim.flash.added", err
}

func runDraft(d desk, r *frame.Request, a regulation.Actor, w claim.Whole, f site.Form, v *actView) (string, error) {
	in := claim.DraftInput{
		Claim: w.ID, Version: f.Version("version"), Verdict: claim.Verdict(v.Value["verdict"]),
		VI:     claim.Text{Headline: v.Value["headline"], Said: v.Value["said"], Body: v.Value["body"]},
		EN:     claim.Text{Headline: v.Value["headline_en"], Said: v.Value["said_en"], Body: v.Value["body_en"]},
		Change: v.Value["change"], Note: v.Value["note"], NoteEN: v.Value["note_en"], Press: v.On["press"],
	}
	if v.Act == "correct" {
		_, err := d.s.Claims.Correct(r.Context(), a, in)
		return "claim.flash.drafted", err
	}
	_, err := d.s.Claims.Draft(r.Context(), a, in)
	return "claim.flash.drafted", err
}

func runSendUp(d desk, r *frame.Request, a regulation.Actor, w claim.Whole, f site.Form, _ *actView) (string, error) {
	_, err := d.s.Claims.SendUp(r.Context(), a, claim.SendUpInput{Claim: w.ID, Version: f.Version("version")})
	return "claim.flash.sent-up", err
}

func runDecide(d desk, r *frame.Request, a regulation.Actor, w claim.Whole, f site.Form, v *actView) (string, error) {
	if f.Text("do") == "agree" {
		_, err := d.s.Claims.Agree(r.Context(), a, claim.AgreeInput{Claim: w.ID, Version: f.Version("version"), Hold: claim.DefaultHold})
		return "claim.flash.leaving", err
	}
	_, err := d.s.Claims.Disagree(r.Context(), a, claim.DisagreeInput{Claim: w.ID, Version: f.Version("version"), Reason: v.Value["reason"]})
	return "claim.flash.disagreed", err
}

func runRespond(d desk, r *frame.Request, a regulation.Actor, w claim.Whole, _ site.Form, v *actView) (string, error) {
	_, err := d.s.Claims.Respond(r.Context(), a, claim.RespondInput{Claim: w.ID, Text: v.Value["text"], Link: v.Value["link"]})
	return "claim.flash.responded", err
}

func runReason(d desk, r *frame.Request, a regulation.Actor, w claim.Whole, f site.Form, v *actView) (string, error) {
	if v.Act == "reopen" {
		_, err := d.s.Claims.Reopen(r.Context(), a, claim.ReopenInput{Claim: w.ID, Version: f.Version("version"), Reason: v.Value["reason"]})
		return "claim.flash.reopened", err
	}
	_, err := d.s.Claims.Close(r.Context(), a, claim.CloseInput{Claim: w.ID, Version: f.Version("version"), Reason: v.Value["reason"]})
	return "claim.flash.closed", err
}

func (d desk) take(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	c, err := d.s.Claims.Take(r.Context(), a, claim.TakeInput{Claim: r.PathValue("id")})
	if err != nil {
		return err
	}
	return d.s.See(w, r, "/desk/claims/"+c.ID, "claim.flash.taken", "code", c.Code)
}

// undo takes back what a second person has just agreed to.
func (d desk) undo(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	c, err := d.s.Claims.Undo(r.Context(), a, claim.UndoInput{Claim: r.PathValue("id")})
	if err != nil {
		return err
	}
	return d.s.See(w, r, "/desk/claims/"+c.ID, "claim.flash.undone", "code", c.Code)
}

func (d desk) show(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	c, err := d.s.Claims.Show(r.Context(), a, claim.ShowInput{Claim: r.PathValue("id"), Shown: f.Yes("shown")})
	if err != nil {
		return err
	}
	key := "claim.flash.hidden"
	if c.Shown {
		key = "claim.flash.shown"
	}
	return d.s.See(w, r, "/desk/claims/"+c.ID, key, "code", c.Code)
}

// lines parts a field of several addresses, one a line.
func lines(s string) []string { return strings.Fields(s) }
