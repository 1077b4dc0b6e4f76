package table

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"khue/text"
)

// headLines is how many lines are looked at for the names of the columns.
const headLines = 200

var errObject = errors.New("not a JSON object")

// lineRows reads JSON lines.
type lineRows struct {
	s    *bufio.Scanner
	at   map[string]int // name to column
	line int
}

func openLines(r io.ReaderAt, size int64) ([]string, source, error) {
	var head []string
	at := map[string]int{}
	s := scanner(io.NewSectionReader(r, 0, size))
	good := 0
	for n := 0; n < headLines && s.Scan(); n++ {
		_ = each(s.Bytes(), func(name, _ string) {
			if _, ok := at[name]; !ok && len(head) < MaxColumns {
				at[name] = len(head)
				head = append(head, name)
			}
			good++
		})
	}
	if good == 0 {
		return nil, nil, ErrKind
	}
	return head, &lineRows{s: scanner(io.NewSectionReader(r, 0, size)), at: at}, nil
}

func scanner(r io.Reader) *bufio.Scanner {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 64<<10), maxRow)
	return s
}

func (l *lineRows) next() (Row, error) {
	for l.s.Scan() {
		l.line++
		line := bytes.TrimSpace(bytes.TrimPrefix(l.s.Bytes(), []byte("\xEF\xBB\xBF")))
		if len(line) == 0 {
			continue
		}
		row := Row{Line: l.line, Cells: make([]string, len(l.at))}
		if err := each(line, func(name, v string) {
			if i, ok := l.at[name]; ok {
				row.Cells[i] = v
			}
		}); err != nil {
			row = Row{Line: l.line, Broken: true}
		}
		return row, nil
	}
	if err := l.s.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			err = errRow
		}
		return Row{}, &Fault{l.line + 1, err}
	}
	return Row{}, io.EOF
}

// each calls f for every value of an object, those of objects inside by names with dots.
func each(line []byte, f func(name, value string)) error {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(line, []byte("\xEF\xBB\xBF"))))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errObject
	}
	return object(d, "", 0, f)
}

func object(d *json.Decoder, prefix string, depth int, f func(name, value string)) error {
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		name, ok := t.(string)
		if !ok {
			return errObject
		}
		name = prefix + text.Cut(name, 80)
		if t, err = d.Token(); err != nil {
			return err
		}
		switch v := t.(type) {
		case json.Delim:
			if v == '{' && depth < 3 {
				err = object(d, name+".", depth+1, f)
			} else {
				err = skip(d)
			}
			if err != nil {
				return err
			}
		case string:
			f(name, v)
		case json.Number:
			f(name, v.String())
		case bool, nil:
			f(name, "")
		}
	}
	_, err := d.Token()
	return err
}

// skip reads to the end of what was just opened.
func skip(d *json.Decoder) error {
	for depth := 1; depth > 0; {
		t, err := d.Token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return nil
}
