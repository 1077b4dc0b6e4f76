package releases

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"khue/media"
	"khue/problem"
	"khue/regulation"
	"khue/release"
	"khue/release/prose"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type deskView struct {
	Rel         release.Release
	May         map[release.Verb]bool
	State       string
	Office      string
	Holder      string
	Author      string
	Saved       string
	Submission  *release.Version // what the office sent last
	HTML        templ.Component  // of the working text, where it is not edited
	HTMLEN      templ.Component
	Clock       templ.Component
	Checks      []found
	Versions    []ui.Version
	History     []ui.HistoryItem
	Attachments []media.Attachment
	Files       []ui.Attachment
	Kinds       []ui.Option
	Topics      []ui.Option
	Undo        *undoView
	Faults      []ui.Fault
	Wrong       map[string]string
	Theirs      []ui.Run // what somebody else saved meanwhile against what was sent, after a conflict
	OwnText     bool     // an approver who wrote some of it
	Diff        []ui.Run // of a change against what is out
}

type undoView struct {
	Text    string
	Action  string
	Seconds int
	Until   int64
}

// open gives who looks and the release that the path names.
func (p pages) open(r *frame.Request) (who regulation.Actor, rel release.Release, err error) {
	if who, err = p.s.Desk(r); err == nil {
		rel, err = p.s.Releases.Get(r.Context(), who, r.PathValue("id"))
	}
	return who, rel, err
}

// show is one release: what was sent and what will be said side by side, checks, history, and what may be done now.
func (p pages) show(w http.ResponseWriter, r *frame.Request) error {
	who, rel, err := p.open(r)
	if err != nil {
		return err
	}
	return p.page(w, r, who, rel, http.StatusOK, deskView{})
}

func (p pages) page(w http.ResponseWriter, r *frame.Request, who regulation.Actor, rel release.Release, status int, v deskView) error {
	if err := p.fill(r, who, rel, &v); err != nil {
		return err
	}
	page := p.s.Page(w, r, who, ui.Page{Title: rel.Code, Path: "/desk/releases/" + rel.ID, Menu: "releases"})
	return p.s.Render(w, r, status, releasePage(page, v))
}

// fill reads what the page of a release shows. rel may hold the text of a form that came back.
func (p pages) fill(r *frame.Request, who regulation.Actor, rel release.Release, v *deskView) (err error) {
	ctx, l := r.Context(), r.Lang
	v.Rel, v.State = rel, stateWords(l, rel)
	v.Office, v.Author = p.office(ctx, l, rel.Office), p.s.People.NameOf(ctx, rel.Author, string(l))
	if rel.Holder != "" {
		v.Holder = p.s.People.NameOf(ctx, rel.Holder, string(l))
	}
	v.Saved = l.T("release.saved", "name", p.s.People.NameOf(ctx, rel.SavedBy, string(l)), "at", ui.ShortDateTime(l, rel.SavedAt))
	if v.May, err = p.s.Releases.Verbs(ctx, who, rel); err != nil {
		return err
	}
	if who.Has(regulation.Approver, "") {
		if v.OwnText, err = p.s.Releases.OwnText(ctx, who, rel); err != nil {
			return err
		}
	}
	v.HTML = templ.Raw(prose.HTML(rel.Body))
	if rel.English() {
		v.HTMLEN = templ.Raw(prose.HTML(rel.BodyEN))
	}
	list, err := p.s.Releases.Versions(ctx, rel.ID)
	if err != nil {
		return err
	}
	v.Versions = p.versions(r, rel, list)
	submission := ""
	for i := range list {
		if list[i].Reason == "submitted" || list[i].Reason == "amended" {
			v.Submission = &list[i]
			submission = strings.Join([]string{list[i].Title, list[i].Lede, list[i].Body}, "\n")
			break
		}
	}
	if rel.Change != "" && rel.Public > 0 {
		if i := slices.IndexFunc(list, func(x release.Version) bool { return x.N == rel.Public }); i >= 0 {
			v.Diff = changed(list[i].Text, rel.Text)
		}
	}
	if who.Staff() {
		v.Checks = p.checks(l, rel, submission)
	}
	if v.History, err = p.history(r, rel); err != nil {
		return err
	}
	return p.fillMore(r, rel, v)
}

func (p pages) fillMore(r *frame.Request, rel release.Release, v *deskView) (err error) {
	ctx, l := r.Context(), r.Lang
	if v.Attachments, err = p.s.Releases.Attachments(ctx, rel); err != nil {
		return err
	}
	v.Files = p.attachments(r, v.Attachments)
	if v.Checks != nil {
		for _, a := range v.Attachments {
			if a.Shown && a.File.Picture() && a.Alt == "" {
				v.Checks = append(v.Checks, found{ui.Unknown, l.T("release.check.no-alt", "name", a.Name)})
			}
		}
	}
	duties, err := p.s.Duties.Of(ctx, p.s.DB, rel.Ref())
	if err != nil {
		return err
	}
	if y, ok := site.Soonest(duties); ok {
		v.Clock = ui.Clock(site.Clock(l, y, p.s.Now()))
	}
	for _, k := range release.Kinds {
		v.Kinds = append(v.Kinds, ui.Option{Value: string(k), Label: l.T("release.kind." + string(k))})
	}
	v.Topics = append(v.Topics, ui.Option{Value: "-", Label: l.T("release.none-chosen")})
	for _, t := range release.Topics {
		v.Topics = append(v.Topics, ui.Option{Value: t, Label: l.T("release.topic." + t)})
	}
	if rel.Leaving != "" {
		v.Undo = &undoView{
			Text: l.T("release.leaving."+string(rel.Leaving), "code", rel.Code), Action: r.Href("/desk/releases/" + rel.ID + "/undo"),
			Seconds: left(rel.LeavesAt, p.s.Now()), Until: rel.LeavesAt.UnixMilli(),
		}
	}
	return nil
}

// editInput decodes the editor's form.
func editInput(form site.Form, id string) release.EditInput {
	return release.EditInput{
		Ref: release.Ref{ID: id, Version: form.Version("version")}, Kind: release.Kind(form.Text("kind")), Topic: form.Text("topic"),
		Text: release.Text{
			Title: form.Text("title"), Lede: form.Text("lede"), Body: form.Text("body"),
			TitleEN: form.Text("title_en"), LedeEN: form.Text("lede_en"), BodyEN: form.Text("body_en"),
		},
		Why: form.Text("why"), Note: form.Text("public_note"), NoteEN: form.Text("public_note_en"),
	}
}

// autosave keeps what is being typed. 409 tells the page that somebody else was faster.
func (p pages) autosave(w http.ResponseWriter, r *frame.Request) error {
	who, form, err := p.s.DeskForm(r)
	if err != nil {
		return err
	}
	in := editInput(form, r.PathValue("id"))
	in.Auto = true
	rel, err := p.s.Releases.Edit(r.Context(), who, in)
	if err != nil {
		return err
	}
	w.Header().Set("X-Version", strconv.FormatInt(rel.Version, 10))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// act does what a form asks for: its field "do" names the verb.
func (p pages) act(w http.ResponseWriter, r *frame.Request) error {
	who, form, err := p.s.DeskForm(r)
	if err != nil {
		return err
	}
	id, do := r.PathValue("id"), form.Text("do")
	rel, flash, err := p.do(r, who, form, id, do)
	switch problem.CodeOf(err) {
	case "":
		path := "/desk/releases/" + rel.ID
		if to := form.Text("to"); to == "approvals" {
			path = "/desk/approvals"
		}
		return p.s.See(w, r, path, flash, "code", rel.Code, "at", ui.ShortDateTime(r.Lang, rel.At))
	case problem.Required, problem.Invalid, problem.Past, problem.Date, problem.Conflict, problem.Kind, problem.Unsafe:
		return p.again(w, r, who, form, id, do, err)
	}
	return err
}

// do calls the room. It gives the sentence that is said when it was done.
func (p pages) do(r *frame.Request, who regulation.Actor, form site.Form, id, do string) (rel release.Release, flash string, err error) {
	ctx, room := r.Context(), p.s.Releases
	ref := release.Ref{ID: id, Version: form.Version("version")}
	why := release.Why{Ref: ref, Reason: form.Text("reason")}
	flash = "release.done." + do
	switch release.Verb(do) {
	case release.VerbTake:
		rel, err = room.Take(ctx, who, ref)
	case release.VerbReturn:
		rel, err = room.Return(ctx, who, why)
	case release.VerbDecline:
		rel, err = room.Decline(ctx, who, why)
	case release.VerbAmend:
		rel, err = p.amend(r, who, form, ref)
	case "save", release.VerbEdit:
		flash = "release.done.edit"
		rel, err = room.Edit(ctx, who, editInput(form, id))
	case release.VerbSendUp:
		if form.Text("title") != "" || form.Text("body") != "" { // from the editor: what stands there is sent up
			if rel, err = room.Edit(ctx, who, editInput(form, id)); err != nil {
				return rel, flash, err
			}
			ref.Version = rel.Version
		}
		rel, err = room.SendUp(ctx, who, ref)
	case release.VerbApprove:
		rel, err = room.Approve(ctx, who, ref)
	case release.VerbSendBack:
		rel, err = room.SendBack(ctx, who, why)
	case release.VerbSchedule, release.VerbEmbargo:
		at, e := form.Time("at")
		if e != nil {
			return rel, flash, e
		}
		if release.Verb(do) == release.VerbSchedule {
			rel, err = room.Schedule(ctx, who, release.When{Ref: ref, At: at})
		} else {
			rel, err = room.Embargo(ctx, who, release.When{Ref: ref, At: at})
		}
	case release.VerbUnschedule:
		rel, err = room.Unschedule(ctx, who, ref)
	default:
		return p.doOut(r, who, form, ref, do)
	}
	return rel, flash, err
}

// doOut is do for what is out or goes out. What is held says so on the page itself.
func (p pages) doOut(r *frame.Request, who regulation.Actor, form site.Form, ref release.Ref, do string) (rel release.Release, flash string, err error) {
	ctx, room := r.Context(), p.s.Releases
	flash = "release.done." + do
	switch do {
	case string(release.VerbPublish):
		rel, err = room.Publish(ctx, who, ref)
	case string(release.VerbUpdate):
		rel, err = room.Update(ctx, who, ref)
	case string(release.VerbCorrect):
		rel, err = room.Correct(ctx, who, ref)
	case string(release.VerbWithdraw):
		rel, err = room.Withdraw(ctx, who, release.WithdrawInput{Ref: ref, Reason: form.Text("reason"), ReasonEN: form.Text("reason_en")})
	case "draft-correction":
		rel, err = room.DraftChange(ctx, who, ref, release.Correction)
	case "draft-update":
		rel, err = room.DraftChange(ctx, who, ref, release.Update)
	case string(release.VerbDrop):
		rel, err = room.DropChange(ctx, who, ref)
	default:
		return rel, "", problem.New(problem.NotFound)
	}
	if rel.Leaving != "" {
		flash = ""
	}
	return rel, flash, err
}

// amend takes what an office supplies, with its files.
func (p pages) amend(r *frame.Request, who regulation.Actor, form site.Form, ref release.Ref) (release.Release, error) {
	sent, err := p.upload(r, who, form, "files")
	if err != nil {
		return release.Release{}, err
	}
	in := release.AmendInput{Ref: ref, Files: sent, Text: release.Text{Title: form.Text("title"), Lede: form.Text("lede"), Body: form.Text("body")}}
	return p.s.Releases.Amend(r.Context(), who, in)
}

// again shows the page with what was typed and what is wrong. After a conflict what somebody else saved stands beside it, and the
// form now goes out from that version: saving again is a choice.
func (p pages) again(w http.ResponseWriter, r *frame.Request, who regulation.Actor, form site.Form, id, do string, wrong error) error {
	rel, err := p.s.Releases.Get(r.Context(), who, id)
	if err != nil {
		return err
	}
	var v deskView
	v.Faults, v.Wrong = faults(r.Lang, wrong)
	status := http.StatusUnprocessableEntity
	switch do {
	case "save", "edit", "send-up", "amend":
		typed := editInput(form, id)
		if problem.CodeOf(wrong) == problem.Conflict {
			status = http.StatusConflict
			v.Theirs = changed(rel.Text, typed.Text)
		}
		if typed.Title != "" || typed.Body != "" {
			rel.Text, rel.Note, rel.NoteEN = typed.Text, typed.Note, typed.NoteEN
		}
	case "withdraw", "publish", "correct", "update":
		return p.confirmPage(w, r, who, rel, release.Verb(do), status, v)
	case "approve", "send-back":
		if form.Text("to") == "approvals" {
			if problem.CodeOf(wrong) == problem.Conflict {
				status = http.StatusConflict
			}
			return p.approvalPage(w, r, who, rel, status, v)
		}
	}
	if problem.CodeOf(wrong) == problem.Conflict {
		status = http.StatusConflict
	}
	return p.page(w, r, who, rel, status, v)
}

// undo takes back what is held before it leaves.
func (p pages) undo(w http.ResponseWriter, r *frame.Request) error {
	who, err := p.s.Desk(r)
	if err != nil {
		return err
	}
	rel, err := p.s.Releases.Undo(r.Context(), who, release.Ref{ID: r.PathValue("id")})
	if problem.CodeOf(err) == problem.State { // too late: the page tells what has gone out
		return p.s.See(w, r, "/desk/releases/"+r.PathValue("id"), "release.too-late")
	}
	if err != nil {
		return err
	}
	return p.s.See(w, r, "/desk/releases/"+rel.ID, "release.done.undo", "code", rel.Code)
}

// files takes more files, and the words beside those that are there.
func (p pages) files(w http.ResponseWriter, r *frame.Request) error {
	who, form, err := p.s.DeskForm(r)
	if err != nil {
		return err
	}
	ctx, ref := r.Context(), release.Ref{ID: r.PathValue("id")}
	rel, err := p.s.Releases.Get(ctx, who, ref.ID)
	if err != nil {
		return err
	}
	if err := p.s.Releases.Attach(ctx, who, ref, nil); err != nil { // who may not gets nothing kept
		return err
	}
	sent, wrong := p.upload(r, who, form, "files")
	if wrong != nil && problem.CodeOf(wrong) == problem.Internal {
		return wrong
	}
	if err := p.s.Releases.Attach(ctx, who, ref, sent); err != nil {
		return err
	}
	var list []release.Words
	for _, id := range form.List("file") {
		list = append(list, release.Words{File: id, Caption: form.Text("caption-" + id), Alt: form.Text("alt-" + id), Shown: form.Yes("shown-" + id)})
	}
	if err := p.s.Releases.Describe(ctx, who, ref, list); err != nil {
		return err
	}
	if wrong != nil {
		var v deskView
		v.Faults, v.Wrong = faults(r.Lang, wrong)
		return p.page(w, r, who, rel, http.StatusUnprocessableEntity, v)
	}
	return p.s.See(w, r, "/desk/releases/"+rel.ID, "release.done.files", "code", rel.Code)
}

// reach counts in words whom an act reaches.
func (p pages) reach(r *frame.Request, rel release.Release, verb release.Verb) string {
	return r.Lang.T("release.reach."+string(verb), "code", rel.Code, "n", ui.Number(r.Lang, int64(p.s.Hub.Subscribers())))
}

type confirmView struct {
	deskView
	Verb    release.Verb
	Reach   string
	Seconds int
}

// confirm asks once more before something reaches the public, and says whom it reaches.
func (p pages) confirm(w http.ResponseWriter, r *frame.Request) error {
	who, rel, err := p.open(r)
	if err != nil {
		return err
	}
	return p.confirmPage(w, r, who, rel, release.Verb(r.PathValue("verb")), http.StatusOK, deskView{})
}

func (p pages) confirmPage(w http.ResponseWriter, r *frame.Request, who regulation.Actor, rel release.Release, verb release.Verb, status int, v deskView) error {
	if !slices.Contains([]release.Verb{release.VerbPublish, release.VerbUpdate, release.VerbCorrect, release.VerbWithdraw}, verb) {
		return problem.New(problem.NotFound)
	}
	if err := p.fill(r, who, rel, &v); err != nil {
		return err
	}
	if !v.May[verb] && status == http.StatusOK {
		return p.s.See(w, r, "/desk/releases/"+rel.ID, "")
	}
	c := confirmView{deskView: v, Verb: verb, Reach: p.reach(r, rel, verb), Seconds: int(p.s.Releases.Hold().Seconds())}
	page := p.s.Page(w, r, who, ui.Page{Title: r.Lang.T("release.verb." + string(verb)), Path: "/desk/releases/" + rel.ID + "/go/" + string(verb), Menu: "releases"})
	return p.s.Render(w, r, status, confirmPageView(page, c))
}

// approval is the page on which somebody approves or sends back, made for a telephone.
func (p pages) approval(w http.ResponseWriter, r *frame.Request) error {
	who, rel, err := p.open(r)
	if err != nil {
		return err
	}
	return p.approvalPage(w, r, who, rel, http.StatusOK, deskView{})
}

func (p pages) approvalPage(w http.ResponseWriter, r *frame.Request, who regulation.Actor, rel release.Release, status int, v deskView) error {
	if err := p.fill(r, who, rel, &v); err != nil {
		return err
	}
	page := p.s.Page(w, r, who, ui.Page{Title: rel.Code, Path: "/desk/approvals/" + rel.ID, Menu: "approvals"})
	return p.s.Render(w, r, status, approvalPage(page, v))
}

// preview shows the working text as its page will be, to those who may see it only.
func (p pages) preview(w http.ResponseWriter, r *frame.Request) error {
	who, rel, err := p.open(r)
	if err != nil {
		return err
	}
	var v deskView
	if err := p.fill(r, who, rel, &v); err != nil {
		return err
	}
	page := p.s.Page(w, r, who, ui.Page{Title: rel.Title, Path: "/desk/releases/" + rel.ID + "/preview", NoIndex: true})
	if r.URL.Query().Get("as") == "sheet" {
		return p.s.Render(w, r, http.StatusOK, previewSheet(page, v, p.s.Origin+"/v/"+url.PathEscape(rel.Code)))
	}
	return p.s.Render(w, r, http.StatusOK, previewPage(page, v))
}

type versionView struct {
	Rel    release.Release
	V      release.Version
	Who    string
	HTML   templ.Component
	HTMLEN templ.Component
	Diff   []ui.Run
	Before int
}

// version shows a version as it stood, and what it changed.
func (p pages) version(w http.ResponseWriter, r *frame.Request) error {
	who, rel, err := p.open(r)
	if err != nil {
		return err
	}
	list, err := p.s.Releases.Versions(r.Context(), rel.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(v release.Version) bool { return strconv.Itoa(v.N) == r.PathValue("n") })
	if i < 0 {
		return problem.New(problem.NotFound)
	}
	v := versionView{Rel: rel, V: list[i], Who: p.s.People.NameOf(r.Context(), list[i].Author, string(r.Lang)), HTML: templ.Raw(prose.HTML(list[i].Body))}
	if list[i].English() {
		v.HTMLEN = templ.Raw(prose.HTML(list[i].BodyEN))
	}
	if i+1 < len(list) {
		v.Before, v.Diff = list[i+1].N, changed(list[i+1].Text, list[i].Text)
	}
	page := p.s.Page(w, r, who, ui.Page{Title: rel.Code, Path: r.Path, Menu: "releases"})
	return p.s.Render(w, r, http.StatusOK, versionPage(page, v))
}
