package radar

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"khue/ledger"
	"khue/problem"
	"khue/radar/fetch"
	"khue/radar/watch"
	"khue/regulation"
	"khue/store"
)

// WatchState is whether a watch looks for anything.
type WatchState string

// The states of a watch: active → ended.
const (
	WatchActive WatchState = "active" // đang theo dõi
	WatchEnded  WatchState = "ended"  // đã thôi
)

// WatchPace is how soon hits are told.
type WatchPace string

// The paces.
const (
	AtOnce WatchPace = "at-once" // ngay
	Hourly WatchPace = "hourly"  // gộp mỗi giờ
	Daily  WatchPace = "daily"   // gộp mỗi ngày, 7 giờ sáng
)

// Paces lists them for forms.
var Paces = [...]WatchPace{AtOnce, Hourly, Daily}

// dailyAt is when a day's hits are told, after midnight in Hanoi: before the day's work.
const dailyAt = 7 * time.Hour

// due says whether hits that have waited since a moment are to be told now.
func (p WatchPace) due(oldest, now time.Time) bool {
	switch p {
	case Hourly:
		return now.Truncate(time.Hour).After(oldest)
	case Daily:
		at := now.In(zone)
		last := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, zone).Add(dailyAt)
		if last.After(now) {
			last = last.Add(-24 * time.Hour)
		}
		return last.After(oldest)
	}
	return true
}

// Watch (theo dõi cụm từ) is a query that every new mention is held against, with who made it and why.
type Watch struct {
	ID        string
	Query     string // as typed; its language is radar/watch's
	Why       string
	Owner     string // account that is told; who made it, or who took it over
	Mail      bool   // tell the owner by mail, too; the desk tells always
	Webhook   string // address that is told, "" for none
	Pace      WatchPace
	State     WatchState
	Version   int64
	MadeBy    string
	MadeAt    time.Time
	ChangedAt time.Time
	EndedBy   string
	EndedAt   time.Time

	HookOff      bool       // the webhook was stopped after it failed again and again; saving the watch tries it anew
	HookFault    fetch.Kind // why it failed last, "" when it went well
	HookStatus   int        // HTTP status of that fault, 0 for none
	HookFailures int        // one after another
	PostedAt     time.Time  // when it last went well, zero for never

	Day, Week int // hits in the last 24 hours and seven days; filled by queries

	secret string // of the webhook's signature
	told   int64  // the last hit that the owner was told of
	posted int64  // the last hit that the webhook was told of
}

// Thing gives the watch as rights and the ledger name it.
func (w Watch) Thing() regulation.Thing {
	return regulation.Thing{Kind: "watch", ID: w.ID, Office: centre, Author: w.MadeBy, State: string(w.State)}
}

const (
	maxWhy = 1000
	// maxWatches bounds the active ones: each is held against every mention.
	maxWatches = 10_000
	// watchCounter counts changes, so that whoever matches sees that there was one.
	watchCounter = "watch"
)

// WatchInput is what a person says of a watch. ID and Version are for a change alone.
type WatchInput struct {
	ID      string
	Version int64
	Query   string
	Why     string
	Mail    bool
	Webhook string
	Pace    WatchPace // "" is AtOnce
	Take    bool      // a change: who changes it is told from now on
}

func (in *WatchInput) check() error {
	in.Query, in.Why, in.Webhook = strings.TrimSpace(in.Query), strings.TrimSpace(in.Why), strings.TrimSpace(in.Webhook)
	if in.Pace == "" {
		in.Pace = AtOnce
	}
	var l problem.List
	if _, err := parseWatch(in.Query); err != nil {
		l = append(l, err)
	}
	if in.Why == "" {
		l.Add("why", problem.Required)
	} else if len(in.Why) > maxWhy {
		l.Add("why", problem.Invalid, "why", "@radar.too-long")
	}
	if in.Webhook != "" && (len(in.Webhook) > maxAddress || fetch.Check(in.Webhook) != nil) {
		l.Add("webhook", problem.Invalid, "why", "@radar.fault.address")
	}
	if in.Pace != AtOnce && in.Pace != Hourly && in.Pace != Daily {
		l.Add("pace", problem.Invalid, "why", "at-once | hourly | daily")
	}
	return l.Or()
}

// parseWatch reads a query; its fault is told with the place and how to mend it.
func parseWatch(query string) (*watch.Query, *problem.Error) {
	if query == "" {
		return nil, problem.Of("query", problem.Required)
	}
	q, err := watch.Parse(query)
	var f *watch.Fault
	switch {
	case err == nil:
		return q, nil
	case errors.As(err, &f):
		p := problem.Of("query", problem.Invalid, "why", "@watch.fault."+f.Code)
		for i := 0; i+1 < len(f.Args); i += 2 {
			p.Args[fmt.Sprint(f.Args[i])] = strings.TrimLeft(fmt.Sprint(f.Args[i+1]), "@") // no words of ours are meant
		}
		p.Err = err
		return nil, p
	}
	p := problem.Of("query", problem.Invalid, "why", "@watch.fault.empty")
	p.Err = err
	return nil, p
}

// AddWatch begins to watch for a query. With a webhook the second result is the secret of its signatures: it is given this once.
func (r *Room) AddWatch(ctx context.Context, by regulation.Actor, in WatchInput) (Watch, string, error) {
	now := r.now()
	w := Watch{ID: store.NewID(), Owner: by.ID, State: WatchActive, Version: 1, MadeBy: by.ID, MadeAt: now, ChangedAt: now}
	if err := r.rules.Can(by, "radar.watch.edit", w.Thing(), now); err != nil {
		return Watch{}, "", err
	}
	if err := in.check(); err != nil {
		return Watch{}, "", err
	}
	w.Query, w.Why, w.Mail, w.Webhook, w.Pace = in.Query, in.Why, in.Mail, in.Webhook, in.Pace
	if w.Webhook != "" {
		w.secret = rand.Text()
	}
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var n int
		if err := tx.QueryRow(ctx, sqlCountWatches).Scan(&n); err != nil {
			return err
		}
		if n >= maxWatches {
			return problem.Of("query", problem.Invalid, "why", "@watches.why.many")
		}
		if _, err := tx.Exec(ctx, sqlInsertWatch, w.ID, w.Query, w.Why, w.Owner, store.Bool(w.Mail), w.Webhook, w.secret, string(w.Pace), string(w.State), w.Version, w.MadeBy, store.Micros(now)); err != nil {
			return err
		}
		return r.enterWatch(ctx, tx, by, w, entryWatchAdded, now)
	})
	return w, w.secret, err
}

// ChangeWatch changes what a watch looks for, why, and how it tells. A stale version is problem.Conflict, an ended one problem.State.
// The second result is the secret of a new webhook's signatures, "" where the address stayed.
func (r *Room) ChangeWatch(ctx context.Context, by regulation.Actor, in WatchInput) (Watch, string, error) {
	var w Watch
	var secret string
	now := r.now()
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var err error
		if w, err = r.activeWatch(ctx, tx, by, in.ID, "change", now); err != nil {
			return err
		}
		if err := in.check(); err != nil {
			return err
		}
		if in.Version != w.Version {
			return problem.New(problem.Conflict, "name", w.Query)
		}
		top, err := assigned(ctx, tx)
		if err != nil {
			return err
		}
		if in.Webhook != w.Webhook || w.HookOff {
			w.posted = top // what a new ear has missed is on the desk
		}
		if in.Webhook != w.Webhook {
			if w.secret = ""; in.Webhook != "" {
				w.secret = rand.Text()
			}
			secret = w.secret
		}
		if in.Take && w.Owner != by.ID {
			w.Owner, w.told = by.ID, top
		}
		w.Query, w.Why, w.Mail, w.Webhook, w.Pace, w.Version, w.ChangedAt = in.Query, in.Why, in.Mail, in.Webhook, in.Pace, w.Version+1, now
		w.HookOff, w.HookFault, w.HookStatus, w.HookFailures = false, "", 0, 0
		if _, err := tx.Exec(ctx, sqlChangeWatch, w.Query, w.Why, w.Owner, store.Bool(w.Mail), w.Webhook, w.secret, string(w.Pace), store.Micros(now), w.told, w.posted, w.ID, in.Version); err != nil {
			return err
		}
		return r.enterWatch(ctx, tx, by, w, entryWatchChanged, now)
	})
	return w, secret, err
}

// EndWatch stops watching; what was found stays.
func (r *Room) EndWatch(ctx context.Context, by regulation.Actor, id string) (Watch, error) {
	var w Watch
	now := r.now()
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var err error
		if w, err = r.activeWatch(ctx, tx, by, id, "end", now); err != nil {
			return err
		}
		w.State, w.Version, w.EndedBy, w.EndedAt = WatchEnded, w.Version+1, by.ID, now
		if _, err := tx.Exec(ctx, sqlEndWatch, by.ID, store.Micros(now), w.ID); err != nil {
			return err
		}
		return r.enterWatch(ctx, tx, by, w, entryWatchEnded, now)
	})
	return w, err
}

// activeWatch reads a watch that somebody wants to change.
func (r *Room) activeWatch(ctx context.Context, tx *store.Tx, by regulation.Actor, id, action string, now time.Time) (Watch, error) {
	if err := r.rules.Can(by, "radar.watch.edit", regulation.Thing{Kind: "watch", ID: id, Office: centre}, now); err != nil {
		return Watch{}, err
	}
	w, err := scanWatch(tx.QueryRow(ctx, sqlWatch, id))
	if err != nil {
		return w, store.NotFound(err)
	}
	if w.State != WatchActive {
		return w, problem.New(problem.State, "state", "@watches.state.ended", "action", "@watches.act."+action)
	}
	return w, nil
}

// enterWatch notes a change for those who match, and in the ledger. A query may name things that are nobody's business: the ledger has
// its hash, the words stay here.
func (r *Room) enterWatch(ctx context.Context, tx *store.Tx, by regulation.Actor, w Watch, kind string, at time.Time) error {
	if _, err := tx.Exec(ctx, sqlCountUp, watchCounter); err != nil {
		return err
	}
	_, err := r.ledger.Append(ctx, tx, ledger.Entry{Kind: kind, Actor: by.ID, Thing: w.Thing().Ref(), Body: bodyOfWatch(w), At: at})
	return err
}

func bodyOfWatch(w Watch) watchBody {
	query, why := sha256.Sum256([]byte(w.Query)), sha256.Sum256([]byte(w.Why))
	return watchBody{Watch: w.ID, Query: hex.EncodeToString(query[:]), Why: hex.EncodeToString(why[:]), Owner: w.Owner, Mail: w.Mail, Webhook: w.Webhook != "", Pace: string(w.Pace), State: string(w.State)}
}
