package release

import (
	"context"
	"time"

	"khue/ledger"
	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// Ref names a release and the version that the actor saw; 0 does not ask.
type Ref struct {
	ID      string
	Version int64
}

// act is one command on a release: rights, state machine, change, row, ledger entry. change may refuse; it may add to the entry's
// reason, which is kept apart from the ledger.
type act struct {
	verb   Verb
	action string // asked of the rulebook; "release." + verb when ""
	ref    Ref
	reason string
	change func(ctx context.Context, tx *store.Tx, r *Release, now time.Time) error
}

// do runs a command. Nothing outside the transaction changes.
func (r *Room) do(ctx context.Context, by regulation.Actor, a act) (Release, error) {
	var rel Release
	err := r.c.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		now := r.now()
		if rel, err = r.load(ctx, tx, a.ref.ID); err != nil {
			return err
		}
		if err := r.may(ctx, tx, by, a.name(), rel, now); err != nil {
			return err
		}
		s, err := rel.find(a.verb)
		if err != nil {
			return err
		}
		if err := r.fresh(ctx, by, rel, a.ref.Version); err != nil {
			return err
		}
		s.apply(&rel)
		rel.Changed = now
		if a.change != nil {
			if err := a.change(ctx, tx, &rel, now); err != nil {
				return err
			}
		}
		return r.keep(ctx, tx, by, &rel, entryKinds[a.verb], a.reason, now)
	})
	return rel, err
}

func (a act) name() string {
	if a.action != "" {
		return a.action
	}
	return "release." + string(a.verb)
}

// apply moves the release as the machine's line says.
func (s step) apply(rel *Release) {
	if s.to != "" {
		rel.State = s.to
	}
	rel.ChangeStep = s.step
	if s.step == "" {
		rel.Change = NoChange
	}
}

// may asks the rulebook. Who may not even see the release is told that there is none.
func (r *Room) may(ctx context.Context, q store.Reader, by regulation.Actor, action string, rel Release, now time.Time) error {
	drafter, err := r.drafter(ctx, q, by, rel)
	if err != nil {
		return err
	}
	thing := rel.Thing(drafter)
	err = r.c.Rules.Can(by, action, thing, now)
	if err != nil && by.Kind != regulation.Visitor && !rel.State.Out() && r.c.Rules.Can(by, "release.view", thing, now) != nil {
		return problem.Wrap(err, problem.NotFound)
	}
	return err
}

// drafter gives the actor's own id when the actor wrote any version since the last edition: then the text at hand is partly theirs.
func (r *Room) drafter(ctx context.Context, q store.Reader, by regulation.Actor, rel Release) (string, error) {
	if by.Kind != regulation.Person {
		return rel.SavedBy, nil
	}
	var n int
	if err := q.QueryRow(ctx, sqlWrote, rel.ID, rel.Public, by.ID).Scan(&n); err != nil {
		return "", err
	}
	if n > 0 {
		return by.ID, nil
	}
	return rel.SavedBy, nil
}

// fresh refuses a command on a version that somebody has changed meanwhile.
func (r *Room) fresh(ctx context.Context, by regulation.Actor, rel Release, version int64) error {
	if version == 0 || version == rel.Version {
		return nil
	}
	return r.conflict(ctx, by, rel)
}

func (r *Room) conflict(ctx context.Context, by regulation.Actor, rel Release) error {
	return problem.New(problem.Conflict, "name", r.c.NameOf(ctx, rel.SavedBy, by.Lang))
}

// load reads a release for a command that will change it.
func (r *Room) load(ctx context.Context, tx *store.Tx, id string) (Release, error) {
	if tx.Engine() == store.PostgreSQL {
		return one(scan(tx.QueryRow(ctx, sqlLock, id)))
	}
	return one(scan(tx.QueryRow(ctx, sqlGet, id)))
}

// one makes a missing row NotFound.
func one(rel Release, err error) (Release, error) { return rel, store.NotFound(err) }

// keep writes the row, the reason and the private entry of a step.
func (r *Room) keep(ctx context.Context, tx *store.Tx, by regulation.Actor, rel *Release, kind, reason string, now time.Time) error {
	if err := r.save(ctx, tx, by, rel); err != nil {
		return err
	}
	id := store.NewID()
	if reason != "" {
		if _, err := tx.Exec(ctx, sqlInsertReason, id, rel.ID, reason); err != nil {
			return err
		}
	}
	_, err := r.c.Ledger.Append(ctx, tx, ledger.Entry{ID: id, Kind: kind, Actor: by.ID, Thing: rel.Ref(), Body: rel.entry(), At: now})
	return err
}

// save writes the row if nobody has written it since it was read.
func (r *Room) save(ctx context.Context, tx *store.Tx, by regulation.Actor, rel *Release) error {
	folded := fold(rel.Code + " " + rel.Title + " " + rel.TitleEN)
	if rel.State.Out() && rel.Public > 0 && rel.Change != NoChange { // what is being drafted is not found by outsiders
		v, err := scanVersion(tx.QueryRow(ctx, sqlVersion, rel.ID, rel.Public))
		if err != nil {
			return err
		}
		folded = fold(rel.Code + " " + v.Title + " " + v.TitleEN)
	}
	res, err := tx.Exec(ctx, sqlSave, rel.ID, rel.Version, rel.Code, string(rel.Kind), string(rel.State), rel.Office, rel.Holder, rel.Contact,
		rel.Title, rel.Lede, rel.Body, rel.TitleEN, rel.LedeEN, rel.BodyEN, rel.SavedBy, store.Micros(rel.SavedAt), rel.Edition,
		rel.Approved, rel.ApprovedBy, rel.Public, string(rel.Change), string(rel.ChangeStep), rel.Note, rel.NoteEN, store.Micros(rel.At),
		string(rel.Leaving), store.Micros(rel.LeavesAt), rel.LeavingBy, store.Micros(rel.Submitted), store.Micros(rel.Published),
		store.Micros(rel.Changed), store.Micros(rel.Withdrawn), rel.Reason, rel.ReasonEN, folded, rel.Topic)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		return r.conflict(ctx, by, *rel)
	}
	rel.Version++
	return nil
}
