package releases

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"khue/problem"
	"khue/regulation"
	"khue/release"
	"khue/web/frame"
	"khue/web/ui"

	"github.com/google/uuid"
)

func pathOf(name string) string { return url.PathEscape(name) }

type intakeView struct {
	Staff   bool
	Waiting []ui.Row // to be taken, or for an office: sent back for more
	Asked   []ui.Row // the centre waits for an office
	Sent    []ui.Row // everything else of an office
	Drafts  []ui.Row
}

// intake lists what came in, for the centre; for an office's people what they sent and where it stands.
func (p pages) intake(w http.ResponseWriter, r *frame.Request) error {
	who, err := p.s.Desk(r)
	if err != nil {
		return err
	}
	v := intakeView{Staff: who.Staff()}
	lists := []struct {
		into   *[]ui.Row
		states []release.State
		next   string
	}{
		{&v.Waiting, []release.State{release.Submitted}, "release.next.take"},
		{&v.Asked, []release.State{release.Returned}, ""},
		{&v.Drafts, []release.State{release.Draft}, "release.next.draft"},
	}
	if !v.Staff {
		lists[0].states, lists[0].next = []release.State{release.Returned}, "release.next.amend"
		lists[1].into, lists[1].states = &v.Sent, slices.DeleteFunc(slices.Clone(release.States), func(s release.State) bool { return s == release.Draft || s == release.Returned })
	}
	for _, l := range lists {
		list, _, err := p.s.Releases.List(r.Context(), who, release.Filter{States: l.states, Limit: 100})
		if err != nil {
			return err
		}
		next := func(rel release.Release) (string, string) {
			if l.next == "" {
				return "", ""
			}
			if rel.State == release.Draft {
				return r.Lang.T(l.next), r.Href("/desk/intake/new?draft=" + rel.ID)
			}
			return r.Lang.T(l.next), r.Href("/desk/releases/" + rel.ID)
		}
		if *l.into, err = p.rows(r, list, next); err != nil {
			return err
		}
	}
	page := p.s.Page(w, r, who, ui.Page{Title: r.Lang.T("ui.menu.intake"), Path: "/desk/intake", Menu: "intake"})
	return p.s.Render(w, r, http.StatusOK, intakePage(page, v))
}

type formView struct {
	ID, Key                      string
	Kind, Office, Topic, Contact string
	Title, Lede, Body            string
	Kinds, Topics, Offices       []ui.Option
	Kept                         []keptFile
	Files                        []ui.Attachment
	Faults                       []ui.Fault
	Wrong                        map[string]string
	OneOffice                    string // its name, when the person speaks for one only
}

// newForm is the form by which an office sends information; it goes on with a draft when one is named.
func (p pages) newForm(w http.ResponseWriter, r *frame.Request) error {
	who, err := p.s.Desk(r)
	if err != nil {
		return err
	}
	v := formView{Key: uuid.NewString(), Kind: string(release.PressInformation), Contact: who.Name}
	if id := r.URL.Query().Get("draft"); id != "" {
		rel, err := p.s.Releases.Get(r.Context(), who, id)
		if err != nil {
			return err
		}
		if rel.State != release.Draft {
			return p.s.See(w, r, "/desk/releases/"+rel.ID, "")
		}
		v.ID, v.Kind, v.Office, v.Topic, v.Contact, v.Title, v.Lede, v.Body = rel.ID, string(rel.Kind), rel.Office, rel.Topic, rel.Contact, rel.Title, rel.Lede, rel.Body
		list, err := p.s.Releases.Attachments(r.Context(), rel)
		if err != nil {
			return err
		}
		v.Files = p.attachments(r, list)
	}
	return p.form(w, r, who, http.StatusOK, v)
}

func (p pages) form(w http.ResponseWriter, r *frame.Request, who regulation.Actor, status int, v formView) error {
	for _, k := range release.Kinds {
		v.Kinds = append(v.Kinds, ui.Option{Value: string(k), Label: r.Lang.T("release.kind." + string(k))})
	}
	v.Topics = append(v.Topics, ui.Option{Label: r.Lang.T("release.none-chosen")})
	for _, t := range release.Topics {
		v.Topics = append(v.Topics, ui.Option{Value: t, Label: r.Lang.T("release.topic." + t)})
	}
	if err := p.senderOffices(r, who, &v); err != nil {
		return err
	}
	page := p.s.Page(w, r, who, ui.Page{Title: r.Lang.T("release.submit"), Path: "/desk/intake/new", Menu: "intake"})
	return p.s.Render(w, r, status, newPage(page, v))
}

// senderOffices offers the offices for which the person may send: their own, or every one for the centre's staff.
func (p pages) senderOffices(r *frame.Request, who regulation.Actor, v *formView) error {
	all, err := p.s.People.Offices(r.Context())
	if err != nil {
		return err
	}
	for _, o := range all {
		own := slices.ContainsFunc(who.Posts, func(q regulation.Post) bool { return q.Office == o.Code })
		if own && v.Office == "" {
			v.Office = o.Code
		}
		if own || who.Staff() {
			v.Offices = append(v.Offices, ui.Option{Value: o.Code, Label: o.NameIn(string(r.Lang))})
		}
	}
	if len(v.Offices) == 1 {
		v.OneOffice = v.Offices[0].Label
	}
	return nil
}

// send takes the form: sent, or kept as a draft.
func (p pages) send(w http.ResponseWriter, r *frame.Request) error {
	who, form, err := p.s.DeskForm(r)
	if err != nil {
		return err
	}
	v := formView{
		ID: form.Text("id"), Key: form.Text("key"), Kind: form.Text("kind"), Office: form.Text("office"), Topic: form.Text("topic"), Contact: form.Text("contact"),
		Title: form.Text("title"), Lede: form.Text("lede"), Body: form.Text("body"),
	}
	sent, wrongFiles := p.upload(r, who, form, "files")
	if wrongFiles != nil && problem.CodeOf(wrongFiles) == problem.Internal {
		return wrongFiles
	}
	in := release.SubmitInput{
		ID: v.ID, Key: v.Key, Kind: release.Kind(v.Kind), Office: v.Office, Topic: v.Topic, Contact: v.Contact, Files: sent,
		Text: release.Text{Title: v.Title, Lede: v.Lede, Body: v.Body},
	}
	var rel release.Release
	if err = wrongFiles; err == nil {
		if form.Text("do") == "keep" {
			in.Key = ""
			rel, err = p.s.Releases.Draft(r.Context(), who, in)
		} else {
			rel, err = p.s.Releases.Submit(r.Context(), who, in)
		}
	}
	var list problem.List
	var one *problem.Error
	switch {
	case err == nil && rel.State == release.Draft:
		return p.s.See(w, r, "/desk/intake", "release.kept")
	case err == nil:
		return p.s.See(w, r, "/desk/releases/"+rel.ID, "release.received", "code", rel.Code)
	case problem.CodeOf(err) == problem.Twice && errors.As(err, &one): // the same form sent twice: show what was sent
		first, e := p.s.Releases.ByCode(r.Context(), who, one.Args["code"])
		if e != nil {
			return err
		}
		return p.s.See(w, r, "/desk/releases/"+first.ID, "problem.twice", "code", first.Code)
	case errors.As(err, &list) || (errors.As(err, &one) && one.Field != ""):
		v.Faults, v.Wrong = faults(r.Lang, err)
		for _, s := range sent {
			v.Kept = append(v.Kept, keptFile{s.File, s.Name})
		}
		return p.form(w, r, who, http.StatusUnprocessableEntity, v)
	}
	return err
}
