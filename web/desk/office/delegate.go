package office

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"khue/people"
	"khue/problem"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/ui"
)

// standInView is a stand-in in words.
type standInView struct {
	ID     string
	Words  string // "Phó Một thay Lê Giám Đốc, lãnh đạo cơ quan, Sở Xây dựng"
	Matter string
	Href   string
	Until  string
	Paper  string
	Runs   bool
	End    bool // the reader may end it
}

func (d desk) standIns(r *frame.Request, a regulation.Actor, list []people.StandIn) []standInView {
	var views []standInView
	for _, s := range list {
		name := func(id string) string { return d.s.People.NameOf(r.Context(), id, string(r.Lang)) }
		t := regulation.Thing{Kind: "stand-in", ID: s.ID, Office: s.Office, Author: s.Giver}
		if a.ID == s.Holder {
			t.Author = a.ID
		}
		runs := s.Runs(d.s.Now())
		views = append(views, standInView{
			ID: s.ID, Matter: d.matterWords(r, s.Matter), Href: matterHref(r, s.Matter), Until: ui.DateTime(r.Lang, s.Until), Paper: s.Paper, Runs: runs,
			Words: r.Lang.T("office.stand-in", "holder", name(s.Holder), "giver", name(s.Giver), "post", d.postWords(r, regulation.Post{Role: s.Role, Office: s.Office})),
			End:   runs && d.may(a, "people.stand-in.end", t),
		})
	}
	return views
}

// matterHref gives the desk's page of a thing; the rooms' pages take an id as well as a code.
func matterHref(r *frame.Request, thing string) string {
	kind, id, _ := strings.Cut(thing, "/")
	switch kind {
	case "release":
		return r.Href("/desk/releases/" + url.PathEscape(id))
	case "inquiry":
		return r.Href("/desk/inquiries/" + url.PathEscape(id))
	case "claim":
		return r.Href("/desk/claims/" + url.PathEscape(id))
	case "account":
		return r.Href("/desk/people/" + url.PathEscape(id))
	}
	return ""
}

// matterWords names a thing by the title of its duties, else by its room.
func (d desk) matterWords(r *frame.Request, thing string) string {
	list, err := d.s.Duties.Of(r.Context(), d.s.DB, thing)
	if err == nil {
		for _, y := range list {
			if y.Title != "" {
				return y.Title
			}
		}
	}
	kind, id, _ := strings.Cut(thing, "/")
	if r.Lang.Has("office.matter." + kind) {
		return r.Lang.T("office.matter."+kind, "id", id)
	}
	return thing
}

type delegateView struct {
	In      people.Delegate
	Posts   []ui.Option // what the reader can give: "role@office"
	Post    string
	Matters []ui.Option
	People  []ui.Option
	Given   []standInView
	Held    []standInView
	Faults  []ui.Fault
	Wrong   map[string]string
}

func (d desk) delegateForm(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	v := delegateView{Post: q.Get("post")}
	v.In = people.Delegate{Matter: q.Get("matter"), To: q.Get("to"), Until: tomorrow(d.s.Now())}
	return d.showDelegate(w, r, a, http.StatusOK, v)
}

// tomorrow gives the end that the form proposes: the close of the next day, 17:00 in Vietnam.
func tomorrow(now time.Time) time.Time {
	t := now.In(ui.Zone).AddDate(0, 0, 1)
	return time.Date(t.Year(), t.Month(), t.Day(), 17, 0, 0, 0, ui.Zone)
}

func (d desk) showDelegate(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, v delegateView) error {
	ctx := r.Context()
	p := d.page(w, r, a, r.Lang.T("office.delegate"), "/desk/delegate", "people")
	give := d.s.People.Givable(a)
	for _, post := range give {
		v.Posts = append(v.Posts, ui.Option{Value: string(post.Role) + "@" + post.Office, Label: d.postWords(r, post)})
	}
	if v.Post == "" && len(v.Posts) > 0 {
		v.Post = v.Posts[0].Value
	}
	if err := d.candidates(r, a, give, &v); err != nil {
		return err
	}
	if err := d.matters(r, give, &v); err != nil {
		return err
	}
	given, err := d.s.People.StandInsGiven(ctx, a.ID)
	if err != nil {
		return err
	}
	held, err := d.s.People.StandInsHeld(ctx, a.ID)
	if err != nil {
		return err
	}
	v.Given, v.Held = d.standIns(r, a, given), d.standIns(r, a, held)
	return d.s.Render(w, r, status, delegatePage(p, v))
}

// candidates lists whom the reader can choose: the people of the same offices.
func (d desk) candidates(r *frame.Request, a regulation.Actor, give []regulation.Post, v *delegateView) error {
	var seen []string
	for _, post := range give {
		if slices.Contains(seen, post.Office) {
			continue
		}
		seen = append(seen, post.Office)
		list, err := d.s.People.Accounts(r.Context(), people.Filter{Office: post.Office})
		if err != nil {
			return err
		}
		for _, acc := range list {
			if acc.ID != a.ID && !slices.ContainsFunc(v.People, func(o ui.Option) bool { return o.Value == acc.ID }) {
				v.People = append(v.People, ui.Option{Value: acc.ID, Label: r.Lang.T("office.candidate", "name", acc.NameIn(string(r.Lang)), "posts", d.postsWords(r, acc.Posts))})
			}
		}
	}
	return nil
}

// matters lists the open work of the reader's offices, so that one can be chosen; the one that the page was opened for comes first.
func (d desk) matters(r *frame.Request, give []regulation.Post, v *delegateView) error {
	add := func(thing, title string) {
		if !slices.ContainsFunc(v.Matters, func(o ui.Option) bool { return o.Value == thing }) {
			v.Matters = append(v.Matters, ui.Option{Value: thing, Label: title})
		}
	}
	if v.In.Matter != "" {
		add(v.In.Matter, d.matterWords(r, v.In.Matter))
	}
	open := []regulation.DutyState{regulation.DutyRunning, regulation.DutyPaused, regulation.DutyMissed}
	for _, post := range give {
		list, err := d.s.Duties.List(r.Context(), regulation.DutyFilter{Office: post.Office, States: open, Limit: 50})
		if err != nil {
			return err
		}
		for _, y := range list {
			switch kind, _, _ := strings.Cut(y.Thing, "/"); kind {
			case "release", "inquiry", "claim":
				add(y.Thing, d.matterWords(r, y.Thing))
			}
		}
	}
	return nil
}

func (d desk) delegate(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	role, office, _ := strings.Cut(f.Text("role"), "@")
	in := people.Delegate{To: f.Text("to"), Role: regulation.Role(role), Office: office, Matter: f.Text("matter"), Paper: f.Text("paper"), Reason: f.Text("reason")}
	in.Until, err = f.Time("until")
	var made people.StandIn
	if err == nil {
		made, err = d.s.People.Delegate(r.Context(), a, in)
	}
	if err != nil {
		return failed(r, err, func(status int, faults []ui.Fault, wrong map[string]string) error {
			return d.showDelegate(w, r, a, status, delegateView{In: in, Post: f.Text("role"), Faults: faults, Wrong: wrong})
		})
	}
	return d.s.See(w, r, "/desk/delegate", "office.delegated", "name", d.s.People.NameOf(r.Context(), made.Holder, string(r.Lang)), "until", ui.DateTime(r.Lang, made.Until))
}

func (d desk) endStandIn(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	err = d.s.People.EndStandIn(r.Context(), a, r.PathValue("id"))
	if err != nil && problem.CodeOf(err) != problem.State { // it ended meanwhile: that is what was wanted
		return err
	}
	return d.s.See(w, r, "/desk/delegate", "office.stand-in.ended")
}
