package spread

import (
	"math"
	"slices"
	"time"
)

// A Forecast says what becomes of a cascade.
type Forecast struct {
	// Size is the number of posts in the end: the guess with the least mean relative error, which lies below the middle.
	Size int
	// Low to High, both included, is where the size in the end lies in four of five cascades.
	Low, High int
	// Rumour is the probability that it is a rumour, by times and shape alone.
	Rumour float64
}

// A Reason is a fact about a cascade that makes a rumour likelier than usual.
type Reason struct {
	Kind  Kind
	Value float64 // a count, a share from 0 to 1, or minutes, as the kind says
	// Odds is how many times likelier (as odds) the fact makes it, against a middling cascade.
	Odds float64
}

// Kind says what a reason is about.
type Kind string

// The kinds of reasons.
const (
	Size    Kind = "size"    // posts so far
	Direct  Kind = "direct"  // share of posts that repeat the first one
	Depth   Kind = "depth"   // steps from the first post to the farthest
	Inner   Kind = "inner"   // share of posts that are repeated themselves
	Hub     Kind = "hub"     // share that repeats the most repeated post but the first
	Half    Kind = "half"    // minutes until half of the posts so far were there
	Late    Kind = "late"    // share that came in the last half of the time
	Peak    Kind = "peak"    // share that came in the busiest twelfth of the time
	Silence Kind = "silence" // minutes since the last post
	First   Kind = "first"   // minutes until the second post
	Delay   Kind = "delay"   // median minutes between a post and a repeat of it, the first one's apart
)

// Kinds lists every kind of reason.
func Kinds() []Kind {
	list := make([]Kind, len(kinds))
	for i := range kinds {
		list[i] = kinds[i].kind
	}
	return list
}

// MaxReasons is how many reasons a warning lists.
const MaxReasons = 3

// A Forecaster makes forecasts. It keeps memory between cascades and is for one goroutine; the zero value is ready.
type Forecaster struct {
	r reader
	f features
	b binned
	m *model
}

// Forecast looks at the cascade as it was at a moment after its first post.
func (o *Forecaster) Forecast(c *Cascade, moment time.Duration) Forecast {
	if o.m == nil {
		o.m = shipped()
	}
	u := c.Until(moment)
	o.f = o.r.read(&u, moment.Minutes())
	o.b = o.m.bin(&o.f)
	n := float64(u.Len())
	mid, low, high := o.m.growth(&o.b, o.f.minutes(), n)
	f := Forecast{Size: int(math.Round(n * math.Exp(mid))), Rumour: o.m.rumour(&o.b)}
	// no whole number is lost by drawing the ends in
	f.Low = min(f.Size, int(math.Ceil(n*math.Exp(low)-1e-6)))
	f.High = max(f.Size, int(math.Floor(n*math.Exp(high)+1e-6)))
	return f
}

// Reasons appends what speaks most for a rumour in the cascade that was forecast last, weightiest first.
func (o *Forecaster) Reasons(dst []Reason) []Reason {
	if o.m == nil {
		return dst
	}
	from := len(dst)
	for _, k := range kinds {
		log := 0.0
		for _, f := range k.features {
			log += o.m.Rumour.add(f, &o.b)
		}
		if log *= o.m.Odds[1]; log < 0.05 {
			continue
		}
		if v := k.value(&o.f); !math.IsNaN(v) {
			dst = append(dst, Reason{Kind: k.kind, Value: max(0, v), Odds: math.Exp(log)})
		}
	}
	list := dst[from:]
	slices.SortStableFunc(list, func(a, b Reason) int {
		switch {
		case a.Odds > b.Odds:
			return -1
		case a.Odds < b.Odds:
			return 1
		}
		return 0
	})
	return dst[:from+min(len(list), MaxReasons)]
}

type kindOf struct {
	kind     Kind
	features []int
	value    func(f *features) float64
}

// kinds are the reasons with the features that they speak of: those that Rumour may look at, beside the time. value gives the fact that is
// told, NaN where there is none.
var kinds = [...]kindOf{
	{Size, []int{fSize}, func(f *features) float64 { return f.posts() }},
	{Direct, []int{fDirect, fLateDirect, fSecond, fThird, fDeepLog, fWidest}, func(f *features) float64 { return f[fDirect] - 0.5/f.posts() }},
	{Depth, []int{fDepth, fMeanDepth, fVirality, fLateDepth}, func(f *features) float64 { return math.Round(math.Expm1(f[fDepth])) }},
	{Inner, []int{fInner, fInnerLog, fLateNames}, func(f *features) float64 { return f[fInner] - 0.2/f.posts() }},
	{Hub, []int{fHub, fHubLog, fHub2, fHubSum, fHubAt, fBranch}, func(f *features) float64 { return f[fHub] }},
	{
		Half,
		[]int{fReached, fReached + 1, fReached + 2, fReached + 3, fMeanTime, fMeanLogTime, fEarly, fEarly + 1, fEarly + 2, fEarly + 3, fEarly + 4, fEarly + 5, fEarly + 6},
		func(f *features) float64 { return f[fReached+1] * f.minutes() },
	},
	{
		Late,
		[]int{fRecentShare, fRecentShare + 1, fRecentShare + 2, fRecentShare + 3, fLate, fLate4, fSlope, fSlope + 1, fSlope + 2},
		func(f *features) float64 { return math.Expm1(f[fRecent]) / f.posts() },
	},
	{Peak, []int{fPeak, fPeakAt, fUneven, fTies, fGapMedian, fGap90, fGapLongest}, func(f *features) float64 { return f[fPeak] }},
	{Silence, []int{fAge, fGap, fGap + 1, fGap + 2, fGap + 3}, func(f *features) float64 { return (math.Exp(f[fAge]) - 0.002) * f.minutes() }},
	{First, []int{fFirstReply, fFourthReply}, func(f *features) float64 {
		if f.posts() < 2 {
			return math.NaN()
		}
		return math.Exp(f[fFirstReply]) - 0.05
	}},
	{Delay, []int{fDelay}, func(f *features) float64 {
		if f[fDeepLog] == 0 { // nothing but the first post was repeated
			return math.NaN()
		}
		return (math.Exp(f[fDelay]) - 0.005) * f.minutes()
	}},
}

func (f *features) posts() float64   { return math.Round(math.Exp(f[fSize])) }
func (f *features) minutes() float64 { return math.Exp(f[fTime]) }
