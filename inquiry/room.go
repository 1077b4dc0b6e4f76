package inquiry

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"io/fs"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"khue/ledger"
	"khue/people"
	"khue/problem"
	"khue/profile"
	"khue/regulation"
	"khue/store"
)

// Config is what the room needs.
type Config struct {
	DB      *store.DB
	Ledger  *ledger.Ledger
	Rules   *regulation.Rulebook
	Duties  *regulation.Duties
	People  *people.Room
	Profile fs.FS // for inquiry/grounds.yaml
	Now     func() time.Time
	// Words gives a sentence of the catalogue in a language, for letters to askers: rooms hold no sentences.
	Words  func(lang, key string, args ...any) string
	Origin string        // the public address, for links in letters
	Log    *slog.Logger  // nil: slog.Default
	Centre string        // the centre's office code; "" means "TTBC"
	Keep   time.Duration // how long after the end contacts are kept; 0 means 180 days
}

// Room is the inquiry room. Its methods may be called from many goroutines.
type Room struct {
	db      *store.DB
	ledger  *ledger.Ledger
	rules   *regulation.Rulebook
	duties  *regulation.Duties
	people  *people.Room
	now     func() time.Time
	words   func(lang, key string, args ...any) string
	origin  string
	log     *slog.Logger
	centre  string
	keep    time.Duration
	grounds []Ground
	units   *profile.Units
	similar similarCache
}

// New makes the room; it reads the grounds of refusal from the profile.
func New(c Config) (*Room, error) {
	grounds, err := LoadGrounds(c.Profile)
	if err != nil {
		return nil, err
	}
	units, err := profile.LoadUnits(c.Profile)
	if err != nil {
		return nil, err
	}
	if c.Centre == "" {
		c.Centre = "TTBC"
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Keep == 0 {
		c.Keep = 180 * 24 * time.Hour
	}
	return &Room{
		db: c.DB, ledger: c.Ledger, rules: c.Rules, duties: c.Duties, people: c.People,
		now: c.Now, words: c.Words, log: c.Log, origin: strings.TrimRight(c.Origin, "/"), centre: c.Centre, keep: c.Keep, grounds: grounds, units: units,
	}, nil
}

// Keep is how long after the end an asker's contacts are kept.
func (r *Room) Keep() time.Duration { return r.keep }

// Centre is the centre's own office code.
func (r *Room) Centre() string { return r.centre }

// tokenBytes is the length of a secret link's token: 160 bits.
const tokenBytes = 20

var tokenForm = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewToken makes a secret for a follow link: 160 random bits in 32 letters and digits.
func NewToken() string {
	b := make([]byte, tokenBytes)
	rand.Read(b) //nolint:errcheck // never fails since Go 1.24
	return strings.ToLower(tokenForm.EncodeToString(b))
}

// goodToken says whether s has the form of a token.
func goodToken(s string) bool {
	b, err := tokenForm.DecodeString(strings.ToUpper(s))
	return err == nil && len(b) == tokenBytes
}

// hashToken is what is kept of a token.
func hashToken(s string) string {
	sum := sha256.Sum256([]byte("khue inquiry link\x00" + strings.ToLower(s)))
	return hex.EncodeToString(sum[:])
}

func hashText(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// Bounds of what people type, in characters.
const (
	MaxSubject = 200
	MaxBody    = 20_000
	maxName    = 200
)

// clean takes white space from the ends, line ends of other systems and characters that nobody typed.
func clean(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "")
	s = strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t':
			return c
		case c < ' ' || c == 0x7f || (c >= 0x80 && c < 0xa0): // control characters
			return -1
		case c >= 0x202a && c <= 0x202e, c >= 0x2066 && c <= 0x2069: // they turn the direction of what follows
			return -1
		}
		return c
	}, s)
	return strings.TrimSpace(s)
}

func cleanLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// need adds a problem when a field is empty or too long.
func need(l *problem.List, field, s string, most int) {
	if s == "" {
		l.Add(field, problem.Required)
	} else {
		within(l, field, s, most)
	}
}

func within(l *problem.List, field, s string, most int) {
	if utf8.RuneCountInString(s) > most {
		l.Add(field, problem.Invalid, "why", "@inquiry.too-long")
	}
}

// load reads an inquiry with its parts inside a transaction or on a reader.
func load(ctx context.Context, rd store.Reader, id string) (Inquiry, error) {
	q, err := scanInquiry(rd.QueryRow(ctx, sqlInquiry, id))
	if err != nil {
		return q, store.NotFound(err)
	}
	q.Parts, err = readParts(ctx, rd, id)
	return q, err
}

// may asks the rulebook for an act with the inquiry as it belongs to the centre and to each office that has a part in it.
func (r *Room) may(by regulation.Actor, action string, q Inquiry, drafter string) error {
	err := r.rules.Can(by, action, q.Thing(r.centre, drafter), r.now())
	if problem.CodeOf(err) != problem.Forbidden {
		return err
	}
	for _, p := range q.Parts {
		if p.State == PartDropped {
			continue
		}
		if e := r.rules.Can(by, action, q.Thing(p.Office, drafter), r.now()); problem.CodeOf(e) != problem.Forbidden {
			return e
		}
	}
	return err
}

// May says whether somebody may do an act of the rulebook on an inquiry, as far as rights go: pages show only such buttons.
func (r *Room) May(by regulation.Actor, action string, q Inquiry, drafter string) bool {
	return r.may(by, action, q, drafter) == nil
}

// MayFor is May for one office's part, or for the centre's own work with the centre's code.
func (r *Room) MayFor(by regulation.Actor, action string, q Inquiry, office, drafter string) bool {
	return r.rules.Can(by, action, q.Thing(office, drafter), r.now()) == nil
}

// fresh refuses a command that was made on an older version; 0 asks for no check.
func (r *Room) fresh(ctx context.Context, by regulation.Actor, q Inquiry, version int64) error {
	if version == 0 || version == q.Version {
		return nil
	}
	return problem.New(problem.Conflict, "name", r.people.NameOf(ctx, q.ChangedBy, by.Lang))
}

// change is the frame of every command on one inquiry: read, allowed, fresh, step, write, history, ledger.
type change struct {
	id      string
	version int64
	by      regulation.Actor
	verb    Verb   // step of the state machine, "" keeps the state
	act     string // act in the rulebook, "" when the caller asked itself
	kind    string // ledger entry's kind: "inquiry.accepted"
	office  string // for history
	note    string // for history; never in the ledger
	body    any    // of the entry
	// allow replaces the question to the rulebook, for acts that are decided by a part or by a token.
	allow func(q Inquiry) error
	// apply changes q before it is written and does what else belongs to the step; it may set wanted, body, office, note.
	apply func(ctx context.Context, tx *store.Tx, q *Inquiry, c *change) error
	// wanted is the state to take where the table offers several.
	wanted State
	public bool // the entry is public
	entry  string
}

func (r *Room) run(ctx context.Context, c change) (Inquiry, error) {
	var out Inquiry
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		c := c // a command may be run twice
		q, err := load(ctx, tx, c.id)
		if err != nil {
			return err
		}
		if c.allow != nil {
			err = c.allow(q)
		} else if c.act != "" {
			err = r.may(c.by, c.act, q, q.Drafter)
		}
		if err != nil {
			return err
		}
		if err := r.fresh(ctx, c.by, q, c.version); err != nil {
			return err
		}
		out, err = r.step(ctx, tx, q, c)
		return err
	})
	return out, err
}

// step does one change of a loaded inquiry inside its transaction.
func (r *Room) step(ctx context.Context, tx *store.Tx, q Inquiry, c change) (Inquiry, error) {
	now := r.now()
	read := q.Version
	if c.verb != "" {
		if _, err := next(q.State, c.verb, c.wanted); err != nil {
			return q, err
		}
	}
	if c.apply != nil {
		if err := c.apply(ctx, tx, &q, &c); err != nil {
			return q, err
		}
	}
	if c.verb != "" {
		to, err := next(q.State, c.verb, c.wanted)
		if err != nil {
			return q, err
		}
		if c.verb == DoClarify {
			q.Before = q.State
		}
		q.State = to
	}
	q.Version, q.Changed, q.ChangedBy = read+1, now, c.by.ID
	if err := updateInquiry(ctx, tx, q, read); err != nil {
		return q, err
	}
	_, name, _ := strings.Cut(c.kind, ".")
	if err := addStep(ctx, tx, q.ID, Step{Verb: name, Actor: c.by.ID, Office: c.office, Note: c.note, At: now}); err != nil {
		return q, err
	}
	_, err := r.ledger.Append(ctx, tx, ledger.Entry{
		ID: c.entry, Kind: c.kind, Public: c.public, Actor: c.by.ID, Thing: q.Ref(), Body: c.body, At: now,
	})
	return q, err
}
