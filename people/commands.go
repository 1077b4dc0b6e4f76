package people

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"khue/ledger"
	"khue/problem"
	"khue/profile"
	"khue/regulation"
	"khue/store"
)

// NewAccount is what an administrator says of a person.
type NewAccount struct {
	Email    string
	Name     string
	NameEN   string
	Title    string
	Phone    string
	Lang     string
	Posts    []regulation.Post
	Password string // empty: an invitation is mailed; given only by the command line and the demo
}

// Created is a new account and the address of its invitation ("" when a password was given), shown once to who made it.
type Created struct {
	Account
	Link string
}

func closedState() error {
	return problem.New(problem.State, "state", "@people.state.closed", "action", "@people.verb.change")
}

// check cleans what was said and notes every fault.
func (n *NewAccount) check(p *Room) error {
	var l problem.List
	n.Email = address(&l, "email", n.Email, true)
	n.Name = line(&l, "name", n.Name, maxName, true)
	n.NameEN = line(&l, "name_en", n.NameEN, maxName, false)
	n.Title = line(&l, "position", n.Title, maxTitle, false)
	n.Phone = phone(&l, "phone", n.Phone, false)
	n.Lang = language(n.Lang)
	n.Posts = p.checkPosts(&l, n.Posts)
	if n.Password != "" {
		if e := checkPassword(n.Password, n.Email, n.Name); e != nil {
			l = append(l, e)
		}
	}
	return l.Or()
}

// checkPosts sorts the posts, drops repeats and notes those that cannot be: an unknown role, an unknown office, a role at the wrong kind of office.
func (p *Room) checkPosts(l *problem.List, list []regulation.Post) []regulation.Post {
	var good []regulation.Post
	for _, post := range list {
		switch {
		case !post.Role.Valid():
			l.Add("role", problem.Invalid, "why", "@people.why.role")
		case post.Role == regulation.Journalist || post.Role == regulation.OutletLead:
			l.Add("role", problem.Invalid, "why", "@people.why.journalist") // those come by RegisterJournalist and VerifyJournalist
		case !p.book.has(post.Office):
			l.Add("office", problem.Invalid, "why", "@people.why.office")
		case centreRole(post.Role) != (p.book.kind(post.Office) == "centre") && post.Role != regulation.Spokesman && post.Role != regulation.OfficeHead:
			l.Add("office", problem.Invalid, "why", "@people.why.role-office")
		case !slices.Contains(good, post):
			good = append(good, post)
		}
	}
	slices.SortFunc(good, func(a, b regulation.Post) int {
		return compare(a.Office+"\x00"+string(a.Role), b.Office+"\x00"+string(b.Role))
	})
	return good
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// centreRole says whether a role is one of the centre's own staff.
func centreRole(r regulation.Role) bool {
	return (regulation.Actor{Posts: []regulation.Post{{Role: r}}}).Staff()
}

// CreateAccount makes an account with its posts and mails an invitation to choose a password.
func (p *Room) CreateAccount(ctx context.Context, by regulation.Actor, in NewAccount) (Created, error) {
	if err := p.rules.Can(by, "people.account.create", regulation.Thing{Kind: "account"}, p.now()); err != nil {
		return Created{}, err
	}
	return p.create(ctx, by, in, nil)
}

// CreateFirstAdmin makes the first administrator of an empty house with the one-time token of SetUpToken, and begins a session.
func (p *Room) CreateFirstAdmin(ctx context.Context, token string, in NewAccount, machine, agent string) (string, regulation.Actor, error) {
	if err := p.CheckSetUp(ctx, token); err != nil {
		return "", regulation.Actor{}, err
	}
	if in.Password == "" {
		return "", regulation.Actor{}, problem.Of("password", problem.Required)
	}
	centre := p.Centre()
	if !slices.Contains(in.Posts, regulation.Post{Role: regulation.Admin, Office: centre}) {
		in.Posts = append(in.Posts, regulation.Post{Role: regulation.Admin, Office: centre})
	}
	made, err := p.create(ctx, regulation.SystemActor("set-up"), in, func(ctx context.Context, tx *store.Tx) error {
		if err := checkSetUp(ctx, tx, token); err != nil {
			return err
		}
		res, err := tx.Exec(ctx, sqlDeleteSetting, setUpSetting)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 { // somebody else used it meanwhile
			return errors.Join(err, problem.New(problem.Expired))
		}
		return nil
	})
	if err != nil {
		return "", regulation.Actor{}, err
	}
	return p.begin(ctx, made.Account, machine, agent, "password", nil)
}

func (p *Room) create(ctx context.Context, by regulation.Actor, in NewAccount, also func(context.Context, *store.Tx) error) (Created, error) {
	if err := p.readOffices(ctx); err != nil {
		return Created{}, err
	}
	if err := in.check(p); err != nil {
		return Created{}, err
	}
	hash := ""
	if in.Password != "" {
		var err error
		if hash, err = p.hash(ctx, in.Password); err != nil {
			return Created{}, err
		}
	}
	now := p.now()
	a := Account{
		ID: store.NewID(), Email: in.Email, Name: in.Name, NameEN: in.NameEN, Title: in.Title, Phone: in.Phone, Lang: in.Lang, Posts: in.Posts,
		Verified: true, Created: now, Changed: now, ChangedBy: by.ID, Version: 1, HasPassword: hash != "",
	}
	link := ""
	err := p.write(ctx, func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error) {
		if also != nil {
			if err := also(ctx, tx); err != nil {
				return nil, err
			}
		}
		if err := p.insert(ctx, tx, a, hash, by.ID, now); err != nil {
			return nil, err
		}
		link = ""
		if hash == "" {
			id, err := p.mailLink(ctx, tx, a, Invite, now)
			if err != nil {
				return nil, err
			}
			link = p.linkAddress(id)
		}
		return []ledger.Entry{entry(kindCreated, by.ID, a.Ref(), now, accountBody{Posts: bodies(a.Posts)})}, nil
	})
	if err != nil {
		return Created{}, err
	}
	p.poke()
	return Created{Account: a, Link: link}, nil
}

// insert writes an account's rows. A taken address is told: only an administrator, or a person who registers, comes here.
func (p *Room) insert(ctx context.Context, tx *store.Tx, a Account, hash, by string, now time.Time) error {
	if _, _, err := account(ctx, tx, sqlAccountByEmail, a.Email); problem.CodeOf(err) != problem.NotFound {
		if err != nil {
			return err
		}
		return problem.Of("email", problem.Invalid, "why", "@people.why.email-taken")
	}
	verified, us := int64(0), store.Micros(now)
	if a.Verified {
		verified = us
	}
	if _, err := tx.Exec(ctx, sqlInsertAccount, a.ID, a.Email, a.Name, a.NameEN, folded(a), a.Phone, a.Title, a.Lang, hash, a.Outlet, int64(0), verified, us, by); err != nil {
		if store.IsUnique(err) {
			return problem.Of("email", problem.Invalid, "why", "@people.why.email-taken")
		}
		return fmt.Errorf("insert account: %w", err)
	}
	for _, post := range a.Posts {
		if _, err := tx.Exec(ctx, sqlInsertPost, a.ID, string(post.Role), post.Office, us); err != nil {
			return fmt.Errorf("insert post: %w", err)
		}
	}
	return nil
}

func folded(a Account) string { return profile.Key(a.Name + " " + a.NameEN + " " + a.Email) }

func bodies(list []regulation.Post) []postBody {
	out := make([]postBody, len(list))
	for i, post := range list {
		out[i] = postBody{string(post.Role), post.Office}
	}
	return out
}

// SetPosts is the whole new list of an account's posts. Version is the account's as the page showed it; 0 takes any.
type SetPosts struct {
	Account string
	Posts   []regulation.Post
	Version int64
}

// SetPosts replaces an account's posts. Journalists' posts are left as they are: they come by verification.
func (p *Room) SetPosts(ctx context.Context, by regulation.Actor, in SetPosts) (Account, error) {
	now := p.now()
	if err := p.readOffices(ctx); err != nil {
		return Account{}, err
	}
	var l problem.List
	want := p.checkPosts(&l, in.Posts)
	if err := l.Or(); err != nil {
		return Account{}, err
	}
	err := p.write(ctx, func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error) {
		a, err := p.change(ctx, tx, by, "people.account.change", in.Account, in.Version, now)
		if err != nil {
			return nil, err
		}
		want := slices.Clone(want)
		for _, post := range a.Posts {
			if post.Role == regulation.Journalist || post.Role == regulation.OutletLead {
				want = append(want, post)
			}
		}
		if a.Has(regulation.Admin, "") && !slices.ContainsFunc(want, func(x regulation.Post) bool { return x.Role == regulation.Admin }) {
			if err := lastAdmin(ctx, tx, a.ID, now); err != nil {
				return nil, err
			}
		}
		for _, post := range a.Posts {
			if !slices.Contains(want, post) {
				if _, err := tx.Exec(ctx, sqlDeletePost, a.ID, string(post.Role), post.Office); err != nil {
					return nil, err
				}
			}
		}
		for _, post := range want {
			if !slices.Contains(a.Posts, post) {
				if _, err := tx.Exec(ctx, sqlInsertPost, a.ID, string(post.Role), post.Office, store.Micros(now)); err != nil {
					return nil, err
				}
			}
		}
		a.Posts = want
		ended, err := p.endGiven(ctx, tx, by, a, now)
		return append(ended, entry(kindPosts, by.ID, a.Ref(), now, accountBody{Posts: bodies(want)})), err
	})
	if err != nil {
		return Account{}, err
	}
	return p.Account(ctx, in.Account)
}

// change begins a change of an account: it exists, is open, the actor may, and the version is the one that was shown.
func (p *Room) change(ctx context.Context, tx *store.Tx, by regulation.Actor, action, id string, version int64, now time.Time) (Account, error) {
	if _, err := tx.Exec(ctx, sqlHoldAccount, id); err != nil {
		return Account{}, err
	}
	a, _, err := account(ctx, tx, sqlAccountByID, id)
	if err != nil {
		return a, err
	}
	if err := p.rules.Can(by, action, a.thing(), now); err != nil {
		return a, err
	}
	if a.Closed {
		return a, closedState()
	}
	if version != 0 && version != a.Version {
		return a, problem.New(problem.Conflict, "name", nameIn(ctx, tx, a.ChangedBy, by.Lang, p.c.Words))
	}
	_, err = tx.Exec(ctx, sqlTouchAccount, a.ID, store.Micros(now), by.ID)
	return a, err
}

// nameIn is NameOf inside a transaction, which on SQLite must not read through another connection.
func nameIn(ctx context.Context, tx *store.Tx, id, lang string, words func(lang, key string, args ...any) string) string {
	a, _, err := account(ctx, tx, sqlAccountByID, id)
	if err != nil {
		return words(lang, "people.system")
	}
	return a.NameIn(lang)
}

func lastAdmin(ctx context.Context, tx *store.Tx, id string, now time.Time) error {
	if _, err := tx.Exec(ctx, sqlHoldAdmins, store.Micros(now)); err != nil { // two administrators must not close each other at once
		return err
	}
	var others int64
	if err := tx.QueryRow(ctx, sqlOtherAdmins, id).Scan(&others); err != nil {
		return err
	}
	if others == 0 {
		return problem.Of("role", problem.Invalid, "why", "@people.why.last-admin")
	}
	return nil
}

// Profile is what a person, or an administrator, says anew of an account. Version 0 takes any.
type Profile struct {
	Account string
	Name    string
	NameEN  string
	Title   string
	Phone   string
	Lang    string
	Version int64
}

// ChangeProfile changes name, title, telephone and language: the owner's own, or anybody's by an administrator.
func (p *Room) ChangeProfile(ctx context.Context, by regulation.Actor, in Profile) (Account, error) {
	var l problem.List
	n := NewAccount{
		Name: line(&l, "name", in.Name, maxName, true), NameEN: line(&l, "name_en", in.NameEN, maxName, false),
		Title: line(&l, "position", in.Title, maxTitle, false), Phone: phone(&l, "phone", in.Phone, false), Lang: language(in.Lang),
	}
	if err := l.Or(); err != nil {
		return Account{}, err
	}
	now := p.now()
	err := p.write(ctx, func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error) {
		a, err := p.change(ctx, tx, by, "people.account.profile", in.Account, in.Version, now)
		if err != nil {
			return nil, err
		}
		var fields []string
		for _, f := range []struct{ name, old, now string }{
			{"name", a.Name, n.Name}, {"name_en", a.NameEN, n.NameEN}, {"position", a.Title, n.Title}, {"phone", a.Phone, n.Phone}, {"lang", a.Lang, n.Lang},
		} {
			if f.old != f.now {
				fields = append(fields, f.name)
			}
		}
		a.Name, a.NameEN = n.Name, n.NameEN
		if _, err := tx.Exec(ctx, sqlChangeAccount, a.ID, n.Name, n.NameEN, folded(a), n.Phone, n.Title, n.Lang); err != nil {
			return nil, err
		}
		return []ledger.Entry{entry(kindChanged, by.ID, a.Ref(), now, accountBody{Fields: fields})}, nil
	})
	if err != nil {
		return Account{}, err
	}
	return p.Account(ctx, in.Account)
}

// SetLang changes the language that a person reads in.
func (p *Room) SetLang(ctx context.Context, by regulation.Actor, lang string) error {
	a, err := p.Account(ctx, by.ID)
	if err != nil {
		return err
	}
	if a.Lang == language(lang) {
		return nil
	}
	_, err = p.ChangeProfile(ctx, by, Profile{Account: a.ID, Name: a.Name, NameEN: a.NameEN, Title: a.Title, Phone: a.Phone, Lang: lang})
	return err
}

// Close closes an account for good: its sessions, links and stand-ins end, its posts are taken. Its owner may, or an administrator.
func (p *Room) Close(ctx context.Context, by regulation.Actor, id string, version int64) error {
	now := p.now()
	return p.write(ctx, func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error) {
		a, err := p.change(ctx, tx, by, "people.account.close", id, version, now)
		if err != nil {
			return nil, err
		}
		if a.Has(regulation.Admin, "") {
			if err := lastAdmin(ctx, tx, id, now); err != nil {
				return nil, err
			}
		}
		us := store.Micros(now)
		for _, s := range []struct {
			query string
			args  []any
		}{
			{sqlCloseAccount, []any{id, us}},
			{sqlDeletePosts, []any{id}},
			{sqlEndAll, []any{id}},
			{sqlVoidLinks, []any{id, us}},
			{sqlForgetOwner, []any{id}},
			{sqlEndStandInsOf, []any{id, us, by.ID}},
		} {
			if _, err := tx.Exec(ctx, s.query, s.args...); err != nil {
				return nil, err
			}
		}
		return []ledger.Entry{entry(kindClosed, by.ID, a.Ref(), now, accountBody{})}, nil
	})
}

// ChangePassword changes a person's own password. The old one is asked for; every other session ends, and the answer is a new token.
func (p *Room) ChangePassword(ctx context.Context, by regulation.Actor, old, password, machine, agent string) (string, error) {
	a, hash, err := account(ctx, p.db, sqlAccountByID, by.ID)
	if err != nil || a.Closed {
		return "", errors.Join(err, problem.New(problem.Session))
	}
	key := p.keyed("change", a.ID)
	if _, err := p.countTry(ctx, key, freeTries, "", p.now()); err != nil {
		return "", err
	}
	good, err := p.opens(ctx, hash, old)
	if err != nil {
		return "", err
	}
	if !good {
		return "", problem.Of("old_password", problem.Invalid, "why", "@people.why.password-wrong")
	}
	if e := checkPassword(password, a.Email, a.Name); e != nil {
		return "", e
	}
	renewed, err := p.hash(ctx, password)
	if err != nil {
		return "", err
	}
	now := p.now()
	token, _, err := p.begin(ctx, a, machine, agent, "password", func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, sqlClearTry, key); err != nil {
			return err
		}
		return p.setPassword(ctx, tx, a, renewed, a.ID, "change", now)
	})
	return token, err
}

// SetPassword gives an account a new password at once, for the command line on the house's own machine; every session of it ends.
func (p *Room) SetPassword(ctx context.Context, by regulation.Actor, id, password string) error {
	a, err := p.Account(ctx, id)
	if err != nil {
		return err
	}
	if err := p.rules.Can(by, "people.password.set", a.thing(), p.now()); err != nil {
		return err
	}
	if a.Closed {
		return closedState()
	}
	if e := checkPassword(password, a.Email, a.Name); e != nil {
		return e
	}
	hash, err := p.hash(ctx, password)
	if err != nil {
		return err
	}
	now := p.now()
	defer p.poke()
	return p.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return p.setPassword(ctx, tx, a, hash, by.ID, "command", now)
	})
}
