package office

import (
	"net/http"
	"strings"

	"khue/people"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/ui"
)

type meView struct {
	Desk     bool // which layout
	Account  people.Account
	Posts    string
	Outlet   string
	Langs    []ui.Option
	Sessions []sessionView
	Held     []standInView
	Faults   []ui.Fault
	Wrong    map[string]string
}

func langs(p ui.Page) []ui.Option {
	return []ui.Option{{Value: "vi", Label: p.T("office.lang.vi")}, {Value: "en", Label: p.T("office.lang.en")}}
}

func (d desk) me(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Person(r)
	if err != nil {
		return err
	}
	return d.showMe(w, r, a, http.StatusOK, meView{})
}

func (d desk) showMe(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, v meView) error {
	acc, err := d.s.People.Account(r.Context(), a.ID)
	if err != nil {
		return err
	}
	p := d.page(w, r, a, r.Lang.T("office.me"), "/desk/me", "")
	list, err := d.s.People.Sessions(r.Context(), a, a.ID, d.s.Token(r))
	if err != nil {
		return err
	}
	held, err := d.s.People.StandInsHeld(r.Context(), a.ID)
	if err != nil {
		return err
	}
	v.Desk, v.Account, v.Langs, v.Posts, v.Outlet = a.Desk(), acc, langs(p), d.postsWords(r, acc.Posts), d.s.OutletName(r, acc.Outlet)
	v.Sessions, v.Held = sessionsOf(p, list), d.standIns(r, a, held)
	return d.s.Render(w, r, status, mePage(p, v))
}

// sessionView is a session in words.
type sessionView struct {
	ID, Device, Via, Begun, Seen string
	Current                      bool
}

func sessionsOf(p ui.Page, list []people.Session) []sessionView {
	var views []sessionView
	for _, s := range list {
		views = append(views, sessionView{ID: s.ID, Device: device(p, s.Agent), Via: p.T("office.via." + s.Via), Begun: ui.ShortDateTime(p.Lang, s.Begun), Seen: ui.ShortDateTime(p.Lang, s.Seen), Current: s.Current})
	}
	return views
}

// The names that browsers and systems give themselves, the telling ones first: many say that they are others, too.
var (
	browsers = [][2]string{{"coc_coc_browser", "Cốc Cốc"}, {"Edg", "Edge"}, {"OPR", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}}
	systems  = [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}}
)

// device says in a few words with what a session was begun: "Firefox, Linux"; the browser's own text where it is not known.
func device(p ui.Page, agent string) string {
	find := func(list [][2]string) string {
		for _, n := range list {
			if strings.Contains(agent, n[0]) {
				return n[1]
			}
		}
		return ""
	}
	browser, system := find(browsers), find(systems)
	switch {
	case browser != "" && system != "":
		return browser + ", " + system
	case browser+system != "":
		return browser + system
	case agent == "":
		return p.T("office.session.unknown")
	}
	return agent
}

func (d desk) saveMe(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Person(r)
	if err != nil {
		return err
	}
	f, err := d.s.Form(r)
	if err != nil {
		return err
	}
	_, err = d.s.People.ChangeProfile(r.Context(), a, people.Profile{
		Account: a.ID, Name: f.Text("name"), NameEN: f.Text("name_en"), Title: f.Text("position"), Phone: f.Text("phone"), Lang: f.Text("lang"), Version: f.Version("version"),
	})
	if err != nil {
		return d.meAgain(w, r, a, err)
	}
	return d.s.See(w, r, "/desk/me", "office.me.saved")
}

func (d desk) meAgain(w http.ResponseWriter, r *frame.Request, a regulation.Actor, err error) error {
	return failed(r, err, func(status int, faults []ui.Fault, wrong map[string]string) error {
		return d.showMe(w, r, a, status, meView{Faults: faults, Wrong: wrong})
	})
}

func (d desk) password(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Person(r)
	if err != nil {
		return err
	}
	if _, err := d.s.Form(r); err != nil {
		return err
	}
	// A password is taken as it was typed, spaces and all.
	token, err := d.s.People.ChangePassword(r.Context(), a, r.PostForm.Get("old_password"), r.PostForm.Get("password"), r.From.String(), r.UserAgent())
	if err != nil {
		return d.meAgain(w, r, a, err)
	}
	d.s.SetSession(w, token)
	return d.s.See(w, r, "/desk/me", "office.me.password")
}

func (d desk) endMine(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Person(r)
	if err != nil {
		return err
	}
	f, err := d.s.Form(r)
	if err != nil {
		return err
	}
	if id := f.Text("session"); id != "" {
		err = d.s.People.EndSession(r.Context(), a, id)
	} else {
		err = d.s.People.EndSessions(r.Context(), a, a.ID, d.s.Token(r))
	}
	if err != nil {
		return err
	}
	return d.s.See(w, r, "/desk/me", "office.me.sessions")
}
