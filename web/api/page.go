package api

import (
	"net/http"
	"strconv"
	"strings"

	"khue/catalogue"
	"khue/web/frame"
	"khue/web/ui"
)

// group is a chapter of the documentation page.
type group struct {
	Key string
	Ops []opView
}

// opView is an operation as the page shows it.
type opView struct {
	ID, Method, Path, Words, Who string
	Status                       int
	Fields                       []Field
	Request                      string
}

// groups are the chapters of the page in their order.
var groups = []string{"said", "city", "proof", "ask", "work", "release", "claim", "inquiry", "radar"}

// page is the documentation: made of the same description that programs read, in the reader's language, without anything from
// elsewhere. Its examples are run by a test.
func (a *API) page(w http.ResponseWriter, r *frame.Request) error {
	page := a.s.PublicPage(r, ui.Page{Title: r.Lang.T("api.title"), Path: "/api", Menu: "api", Description: r.Lang.T("api.lede")})
	return a.s.Render(w, r, http.StatusOK, apiPage(page, a.groups(r.Lang), rules(r.Lang)))
}

// rules are the conventions that hold for every call.
func rules(l catalogue.Lang) []string {
	return []string{
		l.T("api.rule.json"), l.T("api.rule.key"), l.T("api.rule.write"), l.T("api.rule.list"), l.T("api.rule.error"),
		l.T("api.rule.rate", "key", keyRate, "visitor", visitorRate, "write", writeRate),
	}
}

func (a *API) groups(l catalogue.Lang) []group {
	var list []group
	for _, key := range groups {
		g := group{Key: key}
		for _, o := range a.list {
			if o.Group != key {
				continue
			}
			v := opView{ID: o.ID, Method: o.Method, Path: o.Path, Words: l.T("api.op." + o.ID), Who: describe(l, o), Status: o.Status, Fields: a.fields(l, o)}
			if e, ok := exampleOf(o.ID); ok {
				v.Request = e.request(o)
			}
			g.Ops = append(g.Ops, v)
		}
		list = append(list, g)
	}
	return list
}

// about says in words what a field's value may be.
func about(p ui.Page, f Field) string {
	parts := []string{}
	if f.Words != "" {
		parts = append(parts, f.Words)
	}
	if len(f.Values) > 0 {
		parts = append(parts, p.T("api.values", "values", strings.Join(f.Values, ", ")))
	}
	if f.Limits != "" {
		parts = append(parts, f.Limits)
	}
	return strings.Join(parts, "; ")
}

// rows puts an operation's fields into a table.
func rows(p ui.Page, fields []Field) [][]ui.Cell {
	var list [][]ui.Cell
	for _, f := range fields {
		kind := f.Type + ", " + p.T("api.where."+f.Where)
		if f.Required {
			kind += ", " + p.T("api.required")
		}
		list = append(list, []ui.Cell{{Text: f.Name}, {Text: kind}, {Text: about(p, f)}})
	}
	return list
}

func columns(p ui.Page) []ui.Column {
	return []ui.Column{{Name: p.T("api.col.field")}, {Name: p.T("api.col.type")}, {Name: p.T("api.col.words")}}
}

func number(n int) string { return strconv.Itoa(n) }
