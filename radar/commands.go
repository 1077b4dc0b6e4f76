package radar

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"

	"khue/ledger"
	"khue/problem"
	"khue/radar/feed"
	"khue/radar/fetch"
	"khue/regulation"
	"khue/store"
)

const (
	maxAddress = 2000
	maxName    = 200
	maxNote    = 2000
)

// AddSourceInput is a source to be added: the address of a feed, or of a page whose feed is found.
type AddSourceInput struct {
	Address string
	Name    string // "" takes the feed's own title
	Note    string
}

// Found is what stands at an address: a feed to be visited.
type Found struct {
	Address string
	Page    string
	Name    string
	Items   int // that the feed has now
}

// AddSource adds a source by its address. The address is looked at first: a feed is taken as it is, a page is asked for its
// feed. What cannot be reached is a problem of field address with its reason; a source that is there already is problem.Twice.
func (r *Room) AddSource(ctx context.Context, by regulation.Actor, in AddSourceInput) (Source, error) {
	if err := r.rules.Can(by, "radar.source.add", regulation.Thing{Kind: "source", Office: centre}, r.now()); err != nil {
		return Source{}, err
	}
	in.Address, in.Name, in.Note = strings.TrimSpace(in.Address), strings.TrimSpace(in.Name), strings.TrimSpace(in.Note)
	var l problem.List
	if in.Address == "" {
		l.Add("address", problem.Required)
	}
	for _, f := range []struct {
		name, value string
		most        int
	}{{"address", in.Address, maxAddress}, {"name", in.Name, maxName}, {"note", in.Note, maxNote}} {
		if len(f.value) > f.most {
			l.Add(f.name, problem.Invalid, "why", "@radar.too-long")
		}
	}
	if err := l.Or(); err != nil {
		return Source{}, err
	}
	found, err := r.Find(ctx, in.Address)
	if err != nil {
		return Source{}, err
	}
	if in.Name != "" {
		found.Name = in.Name
	}
	return r.insertSource(ctx, by, found, in.Note)
}

func (r *Room) insertSource(ctx context.Context, by regulation.Actor, found Found, note string) (Source, error) {
	now := r.now()
	s := Source{ID: store.NewID(), Address: found.Address, Page: found.Page, Name: cut(found.Name, maxName), Note: note, State: Active, AddedBy: by.ID, AddedAt: now, Version: 1, Next: now}
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if old, err := scanSource(tx.QueryRow(ctx, sqlSourceAt, s.Address)); err == nil {
			return problem.Of("address", problem.Twice, "code", old.Name)
		} else if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if _, err := tx.Exec(ctx, sqlInsertSource, s.ID, s.Address, s.Page, s.Name, s.Note, string(s.State), s.AddedBy, store.Micros(now), store.Micros(s.Next)); err != nil {
			return err
		}
		_, err := r.ledger.Append(ctx, tx, ledger.Entry{Kind: entrySourceAdded, Actor: by.ID, Thing: s.Thing().Ref(), Body: bodyOf(s), At: now})
		return err
	})
	if store.IsUnique(err) { // two people added it at once
		return Source{}, problem.Of("address", problem.Twice, "code", s.Name)
	}
	if err == nil {
		r.poke()
	}
	return s, err
}

func bodyOf(s Source) sourceBody {
	sum := sha256.Sum256([]byte(s.Address))
	return sourceBody{Source: s.ID, Address: hex.EncodeToString(sum[:]), State: string(s.State)}
}

// Find looks at an address: a feed, or a page that names one. Every problem is one of field address.
func (r *Room) Find(ctx context.Context, address string) (Found, error) {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	resp, err := r.fetch.Get(ctx, fetch.Request{URL: address, Accept: acceptFeed})
	if err != nil {
		return Found{}, faultProblem(err)
	}
	f, err := feed.Parse(resp.Body, resp.ContentType, feed.Options{URL: resp.URL, Zone: zone})
	if err == nil {
		return Found{Address: resp.URL, Page: f.Link, Name: nameOf(f.Title, resp.URL), Items: len(f.Items)}, nil
	}
	for _, link := range feed.Discover(resp.Body, resp.URL) {
		again, err := r.fetch.Get(ctx, fetch.Request{URL: link.URL, Accept: acceptFeed})
		if err != nil {
			continue
		}
		if f, err := feed.Parse(again.Body, again.ContentType, feed.Options{URL: again.URL, Zone: zone}); err == nil {
			return Found{Address: again.URL, Page: resp.URL, Name: nameOf(f.Title, again.URL), Items: len(f.Items)}, nil
		}
	}
	return Found{}, problem.Wrap(err, problem.Invalid, "field", "@field.address", "why", whyNoFeed(resp.Body))
}

func whyNoFeed(body []byte) string {
	if len(bytes.TrimSpace(body)) == 0 {
		return "@radar.fault.empty"
	}
	return "@radar.fault.no-feed"
}

const acceptFeed = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.5, */*;q=0.1"

// faultProblem says in words why an address could not be reached.
func faultProblem(err error) error {
	kind := fetch.Broken
	var f *fetch.Fault
	if errors.As(err, &f) {
		kind = f.Kind
	}
	p := problem.Of("address", problem.Invalid, "why", "@radar.fault."+string(kind))
	p.Err = err
	return p
}

func nameOf(title, address string) string {
	if title = strings.Join(strings.Fields(title), " "); title != "" {
		return title
	}
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Host
	}
	return address
}

// cut shortens a text to at most n bytes at the end of a rune.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}

// ChangeSourceInput is what can be changed of a source.
type ChangeSourceInput struct {
	ID      string
	Version int64
	Name    string
	Note    string
	State   SourceState
}

// ChangeSource renames, annotates, pauses or wakes a source. A stale version is problem.Conflict.
func (r *Room) ChangeSource(ctx context.Context, by regulation.Actor, in ChangeSourceInput) (Source, error) {
	var s Source
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var err error
		if s, err = scanSource(tx.QueryRow(ctx, sqlSource, in.ID)); err != nil {
			return store.NotFound(err)
		}
		if err := r.rules.Can(by, "radar.source.change", s.Thing(), r.now()); err != nil {
			return err
		}
		if in.State != Active && in.State != Paused {
			return problem.Of("state", problem.Invalid, "why", "active | paused")
		}
		name := strings.TrimSpace(in.Name)
		if name == "" {
			return problem.Of("name", problem.Required)
		}
		if len(name) > maxName || len(in.Note) > maxNote {
			return problem.Of("name", problem.Invalid, "why", "@radar.too-long")
		}
		if in.Version != s.Version {
			return problem.New(problem.Conflict, "name", s.Name)
		}
		s.Name, s.Note, s.State, s.Version = name, strings.TrimSpace(in.Note), in.State, s.Version+1
		if _, err := tx.Exec(ctx, sqlChangeSource, s.Name, s.Note, string(s.State), s.ID, in.Version); err != nil {
			return err
		}
		_, err = r.ledger.Append(ctx, tx, ledger.Entry{Kind: entrySourceChanged, Actor: by.ID, Thing: s.Thing().Ref(), Body: bodyOf(s), At: r.now()})
		return err
	})
	if err == nil {
		r.poke()
	}
	return s, err
}
