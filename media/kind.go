package media

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"net/http"
	"path"
	"strings"
	"unicode/utf8"
)

// The kinds that are kept.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
	PDF  = "application/pdf"
	DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	Text = "text/plain"
	CSV  = "text/csv"
	MP3  = "audio/mpeg"
	MP4  = "video/mp4"

	gif  = "image/gif"  // taken in, kept as PNG
	webp = "image/webp" // taken in, kept as JPEG or PNG
)

// kindInfo is what is known of a kind.
type kindInfo struct {
	endings  []string // the first is the one written
	maxBytes int64
	short    string // name on screen
}

var kinds = map[string]kindInfo{
	JPEG: {[]string{".jpg", ".jpeg"}, 25 << 20, "JPG"},
	PNG:  {[]string{".png"}, 25 << 20, "PNG"},
	gif:  {[]string{".gif"}, 10 << 20, "GIF"},
	webp: {[]string{".webp"}, 25 << 20, "WEBP"},
	PDF:  {[]string{".pdf"}, 50 << 20, "PDF"},
	DOCX: {[]string{".docx"}, 30 << 20, "DOCX"},
	XLSX: {[]string{".xlsx"}, 30 << 20, "XLSX"},
	PPTX: {[]string{".pptx"}, 50 << 20, "PPTX"},
	Text: {[]string{".txt", ".md"}, 5 << 20, "TXT"},
	CSV:  {[]string{".csv", ".tsv"}, 20 << 20, "CSV"},
	MP3:  {[]string{".mp3"}, 60 << 20, "MP3"},
	MP4:  {[]string{".mp4", ".m4v", ".m4a", ".mov"}, 200 << 20, "MP4"},
}

// MaxBytes is the largest upload of any kind.
const MaxBytes = 200 << 20

// Accept is the accept attribute of a form that uploads.
const Accept = ".jpg,.jpeg,.png,.gif,.webp,.pdf,.docx,.xlsx,.pptx,.txt,.csv,.mp3,.mp4"

// Short gives the short name of a kind on screen: "PDF".
func Short(kind string) string { return kinds[kind].short }

// errUnsafe says that something is not to be kept at all.
var errUnsafe = errors.New("not a kind that is kept")

// headBytes is how much of a file is looked at first.
const headBytes = 4096

// detect judges a file by its content. errUnsafe, with a reason, for what is no kind of ours or could run.
func detect(r io.ReaderAt, size int64) (string, error) {
	head := make([]byte, min(size, headBytes))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if program(head) {
		return "", errors.Join(errUnsafe, errors.New("a program"))
	}
	switch sniffed, _, _ := strings.Cut(http.DetectContentType(head), ";"); {
	case sniffed == JPEG || sniffed == PNG || sniffed == gif || sniffed == webp:
		return sniffed, nil
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return PDF, checkPDF(io.NewSectionReader(r, 0, size))
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return office(r, size)
	case len(head) > 12 && string(head[4:8]) == "ftyp":
		return mp4(head)
	case bytes.HasPrefix(head, []byte("ID3")) || (len(head) > 2 && head[0] == 0xff && head[1]&0xe6 == 0xe2):
		return MP3, nil
	}
	return plain(io.NewSectionReader(r, 0, size))
}

// program says whether the head is that of a program, a shell script, or an old Office file, in which macros may hide.
func program(head []byte) bool {
	for _, magic := range []string{"MZ", "\x7fELF", "\xfe\xed\xfa", "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe", "#!", "L\x00\x00\x00\x01\x14\x02", "\xd0\xcf\x11\xe0", "MSCF"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}

// page says whether the head holds what a browser could take for a page or a drawing with scripts.
func page(head []byte) bool {
	low := bytes.ToLower(head)
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<script", "<svg", "<iframe", "<?xml", "<?php", "javascript:"} {
		if bytes.Contains(low, []byte(tag)) {
			return true
		}
	}
	return false
}

// mp4 takes the common brands of ISO 14496-12 and refuses pictures in the same box (HEIC, AVIF), which we cannot write anew.
func mp4(head []byte) (string, error) {
	switch string(head[8:12]) {
	case "isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "M4A ", "qt  ", "MSNV", "dash":
		return MP4, nil
	}
	return "", errors.Join(errUnsafe, errors.New("a picture or film in a form that we do not read"))
}

// plain takes text in UTF-8 without control characters, and no page.
func plain(r io.Reader) (string, error) {
	buf := make([]byte, 64<<10)
	rest := 0
	for {
		n, err := io.ReadFull(r, buf[rest:])
		b := buf[:rest+n]
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return "", err
		}
		cut := len(b)
		if !last { // a letter may stand across the cut
			for cut > len(b)-utf8.UTFMax && !utf8.RuneStart(b[cut-1]) {
				cut--
			}
			cut--
		}
		if !utf8.Valid(b[:cut]) || bytes.ContainsAny(b[:cut], "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x1b\x7f") || page(b[:cut]) {
			return "", errors.Join(errUnsafe, errors.New("neither a known kind nor text in UTF-8"))
		}
		if last {
			return Text, nil
		}
		rest = copy(buf, b[cut:])
	}
}

// Limits of an Office file, against archives that grow without end when they are opened.
const (
	maxParts    = 5000
	maxUnpacked = 400 << 20 // bytes
	maxRatio    = 120       // unpacked to packed, of the whole
)

// office judges a ZIP: it must be a document of Office Open XML (ECMA-376) without macros, controls or programs inside.
func office(r io.ReaderAt, size int64) (string, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return "", errors.Join(errUnsafe, err)
	}
	if len(z.File) > maxParts {
		return "", errors.Join(errUnsafe, errors.New("too many parts"))
	}
	kind, types := "", false
	var unpacked uint64
	for _, f := range z.File {
		unpacked += f.UncompressedSize64
		if unpacked > maxUnpacked || f.UncompressedSize64 > maxUnpacked || (unpacked > 10<<20 && unpacked/maxRatio > uint64(size)) {
			return "", errors.Join(errUnsafe, errors.New("it grows too much when unpacked"))
		}
		name := strings.ToLower(f.Name)
		switch name {
		case "word/document.xml":
			kind = DOCX
		case "xl/workbook.xml":
			kind = XLSX
		case "ppt/presentation.xml":
			kind = PPTX
		case "[content_types].xml":
			types = true
			if err := checkTypes(f); err != nil {
				return "", err
			}
		}
		if hidden(name) {
			return "", errors.Join(errUnsafe, errors.New("macros or a program inside: "+path.Base(name)))
		}
	}
	if kind == "" || !types {
		return "", errors.Join(errUnsafe, errors.New("an archive that is no document"))
	}
	return kind, nil
}

func hidden(name string) bool {
	for _, part := range []string{"vbaproject", "vbadata", "/activex/", "oleobject", "/macrosheets/", "/embeddings/"} {
		if strings.Contains(name, part) && !strings.HasSuffix(name, ".xlsx") && !strings.HasSuffix(name, ".docx") {
			return true
		}
	}
	switch path.Ext(name) {
	case ".exe", ".dll", ".js", ".vbs", ".bat", ".cmd", ".ps1", ".hta", ".jar", ".html", ".svgz":
		return true
	}
	return false
}

func checkTypes(f *zip.File) error {
	if f.UncompressedSize64 > 1<<20 {
		return errors.Join(errUnsafe, errors.New("its table of types is too large"))
	}
	r, err := f.Open()
	if err != nil {
		return errors.Join(errUnsafe, err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return errors.Join(errUnsafe, err)
	}
	if bytes.Contains(bytes.ToLower(data), []byte("macroenabled")) {
		return errors.Join(errUnsafe, errors.New("macros"))
	}
	return nil
}

// checkPDF looks for what acts when a PDF is opened: scripts, programs, files inside (ISO 32000-2, 12.6.4). Names may be
// written with #xx; a script's text (/JS) never stands without /JavaScript. What stands inside packed object streams is not seen; such files are served so that nothing runs.
func checkPDF(r io.Reader) error {
	bad := []string{"/JavaScript", "/Launch", "/RichMedia", "/EmbeddedFile", "/SubmitForm", "/ImportData"}
	buf := make([]byte, 64<<10)
	rest := 0
	for {
		n, err := io.ReadFull(r, buf[rest:])
		text := unhash(buf[:rest+n])
		for _, name := range bad {
			for at := 0; ; {
				i := bytes.Index(text[at:], []byte(name))
				if i < 0 {
					break
				}
				at += i + len(name)
				if at == len(text) || strings.IndexByte(" \r\n\t\f\x00()<>[]{}/%", text[at]) >= 0 {
					return errors.Join(errUnsafe, errors.New("the PDF holds "+name))
				}
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
		rest = copy(buf, buf[len(buf)-64:])
	}
}

// unhash writes #xx in names as the letters that they are.
func unhash(b []byte) []byte {
	if bytes.IndexByte(b, '#') < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '#' && i+2 < len(b) {
			hi, lo := hexDigit(b[i+1]), hexDigit(b[i+2])
			if hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
