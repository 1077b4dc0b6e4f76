package insight

import (
	"context"
	"slices"
	"strings"

	"khue/regulation"
)

// othersSteps are the next steps of the duties that no room's list tells, by the kind of the thing and of the duty: the action that
// the rulebook is asked for, and the step's words.
var othersSteps = map[[2]string]struct{ action, step string }{
	{"claim", "evidence"}: {"claim.add-evidence", "insight.step.claim.add-evidence"}, // of an office asked besides the first
	{"claim", "respond"}:  {"claim.respond", "insight.step.claim.respond"},
	{"inquiry", "verify"}: {"inquiry.verify-journalist", "insight.step.people.verify"},
	{"account", "verify"}: {"people.journalist.verify", "insight.step.people.verify"},
}

// viewed are the actions that open the page of a thing.
var viewed = map[string]string{"claim": "claim.view", "inquiry": "inquiry.view"}

// others gives the open duties of things that no row tells yet: the press is to be answered after a verdict is out, a reporter to be
// verified, a spokesperson to be listed. As in the rooms' lists, people of an office see what it owes, and the centre's what they
// can do and what is late. Its catalogue key of the state is "insight.duty.<kind>"; the title may be empty.
func (r *Room) others(ctx context.Context, by regulation.Actor, told []Work) ([]Work, error) {
	if r.c.Duties == nil || !by.Desk() {
		return nil, nil
	}
	open := slices.DeleteFunc(slices.Clone(regulation.DutyStates), func(s regulation.DutyState) bool { return !s.Open() })
	list, err := r.c.Duties.List(ctx, regulation.DutyFilter{States: open})
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, w := range told {
		seen[w.Ref], seen[w.Duty.ID] = true, true
	}
	var work []Work
	for _, d := range list { // the one due first before the others
		kind, id, _ := strings.Cut(d.Thing, "/")
		id, _, _ = strings.Cut(id, "/")
		next := ""
		if s, ok := othersSteps[[2]string{kind, d.Kind}]; ok && r.c.Rules.Can(by, s.action, regulation.Thing{Kind: kind, ID: id, Office: d.Office}, r.c.Now()) == nil {
			next = s.step
		}
		if seen[d.Thing] || seen[d.ID] || next == "" && !r.lateFor(by, d) {
			continue
		}
		if view := viewed[kind]; view != "" && r.c.Rules.Can(by, view, regulation.Thing{Kind: kind, ID: id, Office: d.Office}, r.c.Now()) != nil {
			continue // a row that leads to a refusal helps nobody
		}
		seen[d.Thing] = true
		work = append(work, Work{Ref: d.Thing, Title: d.Title, State: "insight.duty." + d.Kind, Office: d.Office, Duty: d, Next: next, Href: Address(d.Thing), At: d.Opened})
	}
	return work, nil
}
