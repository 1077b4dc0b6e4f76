package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"khue/ledger"
	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// Scope is what a key for programs lets its holder do, within what the account may.
type Scope string

// The scopes of keys. Their words stand in the catalogue under "api.scope.<scope>".
const (
	ScopeRead   Scope = "read"   // see what the account may see
	ScopeAsk    Scope = "ask"    // ask, and follow the own questions
	ScopeSubmit Scope = "submit" // send information to the centre
	ScopeDesk   Scope = "desk"   // the work on releases and questions
	ScopeRadar  Scope = "radar"  // sources and stories
	ScopeClaims Scope = "claims" // the work on claims
	ScopePush   Scope = "push"   // bring mentions, and nothing else
)

// Scopes lists them in the order of the form.
var Scopes = []Scope{ScopeRead, ScopeAsk, ScopeSubmit, ScopeDesk, ScopeRadar, ScopeClaims, ScopePush}

const (
	keyPrefix = "khue_"
	// MaxKeyAge is how long a key may hold.
	MaxKeyAge = 366 * 24 * time.Hour
	// maxKeys bounds the keys of an account that hold at once.
	maxKeys = 20
)

// The ledger entries about keys, both private.
const (
	kindKeyMade    = "people.key-created"
	kindKeyRevoked = "people.key-revoked"
)

type keyBody struct {
	Key     string   `json:"key"` // its id
	Scopes  []string `json:"scopes,omitempty"`
	Expires string   `json:"expires,omitempty"`
}

// Key is a key for programs (khóa cho chương trình): it acts as its account, within its scopes, until it ends. The key itself is
// shown once and kept as a hash.
type Key struct {
	ID      string
	Account string
	Name    string
	Scopes  []Scope
	Created time.Time
	Expires time.Time
	Used    time.Time // about when it was used last, zero when never
	Revoked time.Time // zero: holds until Expires
}

// Holds says whether the key opens something at a moment.
func (k Key) Holds(now time.Time) bool { return k.Revoked.IsZero() && now.Before(k.Expires) }

// Has says whether the key has a scope.
func (k Key) Has(s Scope) bool { return slices.Contains(k.Scopes, s) }

// CreateKey is a key as its owner wants it.
type CreateKey struct {
	Name    string // what it is for, in the owner's words
	Scopes  []Scope
	Expires time.Time // at most MaxKeyAge away
}

const (
	keyColumns     = `id, account, name, scopes, created, expires, used, revoked`
	sqlKeys        = `SELECT ` + keyColumns + ` FROM api_key WHERE account = ?1 ORDER BY created DESC, id DESC LIMIT 100`
	sqlKeyByID     = `SELECT ` + keyColumns + ` FROM api_key WHERE id = ?1`
	sqlKeyByHash   = `SELECT ` + keyColumns + ` FROM api_key WHERE hash = ?1`
	sqlInsertKey   = `INSERT INTO api_key (id, hash, account, name, scopes, created, expires, used, revoked) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0)`
	sqlCountKeys   = `SELECT COUNT(*) FROM api_key WHERE account = ?1 AND revoked = 0 AND expires > ?2`
	sqlKeyUsed     = `UPDATE api_key SET used = ?2 WHERE id = ?1`
	sqlRevokeKey   = `UPDATE api_key SET revoked = ?2 WHERE id = ?1 AND revoked = 0`
	sqlForgetKeys  = `DELETE FROM api_key WHERE expires < ?1`
	forgetKeys     = 90 * 24 * time.Hour // how long a key that ended stays in its owner's list
	keyUsedEvery   = 5 * time.Minute     // bounds how often a key in use is written
	maxKeyNameLong = 80
)

func scanKey(row store.Row) (Key, error) {
	var k Key
	var scopes string
	var created, expires, used, revoked int64
	err := row.Scan(&k.ID, &k.Account, &k.Name, &scopes, &created, &expires, &used, &revoked)
	if errors.Is(err, sql.ErrNoRows) {
		return Key{}, problem.New(problem.NotFound)
	}
	for _, s := range strings.Fields(scopes) {
		k.Scopes = append(k.Scopes, Scope(s))
	}
	k.Created, k.Expires, k.Used, k.Revoked = store.Time(created), store.Time(expires), store.Time(used), store.Time(revoked)
	return k, err
}

// CreateKey makes a key for the actor's own account and gives it: it is shown once, only its hash is kept. Problems name the
// fields name, scopes and expires.
func (p *Room) CreateKey(ctx context.Context, by regulation.Actor, in CreateKey) (secret string, k Key, err error) {
	now := p.now()
	if err := p.rules.Can(by, "people.key.create", regulation.Thing{Kind: "account", ID: by.ID, Author: by.ID}, now); err != nil {
		return "", Key{}, err
	}
	k = Key{ID: store.NewID(), Account: by.ID, Name: strings.TrimSpace(in.Name), Created: now, Expires: in.Expires}
	var l problem.List
	switch {
	case k.Name == "":
		l.Add("name", problem.Required)
	case len([]rune(k.Name)) > maxKeyNameLong:
		l.Add("name", problem.Invalid, "why", "@people.why.key-name")
	}
	var scopes []string
	for _, s := range Scopes {
		if slices.Contains(in.Scopes, s) {
			k.Scopes, scopes = append(k.Scopes, s), append(scopes, string(s))
		}
	}
	if len(scopes) == 0 || slices.ContainsFunc(in.Scopes, func(s Scope) bool { return !slices.Contains(Scopes, s) }) {
		l.Add("scopes", problem.Required)
	}
	switch {
	case k.Expires.IsZero():
		l.Add("expires", problem.Required)
	case !k.Expires.After(now):
		l.Add("expires", problem.Past)
	case k.Expires.Sub(now) > MaxKeyAge:
		l.Add("expires", problem.Invalid, "why", "@people.why.key-expires")
	}
	if err := l.Or(); err != nil {
		return "", Key{}, err
	}
	secret = keyPrefix + newToken()
	err = p.write(ctx, func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error) {
		var n int
		if err := tx.QueryRow(ctx, sqlCountKeys, by.ID, store.Micros(now)).Scan(&n); err != nil {
			return nil, err
		}
		if n >= maxKeys {
			return nil, problem.Of("name", problem.Invalid, "why", "@people.why.key-many")
		}
		_, err := tx.Exec(ctx, sqlInsertKey, k.ID, hashOf(secret), by.ID, k.Name, strings.Join(scopes, " "), store.Micros(now), store.Micros(k.Expires))
		return []ledger.Entry{entry(kindKeyMade, by.ID, "account/"+by.ID, now, keyBody{Key: k.ID, Scopes: scopes, Expires: stamp(k.Expires)})}, err
	})
	if err != nil {
		return "", Key{}, err
	}
	return secret, k, nil
}

// RevokeKey ends a key at once: its owner may, or an administrator. A key that was revoked already is no problem.
func (p *Room) RevokeKey(ctx context.Context, by regulation.Actor, id string) error {
	now := p.now()
	return p.write(ctx, func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error) {
		k, err := scanKey(tx.QueryRow(ctx, sqlKeyByID, id))
		if err != nil {
			return nil, err
		}
		if err := p.rules.Can(by, "people.key.revoke", regulation.Thing{Kind: "account", ID: k.Account, Author: k.Account}, now); err != nil {
			return nil, err
		}
		if !k.Revoked.IsZero() {
			return nil, nil
		}
		_, err = tx.Exec(ctx, sqlRevokeKey, id, store.Micros(now))
		return []ledger.Entry{entry(kindKeyRevoked, by.ID, "account/"+k.Account, now, keyBody{Key: id})}, err
	})
}

// Keys lists the actor's own keys, the newest first; those that ended too, for a while.
func (p *Room) Keys(ctx context.Context, by regulation.Actor) ([]Key, error) {
	rows, err := p.db.Query(ctx, sqlKeys, by.ID)
	if err != nil {
		return nil, fmt.Errorf("list keys: %w", err)
	}
	return store.All(rows, nil, scanKey)
}

// ActorOfKey gives the account that a key acts as, and the key with its scopes; problem.Key for one that never was, ended or was
// revoked, and for one whose account is closed.
func (p *Room) ActorOfKey(ctx context.Context, secret string) (regulation.Actor, Key, error) {
	no := problem.New(problem.Key)
	if len(secret) > 100 || !strings.HasPrefix(secret, keyPrefix) {
		return regulation.Actor{}, Key{}, no
	}
	k, err := scanKey(p.db.QueryRow(ctx, sqlKeyByHash, hashOf(secret)))
	if problem.CodeOf(err) == problem.NotFound {
		return regulation.Actor{}, Key{}, no
	}
	if err != nil {
		return regulation.Actor{}, Key{}, fmt.Errorf("read key: %w", err)
	}
	now := p.now()
	if !k.Holds(now) {
		return regulation.Actor{}, Key{}, no
	}
	a, err := p.Actor(ctx, k.Account)
	if problem.CodeOf(err) == problem.Session || problem.CodeOf(err) == problem.NotFound {
		err = no
	}
	if err != nil {
		return regulation.Actor{}, Key{}, err
	}
	if now.Sub(k.Used) >= keyUsedEvery {
		err = p.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, sqlKeyUsed, k.ID, store.Micros(now))
			return err
		})
	}
	return a, k, err
}
