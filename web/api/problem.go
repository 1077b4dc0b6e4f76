package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"khue/problem"
)

// Problem is what every error looks like (RFC 9457). The frame writes it; the type is here to be described.
type Problem struct {
	Type    string  `json:"type" example:"about:blank"`
	Title   string  `json:"title" example:"Unprocessable Entity"`
	Status  int     `json:"status" example:"422"`
	Detail  string  `json:"detail" example:"Enter title."`
	Code    string  `json:"code" example:"required"`
	Request string  `json:"request" example:"5f2b0c9a1d3e4f60"`
	Errors  []Fault `json:"errors"`
}

// Fault is one thing that was wrong, with the field that it concerns.
type Fault struct {
	Field  string `json:"field,omitempty" example:"title"`
	Code   string `json:"code" example:"required"`
	Detail string `json:"detail" example:"Enter title."`
}

// Error gives the code.
func (p *Problem) Error() string { return p.Code }

// GetStatus gives the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is RFC 9457's.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// sep stands between the parts of a validation message, so that its sentence can be made in the reader's language.
const sep = "\x1f"

// settle makes huma's checks speak in problems of this house. huma keeps these in variables of its package.
var settle = sync.OnceFunc(func() {
	huma.DefaultArrayNullable = false
	huma.ErrorFormatter = func(format string, a ...any) string {
		parts := []string{format}
		for _, v := range a {
			parts = append(parts, fmt.Sprint(v))
		}
		return strings.Join(parts, sep)
	}
	huma.NewError = func(status int, _ string, _ ...error) huma.StatusError { return &Problem{Status: status} }
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		if c := callOf(ctx.Context()); c != nil && c.err == nil {
			c.err = c.translate(status, msg, errs)
		}
		return &Problem{Status: status}
	}
})

// translate makes one of our problems of what huma found wrong with a request.
func (c *call) translate(status int, msg string, errs []error) error {
	switch status {
	case http.StatusUnsupportedMediaType:
		return problem.New(problem.MediaType, "want", "application/json")
	case http.StatusRequestEntityTooLarge:
		return problem.New(problem.Size, "n", "1")
	case http.StatusInternalServerError:
		return fmt.Errorf("%s: %w", msg, errors.Join(errs...))
	case http.StatusBadRequest:
		if len(errs) == 0 {
			return problem.Of("body", problem.Required, "field", c.lang.T("api.field.body"))
		}
		return problem.Of("body", problem.Invalid, "field", c.lang.T("api.field.body"), "why", c.lang.T("api.why.json"))
	}
	var l problem.List
	for _, e := range errs {
		var d *huma.ErrorDetail
		if !errors.As(e, &d) {
			l = append(l, problem.Of("body", problem.Invalid, "field", c.lang.T("api.field.body"), "why", c.lang.T("api.why.form")))
			continue
		}
		l = append(l, c.fault(d))
	}
	if len(l) == 0 {
		return problem.New(problem.Invalid, "field", c.lang.T("api.field.body"), "why", c.lang.T("api.why.form"))
	}
	return l
}

// whys are the reasons for which a value does not fit, by huma's words for them; the sentence may name one number or list.
var whys = map[string]string{
	validation.MsgUnexpectedProperty:           "api.why.unknown",
	"unknown query parameter":                  "api.why.unknown",
	validation.MsgExpectedRFC3339DateTime:      "api.why.instant",
	validation.MsgExpectedRFC3339Date:          "api.why.date",
	validation.MsgExpectedBoolean:              "api.why.boolean",
	validation.MsgExpectedNumber:               "api.why.number",
	validation.MsgExpectedInteger:              "api.why.number",
	validation.MsgExpectedString:               "api.why.string",
	validation.MsgExpectedArray:                "api.why.array",
	validation.MsgExpectedObject:               "api.why.object",
	validation.MsgExpectedOneOf:                "api.why.one-of",
	validation.MsgExpectedMinimumNumber:        "api.why.at-least",
	validation.MsgExpectedMaximumNumber:        "api.why.at-most",
	validation.MsgExpectedMinLength:            "api.why.longer",
	validation.MsgExpectedMaxLength:            "api.why.shorter",
	validation.MsgExpectedMinItems:             "api.why.more-items",
	validation.MsgExpectedMaxItems:             "api.why.fewer-items",
	validation.MsgExpectedMatchPattern:         "api.why.pattern",
	validation.MsgExpectedBePattern:            "api.why.pattern",
	"invalid integer":                          "api.why.number",
	"invalid boolean":                          "api.why.boolean",
	"invalid date/time for format " + sep + "": "api.why.instant",
}

func (c *call) fault(d *huma.ErrorDetail) *problem.Error {
	field := d.Location
	for _, where := range []string{"body.", "query.", "path.", "header.", "form."} {
		if rest, ok := strings.CutPrefix(field, where); ok {
			field = rest
			break
		}
	}
	parts := strings.Split(d.Message, sep)
	if parts[0] == validation.MsgExpectedRequiredProperty && len(parts) > 1 {
		if field == "body" {
			field = parts[1]
		} else {
			field += "." + parts[1]
		}
		return problem.Of(field, problem.Required, "field", c.word(field))
	}
	if strings.HasPrefix(parts[0], "required ") {
		return problem.Of(field, problem.Required, "field", c.word(field))
	}
	key, ok := whys[parts[0]]
	if !ok {
		key = "api.why.form"
		if strings.Contains(d.Message, "time") {
			key = "api.why.instant"
		}
	}
	n := ""
	if len(parts) > 1 {
		n = parts[1]
	}
	return problem.Of(field, problem.Invalid, "field", c.word(field), "why", c.lang.T(key, "n", n))
}

// word names a field in a sentence: as programs know it.
func (c *call) word(field string) string { return "“" + field + "”" }

// named puts the rooms' names of fields into the form that this API gives them.
func named(err error) error {
	var l problem.List
	for _, e := range problem.All(err) {
		if strings.Contains(e.Field, "-") {
			changed := *e
			changed.Args = map[string]string{"field": "@field." + e.Field}
			for k, v := range e.Args {
				changed.Args[k] = v
			}
			changed.Field = strings.ReplaceAll(e.Field, "-", "_")
			e = &changed
		}
		l = append(l, e)
	}
	var many problem.List
	if len(l) == 1 && !errors.As(err, &many) {
		return l[0]
	}
	return l.Or()
}
