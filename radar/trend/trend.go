package trend

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Options set the detector; zero values stand for good ones, found on made streams (28 days, 56,000 mentions, three seeds).
type Options struct {
	Pace   float64 // voices an hour of a story of which nothing is known; 0.3
	Times  float64 // how many times its pace a story tells when it bursts; 5
	Least  float64 // voices an hour below which nothing is a burst; 6
	Raise  float64 // score from which on it is one; 7
	Loose  float64 // nearness of a mention to its story up to which it is no voice in it; 0.15
	Tight  float64 // nearness from which on it is a full one; 0.3
	Voices int     // distinct voices it must have had in the last three hours; 5
}

func (o Options) full() Options {
	def := func(x *float64, v float64) {
		if *x == 0 {
			*x = v
		}
	}
	def(&o.Pace, 0.3)
	def(&o.Times, 5)
	def(&o.Least, 6)
	def(&o.Raise, 7)
	def(&o.Loose, 0.15)
	def(&o.Tight, 0.3)
	if o.Voices == 0 {
		o.Voices = 5
	}
	return o
}

const (
	memory = 24.0 // hours after which what a story did counts 1/e for its pace
	trust  = 6.0  // hours that the given pace weighs against what a story did
	lag    = 2.0  // hours; what is younger does not count for the pace yet: it may be the burst
	span   = 3.0  // hours in which a source is one voice (Span)
	again  = 6.0  // hours
	idle   = 48.0 // hours after which a story without a voice is forgotten
)

// Span is the time in which a source is one voice, and over which a Burst counts them.
const Span = 3 * time.Hour

// A Burst is a story told by many more voices than expected.
type Burst struct {
	At       time.Time
	Story    uint64
	Score    float64
	Voices   int     // distinct voices in the last three hours
	Expected float64 // voices to be expected in that time
}

// Detector follows the stories. It belongs to one goroutine.
type Detector struct {
	opt     Options
	stories map[uint64]*pace
	swept   float64
}

// A pace is what is known of a story. Times are hours.
type pace struct {
	first  float64
	last   float64 // the newest voice
	score  float64
	past   float64 // voices older than lag, fading
	pastAt float64
	raised float64
	recent []voice
}

type voice struct {
	source uint64
	at     float64
	old    bool // counted in past
}

// New gives a detector that knows no story.
func New(o Options) *Detector { return &Detector{opt: o.full(), stories: map[uint64]*pace{}} }

// A Mention is what the detector is told of one that was put into a story.
type Mention struct {
	At     time.Time
	Story  uint64
	Source string
	New    bool    // it opened the story
	Copy   bool    // it says what another said before
	Near   float64 // how near its story was
}

// Add takes a mention in and tells whether it shows its story to burst. Mentions come in the order of time, give or take.
func (d *Detector) Add(m Mention) (Burst, bool) {
	weight := (m.Near - d.opt.Loose) / (d.opt.Tight - d.opt.Loose)
	if m.New {
		weight = 1
	}
	if m.Copy || weight <= 0 {
		return Burst{}, false
	}
	weight = min(weight, 1)
	now := float64(m.At.UnixMilli()) / 3_600_000
	d.sweep(now)
	p := d.stories[m.Story]
	if p == nil {
		p = &pace{first: now, last: now, pastAt: now, raised: math.Inf(-1)}
		d.stories[m.Story] = p
	}
	p.age(now)
	who := Key(m.Source)
	for _, v := range p.recent {
		if v.source == who && now-v.at < span {
			return Burst{}, false
		}
	}
	rate := p.rate(now, d.opt)
	burst := max(d.opt.Times*rate, d.opt.Least)
	p.score = max(0, p.score-(burst-rate)*max(0, now-p.last)) + weight*math.Log(burst/rate)
	p.last = max(p.last, now)
	p.recent = append(p.recent, voice{source: who, at: now})
	voices := 0
	for _, v := range p.recent {
		if now-v.at < span {
			voices++
		}
	}
	if p.score < d.opt.Raise || voices < d.opt.Voices || now-p.raised < again {
		return Burst{}, false
	}
	p.raised = now
	return Burst{At: m.At, Story: m.Story, Score: p.score, Voices: voices, Expected: rate * span}, true
}

// Merge tells the detector that a story turned out to be part of another: their voices are counted together from now on.
func (d *Detector) Merge(from, into uint64) {
	a, b := d.stories[into], d.stories[from]
	if b == nil {
		return
	}
	delete(d.stories, from)
	if a == nil {
		d.stories[into] = b
		return
	}
	now := max(a.last, b.last)
	a.age(now)
	b.age(now)
	// what both say together: scores add up, after the silence of each since its last voice
	a.score = max(0, a.score-d.opt.Least*(now-a.last)) + max(0, b.score-d.opt.Least*(now-b.last))
	a.first, a.last, a.raised, a.past = min(a.first, b.first), now, max(a.raised, b.raised), a.past+b.past
	for _, v := range b.recent {
		if !slices.ContainsFunc(a.recent, func(w voice) bool { return w.source == v.source }) {
			a.recent = append(a.recent, v)
		}
	}
	slices.SortStableFunc(a.recent, func(x, y voice) int { return cmp.Compare(x.at, y.at) })
}

// age moves voices to the past and forgets those that no window needs.
func (p *pace) age(now float64) {
	if now > p.pastAt {
		p.past *= math.Exp((p.pastAt - now) / memory)
		p.pastAt = now
	}
	keep := p.recent[:0]
	for _, v := range p.recent {
		if !v.old && now-v.at >= lag {
			v.old = true
			p.past += math.Exp((v.at - now) / memory)
		}
		if now-v.at < span {
			keep = append(keep, v)
		}
	}
	p.recent = keep
}

// rate is the story's own pace in voices an hour.
func (p *pace) rate(now float64, o Options) float64 {
	seen := memory * (1 - math.Exp(-max(0, now-p.first-lag)/memory))
	return (p.past + o.Pace*trust) / (seen + trust)
}

func (d *Detector) sweep(now float64) {
	if now-d.swept < 1 {
		return
	}
	d.swept = now
	for id, p := range d.stories {
		if now-p.last > idle {
			delete(d.stories, id)
		}
	}
}

// Len is the number of stories followed.
func (d *Detector) Len() int { return len(d.stories) }

// Key names a source in memory by a number (FNV-1a).
func Key(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}
