// Package office is the desk's face of the room people: accounts and invitations, offices with their people and spokespersons,
// stand-ins, and each person's own page (password, sessions, language).
//
// Every page asks the rulebook what the reader may do and shows no button that would be refused; the room refuses all the same.
// A link for a password is shown once, in the answer of the form that made it.
//
// Imports people, regulation, web/site, web/ui and web/frame. Read office.go, then people.go.
package office

import (
	"net/http"
	"slices"
	"strings"

	"khue/people"
	"khue/problem"
	"khue/profile"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type desk struct{ s *site.Site }

// Register puts the pages on a frame.
func Register(f *frame.Frame, s *site.Site) {
	d := desk{s}
	f.Handle("GET /desk/people", d.people)
	f.Handle("GET /desk/people/new", d.invite)
	f.Handle("POST /desk/people/new", d.sendInvite)
	f.Handle("GET /desk/people/{id}", d.person)
	f.Handle("POST /desk/people/{id}/posts", d.setPosts)
	f.Handle("POST /desk/people/{id}/profile", d.setProfile)
	f.Handle("POST /desk/people/{id}/link", d.sendLink)
	f.Handle("POST /desk/people/{id}/verify", d.verify)
	f.Handle("POST /desk/people/{id}/sessions", d.endSessions)
	f.Handle("GET /desk/people/{id}/close", d.askClose)
	f.Handle("POST /desk/people/{id}/close", d.close)
	f.Handle("GET /desk/offices", d.offices)
	f.Handle("GET /desk/offices/new", d.newOffice)
	f.Handle("POST /desk/offices/new", d.addOffice)
	f.Handle("GET /desk/offices/{code}", d.office)
	f.Handle("POST /desk/offices/{code}/spokesperson", d.assign)
	f.Handle("GET /desk/delegate", d.delegateForm)
	f.Handle("POST /desk/delegate", d.delegate)
	f.Handle("POST /desk/delegate/{id}/end", d.endStandIn)
	f.Handle("GET /desk/me", d.me)
	f.Handle("POST /desk/me", d.saveMe)
	f.Handle("POST /desk/me/password", d.password)
	f.Handle("POST /desk/me/sessions", d.endMine)
}

// may says whether the reader may do an act.
func (d desk) may(a regulation.Actor, action string, t regulation.Thing) bool {
	return d.s.Rules.Can(a, action, t, d.s.Now()) == nil
}

// own is a fault of ours or of the machine: it goes to the frame, not into the form.
func own(err error) bool {
	switch problem.CodeOf(err) {
	case problem.Internal, problem.Full, problem.Session, problem.Forbidden, problem.NotFound:
		return true
	}
	return false
}

// thingOf names an account as rights see it.
func thingOf(a people.Account) regulation.Thing {
	return regulation.Thing{Kind: "account", ID: a.ID, Author: a.ID}
}

func officeThing(code string) regulation.Thing {
	return regulation.Thing{Kind: "office", ID: code, Office: code}
}

// postWords gives a post in words: "biên tập viên, Trung tâm Báo chí".
func (d desk) postWords(r *frame.Request, p regulation.Post) string {
	word := r.Lang.T("role." + string(p.Role))
	place := d.s.OfficeName(r, p.Office)
	if p.Role == regulation.Journalist || p.Role == regulation.OutletLead {
		place = d.s.OutletName(r, p.Office)
	}
	if place == "" {
		return word
	}
	return r.Lang.T("office.post", "role", word, "office", place)
}

func (d desk) postsWords(r *frame.Request, list []regulation.Post) string {
	words := make([]string, len(list))
	for i, p := range list {
		words[i] = d.postWords(r, p)
	}
	return strings.Join(words, "; ")
}

// stateOf gives the sign of an account's state.
func stateOf(p ui.Page, a people.Account) (ui.SignKind, string) {
	switch {
	case a.Closed:
		return ui.Unknown, p.T("office.state.closed")
	case !a.Verified:
		return ui.Care, p.T("office.state.unverified")
	case !a.HasPassword && !a.Proven:
		return ui.Plain, p.T("office.state.invited")
	}
	return ui.Good, p.T("office.state.open")
}

// staffRoles are the roles that an account can be given; journalists come by their own way.
func staffRoles() []regulation.Role {
	return slices.DeleteFunc(slices.Clone(regulation.Roles), func(r regulation.Role) bool {
		return r == regulation.Journalist || r == regulation.OutletLead
	})
}

func roleOptions(r *frame.Request, first string) []ui.Option {
	list := []ui.Option{{Label: first}}
	for _, role := range staffRoles() {
		list = append(list, ui.Option{Value: string(role), Label: r.Lang.T("role." + string(role))})
	}
	return list
}

// officeOf reads an office as people type it: its code, or any name of it.
func (d desk) officeOf(r *frame.Request, text string) string {
	if text == "" {
		return ""
	}
	if o, err := d.s.People.Office(r.Context(), strings.ToUpper(text)); err == nil {
		return o.Code
	}
	found, err := d.s.People.FindOffice(r.Context(), text)
	if err != nil || len(found) == 0 || (len(found) > 1 && profile.Key(found[0].Name) != profile.Key(text)) {
		return text // the room says that there is none
	}
	return found[0].Code
}

// newPosts is how many posts can be added at once.
const newPosts = 2

// postsOf reads the posts of a form: those that stay checked, and the new rows.
func (d desk) postsOf(r *frame.Request, f site.Form) []regulation.Post {
	var list []regulation.Post
	for _, s := range f.List("post") {
		role, office, _ := strings.Cut(s, "@")
		list = append(list, regulation.Post{Role: regulation.Role(role), Office: office})
	}
	for _, n := range []string{"1", "2"} {
		role, office := f.Text("role"+n), f.Text("office"+n)
		if role == "" && office == "" {
			continue
		}
		if office == "" && role != "" && (regulation.Actor{Posts: []regulation.Post{{Role: regulation.Role(role)}}}).Staff() {
			office = d.s.People.Centre()
		}
		list = append(list, regulation.Post{Role: regulation.Role(role), Office: d.officeOf(r, office)})
	}
	return list
}

// failed answers a form that came back: what is ours goes to the frame, the rest into the form by show.
func failed(r *frame.Request, err error, show func(status int, faults []ui.Fault, wrong map[string]string) error) error {
	if own(err) {
		return err
	}
	faults, wrong := ui.Faults(r.Lang, err)
	for i, f := range faults { // a post's faults lead to the first row of posts
		if (f.Field == "role" || f.Field == "office") && r.PostForm.Has(f.Field+"1") {
			faults[i].Field += "1"
		}
	}
	return show(frame.Status(problem.CodeOf(err)), faults, wrong)
}

// ownOffices lists the offices at which a person has any post.
func ownOffices(a regulation.Actor) []string {
	var list []string
	for _, p := range a.Posts {
		if !slices.Contains(list, p.Office) {
			list = append(list, p.Office)
		}
	}
	return list
}

func (d desk) page(w http.ResponseWriter, r *frame.Request, a regulation.Actor, title, path, menu string) ui.Page {
	return d.s.Page(w, r, a, ui.Page{Title: title, Path: path, Menu: menu, NoIndex: true})
}
