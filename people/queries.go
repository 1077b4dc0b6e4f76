package people

import (
	"context"
	"fmt"
	"strings"

	"khue/profile"
	"khue/regulation"
	"khue/store"
)

// scanAccount reads accountColumns; the password's hash stands beside the account, which must not carry it.
func scanAccount(row store.Row) (a Account, hash string, err error) {
	var proven, verified, closed, created, changed int64
	err = row.Scan(&a.ID, &a.Email, &a.Name, &a.NameEN, &a.Title, &a.Phone, &a.Lang, &a.Outlet, &proven, &verified, &closed, &created, &changed, &a.ChangedBy, &a.Version, &hash)
	a.Proven, a.Verified, a.Closed, a.HasPassword = proven != 0, verified != 0, closed != 0, hash != ""
	a.Created, a.Changed = store.Time(created), store.Time(changed)
	return a, hash, err
}

func posts(ctx context.Context, r store.Reader, id string) ([]regulation.Post, error) {
	rows, err := r.Query(ctx, sqlPosts, id)
	return store.All(rows, err, func(w store.Row) (p regulation.Post, err error) {
		err = w.Scan(&p.Role, &p.Office)
		return p, err
	})
}

// account reads one account with its posts; problem.NotFound when there is none.
func account(ctx context.Context, r store.Reader, query, key string) (a Account, hash string, err error) {
	a, hash, err = scanAccount(r.QueryRow(ctx, query, key))
	if err != nil {
		return Account{}, "", fmt.Errorf("read account: %w", store.NotFound(err))
	}
	a.Posts, err = posts(ctx, r, a.ID)
	return a, hash, err
}

// Account gives one account; problem.NotFound when there is none. It asks no rights: rooms use it to address people.
func (p *Room) Account(ctx context.Context, id string) (Account, error) {
	a, _, err := account(ctx, p.db, sqlAccountByID, id)
	return a, err
}

// AccountByEmail gives the account of an address.
func (p *Room) AccountByEmail(ctx context.Context, email string) (Account, error) {
	a, _, err := account(ctx, p.db, sqlAccountByEmail, strings.ToLower(strings.TrimSpace(email)))
	return a, err
}

// View gives one account to a person who asks for it: an administrator, its owner, the head of one of its offices, or the centre's staff.
func (p *Room) View(ctx context.Context, by regulation.Actor, id string) (Account, error) {
	a, err := p.Account(ctx, id)
	if err != nil {
		return a, err
	}
	t := a.thing()
	for _, post := range a.Posts {
		t.Office = post.Office
		if p.rules.Can(by, "people.account.view", t, p.now()) == nil {
			return a, nil
		}
	}
	t.Office = ""
	return a, p.rules.Can(by, "people.account.view", t, p.now())
}

// Accounts lists accounts by name. It asks no rights: rooms use it to address people. Pages use ListAccounts.
func (p *Room) Accounts(ctx context.Context, f Filter) ([]Account, error) {
	if f.Limit <= 0 {
		f.Limit = 200
	}
	return p.accounts(ctx, p.db, sqlAccounts, profile.Key(f.Text), f.Outlet, store.Bool(f.Unverified), store.Bool(f.Closed), string(f.Role), f.Office, f.Limit)
}

func (p *Room) accounts(ctx context.Context, r store.Reader, query string, args ...any) ([]Account, error) {
	rows, err := r.Query(ctx, query, args...)
	list, err := store.All(rows, err, func(w store.Row) (Account, error) {
		a, _, err := scanAccount(w)
		return a, err
	})
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	for i := range list {
		if list[i].Posts, err = posts(ctx, r, list[i].ID); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// With lists the open accounts that hold a role at an office ("" any), stand-ins whose time runs included.
func (p *Room) With(ctx context.Context, role regulation.Role, office string) ([]Account, error) {
	return p.accounts(ctx, p.db, sqlAccountsWith, string(role), office, store.Micros(p.now()))
}

// NameOf gives the name of who acted, for a reader's language: a person's, the system's, or the words for one who is not known.
func (p *Room) NameOf(ctx context.Context, id, lang string) string {
	if id == "" {
		return p.c.Words(lang, "people.visitor")
	}
	if strings.HasPrefix(id, "system:") {
		return p.c.Words(lang, "people.system")
	}
	var name, en string
	if err := p.db.QueryRow(ctx, sqlName, id).Scan(&name, &en); err != nil {
		return p.c.Words(lang, "people.unknown")
	}
	if lang == "en" && en != "" {
		return en
	}
	return name
}

// Empty says whether there is no account yet: the first start.
func (p *Room) Empty(ctx context.Context) (bool, error) {
	var n int64
	err := p.db.QueryRow(ctx, sqlAnyAccount).Scan(&n)
	return n == 0, err
}

// ListAccounts is Accounts for a person who asks for the list.
func (p *Room) ListAccounts(ctx context.Context, by regulation.Actor, f Filter) ([]Account, error) {
	if err := p.rules.Can(by, "people.account.list", regulation.Thing{Kind: "account"}, p.now()); err != nil {
		return nil, err
	}
	return p.Accounts(ctx, f)
}
