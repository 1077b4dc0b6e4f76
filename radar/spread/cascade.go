package spread

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"time"
)

// Limits of a cascade. A larger one is refused: it is a mistake of whoever made the data.
const (
	MaxPosts = 1 << 21
	MaxAge   = 20 * 365 * 24 * time.Hour
)

// A Post is one post of a cascade as it is given: what it is called, which post it repeats or answers, and how long after the first it came.
type Post[K comparable] struct {
	ID     K
	Parent K    // not looked at in the first
	First  bool // the root
	At     time.Duration
}

// A Cascade is a tree of posts in the order of time. Every parent comes before its children.
type Cascade struct {
	at     []float64 // minutes after the first
	parent []int32   // -1 for the first
}

// New builds a cascade from posts in any order.
//
// Refused, with the place of the post, counted from 1: no post or too many; none or several that are the first; the first not at 0; a time
// below 0 or above MaxAge; an id given twice; a parent that is not there; posts that repeat each other in a ring. A post that says it came
// before the one that it repeats has a clock that runs wrong: it counts as of the same moment.
func New[K comparable](posts []Post[K]) (*Cascade, error) {
	n := len(posts)
	if n == 0 {
		return nil, errors.New("no events: at least the first post is needed")
	}
	if n > MaxPosts {
		return nil, fmt.Errorf("%d events, at most %d", n, MaxPosts)
	}
	place := make(map[K]int32, n)
	first := -1
	for i := range posts {
		p := &posts[i]
		switch {
		case p.At < 0:
			return nil, fmt.Errorf("event %d: its time is before that of the first post", i+1)
		case p.At > MaxAge:
			return nil, fmt.Errorf("event %d: its time is more than 20 years after the first post; times are minutes", i+1)
		case p.First && first >= 0:
			return nil, fmt.Errorf("events %d and %d both have no parent: a cascade has one first post", first+1, i+1)
		case p.First && p.At != 0:
			return nil, fmt.Errorf("event %d: the first post has the time 0", i+1)
		case p.First:
			first = i
		}
		if k, twice := place[p.ID]; twice {
			return nil, fmt.Errorf("events %d and %d have the same node", k+1, i+1)
		}
		place[p.ID] = int32(i)
	}
	if first < 0 {
		return nil, errors.New("no event without a parent: the first post is missing")
	}
	c := &Cascade{at: make([]float64, n), parent: make([]int32, n)}
	sorted := first == 0
	for i := range posts {
		p := &posts[i]
		c.at[i], c.parent[i] = p.At.Minutes(), -1
		if p.First {
			continue
		}
		k, ok := place[p.Parent]
		if !ok {
			return nil, fmt.Errorf("event %d: its parent is not among the events", i+1)
		}
		c.parent[i] = k
		sorted = sorted && k < int32(i) && c.at[i] >= c.at[i-1]
	}
	if sorted {
		return c, nil
	}
	return c.order()
}

// order puts posts after their parents and in the order of time.
func (c *Cascade) order() (*Cascade, error) {
	n := len(c.at)
	depth := make([]int32, n) // 0: not known yet, -1: on the way that is being walked
	var way []int32
	for i := range c.at {
		for k := int32(i); k >= 0 && depth[k] <= 0; k = c.parent[k] {
			if depth[k] < 0 {
				return nil, fmt.Errorf("event %d: it repeats itself by way of its parents", k+1)
			}
			depth[k] = -1
			way = append(way, k)
		}
		for len(way) > 0 {
			k := way[len(way)-1]
			way = way[:len(way)-1]
			if p := c.parent[k]; p < 0 {
				depth[k] = 1
			} else {
				depth[k] = depth[p] + 1
				c.at[k] = max(c.at[k], c.at[p])
			}
		}
	}
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		switch {
		case c.at[a] < c.at[b]:
			return -1
		case c.at[a] > c.at[b]:
			return 1
		}
		return int(depth[a] - depth[b])
	})
	to := make([]int32, n)
	for i, k := range order {
		to[k] = int32(i)
	}
	out := &Cascade{at: make([]float64, n), parent: make([]int32, n)}
	for i, k := range order {
		out.at[i], out.parent[i] = c.at[k], -1
		if p := c.parent[k]; p >= 0 {
			out.parent[i] = to[p]
		}
	}
	return out, nil
}

// Len is the number of posts, the first one too.
func (c *Cascade) Len() int { return len(c.at) }

// Post gives the i-th post in the order of time: how long after the first it came, and the place of its parent, -1 for the first.
func (c *Cascade) Post(i int) (at time.Duration, parent int) {
	return time.Duration(math.Round(c.at[i] * float64(time.Minute))), int(c.parent[i])
}

// Until is the cascade as it was at a moment after its first post; it shares memory with c.
func (c *Cascade) Until(moment time.Duration) Cascade {
	n := c.count(max(0, moment.Minutes()))
	return Cascade{at: c.at[:n], parent: c.parent[:n]}
}

// count is how many posts came within these minutes.
func (c *Cascade) count(minutes float64) int {
	return sort.Search(len(c.at), func(i int) bool { return c.at[i] > minutes })
}
