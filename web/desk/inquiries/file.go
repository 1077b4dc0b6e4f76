package inquiries

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"khue/inquiry"
	"khue/problem"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

// clockView is a clock with what it is for.
type clockView struct {
	Label string
	Clock ui.ClockProps
}

// partView is one office's part.
type partView struct {
	inquiry.Part
	Name  string
	Word  string
	Steps []step
}

// fileView is the page of an inquiry.
type fileView struct {
	inquiry.File
	Actor       regulation.Actor
	Steps       []step
	Main        step
	Clocks      []clockView
	Parts       []partView
	History     []ui.HistoryItem
	Asker       []ui.Pair
	Ground      inquiry.Ground
	Drafter     string
	Delegate    string // where a head names who approves instead
	MayTakeBack bool   // a public answer
	Faults      []ui.Fault
}

func (d desk) show(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if strings.Contains(id, "-20") && len(id) < 20 { // a readable code
		f, err := d.s.Inquiries.ByCode(r.Context(), a, id)
		if err != nil {
			return err
		}
		return d.s.See(w, r, "/desk/inquiries/"+f.ID, "")
	}
	return d.page(w, r, a, id, nil)
}

// page shows an inquiry, with the fault of an act that could not be done.
func (d desk) page(w http.ResponseWriter, r *frame.Request, a regulation.Actor, id string, fault error) error {
	f, err := d.s.Inquiries.Get(r.Context(), a, id)
	if err != nil {
		return err
	}
	v := fileView{File: f, Actor: a, Ground: d.s.Inquiries.GroundOf(f.Ground), Steps: d.steps(r, a, f.Inquiry)}
	v.MayTakeBack = f.State.Allows(inquiry.DoReopen) && d.s.Inquiries.May(a, "inquiry.withdraw-answer", f.Inquiry, "")
	for _, s := range v.Steps {
		if s.Main {
			v.Main = s
		}
	}
	if f.Drafter != "" {
		v.Drafter = d.name(r, f.Drafter)
	}
	for _, p := range f.Parts {
		if p.State != inquiry.PartDropped && f.State.Open() && a.Has(regulation.OfficeHead, p.Office) {
			v.Delegate = r.Href("/desk/delegate?matter=" + url.QueryEscape(f.Ref()))
		}
	}
	v.Clocks = d.clocks(r, f)
	for _, p := range f.Parts {
		pv := partView{Part: p, Name: d.s.OfficeName(r, p.Office), Word: r.Lang.T("inquiry.part." + string(p.State))}
		for _, s := range v.Steps {
			if s.Office == p.Office {
				pv.Steps = append(pv.Steps, s)
			}
		}
		v.Parts = append(v.Parts, pv)
	}
	v.Asker, v.History = d.asker(r, f), d.history(r, f)
	status := http.StatusOK
	if fault != nil {
		v.Faults, _ = ui.Faults(r.Lang, fault)
		status = frame.Status(problem.CodeOf(fault))
	}
	page := d.s.Page(w, r, a, ui.Page{Title: f.Code, Path: "/desk/inquiries/" + f.ID, Menu: "inquiries", NoIndex: true})
	return d.s.Render(w, r, status, filePage(page, v))
}

// clocks gives an inquiry's clocks, those that are void left out.
func (d desk) clocks(r *frame.Request, f inquiry.File) []clockView {
	var list []clockView
	for _, y := range f.Duties {
		if y.State != regulation.DutyVoid {
			list = append(list, clockView{r.Lang.T("inquiry.clock." + y.Kind), site.Clock(r.Lang, y, d.s.Now())})
		}
	}
	return list
}

// asker says who asks and how to reach the person; contacts are there for the centre only.
func (d desk) asker(r *frame.Request, f inquiry.File) []ui.Pair {
	var list []ui.Pair
	add := func(key, text string) {
		if text != "" {
			list = append(list, ui.Pair{Term: r.Lang.T(key), Text: text})
		}
	}
	add("inquiry.label.asker", r.Lang.T("inquiry.asker."+string(f.Asker)))
	outlet := d.s.OutletName(r, f.Outlet)
	if outlet == "" {
		outlet = f.Contact.Outlet
	}
	add("inquiry.ask.outlet", outlet)
	if f.Verification != "" {
		add("inquiry.label.verification", r.Lang.T("inquiry.verification."+string(f.Verification)))
	}
	name := f.Contact.Name
	if f.Account != "" {
		name = d.name(r, f.Account)
	}
	add("inquiry.ask.name", name)
	add("inquiry.ask.phone", f.Contact.Phone)
	add("label.email", f.Contact.Email)
	add("inquiry.label.channel", r.Lang.T("inquiry.channel."+string(f.Channel)))
	add("inquiry.label.received", ui.DateTime(r.Lang, f.Received))
	return list
}

func (d desk) history(r *frame.Request, f inquiry.File) []ui.HistoryItem {
	var list []ui.HistoryItem
	for _, s := range f.Steps {
		h := ui.HistoryItem{Time: s.At, What: r.Lang.T("inquiry.did." + s.Verb), Reason: s.Note}
		var names []string
		for _, o := range strings.Fields(s.Office) {
			names = append(names, d.s.OfficeName(r, o))
		}
		if len(names) > 0 {
			h.What += ": " + strings.Join(names, ", ")
		}
		switch {
		case s.Actor == "":
			h.Who = r.Lang.T("inquiry.label.asker")
		case strings.HasPrefix(s.Actor, "system:"):
		default:
			h.Who = d.name(r, s.Actor)
		}
		list = append(list, h)
	}
	slices.Reverse(list)
	return list
}

func (d desk) name(r *frame.Request, account string) string {
	return d.s.People.NameOf(r.Context(), account, string(r.Lang))
}
