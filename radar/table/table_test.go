package table

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"khue/radar/feed"
)

var hanoi = time.FixedZone("+07", 7*3600)

func open(t testing.TB, data string) (*Table, error) {
	t.Helper()
	return Open(strings.NewReader(data), int64(len(data)))
}

// show writes a table as text: head, then "line: cells".
func show(t *Table) string {
	var b strings.Builder
	b.WriteString(strings.Join(t.Head, "|"))
	for {
		r, err := t.Next()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			return b.String() + "\n! " + err.Error()
		}
		if r.Broken {
			fmt.Fprintf(&b, "\n%d broken", r.Line)
			continue
		}
		fmt.Fprintf(&b, "\n%d %s", r.Line, strings.ReplaceAll(strings.Join(r.Cells, "|"), "\n", "⏎"))
	}
}

func wide(s string, big bool) string {
	var b bytes.Buffer
	for _, u := range utf16.Encode([]rune("\uFEFF" + s)) {
		if big {
			b.Write([]byte{byte(u >> 8), byte(u)})
		} else {
			b.Write([]byte{byte(u), byte(u >> 8)})
		}
	}
	return b.String()
}

func TestCSV(t *testing.T) {
	old, err := charmap.Windows1252.NewEncoder().String("titre;lien\nété à Hanoï;https://a.example/1\n")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct{ name, in, want string }{
		{"plain", "title,url\nTin một,https://a.example/1\n", "title|url\n2 Tin một|https://a.example/1"},
		{"no end of line, marks before", "\xEF\xBB\xBFtitle,url\r\n\"Tin, một\",https://a.example/1", "title|url\n2 Tin, một|https://a.example/1"},
		{"semicolons, as Excel in Vietnam writes", "Tiêu đề;Đường dẫn\nTin 1,5 tỷ;https://a.example/1\nTin hai;\n", "Tiêu đề|Đường dẫn\n2 Tin 1,5 tỷ|https://a.example/1\n3 Tin hai|"},
		{"tabs in UTF-16", wide("title\turl\r\nĐường Láng\thttps://a.example/1\r\n", false), "title|url\n2 Đường Láng|https://a.example/1"},
		{"big-endian", wide("title\turl\nĐường Láng\tx\n", true), "title|url\n2 Đường Láng|x"},
		{"an old charset", old, "titre|lien\n2 été à Hanoï|https://a.example/1"},
		{"sep line", "sep=|\ntitle|url\na;b|c\n", "title|url\n3 a;b|c"},
		{"line ends in a cell", "title,text\nA,\"một\nhai\"\nB,ba\n", "title|text\n2 A|một⏎hai\n4 B|ba"},
		{"quotes in a cell", "title,text\nA,\"nói \"\"không\"\"\"\nB,12\" ống\n", "title|text\n2 A|nói \"không\"\n3 B|12\" ống"},
		{"ragged", "a,b,c\n1\n1,2,3,4\n\n , ,\n5,6,7\n", "a|b|c\n2 1||\n3 1|2|3\n6 5|6|7"},
		{"same names and none", "a,a,,b\n1,2,3,4\n", "a|a 2|#3|b\n2 1|2|3|4"},
		{"empty lines first", "\n\n a , b \n1,2\n", "a|b\n4 1|2"},
		{"quote not closed", "a,b\n1,2\n3,\"4\n5,6\n", "a|b\n2 1|2\n! table: line 3: a quote that is opened here is not closed"},
		{"one column", "url\nhttps://a.example/1\n", "url\n2 https://a.example/1"},
		{"half a letter at the end of a cell", "a,b\nĐường đã mở\xc4,2\n", "a|b\n2 Đường đã mở|2"},
		{"only a head", "a,b\n", "a|b"},
	}
	for _, c := range cases {
		tb, err := open(t, c.in)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := show(tb); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// TestLongUTF8: the beginning that is looked at may end within a letter.
func TestLongUTF8(t *testing.T) {
	for shift := range 3 {
		in := strings.Repeat("x", shift) + ",b\n" + strings.Repeat("ề", 40_000) + ",2\n"
		tb, err := open(t, in)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := tb.Next(); err != nil || !strings.HasPrefix(r.Cells[0], "ềề") || r.Cells[1] != "2" {
			t.Errorf("%d: %.20q %v", shift, r.Cells, err)
		}
	}
}

func TestLines(t *testing.T) {
	in := "\xEF\xBB\xBF" + `{"title":"Tin một","source":{"name":"Báo","rank":{"x":1}},"tags":["a",{"b":[1]}],"n":12}` + "\n\n" + `{"url":"https://a.example/2","title":null,"ok":true}` + "\nnot json\n" + `{"title":"Tin ba` + "\n" + `{"title":"Tin bốn"}`
	tb, err := open(t, in)
	if err != nil {
		t.Fatal(err)
	}
	want := "title|source.name|source.rank.x|n|url|ok\n1 Tin một|Báo|1|12||\n3 ||||https://a.example/2|\n4 broken\n5 broken\n6 Tin bốn|||||"
	if got := show(tb); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestRefused(t *testing.T) {
	for in, want := range map[string]error{
		"": ErrEmpty, "\n \n": ErrEmpty, "<html></html>": ErrKind, "[1,2]": ErrKind, "%PDF-1.7": ErrKind, "\xD0\xCF\x11\xE0old excel": ErrKind, "{}": ErrKind, "{\n\"a\": 1\n}": ErrKind,
		"a\x00b\x7fc,d\n": ErrKind, "PK\x03\x04rubbish": ErrBroken,
	} {
		if _, err := open(t, in); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", in, err, want)
		}
	}
	long := "a,b\n" + strings.Repeat("x", maxRow+10) + "\n"
	if tb, err := open(t, long); err != nil || !strings.Contains(show(tb), "line 2") {
		t.Errorf("a long row: %v", err)
	}
	if _, err := open(t, strings.Repeat("a,", MaxColumns+5)); err == nil {
		t.Error("a wide table")
	}
}

// book writes an XLSX file of its parts.
func book(t testing.TB, parts map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, body); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func parts() map[string]string {
	return map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><workbookPr/><sheets><sheet name="Ẩn" sheetId="1" state="hidden" r:id="rId1"/><sheet name="Tin" sheetId="2" r:id="rId2"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>kín</t></is></c></row></sheetData></worksheet>`,
		"xl/sharedStrings.xml":       `<sst><si><t>Tiêu đề</t></si><si><r><t>Phố </t></r><r><t>Mẫu &amp; ngõ Thử</t></r><rPh><t>đọc</t></rPh></si></sst>`,
		"xl/styles.xml":              `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd\/mm\/yyyy hh:mm"/><numFmt numFmtId="165" formatCode="&quot;day&quot;0"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
		"xl/worksheets/sheet2.xml": `<worksheet><sheetData><row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="inlineStr"><is><t>Ngày</t></is></c><c r="D3" t="str"><v>Số</v></c></row>
<row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4" s="1"><v>46335.3125</v></c><c r="D4" s="2"><v>7</v></c></row>
<row r="5"/><row><c t="s"><v>99</v></c><c s="3"><v>46336</v></c><c t="e"><v>#N/A</v></c><c><v>1.5</v></c></row></sheetData></worksheet>`,
	}
}

func TestXLSX(t *testing.T) {
	tb, err := open(t, book(t, parts()))
	if err != nil {
		t.Fatal(err)
	}
	want := "Tiêu đề|Ngày|#3|Số\n4 Phố Mẫu & ngõ Thử|2026-11-09T07:30:00||7\n6 |2026-11-10T00:00:00||1.5"
	if got := show(tb); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestXLSXFaults(t *testing.T) {
	p := parts()
	p["xl/worksheets/sheet2.xml"] = p["xl/worksheets/sheet2.xml"][:strings.Index(p["xl/worksheets/sheet2.xml"], "46335")]
	tb, err := open(t, book(t, p))
	if err != nil {
		t.Fatal(err)
	}
	if got := show(tb); !strings.Contains(got, "line 4: table: broken") {
		t.Errorf("breaks off: %s", got)
	}
	p = parts()
	delete(p, "xl/worksheets/sheet2.xml")
	if _, err := open(t, book(t, p)); !errors.Is(err, ErrKind) {
		t.Errorf("no sheet: %v", err)
	}
	// A bomb: it says, truly or not, how much it unpacks to.
	p = parts()
	p["xl/sharedStrings.xml"] = "<sst>" + strings.Repeat(" ", maxStrings+1) + "</sst>"
	data := book(t, p)
	if len(data) > 1<<20 {
		t.Fatalf("the bomb has %d bytes", len(data))
	}
	if _, err := open(t, data); !errors.Is(err, ErrSize) {
		t.Errorf("a bomb: %v", err)
	}
	l := &limited{strings.NewReader("abcdef"), 4}
	if got, err := io.ReadAll(l); string(got) != "abcd" || !errors.Is(err, ErrSize) {
		t.Errorf("%q %v", got, err)
	}
	p = parts()
	p["xl/_rels/workbook.xml.rels"] = `<Relationships><Relationship Id="rId2" Target="../../etc/passwd"/></Relationships>`
	if _, err := open(t, book(t, p)); !errors.Is(err, ErrKind) {
		t.Errorf("outside: %v", err)
	}
}

func TestMapping(t *testing.T) {
	m := Guess([]string{"STT", "Tiêu đề", "Nội dung", "Đường dẫn", "Ngày đăng", "Tác giả"})
	if m != (Mapping{URL: "Đường dẫn", Title: "Tiêu đề", Text: "Nội dung", Time: "Ngày đăng"}) {
		t.Errorf("%+v", m)
	}
	if m := Guess([]string{"Author", "Headline", "URL", "Opening Text", "Date"}); m != (Mapping{URL: "URL", Title: "Headline", Text: "Opening Text", Time: "Date"}) {
		t.Errorf("%+v", m)
	}
	if _, missing := (Mapping{URL: "x", Title: "a"}).For([]string{"a"}, hanoi); len(missing) != 1 || missing[0] != "x" {
		t.Errorf("%v", missing)
	}
	in := "id,u,t,b,d\n1,https://a.example/1#x,Tin <b>một</b>,\"a < b\nc\",09/10/2026 07:30\n2,,,,09/10/2026\n3,javascript:alert(1),x,,\n4,,Tin bốn,,hôm nào\n5,,Tin năm,,1794184200\n6,,Tin sáu,,1794184200000\n7,,Tin bảy,,\n"
	tb, err := open(t, in)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := Mapping{ID: "id", URL: "u", Title: "t", Text: "b", Time: "d"}.For(tb.Head, hanoi)
	var got []string
	for {
		r, err := tb.Next()
		if err != nil {
			break
		}
		it, bad := c.Item(r)
		if bad != nil {
			got = append(got, fmt.Sprintf("%d bad %s %s", bad.Line, bad.Reason, bad.Value))
			continue
		}
		at := ""
		if !it.Published.IsZero() {
			at = it.Published.In(hanoi).Format("2006-01-02 15:04")
		}
		got = append(got, fmt.Sprintf("%d %s %s %s %s %s", r.Line, it.ID, it.URL, it.Title, feed.Plain(it.Content), at))
	}
	want := []string{
		"2 1 https://a.example/1 Tin một a < b c 2026-10-09 07:30", "4 bad nothing ", "5 bad address javascript:alert(1)", "6 bad time hôm nào", "7 5  Tin năm  2026-11-09 07:30",
		"8 6  Tin sáu  2026-11-09 07:30", "9 7  Tin bảy  ",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if _, bad := c.Item(Row{Line: 3, Broken: true}); bad == nil || bad.Reason != BadLine {
		t.Errorf("%+v", bad)
	}
	c, _ = Mapping{Title: "t", Time: "d", MonthFirst: true}.For(tb.Head, hanoi)
	if it, bad := c.Item(Row{Cells: []string{"", "", "x", "", "10/2/2026"}}); bad != nil || it.Published.Month() != time.October {
		t.Errorf("%+v %+v", it, bad)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("a;b\n1;\"2\n\"\n"))
	f.Add([]byte(`{"a":{"b":"c"}}` + "\n{"))
	f.Add([]byte(book(f, parts())))
	f.Add([]byte(wide("a\tb\nc\td", false)))
	f.Fuzz(func(t *testing.T, in []byte) {
		tb, err := Open(bytes.NewReader(in), int64(len(in)))
		if err != nil {
			return
		}
		c, _ := Guess(tb.Head).For(tb.Head, hanoi)
		for n := 0; ; n++ {
			r, err := tb.Next()
			if err != nil {
				return
			}
			if !r.Broken && len(r.Cells) != len(tb.Head) {
				t.Fatalf("%d cells, %d columns", len(r.Cells), len(tb.Head))
			}
			c.Item(r)
		}
	})
}
