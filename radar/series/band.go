package series

import "math"

// inside is the share of ordinary hours that a band is to hold.
const inside = 0.95

// leastKnown is of how many weeks an hour must be known for a band to be told.
const leastKnown = 0.5

// Band is what is to be expected. Known is false while too little is known to say; the rest is then zero.
type Band struct {
	Known     bool
	Mean      float64
	Low, High float64 // whole counts; what lies between, both included, is usual
	Spread    float64 // of the law, with the doubt about the mean in it
}

// Usual says whether a count lies in the band.
func (b Band) Usual(n float64) bool { return b.Known && n >= b.Low && n <= b.High }

// Surprise says how far a count lies above what was expected (negative: below), in units like those of a normal law; 0 where nothing is known.
func (b Band) Surprise(n float64) float64 {
	if !b.Known {
		return 0
	}
	return Surprise(n, b.Mean, b.Spread)
}

// Days is from how many ordinary days the profile was learned.
func (p *Profile) Days() int { return p.days }

// expected gives mean of an hour and how many weeks it is known from.
func (p *Profile) expected(hour int64, holiday bool) (mean, weight float64) {
	s := slot(hour)
	if holiday {
		return p.feast[s%24], p.feastN[s%24]
	}
	return p.rate[s], p.weight[s]
}

// Hour gives the band of an hour (Hour.Bucket), of which a share of the usual sources is heard, and that lies in a holiday or not.
func (p *Profile) Hour(hour int64, holiday bool, heard float64) Band {
	return p.Part(hour, holiday, heard, 1)
}

// Part is Hour for a part of the hour: a minute is a sixtieth of it.
func (p *Profile) Part(hour int64, holiday bool, heard, part float64) Band {
	mean, weight := p.expected(hour, holiday)
	if weight < leastKnown || heard < deaf {
		return Band{}
	}
	return band(mean*heard*part, p.spread, weight)
}

// Span gives the band of the sum of several hours, of whose last a part has passed: a day, or the hours up to now.
func (p *Profile) Span(from, to int64, holiday func(hour int64) bool, heard func(hour int64) float64, last float64) Band {
	var sum, share, weight float64
	n := 0
	for h := from; h < to; h++ {
		off := holiday != nil && holiday(h)
		ear := 1.0
		if heard != nil {
			ear = heard(h)
		}
		mean, w := p.expected(h, off)
		part := 1.0
		if h == to-1 {
			part = last
		}
		sum += mean * ear * part
		share += ear
		weight += w
		n++
	}
	if n == 0 || weight/float64(n) < leastKnown || share/float64(n) < deaf {
		return Band{}
	}
	// Hours of one day lean the same way: between an hour and a day the spread goes from the one's to the other's.
	part := min(1, math.Log(float64(n))/math.Log(24))
	return band(sum, p.spread*(1-part)+p.daySpread*part, weight/float64(n)*math.Sqrt(float64(n)))
}

// band puts the doubt about the mean into the spread and finds the edges.
func band(mean, spread, weight float64) Band {
	if mean > 0 {
		doubt := 1/weight + 1.5/(weight*weight) // of the mean, and of the spread while little is known
		variance := (mean + spread*mean*mean) * (1 + doubt)
		spread = max(0, (variance-mean)/(mean*mean))
		spread = min(spread, 10)
	}
	tail := (1 - inside) / 2
	return Band{Known: true, Mean: mean, Low: quantile(mean, spread, tail), High: quantile(mean, spread, 1-tail), Spread: spread}
}

// Sum gives the band of the sum of several hours that lean the same way; nothing is known of it when anything is unknown of one of them.
func Sum(hours []Band) Band {
	mean, lean := 0.0, 0.0
	for _, b := range hours {
		if !b.Known {
			return Band{}
		}
		mean += b.Mean
		lean += b.Mean * math.Sqrt(b.Spread)
	}
	if len(hours) == 0 {
		return Band{}
	}
	spread := 0.0
	if mean > 0 {
		spread = lean * lean / (mean * mean)
	}
	tail := (1 - inside) / 2
	return Band{Known: true, Mean: mean, Low: quantile(mean, spread, tail), High: quantile(mean, spread, 1-tail), Spread: spread}
}
