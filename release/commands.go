package release

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// Sent is a file that comes with a submission; media keeps it already.
type Sent struct {
	File    string // its id
	Name    string
	Caption string
}

// SubmitInput is what an office sends (tin gửi đến).
type SubmitInput struct {
	ID      string // of the sender's draft, "" for none
	Kind    Kind
	Office  string // whose information it is; the sender's own when ""
	Topic   string // one of Topics, ""
	Text           // title and body are needed
	Contact string // who can be asked
	Files   []Sent
	Key     string // the form's own key: the same form sent twice is problem.Twice; "" does not ask
}

// Draft keeps what an office has not sent yet (bản thảo). Only its author sees it.
func (r *Room) Draft(ctx context.Context, by regulation.Actor, in SubmitInput) (Release, error) {
	return r.send(ctx, by, in, false)
}

// Submit sends information to the centre. It opens the centre's duty to take it.
func (r *Room) Submit(ctx context.Context, by regulation.Actor, in SubmitInput) (Release, error) {
	return r.send(ctx, by, in, true)
}

func (r *Room) send(ctx context.Context, by regulation.Actor, in SubmitInput, submit bool) (Release, error) {
	in.Text, in.Contact = in.cleaned(), Text{Title: in.Contact}.cleaned().Title
	if in.Office == "" {
		in.Office = ownOffice(by)
	}
	if err := in.checkSubmit(submit); err != nil {
		return Release{}, err
	}
	var rel Release
	known := in.seals()
	err := r.c.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		now := r.now()
		if err := r.maySubmit(by, in.Office, now); err != nil {
			return err
		}
		if rel, err = r.open(ctx, tx, by, in, now); err != nil {
			return err
		}
		for _, f := range in.Files {
			if err := r.c.Media.Attach(ctx, tx, rel.Ref(), f.File, f.Name, f.Caption); err != nil {
				return err
			}
		}
		if !submit {
			return r.save(ctx, tx, by, &rel)
		}
		rel.State, rel.Submitted = Submitted, now
		if err := r.version(ctx, tx, by, &rel, known, "submitted", now); err != nil {
			return err
		}
		if r.c.Duties != nil {
			if _, err := r.c.Duties.Trigger(ctx, tx, by, regulation.Event{Kind: "release.submitted", Thing: rel.Ref(), Office: rel.Office, At: now, Title: rel.Title}); err != nil {
				return err
			}
		}
		return r.keep(ctx, tx, by, &rel, entryKinds[VerbSubmit], "", now)
	})
	return rel, err
}

func (in SubmitInput) checkSubmit(whole bool) error {
	var l problem.List
	if !in.Kind.Valid() {
		l.Add("kind", problem.Required)
	}
	if in.Office == "" {
		l.Add("office", problem.Required)
	}
	if in.Topic != "" && !slices.Contains(Topics, in.Topic) {
		l.Add("topic", problem.Invalid, "why", "@release.choice")
	}
	if err := in.check(whole); err != nil {
		var more problem.List
		if errors.As(err, &more) {
			l = append(l, more...)
		}
	}
	return l.Or()
}

// ownOffice is the office for which somebody sends: the first at which they hold a post.
func ownOffice(by regulation.Actor) string {
	for _, role := range []regulation.Role{regulation.FocalPoint, regulation.OfficeHead, regulation.Spokesman, regulation.Editor, regulation.DutyOfficer} {
		if o := by.Offices(role); len(o) > 0 {
			return o[0]
		}
	}
	return ""
}

// maySubmit asks the rulebook, and that an office's people send for their own office only.
func (r *Room) maySubmit(by regulation.Actor, office string, now time.Time) error {
	if err := r.c.Rules.Can(by, "release.submit", regulation.Thing{Kind: "release", Office: office}, now); err != nil {
		return err
	}
	if !by.Staff() && by.Kind == regulation.Person && !slices.ContainsFunc(by.Posts, func(p regulation.Post) bool { return p.Office == office }) {
		return problem.New(problem.Forbidden, "role", "@role.focal-point")
	}
	return nil
}

// open makes the row of a submission, or loads the sender's draft with the new text.
func (r *Room) open(ctx context.Context, tx *store.Tx, by regulation.Actor, in SubmitInput, now time.Time) (Release, error) {
	if in.ID != "" {
		rel, err := r.load(ctx, tx, in.ID)
		if err != nil {
			return rel, err
		}
		if rel.Author != by.ID {
			return rel, problem.New(problem.NotFound)
		}
		if _, err := rel.find(VerbSubmit); err != nil {
			if rel.State == Submitted { // the same draft sent twice
				return rel, problem.New(problem.Twice, "code", rel.Code)
			}
			return rel, err
		}
		rel.Kind, rel.Office, rel.Topic, rel.Text, rel.Contact = in.Kind, in.Office, in.Topic, in.Text, in.Contact
		rel.SavedBy, rel.SavedAt, rel.Changed = by.ID, now, now
		return rel, nil
	}
	code, err := store.NextCode(ctx, tx, prefixes[in.Kind], now)
	if err != nil {
		return Release{}, err
	}
	rel := Release{
		ID: store.NewID(), Code: code, Kind: in.Kind, State: Draft, Office: in.Office, Topic: in.Topic, Author: by.ID, Contact: in.Contact, Version: 1,
		Text: in.Text, SavedBy: by.ID, SavedAt: now, Changed: now, Made: now,
	}
	key := sql.NullString{String: by.ID + "/" + in.Key, Valid: in.Key != ""}
	res, err := tx.Exec(ctx, sqlInsert, rel.ID, rel.Code, string(rel.Kind), string(rel.State), rel.Office, rel.Author, rel.Contact, key,
		rel.Title, rel.Lede, rel.Body, rel.TitleEN, rel.LedeEN, rel.BodyEN, store.Micros(now), fold(rel.Code+" "+rel.Title), rel.Topic)
	if err != nil {
		return rel, err
	}
	if n, err := res.RowsAffected(); err != nil {
		return rel, err
	} else if n == 0 {
		old, err := one(scan(tx.QueryRow(ctx, sqlByKey, key.String)))
		if err != nil {
			return rel, err
		}
		return rel, problem.New(problem.Twice, "code", old.Code)
	}
	return rel, nil
}

// Take takes a submission to edit it; the duty to take it is met.
func (r *Room) Take(ctx context.Context, by regulation.Actor, in Ref) (Release, error) {
	return r.do(ctx, by, act{verb: VerbTake, ref: in, change: func(ctx context.Context, tx *store.Tx, rel *Release, _ time.Time) error {
		rel.Holder = by.ID
		return r.meet(ctx, tx, by, rel)
	}})
}

func (r *Room) meet(ctx context.Context, tx *store.Tx, by regulation.Actor, rel *Release) error {
	if r.c.Duties == nil {
		return nil
	}
	return r.c.Duties.Meet(ctx, tx, by, rel.Ref(), "take")
}

// Why is a release and the reason that goes with what is done.
type Why struct {
	Ref
	Reason string
}

// Return asks the office for more (đề nghị bổ sung): what, and why.
func (r *Room) Return(ctx context.Context, by regulation.Actor, in Why) (Release, error) {
	return r.withReason(ctx, by, VerbReturn, in, func(ctx context.Context, tx *store.Tx, rel *Release, _ time.Time) error {
		if rel.Holder == "" {
			rel.Holder = by.ID
		}
		return r.meet(ctx, tx, by, rel)
	})
}

// Decline says that a submission will not be used, and why; the sender sees the reason.
func (r *Room) Decline(ctx context.Context, by regulation.Actor, in Why) (Release, error) {
	return r.withReason(ctx, by, VerbDecline, in, func(ctx context.Context, tx *store.Tx, rel *Release, _ time.Time) error {
		return r.meet(ctx, tx, by, rel)
	})
}

// SendBack gives a text back to be edited again; what was approved is so no longer.
func (r *Room) SendBack(ctx context.Context, by regulation.Actor, in Why) (Release, error) {
	return r.withReason(ctx, by, VerbSendBack, in, func(_ context.Context, _ *store.Tx, rel *Release, _ time.Time) error {
		rel.Approved, rel.ApprovedBy = 0, ""
		return nil
	})
}

func (r *Room) withReason(ctx context.Context, by regulation.Actor, v Verb, in Why, change func(context.Context, *store.Tx, *Release, time.Time) error) (Release, error) {
	reason, err := said("reason", in.Reason)
	if err != nil {
		return Release{}, err
	}
	return r.do(ctx, by, act{verb: v, ref: in.Ref, reason: reason, change: func(ctx context.Context, tx *store.Tx, rel *Release, now time.Time) error {
		rel.Reason = reason
		return change(ctx, tx, rel, now)
	}})
}

// AmendInput is what an office supplies when it was asked for more.
type AmendInput struct {
	Ref
	Text
	Files []Sent
}

// Amend supplies what was asked for. The earlier text stays as a version.
func (r *Room) Amend(ctx context.Context, by regulation.Actor, in AmendInput) (Release, error) {
	in.Text = in.cleaned()
	if err := in.check(true); err != nil {
		return Release{}, err
	}
	return r.do(ctx, by, act{verb: VerbAmend, ref: in.Ref, change: func(ctx context.Context, tx *store.Tx, rel *Release, now time.Time) error {
		for _, f := range in.Files {
			if err := r.c.Media.Attach(ctx, tx, rel.Ref(), f.File, f.Name, f.Caption); err != nil {
				return err
			}
		}
		rel.Text, rel.SavedBy, rel.SavedAt, rel.Reason = in.Text, by.ID, now, ""
		return r.version(ctx, tx, by, rel, seals{}, "amended", now)
	}})
}

// EditInput is the working text as an editor saves it.
type EditInput struct {
	Ref       // the version is needed: two people must not write over each other
	Kind Kind // "" leaves it; another kind gives another code, before anything is out
	// Topic is one of Topics; "" leaves it, "-" takes it away.
	Topic string
	Text
	Why  string // why the version was made, in the editor's words; may be ""
	Note string // public note of a change that is drafted
	// NoteEN is its English; may be "".
	NoteEN string
	// Auto saves the working text only: no version, no entry in the ledger.
	Auto bool
}

// Edit saves the working text and keeps it as a version. With Auto it is what the page does while somebody types.
func (r *Room) Edit(ctx context.Context, by regulation.Actor, in EditInput) (Release, error) {
	in.Text = in.cleaned()
	if err := in.check(false); err != nil && !in.Auto {
		return Release{}, err
	} else if err != nil && in.Title != "" {
		return Release{}, err
	}
	if in.Version == 0 {
		return Release{}, problem.New(problem.Precond)
	}
	if in.Auto {
		return r.autosave(ctx, by, in)
	}
	known := in.seals()
	return r.do(ctx, by, act{verb: VerbEdit, ref: in.Ref, change: func(ctx context.Context, tx *store.Tx, rel *Release, now time.Time) error {
		if err := r.rename(ctx, tx, rel, in.Kind, now); err != nil {
			return err
		}
		if err := r.settle(ctx, tx, by, rel, now); err != nil {
			return err
		}
		rel.edit(by, in, now)
		why := Text{Title: in.Why}.cleaned().Title
		if why == "" {
			why = "edited"
			if rel.Change != NoChange {
				why = string(rel.Change)
			}
		}
		return r.version(ctx, tx, by, rel, known, why, now)
	}})
}

func (rel *Release) edit(by regulation.Actor, in EditInput, now time.Time) {
	rel.Text, rel.SavedBy, rel.SavedAt = in.Text, by.ID, now
	if in.Topic == "-" {
		rel.Topic = ""
	} else if slices.Contains(Topics, in.Topic) {
		rel.Topic = in.Topic
	}
	if rel.Change != NoChange {
		t := Text{Lede: in.Note, LedeEN: in.NoteEN}.cleaned()
		rel.Note, rel.NoteEN = t.Lede, t.LedeEN
	}
}

// rename gives a release the code of another kind, before anything of it is out.
func (r *Room) rename(ctx context.Context, tx *store.Tx, rel *Release, kind Kind, now time.Time) (err error) {
	if kind == "" || kind == rel.Kind {
		return nil
	}
	if !kind.Valid() || rel.Public > 0 {
		return problem.Of("kind", problem.Invalid, "why", "@release.kind-fixed")
	}
	rel.Kind = kind
	rel.Code, err = store.NextCode(ctx, tx, prefixes[kind], now)
	return err
}

func (r *Room) autosave(ctx context.Context, by regulation.Actor, in EditInput) (Release, error) {
	var rel Release
	err := r.c.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		now := r.now()
		if rel, err = r.load(ctx, tx, in.ID); err != nil {
			return err
		}
		if err := r.may(ctx, tx, by, "release.edit", rel, now); err != nil {
			return err
		}
		if _, err := rel.find(VerbEdit); err != nil {
			return err
		}
		if err := r.fresh(ctx, by, rel, in.Version); err != nil {
			return err
		}
		if err := r.settle(ctx, tx, by, &rel, now); err != nil {
			return err
		}
		rel.edit(by, in, now)
		return r.save(ctx, tx, by, &rel)
	})
	return rel, err
}

// SendUp sends the working text up for approval, kept as a version. A correction needs its public note.
func (r *Room) SendUp(ctx context.Context, by regulation.Actor, in Ref) (Release, error) {
	return r.do(ctx, by, act{verb: VerbSendUp, ref: in, change: func(ctx context.Context, tx *store.Tx, rel *Release, now time.Time) error {
		if err := rel.check(true); err != nil {
			return err
		}
		if rel.Change == Correction && rel.Note == "" {
			return problem.Of("public_note", problem.Required)
		}
		why := "edited"
		if rel.Change != NoChange {
			why = string(rel.Change)
		}
		author := by // what was typed and not yet kept is whose it was
		if rel.SavedBy != "" {
			author.ID = rel.SavedBy
		}
		return r.version(ctx, tx, author, rel, seals{}, why, now)
	}})
}

// Approve approves the newest version, word for word. Who wrote any of it may not.
func (r *Room) Approve(ctx context.Context, by regulation.Actor, in Ref) (Release, error) {
	return r.do(ctx, by, act{verb: VerbApprove, ref: in, change: func(_ context.Context, _ *store.Tx, rel *Release, _ time.Time) error {
		rel.Approved, rel.ApprovedBy, rel.Reason = rel.Edition, by.ID, ""
		return nil
	}})
}

// Attach puts more files beside a release that is being edited.
func (r *Room) Attach(ctx context.Context, by regulation.Actor, in Ref, files []Sent) error {
	return r.beside(ctx, by, in, func(ctx context.Context, tx *store.Tx, rel Release) error {
		for _, f := range files {
			if err := r.c.Media.Attach(ctx, tx, rel.Ref(), f.File, f.Name, f.Caption); err != nil {
				return err
			}
		}
		return nil
	})
}

// Words are what stands beside an attachment.
type Words struct {
	File, Caption, Alt string
	Shown              bool // goes out with the release
}

// Describe sets captions, alternative texts, and which files go out.
func (r *Room) Describe(ctx context.Context, by regulation.Actor, in Ref, words []Words) error {
	return r.beside(ctx, by, in, func(ctx context.Context, tx *store.Tx, rel Release) error {
		for _, w := range words {
			if err := r.c.Media.Describe(ctx, tx, rel.Ref(), w.File, w.Caption, w.Alt, w.Shown); err != nil {
				return err
			}
		}
		return nil
	})
}

// beside changes what stands beside a text that is being edited; it is part of the edit and has no entry of its own until the text
// is sent up.
func (r *Room) beside(ctx context.Context, by regulation.Actor, in Ref, fn func(context.Context, *store.Tx, Release) error) error {
	return r.c.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		rel, err := r.load(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if err := r.may(ctx, tx, by, "release.edit", rel, r.now()); err != nil {
			return err
		}
		if _, err := rel.find(VerbEdit); err != nil {
			return err
		}
		if err := r.fresh(ctx, by, rel, in.Version); err != nil {
			return err
		}
		if err := fn(ctx, tx, rel); err != nil || by.ID == rel.SavedBy {
			return err
		}
		if err := r.settle(ctx, tx, by, &rel, r.now()); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlTouched, rel.ID, by.ID, store.Micros(r.now()), rel.Edition)
		return err
	})
}

// settle keeps as a version what somebody else saved while typing, before another hand writes over it: who wrote any of a text may
// not approve it, and must not be forgotten by a colleague's next save.
func (r *Room) settle(ctx context.Context, tx *store.Tx, by regulation.Actor, rel *Release, now time.Time) error {
	if rel.SavedBy == "" || rel.SavedBy == by.ID {
		return nil
	}
	return r.version(ctx, tx, regulation.Actor{ID: rel.SavedBy}, rel, seals{}, "edited", now)
}

// offices gives a list as the pattern that sqlList compares with.
func offices(list []string) string { return "," + strings.Join(list, ",") + "," }
