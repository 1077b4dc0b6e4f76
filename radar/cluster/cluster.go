package cluster

import (
	"math"
	"time"
)

// A Mention is an article or a post. Mentions come in the order of their time, give or take what a feed mixes up.
type Mention struct {
	ID     string
	Time   time.Time
	Lang   string
	Source string
	Title  string
	Text   string
}

// Assigned is what was decided about a mention when it arrived.
type Assigned struct {
	Story  uint64  // from 1 on
	New    bool    // the mention opens the story
	Copy   bool    // it says what another said before, word for word or nearly so
	CopyOf string  // the first of them that is known
	Near   float64 // how near the nearest story was, 0 to 1
}

// Options bound the live window and set the threshold; zero values stand for good ones.
type Options struct {
	Window  time.Duration // a mention is forgotten after this; 14 days
	MaxLive int           // and when so many newer ones have come; 200,000
	// Threshold is the least nearness of a story that takes a mention, by cross-validation on public Vietnamese stories; 0.115.
	Threshold float64
	// HalfDays is after how many days a story is half as near; 3.5.
	HalfDays float64
}

func (o Options) full() Options {
	if o.Window == 0 {
		o.Window = 14 * 24 * time.Hour
	}
	if o.MaxLive == 0 {
		o.MaxLive = 200_000
	}
	if o.Threshold == 0 {
		o.Threshold = 0.115
	}
	if o.HalfDays == 0 {
		o.HalfDays = 3.5
	}
	return o
}

// The shape of the search, the same for all.
const (
	listRoom   = 64 // newest mentions kept for a term
	nearest    = 32 // candidates compared exactly
	storiesTry = 4  // stories judged by their members
	members    = 8  // members a story is judged by
	maxWeight  = 0.4
	copyCosine = 0.80
	mergeShare = 1.25 // of the threshold: from how near on a second story counts as the same
)

// A mention in the window.
type live struct {
	id     string
	v      vector
	story  *story
	copyOf uint32 // number of the mention it copies, itself if none
	said   uint64
	day    float64
}

// A story with what is needed of it.
type story struct {
	id      uint64
	size    uint32
	live    uint32
	members [members]uint32 // numbers of the newest mentions that are no copies, as a ring
	n       uint32
	into    *story // what took it in, when it turned out to be part of another
}

// Clusterer holds the live window. It belongs to one goroutine.
type Clusterer struct {
	opt     Options
	bg      *background
	ring    []live // by number modulo its length, which is a power of two
	first   uint32 // oldest live mention
	next    uint32 // number of the next mention; numbers begin with 1
	lists   lists
	said    map[uint64]uint32
	stories map[uint64]*story
	made    uint64 // stories opened
	union   map[uint64]uint64
	links   map[[2]uint64]uint32 // how many mentions came near to both stories, the older first
	ready   [][2]uint64          // of them, those to look at in the next merge pass
	apart   map[[2]uint64]bool   // pairs that a person split, the older first

	bag   bag
	weigh weigher
	probe probe
	near  scoreboard
	toks  tokens
}

// New gives an empty Clusterer.
func New(o Options) *Clusterer {
	o = o.full()
	bits := 20
	if o.MaxLive > 50_000 {
		bits = 22
	}
	return &Clusterer{
		opt: o, bg: newBackground(bits), ring: make([]live, 1024), first: 1, next: 1, lists: newLists(bits),
		said: map[uint64]uint32{}, stories: map[uint64]*story{}, union: map[uint64]uint64{},
		links: map[[2]uint64]uint32{}, apart: map[[2]uint64]bool{},
	}
}

// Live is the number of mentions in the window.
func (c *Clusterer) Live() int { return int(c.next - c.first) }

// Stories is the number of stories that have mentions in the window.
func (c *Clusterer) Stories() int { return len(c.stories) }

// Opened is the number of stories opened so far.
func (c *Clusterer) Opened() uint64 { return c.made }

func (c *Clusterer) at(n uint32) *live { return &c.ring[n&uint32(len(c.ring)-1)] }

// Add decides about a mention.
func (c *Clusterer) Add(m Mention) Assigned {
	day := float64(m.Time.UnixMilli()) / 86_400_000
	c.forget(day)
	said := c.read(m)
	if n, ok := c.said[said]; ok && len(c.bag.used) > 0 { // word for word
		old := c.at(n)
		s := old.story.root()
		c.keep(live{id: m.ID, v: old.v, story: s, copyOf: old.copyOf, said: said, day: day}, true)
		return Assigned{Story: s.id, Copy: true, CopyOf: c.nameOf(old), Near: 1}
	}
	c.bg.see(&c.bag, day)
	v := c.bg.weigh(&c.bag, &c.weigh)
	c.probe.set(v)
	best := c.search(v, day)
	x := live{id: m.ID, v: v, said: said, day: day, copyOf: c.next}
	out := Assigned{Near: float64(best.score)}
	if best.story == nil || float64(best.score) < c.opt.Threshold {
		c.made++
		best.story = &story{id: c.made}
		c.stories[c.made] = best.story
		out.New = true
	} else if best.cosine >= copyCosine {
		old := c.at(best.nearest)
		x.copyOf = old.copyOf
		out.Copy, out.CopyOf = true, c.nameOf(old)
	}
	x.story = best.story
	out.Story = best.story.id
	if best.second != nil && float64(best.secondScore) >= c.opt.Threshold*mergeShare {
		c.link(best.story, best.second, min(best.score, best.secondScore) >= strongLink)
	}
	c.keep(x, out.Copy)
	return out
}

// nameOf gives the id of the mention that x copies, or of x when that one is forgotten.
func (c *Clusterer) nameOf(x *live) string {
	if x.copyOf >= c.first {
		return c.at(x.copyOf).id
	}
	return x.id
}

// keep takes a mention into the window.
func (c *Clusterer) keep(x live, isCopy bool) {
	if c.next-c.first == uint32(len(c.ring)) {
		c.growRing()
	}
	n := c.next
	c.next++
	*c.at(n) = x
	c.said[x.said] = n
	s := x.story
	s.size++
	s.live++
	if isCopy { // the lists and the story's members are for those that say something of their own
		return
	}
	s.members[s.n%members] = n
	s.n++
	c.post(x.v, n)
}

// post makes a mention findable by its heaviest terms.
func (c *Clusterer) post(v vector, n uint32) {
	for _, t := range v.terms[:min(indexTerms, len(v.terms))] {
		term, _ := unpack(t)
		c.lists.push(term, n)
	}
}

func (c *Clusterer) growRing() {
	ring := make([]live, 2*len(c.ring))
	for n := c.first; n != c.next; n++ {
		ring[n&uint32(len(ring)-1)] = *c.at(n)
	}
	c.ring = ring
}

// forget lets go of mentions that are out of the window.
func (c *Clusterer) forget(day float64) {
	oldest := day - c.opt.Window.Hours()/24
	for c.first != c.next {
		x := c.at(c.first)
		if x.day >= oldest && c.Live() < c.opt.MaxLive {
			return
		}
		for _, t := range x.v.terms[:min(indexTerms, len(x.v.terms))] {
			term, _ := unpack(t)
			c.lists.drop(term, c.first)
		}
		if c.said[x.said] == c.first {
			delete(c.said, x.said)
		}
		s := x.story.root()
		if s.live--; s.live == 0 {
			delete(c.stories, s.id)
		}
		*x = live{}
		c.first++
	}
}

// found is the outcome of a search.
type found struct {
	story, second      *story
	score, secondScore float32
	nearest            uint32
	cosine             float32
}

// search finds the story nearest to the vector in the probe.
func (c *Clusterer) search(v vector, day float64) (f found) {
	c.near.reset()
	for _, t := range v.terms[:min(indexTerms, len(v.terms))] {
		term, w := unpack(t)
		share := float32(w) * float32(w)
		c.lists.each(term, func(n uint32) { c.near.add(n, share) })
	}
	type judged struct {
		s      *story
		best   float32 // with time taken off
		cosine float32
		near   uint32
		sum    float32
		n      float32
	}
	var js [nearest]judged
	k := 0
	for _, n := range c.near.top(nearest) {
		x := c.at(n)
		cosine := c.probe.dot(x.v)
		score := cosine * c.fade(day-x.day)
		s := x.story.root()
		i := 0
		for i < k && js[i].s != s {
			i++
		}
		if i == k {
			js[k] = judged{s: s}
			k++
		}
		if j := &js[i]; score > j.best {
			j.best, j.cosine, j.near = score, cosine, n
		}
	}
	for range min(storiesTry, k) { // the most promising stories, one after the other
		b := 0
		for i := 1; i < k; i++ {
			if js[i].best > js[b].best {
				b = i
			}
		}
		j := js[b]
		js[b].best = -1
		if j.best <= 0 {
			break
		}
		for _, n := range j.s.members[:min(j.s.n, members)] {
			if n >= c.first && n < c.next {
				x := c.at(n)
				j.sum += c.probe.dot(x.v) * c.fade(day-x.day)
				j.n++
			}
		}
		score := j.best
		if j.n > 1 {
			score = maxWeight*j.best + (1-maxWeight)*j.sum/j.n
		}
		if score > f.score {
			f.second, f.secondScore = f.story, f.score
			f.story, f.score, f.nearest, f.cosine = j.s, score, j.near, j.cosine
		} else if score > f.secondScore {
			f.second, f.secondScore = j.s, score
		}
	}
	return f
}

// fade is what time takes off.
func (c *Clusterer) fade(days float64) float32 {
	return float32(math.Exp2(-math.Abs(days) / c.opt.HalfDays))
}
