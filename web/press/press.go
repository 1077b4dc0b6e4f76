// Package press is the journalist's face: registering with an outlet, the own questions with their clocks, asking, the outlet.
//
// A reporter may ask at once, also before the centre has verified the account; what an unverified account does not see is
// what the rulebook keeps from it. Keys for programs are in web/api.
//
// Imports inquiry, people, release, web/ask, web/site and what they stand on. Read press.go, then page.templ.
package press

import (
	"net/http"
	"slices"
	"strings"

	"khue/catalogue"
	"khue/inquiry"
	"khue/people"
	"khue/problem"
	"khue/regulation"
	"khue/release"
	"khue/web/ask"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type pages struct{ s *site.Site }

// Register puts the press pages on a frame.
func Register(f *frame.Frame, s *site.Site) {
	p := pages{s}
	f.Handle("GET /press", p.home)
	f.Handle("GET /press/register", p.registerForm)
	f.Handle("POST /press/register", p.register)
	f.Handle("GET /press/ask", p.askForm)
	f.Handle("POST /press/ask", p.ask)
	f.Handle("GET /press/questions", p.questions)
	f.Handle("GET /press/questions/{code}", p.question)
	f.Handle("POST /press/questions/{code}", p.act)
	f.Handle("GET /press/outlet", p.outlet)
}

// journalist gives who is logged in with an account of an outlet. A visitor is led to the log-in; somebody of the centre or an
// office is told that these pages are the press's.
func (p pages) journalist(r *frame.Request) (regulation.Actor, people.Account, error) {
	a, err := p.s.Person(r)
	if err != nil {
		return a, people.Account{}, err
	}
	acc, err := p.s.People.Account(r.Context(), a.ID)
	if err == nil && acc.Outlet == "" {
		err = problem.New(problem.Forbidden, "role", "@role.journalist")
	}
	return a, acc, err
}

// homeView is the first page: for visitors what it is, for a journalist what is going on.
type homeView struct {
	In        bool
	Account   people.Account
	Outlet    people.Outlet
	Questions []ui.Row
	Said      []ui.RiverItem
	Answers   []ui.RiverItem
	Checking  []ui.AdvisoryItem
}

// shown is how many things of each list the first page has.
const shown = 6

func (p pages) home(w http.ResponseWriter, r *frame.Request) error {
	a, err := p.s.Actor(r)
	if err != nil {
		return err
	}
	v := homeView{}
	if a.Kind == regulation.Person {
		if v.Account, err = p.s.People.Account(r.Context(), a.ID); err != nil {
			return err
		}
		if v.In = v.Account.Outlet != ""; v.In {
			if v.Outlet, err = p.s.People.Outlet(r.Context(), v.Account.Outlet); err != nil {
				return err
			}
			if v.Questions, err = p.rows(r, a, true); err != nil {
				return err
			}
		}
	}
	if err := p.news(r, &v); err != nil {
		return err
	}
	if v.Checking, err = p.s.Advisories(r); err != nil {
		return err
	}
	page := p.s.Page(w, r, a, ui.Page{Title: r.Lang.T("press.title"), Path: "/press", Menu: "press", Description: r.Lang.T("press.lede")})
	return p.s.Render(w, r, http.StatusOK, homePage(page, v))
}

// news gives the newest releases and answers that are public.
func (p pages) news(r *frame.Request, v *homeView) error {
	list, _, err := p.s.Releases.Published(r.Context(), release.Page{Limit: shown})
	if err != nil {
		return err
	}
	for _, x := range list {
		title := x.Title
		if r.Lang == "en" && x.TitleEN != "" {
			title = x.TitleEN
		}
		v.Said = append(v.Said, ui.RiverItem{ID: x.Code, Time: x.Published, Title: title, Href: r.Href("/r/" + x.Code), Sub: p.s.OfficeName(r, x.Office) + " · " + x.Code})
	}
	answers, err := p.s.Inquiries.PublicAnswers(r.Context(), inquiry.PublicFilter{Limit: shown})
	if err != nil {
		return err
	}
	for _, x := range answers {
		if !x.Withdrawn.IsZero() {
			continue
		}
		sub := x.Code
		if o := p.s.OfficeName(r, x.Office); o != "" {
			sub = o + " · " + sub
		}
		v.Answers = append(v.Answers, ui.RiverItem{ID: x.Code, Time: x.At, Title: x.Title, Href: r.Href("/answers/" + x.Code), Sub: sub})
	}
	return nil
}

// rows lists what the account has asked; open says whether only what is not finished.
func (p pages) rows(r *frame.Request, a regulation.Actor, open bool) ([]ui.Row, error) {
	items, err := p.s.Inquiries.Mine(r.Context(), a, 100)
	if err != nil {
		return nil, err
	}
	page := ui.Page{Lang: r.Lang}
	var rows []ui.Row
	for _, i := range items {
		if open && !i.State.Open() {
			continue
		}
		href := r.Href("/press/questions/" + i.Code)
		row := ui.Row{
			ID: i.Code, Sign: ask.StateSign(page, i.State), Title: i.Subject, Href: href, Who: p.s.OfficeName(r, i.Office),
			Sub: i.Code + " · " + r.Lang.T("inquiry.kind."+string(i.Kind)), Clock: ui.Note(ui.ShortDateTime(r.Lang, i.Received)),
		}
		if c, ok := i.Clock(); ok {
			row.Clock = ui.Clock(site.Clock(r.Lang, c, p.s.Now()))
		}
		if i.State == inquiry.Clarifying {
			row.Next, row.NextHref = r.Lang.T("inquiry.follow.clarify.do"), href
		}
		rows = append(rows, row)
	}
	return rows, nil
}

type registerView struct {
	Value  map[string]string
	Faults []ui.Fault
	Wrong  map[string]string
}

func (p pages) registerForm(w http.ResponseWriter, r *frame.Request) error {
	return p.showRegister(w, r, http.StatusOK, registerView{Value: map[string]string{}})
}

func (p pages) showRegister(w http.ResponseWriter, r *frame.Request, status int, v registerView) error {
	a, err := p.s.Actor(r)
	if err != nil {
		a = regulation.Actor{} // a session that has ended: a visitor like others
	}
	page := p.s.Page(w, r, a, ui.Page{Title: r.Lang.T("press.register"), Path: "/press/register", Menu: "press"})
	return p.s.Render(w, r, status, registerPage(page, v))
}

func (p pages) register(w http.ResponseWriter, r *frame.Request) error {
	f, err := p.s.Form(r)
	if err != nil {
		return err
	}
	v := registerView{Value: map[string]string{}}
	for _, name := range []string{"name", "outlet", "host", "email", "phone"} {
		v.Value[name] = f.Text(name)
	}
	token, _, err := p.s.People.RegisterJournalist(r.Context(), people.Registration{
		Email: v.Value["email"], Password: r.PostForm.Get("password"), Name: v.Value["name"], Phone: v.Value["phone"], Lang: string(r.Lang),
		Outlet: v.Value["outlet"], Host: v.Value["host"], Machine: r.From.String(), Agent: r.UserAgent(),
	})
	switch code := problem.CodeOf(err); code {
	case "":
		p.s.SetSession(w, token)
		return p.s.See(w, r, "/press", "press.done.register")
	case problem.Internal, problem.Full:
		return err
	default:
		v.Faults, v.Wrong = ui.Faults(r.Lang, err)
		return p.showRegister(w, r, frame.Status(code), v)
	}
}

type askView struct {
	In       inquiry.AskInput
	Kinds    []ui.Option
	Verified bool
	Similar  []inquiry.PublicAnswer
	Faults   []ui.Fault
	Wrong    map[string]string
}

func (p pages) askForm(w http.ResponseWriter, r *frame.Request) error {
	a, acc, err := p.journalist(r)
	if err != nil {
		return err
	}
	return p.showAsk(w, r, a, acc, http.StatusOK, askView{In: inquiry.AskInput{Kind: inquiry.Question, Secret: inquiry.NewToken()}})
}

func (p pages) showAsk(w http.ResponseWriter, r *frame.Request, a regulation.Actor, acc people.Account, status int, v askView) error {
	v.Verified = acc.Verified
	for _, k := range inquiry.PressKinds {
		v.Kinds = append(v.Kinds, ui.Option{Value: string(k), Label: catalogue.Capital(r.Lang.T("inquiry.kind." + string(k)))})
	}
	page := p.s.Page(w, r, a, ui.Page{Title: r.Lang.T("inquiry.ask"), Path: "/press/ask", Menu: "questions", NoIndex: true})
	return p.s.Render(w, r, status, askPage(page, v))
}

func (p pages) ask(w http.ResponseWriter, r *frame.Request) error {
	a, acc, err := p.journalist(r)
	if err != nil {
		return err
	}
	f, err := p.s.Form(r)
	if err != nil {
		return err
	}
	in := inquiry.AskInput{
		Kind: inquiry.Kind(f.Text("kind")), Subject: f.Text("subject"), Body: f.Text("body"), Purpose: f.Text("purpose"), Urgent: f.Yes("urgent"),
		Lang: string(r.Lang), Secret: f.Text("secret"),
	}
	rec, err := p.s.Inquiries.Ask(r.Context(), a, in)
	switch code := problem.CodeOf(err); code {
	case "":
		return p.s.See(w, r, "/press/questions/"+rec.Code+"?receipt=1", "")
	case problem.Twice:
		return p.s.See(w, r, "/press/questions/"+problem.All(err)[0].Args["code"]+"?receipt=1", "")
	case problem.Internal, problem.Full:
		return err
	default:
		v := askView{In: in}
		if slices.ContainsFunc(problem.All(err), func(e *problem.Error) bool { return e.Field == "secret" }) {
			v.In.Secret = inquiry.NewToken()
		}
		v.Faults, v.Wrong = ui.Faults(r.Lang, err)
		return p.showAsk(w, r, a, acc, frame.Status(code), v)
	}
}

func (p pages) questions(w http.ResponseWriter, r *frame.Request) error {
	a, _, err := p.journalist(r)
	if err != nil {
		return err
	}
	rows, err := p.rows(r, a, false)
	if err != nil {
		return err
	}
	page := p.s.Page(w, r, a, ui.Page{Title: r.Lang.T("ui.menu.questions"), Path: "/press/questions", Menu: "questions", NoIndex: true})
	return p.s.Render(w, r, http.StatusOK, questionsPage(page, rows))
}

func (p pages) question(w http.ResponseWriter, r *frame.Request) error {
	a, _, err := p.journalist(r)
	if err != nil {
		return err
	}
	return p.showQuestion(w, r, a, http.StatusOK, ask.View{Receipt: r.URL.Query().Has("receipt")})
}

func (p pages) showQuestion(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, v ask.View) error {
	f, err := p.s.Inquiries.Own(r.Context(), a, r.PathValue("code"))
	if err != nil {
		return err
	}
	v = ask.Fill(p.s, r, f, v)
	page := p.s.Page(w, r, a, ui.Page{Title: r.Lang.T("inquiry.follow.title", "code", v.Code), Path: "/press/questions/" + v.Code, Menu: "questions", NoIndex: true})
	return p.s.Render(w, r, status, questionPage(page, v))
}

func (p pages) act(w http.ResponseWriter, r *frame.Request) error {
	a, _, err := p.journalist(r)
	if err != nil {
		return err
	}
	f, err := p.s.Form(r)
	if err != nil {
		return err
	}
	code := strings.ToUpper(r.PathValue("code"))
	v, err := ask.Do(r.Context(), p.s, a, inquiry.AskerRef{Code: code}, f)
	switch c := problem.CodeOf(err); c {
	case "":
		return p.s.See(w, r, "/press/questions/"+code, "inquiry.follow.done."+v.Do)
	case problem.NotFound, problem.Internal, problem.Full:
		return err
	default:
		v.Faults, v.Wrong = ui.Faults(r.Lang, err)
		return p.showQuestion(w, r, a, frame.Status(c), v)
	}
}

type outletView struct {
	Outlet     people.Outlet
	Account    people.Account
	Colleagues []people.Account // for who leads the outlet
}

func (p pages) outlet(w http.ResponseWriter, r *frame.Request) error {
	a, acc, err := p.journalist(r)
	if err != nil {
		return err
	}
	v := outletView{Account: acc}
	if v.Outlet, err = p.s.People.Outlet(r.Context(), acc.Outlet); err != nil {
		return err
	}
	if a.Has(regulation.OutletLead, "") {
		if v.Colleagues, err = p.s.People.Accounts(r.Context(), people.Filter{Outlet: acc.Outlet}); err != nil {
			return err
		}
	}
	page := p.s.Page(w, r, a, ui.Page{Title: r.Lang.T("ui.menu.outlet"), Path: "/press/outlet", Menu: "outlet", NoIndex: true})
	return p.s.Render(w, r, http.StatusOK, outletPage(page, v))
}
