package claim

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// DraftInput is a verdict as it is written.
type DraftInput struct {
	Claim   string
	Version int64
	Verdict Verdict
	VI, EN  Text // EN may be empty
	// Change, Note and NoteEN belong to a further edition: Correction or Update, and what the public is told about it.
	Change       string
	Note, NoteEN string
	Press        bool // the press carried the claim
}

// Draft writes the verdict. Who wrote it last is its drafter, and cannot agree to it.
func (r *Room) Draft(ctx context.Context, by regulation.Actor, in DraftInput) (Claim, error) {
	return r.draft(ctx, by, in, ActDraft, "draft")
}

// Correct begins a further edition of a published verdict: a correction (our text was wrong) or an update (new facts). The
// edition before stays public until a second person agrees.
func (r *Room) Correct(ctx context.Context, by regulation.Actor, in DraftInput) (Claim, error) {
	return r.draft(ctx, by, in, ActCorrect, "correct")
}

func (r *Room) draft(ctx context.Context, by regulation.Actor, in DraftInput, a Act, verb string) (c Claim, err error) {
	now := r.now()
	in.tidy()
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c, err = r.allowed(ctx, tx, in.Claim, by, verb, now); err != nil {
			return err
		}
		to, err := c.State.next(a)
		if err != nil {
			return err
		}
		if c.Version != in.Version {
			return r.stale(ctx, c, by)
		}
		if c.Edition == 0 {
			in.Change, in.Note, in.NoteEN = "", "", ""
		}
		if err := in.check(c); err != nil {
			return err
		}
		c.Draft = Draft{Verdict: in.Verdict, VI: in.VI, EN: in.EN, Change: in.Change, Note: in.Note, NoteEN: in.NoteEN}
		if err := one(tx.Exec(ctx, sqlSaveDraft, string(to), by.ID, store.Micros(now), string(in.Verdict), in.VI.Headline, in.VI.Said, in.VI.Body,
			in.EN.Headline, in.EN.Said, in.EN.Body, in.Change, in.Note, in.NoteEN, store.Bool(in.Press), c.ID, in.Version)); err != nil {
			return err
		}
		if c.Holder == "" { // who writes the verdict of a claim that nobody took has taken it
			c.Holder = by.ID
			if _, err := tx.Exec(ctx, sqlSetHolder, by.ID, c.ID); err != nil {
				return err
			}
		}
		c.State, c.Version, c.Drafter, c.Editor, c.Updated, c.Press = to, in.Version+1, by.ID, by.ID, now, in.Press
		if err := r.did(ctx, tx, c.ID, Done{Verb: verb, Actor: by.ID, Object: string(in.Verdict), Reason: in.Note, At: now}); err != nil {
			return err
		}
		return r.enter(ctx, tx, by, c.Ref(), now, false, drafted{
			Claim: c.ID, Verdict: string(in.Verdict), Version: c.Version, Hash: in.VI.Hash(), HashEN: in.EN.Hash(),
		})
	})
	return c, err
}

func (in *DraftInput) tidy() {
	for _, t := range []*Text{&in.VI, &in.EN} {
		t.Headline, t.Said, t.Body = tidy(t.Headline), unquote(tidy(t.Said)), canon(strings.TrimSpace(t.Body))
	}
	in.Note, in.NoteEN = strings.TrimSpace(in.Note), strings.TrimSpace(in.NoteEN)
}

func (in *DraftInput) check(c Claim) error {
	var l problem.List
	if !in.Verdict.Valid() {
		l.Add("verdict", problem.Required)
	}
	in.VI.check(&l, "", c, in.Verdict)
	if !in.EN.Empty() {
		in.EN.check(&l, "_en", c, in.Verdict)
	}
	if c.Edition > 0 {
		if in.Change != Correction && in.Change != Update {
			l.Add("change", problem.Required)
		}
		if in.Note == "" {
			l.Add("note", problem.Required)
		}
	}
	long(&l, "note", in.Note, 2000)
	long(&l, "note_en", in.NoteEN, 2000)
	return l.Or()
}

// check wants all three parts, and the truth as the headline: what was said may be it only when it is true.
func (t Text) check(l *problem.List, suffix string, c Claim, v Verdict) {
	for _, f := range []struct {
		name, value string
		most        int
	}{{"headline", t.Headline, 300}, {"said", t.Said, 2000}, {"body", t.Body, 40_000}} {
		if f.value == "" {
			l.Add(f.name+suffix, problem.Required)
		}
		long(l, f.name+suffix, f.value, f.most)
	}
	if h := words(t.Headline); v != Verified && h != "" && (h == words(t.Said) || h == words(c.Statement)) {
		l.Add("headline"+suffix, problem.Invalid, "why", "@claim.why.truth")
	}
}

// SendUpInput names the version that is sent up.
type SendUpInput struct {
	Claim   string
	Version int64
}

// SendUp gives the draft to a second person. A verdict of fake or false needs an approved primary document.
func (r *Room) SendUp(ctx context.Context, by regulation.Actor, in SendUpInput) (c Claim, err error) {
	now := r.now()
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c, err = r.allowed(ctx, tx, in.Claim, by, "send-up", now); err != nil {
			return err
		}
		if _, err := c.State.next(ActSendUp); err != nil {
			return err
		}
		if err := needEvidence(ctx, tx, c); err != nil {
			return err
		}
		if c, err = r.move(ctx, tx, c, ActSendUp, in.Version, by, "", now); err != nil {
			return err
		}
		if err := r.did(ctx, tx, c.ID, Done{Verb: string(ActSendUp), Actor: by.ID, Object: string(c.Draft.Verdict), At: now}); err != nil {
			return err
		}
		return r.enter(ctx, tx, by, c.Ref(), now, false, sentUp{Claim: c.ID, Version: c.Version})
	})
	return c, err
}

// DefaultHold is how long what was agreed to can be taken back before it goes out.
const DefaultHold = 10 * time.Second

// AgreeInput names the version that the second person read.
type AgreeInput struct {
	Claim   string
	Version int64
	// Hold keeps the verdict for that long, in which it can be taken back; 0 lets it out at once.
	Hold time.Duration
}

// Agree publishes the verdict as a fact-check: the act of a second person, never of the drafter. Without a hold it returns when
// the entry has its position in the ledger.
func (r *Room) Agree(ctx context.Context, by regulation.Actor, in AgreeInput) (c Claim, err error) {
	now, entry := r.now(), store.NewID()
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c, err = r.allowed(ctx, tx, in.Claim, by, "agree", now); err != nil {
			return err
		}
		if _, err := c.State.next(ActAgree); err != nil {
			return err
		}
		if c.Version != in.Version {
			return r.stale(ctx, c, by)
		}
		if in.Hold > 0 {
			return r.hold(ctx, tx, by, &c, now.Add(in.Hold), now)
		}
		return r.out(ctx, tx, by, &c, entry, now)
	})
	if err != nil || in.Hold > 0 {
		return c, err
	}
	return c, r.await(ctx, entry)
}

// await waits until a public entry has its position. Who asked may stop waiting: it is published all the same.
func (r *Room) await(ctx context.Context, entry string) error {
	_, err := r.ledger.Await(ctx, entry)
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

// hold keeps what was agreed to until it goes out.
func (r *Room) hold(ctx context.Context, tx *store.Tx, by regulation.Actor, c *Claim, until, now time.Time) error {
	if err := needEvidence(ctx, tx, *c); err != nil {
		return err
	}
	if err := one(tx.Exec(ctx, sqlHold, by.ID, store.Micros(now), store.Micros(until), by.ID, c.ID, c.Version)); err != nil {
		return err
	}
	c.Version, c.Editor, c.Updated, c.Leaves, c.Seconder = c.Version+1, by.ID, now, until, by.ID
	return r.enter(ctx, tx, by, c.Ref(), now, false, leaving{Claim: c.ID, Version: c.Version})
}

// UndoInput names a claim.
type UndoInput struct{ Claim string }

// Undo takes back what is held before it goes out; afterwards it is too late: problem.State. The claim waits for a second person again.
func (r *Room) Undo(ctx context.Context, by regulation.Actor, in UndoInput) (c Claim, err error) {
	now := r.now()
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c, err = r.allowed(ctx, tx, in.Claim, by, "undo", now); err != nil {
			return err
		}
		if c.Leaves.IsZero() || !now.Before(c.Leaves) {
			return problem.New(problem.State, "state", "@claim.state."+string(c.State), "action", "@claim.act.undo")
		}
		if err := one(tx.Exec(ctx, sqlHold, by.ID, store.Micros(now), int64(0), "", c.ID, c.Version)); err != nil {
			return err
		}
		held := c.Seconder
		c.Version, c.Editor, c.Updated, c.Leaves, c.Seconder = c.Version+1, by.ID, now, time.Time{}, ""
		if err := r.did(ctx, tx, c.ID, Done{Verb: "undo", Actor: by.ID, Other: held, Object: string(c.Draft.Verdict), At: now}); err != nil {
			return err
		}
		return r.enter(ctx, tx, by, c.Ref(), now, false, undone{Claim: c.ID, Version: c.Version})
	})
	return c, err
}

// Leave lets out everything whose hold has ended. What cannot go out any more, since its evidence was taken back meanwhile, is
// no longer held. Faults are joined; one does not stop the others.
func (r *Room) Leave(ctx context.Context) error {
	rows, err := r.db.Query(ctx, sqlDue, store.Micros(r.now()))
	ids, err := store.All(rows, err, store.Value[string])
	if err != nil {
		return err
	}
	var faults []error
	for _, id := range ids {
		if err := r.letOut(ctx, id); err != nil {
			faults = append(faults, fmt.Errorf("claim %s: %w", id, err))
		}
	}
	return errors.Join(faults...)
}

func (r *Room) letOut(ctx context.Context, id string) error {
	now, entry := r.now(), store.NewID()
	gone := false
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		gone = false
		c, err := r.read(ctx, tx, id)
		if err != nil || c.Leaves.IsZero() || now.Before(c.Leaves) {
			return err
		}
		by := regulation.Actor{ID: c.Seconder, Kind: regulation.Person} // what was held is the act of who agreed
		err = r.out(ctx, tx, by, &c, entry, now)
		if problem.CodeOf(err) == problem.Evidence {
			return one(tx.Exec(ctx, sqlHold, c.Editor, store.Micros(now), int64(0), "", c.ID, c.Version))
		}
		gone = err == nil
		return err
	})
	if problem.CodeOf(err) == problem.Conflict { // another process was faster
		return nil
	}
	if err != nil || !gone {
		return err
	}
	return r.await(ctx, entry)
}

// out publishes the draft at hand as the next edition: the act of who agreed.
func (r *Room) out(ctx context.Context, tx *store.Tx, by regulation.Actor, c *Claim, entry string, now time.Time) error {
	to, err := c.State.next(ActAgree)
	if err != nil {
		return err
	}
	if err := needEvidence(ctx, tx, *c); err != nil {
		return err
	}
	e, err := r.edition(ctx, tx, *c, by, entry, now)
	if err != nil {
		return err
	}
	if err := one(tx.Exec(ctx, sqlPublish, string(to), by.ID, store.Micros(now), c.ID, c.Version)); err != nil {
		return err
	}
	c.State, c.Version, c.Edition, c.Editor, c.Updated, c.Shown, c.Leaves, c.Seconder = to, c.Version+1, e.N, by.ID, now, false, time.Time{}, ""
	if c.Published.IsZero() {
		c.Published = now
	}
	if err := r.voidDuties(ctx, tx, by, *c, "published"); err != nil {
		return err
	}
	if err := r.falsePress(ctx, tx, by, *c, now); err != nil {
		return err
	}
	if err := r.did(ctx, tx, c.ID, Done{Verb: string(ActAgree), Actor: by.ID, Other: c.Drafter, Object: string(e.Verdict), At: now}); err != nil {
		return err
	}
	return r.enterPublic(ctx, tx, by, *c, e)
}

// edition writes the next edition of a claim from its draft.
func (r *Room) edition(ctx context.Context, tx *store.Tx, c Claim, by regulation.Actor, entry string, now time.Time) (Edition, error) {
	d := c.Draft
	e := Edition{
		N: c.Edition + 1, Verdict: d.Verdict, VI: d.VI, EN: d.EN, Change: d.Change, Note: d.Note, NoteEN: d.NoteEN,
		Hash: d.VI.Hash(), HashEN: d.EN.Hash(), Entry: entry, Drafter: c.Drafter, Seconder: by.ID, At: now,
	}
	list, err := readEvidenceOf(ctx, tx, c.ID)
	if err != nil {
		return e, err
	}
	for _, v := range list {
		if v.State == Approved {
			e.evidence = append(e.evidence, v.ID)
		}
	}
	return e, insertEdition(ctx, tx, c.ID, e)
}

// DisagreeInput says why a second person does not agree.
type DisagreeInput struct {
	Claim   string
	Version int64
	Reason  string
}

// Disagree sends the claim back to be checked further; both names and the reason are kept.
func (r *Room) Disagree(ctx context.Context, by regulation.Actor, in DisagreeInput) (c Claim, err error) {
	now := r.now()
	in.Reason = strings.TrimSpace(in.Reason)
	if in.Reason == "" {
		return Claim{}, problem.List{problem.Of("reason", problem.Required)}
	}
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c, err = r.allowed(ctx, tx, in.Claim, by, "disagree", now); err != nil {
			return err
		}
		if c, err = r.move(ctx, tx, c, ActDisagree, in.Version, by, "", now); err != nil {
			return err
		}
		done := Done{Verb: string(ActDisagree), Actor: by.ID, Other: c.Drafter, Object: string(c.Draft.Verdict), Reason: in.Reason, At: now}
		if err := r.did(ctx, tx, c.ID, done); err != nil {
			return err
		}
		return r.enter(ctx, tx, by, c.Ref(), now, false, disagreed{Claim: c.ID, Drafter: c.Drafter, Version: in.Version, Verdict: string(c.Draft.Verdict)})
	})
	return c, err
}

// falsePress lets the rulebook open the duty to answer what the press got wrong, once for a claim.
func (r *Room) falsePress(ctx context.Context, tx *store.Tx, by regulation.Actor, c Claim, now time.Time) error {
	if r.duties == nil || !c.Press || c.Office == "" || c.Draft.Verdict.Sign() != "bad" {
		return nil
	}
	given, err := r.duties.Of(ctx, tx, c.Ref())
	if err != nil {
		return err
	}
	for _, y := range given {
		if y.Kind == "respond" {
			return nil
		}
	}
	_, err = r.duties.Trigger(ctx, tx, by, regulation.Event{Kind: "claim.false-press", Thing: c.Ref(), Office: c.Office, At: now, Title: c.Draft.VI.Headline})
	return err
}

// RespondInput notes that the office answered the press that carried a false claim.
type RespondInput struct {
	Claim string
	Text  string // to whom, when, with what request
	Link  string // where the answer stands, or ""
}

// Respond notes the written answer with grounds that the responsible office gave the press, and meets its duty
// (Nghị định 244/2026/NĐ-CP, Điều 7 khoản 6).
func (r *Room) Respond(ctx context.Context, by regulation.Actor, in RespondInput) (c Claim, err error) {
	now := r.now()
	in.Text, in.Link = strings.TrimSpace(in.Text), strings.TrimSpace(in.Link)
	var l problem.List
	if in.Text == "" {
		l.Add("text", problem.Required)
	}
	long(&l, "text", in.Text, 4000)
	if in.Link != "" && !isLink(in.Link) {
		l.Add("link", problem.Invalid, "why", "@claim.why.link")
	}
	if err := l.Or(); err != nil {
		return Claim{}, err
	}
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c, err = r.allowed(ctx, tx, in.Claim, by, "respond", now); err != nil {
			return err
		}
		if _, err := c.State.next(ActRespond); err != nil {
			return err
		}
		if r.duties != nil {
			if err := r.duties.Meet(ctx, tx, by, c.Ref(), "respond"); err != nil {
				return err
			}
		}
		done := Done{Verb: string(ActRespond), Actor: by.ID, Object: in.Link, Reason: in.Text, At: now}
		if err := r.did(ctx, tx, c.ID, done); err != nil {
			return err
		}
		return r.enter(ctx, tx, by, c.Ref(), now, false, responded{Claim: c.ID, Text: textHash(in.Text)})
	})
	return c, err
}
