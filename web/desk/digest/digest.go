// Package digest is the press digest (điểm báo) of the desk: the morning's draft to be ticked, ordered and signed, its sheet, what
// leaders make of it, and who gets it.
//
// Imports web/site, web/ui, web/frame and insight. Read digest.go, then pages.templ; sheet.go draws the PDF.
package digest

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"khue/insight"
	"khue/problem"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type desk struct{ s *site.Site }

// Register puts the pages on a frame.
func Register(f *frame.Frame, s *site.Site) {
	d := desk{s}
	f.Handle("GET /desk/digest", d.list)
	f.Handle("GET /desk/digest/readers", d.readers)
	f.Handle("POST /desk/digest/readers", d.putReader)
	f.Handle("GET /desk/digest/{day}", d.one)
	f.Handle("POST /desk/digest/{day}", d.save)
	f.Handle("POST /desk/digest/{day}/task", d.task)
	f.Handle("GET /desk/digest/{day}/sheet.pdf", d.sheet)
}

type listView struct {
	Rows    []rowView
	Readers bool
}

type rowView struct{ Day, Href, State string }

// shown bounds the days of the list.
const shown = 60

func (d desk) list(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	days, err := d.s.Insight.Digests(r.Context(), a, shown)
	if err != nil {
		return err
	}
	v := listView{Readers: d.may(a, "insight.digest.readers")}
	for _, one := range days {
		v.Rows = append(v.Rows, rowView{Day: day(r, one.Day), Href: r.Href("/desk/digest/" + one.Day), State: d.state(r, one)})
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("digest.title"), Path: "/desk/digest", Menu: "radar"})
	return d.s.Render(w, r, http.StatusOK, listPage(p, v))
}

func (d desk) may(a regulation.Actor, action string) bool {
	return d.s.Rules.Can(a, action, regulation.Thing{Kind: "digest", Office: d.s.People.Centre()}, d.s.Now()) == nil
}

func day(r *frame.Request, s string) string {
	t, err := time.ParseInLocation(time.DateOnly, s, ui.Zone)
	if err != nil {
		return s
	}
	return ui.Weekday(r.Lang, t) + ", " + ui.Date(r.Lang, t)
}

// state says in words where a digest stands.
func (d desk) state(r *frame.Request, one insight.Digest) string {
	l := r.Lang
	switch one.State {
	case insight.DigestGone:
		return l.T("digest.state.sent.at", "at", ui.ShortDateTime(l, one.SentAt), "name", d.s.People.NameOf(r.Context(), one.SignedBy, string(l)))
	case insight.DigestSigned:
		return l.T("digest.state.signed.by", "name", d.s.People.NameOf(r.Context(), one.SignedBy, string(l)))
	}
	return l.T("digest.state.draft")
}

type pageView struct {
	Day, Title, State string
	Version           string
	Items             []itemView
	MayEdit           bool
	Offices           []ui.Option // for who may make tasks
	Faults            []ui.Fault
	Sheet             string
	Ticked            string
}

type itemView struct {
	insight.DigestItem
	N         int
	StoryHref string
	SaidHref  string
	TaskHref  string
	Topic     string
	Office    string
	Sub       string
}

func (d desk) one(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	one, err := d.s.Insight.Digest(r.Context(), a, r.PathValue("day"))
	if err != nil {
		return err
	}
	return d.show(w, r, a, one, http.StatusOK, nil)
}

func (d desk) show(w http.ResponseWriter, r *frame.Request, a regulation.Actor, one insight.Digest, status int, fault error) error {
	l := r.Lang
	v := pageView{
		Day: one.Day, Title: l.T("digest.of", "day", day(r, one.Day)), State: d.state(r, one), Version: strconv.FormatInt(one.Version, 10),
		MayEdit: one.State != insight.DigestGone && d.may(a, "insight.digest.edit"), Sheet: r.Href("/desk/digest/" + one.Day + "/sheet.pdf"),
		Ticked: l.N("digest.ticked", len(one.Ticked())),
	}
	v.Faults, _ = ui.Faults(l, fault)
	for i, it := range one.Items {
		x := itemView{
			DigestItem: it, N: i + 1, StoryHref: r.Href("/desk/radar/" + it.Story), Office: d.s.OfficeName(r, it.Office),
			Sub: l.T("digest.sheet.source", "source", it.Source, "sources", it.Sources),
		}
		if it.Said.Path != "" {
			x.SaidHref = r.Href(it.Said.Path)
		}
		if it.Topic != "" {
			x.Topic = l.T("claim.topic." + it.Topic)
		}
		v.Items = append(v.Items, x)
	}
	if d.s.Rules.Can(a, "inquiry.instruct", regulation.Thing{Kind: "inquiry", Office: d.s.People.Centre()}, d.s.Now()) == nil {
		var err error
		if v.Offices, err = d.s.OfficeOptions(r); err != nil {
			return err
		}
	}
	p := d.s.Page(w, r, a, ui.Page{Title: v.Title, Path: "/desk/digest/" + one.Day, Menu: "radar"})
	return d.s.Render(w, r, status, digestPage(p, v))
}

// save takes the order, the ticks and the lines of the form: the fields of a story carry its id.
func (d desk) save(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	one, err := d.s.Insight.Digest(r.Context(), a, r.PathValue("day"))
	if err != nil {
		return err
	}
	in := insight.EditDigestInput{Day: one.Day, Version: f.Version("version"), Sign: f.Text("do") == "sign"}
	place := map[string]int{}
	for i, it := range one.Items {
		place[it.Story] = i + 1
		if n, err := strconv.Atoi(f.Text("place-" + it.Story)); err == nil {
			place[it.Story] = n
		}
		in.Items = append(in.Items, insight.DigestEdit{Story: it.Story, Ticked: f.Yes("tick-" + it.Story), Line: f.Text("line-" + it.Story)})
	}
	slices.SortStableFunc(in.Items, func(x, y insight.DigestEdit) int { return place[x.Story] - place[y.Story] })
	saved, err := d.s.Insight.EditDigest(r.Context(), a, in)
	if err != nil {
		if code := problem.CodeOf(err); code == problem.Forbidden || code == problem.State {
			return err
		}
		for i := range one.Items { // what was typed stays
			one.Items[i].Ticked, one.Items[i].Line = f.Yes("tick-"+one.Items[i].Story), f.Text("line-"+one.Items[i].Story)
		}
		return d.show(w, r, a, one, http.StatusUnprocessableEntity, err)
	}
	return d.s.See(w, r, "/desk/digest/"+one.Day, "digest.flash."+string(saved.State))
}

func (d desk) task(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	office := f.Text("office")
	if office == "" {
		return problem.Of("office", problem.Required)
	}
	code, err := d.s.Insight.TaskOfDigest(r.Context(), a, r.PathValue("day"), f.Text("story"), office)
	if err != nil {
		return err
	}
	return d.s.See(w, r, "/desk/digest/"+r.PathValue("day"), "digest.flash.task", "code", code, "office", d.s.OfficeName(r, office))
}

func (d desk) sheet(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	one, err := d.s.Insight.Digest(r.Context(), a, r.PathValue("day"))
	if err != nil {
		return err
	}
	data, err := Sheet(one)
	if err != nil {
		return problem.Wrap(err, problem.Unavail)
	}
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `inline; filename="diem-bao-`+one.Day+`.pdf"`)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	_, err = w.Write(data)
	return err
}

type readersView struct {
	List        []insight.DigestReader
	Faults      []ui.Fault
	Wrong       map[string]string
	Email, Name string
}

func (d desk) readers(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	return d.showReaders(w, r, a, readersView{}, http.StatusOK)
}

func (d desk) showReaders(w http.ResponseWriter, r *frame.Request, a regulation.Actor, v readersView, status int) error {
	var err error
	if v.List, err = d.s.Insight.DigestReaders(r.Context(), a); err != nil {
		return err
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("digest.readers"), Path: "/desk/digest/readers", Menu: "radar"})
	return d.s.Render(w, r, status, readersPage(p, v))
}

func (d desk) putReader(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	x := insight.DigestReader{Email: f.Text("email"), Name: f.Text("name")}
	gone := f.Text("do") == "remove"
	if err := d.s.Insight.PutDigestReader(r.Context(), a, x, gone); err != nil {
		var p *problem.Error
		if errors.As(err, &p) && p.Field != "" {
			v := readersView{Email: x.Email, Name: x.Name}
			v.Faults, v.Wrong = ui.Faults(r.Lang, err)
			return d.showReaders(w, r, a, v, http.StatusUnprocessableEntity)
		}
		return err
	}
	key := "digest.flash.reader"
	if gone {
		key = "digest.flash.no-reader"
	}
	return d.s.See(w, r, "/desk/digest/readers", key, "email", x.Email)
}
