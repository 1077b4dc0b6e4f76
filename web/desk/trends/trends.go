// Package trends shows how much is told of everything the radar counts, against what was to be expected: the board of what rises, one series with its
// bursts and a second time beside it, the map of wards; each with its figures as files and an account of where they come from.
//
// A page and its files are made of one and the same Trend, so that they tell the same numbers.
//
// Imports profile, radar, web/site, web/ui and web/frame. Read trends.go, then one.go.
package trends

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"khue/catalogue"
	"khue/problem"
	"khue/profile"
	"khue/radar"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type desk struct {
	s       *site.Site
	units   map[string]profile.Unit // by code
	borders []profile.Border
}

// Register puts the pages on a frame.
func Register(f *frame.Frame, s *site.Site) {
	d := desk{s: s, units: map[string]profile.Unit{}}
	if u, err := profile.LoadUnits(profile.Hanoi()); err == nil {
		for _, one := range u.All {
			d.units[one.Code] = one
		}
	}
	var err error
	if d.borders, err = profile.LoadBorders(profile.Hanoi()); err != nil {
		s.Log.Error("the map of wards cannot be drawn", "err", err)
	}
	f.Handle("GET /desk/trends", d.board)
	f.Handle("POST /desk/trends/seen", d.seen)
	f.Handle("GET /desk/trends/board/{file}", d.boardFile)
	f.Handle("GET /desk/trends/map", d.places)
	f.Handle("GET /desk/trends/map/{file}", d.placesFile)
	f.Handle("GET /desk/trends/replay", d.replay)
	f.Handle("GET /desk/trends/{kind}/{key}", d.one)
	f.Handle("GET /desk/trends/{kind}/{key}/{file}", d.oneFile)
}

// shown is how many series the board shows.
const shown = 40

// windows are the times that the board can look at, in hours.
var windows = []int{1, 3, 6, 24, 168}

// boardHours is the window without another wish.
const boardHours = 24

type boardView struct {
	Kinds, Windows []ui.Tab
	Tally          []ui.Figure
	Seen           string // when the reader last looked, in words
	Rows           []riseView
	Gaps           []string
	Exports        []link
	Map, Wall      string
	Replay         string // "" for who may not
	All            string // the series of everything
}

type riseView struct {
	ID, Name, Href, Lang string
	Sign                 ui.SignKind
	Word, Sub, Note      string
	Points               []ui.Point
	Alt                  string
}

type link struct{ Label, Href string }

// boardQuery reads ?kind= and ?hours=.
func boardQuery(r *frame.Request, kind string) (radar.RisingQuery, error) {
	q := radar.RisingQuery{Kind: kind, Hours: boardHours, Limit: shown}
	if k := r.URL.Query().Get("kind"); k != "" && kind == radar.KindStory {
		q.Kind = k
	}
	if h := r.URL.Query().Get("hours"); h != "" {
		n, err := strconv.Atoi(h)
		if err != nil || !slices.Contains(windows, n) {
			return q, problem.Of("hours", problem.Invalid, "why", "@trend.why.hours")
		}
		q.Hours = n
	}
	return q, nil
}

// rising gives who looks at the board, what they ask for, and what rises.
func (d desk) rising(r *frame.Request) (a regulation.Actor, q radar.RisingQuery, list []radar.Rise, err error) {
	if a, err = d.s.Desk(r); err != nil {
		return a, q, nil, err
	}
	if q, err = boardQuery(r, radar.KindStory); err != nil {
		return a, q, nil, err
	}
	list, err = d.s.Radar.Rising(r.Context(), a, q)
	return a, q, list, err
}

func (d desk) board(w http.ResponseWriter, r *frame.Request) error {
	a, q, rises, err := d.rising(r)
	if err != nil {
		return err
	}
	v := boardView{Map: r.Href("/desk/trends/map"), Wall: r.Href("/desk/wall"), All: r.Href("/desk/trends/all/all")}
	if d.s.Rules.Can(a, "radar.replay", regulation.Thing{Kind: "story", Office: d.s.People.Centre()}, d.s.Now()) == nil {
		v.Replay = r.Href("/desk/trends/replay")
	}
	if err := d.boardHead(r, a, q, rises, &v); err != nil {
		return err
	}
	for _, one := range rises {
		row, err := d.rise(r, a, one)
		if err != nil {
			return err
		}
		v.Rows = append(v.Rows, row)
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("trend.board"), Menu: "trends"})
	return d.s.Render(w, r, http.StatusOK, boardPage(p, v))
}

// boardHead fills what stands above the rows.
func (d desk) boardHead(r *frame.Request, a regulation.Actor, q radar.RisingQuery, rises []radar.Rise, v *boardView) error {
	l := r.Lang
	address := func(kind string, hours int) string {
		return r.Href("/desk/trends?" + url.Values{"kind": {kind}, "hours": {strconv.Itoa(hours)}}.Encode())
	}
	for _, k := range radar.SeriesKinds {
		if k != radar.KindAll {
			v.Kinds = append(v.Kinds, ui.Tab{Label: l.T("trend.kinds." + k), Href: address(k, q.Hours), Current: k == q.Kind})
		}
	}
	for _, h := range windows {
		v.Windows = append(v.Windows, ui.Tab{Label: l.T("trend.window." + strconv.Itoa(h)), Href: address(q.Kind, h), Current: h == q.Hours})
	}
	above, unseen, told := 0, 0, 0
	for _, one := range rises {
		told += one.N
		if loud(one) {
			above++
		}
		if one.New {
			unseen++
		}
	}
	v.Tally = []ui.Figure{
		{Number: ui.Number(l, int64(above)), Label: l.T("trend.above")},
		{Number: ui.Number(l, int64(unseen)), Label: l.T("trend.new")},
		{Number: ui.Number(l, int64(told)), Label: l.T("trend.told")},
	}
	seen, err := d.s.Radar.Looked(r.Context(), a)
	if err != nil {
		return err
	}
	v.Seen = l.T("trend.seen.never")
	if !seen.IsZero() {
		v.Seen = l.T("trend.seen", "time", ui.ShortDateTime(l, seen))
	}
	now := d.s.Now()
	if v.Gaps, err = d.gapWords(r, now.Add(-time.Duration(q.Hours)*time.Hour), now); err != nil {
		return err
	}
	v.Exports = exports(r, "/desk/trends/board", url.Values{"kind": {q.Kind}, "hours": {strconv.Itoa(q.Hours)}}, "board", "csv", "json", "zip")
	return nil
}

// loud says whether a series stands above what was to be expected of the window.
func loud(one radar.Rise) bool {
	return one.Band.Known && float64(one.N) > one.Band.High && one.N >= leastLoud
}

// leastLoud is the number below which nothing is called loud.
const leastLoud = 3

// fresh is how surprising a series of which nothing is usual yet must be to be named: about one in a thousand quiet ones is.
const fresh = 3.0

func (d desk) rise(r *frame.Request, a regulation.Actor, one radar.Rise) (riseView, error) {
	l := r.Lang
	name, lang, err := d.name(r, a, one.Key)
	if err != nil {
		return riseView{}, err
	}
	v := riseView{
		ID: "trend-" + one.Key.Kind + "-" + one.Key.Key, Name: name, Lang: lang, Href: r.Href(address(one.Key)), Sign: ui.Plain, Word: l.T("trend.sign.usual"),
		Sub: l.T("trend.row", "n", one.N, "from", since(l, one.From, one.To), "usual", usual(l, one)), Alt: l.T("trend.row.alt", "n", len(one.Lately)),
	}
	switch {
	case !one.Start.IsZero():
		v.Sign, v.Word = ui.Care, l.T("trend.sign.burst")
		v.Note = l.T("trend.row.start", "time", since(l, one.Start, one.To))
		if one.New {
			v.Note += " · " + l.T("trend.row.new")
		}
	case loud(one):
		v.Sign, v.Word = ui.Care, l.T("trend.sign.above")
	case !one.Band.Known && one.Surprise > fresh:
		v.Sign, v.Word = ui.Care, l.T("trend.sign.fresh")
	case !one.Band.Known:
		v.Sign, v.Word = ui.Unknown, l.T("trend.sign.unknown")
	}
	for _, p := range one.Lately {
		v.Points = append(v.Points, ui.Point{Value: float64(p.N), Low: p.Band.Low, High: p.Band.High})
	}
	return v, nil
}

// usual says what was to be expected, in words.
func usual(l catalogue.Lang, one radar.Rise) string {
	if !one.Band.Known {
		return l.T("trend.usual.unknown")
	}
	return l.T("trend.usual", "range", ui.Range(l, one.Band.Low, one.Band.High))
}

// since writes a moment without its day when that is today's.
func since(l catalogue.Lang, at, now time.Time) string {
	if at.In(ui.Zone).Format(time.DateOnly) == now.In(ui.Zone).Format(time.DateOnly) {
		return ui.TimeOfDay(at)
	}
	return ui.TimeOfDay(at) + " " + ui.DayMonth(l, at)
}

func (d desk) seen(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	if err := d.s.Radar.LookedNow(r.Context(), a); err != nil {
		return err
	}
	return d.s.See(w, r, "/desk/trends", "trend.seen.done")
}

// gapWords names the sources that could not be heard in a time.
func (d desk) gapWords(r *frame.Request, from, to time.Time) ([]string, error) {
	gaps, err := d.s.Radar.Gaps(r.Context(), from, to)
	var list []string
	for _, g := range gaps {
		list = append(list, gapText(r.Lang, g))
	}
	return list, err
}

func gapText(l catalogue.Lang, g radar.Gap) string {
	if g.To.IsZero() {
		return l.T("trend.gap.since", "source", g.Name, "from", ui.ShortDateTime(l, g.From))
	}
	return l.T("trend.gap", "source", g.Name, "from", ui.ShortDateTime(l, g.From), "to", ui.ShortDateTime(l, g.To))
}

// startOf is where a window of so many hours begins: with a full hour.
func startOf(now time.Time, hours int) time.Time {
	return now.Truncate(time.Hour).Add(-time.Duration(hours) * time.Hour)
}
