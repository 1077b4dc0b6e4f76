package frame

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"khue/catalogue"
	"khue/problem"
)

// Request is one request as a handler sees it.
type Request struct {
	*http.Request
	ID   string         // shown to the person with an internal error, and in the log
	Lang catalogue.Lang // from the path: /en/… is English
	Path string         // without the language's prefix
	From netip.Addr     // the visitor's address, of IPv6 the first of its /64; for limits only, never stored
}

// Href gives a local address in the request's language.
func (r *Request) Href(path string) string { return Href(r.Lang, path) }

// Href gives a local address in a language.
func Href(l catalogue.Lang, path string) string {
	if l == catalogue.EN {
		return "/en" + path
	}
	return path
}

// Handler answers a request or gives an error; Frame turns the error into a reply.
type Handler func(w http.ResponseWriter, r *Request) error

// Config is what a Frame needs.
type Config struct {
	Log     *slog.Logger
	Now     func() time.Time
	Secure  bool                                                           // the public origin is https: cookies and HSTS
	Problem func(w http.ResponseWriter, r *Request, status int, err error) // draws the page of an error
	Observe func(route string, status int, took time.Duration)             // metrics; may be nil
	Trusted []netip.Prefix                                                 // proxies whose X-Forwarded-For is believed
	Session string                                                         // name of the session's cookie, "" for none: who has one may send more
}

// Frame is a mux whose handlers stand inside the frame.
type Frame struct {
	c       Config
	mux     *http.ServeMux
	origin  *http.CrossOriginProtection
	writes  writes
	handler http.Handler
}

// New makes an empty frame.
func New(c Config) *Frame {
	f := &Frame{c: c, mux: http.NewServeMux(), origin: http.NewCrossOriginProtection(), writes: newWrites(c.Now)}
	f.handler = f.around()
	return f
}

// maxForm bounds the body of a request that is not an upload, in bytes.
const maxForm = 1 << 20

// Handle registers a handler for a pattern of ServeMux, without a language's prefix.
func (f *Frame) Handle(pattern string, h Handler) { f.handle(pattern, maxForm, h) }

// HandleUpload is Handle for requests with files, up to limit bytes.
func (f *Frame) HandleUpload(pattern string, limit int64, h Handler) { f.handle(pattern, limit, h) }

func (f *Frame) handle(pattern string, limit int64, h Handler) {
	f.mux.HandleFunc(pattern, func(w http.ResponseWriter, raw *http.Request) {
		r, _ := raw.Context().Value(requestKey{}).(*Request)
		if r == nil { // only through ServeHTTP
			http.Error(w, "", http.StatusInternalServerError)
			return
		}
		r.Request = raw
		if raw.Body != nil && limit > 0 {
			raw.Body = http.MaxBytesReader(w, raw.Body, limit)
		}
		defer forgetFiles(raw)
		if err := h(w, r); err != nil {
			f.reply(w, r, err)
		}
	})
}

// Mount registers a plain handler that needs no page: assets, the log, health.
func (f *Frame) Mount(pattern string, h http.Handler) { f.mux.Handle(pattern, h) }

// requestKey finds the Request made for a raw request on its way through the mux. It carries no authority.
type requestKey struct{}

// ServeHTTP puts the frame around a request.
func (f *Frame) ServeHTTP(w http.ResponseWriter, r *http.Request) { f.handler.ServeHTTP(w, r) }

func (f *Frame) around() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, raw *http.Request) {
		start := time.Now()
		within(w, raw)
		r := &Request{Request: raw, ID: newID(), Lang: catalogue.VI, Path: raw.URL.Path, From: f.address(raw)}
		sw := &statusWriter{ResponseWriter: w}
		headers(sw.Header(), f.c.Secure)
		sw.Header().Set("X-Request-Id", r.ID)
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				f.c.Log.Error("panic", "request", r.ID, "path", loggable(raw.URL.Path), "panic", p, "stack", string(debug.Stack()))
				if sw.status == 0 {
					f.reply(sw, r, errors.New("panic"))
				}
			}
			if f.c.Observe != nil {
				f.c.Observe(r.Pattern, sw.status, time.Since(start))
			}
			f.c.Log.Debug("request", "request", r.ID, "method", raw.Method, "path", loggable(raw.URL.Path), "status", sw.status, "took", time.Since(start))
		}()
		f.serve(sw, r)
	})
}

func (f *Frame) serve(w *statusWriter, r *Request) {
	raw := r.Request
	if rest, ok := strings.CutPrefix(raw.URL.Path, "/en"); ok && (rest == "" || rest[0] == '/') {
		r.Lang = catalogue.EN
		if rest == "" {
			rest = "/"
		}
		raw = raw.Clone(raw.Context())
		raw.URL.Path, raw.URL.RawPath = rest, ""
		r.Path = rest
	}
	if err := f.origin.Check(raw); err != nil {
		r.Request = raw
		f.reply(w, r, problem.Wrap(err, problem.Forbidden, "role", "@problem.own-page"))
		return
	}
	if raw.Method != http.MethodGet && raw.Method != http.MethodHead && !strings.HasPrefix(r.Path, "/api/") {
		if wait := f.writes.take(r, f.c.Session); wait > 0 {
			r.Request = raw
			f.reply(w, r, problem.New(problem.Rate, "seconds", fmt.Sprint(int(wait.Seconds())+1)))
			return
		}
	}
	raw = raw.WithContext(contextWith(raw.Context(), r))
	r.Request = raw
	if h, pattern := f.mux.Handler(raw); pattern == "" {
		// ServeMux answers 404 and 405 in plain words of its own; ours are pages.
		probe := &statusWriter{ResponseWriter: discard{http.Header{}}}
		h.ServeHTTP(probe, raw)
		if probe.status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", probe.Header().Get("Allow"))
			f.reply(w, r, problem.New(problem.Method))
			return
		}
		f.reply(w, r, problem.New(problem.NotFound))
		return
	}
	f.mux.ServeHTTP(w, raw)
}

// headers sets what every answer carries: nothing runs or loads that is not our own.
func headers(h http.Header, secure bool) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	if secure {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// reply is the one place where an error becomes an answer. What is our own fault is logged with the id that the person sees.
func (f *Frame) reply(w http.ResponseWriter, r *Request, err error) {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		err = problem.Wrap(err, problem.Size, "n", fmt.Sprint(max(1, tooLarge.Limit>>20)))
	}
	code := problem.CodeOf(err)
	status := Status(code)
	if status >= 500 {
		f.c.Log.Error("request failed", "request", r.ID, "method", r.Method, "path", loggable(r.Path), "err", err)
	}
	var p *problem.Error
	if code == problem.Internal {
		err = problem.Wrap(err, problem.Internal, "id", r.ID)
	} else if errors.As(err, &p) && code == problem.Rate {
		w.Header().Set("Retry-After", p.Args["seconds"])
	}
	w.Header().Set("Cache-Control", "no-store")
	f.c.Problem(w, r, status, err)
}

// Status gives the HTTP status of a kind of problem.
func Status(c problem.Code) int {
	switch c {
	case "":
		return http.StatusOK
	case problem.NotFound, problem.Withheld:
		return http.StatusNotFound
	case problem.Forbidden, problem.SamePerson, problem.Unverified:
		return http.StatusForbidden
	case problem.Session, problem.Password, problem.Key:
		return http.StatusUnauthorized
	case problem.Conflict, problem.State, problem.Twice, problem.InUse, problem.Idempotent:
		return http.StatusConflict
	case problem.Rate, problem.Locked:
		return http.StatusTooManyRequests
	case problem.Size:
		return http.StatusRequestEntityTooLarge
	case problem.MediaType:
		return http.StatusUnsupportedMediaType
	case problem.Expired:
		return http.StatusGone
	case problem.Method:
		return http.StatusMethodNotAllowed
	case problem.Precond:
		return http.StatusPreconditionFailed
	case problem.Full:
		return http.StatusInsufficientStorage
	case problem.Loading, problem.Unavail:
		return http.StatusServiceUnavailable
	case problem.Internal, problem.Newer:
		return http.StatusInternalServerError
	default:
		return http.StatusUnprocessableEntity
	}
}

// address gives the visitor's address: the peer's, or what a trusted proxy says; see network.
func (f *Frame) address(r *http.Request) netip.Addr { return network(f.peer(r)) }

func (f *Frame) peer(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	peer, err := netip.ParseAddr(host)
	if err != nil {
		return netip.IPv6Unspecified()
	}
	peer = peer.Unmap()
	for _, p := range f.c.Trusted {
		if !p.Contains(peer) {
			continue
		}
		list := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
		if a, err := netip.ParseAddr(strings.TrimSpace(list[len(list)-1])); err == nil {
			return a
		}
	}
	return peer
}

func newID() string {
	var b [8]byte
	rand.Read(b[:]) //nolint:errcheck // never fails since Go 1.24
	return hex.EncodeToString(b[:])
}

// statusWriter remembers the status, and lets streams flush.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader remembers the status.
func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write answers 200 when nothing was said before.
func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// discard takes an answer that nobody reads.
type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}
