package spread

import (
	"math"
	"slices"
)

// The features of a cascade at a moment. Shares are of the posts so far; times and gaps are parts of the time since the first post, so that
// a cascade that runs twice as fast looks the same at half the time. "log" has something small added, to be defined at 0.
const (
	fTime = iota // log minutes since the first post
	fSize        // log posts so far

	fRecent // log count of the last half, quarter, eighth, sixteenth of the time: 4
	_
	_
	_
	fRecentShare // their log share: 4
	_
	_
	_
	fEighth // log count of each eighth of the time: 8
	_
	_
	_
	_
	_
	_
	_
	fEarly // log share of the first 1, 2, 5, 10, 15, 35, 70 % of the time: 7
	_
	_
	_
	_
	_
	_
	fSlope // log ratio of neighbouring quarters, latest first: 3
	_
	_
	fPeak   // share of the busiest twelfth of the time
	fPeakAt // which one
	fAge    // log time since the last post
	fGap    // log time that the last 3, 5, 10, 20 took, against an even pace: 4
	_
	_
	_
	fReached // when 25, 50, 75, 90 % were there: 4
	_
	_
	_
	fMeanTime
	fMeanLogTime
	fFirstReply  // log minutes to the second post
	fFourthReply // log minutes to the fifth
	fLate        // mean place of the posts within the last half
	fLate4       // within the last three quarters
	fUneven      // log variance to mean of counts in tenths of the last half
	fTies        // share of posts at the same moment as the one before
	fGapMedian   // log gap between neighbours against an even pace: median
	fGap90       // nine of ten are shorter
	fGapLongest  // log longest gap

	fDepth     // log
	fMeanDepth //
	fDirect    // share that repeats the first post
	fInner     // share that is repeated itself, without the first
	fInnerLog  // log count of it
	fBranch    // share of posts below the largest branch off the first post's
	fHub       // share that repeats the most repeated post but the first
	fHubLog    // log count of it
	fHub2      // share that repeats the next one
	fHubSum    // root of the sum of squared counts, against the size
	fHubAt     // when the most repeated one came
	fWidest    // share of the widest depth
	fVirality
	fSecond     // share at depth 2
	fThird      // share deeper
	fDeepLog    // log count of depth 2 and deeper
	fLateDepth  // mean depth in the last half
	fLateDirect // share that repeats the first post in the last half
	fLateNames  // log number of posts that were repeated in the last half
	fLateHub    // log count of the one most repeated in the last quarter, but the first
	fLateHubPart
	fLateHubs    // log number of posts, but the first, repeated in the last quarter
	fDelay       // log median time between a post and a repeat of it, without the first
	fDirectHalf  // share of direct repeats that came in the last half
	fOtherHalf   // the same of other repeats
	fDirectAge   // log time since the last direct repeat
	fOtherAge    // since the last other one
	featureCount = iota
)

type features [featureCount]float64

// reader computes features; it keeps memory between cascades, and is for one goroutine.
type reader struct {
	shape
	gaps, delays []float64
	late         []int32 // repeats of each post in the last half
	later        []int32 // in the last quarter
}

// part gives an element of a sorted list by its share from below.
func part(sorted []float64, q float64) float64 {
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// read gives the features of a cascade that holds nothing later than these minutes.
func (r *reader) read(c *Cascade, minutes float64) (f features) {
	minutes = max(minutes, 0.5)
	r.shape.read(c)
	f[fTime], f[fSize] = math.Log(minutes), math.Log(float64(c.Len()))
	counts(c, minutes, &f)
	r.pace(c, minutes, &f)
	r.form(c, minutes, &f)
	r.lately(c, minutes, &f)
	return f
}

// counts tells how many came in which part of the time.
func counts(c *Cascade, t float64, f *features) {
	n := float64(c.Len())
	upTo := func(part float64) float64 { return float64(c.count(part * t)) }
	for i, k := range [...]float64{2, 4, 8, 16} {
		late := n - upTo(1-1/k)
		f[fRecent+i] = math.Log1p(late)
		f[fRecentShare+i] = math.Log((late + 0.5) / (n + 1))
	}
	before := 0.0
	var quarter [4]float64
	for i := range 8 {
		now := n
		if i < 7 {
			now = upTo(float64(i+1) / 8)
		}
		f[fEighth+i] = math.Log1p(now - before)
		quarter[i/2] += now - before
		before = now
	}
	for i, q := range [...]float64{0.01, 0.02, 0.05, 0.1, 0.15, 0.35, 0.7} {
		f[fEarly+i] = math.Log((upTo(q) + 0.5) / (n + 1))
	}
	for i := range 3 {
		f[fSlope+i] = math.Log((quarter[3-i] + 1) / (quarter[2-i] + 1))
	}
	before = 0
	for i := range 12 {
		now := upTo(float64(i+1) / 12)
		if now-before > f[fPeak]*n {
			f[fPeak], f[fPeakAt] = (now-before)/n, float64(i)/12
		}
		before = now
	}
	m1, m2 := 0.0, 0.0
	before = upTo(0.5)
	for i := range 10 {
		now := upTo(0.5 + float64(i+1)/20)
		m1 += (now - before) / 10
		m2 += (now - before) * (now - before) / 10
		before = now
	}
	f[fUneven] = math.Log1p(max(0, m2-m1*m1) / (m1 + 0.1))
}

// pace tells how posts followed each other.
func (r *reader) pace(c *Cascade, t float64, f *features) {
	n := c.Len()
	f[fAge] = math.Log((t-c.at[n-1])/t + 0.002)
	for i, k := range [...]int{3, 5, 10, 20} {
		from := max(0, n-k)
		f[fGap+i] = math.Log((t-c.at[from])/t*float64(n)/float64(n-from) + 0.002)
	}
	for i, k := range [...]int{n / 4, n / 2, 3 * n / 4, 9 * n / 10} {
		f[fReached+i] = c.at[k] / t
	}
	half, halves, rest, rests := 0.0, 3.0, 0.0, 3.0
	ties := 0
	r.gaps = r.gaps[:0]
	for i, at := range c.at {
		u := at / t
		f[fMeanTime] += u / float64(n)
		f[fMeanLogTime] += math.Log(u+0.01) / float64(n)
		if u > 0.5 {
			half += (u - 0.75) * 4
			halves++
		}
		if u > 0.25 {
			rest += (u - 0.625) / 0.375
			rests++
		}
		if i > 0 {
			gap := at - c.at[i-1]
			if gap == 0 {
				ties++
			}
			r.gaps = append(r.gaps, gap)
		}
	}
	f[fLate], f[fLate4] = half/halves, rest/rests
	f[fTies] = float64(ties) / float64(n)
	f[fFirstReply], f[fFourthReply] = math.Log(t+0.05), math.Log(t+0.05)
	if n > 1 {
		f[fFirstReply] = math.Log(c.at[1] + 0.05)
	}
	if n > 4 {
		f[fFourthReply] = math.Log(c.at[4] + 0.05)
	}
	if n == 1 {
		r.gaps = append(r.gaps, t)
	}
	slices.Sort(r.gaps)
	even := t / float64(n)
	f[fGapMedian] = math.Log(part(r.gaps, 0.5)/even + 0.01)
	f[fGap90] = math.Log(part(r.gaps, 0.9)/even + 0.01)
	f[fGapLongest] = math.Log(r.gaps[len(r.gaps)-1]/t + 0.01)
}

// form tells what the tree looks like.
func (r *reader) form(c *Cascade, t float64, f *features) {
	n := float64(c.Len())
	depths, inner, squares := 0.0, 0.0, 0.0
	hub, next, at, branch := int32(0), int32(0), 0, int32(0)
	for i := 1; i < len(r.kids); i++ {
		depths += float64(r.depth[i])
		k := r.kids[i]
		if k > 0 {
			inner++
			squares += float64(k) * float64(k)
		}
		if k > hub {
			hub, next, at = k, hub, i
		} else {
			next = max(next, k)
		}
		branch = max(branch, r.below[i])
	}
	f[fDepth], f[fMeanDepth] = math.Log1p(float64(r.deepest)), depths/n
	f[fDirect] = (float64(r.kids[0]) + 0.5) / n
	f[fInner], f[fInnerLog] = (inner+0.2)/n, math.Log1p(inner)
	f[fBranch] = float64(branch) / n
	f[fHub], f[fHubLog], f[fHub2] = float64(hub)/n, math.Log1p(float64(hub)), float64(next)/n
	f[fHubSum], f[fHubAt] = math.Sqrt(squares)/n, c.at[at]/t
	f[fWidest], f[fVirality] = float64(r.breadth())/n, r.virality()
	deep := n - 1 - float64(r.kids[0])
	second := 0.0
	if len(r.wide) > 2 {
		second = float64(r.wide[2])
	}
	f[fSecond], f[fThird], f[fDeepLog] = second/n, (deep-second)/n, math.Log1p(deep)
}

// lately tells whom the latest posts repeat.
func (r *reader) lately(c *Cascade, t float64, f *features) {
	n := c.Len()
	r.late, r.later = again(r.late, n), again(r.later, n)
	r.delays = r.delays[:0]
	lastDirect, lastOther := 0.0, 0.0
	all, direct, depths := 0.0, 0.0, 0.0
	names, hubs, hub := 0, 0, int32(0)
	for i := 1; i < n; i++ {
		p, at := c.parent[i], c.at[i]
		if p == 0 {
			lastDirect = at
		} else {
			lastOther = at
			r.delays = append(r.delays, at-c.at[p])
		}
		if at <= t/2 {
			continue
		}
		all++
		depths += float64(r.depth[i])
		if p == 0 {
			direct++
		}
		if r.late[p]++; r.late[p] == 1 {
			names++
		}
		if p > 0 && at > 0.75*t {
			if r.later[p]++; r.later[p] == 1 {
				hubs++
			}
			hub = max(hub, r.later[p])
		}
	}
	f[fLateDepth], f[fLateDirect] = (depths+1)/(all+1), (direct+0.5)/(all+1)
	f[fLateNames], f[fLateHubs] = math.Log1p(float64(names)), math.Log1p(float64(hubs))
	f[fLateHub], f[fLateHubPart] = math.Log1p(float64(hub)), float64(hub)/float64(n)
	f[fDirectHalf] = (direct + 0.3) / (float64(r.kids[0]) + 1)
	f[fOtherHalf] = (all - direct + 0.3) / (float64(n-1) - float64(r.kids[0]) + 1)
	f[fDirectAge], f[fOtherAge] = math.Log((t-lastDirect)/t+0.005), math.Log((t-lastOther)/t+0.005)
	delay := t / 4
	if len(r.delays) > 0 {
		slices.Sort(r.delays)
		delay = part(r.delays, 0.5)
	}
	f[fDelay] = math.Log(delay/t + 0.005)
}
