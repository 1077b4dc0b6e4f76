package fetch

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/temoto/robotstxt"
)

const (
	// robotsFor is how long a robots.txt holds (RFC 9309, 2.4: not more than 24 hours).
	robotsFor = 12 * time.Hour
	// robotsAgain is how long an unreachable one holds.
	robotsAgain = 30 * time.Minute
	// maxRobots bounds a robots.txt, in bytes (RFC 9309, 2.5: at least 500 KiB).
	maxRobots = 512 << 10
	// maxCrawlDelay bounds the pause that a host may ask for.
	maxCrawlDelay = time.Minute
)

// robots holds what hosts ask of us.
type robots struct {
	mu  sync.Mutex
	all map[string]rules // by scheme and host; guarded by mu
}

type rules struct {
	data  *robotstxt.RobotsData
	until time.Time
}

// obey gives a Fault of kind Robots when the host asks us to stay away from an address.
func (c *Client) obey(ctx context.Context, u *url.URL) error {
	if u.Path == "/robots.txt" {
		return nil
	}
	data, err := c.robotsOf(ctx, u)
	if err != nil {
		return err
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	if !data.TestAgent(path, c.c.Agent) {
		return &Fault{Kind: Robots, Err: errors.New(path)}
	}
	return nil
}

func (c *Client) robotsOf(ctx context.Context, u *url.URL) (*robotstxt.RobotsData, error) {
	key := u.Scheme + "://" + u.Host
	c.robots.mu.Lock()
	r, ok := c.robots.all[key]
	c.robots.mu.Unlock()
	if ok && c.c.Now().Before(r.until) {
		return r.data, nil
	}
	status, body := http.StatusOK, []byte(nil)
	resp, err := c.follow(ctx, &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}, Request{URL: key + "/robots.txt"}, false)
	hold := robotsFor
	var f *Fault
	switch {
	case err == nil:
		body = resp.Body[:min(len(resp.Body), maxRobots)]
	case errors.As(err, &f) && f.Kind == Status && f.Status < 500, errors.As(err, &f) && f.Kind == Redirects:
		status = http.StatusNotFound // RFC 9309, 2.3.1.3: unavailable, all is allowed
	case errors.As(err, &f) && (f.Kind == Status || f.Kind == RetryLater):
		status, hold = http.StatusServiceUnavailable, robotsAgain // 2.3.1.4: unreachable, nothing is
	default:
		return nil, err // the host itself cannot be reached: that is the fault to tell
	}
	data, err := robotstxt.FromStatusAndBytes(status, body)
	if err != nil { // what cannot be read forbids nothing
		if data, err = robotstxt.FromStatusAndBytes(http.StatusNotFound, nil); err != nil {
			return nil, &Fault{Kind: Broken, Err: err}
		}
	}
	if g := data.FindGroup(c.c.Agent); g != nil && g.CrawlDelay > 0 {
		c.hosts.slow(u.Host, min(g.CrawlDelay, maxCrawlDelay), c.c.Now())
	}
	c.robots.mu.Lock()
	defer c.robots.mu.Unlock()
	if len(c.robots.all) >= maxHosts {
		clear(c.robots.all)
	}
	c.robots.all[key] = rules{data, c.c.Now().Add(hold)}
	return data, nil
}
