package radar

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"khue/ledger"
	"khue/problem"
	"khue/radar/feed"
	"khue/radar/social"
	"khue/regulation"
	"khue/store"
	"khue/text"
)

// HearInput is what somebody heard where no program can listen. One of URL, Text and File is needed.
type HearInput struct {
	Place     string // one of Places; "" is told by the address, else "other"
	PlaceName string // what the place's source is called when it comes into being
	URL       string
	Text      string
	File      string // media id of a picture, "" for none
	FileName  string
}

// HeardMention is a mention that somebody wrote down.
type HeardMention struct {
	Mention
	Known  bool // it was there already
	Parked bool // nobody can read it: it waits for words
}

const maxHeard = 20_000

// Hear takes what a person heard: an address, words or a picture. It becomes a mention of its place's source; what has no words waits
// until somebody writes them.
func (r *Room) Hear(ctx context.Context, by regulation.Actor, in HearInput) (HeardMention, error) {
	now := r.now()
	if err := r.rules.Can(by, "radar.mention.hear", regulation.Thing{Kind: "source", Office: centre}, now); err != nil {
		return HeardMention{}, err
	}
	in.URL, in.Text = strings.TrimSpace(in.URL), strings.TrimSpace(in.Text)
	if err := in.check(); err != nil {
		return HeardMention{}, err
	}
	var out HeardMention
	take := func(ctx context.Context, tx *store.Tx) error {
		out = HeardMention{}
		s, err := r.placeSource(ctx, tx, by, in)
		if err != nil {
			return err
		}
		f := r.heard(s, in)
		out.Mention, out.Parked = f.Mention, f.never
		n, err := insertMentions(ctx, tx, []fresh{f})
		if err != nil {
			return err
		}
		if n == 0 {
			out.Known = true
			out.Mention, err = scanMention(tx.QueryRow(ctx, sqlMention, f.ID))
			return err
		}
		if in.File != "" {
			if err := r.attach(ctx, tx, f.Ref(), in.File, in.FileName, ""); err != nil {
				return err
			}
		}
		if err := r.came(ctx, tx, s.ID); err != nil {
			return err
		}
		_, err = r.ledger.Append(ctx, tx, ledger.Entry{Kind: entryHeard, Actor: by.ID, Thing: f.Ref(), Body: heardBody{Mention: f.ID, Source: s.ID, File: in.File}, At: now})
		return err
	}
	err := r.db.Write(ctx, take)
	if store.IsUnique(err) { // the place's source came into being at the same moment
		err = r.db.Write(ctx, take)
	}
	if err == nil {
		r.poke()
	}
	return out, err
}

// Ref names the mention as ledger and files do: "mention/ID".
func (m Mention) Ref() string { return "mention/" + m.ID }

func (in *HearInput) check() error {
	var l problem.List
	if in.URL != "" {
		if !strings.Contains(in.URL, "://") {
			in.URL = "https://" + in.URL
		}
		u, err := webAddress(in.URL)
		if err != nil {
			l.Add("url", problem.Invalid, "why", "@radar.fault.address")
		}
		in.URL = u
	}
	if in.URL == "" && in.Text == "" && in.File == "" && len(l) == 0 {
		l.Add("text", problem.Required)
	}
	if len(in.Text) > maxHeard {
		l.Add("text", problem.Invalid, "why", "@radar.too-long")
	}
	if in.Place == "" {
		in.Place = GuessPlace(in.URL)
	}
	if in.Place == "" {
		in.Place = "other"
	}
	if !slices.Contains(places, in.Place) {
		l.Add("place", problem.Invalid, "why", "@hear.no-such-place")
	}
	return l.Or()
}

// placeSource gives the source of a place, which comes into being when it is first named.
func (r *Room) placeSource(ctx context.Context, tx *store.Tx, by regulation.Actor, in HearInput) (Source, error) {
	address := "khue:hand/" + in.Place
	s, err := scanSource(tx.QueryRow(ctx, sqlSourceAt, address))
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return s, err
	}
	return r.ownSource(ctx, tx, by, KindHand, address, text.Cut(strings.TrimSpace(in.PlaceName), maxName))
}

// ownSource makes a source that comes into being by itself.
func (r *Room) ownSource(ctx context.Context, tx *store.Tx, by regulation.Actor, kind SourceKind, address, name string) (Source, error) {
	if name == "" {
		name = address
	}
	now := r.now()
	s := Source{ID: store.NewID(), Kind: kind, Address: address, Name: name, Trust: Unknown, State: Active, AddedBy: by.ID, AddedAt: now, Version: 1, Next: now}
	return s, r.putSource(ctx, tx, by, s)
}

// heard makes the mention of what was heard. Words stand for the article: whoever wrote them saw it.
func (r *Room) heard(s Source, in HearInput) fresh {
	now := r.now()
	it := feed.Item{ID: nameOfEntry(Entry{URL: in.URL, Text: ownWords(in)}), URL: in.URL, Title: social.TitleOf(in.Text), Content: escapeText(in.Text), Published: now}
	if it.Title == "" {
		it.Title = ownWords(in) // for the id alone
	}
	f, _ := mentionFor(s, &it, now) // it has a title
	if in.Text == "" {
		f.Title, f.Text, f.Lang = "", "", ""
	}
	f.whole = in.Text != ""
	f.never = !f.whole && in.URL == "" // a picture alone
	return f
}

// ownWords gives what tells a picture without words from another.
func ownWords(in HearInput) string {
	if in.Text != "" {
		return in.Text
	}
	if in.URL != "" {
		return in.URL
	}
	return in.File
}

// Parked lists the newest mentions that wait for somebody's words: pictures, and addresses that cannot be read.
func (r *Room) Parked(ctx context.Context, by regulation.Actor, limit int) ([]Mention, error) {
	if err := r.look(by); err != nil {
		return nil, err
	}
	rows, err := r.db.Query(ctx, sqlParked, never, limit)
	return store.All(rows, err, func(s store.Row) (Mention, error) { return scanMention(s) })
}

// MentionOf gives one mention to somebody who may see stories, and whether it waits for words.
func (r *Room) MentionOf(ctx context.Context, by regulation.Actor, id string) (m Mention, parked bool, err error) {
	if err := r.look(by); err != nil {
		return m, false, err
	}
	if m, err = r.Mention(ctx, id); err != nil {
		return m, false, err
	}
	var one int
	err = r.db.QueryRow(ctx, sqlIsParked, id, never).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	return m, err == nil, err
}

// Describe says in words what stands in a mention that waits for them; then it is grouped like any other. One that does not wait is
// problem.State.
func (r *Room) Describe(ctx context.Context, by regulation.Actor, id, words string) (Mention, error) {
	if err := r.rules.Can(by, "radar.mention.hear", regulation.Thing{Kind: "source", Office: centre}, r.now()); err != nil {
		return Mention{}, err
	}
	words = strings.TrimSpace(words)
	if words == "" {
		return Mention{}, problem.Of("text", problem.Required)
	}
	if len(words) > maxHeard {
		return Mention{}, problem.Of("text", problem.Invalid, "why", "@radar.too-long")
	}
	var m Mention
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var err error
		if m, err = scanMention(tx.QueryRow(ctx, sqlMention, id)); err != nil {
			return store.NotFound(err)
		}
		var one int
		if err = tx.QueryRow(ctx, sqlIsParked, id, never).Scan(&one); errors.Is(err, sql.ErrNoRows) {
			return problem.New(problem.State, "state", "@hear.has-words", "action", "@hear.act")
		} else if err != nil {
			return err
		}
		ready, err := nextReady(ctx, tx)
		if err != nil {
			return err
		}
		m.Title, m.Text = text.Cut(social.TitleOf(words), 500), words
		m.Lang = string(text.GuessLanguage(words))
		if _, err := tx.Exec(ctx, sqlWords, m.Title, m.Text, m.Lang, ready, id); err != nil {
			return err
		}
		_, err = r.ledger.Append(ctx, tx, ledger.Entry{Kind: entryDescribed, Actor: by.ID, Thing: m.Ref(), Body: heardBody{Mention: m.ID, Source: m.Source}, At: r.now()})
		return err
	})
	if err == nil {
		r.poke()
	}
	return m, err
}

// HearReport makes a mention of a citizen's report, in the transaction that takes the report: what citizens tell is a source like others.
// Who told it is not part of it. name is what the source is called when it comes into being.
func (r *Room) HearReport(ctx context.Context, tx *store.Tx, name, report, words, link string) error {
	words = strings.TrimSpace(words)
	if words == "" {
		return nil // a link or a picture alone says nothing that could be grouped
	}
	const address = "khue:citizen/reports"
	s, err := scanSource(tx.QueryRow(ctx, sqlSourceAt, address))
	if errors.Is(err, sql.ErrNoRows) {
		s, err = r.ownSource(ctx, tx, regulation.SystemActor("radar"), KindCitizen, address, name)
	}
	if err != nil || s.State != Active {
		return err
	}
	it := feed.Item{ID: report, Title: social.TitleOf(words), Content: escapeText(text.Cut(words+"\n"+link, maxText)), Published: r.now()}
	if _, err := insertMentions(ctx, tx, r.entriesOf(s, []feed.Item{it})); err != nil {
		return err
	}
	return r.came(ctx, tx, s.ID)
}
