package radar

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"khue/problem"
	"khue/radar/about"
	"khue/regulation"
	"khue/store"
)

// PairState is what is known of two stories in two languages.
type PairState string

// The states of a pair.
const (
	PairSuggested PairState = "suggested" // worth a look
	PairJoined    PairState = "joined"    // one matter
	PairRefused   PairState = "refused"   // a person said that they are two
)

// Pair is a Vietnamese and an English story that may tell the same matter. They stay two groups of texts: a text in one language comes
// near to those in its own only.
type Pair struct {
	VI, EN string
	about.Likeness
	State PairState
	By    string // who decided, "" for the machine
	At    time.Time
}

// Other gives the story of the other language.
func (p Pair) Other(id string) string {
	if p.VI == id {
		return p.EN
	}
	return p.VI
}

// mostOthers bounds the stories in the other language that one is compared with: those with the most voices.
const mostOthers = 60

// pairsOf compares a story with those of the other language that lie near in time.
func (r *Room) pairsOf(ctx context.Context, s Story, facets []string) ([]Pair, error) {
	other := map[string]string{"vi": "en", "en": "vi"}[s.Lang]
	if other == "" || len(facets) == 0 {
		return nil, nil
	}
	type one struct {
		id     string
		facets []string
	}
	rows, err := r.db.Query(ctx, sqlOthers, other, store.Micros(s.FirstAt.Add(-about.Within)), store.Micros(s.LastAt.Add(about.Within)), mostOthers)
	list, err := store.All(rows, err, func(row store.Row) (o one, err error) {
		var first, last int64
		var data string
		if err := row.Scan(&o.id, &first, &last, &data); err != nil {
			return o, err
		}
		return o, json.Unmarshal([]byte(data), &o.facets)
	})
	if err != nil {
		return nil, err
	}
	var out []Pair
	for _, o := range list {
		l := about.Like(facets, o.facets)
		if !l.Suggests() {
			continue
		}
		p := Pair{VI: s.ID, EN: o.id, Likeness: l, State: PairSuggested}
		if s.Lang == "en" {
			p.VI, p.EN = o.id, s.ID
		}
		if l.Joins() {
			p.State = PairJoined
		}
		out = append(out, p)
	}
	return out, nil
}

// writePairs keeps what the machine found; what a person decided stands.
func (r *Room) writePairs(ctx context.Context, tx *store.Tx, pairs []Pair) error {
	for _, p := range pairs {
		var old string
		if err := tx.QueryRow(ctx, sqlPairState, p.VI, p.EN).Scan(&old); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		shared, err := json.Marshal(orEmpty(p.Shared))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlPutPair, p.VI, p.EN, p.Score, string(shared), p.Names, string(p.State), store.Micros(r.now())); err != nil {
			return err
		}
		if p.State == PairJoined && (old == "" || old == string(PairSuggested)) {
			for _, id := range []string{p.VI, p.EN} {
				if err := r.event(ctx, tx, Event{Story: id, Kind: EventJoined, Other: p.Other(id)}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Pairs gives the stories in the other language that may tell the same matter, joined ones and likely ones first; those that a person
// refused are left out.
func (r *Room) Pairs(ctx context.Context, id string) ([]Pair, error) {
	rows, err := r.db.Query(ctx, sqlPairs, id)
	list, err := store.All(rows, err, scanPair)
	out := list[:0]
	for _, p := range list {
		if p.State != PairRefused {
			out = append(out, p)
		}
	}
	return out, err
}

func scanPair(row store.Row) (p Pair, err error) {
	var shared, state string
	var at int64
	if err := row.Scan(&p.VI, &p.EN, &p.Score, &shared, &p.Names, &state, &p.By, &at); err != nil {
		return p, err
	}
	p.State, p.At = PairState(state), store.Time(at)
	return p, json.Unmarshal([]byte(shared), &p.Shared)
}

// Join says that two stories in two languages tell the same matter, or with joined false that they do not. Two stories of one language
// are merged instead: problem.Invalid of field other.
func (r *Room) Join(ctx context.Context, by regulation.Actor, story, other string, joined bool) error {
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		a, err := r.handled(ctx, tx, by, story)
		if err != nil {
			return err
		}
		b, err := r.handled(ctx, tx, by, other)
		if err != nil {
			return err
		}
		if a.Lang == b.Lang || (a.Lang != "vi" && a.Lang != "en") || (b.Lang != "vi" && b.Lang != "en") {
			return problem.Of("other", problem.Invalid, "why", "@about.why.language")
		}
		vi, en := a.ID, b.ID
		if a.Lang == "en" {
			vi, en = en, vi
		}
		state, kind, body := PairJoined, EventJoined, entryStoryJoined
		if !joined {
			state, kind, body = PairRefused, EventParted, entryStoryParted
		}
		now := r.now()
		if _, err := tx.Exec(ctx, sqlSetPair, vi, en, string(state), by.ID, store.Micros(now)); err != nil {
			return err
		}
		for _, id := range []string{vi, en} {
			if err := r.event(ctx, tx, Event{Story: id, Kind: kind, By: by.ID, Other: Pair{VI: vi, EN: en}.Other(id)}); err != nil {
				return err
			}
		}
		return r.append(ctx, tx, by, body, a, handBody{Story: vi, Other: en})
	})
}
