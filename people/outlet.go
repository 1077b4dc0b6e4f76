package people

import (
	"context"
	"fmt"
	"strings"
	"time"

	"khue/ledger"
	"khue/problem"
	"khue/profile"
	"khue/regulation"
	"khue/store"
)

// Outlet is a press agency, newspaper or station (cơ quan báo chí).
type Outlet struct {
	ID       string
	Name     string
	Host     string // of its site, "baohanoi.example"; may be empty
	Verified bool
	Created  time.Time
	Version  int64
}

func scanOutlet(row store.Row) (Outlet, error) {
	var o Outlet
	var verified, created int64
	err := row.Scan(&o.ID, &o.Name, &o.Host, &verified, &created, &o.Version)
	o.Verified, o.Created = verified != 0, store.Time(created)
	return o, err
}

func outlet(ctx context.Context, r store.Reader, query, key string) (Outlet, error) {
	o, err := scanOutlet(r.QueryRow(ctx, query, key))
	return o, store.NotFound(err)
}

// Outlet gives one outlet by its id.
func (p *Room) Outlet(ctx context.Context, id string) (Outlet, error) {
	return outlet(ctx, p.db, sqlOutlet, id)
}

// Outlets lists every outlet by name.
func (p *Room) Outlets(ctx context.Context) ([]Outlet, error) {
	rows, err := p.db.Query(ctx, sqlOutlets)
	if err != nil {
		return nil, fmt.Errorf("list outlets: %w", err)
	}
	return store.All(rows, nil, scanOutlet)
}

// host cleans a site's name: "https://www.bao.example/tin" gives "bao.example".
func host(l *problem.List, field, s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	s, _, _ = strings.Cut(s, "/")
	s = strings.TrimPrefix(s, "www.")
	if s == "" {
		return ""
	}
	for _, part := range strings.Split(s, ".") {
		if part == "" || len(part) > 63 || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			l.Add(field, problem.Invalid, "why", "@people.why.host")
			return s
		}
	}
	if len(s) > 253 || !strings.Contains(s, ".") {
		l.Add(field, problem.Invalid, "why", "@people.why.host")
	}
	return s
}

// NewOutlet is what is said of an outlet.
type NewOutlet struct {
	Name string
	Host string
}

// AddOutlet adds an outlet that the centre knows: it is verified at once. One that is there by that name is verified instead.
func (p *Room) AddOutlet(ctx context.Context, by regulation.Actor, in NewOutlet) (Outlet, error) {
	now := p.now()
	if err := p.rules.Can(by, "people.outlet.verify", regulation.Thing{Kind: "outlet"}, now); err != nil {
		return Outlet{}, err
	}
	var l problem.List
	in.Name, in.Host = line(&l, "outlet", in.Name, maxTitle, true), host(&l, "host", in.Host)
	if err := l.Or(); err != nil {
		return Outlet{}, err
	}
	var o Outlet
	err := p.write(ctx, func(ctx context.Context, tx *store.Tx) (entries []ledger.Entry, err error) {
		var e *ledger.Entry
		if o, e, err = putOutlet(ctx, tx, by.ID, in, now); err != nil {
			return nil, err
		}
		if e != nil {
			entries = append(entries, *e)
		}
		if _, err := tx.Exec(ctx, sqlVerifyOutlet, o.ID, store.Micros(now)); err != nil {
			return nil, err
		}
		o.Verified = true
		return append(entries, entry(kindOutlet, by.ID, "outlet/"+o.ID, now, outletBody{ID: o.ID})), nil
	})
	return o, err
}

// putOutlet gives the outlet of that name, or makes it, unverified, and the entry that says so.
func putOutlet(ctx context.Context, tx *store.Tx, by string, in NewOutlet, now time.Time) (Outlet, *ledger.Entry, error) {
	key := profile.Key(in.Name)
	o, err := outlet(ctx, tx, sqlOutletByName, key)
	if problem.CodeOf(err) != problem.NotFound {
		return o, nil, err
	}
	if key == "" {
		return o, nil, problem.Of("outlet", problem.Required)
	}
	o = Outlet{ID: store.NewID(), Name: in.Name, Host: in.Host, Created: now, Version: 1}
	res, err := tx.Exec(ctx, sqlInsertOutlet, o.ID, o.Name, key, o.Host, int64(0), store.Micros(now))
	if err != nil {
		return o, nil, fmt.Errorf("insert outlet: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 { // another person named it at the same moment
		if err == nil {
			o, err = outlet(ctx, tx, sqlOutletByName, key)
		}
		return o, nil, err
	}
	e := entry(kindOutletNew, by, "outlet/"+o.ID, now, outletBody{ID: o.ID, Host: o.Host})
	return o, &e, nil
}

// VerifyOutlet vouches for an outlet that a journalist named.
func (p *Room) VerifyOutlet(ctx context.Context, by regulation.Actor, id string) error {
	now := p.now()
	if err := p.rules.Can(by, "people.outlet.verify", regulation.Thing{Kind: "outlet", ID: id}, now); err != nil {
		return err
	}
	return p.write(ctx, func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error) {
		o, err := outlet(ctx, tx, sqlOutlet, id)
		if err != nil || o.Verified {
			return nil, err
		}
		_, err = tx.Exec(ctx, sqlVerifyOutlet, id, store.Micros(now))
		return []ledger.Entry{entry(kindOutlet, by.ID, "outlet/"+id, now, outletBody{ID: id})}, err
	})
}

// Registration is what a journalist says of himself. No card and no paper of identity is asked for or kept (Law 91/2025, Art. 29).
type Registration struct {
	Email    string
	Password string
	Name     string
	NameEN   string
	Phone    string
	Lang     string
	Outlet   string // its name
	Host     string // of its site
	Machine  string // address of the machine, for the throttle
	Agent    string
}

// RegisterJournalist makes an unverified account of an outlet and begins a session: a reporter may ask at once. The address is proven
// by a mailed link, and the centre has one working day to verify the person.
func (p *Room) RegisterJournalist(ctx context.Context, in Registration) (string, regulation.Actor, error) {
	var l problem.List
	a := Account{
		ID: store.NewID(), Email: address(&l, "email", in.Email, true), Name: line(&l, "name", in.Name, maxName, true),
		NameEN: line(&l, "name_en", in.NameEN, maxName, false), Phone: phone(&l, "phone", in.Phone, true), Lang: language(in.Lang),
	}
	named := NewOutlet{line(&l, "outlet", in.Outlet, maxTitle, true), host(&l, "host", in.Host)}
	if e := checkPassword(in.Password, a.Email, a.Name); e != nil {
		l = append(l, e)
	}
	if err := l.Or(); err != nil {
		return "", regulation.Actor{}, err
	}
	now := p.now()
	if err := p.rules.Can(regulation.Actor{}, "people.journalist.register", regulation.Thing{Kind: "account"}, now); err != nil {
		return "", regulation.Actor{}, err
	}
	if in.Machine != "" { // a newsroom comes from one address: as many may register as may log in wrongly
		if _, err := p.countTry(ctx, p.keyed("register", network(in.Machine)), freeAddressTries, "", now); err != nil {
			return "", regulation.Actor{}, err
		}
	}
	hash, err := p.hash(ctx, in.Password)
	if err != nil {
		return "", regulation.Actor{}, err
	}
	a.HasPassword, a.Created, a.Version = true, now, 1
	err = p.write(ctx, func(ctx context.Context, tx *store.Tx) (entries []ledger.Entry, err error) {
		o, e, err := putOutlet(ctx, tx, a.ID, named, now)
		if err != nil {
			return nil, err
		}
		if e != nil {
			entries = append(entries, *e)
		}
		a.Outlet, a.Posts = o.ID, []regulation.Post{{Role: regulation.Journalist, Office: o.ID}}
		if err := p.insert(ctx, tx, a, hash, a.ID, now); err != nil {
			return nil, err
		}
		if _, err := p.mailLink(ctx, tx, a, Prove, now); err != nil {
			return nil, err
		}
		if err := p.openDuty(ctx, tx, a.actor(), "people.journalist-registered", a.Ref(), p.Centre(), nil, now); err != nil {
			return nil, err
		}
		return append(entries, entry(kindRegistered, a.ID, a.Ref(), now, accountBody{Outlet: o.ID})), nil
	})
	if err != nil {
		return "", regulation.Actor{}, err
	}
	return p.begin(ctx, a, in.Machine, in.Agent, "password", nil)
}

// VerifyJournalist vouches for a journalist, and for the outlet with it. What is for verified journalists only asks Account.Verified:
// the post "journalist" is there from the beginning, so that a question counts as the press's.
func (p *Room) VerifyJournalist(ctx context.Context, by regulation.Actor, id string) error {
	now := p.now()
	err := p.write(ctx, func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error) {
		a, err := p.change(ctx, tx, by, "people.journalist.verify", id, 0, now)
		if err != nil {
			return nil, err
		}
		if a.Outlet == "" {
			return nil, problem.Of("account", problem.Invalid, "why", "@people.why.no-journalist")
		}
		if a.Verified {
			return nil, problem.New(problem.State, "state", "@people.state.verified", "action", "@people.verb.verify")
		}
		var entries []ledger.Entry
		o, err := outlet(ctx, tx, sqlOutlet, a.Outlet)
		if err != nil {
			return nil, err
		}
		if !o.Verified {
			if _, err := tx.Exec(ctx, sqlVerifyOutlet, o.ID, store.Micros(now)); err != nil {
				return nil, err
			}
			entries = append(entries, entry(kindOutlet, by.ID, "outlet/"+o.ID, now, outletBody{ID: o.ID}))
		}
		if _, err := tx.Exec(ctx, sqlSetVerified, id, store.Micros(now)); err != nil {
			return nil, err
		}
		if err := p.post(ctx, tx, letter{ID: "verified/" + id, Account: a, Key: "verified", Args: []any{"outlet", o.Name}}, now); err != nil {
			return nil, err
		}
		if err := p.meetDuty(ctx, tx, by, a.Ref(), "verify"); err != nil {
			return nil, err
		}
		return append(entries, entry(kindVerified, by.ID, a.Ref(), now, accountBody{Outlet: o.ID})), nil
	})
	p.poke()
	return err
}
