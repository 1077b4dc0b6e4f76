package people

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"khue/ledger"
	"khue/people/mail"
	"khue/regulation"
	"khue/store"
)

// Config is what the room stands on.
type Config struct {
	DB      *store.DB
	Ledger  *ledger.Ledger
	Rules   *regulation.Rulebook
	Duties  *regulation.Duties // nil: nothing becomes due
	Profile fs.FS              // the profile's folder: units/offices.tsv, units/wards.tsv, units/former.tsv …
	Now     func() time.Time   // the clock
	Mail    mail.Sender        // nil: letters wait
	Log     *slog.Logger       // nil: slog.Default

	// Key hashes machine addresses and derives the tokens of mailed links: 32 bytes that stay outside the database (LoadOrMakeKey).
	Key []byte
	// Words gives a sentence of the catalogue in a language, for letters: rooms hold no sentences.
	Words func(lang, key string, args ...any) string
	// Origin is the public address, "https://baochi.example", for the links in letters.
	Origin string

	Cost        Cost          // of argon2id; zero: DefaultCost
	SessionIdle time.Duration // a session ends when it was not used for so long; 0: 24 h
	SessionMax  time.Duration // and at the latest after so long; 0: 30 days
	SSO         *SSOConfig    // the city's single sign-on; nil: none
}

// Room is the room people. Its methods may be called from many goroutines.
type Room struct {
	c       Config
	db      *store.DB
	ledger  *ledger.Ledger
	rules   *regulation.Rulebook
	now     func() time.Time
	log     *slog.Logger
	book    *directory
	dummy   string        // a hash that no password opens, for constant work
	hashing chan struct{} // at most so many argon2id at once: each takes Cost.Memory
	wake    chan struct{} // to Run: a letter waits; full: it is awake anyway
	sso     *sso
}

// New reads the profile's offices and binds the room to a migrated database.
func New(c Config) (*Room, error) {
	if len(c.Key) < 32 {
		return nil, errors.New("people: the key needs 32 bytes")
	}
	if c.Words == nil || c.Now == nil || c.DB == nil || c.Ledger == nil || c.Rules == nil || c.Profile == nil {
		return nil, errors.New("people: DB, Ledger, Rules, Profile, Now and Words are needed")
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Cost == (Cost{}) {
		c.Cost = DefaultCost
	}
	if c.SessionIdle == 0 {
		c.SessionIdle = 24 * time.Hour
	}
	if c.SessionMax == 0 {
		c.SessionMax = 30 * 24 * time.Hour
	}
	book, err := readDirectory(c.Profile)
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	secret := make([]byte, 32)
	rand.Read(secret) //nolint:errcheck // never fails since Go 1.24
	p := &Room{
		c: c, db: c.DB, ledger: c.Ledger, rules: c.Rules, now: c.Now, log: c.Log, book: book,
		dummy: hashPassword(hex.EncodeToString(secret), c.Cost), hashing: make(chan struct{}, 4), wake: make(chan struct{}, 1),
	}
	if c.SSO != nil {
		if err := c.SSO.Validate(); err != nil {
			return nil, err
		}
		p.sso = &sso{c: *c.SSO}
		if p.sso.c.Redirect == "" {
			p.sso.c.Redirect = strings.TrimRight(c.Origin, "/") + "/login/city/back"
		}
		if p.sso.c.Client == nil {
			p.sso.c.Client = &http.Client{Timeout: ssoTimeout}
		}
	}
	return p, nil
}

// LoadOrMakeKey reads the room's key from a file (hexadecimal, one line), or makes it there (0600).
func LoadOrMakeKey(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		key := make([]byte, 32)
		rand.Read(key) //nolint:errcheck // never fails since Go 1.24
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, err
		}
		_, err = f.WriteString(hex.EncodeToString(key) + "\n")
		return key, errors.Join(err, f.Sync(), f.Close())
	}
	if err != nil {
		return nil, err
	}
	key := make([]byte, 32)
	if n, err := hex.Decode(key, trimLine(data)); err != nil || n != 32 {
		return nil, fmt.Errorf("%s: not a key of 64 hexadecimal digits", path)
	}
	return key, nil
}

func trimLine(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == '\n' || b[len(b)-1] == '\r' || b[len(b)-1] == ' ') {
		b = b[:len(b)-1]
	}
	if len(b) > 64 {
		return b[:0]
	}
	return b
}

// write runs a command's transaction: fn's rows, then the entries that it gives.
func (p *Room) write(ctx context.Context, fn func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error)) error {
	return p.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		entries, err := fn(ctx, tx)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if _, err := p.ledger.Append(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}
