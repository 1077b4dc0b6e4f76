package series

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// monday is a Monday, 0:00 in Vietnam.
var monday = Hour.Bucket(time.Date(2031, 1, 6, 0, 0, 0, 0, time.FixedZone("+07", 7*3600)))

// city draws hours as a city's press would fill them: nights are still, weekends half as loud, hours and days scatter more than by chance.
type city struct {
	level  float64 // counts of a mean working hour
	spread float64 // of hours
	days   float64 // deviation of the logarithm of a day's level
	drift  float64 // growth a week
	rng    *rand.Rand
	feast  func(hour int64) bool
	day    map[int64]float64
}

func (c *city) mean(hour int64) float64 {
	s := slot(hour)
	m := c.level * (0.15 + 0.85*math.Pow(math.Sin(math.Pi*float64(s%24)/24), 2)*1.7)
	if class(s) == 1 {
		m *= 0.5
	}
	if c.feast != nil && c.feast(hour) {
		m = c.level * 0.12
	}
	return m * math.Pow(1+c.drift, float64(hour-monday)/week)
}

func (c *city) draw(hour int64) uint32 {
	m := c.mean(hour)
	if c.days > 0 {
		if c.day == nil {
			c.day = map[int64]float64{}
		}
		d := (hour + 7) / 24
		if _, ok := c.day[d]; !ok {
			c.day[d] = math.Exp(c.days * c.rng.NormFloat64())
		}
		m *= c.day[d]
	}
	if c.spread > 0 {
		m *= gamma(c.rng, 1/c.spread) * c.spread
	}
	return poisson(c.rng, m)
}

func (c *city) hours(from int64, n int) []uint32 {
	out := make([]uint32, n)
	for i := range out {
		out[i] = c.draw(from + int64(i))
	}
	return out
}

func poisson(rng *rand.Rand, m float64) uint32 {
	n := uint32(0)
	for m > 0 {
		m -= rng.ExpFloat64()
		if m > 0 {
			n++
		}
	}
	return n
}

// gamma draws of mean shape (Marsaglia and Tsang 2000).
func gamma(rng *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gamma(rng, shape+1) * math.Pow(rng.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	for {
		x := rng.NormFloat64()
		v := math.Pow(1+x/math.Sqrt(9*d), 3)
		if v > 0 && math.Log(rng.Float64()) < 0.5*x*x+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}

// held is how often the band held the hours of a week after so many weeks of history, and how wide it was beside its mean.
func held(c *city, weeks int, change func(counts []uint32)) (share, above float64) {
	in, over, n := 0, 0, 0
	counts := c.hours(monday, weeks*week)
	if change != nil {
		change(counts)
	}
	p := Learn(History{Start: monday, Counts: counts, Holiday: c.feast})
	for h := monday + int64(weeks)*week; h < monday+int64(weeks+1)*week; h++ {
		v := float64(c.draw(h))
		b := p.Hour(h, c.feast != nil && c.feast(h), 1)
		n++
		if b.Usual(v) {
			in++
		}
		if b.Known && v > b.High {
			over++
		}
	}
	return float64(in) / float64(n), float64(over) / float64(n)
}

// TestBandHolds: on ordinary hours of every size the band holds about as many as it says.
func TestBandHolds(t *testing.T) {
	for _, c := range []struct {
		name  string
		city  city
		weeks int
		least float64
	}{
		{"a loud series", city{level: 200, spread: 0.02}, 8, 0.92},
		{"a middle one", city{level: 20, spread: 0.05}, 8, 0.93},
		{"days of their own level", city{level: 20, spread: 0.02, days: 0.25}, 8, 0.92},
		{"one that scatters much", city{level: 8, spread: 0.6}, 8, 0.91},
		{"a quiet one", city{level: 1}, 8, 0.94},
		{"a very quiet one", city{level: 0.1}, 8, 0.96},
		{"one that grows", city{level: 20, spread: 0.03, drift: 0.08}, 8, 0.91},
		{"after two weeks", city{level: 20, spread: 0.05}, 2, 0.92},
		{"after one week", city{level: 20, spread: 0.05}, 1, 0.92},
	} {
		var share, above float64
		const seeds = 20
		for seed := range uint64(seeds) {
			one := c.city
			one.rng = rand.New(rand.NewPCG(seed, 7))
			s, a := held(&one, c.weeks, nil)
			share, above = share+s/seeds, above+a/seeds
		}
		t.Logf("%s: %.3f inside, %.3f above", c.name, share, above)
		if share < c.least || above > 0.05 {
			t.Errorf("%s: %.3f of the hours lie inside, %.3f above", c.name, share, above)
		}
	}
}

// TestBurstIsNoHabit: a burst of last week, ten times the usual for a day, moves what is expected of the same hours hardly, and the next one stands out.
func TestBurstIsNoHabit(t *testing.T) {
	for _, weeks := range []int{2, 4, 8} {
		c := &city{level: 20, spread: 0.03, rng: rand.New(rand.NewPCG(11, 7))}
		calm := c.hours(monday, weeks*week)
		burst := append([]uint32{}, calm...)
		from := len(burst) - week + 2*24 // last Wednesday
		for i := from; i < from+24; i++ {
			burst[i] *= 10
		}
		p, q := Learn(History{Start: monday, Counts: calm}), Learn(History{Start: monday, Counts: burst})
		for h := range 24 {
			hour := monday + int64(len(burst)-week+week+2*24+h)
			a, b := p.Hour(hour, false, 1), q.Hour(hour, false, 1)
			if b.Mean > 1.35*a.Mean+1 || b.High > 1.5*a.High+4 {
				t.Errorf("%d weeks, %d:00: expected %.1f up to %.0f without the burst, %.1f up to %.0f with it", weeks, h, a.Mean, a.High, b.Mean, b.High)
			}
			if n := uint32(5 * c.mean(hour)); float64(n) <= b.High {
				t.Errorf("%d weeks, %d:00: %d do not stand out above %.0f", weeks, h, n, b.High)
			}
		}
	}
}

// TestRegularPeakIsHabit: what comes every Tuesday at ten is expected on Tuesdays at ten, and on no other day.
func TestRegularPeakIsHabit(t *testing.T) {
	c := &city{level: 10, spread: 0.02, rng: rand.New(rand.NewPCG(12, 7))}
	counts := c.hours(monday, 8*week)
	for i := range counts {
		if slot(monday+int64(i)) == 24+10 {
			counts[i] += 60
		}
	}
	p := Learn(History{Start: monday, Counts: counts})
	next := monday + 8*week
	if b := p.Hour(next+24+10, false, 1); b.Mean < 55 || b.Mean > 95 {
		t.Errorf("on Tuesday at ten %.1f are expected", b.Mean)
	}
	if b := p.Hour(next+48+10, false, 1); b.Mean > 35 {
		t.Errorf("on Wednesday at ten %.1f are expected", b.Mean)
	}
}

// TestHoliday: a holiday that was never met is expected to be like a weekend, by its third day like itself; and its silence is no habit of the week.
func TestHoliday(t *testing.T) {
	c := &city{level: 40, spread: 0.03, rng: rand.New(rand.NewPCG(13, 7))}
	first := monday + 6*week // four days from a Monday on
	c.feast = func(hour int64) bool { return hour >= first && hour < first+4*24 }
	noon := int64(12)
	ordinary := Learn(History{Start: monday, Counts: c.hours(monday, 6*week), Holiday: c.feast})
	work, rest, feast := ordinary.Hour(first+noon, false, 1), ordinary.Hour(first+5*24+noon, false, 1), ordinary.Hour(first+noon, true, 1)
	if feast.Mean > 1.3*rest.Mean || feast.Mean > 0.7*work.Mean {
		t.Errorf("a first holiday is expected to bring %.1f, a weekend %.1f, a working day %.1f", feast.Mean, rest.Mean, work.Mean)
	}
	third := Learn(History{Start: monday, Counts: c.hours(monday, 6*week+2*24), Holiday: c.feast}).Hour(first+2*24+noon, true, 1)
	if truth := c.mean(first + 2*24 + noon); third.Mean < 0.6*truth || third.Mean > 1.8*truth {
		t.Errorf("on the third day %.1f are expected of %.1f", third.Mean, truth)
	}
	after := Learn(History{Start: monday, Counts: c.hours(monday, 8*week), Holiday: c.feast}).Hour(monday+8*week+noon, false, 1)
	if math.Abs(after.Mean/work.Mean-1) > 0.25 {
		t.Errorf("after the holiday a Monday noon is expected to bring %.1f, before it %.1f", after.Mean, work.Mean)
	}
}

// TestDeadSource: while sources that bring a third of a series cannot be heard, a third less is expected; and what was not heard is no habit afterwards.
func TestDeadSource(t *testing.T) {
	c := &city{level: 30, spread: 0.02, rng: rand.New(rand.NewPCG(14, 7))}
	counts := c.hours(monday, 8*week)
	dead := monday + 6*week // for a week
	heard := func(hour int64) float64 {
		if hour >= dead && hour < dead+week {
			return 2.0 / 3
		}
		return 1
	}
	for i := range counts {
		if heard(monday+int64(i)) < 1 {
			counts[i] = uint32(float64(counts[i])*2/3 + 0.5)
		}
	}
	p := Learn(History{Start: monday, Counts: counts, Heard: heard})
	hour := monday + 8*week + 14
	all, less := p.Hour(hour, false, 1), p.Hour(hour, false, 2.0/3)
	if math.Abs(less.Mean/all.Mean-2.0/3) > 1e-9 || less.High >= all.High {
		t.Errorf("with all sources %.1f up to %.0f, without a third %.1f up to %.0f", all.Mean, all.High, less.Mean, less.High)
	}
	if truth := c.mean(hour); math.Abs(all.Mean/truth-1) > 0.15 {
		t.Errorf("%.1f are expected of %.1f", all.Mean, truth)
	}
	if b := p.Hour(hour, false, 0.1); b.Known {
		t.Errorf("with hardly a source heard something is expected: %+v", b)
	}
}

// TestYoungSeries: a series of a day takes its rhythm from the one that it is likened to, at its own size.
func TestYoungSeries(t *testing.T) {
	c := &city{level: 100, spread: 0.01, rng: rand.New(rand.NewPCG(15, 7))}
	all := Learn(History{Start: monday, Counts: c.hours(monday, 8*week)})
	small := &city{level: 10, rng: rand.New(rand.NewPCG(16, 7))}
	start := monday + 8*week
	p := Learn(History{Start: start, Counts: small.hours(start, 24), Like: all})
	night, noon := p.Hour(start+24+3, false, 1), p.Hour(start+24+12, false, 1)
	if !noon.Known || noon.Mean < 10 || noon.Mean > 25 || night.Mean > 0.4*noon.Mean {
		t.Errorf("expected at noon %+v, at night %+v", noon, night)
	}
	weekend := p.Hour(start+5*24+12, false, 1)
	if !weekend.Known || weekend.Mean > 0.75*noon.Mean {
		t.Errorf("expected on Saturday noon %+v", weekend)
	}
	if b := Learn(History{}).Hour(start, false, 1); b.Known {
		t.Errorf("of nothing something is expected: %+v", b)
	}
}

// TestDays: a day's band holds days, whose hours lean the same way.
func TestDays(t *testing.T) {
	in, n := 0, 0
	for seed := range uint64(40) {
		c := &city{level: 20, spread: 0.02, days: 0.2, rng: rand.New(rand.NewPCG(seed, 17))}
		p := Learn(History{Start: monday, Counts: c.hours(monday, 8*week)})
		for d := range int64(7) {
			from := monday + 8*week + 24*d
			sum := 0.0
			for _, v := range c.hours(from, 24) {
				sum += float64(v)
			}
			if p.Span(from, from+24, nil, nil, 1).Usual(sum) {
				in++
			}
			n++
		}
	}
	if share := float64(in) / float64(n); share < 0.9 {
		t.Errorf("the band holds %.3f of the days", share)
	} else {
		t.Logf("the band holds %.3f of the days", share)
	}
}
