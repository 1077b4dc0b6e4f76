package api

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"time"

	"khue/problem"
	"khue/store"
	"khue/web/frame"
)

const (
	// minKey and maxKey bound an idempotency key, in bytes: it has to be hard to guess, since it opens the answer again.
	minKey, maxKey = 16, 128
	// keptFor is how long an answer can be had again.
	keptFor = 24 * time.Hour
	// lostAfter is how long a request may take; one that did not end by then was lost with its process.
	lostAfter = 2 * time.Minute
)

const (
	sqlBegin  = `INSERT INTO api_idempotency (id, request, status, body, at) VALUES (?1, ?2, 0, ?3, ?4) ON CONFLICT (id) DO NOTHING`
	sqlKept   = `SELECT request, status, body, at FROM api_idempotency WHERE id = ?1`
	sqlKeep   = `UPDATE api_idempotency SET status = ?2, body = ?3 WHERE id = ?1`
	sqlDrop   = `DELETE FROM api_idempotency WHERE id = ?1`
	sqlForget = `DELETE FROM api_idempotency WHERE at < ?1 OR (status = 0 AND at < ?2)`
)

// kept holds the answers of writes for a day. An answer is sealed with the idempotency key and its caller, of which the row has
// only a hash: a follow link or an answer to one person cannot be read from the database.
type kept struct {
	db  *store.DB
	now func() time.Time
}

// entry is one write: where its row is, what was asked, and what opens its answer.
type entry struct {
	id, request string
	seal        [32]byte
}

func newEntry(owner, key, request string) entry {
	id := sha256.Sum256([]byte("id\x00" + owner + "\x00" + key))
	return entry{hex.EncodeToString(id[:]), request, sha256.Sum256([]byte("seal\x00" + owner + "\x00" + key))}
}

// stored is an answer as it is kept.
type stored struct {
	Status int         `json:"status"`
	Header http.Header `json:"header"`
	Body   []byte      `json:"body"`
}

// begin takes the key for this request: nil and nil when it is new, the answer when it was done before. Another request by the
// same key, and one that is still being done, are problem.Idempotent.
func (k *kept) begin(ctx context.Context, e entry) (*stored, error) {
	now := k.now()
	var fresh bool
	err := k.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, sqlForget, store.Micros(now.Add(-keptFor)), store.Micros(now.Add(-lostAfter))); err != nil {
			return err
		}
		res, err := tx.Exec(ctx, sqlBegin, e.id, e.request, []byte{}, store.Micros(now))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		fresh = n == 1
		return err
	})
	if err != nil || fresh {
		return nil, err
	}
	var request string
	var status, at int64
	var body []byte
	if err := k.db.QueryRow(ctx, sqlKept, e.id).Scan(&request, &status, &body, &at); err != nil {
		return nil, err
	}
	if request != e.request || status == 0 {
		return nil, problem.New(problem.Idempotent)
	}
	data, err := e.open(body)
	if err != nil {
		return nil, err
	}
	var s stored
	return &s, json.Unmarshal(data, &s)
}

// keep stores the answer of a request that was done.
func (k *kept) keep(ctx context.Context, e entry, s stored) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if data, err = e.close(data); err != nil {
		return err
	}
	return k.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sqlKeep, e.id, s.Status, data)
		return err
	})
}

// drop frees the key of a request that did nothing.
func (k *kept) drop(ctx context.Context, e entry) error {
	return k.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sqlDrop, e.id)
		return err
	})
}

func (e entry) cipher() (cipher.AEAD, error) {
	block, err := aes.NewCipher(e.seal[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func (e entry) close(data []byte) ([]byte, error) {
	c, err := e.cipher()
	if err != nil {
		return nil, err
	}
	return c.Seal(nil, nil, data, nil), nil
}

func (e entry) open(data []byte) ([]byte, error) {
	c, err := e.cipher()
	if err != nil {
		return nil, err
	}
	return c.Open(nil, nil, data, nil)
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
	e := newEntry(owner, key, request)
	c.form = "api:" + e.id
	ctx := c.r.Context()
	before, err := a.kept.begin(ctx, e)
	if err != nil {
		return err
	}
	if before != nil {
		rec := &recorder{header: before.Header, status: before.Status}
		rec.header.Set("Idempotency-Replayed", "true")
		rec.body.Write(before.Body)
		rec.send(w)
		return nil
	}
	rec := &recorder{header: http.Header{}}
	ended := false
	defer func() {
		if !ended { // a panic: nothing is known to be done
			_ = a.kept.drop(context.WithoutCancel(ctx), e)
		}
	}()
	a.mux.ServeHTTP(rec, c.r.WithContext(with(ctx, c)))
	ended = true
	ctx = context.WithoutCancel(ctx) // a caller that left asks again
	if c.err != nil {
		if err := a.kept.drop(ctx, e); err != nil {
			return err
		}
		return unlocked(w, named(c.err))
	}
	if err := a.kept.keep(ctx, e, stored{rec.status, rec.header, rec.body.Bytes()}); err != nil {
		return err
	}
	rec.send(w)
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
