package radar

import (
	"context"
	"time"

	"khue/ledger"
	"khue/radar/warn"
	"khue/regulation"
	"khue/store"
)

const (
	// recordOver is the time over which a kind's record is told.
	recordOver = 90 * 24 * time.Hour
	// muteOver is the number of the last judgements of a kind by which it is muted, muteFrom the number below which it never is.
	muteOver, muteFrom = 50, 20
	// muteBelow is the share of useful ones under which a kind is muted.
	muteBelow = 0.3
)

// JudgeSignalInput is a person's word on a signal.
type JudgeSignalInput struct {
	ID     string
	Useful bool
}

// JudgeSignal says that a signal was useful, or not. It may be said anew; the last word counts.
func (r *Room) JudgeSignal(ctx context.Context, by regulation.Actor, in JudgeSignalInput) (Signal, error) {
	var s Signal
	now := r.now()
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := r.rules.Can(by, "radar.signal.judge", regulation.Thing{Kind: "signal", ID: in.ID, Office: centre}, now); err != nil {
			return err
		}
		one, err := scanRaised(now)(tx.QueryRow(ctx, sqlSignal, in.ID))
		if err != nil {
			return store.NotFound(err)
		}
		s = one.Signal
		word := NotUseful
		if in.Useful {
			word = Useful
		}
		if s.Judged == word && s.JudgedBy == by.ID {
			return nil // a second click
		}
		s.Judged, s.JudgedBy, s.JudgedAt = word, by.ID, now
		if _, err := tx.Exec(ctx, sqlJudge, string(s.Judged), by.ID, store.Micros(now), s.ID); err != nil {
			return err
		}
		_, err = r.ledger.Append(ctx, tx, ledger.Entry{
			Kind: entrySignalJudged, Actor: by.ID, Thing: "signal/" + s.ID, Body: signalBody{Signal: s.ID, Kind: string(s.Kind), Judged: string(s.Judged)}, At: now,
		})
		return err
	})
	if err == nil {
		r.tell()
	}
	return s, err
}

// Record is how signals of a kind have done: what the base rate is, and how often people found them useful.
type Record struct {
	Kind    SignalKind
	Raised  int // over the last ninety days
	Stories int // all stories of that time: of so many, Raised were told
	Judged  int
	Useful  int
	Muted   bool // under 30 % of the last fifty judgements: it does not stand on the Now page any more
	Weeks   []RecordWeek
}

// Share is the share of useful ones among those judged; 0 when none was.
func (r Record) Share() float64 {
	if r.Judged == 0 {
		return 0
	}
	return float64(r.Useful) / float64(r.Judged)
}

// RecordWeek is a kind's record in one week.
type RecordWeek struct {
	Start  time.Time
	Raised int
	Judged int
	Useful int
}

// weeksTold is the number of weeks whose record is told.
const weeksTold = 13

// Records gives the record of every kind. It is public: numbers of signals, right and wrong, say nothing of anybody.
func (r *Room) Records(ctx context.Context) ([]Record, error) {
	now := r.now()
	since := now.Add(-recordOver)
	var stories int
	if err := r.db.QueryRow(ctx, sqlStoriesSince, store.Micros(since)).Scan(&stories); err != nil {
		return nil, err
	}
	muted, err := r.muted(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Record, len(warn.Kinds))
	at := map[SignalKind]*Record{}
	start := now.Add(-weeksTold * week)
	for i, k := range warn.Kinds {
		list[i] = Record{Kind: k, Stories: stories, Muted: muted[k], Weeks: make([]RecordWeek, weeksTold)}
		for w := range list[i].Weeks {
			list[i].Weeks[w].Start = start.Add(time.Duration(w) * week)
		}
		at[k] = &list[i]
	}
	rows, err := r.db.Query(ctx, sqlRecords, store.Micros(since))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var kind, judged string
		var us int64
		if err := rows.Scan(&kind, &judged, &us); err != nil {
			return nil, err
		}
		if one := at[SignalKind(kind)]; one != nil {
			one.count(Judgement(judged), store.Time(us), start)
		}
	}
	return list, rows.Err()
}

func (r *Record) count(judged Judgement, at, start time.Time) {
	r.Raised++
	w := &RecordWeek{}
	if i := int(at.Sub(start) / week); i >= 0 && i < len(r.Weeks) {
		w = &r.Weeks[i]
	}
	w.Raised++
	if judged == NotJudged {
		return
	}
	r.Judged++
	w.Judged++
	if judged == Useful {
		r.Useful++
		w.Useful++
	}
}

// muted gives the kinds whose last judgements say that they are not worth a look.
func (r *Room) muted(ctx context.Context) (map[SignalKind]bool, error) {
	rows, err := r.db.Query(ctx, sqlLastJudged, muteOver)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	muted := map[SignalKind]bool{}
	for rows.Next() {
		var kind string
		var judged, useful int
		if err := rows.Scan(&kind, &judged, &useful); err != nil {
			return nil, err
		}
		muted[SignalKind(kind)] = judged >= muteFrom && float64(useful) < muteBelow*float64(judged)
	}
	return muted, rows.Err()
}
