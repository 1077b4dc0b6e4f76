package radar

import (
	"context"
	"sync"
	"time"

	"khue/radar/series"
	"khue/regulation/calendar"
	"khue/store"
)

const (
	// learnHours is how far back what is usual is learned from.
	learnHours = 8 * 7 * 24
	// settled is how old an hour of a story must be before it counts for what is usual of it: what is younger may be the burst.
	settled = 3
	// storyLeast is how many hours a story must have run for anything to be usual of it.
	storyLeast = 12
	// storyMost is of how many hours together something is expected of a story: of more than a day nothing is usual.
	storyMost = 25
	// mostProfiles bounds the profiles that are kept in memory, 3 KB each.
	mostProfiles = 4096
)

const (
	sqlBuckets = `SELECT at, n FROM series WHERE kind = ?1 AND key = ?2 AND step = ?3 AND at >= ?4 AND at < ?5 AND n > 0`
	sqlFirstOf = `SELECT MIN(at) FROM series WHERE kind = ?1 AND key = ?2 AND step = 3600 AND n > 0`
	// What is told of topics is counted from the first of them on: before it their zeros mean nothing.
	sqlFirstKind = `SELECT MIN(at) FROM series WHERE kind = ?1 AND step = 3600`
)

// profiles keeps what was learned, for the quarter of a day in which it was: what comes late for the hours before is learned after it.
type profiles struct {
	sync.Mutex
	quarter int64
	of      map[profileKey]*series.Profile // guarded by the mutex
}

type profileKey struct {
	SeriesKey
	upTo int64
}

func newProfiles() *profiles { return &profiles{of: map[profileKey]*series.Profile{}} }

func (p *profiles) get(hour int64, k profileKey) *series.Profile {
	p.Lock()
	defer p.Unlock()
	if p.quarter != hour/6 || len(p.of) > mostProfiles {
		p.quarter = hour / 6
		clear(p.of)
	}
	return p.of[k]
}

func (p *profiles) put(k profileKey, one *series.Profile) {
	p.Lock()
	defer p.Unlock()
	p.of[k] = one
}

// past is the hours of a series from its start on, as far as they are needed, with how much of it was heard.
type past struct {
	key    SeriesKey
	start  int64 // first hour
	begun  int64 // hour from which on the series could have had counts
	counts []uint32
	heard  *hearing
}

// readPast reads the hours of a series from one to another, with those before that are learned from.
func (r *Room) readPast(ctx context.Context, key SeriesKey, from, to int64, gaps []Gap) (*past, error) {
	p, err := r.readHours(ctx, key, from-learnHours, to, gaps)
	if err != nil {
		return nil, err
	}
	query, args := sqlFirstOf, []any{key.Kind, key.Key}
	if key.Kind == KindTopic || key.Kind == KindPlace || key.Kind == KindOffice {
		query, args = sqlFirstKind, args[:1]
	}
	var first *int64
	if err := r.db.QueryRow(ctx, query, args...).Scan(&first); err != nil {
		return nil, err
	}
	p.begun = to
	if first != nil {
		p.begun = series.Hour.Bucket(store.Time(*first))
	}
	return p, nil
}

// readLately is readPast that leaves out what comes before from when everything that would be learned from it is known already.
func (r *Room) readLately(ctx context.Context, key SeriesKey, from, to int64, gaps []Gap) (*past, error) {
	now := series.Hour.Bucket(r.now())
	for hour := from; hour < to; hour++ {
		if r.usual.get(now, profileKey{key, upTo(key.Kind, hour)}) == nil {
			return r.readPast(ctx, key, from, to, gaps)
		}
	}
	return r.readHours(ctx, key, from, to, gaps)
}

// readHours reads the hours of a series from one to another.
func (r *Room) readHours(ctx context.Context, key SeriesKey, from, to int64, gaps []Gap) (*past, error) {
	p := &past{key: key, start: from}
	var err error
	if p.counts, err = r.buckets(ctx, key, series.Hour, from, to); err != nil {
		return nil, err
	}
	p.heard, err = r.hear(ctx, key, from, to, gaps)
	return p, err
}

// buckets reads the counts of a series from one bucket to another, of minutes or hours.
func (r *Room) buckets(ctx context.Context, key SeriesKey, step series.Step, from, to int64) ([]uint32, error) {
	counts := make([]uint32, max(to-from, 0))
	rows, err := r.db.Query(ctx, sqlBuckets, key.Kind, key.Key, int64(step.Width()/time.Second), store.Micros(step.Start(from)), store.Micros(step.Start(to)))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var at, n int64
		if err := rows.Scan(&at, &n); err != nil {
			return nil, err
		}
		if i := step.Bucket(store.Time(at)) - from; i >= 0 && i < int64(len(counts)) {
			counts[i] = uint32(min(n, 1<<32-1)) //nolint:gosec // never negative, bounded beside it
		}
	}
	return counts, rows.Err()
}

// count gives the count of an hour.
func (p *past) count(hour int64) uint32 {
	if i := hour - p.start; i >= 0 && i < int64(len(p.counts)) {
		return p.counts[i]
	}
	return 0
}

// learn gives what was usual of the series before an hour, likened to a larger one while it was young.
func (r *Room) learn(p *past, upTo int64, like *series.Profile) *series.Profile {
	start := max(p.start, upTo-learnHours, p.begun)
	if passing(p.key.Kind) && upTo-start < storyLeast || start >= upTo {
		return &series.Profile{}
	}
	end := min(upTo-p.start, int64(len(p.counts)))
	if start-p.start >= end {
		return &series.Profile{}
	}
	return series.Learn(series.History{Start: start, Counts: p.counts[start-p.start : end], Heard: p.heard.at, Holiday: r.holiday, Like: like})
}

// upTo is the hour before which a series is looked at to say what is expected of another hour: the beginning of its day in Vietnam, or, of a story,
// the quarter of a day that ended some hours before.
func upTo(kind string, hour int64) int64 {
	if passing(kind) {
		return (hour - settled) / 6 * 6
	}
	return series.Hour.Bucket(series.Day.Start(series.Day.Bucket(series.Hour.Start(hour))))
}

// holiday says whether an hour lies in a holiday.
func (r *Room) holiday(hour int64) bool {
	if r.calendar == nil {
		return false
	}
	off := r.calendar.Off(calendar.DayOf(series.Hour.Start(hour)))
	return off != "" && off != "weekend"
}

// teller says what is expected of one series, hour by hour. It belongs to one goroutine.
type teller struct {
	r     *Room
	p     *past
	all   *past // of everything, that a young series is likened to; nil for that itself
	now   int64
	cache bool // keep what is learned for the next who asks
	own   map[int64]*series.Profile
	city  map[int64]*series.Profile
}

func (r *Room) teller(p, all *past, cache bool) *teller {
	return &teller{r: r, p: p, all: all, now: series.Hour.Bucket(r.now()), cache: cache, own: map[int64]*series.Profile{}, city: map[int64]*series.Profile{}}
}

// profile gives what was usual before an hour's day.
func (t *teller) profile(hour int64) *series.Profile {
	edge := upTo(t.p.key.Kind, hour)
	return t.known(t.own, t.p, edge, func() *series.Profile {
		if t.all == nil {
			return nil
		}
		return t.known(t.city, t.all, upTo(KindAll, hour), func() *series.Profile { return nil })
	})
}

func (t *teller) known(of map[int64]*series.Profile, p *past, edge int64, like func() *series.Profile) *series.Profile {
	if one := of[edge]; one != nil {
		return one
	}
	k := profileKey{p.key, edge}
	if t.cache {
		if one := t.r.usual.get(t.now, k); one != nil {
			of[edge] = one
			return one
		}
	}
	one := t.r.learn(p, edge, like())
	of[edge] = one
	if t.cache {
		t.r.usual.put(k, one)
	}
	return one
}

// hour gives the band of an hour, or of the part of it that has passed.
func (t *teller) hour(hour int64, part float64) series.Band {
	return t.profile(hour).Part(hour, t.r.holiday(hour), t.p.heard.at(hour), part)
}

// span gives the band of the hours from one up to another, of whose last a part has passed.
// A story has no rhythm of its own: each of its hours is held against what it did until shortly before.
func (t *teller) span(from, to int64, last float64) series.Band {
	if passing(t.p.key.Kind) {
		if to-from > storyMost {
			return series.Band{}
		}
		hours := make([]series.Band, 0, to-from)
		for h := from; h < to; h++ {
			part := 1.0
			if h == to-1 {
				part = last
			}
			hours = append(hours, t.hour(h, part))
		}
		return series.Sum(hours)
	}
	return t.profile(from).Span(from, to, t.r.holiday, t.p.heard.at, last)
}
