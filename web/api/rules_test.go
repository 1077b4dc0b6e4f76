package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"khue/internal/house"
	"khue/people"
	"khue/regulation"
	"khue/store"
)

const notice = `{"kind": "quick-notice", "title": "Mưa lớn chiều nay", "body": "Hạn chế đi qua hầm chui."}`

func TestKeysAndScopes(t *testing.T) {
	k := open(t)
	focal := k.Account(t, "Trần Đầu Mối", regulation.Post{Role: regulation.FocalPoint, Office: "SXD"})
	reads := k.key(t, focal, people.ScopeRead)
	submits := k.key(t, focal, people.ScopeSubmit)

	r := k.call(t, http.MethodPost, "/api/desk/releases", "", notice)
	if m := r.is(t, http.StatusUnauthorized); m["code"] != "key" || r.Header.Get("WWW-Authenticate") != `Bearer realm="khue"` {
		t.Error(m, r.Header)
	}
	m := k.call(t, http.MethodPost, "/api/desk/releases", reads, notice).is(t, http.StatusForbidden)
	if m["code"] != "forbidden" || !strings.Contains(fmt.Sprint(m["detail"]), "submit") {
		t.Error(m)
	}
	k.call(t, http.MethodPost, "/api/desk/releases", submits, notice).is(t, http.StatusCreated)
	k.call(t, http.MethodGet, "/api/desk/releases/TN-2026-0001", reads, "").is(t, http.StatusOK)
	// A scope is not a right: the account may not edit, whatever its key says.
	all := k.key(t, focal, people.Scopes...)
	k.call(t, http.MethodPost, "/api/desk/releases/TN-2026-0001/take", all, `{}`).is(t, http.StatusForbidden)
	// What is another office's does not exist for it.
	k.call(t, http.MethodGet, "/api/desk/releases/TN-2026-0001", "health", "").is(t, http.StatusNotFound)
	// A wrong key is told, also where none is needed.
	for _, wrong := range []string{"khue_wrong", "x"} {
		k.call(t, http.MethodGet, "/api/releases", wrong, "").is(t, http.StatusUnauthorized)
	}
	k.call(t, http.MethodGet, "/api/releases", "", "", "Authorization", "Basic bWFpOm1haQ==").is(t, http.StatusUnauthorized)

	list, err := k.People.Keys(k.Ctx, focal)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range list {
		if err := k.People.RevokeKey(k.Ctx, focal, key.ID); err != nil {
			t.Fatal(err)
		}
	}
	k.call(t, http.MethodGet, "/api/desk/work", reads, "").is(t, http.StatusUnauthorized)
	k.call(t, http.MethodGet, "/api/desk/work", "editor", "").is(t, http.StatusOK)
	k.Clock.Add(200 * 24 * time.Hour)
	k.call(t, http.MethodGet, "/api/desk/work", "editor", "").is(t, http.StatusUnauthorized)
}

func TestSamePerson(t *testing.T) {
	k := open(t)
	one := k.Account(t, "Một Người", regulation.Post{Role: regulation.Editor, Office: "TTBC"}, regulation.Post{Role: regulation.Approver, Office: "TTBC"})
	key := k.key(t, one, people.ScopeDesk, people.ScopeSubmit)
	k.call(t, http.MethodPost, "/api/desk/releases", key, `{"office": "SXD", `+notice[1:]).is(t, http.StatusCreated)
	path := "/api/desk/releases/TN-2026-0001"
	k.call(t, http.MethodPost, path+"/take", key, `{}`).is(t, http.StatusOK)
	k.call(t, http.MethodPost, path+"/send-up", key, `{}`).is(t, http.StatusOK)
	if m := k.call(t, http.MethodPost, path+"/approve", key, `{}`).is(t, http.StatusForbidden); m["code"] != "same-person" {
		t.Error(m)
	}
	k.call(t, http.MethodPost, path+"/approve", "approver", `{}`).is(t, http.StatusOK)
}

func TestIdempotency(t *testing.T) {
	k := open(t)
	const key = "Idempotency-Key"
	m := k.call(t, http.MethodPost, "/api/desk/releases", "focal", notice, key, "").is(t, http.StatusUnprocessableEntity)
	if at(m, "errors.0.field") != key || m["code"] != "required" {
		t.Error(m)
	}
	k.call(t, http.MethodPost, "/api/desk/releases", "focal", notice, key, "ngắn").is(t, http.StatusUnprocessableEntity)

	first := k.call(t, http.MethodPost, "/api/desk/releases", "focal", notice, key, "cung-mot-khoa-0001")
	first.is(t, http.StatusCreated)
	again := k.call(t, http.MethodPost, "/api/desk/releases", "focal", notice, key, "cung-mot-khoa-0001")
	again.is(t, http.StatusCreated)
	if string(first.Body) != string(again.Body) || again.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("replay:\n%s\n%s", first.Body, again.Body)
	}
	if m := k.call(t, http.MethodPost, "/api/desk/releases", "focal", strings.Replace(notice, "Mưa", "Nắng", 1), key, "cung-mot-khoa-0001").is(t, http.StatusConflict); m["code"] != "idempotency" {
		t.Error(m)
	}
	// The key belongs to the account: another's is another write.
	k.call(t, http.MethodPost, "/api/desk/releases", "health", notice, key, "cung-mot-khoa-0001").is(t, http.StatusCreated)
	// What failed did nothing, so its key is free.
	k.call(t, http.MethodPost, "/api/desk/releases", "focal", `{"kind": "quick-notice"}`, key, "khoa-da-hong-0001").is(t, http.StatusUnprocessableEntity)
	k.call(t, http.MethodPost, "/api/desk/releases", "focal", notice, key, "khoa-da-hong-0001").is(t, http.StatusCreated)
	// After a day the key is forgotten by the API; the room still knows its submission.
	k.Clock.Add(25 * time.Hour)
	if m := k.call(t, http.MethodPost, "/api/desk/releases", "focal", notice, key, "cung-mot-khoa-0001").is(t, http.StatusConflict); m["code"] != "twice" {
		t.Error(m)
	}
	// A file sent again by another form is the same request.
	a := k.upload(t, "focal", "bien-ban.txt", "Biên bản.\n", key, "khoa-cua-tep-0001")
	a.is(t, http.StatusCreated)
	b := k.upload(t, "focal", "bien-ban.txt", "Biên bản.\n", key, "khoa-cua-tep-0001")
	b.is(t, http.StatusCreated)
	if string(a.Body) != string(b.Body) {
		t.Errorf("%s\n%s", a.Body, b.Body)
	}
	k.upload(t, "focal", "bien-ban.txt", "Biên bản khác.\n", key, "khoa-cua-tep-0001").is(t, http.StatusConflict)
}

// TestIdempotencyAtOnce sends one write many times at the same moment: it is done once.
func TestIdempotencyAtOnce(t *testing.T) {
	k := open(t)
	var all sync.WaitGroup
	status := make([]int, 8)
	for i := range status {
		all.Go(func() {
			req, err := http.NewRequestWithContext(k.Ctx, http.MethodPost, k.URL+"/api/questions", strings.NewReader(`{"body": "Cầu sửa đến khi nào?", "name": "Mai", "email": "mai@khue.example"}`))
			if err != nil {
				t.Error(err)
				return
			}
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Idempotency-Key", "mot-cau-hoi-mot-lan")
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Error(err)
				return
			}
			status[i] = resp.StatusCode
			resp.Body.Close()
		})
	}
	all.Wait()
	for _, s := range status {
		if s != http.StatusCreated && s != http.StatusConflict {
			t.Error("status", s)
		}
	}
	m := k.call(t, http.MethodGet, "/api/desk/inquiries", "duty", "").is(t, http.StatusOK)
	if items := m["items"].([]any); len(items) != 1 {
		t.Errorf("%d questions", len(items))
	}
}

// TestSealed looks into the database: the answer that is kept for replay cannot be read there.
func TestSealed(t *testing.T) {
	k := open(t)
	m := k.call(t, http.MethodPost, "/api/questions", "", `{"body": "Hỏi riêng.", "name": "Mai", "email": "mai@khue.example"}`).is(t, http.StatusCreated)
	token := fmt.Sprint(m["token"])
	if len(token) < 20 {
		t.Fatal(m)
	}
	rows, err := k.DB.Query(k.Ctx, `SELECT id, request, body FROM api_idempotency`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var id, request string
		var body []byte
		if err := rows.Scan(&id, &request, &body); err != nil {
			t.Fatal(err)
		}
		if n++; strings.Contains(id+request+string(body), token) || strings.Contains(id+string(body), "khoa-cua-phep-thu") {
			t.Error("the row can be read")
		}
	}
	if n != 1 || rows.Err() != nil {
		t.Error(n, rows.Err())
	}
}

// out lets a release out.
func (k *kit) out(t *testing.T, title string) string {
	t.Helper()
	m := k.call(t, http.MethodPost, "/api/desk/releases", "focal", fmt.Sprintf(`{"kind": "quick-notice", "title": %q, "body": "Nội dung của %s."}`, title, title)).is(t, http.StatusCreated)
	code := fmt.Sprint(m["code"])
	for _, s := range []struct{ verb, as string }{{"take", "editor"}, {"send-up", "editor"}, {"approve", "approver"}, {"publish", "approver"}} {
		k.call(t, http.MethodPost, "/api/desk/releases/"+code+"/"+s.verb, s.as, `{}`).is(t, http.StatusOK)
	}
	k.Clock.Add(11 * time.Second)
	if err := k.Releases.RunSchedule(k.Ctx); err != nil {
		t.Fatal(err)
	}
	return code
}

func TestReads(t *testing.T) {
	k := open(t)
	var codes []string
	for i := range 5 {
		codes = append(codes, k.out(t, fmt.Sprintf("Tin số %d", i)))
	}
	has := func(text string) {
		t.Helper()
		k.Until(t, func() bool { // what is kept gives way when the hub has heard
			k.Clock.Add(time.Second)
			return strings.Contains(string(k.call(t, http.MethodGet, "/api/releases?limit=2", "", "").Body), text)
		})
	}
	has(codes[4])

	// Walking by the cursor meets each once, newest first.
	var got []string
	for path := "/api/releases?limit=2"; path != ""; {
		m := k.call(t, http.MethodGet, path, "", "").is(t, http.StatusOK)
		for _, it := range m["items"].([]any) {
			got = append(got, fmt.Sprint(at(it, "code")))
		}
		path, _ = m["next"].(string)
		if len(got) > 10 {
			t.Fatal("the cursor goes round")
		}
	}
	for i, code := range codes {
		if len(got) != len(codes) || got[len(got)-1-i] != code {
			t.Fatalf("%v, want %v backwards", got, codes)
		}
	}
	// An ETag spares what is known, with a key and without.
	for _, as := range []string{"", "editor"} {
		r := k.call(t, http.MethodGet, "/api/releases/"+codes[0], as, "")
		r.is(t, http.StatusOK)
		tag := r.Header.Get("ETag")
		again := k.call(t, http.MethodGet, "/api/releases/"+codes[0], as, "", "If-None-Match", tag)
		if tag == "" || again.Status != http.StatusNotModified || len(again.Body) != 0 {
			t.Errorf("as %q: %q %d %s", as, tag, again.Status, again.Body)
		}
		if cc := r.Header.Get("Cache-Control"); as != "" && cc != "private, no-cache" || as == "" && cc != "no-cache" {
			t.Errorf("as %q: %q", as, cc)
		}
	}
	tag := k.call(t, http.MethodGet, "/api/releases", "", "").Header.Get("ETag")
	has(k.out(t, "Tin mới"))
	k.Clock.Add(time.Minute)
	k.call(t, http.MethodGet, "/api/releases", "", "", "If-None-Match", tag).is(t, http.StatusOK)
	if r := k.call(t, http.MethodHead, "/api/releases", "", ""); r.Status != http.StatusOK || len(r.Body) != 0 {
		t.Error(r.Status, string(r.Body))
	}
	k.call(t, http.MethodGet, "/api/releases/TN-2026-9999", "", "").is(t, http.StatusNotFound)
}

func TestProblems(t *testing.T) {
	k := open(t)
	long := strings.Repeat("x", 1<<20)
	tests := []struct {
		name, method, path, as, body string
		headers                      []string
		status                       int
		code, field                  string
	}{
		{"no such address", http.MethodGet, "/api/nothing", "", "", nil, 404, "not-found", ""},
		{"wrong method", http.MethodDelete, "/api/releases", "", "", nil, 405, "method", ""},
		{"wrong method on a write", http.MethodPost, "/api/releases", "", "{}", nil, 405, "method", ""},
		{"not JSON", http.MethodPost, "/api/questions", "", "{", nil, 422, "invalid", "body"},
		{"no body", http.MethodPost, "/api/questions", "", "", nil, 422, "required", "body"},
		{"unknown field", http.MethodPost, "/api/questions", "", `{"body": "Hỏi", "bodi": 1}`, nil, 422, "invalid", "bodi"},
		{"missing field", http.MethodPost, "/api/questions", "", `{}`, nil, 422, "required", "body"},
		{"wrong type", http.MethodPost, "/api/questions", "", `{"body": 7}`, nil, 422, "invalid", "body"},
		{"not of the list", http.MethodPost, "/api/questions", "", `{"body": "Hỏi", "kind": "shout"}`, nil, 422, "invalid", "kind"},
		{"the room's own field", http.MethodPost, "/api/questions", "", `{"body": "Hỏi", "email": "không phải"}`, nil, 422, "email", "email"},
		{"content type", http.MethodPost, "/api/questions", "", `body=x`, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "media-type", ""},
		{"form where files belong", http.MethodPost, "/api/files", "focal", `{}`, nil, 415, "media-type", ""},
		{"too large", http.MethodPost, "/api/questions", "", `{"body": "` + long + `"}`, nil, 413, "size", ""},
		{"too large to check", http.MethodPost, "/api/verify", "", `{"text": "` + long + `"}`, nil, 413, "size", ""},
		{"unknown query", http.MethodGet, "/api/releases?offise=SXD", "", "", nil, 422, "invalid", "offise"},
		{"limit too high", http.MethodGet, "/api/releases?limit=9999", "", "", nil, 422, "invalid", "limit"},
		{"limit no number", http.MethodGet, "/api/releases?limit=x", "", "", nil, 422, "invalid", "limit"},
		{"no instant", http.MethodGet, "/api/releases?since=hôm+qua", "", "", nil, 422, "invalid", "since"},
		{"empty search", http.MethodGet, "/api/search", "", "", nil, 422, "required", "q"},
		{"broken cursor", http.MethodGet, "/api/desk/stories?after=!!", "analyst", "", nil, 422, "invalid", "after"},
		{"future month", http.MethodGet, "/api/deadlines?month=2031-01", "", "", nil, 404, "not-found", ""},
		{"stale version", http.MethodPost, "/api/desk/claims/KC-2026-0001/close", "analyst", `{"version": 9, "reason": "Thử."}`, nil, 409, "conflict", ""},
		{"nul", http.MethodPost, "/api/verify", "", "{\"text\": \"a\x00\"}", nil, 422, "invalid", "body"},
	}
	k.call(t, http.MethodPost, "/api/desk/claims", "analyst", `{"statement": "Cầu sập"}`).is(t, http.StatusCreated)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k.Clock.Add(time.Minute) // the rate is another test's
			for lang, headers := range map[string][]string{"vi": test.headers, "en": append([]string{"Accept-Language", "en-GB,en;q=0.9"}, test.headers...)} {
				r := k.call(t, test.method, test.path, test.as, test.body, headers...)
				m := r.is(t, test.status)
				if r.Header.Get("Content-Type") != "application/problem+json" || r.Header.Get("Content-Language") != lang || m["code"] != test.code {
					t.Errorf("%s: %s %v", lang, r.Body, r.Header)
				}
				if m["request"] != r.Header.Get("X-Request-Id") || m["status"] != float64(test.status) || m["title"] == "" || m["detail"] == "" {
					t.Errorf("%s: %s", lang, r.Body)
				}
				if field, _ := at(m, "errors.0.field").(string); field != test.field {
					t.Errorf("field %q, want %q: %s", field, test.field, r.Body)
				}
				if strings.Contains(string(r.Body), "⟦") || strings.Contains(string(r.Body), "{") && strings.Contains(fmt.Sprint(m["detail"]), "{") {
					t.Errorf("%s", r.Body)
				}
				if test.status == http.StatusMethodNotAllowed && r.Header.Get("Allow") == "" {
					t.Error("no Allow")
				}
			}
		})
	}
}

func TestRate(t *testing.T) {
	k := open(t)
	var r reply
	for range 200 {
		if r = k.call(t, http.MethodGet, "/api/offices?q=xay+dung", "", ""); r.Status != http.StatusOK {
			break
		}
	}
	if m := r.is(t, http.StatusTooManyRequests); m["code"] != "rate" || r.Header.Get("Retry-After") == "" {
		t.Error(m, r.Header)
	}
	k.call(t, http.MethodGet, "/api/desk/work", "editor", "").is(t, http.StatusOK) // a key has its own
	k.Clock.Add(time.Minute)
	k.call(t, http.MethodGet, "/api/offices?q=xay+dung", "", "").is(t, http.StatusOK)
	for range 30 {
		if r = k.call(t, http.MethodPost, "/api/reports", "", `{"text": "Có tin lạ."}`); r.Status != http.StatusCreated {
			break
		}
	}
	r.is(t, http.StatusTooManyRequests)
}

func TestDemo(t *testing.T) {
	k := open(t, func(c *house.Config) { c.Demo = true })
	for _, path := range []string{"/api/releases", "/api/offices", "/api/deadlines"} {
		r := k.call(t, http.MethodGet, path, "", "")
		if m := r.is(t, http.StatusOK); m["demo"] != true || r.Header.Get("X-Khue-Demo") != "made-up" {
			t.Errorf("%s: %v %v", path, m["demo"], r.Header)
		}
	}
	if r := k.call(t, http.MethodGet, "/api/nothing", "", ""); r.Header.Get("X-Khue-Demo") != "made-up" {
		t.Error("a problem does not say that it is a demo's")
	}
	if m := k.call(t, http.MethodPost, "/api/verify", "", `{"text": "Một câu không ai nói bao giờ cả."}`); m.Status == http.StatusOK && m.is(t, 200)["demo"] != true {
		t.Error("verify")
	}
}

// TestDescription checks the OpenAPI document: it is 3.1, every reference leads somewhere, ids are unique, errors are described.
func TestDescription(t *testing.T) {
	k := open(t)
	r := k.call(t, http.MethodGet, "/api/openapi.json", "", "")
	m := r.is(t, http.StatusOK)
	if v := fmt.Sprint(m["openapi"]); !strings.HasPrefix(v, "3.1") || r.Header.Get("Content-Type") != "application/openapi+json" {
		t.Error(v, r.Header)
	}
	refs := 0
	var walk func(v any, where string)
	walk = func(v any, where string) {
		switch v := v.(type) {
		case map[string]any:
			for key, x := range v {
				if ref, ok := x.(string); ok && key == "$ref" {
					refs++
					if at(m, strings.ReplaceAll(strings.TrimPrefix(ref, "#/"), "/", ".")) == nil {
						t.Errorf("%s: %s leads nowhere", where, ref)
					}
				}
				if key == "$schema" {
					t.Errorf("%s: $schema", where)
				}
				walk(x, where+"/"+key)
			}
		case []any:
			for i, x := range v {
				walk(x, fmt.Sprint(where, "/", i))
			}
		}
	}
	walk(m, "#")
	ids := map[string]bool{}
	for path, item := range m["paths"].(map[string]any) {
		for method, o := range item.(map[string]any) {
			id := fmt.Sprint(at(o, "operationId"))
			if ids[id] {
				t.Errorf("%s %s: id %s twice", method, path, id)
			}
			ids[id] = true
			bad, _ := at(o, "responses.default.content").(map[string]any)
			if _, ok := bad["application/problem+json"]; !ok {
				t.Errorf("%s %s does not describe its problems", method, path)
			}
			if s := fmt.Sprint(at(o, "summary")); s == "" || strings.Contains(s, "⟦") {
				t.Errorf("%s %s: summary %q", method, path, s)
			}
			params, _ := at(o, "parameters").([]any)
			for _, p := range params {
				if d := at(p, "description"); d == nil || d == "" {
					t.Errorf("%s %s: parameter %v has no words", method, path, at(p, "name"))
				}
			}
		}
	}
	if len(ids) < 70 || refs < 100 {
		t.Error(len(ids), refs)
	}
	for name, s := range m["components"].(map[string]any)["schemas"].(map[string]any) {
		props, _ := at(s, "properties").(map[string]any)
		for field, p := range props {
			if at(p, "$ref") == nil && at(p, "description") == nil && !strings.HasPrefix(name, "Review") {
				t.Errorf("%s.%s has no words", name, field)
			}
		}
	}
	if r := k.call(t, http.MethodGet, "/api/openapi.yaml", "", ""); r.Status != http.StatusOK || !strings.Contains(string(r.Body), "openapi: 3.1") {
		t.Error(r.Status)
	}
}

func TestPage(t *testing.T) {
	k := open(t)
	b := k.Visitor(t)
	vi := b.Get("/api").Has(t, http.StatusOK, "Cho chương trình", "/api/desk/claims/{code}/agree", "Idempotency-Key", "khue_…")
	en := b.Get("/en/api").Has(t, http.StatusOK, "For programs", "Agree and publish")
	for _, p := range []string{vi.Body, en.Body} {
		for _, no := range []string{"⟦", "style=", "onclick", "<script>", "{version}", "{file}"} {
			if strings.Contains(p, no) {
				t.Errorf("%q stands on the page", no)
			}
		}
		for _, attr := range []string{`src="`, `href="`} {
			for _, part := range strings.Split(p, attr)[1:] {
				if to, _, _ := strings.Cut(part, `"`); strings.HasPrefix(to, "http") && !strings.HasPrefix(to, "http://localhost:8080") {
					t.Errorf("the page leads to %s", to)
				}
			}
		}
	}
}

func TestKeyPages(t *testing.T) {
	k := open(t)
	for _, path := range []string{"/press/keys", "/desk/keys"} {
		b := k.As(t, "Lê Thu Phong", regulation.Post{Role: regulation.Editor, Office: "TTBC"})
		b.Get(path).Has(t, http.StatusOK, "Bạn chưa có khóa nào", "submit")
		b.Post(path, "name", "", "expires", "2031-01-01").Has(t, http.StatusUnprocessableEntity, "Dùng cho việc gì", "trong vòng một năm")
		made := b.Post(path, "name", "Máy của phòng <b>", "scopes", "read", "scopes", "desk", "expires", "2027-01-31").Has(t, http.StatusOK, "chỉ hiện lần này", "Máy của phòng &lt;b&gt;")
		_, rest, ok := strings.Cut(made.Body, "khue_")
		if !ok || made.Header.Get("Cache-Control") != "no-store" {
			t.Fatal(made.Header)
		}
		secret := "khue_" + rest[:40]
		k.call(t, http.MethodGet, "/api/desk/work", secret, "").is(t, http.StatusOK)
		list := b.Get(path).Has(t, http.StatusOK, "read, desk", "31/1/2027").Lacks(t, secret)
		_, rest, _ = strings.Cut(list.Body, path+"/")
		id, _, _ := strings.Cut(rest, "/revoke")
		other := k.As(t, "Người Khác", regulation.Post{Role: regulation.Editor, Office: "TTBC"})
		other.Post(path+"/"+id+"/revoke").Has(t, http.StatusForbidden)
		b.Post(path+"/"+id+"/revoke").Has(t, http.StatusOK, "Đã thu hồi khóa")
		k.call(t, http.MethodGet, "/api/desk/work", secret, "").is(t, http.StatusUnauthorized)
	}
	if p := k.Visitor(t).Get("/press/keys"); !strings.HasPrefix(p.Path, "/login?next=") {
		t.Error(p.Path)
	}
	k.As(t, "Nhà Báo").Get("/desk/keys").Has(t, http.StatusForbidden)
	k.As(t, "Nhà Báo Hai").Get("/en/press/keys").Has(t, http.StatusOK, "You have no keys yet").Lacks(t, "⟦")
}

// TestLostRequest frees a key whose request died with its process, after a while.
func TestLostRequest(t *testing.T) {
	k := open(t)
	first := k.call(t, http.MethodPost, "/api/reports", "", `{"text": "Có tin lạ."}`, "Idempotency-Key", "khoa-bi-mat-giua-chung")
	first.is(t, http.StatusCreated)
	err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE api_idempotency SET status = 0`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	k.call(t, http.MethodPost, "/api/reports", "", `{"text": "Có tin lạ."}`, "Idempotency-Key", "khoa-bi-mat-giua-chung").is(t, http.StatusConflict)
	k.Clock.Add(3 * time.Minute)
	var m map[string]any
	again := k.call(t, http.MethodPost, "/api/reports", "", `{"text": "Có tin lạ."}`, "Idempotency-Key", "khoa-bi-mat-giua-chung")
	again.is(t, http.StatusCreated)
	if err := json.Unmarshal(again.Body, &m); err != nil || m["again"] != true {
		t.Error(m, err)
	}
}
