package release

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"khue/ledger"
	"khue/media"
	"khue/problem"
	"khue/regulation"
	"khue/store"
)

func scan(row store.Row) (Release, error) {
	var r Release
	var saved, at, leaves, submitted, published, changed, withdrawn, made int64
	err := row.Scan(&r.ID, &r.Code, &r.Kind, &r.State, &r.Office, &r.Author, &r.Holder, &r.Contact, &r.Version, &r.Title, &r.Lede, &r.Body,
		&r.TitleEN, &r.LedeEN, &r.BodyEN, &r.SavedBy, &saved, &r.Edition, &r.Approved, &r.ApprovedBy, &r.Public, &r.Change, &r.ChangeStep,
		&r.Note, &r.NoteEN, &at, &r.Leaving, &leaves, &r.LeavingBy, &submitted, &published, &changed, &withdrawn, &r.Reason, &r.ReasonEN, &made, &r.Topic)
	r.SavedAt, r.At, r.LeavesAt, r.Submitted = store.Time(saved), store.Time(at), store.Time(leaves), store.Time(submitted)
	r.Published, r.Changed, r.Withdrawn, r.Made = store.Time(published), store.Time(changed), store.Time(withdrawn), store.Time(made)
	return r, err
}

func scanVersion(row store.Row) (Version, error) {
	var v Version
	var at int64
	err := row.Scan(&v.N, &v.Reason, &v.Title, &v.Lede, &v.Body, &v.TitleEN, &v.LedeEN, &v.BodyEN, &v.SHA256, &v.SHA256EN, &v.Author, &at)
	v.At = store.Time(at)
	return v, err
}

// Get gives a release to those who may see it before it is out (release.view); NotFound to all others.
func (r *Room) Get(ctx context.Context, by regulation.Actor, id string) (Release, error) {
	return r.seen(ctx, by, sqlGet, id)
}

// ByCode is Get by the readable code.
func (r *Room) ByCode(ctx context.Context, by regulation.Actor, code string) (Release, error) {
	return r.seen(ctx, by, sqlByCode, code)
}

func (r *Room) seen(ctx context.Context, by regulation.Actor, query, key string) (Release, error) {
	rel, err := one(scan(r.c.DB.QueryRow(ctx, query, key)))
	if err != nil {
		return rel, err
	}
	if rel.State == Draft && rel.Author != by.ID {
		return Release{}, problem.New(problem.NotFound)
	}
	if err := r.c.Rules.Can(by, "release.view", rel.Thing(""), r.now()); err != nil {
		if problem.CodeOf(err) == problem.Session {
			return Release{}, err
		}
		return Release{}, problem.Wrap(err, problem.NotFound)
	}
	return rel, nil
}

// Verbs gives what the actor may do with the release as it stands: the machine knows it and the rulebook allows it.
func (r *Room) Verbs(ctx context.Context, by regulation.Actor, rel Release) (map[Verb]bool, error) {
	drafter, err := r.drafter(ctx, r.c.DB, by, rel)
	if err != nil {
		return nil, err
	}
	may := map[Verb]bool{}
	for _, v := range []Verb{
		VerbTake, VerbReturn, VerbAmend, VerbDecline, VerbEdit, VerbSendUp, VerbSendBack, VerbApprove, VerbSchedule, VerbEmbargo,
		VerbUnschedule, VerbPublish, VerbDraft, VerbDrop, VerbUpdate, VerbCorrect, VerbWithdraw, VerbUndo,
	} {
		action := "release." + string(v)
		if v == VerbDraft || v == VerbDrop {
			action = "release.draft-correction"
		}
		may[v] = rel.May(v) && r.c.Rules.Can(by, action, rel.Thing(drafter), r.now()) == nil
	}
	may[VerbSubmit] = rel.State == Draft && rel.Author == by.ID
	return may, nil
}

// OwnText says whether the actor wrote any of the text at hand, and so may not approve it.
func (r *Room) OwnText(ctx context.Context, by regulation.Actor, rel Release) (bool, error) {
	drafter, err := r.drafter(ctx, r.c.DB, by, rel)
	return drafter == by.ID, err
}

// Filter says which releases List gives; zero fields ask for all.
type Filter struct {
	States []State
	Office string
	Kind   Kind
	Words  string // in title or code, with or without marks
	Change State  // Editing or Awaiting: what is out and being changed, at that step; States is not asked then
	After  string // the cursor of the page before
	Limit  int    // 0 means 50, at most 200
}

// List gives releases that the actor may see, the newest first, and the cursor of the next page, "" at the end. People of offices
// see their office's and their own.
func (r *Room) List(ctx context.Context, by regulation.Actor, f Filter) ([]Release, string, error) {
	at, id, err := cursor(f.After)
	if err != nil {
		return nil, "", err
	}
	limit := limit(f.Limit, 50)
	args := []any{mine(by), by.ID, string(f.Kind), like(f.Words), f.Office, at, id, limit + 1}
	var list []Release
	switch {
	case f.Change != "":
		list, err = r.read(ctx, sqlListChange, append(args, string(f.Change))...)
	case len(f.States) == 0 || len(f.States) == len(States):
		list, err = r.read(ctx, sqlListAll, args...)
	default:
		for _, s := range f.States {
			more, err := r.read(ctx, sqlListState, append(slices.Clone(args), string(s))...)
			if err != nil {
				return nil, "", err
			}
			list = append(list, more...)
		}
		slices.SortFunc(list, func(a, b Release) int { return cmp.Or(b.Made.Compare(a.Made), cmp.Compare(b.ID, a.ID)) })
	}
	next := ""
	if len(list) > limit {
		list = list[:limit]
		last := list[limit-1]
		next = mark(last.Made, last.ID)
	}
	return list, next, err
}

func (r *Room) read(ctx context.Context, query string, args ...any) ([]Release, error) {
	rows, err := r.c.DB.Query(ctx, query, args...)
	return store.All(rows, err, scan)
}

// mine gives the offices whose releases somebody sees, "" for all.
func mine(by regulation.Actor) string {
	if by.Staff() || by.Kind == regulation.System {
		return ""
	}
	var list []string
	for _, role := range []regulation.Role{regulation.FocalPoint, regulation.OfficeHead, regulation.Spokesman} {
		list = append(list, by.Offices(role)...)
	}
	return offices(list)
}

// Counts gives how many releases stand in each state that asks for work; changes of what is out count as "change-editing" and
// "change-awaiting".
func (r *Room) Counts(ctx context.Context) (map[string]int, error) {
	return store.Map[string, int](r.c.DB.Query(ctx, sqlCounts))
}

// DueAt gives how many scheduled and embargoed releases go out until a moment, and when the first does; the zero time for none.
func (r *Room) DueAt(ctx context.Context, until time.Time) (n int, first time.Time, err error) {
	var at int64
	err = r.c.DB.QueryRow(ctx, sqlDueAt, store.Micros(until)).Scan(&n, &at)
	return n, store.Time(at), err
}

// Versions gives every version of a release, the newest first. The caller has asked Get.
func (r *Room) Versions(ctx context.Context, id string) ([]Version, error) {
	rows, err := r.c.DB.Query(ctx, sqlVersions, id)
	return store.All(rows, err, scanVersion)
}

// Editions gives what went out, the first first.
func (r *Room) Editions(ctx context.Context, id string) ([]Edition, error) {
	rows, err := r.c.DB.Query(ctx, sqlEditions, id)
	return store.All(rows, err, func(w store.Row) (e Edition, err error) {
		var at int64
		err = w.Scan(&e.N, &e.Kind, &e.Note, &e.NoteEN, &e.ApprovedBy, &e.Entry, &at, &e.SHA256, &e.SHA256EN)
		e.At = store.Time(at)
		return e, err
	})
}

// Attachments gives the files beside the working text.
func (r *Room) Attachments(ctx context.Context, rel Release) ([]media.Attachment, error) {
	return r.c.Media.Of(ctx, r.c.DB, rel.Ref())
}

// Step is one line of a release's history.
type Step struct {
	Kind    string // "release.approved"
	By      string // account
	At      time.Time
	Version int
	Change  Change
	When    time.Time // for which it was scheduled
	Leaving Verb
	Reason  string
	Public  bool
}

// History gives what was done with a release, the first first, from the ledger. The caller has asked Get.
func (r *Room) History(ctx context.Context, rel Release) ([]Step, error) {
	records, err := r.c.Ledger.Of(ctx, rel.Ref())
	if err != nil {
		return nil, err
	}
	reasons, err := r.reasons(ctx, rel.ID)
	if err != nil {
		return nil, err
	}
	var list []Step
	for _, rec := range records {
		if !strings.HasPrefix(rec.Kind, "release.") {
			continue
		}
		var e EntryStep
		if err := rec.Decode(&e); err != nil && !errors.Is(err, ledger.ErrErased) {
			return nil, err
		}
		s := Step{Kind: rec.Kind, By: rec.Actor, At: rec.At, Version: e.Version, Change: e.Change, Leaving: e.Leaving, Reason: reasons[rec.ID], Public: rec.Public}
		if e.At != "" {
			if s.When, err = time.Parse(time.RFC3339, e.At); err != nil {
				return nil, fmt.Errorf("history of %s: %w", rel.ID, err)
			}
		}
		list = append(list, s)
	}
	return list, nil
}

func (r *Room) reasons(ctx context.Context, id string) (map[string]string, error) {
	return store.Map[string, string](r.c.DB.Query(ctx, sqlReasons, id))
}

// cursor reads what mark wrote; "" is before everything.
func cursor(s string) (int64, string, error) {
	if s == "" {
		return 1 << 62, "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	at, id, ok := strings.Cut(string(raw), "|")
	if n, e := strconv.ParseInt(at, 10, 64); err == nil && e == nil && ok {
		return n, id, nil
	}
	return 0, "", problem.Of("after", problem.Invalid, "why", s)
}

func mark(at time.Time, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(store.Micros(at), 10) + "|" + id))
}

func limit(n, usual int) int {
	if n <= 0 {
		return usual
	}
	return min(n, 200)
}
