package radar

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"net/url"
	"slices"
	"strings"

	"khue/ledger"
	"khue/problem"
	"khue/regulation"
	"khue/store"
	"khue/text"
)

const (
	maxAddress = 2000
	maxName    = 200
	maxNote    = 2000
	maxBeat    = 60
)

// AddSourceInput is a source to be added.
type AddSourceInput struct {
	Address  string     // of the source, or of a page whose feed is found; "" for kinds that have none
	Kind     SourceKind // "" is found out from the address and from what stands there
	Name     string     // "" takes the source's own title
	Note     string
	Group    string
	Beat     string
	Trust    Trust // "" is Unknown
	Owner    string
	Settings Settings
}

// tidy trims the fields and fills in what was left open.
func (in *AddSourceInput) tidy() {
	for _, p := range []*string{&in.Address, &in.Name, &in.Note, &in.Group, &in.Beat, &in.Owner} {
		*p = strings.TrimSpace(*p)
	}
	in.Group = tidyGroup(in.Group)
	in.Trust = cmp.Or(in.Trust, Unknown)
}

// tidyGroup makes a path of a group's names: no empty ones, each in one line.
func tidyGroup(s string) string {
	var parts []string
	for p := range strings.SplitSeq(s, "/") {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "/")
}

func (in *AddSourceInput) check() error {
	var l problem.List
	if in.Kind != "" && !slices.Contains(SourceKinds, in.Kind) {
		l.Add("kind", problem.Invalid, "why", "@source.no-such-kind")
	}
	if in.Address == "" && (in.Kind == "" || in.Kind.Visited() || in.Kind == KindBluesky) {
		l.Add("address", problem.Required)
	}
	if in.Name == "" && in.Address == "" && in.Kind != "" && !in.Kind.Visited() && in.Kind != KindBluesky {
		l.Add("name", problem.Required)
	}
	checkWords(&l, in.Address, in.Name, in.Note, in.Group, in.Beat, in.Trust)
	return l.Or()
}

// checkWords holds the fields that every kind has against their limits.
func checkWords(l *problem.List, address, name, note, group, beat string, trust Trust) {
	for _, f := range []struct {
		name, value string
		most        int
	}{{"address", address, maxAddress}, {"name", name, maxName}, {"note", note, maxNote}, {"group", group, maxName}, {"beat", beat, maxBeat}} {
		if len(f.value) > f.most {
			l.Add(f.name, problem.Invalid, "why", "@radar.too-long")
		}
	}
	if !slices.Contains(Trusts, trust) {
		l.Add("trust", problem.Invalid, "why", "@source.no-such-trust")
	}
}

// AddSource adds a source. What stands at its address is looked at first: a feed is taken as it is, a page is asked for its feed, a
// timeline or a stream is tried. What cannot be reached is a problem of field address with its reason; a source that is there already
// is problem.Twice.
func (r *Room) AddSource(ctx context.Context, by regulation.Actor, in AddSourceInput) (Source, error) {
	if err := r.mayAdd(by); err != nil {
		return Source{}, err
	}
	in.tidy()
	if err := in.check(); err != nil {
		return Source{}, err
	}
	found, err := r.find(ctx, in)
	if err != nil {
		return Source{}, err
	}
	return r.insertSource(ctx, by, r.sourceOf(by, in, found))
}

func (r *Room) mayAdd(by regulation.Actor) error {
	return r.rules.Can(by, "radar.source.add", regulation.Thing{Kind: "source", Office: centre}, r.now())
}

// sourceOf puts together what was asked for and what was found.
func (r *Room) sourceOf(by regulation.Actor, in AddSourceInput, found Found) Source {
	now := r.now()
	s := Source{
		ID: store.NewID(), Kind: found.Kind, Address: found.Address, Page: text.Cut(found.Page, maxAddress), Name: text.Cut(cmp.Or(in.Name, found.Name), maxName), Note: in.Note,
		Group: in.Group, Beat: in.Beat, Trust: in.Trust, Owner: in.Owner, Settings: in.Settings, State: Active, AddedBy: by.ID, AddedAt: now, Version: 1, Next: now,
	}
	if found.Settings.Page != nil {
		s.Settings.Page = found.Settings.Page
	}
	if s.Address == "" {
		s.Address = "khue:" + string(s.Kind) + "/" + s.ID
	}
	return s
}

func (r *Room) insertSource(ctx context.Context, by regulation.Actor, s Source) (Source, error) {
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return r.putSource(ctx, tx, by, s) })
	if store.IsUnique(err) { // two people added it at once
		return Source{}, problem.Of("address", problem.Twice, "code", s.Name)
	}
	if err == nil {
		r.poke()
	}
	return s, err
}

// putSource writes a new source and its entry; problem.Twice when its address is there already.
func (r *Room) putSource(ctx context.Context, tx *store.Tx, by regulation.Actor, s Source) error {
	if old, err := scanSource(tx.QueryRow(ctx, sqlSourceAt, s.Address)); err == nil {
		return problem.Of("address", problem.Twice, "code", old.Name)
	} else if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if _, err := tx.Exec(ctx, sqlInsertSource, s.ID, s.Address, s.Page, s.Name, s.Note, string(s.State), s.AddedBy, store.Micros(s.AddedAt), store.Micros(s.Next),
		string(s.Kind), s.Settings.text(), s.Group, s.Beat, string(s.Trust), s.Owner); err != nil {
		return err
	}
	_, err := r.ledger.Append(ctx, tx, ledger.Entry{Kind: entrySourceAdded, Actor: by.ID, Thing: s.Thing().Ref(), Body: bodyOf(s), At: s.AddedAt})
	return err
}

func bodyOf(s Source) sourceBody {
	sum := sha256.Sum256([]byte(s.Address))
	return sourceBody{Source: s.ID, Address: hex.EncodeToString(sum[:]), State: string(s.State)}
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

// ChangeSourceInput is what can be changed of a source.
type ChangeSourceInput struct {
	ID      string
	Version int64
	Name    string
	Note    string
	State   SourceState
	More    *SourceMore // nil leaves the rest as it is
}

// SourceMore is what is changed of a source beside its name, note and state.
type SourceMore struct {
	Group    string
	Beat     string
	Trust    Trust
	Owner    string
	Settings Settings
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
		if err := s.take(in.More); err != nil {
			return err
		}
		s.Name, s.Note, s.State, s.Version = name, strings.TrimSpace(in.Note), in.State, s.Version+1
		if _, err := tx.Exec(ctx, sqlChangeSource, s.Name, s.Note, string(s.State), s.ID, in.Version, s.Settings.text(), s.Group, s.Beat, string(s.Trust), s.Owner); err != nil {
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

// take takes over what is changed beside name, note and state. Settings of columns stay: they are those of the last table.
func (s *Source) take(m *SourceMore) error {
	if m == nil {
		return nil
	}
	columns := s.Settings.Columns
	s.Group, s.Beat, s.Trust, s.Owner, s.Settings = tidyGroup(m.Group), strings.TrimSpace(m.Beat), cmp.Or(m.Trust, Unknown), strings.TrimSpace(m.Owner), m.Settings
	s.Settings.Columns = columns
	var l problem.List
	checkWords(&l, "", "", "", s.Group, s.Beat, s.Trust)
	if err := l.Or(); err != nil {
		return err
	}
	return checkSettings(s.Kind, s.Settings)
}
