package office

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"khue/people"
	"khue/problem"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/ui"
)

type peopleView struct {
	Query  string
	Tabs   []ui.Tab
	Rows   [][]ui.Cell
	More   bool // there are more than are shown
	Invite bool
}

// shown is how many accounts stand on the page.
const shown = 200

func (d desk) people(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	f := people.Filter{Text: q.Get("q"), Role: regulation.Role(q.Get("role")), Office: d.officeOf(r, strings.TrimSpace(q.Get("office"))), Limit: shown}
	show := q.Get("show")
	f.Unverified, f.Closed = show == "unverified", show == "closed"
	list, err := d.s.People.ListAccounts(r.Context(), a, f)
	if err == nil && len(list) == 0 && f.Text != "" && f.Office == "" { // the name of an office means its people
		if code := d.officeOf(r, f.Text); d.s.OfficeName(r, code) != code {
			named := f
			named.Text, named.Office = "", code
			list, err = d.s.People.ListAccounts(r.Context(), a, named)
		}
	}
	if problem.CodeOf(err) == problem.Forbidden { // people of an office see their own
		for _, code := range ownOffices(a) {
			return d.s.See(w, r, "/desk/offices/"+url.PathEscape(code), "")
		}
	}
	if err != nil {
		return err
	}
	p := d.page(w, r, a, r.Lang.T("office.people"), "/desk/people", "people")
	v := peopleView{Query: f.Text, More: len(list) == shown, Invite: d.may(a, "people.account.create", regulation.Thing{Kind: "account"})}
	for _, t := range []string{"", "unverified", "closed"} {
		word, address := t, p.Href("/desk/people?show="+t)
		if t == "" {
			word, address = "all", p.Href("/desk/people")
		}
		v.Tabs = append(v.Tabs, ui.Tab{Label: p.T("office.show." + word), Href: address, Current: t == show})
	}
	v.Tabs = append(v.Tabs, ui.Tab{Label: p.T("office.offices"), Href: p.Href("/desk/offices")})
	for _, acc := range list {
		if f.Closed && !acc.Closed {
			continue
		}
		posts := d.postsWords(r, acc.Posts)
		if posts == "" && acc.Outlet != "" {
			posts = d.s.OutletName(r, acc.Outlet)
		}
		kind, word := stateOf(p, acc)
		v.Rows = append(v.Rows, []ui.Cell{
			{Text: acc.NameIn(string(r.Lang)), Href: p.Href("/desk/people/" + acc.ID)}, {Text: acc.Email}, {Text: posts}, {Value: ui.Sign(kind, word)},
		})
	}
	return d.s.Render(w, r, http.StatusOK, peoplePage(p, v))
}

type inviteView struct {
	In     people.NewAccount
	Role   [newPosts]string
	Office [newPosts]string
	Roles  []ui.Option
	Known  []ui.Option // offices
	Faults []ui.Fault
	Wrong  map[string]string
}

func (d desk) invite(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	if err := d.s.Rules.Can(a, "people.account.create", regulation.Thing{Kind: "account"}, d.s.Now()); err != nil {
		return err
	}
	v := inviteView{In: people.NewAccount{Lang: "vi"}}
	v.Office[0] = r.URL.Query().Get("office")
	return d.showInvite(w, r, a, http.StatusOK, v)
}

func (d desk) showInvite(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, v inviteView) error {
	var err error
	if v.Known, err = d.known(r); err != nil {
		return err
	}
	p := d.page(w, r, a, r.Lang.T("office.invite"), "/desk/people/new", "people")
	v.Roles = roleOptions(r, p.T("office.no-role"))
	return d.s.Render(w, r, status, invitePage(p, v))
}

// known lists the offices to choose from.
func (d desk) known(r *frame.Request) ([]ui.Option, error) {
	offices, err := d.s.OfficeOptions(r)
	return append([]ui.Option{{Label: r.Lang.T("office.no-office")}}, offices...), err
}

func (d desk) sendInvite(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	v := inviteView{
		In:   people.NewAccount{Email: f.Text("email"), Name: f.Text("name"), NameEN: f.Text("name_en"), Title: f.Text("position"), Phone: f.Text("phone"), Lang: f.Text("lang"), Posts: d.postsOf(r, f)},
		Role: [newPosts]string{f.Text("role1"), f.Text("role2")}, Office: [newPosts]string{f.Text("office1"), f.Text("office2")},
	}
	made, err := d.s.People.CreateAccount(r.Context(), a, v.In)
	if err != nil {
		return failed(r, err, func(status int, faults []ui.Fault, wrong map[string]string) error {
			v.Faults, v.Wrong = faults, wrong
			return d.showInvite(w, r, a, status, v)
		})
	}
	return d.showLink(w, r, a, made.Account, made.Link, people.Invite)
}

type linkView struct {
	Account people.Account
	Link    string
	Purpose people.Purpose
}

// showLink shows a link once, in the answer of the form that made it: it stands in no address and in no cookie.
func (d desk) showLink(w http.ResponseWriter, r *frame.Request, a regulation.Actor, acc people.Account, link string, why people.Purpose) error {
	p := d.page(w, r, a, r.Lang.T("office.link."+string(why)), "/desk/people/"+acc.ID, "people")
	return d.s.Render(w, r, http.StatusOK, linkPage(p, linkView{acc, link, why}))
}

type personView struct {
	Account  people.Account
	Pairs    []ui.Pair
	Posts    []ui.Option
	Roles    []ui.Option
	Known    []ui.Option
	Sessions []sessionView
	Held     []standInView
	Offices  []ui.Option
	Langs    []ui.Option
	// what the reader may do
	Change, Profile, Close, End, Verify bool
	Faults                              []ui.Fault
	Wrong                               map[string]string
}

func (d desk) person(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	return d.showPerson(w, r, a, http.StatusOK, nil, nil)
}

func (d desk) showPerson(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, faults []ui.Fault, wrong map[string]string) error {
	acc, err := d.s.People.View(r.Context(), a, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := d.page(w, r, a, acc.NameIn(string(r.Lang)), "/desk/people/"+acc.ID, "people")
	t, open := thingOf(acc), !acc.Closed
	v := personView{
		Account: acc, Faults: faults, Wrong: wrong, Roles: roleOptions(r, p.T("office.no-role")), Langs: langs(p),
		Change:  open && d.may(a, "people.account.change", t),
		Profile: open && d.may(a, "people.account.profile", t),
		Close:   open && d.may(a, "people.account.close", t),
		End:     open && d.may(a, "people.session.end", t),
		Verify:  open && acc.Outlet != "" && !acc.Verified && d.may(a, "people.journalist.verify", t),
	}
	if v.Known, err = d.known(r); err != nil {
		return err
	}
	for _, post := range acc.Posts {
		if post.Role != regulation.Journalist && post.Role != regulation.OutletLead {
			v.Posts = append(v.Posts, ui.Option{Value: string(post.Role) + "@" + post.Office, Label: d.postWords(r, post)})
			o := ui.Option{Value: p.Href("/desk/offices/" + url.PathEscape(post.Office)), Label: d.s.OfficeName(r, post.Office)}
			if !slices.Contains(v.Offices, o) {
				v.Offices = append(v.Offices, o)
			}
		}
	}
	v.Pairs = d.personPairs(r, p, acc)
	held, err := d.s.People.StandInsHeld(r.Context(), acc.ID)
	if err != nil {
		return err
	}
	v.Held = d.standIns(r, a, held)
	if v.End {
		list, err := d.s.People.Sessions(r.Context(), a, acc.ID, "")
		if err != nil {
			return err
		}
		v.Sessions = sessionsOf(p, list)
	}
	return d.s.Render(w, r, status, personPage(p, v))
}

func (d desk) personPairs(r *frame.Request, p ui.Page, acc people.Account) []ui.Pair {
	kind, word := stateOf(p, acc)
	pairs := []ui.Pair{{Term: p.T("office.state"), Value: ui.Sign(kind, word)}, {Term: p.T("office.f.email"), Text: acc.Email}}
	add := func(term, text string) {
		if text != "" {
			pairs = append(pairs, ui.Pair{Term: term, Text: text})
		}
	}
	if acc.Outlet != "" && !acc.Proven {
		pairs = append(pairs, ui.Pair{Term: p.T("office.proof"), Value: ui.Sign(ui.Care, p.T("office.proof.none"))})
	}
	add(p.T("office.f.phone"), acc.Phone)
	add(p.T("office.f.position"), acc.Title)
	add(p.T("office.f.name_en"), acc.NameEN)
	add(p.T("office.f.outlet"), d.s.OutletName(r, acc.Outlet))
	add(p.T("office.posts"), d.postsWords(r, acc.Posts))
	add(p.T("office.created"), ui.Date(r.Lang, acc.Created))
	add(p.T("office.changed"), p.T("office.changed.by", "time", ui.ShortDateTime(r.Lang, acc.Changed), "name", d.s.People.NameOf(r.Context(), acc.ChangedBy, string(r.Lang))))
	return pairs
}

// act runs one form of an account's page and goes back there; the page shows what was wrong.
func (d desk) act(w http.ResponseWriter, r *frame.Request, said string, do func(a regulation.Actor, acc people.Account) error) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	acc, err := d.s.People.View(r.Context(), a, r.PathValue("id"))
	if err == nil {
		err = do(a, acc)
	}
	if err != nil {
		return failed(r, err, func(status int, faults []ui.Fault, wrong map[string]string) error {
			return d.showPerson(w, r, a, status, faults, wrong)
		})
	}
	return d.s.See(w, r, "/desk/people/"+acc.ID, said, "name", acc.NameIn(string(r.Lang)))
}

func (d desk) setPosts(w http.ResponseWriter, r *frame.Request) error {
	f, err := d.s.Form(r)
	if err != nil {
		return err
	}
	return d.act(w, r, "office.posts.set", func(a regulation.Actor, acc people.Account) error {
		_, err := d.s.People.SetPosts(r.Context(), a, people.SetPosts{Account: acc.ID, Posts: d.postsOf(r, f), Version: f.Version("version")})
		return err
	})
}

func (d desk) setProfile(w http.ResponseWriter, r *frame.Request) error {
	f, err := d.s.Form(r)
	if err != nil {
		return err
	}
	return d.act(w, r, "office.profile.set", func(a regulation.Actor, acc people.Account) error {
		_, err := d.s.People.ChangeProfile(r.Context(), a, people.Profile{
			Account: acc.ID, Name: f.Text("name"), NameEN: f.Text("name_en"), Title: f.Text("position"), Phone: f.Text("phone"), Lang: f.Text("lang"), Version: f.Version("version"),
		})
		return err
	})
}

func (d desk) verify(w http.ResponseWriter, r *frame.Request) error {
	return d.act(w, r, "office.verified", func(a regulation.Actor, acc people.Account) error {
		return d.s.People.VerifyJournalist(r.Context(), a, acc.ID)
	})
}

func (d desk) endSessions(w http.ResponseWriter, r *frame.Request) error {
	f, err := d.s.Form(r)
	if err != nil {
		return err
	}
	return d.act(w, r, "office.sessions.ended", func(a regulation.Actor, acc people.Account) error {
		if id := f.Text("session"); id != "" {
			return d.s.People.EndSession(r.Context(), a, id)
		}
		return d.s.People.EndSessions(r.Context(), a, acc.ID, "")
	})
}

func (d desk) sendLink(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	acc, err := d.s.People.View(r.Context(), a, r.PathValue("id"))
	if err != nil {
		return err
	}
	why := people.Reset
	if !acc.HasPassword {
		why = people.Invite
	}
	link, err := d.s.People.SendLink(r.Context(), a, acc.ID, why)
	if err != nil {
		return err
	}
	return d.showLink(w, r, a, acc, link, why)
}

func (d desk) askClose(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	acc, err := d.s.People.View(r.Context(), a, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := d.s.Rules.Can(a, "people.account.close", thingOf(acc), d.s.Now()); err != nil {
		return err
	}
	p := d.page(w, r, a, r.Lang.T("office.close"), "/desk/people/"+acc.ID+"/close", "people")
	return d.s.Render(w, r, http.StatusOK, closePage(p, acc))
}

func (d desk) close(w http.ResponseWriter, r *frame.Request) error {
	f, err := d.s.Form(r)
	if err != nil {
		return err
	}
	return d.act(w, r, "office.closed", func(a regulation.Actor, acc people.Account) error {
		return d.s.People.Close(r.Context(), a, acc.ID, f.Version("version"))
	})
}
