package insight

import (
	"context"
	"strings"
	"time"

	"khue/ledger"
	"khue/people/mail"
	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// SetSheet gives the room what draws a digest as an A4 PDF. Without it letters go without the sheet.
func (r *Room) SetSheet(draw func(Digest) ([]byte, error)) { r.sheet.Store(&draw) }

// RunDigests drafts and sends the digest when its hour has come, until ctx ends.
func (r *Room) RunDigests(ctx context.Context) error {
	tick := time.NewTicker(30 * time.Second)
	defer tick.Stop()
	for {
		if err := r.StepDigest(ctx); err != nil && ctx.Err() == nil {
			r.c.Log.Error("press digest", "err", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// StepDigest does what is due of today's digest: drafts it from 05:30 on, and sends it from 06:30 on if somebody has signed it.
func (r *Room) StepDigest(ctx context.Context) error {
	now := r.c.Now().In(vietnam)
	day := now.Format(time.DateOnly)
	since := time.Duration(now.Hour())*time.Hour + time.Duration(now.Minute())*time.Minute
	if since < DigestDrafted {
		return nil
	}
	d, err := r.digest(ctx, r.c.DB, day)
	if problem.CodeOf(err) == problem.NotFound {
		d, err = r.draftDigest(ctx, day)
	}
	if err != nil || d.State != DigestSigned || since < DigestSent {
		return err
	}
	return r.sendDigest(ctx, d)
}

// sendDigest lets a letter to each reader wait, with the sheet, and marks the digest as gone.
func (r *Room) sendDigest(ctx context.Context, d Digest) error {
	readers, err := r.digestReaders(ctx)
	if err != nil {
		return err
	}
	var file mail.File
	if draw := r.sheet.Load(); draw != nil {
		data, err := (*draw)(d)
		if err != nil {
			return err
		}
		file = mail.File{Name: "diem-bao-" + d.Day + ".pdf", Type: "application/pdf", Data: data}
	}
	now := r.c.Now()
	return r.c.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		res, err := tx.Exec(ctx, sqlDigestGone, store.Micros(now), d.Day)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return err // somebody else sent it, or it was opened again
		}
		for _, reader := range readers {
			if err := r.c.People.Post(ctx, tx, mail.Message{
				ID: "digest/" + d.Day + "/" + reader.Email, To: reader.Email, ToName: reader.Name, Lang: "vi", At: now, File: file,
				Subject: r.c.Words("vi", "digest.mail.subject", "day", dayWords(d.Day), "n", len(d.Ticked())), Text: r.digestLetter(d),
			}); err != nil {
				return err
			}
		}
		return r.enterDigest(ctx, tx, regulation.SystemActor("digest"), d, "digest.sent", len(readers), now)
	})
}

// digestLetter writes a digest as plain text.
func (r *Room) digestLetter(d Digest) string {
	var b strings.Builder
	b.WriteString(r.c.Words("vi", "digest.mail.head", "day", dayWords(d.Day), "link", r.c.Origin+"/desk/digest/"+d.Day) + "\n")
	for i, it := range d.Ticked() {
		b.WriteString("\n" + r.c.Words("vi", "digest.mail.item", "n", i+1, "headline", it.Headline, "source", it.Source, "sources", it.Sources) + "\n" + it.Line + "\n")
		if it.Said.Code != "" {
			b.WriteString(r.c.Words("vi", "digest.mail.said", "title", it.Said.Title, "code", it.Said.Code) + "\n")
		}
		if it.URL != "" {
			b.WriteString(it.URL + "\n")
		}
	}
	return b.String()
}

// dayWords writes a day as people read it: 9/11/2026.
func dayWords(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format("2/1/2006")
}

// DigestReader is who gets the digest by mail.
type DigestReader struct{ Email, Name string }

func (r *Room) digestReaders(ctx context.Context) ([]DigestReader, error) {
	rows, err := r.c.DB.Query(ctx, sqlDigestReaders)
	return store.All(rows, err, func(row store.Row) (x DigestReader, err error) {
		err = row.Scan(&x.Email, &x.Name)
		return x, err
	})
}

// DigestReaders gives who gets the digest, to who may change it.
func (r *Room) DigestReaders(ctx context.Context, by regulation.Actor) ([]DigestReader, error) {
	if err := r.mayReaders(by); err != nil {
		return nil, err
	}
	return r.digestReaders(ctx)
}

func (r *Room) mayReaders(by regulation.Actor) error {
	return r.c.Rules.Can(by, "insight.digest.readers", regulation.Thing{Kind: "digest", Office: r.c.People.Centre()}, r.c.Now())
}

// PutDigestReader adds somebody to who gets the digest, or takes them off. The ledger holds no address.
func (r *Room) PutDigestReader(ctx context.Context, by regulation.Actor, x DigestReader, gone bool) error {
	if err := r.mayReaders(by); err != nil {
		return err
	}
	email, err := mail.Address(x.Email)
	if err != nil {
		return problem.Of("email", problem.Email)
	}
	x.Name = strings.Join(strings.Fields(x.Name), " ")
	if len(x.Name) > 200 {
		return problem.Of("name", problem.Invalid, "why", "@radar.too-long")
	}
	now := r.c.Now()
	return r.c.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		kind := "digest.reader-added"
		if gone {
			kind = "digest.reader-removed"
			_, err = tx.Exec(ctx, sqlDeleteDigestReader, email)
		} else {
			_, err = tx.Exec(ctx, sqlPutDigestReader, email, x.Name, by.ID, store.Micros(now))
		}
		if err != nil {
			return err
		}
		_, err = r.c.Ledger.Append(ctx, tx, ledger.Entry{Kind: kind, Actor: by.ID, Thing: "digest/readers", Body: digestBody{}, At: now})
		return err
	})
}
