// Package place finds where in a YAML file something stands, so that each fault in a file of rules names its line and column.
//
// Pure: no file, no clock. Imports the YAML reader only.
package place

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Fault is something wrong in a file, with its place and the mend. Line and Column count from 1.
type Fault struct {
	File         string
	Line, Column int
	Said
}

// Error gives FILE:LINE:COLUMN: and what was said, in its technical form.
func (f *Fault) Error() string { return f.Place() + ": " + f.Said.Error() }

// Place gives FILE:LINE:COLUMN.
func (f *Fault) Place() string { return fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column) }

// Said is what is wrong, to be told in the reader's language: the catalogue's sentence "rulebook.<Code>" with its arguments.
type Said struct {
	Code string
	Args []any // pairs of name and value
}

// Say makes a Said; args are pairs of name and value.
func Say(code string, args ...any) error { return &Said{code, args} }

// Error gives the technical form for logs: the code and the arguments.
func (s *Said) Error() string {
	var b strings.Builder
	b.WriteString(s.Code)
	for i := 0; i+1 < len(s.Args); i += 2 {
		fmt.Fprintf(&b, " %v=%q", s.Args[i], fmt.Sprint(s.Args[i+1]))
	}
	return b.String()
}

// Faults is every fault of a set of files, in the order of files and lines.
type Faults []*Fault

// Error gives a line for each.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, one := range f {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Or sorts them by file and line and gives them, or nil when there is none.
func (f Faults) Or() error {
	if len(f) == 0 {
		return nil
	}
	slices.SortStableFunc(f, func(a, b *Fault) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return f
}

// Inner is a fault inside a text of the file; Line and Column count from 1 in that text.
type Inner struct {
	Line, Column int
	Err          error
}

// Error gives the reason alone.
func (e *Inner) Error() string { return e.Err.Error() }

// Unwrap gives the reason.
func (e *Inner) Unwrap() error { return e.Err }

// Source is a file as it was read.
type Source struct {
	name  string
	lines []string
	root  ast.Node
}

// Read decodes a file strictly into a pointer to a struct: every unknown key is a fault, and so is the first value of a wrong type.
func Read(name string, data []byte, into any) (src *Source, faults Faults) {
	defer func() { // the library panics on a few texts that are no YAML of ours, such as a slice with an empty tag
		if p := recover(); p != nil {
			src, faults = nil, Faults{{name, 1, 1, Said{"yaml", []any{"why", fmt.Sprint(p)}}}}
		}
	}()
	s := &Source{name: name, lines: strings.Split(string(data), "\n")}
	f, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, Faults{yamlFault(name, err)}
	}
	if len(f.Docs) > 0 {
		s.root = f.Docs[0].Body
	}
	if faults := s.unknown(s.root, reflect.TypeOf(into)); len(faults) > 0 {
		return nil, faults
	}
	if err := yaml.UnmarshalWithOptions(data, into, yaml.Strict()); err != nil {
		return nil, Faults{yamlFault(name, err)}
	}
	return s, nil
}

// unknown finds the keys for which a type has no field.
func (s *Source) unknown(n ast.Node, t reflect.Type) (list Faults) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch v := n.(type) {
	case *ast.AnchorNode:
		return s.unknown(v.Value, t)
	case *ast.SequenceNode:
		if t.Kind() == reflect.Slice {
			for _, one := range v.Values {
				list = append(list, s.unknown(one, t.Elem())...)
			}
		}
	case *ast.MappingNode:
		for _, one := range v.Values {
			list = append(list, s.unknown(one, t)...)
		}
	case *ast.MappingValueNode:
		if t.Kind() == reflect.Map {
			return s.unknown(v.Value, t.Elem())
		}
		if t.Kind() != reflect.Struct || v.Key.IsMergeKey() {
			return nil
		}
		key := v.Key.GetToken().Value
		for i := range t.NumField() {
			if t.Field(i).Tag.Get("yaml") == key {
				return s.unknown(v.Value, t.Field(i).Type)
			}
		}
		line, column := place(v.Key)
		return Faults{{s.name, line, column, Said{"unknown-key", []any{"key", key}}}}
	}
	return list
}

// yamlFault gives the library's error its place.
func yamlFault(name string, err error) *Fault {
	var y yaml.Error
	if errors.As(err, &y) && y.GetToken() != nil && y.GetToken().Position != nil {
		pos := y.GetToken().Position
		msg := y.GetMessage()
		return &Fault{name, pos.Line, pos.Column, Said{"yaml", []any{"why", msg}}}
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return &Fault{name, 1, 1, Said{"yaml", []any{"why", first}}}
}

// At makes a fault at a path of keys and indexes; where the path leads nowhere, at the last step that is there.
func (s *Source) At(err error, path ...any) *Fault {
	n := s.root
	for _, step := range path {
		next := child(n, step)
		if next == nil {
			break
		}
		n = next
	}
	line, column := place(n)
	var c *Inner
	if errors.As(err, &c) {
		line, column = s.inside(n, c, line, column)
	}
	said := &Said{"other", []any{"why", err.Error()}}
	errors.As(err, &said)
	return &Fault{s.name, line, column, *said}
}

// inside moves a place from the start of a text to where in it a condition is wrong.
func (s *Source) inside(n ast.Node, c *Inner, line, column int) (int, int) {
	switch v := n.(type) {
	case *ast.LiteralNode: // its own column is the bar's: the text is indented in the file
		for _, text := range s.lines[min(line, len(s.lines)):] { // the first line of the text tells how far
			if inner := strings.TrimLeft(text, " "); strings.TrimSpace(inner) != "" {
				return line + c.Line, len(text) - len(inner) + c.Column
			}
		}
		return line + c.Line, c.Column
	case *ast.StringNode:
		if o := v.GetToken().Origin; strings.HasPrefix(strings.TrimLeft(o, " "), `"`) || strings.HasPrefix(strings.TrimLeft(o, " "), "'") {
			column++
		}
		return line + c.Line - 1, column + c.Column - 1
	}
	return line, column
}

func child(n ast.Node, step any) ast.Node {
	switch v := n.(type) {
	case *ast.AnchorNode:
		return child(v.Value, step)
	case *ast.TagNode:
		return child(v.Value, step)
	case *ast.SequenceNode:
		if i, ok := step.(int); ok && i < len(v.Values) {
			return v.Values[i]
		}
	case *ast.MappingNode:
		for _, m := range v.Values {
			if m.Key.GetToken().Value == step {
				return m.Value
			}
		}
	case *ast.MappingValueNode:
		if v.Key.GetToken().Value == step {
			return v.Value
		}
	}
	return nil
}

func place(n ast.Node) (line, column int) {
	switch v := n.(type) {
	case nil:
		return 1, 1
	case *ast.MappingNode:
		if len(v.Values) > 0 && v.Start.Value != "{" {
			return place(v.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return place(v.Key)
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line, t.Position.Column
	}
	return 1, 1
}
