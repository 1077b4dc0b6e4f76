package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"khue/internal/house"
	"khue/people"
	"khue/regulation"
	"khue/web/api"
	"khue/web/webtest"
)

// press is the network of the tests: one outlet's feed and its article.
type press struct{}

func (press) RoundTrip(r *http.Request) (*http.Response, error) {
	body, kind, status := "", "text/plain", http.StatusNotFound
	switch r.URL.Path {
	case "/rss":
		status, kind = http.StatusOK, "application/rss+xml"
		body = `<?xml version="1.0"?><rss version="2.0"><channel><title>Báo Phố</title><link>https://bao.example/</link><item><title>Lan can cầu đi bộ phường Hồng Hà bị gãy một đoạn</title>
<link>https://bao.example/bai/1</link><guid>1</guid><pubDate>Mon, 09 Nov 2026 00:30:00 GMT</pubDate><description>Một đoạn lan can của cầu đi bộ bị gãy, người dân mong sớm được sửa.</description></item></channel></rss>`
	case "/bai/1":
		status, kind = http.StatusOK, "text/html; charset=utf-8"
		body = "<html><head><title>Lan can cầu đi bộ</title></head><body><article><h1>Lan can cầu đi bộ phường Hồng Hà bị gãy một đoạn</h1><p>" + strings.Repeat("Một đoạn lan can của cầu đi bộ bị gãy, người dân mong sớm được sửa. ", 8) + "</p></article></body></html>"
	}
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(strings.NewReader(body)), Request: r, ProtoMajor: 1, ProtoMinor: 1}, nil
}

// kit is a house with the API, people of every role and their keys.
type kit struct {
	*webtest.Kit
	keys map[string]string
	n    int
}

func open(t *testing.T, change ...func(*house.Config)) *kit {
	t.Helper()
	k := &kit{keys: map[string]string{}}
	k.Kit = webtest.NewWith(t, func(c *house.Config) {
		c.Network, c.Pause = press{}, time.Nanosecond
		c.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
		for _, f := range change {
			f(c)
		}
	}, api.Register)
	centre := func(r regulation.Role) regulation.Post {
		return regulation.Post{Role: r, Office: k.People.Centre()}
	}
	for name, post := range map[string]regulation.Post{
		"editor": centre(regulation.Editor), "approver": centre(regulation.Approver), "analyst": centre(regulation.Analyst), "second": centre(regulation.Analyst), "duty": centre(regulation.DutyOfficer),
		"focal": {Role: regulation.FocalPoint, Office: "SXD"}, "head": {Role: regulation.OfficeHead, Office: "SXD"}, "health": {Role: regulation.FocalPoint, Office: "SYT"},
	} {
		k.keys[name] = k.key(t, k.Account(t, "Người "+name, post), people.Scopes...)
	}
	_, reporter, err := k.People.RegisterJournalist(k.Ctx, people.Registration{
		Email: "phongvien@bao.example", Password: "một câu dài dễ nhớ", Name: "Phạm Phóng Viên", Phone: "0900 000 001", Lang: "vi", Outlet: "Báo Phố", Host: "bao.example", Machine: "127.0.0.1", Agent: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	k.keys["reporter"] = k.key(t, reporter, people.ScopeAsk)
	return k
}

func (k *kit) key(t *testing.T, a regulation.Actor, scopes ...people.Scope) string {
	t.Helper()
	secret, _, err := k.People.CreateKey(k.Ctx, a, people.CreateKey{Name: "Máy thử", Scopes: scopes, Expires: k.Clock.Now().AddDate(0, 6, 0)})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// reply is an answer.
type reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// call sends a request. as is the name of a key or a key; headers are pairs. A write gets a key of its own unless headers name one.
func (k *kit) call(t *testing.T, method, path, as, body string, headers ...string) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(k.Ctx, method, k.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if method == http.MethodPost {
		k.n++
		req.Header.Set("Idempotency-Key", fmt.Sprintf("khoa-cua-phep-thu-%06d", k.n))
	}
	return k.send(t, req, as, headers...)
}

func (k *kit) send(t *testing.T, req *http.Request, as string, headers ...string) reply {
	t.Helper()
	if key, ok := k.keys[as]; ok {
		as = key
	}
	if as != "" {
		req.Header.Set("Authorization", "Bearer "+as)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i+1] == "" {
			req.Header.Del(headers[i])
		} else {
			req.Header.Set(headers[i], headers[i+1])
		}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, data}
}

// upload sends a form with one file.
func (k *kit) upload(t *testing.T, as, name, content string, headers ...string) reply {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	w, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = io.WriteString(w, content)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(k.Ctx, http.MethodPost, k.URL+"/api/files", &b)
	if err != nil {
		t.Fatal(err)
	}
	k.n++
	req.Header.Set("Idempotency-Key", fmt.Sprintf("khoa-cua-phep-thu-%06d", k.n))
	req.Header.Set("Content-Type", m.FormDataContentType())
	return k.send(t, req, as, headers...)
}

// is fails the test when the status is another, and gives the body.
func (r reply) is(t *testing.T, status int) map[string]any {
	t.Helper()
	if r.Status != status {
		t.Fatalf("status %d, want %d: %s", r.Status, status, r.Body)
	}
	var m map[string]any
	if len(r.Body) > 0 {
		if err := json.Unmarshal(r.Body, &m); err != nil {
			t.Fatalf("%v: %s", err, r.Body)
		}
	}
	return m
}

// at gives what stands at a path: "items.0.id".
func at(m any, path string) any {
	for _, p := range strings.Split(path, ".") {
		switch v := m.(type) {
		case map[string]any:
			m = v[p]
		case []any:
			var i int
			if _, err := fmt.Sscan(p, &i); err != nil || i >= len(v) {
				return nil
			}
			m = v[i]
		default:
			return nil
		}
	}
	return m
}
