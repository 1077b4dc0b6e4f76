package inquiries

import (
	"net/http"
	"slices"

	"khue/inquiry"
	"khue/problem"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/ui"
)

type noteView struct {
	Text   string
	Secret string
	Faults []ui.Fault
	Wrong  map[string]string
}

// noteForm is the one field as a page, for browsers without script.
func (d desk) noteForm(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	return d.showNote(w, r, a, http.StatusOK, noteView{Text: r.URL.Query().Get("text"), Secret: inquiry.NewToken()})
}

func (d desk) showNote(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, v noteView) error {
	page := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("inquiry.note"), Path: "/desk/note", Menu: "inquiries", NoIndex: true})
	return d.s.Render(w, r, status, notePage(page, v))
}

// note keeps what was typed at once and leads to the chips that were guessed.
func (d desk) note(w http.ResponseWriter, r *frame.Request) error {
	a, form, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	v := noteView{Text: form.Text("note-text"), Secret: form.Text("secret")}
	n, err := d.s.Inquiries.NoteCall(r.Context(), a, inquiry.NoteInput{Text: v.Text, Secret: v.Secret, Lang: "vi"})
	switch code := problem.CodeOf(err); {
	case code == "" && n.Kind == inquiry.Complaint:
		return d.s.See(w, r, "/desk/inquiries/"+n.ID, "inquiry.done.note-complaint", "code", n.Code)
	case code == "":
		return d.s.See(w, r, "/desk/inquiries/"+n.ID+"/correct?noted=1", "inquiry.done.note", "code", n.Code)
	case code == problem.Twice:
		f, e := d.s.Inquiries.ByCode(r.Context(), a, problem.All(err)[0].Args["code"])
		if e != nil {
			return err
		}
		return d.s.See(w, r, "/desk/inquiries/"+f.ID, "inquiry.done.note-again", "code", f.Code)
	case code == problem.Internal || code == problem.Full || code == problem.Session:
		return err
	default:
		if slices.ContainsFunc(problem.All(err), func(e *problem.Error) bool { return e.Field == "secret" }) {
			v.Secret = inquiry.NewToken()
		}
		v.Faults, v.Wrong = ui.Faults(r.Lang, err)
		return d.showNote(w, r, a, frame.Status(code), v)
	}
}

type matterView struct {
	Kind   string
	Story  string
	Value  map[string]string
	Urgent bool
	All    []ui.Option
	Pick   []ui.Option
	Kinds  []ui.Option
	Secret string
	Faults []ui.Fault
	Wrong  map[string]string
}

// matterForm opens a matter raised in the press from a story, or a leader's task.
func (d desk) matterForm(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	v := matterView{
		Kind: q.Get("kind"), Story: q.Get("story"), Secret: inquiry.NewToken(),
		Value: map[string]string{"subject": q.Get("subject"), "body": q.Get("body"), "office-find": q.Get("office")},
	}
	return d.showMatter(w, r, a, http.StatusOK, v)
}

func (d desk) showMatter(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, v matterView) error {
	var err error
	if v.All, err = d.s.OfficeOptions(r); err != nil {
		return err
	}
	if v.Kind != string(inquiry.Instruction) {
		v.Kind = string(inquiry.Matter)
	}
	v.Kinds = d.options(r, "inquiry.kind.", string(inquiry.Matter))
	if d.s.Inquiries.MayFor(a, "inquiry.instruct", inquiry.Inquiry{}, d.s.Inquiries.Centre(), "") {
		v.Kinds = d.options(r, "inquiry.kind.", string(inquiry.Matter), string(inquiry.Instruction))
	}
	page := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("inquiry.matter.open"), Path: "/desk/inquiries/matter", Menu: "inquiries", NoIndex: true})
	return d.s.Render(w, r, status, matterPage(page, v))
}

func (d desk) openMatter(w http.ResponseWriter, r *frame.Request) error {
	a, form, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	v := matterView{Kind: form.Text("kind"), Story: form.Text("story"), Urgent: form.Yes("urgent"), Secret: form.Text("secret"), Value: map[string]string{}}
	for _, name := range []string{"subject", "body", "office-find"} {
		v.Value[name] = form.Text(name)
	}
	av := actView{Value: v.Value}
	err = d.findOffices(r, form, &av)
	v.Pick = av.Pick
	var rec inquiry.Receipt
	if err == nil {
		rec, err = d.s.Inquiries.OpenMatter(r.Context(), a, inquiry.OpenMatterInput{
			Kind: inquiry.Kind(v.Kind), Story: v.Story, Subject: v.Value["subject"], Body: v.Value["body"], Offices: av.Codes, Urgent: v.Urgent, Lang: "vi", Key: v.Secret,
		})
	}
	switch code := problem.CodeOf(err); code {
	case "":
		return d.s.See(w, r, "/desk/inquiries/"+rec.ID, "inquiry.done.matter", "code", rec.Code)
	case problem.Twice:
		f, e := d.s.Inquiries.ByCode(r.Context(), a, problem.All(err)[0].Args["code"])
		if e != nil {
			return err
		}
		return d.s.See(w, r, "/desk/inquiries/"+f.ID, "inquiry.done.note-again", "code", f.Code)
	case problem.Internal, problem.Full, problem.Session:
		return err
	default:
		v.Faults, v.Wrong = ui.Faults(r.Lang, err)
		return d.showMatter(w, r, a, frame.Status(code), v)
	}
}
