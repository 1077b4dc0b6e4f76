package api

import "khue/web/site"

// Example is an example as the test runs it.
type Example struct {
	Op, Method, Path, As, Header, Body, File string
	Keep                                     map[string]string
	Example                                  example
}

// AllExamples gives the examples with their operations, in order, and the ids of all operations.
func AllExamples(s *site.Site) (list [][]Example, ids []string) {
	a := newAPI(s)
	byID := map[string]*op{}
	for _, o := range a.list {
		byID[o.ID] = o
		ids = append(ids, o.ID)
	}
	for _, chapter := range examples {
		var out []Example
		for _, e := range chapter {
			o := byID[e.Op]
			path := e.Path
			if path == "" {
				path = o.Path
			}
			out = append(out, Example{e.Op, o.Method, path, e.As, e.Header, e.Body, e.File, e.Keep, e})
		}
		list = append(list, out)
	}
	return list, ids
}
