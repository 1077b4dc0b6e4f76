package regulation

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"khue/regulation/calendar"
	"khue/store"
)

// Of gives the duties of a thing, oldest first; ended ones too.
func (d *Duties) Of(ctx context.Context, r store.Reader, thing string) ([]Duty, error) {
	return readDuties(r.Query(ctx, sqlDutiesOf, thing))
}

// Get gives one duty; problem.NotFound when there is none.
func (d *Duties) Get(ctx context.Context, id string) (Duty, error) {
	return scanDuty(d.db.QueryRow(ctx, sqlDuty, id))
}

// WorkDays gives how many working days are left of a duty whose limit is counted in them, 0 for any other and for one that ended.
func (d *Duties) WorkDays(y Duty) int {
	r, ok := d.limits.rules[y.Rule]
	if !ok || y.State != DutyRunning {
		return 0
	}
	v, ok := r.In(y.Opened)
	if !ok {
		return 0
	}
	if l, err := v.limit(y.facts); err != nil || l.unit != calendar.WorkingDays {
		return 0
	}
	return d.limits.WorkDaysLeft(d.now(), y.Due)
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

func readDuties(rows *sql.Rows, err error) ([]Duty, error) {
	return store.All(rows, err, scanDuty)
}

func scanDuty(row store.Row) (Duty, error) {
	var y Duty
	var facts string
	var opened, due, pausedAt, paused, ended, next int64
	err := row.Scan(&y.ID, &y.Thing, &y.Kind, &y.Office, &y.Holder, &y.Title, &y.Rule, &y.Act, &y.Article, &y.Mark, &y.ValidFrom, &facts,
		&opened, &due, &y.State, &pausedAt, &paused, &ended, &y.stage, &next, &y.Reason, &y.Version)
	if err != nil {
		return y, store.NotFound(err)
	}
	y.Opened, y.Due, y.PausedAt, y.Ended, y.next = store.Time(opened), store.Time(due), store.Time(pausedAt), store.Time(ended), store.Time(next)
	y.paused = time.Duration(paused) * time.Microsecond
	return y, json.Unmarshal([]byte(facts), &y.facts)
}
