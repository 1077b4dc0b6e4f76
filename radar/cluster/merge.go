package cluster

// A Merge says that a story turned out to be part of another.
type Merge struct{ From, Into uint64 }

const (
	linksToMerge = 2       // mentions that must have come near to both stories
	strongLink   = 0.30    // nearness to both from which on one mention is enough
	alikeShare   = 1.0     // of the threshold: mean nearness of the members of stories that are one
	maxLinks     = 100_000 // pairs of stories remembered; beyond, those of forgotten stories go
)

// root is the story that has taken this one in, itself if none.
func (s *story) root() *story {
	for s.into != nil {
		s = s.into
	}
	return s
}

// link notes that a mention of one story came near to another as well.
func (c *Clusterer) link(a, b *story, strong bool) {
	pair := [2]uint64{min(a.id, b.id), max(a.id, b.id)}
	if c.links[pair]++; strong || c.links[pair] >= linksToMerge {
		c.ready = append(c.ready, pair)
		delete(c.links, pair)
	}
}

// Root gives the story that a story has become part of, itself if none.
func (c *Clusterer) Root(id uint64) uint64 {
	for {
		into, ok := c.union[id]
		if !ok {
			return id
		}
		id = into
	}
}

// Merges is the merge pass, to be run after each mention or every few minutes: it costs nothing when there is nothing to do. It tells
// which live stories turned out to be one since it last ran. A story goes into the older one, which also takes the mentions that arrive later; what was assigned stays as it was.
func (c *Clusterer) Merges() []Merge {
	var out []Merge
	for _, pair := range c.ready {
		a, b := c.stories[c.Root(pair[0])], c.stories[c.Root(pair[1])]
		if a == nil || b == nil || a == b || !c.alike(a, b) || c.keptApart(a.id, b.id) {
			continue
		}
		if a.id > b.id {
			a, b = b, a
		}
		c.absorb(a, b)
		out = append(out, Merge{From: b.id, Into: a.id})
	}
	c.ready = c.ready[:0]
	if len(c.links) > maxLinks {
		for pair := range c.links {
			if c.stories[pair[0]] == nil || c.stories[pair[1]] == nil {
				delete(c.links, pair)
			}
		}
	}
	return out
}

// alike compares the members of two stories: their mean nearness must be above the threshold.
func (c *Clusterer) alike(a, b *story) bool {
	sum, n := float32(0), float32(0)
	for _, i := range a.members[:min(a.n, members)] {
		if i < c.first {
			continue
		}
		x := c.at(i)
		c.probe.set(x.v)
		for _, j := range b.members[:min(b.n, members)] {
			if j >= c.first {
				y := c.at(j)
				sum += c.probe.dot(y.v) * c.fade(x.day-y.day)
				n++
			}
		}
	}
	return n > 0 && float64(sum/n) >= c.opt.Threshold*alikeShare
}

// absorb makes story b part of story a.
func (c *Clusterer) absorb(a, b *story) {
	c.union[b.id] = a.id
	b.into = a
	a.live += b.live
	a.size += b.size
	for _, n := range b.members[:min(b.n, members/2)] {
		a.members[a.n%members] = n
		a.n++
	}
	delete(c.stories, b.id)
}
