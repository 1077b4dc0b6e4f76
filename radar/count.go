package radar

import (
	"cmp"
	"context"
	"slices"
	"time"

	"khue/radar/series"
	"khue/store"
)

// SeriesKey names what a series counts: of what kind, and which. Of kind KindAll the key is "".
type SeriesKey = series.Key

// The kinds of series that the radar counts itself, and those that others count with Count or Config.Keys.
const (
	KindAll    = "all"    // every mention
	KindSource = "source" // by its id
	KindStory  = "story"  // by its id
	KindTopic  = "topic"  // by the topic's key
	KindPlace  = "place"  // by the ward's code
	KindOffice = "office" // by the office's code
	KindWatch  = "watch"  // by its id
)

// SeriesKinds are the kinds in the order in which they are shown.
var SeriesKinds = []string{KindStory, KindTopic, KindPlace, KindOffice, KindWatch, KindSource, KindAll}

// passing says whether a series of a kind lives a few days only: it has no rhythm of its own, and no account by source.
func passing(kind string) bool { return kind == KindStory }

// Counted is mentions that are to be counted.
type Counted struct {
	SeriesKey
	Source string // that told them, "" when it is not known
	At     time.Time
	N      int // negative takes back
}

const (
	sqlCount = `INSERT INTO series (kind, key, step, at, n) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (kind, key, step, at) DO UPDATE SET n = CASE WHEN series.n + excluded.n < 0 THEN 0 ELSE series.n + excluded.n END`
	sqlCountSource = `INSERT INTO series_source (kind, key, source, day, n) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (kind, key, source, day) DO UPDATE SET n = CASE WHEN series_source.n + excluded.n < 0 THEN 0 ELSE series_source.n + excluded.n END`
	sqlMoveCounts = `INSERT INTO series (kind, key, step, at, n) SELECT kind, CAST(?1 AS TEXT), step, at, n FROM series WHERE kind = 'story' AND key = ?2
ON CONFLICT (kind, key, step, at) DO UPDATE SET n = series.n + excluded.n`
	sqlDropCounts   = `DELETE FROM series WHERE kind = ?1 AND key = ?2`
	sqlRecountStory = `INSERT INTO series (kind, key, step, at, n)
SELECT 'story', CAST(?1 AS TEXT), CAST(?2 AS BIGINT), published / ?3 * ?3, COUNT(*) FROM mention WHERE story = ?1 AND published >= ?4 GROUP BY published / ?3`
	sqlTrimMinutes = `DELETE FROM series WHERE kind = ?1 AND step = 60 AND at < ?2`
)

// keepMinutes is how long counts by minute are kept.
const keepMinutes = 48 * time.Hour

// Count counts mentions in a transaction, that of whatever made them so: a topic that was given, a watch that was met. Counts of one transaction
// are best handed over together: they are added up and written in one order.
func (r *Room) Count(ctx context.Context, tx *store.Tx, list ...Counted) error {
	t := newTally(r.now())
	for _, c := range list {
		t.add(c)
	}
	return t.write(ctx, tx)
}

// tally adds up counts before they are written.
type tally struct {
	minutes time.Time // since when minutes are counted
	buckets map[bucket]int
	sources map[sourceDay]int
}

type bucket struct {
	SeriesKey
	step, at int64 // seconds, microseconds
}

type sourceDay struct {
	SeriesKey
	source string
	day    int64
}

func newTally(now time.Time) *tally {
	return &tally{minutes: now.Add(-keepMinutes), buckets: map[bucket]int{}, sources: map[sourceDay]int{}}
}

func (t *tally) add(c Counted) {
	for _, step := range []series.Step{series.Minute, series.Hour} {
		if step == series.Minute && c.At.Before(t.minutes) {
			continue
		}
		t.buckets[bucket{c.SeriesKey, int64(step.Width() / time.Second), store.Micros(step.Start(step.Bucket(c.At)))}] += c.N
	}
	if c.Source != "" && !passing(c.Kind) && c.Kind != KindSource {
		t.sources[sourceDay{c.SeriesKey, c.Source, store.Micros(series.Day.Start(series.Day.Bucket(c.At)))}] += c.N
	}
}

// write writes what was added up, always in the same order, so that two writers do not wait for each other.
func (t *tally) write(ctx context.Context, tx *store.Tx) error {
	buckets := make([]bucket, 0, len(t.buckets))
	for b := range t.buckets {
		buckets = append(buckets, b)
	}
	slices.SortFunc(buckets, func(a, b bucket) int {
		return cmp.Or(compareKeys(a.SeriesKey, b.SeriesKey), cmp.Compare(a.step, b.step), cmp.Compare(a.at, b.at))
	})
	for _, b := range buckets {
		if n := t.buckets[b]; n != 0 {
			if _, err := tx.Exec(ctx, sqlCount, b.Kind, b.Key, b.step, b.at, n); err != nil {
				return err
			}
		}
	}
	days := make([]sourceDay, 0, len(t.sources))
	for d := range t.sources {
		days = append(days, d)
	}
	slices.SortFunc(days, func(a, b sourceDay) int {
		return cmp.Or(compareKeys(a.SeriesKey, b.SeriesKey), cmp.Compare(a.source, b.source), cmp.Compare(a.day, b.day))
	})
	for _, d := range days {
		if n := t.sources[d]; n != 0 {
			if _, err := tx.Exec(ctx, sqlCountSource, d.Kind, d.Key, d.source, d.day, n); err != nil {
				return err
			}
		}
	}
	return nil
}

func compareKeys(a, b SeriesKey) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key))
}

// countPlaced counts what a batch of mentions was placed in: everything, their sources, their stories, and what Config.Keys says of them.
func (r *Room) countPlaced(ctx context.Context, tx *store.Tx, list []placed) error {
	t := newTally(r.now())
	for _, p := range list {
		keys := []SeriesKey{{Kind: KindAll}, {Kind: KindSource, Key: p.Source}, {Kind: KindStory, Key: p.story}}
		keys = append(keys, p.keys...)
		if r.keys != nil {
			m := p.Mention
			m.Story, m.CopyOf = p.story, p.copy
			more, err := r.keys(ctx, tx, m)
			if err != nil {
				return err
			}
			keys = append(keys, more...)
		}
		for _, k := range keys {
			t.add(Counted{SeriesKey: k, Source: p.Source, At: p.Published, N: 1})
		}
	}
	return t.write(ctx, tx)
}

// moveCounts counts a story's mentions as those of the one that it became part of.
func moveCounts(ctx context.Context, tx *store.Tx, from, into string) error {
	if _, err := tx.Exec(ctx, sqlMoveCounts, into, from); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, sqlDropCounts, KindStory, from)
	return err
}

// RecountStory counts a story anew from its mentions: after some of them were moved by hand.
func (r *Room) RecountStory(ctx context.Context, tx *store.Tx, story string) error {
	if _, err := tx.Exec(ctx, sqlDropCounts, KindStory, story); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlRecountStory, story, 3600, time.Hour.Microseconds(), 0); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, sqlRecountStory, story, 60, time.Minute.Microseconds(), store.Micros(r.now().Add(-keepMinutes)))
	return err
}

// trimCounts forgets minutes that are older than they are kept.
func (r *Room) trimCounts(ctx context.Context, tx *store.Tx) error {
	for _, kind := range SeriesKinds {
		if _, err := tx.Exec(ctx, sqlTrimMinutes, kind, store.Micros(r.now().Add(-keepMinutes))); err != nil {
			return err
		}
	}
	return nil
}
