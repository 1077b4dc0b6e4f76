package radar

import (
	"context"
	"encoding/json"
	"time"

	"khue/radar/trend"
	"khue/regulation"
	"khue/store"
)

// SignalKind is what a signal (dấu hiệu) is a sign of.
type SignalKind string

// The kinds of signals.
const (
	SignalBurst SignalKind = "burst" // tăng đột biến
)

// Signal (dấu hiệu) says that a story is worth a look, and why. It is no verdict: people conclude.
type Signal struct {
	ID      string // follows from the mention that showed it, so that it is raised once
	Story   string
	Kind    SignalKind
	Score   float64
	Reasons Reasons
	At      time.Time // of the mention that showed it
}

// Reasons is why a burst was raised: sources of their own within some hours, and how many there were to be expected.
type Reasons struct {
	Sources int     `json:"sources"`
	Hours   float64 `json:"hours"`
	Before  float64 `json:"before"` // sources an hour that the story had until then
}

func signalOf(b trend.Burst, mention string) Signal {
	hours := trend.Span.Hours()
	return Signal{
		ID: string(SignalBurst) + "/" + mention, Story: storyID(b.Story), Kind: SignalBurst, Score: b.Score, At: b.At,
		Reasons: Reasons{Sources: b.Voices, Hours: hours, Before: b.Expected / hours},
	}
}

func insertSignal(ctx context.Context, tx *store.Tx, s Signal) error {
	reasons, err := json.Marshal(s.Reasons)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, sqlInsertSignal, s.ID, s.Story, string(s.Kind), s.Score, string(reasons), store.Micros(s.At))
	return err
}

func scanSignal(row store.Row, more ...any) (Signal, error) {
	var s Signal
	var kind, reasons string
	var at int64
	if err := row.Scan(append([]any{&s.ID, &s.Story, &kind, &s.Score, &reasons, &at}, more...)...); err != nil {
		return s, err
	}
	s.Kind, s.At = SignalKind(kind), store.Time(at)
	return s, json.Unmarshal([]byte(reasons), &s.Reasons)
}

// Raised is a story with the signal that raised it last.
type Raised struct {
	Signal
	Of Story
}

// RaisedSince gives the stories that were raised since a moment, the last one first, at most limit; each with its last signal.
func (r *Room) RaisedSince(ctx context.Context, by regulation.Actor, since time.Time, limit int) ([]Raised, error) {
	if err := r.look(by); err != nil {
		return nil, err
	}
	now := r.now()
	rows, err := r.db.Query(ctx, sqlRaised, store.Micros(since), limit)
	return store.All(rows, err, func(row store.Row) (Raised, error) {
		var one Raised
		var state string
		var first, last int64
		s := &one.Of
		sig, err := scanSignal(row, &s.ID, &s.Headline, &s.Lang, &state, &s.Merged, &s.First, &first, &last, &s.Mentions, &s.Voices, &s.Sources)
		one.Signal, s.FirstAt, s.LastAt = sig, store.Time(first), store.Time(last)
		s.State = stateAt(s.LastAt, now)
		return one, err
	})
}

// SignalsOf gives the signals that raised a story, the last one first, at most limit.
func (r *Room) SignalsOf(ctx context.Context, by regulation.Actor, story string, limit int) ([]Signal, error) {
	if err := r.look(by); err != nil {
		return nil, err
	}
	rows, err := r.db.Query(ctx, sqlSignalsOf, story, limit)
	return store.All(rows, err, func(row store.Row) (Signal, error) { return scanSignal(row) })
}
