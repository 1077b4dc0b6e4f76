package frame

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
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
func (r *Request) Href(path string) string { return r.Lang.Href(path) }

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

	patterns []string // set before serving
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

// Patterns gives every pattern that was registered with Handle and HandleUpload, in that order.
func (f *Frame) Patterns() []string { return slices.Clone(f.patterns) }

func (f *Frame) handle(pattern string, limit int64, h Handler) {
	f.patterns = append(f.patterns, pattern)
	f.mux.HandleFunc(pattern, func(w http.ResponseWriter, raw *http.Request) {
		sw, ok := w.(*statusWriter)
		if !ok || sw.request == nil { // only through ServeHTTP
			http.Error(w, "", http.StatusInternalServerError)
			return
		}
		r := sw.request
		r.Request = raw
		if raw.Body != nil && raw.Body != http.NoBody && limit > 0 {
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

// ServeHTTP puts the frame around a request.
func (f *Frame) ServeHTTP(w http.ResponseWriter, r *http.Request) { f.handler.ServeHTTP(w, r) }

func (f *Frame) around() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, raw *http.Request) {
		start := time.Now()
		within(w, raw)
		r := &Request{Request: raw, ID: newID(), Lang: catalogue.VI, Path: raw.URL.Path, From: f.address(raw)}
		sw := &statusWriter{ResponseWriter: w, request: r}
		h := sw.Header()
		for i := range fixed {
			h[fixed[i].name] = fixed[i].value
		}
		if f.c.Secure {
			h[transport.name] = transport.value
		}
		h["X-Request-Id"] = []string{r.ID}
		defer func() {
			if p := recover(); p != nil {
				if e, ok := p.(error); ok && errors.Is(e, http.ErrAbortHandler) {
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
			if f.c.Log.Enabled(raw.Context(), slog.LevelDebug) { // else its words would be made for nobody
				f.c.Log.Debug("request", "request", r.ID, "method", raw.Method, "path", loggable(raw.URL.Path), "status", sw.status, "took", time.Since(start))
			}
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
		local := *raw.URL
		local.Path, local.RawPath = rest, ""
		raw = raw.WithContext(raw.Context())
		raw.URL = &local
		r.Path = rest
	}
	if err := f.origin.Check(raw); err != nil {
		r.Request = raw
		f.reply(w, r, problem.Wrap(err, problem.Forbidden, "role", "@problem.own-page"))
		return
	}
	if raw.Method != http.MethodGet && raw.Method != http.MethodHead && !byPrograms(r.Path) {
		if wait := f.writes.take(r, f.c.Session); wait > 0 {
			r.Request = raw
			f.reply(w, r, problem.New(problem.Rate, "seconds", fmt.Sprint(int(wait.Seconds())+1)))
			return
		}
	}
	r.Request = raw
	w.mux = raw
	f.mux.ServeHTTP(w, raw)
	w.mux = nil
	if raw.Pattern != "" {
		return
	}
	// ServeMux answered 404 or 405 in plain words of its own, which were held back; ours are pages.
	w.Header().Del("Location")
	if w.held == http.StatusMethodNotAllowed {
		f.reply(w, r, problem.New(problem.Method))
		return
	}
	f.reply(w, r, problem.New(problem.NotFound))
}

// byPrograms says whether a path is for programs, which have limits of their own.
func byPrograms(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/hub/")
}

// header is a header field of every answer. Its value is shared by all of them and never written to.
type header struct {
	name  string
	value []string
}

// fixed is what every answer carries: nothing runs or loads that is not our own.
var fixed = [...]header{
	{"Content-Security-Policy", []string{"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"}},
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"Referrer-Policy", []string{"same-origin"}},
	{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
	{"Permissions-Policy", []string{"camera=(), microphone=(), geolocation=()"}},
}

// transport is carried where the public origin is https.
var transport = header{"Strict-Transport-Security", []string{"max-age=31536000; includeSubDomains"}}

// statusLeft is noted for a request whose reader left before it was answered; nobody receives it.
const statusLeft = 499

// reply is the one place where an error becomes an answer. What is our own fault is logged with the id that the person sees; that a
// reader left is nobody's.
func (f *Frame) reply(w http.ResponseWriter, r *Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		w.WriteHeader(statusLeft)
		return
	}
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
	var peer netip.Addr
	if both, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		peer = both.Addr()
	} else if peer, err = netip.ParseAddr(r.RemoteAddr); err != nil {
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
	var b [16]byte
	n := rand.Uint64() // it names a request in the log and opens nothing
	for i := range b {
		b[i] = "0123456789abcdef"[n&15]
		n >>= 4
	}
	return string(b[:])
}

// statusWriter remembers the status, and lets streams flush.
type statusWriter struct {
	http.ResponseWriter
	request *Request
	status  int
	mux     *http.Request // while it is in the mux: without a pattern, what is written is the mux's own words
	held    int           // their status
}

// WriteHeader remembers the status.
func (w *statusWriter) WriteHeader(status int) {
	if w.own() {
		w.held = status
		return
	}
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write answers 200 when nothing was said before.
func (w *statusWriter) Write(b []byte) (int, error) {
	if w.own() {
		return len(b), nil
	}
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// own says whether the mux found no handler and answers itself.
func (w *statusWriter) own() bool { return w.mux != nil && w.mux.Pattern == "" }

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
