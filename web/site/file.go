package site

import (
	"mime"
	"net/http"

	"khue/problem"
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
