package people

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"khue/people/mail"
	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// SSOConfig is the city's single sign-on (OpenID Connect, authorization code with PKCE). It opens accounts that exist, by an address
// that the city says is verified; it makes none.
type SSOConfig struct {
	Issuer       string       // "https://dangnhap.example"; its discovery document is read at the first use
	ClientID     string       // as the city registered us
	ClientSecret string       // may be empty for a public client
	Redirect     string       // our address that the city sends people back to; empty: Origin + "/login/city/back"
	Scopes       []string     // beside openid; empty: email
	Client       *http.Client // nil: one with a time limit of 10 s
}

// Validate names the setting that is wrong.
func (c SSOConfig) Validate() error {
	u, err := url.Parse(c.Issuer)
	if err != nil || u.Host == "" || u.RawQuery != "" || (u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname()))) {
		return fmt.Errorf("people: sso: issuer %q; write https://host, as its discovery document does", c.Issuer)
	}
	if c.ClientID == "" {
		return errors.New("people: sso: client id is empty")
	}
	return nil
}

func loopback(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

const (
	ssoLife    = 10 * time.Minute // from leaving for the city's page to coming back
	ssoTimeout = 10 * time.Second // of one request to the city's server
	maxState   = 100              // bytes of what comes back
)

type sso struct {
	c        SSOConfig
	mu       sync.Mutex
	provider *oidc.Provider // guarded by mu; nil until the first use
}

// reach gives the city's server, whose discovery document is read once. A fault is not kept: the next try asks again.
func (s *sso) reach(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.provider == nil {
		// The provider keeps this context for its keys, so it must not end with the request.
		p, err := oidc.NewProvider(s.context(context.WithoutCancel(ctx)), s.c.Issuer)
		if err != nil {
			return nil, nil, problem.Wrap(fmt.Errorf("single sign-on: %w", err), problem.Unavail, "what", "@people.sso")
		}
		s.provider = p
	}
	scopes := append([]string{oidc.ScopeOpenID}, s.c.Scopes...)
	if len(s.c.Scopes) == 0 {
		scopes = append(scopes, "email")
	}
	return s.provider, &oauth2.Config{ClientID: s.c.ClientID, ClientSecret: s.c.ClientSecret, Endpoint: s.provider.Endpoint(), RedirectURL: s.c.Redirect, Scopes: scopes}, nil
}

func (s *sso) context(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, s.c.Client)
}

// HasSSO says whether the city's single sign-on is set.
func (p *Room) HasSSO() bool { return p.sso != nil }

// BeginSSO gives the city's page to send the browser to, and the state to keep in its cookie until it comes back. back is the page of
// ours that the person wanted.
func (p *Room) BeginSSO(ctx context.Context, back string) (page, state string, err error) {
	if p.sso == nil {
		return "", "", problem.New(problem.NotFound)
	}
	_, c, err := p.sso.reach(ctx)
	if err != nil {
		return "", "", err
	}
	state = newToken()
	nonce, verifier, now := newToken(), oauth2.GenerateVerifier(), p.now()
	if len(back) > 500 {
		back = ""
	}
	err = p.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sqlInsertSSO, hashOf(state), nonce, verifier, back, store.Micros(now.Add(ssoLife)))
		return err
	})
	if err != nil {
		return "", "", fmt.Errorf("single sign-on: %w", err)
	}
	return c.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), state, nil
}

// SSOReturn is what the browser brings back from the city's page.
type SSOReturn struct {
	State   string // of the query
	Cookie  string // the state that BeginSSO gave to this browser
	Code    string
	Fault   string // the query's "error": the person turned back, or the city refused
	Address string // of the machine
	Agent   string
}

// FinishSSO ends what BeginSSO began: it gives the token of a new session, its actor and the page that the person wanted. A state
// works once, within ten minutes, in the browser that began. An address that is not verified, or has no open account, gives problem.Forbidden.
func (p *Room) FinishSSO(ctx context.Context, in SSOReturn) (token string, a regulation.Actor, back string, err error) {
	if p.sso == nil {
		return "", a, "", problem.New(problem.NotFound)
	}
	if in.State == "" || len(in.State) > maxState || subtle.ConstantTimeCompare([]byte(in.State), []byte(in.Cookie)) != 1 {
		return "", a, "", problem.New(problem.Expired)
	}
	try, err := p.takeSSO(ctx, in.State)
	if err != nil {
		return "", a, "", err
	}
	if in.Fault != "" || in.Code == "" {
		return "", a, try.back, problem.Wrap(fmt.Errorf("single sign-on: %.100q", in.Fault), problem.Expired)
	}
	email, err := p.ssoEmail(ctx, in.Code, try)
	if err != nil {
		return "", a, try.back, err
	}
	acc, _, err := account(ctx, p.db, sqlAccountByEmail, email)
	if problem.CodeOf(err) == problem.NotFound || (err == nil && acc.Closed) {
		return "", a, try.back, problem.Wrap(errors.New("single sign-on: no open account has the address"), problem.Forbidden, "role", "@people.sso.account")
	}
	if err != nil {
		return "", a, try.back, err
	}
	token, a, err = p.begin(ctx, acc, in.Address, in.Agent, "sso", func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sqlSetProven, acc.ID, store.Micros(p.now()))
		return err
	})
	return token, a, try.back, err
}

type ssoTry struct{ nonce, verifier, back string }

// takeSSO takes a state out of the table, so that it works once.
func (p *Room) takeSSO(ctx context.Context, state string) (try ssoTry, err error) {
	var expires int64
	err = p.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, sqlTakeSSO, hashOf(state)).Scan(&try.nonce, &try.verifier, &try.back, &expires)
	})
	if errors.Is(err, sql.ErrNoRows) || (err == nil && !p.now().Before(store.Time(expires))) {
		return ssoTry{}, problem.New(problem.Expired)
	}
	return try, err
}

// ssoEmail changes the code for an identity token, checks it and gives its verified address.
func (p *Room) ssoEmail(ctx context.Context, code string, try ssoTry) (string, error) {
	provider, c, err := p.sso.reach(ctx)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(p.sso.context(ctx), 2*ssoTimeout)
	defer cancel()
	refused := func(err error) error {
		return problem.Wrap(fmt.Errorf("single sign-on: %w", err), problem.Expired)
	}
	grant, err := c.Exchange(ctx, code, oauth2.VerifierOption(try.verifier))
	if err != nil {
		return "", refused(err)
	}
	raw, ok := grant.Extra("id_token").(string)
	if !ok {
		return "", refused(errors.New("the answer has no id_token"))
	}
	id, err := provider.Verifier(&oidc.Config{ClientID: p.sso.c.ClientID, Now: p.now}).Verify(ctx, raw)
	if err != nil {
		return "", refused(err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(try.nonce)) != 1 {
		return "", refused(errors.New("the nonce is not ours"))
	}
	var claims struct {
		Email    string `json:"email"`
		Verified any    `json:"email_verified"` // some servers write "true"
	}
	if err := id.Claims(&claims); err != nil {
		return "", refused(err)
	}
	email, err := mail.Address(claims.Email)
	if err != nil || !strings.EqualFold(fmt.Sprint(claims.Verified), "true") {
		return "", problem.Wrap(errors.New("single sign-on: the address is not verified"), problem.Forbidden, "role", "@people.sso.account")
	}
	return email, nil
}
