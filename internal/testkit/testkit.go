// Package testkit gives tests of rooms a house to stand in: a migrated database of either engine, a running ledger, the
// Hanoi rulebook, a clock that is set by hand, and people of every role.
//
// Imports store/storetest, ledger, regulation and profile. Only tests import it.
package testkit

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"khue/ledger"
	"khue/profile"
	"khue/regulation"
	"khue/store"
	"khue/store/storetest"
)

// Start is the moment at which every test's clock begins: Monday, 9/11/2026, 08:00 in Vietnam.
var Start = time.Date(2026, 11, 9, 8, 0, 0, 0, time.FixedZone("+07", 7*3600))

// Clock is a clock that goes on only when it is told to.
type Clock struct {
	mu  sync.Mutex
	now time.Time // guarded by mu
}

// NewClock makes a clock that stands at a moment.
func NewClock(at time.Time) *Clock { return &Clock{now: at} }

// Now gives the moment at which the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Add moves the clock on.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Set puts the clock to a moment.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// Kit is what a room's test stands on.
type Kit struct {
	Ctx       context.Context
	DB        *store.DB
	Ledger    *ledger.Ledger
	Rules     *regulation.Rulebook
	Deadlines *regulation.Deadlines
	Clock     *Clock
	Log       *slog.Logger
}

// Each runs f as a subtest with a kit on every engine.
func Each(t *testing.T, f func(t *testing.T, k *Kit)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(t, New(t, db)) })
}

// SQLite gives a kit on SQLite alone, for tests that ask nothing of the engine.
func SQLite(t testing.TB) *Kit {
	t.Helper()
	return New(t, storetest.SQLite(t))
}

// New gives a kit on a migrated database. The ledger's sequencer runs until the test ends.
func New(t testing.TB, db *store.DB) *Kit {
	t.Helper()
	k := &Kit{DB: db, Clock: NewClock(Start), Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	ctx, stop := context.WithCancel(context.Background())
	k.Ctx = ctx
	key, _, err := ledger.NewKey("khue.example/log")
	if err != nil {
		t.Fatal(err)
	}
	if k.Ledger, err = ledger.Open(ctx, db, ledger.Config{Origin: "khue.example/log", Key: key, Now: k.Clock.Now, Log: k.Log}); err != nil {
		t.Fatal(err)
	}
	book, err := regulation.LoadBook(profile.Hanoi())
	if err != nil {
		t.Fatal(err)
	}
	k.Rules, k.Deadlines = book.Rules, book.Deadlines
	done := make(chan struct{})
	go func() {
		defer close(done)
		k.Ledger.Run(ctx) //nolint:errcheck // it ends with ctx
	}()
	t.Cleanup(func() { stop(); <-done })
	return k
}

// Kinds gives the kinds of every entry in the ledger, in order: what was done.
func (k *Kit) Kinds(t testing.TB) []string {
	t.Helper()
	var kinds []string
	for _, r := range k.Records(t) {
		kinds = append(kinds, r.Kind)
	}
	return kinds
}

const sqlLastEntry = `SELECT id FROM ledger_entry ORDER BY seq DESC LIMIT 1`

// Records gives every entry in the ledger, in order, once all have their position.
func (k *Kit) Records(t testing.TB) []ledger.Record {
	t.Helper()
	var last string
	if err := k.DB.QueryRow(k.Ctx, sqlLastEntry).Scan(&last); err != nil {
		return nil
	}
	pos, err := k.Ledger.Await(k.Ctx, last)
	if err != nil {
		t.Fatal(err)
	}
	for { // After reads up to the size that the running ledger knows of
		changed := k.Ledger.Changed()
		if k.Ledger.Size() > pos {
			break
		}
		<-changed
	}
	var list []ledger.Record
	for after := int64(-1); ; {
		more, err := k.Ledger.After(k.Ctx, after, 500)
		if err != nil {
			t.Fatal(err)
		}
		if len(more) == 0 {
			return list
		}
		list, after = append(list, more...), more[len(more)-1].Position
	}
}

// Person makes an actor who holds the given posts; ID and name are the same short word.
func Person(id string, posts ...regulation.Post) regulation.Actor {
	return regulation.Actor{ID: id, Name: id, Kind: regulation.Person, Posts: posts, Lang: "vi"}
}

// Centre makes an actor with one role at the press centre.
func Centre(id string, role regulation.Role) regulation.Actor {
	return Person(id, regulation.Post{Role: role, Office: "TTBC"})
}

// Of makes an actor with one role at an office.
func Of(id string, role regulation.Role, office string) regulation.Actor {
	return Person(id, regulation.Post{Role: role, Office: office})
}
