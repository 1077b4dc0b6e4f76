package series

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestBuckets(t *testing.T) {
	at := time.Date(2031, 1, 5, 17, 30, 0, 0, time.UTC) // Monday 0:30 in Vietnam
	if d := Day.Start(Day.Bucket(at)); !d.Equal(time.Date(2031, 1, 5, 17, 0, 0, 0, time.UTC)) {
		t.Errorf("the day begins at %v", d)
	}
	if s := slot(Hour.Bucket(at)); s != 0 {
		t.Errorf("hour %d of the week", s)
	}
	for _, step := range []Step{Minute, Hour, Day} {
		for _, at := range []time.Time{at, time.Unix(-1, 0), time.Unix(0, 0)} {
			b := step.Bucket(at)
			if from := step.Start(b); from.After(at) || !from.Add(step.Width()).After(at) {
				t.Errorf("step %d: %v lies not in %v", step, at, from)
			}
		}
	}
}

// TestLaw holds the quantiles against sums of the law, and against draws.
func TestLaw(t *testing.T) {
	for _, c := range []struct{ m, a float64 }{{0.05, 0}, {1, 0}, {7.5, 0}, {120, 0}, {0.5, 1}, {10, 0.3}, {100, 0.05}, {290, 0.2}} {
		for _, p := range []float64{0.025, 0.5, 0.975} {
			k := quantile(c.m, c.a, p)
			below, at := cdf(c.m, c.a, k-1), cdf(c.m, c.a, k)
			if below >= p || at < p {
				t.Errorf("mean %v, spread %v: the %v quantile is %v, where the law holds %v below and %v with it", c.m, c.a, p, k, below, at)
			}
		}
	}
	// Where the normal law takes over nothing jumps.
	for _, a := range []float64{0, 0.05, 0.3} {
		for _, p := range []float64{0.025, 0.975} {
			small, big := quantile(large, a, p), quantile(large+1e-9, a, p)
			if math.Abs(small-big) > 0.03*small+1 {
				t.Errorf("spread %v: the %v quantile jumps from %v to %v", a, p, small, big)
			}
		}
	}
	if quantile(0, 1, 0.9) != 0 {
		t.Error("of nothing something is expected")
	}
}

func cdf(m, a, k float64) float64 {
	sum := 0.0
	for i := 0.0; i <= k; i++ {
		l := -m + i*math.Log(m)
		g, _ := math.Lgamma(i + 1)
		l -= g
		if a > 0 {
			r := 1 / a
			x, _ := math.Lgamma(i + r)
			y, _ := math.Lgamma(r)
			l = x - y - g + r*math.Log(r/(r+m)) + i*math.Log(m/(r+m))
		}
		sum += math.Exp(l)
	}
	return sum
}

func TestSurprise(t *testing.T) {
	if Surprise(10, 10, 0.1) != 0 || Surprise(20, 10, 0) <= Surprise(20, 10, 0.5) || Surprise(2, 10, 0) >= 0 || Surprise(30, 10, 0) <= Surprise(20, 10, 0) {
		t.Error("surprise is not ordered")
	}
	if s := Surprise(160, 100, 0); s < 5 || s > 6.5 {
		t.Errorf("160 of 100: %v", s)
	}
}

// TestBursts: a burst begins with its first loud hour, goes on over one calm hour and ends with the second.
func TestBursts(t *testing.T) {
	b := Band{Known: true, Mean: 2, High: 5}
	var points []Point
	for i, n := range []uint32{1, 2, 9, 12, 4, 7, 2, 3, 2, 6, 1, 0, 0, 8} {
		points = append(points, Point{Bucket: int64(100 + i), N: n, Band: b})
	}
	points[9].Known = false // nothing is known of that hour
	got := Bursts(points)
	want := []Burst{{Start: 102, End: 105, Peak: 103, N: 32, Expected: 8}, {Start: 113, End: 113, Peak: 113, N: 8, Expected: 2, Open: true}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	few := []Point{{Bucket: 1, N: 2, Band: Band{Known: true, Mean: 0.01, High: 0}}}
	if len(Bursts(few)) != 0 {
		t.Error("two are no burst, however little was expected")
	}
}

func TestSum(t *testing.T) {
	one := Band{Known: true, Mean: 5, Low: 1, High: 10, Spread: 0.2}
	sum := Sum([]Band{one, one, one, {Known: true}})
	if !sum.Known || sum.Mean != 15 || math.Abs(sum.Spread-0.2) > 1e-9 || sum.Low > 15 || sum.High < 15 || sum.High > 40 {
		t.Errorf("%+v", sum)
	}
	if Sum([]Band{one, {}}).Known || Sum(nil).Known {
		t.Error("of what is not known a sum is known")
	}
	if quiet := Sum([]Band{{Known: true}}); quiet.High != 0 || !quiet.Known {
		t.Errorf("%+v", quiet)
	}
}

// TestLearnIsRepeatable: the same history gives the same profile, to the last bit.
func TestLearnIsRepeatable(t *testing.T) {
	c := &city{level: 20, spread: 0.1, rng: rand.New(rand.NewPCG(5, 6))}
	counts := c.hours(monday, 8*week)
	first := Learn(History{Start: monday, Counts: counts})
	for range 5 {
		if *Learn(History{Start: monday, Counts: counts}) != *first {
			t.Fatal("two profiles of one history differ")
		}
	}
}

func BenchmarkLearn(b *testing.B) {
	c := &city{level: 20, spread: 0.1, rng: rand.New(rand.NewPCG(5, 6))}
	counts := c.hours(monday, 8*week)
	b.ReportAllocs()
	for b.Loop() {
		Learn(History{Start: monday, Counts: counts})
	}
}
