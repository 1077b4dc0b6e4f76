package series

import (
	"math"
	"slices"
)

const (
	week = 7 * 24 // hours
	// fade is what a week counts for against the one after it.
	fade = 0.9
	// pooled is how many weeks of its own the other days of its class (working days, weekend) weigh for an hour of the week.
	pooled = 1.5
	// high and far are how many robust deviations above its median a value lies that counts for no more than that, and that is a burst and no habit.
	high, far = 2.0, 5.0
	// deaf is the share of sources below which an hour tells nothing.
	deaf = 0.3
	// ofOwn is how many values an hour of the week must have before its own median is believed.
	ofOwn = 3
	// likened is how many days a profile that a young series is likened to weighs.
	likened = 3.0
)

// History is what a series did, hour by hour, up to the moment at which a Profile is learned.
type History struct {
	Start   int64                    // number of the first hour (Hour.Bucket)
	Counts  []uint32                 // one an hour
	Heard   func(hour int64) float64 // share of its usual sources that could be heard; nil: all
	Holiday func(hour int64) bool    // whether the hour lies in a holiday; nil: never
	Like    *Profile                 // of a larger series whose rhythm a young one is likened to; nil: none
}

// Profile is what a series usually does. The zero Profile knows nothing. It does not change once learned.
type Profile struct {
	rate      [week]float64 // counts to be expected of each hour of the week, from Monday 0:00 in Vietnam
	weight    [week]float64 // of how many weeks that is known
	feast     [24]float64   // the same of each hour of a holiday
	feastN    [24]float64
	spread    float64 // of hours
	daySpread float64 // of whole days
	days      int     // ordinary days that were learned from
}

// slot gives the hour of the week, from Monday 0:00 in Vietnam; 1970-01-01 was a Thursday.
func slot(hour int64) int {
	s := (hour + 7 + 3*24) % week
	if s < 0 {
		s += week
	}
	return int(s)
}

func class(slot int) int {
	if slot >= 5*24 {
		return 1 // weekend
	}
	return 0
}

// learner holds what Learn works on.
type learner struct {
	h     History
	value []float64 // per hour, as if all sources had been heard; -1 where it tells nothing
	feast []bool
	burst []bool // it is a burst, or lies high beside one
	own   [week][]float64
	pool  [2][24]center
	edge  [week]edges
	fades []float64 // what a week counts for, by how far back it lies
}

// center is a pool of values of one hour of the day.
type center struct {
	values []float64
	edges
	mean, n float64
}

// edges are the median of values, what lies high above it, and what lies far.
type edges struct{ median, high, far float64 }

// hold gives a value as it counts for what is usual.
func (e edges) hold(v float64) float64 {
	switch {
	case v > e.far:
		return e.median
	case v > e.high:
		return e.high
	}
	return v
}

// Learn gives the profile of a history; of none it knows nothing.
func Learn(h History) *Profile {
	p := &Profile{}
	l := &learner{h: h}
	l.read()
	l.centers()
	l.bursts()
	l.means()
	l.rates(p)
	l.holidays(p)
	l.spreads(p)
	return p
}

// read sets aside what tells nothing and puts the rest right for what could not be heard.
func (l *learner) read() {
	l.value, l.feast = make([]float64, len(l.h.Counts)), make([]bool, len(l.h.Counts))
	for i, n := range l.h.Counts {
		hour := l.h.Start + int64(i)
		heard := 1.0
		if l.h.Heard != nil {
			heard = l.h.Heard(hour)
		}
		l.feast[i] = l.h.Holiday != nil && l.h.Holiday(hour)
		if heard < deaf {
			l.value[i] = -1
			continue
		}
		v := float64(n) / heard
		l.value[i] = v
		if l.feast[i] {
			continue
		}
		s := slot(hour)
		l.own[s] = append(l.own[s], v)
		c := &l.pool[class(s)][s%24]
		c.values = append(c.values, v)
	}
}

// centers finds what is usual of each hour, and from where on it is not.
func (l *learner) centers() {
	for c := range l.pool {
		for h := range l.pool[c] {
			one := &l.pool[c][h]
			one.edges = bounds(one.values)
		}
	}
	for s := range week {
		pool := &l.pool[class(s)][s%24]
		l.edge[s] = pool.edges
		if len(l.own[s]) >= ofOwn {
			e := bounds(l.own[s])
			l.edge[s] = edges{e.median, max(e.high, pool.high), max(e.far, pool.far)}
		}
	}
}

// bounds gives the lower median of values and what lies so high above it that it is no habit. It sorts them.
func bounds(values []float64) edges {
	if len(values) == 0 {
		return edges{0, math.Inf(1), math.Inf(1)}
	}
	slices.Sort(values)
	median := values[(len(values)-1)/2]
	away := make([]float64, len(values))
	for i, v := range values {
		away[i] = math.Abs(v - median)
	}
	slices.Sort(away)
	deviation := max(1.4826*away[len(away)/2], math.Sqrt(median+1))
	return edges{median, median + high*deviation, median + far*deviation}
}

// usual gives an hour's value as it counts for what is usual; burst says that it does not.
func (l *learner) usual(i, s int) (v float64, burst bool) {
	if l.burst[i] {
		return l.edge[s].median, true
	}
	return l.edge[s].hold(l.value[i]), false
}

// bursts marks the hours that are no habit: those that lie far, and those that lie high within two hours of one.
func (l *learner) bursts() {
	l.burst = make([]bool, len(l.value))
	far := make([]bool, len(l.value))
	for i, v := range l.value {
		far[i] = v > l.edge[slot(l.h.Start+int64(i))].far
	}
	for i, v := range l.value {
		l.burst[i] = far[i] || v > l.edge[slot(l.h.Start+int64(i))].high && slices.Contains(far[max(i-2, 0):min(i+3, len(far))], true)
	}
}

// ordinary calls f for each hour that tells something of ordinary weeks, with its hour of the week and what its week counts for.
func (l *learner) ordinary(f func(i, slot int, weight float64)) {
	for i, v := range l.value {
		if v < 0 || l.feast[i] {
			continue
		}
		back := (len(l.value) - 1 - i) / week
		for len(l.fades) <= back {
			l.fades = append(l.fades, math.Pow(fade, float64(len(l.fades))))
		}
		f(i, slot(l.h.Start+int64(i)), l.fades[back])
	}
}

// means fills the pools: what each hour of working days and of the weekend usually brings, likened to a larger series while its own days are few.
func (l *learner) means() {
	var sum [2][24]float64
	l.ordinary(func(i, s int, w float64) {
		v, _ := l.usual(i, s)
		sum[class(s)][s%24] += w * v
		l.pool[class(s)][s%24].n += w
	})
	ratio := l.ratio()
	for c := range l.pool {
		for h := range l.pool[c] {
			one := &l.pool[c][h]
			n, total := one.n, sum[c][h]
			if ratio >= 0 {
				total += likened * ratio * l.h.Like.classRate(c, h)
				n += likened
			}
			one.n = n
			if n > 0 {
				one.mean = total / n
			}
		}
	}
	// A class of days that was not met yet is told by the other.
	for c := range l.pool {
		for h := range l.pool[c] {
			if one, other := &l.pool[c][h], &l.pool[1-c][h]; one.n == 0 && other.n > 0 {
				one.mean, one.n = other.mean, other.n/8
			}
		}
	}
}

// ratio is the series' size beside the one that it is likened to, by the median of its days; -1 without one.
func (l *learner) ratio() float64 {
	if l.h.Like == nil || l.h.Like.days == 0 {
		return -1
	}
	type day struct{ own, other float64 }
	days := map[int64]day{}
	all := day{}
	l.ordinary(func(i, s int, _ float64) {
		v, _ := l.usual(i, s)
		hour := l.h.Start + int64(i)
		d := days[(hour+7)/24]
		d.own, d.other = d.own+v, d.other+l.h.Like.rate[s]
		days[(hour+7)/24] = d
		all.own, all.other = all.own+v, all.other+l.h.Like.rate[s]
	})
	if all.other <= 0 {
		return -1
	}
	if len(days) < 3 || all.own < 30 {
		return all.own / all.other
	}
	var ratios []float64
	for _, d := range days {
		if d.other > 0 {
			ratios = append(ratios, d.own/d.other)
		}
	}
	slices.Sort(ratios)
	return ratios[(len(ratios)-1)/2]
}

// classRate is what an hour of working days, or of the weekend, brings.
func (p *Profile) classRate(c, h int) float64 {
	from, to := 0, 5
	if c == 1 {
		from, to = 5, 7
	}
	sum := 0.0
	for d := from; d < to; d++ {
		sum += p.rate[d*24+h]
	}
	return sum / float64(to-from)
}

// rates fills what each hour of the week brings.
func (l *learner) rates(p *Profile) {
	var sum [week]float64
	l.ordinary(func(i, s int, w float64) {
		v, _ := l.usual(i, s)
		sum[s] += w * v
		p.weight[s] += w
	})
	for s := range week {
		pool := l.pool[class(s)][s%24]
		k := min(pooled, pool.n/4)
		total := p.weight[s] + k
		if total > 0 {
			p.rate[s] = (sum[s] + k*pool.mean) / total
		}
		p.weight[s] = total
	}
	level := l.level(p)
	for s := range week {
		p.rate[s] *= level
	}
}

// level is how the last seven ordinary days stand to what the weeks before would have let expect, by their median, held between a half and two.
func (l *learner) level(p *Profile) float64 {
	own, usual := map[int64]float64{}, map[int64]float64{}
	l.ordinary(func(i, s int, _ float64) {
		day := (l.h.Start + int64(i) + 7) / 24
		v, _ := l.usual(i, s)
		own[day] += v
		usual[day] += p.rate[s]
	})
	p.days = len(own)
	days := make([]int64, 0, len(own))
	for d := range own {
		days = append(days, d)
	}
	slices.Sort(days)
	if len(days) < 10 {
		return 1
	}
	const few = 20 // counts that the usual weighs beside a day's own
	ratios := make([]float64, 0, 7)
	for _, d := range days[len(days)-7:] {
		ratios = append(ratios, (own[d]+few)/(usual[d]+few))
	}
	slices.Sort(ratios)
	return min(max(ratios[3], 0.5), 2)
}

// holidays fills what each hour of a holiday brings: as on weekends, at the size of the holidays seen so far, and as it was in the same hours of them.
func (l *learner) holidays(p *Profile) {
	var sum, n [24]float64
	var was, usual float64
	for i, v := range l.value {
		if v < 0 || !l.feast[i] {
			continue
		}
		h := int((l.h.Start + int64(i) + 7) % 24)
		v = l.pool[1][h].hold(v)
		sum[h] += v
		n[h]++
		was += v
		usual += p.classRate(1, h)
	}
	const few = 10
	size := min((was+few)/(usual+few), 2)
	for h := range 24 {
		k := min(pooled, l.pool[1][h].n)
		p.feastN[h] = n[h] + k
		if p.feastN[h] > 0 {
			p.feast[h] = (sum[h] + k*size*p.classRate(1, h)) / p.feastN[h]
		}
	}
}

// spreads learns by how much more than by chance alone hours and days scatter, from the last eight weeks without their bursts. What an hour itself
// lent to its mean is taken out.
func (l *learner) spreads(p *Profile) {
	var more, squares float64
	type day struct {
		own, mean float64
		hours     int
		burst     bool
	}
	days := map[int64]*day{}
	l.ordinary(func(i, s int, w float64) {
		mean := p.rate[s]
		lent := 0.0
		if pool := l.pool[class(s)][s%24].n; p.weight[s] > 0 && pool > 0 {
			lent = min(w*(1+min(pooled, pool/4)/pool)/p.weight[s], 0.9)
		}
		v, burst := l.usual(i, s)
		key := (l.h.Start + int64(i) + 7) / 24
		d := days[key]
		if d == nil {
			d = &day{}
			days[key] = d
		}
		d.own, d.mean, d.hours, d.burst = d.own+v, d.mean+mean, d.hours+1, d.burst || burst
		if burst {
			return
		}
		e := l.value[i] - mean
		more += e*e/(1-lent) - mean
		squares += mean * mean
	})
	if squares > 0 {
		p.spread = min(max(0, more/squares), 3)
	}
	more, squares = 0, 0
	keys := make([]int64, 0, len(days))
	for k := range days {
		keys = append(keys, k)
	}
	slices.Sort(keys) // sums of floats depend on their order
	for _, k := range keys {
		d := days[k]
		if d.hours < 20 || d.burst {
			continue
		}
		e := d.own - d.mean
		more += e*e*8/7 - d.mean
		squares += d.mean * d.mean
	}
	if squares > 0 {
		p.daySpread = min(max(0, more/squares), 3)
	}
}
