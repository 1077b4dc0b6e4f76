// Package inquiries is the public's face of the room inquiry: asking without an account, following the own question by a link
// that only the asker has, and what was answered in public.
//
// A page behind a secret link is not kept by anybody, is out of search engines, and sends its address nowhere: the frame's
// Referrer-Policy is same-origin, and it holds no link to elsewhere. (no-referrer would make old browsers send "Origin: null"
// with its forms, which the frame refuses.) Private answers reach only that page: every other one reads PublicAnswer alone.
//
// Imports inquiry, release/prose, web/ask, web/site and what they stand on. Read inquiries.go, then page.templ.
package inquiries

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"khue/catalogue"
	"khue/inquiry"
	"khue/problem"
	"khue/regulation"
	"khue/web/ask"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/syndicate"
	"khue/web/ui"
)

type pages struct{ s *site.Site }

// Register puts the public pages of inquiries on a frame.
func Register(f *frame.Frame, s *site.Site) {
	p := pages{s}
	f.Handle("GET /ask", p.form)
	f.Handle("POST /ask", f.Limited(20, 10*time.Minute, p.ask))
	f.Handle("GET /f/{token}", p.follow)
	f.Handle("POST /f/{token}", p.act)
	f.Handle("GET /answers", s.Cached(p.answers))
	f.Handle("GET /answers/feed.atom", s.Cached(p.feed(syndicate.Atom)))
	f.Handle("GET /answers/{code}", s.Cached(p.answer))
}

// askView is the form as it was typed.
type askView struct {
	In       inquiry.AskInput
	Query    string
	Searched bool
	Similar  []inquiry.PublicAnswer
	Kinds    []ui.Option
	Keep     int // days
	Faults   []ui.Fault
	Wrong    map[string]string
}

// maxSimilar is how many answers are offered before asking.
const maxSimilar = 5

func (p pages) form(w http.ResponseWriter, r *frame.Request) error {
	q := r.URL.Query()
	a, err := p.s.Actor(r)
	if err == nil && a.Kind == regulation.Person {
		if acc, err := p.s.People.Account(r.Context(), a.ID); err == nil && acc.Outlet != "" {
			return p.s.See(w, r, "/press/ask", "") // a journalist's question belongs to the account
		}
	}
	v := askView{Query: q.Get("q"), Searched: q.Has("q")}
	v.In = inquiry.AskInput{Kind: inquiry.Question, Reporter: q.Get("as") == "press", Body: v.Query, Secret: inquiry.NewToken()}
	if k := inquiry.Kind(q.Get("kind")); k.Valid() {
		v.In.Kind = k
	}
	if v.Query != "" {
		if v.Similar, err = p.s.Inquiries.Similar(r.Context(), v.Query, maxSimilar); err != nil {
			return err
		}
	}
	return p.showForm(w, r, http.StatusOK, v)
}

func (p pages) showForm(w http.ResponseWriter, r *frame.Request, status int, v askView) error {
	a, err := p.s.Actor(r)
	if err != nil { // a session that ended is no reason not to ask
		a = regulation.Actor{}
	}
	kinds := inquiry.CitizenKinds
	if v.In.Reporter {
		kinds = inquiry.PressKinds
	}
	for _, k := range kinds {
		v.Kinds = append(v.Kinds, ui.Option{Value: string(k), Label: catalogue.Capital(r.Lang.T("inquiry.kind." + string(k)))})
	}
	v.Keep = int(p.s.Inquiries.Keep() / (24 * time.Hour))
	page := p.s.Page(w, r, a, ui.Page{Title: r.Lang.T("inquiry.ask"), Path: "/ask", Menu: "ask", Description: r.Lang.T("inquiry.ask.lede")})
	return p.s.Render(w, r, status, askPage(page, v))
}

// ask takes the form. The link's token was made with the form: the form sent twice leads to the same link.
func (p pages) ask(w http.ResponseWriter, r *frame.Request) error {
	f, err := p.s.Form(r)
	if err != nil {
		return err
	}
	in := inquiry.AskInput{
		Kind: inquiry.Kind(f.Text("kind")), Subject: f.Text("subject"), Body: f.Text("body"), Purpose: f.Text("purpose"),
		Name: f.Text("name"), Email: f.Text("email"), Phone: f.Text("phone"), Outlet: f.Text("outlet"),
		Reporter: f.Text("as") == "press", Urgent: f.Yes("urgent"), Lang: string(r.Lang), Secret: f.Text("secret"),
	}
	rec, err := p.s.Inquiries.Ask(r.Context(), regulation.Actor{Lang: string(r.Lang)}, in)
	switch code := problem.CodeOf(err); {
	case code == problem.Twice:
		if _, e := p.s.Inquiries.ByToken(r.Context(), in.Secret); e != nil {
			return err
		}
		return p.s.See(w, r, "/f/"+in.Secret+"?receipt=1", "")
	case code == problem.Internal || code == problem.Full:
		return err
	case err != nil:
		v := askView{In: in}
		if slices.ContainsFunc(problem.All(err), func(e *problem.Error) bool { return e.Field == "secret" }) {
			v.In.Secret = inquiry.NewToken()
		}
		v.Faults, v.Wrong = ui.Faults(r.Lang, err)
		return p.showForm(w, r, frame.Status(code), v)
	}
	return p.s.See(w, r, "/f/"+rec.Token+"?receipt=1", "")
}

func secret(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex, nofollow, noarchive")
}

func (p pages) follow(w http.ResponseWriter, r *frame.Request) error {
	secret(w)
	return p.showFollow(w, r, http.StatusOK, ask.View{Receipt: r.URL.Query().Has("receipt")})
}

func (p pages) showFollow(w http.ResponseWriter, r *frame.Request, status int, v ask.View) error {
	token := r.PathValue("token")
	f, err := p.s.Inquiries.ByToken(r.Context(), token)
	if err != nil {
		return err
	}
	v.Link = p.s.Origin + r.Href("/f/"+token)
	v = ask.Fill(p.s, r, f, v)
	page := p.s.Page(w, r, regulation.Actor{}, ui.Page{Title: r.Lang.T("inquiry.follow.title", "code", v.Code), Path: r.Path, Menu: "ask", NoIndex: true})
	page.Origin = "" // no canonical address: it would be the secret one
	return p.s.Render(w, r, status, followPage(page, v))
}

// act is what the asker does on the own page.
func (p pages) act(w http.ResponseWriter, r *frame.Request) error {
	secret(w)
	f, err := p.s.Form(r)
	if err != nil {
		return err
	}
	ref := inquiry.AskerRef{Token: r.PathValue("token")}
	v, err := ask.Do(r.Context(), p.s, regulation.Actor{Lang: string(r.Lang)}, ref, f)
	switch code := problem.CodeOf(err); code {
	case "":
		return p.s.See(w, r, "/f/"+ref.Token, "inquiry.follow.done."+v.Do)
	case problem.NotFound, problem.Internal, problem.Full:
		return err
	default:
		v.Faults, v.Wrong = ui.Faults(r.Lang, err)
		return p.showFollow(w, r, frame.Status(code), v)
	}
}

// answersView is a page of public answers.
type answersView struct {
	List   []inquiry.PublicAnswer
	Office map[string]string
	Query  string
	Older  string
	Newest string
}

const onePage = 30

func (p pages) answers(w http.ResponseWriter, r *frame.Request) error {
	q := r.URL.Query()
	v := answersView{Query: q.Get("q"), Office: map[string]string{}}
	var err error
	if v.Query != "" {
		v.List, err = p.s.Inquiries.Similar(r.Context(), v.Query, onePage)
	} else {
		f := inquiry.PublicFilter{Limit: onePage + 1}
		if us, e := strconv.ParseInt(q.Get("before"), 10, 64); e == nil && us > 0 {
			f.Before = time.UnixMicro(us)
			v.Newest = r.Href("/answers")
		}
		v.List, err = p.s.Inquiries.PublicAnswers(r.Context(), f)
		if len(v.List) > onePage {
			v.List = v.List[:onePage]
			v.Older = r.Href("/answers?" + url.Values{"before": {strconv.FormatInt(v.List[onePage-1].At.UnixMicro(), 10)}}.Encode())
		}
	}
	if err != nil {
		return err
	}
	for _, a := range v.List {
		v.Office[a.Office] = p.s.OfficeName(r, a.Office)
	}
	page := p.s.PublicPage(r, ui.Page{
		Title: r.Lang.T("inquiry.answers"), Path: "/answers", Menu: "ask", Description: r.Lang.T("inquiry.answers.lede"), Head: syndicate.Links(r.Lang, r.Lang.T("inquiry.answers"), "/answers/feed.atom"),
	})
	return p.s.Render(w, r, http.StatusOK, answersPage(page, v))
}

// answerView is one public answer with its later rounds.
type answerView struct {
	Code   string
	Rounds []inquiry.PublicAnswer
	Office string
}

func (p pages) answer(w http.ResponseWriter, r *frame.Request) error {
	rounds, err := p.s.Inquiries.PublicAnswer(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	v := answerView{Code: rounds[0].Code, Rounds: rounds, Office: p.s.OfficeName(r, rounds[0].Office)}
	page := p.s.PublicPage(r, ui.Page{Title: title(r.Lang, rounds[0]), Path: "/answers/" + v.Code, Menu: "ask", Thing: "inquiry/" + rounds[0].Inquiry, Description: rounds[0].Question})
	return p.s.Render(w, r, http.StatusOK, answerPage(page, v))
}
