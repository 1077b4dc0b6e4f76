package radar

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"khue/ledger"
	"khue/radar/fetch"
	"khue/regulation"
	"khue/store"
)

// Telling webhooks: a message that fails is tried again after 1, 2, 4 … minutes, at most 6 hours; after so many failures one after
// another (most of a day) the webhook is stopped, and its owner is told.
const (
	hookHits    = 50  // in one message; more follow in the next
	hookLook    = 500 // watches that wait, looked at in one round: one of each host is told
	hookTries   = 12
	hookFirst   = time.Minute
	hookLongest = 6 * time.Hour

	// keepHits is how long what was found is kept.
	keepHits = 90 * 24 * time.Hour

	// hookNoOwner is why a webhook is stopped whose owner may not see stories any more; its sentence is "radar.fault.owner".
	hookNoOwner fetch.Kind = "owner"
)

// hookBody is version 1 of what a webhook is told; docs/format/webhook.md describes it.
type hookBody struct {
	Version int       `json:"version"`
	Watch   hookWatch `json:"watch"`
	Hits    []hookHit `json:"hits"`
}

type hookWatch struct {
	ID    string `json:"id"`
	Query string `json:"query"`
	Why   string `json:"why"`
	URL   string `json:"url"`
}

type hookHit struct {
	N         int64       `json:"n"`
	Found     time.Time   `json:"found"`
	Mention   string      `json:"mention"`
	URL       string      `json:"url"`
	Title     string      `json:"title"`
	Excerpt   string      `json:"excerpt,omitempty"`
	Source    string      `json:"source"`
	Lang      string      `json:"lang"`
	Published time.Time   `json:"published"`
	Copy      bool        `json:"copy"`
	Places    []hookPlace `json:"places"`
}

// hookPlace is where something that was looked for stands in title or text, in bytes.
type hookPlace struct {
	Field string `json:"field"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// HookDue tells webhooks what their watches found, and forgets what was found long ago. It gives how many were told or failed.
func (r *Room) HookDue(ctx context.Context) (int, error) {
	if err := r.forgetHits(ctx); err != nil {
		return 0, err
	}
	due, err := r.dueHooks(ctx)
	if err != nil {
		return 0, err
	}
	var failed atomic.Pointer[error]
	each(due, visitors, func(w Watch) {
		if err := r.tellHook(ctx, w); err != nil {
			failed.Store(&err)
		}
	})
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return len(due), nil
}

// dueHooks gives those that are due, at most one of each host, so that a slow one keeps only its own waiting.
func (r *Room) dueHooks(ctx context.Context) ([]Watch, error) {
	now := r.now()
	type waiting struct {
		id string
		at int64 // of its oldest hit
	}
	rows, err := r.db.Query(ctx, sqlUnposted, store.Micros(now), hookLook)
	all, err := store.All(rows, err, func(row store.Row) (w waiting, err error) {
		err = row.Scan(&w.id, &w.at)
		return w, err
	})
	if err != nil {
		return nil, err
	}
	var due []Watch
	hosts := map[string]bool{}
	for _, one := range all {
		w, err := scanWatch(r.db.QueryRow(ctx, sqlWatch, one.id))
		if err != nil {
			return nil, err
		}
		u, err := url.Parse(w.Webhook)
		if err != nil || hosts[u.Host] || !w.Pace.due(store.Time(one.at), now) {
			continue
		}
		hosts[u.Host] = true
		due = append(due, w)
	}
	return due, nil
}

// tellHook sends one message and notes how it went.
func (r *Room) tellHook(ctx context.Context, w Watch) error {
	if !r.reads(ctx, w.Owner) {
		return r.hookFailed(ctx, w, &fetch.Fault{Kind: hookNoOwner}, true)
	}
	hits, err := r.readHits(ctx, w, sqlHitsAfter, w.posted, hookHits)
	if err != nil || len(hits) == 0 {
		return err
	}
	body, err := json.Marshal(r.hookBody(ctx, w, hits))
	if err != nil {
		return err
	}
	err = r.fetch.Post(ctx, fetch.Post{
		URL: w.Webhook, ContentType: "application/json; charset=utf-8", Body: body, Header: map[string]string{SignatureHeader: Sign(w.secret, r.now(), body)},
	})
	var f *fetch.Fault
	switch {
	case err == nil:
		return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, sqlPosted, hits[len(hits)-1].N, store.Micros(r.now()), w.ID, w.Webhook)
			return err
		})
	case ctx.Err() != nil: // we stop: it is told at the next start
		return ctx.Err()
	case errors.As(err, &f):
		return r.hookFailed(ctx, w, f, w.HookFailures+1 >= hookTries || f.Status == http.StatusGone)
	}
	return err
}

// hookFailed notes a fault; a webhook that is stopped has its entry in the ledger, by which its owner is told.
func (r *Room) hookFailed(ctx context.Context, w Watch, f *fetch.Fault, stop bool) error {
	now := r.now()
	r.log.Warn("radar: a webhook was not told", "watch", w.ID, "failures", w.HookFailures+1, "stopped", stop, "err", f)
	wait := hookFirst
	for i := 0; i < w.HookFailures && wait < hookLongest; i++ {
		wait *= 2
	}
	next := now.Add(max(min(wait, hookLongest), f.After))
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		res, err := tx.Exec(ctx, sqlHookFailed, store.Bool(stop), store.Micros(next), string(f.Kind), f.Status, w.ID, w.Webhook)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 || !stop {
			return err // its address was changed meanwhile, or it goes on
		}
		_, err = r.ledger.Append(ctx, tx, ledger.Entry{Kind: EntryWebhookStopped, Actor: regulation.SystemActor("radar").ID, Thing: w.Thing().Ref(), Body: bodyOfWatch(w), At: now})
		return err
	})
}

func (r *Room) hookBody(ctx context.Context, w Watch, hits []WatchHit) hookBody {
	b := hookBody{Version: 1, Watch: hookWatch{w.ID, w.Query, w.Why, r.origin + "/desk/watches/" + w.ID}}
	for _, h := range hits {
		one := hookHit{
			N: h.N, Found: h.At.In(zone), Mention: h.ID, URL: h.URL, Title: h.Title, Source: r.SourceName(ctx, h.Source), Lang: h.Lang, Published: h.Published.In(zone), Copy: h.CopyOf != "",
			Places: []hookPlace{},
		}
		for _, p := range h.Part {
			one.Excerpt += p.Text
		}
		for _, p := range h.Places {
			field := "title"
			if p.Field == fieldText {
				field = "text"
			}
			one.Places = append(one.Places, hookPlace{field, p.Start, p.End})
		}
		b.Hits = append(b.Hits, one)
	}
	return b
}

// SignatureHeader carries the signature of a webhook's message: "t=SECONDS,v1=HEX".
const SignatureHeader = "Khue-Signature"

// Sign signs a message for the moment at which it is sent: HMAC-SHA256 with the watch's secret over the seconds since 1970 in decimal, a
// point and the body. Who listens refuses what is old, so that a message cannot be sent again by others.
func Sign(secret string, at time.Time, body []byte) string {
	seconds := strconv.FormatInt(at.Unix(), 10)
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(seconds + "."))
	h.Write(body)
	return "t=" + seconds + ",v1=" + hex.EncodeToString(h.Sum(nil))
}

// forgetHits deletes what was found long ago, once an hour.
func (r *Room) forgetHits(ctx context.Context) error {
	now := r.now()
	if now.Sub(r.forgot) < time.Hour {
		return nil
	}
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, sqlForgetHits, store.Micros(now.Add(-keepHits))); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlForgetLetters, store.Micros(now.Add(-24*time.Hour)))
		return err
	})
	if err == nil {
		r.forgot = now
	}
	return err
}
