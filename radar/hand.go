package radar

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"khue/ledger"
	"khue/problem"
	"khue/radar/cluster"
	"khue/regulation"
	"khue/store"
)

// What a person does to the grouping by hand.
const (
	handMerge = "merge"
	handSplit = "split"
)

// hand is an act on the grouping. It was done when the mentions up to position had their stories, and is done to the grouping in memory
// at the same place, also when mentions are read again after a start.
type hand struct {
	n        int64
	position int64
	kind     string
	story    string // that was merged or split
	other    string // that it went into; the new one of a split
	mentions []string
}

// handCounter numbers the acts, handState keeps which are in the kept state of the grouping.
const (
	handCounter = "story-hand"
	handState   = "hand"
)

// storyNumber reads a story's number out of its id; 0 when it is none.
func storyNumber(id string) uint64 {
	if rest, ok := strings.CutPrefix(id, "h"); ok {
		n, err := strconv.ParseUint(rest, 36, 32)
		if err != nil {
			return 0
		}
		return cluster.Hand + n
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(id, "s"), 36, 64)
	if err != nil || !strings.HasPrefix(id, "s") {
		return 0
	}
	return n
}

// act does one act to the grouping in memory.
func (g *group) act(h hand) {
	from, other := storyNumber(h.story), storyNumber(h.other)
	switch h.kind {
	case handMerge:
		g.c.Join(from, other)
		g.d.Merge(from, other)
	case handSplit:
		ids := map[string]bool{}
		for _, id := range h.mentions {
			ids[id] = true
		}
		g.c.Split(from, ids, other)
	}
	g.hands = h.n
}

// acts does the acts that came before a mention, by its place.
func (g *group) acts(pending []hand, before int64) []hand {
	for len(pending) > 0 && pending[0].position < before {
		g.act(pending[0])
		pending = pending[1:]
	}
	return pending
}

func (r *Room) handsAfter(ctx context.Context, n int64) ([]hand, error) {
	rows, err := r.db.Query(ctx, sqlHandsAfter, n)
	return store.All(rows, err, func(row store.Row) (h hand, err error) {
		var list string
		if err := row.Scan(&h.n, &h.position, &h.kind, &h.story, &h.other, &list); err != nil {
			return h, err
		}
		return h, json.Unmarshal([]byte(list), &h.mentions)
	})
}

// loadHands takes up which acts are in the kept state of the grouping; of those, what was split stays apart.
func (r *Room) loadHands(ctx context.Context, g *group) error {
	var data []byte
	err := r.db.QueryRow(ctx, sqlState, handState).Scan(&g.hands, &data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	list, err := r.handsAfter(ctx, 0)
	for _, h := range list {
		if h.n > g.hands {
			break
		}
		if h.kind == handSplit {
			g.c.Apart(storyNumber(h.story), storyNumber(h.other))
		}
	}
	return err
}

// errHanded says that a person acted on the grouping while mentions were grouped: they are grouped again.
var errHanded = errors.New("radar: stories were merged or split by hand meanwhile")

// unhanded fails when acts have come that the grouping has not done.
func (g *group) unhanded(ctx context.Context, tx *store.Tx) error {
	var last int64
	if err := tx.QueryRow(ctx, sqlLastHand).Scan(&last); err != nil {
		return err
	}
	if last != g.hands {
		return errHanded
	}
	return nil
}

// handled reads a story that somebody wants to act on, or the one that it became part of, and asks whether they may.
func (r *Room) handled(ctx context.Context, tx *store.Tx, by regulation.Actor, id string) (Story, error) {
	s, err := resolve(ctx, tx, id)
	if err != nil {
		return s, err
	}
	return s, r.rules.Can(by, "radar.story.merge", s.Thing(), r.now())
}

// resolve reads a story, or the one that it became part of.
func resolve(ctx context.Context, db store.Reader, id string) (Story, error) {
	for range 10 {
		s, err := scanStory(db.QueryRow(ctx, sqlStory, id))
		if err != nil {
			return s, store.NotFound(err)
		}
		if s.Merged == "" {
			return s, nil
		}
		id = s.Merged
	}
	return Story{}, store.NotFound(errTooDeep)
}

// Merge makes two stories one, because a person says that they tell the same matter. The one that was heard of first remains, and is
// given back. Stories in two languages are joined instead.
func (r *Room) Merge(ctx context.Context, by regulation.Actor, story, other, why string) (Story, error) {
	why = strings.TrimSpace(why)
	var into Story
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		a, err := r.handled(ctx, tx, by, story)
		if err != nil {
			return err
		}
		b, err := resolve(ctx, tx, other)
		if err != nil {
			return problem.Of("other", problem.Invalid, "why", "@about.why.none")
		}
		switch {
		case a.ID == b.ID:
			return problem.Of("other", problem.Invalid, "why", "@about.why.same")
		case a.Lang != b.Lang:
			return problem.Of("other", problem.Invalid, "why", "@about.why.two-languages")
		case len(why) > maxWhy:
			return problem.Of("why", problem.Invalid, "why", "@radar.too-long")
		}
		if storyNumber(a.ID) < storyNumber(b.ID) {
			a, b = b, a
		}
		into = b
		if err := r.putHand(ctx, tx, by, hand{kind: handMerge, story: a.ID, other: b.ID}); err != nil {
			return err
		}
		if err := r.mergeRows(ctx, tx, merge{a.ID, b.ID}, by.ID, why); err != nil {
			return err
		}
		if err := countStory(ctx, tx, b.ID, r.now()); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlDueAnyway, b.ID); err != nil {
			return err
		}
		return r.append(ctx, tx, by, entryStoryMerged, b, handBody{Story: a.ID, Other: b.ID})
	})
	if err == nil {
		r.poke()
		r.tell()
	}
	return into, err
}

// mergeRows moves all that belongs to a story to the one that it became part of. by is "" for the machine.
func (r *Room) mergeRows(ctx context.Context, tx *store.Tx, m merge, by, why string) error {
	for _, step := range []struct {
		query string
		args  []any
	}{
		{sqlMoveMentions, []any{m.into, m.from}},
		{sqlMoveSignals, []any{m.into, m.from}},
		{sqlMergeStory, []any{m.into, m.from}},
		{sqlFlatten, []any{m.into, m.from}},
		{sqlMoveFollowers, []any{m.into, m.from}},
		{sqlDropFollowers, []any{m.from}},
		{sqlMovePairVI, []any{m.into, m.from}},
		{sqlMovePairEN, []any{m.into, m.from}},
		{sqlDropPairsOf, []any{m.from}},
		{sqlDropNames, []any{m.from}},
		{sqlDropAbout, []any{m.from}},
		{sqlNotDue, []any{m.from}},
	} {
		if _, err := tx.Exec(ctx, step.query, step.args...); err != nil {
			return err
		}
	}
	if err := moveCounts(ctx, tx, m.from, m.into); err != nil {
		return err
	}
	return r.event(ctx, tx, Event{Story: m.into, Kind: EventMerged, By: by, Other: m.from, Words: why})
}

// Split takes mentions out of a story into a new one, with all that repeats them, and gives the new one. The machine keeps the two apart
// from then on. At least one mention must be chosen and one must remain: problem.Invalid of field mention.
func (r *Room) Split(ctx context.Context, by regulation.Actor, story string, mentions []string, why string) (Story, error) {
	why = strings.TrimSpace(why)
	var made Story
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, err := r.handled(ctx, tx, by, story)
		if err != nil {
			return err
		}
		if len(why) > maxWhy {
			return problem.Of("reason", problem.Invalid, "why", "@radar.too-long")
		}
		moved, all, err := chosen(ctx, tx, s.ID, mentions)
		if err != nil {
			return err
		}
		if len(moved) == 0 || len(moved) == all {
			return problem.Of("mention", problem.Invalid, "why", "@about.why.split")
		}
		h := hand{kind: handSplit, story: s.ID}
		for _, m := range moved {
			h.mentions = append(h.mentions, m.id)
		}
		if h.other, err = r.putSplit(ctx, tx, by, h, s); err != nil {
			return err
		}
		for _, m := range moved {
			if _, err := tx.Exec(ctx, sqlMoveMention, h.other, m.copyOf, m.id); err != nil {
				return err
			}
		}
		for _, id := range []string{s.ID, h.other} {
			if err := countStory(ctx, tx, id, r.now()); err != nil {
				return err
			}
			if err := r.RecountStory(ctx, tx, id); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, sqlDueAnyway, id); err != nil {
				return err
			}
		}
		for _, e := range []Event{{Story: s.ID, Kind: EventSplit, Other: h.other}, {Story: h.other, Kind: EventSplitFrom, Other: s.ID}} {
			e.By, e.Words = by.ID, why
			if err := r.event(ctx, tx, e); err != nil {
				return err
			}
		}
		if made, err = scanStory(tx.QueryRow(ctx, sqlStory, h.other)); err != nil {
			return err
		}
		return r.append(ctx, tx, by, entryStorySplit, s, handBody{Story: s.ID, Other: h.other, Mentions: h.mentions})
	})
	if err == nil {
		r.poke()
		r.tell()
	}
	return made, err
}

// member is a mention that is moved, with the one that it still repeats there.
type member struct{ id, copyOf string }

// chosen gives the mentions of a story that are meant: the chosen ones and what repeats them; and how many the story has.
func chosen(ctx context.Context, tx *store.Tx, story string, mentions []string) (moved []member, all int, err error) {
	rows, err := tx.Query(ctx, sqlMemberIDs, story)
	list, err := store.All(rows, err, func(row store.Row) (m member, err error) {
		err = row.Scan(&m.id, &m.copyOf)
		return m, err
	})
	if err != nil {
		return nil, 0, err
	}
	in := map[string]bool{}
	for _, id := range mentions {
		in[id] = true
	}
	for _, m := range list {
		if in[m.id] || m.copyOf != "" && in[m.copyOf] {
			moved = append(moved, m)
		}
	}
	for i := range moved {
		if !slices.ContainsFunc(moved, func(o member) bool { return o.id == moved[i].copyOf }) {
			moved[i].copyOf = "" // what it repeats stays behind
		}
	}
	return moved, len(list), nil
}

// putSplit keeps an act and opens the new story, whose id follows from the act's number.
func (r *Room) putSplit(ctx context.Context, tx *store.Tx, by regulation.Actor, h hand, s Story) (string, error) {
	if err := r.numberHand(ctx, tx, &h); err != nil {
		return "", err
	}
	h.other = storyID(cluster.Hand + uint64(h.n))
	at := store.Micros(s.FirstAt)
	if _, err := tx.Exec(ctx, sqlInsertStory, h.other, s.Headline, s.Lang, string(Live), h.mentions[0], at, at); err != nil {
		return "", err
	}
	return h.other, r.insertHand(ctx, tx, by, h)
}

func (r *Room) putHand(ctx context.Context, tx *store.Tx, by regulation.Actor, h hand) error {
	if err := r.numberHand(ctx, tx, &h); err != nil {
		return err
	}
	return r.insertHand(ctx, tx, by, h)
}

// numberHand gives an act its number and its place among the mentions. It holds the row that says how far mentions are grouped, so that
// the grouping's own writing comes before it or after it.
func (r *Room) numberHand(ctx context.Context, tx *store.Tx, h *hand) error {
	if _, err := tx.Exec(ctx, sqlLockAssign, store.Micros(r.now()), stateAssigned); err != nil {
		return err
	}
	var data []byte
	if err := tx.QueryRow(ctx, sqlState, stateAssigned).Scan(&h.position, &data); err != nil {
		return store.NotFound(err)
	}
	return tx.QueryRow(ctx, sqlNextOf, handCounter).Scan(&h.n)
}

func (r *Room) insertHand(ctx context.Context, tx *store.Tx, by regulation.Actor, h hand) error {
	list, err := json.Marshal(orEmpty(h.mentions))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, sqlInsertHand, h.n, h.position, h.kind, h.story, h.other, string(list), by.ID, store.Micros(r.now()))
	return err
}

// append writes a ledger entry about a story.
func (r *Room) append(ctx context.Context, tx *store.Tx, by regulation.Actor, kind string, s Story, body any) error {
	_, err := r.ledger.Append(ctx, tx, ledger.Entry{Kind: kind, Actor: by.ID, Thing: s.Thing().Ref(), Body: body, At: r.now()})
	return err
}

// Parts gives the ids of the stories that became part of one.
func (r *Room) Parts(ctx context.Context, id string) ([]string, error) {
	rows, err := r.db.Query(ctx, sqlParts, id)
	return store.All(rows, err, store.Value[string])
}

// EventKind is what happened to a story.
type EventKind string

// The kinds of events.
const (
	EventMerged    EventKind = "merged"     // another became part of it
	EventSplit     EventKind = "split"      // another was taken out of it
	EventSplitFrom EventKind = "split-from" // it was taken out of another
	EventJoined    EventKind = "joined"     // with one in another language
	EventParted    EventKind = "parted"     // from one in another language
	EventTopic     EventKind = "topic"      // its topic was corrected: Words is the new one
	EventField     EventKind = "field"
	EventFollowed  EventKind = "followed"
	EventLeft      EventKind = "left" // somebody no longer follows it
	EventNote      EventKind = "note" // Words is the note
)

// Event is one thing that happened to a story.
type Event struct {
	ID    string
	Story string
	Kind  EventKind
	By    string // "" for the machine
	At    time.Time
	Other string // the other story
	Words string // a reason, a note, a subject's path
}

func (r *Room) event(ctx context.Context, tx *store.Tx, e Event) error {
	_, err := tx.Exec(ctx, sqlInsertEvent, store.NewID(), e.Story, string(e.Kind), e.By, store.Micros(r.now()), e.Other, e.Words)
	return err
}

// mostEvents bounds the history of a story.
const mostEvents = 500

// History gives what happened to a story and to those that became part of it, the first first. It asks no rights: pages that show the
// story did.
func (r *Room) History(ctx context.Context, id string) ([]Event, error) {
	rows, err := r.db.Query(ctx, sqlEvents, id, mostEvents)
	return store.All(rows, err, func(row store.Row) (e Event, err error) {
		var kind string
		var at int64
		err = row.Scan(&e.ID, &e.Story, &kind, &e.By, &at, &e.Other, &e.Words)
		e.Kind, e.At = EventKind(kind), store.Time(at)
		return e, err
	})
}
