package people

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"khue/ledger"
	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// StandIn is a post held for another person (người thay): by a paper, for one matter, until a moment, not passed on
// (Decree 244/2026, Art. 3(5) and (6)).
type StandIn struct {
	ID      string
	Giver   string // account that gave it
	Holder  string // account that holds it
	Role    regulation.Role
	Office  string
	Matter  string // "release/ID"
	Since   time.Time
	Until   time.Time
	Paper   string // number of the written authorisation
	Reason  string
	Ended   time.Time // zero: runs until Until
	EndedBy string
}

// Runs says whether the stand-in holds at a moment.
func (s StandIn) Runs(now time.Time) bool { return s.Ended.IsZero() && now.Before(s.Until) }

func (s StandIn) right() regulation.StandIn {
	return regulation.StandIn{ID: s.ID, For: s.Giver, Role: s.Role, Office: s.Office, Matter: s.Matter, Until: s.Until}
}

// matterForm is what a stand-in can be for: one thing of a room.
var matterForm = regexp.MustCompile(`^(release|inquiry|claim|story)/[0-9A-Za-z-]{1,64}$`)

func scanStandIn(row store.Row) (StandIn, error) {
	var s StandIn
	var since, until, ended int64
	err := row.Scan(&s.ID, &s.Giver, &s.Holder, &s.Role, &s.Office, &s.Matter, &since, &until, &s.Paper, &s.Reason, &ended, &s.EndedBy)
	s.Since, s.Until, s.Ended = store.Time(since), store.Time(until), store.Time(ended)
	return s, err
}

func (p *Room) standIns(ctx context.Context, r store.Reader, query string, args ...any) ([]StandIn, error) {
	rows, err := r.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list stand-ins: %w", err)
	}
	return store.All(rows, nil, scanStandIn)
}

// StandInsHeld lists what an account stands in for now.
func (p *Room) StandInsHeld(ctx context.Context, account string) ([]StandIn, error) {
	return p.standIns(ctx, p.db, sqlStandInsHeld, account, store.Micros(p.now()))
}

// StandInsGiven lists what an account gave, the last first, ended ones too.
func (p *Room) StandInsGiven(ctx context.Context, account string) ([]StandIn, error) {
	return p.standIns(ctx, p.db, sqlStandInsFrom, account)
}

// StandInsAt lists the stand-ins that run at an office ("" all).
func (p *Room) StandInsAt(ctx context.Context, office string) ([]StandIn, error) {
	return p.standIns(ctx, p.db, sqlStandInsAt, office, store.Micros(p.now()))
}

// Delegate is a written authorisation.
type Delegate struct {
	To     string // account
	Role   regulation.Role
	Office string
	Matter string // "release/ID"
	Until  time.Time
	Paper  string // number of the written authorisation
	Reason string
}

// Delegate lets another person hold a post for one matter until a moment. The giver must hold the post, or be the office's head; a
// stand-in cannot give, and a spokesperson's post is given by the head alone.
func (p *Room) Delegate(ctx context.Context, by regulation.Actor, in Delegate) (StandIn, error) {
	now := p.now()
	t := regulation.Thing{Kind: "office", ID: in.Office, Office: in.Office} // not the matter: a stand-in for the matter must not match
	if err := p.rules.Can(by, "people.delegate", t, now); err != nil {
		return StandIn{}, err
	}
	if err := p.mayGive(by, in.Role, in.Office); err != nil {
		return StandIn{}, err
	}
	s := StandIn{ID: store.NewID(), Giver: by.ID, Holder: in.To, Role: in.Role, Office: in.Office, Matter: in.Matter, Since: now, Until: in.Until}
	if err := p.checkStandIn(by, &s, in, now); err != nil {
		return StandIn{}, err
	}
	err := p.write(ctx, func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error) {
		to, _, err := account(ctx, tx, sqlAccountByID, s.Holder)
		if err != nil || to.Closed || !to.actor().Desk() {
			return nil, problem.Of("to", problem.Invalid, "why", "@people.why.account")
		}
		if to.Has(s.Role, s.Office) {
			return nil, problem.Of("to", problem.Invalid, "why", "@people.why.has-post")
		}
		var same int64
		if err := tx.QueryRow(ctx, sqlSameStand, s.Holder, string(s.Role), s.Office, s.Matter, store.Micros(now)).Scan(&same); err != nil {
			return nil, err
		}
		if same > 0 {
			return nil, problem.Of("to", problem.Invalid, "why", "@people.why.stands-in")
		}
		if _, err := tx.Exec(ctx, sqlInsertStand, s.ID, s.Giver, s.Holder, string(s.Role), s.Office, s.Matter, store.Micros(s.Since), store.Micros(s.Until), s.Paper, s.Reason); err != nil {
			return nil, err
		}
		if err := p.post(ctx, tx, letter{ID: "stand-in/" + s.ID, Account: to, Key: "stand-in", Args: []any{"giver", by.Name, "paper", s.Paper, "until", s.Until.In(vietnam).Format("15:04, 2/1/2006")}}, now); err != nil {
			return nil, err
		}
		return []ledger.Entry{entry(kindDelegated, by.ID, "stand-in/"+s.ID, now, standInBody{s.ID, s.Giver, s.Holder, string(s.Role), s.Office, s.Matter, stamp(s.Until), s.Paper})}, nil
	})
	if err != nil {
		return StandIn{}, err
	}
	p.poke()
	return s, nil
}

// vietnam is the zone in which people read times.
var vietnam = time.FixedZone("+07", 7*3600)

// mayGive holds the rule that nothing is passed on: only a post that the giver holds counts, never one that the giver stands in for.
// The head of an office gives any of its posts that the rulebook lets be given; a spokesperson gives none (Art. 3(6)).
func (p *Room) mayGive(by regulation.Actor, role regulation.Role, office string) error {
	if slices.Contains(p.Givable(by), regulation.Post{Role: role, Office: office}) {
		return nil
	}
	if role == regulation.Approver {
		return problem.New(problem.Forbidden, "role", "@role.approver")
	}
	return problem.New(problem.Forbidden, "role", "@role.office-head")
}

// Givable lists the posts that a person can give to a stand-in: an approver the own one, the head of an office those of the office.
func (p *Room) Givable(by regulation.Actor) []regulation.Post {
	rule := p.rules.Delegation()
	if rule == nil {
		return nil
	}
	var list []regulation.Post
	for _, post := range by.Posts {
		for _, role := range rule.Roles {
			own := role == regulation.Approver && post.Role == role
			head := role != regulation.Approver && post.Role == regulation.OfficeHead
			if own || head {
				list = append(list, regulation.Post{Role: role, Office: post.Office})
			}
		}
	}
	return list
}

func (p *Room) checkStandIn(by regulation.Actor, s *StandIn, in Delegate, now time.Time) error {
	rule := p.rules.Delegation()
	var l problem.List
	if in.To == "" {
		l.Add("to", problem.Required)
	}
	if in.To == s.Giver {
		l.Add("to", problem.Invalid, "why", "@people.why.self")
	}
	switch {
	case in.Matter == "":
		l.Add("matter", problem.Required)
	case !matterForm.MatchString(in.Matter):
		l.Add("matter", problem.Invalid, "why", "@people.why.matter")
	}
	switch {
	case in.Until.IsZero():
		l.Add("until", problem.Required)
	case !in.Until.After(now):
		l.Add("until", problem.Past)
	case rule != nil && rule.MaxDays > 0 && in.Until.After(now.AddDate(0, 0, rule.MaxDays)):
		l.Add("until", problem.Invalid, "why", "@people.why.long")
	}
	s.Paper = line(&l, "paper", in.Paper, maxPaper, true)
	s.Reason = line(&l, "reason", in.Reason, maxLong, true)
	if err := l.Or(); err != nil {
		return err
	}
	// What the rulebook asks of a delegation; who may give which post is decided above, so the head counts as holding it.
	giver := by
	giver.Posts = append(slices.Clone(by.Posts), regulation.Post{Role: s.Role, Office: s.Office})
	return p.rules.MayDelegate(giver, s.right(), s.Paper, now)
}

// endGiven ends the stand-ins that an account gave out of posts which it has no longer: who has lost a post acts by it through nobody.
func (p *Room) endGiven(ctx context.Context, tx *store.Tx, by regulation.Actor, a Account, now time.Time) ([]ledger.Entry, error) {
	list, err := p.standIns(ctx, tx, sqlStandInsFrom, a.ID)
	if err != nil {
		return nil, err
	}
	var entries []ledger.Entry
	may := p.Givable(a.actor())
	for _, s := range list {
		if !s.Runs(now) || slices.Contains(may, regulation.Post{Role: s.Role, Office: s.Office}) {
			continue
		}
		if _, err := tx.Exec(ctx, sqlEndStandIn, s.ID, store.Micros(now), by.ID); err != nil {
			return nil, err
		}
		entries = append(entries, entry(kindStandInEnded, by.ID, "stand-in/"+s.ID, now, standInBody{s.ID, s.Giver, s.Holder, string(s.Role), s.Office, s.Matter, stamp(now), s.Paper}))
	}
	return entries, nil
}

// EndStandIn ends a stand-in before its date: who gave it or who holds it may, or an administrator.
func (p *Room) EndStandIn(ctx context.Context, by regulation.Actor, id string) error {
	now := p.now()
	return p.write(ctx, func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error) {
		s, err := scanStandIn(tx.QueryRow(ctx, sqlStandIn, id))
		if err != nil {
			return nil, store.NotFound(err)
		}
		t := regulation.Thing{Kind: "stand-in", ID: id, Office: s.Office, Author: s.Giver}
		if by.Kind == regulation.Person && by.ID == s.Holder {
			t.Author = s.Holder
		}
		if err := p.rules.Can(by, "people.stand-in.end", t, now); err != nil {
			return nil, err
		}
		if !s.Runs(now) {
			return nil, problem.New(problem.State, "state", "@people.state.stand-in-ended", "action", "@people.verb.end")
		}
		_, err = tx.Exec(ctx, sqlEndStandIn, id, store.Micros(now), by.ID)
		return []ledger.Entry{entry(kindStandInEnded, by.ID, "stand-in/"+id, now, standInBody{s.ID, s.Giver, s.Holder, string(s.Role), s.Office, s.Matter, stamp(now), s.Paper})}, err
	})
}
