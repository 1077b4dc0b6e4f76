package office

import (
	"net/http"
	"net/url"
	"strings"

	"khue/people"
	"khue/problem"
	"khue/profile"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type officesView struct {
	Query  string
	Groups []officeGroup
	Count  int
	Add    bool
}

type officeGroup struct {
	ID, Name, Binds string
	Rows            [][]ui.Cell
}

func kindName(r *frame.Request, k profile.Kind) string {
	if r.Lang == "en" {
		return k.En
	}
	return k.Vi
}

func (d desk) offices(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	p := d.page(w, r, a, r.Lang.T("office.offices"), "/desk/offices", "people")
	v := officesView{Query: strings.TrimSpace(r.URL.Query().Get("q")), Add: d.may(a, "people.office.set", regulation.Thing{Kind: "office"})}
	var list []people.Office
	if v.Query != "" {
		list, err = d.s.People.FindOffice(r.Context(), v.Query)
	} else {
		list, err = d.s.People.Offices(r.Context())
	}
	if err != nil {
		return err
	}
	speakers, err := d.speakers(r)
	if err != nil {
		return err
	}
	v.Count = len(list)
	for _, k := range d.s.People.Kinds() {
		g := officeGroup{ID: "kind-" + k.Kind, Name: kindName(r, k), Binds: p.T("office.binds."+k.Binds, "source", k.Source)}
		for _, o := range list {
			if o.Kind == k.Kind {
				speaker := ui.Cell{Text: speakers[o.Code]}
				if speaker.Text == "" && o.ByLaw {
					speaker = ui.Cell{Value: ui.Sign(ui.Care, p.T("office.no-speaker"))}
				}
				g.Rows = append(g.Rows, []ui.Cell{{Text: o.NameIn(string(r.Lang)), Href: p.Href("/desk/offices/" + url.PathEscape(o.Code))}, {Text: o.Code}, speaker})
			}
		}
		if len(g.Rows) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	return d.s.Render(w, r, http.StatusOK, officesPage(p, v))
}

// speakers gives the name of each office's spokesperson.
func (d desk) speakers(r *frame.Request) (map[string]string, error) {
	list, err := d.s.People.Spokespersons(r.Context())
	m := map[string]string{}
	for _, s := range list {
		m[s.Office] = s.Name
	}
	return m, err
}

type officeView struct {
	Office   people.Office
	Pairs    []ui.Pair
	Rows     [][]ui.Cell // its people
	Speaker  *people.Spokesperson
	Clock    *ui.ClockProps // of rule 7, while the new one is not yet listed
	StandIns []standInView
	Duties   []ui.Row
	In       people.Assign
	People   []ui.Option // who can be made the spokesperson
	Assign   bool
	Delegate bool
	Invite   bool
	Faults   []ui.Fault
	Wrong    map[string]string
}

func (d desk) office(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	return d.showOffice(w, r, a, http.StatusOK, officeView{})
}

func (d desk) showOffice(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, v officeView) error {
	o, err := d.s.People.Office(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	ctx, lang := r.Context(), string(r.Lang)
	p := d.page(w, r, a, o.NameIn(lang), "/desk/offices/"+url.PathEscape(o.Code), "people")
	v.Office = o
	v.Assign = d.may(a, "people.spokesperson.assign", officeThing(o.Code))
	v.Delegate = d.may(a, "people.delegate", officeThing(o.Code))
	v.Invite = d.may(a, "people.account.create", regulation.Thing{Kind: "account"})
	v.Pairs = d.officePairs(r, p, o)
	if err := d.officePeople(r, p, a, &v); err != nil {
		return err
	}
	s, err := d.s.People.SpokespersonOf(ctx, o.Code)
	if err == nil {
		v.Speaker = &s
		duties, err := d.s.Duties.Of(ctx, d.s.DB, s.Ref())
		if err != nil {
			return err
		}
		if y, ok := site.Soonest(duties); ok {
			c := site.Clock(r.Lang, y, d.s.Now())
			v.Clock = &c
		}
	} else if problem.CodeOf(err) != problem.NotFound {
		return err
	}
	standing, err := d.s.People.StandInsAt(ctx, o.Code)
	if err != nil {
		return err
	}
	v.StandIns = d.standIns(r, a, standing)
	if v.Duties, err = d.officeDuties(r, a, o.Code); err != nil {
		return err
	}
	return d.s.Render(w, r, status, officePage(p, v))
}

func (d desk) officePairs(r *frame.Request, p ui.Page, o people.Office) []ui.Pair {
	kind, binds := o.Kind, "agreement"
	for _, k := range d.s.People.Kinds() {
		if k.Kind == o.Kind {
			kind, binds = kindName(r, k), k.Binds
		}
	}
	pairs := []ui.Pair{{Term: p.T("office.f.code"), Text: o.Code}, {Term: p.T("office.kind"), Text: kind}, {Term: p.T("office.binds"), Text: p.T("office.binds."+binds, "source", o.Source)}}
	if o.Parent != "" {
		pairs = append(pairs, ui.Pair{Term: p.T("office.f.parent"), Text: d.s.OfficeName(r, o.Parent)})
	}
	if former := d.s.People.Formerly(o.Code); len(former) > 0 {
		pairs = append(pairs, ui.Pair{Term: p.T("office.formerly"), Text: strings.Join(former, "; ")})
	}
	if o.ValidTo != "" {
		pairs = append(pairs, ui.Pair{Term: p.T("office.f.valid_to"), Text: o.ValidTo})
	}
	return pairs
}

// officePeople lists who has a post at the office. Contacts are for those who may see the accounts.
func (d desk) officePeople(r *frame.Request, p ui.Page, a regulation.Actor, v *officeView) error {
	list, err := d.s.People.Accounts(r.Context(), people.Filter{Office: v.Office.Code})
	if err != nil {
		return err
	}
	v.People = []ui.Option{{Label: p.T("office.speaker.other")}}
	for _, acc := range list {
		var here []regulation.Post
		for _, post := range acc.Posts {
			if post.Office == v.Office.Code {
				here = append(here, post)
			}
		}
		words := make([]string, len(here))
		for i, post := range here {
			words[i] = r.Lang.T("role." + string(post.Role))
		}
		t := thingOf(acc)
		t.Office = v.Office.Code
		row := []ui.Cell{{Text: acc.NameIn(string(r.Lang))}, {Text: strings.Join(words, "; ")}, {}, {}}
		if d.may(a, "people.account.view", t) {
			row[0].Href = p.Href("/desk/people/" + acc.ID)
			row[2].Text, row[3].Text = acc.Phone, acc.Email
		}
		v.Rows = append(v.Rows, row)
		v.People = append(v.People, ui.Option{Value: acc.ID, Label: acc.NameIn(string(r.Lang))})
	}
	return nil
}

// officeDuties lists the open duties of an office, for its own people and the centre's.
func (d desk) officeDuties(r *frame.Request, a regulation.Actor, code string) ([]ui.Row, error) {
	if !a.Staff() && !a.Has(regulation.OfficeHead, code) && !a.Has(regulation.FocalPoint, code) && !a.Has(regulation.Officer, code) && !a.Has(regulation.Spokesman, code) {
		return nil, nil
	}
	if d.s.Closed(a)["inquiries"] { // what they are about may not be opened either
		return nil, nil
	}
	list, err := d.s.Duties.List(r.Context(), regulation.DutyFilter{Office: code, States: []regulation.DutyState{regulation.DutyRunning, regulation.DutyPaused, regulation.DutyMissed}, Limit: 50})
	if err != nil {
		return nil, err
	}
	var rows []ui.Row
	for _, y := range list {
		title := y.Title
		if title == "" {
			title = r.Lang.T("duty.kind." + y.Kind)
		}
		rows = append(rows, ui.Row{
			ID: "duty-" + y.ID, Title: title, Href: matterHref(r, y.Thing), Sub: r.Lang.T("duty.kind." + y.Kind), Clock: ui.Clock(site.Clock(r.Lang, y, d.s.Now())),
		})
	}
	return rows, nil
}

func (d desk) assign(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	code := r.PathValue("code")
	if f.Text("do") == "end" {
		if err := d.s.People.EndSpokesperson(r.Context(), a, code); err != nil {
			return err
		}
		return d.s.See(w, r, "/desk/offices/"+url.PathEscape(code), "office.speaker.ended")
	}
	in := people.Assign{
		Office: code, Account: f.Text("account"), Name: f.Text("name"), Title: f.Text("position"), TitleEN: f.Text("position_en"), Phone: f.Text("phone"), Email: f.Text("email"), Paper: f.Text("paper"),
	}
	in.Since, err = f.Time("since")
	if err == nil {
		_, err = d.s.People.AssignSpokesperson(r.Context(), a, in)
	}
	if err != nil {
		return failed(r, err, func(status int, faults []ui.Fault, wrong map[string]string) error {
			return d.showOffice(w, r, a, status, officeView{In: in, Faults: faults, Wrong: wrong})
		})
	}
	return d.s.See(w, r, "/desk/offices/"+url.PathEscape(code), "office.speaker.assigned")
}

type newOfficeView struct {
	In     people.Office
	Kinds  []ui.Option
	Known  []ui.Option
	Faults []ui.Fault
	Wrong  map[string]string
}

func (d desk) newOffice(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err == nil {
		err = d.s.Rules.Can(a, "people.office.set", regulation.Thing{Kind: "office"}, d.s.Now())
	}
	if err != nil {
		return err
	}
	return d.showNewOffice(w, r, a, http.StatusOK, newOfficeView{})
}

func (d desk) showNewOffice(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, v newOfficeView) error {
	var err error
	if v.Known, err = d.known(r); err != nil {
		return err
	}
	for _, k := range d.s.People.Kinds() {
		if k.Kind != "ward" && k.Kind != "centre" {
			v.Kinds = append(v.Kinds, ui.Option{Value: k.Kind, Label: kindName(r, k)})
		}
	}
	p := d.page(w, r, a, r.Lang.T("office.add"), "/desk/offices/new", "people")
	return d.s.Render(w, r, status, newOfficePage(p, v))
}

func (d desk) addOffice(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	in := people.Office{Code: f.Text("code"), Name: f.Text("name"), NameEN: f.Text("name_en"), Kind: f.Text("kind"), Parent: d.officeOf(r, f.Text("parent"))}
	if _, err = d.s.People.Office(r.Context(), strings.ToUpper(in.Code)); err == nil {
		err = problem.Of("code", problem.Invalid, "why", "@office.code-taken")
	} else if problem.CodeOf(err) == problem.NotFound {
		in, err = d.s.People.SetOffice(r.Context(), a, in)
	}
	if err != nil {
		return failed(r, err, func(status int, faults []ui.Fault, wrong map[string]string) error {
			return d.showNewOffice(w, r, a, status, newOfficeView{In: in, Faults: faults, Wrong: wrong})
		})
	}
	return d.s.See(w, r, "/desk/offices/"+url.PathEscape(in.Code), "office.added")
}
