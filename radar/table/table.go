package table

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"khue/text"
)

// Format is how a table is written.
type Format string

// The formats.
const (
	CSV   Format = "csv"
	XLSX  Format = "xlsx"
	Lines Format = "jsonl"
)

// Limits of a table.
const (
	MaxBytes   = 64 << 20 // of a file
	MaxRows    = 200_000
	MaxColumns = 200
	maxCell    = 64 << 10 // bytes of a cell; the rest of it is dropped
	maxRow     = 1 << 20  // bytes of a row
)

// Why a table could not be read.
var (
	ErrEmpty  = errors.New("table: nothing there")
	ErrSize   = errors.New("table: too large")
	ErrKind   = errors.New("table: neither CSV nor XLSX nor JSON lines")
	ErrBroken = errors.New("table: broken")
)

// Fault is a fault after which a table cannot be read on.
type Fault struct {
	Line int // from 1
	Err  error
}

// Error gives the technical form.
func (f *Fault) Error() string { return "table: line " + itoa(f.Line) + ": " + f.Err.Error() }

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Err }

// Row is a row with its place in the file.
type Row struct {
	Line  int      // from 1, as a person finds it in the file
	Cells []string // as many as the head has; missing ones are ""
	// Broken says that the line could not be read at all; it has no cells.
	Broken bool
}

// Table is an open table.
type Table struct {
	Format Format
	Head   []string // names of the columns, never empty, each once
	rows   source
	n      int
}

// source gives rows until io.EOF. Cells may be fewer or more than the head's.
type source interface{ next() (Row, error) }

// Open looks at a file and reads its head. What it is follows from its bytes, not from its name.
func Open(r io.ReaderAt, size int64) (*Table, error) {
	if size <= 0 {
		return nil, ErrEmpty
	}
	if size > MaxBytes {
		return nil, ErrSize
	}
	head := make([]byte, min(size, 64<<10))
	if n, err := r.ReadAt(head, 0); err != nil && (!errors.Is(err, io.EOF) || n < len(head)) {
		return nil, err
	}
	t := &Table{}
	var err error
	switch trimmed := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n"); {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		t.Format = XLSX
		t.Head, t.rows, err = openXLSX(r, size)
	case bytes.HasPrefix(trimmed, []byte("{")):
		t.Format = Lines
		t.Head, t.rows, err = openLines(r, size)
	case bytes.HasPrefix(trimmed, []byte("[")), bytes.HasPrefix(trimmed, []byte("<")), bytes.HasPrefix(head, []byte("%PDF")), bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0")):
		return nil, ErrKind
	default:
		t.Format = CSV
		t.Head, t.rows, err = openCSV(r, size, head)
	}
	if err != nil {
		return nil, err
	}
	t.Head = names(t.Head)
	if len(t.Head) == 0 {
		return nil, ErrEmpty
	}
	return t, nil
}

// names makes names of a head: trimmed, without empty ones at its end, each once.
func names(head []string) []string {
	for len(head) > 0 && strings.TrimSpace(head[len(head)-1]) == "" {
		head = head[:len(head)-1]
	}
	seen := map[string]bool{}
	out := make([]string, 0, len(head))
	for i, h := range head {
		h = text.Cut(strings.Join(strings.Fields(h), " "), 100)
		if h == "" {
			h = "#" + itoa(i+1)
		}
		for n, first := 2, h; seen[h]; n++ {
			h = first + " " + itoa(n)
		}
		seen[h] = true
		out = append(out, h)
	}
	return out
}

// Next gives the next row that holds anything; io.EOF after the last, ErrSize after too many, a *Fault where the file is broken.
func (t *Table) Next() (Row, error) {
	for {
		r, err := t.rows.next()
		if err != nil {
			return Row{}, err
		}
		empty := !r.Broken
		for i, c := range r.Cells {
			r.Cells[i] = clean(c)
			empty = empty && r.Cells[i] == ""
		}
		if empty {
			continue
		}
		if t.n++; t.n > MaxRows {
			return Row{}, ErrSize
		}
		for len(r.Cells) < len(t.Head) {
			r.Cells = append(r.Cells, "")
		}
		r.Cells = r.Cells[:len(t.Head)]
		return r, nil
	}
}

// clean trims a cell and makes it valid UTF-8 without NUL.
func clean(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return strings.TrimSpace(strings.ToValidUTF8(text.Cut(s, maxCell), ""))
}
