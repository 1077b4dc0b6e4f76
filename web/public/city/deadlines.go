package city

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strconv"
	"time"

	"khue/insight"
	"khue/problem"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

// firstMonth is the first month that the page can show: none before the two-tier city of July 2025.
var firstMonth = time.Date(2025, 7, 1, 0, 0, 0, 0, ui.Zone)

type deadlinesView struct {
	Month        string
	CSV          string
	Tally        []ui.Figure
	Rows         [][]ui.Cell
	Newer, Older string
}

// monthOf reads ?month=2026-11; without it the month that now is. A month that is not over the page's bounds is problem.NotFound.
func (p pages) monthOf(r *frame.Request) (time.Time, error) {
	now := p.s.Now().In(ui.Zone)
	this := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, ui.Zone)
	text := r.URL.Query().Get("month")
	if text == "" {
		return this, nil
	}
	m, err := time.ParseInLocation("2006-01", text, ui.Zone)
	if err != nil || m.Before(firstMonth) || m.After(this) {
		return m, problem.New(problem.NotFound)
	}
	return m, nil
}

// deadlines shows how each office kept its time limits in a month: the city's own lateness, too.
func (p pages) deadlines(w http.ResponseWriter, r *frame.Request) error {
	month, f, err := p.month(r)
	if err != nil {
		return err
	}
	n := func(v int) string { return ui.Number(r.Lang, int64(v)) }
	key := month.Format("2006-01")
	v := deadlinesView{Month: month.Format("1/2006"), CSV: r.Href("/deadlines.csv?month=" + key)}
	v.Tally = []ui.Figure{
		{Number: share(r, f.Met, f.MetLate+f.Late), Label: r.Lang.T("deadlines.in-time")},
		{Number: n(f.Met), Label: r.Lang.T("deadlines.met")},
		{Number: n(f.MetLate), Label: r.Lang.T("deadlines.met-late")},
		{Number: n(f.Late), Label: r.Lang.T("deadlines.late"), Alarm: f.Late > 0},
	}
	for _, o := range f.Offices {
		v.Rows = append(v.Rows, []ui.Cell{
			{Text: p.s.OfficeName(r, o.Office)}, {Text: n(o.Total())}, {Text: n(o.Met)}, {Text: n(o.MetLate)}, {Text: n(o.Late)}, {Text: share(r, o.Met, o.MetLate+o.Late)},
		})
	}
	slices.SortFunc(v.Rows, func(a, b []ui.Cell) int {
		if a[0].Text < b[0].Text {
			return -1
		}
		return 1
	})
	if older := month.AddDate(0, -1, 0); !older.Before(firstMonth) {
		v.Older = r.Href("/deadlines?month=" + older.Format("2006-01"))
	}
	if newer := month.AddDate(0, 1, 0); !newer.After(p.s.Now()) {
		v.Newer = r.Href("/deadlines?month=" + newer.Format("2006-01"))
	}
	page := p.s.PublicPage(r, ui.Page{Title: r.Lang.T("deadlines.title"), Description: r.Lang.T("deadlines.lede"), Path: "/deadlines", Menu: "deadlines"})
	return p.s.Render(w, r, http.StatusOK, deadlinesPage(page, v))
}

func (p pages) month(r *frame.Request) (time.Time, insight.Figures, error) {
	month, err := p.monthOf(r)
	if err != nil {
		return month, insight.Figures{}, err
	}
	f, err := p.s.Insight.Deadlines(r.Context(), month.Year(), month.Month())
	return month, f, err
}

// share gives the part that was in time, a dash when there was nothing.
func share(r *frame.Request, met, late int) string {
	if met+late == 0 {
		return "–"
	}
	return ui.Percent(r.Lang, float64(met)/float64(met+late), 0)
}

// deadlinesCSV gives the same figures for a table of one's own (RFC 4180, UTF-8).
func (p pages) deadlinesCSV(w http.ResponseWriter, r *frame.Request) error {
	month, f, err := p.month(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="deadlines-`+month.Format("2006-01")+`.csv"`)
	c := csv.NewWriter(w)
	rows := [][]string{{"month", "code", "office", "met", "met_late", "late"}}
	for _, o := range f.Offices {
		rows = append(rows, []string{month.Format("2006-01"), o.Office, site.SheetText(p.s.OfficeName(r, o.Office)), strconv.Itoa(o.Met), strconv.Itoa(o.MetLate), strconv.Itoa(o.Late)})
	}
	return c.WriteAll(rows)
}
