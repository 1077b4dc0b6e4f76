package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"khue/people"
	"khue/radar"
)

// Watch is a query that every new mention is held against.
type Watch struct {
	Mark
	ID         string    `json:"id"`
	Query      string    `json:"query" example:"\"cháy chợ\" NEAR/20 Bến Xanh"`
	Reason     string    `json:"reason"`
	State      string    `json:"state" enum:"active,ended"`
	Pace       string    `json:"pace" enum:"at-once,hourly,daily"`
	Mail       bool      `json:"mail"`
	Webhook    bool      `json:"webhook"`
	WebhookOff bool      `json:"webhook_off"`
	Owner      string    `json:"owner"`
	MadeBy     string    `json:"made_by"`
	Made       time.Time `json:"made"`
	Version    int64     `json:"version" example:"1"`
	Day        int       `json:"day"`
	Week       int       `json:"week"`
	Secret     string    `json:"secret,omitempty"`
}

func watchOf(w radar.Watch) Watch {
	return Watch{
		ID: w.ID, Query: w.Query, Reason: w.Why, State: string(w.State), Pace: string(w.Pace), Mail: w.Mail, Webhook: w.Webhook != "", WebhookOff: w.HookOff,
		Owner: w.Owner, MadeBy: w.MadeBy, Made: when(w.MadeAt), Version: w.Version, Day: w.Day, Week: w.Week,
	}
}

// WatchNew is a query to watch for.
type WatchNew struct {
	Query   string `json:"query" minLength:"1" maxLength:"4096" example:"cháy chợ"`
	Reason  string `json:"reason" minLength:"1" maxLength:"1000"`
	Pace    string `json:"pace,omitempty" enum:"at-once,hourly,daily" default:"at-once"`
	Mail    bool   `json:"mail,omitempty"`
	Webhook string `json:"webhook,omitempty" maxLength:"2000" example:"https://may.example/khue"`
}

// WatchTry is a query to be tried.
type WatchTry struct {
	Query string `query:"query" required:"true" minLength:"1" maxLength:"4096"`
}

// WatchTrial is what a query would have found in the last thirty days.
type WatchTrial struct {
	Mark
	Total   int        `json:"total"`
	PerDay  float64    `json:"per_day"`
	Busiest int        `json:"busiest"`
	Read    int        `json:"read"`
	Since   time.Time  `json:"since"`
	Whole   bool       `json:"whole"`
	Hits    []WatchHit `json:"hits"`
}

// WatchHit is a mention that a watch found.
type WatchHit struct {
	N       int64        `json:"n"`
	At      time.Time    `json:"at"`
	Mention string       `json:"mention"`
	URL     string       `json:"url"`
	Title   string       `json:"title"`
	Excerpt string       `json:"excerpt,omitempty"`
	Story   string       `json:"story,omitempty"`
	Copy    bool         `json:"copy"`
	Places  []WatchPlace `json:"places"`
}

// WatchPlace is where something that was looked for stands.
type WatchPlace struct {
	Field string `json:"field" enum:"title,text"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

func watchHit(h radar.WatchHit) WatchHit {
	out := WatchHit{N: h.N, At: when(h.At), Mention: h.ID, URL: h.URL, Title: h.Title, Story: h.Story, Copy: h.CopyOf != "", Places: []WatchPlace{}}
	for _, p := range h.Part {
		out.Excerpt += p.Text
	}
	for _, p := range h.Places {
		out.Places = append(out.Places, WatchPlace{[]string{"title", "text"}[p.Field], p.Start, p.End})
	}
	return out
}

// WatchHits chooses the hits of a watch, the last one first.
type WatchHits struct {
	ID    string `path:"id" maxLength:"40" example:"01934f0e-7c00-7000-8000-000000000001"`
	After int64  `query:"after" minimum:"0"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

// watches registers what people watch for.
func (a *API) watches() {
	room := a.s.Radar
	reads := []people.Scope{people.ScopeRadar, people.ScopeRead}
	on(a, op{ID: "watches", Group: "radar", Method: http.MethodGet, Path: "/api/desk/watches", Scopes: reads}, func(ctx context.Context, c *call, _ *Nothing) (List[Watch], error) {
		list, err := room.Watches(ctx, c.by)
		return page(c, each(list, watchOf), ""), err
	})
	on(a, op{ID: "watch-try", Group: "radar", Method: http.MethodGet, Path: "/api/desk/watches/try", Scopes: radarScope}, func(ctx context.Context, c *call, in *WatchTry) (WatchTrial, error) {
		t, err := room.TryWatch(ctx, c.by, in.Query)
		return WatchTrial{Total: t.Total, PerDay: t.PerDay, Busiest: t.Busiest, Read: t.Read, Since: when(t.Since), Whole: t.Whole, Hits: each(t.Hits, watchHit)}, err
	})
	on(a, op{ID: "watch-add", Group: "radar", Method: http.MethodPost, Path: "/api/desk/watches", Scopes: radarScope, Made: true}, func(ctx context.Context, c *call, in *Sent[WatchNew]) (Watch, error) {
		b := in.Body
		w, secret, err := room.AddWatch(ctx, c.by, radar.WatchInput{Query: b.Query, Why: b.Reason, Pace: radar.WatchPace(b.Pace), Mail: b.Mail, Webhook: b.Webhook})
		out := watchOf(w)
		out.Secret = secret
		return out, err
	})
	on(a, op{ID: "watch-hits", Group: "radar", Method: http.MethodGet, Path: "/api/desk/watches/{id}/hits", Scopes: reads}, func(ctx context.Context, c *call, in *WatchHits) (List[WatchHit], error) {
		_, hits, err := room.Watch(ctx, c.by, in.ID, in.Limit+1, in.After)
		next := ""
		if len(hits) > in.Limit {
			hits = hits[:in.Limit]
			next = strconv.FormatInt(hits[in.Limit-1].N, 10)
		}
		return page(c, each(hits, watchHit), next), err
	})
	on(a, op{ID: "watch-end", Group: "radar", Method: http.MethodPost, Path: "/api/desk/watches/{id}/end", Scopes: radarScope}, func(ctx context.Context, c *call, in *ID) (Watch, error) {
		w, err := room.EndWatch(ctx, c.by, in.ID)
		return watchOf(w), err
	})
}
