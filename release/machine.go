package release

import (
	"slices"
	"time"

	"khue/problem"
)

// Verb is what is done to a release; its words stand in the catalogue under "release.verb.<verb>". The action that the rulebook is
// asked for is "release.<verb>".
type Verb string

// The verbs.
const (
	VerbSubmit     Verb = "submit"
	VerbTake       Verb = "take"
	VerbReturn     Verb = "return"
	VerbAmend      Verb = "amend"
	VerbDecline    Verb = "decline"
	VerbEdit       Verb = "edit"
	VerbSendUp     Verb = "send-up"
	VerbSendBack   Verb = "send-back"
	VerbApprove    Verb = "approve"
	VerbSchedule   Verb = "schedule"
	VerbEmbargo    Verb = "embargo"
	VerbUnschedule Verb = "unschedule"
	VerbPublish    Verb = "publish"
	VerbDraft      Verb = "draft-change" // draft an update or a correction of what is out
	VerbDrop       Verb = "drop-change"
	VerbUpdate     Verb = "update"
	VerbCorrect    Verb = "correct"
	VerbWithdraw   Verb = "withdraw"
	VerbUndo       Verb = "undo" // take back what is held before leaving
)

// step is one line of the state machine.
type step struct {
	verb   Verb
	from   []State
	change []State // the steps of a change on which it may be done: "" no change, Editing, Awaiting
	to     State   // "" leaves the state
	step   State   // the change's step afterwards
}

var (
	none = []State{""}
	out  = []State{Published, Corrected}
)

// machine is the whole state machine; what is not here is refused.
var machine = []step{
	{verb: VerbSubmit, from: []State{Draft}, change: none, to: Submitted},
	{verb: VerbTake, from: []State{Submitted}, change: none, to: Editing},
	{verb: VerbReturn, from: []State{Submitted, Editing}, change: none, to: Returned},
	{verb: VerbAmend, from: []State{Returned}, change: none, to: Editing},
	{verb: VerbDecline, from: []State{Submitted, Editing, Returned}, change: none, to: Declined},
	{verb: VerbEdit, from: []State{Editing}, change: none},
	{verb: VerbSendUp, from: []State{Editing}, change: none, to: Awaiting},
	{verb: VerbSendBack, from: []State{Awaiting, Approved}, change: none, to: Editing},
	{verb: VerbApprove, from: []State{Awaiting}, change: none, to: Approved},
	{verb: VerbSchedule, from: []State{Approved, Scheduled}, change: none, to: Scheduled},
	{verb: VerbEmbargo, from: []State{Approved, Embargoed}, change: none, to: Embargoed},
	{verb: VerbUnschedule, from: []State{Scheduled, Embargoed}, change: none, to: Approved},
	{verb: VerbPublish, from: []State{Approved, Scheduled, Embargoed}, change: none, to: Published},

	{verb: VerbDraft, from: out, change: none, step: Editing},
	{verb: VerbEdit, from: out, change: []State{Editing}, step: Editing},
	{verb: VerbSendUp, from: out, change: []State{Editing}, step: Awaiting},
	{verb: VerbSendBack, from: out, change: []State{Awaiting}, step: Editing},
	{verb: VerbDrop, from: out, change: []State{Editing, Awaiting}},
	{verb: VerbUpdate, from: out, change: []State{Awaiting}},
	{verb: VerbCorrect, from: out, change: []State{Awaiting}, to: Corrected},
	{verb: VerbWithdraw, from: out, change: []State{"", Editing, Awaiting}, to: Withdrawn},
}

// find gives the machine's line for a verb, or problem.State. Nothing but undo is done to what is being held before it leaves.
func (r Release) find(v Verb) (step, error) {
	if r.Leaving == "" {
		for _, s := range machine {
			if s.verb == v && slices.Contains(s.from, r.State) && slices.Contains(s.change, r.ChangeStep) && r.suits(v) {
				return s, nil
			}
		}
	}
	state := "@release.state." + string(r.State)
	switch {
	case r.Leaving != "":
		state = "@release.state.leaving"
	case r.Change != "":
		state = "@release.change." + string(r.Change)
	}
	return step{}, problem.New(problem.State, "state", state, "action", "@release.verb."+string(v))
}

// suits tells an update from a correction.
func (r Release) suits(v Verb) bool {
	switch v {
	case VerbUpdate:
		return r.Change == Update
	case VerbCorrect:
		return r.Change == Correction
	}
	return true
}

// May says whether the machine knows the verb for the release as it stands; who may do it is the rulebook's to say.
func (r Release) May(v Verb) bool {
	if v == VerbUndo {
		return r.Leaving != ""
	}
	_, err := r.find(v)
	return err == nil
}

// due says whether the release has to leave by now.
func (r Release) due(now time.Time) bool {
	if r.Leaving != "" {
		return !r.LeavesAt.After(now)
	}
	return (r.State == Scheduled || r.State == Embargoed) && !r.At.IsZero() && !r.At.After(now)
}
