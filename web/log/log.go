// Package log serves the public log as C2SP tlog-tiles: /log/checkpoint,
// /log/tile/…, /log/key. Anyone may read it with a client of their own.
package log

import (
	"net/http"
	"strconv"
	"strings"

	"khue/ledger"
	"khue/ledger/tree"
	"khue/web/frame"
)

// Register puts the log's addresses on a frame.
func Register(f *frame.Frame, l *ledger.Ledger) {
	f.Handle("GET /log/checkpoint", func(w http.ResponseWriter, r *frame.Request) error {
		text, err := l.Checkpoint(r.Context())
		if err != nil {
			return err
		}
		return plain(w, "text/plain; charset=utf-8", "no-cache", []byte(text))
	})
	f.Handle("GET /log/key", func(w http.ResponseWriter, _ *frame.Request) error {
		return plain(w, "text/plain; charset=utf-8", "public, max-age=3600", []byte(l.PublicKey()+"\n"))
	})
	f.Handle("GET /log/tile/{path...}", func(w http.ResponseWriter, r *frame.Request) error {
		t, err := tree.ParsePath(strings.TrimPrefix(r.Path, "/log/"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return nil
		}
		data, err := l.ReadTile(r.Context(), t)
		if err != nil {
			return err
		}
		return plain(w, "application/octet-stream", "public, max-age=31536000, immutable", data)
	})
}

func plain(w http.ResponseWriter, kind, cache string, data []byte) error {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", cache)
	h.Set("Access-Control-Allow-Origin", "*") // the log is for everybody's programs
	h.Set("Content-Length", strconv.Itoa(len(data)))
	_, err := w.Write(data)
	return ignore(err)
}

// ignore drops the error of a reader that left: there is nobody to tell.
func ignore(error) error { return nil }
