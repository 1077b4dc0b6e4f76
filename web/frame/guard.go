package frame

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"khue/problem"
)

const (
	// readWithin is how long a body may take on its way: an upload of 50 MB at 1.4 Mbit/s.
	readWithin = 5 * time.Minute
	// formWithin is how long a body that cannot be an upload may take.
	formWithin = 30 * time.Second
	// writeWithin is how long an answer may take; an event stream sets its own.
	writeWithin = 10 * time.Minute
)

// within bounds the time of a request, so that nobody holds a connection by sending or reading a byte now and then. A request
// without a body gets no limit for reading: its end would cut off an event stream.
func within(w http.ResponseWriter, r *http.Request) {
	c := http.NewResponseController(w)
	now := time.Now() // the sockets know no other clock
	if r.ContentLength != 0 && r.Body != nil && r.Body != http.NoBody {
		limit := formWithin
		if r.ContentLength < 0 || r.ContentLength > maxForm || strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
			limit = readWithin
		}
		_ = c.SetReadDeadline(now.Add(limit)) // a writer that knows no deadlines has no connection to hold
	}
	_ = c.SetWriteDeadline(now.Add(writeWithin))
}

// forgetFiles removes the temporary files of an upload. The server does so only for the request that it made itself, and a form is
// read from a copy of it.
func forgetFiles(r *http.Request) {
	if r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll() // what is gone already needs no removal
	}
}

// secretPaths begin addresses whose rest is a secret: who reads the log must not be able to open them.
var secretPaths = []string{"/f/", "/link/", "/first/", "/hub/"}

// loggable gives a path as it may stand in the log.
func loggable(path string) string {
	local := path
	if rest, ok := strings.CutPrefix(path, "/en/"); ok {
		local = "/" + rest
	}
	for _, p := range secretPaths {
		if strings.HasPrefix(local, p) {
			return path[:len(path)-len(local)] + p + "…"
		}
	}
	return path
}

// network gives what counts as one visitor where acts are limited: an IPv4 address, or the first address of the /64 of an IPv6 one,
// since one line is given that many.
func network(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	if p, err := a.Prefix(64); err == nil && a.Is6() {
		return p.Addr()
	}
	return a
}

// Limited lets a handler answer n requests of one visitor in a period; more are problem.Rate with the seconds to wait.
func (f *Frame) Limited(n int, period time.Duration, h Handler) Handler {
	l := NewLimiter(f.c.Now, n, period)
	return func(w http.ResponseWriter, r *Request) error {
		if wait := l.Take(network(r.From).String()); wait > 0 {
			return problem.New(problem.Rate, "seconds", fmt.Sprint(int(wait.Seconds())+1))
		}
		return h(w, r)
	}
}
