package claim

import (
	"context"
	"strings"
	"time"

	"khue/ledger"
	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// Passage is a published release as evidence is held against it.
type Passage struct {
	ID, Code, Title, Text string
}

// Config is what the room stands on. The last four may be nil.
type Config struct {
	DB     *store.DB
	Ledger *ledger.Ledger
	Rules  *regulation.Rulebook
	Now    func() time.Time
	Duties *regulation.Duties
	// NameOf gives a person's name, for "{name} saved meanwhile".
	NameOf func(ctx context.Context, account, lang string) string
	// Attach puts a kept file beside a thing in the command's transaction; media.Room does.
	Attach func(ctx context.Context, tx *store.Tx, thing, file, name, caption string) error
	// Passage gives a published release by its code or id; problem.NotFound for what is not public.
	Passage func(ctx context.Context, release string) (Passage, error)
	// Heard tells the radar what a new report, named by its code, says, in the command's transaction; nil tells nobody.
	Heard func(ctx context.Context, tx *store.Tx, report, text, link string) error
}

// Room keeps the claims. Its methods may be called from many goroutines.
type Room struct {
	db      *store.DB
	ledger  *ledger.Ledger
	rules   *regulation.Rulebook
	now     func() time.Time
	duties  *regulation.Duties
	nameOf  func(ctx context.Context, account, lang string) string
	attach  func(ctx context.Context, tx *store.Tx, thing, file, name, caption string) error
	heard   func(ctx context.Context, tx *store.Tx, report, text, link string) error
	passage func(ctx context.Context, release string) (Passage, error)

	memory memory
}

// New makes the room on a migrated database.
func New(c Config) *Room {
	return &Room{db: c.DB, ledger: c.Ledger, rules: c.Rules, now: c.Now, duties: c.Duties, nameOf: c.NameOf, attach: c.Attach, passage: c.Passage, heard: c.Heard}
}

// OpenInput is what a claim is opened from: a story, reports, or nothing but what somebody heard.
type OpenInput struct {
	Statement string   // what is claimed, in one sentence
	Topic     string   // one of Topics, or ""
	Story     string   // id of the radar's story, or ""
	Reports   []string // ids of citizens' reports
	Links     []string // where it was seen
	Office    string   // code of the office responsible, or ""
	Question  string   // what the office is asked, or "" for the plain question
	Urgent    bool
	Impact    Impact
	Shown     bool      // on the public list of what is being checked
	Press     bool      // the press carried it
	FirstSeen time.Time // first mention, zero when unknown
}

// Open opens a claim. The rulebook then opens a duty of the responsible office, with its clock. A statement that stands open or
// published already is problem.Twice with its code.
func (r *Room) Open(ctx context.Context, by regulation.Actor, in OpenInput) (c Claim, err error) {
	now := r.now()
	if err := r.rules.Can(by, "claim.open", regulation.Thing{Kind: "claim", Office: in.Office}, now); err != nil {
		return Claim{}, err
	}
	in.Statement, in.Question, in.Links = tidy(in.Statement), strings.TrimSpace(in.Question), links(in.Links)
	if in.Impact == "" {
		in.Impact = NoImpact
	}
	if err := checkOpen(in); err != nil {
		return Claim{}, err
	}
	c = Claim{
		ID: store.NewID(), Version: 1, Statement: in.Statement, Topic: in.Topic, Office: in.Office, Story: in.Story, Links: in.Links,
		Urgent: in.Urgent, Impact: in.Impact, Shown: in.Shown, Press: in.Press, Author: by.ID, Editor: by.ID, FirstSeen: in.FirstSeen, Opened: now, Updated: now,
	}
	if c.State, err = Signalled.next(ActOpen); err != nil {
		return Claim{}, err
	}
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := refuseSame(ctx, tx, c.Statement); err != nil {
			return err
		}
		code, err := store.NextCode(ctx, tx, "KC", now)
		if err != nil {
			return err
		}
		c.Code = code
		if err := r.seenFirst(ctx, tx, &c, in.Reports); err != nil {
			return err
		}
		if err := insertClaim(ctx, tx, c); err != nil {
			return err
		}
		for _, id := range in.Reports {
			if err := one(tx.Exec(ctx, sqlMoveReport, string(Opened), c.ID, "", id, string(Signalled))); err != nil {
				return err
			}
		}
		if err := r.did(ctx, tx, c.ID, Done{Verb: string(ActOpen), Actor: by.ID, Object: c.Office, At: now}); err != nil {
			return err
		}
		if err := r.question(ctx, tx, by, c, c.Office, in.Question, now); err != nil {
			return err
		}
		if c.Shown {
			return r.enter(ctx, tx, by, c.Ref(), now, true, opened{Code: c.Code})
		}
		return r.enter(ctx, tx, by, c.Ref(), now, false, opened{
			Code: c.Code, Office: c.Office, Story: c.Story, Reports: in.Reports, Urgent: c.Urgent, Impact: string(c.Impact),
		})
	})
	return c, err
}

// question writes down what an office is asked and lets the rulebook open its duty. The first office's duty hangs on the claim,
// another's on the claim and its code, since each office has a clock of its own.
func (r *Room) question(ctx context.Context, tx *store.Tx, by regulation.Actor, c Claim, office, text string, now time.Time) error {
	if office == "" {
		return nil
	}
	if _, err := tx.Exec(ctx, sqlInsertQuestion, store.NewID(), c.ID, office, text, by.ID, store.Micros(now)); err != nil {
		return err
	}
	if r.duties == nil {
		return nil
	}
	_, err := r.duties.Trigger(ctx, tx, by, regulation.Event{
		Kind: "claim.opened", Thing: c.DutyOf(office), Office: office, At: now, Title: c.Statement,
		Facts: map[string]any{"urgent": c.Urgent, "impact": string(c.Impact)},
	})
	return err
}

// DutyOf names what an office's duty hangs on: "claim/ID" for the responsible office, "claim/ID/OFFICE" for another.
func (c Claim) DutyOf(office string) string {
	if office == c.Office {
		return c.Ref()
	}
	return c.Ref() + "/" + office
}

func (r *Room) meet(ctx context.Context, tx *store.Tx, by regulation.Actor, c Claim, office string) error {
	return r.duties.Meet(ctx, tx, by, c.DutyOf(office), "evidence")
}

// voidDuties ends what offices still owe for a claim that needs it no more.
func (r *Room) voidDuties(ctx context.Context, tx *store.Tx, by regulation.Actor, c Claim, reason string) error {
	if r.duties == nil {
		return nil
	}
	offices, err := readOffices(ctx, tx, c)
	if err != nil {
		return err
	}
	for _, o := range offices {
		if err := r.duties.Void(ctx, tx, by, c.DutyOf(o), "evidence", reason); err != nil {
			return err
		}
	}
	return nil
}

// TakeInput names a claim.
type TakeInput struct{ Claim string }

// Take begins the check: who takes it is its holder.
func (r *Room) Take(ctx context.Context, by regulation.Actor, in TakeInput) (c Claim, err error) {
	now := r.now()
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c, err = r.allowed(ctx, tx, in.Claim, by, "take", now); err != nil {
			return err
		}
		if c.State, err = r.step(ctx, tx, c.ID, ActTake, by, now); err != nil {
			return err
		}
		c.Holder = by.ID
		if _, err := tx.Exec(ctx, sqlSetHolder, by.ID, c.ID); err != nil {
			return err
		}
		if err := r.did(ctx, tx, c.ID, Done{Verb: string(ActTake), Actor: by.ID, At: now}); err != nil {
			return err
		}
		return r.enter(ctx, tx, by, c.Ref(), now, false, taken{Claim: c.ID})
	})
	return c, err
}

// AskInput is a question to an office.
type AskInput struct {
	Claim    string
	Office   string
	Question string
}

// Ask asks an office for evidence; its clock begins to run. The first office asked is the responsible one.
func (r *Room) Ask(ctx context.Context, by regulation.Actor, in AskInput) (c Claim, err error) {
	now := r.now()
	in.Question = strings.TrimSpace(in.Question)
	var l problem.List
	if in.Office == "" {
		l.Add("office", problem.Required)
	}
	if in.Question == "" {
		l.Add("question", problem.Required)
	}
	long(&l, "question", in.Question, 4000)
	if err := l.Or(); err != nil {
		return Claim{}, err
	}
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c, err = r.allowed(ctx, tx, in.Claim, by, "ask", now); err != nil {
			return err
		}
		if c.State, err = r.step(ctx, tx, c.ID, ActAsk, by, now); err != nil {
			return err
		}
		if c.Office == "" {
			c.Office = in.Office
			if err := one(tx.Exec(ctx, sqlSetOffice, in.Office, c.ID)); err != nil {
				return err
			}
		}
		if err := r.question(ctx, tx, by, c, in.Office, in.Question, now); err != nil {
			return err
		}
		if err := r.did(ctx, tx, c.ID, Done{Verb: string(ActAsk), Actor: by.ID, Object: in.Office, Reason: in.Question, At: now}); err != nil {
			return err
		}
		return r.enter(ctx, tx, by, c.Ref(), now, false, asked{Claim: c.ID, Office: in.Office, Question: textHash(in.Question)})
	})
	return c, err
}

// CloseInput ends a claim without a verdict.
type CloseInput struct {
	Claim   string
	Version int64
	Reason  string
}

// Close ends the check without a verdict, with the reason. A claim that is public already stays as it is published.
func (r *Room) Close(ctx context.Context, by regulation.Actor, in CloseInput) (c Claim, err error) {
	now := r.now()
	in.Reason = strings.TrimSpace(in.Reason)
	if in.Reason == "" {
		return Claim{}, problem.List{problem.Of("reason", problem.Required)}
	}
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c, err = r.allowed(ctx, tx, in.Claim, by, "close", now); err != nil {
			return err
		}
		if c, err = r.move(ctx, tx, c, ActClose, in.Version, by, in.Reason, now); err != nil {
			return err
		}
		if err := r.voidDuties(ctx, tx, by, c, "closed"); err != nil {
			return err
		}
		if c.Shown { // it must not come back in public by itself when it is reopened
			c.Shown = false
			if _, err := tx.Exec(ctx, sqlSetShown, store.Bool(false), store.Micros(now), c.ID); err != nil {
				return err
			}
			if err := r.enter(ctx, tx, by, c.Ref(), now, true, shown{Code: c.Code, Shown: false}); err != nil {
				return err
			}
		}
		if err := r.did(ctx, tx, c.ID, Done{Verb: string(ActClose), Actor: by.ID, Reason: in.Reason, At: now}); err != nil {
			return err
		}
		return r.enter(ctx, tx, by, c.Ref(), now, false, closed{Claim: c.ID})
	})
	return c, err
}

// ReopenInput says why a claim is checked again.
type ReopenInput struct {
	Claim   string
	Version int64
	Reason  string
	Reports []string // that brought it back
}

// Reopen checks a claim again that returned, or that was closed. What is published stays public meanwhile.
func (r *Room) Reopen(ctx context.Context, by regulation.Actor, in ReopenInput) (c Claim, err error) {
	now := r.now()
	in.Reason = strings.TrimSpace(in.Reason)
	if in.Reason == "" {
		return Claim{}, problem.List{problem.Of("reason", problem.Required)}
	}
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c, err = r.allowed(ctx, tx, in.Claim, by, "reopen", now); err != nil {
			return err
		}
		if c, err = r.move(ctx, tx, c, ActReopen, in.Version, by, "", now); err != nil {
			return err
		}
		for _, id := range in.Reports {
			if err := one(tx.Exec(ctx, sqlMoveReport, string(Opened), c.ID, "", id, string(Signalled))); err != nil {
				return err
			}
		}
		if err := r.did(ctx, tx, c.ID, Done{Verb: string(ActReopen), Actor: by.ID, Reason: in.Reason, At: now}); err != nil {
			return err
		}
		return r.enter(ctx, tx, by, c.Ref(), now, false, reopened{Claim: c.ID, Reports: in.Reports})
	})
	return c, err
}

// ShowInput says whether the public sees that a claim is being checked.
type ShowInput struct {
	Claim string
	Shown bool
}

// Show puts a claim on the public list of what is being checked, or takes it off. What is claimed is then public; that there
// is no verdict yet stands beside it.
func (r *Room) Show(ctx context.Context, by regulation.Actor, in ShowInput) (c Claim, err error) {
	now := r.now()
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c, err = r.allowed(ctx, tx, in.Claim, by, "show", now); err != nil {
			return err
		}
		if c.State == Closed || c.State == Published {
			return problem.New(problem.State, "state", "@claim.state."+string(c.State), "action", "@claim.act.show")
		}
		if c.Shown == in.Shown {
			return nil
		}
		c.Shown, c.Updated = in.Shown, now
		if _, err := tx.Exec(ctx, sqlSetShown, store.Bool(in.Shown), store.Micros(now), c.ID); err != nil {
			return err
		}
		verb := "show"
		if !in.Shown {
			verb = "hide"
		}
		if err := r.did(ctx, tx, c.ID, Done{Verb: verb, Actor: by.ID, At: now}); err != nil {
			return err
		}
		return r.enter(ctx, tx, by, c.Ref(), now, true, shown{Code: c.Code, Shown: in.Shown})
	})
	return c, err
}

// allowed reads a claim and asks whether the actor may do an act to it.
func (r *Room) allowed(ctx context.Context, q store.Reader, id string, by regulation.Actor, verb string, now time.Time) (Claim, error) {
	c, err := r.read(ctx, q, id)
	if err != nil {
		if e := r.rules.Can(by, "claim."+verb, regulation.Thing{Kind: "claim", ID: id}, now); e != nil {
			return Claim{}, e // who may not do it does not learn what there is
		}
		return Claim{}, err
	}
	return c, r.rules.Can(by, "claim."+verb, c.Thing(""), now)
}

// step takes the claim over an act that needs no version; an act that leaves the state as it is writes nothing.
func (r *Room) step(ctx context.Context, tx *store.Tx, id string, a Act, _ regulation.Actor, now time.Time) (State, error) {
	c, err := r.read(ctx, tx, id)
	if err != nil {
		return "", err
	}
	to, err := c.State.next(a)
	if err != nil || to == c.State {
		return to, err
	}
	return to, one(tx.Exec(ctx, sqlSetState, string(to), store.Micros(now), id, string(c.State)))
}

// move takes the claim over an act that names the version which the actor saw.
func (r *Room) move(ctx context.Context, tx *store.Tx, c Claim, a Act, version int64, by regulation.Actor, reason string, now time.Time) (Claim, error) {
	to, err := c.State.next(a)
	if err != nil {
		return c, err
	}
	if c.Version != version {
		return c, r.stale(ctx, c, by)
	}
	if to == Closed && c.Edition > 0 {
		to = Published
	}
	if err := one(tx.Exec(ctx, sqlMove, string(to), by.ID, store.Micros(now), reason, c.ID, version)); err != nil {
		return c, err
	}
	c.State, c.Version, c.Editor, c.Updated, c.Reason = to, version+1, by.ID, now, reason
	return c, nil
}

// stale names who saved meanwhile.
func (r *Room) stale(ctx context.Context, c Claim, by regulation.Actor) error {
	name := c.Editor
	if r.nameOf != nil {
		name = r.nameOf(ctx, c.Editor, by.Lang)
	}
	return problem.New(problem.Conflict, "name", name)
}

func refuseSame(ctx context.Context, q store.Reader, statement string) error {
	var code string
	err := q.QueryRow(ctx, sqlSame, sameKey(statement, "", "")).Scan(&code)
	if noRows(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return problem.List{problem.Of("statement", problem.Twice, "code", code)}
}

// seenFirst finds when the claim was first seen: the story's first mention or the first report, whichever came before.
func (r *Room) seenFirst(ctx context.Context, q store.Reader, c *Claim, reports []string) error {
	for _, id := range reports {
		rep, err := scanReport(q.QueryRow(ctx, sqlReport, id))
		if err != nil {
			return err
		}
		if rep.State != Signalled {
			return problem.New(problem.State, "state", "@claim.state."+string(rep.State), "action", "@claim.act.open")
		}
		if c.FirstSeen.IsZero() || rep.At.Before(c.FirstSeen) {
			c.FirstSeen = rep.At
		}
	}
	return nil
}
