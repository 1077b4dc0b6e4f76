package people

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"

	"khue/ledger"
	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// seenEvery bounds how often a session in use is written.
const seenEvery = 5 * time.Minute

// maxAgent bounds the browser's self-description that is kept for the owner, in bytes.
const maxAgent = 200

// LogIn is what a log-in form brings.
type LogIn struct {
	Email    string
	Password string
	Address  string // of the machine, "203.0.113.9" or "[2001:db8::1]:4711"; kept as a keyed hash only
	Agent    string // how the browser names itself; the owner sees it in the list of sessions
}

// Session is a log-in that runs (phiên đăng nhập).
type Session struct {
	ID      string
	Agent   string
	Via     string // "password", "sso", "link"
	Begun   time.Time
	Seen    time.Time
	Ends    time.Time
	Current bool // the session of the token that asked
}

var b32 = base32.StdEncoding.WithPadding(base32.NoPadding)

// newToken gives a secret of 200 bits in 40 characters.
func newToken() string {
	b := make([]byte, 25)
	rand.Read(b) //nolint:errcheck // never fails since Go 1.24
	return strings.ToLower(b32.EncodeToString(b))
}

// hashOf gives what is stored of a secret: its SHA-256. The secrets are random, so that no salt is needed.
func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// LogIn gives the token of a new session and its actor. A wrong password and an unknown address give the same problem.Password
// after the same work; after five wrong tries problem.Locked says how many minutes to wait, for unknown addresses too.
func (p *Room) LogIn(ctx context.Context, in LogIn) (token string, a regulation.Actor, err error) {
	var l problem.List
	email := strings.ToLower(strings.TrimSpace(in.Email))
	if email == "" {
		l.Add("email", problem.Required)
	}
	if in.Password == "" {
		l.Add("password", problem.Required)
	}
	if len(email) > 254 || len(in.Password) > 4*maxPassword {
		l = append(l, problem.New(problem.Password))
	}
	if err := l.Or(); err != nil {
		return "", regulation.Actor{}, err
	}
	acc, hash, err := account(ctx, p.db, sqlAccountByEmail, email)
	known := err == nil
	if err != nil && problem.CodeOf(err) != problem.NotFound {
		return "", a, err
	}
	now := p.now()
	key, err := p.tryKey(ctx, acc.ID, email, in.Address)
	if err != nil {
		return "", a, err
	}
	fails, err := p.countTry(ctx, key, freeTries, in.Address, now)
	if err != nil {
		return "", a, err
	}
	good, err := p.opens(ctx, hash, in.Password)
	if err != nil {
		return "", a, err
	}
	if !good || !known || acc.Closed {
		if known && !acc.Closed && fails == freeTries {
			p.tellLocked(ctx, acc, now)
		}
		return "", a, problem.New(problem.Password)
	}
	renewed := ""
	if c, _, _, _ := parseHash(hash); c != p.c.Cost {
		if renewed, err = p.hash(ctx, in.Password); err != nil {
			return "", a, err
		}
	}
	return p.begin(ctx, acc, in.Address, in.Agent, "password", func(ctx context.Context, tx *store.Tx) error {
		if renewed != "" {
			if _, err := tx.Exec(ctx, sqlSetPassword, acc.ID, renewed); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, sqlClearTry, key); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlUndoTry, p.keyed("address", network(in.Address)))
		return err
	})
}

// tryKey gives the counter of a try. From where the owner logged in before, tries have a counter of their own, so that a stranger
// cannot lock the owner out.
func (p *Room) tryKey(ctx context.Context, id, email, address string) ([]byte, error) {
	place := p.keyed("place", id+"\x00"+network(address))
	var one int64
	err := p.db.QueryRow(ctx, sqlKnown, id, place).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return p.keyed("account", email), nil
	}
	return place, err
}

// countTry counts a try of a key, and of the machine's address when it is known.
func (p *Room) countTry(ctx context.Context, key []byte, free int64, address string, now time.Time) (fails int64, err error) {
	var refused error // a lock is an answer, not a fault: what was counted stays
	err = p.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		refused = nil
		fails, refused = p.takeTry(ctx, tx, key, free, now)
		if refused == nil && address != "" {
			_, refused = p.takeTry(ctx, tx, p.keyed("address", network(address)), freeAddressTries, now)
		}
		if problem.CodeOf(refused) == problem.Locked {
			return nil
		}
		return refused
	})
	return fails, errors.Join(refused, err)
}

// begin opens a session for an account whose person has proven to be it. also runs in the same transaction.
func (p *Room) begin(ctx context.Context, acc Account, address, agent, via string, also func(context.Context, *store.Tx) error) (string, regulation.Actor, error) {
	if acc.Closed {
		return "", regulation.Actor{}, problem.New(problem.Password)
	}
	now, token := p.now(), newToken()
	if agent = strings.ToValidUTF8(agent, ""); len(agent) > maxAgent {
		agent = strings.ToValidUTF8(agent[:maxAgent], "")
	}
	id := store.NewID()
	err := p.write(ctx, func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error) {
		if also != nil {
			if err := also(ctx, tx); err != nil {
				return nil, err
			}
		}
		ends := p.ends(now, now)
		if _, err := tx.Exec(ctx, sqlInsertSession, hashOf(token), id, acc.ID, agent, via, store.Micros(now), store.Micros(ends)); err != nil {
			return nil, err
		}
		if err := p.noteDevice(ctx, tx, acc, address, agent, id, now); err != nil {
			return nil, err
		}
		return []ledger.Entry{entry(kindLoggedIn, acc.ID, acc.Ref(), now, accountBody{Via: via, ID: id})}, nil
	})
	if err != nil {
		return "", regulation.Actor{}, fmt.Errorf("log in: %w", err)
	}
	p.poke()
	a, err := p.ActorOf(ctx, token)
	return token, a, err
}

// noteDevice remembers from where and with what the owner logged in, and tells the owner of a device that is new.
func (p *Room) noteDevice(ctx context.Context, tx *store.Tx, acc Account, address, agent, session string, now time.Time) error {
	var known, one int64
	if err := tx.QueryRow(ctx, sqlAnyKnown, acc.ID).Scan(&known); err != nil {
		return err
	}
	dev := p.keyed("device", acc.ID+"\x00"+device(agent))
	err := tx.QueryRow(ctx, sqlKnown, acc.ID, dev).Scan(&one)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if errors.Is(err, sql.ErrNoRows) && known > 0 {
		if err := p.post(ctx, tx, letter{ID: "log-in/" + session, Account: acc, Key: "new-device", Args: []any{"device", agent}}, now); err != nil {
			return err
		}
	}
	hashes := [][]byte{dev}
	if address != "" {
		hashes = append(hashes, p.keyed("place", acc.ID+"\x00"+network(address)))
	}
	for _, h := range hashes {
		if _, err := tx.Exec(ctx, sqlPutKnown, acc.ID, h, store.Micros(now)); err != nil {
			return err
		}
	}
	return nil
}

// tellLocked writes to the owner and the ledger that somebody tried too often. A fault here must not change the answer.
func (p *Room) tellLocked(ctx context.Context, acc Account, now time.Time) {
	err := p.write(ctx, func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error) {
		id := store.NewID()
		if err := p.post(ctx, tx, letter{ID: "locked/" + id, Account: acc, Key: "locked"}, now); err != nil {
			return nil, err
		}
		return []ledger.Entry{entry(kindLocked, "", acc.Ref(), now, accountBody{})}, nil
	})
	if err != nil {
		p.log.Error("tell of a lock", "err", err)
	}
	p.poke()
}

// ends gives when a session ends that began and was seen at these moments.
func (p *Room) ends(begun, seen time.Time) time.Time {
	idle, longest := seen.Add(p.c.SessionIdle), begun.Add(p.c.SessionMax)
	if longest.Before(idle) {
		return longest
	}
	return idle
}

// ActorOf gives who a session's token stands for: the visitor for "", problem.Session for one that ended. Each use moves the end on.
func (p *Room) ActorOf(ctx context.Context, token string) (regulation.Actor, error) {
	if token == "" {
		return regulation.Actor{}, nil
	}
	if len(token) > 100 {
		return regulation.Actor{}, problem.New(problem.Session)
	}
	var id, acc, name, en, lang string
	var begun, seen, ends, closed int64
	hash := hashOf(token)
	err := p.db.QueryRow(ctx, sqlSession, hash).Scan(&id, &acc, &begun, &seen, &ends, &name, &en, &lang, &closed)
	if errors.Is(err, sql.ErrNoRows) {
		return regulation.Actor{}, problem.New(problem.Session)
	}
	if err != nil {
		return regulation.Actor{}, fmt.Errorf("read session: %w", err)
	}
	now := p.now()
	if closed != 0 || !now.Before(store.Time(ends)) {
		return regulation.Actor{}, problem.New(problem.Session)
	}
	if now.Sub(store.Time(seen)) >= seenEvery {
		err := p.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, sqlSeen, hash, store.Micros(now), store.Micros(p.ends(store.Time(begun), now)))
			return err
		})
		if err != nil {
			return regulation.Actor{}, fmt.Errorf("move a session on: %w", err)
		}
	}
	return p.actor(ctx, Account{ID: acc, Name: name, NameEN: en, Lang: lang})
}

// Actor gives the actor of an account, as a session of it would: for the command line and the demo's own clock.
func (p *Room) Actor(ctx context.Context, id string) (regulation.Actor, error) {
	a, err := p.Account(ctx, id)
	if err != nil {
		return regulation.Actor{}, err
	}
	if a.Closed {
		return regulation.Actor{}, problem.New(problem.Session)
	}
	return p.actor(ctx, a)
}

func (p *Room) actor(ctx context.Context, a Account) (regulation.Actor, error) {
	act := regulation.Actor{ID: a.ID, Name: a.NameIn(a.Lang), Kind: regulation.Person, Lang: a.Lang}
	var err error
	if act.Posts, err = posts(ctx, p.db, a.ID); err != nil {
		return regulation.Actor{}, err
	}
	held, err := p.standIns(ctx, p.db, sqlStandInsHeld, a.ID, store.Micros(p.now()))
	if err != nil {
		return regulation.Actor{}, err
	}
	for _, s := range held {
		act.StandsIn = append(act.StandsIn, s.right())
	}
	return act, nil
}

// LogOut ends the token's session. A session that ended already is no problem.
func (p *Room) LogOut(ctx context.Context, token string) error {
	hash, now := hashOf(token), p.now()
	return p.write(ctx, func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error) {
		var acc string
		err := tx.QueryRow(ctx, sqlAccountOf, hash).Scan(&acc)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if _, err := tx.Exec(ctx, sqlEndByHash, hash); err != nil {
			return nil, err
		}
		return []ledger.Entry{entry(kindLoggedOut, acc, "account/"+acc, now, accountBody{Reason: "log-out"})}, nil
	})
}

// Sessions lists the running sessions of an account, the last used first; token marks the one that asks.
func (p *Room) Sessions(ctx context.Context, by regulation.Actor, id, token string) ([]Session, error) {
	now := p.now()
	if err := p.rules.Can(by, "people.session.end", regulation.Thing{Kind: "account", ID: id, Author: id}, now); err != nil {
		return nil, err
	}
	rows, err := p.db.Query(ctx, sqlSessions, id, store.Micros(now))
	own := string(hashOf(token))
	return store.All(rows, err, func(w store.Row) (s Session, err error) {
		var begun, seen, ends int64
		var hash []byte
		err = w.Scan(&s.ID, &s.Agent, &s.Via, &begun, &seen, &ends, &hash)
		s.Begun, s.Seen, s.Ends, s.Current = store.Time(begun), store.Time(seen), store.Time(ends), string(hash) == own
		return s, err
	})
}

// EndSession ends one session by its id: the owner's own, or any by an administrator.
func (p *Room) EndSession(ctx context.Context, by regulation.Actor, id string) error {
	now := p.now()
	return p.write(ctx, func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error) {
		var acc string
		err := tx.QueryRow(ctx, sqlSessionOwner, id).Scan(&acc)
		if err != nil {
			return nil, store.NotFound(err)
		}
		if err := p.rules.Can(by, "people.session.end", regulation.Thing{Kind: "account", ID: acc, Author: acc}, now); err != nil {
			return nil, err
		}
		if _, err := tx.Exec(ctx, sqlEndByID, id); err != nil {
			return nil, err
		}
		return []ledger.Entry{entry(kindLoggedOut, by.ID, "account/"+acc, now, accountBody{ID: id, Reason: "ended"})}, nil
	})
}

// EndSessions ends every session of an account; except keeps that token's ("" keeps none).
func (p *Room) EndSessions(ctx context.Context, by regulation.Actor, id, except string) error {
	now := p.now()
	if err := p.rules.Can(by, "people.session.end", regulation.Thing{Kind: "account", ID: id, Author: id}, now); err != nil {
		return err
	}
	return p.write(ctx, func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error) {
		if _, err := tx.Exec(ctx, sqlEndOthers, id, hashOf(except)); err != nil {
			return nil, err
		}
		return []ledger.Entry{entry(kindLoggedOut, by.ID, "account/"+id, now, accountBody{Reason: "all"})}, nil
	})
}
