package radar

import (
	"context"
	"encoding/json"
	"time"

	"khue/radar/cluster"
	"khue/radar/warn"
	"khue/regulation"
	"khue/store"
)

// SignalKind is what a signal (dấu hiệu) is a sign of.
type SignalKind = warn.Kind

// Judgement is what a person made of a signal.
type Judgement string

// The judgements.
const (
	NotJudged Judgement = ""
	Useful    Judgement = "useful"
	NotUseful Judgement = "not-useful"
)

// Signal (dấu hiệu) says that a story is worth a look, and why. It is no verdict: people conclude.
type Signal struct {
	ID      string // follows from the mention that showed it, so that it is raised once
	Story   string
	Kind    SignalKind
	Score   float64
	Thing   string // the claim or document that it touches, "" for most
	Reasons []warn.Reason
	At      time.Time // of the mention that showed it
	Lapses  time.Time // from then on it is not shown any more

	Judged   Judgement
	JudgedBy string
	JudgedAt time.Time
}

// Open says whether a signal still waits for somebody at a moment.
func (s Signal) Open(now time.Time) bool { return s.Judged == NotJudged && now.Before(s.Lapses) }

func signalOf(s warn.Signal, mention string) Signal {
	return Signal{
		ID: string(s.Kind) + "/" + mention, Story: storyID(s.Story), Kind: s.Kind, Score: s.Score, Thing: s.Thing, Reasons: s.Reasons, At: s.At, Lapses: s.At.Add(warn.Lapses),
	}
}

// toGroup is the mention as the grouping reads it, now and when a past time is run again.
func (m Mention) toGroup() cluster.Mention {
	return cluster.Mention{ID: m.ID, Time: m.Published, Lang: m.Lang, Source: m.Source, Title: m.Title, Text: m.Text}
}

// toWarn is the mention as the detector of signals hears of it, with the story that it was put into.
func (m Mention) toWarn(a cluster.Assigned) warn.Mention {
	return warn.Mention{
		ID: m.ID, At: m.Published, Source: m.Source, URL: m.URL, Title: m.Title, Text: m.Text, Story: a.Story, New: a.New, Copy: a.Copy, CopyOf: a.CopyOf, Near: a.Near,
	}
}

func insertSignal(ctx context.Context, tx *store.Tx, s Signal) error {
	reasons, err := json.Marshal(s.Reasons)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, sqlInsertSignal, s.ID, s.Story, string(s.Kind), s.Score, string(reasons), store.Micros(s.At), s.Thing, store.Micros(s.Lapses))
	return err
}

// readReasons reads the reasons of a signal; what the first version wrote of bursts is read as its one reason.
func readReasons(data string) ([]warn.Reason, error) {
	if data != "" && data[0] == '{' {
		var old struct {
			Sources int     `json:"sources"`
			Hours   float64 `json:"hours"`
			Before  float64 `json:"before"` // sources an hour
		}
		err := json.Unmarshal([]byte(data), &old)
		return []warn.Reason{{Key: "burst", With: map[string]any{"sources": old.Sources, "hours": old.Hours, "expected": old.Before * old.Hours}}}, err
	}
	var list []warn.Reason
	err := json.Unmarshal([]byte(data), &list)
	return list, err
}

func scanSignal(row store.Row, more ...any) (Signal, error) {
	var s Signal
	var kind, reasons, judged string
	var at, lapses, judgedAt int64
	if err := row.Scan(append([]any{&s.ID, &s.Story, &kind, &s.Score, &reasons, &at, &s.Thing, &lapses, &judged, &s.JudgedBy, &judgedAt}, more...)...); err != nil {
		return s, err
	}
	s.Kind, s.Judged, s.At, s.Lapses, s.JudgedAt = SignalKind(kind), Judgement(judged), store.Time(at), store.Time(lapses), store.Time(judgedAt)
	var err error
	s.Reasons, err = readReasons(reasons)
	return s, err
}

// Raised is a story with a signal that raised it.
type Raised struct {
	Signal
	Of Story
}

func scanRaised(now time.Time) func(store.Row) (Raised, error) {
	return func(row store.Row) (Raised, error) {
		var one Raised
		var state string
		var first, last int64
		s := &one.Of
		sig, err := scanSignal(row, &s.ID, &s.Headline, &s.Lang, &state, &s.Merged, &s.First, &first, &last, &s.Mentions, &s.Voices, &s.Sources)
		one.Signal, s.FirstAt, s.LastAt = sig, store.Time(first), store.Time(last)
		s.State = stateAt(s.LastAt, now)
		return one, err
	}
}

// RaisedSince gives the stories that were raised since a moment, the last one first, at most limit; each with its last signal that
// nobody called useless and whose kind is not muted.
func (r *Room) RaisedSince(ctx context.Context, by regulation.Actor, since time.Time, limit int) ([]Raised, error) {
	if err := r.look(by); err != nil {
		return nil, err
	}
	muted, err := r.muted(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := r.db.Query(ctx, sqlRaised, store.Micros(since), limit)
	list, err := store.All(rows, err, scanRaised(r.now()))
	kept := list[:0]
	for _, one := range list {
		if !muted[one.Kind] {
			kept = append(kept, one)
		}
	}
	return kept, err
}

// SignalFilter chooses signals.
type SignalFilter struct {
	Kind SignalKind // "" for all
	All  bool       // also those that were judged or have lapsed
}

// Signals gives signals with their stories, the last one first, at most limit.
func (r *Room) Signals(ctx context.Context, by regulation.Actor, f SignalFilter, limit int) ([]Raised, error) {
	if err := r.look(by); err != nil {
		return nil, err
	}
	now := r.now()
	rows, err := r.db.Query(ctx, sqlSignals, string(f.Kind), store.Bool(f.All), store.Micros(now), limit)
	return store.All(rows, err, scanRaised(now))
}

// Signal gives one signal with its story.
func (r *Room) Signal(ctx context.Context, by regulation.Actor, id string) (Raised, error) {
	if err := r.look(by); err != nil {
		return Raised{}, err
	}
	one, err := scanRaised(r.now())(r.db.QueryRow(ctx, sqlSignal, id))
	return one, store.NotFound(err)
}

// SignalsOf gives the signals that raised a story, the last one first, at most limit.
func (r *Room) SignalsOf(ctx context.Context, by regulation.Actor, story string, limit int) ([]Signal, error) {
	if err := r.look(by); err != nil {
		return nil, err
	}
	rows, err := r.db.Query(ctx, sqlSignalsOf, story, limit)
	return store.All(rows, err, func(row store.Row) (Signal, error) { return scanSignal(row) })
}
