package inquiries

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"khue/catalogue"
	"khue/inquiry"
	"khue/problem"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

// act is one thing that can be done with an inquiry; form says that it has a page of its own.
type act struct {
	name string
	form bool
	do   func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, v *actView) error
}

// acts is every act of the desk.
var acts = []act{
	{"accept", false, func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, _ *actView) error {
		return only(d.s.Inquiries.Accept(ctx, a, inquiry.AcceptInput{Ref: ref}))
	}},
	{"take", false, func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, _ *actView) error {
		return only(d.s.Inquiries.Take(ctx, a, inquiry.TakeInput{Ref: ref}))
	}},
	{"close", false, func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, v *actView) error {
		return only(d.s.Inquiries.Close(ctx, a, inquiry.CloseInput{Ref: ref, Note: v.Value["note"]}))
	}},
	{"approve", true, func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, _ *actView) error {
		return only(d.s.Inquiries.Approve(ctx, a, inquiry.ApproveInput{Ref: ref}))
	}},
	{"send-back", true, func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, v *actView) error {
		return only(d.s.Inquiries.SendBack(ctx, a, inquiry.SendBackInput{Ref: ref, Reason: v.Value["reason"]}))
	}},
	{"refuse", true, func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, v *actView) error {
		return only(d.s.Inquiries.Refuse(ctx, a, inquiry.RefuseInput{Ref: ref, Ground: v.Value["ground"], Reason: v.Value["reason"]}))
	}},
	{"guide", true, func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, v *actView) error {
		return only(d.s.Inquiries.Guide(ctx, a, inquiry.GuideInput{Ref: ref, Note: v.Value["note"]}))
	}},
	{"clarify", true, func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, v *actView) error {
		return only(d.s.Inquiries.Clarify(ctx, a, inquiry.ClarifyInput{Ref: ref, Question: v.Value["question"]}))
	}},
	{"assign", true, func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, v *actView) error {
		return only(d.s.Inquiries.Assign(ctx, a, inquiry.AssignInput{Ref: ref, Offices: v.Codes, Request: v.Value["request"]}))
	}},
	{"reassign", true, func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, v *actView) error {
		if v.Value["instead"] == "" {
			return problem.Of("instead", problem.Required)
		}
		return only(d.s.Inquiries.Assign(ctx, a, inquiry.AssignInput{Ref: ref, Offices: v.Codes, Instead: v.Value["instead"], Reason: v.Value["reason"]}))
	}},
	{"draft", true, func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, v *actView) error {
		return only(d.s.Inquiries.Draft(ctx, a, inquiry.DraftInput{Ref: ref, Text: v.Value["text"]}))
	}},
	{"part", true, func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, v *actView) error {
		if v.File.Kind.Reported() {
			return only(d.s.Inquiries.Report(ctx, a, inquiry.ReportInput{Ref: ref, Office: v.Office, Text: v.Value["text"]}))
		}
		return only(d.s.Inquiries.Draft(ctx, a, inquiry.DraftInput{Ref: ref, Office: v.Office, Text: v.Value["text"]}))
	}},
	{"approve-office", true, func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, v *actView) error {
		return only(d.s.Inquiries.ApproveOffice(ctx, a, inquiry.ApproveOfficeInput{Ref: ref, Office: v.Office}))
	}},
	{"return-part", true, func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, v *actView) error {
		return only(d.s.Inquiries.ReturnPart(ctx, a, inquiry.ReturnPartInput{Ref: ref, Office: v.Office, Reason: v.Value["reason"]}))
	}},
	{"answer", true, func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, v *actView) error {
		switch v.Value["how"] {
		case "private", "public":
		default:
			return problem.Of("how", problem.Required)
		}
		return only(d.s.Inquiries.Answer(ctx, a, inquiry.AnswerInput{Ref: ref, Public: v.Value["how"] == "public", Title: v.Value["title"], Question: v.Value["question"]}))
	}},
	{"withdraw-answer", true, func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, v *actView) error {
		return only(d.s.Inquiries.WithdrawAnswer(ctx, a, inquiry.WithdrawAnswerInput{Ref: ref, Round: v.Round, Reason: v.Value["reason"]}))
	}},
	{"verify", true, func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, v *actView) error {
		switch v.Value["journalist"] {
		case "yes", "no":
		default:
			return problem.Of("journalist", problem.Required)
		}
		return only(d.s.Inquiries.VerifyAsker(ctx, a, inquiry.VerifyInput{Ref: ref, Journalist: v.Value["journalist"] == "yes"}))
	}},
	{"correct", true, correct},
	{"erase", true, func(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, _ *actView) error {
		return only(d.s.Inquiries.EraseAsker(ctx, a, ref))
	}},
}

func only(_ inquiry.Inquiry, err error) error { return err }

// correct puts right what a note guessed, or what an asker ticked.
func correct(d desk, ctx context.Context, a regulation.Actor, ref inquiry.Ref, v *actView) error {
	urgent, complex := v.On["urgent"], v.On["complex"]
	in := inquiry.ReclassifyInput{
		Ref: ref, Kind: inquiry.Kind(v.Value["kind"]), Asker: inquiry.AskerKind(v.Value["asker"]), Urgent: &urgent, Complex: &complex, Subject: v.Value["subject"],
	}
	if v.File.Account == "" {
		in.Contact = &inquiry.Contact{Name: v.Value["name"], Email: v.Value["email"], Phone: v.Value["phone"], Outlet: v.Value["outlet"]}
	}
	q, err := d.s.Inquiries.Reclassify(ctx, a, in)
	if err != nil || v.Value["do"] != "accept" || q.State != inquiry.Received {
		return err
	}
	v.Next = "assign"
	return only(d.s.Inquiries.Accept(ctx, a, inquiry.AcceptInput{Ref: inquiry.Ref{ID: q.ID, Version: q.Version}}))
}

// actView is the page of one act.
type actView struct {
	Act     string
	Title   string
	Action  string
	Back    string
	File    inquiry.File
	Office  string // whose part
	Round   int64  // which answer
	Name    string // the office's name
	Part    inquiry.Part
	Value   map[string]string
	On      map[string]bool
	Codes   []string // offices chosen
	Pick    []ui.Option
	Options map[string][]ui.Option
	All     []ui.Option // every office, for the field's list
	Offices []ui.Option // those that the page names
	Next    string      // act to go to afterwards
	Noted   bool        // a note was just written down
	Guess   inquiry.Guess
	Asker   []ui.Pair
	Clocks  []clockView
	Similar []inquiry.PublicAnswer // offered to whoever drafts, never sent by itself
	Reach   string                 // who is told by an answer, in words
	Faults  []ui.Fault
	Wrong   map[string]string
}

// fields are what the forms of acts send.
var fields = []string{
	"ground", "reason", "note", "question", "office-find", "request", "instead", "text", "how", "title", "journalist", "kind", "asker", "subject", "name",
	"email", "phone", "outlet", "do",
}

// form shows an act's page.
func (d desk) form(x act) frame.Handler {
	return func(w http.ResponseWriter, r *frame.Request) error {
		a, err := d.s.Desk(r)
		if err != nil {
			return err
		}
		v := actView{Act: x.name, Office: r.URL.Query().Get("office"), Noted: r.URL.Query().Has("noted"), Round: number(r.URL.Query().Get("round")), Value: map[string]string{}, On: map[string]bool{}}
		if v.File, err = d.s.Inquiries.Get(r.Context(), a, r.PathValue("id")); err != nil {
			return err
		}
		if v.Office == "" {
			v.Office = ownPart(a, v.File, x.name)
		}
		d.preset(r, &v)
		return d.showAct(w, r, a, http.StatusOK, &v)
	}
}

// ownPart gives whose part an act is about where the address does not say: that of an office of the person's, else the first.
func ownPart(a regulation.Actor, f inquiry.File, act string) string {
	if (act != "part" && act != "approve-office" && act != "return-part") || len(f.Parts) == 0 {
		return ""
	}
	for _, p := range f.Parts {
		if slices.ContainsFunc(a.Posts, func(x regulation.Post) bool { return x.Office == p.Office }) {
			return p.Office
		}
	}
	return f.Parts[0].Office
}

// preset fills a form with what is known.
func (d desk) preset(r *frame.Request, v *actView) {
	f := v.File
	switch v.Act {
	case "draft":
		v.Value["text"] = f.Draft
		if v.Value["text"] == "" {
			v.Value["text"] = f.Compose()
		}
	case "part":
		v.Value["text"] = partOf(f, v.Office).Text
	case "answer":
		v.Value["title"], v.Value["question"] = f.Subject, f.Body
	case "assign", "reassign":
		if g, err := d.s.Inquiries.Guess(r.Context(), f.Body); err == nil && v.Act == "assign" {
			var names []string
			for _, o := range g.Offices {
				names = append(names, d.s.OfficeName(r, o))
			}
			v.Value["office-find"] = strings.Join(names, ", ")
		}
		v.Value["instead"] = f.Office
	case "correct":
		v.Value = map[string]string{
			"kind": string(f.Kind), "asker": string(f.Asker), "subject": f.Subject, "name": f.Contact.Name, "email": f.Contact.Email,
			"phone": f.Contact.Phone, "outlet": f.Contact.Outlet,
		}
		if o := d.s.OutletName(r, f.Outlet); o != "" && f.Contact.Outlet == "" {
			v.Value["outlet"] = o
		}
		v.On = map[string]bool{"urgent": f.Urgent, "complex": f.Complex}
	}
}

// number reads a whole number, 0 for what is none.
func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func partOf(f inquiry.File, office string) inquiry.Part {
	for _, p := range f.Parts {
		if p.Office == office {
			return p
		}
	}
	return inquiry.Part{}
}

func (d desk) showAct(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, v *actView) error {
	f := v.File
	v.Title = r.Lang.T("inquiry.do." + v.Act)
	if v.Act == "part" && f.Kind.Reported() {
		v.Title = r.Lang.T("inquiry.do.report")
	}
	v.Action, v.Back = r.Href("/desk/inquiries/"+f.ID+"/"+v.Act), r.Href("/desk/inquiries/"+f.ID)
	v.Part, v.Name = partOf(f, v.Office), d.s.OfficeName(r, v.Office)
	v.Asker, v.Clocks = d.asker(r, f), d.clocks(r, f)
	v.Options = map[string][]ui.Option{}
	switch v.Act {
	case "refuse":
		v.Options["ground"] = []ui.Option{{Label: r.Lang.T("inquiry.choose")}}
		for _, g := range d.s.Inquiries.Grounds(f.Kind) {
			v.Options["ground"] = append(v.Options["ground"], ui.Option{Value: g.Code, Label: g.In(string(r.Lang)) + " (" + g.Source + ")"})
		}
	case "correct":
		for _, k := range append(append([]inquiry.Kind{}, inquiry.PressKinds...), inquiry.Access, inquiry.Feedback, inquiry.Complaint) {
			v.Options["kind"] = append(v.Options["kind"], ui.Option{Value: string(k), Label: catalogue.Capital(r.Lang.T("inquiry.kind." + string(k)))})
		}
		v.Options["asker"] = d.options(r, "inquiry.asker.", "press", "citizen")
		if v.Noted {
			g, err := d.s.Inquiries.Guess(r.Context(), f.Body)
			if err != nil {
				return err
			}
			v.Guess = g
		}
	case "answer":
		v.Options["how"] = d.options(r, "inquiry.form.", "private", "public")
		v.Reach = d.reach(r, f)
	case "draft", "part":
		var err error
		if v.Similar, err = d.s.Inquiries.Similar(r.Context(), f.Subject+" "+f.Body, 3); err != nil {
			return err
		}
	case "verify":
		v.Options["journalist"] = d.options(r, "inquiry.journalist.", "yes", "no")
	case "assign", "reassign":
		var err error
		if v.All, err = d.s.OfficeOptions(r); err != nil {
			return err
		}
		for _, p := range f.Parts {
			if p.State != inquiry.PartDropped {
				v.Options["instead"] = append(v.Options["instead"], ui.Option{Value: p.Office, Label: d.s.OfficeName(r, p.Office)})
			}
		}
	}
	codes := v.Guess.Offices
	for _, p := range f.Parts {
		codes = append(codes, p.Office)
	}
	for _, c := range codes {
		v.Offices = append(v.Offices, ui.Option{Value: c, Label: d.s.OfficeName(r, c)})
	}
	path := r.Path
	if v.Office != "" { // the other language is about the same part
		path += "?office=" + url.QueryEscape(v.Office)
	}
	page := d.s.Page(w, r, a, ui.Page{Title: v.Title + " · " + f.Code, Path: path, Menu: "inquiries", NoIndex: true})
	return d.s.Render(w, r, status, actPage(page, *v))
}

// reach says who is told by an answer.
func (d desk) reach(r *frame.Request, f inquiry.File) string {
	switch {
	case f.Account != "" || f.Contact.Email != "":
		return r.Lang.T("inquiry.reach.mail")
	case f.Contact.Phone != "":
		return r.Lang.T("inquiry.reach.phone", "phone", f.Contact.Phone)
	}
	return r.Lang.T("inquiry.reach.link")
}

func (d desk) options(r *frame.Request, prefix string, values ...string) []ui.Option {
	list := make([]ui.Option, len(values))
	for i, x := range values {
		list[i] = ui.Option{Value: x, Label: catalogue.Capital(r.Lang.T(prefix + x))}
	}
	return list
}

// do does an act; what is not right comes back with what was typed.
func (d desk) do(x act) frame.Handler {
	return func(w http.ResponseWriter, r *frame.Request) error {
		a, err := d.s.Desk(r)
		if err != nil {
			return err
		}
		form, err := d.s.Form(r)
		if err != nil {
			return err
		}
		id := r.PathValue("id")
		v := read(form, x)
		if v.File, err = d.s.Inquiries.Get(r.Context(), a, id); err != nil {
			return err
		}
		v.Round = form.Version("round")
		if x.name == "assign" || x.name == "reassign" {
			err = d.findOffices(r, form, &v)
		}
		if err == nil {
			err = x.do(d, r.Context(), a, inquiry.Ref{ID: id, Version: form.Version("version")}, &v)
		}
		switch code := problem.CodeOf(err); {
		case code == "":
			to := "/desk/inquiries/" + id
			if v.Next != "" {
				to += "/" + v.Next
			}
			return d.s.See(w, r, to, "inquiry.done."+x.name, "code", v.File.Code)
		case code == problem.Internal || code == problem.Full || code == problem.Session:
			return err
		case !x.form:
			return d.page(w, r, a, id, err)
		default:
			if f, e := d.s.Inquiries.Get(r.Context(), a, id); e == nil { // the form comes back on the newest version
				v.File = f
			}
			v.Faults, v.Wrong = ui.Faults(r.Lang, err)
			return d.showAct(w, r, a, frame.Status(code), &v)
		}
	}
}

func read(form site.Form, x act) actView {
	v := actView{Act: x.name, Office: form.Text("office"), Value: map[string]string{}, On: map[string]bool{"urgent": form.Yes("urgent"), "complex": form.Yes("complex")}}
	for _, name := range fields {
		v.Value[name] = form.Text(name)
	}
	return v
}

// findOffices makes codes of what was typed: names by commas, with or without marks, or codes. What could be several offices
// comes back as a choice.
func (d desk) findOffices(r *frame.Request, form site.Form, v *actView) error {
	v.Codes = form.List("pick")
	var unknown []string
	for _, name := range strings.FieldsFunc(v.Value["office-find"], func(c rune) bool { return c == ',' || c == ';' || c == '\n' }) {
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		if o, err := d.s.People.Office(r.Context(), name); err == nil {
			v.Codes = append(v.Codes, o.Code)
			continue
		}
		found, err := d.s.People.FindOffice(r.Context(), name)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			unknown = append(unknown, name)
			continue
		}
		lang := string(r.Lang)
		if len(found) == 1 || strings.EqualFold(found[0].NameIn(lang), name) || strings.EqualFold(found[0].Name, name) {
			v.Codes = append(v.Codes, found[0].Code)
			continue
		}
		for _, o := range found[:min(len(found), 6)] {
			v.Pick = append(v.Pick, ui.Option{Value: o.Code, Label: o.NameIn(lang)})
		}
	}
	switch {
	case len(unknown) > 0:
		return problem.Of("office-find", problem.Invalid, "why", r.Lang.T("inquiry.office.unknown", "name", strings.Join(unknown, ", ")))
	case len(v.Pick) > 0 && len(form.List("pick")) == 0:
		return problem.Of("office-find", problem.Invalid, "why", r.Lang.T("inquiry.office.several"))
	case len(v.Codes) == 0:
		return problem.Of("office-find", problem.Required)
	}
	return nil
}
