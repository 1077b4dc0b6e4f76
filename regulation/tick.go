package regulation

import (
	"context"
	"time"

	"khue/problem"
	"khue/store"
)

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

// Recount counts every open clock anew, as after a change of the calendar or of the rulebook: what ends at another moment is
// moved, with its pauses, and recorded. It gives how many moved. A duty stays with the version of its rule that it was opened by
// as long as the book has it.
func (d *Duties) Recount(ctx context.Context) (int, error) {
	now := store.Time(store.Micros(d.now()))
	moved := 0
	for after := ""; ; {
		list, err := readDuties(d.db.Query(ctx, sqlOpenAfter, after, tickBatch))
		if err != nil || len(list) == 0 {
			return moved, err
		}
		for _, y := range list {
			changed := false
			err := d.db.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
				changed, err = d.recount(ctx, tx, y.ID, now)
				return err
			})
			if err != nil && problem.CodeOf(err) != problem.Conflict {
				return moved, err
			}
			if changed {
				moved++
			}
		}
		after = list[len(list)-1].ID
	}
}

func (d *Duties) recount(ctx context.Context, tx *store.Tx, id string, now time.Time) (bool, error) {
	y, err := scanDuty(tx.QueryRow(ctx, sqlDuty, id))
	if err != nil || (y.State != DutyRunning && y.State != DutyPaused) {
		return false, err
	}
	due, err := d.limits.Due(y.Rule, y.Opened, y.facts)
	if err != nil { // the rule has left the book: the clock stands as it was promised
		d.log.Warn("duty keeps its end", "duty", y.ID, "rule", y.Rule, "err", err)
		return false, nil
	}
	end := store.Time(store.Micros(due.At.Add(y.paused)))
	if end.Equal(y.Due) {
		return false, nil
	}
	y.Due = end
	return true, d.save(ctx, tx, SystemActor("duties"), KindDutyRecounted, &y, y.entry(), now)
}

// Run counts the open clocks anew, since the calendar or the rulebook may have changed while nobody ran, and then calls Tick every
// 30 seconds until ctx ends.
func (d *Duties) Run(ctx context.Context) error {
	if n, err := d.Recount(ctx); err != nil && ctx.Err() == nil {
		d.log.Error("duties: recount", "err", err)
	} else if n > 0 {
		d.log.Info("duties: clocks moved with the calendar", "moved", n)
	}
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
