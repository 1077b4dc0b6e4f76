package warn

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"khue/radar/trend"
)

// The parameters of coordination, as CooRTweet has them (Righetti and Balluff 2023): the same thing shared within a window, again and
// again by the same pair. They are shown beside each signal.
const (
	// CrowdWindow is the time within which two shares of one thing count as one deed.
	CrowdWindow = 10 * time.Second
	// CrowdRepeats is the number of things from which on a pair is taken to act together.
	CrowdRepeats = 2
	// CrowdAccounts is the number of people's accounts below which nothing is said of them, CrowdSources that of listed sources.
	CrowdAccounts = 10
	CrowdSources  = 3
)

const (
	crowdMemory = 48 * time.Hour
	mostShares  = 64      // of one thing within the window
	mostPairs   = 200_000 // a flood of pairs forgets the oldest at the next sweep
)

// share is who shared a thing, and when.
type share struct {
	Who     uint64
	Account bool
	At      time.Time
}

// pair is two that shared the same things within seconds.
type pair struct {
	Things int
	Thing  uint64 // the last one: it counts once
	At     time.Time
}

// member is one of a story's group that acts together.
type member struct {
	Account bool
	At      time.Time
}

// crowd finds who shares the same text or link within seconds, again and again.
type crowd struct {
	Things map[uint64][]share
	Pairs  map[[2]uint64]*pair
	Groups map[uint64]map[uint64]member // of each story
}

func newCrowd() *crowd {
	return &crowd{Things: map[uint64][]share{}, Pairs: map[[2]uint64]*pair{}, Groups: map[uint64]map[uint64]member{}}
}

func (c *crowd) add(m *Mention, give func(Signal)) {
	if m.At.Second() == 0 && m.At.Nanosecond() == 0 {
		return // told to the minute: it says nothing of seconds
	}
	who, account := m.Account, true
	if who == 0 {
		who, account = trend.Key(m.Source), false
	}
	grown := false
	for _, thing := range thingsOf(m) {
		if c.shared(m, thing, share{who, account, m.At}) {
			grown = true
		}
	}
	if !grown {
		return
	}
	accounts, sources := 0, 0
	for _, one := range c.Groups[m.Story] {
		if one.Account {
			accounts++
		} else {
			sources++
		}
	}
	if accounts >= CrowdAccounts || sources >= CrowdSources {
		give(Signal{Kind: Coordinated, Score: float64(accounts + sources), Reasons: []Reason{
			{"crowd", map[string]any{"accounts": accounts, "sources": sources}},
			{"crowd.how", map[string]any{"seconds": int(CrowdWindow / time.Second), "times": CrowdRepeats, "share": 80}},
		}})
	}
}

// shared notes a share and says whether the story's group has grown by it.
func (c *crowd) shared(m *Mention, thing uint64, s share) bool {
	list := slices.DeleteFunc(c.Things[thing], func(old share) bool { return s.At.Sub(old.At) > CrowdWindow })
	grown := false
	for _, old := range list {
		if old.Who == s.Who || old.At.Sub(s.At) > CrowdWindow {
			continue
		}
		k := [2]uint64{min(old.Who, s.Who), max(old.Who, s.Who)}
		p := c.Pairs[k]
		if p == nil {
			if len(c.Pairs) >= mostPairs {
				continue
			}
			p = &pair{}
			c.Pairs[k] = p
		}
		if p.Things == 0 || p.Thing != thing {
			p.Things++
			p.Thing = thing
		}
		p.At = s.At
		if p.Things >= CrowdRepeats {
			grown = c.join(m.Story, old) || grown
			grown = c.join(m.Story, s) || grown
		}
	}
	if len(list) < mostShares {
		list = append(list, s)
	}
	c.Things[thing] = list
	return grown
}

func (c *crowd) join(story uint64, s share) bool {
	g := c.Groups[story]
	if g == nil {
		g = map[uint64]member{}
		c.Groups[story] = g
	}
	_, there := g[s.Who]
	g[s.Who] = member{s.Account, s.At}
	return !there
}

func (c *crowd) merge(from, into uint64) {
	g := c.Groups[from]
	delete(c.Groups, from)
	for who, one := range g {
		c.join(into, share{who, one.Account, one.At})
	}
}

func (c *crowd) sweep(now time.Time) {
	for thing, list := range c.Things {
		if now.Sub(list[len(list)-1].At) > CrowdWindow {
			delete(c.Things, thing)
		}
	}
	for k, p := range c.Pairs {
		if now.Sub(p.At) > crowdMemory {
			delete(c.Pairs, k)
		}
	}
	for story, g := range c.Groups {
		for who, one := range g {
			if now.Sub(one.At) > crowdMemory {
				delete(g, who)
			}
		}
		if len(g) == 0 {
			delete(c.Groups, story)
		}
	}
}

// leastWords is the length, in bytes, from which on a text is a thing of its own: two may both write "thật không".
const leastWords = 40

// thingsOf gives what a mention shares: its text, with near copies as one (the grouping joins them from a resemblance of 0.8), and the
// links that it names.
func thingsOf(m *Mention) []uint64 {
	var list []uint64
	if len(m.Text) >= leastWords {
		first := m.ID
		if m.Copy && m.CopyOf != "" {
			first = m.CopyOf
		}
		list = append(list, trend.Key("text "+first))
	}
	if m.URL != "" {
		list = append(list, trend.Key("link "+m.URL))
	}
	rest := m.Text
	for len(list) < 6 {
		i := strings.Index(rest, "http")
		if i < 0 {
			break
		}
		rest = rest[i:]
		link, after, _ := strings.Cut(rest, " ")
		if line, _, ok := strings.Cut(link, "\n"); ok {
			after, link = rest[len(line):], line
		}
		if strings.HasPrefix(link, "http://") || strings.HasPrefix(link, "https://") {
			list = append(list, trend.Key("link "+strings.TrimRight(link, ".,;:!?)\"'")))
		} else {
			after = rest[4:]
		}
		rest = after
	}
	slices.SortFunc(list, cmp.Compare)
	return slices.Compact(list)
}
