package radar

import (
	"context"
	"math"
	"strconv"
	"strings"

	"khue/regulation"
	"khue/store"
)

// StoryFilter chooses stories; what is empty chooses all.
type StoryFilter struct {
	AtLeast  int    // mentions
	Topic    string // path of a topic or of a branch
	Field    string
	Ward     string // code of a ward or of a former district
	Office   string // code
	Followed bool   // by the actor
}

// StoriesOf gives a page of the stories that a filter chooses, the one with the newest mention first.
func (r *Room) StoriesOf(ctx context.Context, by regulation.Actor, f StoryFilter, limit int, after StoryCursor) (StoryPage, error) {
	if err := r.look(by); err != nil {
		return StoryPage{}, err
	}
	last := int64(math.MaxInt64)
	if !after.Last.IsZero() {
		last = store.Micros(after.Last)
	}
	query, args := sqlFiltered, []any{f.AtLeast, last, after.ID, limit + 1}
	add := func(part, value string) {
		if value != "" {
			args = append(args, value)
			query += strings.ReplaceAll(part, "?N", "?"+strconv.Itoa(len(args)))
		}
	}
	add(sqlOfTopic, f.Topic)
	add(sqlOfField, f.Field)
	add(sqlOfPlace, f.Ward)
	add(sqlOfOffice, f.Office)
	if f.Followed {
		add(sqlOfFollower, by.ID)
	}
	rows, err := r.db.Query(ctx, query+sqlNewest, args...)
	list, err := store.All(rows, err, scanStory)
	if err != nil {
		return StoryPage{}, err
	}
	p := StoryPage{Stories: list}
	if len(list) > limit {
		p.Stories = list[:limit]
		end := p.Stories[limit-1]
		p.Next = StoryCursor{end.LastAt, end.ID}
	}
	now := r.now()
	for i := range p.Stories {
		p.Stories[i].State = stateAt(p.Stories[i].LastAt, now)
	}
	return p, nil
}
