package catalogue

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"khue/problem"
)

// Lang is a language of the interface: its ISO 639-1 code.
type Lang string

// The languages of the interface.
const (
	VI Lang = "vi"
	EN Lang = "en"
)

// Langs lists the languages, the first one first.
var Langs = []Lang{VI, EN}

//go:embed vi/*.yaml en/*.yaml
var files embed.FS

var load = sync.OnceValues(func() (map[Lang]map[string]string, error) {
	all := map[Lang]map[string]string{}
	for _, l := range Langs {
		m, err := read(files, string(l))
		if err != nil {
			return nil, err
		}
		all[l] = m
	}
	return all, nil
})

// read loads every file of a language; a key given twice is an error that names both files.
func read(fsys fs.FS, dir string) (map[string]string, error) {
	names, err := fs.Glob(fsys, dir+"/*.yaml")
	if err != nil {
		return nil, err
	}
	words, from := map[string]string{}, map[string]string{}
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		one := map[string]string{}
		if err := yaml.Unmarshal(data, &one); err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", name, err)
		}
		for k, v := range one {
			if first, twice := from[k]; twice {
				return nil, fmt.Errorf("catalogue %s: key %q stands already in %s", name, k, first)
			}
			words[k], from[k] = v, path.Base(name)
		}
	}
	return words, nil
}

// words gives a language's table. The files are embedded, so a fault in them is a fault of the build: it panics.
func words(l Lang) map[string]string {
	all, err := load()
	if err != nil {
		panic(err)
	}
	if m, ok := all[l]; ok {
		return m
	}
	return all[VI]
}

// Parse gives the language of a code such as "en" or "en-GB"; Vietnamese for any other.
func Parse(code string) Lang {
	if strings.HasPrefix(strings.ToLower(code), "en") {
		return EN
	}
	return VI
}

// Href gives a local address in the language: EN.Href("/claims") is "/en/claims".
func (l Lang) Href(path string) string {
	if l == EN {
		return "/en" + path
	}
	return path
}

// T gives the sentence of a key with its placeholders filled: args are pairs of name and value.
// A missing key is shown as ⟦key⟧, never hidden.
func (l Lang) T(key string, args ...any) string {
	s, ok := words(l)[key]
	if !ok {
		return "⟦" + key + "⟧"
	}
	return fill(s, args)
}

// Has says whether the language has the key.
func (l Lang) Has(key string) bool {
	_, ok := words(l)[key]
	return ok
}

// With gives a sentence with what goes into it by name, as it comes out of data: numbers are written as the language does, with one
// digit behind the point where they are not whole.
func (l Lang) With(key string, with map[string]any) string {
	args := make([]any, 0, 2*len(with))
	for name, v := range with {
		if x, ok := v.(float64); ok {
			v = l.decimal(x)
		}
		args = append(args, name, v)
	}
	return l.T(key, args...)
}

func (l Lang) decimal(x float64) string {
	s := strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
	if l == VI {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// N gives the sentence for a count: key.one when n is 1 and the language has it, else key.other, else key. {n} is filled with n.
func (l Lang) N(key string, n int, args ...any) string {
	args = append(args, "n", n)
	if n == 1 && l.Has(key+".one") {
		return l.T(key+".one", args...)
	}
	if l.Has(key + ".other") {
		return l.T(key+".other", args...)
	}
	return l.T(key, args...)
}

// Problem gives the sentence of one problem in words of this language.
func (l Lang) Problem(e *problem.Error) string {
	key := "problem." + string(e.Code)
	args := make([]any, 0, 2*len(e.Args)+2)
	for k, v := range e.Args {
		if !strings.HasPrefix(v, "@") {
			args = append(args, k, v)
		}
	}
	plain := args
	for k, v := range e.Args {
		// An argument may itself be a key ("@role.editor"), so that rooms stay free of words; the others fill its sentence.
		if rest, ok := strings.CutPrefix(v, "@"); ok {
			args = append(args, k, strings.TrimSuffix(l.T(rest, plain...), "."))
		}
	}
	if _, ok := e.Args["field"]; !ok && e.Field != "" {
		name := e.Field
		if l.Has("field." + e.Field) {
			name = l.T("field." + e.Field)
		}
		args = append(args, "field", name)
	}
	if e.Field != "" && l.Has(key+".field") {
		key += ".field"
	}
	return Capital(l.T(key, args...))
}

// Capital makes the first letter a capital: of a sentence that begins with a field's name, of a word that heads a part.
func Capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// Error gives all problems of err in words, one a line; what is not a problem becomes the sentence for an internal error.
func (l Lang) Error(err error) string {
	if err == nil {
		return ""
	}
	var lines []string
	for _, e := range problem.All(err) {
		lines = append(lines, l.Problem(e))
	}
	return strings.Join(lines, "\n")
}

// Keys lists the keys of a language in order.
func Keys(l Lang) []string {
	m := words(l)
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Check compares the languages: every key in every language, with the same placeholders. It gives all faults joined, nil when there is none.
func Check() error {
	all, err := load()
	if err != nil {
		return err
	}
	var faults []error
	for _, l := range Langs {
		for k, v := range all[l] {
			for _, o := range Langs {
				w, ok := all[o][k]
				if !ok {
					if strings.HasSuffix(k, ".one") { // only languages that count in words have one
						continue
					}
					faults = append(faults, fmt.Errorf("%s: missing %q (it stands in %s)", o, k, l))
					continue
				}
				if a, b := names(v), names(w); !slices.Equal(a, b) {
					faults = append(faults, fmt.Errorf("%q: placeholders %v in %s, %v in %s", k, a, l, b, o))
				}
			}
		}
	}
	return errors.Join(faults...)
}

func fill(s string, args []any) string {
	if len(args) == 0 || !strings.Contains(s, "{") {
		return s
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			b.WriteString("{" + rest)
			return b.String()
		}
		found := false
		for i := 0; i+1 < len(args); i += 2 {
			if args[i] == name {
				fmt.Fprint(&b, args[i+1])
				found = true
				break
			}
		}
		if !found {
			b.WriteString("{" + name + "}")
		}
		s = after
	}
}

// names lists the placeholders of a sentence, sorted, each once.
func names(s string) []string {
	var found []string
	for {
		_, rest, ok := strings.Cut(s, "{")
		if !ok {
			break
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			break
		}
		found = append(found, name)
		s = after
	}
	slices.Sort(found)
	return slices.Compact(found)
}
