package series

const (
	// leastCount is the number below which an hour is no burst, whatever was expected of it.
	leastCount = 3
	// calm is how many hours in their band end a burst.
	calm = 2
)

// Point is one bucket of a series with what was expected of it.
type Point struct {
	Bucket int64
	N      uint32
	Band
}

// Above says whether a point stands out: more than its band, and enough to be anything.
func (p Point) Above() bool { return p.Known && p.N >= leastCount && float64(p.N) > p.High }

// Burst is a run of points above their band; one calm point between two does not end it.
type Burst struct {
	Start, End int64 // buckets of the first and the last point above the band
	Peak       int64 // of the largest
	N          int   // counted from Start to End
	Expected   float64
	Open       bool // it reaches the end of the points: it may go on
}

// Bursts finds the bursts of a run of points in the order of their buckets.
func Bursts(points []Point) []Burst {
	var list []Burst
	var b Burst
	var peak uint32
	open, quiet := false, 0
	var n int
	var expected float64 // of the calm points since the last one above
	for _, p := range points {
		switch {
		case p.Above() && !open:
			open, quiet, n, expected, peak = true, 0, 0, 0, p.N
			b = Burst{Start: p.Bucket, End: p.Bucket, Peak: p.Bucket, N: int(p.N), Expected: p.Mean}
		case p.Above():
			b.End, b.N, b.Expected = p.Bucket, b.N+n+int(p.N), b.Expected+expected+p.Mean
			if p.N > peak {
				b.Peak, peak = p.Bucket, p.N
			}
			quiet, n, expected = 0, 0, 0
		case open:
			quiet++
			n, expected = n+int(p.N), expected+p.Mean
			if quiet >= calm {
				list, open = append(list, b), false
			}
		}
	}
	if open {
		b.Open = true
		list = append(list, b)
	}
	return list
}
