package release_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/problem"
	"khue/regulation"
	"khue/release"
)

func TestTheHold(t *testing.T) {
	each(t, func(d *desk) {
		ctx := d.k.Ctx
		rel := d.to(release.Approved)
		rel = d.must(d.r.Publish(ctx, minh, d.ref(rel)))
		_, err := d.r.SendBack(ctx, phong, release.Why{Ref: release.Ref{ID: rel.ID}, Reason: "x"})
		d.wants(err, problem.State, "sending back while it is held")
		_, err = d.r.Undo(ctx, thu, d.ref(rel))
		d.wants(err, problem.Forbidden, "the sender takes it back")
		d.k.Clock.Add(9 * time.Second)
		rel = d.must(d.r.Undo(ctx, minh, d.ref(rel)))
		d.k.Clock.Add(time.Hour)
		if err := d.r.RunSchedule(ctx); err != nil {
			d.Fatal(err)
		}
		if rel = d.get(rel.ID); rel.State != release.Approved {
			d.Errorf("taken back, yet %s", rel.State)
		}
		d.must(d.r.Publish(ctx, minh, d.ref(rel)))
		d.k.Clock.Add(10 * time.Second)
		_, err = d.r.Undo(ctx, minh, release.Ref{ID: rel.ID})
		d.wants(err, problem.State, "taking back too late")
		rel = d.leave(rel.ID)
		if rel.State != release.Published {
			d.Error(rel.State)
		}
		rel = d.must(d.r.Withdraw(ctx, phong, release.WithdrawInput{Ref: d.ref(rel), Reason: "nhầm"}))
		p, _ := d.r.Public(ctx, rel.Code)
		if p.Reason != "" || p.State != release.Published {
			d.Error("a withdrawal that is held shows already")
		}
		rel = d.must(d.r.Undo(ctx, phong, d.ref(rel)))
		if rel.Reason != "" || rel.State != release.Published {
			d.Errorf("%+v", rel)
		}
	})
	k := testkit.SQLite(t)
	d := newDesk(t, k, -1)
	rel := d.to(release.Approved)
	rel = d.must(d.r.Publish(k.Ctx, minh, d.ref(rel)))
	if p, err := d.r.Public(k.Ctx, rel.Code); err != nil || p.State != release.Published {
		t.Errorf("without a hold: %v %v", p.State, err)
	}
}

func TestScheduledToTheMinute(t *testing.T) {
	each(t, func(d *desk) {
		ctx := d.k.Ctx
		at := testkit.Start.Add(90*time.Minute + 20*time.Second)
		for _, v := range []func(context.Context, regulation.Actor, release.When) (release.Release, error){d.r.Schedule, d.r.Embargo} {
			d.k.Clock.Set(testkit.Start)
			rel := d.to(release.Approved)
			_, err := v(ctx, minh, release.When{Ref: d.ref(rel), At: testkit.Start.Add(-time.Minute)})
			d.wants(err, problem.Past, "a moment that has passed")
			_, err = v(ctx, minh, release.When{Ref: d.ref(rel)})
			d.wants(err, problem.Required, "no moment")
			rel = d.must(v(ctx, minh, release.When{Ref: d.ref(rel), At: at}))
			if rel.At.Second() != 0 {
				d.Error("not to the minute", rel.At)
			}
			if n, first, err := d.r.DueAt(ctx, rel.At); err != nil || n != 1 || !first.Equal(rel.At) {
				d.Errorf("due: %d at %v, %v", n, first, err)
			}
			if n, first, err := d.r.DueAt(ctx, rel.At.Add(-time.Second)); err != nil || n != 0 || !first.IsZero() {
				d.Errorf("due too early: %d at %v, %v", n, first, err)
			}
			d.k.Clock.Set(rel.At.Add(-time.Microsecond))
			if err := d.r.RunSchedule(ctx); err != nil {
				d.Fatal(err)
			}
			if list, _, err := d.r.Published(ctx, release.Page{Words: rel.Code}); err != nil || len(list) != 0 {
				d.Errorf("seen before its time: %v %v", list, err)
			}
			d.k.Clock.Set(rel.At)
			if err := errors.Join(d.r.RunSchedule(ctx), d.r.RunSchedule(ctx)); err != nil {
				d.Fatal(err)
			}
			p, err := d.r.Public(ctx, rel.Code)
			if err != nil || !p.Published.Equal(rel.At) {
				d.Errorf("%v %v", p.Published, err)
			}
		}
		d.k.Clock.Set(testkit.Start)
		rel := d.to(release.Scheduled)
		rel = d.must(d.r.Unschedule(ctx, minh, d.ref(rel)))
		d.k.Clock.Add(5 * time.Hour)
		if err := d.r.RunSchedule(ctx); err != nil {
			d.Fatal(err)
		}
		if rel = d.get(rel.ID); rel.State != release.Approved {
			d.Error("the timer won over the state")
		}
		d.published(2)
	})
}

func (d *desk) published(n int) {
	d.Helper()
	got := 0
	for _, rec := range d.k.Records(d) {
		if rec.Kind == "release.published" {
			got++
			if rec.Actor != "system:schedule" {
				d.Error(rec.Actor)
			}
		}
	}
	if got != n {
		d.Errorf("%d published, want %d", got, n)
	}
}

func TestRunEnds(t *testing.T) {
	k := testkit.SQLite(t)
	d := newDesk(t, k, 0)
	rel := d.to(release.Approved)
	ctx, stop := context.WithCancel(k.Ctx)
	done := make(chan error)
	go func() { done <- d.r.Run(ctx, func(err error) { t.Error(err) }) }()
	d.must(d.r.Publish(k.Ctx, minh, d.ref(rel)))
	k.Clock.Add(release.DefaultHold)
	for changed := k.Ledger.Changed(); ; changed = k.Ledger.Changed() {
		if p, err := d.r.Public(k.Ctx, rel.Code); err == nil && p.State == release.Published {
			break
		}
		<-changed
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
