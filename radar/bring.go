package radar

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"html"
	"net/url"
	"strings"
	"time"

	"khue/ledger"
	"khue/problem"
	"khue/radar/feed"
	"khue/regulation"
	"khue/store"
)

// Entry is one thing that a program or a file brings.
type Entry struct {
	ID        string // the sender's own name of it, where it has no address
	URL       string
	Title     string
	Text      string
	Published time.Time // zero when it is not known: then it is when we saw it
}

// MaxEntries bounds what is brought in one transaction.
const MaxEntries = 500

// Brought says what became of what was brought.
type Brought struct {
	Added int
	Known int // were there already
}

// Bring takes what a program sends for a source of kind push: all of it or, when something in it is wrong, nothing. The same entry sent
// again is known and changes nothing. Each fault is named by its place: "items.3.url".
func (r *Room) Bring(ctx context.Context, by regulation.Actor, source string, list []Entry) (Brought, error) {
	s, err := r.mayBring(ctx, by, source)
	if err != nil {
		return Brought{}, err
	}
	if s.Kind != KindPush {
		return Brought{}, problem.Of("source", problem.Invalid, "why", "@source.not-push")
	}
	if len(list) == 0 {
		return Brought{}, problem.Of("items", problem.Required)
	}
	if len(list) > MaxEntries {
		return Brought{}, problem.Of("items", problem.Invalid, "why", "@source.too-many")
	}
	var faults problem.List
	items := make([]feed.Item, len(list))
	for i, e := range list {
		field, why := "", ""
		if items[i], field, why = e.item(); why != "" {
			faults.Add("items."+itoa(i)+"."+field, problem.Invalid, "why", why)
		}
	}
	if err := faults.Or(); err != nil {
		return Brought{}, err
	}
	var out Brought
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var err error
		out, err = r.bring(ctx, tx, by, s, items, "push")
		return err
	})
	if err == nil {
		r.poke()
	}
	return out, err
}

// mayBring gives a source for which somebody may bring entries.
func (r *Room) mayBring(ctx context.Context, by regulation.Actor, source string) (Source, error) {
	s, err := scanSource(r.db.QueryRow(ctx, sqlSource, source))
	if err != nil {
		if e := r.rules.Can(by, "radar.mention.bring", regulation.Thing{Kind: "source", Office: centre}, r.now()); e != nil {
			return s, e // who may not bring learns nothing of what is there
		}
		return s, store.NotFound(err)
	}
	if err := r.rules.Can(by, "radar.mention.bring", s.Thing(), r.now()); err != nil {
		return s, err
	}
	if s.State != Active {
		return s, problem.New(problem.State, "state", "@radar.source.state."+string(s.State), "action", "@source.act.bring")
	}
	return s, nil
}

// bring keeps entries with their ledger entry, in the caller's transaction.
func (r *Room) bring(ctx context.Context, tx *store.Tx, by regulation.Actor, s Source, items []feed.Item, way string) (Brought, error) {
	list := r.entriesOf(s, items)
	n, err := insertMentions(ctx, tx, list)
	if err != nil {
		return Brought{}, err
	}
	if err := r.came(ctx, tx, s.ID); err != nil {
		return Brought{}, err
	}
	_, err = r.ledger.Append(ctx, tx, ledger.Entry{
		Kind: entryBrought, Actor: by.ID, Thing: s.Thing().Ref(), Body: broughtBody{Source: s.ID, Way: way, Entries: len(items), Added: n}, At: r.now(),
	})
	return Brought{Added: n, Known: len(items) - n}, err
}

// item makes an entry of what a program sent; why is "" when it can be taken.
func (e Entry) item() (it feed.Item, field, why string) {
	e.URL, e.Title, e.Text, e.ID = strings.TrimSpace(e.URL), strings.TrimSpace(e.Title), strings.TrimSpace(e.Text), strings.TrimSpace(e.ID)
	if e.URL == "" && e.Title == "" && e.Text == "" {
		return it, "title", "@table.bad.nothing"
	}
	if e.URL != "" {
		u, err := webAddress(e.URL)
		if err != nil {
			return it, "url", "@table.bad.address"
		}
		e.URL = u
	}
	if len(e.ID) > 200 {
		return it, "id", "@radar.too-long"
	}
	return feed.Item{ID: nameOfEntry(e), URL: e.URL, Title: e.Title, Content: escapeText(e.Text), Published: e.Published}, "", ""
}

// nameOfEntry gives what an entry without an address is known by: its own name, or its words.
func nameOfEntry(e Entry) string {
	if e.ID != "" {
		return e.ID
	}
	if e.URL != "" {
		return e.URL
	}
	sum := sha256.Sum256([]byte(e.Title + "\n" + e.Text))
	return hex.EncodeToString(sum[:16])
}

// webAddress gives an http(s) address without its fragment.
func webAddress(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil {
		return "", err
	}
	if len(s) > maxAddress || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return "", errNoAddress
	}
	u.Fragment = ""
	return u.String(), nil
}

// escapeText makes HTML of plain text: an entry's content is taken for HTML.
func escapeText(s string) string { return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>") }
