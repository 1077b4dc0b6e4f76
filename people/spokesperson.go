package people

import (
	"context"
	"fmt"
	"time"

	"khue/ledger"
	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// Spokesperson is the person whom an office's head assigned to speak regularly (người phát ngôn; Decree 244/2026, Art. 3(1)(b)).
// Name, title, telephone and e-mail are published by law, within 24 hours of the decision.
type Spokesperson struct {
	ID        string
	Office    string // code
	Account   string // account's id, or "" for one who has none
	Name      string
	Title     string
	TitleEN   string
	Phone     string
	Email     string
	Paper     string // number of the decision
	Since     time.Time
	Until     time.Time // zero: speaks now
	Published time.Time // zero: not yet on the public list
}

// Ref gives the spokesperson as ledger and duties name it.
func (s Spokesperson) Ref() string { return "spokesperson/" + s.ID }

// TitleIn gives the title for a reader's language.
func (s Spokesperson) TitleIn(lang string) string {
	if lang == "en" && s.TitleEN != "" {
		return s.TitleEN
	}
	return s.Title
}

func (p *Room) spokespersons(ctx context.Context, r store.Reader, query string, args ...any) ([]Spokesperson, error) {
	rows, err := r.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list spokespersons: %w", err)
	}
	return store.All(rows, nil, func(w store.Row) (s Spokesperson, err error) {
		var since, until, published int64
		err = w.Scan(&s.ID, &s.Office, &s.Account, &s.Name, &s.Title, &s.TitleEN, &s.Phone, &s.Email, &s.Paper, &since, &until, &published)
		s.Since, s.Until, s.Published = store.Time(since), store.Time(until), store.Time(published)
		return s, err
	})
}

// Spokespersons lists who speaks now, by office: the public list.
func (p *Room) Spokespersons(ctx context.Context) ([]Spokesperson, error) {
	return p.spokespersons(ctx, p.db, sqlSpokespersons)
}

// SpokespersonOf gives who speaks for an office now; problem.NotFound when nobody was assigned.
func (p *Room) SpokespersonOf(ctx context.Context, office string) (Spokesperson, error) {
	list, err := p.spokespersons(ctx, p.db, sqlSpokespersonsOf, office)
	if err == nil && len(list) == 0 {
		err = problem.New(problem.NotFound)
	}
	if err != nil {
		return Spokesperson{}, err
	}
	return list[0], nil
}

// Assign is a decision that makes a person the spokesperson of an office.
type Assign struct {
	Office  string
	Account string // the person's account, whose name, title and contacts fill what is empty below; or ""
	Name    string
	Title   string
	TitleEN string
	Phone   string
	Email   string
	Paper   string    // number of the decision
	Since   time.Time // moment of the decision, from which the 24 hours run; zero: now
}

// AssignSpokesperson makes a person the spokesperson of an office in place of the one before. The public list shows it at once;
// rule 7's duty runs until it was seen there (MarkPublished).
func (p *Room) AssignSpokesperson(ctx context.Context, by regulation.Actor, in Assign) (Spokesperson, error) {
	now := p.now()
	if err := p.rules.Can(by, "people.spokesperson.assign", regulation.Thing{Kind: "office", ID: in.Office, Office: in.Office}, now); err != nil {
		return Spokesperson{}, err
	}
	if _, err := p.Office(ctx, in.Office); err != nil {
		return Spokesperson{}, problem.Of("office", problem.Invalid, "why", "@people.why.office")
	}
	s, acc, err := p.checkAssign(ctx, in, now)
	if err != nil {
		return Spokesperson{}, err
	}
	err = p.write(ctx, func(ctx context.Context, tx *store.Tx) (entries []ledger.Entry, err error) {
		before, err := p.spokespersons(ctx, tx, sqlSpokespersonsOf, s.Office)
		if err != nil {
			return nil, err
		}
		instead := ""
		for _, old := range before {
			es, err := p.endSpokesperson(ctx, tx, by, old, s.Account, now)
			if err != nil {
				return nil, err
			}
			instead, entries = old.ID, append(entries, es...)
		}
		if _, err := tx.Exec(ctx, sqlInsertSpokesperson, s.ID, s.Office, s.Account, s.Name, s.Title, s.TitleEN, s.Phone, s.Email, s.Paper, store.Micros(s.Since)); err != nil {
			if store.IsUnique(err) { // another decision came at the same moment
				return nil, problem.Wrap(err, problem.Conflict, "name", "@people.unknown")
			}
			return nil, err
		}
		if acc.ID != "" && !acc.Has(regulation.Spokesman, s.Office) {
			if _, err := tx.Exec(ctx, sqlInsertPost, acc.ID, string(regulation.Spokesman), s.Office, store.Micros(now)); err != nil {
				return nil, err
			}
			if _, err := tx.Exec(ctx, sqlTouchAccount, acc.ID, store.Micros(now), by.ID); err != nil {
				return nil, err
			}
			posts := append(bodies(acc.Posts), postBody{string(regulation.Spokesman), s.Office})
			entries = append(entries, entry(kindPosts, by.ID, acc.Ref(), now, accountBody{Posts: posts}))
		}
		if err := p.openDuty(ctx, tx, by, "people.spokesperson-assigned", s.Ref(), s.Office, nil, s.Since); err != nil {
			return nil, err
		}
		e := entry(kindAssigned, by.ID, s.Ref(), now, spokespersonBody{ID: s.ID, Office: s.Office, Name: s.Name, Title: s.Title, Since: stamp(s.Since), Instead: instead})
		e.Public = true
		return append(entries, e), nil
	})
	if err != nil {
		return Spokesperson{}, err
	}
	p.poke()
	return s, nil
}

func (p *Room) checkAssign(ctx context.Context, in Assign, now time.Time) (Spokesperson, Account, error) {
	var l problem.List
	var acc Account
	if in.Account != "" {
		var err error
		if acc, err = p.Account(ctx, in.Account); err != nil || acc.Closed {
			return Spokesperson{}, acc, problem.Of("account", problem.Invalid, "why", "@people.why.account")
		}
	}
	first := func(a, b string) string {
		if a != "" {
			return a
		}
		return b
	}
	s := Spokesperson{
		ID: store.NewID(), Office: in.Office, Account: acc.ID,
		Name:    line(&l, "name", first(in.Name, acc.Name), maxName, true),
		Title:   line(&l, "position", first(in.Title, acc.Title), maxTitle, true),
		TitleEN: line(&l, "position_en", in.TitleEN, maxTitle, false),
		Phone:   phone(&l, "phone", first(in.Phone, acc.Phone), true),
		Email:   address(&l, "email", first(in.Email, acc.Email), true),
		Paper:   line(&l, "paper", in.Paper, maxPaper, true),
		Since:   in.Since,
	}
	if s.Since.IsZero() {
		s.Since = now
	}
	if s.Since.After(now) {
		l.Add("since", problem.Invalid, "why", "@people.why.future")
	}
	return s, acc, l.Or()
}

// endSpokesperson ends one and takes the post from its account, unless the account is kept on.
func (p *Room) endSpokesperson(ctx context.Context, tx *store.Tx, by regulation.Actor, s Spokesperson, keep string, now time.Time) ([]ledger.Entry, error) {
	if _, err := tx.Exec(ctx, sqlEndSpokesperson, s.ID, store.Micros(now)); err != nil {
		return nil, err
	}
	if s.Account != "" && s.Account != keep {
		if _, err := tx.Exec(ctx, sqlDeletePost, s.Account, string(regulation.Spokesman), s.Office); err != nil {
			return nil, err
		}
		if _, err := tx.Exec(ctx, sqlTouchAccount, s.Account, store.Micros(now), by.ID); err != nil {
			return nil, err
		}
	}
	if s.Published.IsZero() {
		if err := p.voidDuty(ctx, tx, by, s.Ref(), "publish-spokesperson"); err != nil {
			return nil, err
		}
		if _, err := tx.Exec(ctx, sqlPublished, s.ID, store.Micros(now)); err != nil {
			return nil, err
		}
	}
	e := entry(kindUnassigned, by.ID, s.Ref(), now, spokespersonBody{ID: s.ID, Office: s.Office})
	e.Public = true
	return []ledger.Entry{e}, nil
}

// EndSpokesperson ends an office's spokesperson without another in place.
func (p *Room) EndSpokesperson(ctx context.Context, by regulation.Actor, office string) error {
	now := p.now()
	if err := p.rules.Can(by, "people.spokesperson.assign", regulation.Thing{Kind: "office", ID: office, Office: office}, now); err != nil {
		return err
	}
	return p.write(ctx, func(ctx context.Context, tx *store.Tx) (entries []ledger.Entry, err error) {
		now, err := p.spokespersons(ctx, tx, sqlSpokespersonsOf, office)
		if err == nil && len(now) == 0 {
			err = problem.New(problem.NotFound)
		}
		if err != nil {
			return nil, err
		}
		for _, s := range now {
			es, err := p.endSpokesperson(ctx, tx, by, s, "", p.now())
			if err != nil {
				return nil, err
			}
			entries = append(entries, es...)
		}
		return entries, nil
	})
}

// MarkPublished notes that the public list now shows every spokesperson and meets rule 7's duties. The page of the list calls it when
// it has shown one that was not published yet, and Run when nobody looked. Nothing happens when all are published.
func (p *Room) MarkPublished(ctx context.Context) error {
	waiting, err := p.spokespersons(ctx, p.db, sqlUnpublished)
	if err != nil || len(waiting) == 0 {
		return err
	}
	now, by := p.now(), regulation.SystemActor("portal")
	return p.write(ctx, func(ctx context.Context, tx *store.Tx) (entries []ledger.Entry, err error) {
		for _, s := range waiting {
			res, err := tx.Exec(ctx, sqlPublished, s.ID, store.Micros(now))
			if err != nil {
				return nil, err
			}
			if n, err := res.RowsAffected(); err != nil || n == 0 {
				if err != nil {
					return nil, err
				}
				continue
			}
			if err := p.meetDuty(ctx, tx, by, s.Ref(), "publish-spokesperson"); err != nil {
				return nil, err
			}
			e := entry(kindListed, by.ID, s.Ref(), now, spokespersonBody{ID: s.ID, Office: s.Office})
			e.Public = true
			entries = append(entries, e)
		}
		return entries, nil
	})
}
