package table

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"path"
	"strconv"
	"strings"
	"time"
)

// Limits of what a workbook unpacks to: a zip of a few kilobytes can hold gigabytes.
const (
	maxParts   = 2000
	maxSheet   = 512 << 20 // bytes of XML of a sheet, read in a stream
	maxStrings = 96 << 20  // bytes of XML of the shared strings
	maxShared  = 1_000_000 // shared strings
	maxHeld    = 64 << 20  // bytes of shared strings that are held
	maxSmall   = 4 << 20   // bytes of XML of the other parts
)

// workbook is an open XLSX file.
type workbook struct {
	parts  map[string]*zip.File
	shared []string
	dates  []bool // by style: the number is a date
	since  time.Time
}

func openXLSX(r io.ReaderAt, size int64) ([]string, source, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, nil, errors.Join(ErrBroken, err)
	}
	if len(z.File) > maxParts {
		return nil, nil, ErrSize
	}
	w := &workbook{parts: map[string]*zip.File{}, since: time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)}
	for _, f := range z.File {
		w.parts[strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(f.Name, `\`, "/")), "/"))] = f
	}
	sheet, err := w.firstSheet()
	if err != nil {
		return nil, nil, err
	}
	if err := w.readShared(); err != nil {
		return nil, nil, err
	}
	if err := w.readStyles(); err != nil {
		return nil, nil, err
	}
	f, d, err := w.open(sheet, maxSheet)
	if err != nil {
		return nil, nil, err
	}
	rows := &sheetRows{w: w, d: d, body: f}
	for {
		head, err := rows.next()
		if errors.Is(err, io.EOF) {
			return nil, nil, ErrEmpty
		}
		if err != nil {
			return nil, nil, err
		}
		if strings.TrimSpace(strings.Join(head.Cells, "")) != "" {
			return head.Cells, rows, nil
		}
	}
}

// limited is a part that may not unpack to more than its limit.
type limited struct {
	r    io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, ErrSize
	}
	if int64(len(p)) > l.left {
		p = p[:l.left]
	}
	n, err := l.r.Read(p)
	l.left -= int64(n)
	return n, err
}

func (w *workbook) open(name string, most int64) (io.Closer, *xml.Decoder, error) {
	f := w.parts[strings.ToLower(name)]
	if f == nil {
		return nil, nil, ErrKind
	}
	if f.UncompressedSize64 > uint64(most) {
		return nil, nil, ErrSize
	}
	body, err := f.Open()
	if err != nil {
		return nil, nil, errors.Join(ErrBroken, err)
	}
	return body, xml.NewDecoder(&limited{body, most}), nil
}

// tokens calls f for each token of a part; a part that is not there has none.
func (w *workbook) tokens(name string, most int64, f func(xml.Token) error) error {
	if w.parts[strings.ToLower(name)] == nil {
		return nil
	}
	body, d, err := w.open(name, most)
	if err != nil {
		return err
	}
	defer body.Close()
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if errors.Is(err, ErrSize) {
			return ErrSize
		}
		if err != nil {
			return errors.Join(ErrBroken, err)
		}
		if err := f(t); err != nil {
			return err
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// firstSheet gives the name of the part that holds the first sheet that is shown.
func (w *workbook) firstSheet() (string, error) {
	id := ""
	err := w.tokens("xl/workbook.xml", maxSmall, func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		switch {
		case !ok:
		case e.Name.Local == "workbookPr" && (attr(e, "date1904") == "1" || attr(e, "date1904") == "true"):
			w.since = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		case e.Name.Local == "sheet" && id == "" && (attr(e, "state") == "" || attr(e, "state") == "visible"):
			id = attr(e, "id")
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	target := ""
	err = w.tokens("xl/_rels/workbook.xml.rels", maxSmall, func(t xml.Token) error {
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "Relationship" && attr(e, "Id") == id && id != "" && attr(e, "TargetMode") != "External" {
			target = attr(e, "Target")
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	if target == "" {
		target = "worksheets/sheet1.xml"
	}
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(path.Clean(target), "/"), nil
	}
	return strings.TrimPrefix(path.Clean("/xl/"+target), "/"), nil
}

func (w *workbook) readShared() error {
	var b strings.Builder
	held, depth, inText, phonetic := 0, 0, false, false
	return w.tokens("xl/sharedStrings.xml", maxStrings, func(t xml.Token) error {
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "si":
				b.Reset()
				depth = 1
			case "rPh":
				phonetic = true
			case "t":
				inText = depth > 0 && !phonetic
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "t":
				inText = false
			case "rPh":
				phonetic = false
			case "si":
				s := b.String()
				if held += len(s); held > maxHeld || len(w.shared) >= maxShared {
					return ErrSize
				}
				w.shared = append(w.shared, s)
				depth = 0
			}
		case xml.CharData:
			if inText && b.Len() < maxCell {
				b.Write(e)
			}
		}
		return nil
	})
}

// readStyles learns which styles show a number as a date (ECMA-376 part 1, 18.8.30).
func (w *workbook) readStyles() error {
	custom := map[int]bool{}
	inXfs := false
	return w.tokens("xl/styles.xml", maxSmall, func(t xml.Token) error {
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "numFmt":
				if id, err := strconv.Atoi(attr(e, "numFmtId")); err == nil && len(custom) < 10_000 {
					custom[id] = isDate(attr(e, "formatCode"))
				}
			case "cellXfs":
				inXfs = true
			case "xf":
				if inXfs && len(w.dates) < 100_000 {
					id, err := strconv.Atoi(attr(e, "numFmtId"))
					own, known := custom[id]
					w.dates = append(w.dates, err == nil && (own || !known && (id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58)))
				}
			}
		case xml.EndElement:
			if e.Name.Local == "cellXfs" {
				inXfs = false
			}
		}
		return nil
	})
}

// isDate says whether a format shows days or hours: letters outside quotes and brackets.
func isDate(code string) bool {
	quoted, bracket := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\':
			i++
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case !quoted && !bracket && strings.IndexByte("ydhYDH", c) >= 0:
			return true
		}
	}
	return false
}

// day writes a serial number as a time without a zone.
func (w *workbook) day(v float64) string {
	if v < 1 || v > 2958466 { // from 1900 to 9999
		return ""
	}
	return w.since.Add(time.Duration(math.Round(v*86400)) * time.Second).Format("2006-01-02T15:04:05")
}

// sheetRows reads a sheet in a stream.
type sheetRows struct {
	w    *workbook
	d    *xml.Decoder
	body io.Closer
	line int
	done bool
}

func (s *sheetRows) next() (Row, error) {
	if s.done {
		return Row{}, io.EOF
	}
	for {
		t, err := s.d.RawToken()
		if err != nil {
			return Row{}, s.end(err, s.line+1)
		}
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "row" {
			s.line++
			if n, err := strconv.Atoi(attr(e, "r")); err == nil && n > s.line {
				s.line = n
			}
			return s.row()
		}
	}
}

// end closes the sheet and gives the fault at a line, or io.EOF.
func (s *sheetRows) end(err error, line int) error {
	s.done = true
	s.body.Close()
	switch {
	case errors.Is(err, io.EOF):
		return io.EOF
	case errors.Is(err, ErrSize):
		return ErrSize
	}
	return &Fault{line, errors.Join(ErrBroken, err)}
}

// row reads to the end of an open row.
func (s *sheetRows) row() (Row, error) {
	row := Row{Line: s.line}
	var value strings.Builder
	kind, style, column, inValue, size := "", 0, -1, false, 0
	for {
		t, err := s.d.RawToken()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return Row{}, s.end(err, s.line)
		}
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "c":
				value.Reset()
				kind = attr(e, "t")
				style, _ = strconv.Atoi(attr(e, "s")) // none is the first
				if n := columnOf(attr(e, "r")); n >= 0 {
					column = n
				} else {
					column++
				}
			case "v", "t":
				inValue = true
			}
		case xml.CharData:
			if inValue && value.Len() < maxCell {
				value.Write(e)
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "v", "t":
				inValue = false
			case "c":
				if column >= 0 && column < MaxColumns {
					for len(row.Cells) <= column {
						row.Cells = append(row.Cells, "")
					}
					row.Cells[column] = s.w.cell(kind, style, value.String())
					if size += len(row.Cells[column]); size > maxRow {
						return Row{}, s.end(errRow, s.line)
					}
				}
			case "row":
				return row, nil
			}
		}
	}
}

func (w *workbook) cell(kind string, style int, v string) string {
	switch kind {
	case "s":
		if i, err := strconv.Atoi(strings.TrimSpace(v)); err == nil && i >= 0 && i < len(w.shared) {
			return w.shared[i]
		}
		return ""
	case "e":
		return ""
	case "", "n":
		if style >= 0 && style < len(w.dates) && w.dates[style] {
			if f, err := strconv.ParseFloat(strings.TrimSpace(v), 64); err == nil {
				return w.day(f)
			}
		}
	}
	return v
}

// columnOf reads the letters of a cell's place: "AB12" is 27; -1 for none.
func columnOf(place string) int {
	n := 0
	for i := range len(place) {
		c := place[i] | 0x20
		if c < 'a' || c > 'z' {
			break
		}
		if n = n*26 + int(c-'a') + 1; n > 20_000 {
			return MaxColumns
		}
	}
	return n - 1
}
