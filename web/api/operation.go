package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"khue/catalogue"
	"khue/people"
	"khue/problem"
	"khue/regulation"
	"khue/web/frame"
)

// op is one operation as this package declares it. Its words stand in the catalogue under "api.op.<ID>".
type op struct {
	ID     string // "release-take"
	Group  string // words under "api.group.<group>"
	Method string
	Path   string // as ServeMux writes it
	// Scopes are those of which the key needs one; none: nobody needs a key.
	Scopes []people.Scope
	// Open says that no key is needed, though one that is given needs a scope.
	Open bool
	// Free says that a POST changes nothing and needs no idempotency key.
	Free bool
	// Upload says that the body is a form with files.
	Upload bool
	Status int // of success; 0 means 200, or 201 where Made is set
	Made   bool
}

// public says whether the answer is the same for everybody who has no key.
func (o *op) public() bool { return o.Method == http.MethodGet && len(o.Scopes) == 0 }

// writes says whether the operation changes something.
func (o *op) writes() bool { return o.Method != http.MethodGet && !o.Free }

// allow says whether a caller may use the operation: nil, or what is missing.
func (o *op) allow(k people.Key) error {
	switch {
	case len(o.Scopes) == 0, o.Open && k.ID == "":
		return nil
	case k.ID == "":
		return problem.New(problem.Key)
	case slices.ContainsFunc(o.Scopes, k.Has):
		return nil
	}
	return problem.New(problem.Forbidden, "role", "@api.need."+string(o.Scopes[0]))
}

// call is one request on its way through huma to the room.
type call struct {
	r    *frame.Request
	lang catalogue.Lang
	by   regulation.Actor
	key  people.Key // zero: none
	form string     // the request's idempotency key as the rooms want a form's own key; "" for reads
	err  error      // what went wrong; the frame answers it
}

type callKey struct{}

func with(ctx context.Context, c *call) context.Context { return context.WithValue(ctx, callKey{}, c) }

func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// answer is what huma writes: the body alone.
type answer[T any] struct{ Body T }

// Mark is in every answer that is an object: a demo's answers say that they are made up.
type Mark struct {
	Demo bool `json:"demo,omitempty"`
}

func (m *Mark) mark(demo bool) { m.Demo = demo }

// on registers an operation. h gets who calls and the decoded request.
func on[I, O any](a *API, o op, h func(ctx context.Context, c *call, in *I) (O, error)) {
	if o.Status == 0 {
		o.Status = http.StatusOK
		if o.Made {
			o.Status = http.StatusCreated
		}
	}
	a.ops[o.Method+" "+o.Path] = &o
	a.list = append(a.list, &o)
	described := huma.Operation{
		OperationID: o.ID, Method: o.Method, Path: o.Path, Tags: []string{o.Group}, DefaultStatus: o.Status,
		Summary: catalogue.EN.T("api.op." + o.ID), Description: describe(catalogue.EN, &o), Security: security(&o), MaxBodyBytes: maxBody + 1,
	}
	if o.Upload {
		described.MaxBodyBytes = -1
	}
	if o.writes() {
		described.Parameters = append(described.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header", Required: true, Schema: &huma.Schema{Type: "string", MinLength: ptr(minKey), MaxLength: ptr(maxKey)},
			Description: catalogue.EN.T("api.field.idempotency-key"),
		})
	}
	huma.Register(a.huma, described, func(ctx context.Context, in *I) (*answer[O], error) {
		c := callOf(ctx)
		out, err := h(ctx, c, in)
		if err != nil {
			c.err = err
			return nil, &Problem{Status: frame.Status(problem.CodeOf(err))}
		}
		if m, ok := any(&out).(interface{ mark(bool) }); ok {
			m.mark(a.s.Demo)
		}
		return &answer[O]{out}, nil
	})
}

func ptr[T any](v T) *T { return &v }

// describe says who may call.
func describe(l catalogue.Lang, o *op) string {
	switch {
	case len(o.Scopes) == 0:
		return l.T("api.who.all")
	case o.Open:
		return l.T("api.who.open", "scopes", scopeList(o))
	}
	return l.T("api.who.key", "scopes", scopeList(o))
}

func scopeList(o *op) string {
	s := ""
	for i, scope := range o.Scopes {
		if i > 0 {
			s += ", "
		}
		s += string(scope)
	}
	return s
}

func security(o *op) []map[string][]string {
	switch {
	case len(o.Scopes) == 0:
		return []map[string][]string{}
	case o.Open:
		return []map[string][]string{{}, {"key": {}}}
	}
	return []map[string][]string{{"key": {}}}
}
