package site

import (
	"mime"
	"net/http"

	"khue/media"
	"khue/problem"
	"khue/regulation"
	"khue/web/frame"
)

// ServeFile sends a file that hangs beside a thing ("release/ID", "evidence/ID"), under the name that it has there. Whether the
// reader may see the thing is the caller's to ask; public says whether others may keep it. A picture is shown, everything else is
// saved: nothing that came from outside is opened on our own address, and its policy lets it load and run nothing.
func (s *Site) ServeFile(w http.ResponseWriter, r *frame.Request, thing, file string, public bool) error {
	list, err := s.Media.Of(r.Context(), s.DB, thing)
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.File.ID != file {
			continue
		}
		body, f, err := s.Media.Open(r.Context(), file)
		if err != nil {
			return err
		}
		defer body.Close()
		h := w.Header()
		h.Set("Content-Type", f.Kind)
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
		h.Set("ETag", `"`+f.ID[:min(32, len(f.ID))]+`"`)
		h.Set("Cache-Control", "private, no-cache")
		if public {
			h.Set("Cache-Control", "public, max-age=300")
		}
		way := "attachment"
		if f.Picture() {
			way = "inline"
		}
		h.Set("Content-Disposition", mime.FormatMediaType(way, map[string]string{"filename": a.Name}))
		http.ServeContent(w, r.Request, "", f.At, body)
		return nil
	}
	return problem.New(problem.NotFound)
}

// KeptFile is a file that a form brought: its id and the name that it came under, both "" for none. A form that comes back names it,
// so that it need not be sent twice.
type KeptFile struct{ ID, Name string }

// TakeFile keeps the file in a field of a form; without one it gives the one kept before, if it is by's own: nobody learns by a hash
// what else is kept. It gives before as it is when the file cannot be kept, and says why at the field. picture refuses other files.
func (s *Site) TakeFile(r *frame.Request, by regulation.Actor, f Form, field string, before KeptFile, picture bool) (KeptFile, error) {
	files := f.Files(field)
	if len(files) == 0 {
		if before.ID == "" || !s.OwnFile(r, by, before.ID) {
			return KeptFile{}, nil
		}
		return before, nil
	}
	body, err := files[0].Open()
	if err != nil {
		return before, err
	}
	defer body.Close()
	got, err := s.Media.Put(r.Context(), by, media.Upload{Name: files[0].Filename, Body: body})
	if err != nil {
		for _, e := range problem.All(err) {
			e.Field = field
		}
		return before, err
	}
	if picture && !got.Picture() {
		return before, problem.List{problem.Of(field, problem.Kind)}
	}
	return KeptFile{got.ID, got.Name}, nil
}

// OwnFile says whether a kept file was brought by somebody: only those may a form name by their hash.
func (s *Site) OwnFile(r *frame.Request, by regulation.Actor, id string) bool {
	f, err := s.Media.Get(r.Context(), id)
	return err == nil && f.By == by.ID
}
