package site

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"khue/catalogue"
	"khue/internal/house"
	"khue/problem"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/live"
	"khue/web/ui"
)

// Cookie names. The __Host- prefix is added where the public address is https.
const (
	sessionCookie = "khue_session"
	flashCookie   = "khue_flash"
)

// Site is the house and how to show it. Its methods may be called from many goroutines.
type Site struct {
	*house.House
	Hub    *live.Hub
	secure bool
	pages  *cache  // of addresses
	asked  *cache  // of addresses with a question
	counts []count // set before serving
}

// count gives numbers behind items of the desk's menu for a person. key is one of them.
type count struct {
	key string
	of  func(context.Context, regulation.Actor) (map[string]int, error)
}

// New makes a site over a house and a hub of live updates.
func New(h *house.House, hub *live.Hub) *Site {
	return &Site{House: h, Hub: hub, secure: strings.HasPrefix(h.Origin, "https://"), pages: newCache(maxKept, maxKeptBytes), asked: newCache(maxAsked, maxAskedBytes)}
}

// Frame makes the frame that the site's pages stand in, with the page of an error drawn by the site.
func (s *Site) Frame(log *slog.Logger, observe func(route string, status int, took time.Duration)) *frame.Frame {
	return frame.New(frame.Config{Log: log, Now: s.Now, Session: s.cookieName(sessionCookie), Secure: s.secure, Problem: s.problem, Observe: observe, Trusted: s.Proxies})
}

// Count adds numbers behind items of the desk's menu; key names one of them. It is called while the pages are registered, not later.
func (s *Site) Count(key string, f func(context.Context, regulation.Actor) (map[string]int, error)) {
	s.counts = append(s.counts, count{key, f})
}

// Actor gives who is asking: a visitor without a session, or the person whose session the request carries. A session that has
// ended is problem.Session.
func (s *Site) Actor(r *frame.Request) (regulation.Actor, error) {
	token := s.Token(r)
	if token == "" {
		return regulation.Actor{Lang: string(r.Lang)}, nil
	}
	a, err := s.People.ActorOf(r.Context(), token)
	if err != nil {
		return regulation.Actor{}, err
	}
	a.Lang = string(r.Lang)
	return a, nil
}

// Person is Actor for pages that need somebody logged in: problem.Session for a visitor.
func (s *Site) Person(r *frame.Request) (regulation.Actor, error) {
	a, err := s.Actor(r)
	if err == nil && a.Kind != regulation.Person {
		err = problem.New(problem.Session)
	}
	return a, err
}

// Desk is Person for pages of the desk: problem.Forbidden for those who have no work there.
func (s *Site) Desk(r *frame.Request) (regulation.Actor, error) {
	a, err := s.Person(r)
	if err == nil && !a.Desk() {
		err = problem.New(problem.Forbidden, "role", "@role.officer")
	}
	return a, err
}

// Token gives the request's session token, "" for none.
func (s *Site) Token(r *frame.Request) string { return s.CookieValue(r, sessionCookie) }

// CookieValue gives a cookie of this house that the request carries, "" for none.
func (s *Site) CookieValue(r *frame.Request, name string) string {
	c, err := r.Cookie(s.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// SetSession puts a session's token into the answer; "" ends it.
func (s *Site) SetSession(w http.ResponseWriter, token string) {
	c := s.Cookie(sessionCookie, token, 0)
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

func (s *Site) cookieName(name string) string {
	if s.secure {
		return "__Host-" + name
	}
	return name
}

// Cookie makes a cookie of this house, strict in all that browsers offer; age in seconds, 0 for the browser's session, -1 to
// remove it.
func (s *Site) Cookie(name, value string, age int) *http.Cookie {
	return &http.Cookie{Name: s.cookieName(name), Value: value, Path: "/", HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode, MaxAge: age}
}

// Closed gives the menu items that an actor may not open: what leads to a refusal is not offered. The rooms refuse all the same.
func (s *Site) Closed(a regulation.Actor) map[string]bool {
	closed := map[string]bool{}
	if !a.Desk() {
		return closed
	}
	shut := func(so bool, keys ...string) {
		for _, k := range keys {
			closed[k] = closed[k] || so
		}
	}
	refused := func(action string, t regulation.Thing) bool { return s.Rules.Can(a, action, t, s.Now()) != nil }
	shut(refused("radar.story.view", regulation.Thing{Kind: "story", Office: s.People.Centre()}), "radar", "trends", "sources")
	shut(refused("ledger.view", regulation.Thing{Kind: "ledger"}), "audit")
	shut(refused("insight.view", regulation.Thing{Kind: "figures"}), "figures")
	shut(true, "questions", "keys", "outlet") // a journalist's own
	onlyAdmin := true
	for _, p := range a.Posts {
		onlyAdmin = onlyAdmin && p.Role == regulation.Admin
	}
	shut(onlyAdmin, "intake", "releases", "approvals", "inquiries", "board")
	return closed
}

// Page fills in what every page of a person needs: p brings Title, Path (without language), Menu and what is the page's own. A page
// that has counted already brings the number in Counts, and it is not counted again.
func (s *Site) Page(w http.ResponseWriter, r *frame.Request, a regulation.Actor, p ui.Page) ui.Page {
	p = s.PublicPage(r, p)
	p.Actor, p.Flash, p.Closed = a.Name, s.takeFlash(w, r), s.Closed(a)
	if a.Desk() {
		p.Live = "/desk" + p.Live
		if p.Counts == nil {
			p.Counts = map[string]int{}
		}
		for _, c := range s.counts {
			if _, known := p.Counts[c.key]; known {
				continue
			}
			more, err := c.of(r.Context(), a)
			if err != nil && r.Context().Err() == nil { // a reader who has left needs no number
				s.Log.Error("count for the menu", "request", r.ID, "err", err)
			}
			for k, n := range more {
				p.Counts[k] += n
			}
		}
	}
	return p
}

// PublicPage fills in what a page needs that is the same for everybody, so that it may be kept: no name, no word said once.
func (s *Site) PublicPage(r *frame.Request, p ui.Page) ui.Page {
	p.Lang, p.Demo, p.Now, p.Origin = r.Lang, s.Demo, s.Now(), s.Origin
	if p.Path == "" {
		p.Path = r.Path
	}
	if p.Live == "" {
		p.Live = "/live?after=" + strconv.FormatInt(s.Hub.Position(), 10)
	}
	return p
}

// Render sends a component as a page. Nothing is sent when it fails.
func (s *Site) Render(w http.ResponseWriter, r *frame.Request, status int, c templ.Component) error {
	var b bytes.Buffer
	if err := c.Render(r.Context(), &b); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	_, err := w.Write(b.Bytes())
	return gone(err)
}

// gone drops the error of a reader that left: there is nobody to tell.
func gone(error) error { return nil }

// See answers a form that was done: 303 to a local path in the reader's language. key is a catalogue key of what is said once
// on the next page, "" for nothing; args are pairs for its sentence.
func (s *Site) See(w http.ResponseWriter, r *frame.Request, path, key string, args ...string) error {
	if key != "" {
		data, err := json.Marshal(append([]string{key}, args...))
		if err != nil {
			return err
		}
		http.SetCookie(w, s.Cookie(flashCookie, base64.RawURLEncoding.EncodeToString(data), 60))
	}
	w.Header().Set("Cache-Control", "no-store")
	if r.Header.Get("X-Progress") != "" { // a script sent the form: following would use up what is said once
		w.Header().Set("X-Location", r.Href(path))
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(w, r.Request, r.Href(path), http.StatusSeeOther)
	return nil
}

// takeFlash gives the sentence left by See and removes it.
func (s *Site) takeFlash(w http.ResponseWriter, r *frame.Request) string {
	c, err := r.Cookie(s.cookieName(flashCookie))
	if err != nil {
		return ""
	}
	gone := s.Cookie(flashCookie, "", -1)
	http.SetCookie(w, gone)
	data, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return ""
	}
	var list []string
	if json.Unmarshal(data, &list) != nil || len(list) == 0 || !r.Lang.Has(list[0]) {
		return ""
	}
	args := make([]any, len(list)-1)
	for i, a := range list[1:] {
		args[i] = a
	}
	return r.Lang.T(list[0], args...)
}

// problem draws the page of an error, or its JSON for programs. A session that ended leads to the log-in and back.
func (s *Site) problem(w http.ResponseWriter, r *frame.Request, status int, err error) {
	if strings.HasPrefix(r.Path, "/api/") || strings.Contains(r.Header.Get("Accept"), "application/json") {
		writeProblem(w, r, status, err)
		return
	}
	if problem.CodeOf(err) == problem.Session {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			s.SetSession(w, "")
			back := r.Path
			if r.URL.RawQuery != "" {
				back += "?" + r.URL.RawQuery
			}
			http.Redirect(w, r.Request, r.Href("/login?next="+url.QueryEscape(back)), http.StatusSeeOther)
			return
		}
	}
	p := s.PublicPage(r, ui.Page{Title: r.Lang.T("site.problem.title"), NoIndex: true})
	view := problemView{Status: status, Text: r.Lang.Error(err), ID: r.ID, Back: back(r)}
	if e := s.Render(w, r, status, problemPage(p, view)); e != nil && r.Context().Err() == nil { // a reader who has left needs no page
		s.Log.Error("draw the page of an error", "request", r.ID, "err", errors.Join(e, err))
	}
}

// back gives the local page that a form was sent from, "" when it is not known.
func back(r *frame.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host || u.Path == "" || strings.HasPrefix(u.Path, "//") || strings.HasPrefix(u.Path, "/\\") {
		return "" // a path of two slashes would lead to another host
	}
	return u.RequestURI()
}

// writeProblem answers in the form of RFC 9457 (application/problem+json), in the reader's language.
func writeProblem(w http.ResponseWriter, r *frame.Request, status int, err error) {
	type fault struct {
		Field  string `json:"field,omitempty"`
		Code   string `json:"code"`
		Detail string `json:"detail"`
	}
	lang := r.Lang
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "en") {
		lang = catalogue.EN
	}
	var faults []fault
	for _, e := range problem.All(err) {
		faults = append(faults, fault{e.Field, string(e.Code), lang.Problem(e)})
	}
	data, e := json.Marshal(map[string]any{
		"type": "about:blank", "title": http.StatusText(status), "status": status,
		"detail": lang.Error(err), "code": problem.CodeOf(err), "request": r.ID, "errors": faults,
	})
	if e != nil {
		data = []byte("{}")
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Content-Language", string(lang))
	w.WriteHeader(status)
	_, _ = w.Write(data)
}
