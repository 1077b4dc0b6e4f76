package cluster

// Hand is the first number of stories that were split off by hand: those that Add opens stay below it.
const Hand = 1 << 40

// Common gives the share of mentions that hold a syllable, or with second not zero a pair of neighbours, by the slowly forgetting
// background: above 0 also for what was never seen. The arguments are Marks of tokens.
func (c *Clusterer) Common(first, second uint64) float64 {
	term := singleTerm(first)
	if second != 0 {
		term = pairTerm(first, second)
	}
	return (float64(c.bg.df[term&c.bg.mask]) + c.bg.unit/2) / (c.bg.docs + c.bg.unit)
}

// Split moves the live mentions with these ids out of a story into a new one, numbered Hand or above, and keeps the two apart from then
// on. What is no longer live is not moved: nothing can come near to it.
func (c *Clusterer) Split(from uint64, ids map[string]bool, number uint64) {
	c.Apart(from, number)
	old := c.stories[c.Root(from)]
	if old == nil {
		return
	}
	s := &story{id: number}
	for n := c.first; n != c.next; n++ {
		x := c.at(n)
		if !ids[x.id] || x.story.root() != old {
			continue
		}
		x.story = s
		s.live++
		s.size++
		old.live--
		old.size--
		for i, m := range old.members {
			if m == n {
				old.members[i] = 0 // no mention: numbers begin with 1
			}
		}
		if x.copyOf == n || s.n == 0 {
			s.members[s.n%members] = n
			s.n++
		}
	}
	if s.live > 0 {
		c.stories[number] = s
	}
	if old.live == 0 {
		delete(c.stories, old.id)
	}
}

// Join makes one story part of an older one, as a merge does, because a person said so.
func (c *Clusterer) Join(from, into uint64) {
	from, into = c.Root(from), c.Root(into)
	if from == into {
		return
	}
	from, into = max(from, into), min(from, into)
	delete(c.apart, [2]uint64{into, from})
	b := c.stories[from]
	if b == nil {
		c.union[from] = into
		return
	}
	a := c.stories[into]
	if a == nil {
		a = &story{id: into}
		c.stories[into] = a
	}
	c.absorb(a, b)
}

// Apart keeps two stories from being merged, because a person said that they are two. It is no part of a snapshot: whoever loads one
// tells it again.
func (c *Clusterer) Apart(a, b uint64) {
	a, b = c.Root(a), c.Root(b)
	c.apart[[2]uint64{min(a, b), max(a, b)}] = true
}

// keptApart tells whether two stories, or ones that went into them, were set apart.
func (c *Clusterer) keptApart(a, b uint64) bool {
	for pair := range c.apart {
		x, y := c.Root(pair[0]), c.Root(pair[1])
		if x == a && y == b || x == b && y == a {
			return true
		}
	}
	return false
}
