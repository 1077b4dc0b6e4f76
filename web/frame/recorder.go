package frame

import (
	"bytes"
	"net/http"
)

// Recorder is a ResponseWriter that takes an answer instead of sending it, so that it can be kept, compared or sent later. Make one with
// NewRecorder. It is not for several goroutines.
type Recorder struct {
	Status int // 0 until WriteHeader: 200 is meant
	Body   bytes.Buffer
	header http.Header
}

// NewRecorder makes an empty recorder.
func NewRecorder() *Recorder { return &Recorder{header: http.Header{}} }

// Header gives the answer's header.
func (r *Recorder) Header() http.Header { return r.header }

// WriteHeader remembers the first status.
func (r *Recorder) WriteHeader(status int) {
	if r.Status == 0 {
		r.Status = status
	}
}

// Write takes a part of the body.
func (r *Recorder) Write(b []byte) (int, error) { return r.Body.Write(b) }
