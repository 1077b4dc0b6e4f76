package radar

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"khue/problem"
	"khue/radar/opml"
	"khue/regulation"
	"khue/store"
	"khue/text"
)

var errNoAddress = errors.New("radar: not an http(s) address")

func itoa(n int) string { return strconv.Itoa(n) }

// Taken says what became of a list of sources.
type Taken struct {
	Added int
	Known int      // were there already
	Bad   []string // names or addresses of those that could not be taken, the first of them
	// BadAll counts them; Broken says that the list broke off or was too long.
	BadAll int
	Broken bool
}

// TakeList adds the sources of an OPML list. They are taken as the list says, without a look at each: what does not answer shows it at its
// first visit. Sources of kinds that have no address, and those of what is heard by hand, are not part of lists.
func (r *Room) TakeList(ctx context.Context, by regulation.Actor, body io.Reader) (Taken, error) {
	if err := r.mayAdd(by); err != nil {
		return Taken{}, err
	}
	data, err := io.ReadAll(io.LimitReader(body, opml.MaxBytes+1))
	if err != nil {
		return Taken{}, err
	}
	list, broken, err := opml.Parse(data)
	switch {
	case errors.Is(err, opml.ErrSize):
		return Taken{}, problem.Of("file", problem.Size, "n", itoa(opml.MaxBytes>>20))
	case err != nil:
		return Taken{}, wrong("file", "@source.no-opml", err)
	}
	out := Taken{Broken: broken}
	for chunk := range slices.Chunk(list, 200) {
		err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return r.takeOutlines(ctx, tx, by, chunk, &out) })
		if err != nil {
			return out, err
		}
	}
	r.poke()
	return out, nil
}

// takeOutlines adds some sources of a list, in one transaction; out is changed only when all of it is done.
func (r *Room) takeOutlines(ctx context.Context, tx *store.Tx, by regulation.Actor, list []opml.Outline, out *Taken) error {
	now := *out
	now.Bad = slices.Clone(out.Bad)
	for _, o := range list {
		s, err := r.outline(by, o)
		if err == nil {
			err = r.putSource(ctx, tx, by, s)
		}
		switch code := problem.CodeOf(err); {
		case err == nil:
			now.Added++
		case code == problem.Twice:
			now.Known++
		case code == problem.Invalid || code == problem.Required:
			if now.BadAll++; len(now.Bad) < mostBad {
				now.Bad = append(now.Bad, text.Cut(o.Name+" "+o.Address, 200))
			}
		default:
			return err
		}
	}
	*out = now
	return nil
}

// outline makes a source of a list's entry.
func (r *Room) outline(by regulation.Actor, o opml.Outline) (Source, error) {
	in := AddSourceInput{Kind: SourceKind(o.Kind), Address: o.Address, Name: o.Name, Note: o.Note, Group: o.Group, Beat: o.Category, Trust: Trust(o.Trust)}
	if in.Kind == "" {
		if in.Kind = KindFeed; GuessKind(o.Address) == KindSitemap {
			in.Kind = KindSitemap
		}
	}
	in.tidy()
	if !slices.Contains(Trusts, in.Trust) {
		in.Trust = Unknown
	}
	in.Beat = text.Cut(in.Beat, maxBeat)
	if err := in.check(); err != nil {
		return Source{}, err
	}
	var err error
	if in.Settings, err = ReadSettings(o.Settings); err != nil {
		return Source{}, wrong("settings", "@source.bad-settings", err)
	}
	if err := checkSettings(in.Kind, in.Settings); err != nil {
		return Source{}, err
	}
	if !in.Kind.Visited() && in.Kind != KindBluesky && in.Kind != KindTelegram {
		return Source{}, problem.Of("kind", problem.Invalid, "why", "@source.no-such-kind")
	}
	address := strings.TrimSpace(in.Address)
	if in.Kind == KindBluesky {
		if !strings.HasPrefix(address, "ws://") && !strings.HasPrefix(address, "wss://") {
			return Source{}, problem.Of("address", problem.Invalid, "why", "@radar.fault.address")
		}
	} else if _, err := webAddress(address); err != nil {
		return Source{}, problem.Of("address", problem.Invalid, "why", "@radar.fault.address")
	}
	s := r.sourceOf(by, in, Found{Kind: in.Kind, Address: address, Page: o.Page, Name: nameOf(in.Name, address)})
	if o.State == string(Paused) {
		s.State = Paused
	}
	return s, nil
}

// WriteList writes the sources that have an address as OPML, by group and name.
func (r *Room) WriteList(ctx context.Context, by regulation.Actor, w io.Writer, title string) error {
	list, err := r.Outlines(ctx, by)
	if err != nil {
		return err
	}
	return opml.Write(w, title, r.now(), list)
}

// Outlines gives the sources that have an address as a list's entries, by group and name.
func (r *Room) Outlines(ctx context.Context, by regulation.Actor) ([]opml.Outline, error) {
	list, err := r.Sources(ctx, by)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(a, b Source) int { return strings.Compare(a.Group, b.Group) })
	var out []opml.Outline
	for _, s := range list {
		if strings.HasPrefix(s.Address, "khue:") {
			continue
		}
		o := opml.Outline{Name: s.Name, Address: s.Address, Page: s.Page, Note: s.Note, Group: s.Group, Category: s.Beat, Trust: string(s.Trust)}
		if s.Kind != KindFeed {
			o.Kind = string(s.Kind)
		}
		if text := s.Settings.text(); text != (Settings{}).text() {
			o.Settings = text
		}
		if s.State == Paused {
			o.State = string(Paused)
		}
		out = append(out, o)
	}
	return out, nil
}

// Groups lists the groups that sources are in, by name.
func (r *Room) Groups(ctx context.Context, by regulation.Actor) ([]string, error) {
	if err := r.look(by); err != nil {
		return nil, err
	}
	rows, err := r.db.Query(ctx, sqlGroups)
	return store.All(rows, err, store.Value[string])
}
