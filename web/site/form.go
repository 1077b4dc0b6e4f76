package site

import (
	"errors"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"khue/problem"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/ui"
)

// maxFormMemory is how much of an upload is held in memory, in bytes; the rest goes to temporary files.
const maxFormMemory = 4 << 20

// Form is a decoded form: values as they were typed, without NUL and with one kind of line end.
type Form struct {
	r *http.Request
}

// DeskForm gives who sent a form of the desk, as Desk does, and the form: who may not be there is not read.
func (s *Site) DeskForm(r *frame.Request) (a regulation.Actor, f Form, err error) {
	if a, err = s.Desk(r); err == nil {
		f, err = s.Form(r)
	}
	return a, f, err
}

// Form decodes the request's form, with or without files. What is no form, or no UTF-8, is problem.Invalid.
func (s *Site) Form(r *frame.Request) (Form, error) {
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(maxFormMemory)
	} else {
		err = r.ParseForm()
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return Form{}, err
	}
	if err != nil {
		return Form{}, problem.Wrap(err, problem.Invalid, "field", "form", "why", "…")
	}
	for name, list := range r.PostForm {
		for _, v := range list {
			if !utf8.ValidString(v) {
				return Form{}, problem.Of(name, problem.Invalid, "why", "UTF-8")
			}
		}
	}
	return Form{r.Request}, nil
}

// Text gives a field's value: no NUL, line ends are \n, white space at both ends cut.
func (f Form) Text(name string) string { return clean(f.r.PostForm.Get(name)) }

// List gives every value of a field that may come more than once, empty ones left out.
func (f Form) List(name string) []string {
	var list []string
	for _, v := range f.r.PostForm[name] {
		if v = clean(v); v != "" {
			list = append(list, v)
		}
	}
	return list
}

// Yes says whether a checkbox was on.
func (f Form) Yes(name string) bool { return f.Text(name) == "1" }

// Version gives a hidden version number, 0 when it is missing or not a number.
func (f Form) Version(name string) int64 {
	n, err := strconv.ParseInt(f.Text(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Time reads a datetime-local field in Vietnam's time; the zero time for an empty field, problem.Date for what is no moment.
func (f Form) Time(name string) (time.Time, error) {
	text := f.Text(name)
	if text == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", time.RFC3339} {
		if t, err := time.ParseInLocation(form, text, ui.Zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, problem.Of(name, problem.Date)
}

// Files gives the files of a field; a browser's empty file field gives none.
func (f Form) Files(name string) []*multipart.FileHeader {
	if f.r.MultipartForm == nil {
		return nil
	}
	var list []*multipart.FileHeader
	for _, h := range f.r.MultipartForm.File[name] {
		if h.Filename != "" || h.Size > 0 {
			list = append(list, h)
		}
	}
	return list
}

func clean(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.TrimSpace(strings.ReplaceAll(s, "\x00", ""))
}
