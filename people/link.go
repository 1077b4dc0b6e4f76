package people

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"khue/ledger"
	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// Purpose is what a mailed link is for.
type Purpose string

// The purposes of links.
const (
	Invite Purpose = "invite" // a new account's first password
	Reset  Purpose = "reset"  // a forgotten password
	Prove  Purpose = "prove"  // the address is the person's own
)

// life is how long a link of each purpose can be used.
var life = map[Purpose]time.Duration{Invite: 7 * 24 * time.Hour, Reset: time.Hour, Prove: 7 * 24 * time.Hour}

// linkToken derives a link's token from its id with the room's key: the letter that waits in the database does not hold it.
func (p *Room) linkToken(id string) string {
	h := hmac.New(sha256.New, p.c.Key)
	h.Write([]byte("link\x00" + id))
	return strings.ToLower(b32.EncodeToString(h.Sum(nil)[:20]))
}

// address gives the page that a link opens.
func (p *Room) linkAddress(id string) string {
	return strings.TrimRight(p.c.Origin, "/") + "/link/" + p.linkToken(id)
}

// mailLink makes a one-time link in the caller's transaction and lets its letter wait. It gives the link's id.
func (p *Room) mailLink(ctx context.Context, tx *store.Tx, a Account, why Purpose, now time.Time) (string, error) {
	id := store.NewID()
	if _, err := tx.Exec(ctx, sqlInsertLink, hashOf(p.linkToken(id)), id, a.ID, string(why), store.Micros(now.Add(life[why]))); err != nil {
		return "", err
	}
	return id, p.post(ctx, tx, letter{ID: "link/" + id, Account: a, Key: string(why), Link: id}, now)
}

// Link is what a one-time link opens.
type Link struct {
	Account Account
	Purpose Purpose
	Expires time.Time
}

// OpenLink shows what a link is for without using it up; problem.Expired for one that was used, ran out or never was.
func (p *Room) OpenLink(ctx context.Context, token string) (Link, error) {
	return p.openLink(ctx, p.db, token, p.now())
}

func (p *Room) openLink(ctx context.Context, r store.Reader, token string, now time.Time) (Link, error) {
	var l Link
	var id string
	var expires, used int64
	err := r.QueryRow(ctx, sqlLink, hashOf(token)).Scan(&id, &l.Purpose, &expires, &used)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && (used != 0 || !now.Before(store.Time(expires)))) {
		return Link{}, problem.New(problem.Expired)
	}
	if err != nil {
		return Link{}, err
	}
	l.Expires = store.Time(expires)
	l.Account, _, err = account(ctx, r, sqlAccountByID, id)
	if err == nil && l.Account.Closed {
		return Link{}, problem.New(problem.Expired)
	}
	return l, err
}

// RequestReset mails a link for a new password. Whether the address has an account is not told: the answer is the same.
func (p *Room) RequestReset(ctx context.Context, email, machine string) error {
	var l problem.List
	email = address(&l, "email", email, true)
	if err := l.Or(); err != nil {
		return err
	}
	now := p.now()
	if _, err := p.countTry(ctx, p.keyed("reset", email), freeTries, machine, now); err != nil {
		return err
	}
	err := p.write(ctx, func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error) {
		a, _, err := account(ctx, tx, sqlAccountByEmail, email)
		if problem.CodeOf(err) == problem.NotFound || (err == nil && a.Closed) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		id, err := p.mailLink(ctx, tx, a, Reset, now)
		return []ledger.Entry{entry(kindLinkSent, "", a.Ref(), now, accountBody{Via: string(Reset), ID: id})}, err
	})
	p.poke()
	return err
}

// SendLink mails a person a new link, for an administrator; it gives the link's address, to be handed over where no mail arrives.
func (p *Room) SendLink(ctx context.Context, by regulation.Actor, id string, why Purpose) (string, error) {
	now := p.now()
	if why != Invite && why != Reset {
		return "", problem.Of("purpose", problem.Invalid, "why", "@people.why.purpose")
	}
	var link string
	err := p.write(ctx, func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error) {
		a, _, err := account(ctx, tx, sqlAccountByID, id)
		if err != nil {
			return nil, err
		}
		if err := p.rules.Can(by, "people.account.change", a.thing(), now); err != nil {
			return nil, err
		}
		if a.Closed {
			return nil, closedState()
		}
		if _, err := tx.Exec(ctx, sqlVoidLinks, id, store.Micros(now)); err != nil {
			return nil, err
		}
		link, err = p.mailLink(ctx, tx, a, why, now)
		return []ledger.Entry{entry(kindLinkSent, by.ID, a.Ref(), now, accountBody{Via: string(why), ID: link})}, err
	})
	if err != nil {
		return "", err
	}
	p.poke()
	return p.linkAddress(link), nil
}

// UseLink uses a link up. With Invite and Reset it sets the password, ends every session and begins a new one, whose token it gives;
// with Prove it notes that the address is the person's own and needs no password.
func (p *Room) UseLink(ctx context.Context, token, password, machine, agent string) (string, regulation.Actor, error) {
	l, err := p.OpenLink(ctx, token)
	if err != nil {
		return "", regulation.Actor{}, err
	}
	hash := ""
	if l.Purpose != Prove {
		if e := checkPassword(password, l.Account.Email, l.Account.Name); e != nil {
			return "", regulation.Actor{}, e
		}
		if hash, err = p.hash(ctx, password); err != nil {
			return "", regulation.Actor{}, err
		}
	}
	now := p.now()
	use := func(ctx context.Context, tx *store.Tx) error {
		res, err := tx.Exec(ctx, sqlUseLink, hashOf(token), store.Micros(now))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, problem.New(problem.Expired))
		}
		if _, err := tx.Exec(ctx, sqlSetProven, l.Account.ID, store.Micros(now)); err != nil {
			return err
		}
		if hash == "" {
			return p.append(ctx, tx, entry(kindProven, l.Account.ID, l.Account.Ref(), now, accountBody{Via: "link"}))
		}
		return p.setPassword(ctx, tx, l.Account, hash, l.Account.ID, string(l.Purpose), now)
	}
	if l.Purpose == Prove {
		return "", regulation.Actor{}, p.db.Write(ctx, use)
	}
	return p.begin(ctx, l.Account, machine, agent, "link", use)
}

// setPassword stores a new password, ends every session and every link, and tells the owner.
func (p *Room) setPassword(ctx context.Context, tx *store.Tx, a Account, hash, by, via string, now time.Time) error {
	if _, err := tx.Exec(ctx, sqlSetPassword, a.ID, hash); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlEndAll, a.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlVoidLinks, a.ID, store.Micros(now)); err != nil {
		return err
	}
	if a.HasPassword {
		if err := p.post(ctx, tx, letter{ID: "password/" + store.NewID(), Account: a, Key: "password-changed"}, now); err != nil {
			return err
		}
	}
	return p.append(ctx, tx, entry(kindPassword, by, a.Ref(), now, accountBody{Via: via}))
}

func (p *Room) append(ctx context.Context, tx *store.Tx, e ledger.Entry) error {
	_, err := p.ledger.Append(ctx, tx, e)
	return err
}

const setUpSetting = "people.set-up"

// SetUpToken makes the one-time token of the first start and gives it; it stands until the first administrator is made. Each call
// makes a new one and the old is void. problem.State when there are accounts already.
func (p *Room) SetUpToken(ctx context.Context) (string, error) {
	token := newToken()
	err := p.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var n int64
		if err := tx.QueryRow(ctx, sqlAnyAccount).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return problem.New(problem.Expired)
		}
		_, err := tx.Exec(ctx, sqlPutSetting, setUpSetting, hex.EncodeToString(hashOf(token)), store.Micros(p.now()))
		return err
	})
	return token, err
}

// CheckSetUp says whether a token is the one of the first start: nil, or problem.Expired.
func (p *Room) CheckSetUp(ctx context.Context, token string) error {
	return checkSetUp(ctx, p.db, token)
}

func checkSetUp(ctx context.Context, r store.Reader, token string) error {
	var want string
	err := r.QueryRow(ctx, sqlSetting, setUpSetting).Scan(&want)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && !hmac.Equal([]byte(want), []byte(hex.EncodeToString(hashOf(token))))) {
		return problem.New(problem.Expired)
	}
	if err != nil {
		return fmt.Errorf("read the set-up token: %w", err)
	}
	return nil
}
