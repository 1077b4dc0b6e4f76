package fetch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
)

// maxAnswer bounds what is read of the answer to a Post: it says nothing that we need.
const maxAnswer = 64 << 10

// Post is a message to an address that whoever listens there gave us.
type Post struct {
	URL         string
	ContentType string
	Body        []byte
	Header      map[string]string
}

// Check says whether an address is one that requests may be made to, by its form alone: where its name leads is seen when dialling.
func Check(address string) error {
	_, err := parse(address)
	return err
}

// Post sends a message. It waits for its turn at the host as Get does, and goes to no private address that the configuration does not
// list. Who listens asked for it, so that robots.txt has no say; a redirect is a fault, since the message is for this address alone.
// Any answer from 200 to 299 is success. Every error is a *Fault.
func (c *Client) Post(ctx context.Context, p Post) error {
	u, err := parse(p.URL)
	if err != nil {
		return &Fault{Kind: BadAddress, Err: err}
	}
	leave, err := c.enter(ctx, u.Host)
	if err != nil {
		return fault(ctx, err)
	}
	defer leave()
	outer := ctx
	ctx, cancel := context.WithTimeout(ctx, c.c.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(p.Body))
	if err != nil {
		return &Fault{Kind: BadAddress, Err: err}
	}
	for name, v := range p.Header {
		req.Header.Set(name, v)
	}
	req.Header.Set("Content-Type", p.ContentType)
	req.Header.Set("User-Agent", c.c.Agent)
	resp, err := c.http.Do(req)
	if err != nil {
		return fault(outer, err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxAnswer)) // so that the connection can be used again
	after := retryAfter(resp.Header.Get("Retry-After"), c.c.Now())
	switch s := resp.StatusCode; {
	case s >= 200 && s < 300:
		return nil
	case s == http.StatusTooManyRequests || s == http.StatusServiceUnavailable:
		return &Fault{Kind: RetryLater, Status: s, After: after}
	case s >= 300 && s < 400:
		return &Fault{Kind: Redirects, Status: s, Err: errors.New("a message does not follow redirects")}
	default:
		return &Fault{Kind: Status, Status: s, After: after}
	}
}
