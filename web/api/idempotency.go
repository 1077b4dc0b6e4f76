package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"

	"khue/problem"
	"khue/store/once"
	"khue/web/frame"
)

// minKey and maxKey bound an idempotency key, in bytes: it has to be hard to guess, since it opens the answer again.
const minKey, maxKey = 16, 128

// stored is an answer as it is kept.
type stored struct {
	Status int         `json:"status"`
	Header http.Header `json:"header"`
	Body   []byte      `json:"body"`
}

// write does a request once: again with the same key it gives the same answer.
func (a *API) write(w http.ResponseWriter, c *call, o *op) error {
	key := c.r.Header.Get("Idempotency-Key")
	switch {
	case key == "":
		return problem.Of("Idempotency-Key", problem.Required, "field", "Idempotency-Key")
	case len(key) < minKey || len(key) > maxKey:
		return problem.Of("Idempotency-Key", problem.Invalid, "why", c.lang.T("api.why.idempotency"))
	}
	request, err := fingerprint(c.r, o)
	if err != nil {
		return err
	}
	owner := "visitor"
	if c.by.ID != "" {
		owner = c.by.ID
	}
	e := once.Of(owner, key, request)
	c.form = "api:" + e.ID
	ctx := c.r.Context()
	before, err := a.once.Begin(ctx, e)
	if err != nil {
		return err
	}
	if before != nil {
		return again(w, before)
	}
	return a.first(w, c, e)
}

// again gives an answer that was given before.
func again(w http.ResponseWriter, answer []byte) error {
	var s stored
	if err := json.Unmarshal(answer, &s); err != nil {
		return err
	}
	rec := frame.NewRecorder()
	rec.Status = s.Status
	maps.Copy(rec.Header(), s.Header)
	rec.Header().Set("Idempotency-Replayed", "true")
	rec.Body.Write(s.Body)
	send(w, rec)
	return nil
}

// first does a request and keeps its answer; one that failed did nothing and frees its key.
func (a *API) first(w http.ResponseWriter, c *call, e once.Request) error {
	ctx := context.WithoutCancel(c.r.Context()) // a caller that left asks again
	rec := frame.NewRecorder()
	ended := false
	defer func() {
		if !ended { // a panic: nothing is known to be done
			_ = a.once.Drop(ctx, e)
		}
	}()
	a.mux.ServeHTTP(rec, c.r.WithContext(with(c.r.Context(), c)))
	ended = true
	if c.err != nil {
		if err := a.once.Drop(ctx, e); err != nil {
			return err
		}
		return unlocked(w, named(c.err))
	}
	answer, err := json.Marshal(stored{rec.Status, rec.Header(), rec.Body.Bytes()})
	if err != nil {
		return err
	}
	if err := a.once.Keep(ctx, e, answer); err != nil {
		return err
	}
	send(w, rec)
	return nil
}

// fingerprint gives a digest of what is asked; the body can be read again after it. Of a form with files the parts count, not the
// line between them, which programs make anew each time.
func fingerprint(r *frame.Request, o *op) (string, error) {
	h := sha256.New()
	add := func(parts ...string) {
		for _, p := range parts {
			h.Write([]byte(p))
			h.Write([]byte{0})
		}
	}
	add(r.Method, r.URL.Path, r.URL.RawQuery)
	if o.Upload {
		if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "multipart/form-data" {
			return "", problem.New(problem.MediaType, "want", "multipart/form-data")
		}
		if err := r.ParseMultipartForm(maxBody); err != nil {
			var large *http.MaxBytesError
			if errors.As(err, &large) {
				return "", err
			}
			return "", problem.Wrap(err, problem.Invalid, "field", "form", "why", "multipart")
		}
		for _, name := range slices.Sorted(maps.Keys(r.MultipartForm.File)) {
			for _, f := range r.MultipartForm.File[name] {
				add(name, f.Filename)
				file, err := f.Open()
				if err != nil {
					return "", err
				}
				_, err = io.Copy(h, file)
				if err = errors.Join(err, file.Close()); err != nil {
					return "", err
				}
			}
		}
		return hex.EncodeToString(h.Sum(nil)), nil
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return "", err
	}
	h.Write(data)
	r.Body = io.NopCloser(bytes.NewReader(data))
	return hex.EncodeToString(h.Sum(nil)), nil
}
