package radar

import (
	"context"
	"math"
	"slices"
	"time"

	"khue/problem"
	"khue/radar/watch"
	"khue/regulation"
	"khue/store"
)

const (
	// trialDays is how far back a query is tried, trialMost how many mentions are read for it at most.
	trialDays, trialMost = 30, 100_000
	// trialHits is the number of the last hits that a trial shows.
	trialHits = 10
	// trialsAtOnce bounds the trials that read at the same time, so that trying does not keep others waiting.
	trialsAtOnce = 2
	trialBatch   = 500
	// watchesShown bounds a list of watches.
	watchesShown = 1000
)

// WatchHit is a mention that a watch found.
type WatchHit struct {
	N  int64     // its place, for paging
	At time.Time // when it was found; of a trial when it was seen
	Mention
	Marked []Piece      // the title, with what was looked for
	Part   []Piece      // of the text around what was looked for; none when it stands in the title alone
	Places []watch.Span // where it stands: field 0 is the title, 1 the text
}

// Trial is what a query would have found.
type Trial struct {
	Hits    []WatchHit // the last ones
	Total   int
	PerDay  float64
	Busiest int       // hits of the fullest day
	Day     time.Time // the fullest day, zero for none
	Read    int       // mentions that were read
	Since   time.Time // from when on
	Whole   bool      // all mentions of the thirty days were read
}

// TryWatch runs a query over the mentions of the last thirty days, the newest first, and tells how many alerts a day they would have given.
// It reads a bounded number of mentions; where there were more, Whole is false and the rate is that of the time that was read.
func (r *Room) TryWatch(ctx context.Context, by regulation.Actor, query string) (Trial, error) {
	if err := r.rules.Can(by, "radar.watch.edit", regulation.Thing{Kind: "watch", Office: centre}, r.now()); err != nil {
		return Trial{}, err
	}
	q, bad := parseWatch(query)
	if bad != nil {
		return Trial{}, bad
	}
	select {
	case r.trials <- struct{}{}:
		defer func() { <-r.trials }()
	case <-ctx.Done():
		return Trial{}, ctx.Err()
	}
	return r.try(ctx, watch.Compile([]*watch.Query{q}), trialMost)
}

func (r *Room) try(ctx context.Context, book *watch.Book, most int) (Trial, error) {
	now := r.now()
	since := now.AddDate(0, 0, -trialDays)
	t := Trial{Since: now}
	days := map[time.Time]int{}
	for before, more := int64(math.MaxInt64), true; more; {
		numbers, list, err := r.readRecent(ctx, before)
		if err != nil {
			return t, err
		}
		more = false // the order is that of becoming ready: a batch that was seen before is the end
		for _, m := range list {
			if m.Seen.Before(since) {
				continue
			}
			more = true
			t.Read++
			if m.Seen.Before(t.Since) {
				t.Since = m.Seen
			}
			book.Scan(func(match watch.Match) {
				t.Total++
				days[dayOf(m.Seen)]++
				if len(t.Hits) < trialHits {
					t.Hits = append(t.Hits, hitOf(m, 0, m.Seen, match.Spans))
				}
			}, m.Title, m.Text)
		}
		if t.Whole = !more || len(list) < trialBatch; t.Whole || t.Read >= most {
			break
		}
		before = numbers[len(numbers)-1]
	}
	t.PerDay = float64(t.Total) / max(now.Sub(t.Since).Hours()/24, 1)
	for day, n := range days {
		if n > t.Busiest || n == t.Busiest && day.After(t.Day) {
			t.Busiest, t.Day = n, day
		}
	}
	return t, nil
}

func dayOf(t time.Time) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
}

func (r *Room) readRecent(ctx context.Context, before int64) ([]int64, []Mention, error) {
	var numbers []int64
	rows, err := r.db.Query(ctx, sqlRecent, before, trialBatch)
	list, err := store.All(rows, err, func(row store.Row) (Mention, error) {
		var n int64
		m, err := scanMention(row, &n)
		numbers = append(numbers, n)
		return m, err
	})
	return numbers, list, err
}

func hitOf(m Mention, n int64, at time.Time, spans []watch.Span) WatchHit {
	h := WatchHit{N: n, At: at, Mention: m, Places: slices.Clone(spans)}
	h.Marked, h.Part = excerpt(m, spans)
	return h
}

// Watches lists the watches, the newest first and the ended ones last, each with its hits of the last day and week.
func (r *Room) Watches(ctx context.Context, by regulation.Actor) ([]Watch, error) {
	if err := r.look(by); err != nil {
		return nil, err
	}
	var all []Watch
	for _, state := range []WatchState{WatchActive, WatchEnded} {
		rows, err := r.db.Query(ctx, sqlWatches, string(state), watchesShown)
		list, err := store.All(rows, err, scanWatch)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, r.countHits(ctx, all)
}

// countHits fills the hits of the last day and week.
func (r *Room) countHits(ctx context.Context, list []Watch) error {
	now := r.now()
	day, err := store.Map[string, int](r.db.Query(ctx, sqlHitsSince, store.Micros(now.Add(-24*time.Hour))))
	if err != nil {
		return err
	}
	seven, err := store.Map[string, int](r.db.Query(ctx, sqlHitsSince, store.Micros(now.Add(-week))))
	for i := range list {
		list[i].Day, list[i].Week = day[list[i].ID], seven[list[i].ID]
	}
	return err
}

// Watch gives one watch with its hits, the last one first, at most limit, those before a place when it is not 0.
func (r *Room) Watch(ctx context.Context, by regulation.Actor, id string, limit int, before int64) (Watch, []WatchHit, error) {
	if err := r.look(by); err != nil {
		return Watch{}, nil, err
	}
	one := make([]Watch, 1)
	var err error
	if one[0], err = scanWatch(r.db.QueryRow(ctx, sqlWatch, id)); err != nil {
		return Watch{}, nil, store.NotFound(err)
	}
	if err := r.countHits(ctx, one); err != nil {
		return Watch{}, nil, err
	}
	if before <= 0 {
		before = math.MaxInt64
	}
	hits, err := r.readHits(ctx, one[0], sqlHitsOf, before, limit)
	return one[0], hits, err
}

// readHits reads hits and finds anew where the query stands in them; a query that was changed since may stand nowhere.
func (r *Room) readHits(ctx context.Context, w Watch, query string, place int64, limit int) ([]WatchHit, error) {
	var book *watch.Book
	if q, bad := parseWatch(w.Query); bad == nil {
		book = watch.Compile([]*watch.Query{q})
	}
	rows, err := r.db.Query(ctx, query, w.ID, place, limit)
	return store.All(rows, err, func(row store.Row) (WatchHit, error) {
		var n, at int64
		m, err := scanMention(row, &n, &at)
		h := hitOf(m, n, store.Time(at), nil)
		if book != nil {
			book.Scan(func(match watch.Match) { h = hitOf(m, n, store.Time(at), match.Spans) }, m.Title, m.Text)
		}
		return h, err
	})
}

// SourceName gives the name of a source, "" for one that is not known. It asks no rights: pages that show its mentions did.
func (r *Room) SourceName(ctx context.Context, id string) string {
	var name string
	if err := r.db.QueryRow(ctx, sqlSourceName, id).Scan(&name); err != nil && problem.CodeOf(store.NotFound(err)) != problem.NotFound {
		r.log.Warn("radar: a source's name", "err", err)
	}
	return name
}
