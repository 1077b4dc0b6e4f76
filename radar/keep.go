package radar

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"khue/ledger"
	"khue/store"
)

// RetentionFile is the file of a profile that says how long the radar keeps what it heard.
const RetentionFile = "retention.yaml"

// Retention is how long each kind of thing is kept.
type Retention struct {
	Text    time.Duration // the whole text of an article; title and address stay
	Post    time.Duration // an account's post, wholly
	Key     time.Duration // the key under which accounts are known
	Signals time.Duration
}

const retentionVersion = 1

// full keeps for ever what no limit is given for.
func (r Retention) full() Retention {
	for _, d := range []*time.Duration{&r.Text, &r.Post, &r.Key, &r.Signals} {
		if *d == 0 {
			*d = 100 * 365 * 24 * time.Hour
		}
	}
	return r
}

// LoadRetention reads a profile's retention. A fault names the file and what is wrong.
func LoadRetention(city fs.FS) (Retention, error) {
	var r Retention
	data, err := fs.ReadFile(city, RetentionFile)
	if err != nil {
		return r, fmt.Errorf("%s: %w", RetentionFile, err)
	}
	var file struct {
		Version int `yaml:"version"`
		Keep    []struct {
			What string `yaml:"what"`
			Days int    `yaml:"days"`
		} `yaml:"keep"`
	}
	if err := yaml.UnmarshalWithOptions(data, &file, yaml.Strict()); err != nil {
		return r, fmt.Errorf("%s: %s", RetentionFile, yaml.FormatError(err, false, true))
	}
	if file.Version != retentionVersion {
		return r, fmt.Errorf("%s: version %d; this program reads version %d", RetentionFile, file.Version, retentionVersion)
	}
	of := map[string]*time.Duration{"mention-text": &r.Text, "post": &r.Post, "account-key": &r.Key, "signal": &r.Signals}
	for _, k := range file.Keep {
		d, ok := of[k.What]
		if !ok {
			return r, fmt.Errorf("%s: keep: %q is nothing that is kept", RetentionFile, k.What)
		}
		if k.Days < 1 || k.Days > 3650 {
			return r, fmt.Errorf("%s: %s: days: %d; write 1 to 3650", RetentionFile, k.What, k.Days)
		}
		*d = time.Duration(k.Days) * 24 * time.Hour
	}
	for what, d := range of {
		if *d == 0 {
			return r, fmt.Errorf("%s: keep: %s is missing", RetentionFile, what)
		}
	}
	if r.Key < keyFor {
		return r, fmt.Errorf("%s: account-key: a key is used for %d days; keep it as long", RetentionFile, keyFor/(24*time.Hour))
	}
	return r, nil
}

// keyFor is how long one key makes names of accounts unreadable; then they get another name, and nobody can be followed on.
const keyFor = 30 * 24 * time.Hour

// account gives the name under which an account is known in the month of a moment: a keyed hash (HMAC-SHA256, 16 hex digits), "" for
// nobody. The key is made when it is first needed.
func account(ctx context.Context, tx *store.Tx, source, author string, at time.Time) (string, error) {
	if author == "" {
		return "", nil
	}
	period := at.Unix() / int64(keyFor/time.Second)
	var key []byte
	err := tx.QueryRow(ctx, sqlAccountKey, period).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		fresh := make([]byte, 32)
		rand.Read(fresh) //nolint:errcheck // it never fails (crypto/rand)
		if _, err := tx.Exec(ctx, sqlInsertAccountKey, period, fresh, store.Micros(at)); err != nil {
			return "", err
		}
		err = tx.QueryRow(ctx, sqlAccountKey, period).Scan(&key) // another visit may have made one at the same moment: one key holds for all
	}
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(source + "\x00" + strings.ToLower(author)))
	return hex.EncodeToString(mac.Sum(nil)[:8]), nil
}

// erased is version 1 of the entry that says what was let go.
type erased struct {
	Texts   int64 `json:"texts"`
	Posts   int64 `json:"posts"`
	Keys    int64 `json:"keys"`
	Signals int64 `json:"signals"`
}

// Erase lets go of what has been kept long enough: texts of articles, posts of accounts, the keys that their names were made with, and
// signals. What a claim was opened from stays as far as its title and address. It is one transaction, with the numbers in the ledger.
func (r *Room) Erase(ctx context.Context) error {
	now := r.now()
	var e erased
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, step := range []struct {
			n      *int64
			query  string
			before time.Time
		}{
			{&e.Posts, sqlErasePosts, now.Add(-r.retention.Post)},
			{&e.Texts, sqlEraseTexts, now.Add(-r.retention.Text)},
			{&e.Keys, sqlEraseKeys, now.Add(-r.retention.Key)},
			{&e.Signals, sqlEraseSignals, now.Add(-r.retention.Signals)},
		} {
			res, err := tx.Exec(ctx, step.query, store.Micros(step.before))
			if err != nil {
				return err
			}
			if *step.n, err = res.RowsAffected(); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, sqlEraseTold, store.Micros(now.Add(-r.retention.Text))); err != nil {
			return err
		}
		if e == (erased{}) {
			return nil
		}
		_, err := r.ledger.Append(ctx, tx, ledger.Entry{Kind: entryErased, Actor: "radar", Thing: "radar/retention", Body: e, At: now})
		return err
	})
}

// eraseEvery is how often what is old is looked for.
const eraseEvery = 6 * time.Hour

// RunErase lets go of what is old until ctx ends.
func (r *Room) RunErase(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := r.Erase(ctx); err != nil && ctx.Err() == nil {
			r.log.Error("radar: let go of what is old", "err", err)
		}
		wait(ctx, eraseEvery)
	}
	return nil
}
