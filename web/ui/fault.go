package ui

import (
	"khue/catalogue"
	"khue/problem"
)

// Faults turns an error into the lines of an ErrorSummary and the sentence of each field, in words of the language.
// nil gives nothing.
func Faults(l catalogue.Lang, err error) ([]Fault, map[string]string) {
	all := problem.All(err)
	if len(all) == 0 {
		return nil, nil
	}
	lines, fields := make([]Fault, 0, len(all)), make(map[string]string, len(all))
	for _, e := range all {
		text := l.Problem(e)
		lines = append(lines, Fault{Field: e.Field, Text: text})
		if e.Field != "" && fields[e.Field] == "" {
			fields[e.Field] = text
		}
	}
	return lines, fields
}
