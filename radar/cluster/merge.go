package cluster

import (
	"cmp"
	"slices"
)

// A Merge says that a story turned out to be part of another.
type Merge struct{ From, Into uint64 }

// linksToMerge is how many mentions must have come near to both stories.
const linksToMerge = 2

// link notes that a mention of one story came near to another as well.
func (c *Clusterer) link(a, b *story) {
	if a.id > b.id {
		a, b = b, a
	}
	if a.links == nil {
		a.links = map[uint64]uint32{}
	}
	a.links[b.id]++
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

// Merges is the merge pass, to be run every few minutes: it tells which live stories turned out to be one since it last ran. A story goes into
// the older one. Mentions that arrive later go to the older one too; what was assigned stays as it was.
func (c *Clusterer) Merges() []Merge {
	var out []Merge
	ids := make([]uint64, 0, len(c.stories))
	for id, s := range c.stories {
		if len(s.links) > 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		s := c.stories[id]
		var others []uint64
		for other, n := range s.links {
			if n >= linksToMerge && c.stories[other] != nil {
				others = append(others, other)
			}
		}
		slices.Sort(others)
		for _, other := range others {
			a, b := c.Root(id), c.Root(other)
			if a == b {
				delete(s.links, other)
				continue
			}
			if a > b {
				a, b = b, a
			}
			if c.near2(c.stories[a], c.stories[b]) {
				c.union[b] = a
				out = append(out, Merge{From: b, Into: a})
				delete(s.links, other)
			}
		}
	}
	if len(out) > 0 {
		c.resettle()
	}
	slices.SortFunc(out, func(a, b Merge) int { return cmp.Compare(a.From, b.From) })
	return out
}

// near2 compares the members of two stories: their mean nearness must reach the threshold.
func (c *Clusterer) near2(a, b *story) bool {
	if a == nil || b == nil {
		return false
	}
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
	return n > 0 && float64(sum/n) >= c.opt.Threshold*mergeShare
}

// resettle gives the live mentions of merged stories to the story that took them in.
func (c *Clusterer) resettle() {
	for n := c.first; n != c.next; n++ {
		x := c.at(n)
		root := c.Root(x.story.id)
		if root == x.story.id {
			continue
		}
		old, into := x.story, c.stories[root]
		if old.live--; old.live == 0 {
			delete(c.stories, old.id)
		}
		x.story = into
		into.live++
		into.size++
		if x.copyOf == n {
			into.members[into.n%members] = n
			into.n++
		}
	}
}
