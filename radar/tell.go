package radar

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"khue/profile"
	"khue/radar/about"
	"khue/radar/topic"
	"khue/store"
)

const (
	// tellMethod is the version of how stories are read: those told by another are told again.
	tellMethod = 1
	// tellBatch is the number of stories told at once.
	tellBatch = 40
	// tellTexts is how many of a story's own texts are read: the first ones and the last ones.
	tellTexts = 40
	// tellGrowth is how much a story grows before it is told again.
	tellGrowth = 1.5
)

// told is what was found about one story, to be written.
type told struct {
	story    Story
	digest   about.Digest
	headline string
	labels   map[string]string
	sure     map[string]float64
	pairs    []Pair
}

// tellAnew marks the stories that another version of this program told.
func (r *Room) tellAnew(ctx context.Context) error {
	if r.knows == nil {
		return nil
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sqlDueByMethod, tellMethod)
		return err
	})
}

// tellDue tells what stories are about that are new or have grown, and gives how many there were. It belongs to the goroutine that
// groups, whose background it reads.
func (r *Room) tellDue(ctx context.Context) (int, error) {
	if r.knows == nil {
		return 0, nil
	}
	rows, err := r.db.Query(ctx, sqlDue, tellBatch)
	due, err := store.All(rows, err, store.Value[string])
	if err != nil || len(due) == 0 {
		return 0, err
	}
	if err := r.study(ctx); err != nil {
		return 0, err
	}
	names, err := store.Map[string, string](r.db.Query(ctx, sqlSayings))
	if err != nil {
		return 0, err
	}
	digester := about.NewDigester(r.knows.gazetteer, r.group.c.Common)
	var list []told
	for _, id := range due {
		one, err := r.digest(ctx, digester, id, names)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return 0, err
		}
		if err == nil && one.story.Merged == "" {
			list = append(list, one)
		}
	}
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, one := range list {
			if err := r.writeTold(ctx, tx, one); err != nil {
				return err
			}
		}
		for _, id := range due {
			if _, err := tx.Exec(ctx, sqlNotDue, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		r.tell()
	}
	return len(due), err
}

// subjectsOf says what each of a batch of mentions is counted in beside its story: the branch of its topic, and the wards and offices
// that it names.
func (r *Room) subjectsOf(ctx context.Context, list []placed) error {
	if r.knows == nil || len(list) == 0 {
		return nil
	}
	if err := r.study(ctx); err != nil {
		return err
	}
	names, err := store.Map[string, string](r.db.Query(ctx, sqlSayings))
	if err != nil {
		return err
	}
	d := about.NewDigester(r.knows.gazetteer, r.group.c.Common)
	for i := range list {
		m := list[i].Mention
		features, named := d.Look(about.Text{Title: m.Title, Body: m.Text, Source: names[m.Source]})
		var keys []SeriesKey
		labels, _ := r.guesses(features)
		if b := branchOf(labels[ByTopic]); b != "" && b != profile.OtherTopic {
			keys = append(keys, SeriesKey{Kind: KindTopic, Key: b})
		}
		for _, n := range named {
			switch n.Kind {
			case about.Ward:
				keys = append(keys, SeriesKey{Kind: KindPlace, Key: n.Code})
			case about.Office:
				keys = append(keys, SeriesKey{Kind: KindOffice, Key: n.Code})
			case about.District: // no unit of today
			}
		}
		list[i].keys = keys
	}
	return nil
}

// digest reads one story.
func (r *Room) digest(ctx context.Context, d *about.Digester, id string, sources map[string]string) (told, error) {
	s, err := scanStory(r.db.QueryRow(ctx, sqlStory, id))
	if err != nil || s.Merged != "" {
		return told{story: s}, err
	}
	mentions, err := r.voices(ctx, id)
	if err != nil || len(mentions) == 0 {
		return told{story: s}, errors.Join(err, sql.ErrNoRows)
	}
	copies, err := store.Map[string, int](r.db.Query(ctx, sqlCopies, id))
	if err != nil {
		return told{}, err
	}
	texts := make([]about.Text, len(mentions))
	for i, m := range mentions {
		texts[i] = about.Text{Title: m.Title, Body: m.Text, Copies: copies[m.ID], Source: sources[m.Source], Post: m.post}
	}
	one := told{story: s, digest: d.Digest(texts)}
	one.headline = strings.TrimSpace(mentions[one.digest.Central].Title)
	one.labels, one.sure = r.guesses(one.digest.Features)
	one.pairs, err = r.pairsOf(ctx, s, one.digest.Facets)
	return one, err
}

// voice is a text of its own; a post is an account's, whose words are not kept as long as those of the press.
type voice struct {
	Mention
	post bool
}

// voices gives the texts of their own that a story is read by: the first of them, and the last where there are more.
func (r *Room) voices(ctx context.Context, id string) ([]voice, error) {
	read := func(query string) ([]voice, error) {
		rows, err := r.db.Query(ctx, query, id, tellTexts/2)
		return store.All(rows, err, func(s store.Row) (v voice, err error) {
			var post int
			v.Mention, err = scanMention(s, &post)
			v.post = post == 1
			return v, err
		})
	}
	first, err := read(sqlVoices)
	if err != nil || len(first) < tellTexts/2 {
		return first, err
	}
	last, err := read(sqlLatest)
	slices.Reverse(last)
	for _, m := range last {
		if !slices.ContainsFunc(first, func(o voice) bool { return o.ID == m.ID }) {
			first = append(first, m)
		}
	}
	return first, err
}

func (r *Room) writeTold(ctx context.Context, tx *store.Tx, one told) error {
	id, d := one.story.ID, one.digest
	s, err := scanStory(tx.QueryRow(ctx, sqlStory, id))
	if err != nil || s.Merged != "" { // merged meanwhile
		return err
	}
	columns := make([]string, 0, 4)
	for _, v := range []any{orEmpty(d.Sentences), orEmpty(d.Terms), orEmpty(d.Facets), topic.Features(d.Features)} {
		data, err := json.Marshal(v)
		if err != nil {
			return err
		}
		columns = append(columns, string(data))
	}
	next := max(s.Mentions+1, int(math.Ceil(float64(one.story.Mentions)*tellGrowth)))
	if _, err := tx.Exec(ctx, sqlPutAbout, id, tellMethod, store.Micros(r.now()), one.story.Mentions, next, columns[0], columns[1], columns[2], columns[3],
		one.labels[ByTopic], branchOf(one.labels[ByTopic]), one.sure[ByTopic], one.labels[ByField], one.sure[ByField]); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlDropNames, id); err != nil {
		return err
	}
	for _, n := range d.Named {
		if _, err := tx.Exec(ctx, sqlPutName, id, n.Kind.String(), n.Code, n.Texts); err != nil {
			return err
		}
	}
	if one.headline != "" {
		if _, err := tx.Exec(ctx, sqlTitled, one.headline, id); err != nil {
			return err
		}
	}
	return r.writePairs(ctx, tx, one.pairs)
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// About is what a story is about, as it was told last. The zero value stands for a story that was not told yet.
type About struct {
	At        time.Time
	Mentions  int // that the story had then
	Sentences []string
	Terms     []about.Term
	Topic     Label
	Field     Label
	Names     []Name
}

// Label is a subject that a story has.
type Label struct {
	Key string  // its path, "" when the machine does not know
	P   float64 // how sure the machine is, 0 to 1
	By  string  // who said so, "" for the machine
	Why []topic.Part
}

// Name is a place or an office that a story's texts name.
type Name struct {
	Kind  string // "ward", "district", "office"
	Code  string
	Texts int // that name it
}

// mostReasons bounds the features that explain a label.
const mostReasons = 6

// About gives what a story is about. It asks no rights: pages that show the story did.
func (r *Room) About(ctx context.Context, id string) (About, error) {
	var a About
	if r.knows == nil {
		return a, nil
	}
	row, err := r.aboutRow(ctx, r.db, id)
	if err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return a, nil
		}
		return a, err
	}
	if err := r.study(ctx); err != nil {
		return a, err
	}
	a = row.About
	a.Topic.Why = r.explain(ByTopic, a.Topic.Key, row.features, mostReasons)
	a.Field.Why = r.explain(ByField, a.Field.Key, row.features, mostReasons)
	rows, err := r.db.Query(ctx, sqlNames, id)
	a.Names, err = store.All(rows, err, func(s store.Row) (n Name, err error) {
		err = s.Scan(&n.Kind, &n.Code, &n.Texts)
		return n, err
	})
	return a, err
}

// TopicOf gives a story's topic, "" when it has none. It asks no rights: pages that show the story did.
func (r *Room) TopicOf(ctx context.Context, id string) (string, error) {
	var key string
	err := r.db.QueryRow(ctx, sqlTopicOf, id).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return key, err
}

// aboutRow is a row of story_about.
type aboutRow struct {
	About
	facets   []string
	features topic.Features
}

func (r *Room) aboutRow(ctx context.Context, db store.Reader, id string) (aboutRow, error) {
	var a aboutRow
	var at int64
	var sentences, terms, facets, feats string
	err := db.QueryRow(ctx, sqlAbout, id).Scan(&at, &a.Mentions, &sentences, &terms, &facets, &feats, &a.Topic.Key, &a.Topic.P, &a.Topic.By, &a.Field.Key, &a.Field.P, &a.Field.By)
	if err != nil {
		return a, err
	}
	a.At = store.Time(at)
	for _, kept := range []struct {
		data string
		into any
	}{{sentences, &a.Sentences}, {terms, &a.Terms}, {facets, &a.facets}} {
		if err := json.Unmarshal([]byte(kept.data), kept.into); err != nil {
			return a, err
		}
	}
	a.features, err = features(feats)
	return a, err
}
