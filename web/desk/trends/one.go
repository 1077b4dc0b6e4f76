package trends

import (
	"net/http"
	"net/url"
	"time"

	"khue/catalogue"
	"khue/problem"
	"khue/radar"
	"khue/radar/series"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/ui"
)

// period is what a page of one series looks at: its steps in a time, and the same in a second time when that is asked for.
type period struct {
	key   radar.SeriesKey
	step  string
	first radar.TrendQuery
	with  *radar.TrendQuery
}

// stepOf are the steps by the name that they have in addresses and files.
var stepOf = map[string]series.Step{"minute": series.Minute, "hour": series.Hour, "day": series.Day}

// back is how far back a page looks without another wish.
var back = map[string]time.Duration{"minute": 3 * time.Hour, "hour": 7 * 24 * time.Hour, "day": 56 * 24 * time.Hour}

// periodOf reads ?step=, ?from=, ?to=, ?with_from= and ?with_to=. Without an end a time reaches to now; without one of its own the second is as long as
// the first.
func (d desk) periodOf(r *frame.Request) (period, error) {
	q := r.URL.Query()
	p := period{key: keyOf(r), step: q.Get("step")}
	if p.step == "" {
		p.step = "hour"
	}
	step, ok := stepOf[p.step]
	if !ok {
		return p, problem.Of("step", problem.Invalid, "why", "@trend.why.step")
	}
	var at [4]time.Time
	for i, name := range []string{"from", "to", "with_from", "with_to"} {
		var err error
		if at[i], err = moment(name, q.Get(name)); err != nil {
			return p, err
		}
	}
	now := d.s.Now()
	if at[1].IsZero() || at[1].After(now) {
		at[1] = now
	}
	if at[0].IsZero() {
		at[0] = at[1].Add(-back[p.step])
	}
	p.first = radar.TrendQuery{Key: p.key, Step: step, From: at[0], To: at[1]}
	if !at[2].IsZero() {
		if at[3].IsZero() {
			at[3] = at[2].Add(at[1].Sub(at[0]))
		}
		p.with = &radar.TrendQuery{Key: p.key, Step: step, From: at[2], To: at[3]}
	}
	return p, nil
}

// moment reads a time of an address: as a form's field writes it, in Vietnam's time, as a day, or with its zone.
func moment(name, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", time.DateOnly, time.RFC3339} {
		if t, err := time.ParseInLocation(form, text, ui.Zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, problem.Of(name, problem.Date)
}

// query gives the period as an address has it.
func (p period) query() url.Values {
	q := url.Values{"step": {p.step}, "from": {ui.Machine(p.first.From)}, "to": {ui.Machine(p.first.To)}}
	if p.with != nil {
		q.Set("with_from", ui.Machine(p.with.From))
		q.Set("with_to", ui.Machine(p.with.To))
	}
	return q
}

// told is a series as its page and its files tell it.
type told struct {
	period
	name, lang string
	trend      radar.Trend
	other      *radar.Trend // of the second time, nil without one
}

// tell reads what the page and its files tell.
func (d desk) tell(r *frame.Request, a regulation.Actor) (told, error) {
	var t told
	var err error
	if t.period, err = d.periodOf(r); err != nil {
		return t, err
	}
	if t.name, t.lang, err = d.name(r, a, t.key); err != nil {
		return t, err
	}
	if t.trend, err = d.s.Radar.Trend(r.Context(), a, t.first); err != nil {
		return t, err
	}
	if t.with != nil {
		other, err := d.s.Radar.Trend(r.Context(), a, *t.with)
		if err != nil {
			return t, err
		}
		t.other = &other
	}
	return t, nil
}

type oneView struct {
	Name, Lang   string
	Kind         string
	Steps        []ui.Tab
	Plot         ui.Plot
	Tally        []ui.Figure
	Bursts       []ui.Pair
	Compare      []ui.Pair
	Gaps         []string
	Exports      []link
	Self         string // address of the form
	Story        string // address of the story's page, "" for what is none
	Step         string
	StepOptions  []ui.Option
	From, To     string
	WithFrom     string
	HasBand      bool
	Learned, All string
}

func (d desk) one(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	t, err := d.tell(r, a)
	if err != nil {
		return err
	}
	v := d.view(r, t)
	p := d.s.Page(w, r, a, ui.Page{Title: t.name, Menu: "trends"})
	return d.s.Render(w, r, http.StatusOK, onePage(p, v))
}

func (d desk) view(r *frame.Request, t told) oneView {
	l := r.Lang
	self := address(t.key)
	v := oneView{
		Name: t.name, Lang: t.lang, Kind: l.T("trend.kind." + t.key.Kind), Plot: plot(l, t), Self: r.Href(self), Step: t.step,
		From: ui.FieldTime(t.first.From), To: ui.FieldTime(t.first.To), Exports: exports(r, self, t.query(), "series", "csv", "json", "svg", "zip"),
	}
	if t.key.Kind == radar.KindStory {
		v.Story = r.Href("/desk/radar/" + t.key.Key)
	}
	for _, step := range []string{"minute", "hour", "day"} {
		v.Steps = append(v.Steps, ui.Tab{Label: l.T("trend.step." + step), Href: r.Href(self + "?step=" + step), Current: step == t.step})
		v.StepOptions = append(v.StepOptions, ui.Option{Value: step, Label: l.T("trend.by." + step)})
	}
	v.Tally = []ui.Figure{{Number: ui.Number(l, int64(t.trend.Total)), Label: l.T("trend.total")}}
	low, high, known := 0.0, 0.0, 0
	above := 0
	for _, p := range t.trend.Points {
		if !p.Band.Known {
			continue
		}
		known++
		low, high = low+p.Band.Mean, high+p.Band.High
		if float64(p.N) > p.Band.High && p.N >= leastLoud {
			above++
		}
	}
	if known > 0 {
		v.HasBand = true
		v.Tally = append(v.Tally, ui.Figure{Number: ui.Number(l, int64(low+0.5)), Label: l.T("trend.expected.all")}, ui.Figure{Number: ui.Number(l, int64(above)), Label: l.T("trend.above." + t.step)})
	}
	for _, b := range t.trend.Bursts {
		v.Bursts = append(v.Bursts, ui.Pair{Term: ui.ShortDateTime(l, b.Start), Text: burstText(l, b)})
	}
	if t.other != nil {
		v.WithFrom = ui.FieldTime(t.with.From)
		v.Compare = compare(l, t)
	}
	for _, g := range gapsOf(t) {
		v.Gaps = append(v.Gaps, gapText(l, g))
	}
	return v
}

func burstText(l catalogue.Lang, b radar.TrendBurst) string {
	key := "trend.burst"
	if b.Open {
		key = "trend.burst.open"
	}
	return l.T(key, "end", ui.ShortDateTime(l, b.End), "n", b.N, "usual", ui.Decimal(l, b.Expected, 0), "peak", ui.ShortDateTime(l, b.Peak))
}

// gapsOf gives what could not be heard in either time, each once.
func gapsOf(t told) []radar.Gap {
	list := t.trend.Gaps
	if t.other != nil {
		for _, g := range t.other.Gaps {
			there := false
			for _, o := range list {
				there = there || o == g
			}
			if !there {
				list = append(list, g)
			}
		}
	}
	return list
}

// compare sets two times beside each other.
func compare(l catalogue.Lang, t told) []ui.Pair {
	span := func(x radar.Trend) string {
		return ui.TimeOfDay(x.From) + " " + ui.DayMonth(l, x.From) + " – " + ui.TimeOfDay(x.To) + " " + ui.DayMonth(l, x.To)
	}
	perHour := func(x radar.Trend) float64 { return float64(x.Total) / max(x.To.Sub(x.From).Hours(), 1.0/60) }
	list := []ui.Pair{
		{Term: span(t.trend), Text: l.T("trend.compare.total", "n", t.trend.Total, "rate", ui.Decimal(l, perHour(t.trend), 2))},
		{Term: span(*t.other), Text: l.T("trend.compare.total", "n", t.other.Total, "rate", ui.Decimal(l, perHour(*t.other), 2))},
	}
	if was := perHour(*t.other); was > 0 {
		list = append(list, ui.Pair{Term: l.T("trend.compare.change"), Text: signed(l, perHour(t.trend)/was-1)})
	}
	return list
}

// signed writes a change as "+12%" or "−30%".
func signed(l catalogue.Lang, share float64) string {
	if share >= 0 {
		return "+" + ui.Percent(l, share, 0)
	}
	return ui.Percent(l, share, 0)
}

// fewHeard is the share of sources below which a point counts as not heard in full.
const fewHeard = 0.98

// plot draws a series, with the second time over it, point by point.
func plot(l catalogue.Lang, t told) ui.Plot {
	p := ui.Plot{
		Lang: l, Title: l.T("trend.plot", "name", t.name, "step", l.T("trend.by."+t.step)), Caption: l.T("trend.plot.caption"), Place: l.T("trend.place." + t.step), Unit: l.T("trend.unit"),
		GapNote: l.T("trend.plot.gap"),
	}
	if t.other != nil {
		p.Other = l.T("trend.plot.other", "from", ui.ShortDateTime(l, t.other.From))
	}
	for i, one := range t.trend.Points {
		q := ui.Point{Label: label(l, t.step, one.At), Value: float64(one.N), Low: one.Band.Low, High: one.Band.High, Gap: one.Heard < fewHeard}
		if t.other != nil && i < len(t.other.Points) {
			q.Other = float64(t.other.Points[i].N)
		}
		p.Points = append(p.Points, q)
	}
	if n := len(t.trend.Bursts); n > 0 {
		last := t.trend.Bursts[n-1]
		for i, one := range t.trend.Points {
			if one.At.Equal(last.Start) {
				p.MarkAt, p.Mark = i, l.T("trend.plot.mark", "time", label(l, t.step, last.Start))
			}
		}
	}
	return p
}

func label(l catalogue.Lang, step string, at time.Time) string {
	switch step {
	case "minute":
		return ui.TimeOfDay(at)
	case "day":
		return ui.DayMonth(l, at)
	}
	return ui.TimeOfDay(at) + " " + ui.DayMonth(l, at)
}
