package api

import (
	"net/http"
	"time"

	"khue/people"
	"khue/problem"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

// keyPages are the pages on which people make and revoke the keys of their programs: one for the press, one for the desk.
type keyPages struct {
	s    *site.Site
	path string
	desk bool
}

func registerKeys(f *frame.Frame, s *site.Site) {
	for _, p := range []keyPages{{s, "/press/keys", false}, {s, "/desk/keys", true}} {
		f.Handle("GET "+p.path, p.list)
		f.Handle("POST "+p.path, p.make)
		f.Handle("POST "+p.path+"/{id}/revoke", p.revoke)
	}
}

type keyView struct {
	ID, Name, Scopes, State, Used string
	Holds                         bool
}

type keysView struct {
	Desk    bool
	Path    string
	Secret  string // of the key that was just made, "" else
	Keys    []keyView
	Name    string
	Scopes  map[people.Scope]bool
	Expires string
	Faults  []ui.Fault
	Wrong   map[string]string
}

// lifetime is what the form offers first.
const lifetime = 90 * 24 * time.Hour

func (p keyPages) actor(r *frame.Request) (regulation.Actor, error) {
	if p.desk {
		return p.s.Desk(r)
	}
	return p.s.Person(r)
}

func (p keyPages) list(w http.ResponseWriter, r *frame.Request) error {
	a, err := p.actor(r)
	if err != nil {
		return err
	}
	v := keysView{Expires: p.s.Now().Add(lifetime).In(ui.Zone).Format("2006-01-02"), Scopes: map[people.Scope]bool{people.ScopeRead: true}}
	return p.show(w, r, a, http.StatusOK, v)
}

func (p keyPages) show(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, v keysView) error {
	keys, err := p.s.People.Keys(r.Context(), a)
	if err != nil {
		return err
	}
	l, now := r.Lang, p.s.Now()
	v.Desk, v.Path = p.desk, p.path
	for _, k := range keys {
		one := keyView{ID: k.ID, Name: k.Name, Holds: k.Holds(now), Used: l.T("api.keys.unused")}
		for i, s := range k.Scopes {
			if i > 0 {
				one.Scopes += ", "
			}
			one.Scopes += string(s)
		}
		switch {
		case one.Holds:
			one.State = l.T("api.keys.holds", "until", ui.Date(l, k.Expires.Add(-time.Second)))
		case !k.Revoked.IsZero():
			one.State = l.T("api.keys.revoked", "at", ui.ShortDateTime(l, k.Revoked))
		default:
			one.State = l.T("api.keys.ended", "until", ui.Date(l, k.Expires.Add(-time.Second)))
		}
		if !k.Used.IsZero() {
			one.Used = l.T("api.keys.used", "at", ui.ShortDateTime(l, k.Used))
		}
		v.Keys = append(v.Keys, one)
	}
	w.Header().Set("Cache-Control", "no-store")
	page := p.s.Page(w, r, a, ui.Page{Title: l.T("api.keys"), Path: p.path, Menu: "keys", NoIndex: true})
	return p.s.Render(w, r, status, keysPage(page, v))
}

// make makes a key and shows it, this once, on the page that answers the form.
func (p keyPages) make(w http.ResponseWriter, r *frame.Request) error {
	a, err := p.actor(r)
	if err != nil {
		return err
	}
	f, err := p.s.Form(r)
	if err != nil {
		return err
	}
	v := keysView{Name: f.Text("name"), Expires: f.Text("expires"), Scopes: map[people.Scope]bool{}}
	in := people.CreateKey{Name: v.Name}
	for _, s := range f.List("scopes") {
		in.Scopes = append(in.Scopes, people.Scope(s))
		v.Scopes[people.Scope(s)] = true
	}
	var wrong error
	if v.Expires != "" {
		day, err := time.ParseInLocation("2006-01-02", v.Expires, ui.Zone)
		if err != nil {
			wrong = problem.Of("expires", problem.Date)
		}
		in.Expires = day.AddDate(0, 0, 1) // to the end of that day
	}
	if wrong == nil {
		v.Secret, _, wrong = p.s.People.CreateKey(r.Context(), a, in)
	}
	switch code := problem.CodeOf(wrong); code {
	case "":
		shown := keysView{Secret: v.Secret, Expires: v.Expires, Scopes: map[people.Scope]bool{people.ScopeRead: true}}
		return p.show(w, r, a, http.StatusOK, shown)
	case problem.Internal, problem.Forbidden, problem.Full:
		return wrong
	default:
		v.Faults, v.Wrong = ui.Faults(r.Lang, wrong)
		return p.show(w, r, a, frame.Status(code), v)
	}
}

func (p keyPages) revoke(w http.ResponseWriter, r *frame.Request) error {
	a, err := p.actor(r)
	if err != nil {
		return err
	}
	if err := p.s.People.RevokeKey(r.Context(), a, r.PathValue("id")); err != nil {
		return err
	}
	return p.s.See(w, r, p.path, "api.keys.revoked.flash")
}
