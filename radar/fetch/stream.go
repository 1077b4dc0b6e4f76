package fetch

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/coder/websocket"
)

// Stream is an open web socket from which messages are read. One goroutine may use it.
type Stream struct {
	conn *websocket.Conn
}

// MaxMessage bounds a message of a stream, in bytes.
const MaxMessage = 1 << 20

// Stream opens a web socket (ws or wss) under the same rules as Get: its turn at the host, robots.txt, never to a private address, no
// redirect. Only the opening takes the host's turn. Every error is a *Fault.
func (c *Client) Stream(ctx context.Context, address string) (*Stream, error) {
	u, err := parse(asHTTP(address))
	if err != nil {
		return nil, &Fault{Kind: BadAddress, Err: err}
	}
	if err := c.obey(ctx, u); err != nil {
		return nil, err
	}
	leave, err := c.enter(ctx, u.Host)
	if err != nil {
		return nil, fault(ctx, err)
	}
	defer leave()
	opening, cancel := context.WithTimeout(ctx, c.c.Timeout)
	defer cancel()
	conn, resp, err := websocket.Dial(opening, u.String(), &websocket.DialOptions{HTTPClient: c.http, HTTPHeader: http.Header{"User-Agent": {c.c.Agent}}}) //nolint:bodyclose // Dial says that it needs no closing
	if err != nil {
		if resp != nil && resp.StatusCode != http.StatusSwitchingProtocols {
			after := retryAfter(resp.Header.Get("Retry-After"), c.c.Now())
			if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable {
				return nil, &Fault{Kind: RetryLater, Status: resp.StatusCode, After: after}
			}
			return nil, &Fault{Kind: Status, Status: resp.StatusCode, After: after}
		}
		return nil, fault(opening, err)
	}
	conn.SetReadLimit(MaxMessage)
	return &Stream{conn}, nil
}

// asHTTP names a web socket's address by the scheme of its opening request; any other address stays as it is and is refused later
// unless it is http(s).
func asHTTP(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	switch strings.ToLower(u.Scheme) {
	case "ws":
		u.Scheme = "http"
	case "wss":
		u.Scheme = "https"
	}
	u.Fragment = ""
	return u.String()
}

// Read gives the next message. ended says that the server closed the stream in order; other errors are a *Fault, one of kind Cancelled or
// Timeout when ctx ended. After an error nothing more can be read.
func (s *Stream) Read(ctx context.Context) (data []byte, ended bool, err error) {
	_, data, err = s.conn.Read(ctx)
	switch {
	case err == nil:
		return data, false, nil
	case ctx.Err() != nil:
		kind := Cancelled
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			kind = Timeout
		}
		return nil, false, &Fault{Kind: kind, Err: ctx.Err()}
	}
	switch websocket.CloseStatus(err) {
	case websocket.StatusNormalClosure, websocket.StatusGoingAway:
		return nil, true, nil
	case websocket.StatusMessageTooBig:
		return nil, false, &Fault{Kind: TooLarge, Err: err}
	}
	if strings.Contains(err.Error(), "read limited at") { // the library's own limit, which it tells in words alone
		return nil, false, &Fault{Kind: TooLarge, Err: err}
	}
	return nil, false, fault(ctx, err)
}

// Close ends the stream.
func (s *Stream) Close() error { return s.conn.CloseNow() }
