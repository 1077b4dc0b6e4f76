package release_test

import (
	"slices"
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/problem"
	"khue/release"
)

// verbs does each verb on a release by somebody who may.
func (d *desk) verbs() map[release.Verb]func(release.Release) error {
	ctx := d.k.Ctx
	e := func(_ release.Release, err error) error { return err }
	why := func(rel release.Release) release.Why {
		return release.Why{Ref: release.Ref{ID: rel.ID}, Reason: "vì thế"}
	}
	when := func(rel release.Release) release.When {
		return release.When{Ref: release.Ref{ID: rel.ID}, At: d.k.Clock.Now().Add(2 * time.Hour)}
	}
	id := func(rel release.Release) release.Ref { return release.Ref{ID: rel.ID} }
	return map[release.Verb]func(release.Release) error{
		release.VerbTake:   func(x release.Release) error { return e(d.r.Take(ctx, minh, id(x))) },
		release.VerbReturn: func(x release.Release) error { return e(d.r.Return(ctx, minh, why(x))) },
		release.VerbAmend: func(x release.Release) error {
			return e(d.r.Amend(ctx, thu, release.AmendInput{Ref: id(x), Text: water}))
		},
		release.VerbDecline: func(x release.Release) error { return e(d.r.Decline(ctx, minh, why(x))) },
		release.VerbEdit: func(x release.Release) error {
			return e(d.r.Edit(ctx, minh, release.EditInput{Ref: d.ref(x), Text: water}))
		},
		release.VerbSendUp:     func(x release.Release) error { return e(d.r.SendUp(ctx, minh, id(x))) },
		release.VerbSendBack:   func(x release.Release) error { return e(d.r.SendBack(ctx, phong, why(x))) },
		release.VerbApprove:    func(x release.Release) error { return e(d.r.Approve(ctx, phong, id(x))) },
		release.VerbSchedule:   func(x release.Release) error { return e(d.r.Schedule(ctx, minh, when(x))) },
		release.VerbEmbargo:    func(x release.Release) error { return e(d.r.Embargo(ctx, minh, when(x))) },
		release.VerbUnschedule: func(x release.Release) error { return e(d.r.Unschedule(ctx, minh, id(x))) },
		release.VerbPublish:    func(x release.Release) error { return e(d.r.Publish(ctx, minh, id(x))) },
		release.VerbDraft:      func(x release.Release) error { return e(d.r.DraftCorrection(ctx, minh, id(x))) },
		release.VerbDrop:       func(x release.Release) error { return e(d.r.DropChange(ctx, minh, id(x))) },
		release.VerbUpdate:     func(x release.Release) error { return e(d.r.Update(ctx, phong, id(x))) },
		release.VerbCorrect:    func(x release.Release) error { return e(d.r.Correct(ctx, phong, id(x))) },
		release.VerbWithdraw: func(x release.Release) error {
			return e(d.r.Withdraw(ctx, phong, release.WithdrawInput{Ref: id(x), Reason: "vì thế"}))
		},
		release.VerbUndo: func(x release.Release) error { return e(d.r.Undo(ctx, minh, id(x))) },
	}
}

// TestMachine tries every verb in every state: what the picture of the house allows works, all else is refused and changes nothing.
func TestMachine(t *testing.T) {
	allowed := map[release.State][]release.Verb{
		release.Draft:     nil,
		release.Submitted: {release.VerbTake, release.VerbReturn, release.VerbDecline},
		release.Editing:   {release.VerbReturn, release.VerbDecline, release.VerbEdit, release.VerbSendUp},
		release.Returned:  {release.VerbAmend, release.VerbDecline},
		release.Awaiting:  {release.VerbApprove, release.VerbSendBack},
		release.Approved:  {release.VerbSendBack, release.VerbSchedule, release.VerbEmbargo, release.VerbPublish},
		release.Scheduled: {release.VerbSchedule, release.VerbUnschedule, release.VerbPublish},
		release.Embargoed: {release.VerbEmbargo, release.VerbUnschedule, release.VerbPublish},
		release.Published: {release.VerbDraft, release.VerbWithdraw},
		release.Corrected: {release.VerbDraft, release.VerbWithdraw},
		release.Withdrawn: nil,
		release.Declined:  nil,
	}
	k := testkit.SQLite(t)
	d := newDesk(t, k, 0)
	for state, may := range allowed {
		for verb, do := range d.verbs() {
			rel := d.to(state)
			if rel.State != state {
				t.Fatalf("on the way to %s it is %s", state, rel.State)
			}
			err := do(rel)
			if slices.Contains(may, verb) {
				if err != nil {
					t.Errorf("%s from %s: %v", verb, state, err)
				}
				continue
			}
			want := problem.State
			if state == release.Draft && verb != release.VerbAmend {
				want = problem.State
			}
			if got := problem.CodeOf(err); got != want {
				t.Errorf("%s from %s: %v, want %q", verb, state, err, want)
			}
			if state != release.Draft {
				if after := d.get(rel.ID); after.Version != rel.Version || after.State != rel.State {
					t.Errorf("%s from %s was refused and changed it", verb, state)
				}
			}
		}
	}
}

func TestChangesBesideWhatIsOut(t *testing.T) {
	k := testkit.SQLite(t)
	d := newDesk(t, k, 0)
	for _, c := range []struct {
		change release.Change
		up     bool
		may    []release.Verb
	}{
		{release.Correction, false, []release.Verb{release.VerbEdit, release.VerbDrop, release.VerbWithdraw}}, // send-up needs a note
		{release.Correction, true, []release.Verb{release.VerbSendBack, release.VerbDrop, release.VerbCorrect, release.VerbWithdraw}},
		{release.Update, true, []release.Verb{release.VerbSendBack, release.VerbDrop, release.VerbUpdate, release.VerbWithdraw}},
	} {
		for verb, do := range d.verbs() {
			rel := d.to(release.Published)
			if c.up {
				rel = d.drafted(rel, c.change)
			} else {
				rel = d.must(d.r.DraftChange(k.Ctx, minh, d.ref(rel), c.change))
			}
			err := do(rel)
			if ok := slices.Contains(c.may, verb); ok != (err == nil) {
				t.Errorf("%s during %s (up %v): %v", verb, c.change, c.up, err)
			}
		}
	}
}
