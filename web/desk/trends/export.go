package trends

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"khue/problem"
	"khue/radar"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

// origin is where figures come from (docs/format/trends.md): what was asked, when, of which program, how much there was, and what could not
// be heard.
type origin struct {
	Format  string            `json:"format"`
	What    string            `json:"what"`
	Name    string            `json:"name"`
	Address string            `json:"address"`
	Query   map[string]string `json:"query"`
	Made    string            `json:"made"`
	Program string            `json:"program"`
	Counts  map[string]int    `json:"counts"`
	Bursts  []burstLine       `json:"bursts,omitempty"`
	Gaps    []gapLine         `json:"gaps"`
	Method  string            `json:"method"`
	Files   []fileLine        `json:"files"`
}

type gapLine struct {
	Source string `json:"source"`
	Name   string `json:"name"`
	From   string `json:"from"`
	To     string `json:"to,omitempty"`
}

type burstLine struct {
	Start    string  `json:"start"`
	End      string  `json:"end"`
	Peak     string  `json:"peak"`
	N        int     `json:"n"`
	Expected float64 `json:"expected"`
	Open     bool    `json:"open,omitempty"`
}

type fileLine struct {
	Name   string `json:"name"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// originFormat names the form of the account.
const originFormat = "khue provenance 1"

// method says in one line how what is expected is found.
const method = "expected: mean of the hour of the week over up to eight weeks before the point's day, bursts left out, holidays apart, silent sources' share taken out; low, high: 95 % of the negative binomial law of that mean"

// program gives name and version of what made the figures.
func program() string {
	version := "(devel)"
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
		version = b.Main.Version
	}
	return "khue " + version
}

func (d desk) origin(r *frame.Request, what, name string, q url.Values) origin {
	query := map[string]string{}
	for k := range q {
		query[k] = q.Get(k)
	}
	path := strings.TrimSuffix(r.URL.Path, "/"+r.PathValue("file"))
	return origin{
		Format: originFormat, What: what, Name: name, Address: d.s.Origin + path + "?" + q.Encode(), Query: query, Made: ui.Machine(d.s.Now()), Program: program(), Counts: map[string]int{},
		Gaps: []gapLine{}, Method: method, Files: []fileLine{},
	}
}

func gapLines(gaps []radar.Gap) []gapLine {
	list := []gapLine{}
	for _, g := range gaps {
		one := gapLine{Source: g.Source, Name: g.Name, From: ui.Machine(g.From)}
		if !g.To.IsZero() {
			one.To = ui.Machine(g.To)
		}
		list = append(list, one)
	}
	return list
}

// exports lists the files of a page.
func exports(r *frame.Request, path string, q url.Values, name string, kinds ...string) []link {
	var list []link
	for _, k := range kinds {
		list = append(list, link{r.Lang.T("trend.export." + k), r.Href(path + "/" + name + "." + k + "?" + q.Encode())})
	}
	return append(list, link{r.Lang.T("trend.export.provenance"), r.Href(path + "/provenance.json?" + q.Encode())})
}

// file is one file of a page.
type file struct {
	name, kind string
	data       []byte
}

// bundle is the files of a page, with the account of them.
type bundle struct {
	files  []file
	origin origin
}

// send answers with the file that is asked for: one of the bundle's, provenance.json, or all as NAME.zip. Each answer but the account names it in its
// header (Link, rel="describedby").
func (d desk) send(w http.ResponseWriter, r *frame.Request, name string, b bundle) error {
	for _, f := range b.files {
		sum := sha256.Sum256(f.data)
		b.origin.Files = append(b.origin.Files, fileLine{f.name, len(f.data), hex.EncodeToString(sum[:])})
	}
	account, err := json.MarshalIndent(b.origin, "", "  ")
	if err != nil {
		return err
	}
	account = append(account, '\n')
	all := append(b.files, file{"provenance.json", "application/json", account})
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	asked := r.PathValue("file")
	if asked == name+".zip" {
		data, err := zipped(all, d.s.Now())
		if err != nil {
			return err
		}
		h.Set("Content-Type", "application/zip")
		h.Set("Content-Disposition", `attachment; filename="khue-`+name+`.zip"`)
		_, err = w.Write(data)
		return err
	}
	for _, f := range all {
		if f.name != asked {
			continue
		}
		h.Set("Content-Type", f.kind)
		h.Set("Content-Disposition", `attachment; filename="khue-`+f.name+`"`)
		if f.name != "provenance.json" {
			h.Set("Link", "<provenance.json?"+r.URL.RawQuery+`>; rel="describedby"; type="application/json"`)
		}
		_, err := w.Write(f.data)
		return err
	}
	return problem.New(problem.NotFound)
}

func zipped(files []file, at time.Time) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: at})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

// sheet writes rows as CSV.
func sheet(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// rounded is a number as files have it: to a thousandth.
func rounded(x float64) float64 { return math.Round(x*1000) / 1000 }

func written(x float64) string { return strconv.FormatFloat(rounded(x), 'f', -1, 64) }

// pointLine is a point of a series in JSON. What is not known is left out.
type pointLine struct {
	Period   int      `json:"period"` // 1, or 2 of the time that it is held against
	At       string   `json:"at"`
	N        int      `json:"n"`
	Expected *float64 `json:"expected,omitempty"`
	Low      *float64 `json:"low,omitempty"`
	High     *float64 `json:"high,omitempty"`
	Heard    float64  `json:"heard"`
}

func lines(period int, t radar.Trend) []pointLine {
	list := make([]pointLine, len(t.Points))
	for i, p := range t.Points {
		list[i] = pointLine{Period: period, At: ui.Machine(p.At), N: p.N, Heard: rounded(p.Heard)}
		if p.Band.Known {
			mean, low, high := rounded(p.Band.Mean), p.Band.Low, p.Band.High
			list[i].Expected, list[i].Low, list[i].High = &mean, &low, &high
		}
	}
	return list
}

func cells(list []pointLine) [][]string {
	rows := [][]string{{"period", "at", "n", "expected", "low", "high", "heard"}}
	number := func(x *float64) string {
		if x == nil {
			return ""
		}
		return written(*x)
	}
	for _, p := range list {
		rows = append(rows, []string{strconv.Itoa(p.Period), p.At, strconv.Itoa(p.N), number(p.Expected), number(p.Low), number(p.High), written(p.Heard)})
	}
	return rows
}

func burstLines(t radar.Trend) []burstLine {
	var list []burstLine
	for _, b := range t.Bursts {
		list = append(list, burstLine{ui.Machine(b.Start), ui.Machine(b.End), ui.Machine(b.Peak), b.N, rounded(b.Expected), b.Open})
	}
	return list
}

// oneFile gives the files of a series.
func (d desk) oneFile(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	t, err := d.tell(r, a)
	if err != nil {
		return err
	}
	o := d.origin(r, "series", t.name, t.query())
	o.Query["kind"], o.Query["key"] = t.key.Kind, t.key.Key
	o.Counts["points"], o.Counts["total"] = len(t.trend.Points), t.trend.Total
	o.Bursts, o.Gaps = burstLines(t.trend), gapLines(gapsOf(t))
	points := lines(1, t.trend)
	if t.other != nil {
		points = append(points, lines(2, *t.other)...)
		o.Counts["points_with"], o.Counts["total_with"] = len(t.other.Points), t.other.Total
	}
	table, err := sheet(cells(points))
	if err != nil {
		return err
	}
	list, err := json.MarshalIndent(map[string]any{"name": t.name, "kind": t.key.Kind, "key": t.key.Key, "step": t.step, "bursts": burstLines(t.trend), "points": points}, "", "  ")
	if err != nil {
		return err
	}
	picture := plot(r.Lang, t).SVG(r.Lang.T("trend.export.source", "place", r.Lang.T("ui.place"), "time", ui.ShortDateTime(r.Lang, d.s.Now()), "program", program()))
	return d.send(w, r, "series", bundle{[]file{
		{"series.csv", "text/csv; charset=utf-8", table}, {"series.json", "application/json", append(list, '\n')}, {"series.svg", "image/svg+xml", picture},
	}, o})
}

// boardFile gives the files of the board.
func (d desk) boardFile(w http.ResponseWriter, r *frame.Request) error {
	a, q, rises, err := d.rising(r)
	if err != nil {
		return err
	}
	query := url.Values{"kind": {q.Kind}, "hours": {strconv.Itoa(q.Hours)}}
	names := make([]string, len(rises))
	for i, one := range rises {
		if names[i], _, err = d.name(r, a, one.Key); err != nil {
			return err
		}
	}
	b, err := d.risesBundle(r, "board", r.Lang.T("trend.kinds."+q.Kind), query, rises, names)
	if err != nil {
		return err
	}
	return d.send(w, r, "board", b)
}

// riseLine is a series of the board or the map in JSON.
type riseLine struct {
	Kind     string   `json:"kind"`
	Key      string   `json:"key"`
	Name     string   `json:"name"`
	From     string   `json:"from"`
	N        int      `json:"n"`
	Expected *float64 `json:"expected,omitempty"`
	Low      *float64 `json:"low,omitempty"`
	High     *float64 `json:"high,omitempty"`
	Surprise float64  `json:"surprise"`
	Start    string   `json:"start,omitempty"` // of the burst that goes on
}

// risesBundle writes series that stand beside each other.
func (d desk) risesBundle(r *frame.Request, what, name string, q url.Values, rises []radar.Rise, names []string) (bundle, error) {
	o := d.origin(r, what, name, q)
	rows := [][]string{{"kind", "key", "name", "from", "n", "expected", "low", "high", "surprise", "start"}}
	list := []riseLine{}
	for i, one := range rises {
		x := riseLine{Kind: one.Key.Kind, Key: one.Key.Key, Name: names[i], From: ui.Machine(one.From), N: one.N, Surprise: rounded(one.Surprise)}
		row := []string{x.Kind, x.Key, site.SheetText(x.Name), x.From, strconv.Itoa(x.N), "", "", "", written(one.Surprise), ""}
		if one.Band.Known {
			mean, low, high := rounded(one.Band.Mean), one.Band.Low, one.Band.High
			x.Expected, x.Low, x.High = &mean, &low, &high
			row[5], row[6], row[7] = written(mean), written(low), written(high)
		}
		if !one.Start.IsZero() {
			x.Start = ui.Machine(one.Start)
			row[9] = x.Start
		}
		list, rows = append(list, x), append(rows, row)
		o.Counts["total"] += one.N
	}
	o.Counts["series"] = len(rises)
	now := d.s.Now()
	hours, err := strconv.Atoi(q.Get("hours"))
	if err != nil {
		return bundle{}, err
	}
	gaps, err := d.s.Radar.Gaps(r.Context(), now.Add(-time.Duration(hours)*time.Hour), now)
	if err != nil {
		return bundle{}, err
	}
	o.Gaps = gapLines(gaps)
	table, err := sheet(rows)
	if err != nil {
		return bundle{}, err
	}
	data, err := json.MarshalIndent(list, "", "  ")
	return bundle{[]file{{what + ".csv", "text/csv; charset=utf-8", table}, {what + ".json", "application/json", append(data, '\n')}}, o}, err
}
