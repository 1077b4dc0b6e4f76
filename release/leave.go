package release

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"khue/ledger"
	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// When is a release and the moment at which it is to go out.
type When struct {
	Ref
	At time.Time // to the minute
}

// Schedule sets when an approved release goes out by itself (hẹn giờ).
func (r *Room) Schedule(ctx context.Context, by regulation.Actor, in When) (Release, error) {
	return r.at(ctx, by, VerbSchedule, in)
}

// Embargo holds an approved release until a moment (giữ đến giờ); until then nobody outside sees anything of it.
func (r *Room) Embargo(ctx context.Context, by regulation.Actor, in When) (Release, error) {
	return r.at(ctx, by, VerbEmbargo, in)
}

func (r *Room) at(ctx context.Context, by regulation.Actor, v Verb, in When) (Release, error) {
	if in.At.IsZero() {
		return Release{}, problem.Of("at", problem.Required)
	}
	at := in.At.Truncate(time.Minute)
	rel, err := r.do(ctx, by, act{verb: v, ref: in.Ref, change: func(_ context.Context, _ *store.Tx, rel *Release, now time.Time) error {
		if !at.After(now) {
			return problem.Of("at", problem.Past)
		}
		rel.At = at
		return nil
	}})
	if err == nil {
		r.poke()
	}
	return rel, err
}

// Unschedule takes a release off its moment; it is approved still.
func (r *Room) Unschedule(ctx context.Context, by regulation.Actor, in Ref) (Release, error) {
	return r.do(ctx, by, act{verb: VerbUnschedule, ref: in, change: func(_ context.Context, _ *store.Tx, rel *Release, _ time.Time) error {
		rel.At = time.Time{}
		return nil
	}})
}

// Publish sends an approved release out, after the hold in which it can be taken back (LeavesAt says until when). Without a hold it
// is out, and in the public log, when Publish gives nil.
func (r *Room) Publish(ctx context.Context, by regulation.Actor, in Ref) (Release, error) {
	return r.leave(ctx, by, VerbPublish, in, nil)
}

// DraftChange opens an update or a correction of what is out. The working text begins with what is out, which stays.
func (r *Room) DraftChange(ctx context.Context, by regulation.Actor, in Ref, c Change) (Release, error) {
	if c != Update && c != Correction {
		return Release{}, problem.Of("change", problem.Required)
	}
	action := "release.draft-correction"
	if c == Update {
		action = "release.draft-update"
	}
	return r.do(ctx, by, act{verb: VerbDraft, action: action, ref: in, change: func(ctx context.Context, tx *store.Tx, rel *Release, now time.Time) error {
		v, err := scanVersion(tx.QueryRow(ctx, sqlVersion, rel.ID, rel.Public))
		if err != nil {
			return err
		}
		rel.Text, rel.SavedBy, rel.SavedAt = v.Text, by.ID, now
		rel.Change, rel.Note, rel.NoteEN, rel.Reason, rel.ReasonEN = c, "", "", "", ""
		return nil
	}})
}

// DraftCorrection opens a correction (đính chính): our text was wrong.
func (r *Room) DraftCorrection(ctx context.Context, by regulation.Actor, in Ref) (Release, error) {
	return r.DraftChange(ctx, by, in, Correction)
}

// DropChange gives up a change that is being drafted; what is out stays as it is.
func (r *Room) DropChange(ctx context.Context, by regulation.Actor, in Ref) (Release, error) {
	return r.do(ctx, by, act{verb: VerbDrop, action: "release.draft-correction", ref: in, change: func(ctx context.Context, tx *store.Tx, rel *Release, _ time.Time) error {
		v, err := scanVersion(tx.QueryRow(ctx, sqlVersion, rel.ID, rel.Public))
		rel.Text, rel.Note, rel.NoteEN = v.Text, "", ""
		return err
	}})
}

// Correct approves and publishes a correction that was sent up, after the hold. Who wrote any of it may not.
func (r *Room) Correct(ctx context.Context, by regulation.Actor, in Ref) (Release, error) {
	return r.leave(ctx, by, VerbCorrect, in, nil)
}

// Update approves and publishes an update that was sent up, after the hold.
func (r *Room) Update(ctx context.Context, by regulation.Actor, in Ref) (Release, error) {
	return r.leave(ctx, by, VerbUpdate, in, nil)
}

// WithdrawInput is a release and the public reason for which it is taken back; what holds now belongs into it.
type WithdrawInput struct {
	Ref
	Reason   string
	ReasonEN string
}

// Withdraw takes back what is out (thu hồi), after the hold. Its page stays and says so, and why; its text and files go.
func (r *Room) Withdraw(ctx context.Context, by regulation.Actor, in WithdrawInput) (Release, error) {
	reason, err := said("reason", in.Reason)
	if err != nil {
		return Release{}, err
	}
	reasonEN := Text{Lede: in.ReasonEN}.cleaned().Lede
	return r.leave(ctx, by, VerbWithdraw, in.Ref, func(rel *Release) { rel.Reason, rel.ReasonEN = reason, reasonEN })
}

// leave begins the hold of what leaves the house, or lets it out at once where there is none.
func (r *Room) leave(ctx context.Context, by regulation.Actor, v Verb, in Ref, more func(*Release)) (Release, error) {
	var rel Release
	var id string
	err := r.c.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		now := r.now()
		id = ""
		if rel, err = r.load(ctx, tx, in.ID); err != nil {
			return err
		}
		if err := r.may(ctx, tx, by, "release."+string(v), rel, now); err != nil {
			return err
		}
		if _, err := rel.find(v); err != nil {
			return err
		}
		if err := r.fresh(ctx, by, rel, in.Version); err != nil {
			return err
		}
		if more != nil {
			more(&rel)
		}
		rel.Leaving, rel.LeavesAt, rel.LeavingBy, rel.Changed = v, now.Add(r.c.Hold), by.ID, now
		if r.c.Hold > 0 {
			return r.keep(ctx, tx, by, &rel, entryLeaving, "", now)
		}
		id, err = r.out(ctx, tx, by, &rel, now)
		return err
	})
	if err != nil {
		return rel, err
	}
	r.poke()
	if id != "" {
		_, err = r.c.Ledger.Await(ctx, id)
	}
	return rel, err
}

// Undo takes back what is held before it leaves. After the hold it is too late: problem.State.
func (r *Room) Undo(ctx context.Context, by regulation.Actor, in Ref) (Release, error) {
	var rel Release
	err := r.c.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		now := r.now()
		if rel, err = r.load(ctx, tx, in.ID); err != nil {
			return err
		}
		if err := r.may(ctx, tx, by, "release.undo", rel, now); err != nil {
			return err
		}
		if rel.Leaving == "" || !now.Before(rel.LeavesAt) {
			return problem.New(problem.State, "state", "@release.state."+string(rel.State), "action", "@release.verb.undo")
		}
		if rel.Leaving == VerbWithdraw {
			rel.Reason, rel.ReasonEN = "", ""
		}
		rel.Leaving, rel.LeavesAt, rel.LeavingBy, rel.Changed = "", time.Time{}, "", now
		return r.keep(ctx, tx, by, &rel, entryKinds[VerbUndo], "", now)
	})
	return rel, err
}

// RunSchedule lets out everything whose moment has come: holds that ended, scheduled and embargoed releases. What changed meanwhile is
// left alone. It waits until what it published is in the public log. Faults are joined; one does not stop the others.
func (r *Room) RunSchedule(ctx context.Context) error {
	rows, err := r.c.DB.Query(ctx, sqlDue, store.Micros(r.now()))
	ids, err := store.All(rows, err, store.Value[string])
	if err != nil {
		return err
	}
	var faults []error
	for _, id := range ids {
		if err := r.letOut(ctx, id); err != nil {
			faults = append(faults, fmt.Errorf("release %s: %w", id, err))
		}
	}
	return errors.Join(faults...)
}

// letOut publishes, corrects, updates or withdraws one release, if its moment has come still.
func (r *Room) letOut(ctx context.Context, id string) error {
	var entry string
	err := r.c.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := r.now()
		entry = ""
		rel, err := r.load(ctx, tx, id)
		if err != nil || !rel.due(now) {
			return err
		}
		by := regulation.Actor{ID: rel.LeavingBy, Kind: regulation.Person} // what was held is the act of who did it
		if rel.Leaving == "" {
			rel.Leaving, by = VerbPublish, regulation.SystemActor("schedule")
			if err := r.c.Rules.Can(by, "release.publish", rel.Thing(rel.SavedBy), now); err != nil {
				return err
			}
		}
		entry, err = r.out(ctx, tx, by, &rel, now)
		return err
	})
	if problem.CodeOf(err) == problem.Conflict { // somebody else was faster; the next look tells
		return nil
	}
	if err != nil || entry == "" {
		return err
	}
	_, err = r.c.Ledger.Await(ctx, entry)
	return err
}

// out does what was held: the edition, the row, the public entry. It gives the entry's id.
func (r *Room) out(ctx context.Context, tx *store.Tx, by regulation.Actor, rel *Release, now time.Time) (string, error) {
	v := rel.Leaving
	rel.Leaving, rel.LeavesAt, rel.LeavingBy = "", time.Time{}, ""
	s, err := rel.find(v)
	if err != nil {
		return "", err
	}
	change, note, noteEN := rel.Change, rel.Note, rel.NoteEN
	s.apply(rel)
	id, before := store.NewID(), rel.Public
	rel.Changed = now
	switch v {
	case VerbWithdraw:
		rel.Withdrawn, note, noteEN = now, rel.Reason, rel.ReasonEN
		rel.Note, rel.NoteEN, before = "", "", 0
	case VerbPublish:
		rel.Public, rel.Published, rel.At, rel.Reason = rel.Approved, now, time.Time{}, ""
	default:
		rel.Public, rel.Approved, rel.ApprovedBy, rel.Note, rel.NoteEN = rel.Edition, rel.Edition, by.ID, "", ""
	}
	version, err := scanVersion(tx.QueryRow(ctx, sqlVersion, rel.ID, rel.Public))
	if err != nil {
		return "", err
	}
	if rel.State == Withdrawn {
		rel.Text = version.Text
	}
	var files []string
	if v != VerbWithdraw {
		if files, err = r.edition(ctx, tx, *rel, change, note, noteEN, id, now); err != nil {
			return "", err
		}
	}
	if err := r.save(ctx, tx, by, rel); err != nil {
		return "", err
	}
	e := EntryPublic{
		Code: rel.Code, Kind: rel.Kind, Office: rel.Office, Version: rel.Public, Before: before, Langs: []string{"vi"},
		SHA256: version.SHA256, SHA256EN: version.SHA256EN, Files: files,
	}
	if version.English() {
		e.Langs = append(e.Langs, "en")
	}
	if note != "" {
		sum := sha256.Sum256([]byte(note))
		e.Note = hex.EncodeToString(sum[:])
	}
	return r.c.Ledger.Append(ctx, tx, ledger.Entry{ID: id, Kind: entryKinds[v], Public: true, Actor: by.ID, Thing: rel.Ref(), Body: e, At: now})
}

// edition keeps what goes out: the version, its note, and the files that are shown with it. It gives the files' digests.
func (r *Room) edition(ctx context.Context, tx *store.Tx, rel Release, change Change, note, noteEN, entry string, now time.Time) ([]string, error) {
	kind := string(change)
	if change == NoChange {
		kind, note, noteEN = "first", "", ""
	}
	if rel.Change != NoChange {
		return nil, errors.New("a change is still open")
	}
	if _, err := tx.Exec(ctx, sqlInsertEdition, rel.ID, rel.Public, kind, note, noteEN, rel.ApprovedBy, entry, store.Micros(now)); err != nil {
		return nil, err
	}
	list, err := r.c.Media.Of(ctx, tx, rel.Ref())
	if err != nil {
		return nil, err
	}
	var files []string
	for _, a := range list {
		if !a.Shown {
			continue
		}
		if _, err := tx.Exec(ctx, sqlInsertFile, rel.ID, rel.Public, a.Place, a.File.ID, a.Name, a.Caption, a.Alt); err != nil {
			return nil, err
		}
		files = append(files, a.File.ID)
	}
	return files, nil
}

// poke wakes Run: something may leave sooner than it thought.
func (r *Room) poke() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// lookEvery is how often Run asks the rows; a clock of a test or a demo may go faster than ours.
const lookEvery = 250 * time.Millisecond

// Run lets out what is due until ctx ends. fault is told what went wrong; the next look tries again.
func (r *Room) Run(ctx context.Context, fault func(error)) error {
	t := time.NewTicker(lookEvery)
	defer t.Stop()
	for {
		if err := r.RunSchedule(ctx); err != nil && ctx.Err() == nil {
			fault(err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		case <-r.wake:
		}
	}
}
