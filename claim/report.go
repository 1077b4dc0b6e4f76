package claim

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"time"
	"unicode"

	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// ContactKept is how long a contact is kept after a report.
const ContactKept = 90 * 24 * time.Hour

// Report is what a citizen told the centre (tin báo). The same text, link and picture sent twice are one report.
type Report struct {
	ID     string
	Code   string // "TB-2026-0042"
	State  State  // Signalled, Opened or Dismissed
	Text   string
	Link   string
	File   string // media id of a picture, "" for none
	Claim  string // the claim that it became or was merged into
	Times  int64  // how often it was sent
	Reason string // why it was dismissed
	At     time.Time
	Last   time.Time
}

// Ref names the report as ledger and files do: "report/ID".
func (p Report) Ref() string { return "report/" + p.ID }

// Contact is how to answer who reported. It is erased at its end.
type Contact struct {
	Name, Email, Phone string
	Until              time.Time
}

// ReportInput is the citizen's form. One of Text, Link and File is needed; the contact may be left out.
type ReportInput struct {
	Text     string
	Link     string
	File     string // media id
	FileName string
	Name     string
	Email    string
	Phone    string
}

// Receipt answers a report: its code, and the public claim when it has been checked already.
type Receipt struct {
	Report Report
	Again  bool   // the same was reported before
	Claim  string // code of the claim that it belongs to, when that is public
}

// Report takes a citizen's report; nobody needs an account for it.
func (r *Room) Report(ctx context.Context, by regulation.Actor, in ReportInput) (Receipt, error) {
	now := r.now()
	if err := r.rules.Can(by, "claim.report", regulation.Thing{Kind: "report"}, now); err != nil {
		return Receipt{}, err
	}
	in.Text, in.Link = strings.TrimSpace(in.Text), strings.TrimSpace(in.Link)
	in.Name, in.Email, in.Phone = tidy(in.Name), strings.TrimSpace(in.Email), tidy(in.Phone)
	if err := in.check(); err != nil {
		return Receipt{}, err
	}
	same := sameKey(in.Text, in.Link, in.File)
	var out Receipt
	take := func(ctx context.Context, tx *store.Tx) error {
		out = Receipt{}
		rep, err := scanReport(tx.QueryRow(ctx, sqlReportSame, same))
		switch {
		case err == nil:
			rep.Times, rep.Last, out.Again = rep.Times+1, now, true
			if _, err := tx.Exec(ctx, sqlReportAgain, store.Micros(now), rep.ID); err != nil {
				return err
			}
		case problem.CodeOf(err) == problem.NotFound:
			if rep, err = r.newReport(ctx, tx, in, same, now); err != nil {
				return err
			}
		default:
			return err
		}
		if in.Email != "" || in.Phone != "" {
			if _, err := tx.Exec(ctx, sqlInsertContact, rep.ID, in.Name, in.Email, in.Phone, store.Micros(now), store.Micros(now.Add(ContactKept))); err != nil {
				return err
			}
		}
		out.Report = rep
		return r.enter(ctx, tx, by, rep.Ref(), now, false, reported{Report: rep.ID, Code: rep.Code, Times: rep.Times})
	}
	err := r.db.Write(ctx, take)
	if problem.CodeOf(err) == problem.Internal && ctx.Err() == nil {
		err = r.db.Write(ctx, take) // the same report came in at the same moment: now it is there
	}
	if err != nil {
		return Receipt{}, err
	}
	if out.Report.Claim != "" {
		c, err := r.read(ctx, r.db, out.Report.Claim)
		if err != nil {
			return Receipt{}, err
		}
		if c.Edition > 0 || c.Shown {
			out.Claim = c.Code
		}
	}
	return out, nil
}

func (r *Room) newReport(ctx context.Context, tx *store.Tx, in ReportInput, same string, now time.Time) (Report, error) {
	code, err := store.NextCode(ctx, tx, "TB", now)
	if err != nil {
		return Report{}, err
	}
	rep := Report{ID: store.NewID(), Code: code, State: Signalled, Text: in.Text, Link: in.Link, File: in.File, Times: 1, At: now, Last: now}
	if err := insertReport(ctx, tx, rep, same); err != nil {
		return Report{}, err
	}
	if r.heard != nil {
		if err := r.heard(ctx, tx, rep.Code, in.Text, in.Link); err != nil {
			return Report{}, err
		}
	}
	if in.File != "" && r.attach != nil {
		return rep, r.attach(ctx, tx, rep.Ref(), in.File, in.FileName, "")
	}
	return rep, nil
}

func (in ReportInput) check() error {
	var l problem.List
	if in.Text == "" && in.Link == "" && in.File == "" {
		l.Add("text", problem.Required)
	}
	long(&l, "text", in.Text, 8000)
	if in.Link != "" && !isLink(in.Link) {
		l.Add("link", problem.Invalid, "why", "@claim.why.link")
	}
	long(&l, "name", in.Name, 200)
	long(&l, "phone", in.Phone, 40)
	if at := strings.LastIndexByte(in.Email, '@'); in.Email != "" && (at < 1 || !strings.Contains(in.Email[at:], ".") || strings.ContainsAny(in.Email, " \t\n<>,;") || len(in.Email) > 254) {
		l.Add("email", problem.Email)
	}
	return l.Or()
}

// MergeInput puts a report under a claim that is there.
type MergeInput struct {
	Report string
	Claim  string // id or code
}

// Merge puts a report under a claim that is being checked or published already.
func (r *Room) Merge(ctx context.Context, by regulation.Actor, in MergeInput) (c Claim, err error) {
	now := r.now()
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c, err = r.allowed(ctx, tx, in.Claim, by, "merge", now); err != nil {
			return err
		}
		if err := one(tx.Exec(ctx, sqlMoveReport, string(Opened), c.ID, "", in.Report, string(Signalled))); err != nil {
			return err
		}
		if err := r.did(ctx, tx, c.ID, Done{Verb: "merge", Actor: by.ID, Object: in.Report, At: now}); err != nil {
			return err
		}
		return r.enter(ctx, tx, by, c.Ref(), now, false, merged{Report: in.Report, Claim: c.ID})
	})
	return c, err
}

// DismissInput says why a report needs no check.
type DismissInput struct {
	Report string
	Reason string
}

// Dismiss lays a report aside, with the reason.
func (r *Room) Dismiss(ctx context.Context, by regulation.Actor, in DismissInput) (rep Report, err error) {
	now := r.now()
	in.Reason = strings.TrimSpace(in.Reason)
	if in.Reason == "" {
		return Report{}, problem.List{problem.Of("reason", problem.Required)}
	}
	if err := r.rules.Can(by, "claim.dismiss", regulation.Thing{Kind: "report", ID: in.Report}, now); err != nil {
		return Report{}, err
	}
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if rep, err = scanReport(tx.QueryRow(ctx, sqlReport, in.Report)); err != nil {
			return err
		}
		if err := one(tx.Exec(ctx, sqlMoveReport, string(Dismissed), "", in.Reason, in.Report, string(Signalled))); err != nil {
			return err
		}
		rep.State, rep.Reason = Dismissed, in.Reason
		return r.enter(ctx, tx, by, rep.Ref(), now, false, dismissed{Report: rep.ID})
	})
	return rep, err
}

// EraseContacts erases the contacts whose time has ended, and gives how many. The house calls it once a day.
func (r *Room) EraseContacts(ctx context.Context) (n int64, err error) {
	now := r.now()
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		res, err := tx.Exec(ctx, sqlEraseContacts, store.Micros(now))
		if err != nil {
			return err
		}
		if n, err = res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return r.enter(ctx, tx, regulation.SystemActor("contacts"), "claim/contacts", now, false, erased{Contacts: n})
	})
	return n, err
}

// sameKey gives one key for texts that differ only in case, marks of writing and white space, and links that differ only in form.
func sameKey(text, link, file string) string {
	if text != "" || link != "" {
		file = "" // a second photograph of the same words is the same report
	}
	sum := sha256.Sum256([]byte(words(text) + "\n" + sameLink(link) + "\n" + file))
	return hex.EncodeToString(sum[:])
}

// words gives a text's letters and digits in lower case, a blank for all between.
func words(s string) string {
	var b strings.Builder
	gap := false
	for _, c := range canon(s) {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

func sameLink(link string) string {
	u, err := url.Parse(link)
	if err != nil || link == "" {
		return link
	}
	return strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimSuffix(u.EscapedPath(), "/") + "?" + u.RawQuery
}

const (
	// eraseEvery is how often Run looks for contacts whose time has ended, lookEvery for holds that have.
	eraseEvery = time.Hour
	lookEvery  = time.Second
)

// Run lets out what was held and erases contacts at their end, until ctx ends. What went wrong is told to fault and tried again.
func (r *Room) Run(ctx context.Context, fault func(error)) error {
	look, erase := time.NewTicker(lookEvery), time.NewTicker(eraseEvery)
	defer look.Stop()
	defer erase.Stop()
	tell := func(err error) {
		if err != nil && ctx.Err() == nil {
			fault(err)
		}
	}
	_, err := r.EraseContacts(ctx)
	tell(err)
	for {
		select {
		case <-look.C:
			tell(r.Leave(ctx))
		case <-erase.C:
			_, err := r.EraseContacts(ctx)
			tell(err)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
