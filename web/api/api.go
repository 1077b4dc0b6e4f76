package api

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"khue/catalogue"
	"khue/problem"
	"khue/regulation"
	"khue/store/once"
	"khue/web/frame"
	"khue/web/site"
)

// The bounds of a request, in bytes.
const (
	maxBody   = 1 << 20
	maxUpload = 50 << 20
)

// apiVersion is the version of the API. It grows with what is added; nothing is taken away under /api/ (docs/format/api.md).
const apiVersion = "1.0.0"

// Requests allowed a minute: with a key, without one, and writes without one.
const (
	keyRate     = 600
	visitorRate = 120
	writeRate   = 20
)

// API is the face for programs.
type API struct {
	s       *site.Site
	mux     *http.ServeMux
	huma    huma.API
	ops     map[string]*op // by pattern
	list    []*op          // in the order of the documentation
	once    *once.Keeper
	keyed   *frame.Limiter // by key
	visitor *frame.Limiter // by address, without a key that holds
	writes  *frame.Limiter // by address, writes without a key
}

// Register puts the API, its description, its documentation page and the pages of keys on a frame.
func Register(f *frame.Frame, s *site.Site) {
	a := newAPI(s)
	f.Handle("/api/", a.serve)
	f.HandleUpload("POST /api/files", maxUpload, a.serve)
	f.Handle("GET /api", s.Cached(a.page))
	registerKeys(f, s)
}

func newAPI(s *site.Site) *API {
	settle()
	a := &API{
		s: s, mux: http.NewServeMux(), ops: map[string]*op{}, once: once.New(s.DB, s.Now),
		keyed: frame.NewLimiter(s.Now, keyRate, time.Minute), visitor: frame.NewLimiter(s.Now, visitorRate, time.Minute), writes: frame.NewLimiter(s.Now, writeRate, time.Minute),
	}
	a.huma = humago.New(a.mux, config(s))
	a.public()
	a.asking()
	a.work()
	a.releases()
	a.claims()
	a.inquiries()
	a.radar()
	a.trends()
	a.watches()
	a.describeFields()
	a.description()
	return a
}

// config describes the API as a whole. huma serves nothing by itself: no page from elsewhere, no links to schemas.
func config(s *site.Site) huma.Config {
	c := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "Khuê", Version: apiVersion, Description: catalogue.EN.T("api.lede")},
			Servers: []*huma.Server{{URL: s.Origin}},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"key": {Type: "http", Scheme: "bearer", BearerFormat: "khue_…", Description: catalogue.EN.T("api.key.about")},
				},
			},
		},
		Formats:                      map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "application/problem+json": huma.DefaultJSONFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
	}
	return c
}

// serve answers every address below /api/.
func (a *API) serve(w http.ResponseWriter, r *frame.Request) error {
	if a.s.Demo {
		w.Header().Set("X-Khue-Demo", "made-up")
	}
	if l := r.Header.Get("Accept-Language"); strings.HasPrefix(strings.ToLower(l), "en") {
		r.Lang = catalogue.EN
	}
	c, err := a.caller(w, r)
	if err != nil {
		return err
	}
	if _, pattern := a.mux.Handler(r.Request); pattern != "" {
		o := a.ops[pattern]
		if o == nil { // the description itself
			return a.s.Cached(func(w http.ResponseWriter, r *frame.Request) error { a.mux.ServeHTTP(w, r.Request); return nil })(w, r)
		}
		if err := o.allow(c.key); err != nil {
			return unlocked(w, err)
		}
		return a.run(w, c, o)
	}
	if allow := a.methods(r.URL.Path); allow != "" {
		w.Header().Set("Allow", allow)
		return problem.New(problem.Method)
	}
	return problem.New(problem.NotFound)
}

// unlocked adds how to show a key to an answer that misses one.
func unlocked(w http.ResponseWriter, err error) error {
	if problem.CodeOf(err) == problem.Key {
		w.Header().Set("WWW-Authenticate", `Bearer realm="khue"`)
	}
	return err
}

// methods lists the methods that an address takes, "" when there is no such address.
func (a *API) methods(path string) string {
	var list []string
	for _, m := range []string{http.MethodGet, http.MethodPost} {
		probe := &http.Request{Method: m, URL: cloneURL(path), Host: "khue"}
		if _, pattern := a.mux.Handler(probe); pattern != "" {
			if list = append(list, m); m == http.MethodGet {
				list = append(list, http.MethodHead)
			}
		}
	}
	return strings.Join(list, ", ")
}

// caller finds out who calls, and holds the rate.
func (a *API) caller(w http.ResponseWriter, r *frame.Request) (*call, error) {
	c := &call{r: r, lang: r.Lang, by: regulation.Actor{Lang: string(r.Lang)}}
	secret, given := bearer(r)
	var wrong error
	if given {
		by, key, err := a.s.People.ActorOfKey(r.Context(), secret)
		if err != nil && problem.CodeOf(err) != problem.Key {
			return nil, err
		}
		if err != nil {
			wrong = unlocked(w, err)
		} else {
			c.by, c.key = by, key
			c.by.Lang = string(r.Lang)
		}
	}
	limiter, who := a.visitor, r.From.String()
	if c.key.ID != "" {
		limiter, who = a.keyed, c.key.ID
	}
	wait := limiter.Take(who)
	if wait == 0 && c.key.ID == "" && r.Method != http.MethodGet && r.Method != http.MethodHead {
		wait = a.writes.Take(who)
	}
	if wait > 0 {
		return nil, problem.New(problem.Rate, "seconds", fmt.Sprint(int(wait.Seconds())+1))
	}
	return c, wrong
}

// bearer gives the request's key. An Authorization header of another kind is a key that does not hold.
func bearer(r *frame.Request) (string, bool) {
	h := r.Header.Get("Authorization")
	if h == "" {
		return "", false
	}
	scheme, key, _ := strings.Cut(h, " ")
	if !strings.EqualFold(scheme, "bearer") {
		return "", true
	}
	return strings.TrimSpace(key), true
}

// run answers by an operation.
func (a *API) run(w http.ResponseWriter, c *call, o *op) error {
	switch {
	case o.public() && c.key.ID == "":
		return a.s.Cached(func(w http.ResponseWriter, r *frame.Request) error {
			c.r = r
			return a.pass(w, c, r.Request)
		}, a.s.Insight.LibraryChanges)(w, c.r)
	case o.Method == http.MethodGet:
		return a.read(w, c)
	case o.Free:
		return a.pass(w, c, c.r.Request)
	}
	return a.write(w, c, o)
}

// pass lets huma decode, check and call the handler; what went wrong comes back as an error and nothing is written.
func (a *API) pass(w http.ResponseWriter, c *call, r *http.Request) error {
	rec := frame.NewRecorder()
	a.mux.ServeHTTP(rec, r.WithContext(with(r.Context(), c)))
	if c.err != nil {
		return unlocked(w, named(c.err))
	}
	send(w, rec)
	return nil
}

// read answers what is not for everybody: nobody keeps it, and an ETag spares the caller what it has.
func (a *API) read(w http.ResponseWriter, c *call) error {
	rec := frame.NewRecorder()
	a.mux.ServeHTTP(rec, c.r.WithContext(with(c.r.Context(), c)))
	if c.err != nil {
		return unlocked(w, named(c.err))
	}
	sum := sha256.Sum256(rec.Body.Bytes())
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	rec.Header().Set("ETag", tag)
	rec.Header().Set("Cache-Control", "private, no-cache")
	rec.Header().Set("Vary", "Authorization, Accept-Language")
	if c.r.Header.Get("If-None-Match") == tag {
		rec.Status = http.StatusNotModified
		rec.Header().Del("Content-Type")
		rec.Body.Reset()
	}
	send(w, rec)
	return nil
}

// send sends a recorded answer, which nobody keeps unless it says so.
func send(w http.ResponseWriter, r *frame.Recorder) {
	h := w.Header()
	for name, v := range r.Header() {
		h[name] = v
	}
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	if r.Status != 0 {
		w.WriteHeader(r.Status)
	}
	_, _ = w.Write(r.Body.Bytes()) // a reader that left hears nothing
}

// description serves the OpenAPI document in both its forms.
func (a *API) description() {
	doc, err := a.huma.OpenAPI().MarshalJSON()
	if err != nil {
		panic(err) // of our own types
	}
	text, err := a.huma.OpenAPI().YAML()
	if err != nil {
		panic(err)
	}
	for path, form := range map[string]struct {
		kind string
		data []byte
	}{"/api/openapi.json": {"application/openapi+json", doc}, "/api/openapi.yaml": {"application/openapi+yaml", text}} {
		a.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", form.kind)
			_, _ = w.Write(form.data)
		})
	}
}
