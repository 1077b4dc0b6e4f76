package now

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"time"

	"khue/catalogue"
	"khue/claim"
	"khue/insight"
	"khue/problem"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type figuresView struct {
	Key, Month     string // "2026-11", "11/2026"
	Tally          []ui.Figure
	Said           []ui.Pair
	Asked, Checked []ui.Pair
	Columns        []ui.Column
	Offices        [][]ui.Cell
	Newer, Older   string
}

// monthOf reads ?month=2026-11; without it the month that now is.
func (d desk) monthOf(r *frame.Request) (time.Time, error) {
	text := r.URL.Query().Get("month")
	if text == "" {
		now := d.s.Now().In(ui.Zone)
		return time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, ui.Zone), nil
	}
	t, err := time.ParseInLocation("2006-01", text, ui.Zone)
	if err != nil {
		return t, problem.Of("month", problem.Date)
	}
	return t, nil
}

func (d desk) figures(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	month, err := d.monthOf(r)
	if err != nil {
		return err
	}
	f, err := d.s.Insight.Figures(r.Context(), a, month.Year(), month.Month())
	if err != nil {
		return err
	}
	v := d.figuresView(r, f)
	v.Older = r.Href("/desk/figures?month=" + month.AddDate(0, -1, 0).Format("2006-01"))
	if next := month.AddDate(0, 1, 0); !next.After(d.s.Now()) {
		v.Newer = r.Href("/desk/figures?month=" + next.Format("2006-01"))
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("ui.menu.figures"), Menu: "figures"})
	return d.s.Render(w, r, http.StatusOK, figuresPage(p, v))
}

func (d desk) figuresView(r *frame.Request, f insight.Figures) figuresView {
	l := r.Lang
	n := func(v int) string { return ui.Number(l, int64(v)) }
	share := "–"
	if s, ok := f.InTime(); ok {
		share = ui.Percent(l, s, 0)
	}
	v := figuresView{Key: f.From.In(ui.Zone).Format("2006-01"), Month: monthName(l, f.From)}
	v.Tally = []ui.Figure{
		{Number: n(f.Published), Label: l.T("now.figures.published")},
		{Number: n(f.Answered), Label: l.T("now.figures.answered")},
		{Number: share, Label: l.T("now.figures.in-time")},
		{Number: n(f.MetLate + f.Late), Label: l.T("now.figures.late"), Alarm: f.Late > 0},
		{Number: n(f.Claims.FalseNews()), Label: l.T("now.figures.false")},
		{Number: span(l, f.Claims.FromFirst), Label: l.T("now.figures.first-to-verdict")},
	}
	v.Said = []ui.Pair{
		{Term: l.T("now.figures.published"), Text: n(f.Published)},
		{Term: l.T("now.figures.updated"), Text: n(f.Updated)},
		{Term: l.T("now.figures.corrected"), Text: n(f.Corrected)},
		{Term: l.T("now.figures.withdrawn"), Text: n(f.Withdrawn)},
	}
	v.Asked = []ui.Pair{
		{Term: l.T("now.figures.received"), Text: n(f.Asked)},
		{Term: l.T("now.figures.answered"), Text: n(f.Answered)},
		{Term: l.T("now.figures.public"), Text: n(f.Public)},
		{Term: l.T("now.figures.refused"), Text: n(f.Refused)},
	}
	v.Checked = []ui.Pair{
		{Term: l.T("now.figures.reports"), Text: n(f.Claims.Reports)},
		{Term: l.T("now.figures.opened"), Text: n(f.Claims.Opened)},
		{Term: l.T("now.figures.verdicts"), Text: n(f.Claims.Published)},
		{Term: l.T("now.figures.no-verdict"), Text: n(f.Claims.Closed)},
		{Term: l.T("now.figures.opened-to-verdict"), Text: span(l, f.Claims.FromOpened)},
		{Term: l.T("now.figures.first-to-verdict"), Text: span(l, f.Claims.FromFirst)},
	}
	for _, verdict := range claim.Verdicts {
		if k := f.Claims.Verdicts[verdict]; k > 0 {
			v.Checked = append(v.Checked, ui.Pair{Term: catalogue.Capital(l.T("claim.verdict." + string(verdict))), Text: n(k)})
		}
	}
	v.Columns = []ui.Column{{Name: l.T("now.figures.office")}, {Name: l.T("now.figures.met"), Number: true}, {Name: l.T("now.figures.met-late"), Number: true}, {Name: l.T("now.figures.still-late"), Number: true}}
	for _, o := range f.Offices {
		v.Offices = append(v.Offices, []ui.Cell{{Text: d.s.OfficeName(r, o.Office)}, {Text: n(o.Met)}, {Text: n(o.MetLate)}, {Text: n(o.Late)}})
	}
	return v
}

// span gives a length of time in words, a dash for none.
func span(l catalogue.Lang, t time.Duration) string {
	if t == 0 {
		return "–"
	}
	return ui.Span(l, t)
}

func monthName(l catalogue.Lang, t time.Time) string {
	t = t.In(ui.Zone)
	if l == catalogue.EN {
		return l.T("ui.month."+strconv.Itoa(int(t.Month()))) + " " + strconv.Itoa(t.Year())
	}
	return l.T("now.month", "month", int(t.Month()), "year", t.Year())
}

// figuresCSV gives how each office kept its limits, for spreadsheets.
func (d desk) figuresCSV(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	month, err := d.monthOf(r)
	if err != nil {
		return err
	}
	f, err := d.s.Insight.Figures(r.Context(), a, month.Year(), month.Month())
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="khue-`+month.Format("2006-01")+`.csv"`)
	out := csv.NewWriter(w)
	rows := [][]string{{"office", "name", "met", "met_late", "late"}}
	for _, o := range f.Offices {
		rows = append(rows, []string{o.Office, site.SheetText(d.s.OfficeName(r, o.Office)), strconv.Itoa(o.Met), strconv.Itoa(o.MetLate), strconv.Itoa(o.Late)})
	}
	return out.WriteAll(rows)
}
