package insight

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"khue/ledger"
	"khue/people"
	"khue/people/mail"
	"khue/problem"
	"khue/radar"
	"khue/regulation"
	"khue/store"
)

// Notice is what a person is told on screen and by mail: something came to their office, time is running out, or it is over.
type Notice struct {
	ID      string
	Account string
	Kind    string // "duty.opened", "duty.reminded", "duty.missed", or the ledger's kind of what waits for approval
	Thing   string // "claim/ID"
	Office  string
	Title   string
	Stage   string // of duty.reminded: "half", "most", "end"
	Due     time.Time
	Law     bool
	Article string
	At      time.Time
	Seen    time.Time // zero until the person has seen it
}

const noticeFollower = "insight.notices"

const (
	sqlInsertNotice = `INSERT INTO notice (id, account, kind, thing, office, title, stage, due, law, article, at, seen)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0) ON CONFLICT (id) DO NOTHING`
	sqlNotices = `SELECT id, account, kind, thing, office, title, stage, due, law, article, at, seen FROM notice
WHERE account = ?1 ORDER BY at DESC, id DESC LIMIT ?2`
	sqlUnseen = `SELECT COUNT(*) FROM notice WHERE account = ?1 AND seen = 0`
	sqlSee    = `UPDATE notice SET seen = ?1 WHERE account = ?2 AND seen = 0`
)

// FollowNotices tells people what the ledger says concerns them, until ctx ends.
func (r *Room) FollowNotices(ctx context.Context) error {
	return r.c.Ledger.Follow(ctx, noticeFollower, r.notify)
}

// told is who is told of an entry, and of what.
type told struct {
	office string
	roles  []regulation.Role
	duty   string // id of the duty, "" for none
	stage  string
	holder string
}

// waits says of entries without a duty of their own whom they wait for: the head of an office, or the centre's approvers.
var waits = map[string]regulation.Role{
	"inquiry.part-drafted": regulation.OfficeHead,
	"claim.evidence-added": regulation.OfficeHead,
	"inquiry.drafted":      regulation.Approver,
	"release.sent-up":      regulation.Approver,
	"claim.sent-up":        regulation.Approver,
}

// whom reads an entry; false when it concerns nobody.
func (r *Room) whom(rec ledger.Record) (told, bool, error) {
	switch rec.Kind {
	case regulation.KindDutyOpened, regulation.KindDutyReassigned, regulation.KindDutyReminded, regulation.KindDutyMissed:
		var b regulation.DutyEntry
		if err := rec.Decode(&b); err != nil {
			return told{}, false, ignoreErased(err)
		}
		t := told{office: b.Office, duty: b.Duty, stage: b.Stage}
		switch rec.Kind {
		case regulation.KindDutyMissed:
			return told{}, false, nil // the reminder at the end says it
		case regulation.KindDutyReminded:
			for _, to := range b.To {
				if to == "holder" {
					t.holder = b.Holder
				} else {
					t.roles = append(t.roles, regulation.Role(to))
				}
			}
		default:
			t.roles = r.takers(b.Office)
		}
		return t, true, nil
	case radar.EntryWebhookStopped:
		var b struct {
			Owner string `json:"owner"`
		}
		if err := rec.Decode(&b); err != nil {
			return told{}, false, ignoreErased(err)
		}
		return told{office: r.c.People.Centre(), holder: b.Owner}, true, nil
	}
	role, ok := waits[rec.Kind]
	if !ok {
		return told{}, false, nil
	}
	var b struct {
		Office string `json:"office"`
	}
	if err := rec.Decode(&b); err != nil {
		return told{}, false, ignoreErased(err)
	}
	if role == regulation.Approver {
		b.Office = r.c.People.Centre()
	} else if b.Office == "" || b.Office == r.c.People.Centre() {
		return told{}, false, nil // the centre's own evidence needs no head of an office
	}
	return told{office: b.Office, roles: []regulation.Role{role}}, true, nil
}

func ignoreErased(err error) error {
	if errors.Is(err, ledger.ErrErased) {
		return nil
	}
	return err
}

// takers gives the roles that take new work at an office.
func (r *Room) takers(office string) []regulation.Role {
	if office == r.c.People.Centre() {
		return []regulation.Role{regulation.DutyOfficer}
	}
	return []regulation.Role{regulation.FocalPoint}
}

// notify makes the notices of one entry and lets their letters wait, in the follower's transaction.
func (r *Room) notify(ctx context.Context, tx *store.Tx, rec ledger.Record) error {
	t, ok, err := r.whom(rec)
	if err != nil || !ok {
		return err
	}
	n := Notice{Kind: rec.Kind, Thing: rec.Thing, Office: t.office, Stage: t.stage, At: rec.At}
	if t.duty != "" {
		duties, err := r.c.Duties.Of(ctx, tx, rec.Thing)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(duties, func(d regulation.Duty) bool { return d.ID == t.duty })
		if i < 0 || !duties[i].State.Open() {
			return nil // over meanwhile: nobody needs to be told
		}
		d := duties[i]
		n.Title, n.Due, n.Law, n.Article = d.Title, d.Due, d.Mark == "law", strings.TrimPrefix(d.Act+", "+d.Article, ", ")
	}
	accounts, err := r.recipients(ctx, t)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if a.ID == rec.Actor {
			continue
		}
		n.ID, n.Account = rec.ID+"/"+a.ID, a.ID
		if err := r.tell(ctx, tx, n, a); err != nil {
			return err
		}
	}
	return nil
}

func (r *Room) recipients(ctx context.Context, t told) ([]people.Account, error) {
	var list []people.Account
	add := func(more ...people.Account) {
		for _, a := range more {
			if !slices.ContainsFunc(list, func(b people.Account) bool { return a.ID == b.ID }) {
				list = append(list, a)
			}
		}
	}
	if t.holder != "" {
		a, err := r.c.People.Account(ctx, t.holder)
		if err != nil && problem.CodeOf(err) != problem.NotFound {
			return nil, err
		}
		if err == nil {
			add(a)
		}
	}
	for _, role := range t.roles {
		with, err := r.c.People.With(ctx, role, t.office)
		if err != nil {
			return nil, err
		}
		add(with...)
	}
	return list, nil
}

// tell keeps a notice and lets its letter wait. The letter's words hold no asker's text: only what the desk calls the matter.
func (r *Room) tell(ctx context.Context, tx *store.Tx, n Notice, a people.Account) error {
	if _, err := tx.Exec(ctx, sqlInsertNotice, n.ID, n.Account, n.Kind, n.Thing, n.Office, n.Title, n.Stage, store.Micros(n.Due), store.Bool(n.Law), n.Article, store.Micros(n.At)); err != nil {
		return err
	}
	key := "insight.mail." + strings.ReplaceAll(n.Kind, ".", "-")
	if n.Stage != "" {
		key += "." + n.Stage
	}
	args := []any{"name", a.NameIn(a.Lang), "title", n.Title, "due", r.lastMoment(n.Due), "link", r.c.Origin + Address(n.Thing), "article", n.Article}
	return r.c.People.Post(ctx, tx, mail.Message{
		ID: "notice/" + n.ID, To: a.Email, ToName: a.NameIn(a.Lang), Subject: r.c.Words(a.Lang, key+".subject", args...), Text: r.c.Words(a.Lang, key+".text", args...), Lang: a.Lang, At: n.At,
	})
}

// vietnam is the zone of what people read.
var vietnam = time.FixedZone("+07", 7*3600)

// lastMoment writes the end of a limit so that it cannot be read wrongly: the last day itself when it ends with a day, never
// 00:00 of the next.
func (r *Room) lastMoment(due time.Time) string {
	if due.IsZero() {
		return ""
	}
	t := due.In(vietnam)
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Add(-time.Minute).Format("2/1/2006")
	}
	return t.Format("15:04, 2/1/2006")
}

// Address gives the desk's page of a thing: "claim/ID" stands at /desk/claims/ID.
func Address(thing string) string {
	kind, id, _ := strings.Cut(thing, "/")
	folder, ok := map[string]string{
		"release": "releases", "inquiry": "inquiries", "claim": "claims", "story": "radar", "source": "sources", "account": "people", "office": "offices", "report": "reports", "watch": "watches",
	}[kind]
	switch {
	case kind == "spokesperson": // stands on the page of an office, which its id does not name
		return "/desk/offices"
	case !ok:
		return "/desk"
	}
	return "/desk/" + folder + "/" + id
}

// Notices gives a person's own notices, the newest first, at most limit.
func (r *Room) Notices(ctx context.Context, by regulation.Actor, limit int) ([]Notice, error) {
	if by.Kind != regulation.Person {
		return nil, problem.New(problem.Session)
	}
	rows, err := r.c.DB.Query(ctx, sqlNotices, by.ID, limit)
	return store.All(rows, err, func(w store.Row) (n Notice, err error) {
		var due, law, at, seen int64
		err = w.Scan(&n.ID, &n.Account, &n.Kind, &n.Thing, &n.Office, &n.Title, &n.Stage, &due, &law, &n.Article, &at, &seen)
		n.Due, n.Law, n.At, n.Seen = store.Time(due), law == 1, store.Time(at), store.Time(seen)
		return n, err
	})
}

// Unseen counts a person's notices that they have not seen.
func (r *Room) Unseen(ctx context.Context, account string) (int, error) {
	var n int
	err := r.c.DB.QueryRow(ctx, sqlUnseen, account).Scan(&n)
	return n, err
}

// See marks a person's notices as seen. It changes nobody's state but the reader's own, so it has no entry in the ledger.
func (r *Room) See(ctx context.Context, by regulation.Actor) error {
	return r.c.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sqlSee, store.Micros(r.c.Now()), by.ID)
		return err
	})
}
