package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Clock is the demo's own: it goes from scene to scene.
type Clock struct {
	mu  sync.Mutex
	now time.Time // guarded by mu
}

// Now gives the moment of the scene.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// set moves the clock on; it never goes back.
func (c *Clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.now) {
		c.now = t
	}
}

// scene is one thing that happens at a moment. It may add later scenes.
type scene struct {
	at   time.Time
	n    int // order of those at one moment
	what string
	play func(context.Context) error
}

// stage plays scenes in the order of their time.
type stage struct {
	clock  *Clock
	end    time.Time
	scenes []scene // in order of time, the next one first
	n      int
}

// at adds a scene. What lies beyond the end is left out: it has not happened yet.
func (s *stage) at(t time.Time, what string, play func(context.Context) error) {
	if t.After(s.end) {
		return
	}
	s.n++
	one := scene{t, s.n, what, play}
	i, _ := slices.BinarySearchFunc(s.scenes, one, func(a, b scene) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.n, b.n))
	})
	s.scenes = slices.Insert(s.scenes, i, one)
}

// run plays until nothing is left, and between scenes does what the house's own clockwork would do.
func (s *stage) run(ctx context.Context, between func(context.Context) error) error {
	for len(s.scenes) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		one := s.scenes[0]
		s.scenes = s.scenes[1:]
		s.clock.set(one.at)
		if err := between(ctx); err != nil {
			return fmt.Errorf("demo: before %s: %w", one.what, err)
		}
		if err := one.play(ctx); err != nil {
			return fmt.Errorf("demo: %s: %w", one.what, err)
		}
	}
	s.clock.set(s.end)
	return between(ctx)
}
