package api

import (
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"khue/catalogue"
)

// describeFields gives every parameter and property its words, from the catalogue ("api.field.<name>"), so that the document and
// the page say the same.
func (a *API) describeFields() {
	doc := a.huma.OpenAPI()
	form := &huma.Schema{Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{
		"file": {Type: huma.TypeString, Format: "binary", Description: fieldWords(catalogue.EN, "file")},
	}}
	for _, o := range a.list {
		if o.Upload {
			doc.Paths[o.Path].Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: form}}}
		}
	}
	for _, item := range doc.Paths {
		for _, o := range []*huma.Operation{item.Get, item.Post} {
			if o == nil {
				continue
			}
			for _, p := range o.Parameters {
				p.Description = fieldWords(catalogue.EN, p.Name)
			}
		}
	}
	for _, s := range doc.Components.Schemas.Map() {
		for name, p := range s.Properties {
			if p.Ref == "" {
				p.Description = fieldWords(catalogue.EN, name)
			}
		}
	}
}

// fieldWords gives what a field is, "" where the catalogue has no words for it.
func fieldWords(l catalogue.Lang, name string) string {
	key := "api.field." + strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(name, "@"), "_", "-"))
	if !l.Has(key) {
		return ""
	}
	return l.T(key)
}

// Field is a parameter or a property of a body as the documentation page shows it.
type Field struct {
	Name, Where, Type, Words string
	Required                 bool
	Values                   []string
	Limits                   string
}

// fields lists the parameters and the body's properties of an operation, by the document that programs read.
func (a *API) fields(l catalogue.Lang, o *op) []Field {
	doc := a.huma.OpenAPI()
	item := doc.Paths[o.Path]
	described := item.Get
	if o.Method == "POST" {
		described = item.Post
	}
	var list []Field
	for _, p := range described.Parameters {
		if p.Name == "Idempotency-Key" {
			continue
		}
		list = append(list, a.field(l, p.Name, p.In, p.Schema, p.Required))
	}
	if described.RequestBody == nil {
		return list
	}
	for _, m := range described.RequestBody.Content {
		s := a.schema(m.Schema)
		names := make([]string, 0, len(s.Properties))
		for name := range s.Properties {
			names = append(names, name)
		}
		slices.SortFunc(names, func(x, y string) int {
			if rx, ry := slices.Contains(s.Required, x), slices.Contains(s.Required, y); rx != ry {
				if rx {
					return -1
				}
				return 1
			}
			return strings.Compare(x, y)
		})
		for _, name := range names {
			list = append(list, a.field(l, name, "body", s.Properties[name], slices.Contains(s.Required, name)))
		}
	}
	return list
}

// schema follows a reference.
func (a *API) schema(s *huma.Schema) *huma.Schema {
	if s != nil && s.Ref != "" {
		return a.huma.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

func (a *API) field(l catalogue.Lang, name, where string, s *huma.Schema, required bool) Field {
	f := Field{Name: name, Where: where, Required: required, Words: fieldWords(l, name)}
	if s = a.schema(s); s == nil {
		return f
	}
	f.Type = s.Type
	switch {
	case s.Format == "date-time":
		f.Type = "date-time"
	case s.Format == "binary":
		f.Type = "file"
	case s.Type == "array" && s.Items != nil:
		if item := a.schema(s.Items); item != nil {
			f.Type = item.Type + "[]"
		}
	}
	for _, v := range s.Enum {
		if text, ok := v.(string); ok {
			f.Values = append(f.Values, text)
		}
	}
	f.Limits = limits(l, s)
	return f
}

// limits says how long or large a value may be.
func limits(l catalogue.Lang, s *huma.Schema) string {
	switch {
	case s.MaxLength != nil && s.Enum == nil:
		return l.T("api.limit.length", "n", *s.MaxLength)
	case s.MaxItems != nil:
		return l.T("api.limit.items", "n", *s.MaxItems)
	case s.Maximum != nil:
		return l.T("api.limit.number", "n", int64(*s.Maximum))
	}
	return ""
}
