package api

import (
	"context"
	"net/http"
	"time"

	"khue/insight"
	"khue/people"
)

// Work is one thing to do: what it is, whose, how long is left, and the next step.
type Work struct {
	Group  string    `json:"group" enum:"late,due,waiting,raised"`
	Thing  string    `json:"thing" example:"claim/01934f0e-7c00-7000-8000-000000000001"`
	Code   string    `json:"code,omitempty" example:"KC-2026-0001"`
	Title  string    `json:"title"`
	Office string    `json:"office,omitempty" example:"SXD"`
	State  string    `json:"state,omitempty"`
	Next   string    `json:"next,omitempty"`
	Duty   *Duty     `json:"duty,omitempty"`
	At     time.Time `json:"at,omitzero"`
	Page   string    `json:"page"`
}

var insideScopes = []people.Scope{people.ScopeRead, people.ScopeDesk, people.ScopeClaims, people.ScopeRadar, people.ScopeSubmit}

// work registers what lies with the caller.
func (a *API) work() {
	on(a, op{ID: "work", Group: "work", Method: http.MethodGet, Path: "/api/desk/work", Scopes: insideScopes}, func(ctx context.Context, c *call, _ *Nothing) (List[Work], error) {
		list, err := a.s.Insight.Now(ctx, c.by)
		return page(c, each(list, func(w insight.Work) Work {
			out := Work{Group: string(w.Group), Thing: w.Ref, Code: w.Code, Title: w.Title, Office: w.Office, At: when(w.At), Page: a.s.Origin + w.Href}
			if w.State != "" {
				out.State = c.lang.T(w.State)
			}
			if w.Next != "" {
				out.Next = c.lang.T(w.Next)
			}
			if w.Duty.ID != "" {
				d := duty(w.Duty)
				out.Duty = &d
			}
			return out
		}), ""), err
	})
}
