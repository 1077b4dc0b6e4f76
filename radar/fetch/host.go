package fetch

import (
	"context"
	"sync"
	"time"
)

// maxHosts bounds the hosts that are remembered; those that nobody waits for are forgotten first.
const maxHosts = 20_000

// hosts holds the turns at every host.
type hosts struct {
	mu  sync.Mutex
	all map[string]*host // guarded by mu
}

// host is the turn at one host. gate is taken for the time of a request: one at a time.
type host struct {
	gate  chan struct{}
	next  time.Time     // owned by who holds gate: not before this
	delay time.Duration // guarded by hosts.mu: what robots.txt asks for, 0 for the client's own
	users int           // guarded by hosts.mu
}

// enter waits until it is our turn at a host. leave ends the turn and starts the pause.
func (c *Client) enter(ctx context.Context, name string) (leave func(), err error) {
	h := c.hosts.take(name, c.c.Now())
	defer func() {
		if err != nil {
			c.hosts.release(h)
		}
	}()
	select {
	case h.gate <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := c.c.Sleep(ctx, h.next.Sub(c.c.Now())); err != nil {
		<-h.gate
		return nil, err
	}
	return func() {
		h.next = c.c.Now().Add(max(c.c.Delay, c.hosts.delay(h)))
		<-h.gate
		c.hosts.release(h)
	}, nil
}

func (s *hosts) take(name string, now time.Time) *host {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, ok := s.all[name]
	if !ok {
		if len(s.all) >= maxHosts {
			for k, old := range s.all {
				if old.users == 0 && now.After(old.next) {
					delete(s.all, k)
				}
			}
		}
		h = &host{gate: make(chan struct{}, 1)}
		s.all[name] = h
	}
	h.users++
	return h
}

func (s *hosts) release(h *host) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h.users--
}

func (s *hosts) delay(h *host) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return h.delay
}

// slow sets the pause that a host's robots.txt asks for.
func (s *hosts) slow(name string, d time.Duration, now time.Time) {
	h := s.take(name, now)
	s.mu.Lock()
	h.delay = d
	s.mu.Unlock()
	s.release(h)
}
