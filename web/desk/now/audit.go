package now

import (
	"math"
	"net/http"
	"strconv"
	"strings"

	"khue/ledger"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/ui"
)

type auditView struct {
	Columns      []ui.Column
	Rows         [][]ui.Cell
	Newer, Older string
}

// auditShown is how many entries stand on one page of the record.
const auditShown = 100

// audit lists what was done, the newest first, as the ledger has it.
func (d desk) audit(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	if err := d.s.Rules.Can(a, "ledger.view", regulation.Thing{Kind: "ledger"}, d.s.Now()); err != nil {
		return err
	}
	before := int64(math.MaxInt64)
	if n, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64); err == nil && n > 0 {
		before = n
	}
	list, err := d.s.Ledger.Before(r.Context(), before, auditShown)
	if err != nil {
		return err
	}
	v := auditView{Columns: []ui.Column{{Name: r.Lang.T("now.audit.number"), Number: true}, {Name: r.Lang.T("now.audit.at")}, {Name: r.Lang.T("now.audit.who")}, {Name: r.Lang.T("now.audit.what")}, {Name: r.Lang.T("now.audit.thing")}, {Name: r.Lang.T("now.audit.open")}}}
	closed := d.s.Closed(a)
	for _, rec := range list {
		v.Rows = append(v.Rows, d.auditRow(r, rec, closed))
	}
	if len(list) == auditShown {
		v.Older = r.Href("/desk/audit?before=" + strconv.FormatInt(list[len(list)-1].Position, 10))
	}
	if before != math.MaxInt64 {
		v.Newer = r.Href("/desk/audit")
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("ui.menu.audit"), Menu: "audit"})
	return d.s.Render(w, r, http.StatusOK, auditPage(p, v))
}

// menuOf says under which menu item a kind of thing is found.
var menuOf = map[string]string{"claim": "board", "report": "board", "evidence": "board", "inquiry": "inquiries", "release": "releases", "story": "radar", "source": "sources", "watch": "radar"}

func (d desk) auditRow(r *frame.Request, rec ledger.Record, closed map[string]bool) []ui.Cell {
	thing := ui.Cell{Text: rec.Thing}
	if kind, _, _ := strings.Cut(rec.Thing, "/"); !closed[menuOf[kind]] {
		thing.Href = r.Href(insightAddress(rec.Thing))
	}
	open := r.Lang.T("now.audit.private")
	if rec.Public {
		open = r.Lang.T("now.audit.public")
	}
	return []ui.Cell{
		{Text: strconv.FormatInt(rec.Position, 10)},
		{Text: ui.ShortDateTime(r.Lang, rec.At)},
		{Text: d.s.People.NameOf(r.Context(), rec.Actor, string(r.Lang))},
		{Text: rec.Kind},
		thing,
		{Text: open},
	}
}
