// Package city is what the public sees of the city's offices: who speaks for each, with telephone and e-mail
// (Decree 244/2026, Art. 3(3)), how each kept its time limits, and what the centre listens to.
//
// Imports people, insight, radar, web/site, web/ui and web/frame. Read speakers.go, then page.templ.
package city

import (
	"net/http"
	"net/url"
	"strings"

	"khue/people"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type pages struct{ s *site.Site }

// Register puts the pages on a frame.
func Register(f *frame.Frame, s *site.Site) {
	p := pages{s}
	kept := s.Cached(p.speakers)
	f.Handle("GET /speakers", func(w http.ResponseWriter, r *frame.Request) error {
		if r.URL.RawQuery != "" { // every search is another page: not worth keeping
			return p.speakers(w, r)
		}
		return kept(w, r)
	})
	f.Handle("GET /listening", s.Cached(p.listening))
	f.Handle("GET /deadlines", s.Cached(p.deadlines))
	f.Handle("GET /deadlines.csv", s.Cached(p.deadlinesCSV))
}

type speakersView struct {
	Query  string
	Found  []officeView // of a search
	Groups []groupView  // of the whole list
	Count  int
	Lack   int // offices bound by law that have named nobody
}

// groupView is the offices of one kind.
type groupView struct {
	ID, Kind string
	Items    []officeView
}

// officeView is one office and who speaks for it. A search shows more of it than the list.
type officeView struct {
	ID       string
	Name     string
	Formerly string
	Speaker  *speakerView // nil: nobody was named
	ByLaw    bool
	Ask      string // address of the form that asks
}

type speakerView struct {
	Name, Title, Phone, Call, Email, Since string
}

// maxQuery bounds a search, in bytes.
const maxQuery = 200

func (p pages) speakers(w http.ResponseWriter, r *frame.Request) error {
	list, err := p.s.People.Spokespersons(r.Context())
	if err != nil {
		return err
	}
	offices, err := p.s.People.Offices(r.Context())
	if err != nil {
		return err
	}
	by := map[string]people.Spokesperson{}
	fresh := false
	for _, s := range list {
		by[s.Office] = s
		fresh = fresh || s.Published.IsZero()
	}
	v := speakersView{Count: len(list)}
	if v.Query = strings.TrimSpace(r.URL.Query().Get("q")); len(v.Query) > maxQuery {
		v.Query = strings.ToValidUTF8(v.Query[:maxQuery], "")
	}
	if v.Query != "" {
		found, err := p.s.People.FindOffice(r.Context(), v.Query)
		if err != nil {
			return err
		}
		for _, o := range found {
			f := p.office(r, o, by)
			f.Formerly, f.Ask = strings.Join(p.s.People.Formerly(o.Code), "; "), r.Href("/ask?office="+url.QueryEscape(o.Code))
			v.Found = append(v.Found, f)
		}
	} else {
		v.Groups, v.Lack = p.groups(r, offices, by)
	}
	page := p.s.PublicPage(r, ui.Page{Title: r.Lang.T("speakers.title"), Description: r.Lang.T("speakers.lede"), Path: "/speakers", Menu: "speakers", NoIndex: v.Query != ""})
	if err := p.s.Render(w, r, http.StatusOK, speakersPage(page, v)); err != nil {
		return err
	}
	if fresh && v.Query == "" { // the list was shown with the new name in it
		if err := p.s.People.MarkPublished(r.Context()); err != nil {
			p.s.Log.Error("note the published spokespersons", "request", r.ID, "err", err)
		}
	}
	return nil
}

func (p pages) office(r *frame.Request, o people.Office, by map[string]people.Spokesperson) officeView {
	f := officeView{ID: "office-" + o.Code, Name: o.NameIn(string(r.Lang)), ByLaw: o.ByLaw}
	if s, ok := by[o.Code]; ok {
		f.Speaker = &speakerView{Name: s.Name, Title: s.TitleIn(string(r.Lang)), Phone: s.Phone, Call: call(s.Phone), Email: s.Email, Since: ui.Date(r.Lang, s.Since)}
	}
	return f
}

// groups puts the spokespersons into the order of the kinds of office and counts the offices that the law binds and that named nobody.
func (p pages) groups(r *frame.Request, offices []people.Office, by map[string]people.Spokesperson) (list []groupView, lack int) {
	for _, k := range p.s.People.Kinds() {
		g := groupView{ID: "kind-" + k.Kind, Kind: k.Vi}
		if r.Lang == "en" {
			g.Kind = k.En
		}
		for _, o := range offices {
			_, ok := by[o.Code]
			switch {
			case o.Kind != k.Kind:
			case ok:
				g.Items = append(g.Items, p.office(r, o, by))
			case o.ByLaw:
				lack++
			}
		}
		if len(g.Items) > 0 {
			list = append(list, g)
		}
	}
	return list, lack
}

// call gives the address that a telephone dials.
func call(phone string) string {
	return "tel:" + strings.Map(func(r rune) rune {
		if (r >= '0' && r <= '9') || r == '+' {
			return r
		}
		return -1
	}, phone)
}
