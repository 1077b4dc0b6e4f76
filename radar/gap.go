package radar

import (
	"cmp"
	"context"
	"slices"
	"time"

	"khue/radar/series"
	"khue/store"
)

// Gap is a time in which a source could not be heard: its silence says nothing.
type Gap struct {
	Source string // its id
	Name   string
	From   time.Time
	To     time.Time // zero while it goes on
}

// over says whether the gap covers at least half of a stretch.
func (g Gap) over(from, to time.Time) bool {
	a, b := from, to
	if g.From.After(a) {
		a = g.From
	}
	if !g.To.IsZero() && g.To.Before(b) {
		b = g.To
	}
	return b.Sub(a) >= to.Sub(from)/2
}

// failing is how many visits must have failed one after another for a source to be held for silent.
const failing = 3

// silentNow gives the sources that fail or are paused now, as gaps since they were heard last.
func (r *Room) silentNow(ctx context.Context, from, to time.Time) ([]Gap, error) {
	rows, err := r.db.Query(ctx, sqlSources)
	list, err := store.All(rows, err, scanSource)
	if err != nil {
		return nil, err
	}
	var gaps []Gap
	for _, s := range list {
		since := s.Good
		if s.State == Paused {
			since = s.Last
		}
		if since.IsZero() || !since.Before(to) || s.State == Active && s.Failures < failing {
			continue // one that was never heard lacks nowhere
		}
		gaps = append(gaps, Gap{Source: s.ID, Name: s.Name, From: since})
	}
	slices.SortFunc(gaps, func(a, b Gap) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Source, b.Source)) })
	return gaps, nil
}

const sqlShares = `SELECT source, CAST(SUM(n) AS BIGINT) FROM series_source WHERE kind = ?1 AND key = ?2 AND day >= ?3 GROUP BY source`

// hearing is how much of a series could be heard, hour by hour.
type hearing struct {
	start int64 // hour
	share []float64
	gaps  []Gap // those that take something away
}

// at gives the share of an hour; beyond its ends all is heard.
func (h *hearing) at(hour int64) float64 {
	if h == nil || hour < h.start || hour-h.start >= int64(len(h.share)) {
		return 1
	}
	return h.share[hour-h.start]
}

// hear finds how much of a series could be heard in the hours from one to another: each silent source takes its usual share away. Of a story
// nobody's usual share is known.
func (r *Room) hear(ctx context.Context, key SeriesKey, from, to int64, gaps []Gap) (*hearing, error) {
	if len(gaps) == 0 || passing(key.Kind) {
		return nil, nil
	}
	h := &hearing{start: from, share: make([]float64, max(to-from, 0))}
	for i := range h.share {
		h.share[i] = 1
	}
	shares, total := map[string]float64{key.Key: 1}, 1.0
	if key.Kind != KindSource {
		counts, err := store.Map[string, int64](r.db.Query(ctx, sqlShares, key.Kind, key.Key, store.Micros(series.Hour.Start(from))))
		if err != nil {
			return nil, err
		}
		shares, total = map[string]float64{}, 0
		for source, n := range counts {
			shares[source] = float64(n)
			total += float64(n)
		}
	}
	for _, g := range gaps {
		part := shares[g.Source]
		if part <= 0 || total <= 0 {
			continue
		}
		h.gaps = append(h.gaps, g)
		for i := range h.share {
			hour := from + int64(i)
			if g.over(series.Hour.Start(hour), series.Hour.Start(hour+1)) {
				h.share[i] = max(0, h.share[i]-part/total)
			}
		}
	}
	return h, nil
}

// Gaps gives the sources that could not be heard between two moments. It asks no rights: pages that show it did.
func (r *Room) Gaps(ctx context.Context, from, to time.Time) ([]Gap, error) {
	return r.gaps(ctx, from, to)
}
