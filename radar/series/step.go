package series

import "time"

// Key names a series: what kind of thing it counts, and which.
type Key struct{ Kind, Key string }

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
