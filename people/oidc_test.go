package people_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"khue/catalogue"
	"khue/internal/testkit"
	"khue/people"
	"khue/problem"
	"khue/profile"
	"khue/regulation"
)

// city is a small OpenID Connect server: one client, one person.
type city struct {
	*httptest.Server
	key    *rsa.PrivateKey
	now    func() time.Time
	claims map[string]any // put over the honest ones
	codes  map[string]url.Values
	signer *rsa.PrivateKey // nil: key
}

func newCity(t testing.TB, now func() time.Time) *city {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	c := &city{key: key, now: now, claims: map[string]any{}, codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	reply := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(v)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, map[string]any{"issuer": c.URL, "authorization_endpoint": c.URL + "/auth", "token_endpoint": c.URL + "/token", "jwks_uri": c.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "kid": "1", "alg": "RS256", "use": "sig", "n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes())}}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		asked, ok := c.codes[r.FormValue("code")]
		delete(c.codes, r.FormValue("code"))
		sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
		if !ok || b64(sum[:]) != asked.Get("code_challenge") || asked.Get("code_challenge_method") != "S256" || r.FormValue("redirect_uri") != asked.Get("redirect_uri") {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
			return
		}
		claims := map[string]any{"iss": c.URL, "aud": "khue", "sub": "1", "nonce": asked.Get("nonce"), "iat": c.now().Unix(), "exp": c.now().Add(time.Minute).Unix(), "email": "lan@sxd.example", "email_verified": true}
		for k, v := range c.claims {
			claims[k] = v
		}
		reply(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": c.sign(claims)})
	})
	c.Server = httptest.NewServer(mux)
	t.Cleanup(c.Close)
	return c
}

func (c *city) sign(claims map[string]any) string {
	key := c.key
	if c.signer != nil {
		key = c.signer
	}
	body, _ := json.Marshal(claims)
	head := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","kid":"1"}`)) + "." + base64.RawURLEncoding.EncodeToString(body)
	sum := sha256.Sum256([]byte(head))
	sig, _ := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	return head + "." + base64.RawURLEncoding.EncodeToString(sig)
}

// consent is what the city's page does when the person agrees: it gives the query that the browser brings back.
func (c *city) consent(t testing.TB, page string) url.Values {
	t.Helper()
	u, err := url.Parse(page)
	if err != nil || !strings.HasPrefix(page, c.URL+"/auth?") {
		t.Fatal(page, err)
	}
	q := u.Query()
	if q.Get("response_type") != "code" || q.Get("client_id") != "khue" || !strings.Contains(q.Get("scope"), "email") || q.Get("nonce") == "" || q.Get("code_challenge") == "" {
		t.Fatal(page)
	}
	code := "code-" + q.Get("state")
	c.codes[code] = q
	return url.Values{"code": {code}, "state": {q.Get("state")}}
}

func openSSO(t testing.TB, k *testkit.Kit, c *city) *house {
	t.Helper()
	h := open(t, k)
	var err error
	h.Room, err = people.New(people.Config{
		DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Profile: profile.Hanoi(), Now: k.Clock.Now, Log: k.Log, Key: []byte(strings.Repeat("k", 32)),
		Words: func(l, key string, args ...any) string { return catalogue.Parse(l).T(key, args...) }, Cost: people.Cost{Time: 1, Memory: 64, Threads: 1},
		Origin: "https://khue.example", SSO: &people.SSOConfig{Issuer: c.URL, ClientID: "khue", ClientSecret: "s"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestSingleSignOn(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		c := newCity(t, k.Clock.Now)
		h := openSSO(t, k, c)
		lan := h.person(t, "lan@sxd.example", "Nguyễn Lan", regulation.Post{Role: regulation.FocalPoint, Office: "SXD"})
		page, state, err := h.BeginSSO(h.Ctx, "/desk/now")
		want(t, err, "")
		q := c.consent(t, page)
		in := people.SSOReturn{State: q.Get("state"), Cookie: state, Code: q.Get("code"), Address: "203.0.113.9", Agent: "x"}
		token, a, back, err := h.FinishSSO(h.Ctx, in)
		want(t, err, "")
		if a.ID != lan.ID || back != "/desk/now" {
			t.Fatal(a, back)
		}
		if a, err := h.ActorOf(h.Ctx, token); err != nil || a.ID != lan.ID {
			t.Fatal(a, err)
		}
		_, _, _, err = h.FinishSSO(h.Ctx, in) // once only
		want(t, err, problem.Expired)
		if acc, _ := h.Account(h.Ctx, lan.ID); !acc.Proven {
			t.Fatalf("%+v", acc)
		}
	})
}

func TestSingleSignOnRefuses(t *testing.T) {
	k := testkit.SQLite(t)
	c := newCity(t, k.Clock.Now)
	h := openSSO(t, k, c)
	h.person(t, "lan@sxd.example", "Nguyễn Lan", regulation.Post{Role: regulation.FocalPoint, Office: "SXD"})
	closed := h.person(t, "dong@sxd.example", "Đóng")
	want(t, h.Close(h.Ctx, h.admin, closed.ID, 0), "")
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	try := func(name string, code problem.Code, before func(c *city), change func(in *people.SSOReturn)) {
		t.Helper()
		c.claims, c.signer = map[string]any{}, nil
		if before != nil {
			before(c)
		}
		page, state, err := h.BeginSSO(h.Ctx, "")
		want(t, err, "")
		q := c.consent(t, page)
		in := people.SSOReturn{State: q.Get("state"), Cookie: state, Code: q.Get("code")}
		if change != nil {
			change(&in)
		}
		token, _, _, err := h.FinishSSO(h.Ctx, in)
		if got := problem.CodeOf(err); got != code || (code != "") != (token == "") {
			t.Errorf("%s: %v (%q), token %q", name, err, got, token)
		}
	}
	claim := func(key string, v any) func(*city) { return func(c *city) { c.claims[key] = v } }
	try("honest", "", nil, nil)
	try("verified as a word", "", claim("email_verified", "true"), nil)
	try("not verified", problem.Forbidden, claim("email_verified", false), nil)
	try("nothing said of verified", problem.Forbidden, claim("email_verified", nil), nil)
	try("no account", problem.Forbidden, claim("email", "la@khac.example"), nil)
	try("closed account", problem.Forbidden, claim("email", "dong@sxd.example"), nil)
	try("another nonce", problem.Expired, claim("nonce", "x"), nil)
	try("another audience", problem.Expired, claim("aud", "khac"), nil)
	try("another issuer", problem.Expired, claim("iss", "https://khac.example"), nil)
	try("too old", problem.Expired, claim("exp", k.Clock.Now().Add(-time.Hour).Unix()), nil)
	try("another key", problem.Expired, func(c *city) { c.signer = stranger }, nil)
	try("another browser", problem.Expired, nil, func(in *people.SSOReturn) { in.Cookie = "x" })
	try("no cookie", problem.Expired, nil, func(in *people.SSOReturn) { in.Cookie, in.State = "", "" })
	try("a code of somebody else", problem.Expired, nil, func(in *people.SSOReturn) { in.Code = "khac" })
	try("turned back", problem.Expired, nil, func(in *people.SSOReturn) { in.Code, in.Fault = "", "access_denied" })
	try("too late", problem.Expired, nil, func(*people.SSOReturn) { k.Clock.Add(11 * time.Minute) })

	c.Close() // the city's server is away: said so, and tried again later
	gone := openSSO(t, testkit.SQLite(t), c)
	_, _, err = gone.BeginSSO(context.Background(), "")
	want(t, err, problem.Unavail)
}

func TestSSOSettings(t *testing.T) {
	for _, c := range []people.SSOConfig{{}, {Issuer: "http://city.example", ClientID: "x"}, {Issuer: "https://city.example"}, {Issuer: "city", ClientID: "x"}} {
		if c.Validate() == nil {
			t.Errorf("%+v was taken", c)
		}
	}
	if err := (people.SSOConfig{Issuer: "https://city.example/realm", ClientID: "x"}).Validate(); err != nil {
		t.Error(err)
	}
	h := open(t, testkit.SQLite(t))
	_, _, err := h.BeginSSO(h.Ctx, "")
	want(t, err, problem.NotFound)
}
