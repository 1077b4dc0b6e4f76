package web

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"khue/web/frame"
)

// reloadScript asks which run of the program it is talking to, and draws the page anew when it is another one.
const reloadScript = `let run
new EventSource("/dev/run").onmessage = e => {
  if (run && run !== e.data) location.reload()
  run = e.data
}
`

// Reloading lets open pages draw themselves anew when the program behind them has been built and started again: for those who
// change it (make dev), never for readers. The run names this start of the program; its end is ctx's.
func Reloading(ctx context.Context, next http.Handler, run string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/dev/run":
			w.Header().Set("Content-Type", "text/event-stream")
			fmt.Fprintf(w, "retry: 300\ndata: %s\n\n", run)
			_ = http.NewResponseController(w).Flush()
			select {
			case <-r.Context().Done():
			case <-ctx.Done():
			}
		case r.URL.Path == "/dev/reload.js":
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			_, _ = w.Write([]byte(reloadScript))
		case r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html"):
			r.Header.Del("Accept-Encoding") // the page's words are needed as they are
			answer := frame.NewRecorder()
			next.ServeHTTP(answer, r)
			page := bytes.Replace(answer.Body.Bytes(), []byte("</head>"), []byte(`<script src="/dev/reload.js" defer></script></head>`), 1)
			maps.Copy(w.Header(), answer.Header())
			w.Header().Set("Content-Length", strconv.Itoa(len(page)))
			w.WriteHeader(cmp.Or(answer.Status, http.StatusOK))
			_, _ = w.Write(page)
		default:
			next.ServeHTTP(w, r)
		}
	})
}
