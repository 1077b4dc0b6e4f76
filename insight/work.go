package insight

import (
	"cmp"
	"context"
	"slices"
	"time"

	"khue/claim"
	"khue/inquiry"
	"khue/radar"
	"khue/regulation"
	"khue/release"
)

// Group is why a row stands on the Now page.
type Group string

// The groups, in their order on the page.
const (
	Late    Group = "late"    // its limit has passed
	Due     Group = "due"     // its clock runs
	Waiting Group = "waiting" // it waits for this person, without a clock
	Raised  Group = "raised"  // the radar or a citizen raised it
)

// Groups lists the groups in their order.
var Groups = []Group{Late, Due, Waiting, Raised}

// Work is one row of the Now page: what it is, whose, how long is left, and the one next thing.
type Work struct {
	Group  Group
	Ref    string // "inquiry/ID"
	Code   string
	Title  string
	State  string // catalogue key of the state
	Office string // code of the office that it lies with
	Duty   regulation.Duty
	Next   string // catalogue key of the next step, "" when another has it
	Href   string // the page, without language
	At     time.Time
	Signal radar.Signal // why a story is raised, zero when none names it
	Story  radar.Story  // of a raised story
	Take   bool         // the person's office owes the duty, and the person has not taken it yet
}

type part func(context.Context, regulation.Actor) ([]Work, error)

func gather(ctx context.Context, by regulation.Actor, parts ...part) ([]Work, error) {
	var list []Work
	for _, p := range parts {
		more, err := p(ctx, by)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

func (r *Room) owed(ctx context.Context, by regulation.Actor) ([]Work, error) {
	list, err := gather(ctx, by, r.releases, r.inquiries, r.claims, r.evidence)
	if err != nil {
		return nil, err
	}
	more, err := r.others(ctx, by, list)
	return append(list, more...), err
}

// Owed counts what Now gives outside the group Raised, for the number in the menu of every page of the desk.
func (r *Room) Owed(ctx context.Context, by regulation.Actor) (int, error) {
	list, err := r.owed(ctx, by)
	return len(list), err
}

// Now gives what is due, late and raised for a person: for the people of an office what lies with it, for the centre's what a
// role of theirs can move, and everything that is late.
func (r *Room) Now(ctx context.Context, by regulation.Actor) ([]Work, error) {
	list, err := gather(ctx, by, r.owed, r.reports, r.stories)
	if err != nil {
		return nil, err
	}
	now := r.c.Now()
	for i := range list {
		list[i].sort(now)
		list[i].Take = r.mayTake(by, list[i].Duty, now)
	}
	slices.SortStableFunc(list, func(a, b Work) int {
		return cmp.Or(
			cmp.Compare(slices.Index(Groups, a.Group), slices.Index(Groups, b.Group)),
			compareTime(a.Duty.Due, b.Duty.Due), byAge(a, b), cmp.Compare(a.Ref, b.Ref),
		)
	})
	return list, nil
}

// byAge orders what waits by how long it has waited, and what is raised with the newest first.
func byAge(a, b Work) int {
	if a.Group == Raised {
		a, b = b, a
	}
	return compareTime(a.At, b.At)
}

// mayTake says whether a person may say "I do this": their office owes it. Whoever takes it last has it, so that a shift can be
// handed over.
func (r *Room) mayTake(by regulation.Actor, d regulation.Duty, now time.Time) bool {
	mine := slices.ContainsFunc(by.Posts, func(p regulation.Post) bool { return p.Office == d.Office })
	return d.ID != "" && mine && d.Holder != by.ID && d.State.Open() &&
		r.c.Rules.Can(by, "regulation.take", regulation.Thing{Kind: "duty", ID: d.ID, Office: d.Office, State: string(d.State)}, now) == nil
}

// compareTime orders instants, a zero one last.
func compareTime(a, b time.Time) int {
	switch {
	case a.IsZero() && b.IsZero():
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	}
	return a.Compare(b)
}

// sort finds the group of a row that is not raised.
func (w *Work) sort(now time.Time) {
	switch {
	case w.Group == Raised:
	case w.Duty.ID != "" && (w.Duty.State == regulation.DutyMissed || now.After(w.Duty.Due)) && w.Duty.State != regulation.DutyPaused:
		w.Group = Late
	case w.Duty.ID != "":
		w.Group = Due
	default:
		w.Group = Waiting
	}
}

// clock gives the first open duty of a thing that concerns the actor: those of their offices first.
func (r *Room) clock(by regulation.Actor, duties []regulation.Duty) regulation.Duty {
	var best regulation.Duty
	mine := func(d regulation.Duty) bool {
		return slices.ContainsFunc(by.Posts, func(p regulation.Post) bool { return p.Office == d.Office })
	}
	for _, d := range duties {
		if !d.State.Open() {
			continue
		}
		if best.ID == "" || mine(d) && !mine(best) || mine(d) == mine(best) && d.Due.Before(best.Due) {
			best = d
		}
	}
	return best
}

// workLimit bounds what is looked at in each room for one page.
const workLimit = 200

// releaseSteps are the next steps of a release, or of the change to one that is out; the first that the person may do is shown.
var releaseSteps = map[release.State][]release.Verb{
	release.Submitted: {release.VerbTake},
	release.Returned:  {release.VerbAmend},
	release.Editing:   {release.VerbSendUp},
	release.Awaiting:  {release.VerbApprove, release.VerbCorrect, release.VerbUpdate},
	release.Approved:  {release.VerbPublish},
}

func (r *Room) releases(ctx context.Context, by regulation.Actor) ([]Work, error) {
	if r.c.Releases == nil {
		return nil, nil
	}
	list, _, err := r.c.Releases.List(ctx, by, release.Filter{States: []release.State{release.Submitted, release.Returned, release.Editing, release.Awaiting, release.Approved}, Limit: workLimit})
	for _, at := range []release.State{release.Editing, release.Awaiting} {
		if err != nil {
			break
		}
		var changed []release.Release
		changed, _, err = r.c.Releases.List(ctx, by, release.Filter{Change: at, Limit: workLimit})
		list = append(list, changed...)
	}
	if err != nil {
		return nil, ignoreForbidden(err)
	}
	var work []Work
	for _, rel := range list {
		verbs, err := r.c.Releases.Verbs(ctx, by, rel)
		if err != nil {
			return nil, err
		}
		at, state := rel.State, "release.state."+string(rel.State)
		if rel.Change != "" {
			at, state = rel.ChangeStep, "release.change."+string(rel.Change)
			if at == release.Awaiting {
				state += ".up"
			}
		}
		next := ""
		for _, v := range releaseSteps[at] {
			if verbs[v] && (v != release.VerbSendUp || rel.Holder == by.ID || rel.Holder == "") {
				next = string(v)
			}
		}
		if next == string(release.VerbCorrect) || next == string(release.VerbUpdate) {
			next = string(release.VerbApprove) // to be read and approved, like a first text
		}
		duties, err := r.c.Duties.Of(ctx, r.c.DB, rel.Ref())
		if err != nil {
			return nil, err
		}
		duty := r.clock(by, duties)
		if next == "" && !r.lateFor(by, duty) {
			continue
		}
		w := Work{Ref: rel.Ref(), Code: rel.Code, Title: rel.Title, State: state, Office: rel.Office, Duty: duty, Href: Address(rel.Ref()), At: rel.Changed}
		w.Next = step("release", next)
		work = append(work, w)
	}
	return work, nil
}

func step(room, verb string) string {
	if verb == "" {
		return ""
	}
	return "insight.step." + room + "." + verb
}

// lateFor says whether a duty is late and of concern to the person: the centre sees every late one, others their office's.
func (r *Room) lateFor(by regulation.Actor, d regulation.Duty) bool {
	if d.ID == "" || !d.State.Open() {
		return false
	}
	if slices.ContainsFunc(by.Posts, func(p regulation.Post) bool { return p.Office == d.Office && p.Office != r.c.People.Centre() }) {
		return true
	}
	return by.Staff() && d.State != regulation.DutyPaused && r.c.Now().After(d.Due)
}

func (r *Room) inquiries(ctx context.Context, by regulation.Actor) ([]Work, error) {
	if r.c.Inquiries == nil {
		return nil, nil
	}
	open := slices.DeleteFunc(slices.Clone(inquiry.States), func(s inquiry.State) bool { return !s.Open() })
	list, err := r.c.Inquiries.List(ctx, by, inquiry.Filter{States: open, Limit: workLimit})
	if err != nil {
		return nil, ignoreForbidden(err)
	}
	var work []Work
	for _, it := range list {
		duty := r.clock(by, it.Duties)
		next := r.inquiryStep(by, it.Inquiry)
		if next == "" && !r.lateFor(by, duty) {
			continue
		}
		work = append(work, Work{
			Ref: it.Ref(), Code: it.Code, Title: it.Subject, State: "inquiry.state." + string(it.State), Office: it.Office, Duty: duty,
			Next: step("inquiry", next), Href: Address(it.Ref()), At: it.Received,
		})
	}
	return work, nil
}

// inquiryStep gives the next step that a person may do to an inquiry, "" when it is another's turn.
func (r *Room) inquiryStep(by regulation.Actor, q inquiry.Inquiry) string {
	may := func(verb, office, drafter string) bool {
		return r.c.Rules.Can(by, "inquiry."+verb, q.Thing(office, drafter), r.c.Now()) == nil
	}
	for _, p := range q.Parts { // an office's own turn comes first
		switch {
		case p.State == inquiry.PartDrafted && may("approve-office", p.Office, p.Drafter):
			return "approve-office"
		case p.State == inquiry.PartAsked && !by.Staff() && q.Kind.Reported() && may("report", p.Office, ""):
			return "report"
		case p.State == inquiry.PartAsked && !by.Staff() && q.State != inquiry.Clarifying && may("draft", p.Office, ""):
			return "draft"
		}
	}
	if !by.Staff() {
		return ""
	}
	ready := len(q.Parts) == 0 || !slices.ContainsFunc(q.Parts, func(p inquiry.Part) bool { return p.State == inquiry.PartAsked || p.State == inquiry.PartDrafted })
	switch q.State {
	case inquiry.Received:
		if may("accept", r.c.People.Centre(), "") {
			return "accept"
		}
	case inquiry.Accepted, inquiry.FollowUp:
		if may("assign", r.c.People.Centre(), "") {
			return "assign"
		}
	case inquiry.Assigned, inquiry.Reassigned:
		if ready && !q.Kind.Reported() && may("draft", r.c.People.Centre(), "") {
			return "draft"
		}
	case inquiry.Drafted:
		if may("approve", r.c.People.Centre(), q.Drafter) {
			return "approve"
		}
	case inquiry.Approved:
		if may("answer", r.c.People.Centre(), "") {
			return "answer"
		}
	}
	return ""
}

// claimSteps are the next steps of a claim for the centre.
var claimSteps = map[claim.State]claim.Act{
	claim.Opened: claim.ActTake, claim.Checking: claim.ActDraft, claim.Drafted: claim.ActSendUp, claim.Awaiting: claim.ActAgree,
}

func (r *Room) claims(ctx context.Context, by regulation.Actor) ([]Work, error) {
	if r.c.Claims == nil {
		return nil, nil
	}
	list, err := r.c.Claims.List(ctx, by, claim.ListFilter{States: claim.AtWork, Limit: workLimit})
	if err != nil {
		return nil, ignoreForbidden(err)
	}
	var work []Work
	for _, c := range list {
		duties, err := r.claimDuties(ctx, by, c)
		if err != nil {
			return nil, err
		}
		duty := r.clock(by, duties)
		next := ""
		if by.Staff() {
			if act := claimSteps[c.State]; r.c.Claims.May(by, c, act) && (act != claim.ActSendUp && act != claim.ActDraft || c.Holder == by.ID || c.Holder == "") {
				next = string(act)
			}
		} else if duty.ID != "" && r.c.Claims.May(by, c, claim.ActAdd) {
			next = string(claim.ActAdd)
		}
		if next == "" && !r.lateFor(by, duty) {
			continue
		}
		work = append(work, Work{
			Ref: c.Ref(), Code: c.Code, Title: c.Statement, State: "claim.state." + string(c.State), Office: c.Office, Duty: duty,
			Next: step("claim", next), Href: Address(c.Ref()), At: c.Opened,
		})
	}
	return work, nil
}

// claimDuties gives the duties of a claim that concern a person: for the people of an office that was asked besides the responsible
// one they hang on a thing of its own.
func (r *Room) claimDuties(ctx context.Context, by regulation.Actor, c claim.Claim) ([]regulation.Duty, error) {
	things := []string{c.Ref()}
	if !by.Staff() {
		things = nil
		for _, p := range by.Posts {
			things = append(things, c.DutyOf(p.Office))
		}
		for _, s := range by.StandsIn {
			things = append(things, c.DutyOf(s.Office))
		}
	}
	var list []regulation.Duty
	for _, thing := range things {
		duties, err := r.c.Duties.Of(ctx, r.c.DB, thing)
		if err != nil {
			return nil, err
		}
		list = append(list, duties...)
	}
	return list, nil
}

// evidence gives what waits for the head of an office.
func (r *Room) evidence(ctx context.Context, by regulation.Actor) ([]Work, error) {
	if r.c.Claims == nil {
		return nil, nil
	}
	list, err := r.c.Claims.ToApprove(ctx, by)
	if err != nil {
		return nil, err
	}
	var work []Work
	for _, e := range list {
		work = append(work, Work{
			Ref: "evidence/" + e.ID, Title: e.Title, State: "insight.evidence-waits", Office: e.Office, Next: step("claim", "approve-evidence"), Href: Address("claim/" + e.Claim), At: e.At,
		})
	}
	return work, nil
}

func (r *Room) reports(ctx context.Context, by regulation.Actor) ([]Work, error) {
	if r.c.Claims == nil || !by.Staff() {
		return nil, nil
	}
	list, err := r.c.Claims.Reports(ctx, by, claim.Signalled, 20)
	if err != nil {
		return nil, ignoreForbidden(err)
	}
	var work []Work
	for _, p := range list {
		work = append(work, Work{Group: Raised, Ref: p.Ref(), Code: p.Code, Title: short(p.Text), State: "claim.state.signalled", Next: step("claim", "open"), Href: Address(p.Ref()), At: p.At})
	}
	return work, nil
}

// short gives the first words of a text, at most 140 characters.
func short(s string) string {
	n := 0
	for i, c := range s {
		if n++; n > 140 || c == '\n' {
			return s[:i] + "…"
		}
	}
	return s
}
