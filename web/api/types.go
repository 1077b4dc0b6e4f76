package api

import (
	"net/url"
	"time"

	"khue/regulation"
	"khue/web/ui"
)

// List is a page of things. Next is the address of the page after it, left out on the last.
type List[T any] struct {
	Mark
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" example:"/api/releases?after=cursor"`
}

// page makes a list with the address of its next page: the same address with another cursor.
func page[T any](c *call, items []T, after string) List[T] {
	if items == nil {
		items = []T{}
	}
	l := List[T]{Items: items}
	if after != "" {
		q := c.r.URL.Query()
		q.Set("after", after)
		l.Next = c.r.Path + "?" + q.Encode()
	}
	return l
}

// when gives an instant in Vietnam's time; the zero one stays zero and is left out.
func when(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.In(ui.Zone).Truncate(time.Second)
}

// orEmpty gives a list that is written as [] and not as null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// words turns one list into another.
func each[A, B any](list []A, f func(A) B) []B {
	out := make([]B, 0, len(list))
	for _, v := range list {
		out = append(out, f(v))
	}
	return out
}

// Code is the readable code in an address.
type Code struct {
	Code string `path:"code" maxLength:"40" example:"TCBC-2026-0001"`
}

// Coded is a body for the thing with a code.
type Coded[B any] struct {
	Code string `path:"code" maxLength:"40" example:"TCBC-2026-0001"`
	Body B
}

// Identified is a body for the thing with an id.
type Identified[B any] struct {
	ID   string `path:"id" maxLength:"40" example:"01934f0e-7c00-7000-8000-000000000001"`
	Body B
}

// Nothing is for operations that take no parameters.
type Nothing struct{}

// Sent is a body alone.
type Sent[B any] struct{ Body B }

// Version says which version of the thing the caller saw: when somebody saved meanwhile, the answer is a conflict and nothing is
// written over. 0 does not ask.
type Version struct {
	Version int64 `json:"version,omitempty" minimum:"0" example:"3"`
}

// Reasoned is a version and a reason.
type Reasoned struct {
	Version int64  `json:"version,omitempty" minimum:"0" example:"3"`
	Reason  string `json:"reason" minLength:"1" maxLength:"4000" example:"Cần thêm số liệu của hai phường."`
}

// Duty is a time limit that runs, or ran.
type Duty struct {
	Kind    string    `json:"kind" example:"answer"`
	Office  string    `json:"office" example:"SXD"`
	State   string    `json:"state" example:"running"`
	Opened  time.Time `json:"opened"`
	Due     time.Time `json:"due"`
	Ended   time.Time `json:"ended,omitzero"`
	Law     bool      `json:"law"`
	Act     string    `json:"act,omitempty" example:"Nghị định 244/2026/NĐ-CP"`
	Article string    `json:"article,omitempty" example:"Điều 7 khoản 5"`
}

func duty(d regulation.Duty) Duty {
	return Duty{
		Kind: d.Kind, Office: d.Office, State: string(d.State), Opened: when(d.Opened), Due: when(d.Due), Ended: when(d.Ended), Law: d.Mark == "law", Act: d.Act,
		Article: d.Article,
	}
}

// monthOf reads 2026-11; without it the month that now is.
func (a *API) monthOf(text string) (year int, month time.Month, ok bool) {
	now := a.s.Now().In(ui.Zone)
	if text == "" {
		return now.Year(), now.Month(), true
	}
	m, err := time.ParseInLocation("2006-01", text, ui.Zone)
	if err != nil || m.Year() < 2025 || m.After(now) {
		return 0, 0, false
	}
	return m.Year(), m.Month(), true
}

func cloneURL(path string) *url.URL { return &url.URL{Path: path} }
