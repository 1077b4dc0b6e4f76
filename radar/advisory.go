package radar

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"khue/ledger"
	"khue/problem"
	"khue/regulation"
	"khue/store"
	"khue/text"
)

// AdvisoryState is where an advisory stands.
type AdvisoryState string

// The states of an advisory.
const (
	AdvisoryProposed AdvisoryState = "proposed" // chờ duyệt
	AdvisoryShown    AdvisoryState = "shown"    // đang công khai
	AdvisoryReturned AdvisoryState = "returned" // trả lại
	AdvisoryEnded    AdvisoryState = "ended"    // đã rút
)

// AdvisoryFor is the longest time that an advisory is shown: a check that takes longer says so in the register of claims.
const AdvisoryFor = 24 * time.Hour

const (
	maxAdvisoryTitle = 200
	maxAdvisoryKnown = 2000
	// tooAlike is the resemblance of an advisory's title to the story's headline from which on it repeats what is not yet checked.
	tooAlike = 0.5
)

// Advisory (thông báo đang kiểm chứng) tells press and public that something is being checked: no verdict, what is known, and when the
// next word comes. An analyst proposes it, an approver shows it.
type Advisory struct {
	ID      string
	Signal  string
	Story   string
	State   AdvisoryState
	Title   string // what it is about, never the rumour itself
	Known   string // what is known
	TitleEN string // "" while there is no English
	KnownEN string
	Next    time.Time // when the next word comes

	ProposedBy string
	ProposedAt time.Time
	DecidedBy  string
	ShownAt    time.Time
	Until      time.Time
	EndedAt    time.Time
	Reason     string
}

// In gives title and text in a language, and the language that they are in.
func (a Advisory) In(lang string) (title, known, is string) {
	if lang == "en" && a.TitleEN != "" {
		return a.TitleEN, a.KnownEN, "en"
	}
	return a.Title, a.Known, "vi"
}

func (a Advisory) thing() regulation.Thing {
	return regulation.Thing{Kind: "advisory", ID: a.ID, Office: centre, Author: a.ProposedBy, Drafter: a.ProposedBy, State: string(a.State)}
}

func (a Advisory) hash() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{a.Title, a.Known, a.TitleEN, a.KnownEN}, "\x00")))
	return hex.EncodeToString(sum[:])
}

// AdvisoryInput is an advisory as it is proposed.
type AdvisoryInput struct {
	Signal         string
	Title, Known   string
	TitleEN        string
	KnownEN        string
	Next           time.Time
	storysHeadline string
}

func (in *AdvisoryInput) check(now time.Time) error {
	var l problem.List
	for _, f := range []struct {
		name  string
		value *string
		most  int
		must  bool
	}{{"title", &in.Title, maxAdvisoryTitle, true}, {"known", &in.Known, maxAdvisoryKnown, true}, {"title_en", &in.TitleEN, maxAdvisoryTitle, in.KnownEN != ""}, {"known_en", &in.KnownEN, maxAdvisoryKnown, in.TitleEN != ""}} {
		*f.value = strings.TrimSpace(*f.value)
		if *f.value == "" && f.must {
			l.Add(f.name, problem.Required)
		}
		if len(*f.value) > f.most {
			l.Add(f.name, problem.Invalid, "why", "@radar.too-long")
		}
	}
	if in.Next.IsZero() {
		l.Add("next", problem.Required)
	} else if !in.Next.After(now) || in.Next.After(now.Add(AdvisoryFor)) {
		l.Add("next", problem.Invalid, "why", "@signal.advisory.within")
	}
	for _, title := range []string{in.Title, in.TitleEN} {
		if title != "" && repeats(title, in.storysHeadline) {
			l.Add("title", problem.Invalid, "why", "@signal.advisory.repeats")
			break
		}
	}
	return l.Or()
}

// repeats says whether a title tells what a headline tells: most of its pairs of syllables stand there.
func repeats(title, headline string) bool {
	a, b := text.Shingles(title, 2), text.Shingles(headline, 2)
	if len(a) == 0 {
		return false
	}
	in := map[uint64]bool{}
	for _, x := range b {
		in[x] = true
	}
	n := 0
	for _, x := range a {
		if in[x] {
			n++
		}
	}
	return float64(n) >= tooAlike*float64(len(a))
}

// ProposeAdvisory proposes to tell press and public that a signal is looked into. The title must not repeat the story's headline.
func (r *Room) ProposeAdvisory(ctx context.Context, by regulation.Actor, in AdvisoryInput) (Advisory, error) {
	now := r.now()
	a := Advisory{ID: store.NewID(), State: AdvisoryProposed, ProposedBy: by.ID, ProposedAt: now}
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := r.rules.Can(by, "radar.advisory.propose", a.thing(), now); err != nil {
			return err
		}
		s, err := scanRaised(now)(tx.QueryRow(ctx, sqlSignal, in.Signal))
		if err != nil {
			return store.NotFound(err)
		}
		in.storysHeadline = s.Of.Headline
		if err := in.check(now); err != nil {
			return err
		}
		var there int
		if err := tx.QueryRow(ctx, sqlAdvisoryOf, s.Story, store.Micros(now)).Scan(&there); err != nil {
			return err
		}
		if there > 0 { // the same form sent twice, or two analysts at once
			return problem.Of("title", problem.Invalid, "why", "@signal.advisory.there")
		}
		a.Signal, a.Story, a.Title, a.Known, a.TitleEN, a.KnownEN, a.Next = s.ID, s.Story, in.Title, in.Known, in.TitleEN, in.KnownEN, in.Next
		if _, err := tx.Exec(ctx, sqlInsertAdvisory, a.ID, a.Signal, a.Story, string(a.State), a.Title, a.Known, a.TitleEN, a.KnownEN, store.Micros(a.Next), by.ID, store.Micros(now)); err != nil {
			return err
		}
		return r.enterAdvisory(ctx, tx, by, a, entryAdvisoryProposed, false, now)
	})
	return a, err
}

// DecideAdvisoryInput names an advisory and, when it is returned or taken back, why.
type DecideAdvisoryInput struct {
	ID     string
	Reason string
}

// ShowAdvisory shows an advisory to press and public from now on, for a day at most. Who proposed it may not.
func (r *Room) ShowAdvisory(ctx context.Context, by regulation.Actor, in DecideAdvisoryInput) (Advisory, error) {
	return r.decideAdvisory(ctx, by, in, "radar.advisory.show", AdvisoryProposed, func(a *Advisory, now time.Time) (string, bool, error) {
		if !a.Next.After(now) {
			return "", false, problem.Of("next", problem.Invalid, "why", "@signal.advisory.within")
		}
		a.State, a.ShownAt, a.Until = AdvisoryShown, now, now.Add(AdvisoryFor)
		return entryAdvisoryShown, true, nil
	})
}

// ReturnAdvisory gives a proposed advisory back with a reason.
func (r *Room) ReturnAdvisory(ctx context.Context, by regulation.Actor, in DecideAdvisoryInput) (Advisory, error) {
	return r.decideAdvisory(ctx, by, in, "radar.advisory.show", AdvisoryProposed, func(a *Advisory, now time.Time) (string, bool, error) {
		if in.Reason == "" {
			return "", false, problem.Of("reason", problem.Required)
		}
		a.State, a.EndedAt = AdvisoryReturned, now
		return entryAdvisoryReturned, false, nil
	})
}

// EndAdvisory takes an advisory back before its day is over: the verdict is there, or there is nothing to it.
func (r *Room) EndAdvisory(ctx context.Context, by regulation.Actor, in DecideAdvisoryInput) (Advisory, error) {
	return r.decideAdvisory(ctx, by, in, "radar.advisory.end", AdvisoryShown, func(a *Advisory, now time.Time) (string, bool, error) {
		a.State, a.EndedAt, a.Until = AdvisoryEnded, now, now
		return entryAdvisoryEnded, true, nil
	})
}

func (r *Room) decideAdvisory(ctx context.Context, by regulation.Actor, in DecideAdvisoryInput, action string, from AdvisoryState, to func(*Advisory, time.Time) (string, bool, error)) (Advisory, error) {
	var a Advisory
	now := r.now()
	in.Reason = strings.TrimSpace(in.Reason)
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var err error
		if a, err = scanAdvisory(tx.QueryRow(ctx, sqlAdvisory, in.ID)); err != nil {
			if e := r.rules.Can(by, action, regulation.Thing{Kind: "advisory", ID: in.ID, Office: centre}, now); e != nil {
				return e
			}
			return store.NotFound(err)
		}
		if err := r.rules.Can(by, action, a.thing(), now); err != nil {
			return err
		}
		if a.State != from {
			return problem.New(problem.State, "state", "@signal.advisory.state."+string(a.State), "action", "@signal.advisory.act."+strings.TrimPrefix(action, "radar.advisory."))
		}
		if len(in.Reason) > maxNote {
			return problem.Of("reason", problem.Invalid, "why", "@radar.too-long")
		}
		a.DecidedBy, a.Reason = by.ID, in.Reason
		kind, public, err := to(&a, now)
		if err != nil {
			return err
		}
		if err := store.OneRow(a.Title)(tx.Exec(ctx, sqlDecideAdvisory, string(a.State), by.ID, store.Micros(a.ShownAt), store.Micros(a.Until), store.Micros(a.EndedAt), a.Reason, a.ID, string(from))); err != nil {
			return err
		}
		return r.enterAdvisory(ctx, tx, by, a, kind, public, now)
	})
	return a, err
}

func (r *Room) enterAdvisory(ctx context.Context, tx *store.Tx, by regulation.Actor, a Advisory, kind string, public bool, now time.Time) error {
	_, err := r.ledger.Append(ctx, tx, ledger.Entry{Kind: kind, Public: public, Actor: by.ID, Thing: a.thing().Ref(), Body: advisoryBody{Advisory: a.ID, Hash: a.hash()}, At: now})
	return err
}

// Advisories gives those that are shown now, the newest first. It is public.
func (r *Room) Advisories(ctx context.Context) ([]Advisory, error) {
	rows, err := r.db.Query(ctx, sqlAdvisoriesShown, store.Micros(r.now()))
	return store.All(rows, err, scanAdvisory)
}

// AdvisoriesAtWork gives those that are proposed or shown, and those that ended within the last week, to staff.
func (r *Room) AdvisoriesAtWork(ctx context.Context, by regulation.Actor) ([]Advisory, error) {
	if err := r.look(by); err != nil {
		return nil, err
	}
	rows, err := r.db.Query(ctx, sqlAdvisoriesAtWork, store.Micros(r.now().Add(-week)))
	return store.All(rows, err, scanAdvisory)
}

func scanAdvisory(row store.Row) (Advisory, error) {
	var a Advisory
	var state string
	var next, proposed, shown, until, ended int64
	err := row.Scan(&a.ID, &a.Signal, &a.Story, &state, &a.Title, &a.Known, &a.TitleEN, &a.KnownEN, &next, &a.ProposedBy, &proposed, &a.DecidedBy, &shown, &until, &ended, &a.Reason)
	a.State, a.Next, a.ProposedAt, a.ShownAt, a.Until, a.EndedAt = AdvisoryState(state), store.Time(next), store.Time(proposed), store.Time(shown), store.Time(until), store.Time(ended)
	return a, err
}
