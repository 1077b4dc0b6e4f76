package trends

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"khue/catalogue"
	"khue/profile"
	"khue/radar"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/ui"
)

// inner is the frame of the inner city, whose wards are too small on the whole map: longitude and latitude in units of profile.BorderScale.
var inner = [4]int{1_057_400, 209_300, 1_059_300, 211_000}

// mapHours is the window of the map without another wish.
const mapHours = 24

type mapView struct {
	Windows      []ui.Tab
	Whole, Inner ui.Map
	Columns      []ui.Column
	Rows         [][]ui.Cell
	Silent       string // how many wards nobody spoke of
	Gaps         []string
	Exports      []link
	Board        string
}

// wards gives how every ward stands, the one most spoken of first; those that nobody spoke of are among them, with nothing.
func (d desk) wards(r *frame.Request, a regulation.Actor) (radar.RisingQuery, []radar.Rise, error) {
	q, err := boardQuery(r, radar.KindPlace)
	if err != nil {
		return q, nil, err
	}
	if r.URL.Query().Get("hours") == "" {
		q.Hours = mapHours
	}
	q.Limit = 1000
	list, err := d.s.Radar.Rising(r.Context(), a, q)
	if err != nil {
		return q, nil, err
	}
	list = slices.DeleteFunc(list, func(one radar.Rise) bool { _, ok := d.units[one.Key.Key]; return !ok })
	there := map[string]bool{}
	for _, one := range list {
		there[one.Key.Key] = true
	}
	for code := range d.units {
		if !there[code] {
			list = append(list, radar.Rise{Key: radar.SeriesKey{Kind: radar.KindPlace, Key: code}})
		}
	}
	slices.SortFunc(list, func(a, b radar.Rise) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(b.Surprise, a.Surprise), cmp.Compare(a.Key.Key, b.Key.Key))
	})
	now := d.s.Now()
	for i := range list {
		if list[i].From.IsZero() && len(list) > 0 {
			list[i].From = startOf(now, q.Hours)
		}
	}
	return q, list, nil
}

func (d desk) places(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	q, list, err := d.wards(r, a)
	if err != nil {
		return err
	}
	l := r.Lang
	v := mapView{Board: r.Href("/desk/trends?kind=" + radar.KindPlace)}
	for _, h := range windows {
		v.Windows = append(v.Windows, ui.Tab{Label: l.T("trend.window." + strconv.Itoa(h)), Href: r.Href("/desk/trends/map?hours=" + strconv.Itoa(h)), Current: h == q.Hours})
	}
	v.Whole = ui.Map{Lang: l, Title: l.T("trend.map.whole"), Scale: profile.BorderScale, Areas: d.areas(l, list)}
	v.Inner = v.Whole
	v.Inner.Title, v.Inner.Around = l.T("trend.map.inner"), inner
	v.Columns = []ui.Column{{Name: l.T("trend.kind.place")}, {Name: l.T("trend.unit"), Number: true}, {Name: l.T("trend.map.usual"), Number: true}, {Name: l.T("trend.map.start")}}
	silent := 0
	for _, one := range list {
		if one.N == 0 {
			silent++
			continue
		}
		row := []ui.Cell{{Text: d.ward(l, one.Key.Key), Href: r.Href(address(one.Key))}, {Text: ui.Number(l, int64(one.N))}, {Text: "–"}, {Text: ""}}
		if one.Band.Known {
			row[2].Text = ui.Range(l, one.Band.Low, one.Band.High)
		}
		if !one.Start.IsZero() {
			row[3].Text = since(l, one.Start, one.To)
		}
		v.Rows = append(v.Rows, row)
	}
	v.Silent = l.T("trend.map.silent", "n", silent)
	now := d.s.Now()
	if v.Gaps, err = d.gapWords(r, startOf(now, q.Hours), now); err != nil {
		return err
	}
	v.Exports = exports(r, "/desk/trends/map", url.Values{"hours": {strconv.Itoa(q.Hours)}}, "map", "csv", "json", "zip")
	p := d.s.Page(w, r, a, ui.Page{Title: l.T("trend.map"), Menu: "trends"})
	return d.s.Render(w, r, http.StatusOK, mapPage(p, v))
}

func (d desk) ward(l catalogue.Lang, code string) string {
	if u, ok := d.units[code]; ok && l == catalogue.EN {
		return u.NameEN
	}
	return d.units[code].Name
}

// areas gives every ward with how much was said of it.
func (d desk) areas(l catalogue.Lang, list []radar.Rise) []ui.Area {
	of := map[string]radar.Rise{}
	for _, one := range list {
		of[one.Key.Key] = one
	}
	var areas []ui.Area
	for _, b := range d.borders {
		one := of[b.Code]
		areas = append(areas, ui.Area{Name: d.ward(l, b.Code), Ring: b.Ring, Value: float64(one.N), Loud: loud(one), Words: l.T("trend.map.area", "n", one.N)})
	}
	return areas
}

// placesFile gives the files of the map: every ward, also those that nobody spoke of.
func (d desk) placesFile(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	q, list, err := d.wards(r, a)
	if err != nil {
		return err
	}
	names := make([]string, len(list))
	for i, one := range list {
		names[i] = d.ward(r.Lang, one.Key.Key)
	}
	b, err := d.risesBundle(r, "map", r.Lang.T("trend.map"), url.Values{"hours": {strconv.Itoa(q.Hours)}}, list, names)
	if err != nil {
		return err
	}
	return d.send(w, r, "map", b)
}
