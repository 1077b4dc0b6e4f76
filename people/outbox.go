package people

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"khue/people/mail"
	"khue/problem"
	"khue/store"
)

// Sending: a letter that could not be sent is tried again after 1, 2, 4 … minutes, at most 6 hours, and given up after so many tries
// (about two days).
const (
	mailBatch    = 50
	mailTries    = 16
	mailFirst    = time.Minute
	mailLongest  = 6 * time.Hour
	mailClaim    = 2 * time.Minute // a letter is one process's for so long
	runEvery     = 15 * time.Second
	forgetEvery  = time.Hour
	forgetKnown  = 180 * 24 * time.Hour
	linkMarker   = "{link}"
	forgetLinks  = 30 * 24 * time.Hour
	forgetTimers = 7 * 24 * time.Hour
)

// letter is a message to an account's owner; its words are "people.mail.KEY.subject" and ".text" of the catalogue.
type letter struct {
	ID      string
	Account Account
	Key     string
	Args    []any
	Link    string // id of a link whose address takes the place of {link}
}

// post lets a letter wait in the caller's transaction. The words are the reader's, filled now; only the link is filled when it goes.
func (p *Room) post(ctx context.Context, tx *store.Tx, l letter, now time.Time) error {
	args := append([]any{"name", l.Account.NameIn(l.Account.Lang), "origin", p.c.Origin, "link", linkMarker}, l.Args...)
	word := func(part string) string { return p.c.Words(l.Account.Lang, "people.mail."+l.Key+"."+part, args...) }
	_, err := tx.Exec(ctx, sqlInsertMail, l.ID, l.Account.Email, mailName(l.Account.NameIn(l.Account.Lang)), word("subject"), word("text"), l.Account.Lang, l.Link, store.Micros(now), "", "", nil)
	return err
}

// Post lets any message wait in the caller's transaction; Run sends it. The same id is posted once. Other rooms and the followers of
// the ledger tell people by it.
func (p *Room) Post(ctx context.Context, tx *store.Tx, m mail.Message) error {
	if err := m.Check(); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, sqlInsertMail, m.ID, m.To, m.ToName, m.Subject, m.Text, m.Lang, "", store.Micros(p.now()), m.File.Name, m.File.Type, m.File.Data)
	return err
}

// mailName makes a name fit for a header.
func mailName(s string) string { return strings.Join(strings.Fields(s), " ") }

func (p *Room) poke() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Run sends letters that wait, notes that new spokespersons stand on the public list (the portal of the same process reads it from
// the database) and forgets what is over, until ctx ends.
func (p *Room) Run(ctx context.Context) error {
	tick := time.NewTicker(runEvery)
	defer tick.Stop()
	var forgot time.Time
	for {
		if err := p.SendWaiting(ctx); err != nil && ctx.Err() == nil {
			p.log.Error("send letters", "err", err)
		}
		if err := p.MarkPublished(ctx); err != nil && ctx.Err() == nil {
			p.log.Error("note the published spokespersons", "err", err)
		}
		if now := p.now(); now.Sub(forgot) >= forgetEvery {
			forgot = now
			if err := p.Forget(ctx); err != nil && ctx.Err() == nil {
				p.log.Error("forget what is over", "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-p.wake:
		case <-tick.C:
		}
	}
}

type waiting struct {
	mail.Message
	link  string
	tries int64
}

// SendWaiting sends what is due now, once. Without a sender letters wait.
func (p *Room) SendWaiting(ctx context.Context) error {
	if p.c.Mail == nil {
		return nil
	}
	for {
		due, err := p.dueMail(ctx)
		if err != nil {
			return err
		}
		for _, w := range due {
			if err := p.send(ctx, w); err != nil {
				return err
			}
		}
		if len(due) < mailBatch {
			return nil
		}
	}
}

func (p *Room) dueMail(ctx context.Context) ([]waiting, error) {
	rows, err := p.db.Query(ctx, sqlDueMail, store.Micros(p.now()), mailBatch)
	if err != nil {
		return nil, fmt.Errorf("read letters: %w", err)
	}
	return store.All(rows, nil, func(row store.Row) (w waiting, err error) {
		var at int64
		err = row.Scan(&w.ID, &w.To, &w.ToName, &w.Subject, &w.Text, &w.Lang, &w.link, &at, &w.tries, &w.File.Name, &w.File.Type, &w.File.Data)
		w.At = store.Time(at)
		return w, err
	})
}

// send sends one letter and takes it from those that wait. A crash between the two sends it again, under the same Message-ID.
func (p *Room) send(ctx context.Context, w waiting) error {
	if mine, err := p.claim(ctx, w.ID); err != nil || !mine {
		return err
	}
	if w.link != "" {
		w.Text = strings.ReplaceAll(w.Text, linkMarker, p.linkAddress(w.link))
	}
	err := p.c.Mail.Send(ctx, w.Message)
	cut := err != nil && ctx.Err() != nil // the process stops: the letter was not sent, and the next start need not wait for the claim's end
	ctx = context.WithoutCancel(ctx)      // what was sent is noted even so, lest it goes twice
	if cut {
		return p.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, sqlDelayMail, w.ID, w.tries, store.Micros(p.now()))
			return err
		})
	}
	var bad *problem.Error
	giveUp := errors.As(err, &bad) || w.tries+1 >= mailTries
	return p.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err == nil || giveUp {
			if err != nil {
				p.log.Error("a letter is given up", "id", w.ID, "tries", w.tries+1, "err", err)
			}
			_, err := tx.Exec(ctx, sqlDeleteMail, w.ID)
			return err
		}
		p.log.Warn("a letter waits", "id", w.ID, "tries", w.tries+1, "err", err)
		d := mailFirst
		for i := int64(0); i < w.tries && d < mailLongest; i++ {
			d *= 2
		}
		_, err := tx.Exec(ctx, sqlDelayMail, w.ID, w.tries+1, store.Micros(p.now().Add(min(d, mailLongest))))
		return err
	})
}

// claim takes a letter for this process; false when another one, on the same database, has it.
func (p *Room) claim(ctx context.Context, id string) (bool, error) {
	var n int64
	err := p.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := p.now()
		res, err := tx.Exec(ctx, sqlClaimMail, id, store.Micros(now.Add(mailClaim)), store.Micros(now))
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	return n == 1, err
}

// MailWaiting counts the letters that wait.
func (p *Room) MailWaiting(ctx context.Context) (int64, error) {
	var n int64
	err := p.db.QueryRow(ctx, sqlMailCount).Scan(&n)
	return n, err
}

// Forget deletes sessions, links and counters that are over.
func (p *Room) Forget(ctx context.Context) error {
	now := p.now()
	return p.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for query, before := range map[string]time.Time{
			sqlForgetSessions: now, sqlForgetTry: now.Add(-forgetTimers), sqlForgetKnown: now.Add(-forgetKnown),
			sqlForgetLinks: now.Add(-forgetLinks), sqlForgetSSO: now, sqlForgetKeys: now.Add(-forgetKeys),
		} {
			if _, err := tx.Exec(ctx, query, store.Micros(before)); err != nil {
				return err
			}
		}
		return nil
	})
}
