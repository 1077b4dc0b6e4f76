package regulation

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

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
// force at e.At (zero: now). A duty of the same rule that is still open for the thing is not opened twice. It gives the new ones.
func (d *Duties) Trigger(ctx context.Context, tx *store.Tx, by Actor, e Event) ([]Duty, error) {
	now := d.now()
	if e.At.IsZero() {
		e.At = now
	}
	list, err := d.limits.triggered(e.Kind, e.Facts)
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
			if y.Rule == o.rule.Rule && y.State.Open() {
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

// open makes the duty of a rule for an event.
func (d *Duties) open(o opening, e Event) (Duty, error) {
	r := o.rule
	due, err := d.limits.Due(r.Rule, e.At, o.facts)
	if err != nil {
		return Duty{}, fmt.Errorf("event %s: %w", e.Kind, err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Duty{}, err
	}
	office := o.Office
	if office == "" {
		office = e.Office
	}
	y := Duty{
		ID: id.String(), Thing: e.Thing, Kind: o.Duty, Office: office, Title: e.Title, Rule: r.Rule, Act: due.Act, Article: due.Article,
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

// Pause stops the clocks of a thing's running duties, while the office waits for somebody else.
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
		if !ok || (kind != "" && y.Kind != kind) {
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
		to, ok := transitions[actWaive][y.State]
		if !ok || y.Mark == "law" {
			return problem.New(problem.State, "state", "@duty.state."+string(y.State), "action", "@regulation.waive")
		}
		y.State, y.Ended, y.Reason = to, now, reason
		return d.save(ctx, tx, by, KindDutyWaived, &y, y.entry(), now)
	})
}

// Of gives the duties of a thing, oldest first; ended ones too.
func (d *Duties) Of(ctx context.Context, r store.Reader, thing string) ([]Duty, error) {
	return readDuties(r.Query(ctx, sqlDutiesOf, thing))
}

// Get gives one duty; problem.NotFound when there is none.
func (d *Duties) Get(ctx context.Context, id string) (Duty, error) {
	return scanDuty(d.db.QueryRow(ctx, sqlDuty, id))
}

// List gives the duties that fit, the one due first before the others.
func (d *Duties) List(ctx context.Context, f DutyFilter) ([]Duty, error) {
	states := ""
	for _, s := range f.States {
		states += "," + string(s)
	}
	if states != "" {
		states += ","
	}
	const never = int64(1) << 62
	before, until := never, never
	if !f.DueBefore.IsZero() {
		before = store.Micros(f.DueBefore)
	}
	if !f.OpenedBefore.IsZero() {
		until = store.Micros(f.OpenedBefore)
	}
	if f.Limit <= 0 {
		f.Limit = 500
	}
	return readDuties(d.db.Query(ctx, sqlListDuties, f.Office, f.Thing, f.Kind, states, before, store.Micros(f.OpenedAfter), until, f.Limit))
}

// tickBatch bounds the duties of one transaction of Tick.
const tickBatch = 200

// Tick does what is due by now: reminders at the stages of the rulebook and, after the end, missed. Of several stages that
// passed since the last Tick only the last is told. It may run as often as one likes, also in several processes.
func (d *Duties) Tick(ctx context.Context) error {
	now := store.Time(store.Micros(d.now()))
	for {
		list, err := readDuties(d.db.Query(ctx, sqlDutiesToCall, store.Micros(now), tickBatch))
		if err != nil || len(list) == 0 {
			return err
		}
		for _, y := range list {
			err := d.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return d.call(ctx, tx, y.ID, now) })
			if err != nil && problem.CodeOf(err) != problem.Conflict { // another process was faster
				return err
			}
		}
	}
}

// call reminds of one duty or marks it missed, if it is still its time.
func (d *Duties) call(ctx context.Context, tx *store.Tx, id string, now time.Time) error {
	y, err := scanDuty(tx.QueryRow(ctx, sqlDuty, id))
	if err != nil || y.State != DutyRunning || y.next.After(now) {
		return err
	}
	system, stages := SystemActor("duties"), d.stages()
	last := -1
	for y.stage < len(stages) {
		s := stages[y.stage]
		if (s.At < 100 && y.share(s.At).After(now)) || (s.At >= 100 && !now.After(y.Due)) {
			break
		}
		last = y.stage
		y.stage++
	}
	missed := now.After(y.Due)
	if missed {
		y.State = transitions[actMiss][y.State]
	}
	y.schedule(stages)
	kind, body := KindDutyReminded, y.entry()
	if last >= 0 {
		body.Stage, body.To = stages[last].ID, stages[last].To
	}
	if missed {
		kind = KindDutyMissed
	}
	if err := d.save(ctx, tx, system, kind, &y, body, now); err != nil || !missed || last < 0 {
		return err
	}
	return d.append(ctx, tx, system, KindDutyReminded, y, body, now)
}

// Run calls Tick every 30 seconds until ctx ends.
func (d *Duties) Run(ctx context.Context) error {
	t := time.NewTicker(30 * time.Second)
	defer t.Stop()
	for {
		if err := d.Tick(ctx); err != nil && ctx.Err() == nil {
			d.log.Error("duties", "err", err)
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return nil
		}
	}
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

func readDuties(rows *sql.Rows, err error) ([]Duty, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Duty
	for rows.Next() {
		y, err := scanDuty(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, y)
	}
	return list, rows.Err()
}

func scanDuty(row interface{ Scan(...any) error }) (Duty, error) {
	var y Duty
	var facts string
	var opened, due, pausedAt, paused, ended, next int64
	err := row.Scan(&y.ID, &y.Thing, &y.Kind, &y.Office, &y.Holder, &y.Title, &y.Rule, &y.Act, &y.Article, &y.Mark, &y.ValidFrom, &facts,
		&opened, &due, &y.State, &pausedAt, &paused, &ended, &y.stage, &next, &y.Reason, &y.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return y, problem.New(problem.NotFound)
	}
	if err != nil {
		return y, err
	}
	y.Opened, y.Due, y.PausedAt, y.Ended, y.next = store.Time(opened), store.Time(due), store.Time(pausedAt), store.Time(ended), store.Time(next)
	y.paused = time.Duration(paused) * time.Microsecond
	return y, json.Unmarshal([]byte(facts), &y.facts)
}
