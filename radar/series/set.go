package series

import (
	"cmp"
	"slices"
	"time"
)

// Key names a series: what kind of thing it counts, and which.
type Key struct{ Kind, Key string }

// Set is many series, bounded in number: when it is full, the eighth of them that was silent longest is dropped. It belongs to one goroutine.
type Set struct {
	most    int
	shape   func(kind string) Shape
	series  map[Key]*Series
	dropped int
}

// NewSet gives an empty set of at most so many series, at least 8; shape gives how far back those of a kind remember, nil for Long.
func NewSet(most int, shape func(kind string) Shape) *Set {
	if shape == nil {
		shape = func(string) Shape { return Long }
	}
	return &Set{most: max(most, 8), shape: shape, series: map[Key]*Series{}}
}

// Add counts n of a thing at a moment.
func (s *Set) Add(k Key, at time.Time, n int) { s.of(k).add(at.Unix(), int32(n)) } //nolint:gosec // a count of one moment

func (s *Set) of(k Key) *Series {
	if one := s.series[k]; one != nil {
		return one
	}
	if len(s.series) >= s.most {
		s.drop()
	}
	one := New(s.shape(k.Kind))
	s.series[k] = one
	return one
}

// Get gives a series, nil for one that is not held.
func (s *Set) Get(k Key) *Series { return s.series[k] }

// Len is the number of series held.
func (s *Set) Len() int { return len(s.series) }

// Dropped is how many series were dropped for room.
func (s *Set) Dropped() int { return s.dropped }

// Merge counts what is remembered of one thing as another's, and drops the one.
func (s *Set) Merge(from, into Key) {
	a := s.series[from]
	if a == nil || from == into {
		return
	}
	delete(s.series, from)
	b := s.of(into)
	for step := range steps {
		r := &a.rings[step]
		if r.empty {
			continue
		}
		for bucket := r.head - int64(len(r.counts)) + 1; bucket <= r.head; bucket++ {
			if n := r.at(bucket); n > 0 {
				b.rings[step].add(bucket, int32(min(n, 1<<31-1))) //nolint:gosec // bounded beside it
			}
		}
	}
	b.last, b.total = max(a.last, b.last), a.total+b.total
}

// drop makes room.
func (s *Set) drop() {
	type aged struct {
		k    Key
		last int64
	}
	all := make([]aged, 0, len(s.series))
	for k, one := range s.series {
		all = append(all, aged{k, one.last})
	}
	slices.SortFunc(all, func(a, b aged) int {
		return cmp.Or(cmp.Compare(a.last, b.last), cmp.Compare(a.k.Kind, b.k.Kind), cmp.Compare(a.k.Key, b.k.Key))
	})
	for _, one := range all[:max(s.most/8, 1)] {
		delete(s.series, one.k)
		s.dropped++
	}
}
