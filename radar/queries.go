package radar

import (
	"context"
	"time"

	"khue/regulation"
	"khue/store"
)

// look asks whether an actor may see stories and sources.
func (r *Room) look(by regulation.Actor) error {
	return r.rules.Can(by, "radar.story.view", regulation.Thing{Kind: "story", Office: centre}, r.now())
}

// Sources lists every source with its health, by name.
func (r *Room) Sources(ctx context.Context, by regulation.Actor) ([]Source, error) {
	if err := r.look(by); err != nil {
		return nil, err
	}
	rows, err := r.db.Query(ctx, sqlSources)
	list, err := store.All(rows, err, scanSource)
	if err != nil {
		return nil, err
	}
	perDay, err := r.perDay(ctx)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].PerDay = list[i].rate(perDay[list[i].ID], r.now())
	}
	return list, nil
}

// week is the time over which mentions a day are counted.
const week = 7 * 24 * time.Hour

func (r *Room) perDay(ctx context.Context) (map[string]int, error) {
	return store.Map[string, int](r.db.Query(ctx, sqlPerDay, store.Micros(r.now().Add(-week))))
}

// rate is mentions a day over the last week, or over the source's life when that is shorter, at least one day.
func (s Source) rate(n int, now time.Time) float64 {
	days := min(week, max(now.Sub(s.AddedAt), 24*time.Hour)).Hours() / 24
	return float64(n) / days
}

// Source gives one source with its health.
func (r *Room) Source(ctx context.Context, by regulation.Actor, id string) (Source, error) {
	if err := r.look(by); err != nil {
		return Source{}, err
	}
	s, err := scanSource(r.db.QueryRow(ctx, sqlSource, id))
	if err != nil {
		return s, store.NotFound(err)
	}
	perDay, err := r.perDay(ctx)
	s.PerDay = s.rate(perDay[s.ID], r.now())
	return s, err
}

// News gives the newest mentions of a source, at most limit.
func (r *Room) News(ctx context.Context, by regulation.Actor, source string, limit int) ([]Mention, error) {
	if err := r.look(by); err != nil {
		return nil, err
	}
	rows, err := r.db.Query(ctx, sqlSourceNews, source, limit)
	return store.All(rows, err, func(s store.Row) (Mention, error) { return scanMention(s) })
}

// StoryPage is a page of stories: those with the newest mention first.
type StoryPage struct {
	Stories []Story
	Next    StoryCursor // zero after the last page
}

// StoryCursor is where a page of stories begins: after a story.
type StoryCursor struct {
	Last time.Time
	ID   string
}

// Stories gives a page of stories with at least so many mentions, the one with the newest mention first.
func (r *Room) Stories(ctx context.Context, by regulation.Actor, atLeast, limit int, after StoryCursor) (StoryPage, error) {
	return r.StoriesOf(ctx, by, StoryFilter{AtLeast: atLeast}, limit, after)
}

// Story gives one story with its mentions in the order of their time, at most limit. A merged story leads to the one that it
// became part of.
func (r *Room) Story(ctx context.Context, by regulation.Actor, id string, limit int) (Story, []Mention, error) {
	if err := r.look(by); err != nil {
		return Story{}, nil, err
	}
	for range 10 { // merged again and again
		s, err := scanStory(r.db.QueryRow(ctx, sqlStory, id))
		if err != nil {
			return s, nil, store.NotFound(err)
		}
		if s.Merged != "" {
			id = s.Merged
			continue
		}
		s.State = stateAt(s.LastAt, r.now())
		rows, err := r.db.Query(ctx, sqlStoryMembers, id, limit)
		list, err := store.All(rows, err, func(s store.Row) (Mention, error) { return scanMention(s) })
		return s, list, err
	}
	return Story{}, nil, store.NotFound(errTooDeep)
}

// Sparkline counts a story's mentions an hour over the last hours: the newest last.
func (r *Room) Sparkline(ctx context.Context, id string, hours int) ([]float64, error) {
	return r.Hours(ctx, id, r.now(), hours)
}

// Hours counts a story's mentions an hour over the hours that end with the one of a moment: the newest last.
func (r *Room) Hours(ctx context.Context, id string, end time.Time, hours int) ([]float64, error) {
	start := end.Truncate(time.Hour).Add(-time.Duration(hours-1) * time.Hour)
	rows, err := r.db.Query(ctx, sqlStoryTimes, id, store.Micros(start))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := make([]float64, hours)
	for rows.Next() {
		var us int64
		if err := rows.Scan(&us); err != nil {
			return nil, err
		}
		if i := int(store.Time(us).Sub(start) / time.Hour); i >= 0 && i < hours {
			counts[i]++
		}
	}
	return counts, rows.Err()
}

// Mention gives one mention. It asks no rights: pages that show its story did.
func (r *Room) Mention(ctx context.Context, id string) (Mention, error) {
	m, err := scanMention(r.db.QueryRow(ctx, sqlMention, id))
	return m, store.NotFound(err)
}

// Heard is a source as the public knows it.
type Heard struct {
	Name string
	Kind SourceKind
	Well bool // it could be read when it was visited last, or was not visited yet
}

// Heard lists the sources that are listened to, by name. It is public: people may know what the centre hears.
func (r *Room) Heard(ctx context.Context) ([]Heard, error) {
	rows, err := r.db.Query(ctx, sqlSources)
	list, err := store.All(rows, err, scanSource)
	var heard []Heard
	for _, s := range list {
		if s.State == Active {
			heard = append(heard, Heard{s.Name, s.Kind, s.Failures == 0})
		}
	}
	return heard, err
}
