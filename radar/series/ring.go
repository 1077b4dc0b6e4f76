package series

import "time"

// Step is the width of what is counted together.
type Step int

// The steps.
const (
	Minute Step = iota
	Hour
	Day // of Vietnam's time
	steps
)

// offset is Vietnam's time before UTC, in seconds; it has no summer time.
const offset = 7 * 3600

var widths = [steps]int64{60, 3600, 86400}

// Width is how long a step is.
func (s Step) Width() time.Duration { return time.Duration(widths[s]) * time.Second }

// Bucket gives the number of the step that a moment lies in: minutes and hours since 1970 UTC, days since 1970 in Vietnam.
func (s Step) Bucket(at time.Time) int64 { return s.bucket(at.Unix()) }

func (s Step) bucket(sec int64) int64 {
	if s == Day {
		sec += offset
	}
	b := sec / widths[s]
	if sec%widths[s] < 0 { // before 1970
		b--
	}
	return b
}

// Start gives the moment at which a bucket begins.
func (s Step) Start(bucket int64) time.Time {
	sec := bucket * widths[s]
	if s == Day {
		sec -= offset
	}
	return time.Unix(sec, 0)
}

// Shape is how far back a series remembers, in buckets of each step; 0 keeps none of that step.
type Shape [steps]int

// The shapes: Long for what stays (a topic, a place), Short for what passes (a story).
var (
	Long  = Shape{240, 8 * 7 * 24, 400} // 8 KB
	Short = Shape{120, 7 * 24, 30}      // 1.3 KB
)

// ring holds the last len(counts) buckets; head is the newest one that was counted.
type ring struct {
	counts []uint32
	head   int64
	empty  bool
}

func (r *ring) add(bucket int64, n int32) {
	size := int64(len(r.counts))
	if size == 0 {
		return
	}
	switch {
	case r.empty:
		r.head, r.empty = bucket, false
	case bucket > r.head:
		if bucket-r.head >= size {
			clear(r.counts)
		} else {
			for b := r.head + 1; b <= bucket; b++ {
				r.counts[place(b, size)] = 0
			}
		}
		r.head = bucket
	case r.head-bucket >= size:
		return // older than is remembered
	}
	c := &r.counts[place(bucket, size)]
	switch sum := int64(*c) + int64(n); {
	case sum < 0:
		*c = 0
	case sum > 1<<32-1:
		*c = 1<<32 - 1
	default:
		*c = uint32(sum)
	}
}

func (r *ring) at(bucket int64) uint32 {
	size := int64(len(r.counts))
	if r.empty || bucket > r.head || r.head-bucket >= size {
		return 0
	}
	return r.counts[place(bucket, size)]
}

func place(bucket, size int64) int64 {
	p := bucket % size
	if p < 0 {
		p += size
	}
	return p
}

// Series is the counts of one thing. It belongs to one goroutine.
type Series struct {
	rings [steps]ring
	last  int64 // second of the newest count
	total int64
}

// New gives an empty series.
func New(shape Shape) *Series {
	s := &Series{}
	for i := range s.rings {
		s.rings[i] = ring{counts: make([]uint32, shape[i]), empty: true}
	}
	return s
}

// Add counts n at a moment in every ring; a negative n takes back. What is older than a ring remembers is left out of it.
func (s *Series) Add(at time.Time, n int) { s.add(at.Unix(), int32(n)) } //nolint:gosec // a count of one moment

func (s *Series) add(sec int64, n int32) {
	for i := range s.rings {
		s.rings[i].add(Step(i).bucket(sec), n)
	}
	s.last = max(s.last, sec)
	s.total += int64(n)
}

// At gives the count of a bucket, 0 where nothing is remembered.
func (s *Series) At(step Step, bucket int64) uint32 { return s.rings[step].at(bucket) }

// Window appends the counts of n buckets to dst, the last of them the one of a moment.
func (s *Series) Window(dst []uint32, step Step, end time.Time, n int) []uint32 {
	last := step.Bucket(end)
	for b := last - int64(n) + 1; b <= last; b++ {
		dst = append(dst, s.rings[step].at(b))
	}
	return dst
}

// Total is what was counted in all, whether it is still remembered or not.
func (s *Series) Total() int64 { return s.total }

// Last is the moment of the newest count, 1970 before the first.
func (s *Series) Last() time.Time { return time.Unix(s.last, 0) }
