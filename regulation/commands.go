package regulation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"khue/ledger"
	"khue/problem"
	"khue/store"
)

// DutyConfig is what duties stand on.
type DutyConfig struct {
	DB        *store.DB
	Ledger    *ledger.Ledger
	Rules     *Rulebook
	Deadlines *Deadlines
	Now       func() time.Time
	Log       *slog.Logger // nil: slog.Default
}

// Duties keeps who owes what by when. Its methods may be called from many goroutines.
type Duties struct {
	db     *store.DB
	ledger *ledger.Ledger
	rules  *Rulebook
	limits *Deadlines
	now    func() time.Time
	log    *slog.Logger
}

// NewDuties makes the keeper of duties on a migrated database.
func NewDuties(c DutyConfig) *Duties {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Duties{db: c.DB, ledger: c.Ledger, rules: c.Rules, limits: c.Deadlines, now: c.Now, log: c.Log}
}

// Trigger opens the duties that the rulebook ties to an event, in the caller's transaction, by the versions of the rules in
// force at e.At (zero: now). A duty of the same rule and office that is still open for the thing is not opened twice. It gives the new ones.
func (d *Duties) Trigger(ctx context.Context, tx *store.Tx, by Actor, e Event) ([]Duty, error) {
	now := d.now()
	if e.At.IsZero() {
		e.At = now
	}
	list, err := d.limits.triggered(e.Kind, e.At, e.Facts)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	open, err := d.Of(ctx, tx, e.Thing)
	if err != nil {
		return nil, err
	}
	var opened []Duty
next:
	for _, o := range list {
		for _, y := range open {
			if y.Rule == o.rule.Rule && y.State.Open() && y.Office == o.owes(e) {
				continue next
			}
		}
		y, err := d.open(o, e)
		if err != nil {
			return nil, err
		}
		if err := insertDuty(ctx, tx, y); err != nil {
			return nil, err
		}
		if err := d.append(ctx, tx, by, KindDutyOpened, y, y.entry(), now); err != nil {
			return nil, err
		}
		opened = append(opened, y)
	}
	return opened, nil
}

// owes gives the office that owes the duty.
func (o opening) owes(e Event) string {
	if o.Office != "" {
		return o.Office
	}
	return e.Office
}

// open makes the duty of a rule for an event.
func (d *Duties) open(o opening, e Event) (Duty, error) {
	r := o.rule
	due, err := d.limits.Due(r.Rule, e.At, o.facts)
	if err != nil {
		return Duty{}, fmt.Errorf("event %s: %w", e.Kind, err)
	}
	y := Duty{
		ID: store.NewID(), Thing: e.Thing, Kind: o.Duty, Office: o.owes(e), Title: e.Title, Rule: r.Rule, Act: due.Act, Article: due.Article,
		Mark: due.Mark, ValidFrom: due.ValidFrom, Opened: store.Time(store.Micros(e.At)), Due: store.Time(store.Micros(due.At)),
		State: DutyRunning, Version: 1, facts: o.facts,
	}
	y.schedule(d.stages())
	return y, nil
}

func (d *Duties) stages() []Stage { return d.rules.Escalation }

// Meet ends the open duties of a thing (kind "" means every kind): met, or met-late when the end has passed. None is no error.
func (d *Duties) Meet(ctx context.Context, tx *store.Tx, by Actor, thing, kind string) error {
	return d.each(ctx, tx, by, thing, kind, actMeet, KindDutyMet, func(y *Duty, now time.Time) {
		if y.State == DutyPaused {
			y.resume(now)
		}
		y.Ended = now
	})
}

// Pause stops the clocks of a thing's running duties whose rules allow it, while the office waits for somebody else.
func (d *Duties) Pause(ctx context.Context, tx *store.Tx, by Actor, thing string) error {
	return d.each(ctx, tx, by, thing, "", actPause, KindDutyPaused, func(y *Duty, now time.Time) { y.PausedAt = now })
}

// Resume lets them run on; the end moves by as long as they stood.
func (d *Duties) Resume(ctx context.Context, tx *store.Tx, by Actor, thing string) error {
	return d.each(ctx, tx, by, thing, "", actResume, KindDutyResumed, (*Duty).resume)
}

func (y *Duty) resume(now time.Time) {
	stood := max(now.Sub(y.PausedAt), 0)
	y.Due, y.paused, y.PausedAt = y.Due.Add(stood), y.paused+stood, time.Time{}
}

// Void ends the open duties of a thing that has no more need of them, with a reason's code.
func (d *Duties) Void(ctx context.Context, tx *store.Tx, by Actor, thing, kind, reason string) error {
	return d.each(ctx, tx, by, thing, kind, actVoid, KindDutyVoid, func(y *Duty, now time.Time) { y.Ended, y.Reason = now, reason })
}

// each takes the duties of a thing for which the table has the act, changes them and records it. The others are left alone.
func (d *Duties) each(ctx context.Context, tx *store.Tx, by Actor, thing, kind string, a act, entry string, change func(*Duty, time.Time)) error {
	now := store.Time(store.Micros(d.now()))
	list, err := d.Of(ctx, tx, thing)
	if err != nil {
		return err
	}
	for _, y := range list {
		to, ok := transitions[a][y.State]
		if !ok || (kind != "" && y.Kind != kind) || (a == actPause && !d.limits.rules[y.Rule].Pauses) {
			continue
		}
		change(&y, now)
		if y.State = to; to == DutyMet && now.After(y.Due) {
			y.State = DutyMetLate
		}
		if err := d.save(ctx, tx, by, entry, &y, y.entry(), now); err != nil {
			return err
		}
	}
	return nil
}

// Reassign gives the open duties of a thing to another office; their clocks run on.
func (d *Duties) Reassign(ctx context.Context, tx *store.Tx, by Actor, thing, office string) error {
	now := store.Time(store.Micros(d.now()))
	list, err := d.Of(ctx, tx, thing)
	if err != nil {
		return err
	}
	for _, y := range list {
		if !y.State.Open() || y.Office == office || d.pinned(y) {
			continue
		}
		from := y.Office
		y.Office, y.Holder = office, ""
		body := y.entry()
		body.From = from
		if err := d.save(ctx, tx, by, KindDutyReassigned, &y, body, now); err != nil {
			return err
		}
	}
	return nil
}

// Take notes that a person of the office has taken a duty to do (nhận); whoever takes it last holds it.
func (d *Duties) Take(ctx context.Context, by Actor, id string) error {
	return d.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := store.Time(store.Micros(d.now()))
		y, err := scanDuty(tx.QueryRow(ctx, sqlDuty, id))
		if err != nil {
			return err
		}
		if err := d.rules.Can(by, "regulation.take", Thing{Kind: "duty", ID: y.ID, Office: y.Office, State: string(y.State)}, now); err != nil {
			return err
		}
		if !y.State.Open() {
			return problem.New(problem.State, "state", "@duty.state."+string(y.State), "action", "@regulation.take")
		}
		if y.Holder == by.ID {
			return nil
		}
		y.Holder = by.ID
		return d.save(ctx, tx, by, KindDutyTaken, &y, y.entry(), now)
	})
}

// pinned says whether the rulebook gives the duty to an office of its own, whoever has the thing.
func (d *Duties) pinned(y Duty) bool {
	return slices.ContainsFunc(d.limits.rules[y.Rule].Opens, func(o Trigger) bool { return o.Duty == y.Kind && o.Office == y.Office })
}

// Waive lets an office off one of the centre's own limits, for a reason. A limit of the law cannot be waived.
func (d *Duties) Waive(ctx context.Context, by Actor, id, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return problem.Of("reason", problem.Required)
	}
	return d.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := store.Time(store.Micros(d.now()))
		y, err := scanDuty(tx.QueryRow(ctx, sqlDuty, id))
		if err != nil {
			return err
		}
		if err := d.rules.Can(by, "regulation.waive", Thing{Kind: "duty", ID: y.ID, Office: y.Office, State: string(y.State)}, now); err != nil {
			return err
		}
		if y.Mark == "law" { // no role can
			return problem.New(problem.Forbidden, "role", "@role.nobody")
		}
		to, ok := transitions[actWaive][y.State]
		if !ok {
			return problem.New(problem.State, "state", "@duty.state."+string(y.State), "action", "@regulation.waive")
		}
		y.State, y.Ended, y.Reason = to, now, reason
		return d.save(ctx, tx, by, KindDutyWaived, &y, y.entry(), now)
	})
}

func insertDuty(ctx context.Context, tx *store.Tx, y Duty) error {
	facts, err := json.Marshal(y.facts)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, sqlInsertDuty, y.ID, y.Thing, y.Kind, y.Office, y.Holder, y.Title, y.Rule, y.Act, y.Article, y.Mark, y.ValidFrom, string(facts),
		store.Micros(y.Opened), store.Micros(y.Due), string(y.State), store.Micros(y.PausedAt), y.paused.Microseconds(), store.Micros(y.Ended), y.stage,
		store.Micros(y.next), y.Reason, y.Version)
	return err
}

// save writes a changed duty and its entry; a duty that changed meanwhile is a conflict.
func (d *Duties) save(ctx context.Context, tx *store.Tx, by Actor, kind string, y *Duty, body DutyEntry, now time.Time) error {
	y.schedule(d.stages())
	res, err := tx.Exec(ctx, sqlUpdateDuty, y.Office, y.Holder, store.Micros(y.Due), string(y.State), store.Micros(y.PausedAt), y.paused.Microseconds(),
		store.Micros(y.Ended), y.stage, store.Micros(y.next), y.Reason, y.ID, y.Version)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return problem.Wrap(errors.Join(err, fmt.Errorf("duty %s changed meanwhile", y.ID)), problem.Conflict, "name", "@role.system")
	}
	y.Version++
	body.Due, body.State = y.Due.UTC(), y.State
	return d.append(ctx, tx, by, kind, *y, body, now)
}

func (d *Duties) append(ctx context.Context, tx *store.Tx, by Actor, kind string, y Duty, body DutyEntry, now time.Time) error {
	_, err := d.ledger.Append(ctx, tx, ledger.Entry{Kind: kind, Actor: by.ID, Thing: y.Thing, Body: body, At: now})
	return err
}
