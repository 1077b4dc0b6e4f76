package spread

import "time"

// Measures are what can be said of a cascade as it is at a moment.
type Measures struct {
	Size    int // posts, the first one too
	Depth   int // steps from the first post to the farthest
	Breadth int // most posts at one depth
	// Virality is the structural virality: the mean number of steps between two posts (Goel, Anderson, Hofman, Watts 2016). Just below 2 where
	// all repeat the first one, growing with the length of the chains; 0 for a single post.
	Virality float64
	// PerHour is how many posts an hour came since the first one, LatePerHour how many in the last quarter of that time.
	PerHour, LatePerHour float64
}

// Measure measures what had come at a moment after the first post.
func (c *Cascade) Measure(moment time.Duration) Measures {
	u := c.Until(moment)
	var s shape
	s.read(&u)
	m := Measures{Size: u.Len(), Depth: s.deepest, Breadth: s.breadth(), Virality: s.virality()}
	if hours := moment.Hours(); hours > 0 {
		late := u.Len() - u.count(0.75*moment.Minutes())
		m.PerHour, m.LatePerHour = float64(u.Len()-1)/hours, float64(late)/(hours/4)
	}
	return m
}

// shape holds what the form of a tree says of each post; its memory is used again.
type shape struct {
	depth   []int32 // steps from the first
	kids    []int32 // posts that repeat it
	below   []int32 // posts that stand on it, itself too
	wide    []int32 // posts at each depth
	deepest int
}

func again(s []int32, n int) []int32 {
	if cap(s) < n {
		return make([]int32, n, n+n/2)
	}
	s = s[:n]
	clear(s)
	return s
}

func (s *shape) read(c *Cascade) {
	n := c.Len()
	s.depth, s.kids, s.below = again(s.depth, n), again(s.kids, n), again(s.below, n)
	s.wide, s.deepest = append(s.wide[:0], 1), 0
	for i := 1; i < n; i++ {
		p := c.parent[i]
		d := s.depth[p] + 1
		s.depth[i] = d
		s.kids[p]++
		if int(d) > s.deepest {
			s.deepest = int(d)
			s.wide = append(s.wide, 0)
		}
		s.wide[d]++
	}
	for i := n - 1; i >= 0; i-- {
		s.below[i]++
		if i > 0 {
			s.below[c.parent[i]] += s.below[i]
		}
	}
}

func (s *shape) breadth() int {
	most := int32(0)
	for _, w := range s.wide {
		most = max(most, w)
	}
	return int(most)
}

// virality counts for every step of the tree the pairs of posts whose way goes over it.
func (s *shape) virality() float64 {
	n := float64(len(s.below))
	if n < 2 {
		return 0
	}
	ways := 0.0
	for _, b := range s.below[1:] {
		ways += float64(b) * (n - float64(b))
	}
	return ways / (n * (n - 1) / 2)
}
