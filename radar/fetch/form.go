package fetch

import (
	"context"
	"errors"
	"net/http"
	"net/url"
)

// PostForm sends a form, as a subscription to a hub is asked for, under the same rules as Get: its turn at the host, robots.txt, never to a
// private address. It follows no redirect, since what is sent may be meant for that host alone. Every error is a *Fault.
func (c *Client) PostForm(ctx context.Context, address string, form url.Values) (Response, error) {
	u, err := parse(address)
	if err != nil {
		return Response{}, &Fault{Kind: BadAddress, Err: err}
	}
	if err := c.obey(ctx, u); err != nil {
		return Response{}, err
	}
	resp, done, err := c.turn(ctx, u, Request{URL: address, form: form}) //nolint:bodyclose // done closes it
	if err != nil {
		return Response{}, fault(ctx, err)
	}
	defer done()
	if resp.StatusCode >= 300 && resp.StatusCode < 400 && resp.StatusCode != http.StatusNotModified {
		return Response{}, &Fault{Kind: Redirects, Status: resp.StatusCode, Err: errors.New("a form is not sent on")}
	}
	return c.read(ctx, u, resp)
}
