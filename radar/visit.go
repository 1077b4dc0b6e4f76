package radar

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"khue/radar/feed"
	"khue/radar/fetch"
	"khue/store"
	"khue/text"
)

// zone is that of feeds which write times without one: Vietnam's.
var zone = time.FixedZone("+07", 7*3600)

// maxPerVisit bounds the entries of one feed that are looked at.
const maxPerVisit = 2000

// enoughText is the length, in bytes, from which a feed's own text stands for the article.
const enoughText = 1200

// VisitDue visits the sources whose time has come, and gives how many there were.
func (r *Room) VisitDue(ctx context.Context) (int, error) { return r.visitDue(ctx, visitors) }

func (r *Room) visitDue(ctx context.Context, width int) (int, error) {
	rows, err := r.db.Query(ctx, sqlDueSources, store.Micros(r.now()), visitBatch)
	list, err := store.All(rows, err, scanSource)
	if err != nil {
		return 0, err
	}
	faults := make(chan error, len(list))
	each(list, width, func(s Source) {
		if err := r.visit(ctx, s); err != nil {
			faults <- err
		}
	})
	close(faults)
	return len(list), <-faults
}

// visit fetches one source and keeps what it brought, in one transaction.
func (r *Room) visit(ctx context.Context, s Source) error {
	if s.Kind != KindFeed {
		return r.visitKind(ctx, s)
	}
	return r.visitFeed(ctx, s)
}

func (r *Room) visitFeed(ctx context.Context, s Source) error {
	resp, err := r.fetch.Get(ctx, fetch.Request{URL: s.Address, ETag: s.ETag, LastModified: s.LastModified, Accept: acceptFeed})
	if err != nil {
		return r.visitFailed(ctx, s, err)
	}
	if resp.NotModified {
		return r.visited(ctx, s, resp, feed.Feed{})
	}
	f, err := feed.Parse(resp.Body, resp.ContentType, feed.Options{URL: resp.URL, Zone: zone, MaxItems: maxPerVisit})
	if err != nil {
		return r.visitFailed(ctx, s, &fetch.Fault{Kind: noFeed, Err: err})
	}
	if failed, err := r.neverSpoke(ctx, s, len(f.Items)); failed || err != nil {
		return err
	}
	if err := r.visited(ctx, s, resp, f); err != nil {
		return err
	}
	return r.declared(ctx, s, resp, f)
}

// neverSpoke notes as a fault that a source holds nothing and never did, and says whether it did so.
func (r *Room) neverSpoke(ctx context.Context, s Source, items int) (bool, error) {
	if items > 0 {
		return false, nil
	}
	brought, err := r.everBrought(ctx, s.ID)
	if err != nil || brought {
		return false, err
	}
	return true, r.visitFailed(ctx, s, &fetch.Fault{Kind: noItems})
}

// everBrought says whether a source ever brought anything: one that did may be silent for a day.
func (r *Room) everBrought(ctx context.Context, source string) (bool, error) {
	var one int
	err := r.db.QueryRow(ctx, sqlEverBrought, source).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

const (
	// noFeed is the kind of fault of an answer that is no feed.
	noFeed fetch.Kind = "no-feed"
	// noItems is that of a feed that holds nothing and never did: a page may advertise a feed that nobody fills.
	noItems fetch.Kind = "no-items"
)

func (r *Room) visited(ctx context.Context, s Source, resp fetch.Response, f feed.Feed) error {
	now := r.now()
	mentions := make([]fresh, 0, len(f.Items))
	for i := range f.Items {
		if m, ok := mentionFor(s, &f.Items[i], now); ok {
			mentions = append(mentions, m)
		}
	}
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := insertMentions(ctx, tx, mentions)
		if err != nil {
			return err
		}
		every := rhythm(s.Every, n)
		if s.Last.IsZero() {
			every = firstEvery // a first visit brings what is old: it says nothing of the rhythm
		}
		etag, modified := resp.ETag, resp.LastModified
		if resp.NotModified && etag == "" {
			etag = s.ETag
		}
		if resp.NotModified && modified == "" {
			modified = s.LastModified
		}
		if _, err := tx.Exec(ctx, sqlVisited, text.Cut(etag, 500), text.Cut(modified, 100), every.Microseconds(), store.Micros(now.Add(every)), store.Micros(now),
			text.Cut(f.Link, maxAddress), text.Cut(nameOf(f.Title, s.Address), maxName), s.ID); err != nil {
			return err
		}
		if resp.Moved != "" && resp.Moved != s.Address {
			_, err = tx.Exec(ctx, sqlMoved, resp.Moved, s.ID)
		}
		return err
	})
	if err == nil && len(mentions) > 0 {
		r.poke()
	}
	return err
}

func (r *Room) visitFailed(ctx context.Context, s Source, cause error) error {
	var f *fetch.Fault
	if !errors.As(cause, &f) {
		f = &fetch.Fault{Kind: fetch.Broken, Err: cause}
	}
	if f.Kind == fetch.Cancelled {
		return ctx.Err()
	}
	r.log.Info("radar: a source could not be visited", "source", s.ID, "fault", f.Kind, "status", f.Status)
	now := r.now()
	wait := backoff(s.Failures+1, f.After)
	if f.Kind == noItems { // it answers, and may begin to speak any day
		wait = min(wait, emptyEvery)
	}
	next := now.Add(wait)
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sqlVisitFailed, store.Micros(next), store.Micros(now), string(f.Kind), f.Status, s.ID)
		return err
	})
}

// fresh is a mention as an entry of a feed gives it.
type fresh struct {
	Mention
	whole bool   // the feed's own text stands for the article
	kind  string // "article" when ""
	never bool   // no article is asked for: it waits for somebody's words
	// author is the account that posted it, "" for what is no account's; it is kept as a keyed hash alone.
	author string
}

// mentionOf makes a mention of an entry; false when the entry says nothing.
func mentionOf(source string, it *feed.Item, now time.Time) (fresh, bool) {
	title := strings.Join(strings.Fields(it.Title), " ")
	body := feed.Plain(it.Content)
	if len(body) < enoughText/4 {
		if s := feed.Plain(it.Summary); len(s) > len(body) {
			body = s
		}
	}
	if title == "" && body == "" {
		return fresh{}, false
	}
	at, clamped := timeOf(it.Time(), now)
	key := it.URL
	if key == "" {
		key = source + " " + it.ID
	}
	sum := sha256.Sum256([]byte(key))
	m := fresh{Mention: Mention{
		ID: hex.EncodeToString(sum[:16]), Source: source, URL: text.Cut(it.URL, maxAddress), Title: text.Cut(title, 500), Text: text.Cut(body, maxText),
		Published: at, Clamped: clamped, Seen: now,
	}}
	m.whole = m.URL == "" || len(body) >= enoughText
	m.Lang = string(text.GuessLanguage(m.Title + "\n" + m.Text))
	return m, true
}

// maxText bounds the text that is kept of an article, in bytes.
const maxText = 64 << 10

// timeOf gives the time of an entry, or of our seeing it where its own cannot be; clamped says that it is so.
func timeOf(given, now time.Time) (at time.Time, clamped bool) {
	at, why := feed.Clamp(given, now)
	if at.After(now) { // a clock that goes before ours: nothing is said in the future
		at = now
	}
	return at, why != feed.AsGiven
}

// insertMentions adds those that are not there yet and gives their number.
func insertMentions(ctx context.Context, tx *store.Tx, list []fresh) (int, error) {
	n := 0
	for _, m := range list {
		var title, story string
		err := tx.QueryRow(ctx, sqlThere, m.ID).Scan(&title, &story)
		if err == nil {
			// A title that its source changed is taken over until the mention has its story: what was grouped stays as it was read.
			if story == "" && m.Title != "" && title != m.Title {
				if _, err := tx.Exec(ctx, sqlRetitle, m.Title, m.ID, m.Source); err != nil {
					return n, err
				}
			}
			continue
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return n, err
		}
		var ready any
		if m.whole { // the number is taken only by those that are new, so that none is left out of the order
			if ready, err = nextReady(ctx, tx); err != nil {
				return n, err
			}
		}
		who, err := account(ctx, tx, m.kind, m.author, m.Seen)
		if err != nil {
			return n, err
		}
		tryAt := store.Micros(m.Seen)
		if m.never {
			tryAt = never
		}
		res, err := tx.Exec(ctx, sqlInsertMention, m.ID, m.Source, m.URL, m.Title, m.Text, m.Lang, store.Micros(m.Published), store.Bool(m.Clamped), store.Micros(m.Seen), ready,
			cmp.Or(m.kind, kindArticle), tryAt, who)
		if err != nil {
			return n, err
		}
		if k, err := res.RowsAffected(); err == nil {
			n += int(k)
		}
	}
	return n, nil
}

func nextReady(ctx context.Context, tx *store.Tx) (int64, error) {
	var n int64
	err := tx.QueryRow(ctx, sqlNextReady).Scan(&n)
	return n, err
}
