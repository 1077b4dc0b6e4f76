package radar

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"khue/problem"
	"khue/radar/series"
	"khue/regulation"
	"khue/store"
)

// Trend (xu hướng) is how much is told of one thing over a time, with what was to be expected of it.
type Trend struct {
	Key    SeriesKey
	Step   series.Step
	From   time.Time // of the first point
	To     time.Time // end of the last one, or now
	Points []TrendPoint
	Bursts []TrendBurst
	Gaps   []Gap // that took something away from it
	Total  int
}

// TrendPoint is one step of a Trend. What was expected of it was learned from what came before its day alone.
type TrendPoint struct {
	At    time.Time
	N     int
	Band  series.Band
	Heard float64 // share of its usual sources that could be heard, 0 to 1
}

// TrendBurst is a run of points above what was expected.
type TrendBurst struct {
	Start, Peak time.Time
	End         time.Time // end of its last point above the band
	N           int
	Expected    float64
	Open        bool // it goes on
}

// TrendQuery is what a Trend is asked for: the steps that lie between two moments. A To that is zero, or to come, is now.
type TrendQuery struct {
	Key      SeriesKey
	Step     series.Step
	From, To time.Time
}

// mostPoints bounds the points of a trend by step: two days of minutes, two months of hours, two years of days.
var mostPoints = map[series.Step]int64{series.Minute: 2880, series.Hour: 62 * 24, series.Day: 750}

// Trend gives a series over a time. A time that is empty, or longer than its step can be told for, is a problem of field from; a kind that
// nobody counts is problem.NotFound.
func (r *Room) Trend(ctx context.Context, by regulation.Actor, q TrendQuery) (Trend, error) {
	if err := r.look(by); err != nil {
		return Trend{}, err
	}
	if !slices.Contains(SeriesKinds, q.Key.Kind) {
		return Trend{}, problem.New(problem.NotFound)
	}
	now := r.now()
	if q.To.IsZero() || q.To.After(now) {
		q.To = now
	}
	from, to := q.Step.Bucket(q.From), q.Step.Bucket(q.To.Add(-time.Microsecond))+1
	if to <= from {
		return Trend{}, problem.Of("from", problem.Invalid, "why", "@trend.why.empty")
	}
	if to-from > mostPoints[q.Step] {
		return Trend{}, problem.Of("from", problem.Invalid, "why", "@trend.why.long")
	}
	t := Trend{Key: q.Key, Step: q.Step, From: q.Step.Start(from), To: q.To}
	first, last := series.Hour.Bucket(t.From), series.Hour.Bucket(q.To.Add(-time.Microsecond))+1
	gaps, err := r.gaps(ctx, t.From, q.To)
	if err != nil {
		return t, err
	}
	tell, err := r.telling(ctx, q.Key, first, last, gaps, false)
	if err != nil {
		return t, err
	}
	if tell.p.heard != nil {
		t.Gaps = tell.p.heard.gaps
	}
	if err := r.points(ctx, &t, tell, from, to); err != nil {
		return t, err
	}
	t.Bursts = burstsOf(t.Step, t.Points)
	for _, p := range t.Points {
		t.Total += p.N
	}
	return t, nil
}

// telling reads what is needed to tell a series in the hours from one to another.
func (r *Room) telling(ctx context.Context, key SeriesKey, from, to int64, gaps []Gap, cache bool) (*teller, error) {
	p, err := r.readPast(ctx, key, from, to, gaps)
	if err != nil {
		return nil, err
	}
	var all *past
	if key.Kind != KindAll {
		if all, err = r.readPast(ctx, SeriesKey{Kind: KindAll}, from, to, gaps); err != nil {
			return nil, err
		}
	}
	return r.teller(p, all, cache), nil
}

// points fills the points of a trend.
func (r *Room) points(ctx context.Context, t *Trend, tell *teller, from, to int64) error {
	var minutes []uint32
	if t.Step == series.Minute {
		var err error
		if minutes, err = r.buckets(ctx, t.Key, series.Minute, from, to); err != nil {
			return err
		}
	}
	for b := from; b < to; b++ {
		at := t.Step.Start(b)
		p := TrendPoint{At: at, Heard: tell.p.heard.at(series.Hour.Bucket(at))}
		end := at.Add(t.Step.Width())
		part := 1.0
		if end.After(t.To) {
			part = float64(t.To.Sub(at)) / float64(t.Step.Width())
			end = t.To
		}
		switch t.Step {
		case series.Minute:
			p.N = int(minutes[b-from])
			p.Band = tell.hour(series.Hour.Bucket(at), part/60)
		case series.Hour:
			p.N = int(tell.p.count(b))
			p.Band = tell.hour(b, part)
		case series.Day:
			first, last := series.Hour.Bucket(at), series.Hour.Bucket(end.Add(-time.Microsecond))+1
			heard := 0.0
			for h := first; h < last; h++ {
				p.N += int(tell.p.count(h))
				heard += tell.p.heard.at(h)
			}
			p.Heard = heard / float64(last-first)
			p.Band = tell.span(first, last, passed(end, last))
		}
		t.Points = append(t.Points, p)
	}
	return nil
}

// passed is the part of the hour before last that lies before a moment.
func passed(end time.Time, last int64) float64 {
	return min(1, max(0, float64(end.Sub(series.Hour.Start(last-1)))/float64(time.Hour)))
}

// burstsOf finds the runs of points above their bands.
func burstsOf(step series.Step, points []TrendPoint) []TrendBurst {
	list := make([]series.Point, len(points))
	for i, p := range points {
		list[i] = series.Point{Bucket: step.Bucket(p.At), N: uint32(p.N), Band: p.Band} //nolint:gosec // read from one
	}
	var bursts []TrendBurst
	for _, b := range series.Bursts(list) {
		bursts = append(bursts, TrendBurst{step.Start(b.Start), step.Start(b.Peak), step.Start(b.End + 1), b.N, b.Expected, b.Open})
	}
	return bursts
}

// Rise is how a series stands now against what was to be expected.
type Rise struct {
	Key      SeriesKey
	From, To time.Time // what N was counted in
	N        int
	Band     series.Band
	Surprise float64      // of N, above what was expected; a series of which nothing is usual yet is held against a quiet one
	Lately   []TrendPoint // the last day by hour
	Start    time.Time    // when the burst that goes on began, zero while none does
	New      bool         // that was after the reader's last look
}

const (
	sqlLoudest = `SELECT key, CAST(SUM(n) AS BIGINT) FROM series WHERE kind = ?1 AND step = 3600 AND at >= ?2 AND at < ?3 GROUP BY key HAVING SUM(n) > 0 ORDER BY 2 DESC, key LIMIT ?4`
	sqlSeenAt  = `SELECT at FROM trend_seen WHERE account = ?1`
	sqlSeen    = `INSERT INTO trend_seen (account, at) VALUES (?1, ?2) ON CONFLICT (account) DO UPDATE SET at = excluded.at`
)

const (
	// candidates is how many of the loudest series of a kind are held against what is expected of them, storyCandidates how many stories: of each
	// more has to be learned.
	candidates, storyCandidates = 300, 120
	// lately is how many hours a Rise shows.
	lately = 24
	// quietPace is mentions an hour of a thing of which nothing is known, and quietSpread how much they scatter.
	quietPace, quietSpread = 0.3, 1.0
)

// RisingQuery is what Rising is asked for.
type RisingQuery struct {
	Kind  string
	Hours int // full hours before the one that runs, 1 to 168
	Limit int
}

// Rising gives the series of a kind that stand highest above what was to be expected of the last hours, the highest first. Everything that was
// told in that time is among them, up to the loudest few hundred, so that the last ones lie below what was expected.
func (r *Room) Rising(ctx context.Context, by regulation.Actor, q RisingQuery) ([]Rise, error) {
	if err := r.look(by); err != nil {
		return nil, err
	}
	if !slices.Contains(SeriesKinds, q.Kind) {
		return nil, problem.New(problem.NotFound)
	}
	if q.Hours < 1 || q.Hours > 168 {
		return nil, problem.Of("hours", problem.Invalid, "why", "@trend.why.hours")
	}
	seen, err := r.Looked(ctx, by)
	if err != nil {
		return nil, err
	}
	now := r.now()
	to := series.Hour.Bucket(now) + 1
	from := to - 1 - int64(q.Hours)
	gaps, err := r.gaps(ctx, series.Hour.Start(min(from, to-lately)), now)
	if err != nil {
		return nil, err
	}
	all, err := r.readPast(ctx, SeriesKey{Kind: KindAll}, min(from, to-lately), to, gaps)
	if err != nil {
		return nil, err
	}
	type loud struct {
		key string
		n   int64
	}
	most := candidates
	if passing(q.Kind) {
		most = storyCandidates
	}
	rows, err := r.db.Query(ctx, sqlLoudest, q.Kind, store.Micros(series.Hour.Start(from)), store.Micros(series.Hour.Start(to)), most)
	list, err := store.All(rows, err, func(row store.Row) (l loud, err error) { return l, row.Scan(&l.key, &l.n) })
	if err != nil {
		return nil, err
	}
	var rises []Rise
	for _, l := range list {
		one, err := r.rise(ctx, SeriesKey{Kind: q.Kind, Key: l.key}, from, to, gaps, all)
		if err != nil {
			return nil, err
		}
		one.New = !one.Start.IsZero() && one.Start.After(seen)
		rises = append(rises, one)
	}
	slices.SortStableFunc(rises, func(a, b Rise) int {
		return cmp.Or(cmp.Compare(b.Surprise, a.Surprise), cmp.Compare(b.N, a.N), cmp.Compare(a.Key.Key, b.Key.Key))
	})
	return rises[:min(len(rises), max(q.Limit, 0))], nil
}

func (r *Room) rise(ctx context.Context, key SeriesKey, from, to int64, gaps []Gap, all *past) (Rise, error) {
	now := r.now()
	start := min(from, to-lately)
	p, err := r.readLately(ctx, key, start, to, gaps)
	if err != nil {
		return Rise{}, err
	}
	if key.Kind == KindAll {
		all = nil
	}
	tell := r.teller(p, all, true)
	last := passed(now, to)
	one := Rise{Key: key, From: series.Hour.Start(from), To: now, Band: tell.span(from, to, last)}
	for h := from; h < to; h++ {
		one.N += int(p.count(h))
	}
	one.Surprise = one.Band.Surprise(float64(one.N))
	if !one.Band.Known {
		one.Surprise = series.Surprise(float64(one.N), quietPace*(float64(to-from-1)+last), quietSpread)
	}
	for h := to - lately; h < to; h++ {
		part := 1.0
		if h == to-1 {
			part = last
		}
		one.Lately = append(one.Lately, TrendPoint{At: series.Hour.Start(h), N: int(p.count(h)), Band: tell.hour(h, part), Heard: p.heard.at(h)})
	}
	if bursts := burstsOf(series.Hour, one.Lately); len(bursts) > 0 && bursts[len(bursts)-1].Open {
		one.Start = bursts[len(bursts)-1].Start
	}
	return one, nil
}

// Looked gives when a person last said that they had seen the trends, zero for never.
func (r *Room) Looked(ctx context.Context, by regulation.Actor) (time.Time, error) {
	var at int64
	err := r.db.QueryRow(ctx, sqlSeenAt, by.ID).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return store.Time(at), err
}

// LookedNow notes that a person has seen the trends up to now. It changes nobody's state but the reader's own, so it has no entry in the ledger.
func (r *Room) LookedNow(ctx context.Context, by regulation.Actor) error {
	if err := r.look(by); err != nil {
		return err
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sqlSeen, by.ID, store.Micros(r.now()))
		return err
	})
}
