// Package door lets people in and out: log-in, log-out, the first start, links from letters (an invitation, a new password, a
// proven address) and the city's single sign-on.
//
// Imports web/site, web/ui, web/frame and people. Read door.go.
package door

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"khue/people"
	"khue/problem"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type door struct{ s *site.Site }

// Register puts the door's addresses on a frame.
func Register(f *frame.Frame, s *site.Site) {
	d := door{s}
	f.Handle("GET /login", d.form)
	f.Handle("POST /login", d.logIn)
	f.Handle("POST /logout", d.logOut)
	f.Handle("GET /forgot", d.forgot)
	f.Handle("POST /forgot", d.sendReset)
	f.Handle("GET /link/{token}", d.link)
	f.Handle("POST /link/{token}", d.useLink)
	f.Handle("GET /first/{token}", d.first)
	f.Handle("POST /first/{token}", d.makeFirst)
	f.Handle("GET /login/city", d.toCity)
	f.Handle("GET /login/city/back", d.fromCity)
	f.Handle("GET /desk/live", d.live)
}

type loginView struct {
	Email  string
	Next   string
	SSO    bool
	Demo   []DemoPerson
	Faults []ui.Fault
	Wrong  map[string]string
}

// DemoPerson is a log-in that a demo shows beside its form; the password is the same for all.
type DemoPerson struct {
	Email string
	Name  string
	Role  regulation.Role
	Place string
}

func (d door) form(w http.ResponseWriter, r *frame.Request) error {
	next := local(r.URL.Query().Get("next"))
	if a, err := d.s.Actor(r); err == nil && a.Kind == regulation.Person {
		return d.s.See(w, r, home(a, next), "")
	}
	return d.show(w, r, http.StatusOK, loginView{Next: next})
}

func (d door) show(w http.ResponseWriter, r *frame.Request, status int, v loginView) error {
	v.SSO = d.s.People.HasSSO()
	if d.s.Demo {
		people, err := d.demoPeople(r.Context(), string(r.Lang))
		if err != nil {
			return err
		}
		v.Demo = people
	}
	p := d.s.Page(w, r, regulation.Actor{}, ui.Page{Title: r.Lang.T("door.login"), Path: "/login", NoIndex: true})
	return d.s.Render(w, r, status, login(p, v))
}

// demoPeople lists one account for each role, so that a newcomer can try every face.
func (d door) demoPeople(ctx context.Context, lang string) ([]DemoPerson, error) {
	accounts, err := d.s.People.Accounts(ctx, people.Filter{Limit: 200})
	if err != nil {
		return nil, err
	}
	var list []DemoPerson
	seen := map[regulation.Role]bool{}
	for _, role := range regulation.Roles {
		for _, a := range accounts {
			for _, post := range a.Posts {
				if post.Role != role || seen[role] || a.Closed {
					continue
				}
				seen[role] = true
				place := a.Outlet
				if o, err := d.s.People.Office(ctx, post.Office); err == nil {
					place = o.NameIn(lang)
				} else if o, err := d.s.People.Outlet(ctx, a.Outlet); err == nil {
					place = o.Name
				}
				list = append(list, DemoPerson{a.Email, a.NameIn(lang), role, place})
			}
		}
	}
	return list, nil
}

func (d door) logIn(w http.ResponseWriter, r *frame.Request) error {
	f, err := d.s.Form(r)
	if err != nil {
		return err
	}
	next := local(f.Text("next"))
	token, a, err := d.s.People.LogIn(r.Context(), people.LogIn{Email: f.Text("email"), Password: r.PostForm.Get("password"), Address: r.From.String(), Agent: r.UserAgent()})
	if err != nil {
		if problem.CodeOf(err) == problem.Internal {
			return err
		}
		faults, wrong := ui.Faults(r.Lang, err)
		return d.show(w, r, frame.Status(problem.CodeOf(err)), loginView{Email: f.Text("email"), Next: next, Faults: faults, Wrong: wrong})
	}
	d.s.SetSession(w, token)
	return d.s.See(w, r, home(a, next), "")
}

func (d door) logOut(w http.ResponseWriter, r *frame.Request) error {
	if token := d.s.Token(r); token != "" {
		if err := d.s.People.LogOut(r.Context(), token); err != nil && problem.CodeOf(err) == problem.Internal {
			return err
		}
	}
	d.s.SetSession(w, "")
	return d.s.See(w, r, "/", "")
}

// home gives where a person goes after logging in: where they wanted to, else the face that is theirs.
func home(a regulation.Actor, next string) string {
	switch {
	case next != "":
		return next
	case a.Desk():
		return "/desk"
	case a.Has(regulation.Journalist, "") || a.Has(regulation.OutletLead, ""):
		return "/press"
	}
	return "/"
}

// local lets only addresses of this house through: a path without a host.
func local(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.Contains(next, "\\") || strings.HasPrefix(u.Path, "/login") {
		return ""
	}
	return next
}

func (d door) forgot(w http.ResponseWriter, r *frame.Request) error {
	p := d.s.Page(w, r, regulation.Actor{}, ui.Page{Title: r.Lang.T("door.forgot"), NoIndex: true})
	return d.s.Render(w, r, http.StatusOK, forgot(p, loginView{}))
}

func (d door) sendReset(w http.ResponseWriter, r *frame.Request) error {
	f, err := d.s.Form(r)
	if err != nil {
		return err
	}
	if err := d.s.People.RequestReset(r.Context(), f.Text("email"), r.From.String()); err != nil {
		if problem.CodeOf(err) == problem.Internal {
			return err
		}
		faults, wrong := ui.Faults(r.Lang, err)
		p := d.s.Page(w, r, regulation.Actor{}, ui.Page{Title: r.Lang.T("door.forgot"), NoIndex: true})
		return d.s.Render(w, r, frame.Status(problem.CodeOf(err)), forgot(p, loginView{Email: f.Text("email"), Faults: faults, Wrong: wrong}))
	}
	return d.s.See(w, r, "/login", "door.reset-sent")
}

type linkView struct {
	Name    string
	Email   string
	Purpose people.Purpose
	Faults  []ui.Fault
	Wrong   map[string]string
}

func (d door) link(w http.ResponseWriter, r *frame.Request) error {
	l, err := d.s.People.OpenLink(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	return d.showLink(w, r, http.StatusOK, linkView{Name: l.Account.Name, Email: l.Account.Email, Purpose: l.Purpose})
}

func (d door) showLink(w http.ResponseWriter, r *frame.Request, status int, v linkView) error {
	p := d.s.Page(w, r, regulation.Actor{}, ui.Page{Title: r.Lang.T("door.link." + string(v.Purpose)), NoIndex: true})
	return d.s.Render(w, r, status, link(p, v))
}

// useLink uses a mailed link up. A GET never does: mail programs open links to look at them.
func (d door) useLink(w http.ResponseWriter, r *frame.Request) error {
	if _, err := d.s.Form(r); err != nil {
		return err
	}
	l, err := d.s.People.OpenLink(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	token, a, err := d.s.People.UseLink(r.Context(), r.PathValue("token"), r.PostForm.Get("password"), r.From.String(), r.UserAgent())
	if err != nil {
		if problem.CodeOf(err) == problem.Internal {
			return err
		}
		faults, wrong := ui.Faults(r.Lang, err)
		return d.showLink(w, r, frame.Status(problem.CodeOf(err)), linkView{l.Account.Name, l.Account.Email, l.Purpose, faults, wrong})
	}
	if token == "" { // the address is proven; nobody was let in
		return d.s.See(w, r, "/login", "door.proven")
	}
	d.s.SetSession(w, token)
	return d.s.See(w, r, home(a, ""), "door.password-set")
}

type firstView struct {
	Token, Name, Email string
	Faults             []ui.Fault
	Wrong              map[string]string
}

func (d door) first(w http.ResponseWriter, r *frame.Request) error {
	if err := d.s.People.CheckSetUp(r.Context(), r.PathValue("token")); err != nil {
		return err
	}
	return d.showFirst(w, r, http.StatusOK, firstView{})
}

func (d door) showFirst(w http.ResponseWriter, r *frame.Request, status int, v firstView) error {
	v.Token = r.PathValue("token")
	p := d.s.Page(w, r, regulation.Actor{}, ui.Page{Title: r.Lang.T("door.first"), NoIndex: true})
	return d.s.Render(w, r, status, first(p, v))
}

// makeFirst makes the first administrator of an empty house.
func (d door) makeFirst(w http.ResponseWriter, r *frame.Request) error {
	f, err := d.s.Form(r)
	if err != nil {
		return err
	}
	if f.Text("profile") != "hanoi" {
		return problem.Of("profile", problem.Invalid, "why", "hanoi")
	}
	in := people.NewAccount{
		Email: f.Text("email"), Name: f.Text("name"), Lang: string(r.Lang), Password: r.PostForm.Get("password"),
		Posts: []regulation.Post{{Role: regulation.Admin, Office: d.s.People.Centre()}},
	}
	token, _, err := d.s.People.CreateFirstAdmin(r.Context(), r.PathValue("token"), in, r.From.String(), r.UserAgent())
	if err != nil {
		if problem.CodeOf(err) == problem.Internal || problem.CodeOf(err) == problem.Expired {
			return err
		}
		faults, wrong := ui.Faults(r.Lang, err)
		return d.showFirst(w, r, frame.Status(problem.CodeOf(err)), firstView{Name: in.Name, Email: in.Email, Faults: faults, Wrong: wrong})
	}
	d.s.SetSession(w, token)
	return d.s.See(w, r, "/desk/people", "door.welcome")
}

// live is the event stream of the desk: it tells staff of private changes too.
func (d door) live(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Actor(r)
	d.s.Hub.Stream(w, r, err == nil && a.Desk())
	return nil
}
