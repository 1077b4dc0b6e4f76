// Package place finds where in a YAML file something stands, so that each fault in a file of rules names its line and column.
//
// Pure: no file, no clock. Imports the YAML reader only.
package place

import (
	"cmp"
	"errors"
	"fmt"
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

// Read decodes a file strictly (an unknown key is a fault) into a pointer.
func Read(name string, data []byte, into any) (*Source, *Fault) {
	s := &Source{name: name, lines: strings.Split(string(data), "\n")}
	if err := yaml.UnmarshalWithOptions(data, into, yaml.Strict()); err != nil {
		return nil, yamlFault(name, err)
	}
	f, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, yamlFault(name, err)
	}
	if len(f.Docs) > 0 {
		s.root = f.Docs[0].Body
	}
	return s, nil
}

// yamlFault gives the library's error its place and the mend.
func yamlFault(name string, err error) *Fault {
	var y yaml.Error
	if errors.As(err, &y) && y.GetToken() != nil && y.GetToken().Position != nil {
		pos := y.GetToken().Position
		msg := y.GetMessage()
		said := Said{"yaml", []any{"why", msg}}
		if _, key, ok := strings.Cut(msg, "unknown field "); ok {
			said = Said{"unknown-key", []any{"key", strings.Trim(key, `"`)}}
		}
		return &Fault{name, pos.Line, pos.Column, said}
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
		line += c.Line
		if line-1 < len(s.lines) {
			text := s.lines[line-1]
			column = len(text) - len(strings.TrimLeft(text, " ")) + c.Column
		}
		return line, column
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
			if m.Key.String() == step {
				return m.Value
			}
		}
	case *ast.MappingValueNode:
		if v.Key.String() == step {
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
