package radar

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"khue/problem"
	"khue/radar/topic"
	"khue/regulation"
	"khue/store"
)

// Follow makes a person follow a story, or with follow false no longer. Doing it twice changes nothing.
func (r *Room) Follow(ctx context.Context, by regulation.Actor, story string, follow bool) error {
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, err := r.permitted(ctx, tx, by, story, "radar.story.follow")
		if err != nil {
			return err
		}
		list, err := followers(ctx, tx, s.ID)
		if err != nil || slices.Contains(list, by.ID) == follow {
			return err
		}
		kind, entry := EventFollowed, entryStoryFollowed
		if follow {
			_, err = tx.Exec(ctx, sqlFollow, by.ID, s.ID, store.Micros(r.now()))
		} else {
			kind, entry = EventLeft, entryStoryLeft
			_, err = tx.Exec(ctx, sqlUnfollow, by.ID, s.ID)
		}
		if err != nil {
			return err
		}
		if err := r.event(ctx, tx, Event{Story: s.ID, Kind: kind, By: by.ID}); err != nil {
			return err
		}
		return r.append(ctx, tx, by, entry, s, handBody{Story: s.ID})
	})
}

func (r *Room) permitted(ctx context.Context, tx *store.Tx, by regulation.Actor, story, action string) (Story, error) {
	s, err := resolve(ctx, tx, story)
	if err != nil {
		return s, err
	}
	return s, r.rules.Can(by, action, s.Thing(), r.now())
}

func followers(ctx context.Context, db store.Reader, story string) ([]string, error) {
	rows, err := db.Query(ctx, sqlFollowers, story)
	return store.All(rows, err, store.Value[string])
}

// Followers gives the accounts that follow a story, the first follower first. It asks no rights: pages that show the story did.
func (r *Room) Followers(ctx context.Context, story string) ([]string, error) {
	return followers(ctx, r.db, story)
}

// Note adds a note to a story, for all who work on it. The ledger gets its hash.
func (r *Room) Note(ctx context.Context, by regulation.Actor, story, words string) error {
	words = strings.TrimSpace(words)
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, err := r.permitted(ctx, tx, by, story, "radar.story.note")
		if err != nil {
			return err
		}
		if words == "" {
			return problem.Of("note", problem.Required)
		}
		if len(words) > maxNote {
			return problem.Of("note", problem.Invalid, "why", "@radar.too-long")
		}
		if err := r.event(ctx, tx, Event{Story: s.ID, Kind: EventNote, By: by.ID, Words: words}); err != nil {
			return err
		}
		sum := sha256.Sum256([]byte(words))
		return r.append(ctx, tx, by, entryStoryNoted, s, handBody{Story: s.ID, Words: hex.EncodeToString(sum[:])})
	})
}

// recentStories is how long a story that nobody corrected may be put under another subject after a correction elsewhere.
const recentStories = closesAfter

// Correct says what a story's subject is, by way ByTopic or ByField. It is a lesson for the model: those stories of the last three days
// that it may concern, and that nobody put right by hand, are looked at again. A label that is no leaf is problem.Invalid.
func (r *Room) Correct(ctx context.Context, by regulation.Actor, story, way, label string) error {
	if r.knows == nil || !slices.Contains(r.knows.labels[way], label) {
		return problem.Of(way, problem.Invalid, "why", "@about.why.subject")
	}
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, err := r.permitted(ctx, tx, by, story, "radar.topic.correct")
		if err != nil {
			return err
		}
		row, err := r.aboutRow(ctx, tx, s.ID)
		if err != nil {
			return store.NotFound(err)
		}
		was, kind := row.Topic.Key, EventTopic
		if way == ByField {
			was, kind = row.Field.Key, EventField
			_, err = tx.Exec(ctx, sqlSetField, label, by.ID, s.ID)
		} else {
			_, err = tx.Exec(ctx, sqlSetTopic, label, branchOf(label), by.ID, s.ID)
		}
		if err != nil {
			return err
		}
		data, err := json.Marshal(row.features)
		if err != nil {
			return err
		}
		var n int64
		if err := tx.QueryRow(ctx, sqlNextOf, "topic-lesson").Scan(&n); err != nil {
			return err
		}
		now := r.now()
		if _, err := tx.Exec(ctx, sqlInsertLesson, n, way, s.ID, label, was, string(data), by.ID, store.Micros(now)); err != nil {
			return err
		}
		again := sqlDueByTopic
		if way == ByField {
			again = sqlDueByField
		}
		if _, err := tx.Exec(ctx, again, branchOf(was), branchOf(label), store.Micros(now.Add(-recentStories))); err != nil {
			return err
		}
		if err := r.event(ctx, tx, Event{Story: s.ID, Kind: kind, By: by.ID, Words: label}); err != nil {
			return err
		}
		return r.append(ctx, tx, by, entryTopicCorrected, s, handBody{Story: s.ID, Way: way, Label: label, Was: was})
	})
	if err == nil {
		r.poke()
	}
	return err
}

// Lesson is a correction that the model learned from.
type Lesson struct {
	Story, Headline string
	Label, Was      string
	By              string
	At              time.Time
}

// SubjectPage is what is known of one subject.
type SubjectPage struct {
	Subject
	Strongest []topic.Part // the features that speak for it most, by the model as it is taught now
	Lessons   []Lesson     // the last first
}

// mostStrong and mostLessons bound what a subject's page shows.
const mostStrong, mostLessons = 40, 50

// SubjectPage gives what makes the machine choose a subject, and what analysts taught it. A branch of the tree shows its children's lessons.
func (r *Room) SubjectPage(ctx context.Context, by regulation.Actor, way, key string) (SubjectPage, error) {
	if err := r.look(by); err != nil {
		return SubjectPage{}, err
	}
	s, ok := r.Subject(way, key)
	if !ok {
		return SubjectPage{}, problem.New(problem.NotFound)
	}
	p := SubjectPage{Subject: s}
	if err := r.study(ctx); err != nil {
		return p, err
	}
	p.Strongest = r.explain(way, key, nil, mostStrong)
	rows, err := r.db.Query(ctx, sqlLessonsOf, way, key, mostLessons)
	p.Lessons, err = store.All(rows, err, func(row store.Row) (l Lesson, err error) {
		var at int64
		var headline *string
		err = row.Scan(&l.Story, &l.Label, &l.Was, &l.By, &at, &headline)
		l.At = store.Time(at)
		if headline != nil {
			l.Headline = *headline
		}
		return l, err
	})
	return p, err
}

// SubjectCounts gives, for each subject of a way, the stories with a mention since a moment and the lessons ever; a branch counts all
// below it.
func (r *Room) SubjectCounts(ctx context.Context, by regulation.Actor, way string, since time.Time) (stories, lessons map[string]int, err error) {
	if err := r.look(by); err != nil {
		return nil, nil, err
	}
	query := sqlCountTopic
	if way == ByField {
		query = sqlCountField
	}
	if stories, err = store.Map[string, int](r.db.Query(ctx, query, store.Micros(since))); err != nil {
		return nil, nil, err
	}
	lessons, err = store.Map[string, int](r.db.Query(ctx, sqlCountLessons, way))
	for _, m := range []map[string]int{stories, lessons} {
		sums := map[string]int{}
		for key, n := range m {
			if b := branchOf(key); b != key {
				sums[b] += n
			}
		}
		for b, n := range sums {
			m[b] += n
		}
	}
	return stories, lessons, err
}
