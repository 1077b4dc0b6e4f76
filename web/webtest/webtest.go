// Package webtest gives tests of pages a whole house behind a frame, with a clock set by hand, and visitors and people who
// look at it as a browser would: they keep cookies, follow what they are sent to, and send forms from the house's own pages.
//
// Only tests import it. Imports internal/house, internal/testkit, web/frame, web/live and web/site.
package webtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"khue/internal/house"
	"khue/internal/testkit"
	"khue/people"
	"khue/people/mail"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/live"
	"khue/web/site"
)

// Kit is a house with pages.
type Kit struct {
	*house.House
	Ctx   context.Context
	Clock *testkit.Clock
	Site  *site.Site
	Mail  *Mailbox
	URL   string
	n     int
}

// Mailbox keeps the letters that were sent.
type Mailbox struct {
	mu   sync.Mutex
	list []mail.Message
}

// Send keeps a letter.
func (m *Mailbox) Send(_ context.Context, l mail.Message) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.list = append(m.list, l)
	return nil
}

// Letters gives the letters to an address, "" for all.
func (m *Mailbox) Letters(to string) []mail.Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []mail.Message
	for _, l := range m.list {
		if to == "" || l.To == to {
			list = append(list, l)
		}
	}
	return list
}

// cheap makes passwords quick to hash: tests prove what they open, not what they cost.
var cheap = people.Cost{Memory: 64, Time: 1, Threads: 1}

// New gives a house on SQLite with the pages that are registered. Its background work and its server end with the test.
func New(t testing.TB, register ...func(*frame.Frame, *site.Site)) *Kit {
	t.Helper()
	return NewWith(t, func(*house.Config) {}, register...)
}

// NewWith is New for a house that is set up in another way: a demo's, or one with a network of its own.
func NewWith(t testing.TB, change func(*house.Config), register ...func(*frame.Frame, *site.Site)) *Kit {
	t.Helper()
	k := &Kit{Clock: testkit.NewClock(testkit.Start), Mail: &Mailbox{}}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	ctx, stop := context.WithCancel(context.Background())
	k.Ctx = ctx
	c := house.Config{
		Dir: t.TempDir(), Origin: "http://localhost:8080", LogName: "khue.example/log", Now: k.Clock.Now, Log: log, Mail: k.Mail, Cost: cheap,
	}
	change(&c)
	log = c.Log
	h, err := house.Open(ctx, c)
	if err != nil {
		stop()
		t.Fatal(err)
	}
	k.House = h
	hub := live.NewHub(h.Ledger, log, 100)
	k.Site = site.New(h, hub)
	f := k.Site.Frame(log, nil)
	live.Register(f, hub)
	for _, r := range register {
		r(f, k.Site)
	}
	var all sync.WaitGroup
	all.Go(func() {
		if err := h.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	all.Go(func() {
		if err := hub.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	server := httptest.NewServer(f)
	k.URL = server.URL
	t.Cleanup(func() {
		stop()
		server.CloseClientConnections()
		server.Close()
		all.Wait()
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return k
}

// Account makes an account with posts, and gives its actor.
func (k *Kit) Account(t testing.TB, name string, posts ...regulation.Post) regulation.Actor {
	t.Helper()
	k.n++
	system := regulation.SystemActor("test")
	a, err := k.People.CreateAccount(k.Ctx, system, people.NewAccount{
		Email: fmt.Sprintf("nguoi%d@khue.example", k.n), Name: name, Lang: "vi", Posts: posts, Password: "một câu dài dễ nhớ",
	})
	if err != nil {
		t.Fatal(err)
	}
	actor, err := k.People.Actor(k.Ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

// Browser is somebody who looks at pages. Redirects are followed; cookies are kept.
type Browser struct {
	t      testing.TB
	k      *Kit
	client *http.Client
	Actor  regulation.Actor // zero for a visitor
}

// Visitor gives somebody without an account.
func (k *Kit) Visitor(t testing.TB) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Browser{t: t, k: k, client: &http.Client{Jar: jar}}
}

// As gives somebody who is logged in and holds posts.
func (k *Kit) As(t testing.TB, name string, posts ...regulation.Post) *Browser {
	t.Helper()
	b := k.Visitor(t)
	b.Actor = k.Account(t, name, posts...)
	a, err := k.People.Account(k.Ctx, b.Actor.ID)
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := k.People.LogIn(k.Ctx, people.LogIn{Email: a.Email, Password: "một câu dài dễ nhớ", Address: "127.0.0.1", Agent: "test"})
	if err != nil {
		t.Fatal(err)
	}
	b.Session(token)
	return b
}

// Centre gives somebody who is logged in with a role at the centre.
func (k *Kit) Centre(t testing.TB, name string, role regulation.Role) *Browser {
	t.Helper()
	return k.As(t, name, regulation.Post{Role: role, Office: k.People.Centre()})
}

// Session gives the browser a session's token.
func (b *Browser) Session(token string) {
	u, err := url.Parse(b.k.URL)
	if err != nil {
		b.t.Fatal(err)
	}
	w := httptest.NewRecorder()
	b.k.Site.SetSession(w, token)
	b.client.Jar.SetCookies(u, w.Result().Cookies())
}

// Page is an answer.
type Page struct {
	Status int
	Body   string
	Path   string // after redirects, with its query
	Header http.Header
}

// Get looks at a page.
func (b *Browser) Get(path string) Page {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.k.Ctx, http.MethodGet, b.k.URL+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(req)
}

// Post sends a form; fields are pairs of name and value, and a name may come twice.
func (b *Browser) Post(path string, fields ...string) Page {
	b.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	req, err := http.NewRequestWithContext(b.k.Ctx, http.MethodPost, b.k.URL+path, strings.NewReader(v.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req)
}

// File is a file of a form.
type File struct {
	Field, Name string
	Data        []byte
}

// Upload sends a form with files.
func (b *Browser) Upload(path string, files []File, fields ...string) Page {
	b.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := m.WriteField(fields[i], fields[i+1]); err != nil {
			b.t.Fatal(err)
		}
	}
	for _, f := range files {
		w, err := m.CreateFormFile(f.Field, f.Name)
		if err == nil {
			_, err = w.Write(f.Data)
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		b.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(b.k.Ctx, http.MethodPost, b.k.URL+path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	return b.do(req)
}

func (b *Browser) do(req *http.Request) Page {
	b.t.Helper()
	if req.Method == http.MethodPost && req.Header.Get("Sec-Fetch-Site") == "" {
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return Page{resp.StatusCode, string(data), resp.Request.URL.RequestURI(), resp.Header}
}

// Has fails the test when the page does not hold a text, or its status is another.
func (p Page) Has(t testing.TB, status int, texts ...string) Page {
	t.Helper()
	if p.Status != status {
		t.Fatalf("%s: status %d, want %d\n%s", p.Path, p.Status, status, Main(p.Body))
	}
	for _, text := range texts {
		if !strings.Contains(p.Body, text) {
			t.Fatalf("%s: no %q in\n%s", p.Path, text, Main(p.Body))
		}
	}
	return p
}

// Lacks fails the test when the page holds a text.
func (p Page) Lacks(t testing.TB, texts ...string) Page {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(p.Body, text) {
			t.Fatalf("%s: %q stands in\n%s", p.Path, text, Main(p.Body))
		}
	}
	return p
}

// Main gives the part of a page between <main> and </main>, or all of what is no page.
func Main(body string) string {
	_, rest, ok := strings.Cut(body, "<main")
	if !ok {
		return body
	}
	inner, _, _ := strings.Cut(rest, "</main>")
	return inner
}

// Foreign sends a form as another site's page would.
func (b *Browser) Foreign(path string, fields ...string) Page {
	b.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	req, err := http.NewRequestWithContext(b.k.Ctx, http.MethodPost, b.k.URL+path, strings.NewReader(v.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	req.Header.Set("Origin", "https://evil.example")
	return b.do(req)
}

// Until waits until something is so, looking again each time the ledger moves and every few milliseconds; it fails after 20 s.
func (k *Kit) Until(t testing.TB, so func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(k.Ctx, 20*time.Second)
	defer cancel()
	for !so() {
		changed := k.Ledger.Changed()
		again := time.NewTimer(20 * time.Millisecond)
		select {
		case <-changed:
		case <-again.C:
		case <-ctx.Done():
			t.Fatal("it did not come to be so")
		}
		again.Stop()
	}
}
