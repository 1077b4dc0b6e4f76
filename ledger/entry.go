package ledger

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"khue/ledger/tree"
	"khue/store"
)

// MaxEntry is the longest entry as served, in bytes; larger content goes in by its hash.
const MaxEntry = 64<<10 - 1

// Entry is what a command appends.
type Entry struct {
	ID      string    // UUIDv7; made by Append when empty
	Kind    string    // "release.published": room, dot, past tense
	Version int       // of the body's form; 1 when 0
	Public  bool      // whether the leaf opens to the body
	Actor   string    // account's id, "system:NAME", or "" for a visitor
	Thing   string    // "release/ID": what it is about
	Body    any       // marshalled to canonical JSON; ids and hashes only, see doc.go
	At      time.Time // when it happened, by the room's clock
}

// Record is an entry as followers and pages read it.
type Record struct {
	ID       string
	Position int64 // -1 while it is not yet sequenced
	Kind     string
	Version  int
	Public   bool
	Actor    string
	Thing    string
	Body     json.RawMessage // nil after erasure
	At       time.Time
}

// Decode reads the body into v; ErrErased when it was erased.
func (r Record) Decode(v any) error {
	if r.Body == nil {
		return ErrErased
	}
	return json.Unmarshal(r.Body, v)
}

// ErrErased says that an entry's body was erased; its leaf remains.
var ErrErased = errors.New("ledger: the entry's body was erased")

// served is a public entry's leaf content; keys are in canonical order.
type served struct {
	Actor   string          `json:"actor"`
	At      string          `json:"at"`
	Body    json.RawMessage `json:"body"`
	ID      string          `json:"id"`
	Kind    string          `json:"kind"`
	Thing   string          `json:"thing"`
	Version int             `json:"version"`
}

// sealed is a private entry's leaf content: a salted commitment to the same JSON.
type sealed struct {
	At         string `json:"at"`
	Commitment string `json:"commitment"`
}

const timeForm = "2006-01-02T15:04:05.000000Z"

// Serve gives the bytes of an entry's leaf: its canonical JSON when public, else a commitment SHA-256(salt ‖ JSON).
func Serve(r Record, salt []byte) ([]byte, error) {
	at := r.At.UTC().Format(timeForm)
	open, err := json.Marshal(served{r.Actor, at, r.Body, r.ID, r.Kind, r.Thing, r.Version})
	if err != nil {
		return nil, err
	}
	if r.Public {
		return open, nil
	}
	h := sha256.New()
	h.Write(salt)
	h.Write(open)
	return json.Marshal(sealed{at, base64.StdEncoding.EncodeToString(h.Sum(nil))})
}

// Canonical gives the canonical JSON of v: keys sorted, no white space, no escaping of HTML, numbers as written.
func Canonical(v any) ([]byte, error) {
	raw, err := marshal(v)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var any any
	if err := d.Decode(&any); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("ledger: more than one JSON value")
	}
	return marshal(any)
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

const sqlAppend = `INSERT INTO ledger_entry (id, kind, version, public, actor, thing, body, salt, leaf, entry, at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)`

// Append adds an entry in the caller's transaction, as its last statement. It gives the entry's id, with which Await
// waits for its position.
func (l *Ledger) Append(ctx context.Context, tx *store.Tx, e Entry) (string, error) {
	if e.Kind == "" || e.At.IsZero() {
		return "", errors.New("ledger: an entry needs a kind and a time")
	}
	if e.ID == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return "", err
		}
		e.ID = id.String()
	}
	if e.Version == 0 {
		e.Version = 1
	}
	body, err := Canonical(e.Body)
	if err != nil {
		return "", fmt.Errorf("ledger: body of %s: %w", e.Kind, err)
	}
	var salt []byte
	if !e.Public {
		salt = make([]byte, 32)
		rand.Read(salt) //nolint:errcheck // never fails since Go 1.24
	}
	r := Record{ID: e.ID, Kind: e.Kind, Version: e.Version, Public: e.Public, Actor: e.Actor, Thing: e.Thing, Body: body, At: e.At}
	entry, err := Serve(r, salt)
	if err != nil {
		return "", err
	}
	if len(entry) > MaxEntry || len(body) > MaxEntry {
		return "", fmt.Errorf("ledger: entry %s has %d bytes, at most %d: put large content in by its hash", e.Kind, len(entry), MaxEntry)
	}
	leaf := tree.Leaf(entry)
	if _, err := tx.Exec(ctx, sqlAppend, e.ID, e.Kind, e.Version, store.Bool(e.Public), e.Actor, e.Thing, string(body), salt, leaf[:], entry, store.Micros(e.At)); err != nil {
		return "", fmt.Errorf("ledger: append %s: %w", e.Kind, err)
	}
	return e.ID, nil
}
