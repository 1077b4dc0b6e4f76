package insight

import (
	"log/slog"
	"sync/atomic"
	"time"

	"khue/claim"
	"khue/inquiry"
	"khue/ledger"
	"khue/people"
	"khue/radar"
	"khue/regulation"
	"khue/release"
	"khue/store"
)

// Config is what the room is given.
type Config struct {
	DB     *store.DB
	Ledger *ledger.Ledger
	Rules  *regulation.Rulebook
	Duties *regulation.Duties
	People *people.Room

	Releases  *release.Room
	Inquiries *inquiry.Room
	Claims    *claim.Room
	Radar     *radar.Room

	Now func() time.Time
	Log *slog.Logger
	// Words gives a sentence of the catalogue in a language, for letters.
	Words func(lang, key string, args ...any) string
	// Origin is the public address, for the links in letters.
	Origin string
}

// Room is the room insight. Its methods may be called from many goroutines.
type Room struct {
	c     Config
	shelf *shelf
	sheet atomic.Pointer[func(Digest) ([]byte, error)]
}

// New makes the room.
func New(c Config) *Room {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Room{c: c, shelf: newShelf()}
}
