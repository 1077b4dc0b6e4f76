package media_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"khue/internal/testkit"
	"khue/media"
	"khue/problem"
	"khue/regulation"
	"khue/store"
)

var focal = testkit.Of("thu", regulation.FocalPoint, "00004")

func room(t testing.TB, k *testkit.Kit) (*media.Room, string) {
	dir := filepath.Join(t.TempDir(), "files")
	return media.New(media.Config{DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Folder: dir, Now: k.Clock.Now}), dir
}

func drawing(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), 90, 255})
		}
	}
	return m
}

func jpegBytes(w, h int) []byte {
	var b bytes.Buffer
	jpeg.Encode(&b, drawing(w, h), nil)
	return b.Bytes()
}

func pngBytes(w, h int) []byte {
	var b bytes.Buffer
	png.Encode(&b, drawing(w, h))
	return b.Bytes()
}

// withExif puts an Exif block with an orientation and an author behind a JPEG's first marker.
func withExif(j []byte, orientation uint16) []byte {
	tiff := []byte("II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00")
	tiff = binary.LittleEndian.AppendUint16(tiff, orientation)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	tiff = append(tiff, "GPS 21.0285N 105.8542E nguoi chup"...)
	body := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, j[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(append(out, body...), j[2:]...)
}

// bomb is a PNG of a few bytes that says that it is huge.
func bomb(w, h uint32) []byte {
	p := pngBytes(2, 2)
	binary.BigEndian.PutUint32(p[16:], w)
	binary.BigEndian.PutUint32(p[20:], h)
	binary.BigEndian.PutUint32(p[29:], crc32.ChecksumIEEE(p[12:29]))
	return p
}

func office(parts map[string]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, _ := z.Create(name)
		io.WriteString(w, text)
	}
	z.Close()
	return b.Bytes()
}

func docx(more ...string) []byte {
	parts := map[string]string{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}
	for i := 0; i+1 < len(more); i += 2 {
		parts[more[i]] = more[i+1]
	}
	return office(parts)
}

func TestJudgedByContent(t *testing.T) {
	k := testkit.SQLite(t)
	r, _ := room(t, k)
	var g bytes.Buffer
	gif.Encode(&g, drawing(8, 8), nil)
	pdf := "%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n%%EOF"
	for _, c := range []struct {
		name, body string
		want       problem.Code
		kept       string // cleaned name
		kind       string
	}{
		{"ảnh hiện trường.JPG", string(jpegBytes(30, 20)), "", "ảnh hiện trường.jpg", media.JPEG},
		{"a.png", string(pngBytes(30, 20)), "", "a.png", media.PNG},
		{"a.jpg", string(pngBytes(30, 20)), "", "a.png", media.PNG}, // telephones do this
		{"a.gif", g.String(), "", "a.png", media.PNG},
		{"biên bản", pdf, "", "biên bản.pdf", media.PDF},
		{"biên bản.pdf", pdf, "", "biên bản.pdf", media.PDF},
		{"báo cáo.docx", string(docx()), "", "báo cáo.docx", media.DOCX},
		{"số.csv", "phường,hộ\nYên Hòa,12\n", "", "số.csv", media.CSV},
		{"ghi.txt", strings.Repeat("Nước đã trở lại. ", 9000), "", "ghi.txt", media.Text},
		{"phim.mp4", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "", "phim.mp4", media.MP4},
		{"tiếng.mp3", "ID3\x04\x00\x00\x00\x00\x00\x00", "", "tiếng.mp3", media.MP3},

		{"a.jpg", pdf, problem.Kind, "", ""},
		{"a.pdf", string(jpegBytes(9, 9)), problem.Kind, "", ""},
		{"a.pdf", string(docx()), problem.Kind, "", ""},
		{"a.docx", "chỉ là chữ", problem.Kind, "", ""},
		{"a.xlsx", string(docx()), problem.Kind, "", ""},
		{"rỗng.pdf", "", problem.Kind, "", ""},
		{"biên bản.pdf.exe", pdf, problem.Kind, "", ""},

		{"a.pdf", "MZ\x90\x00", problem.Unsafe, "", ""},
		{"a.jpg", "\x7fELF\x02", problem.Unsafe, "", ""},
		{"a.txt", "#!/bin/sh\nrm -rf /", problem.Unsafe, "", ""},
		{"a.jpg", "<html><script>alert(1)</script>", problem.Unsafe, "", ""},
		{"a.txt", "chữ <script>alert(1)</script>", problem.Unsafe, "", ""},
		{"a.txt", strings.Repeat("a", 70_000) + "<ScRiPt>", problem.Unsafe, "", ""},
		{"hình.svg", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, problem.Unsafe, "", ""},
		{"a.doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", problem.Unsafe, "", ""},
		{"a.zip", string(office(map[string]string{"a.txt": "a"})), problem.Unsafe, "", ""},
		{"a.docx", string(docx("word/vbaProject.bin", "x")), problem.Unsafe, "", ""},
		{"a.docx", string(docx("word/embeddings/oleObject1.bin", "x")), problem.Unsafe, "", ""},
		{"a.docx", string(docx("[Content_Types].xml", "application/vnd.ms-word.document.macroEnabled.main+xml")), problem.Unsafe, "", ""},
		{"a.pdf", "%PDF-1.7\n<</S /JavaScript /JS (app.alert(1))>>", problem.Unsafe, "", ""},
		{"a.pdf", "%PDF-1.7\n<</S /#4aavaScript /JS (app.alert(1))>>", problem.Unsafe, "", ""},
		{"a.pdf", "%PDF-1.7\n" + strings.Repeat("x", 65_520) + "/Launch <<>>", problem.Unsafe, "", ""},
		{"a.bin", "\x00\x01\x02", problem.Unsafe, "", ""},
		{"a.jpg", "GIF89a<script>alert(1)</script>", problem.Unsafe, "", ""},
		{"bom.png", string(bomb(60_000, 60_000)), problem.Unsafe, "", ""},
		{"bom.png", string(bomb(19_000, 19_000)), problem.Unsafe, "", ""},
		{"bom.docx", string(docx("word/media/a.bin", strings.Repeat("\x00", 60<<20))), problem.Unsafe, "", ""},
		{"dài.txt", strings.Repeat("a ", 3<<20), problem.Size, "", ""},
	} {
		f, err := r.Put(k.Ctx, focal, media.Upload{Name: c.name, Body: strings.NewReader(c.body)})
		if got := problem.CodeOf(err); got != c.want {
			t.Errorf("%s (%.20q): %v, want %q", c.name, c.body, err, c.want)
			continue
		}
		if err == nil && (f.Name != c.kept || f.Kind != c.kind) {
			t.Errorf("%s: kept as %q %s, want %q %s", c.name, f.Name, f.Kind, c.kept, c.kind)
		}
	}
}

func TestAPictureKeepsItsPixelsOnly(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r, dir := room(t, k)
		hidden := append(withExif(jpegBytes(40, 20), 6), "<script>đuôi</script>"...)
		f, err := r.Put(k.Ctx, focal, media.Upload{Name: "a.jpg", Body: bytes.NewReader(hidden)})
		if err != nil {
			t.Fatal(err)
		}
		if f.Width != 20 || f.Height != 40 {
			t.Errorf("not upright: %d×%d", f.Width, f.Height)
		}
		body, got, err := r.Open(k.Ctx, f.ID)
		if err != nil {
			t.Fatal(err)
		}
		defer body.Close()
		data, _ := io.ReadAll(body)
		if int64(len(data)) != got.Bytes || bytes.Contains(data, []byte("GPS")) || bytes.Contains(data, []byte("Exif")) || bytes.Contains(data, []byte("script")) {
			t.Error("something of the sender's is still in it")
		}
		thumb, _, err := r.OpenThumb(k.Ctx, f.ID)
		if err != nil {
			t.Fatal(err)
		}
		defer thumb.Close()
		if _, _, err := image.DecodeConfig(thumb); err != nil {
			t.Error(err)
		}
		again, err := r.Put(k.Ctx, focal, media.Upload{Name: "b.jpg", Body: bytes.NewReader(hidden)})
		if err != nil || again.ID != f.ID {
			t.Errorf("the same file twice: %v %v", again.ID, err)
		}
		if kinds := k.Kinds(t); fmt.Sprint(kinds) != "[media.uploaded]" {
			t.Error(kinds)
		}
		if left, _ := os.ReadDir(filepath.Join(dir, "new")); len(left) != 0 {
			t.Errorf("temporary files are left: %v", left)
		}
		big, err := r.Put(k.Ctx, focal, media.Upload{Name: "to.jpg", Body: bytes.NewReader(jpegBytes(5000, 50))})
		if err != nil || big.Width != 4096 {
			t.Errorf("a large picture: %v %v", big.Width, err)
		}
	})
}

func TestWhoMayUpload(t *testing.T) {
	k := testkit.SQLite(t)
	r, _ := room(t, k)
	_, err := r.Put(k.Ctx, regulation.Actor{}, media.Upload{Name: "a.txt", Body: strings.NewReader("chữ")})
	if problem.CodeOf(err) != problem.Session {
		t.Error(err)
	}
}

func TestAttachments(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r, _ := room(t, k)
		var ids []string
		for _, text := range []string{"một", "hai"} {
			f, err := r.Put(k.Ctx, focal, media.Upload{Name: text + ".txt", Body: strings.NewReader(text)})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, f.ID)
		}
		err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error {
			for i, id := range ids {
				if err := r.Attach(ctx, tx, "release/1", id, fmt.Sprintf("../../%d\u202e.txt", i), "chú\n thích"); err != nil {
					return err
				}
			}
			return r.Describe(ctx, tx, "release/1", ids[1], "khác", "chữ thay ảnh", false)
		})
		if err != nil {
			t.Fatal(err)
		}
		list, err := r.Of(k.Ctx, k.DB, "release/1")
		if err != nil || len(list) != 2 {
			t.Fatal(list, err)
		}
		if list[0].Name != "0.txt" || list[0].Caption != "chú thích" || !list[0].Shown || list[1].Alt != "chữ thay ảnh" || list[1].Shown {
			t.Errorf("%+v", list)
		}
		if things, err := r.Things(k.Ctx, ids[0]); err != nil || fmt.Sprint(things) != "[release/1]" {
			t.Error(things, err)
		}
		if err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error { return r.Detach(ctx, tx, "release/1", ids[0]) }); err != nil {
			t.Fatal(err)
		}
		if list, _ := r.Of(k.Ctx, k.DB, "release/1"); len(list) != 1 {
			t.Error(list)
		}
		if _, err := r.Get(k.Ctx, "không có"); problem.CodeOf(err) != problem.NotFound {
			t.Error(err)
		}
	})
}

func TestReadOnlyFolder(t *testing.T) {
	k := testkit.SQLite(t)
	dir := filepath.Join(t.TempDir(), "files")
	if err := os.WriteFile(dir, nil, 0o600); err != nil { // a file where the folder should be
		t.Fatal(err)
	}
	r := media.New(media.Config{DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Folder: dir, Now: k.Clock.Now})
	if _, err := r.Put(k.Ctx, focal, media.Upload{Name: "a.txt", Body: strings.NewReader("chữ")}); problem.CodeOf(err) != problem.Full {
		t.Error(err)
	}
	if kinds := k.Kinds(t); kinds != nil {
		t.Error("something was kept:", kinds)
	}
}

func TestCleanName(t *testing.T) {
	for in, want := range map[string]string{
		"../../etc/passwd":        "passwd",
		`C:\a\Báo cáo (2).pdf`:    "Báo cáo (2).pdf",
		"a\u202egnp.exe":          "agnp.exe",
		"<script>alert(1).pdf":    "scriptalert(1).pdf",
		" .htaccess":              "htaccess",
		"":                        "tep",
		"...":                     "tep",
		"a\x00b\n c.txt":          "ab c.txt",
		strings.Repeat("ạ", 400):  strings.Repeat("ạ", 100),
		"Ho\u0300a.txt":           "Hòa.txt",
		"bản\u200b\u2066 thảo.md": "bản thảo.md",
	} {
		if got := media.CleanName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzCleanName(f *testing.F) {
	for _, s := range []string{"a.pdf", "../x", "\u202e.exe", "CON", "a/b\\c", "\xff\xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := media.CleanName(s)
		if got == "" || !utf8.ValidString(got) || strings.ContainsAny(got, "/\\\x00<>\"\n") || strings.HasPrefix(got, ".") {
			t.Errorf("%q gives %q", s, got)
		}
		if again := media.CleanName(got); again != got {
			t.Errorf("%q: once %q, twice %q", s, got, again)
		}
	})
}

func FuzzJudge(f *testing.F) {
	for _, s := range [][]byte{jpegBytes(2, 2), pngBytes(2, 2), docx(), []byte("%PDF-1.7"), []byte("chữ"), bomb(9, 9), []byte("ID3")} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, data []byte) { media.Judge(data) })
}
