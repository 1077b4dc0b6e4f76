package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"khue/catalogue"
	"khue/problem"
	"khue/radar/spread"
)

type radarForecastCmd struct {
	In  string  `required:"" placeholder:"FILE" help:"${cmd_radar_forecast_in}"`
	At  float64 `required:"" placeholder:"MINUTES" help:"${cmd_radar_forecast_at}"`
	Out string  `default:"-" placeholder:"FILE" help:"${cmd_radar_forecast_out}"`
}

// cascadeLine is a cascade, whole or up to some moment.
type cascadeLine struct {
	ID     string      `json:"id"`
	Events []eventLine `json:"events"`
}

func (c *cascadeLine) check() error {
	if c.ID == "" {
		return badLine("no id")
	}
	return nil
}

// nodeName is what an event is called in its cascade: a whole number or a text.
type nodeName struct {
	text   string
	number int64
	known  bool
}

// eventLine is a post of a cascade. It is decoded by hand: cascades are long.
type eventLine struct {
	t            float64 // minutes after the root; NaN without one
	node, parent nodeName
	fault        string // why it is of no use
}

// UnmarshalJSONFrom reads {"t","node","parent"}, in any order and with whatever else.
func (v *eventLine) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	*v = eventLine{t: math.NaN()}
	if d.PeekKind() != '{' {
		v.fault = "not an object"
		return d.SkipValue()
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadValue()
		if err != nil {
			return err
		}
		switch string(name) {
		case `"t"`:
			err = v.readTime(d)
		case `"node"`:
			err = v.readName(d, &v.node, "node")
		case `"parent"`:
			err = v.readName(d, &v.parent, "parent")
		default:
			err = d.SkipValue()
		}
		if err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

func (v *eventLine) readTime(d *jsontext.Decoder) error {
	if d.PeekKind() != '0' {
		v.fault = "t is not a number of minutes"
		return d.SkipValue()
	}
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	if v.t, err = token.Float(); err != nil {
		v.fault = "t is too large"
	}
	return nil
}

func (v *eventLine) readName(d *jsontext.Decoder, n *nodeName, key string) error {
	*n = nodeName{}
	switch d.PeekKind() {
	case 'n', '"', '0':
	default:
		v.fault = key + " is neither a number nor a text"
		return d.SkipValue()
	}
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	switch token.Kind() {
	case '"':
		*n = nodeName{text: token.String(), known: true}
	case '0':
		number, err := token.Float()
		if err != nil || number != math.Trunc(number) || math.Abs(number) > 1<<53 {
			v.fault = key + " is not a whole number"
			return nil //nolint:nilerr // the line is at fault, and says so
		}
		*n = nodeName{number: int64(number), known: true}
	}
	return nil
}

// forecastLine is what becomes of a cascade. Reasons say what makes a rumour likelier than usual.
type forecastLine struct {
	ID      string   `json:"id"`
	Size    int      `json:"size"`
	Low     int      `json:"low"`
	High    int      `json:"high"`
	Rumour  float64  `json:"rumour"`
	Reasons []string `json:"reasons"`
}

// forecaster is what a worker keeps between cascades.
type forecaster struct {
	spread.Forecaster
	posts   []spread.Post[nodeName]
	reasons []spread.Reason
}

// Run forecasts each cascade from what had come by a moment.
func (c *radarForecastCmd) Run(e *env) error {
	if !(c.At > 0) || c.At > spread.MaxAge.Minutes() {
		return problem.New(problem.Usage, "why", e.lang.T("cmd.radar.forecast.positive"))
	}
	b := startBatch(e)
	free := sync.Pool{New: func() any { return new(forecaster) }}
	return b.end(parallelLines(b, c.In, c.Out, func(l cascadeLine, emit func(forecastLine) error) error {
		f := free.Get().(*forecaster)
		defer free.Put(f)
		line, err := f.forecast(e.lang, &l, c.At)
		if err != nil {
			return badLine(err.Error())
		}
		return emit(line)
	}))
}

func (f *forecaster) forecast(lang catalogue.Lang, l *cascadeLine, minutes float64) (forecastLine, error) {
	f.posts = f.posts[:0]
	for i := range l.Events {
		v := &l.Events[i]
		switch {
		case v.t > minutes: // not looked at
			continue
		case v.fault != "":
			return forecastLine{}, fmt.Errorf("event %d: %s", i+1, v.fault)
		case math.IsNaN(v.t):
			return forecastLine{}, fmt.Errorf("event %d: no t (minutes after the first post)", i+1)
		case !v.node.known:
			return forecastLine{}, fmt.Errorf("event %d: no node", i+1)
		}
		f.posts = append(f.posts, spread.Post[nodeName]{ID: v.node, Parent: v.parent, First: !v.parent.known, At: ofMinutes(v.t)})
	}
	c, err := spread.New(f.posts)
	if err != nil {
		return forecastLine{}, err
	}
	p := f.Forecast(c, ofMinutes(minutes))
	line := forecastLine{ID: l.ID, Size: p.Size, Low: p.Low, High: p.High, Rumour: math.Round(p.Rumour*1e4) / 1e4}
	f.reasons = f.Reasons(f.reasons[:0])
	line.Reasons = make([]string, len(f.reasons))
	for i, r := range f.reasons {
		line.Reasons[i] = saySpread(lang, r)
	}
	return line, nil
}

// ofMinutes is a time within MaxAge; beyond it, one that New refuses.
func ofMinutes(m float64) time.Duration {
	if limit := spread.MaxAge.Minutes(); m > limit {
		return spread.MaxAge + 1
	} else if m < 0 {
		return -1
	}
	return time.Duration(math.Round(m * float64(time.Minute)))
}

// saySpread says a reason.
func saySpread(lang catalogue.Lang, r spread.Reason) string {
	key := "cmd.radar.forecast." + string(r.Kind)
	switch r.Kind {
	case spread.Size, spread.Depth:
		return lang.N(key, int(r.Value))
	case spread.Half, spread.Silence, spread.First, spread.Delay:
		minutes := strconv.FormatFloat(math.Round(r.Value*10)/10, 'f', -1, 64)
		if lang == catalogue.VI {
			minutes = strings.Replace(minutes, ".", ",", 1)
		}
		return lang.T(key, "minutes", minutes)
	default:
		return lang.T(key, "percent", int(math.Round(100*r.Value)))
	}
}
