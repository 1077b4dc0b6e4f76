package insight

import (
	"context"
	"errors"
	"strings"
	"time"

	"khue/people"
	"khue/people/mail"
	"khue/problem"
	"khue/radar"
	"khue/store"
)

// watchEvery is how often a look is taken at what watches have found, beside the wake-up that each hit is: hours and days end without one.
const watchEvery = 30 * time.Second

// noticeHit is the kind of a notice that a watch found something. Hits are no change of state and have no entry in the ledger.
const noticeHit = "watch.hit"

// RunWatches tells people what their watches found, until ctx ends.
func (r *Room) RunWatches(ctx context.Context) error {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		if _, err := r.StepWatches(ctx); err != nil && ctx.Err() == nil {
			r.c.Log.Error("tell what watches found", "err", err)
		}
		select {
		case <-r.c.Radar.Hits():
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// StepWatches tells what is due, once, on the desk and by mail, and says how many people were told.
func (r *Room) StepWatches(ctx context.Context) (int, error) {
	letters, err := r.c.Radar.DueWatchLetters(ctx)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, l := range letters {
		a, err := r.c.People.Account(ctx, l.Owner)
		if problem.CodeOf(err) == problem.NotFound {
			l.Lost, err = true, nil
		}
		if err != nil {
			return n, err
		}
		err = r.c.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return r.tellHits(ctx, tx, l, a) })
		if errors.Is(err, radar.ErrTold) {
			continue
		}
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (r *Room) tellHits(ctx context.Context, tx *store.Tx, l radar.WatchLetter, a people.Account) error {
	if err := r.c.Radar.NoteTold(ctx, tx, l); err != nil || l.Lost {
		return err
	}
	now := r.c.Now()
	for _, p := range l.Parts {
		id := l.ID + "/" + p.Watch.ID
		if _, err := tx.Exec(ctx, sqlInsertNotice, id, a.ID, noticeHit, "watch/"+p.Watch.ID, r.c.People.Centre(), oneLineOf(p.Watch.Query), "", int64(0), int64(0), "", store.Micros(now)); err != nil {
			return err
		}
	}
	if !l.Mail {
		return nil
	}
	hits := 0
	for _, p := range l.Parts {
		hits += p.Count
	}
	return r.c.People.Post(ctx, tx, mail.Message{
		ID: l.ID, To: a.Email, ToName: a.NameIn(a.Lang), Lang: a.Lang, At: now,
		Subject: r.c.Words(a.Lang, "watches.mail.subject", "n", hits, "query", cutWords(oneLineOf(l.Parts[0].Watch.Query), 80)), Text: r.hitLetter(ctx, l, a),
	})
}

// hitLetter writes what was found: each watch with why it was made, and its mentions with their addresses.
func (r *Room) hitLetter(ctx context.Context, l radar.WatchLetter, a people.Account) string {
	var b strings.Builder
	word := func(key string, args ...any) string { return r.c.Words(a.Lang, "watches.mail."+key, args...) }
	b.WriteString(word("head", "name", a.NameIn(a.Lang)) + "\n")
	for _, p := range l.Parts {
		link := r.c.Origin + Address("watch/"+p.Watch.ID)
		b.WriteString("\n" + word("watch", "query", oneLineOf(p.Watch.Query), "why", oneLineOf(p.Watch.Why), "n", p.Count) + "\n")
		for _, h := range p.Hits {
			b.WriteString("\n" + oneLineOf(h.Title) + "\n" + word("source", "source", r.c.Radar.SourceName(ctx, h.Source), "time", h.Published.In(vietnam).Format("15:04, 2/1/2006")) + "\n" + h.URL + "\n")
		}
		if more := p.Count - len(p.Hits); more > 0 {
			b.WriteString("\n" + word("more", "n", more) + "\n")
		}
		b.WriteString("\n" + word("link", "link", link) + "\n")
	}
	return b.String()
}

// oneLineOf puts a text on one line: a query may be written on several, and a title is somebody else's.
func oneLineOf(s string) string { return strings.Join(strings.Fields(s), " ") }
