package table

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/transform"

	"khue/radar/feed"
)

func itoa(n int) string { return strconv.Itoa(n) }

var (
	errQuote = errors.New("a quote that is opened here is not closed")
	errRow   = errors.New("a row of more than 1 MB")
	errWide  = errors.New("more than 200 columns")
)

// csvRows reads CSV. A quote inside a cell that does not begin with one stands for itself, as spreadsheets read it.
type csvRows struct {
	r     *bufio.Reader
	comma byte
	line  int // of the next byte
}

func openCSV(r io.ReaderAt, size int64, head []byte) ([]string, source, error) {
	in, text, err := asUTF8(io.NewSectionReader(r, 0, size), head)
	if err != nil {
		return nil, nil, err
	}
	if bytes.IndexByte(text, 0) >= 0 { // no text has it: a program or a picture
		return nil, nil, ErrKind
	}
	rows := &csvRows{r: bufio.NewReaderSize(in, 64<<10), line: 1}
	if sep, ok := declared(text); ok { // "sep=;" as Excel writes and reads it
		rows.comma = sep
		if _, err := rows.r.ReadString('\n'); err != nil {
			return nil, nil, ErrEmpty
		}
		rows.line = 2
	} else {
		rows.comma = comma(text)
	}
	for {
		first, err := rows.next()
		if errors.Is(err, io.EOF) {
			return nil, nil, ErrEmpty
		}
		if err != nil {
			return nil, nil, err
		}
		if strings.TrimSpace(strings.Join(first.Cells, "")) != "" {
			return first.Cells, rows, nil
		}
	}
}

// asUTF8 gives a file as UTF-8 without a byte order mark, and the beginning of it so.
func asUTF8(r io.Reader, head []byte) (io.Reader, []byte, error) {
	text, name := feed.Decode(head, "")
	if name != "utf-8" && mostlyUTF8(head) {
		text, name = head, "utf-8"
	}
	if name == "utf-8" || name == "" {
		b := bufio.NewReader(r)
		if mark, err := b.Peek(3); err == nil && bytes.Equal(mark, []byte("\xEF\xBB\xBF")) {
			_, _ = b.Discard(3) // just seen
		}
		return b, text, nil
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		return nil, nil, ErrKind
	}
	b := bufio.NewReader(transform.NewReader(r, e.NewDecoder()))
	if c, _, err := b.ReadRune(); err == nil && c != '\uFEFF' {
		_ = b.UnreadRune() // just read
	}
	return b, text, nil
}

// mostlyUTF8 says whether letters of UTF-8 are far more than bytes that cannot be: the beginning of a file may end within a letter, and a
// cell may have been cut within one.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		c, n := utf8.DecodeRune(b[i:])
		switch {
		case c == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		i += n
	}
	return good > 4*bad
}

func declared(text []byte) (byte, bool) {
	line, _, ok := bytes.Cut(text, []byte("\n"))
	line = bytes.TrimSpace(line)
	if ok && len(line) == 5 && bytes.EqualFold(line[:4], []byte("sep=")) {
		return line[4], true
	}
	return 0, false
}

// comma finds what parts the cells: of the usual four the one that the first lines have equally often, outside quotes.
func comma(text []byte) byte {
	best, score := byte(','), 0
	for _, c := range []byte{',', ';', '\t', '|'} {
		counts := perLine(text, c, 10)
		if len(counts) == 0 || counts[0] == 0 {
			continue
		}
		same := 0
		for _, n := range counts {
			if n == counts[0] {
				same++
			}
		}
		if s := same*1000/len(counts)*10 + min(counts[0], 9); s > score {
			best, score = c, s
		}
	}
	return best
}

func perLine(text []byte, c byte, lines int) []int {
	var out []int
	n, quoted, any := 0, false, false
	for i := 0; i < len(text) && len(out) < lines; i++ {
		switch b := text[i]; {
		case b == '"':
			quoted = !quoted
			any = true
		case b == '\n' && !quoted:
			if any {
				out = append(out, n)
			}
			n, any = 0, false
		case b == c && !quoted:
			n++
			any = true
		case b > ' ':
			any = true
		}
	}
	if any && len(out) == 0 {
		out = append(out, n)
	}
	return out
}

func (c *csvRows) next() (Row, error) {
	row := Row{Line: c.line}
	var cell []byte
	size, begun := 0, false
	const plain, quoted, closed = 0, 1, 2
	state := plain
	end := func() error {
		if len(row.Cells) >= MaxColumns {
			return &Fault{row.Line, errWide}
		}
		row.Cells = append(row.Cells, string(cell))
		cell = cell[:0]
		return nil
	}
	for {
		b, err := c.r.ReadByte()
		if errors.Is(err, io.EOF) {
			if state == quoted {
				return Row{}, &Fault{row.Line, errQuote}
			}
			if !begun {
				return Row{}, io.EOF
			}
			return row, end()
		}
		if err != nil {
			return Row{}, &Fault{c.line, err}
		}
		begun = true
		if size++; size > maxRow {
			if state == quoted {
				return Row{}, &Fault{row.Line, errQuote}
			}
			return Row{}, &Fault{row.Line, errRow}
		}
		if b == '\n' {
			c.line++
		}
		switch {
		case state == quoted && b == '"':
			state = closed
		case state == quoted:
			cell = append(cell, b)
		case b == '"' && state == closed: // twice: one of it
			cell = append(cell, b)
			state = quoted
		case b == '"' && len(bytes.TrimSpace(cell)) == 0:
			cell, state = cell[:0], quoted
		case b == c.comma:
			if err := end(); err != nil {
				return Row{}, err
			}
			state = plain
		case b == '\n':
			if n := len(cell); n > 0 && cell[n-1] == '\r' {
				cell = cell[:n-1]
			}
			return row, end()
		default:
			cell = append(cell, b)
		}
	}
}
