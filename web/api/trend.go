package api

import (
	"context"
	"net/http"
	"time"

	"khue/people"
	"khue/radar"
	"khue/radar/series"
)

// Band is what was to be expected. It is left out while too little is known.
type Band struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

func band(b series.Band) *Band {
	if !b.Known {
		return nil
	}
	return &Band{b.Mean, b.Low, b.High}
}

// Rise is how a series stands against what was to be expected of the last hours.
type Rise struct {
	Kind     string    `json:"kind"`
	Key      string    `json:"key"`
	From     time.Time `json:"from"`
	N        int       `json:"n"`
	Expected *Band     `json:"expected,omitempty"`
	Surprise float64   `json:"surprise"`
	Start    time.Time `json:"start,omitzero"`
}

// RiseQuery chooses what is held against what was to be expected.
type RiseQuery struct {
	Kind  string `query:"kind" enum:"story,topic,place,office,watch,source,all" default:"story"`
	Hours int    `query:"hours" minimum:"1" maximum:"168" default:"24"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

// TrendQuery chooses a series and a time; the key of everything is "all".
type TrendQuery struct {
	Kind string    `path:"kind" enum:"story,topic,place,office,watch,source,all" example:"place"`
	Key  string    `path:"key" maxLength:"100" example:"00199"`
	Step string    `query:"step" enum:"minute,hour,day" default:"hour"`
	From time.Time `query:"from"`
	To   time.Time `query:"to"`
}

// Trend is how much is told of one thing over a time.
type Trend struct {
	Mark
	Kind   string       `json:"kind"`
	Key    string       `json:"key"`
	Step   string       `json:"step" enum:"minute,hour,day"`
	From   time.Time    `json:"from"`
	To     time.Time    `json:"to"`
	Total  int          `json:"total"`
	Points []TrendPoint `json:"points"`
	Bursts []TrendBurst `json:"bursts"`
	Gaps   []Gap        `json:"gaps"`
}

// TrendPoint is one step of a trend.
type TrendPoint struct {
	At       time.Time `json:"at"`
	N        int       `json:"n"`
	Expected *Band     `json:"expected,omitempty"`
	Heard    float64   `json:"heard"`
}

// TrendBurst is a run of steps above what was to be expected.
type TrendBurst struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
	Peak  time.Time `json:"peak"`
	N     int       `json:"n"`
	Mean  float64   `json:"mean"`
	Open  bool      `json:"open,omitempty"`
}

// Gap is a time in which a source could not be heard.
type Gap struct {
	Source string    `json:"source"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to,omitzero"`
}

// steps are those of a series by name, with how far back they are told without another wish.
var steps = map[string]struct {
	step series.Step
	back time.Duration
}{"minute": {series.Minute, 3 * time.Hour}, "hour": {series.Hour, 7 * 24 * time.Hour}, "day": {series.Day, 56 * 24 * time.Hour}}

// trends registers what is told of everything that the radar counts.
func (a *API) trends() {
	room := a.s.Radar
	get := func(id, path string) op {
		return op{ID: id, Group: "radar", Method: http.MethodGet, Path: path, Scopes: []people.Scope{people.ScopeRadar, people.ScopeRead}}
	}
	on(a, get("trends", "/api/desk/trends"), func(ctx context.Context, c *call, in *RiseQuery) (List[Rise], error) {
		list, err := room.Rising(ctx, c.by, radar.RisingQuery{Kind: in.Kind, Hours: in.Hours, Limit: in.Limit})
		return page(c, each(list, func(x radar.Rise) Rise {
			return Rise{x.Key.Kind, x.Key.Key, when(x.From), x.N, band(x.Band), x.Surprise, when(x.Start)}
		}), ""), err
	})
	on(a, get("trend", "/api/desk/trends/{kind}/{key}"), func(ctx context.Context, c *call, in *TrendQuery) (Trend, error) {
		key := radar.SeriesKey{Kind: in.Kind, Key: in.Key}
		if key.Kind == radar.KindAll && key.Key == "all" {
			key.Key = ""
		}
		step := steps[in.Step]
		if in.To.IsZero() {
			in.To = a.s.Now()
		}
		if in.From.IsZero() {
			in.From = in.To.Add(-step.back)
		}
		t, err := room.Trend(ctx, c.by, radar.TrendQuery{Key: key, Step: step.step, From: in.From, To: in.To})
		return trend(in.Step, t), err
	})
}

func trend(step string, t radar.Trend) Trend {
	return Trend{
		Kind: t.Key.Kind, Key: t.Key.Key, Step: step, From: when(t.From), To: when(t.To), Total: t.Total,
		Points: each(t.Points, func(p radar.TrendPoint) TrendPoint { return TrendPoint{when(p.At), p.N, band(p.Band), p.Heard} }),
		Bursts: each(t.Bursts, func(b radar.TrendBurst) TrendBurst {
			return TrendBurst{when(b.Start), when(b.End), when(b.Peak), b.N, b.Expected, b.Open}
		}),
		Gaps: each(t.Gaps, func(g radar.Gap) Gap { return Gap{g.Source, when(g.From), when(g.To)} }),
	}
}
