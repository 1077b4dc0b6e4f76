package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Config is what a Client is given. Zero values are the defaults of quality: see New.
type Config struct {
	Agent     string         // User-Agent with an address at which the centre can be reached
	Delay     time.Duration  // pause between two requests to a host; 0 means 2 s
	Timeout   time.Duration  // of one request, from its turn at the host to the end of the body; 0 means 20 s
	MaxBytes  int64          // of a body after decompression; 0 means 10 MB
	Redirects int            // at most; 0 means 5
	Allow     []netip.Prefix // private networks that may be reached all the same
	Now       func() time.Time
	Sleep     func(context.Context, time.Duration) error // waits; nil waits in real time
	Transport http.RoundTripper                          // the way out; nil is the network, with Allow held against each address dialled
}

// Client makes requests. It may be used from many goroutines: requests to one host wait for each other.
type Client struct {
	c      Config
	http   *http.Client
	hosts  hosts
	robots robots
}

// Kind names why a request failed; its sentence stands in the catalogue under "radar.fault.<kind>".
type Kind string

// The kinds of faults.
const (
	BadAddress Kind = "address"    // not an http(s) address
	Unknown    Kind = "unknown"    // the host's name is not known
	Refused    Kind = "refused"    // the host does not answer
	Timeout    Kind = "timeout"    // no whole answer in time
	TLS        Kind = "tls"        // no trusted certificate
	Private    Kind = "private"    // the address lies inside; the configuration does not list it
	Robots     Kind = "robots"     // robots.txt asks us to stay away
	Redirects  Kind = "redirects"  // too many redirects
	TooLarge   Kind = "size"       // the body is over the limit
	Status     Kind = "status"     // the server answers with an error; Fault.Status
	Broken     Kind = "broken"     // the answer broke off or is not HTTP
	Cancelled  Kind = "cancelled"  // we stopped
	RetryLater Kind = "retry-late" // the server asks to come back later; Fault.After
)

// Fault is why a request failed.
type Fault struct {
	Kind   Kind
	Status int           // of Kind Status and RetryLater
	After  time.Duration // how long the server asks to wait, 0 when it does not say
	Err    error
}

// Error gives the technical form, for the log.
func (f *Fault) Error() string {
	s := "fetch: " + string(f.Kind)
	if f.Status != 0 {
		s += " " + strconv.Itoa(f.Status)
	}
	if f.Err != nil {
		s += ": " + f.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Err }

// Request is what to get. ETag and LastModified, as the last answer gave them, make it conditional.
type Request struct {
	URL          string
	ETag         string
	LastModified string
	Accept       string // "" takes anything

	form url.Values // sent by POST; nil is a GET
}

// Response is an answer with a whole body, or "not modified" without one.
type Response struct {
	URL          string // after redirects
	Moved        string // where a permanent redirect (301, 308) leads to, "" for none
	NotModified  bool
	Body         []byte
	ContentType  string
	ETag         string
	LastModified string
	Links        []string // Link headers as they came
}

// New makes a client.
func New(c Config) *Client {
	if c.Agent == "" {
		c.Agent = "Khue/1 (press centre)"
	}
	if c.Delay == 0 {
		c.Delay = 2 * time.Second
	}
	if c.Timeout == 0 {
		c.Timeout = 20 * time.Second
	}
	if c.MaxBytes == 0 {
		c.MaxBytes = 10 << 20
	}
	if c.Redirects == 0 {
		c.Redirects = 5
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	cl := &Client{c: c, hosts: hosts{all: map[string]*host{}}, robots: robots{all: map[string]rules{}}}
	if c.Transport != nil {
		cl.http = &http.Client{Transport: c.Transport, CheckRedirect: ownRedirects}
		return cl
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, ControlContext: cl.control}
	cl.http = &http.Client{
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: c.Timeout,
			MaxIdleConns: 100, IdleConnTimeout: 30 * time.Second, MaxResponseHeaderBytes: 64 << 10, ForceAttemptHTTP2: true,
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		},
		CheckRedirect: ownRedirects,
	}
	return cl
}

// ownRedirects hands redirects to follow, which counts them and asks robots.txt of each host.
func ownRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

var errPrivate = errors.New("private address")

// control refuses to dial what lies inside, whatever name led there.
func (c *Client) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return err
	}
	if !c.mayReach(ip) {
		return fmt.Errorf("%w %s", errPrivate, ip)
	}
	return nil
}

// inner are the networks that netip does not count as private and that are no part of the public Internet all the same
// (IANA special-purpose address registries, RFC 6890), and those that hold an IPv4 address inside.
var inner = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
)

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, p := range list {
		out[i] = netip.MustParsePrefix(p)
	}
	return out
}

// mayReach says whether an address is public, or listed by the configuration.
func (c *Client) mayReach(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	for _, p := range c.c.Allow {
		if p.Contains(ip) {
			return true
		}
	}
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !ip.IsLoopback() && !ip.IsLinkLocalUnicast() &&
		!slices.ContainsFunc(inner, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// Get makes a request, politely: it waits for its turn at the host and obeys robots.txt. Every error is a *Fault.
func (c *Client) Get(ctx context.Context, r Request) (Response, error) {
	u, err := parse(r.URL)
	if err != nil {
		return Response{}, &Fault{Kind: BadAddress, Err: err}
	}
	if err := c.obey(ctx, u); err != nil {
		return Response{}, err
	}
	return c.follow(ctx, u, r, true)
}

func parse(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return nil, fmt.Errorf("%q is no http(s) address", address)
	}
	// The low ports are those of mail, name servers and the like, which would take a request for words of their own.
	if n, err := strconv.Atoi(u.Port()); u.Port() != "" && (err != nil || n < 1 || n < 1024 && n != 80 && n != 443) {
		return nil, fmt.Errorf("%q names a port that is no web server's", address)
	}
	return u, nil
}

// follow makes the request and its redirects. robots says whether robots.txt of another host must be asked after a redirect.
func (c *Client) follow(ctx context.Context, u *url.URL, r Request, robots bool) (Response, error) {
	moved, permanent := "", true
	for hop := 0; ; hop++ {
		resp, done, err := c.turn(ctx, u, r) //nolint:bodyclose // done closes it
		if err != nil {
			return Response{}, fault(ctx, err)
		}
		next, again := redirect(u, resp)
		if !again {
			defer done()
			out, err := c.read(ctx, u, resp)
			out.Moved = moved
			return out, err
		}
		done()
		if hop >= c.c.Redirects {
			return Response{}, &Fault{Kind: Redirects, Err: fmt.Errorf("more than %d from %s", c.c.Redirects, r.URL)}
		}
		if next == nil {
			return Response{}, &Fault{Kind: Broken, Err: errors.New("redirect without a usable address")}
		}
		if robots && next.Host != u.Host {
			if err := c.obey(ctx, next); err != nil {
				return Response{}, err
			}
		}
		permanent = permanent && (resp.StatusCode == http.StatusMovedPermanently || resp.StatusCode == http.StatusPermanentRedirect)
		if permanent {
			moved = next.String()
		}
		u = next
	}
}

// redirect gives where an answer sends us; again is false when it is the answer itself.
func redirect(u *url.URL, resp *http.Response) (next *url.URL, again bool) {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, false
	}
	ref, err := u.Parse(resp.Header.Get("Location"))
	if err != nil || resp.Header.Get("Location") == "" {
		return nil, true
	}
	ref.Fragment = ""
	if _, err := parse(ref.String()); err != nil {
		return nil, true
	}
	return ref, true
}

// turn waits for the host's turn and sends one request; the time-out runs from then. done closes the answer and ends the turn.
func (c *Client) turn(ctx context.Context, u *url.URL, r Request) (resp *http.Response, done func(), err error) {
	leave, err := c.enter(ctx, u.Host)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.c.Timeout)
	defer func() {
		if err != nil {
			cancel()
			leave()
		}
	}()
	method, body := http.MethodGet, io.Reader(nil)
	if r.form != nil {
		method, body = http.MethodPost, strings.NewReader(r.form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("User-Agent", c.c.Agent)
	if r.form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if r.Accept != "" {
		req.Header.Set("Accept", r.Accept)
	}
	if r.ETag != "" {
		req.Header.Set("If-None-Match", r.ETag)
	}
	if r.LastModified != "" {
		req.Header.Set("If-Modified-Since", r.LastModified)
	}
	resp, err = c.http.Do(req)
	if err != nil {
		return nil, nil, err
	}
	return resp, func() {
		resp.Body.Close()
		cancel()
		leave()
	}, nil
}

func (c *Client) read(ctx context.Context, u *url.URL, resp *http.Response) (Response, error) {
	after := retryAfter(resp.Header.Get("Retry-After"), c.c.Now())
	switch s := resp.StatusCode; {
	case s == http.StatusNotModified:
		return Response{URL: u.String(), NotModified: true, ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified")}, nil
	case s == http.StatusTooManyRequests || s == http.StatusServiceUnavailable:
		return Response{}, &Fault{Kind: RetryLater, Status: s, After: after}
	case s < 200 || s >= 300:
		return Response{}, &Fault{Kind: Status, Status: s, After: after}
	}
	if resp.ContentLength > c.c.MaxBytes {
		return Response{}, &Fault{Kind: TooLarge}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, c.c.MaxBytes+1))
	if err != nil {
		return Response{}, fault(ctx, err)
	}
	if int64(len(body)) > c.c.MaxBytes {
		return Response{}, &Fault{Kind: TooLarge}
	}
	h := resp.Header
	return Response{URL: u.String(), Body: body, ContentType: h.Get("Content-Type"), ETag: h.Get("ETag"), LastModified: h.Get("Last-Modified"), Links: h.Values("Link")}, nil
}

// maxRetryAfter bounds what a server may ask for: a day.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads seconds or a date (RFC 9110, 10.2.3); 0 when there is none.
func retryAfter(v string, now time.Time) time.Duration {
	v = strings.TrimSpace(v)
	if n, err := strconv.Atoi(v); err == nil && n > 0 {
		return min(time.Duration(n)*time.Second, maxRetryAfter)
	}
	if t, err := http.ParseTime(v); err == nil && t.After(now) {
		return min(t.Sub(now), maxRetryAfter)
	}
	return 0
}

// fault gives an error of the network its kind.
func fault(ctx context.Context, err error) error {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	var dns *net.DNSError
	var timeout interface{ Timeout() bool }
	var cert *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errPrivate):
		return &Fault{Kind: Private, Err: err}
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return &Fault{Kind: Cancelled, Err: err}
	case errors.As(err, &dns):
		return &Fault{Kind: Unknown, Err: err}
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return &Fault{Kind: Timeout, Err: err}
	case errors.As(err, &cert), strings.Contains(err.Error(), "tls:"):
		return &Fault{Kind: TLS, Err: err}
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return &Fault{Kind: Refused, Err: err}
	}
	return &Fault{Kind: Broken, Err: err}
}
