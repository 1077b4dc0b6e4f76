package house

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"khue/ledger"
	"khue/problem"
	"khue/profile"
	"khue/regulation"
	"khue/store"
)

// Config says where a house stands and what it is given from outside.
type Config struct {
	Dir      string // the data folder
	Database string // a PostgreSQL address; "" is SQLite in Dir
	Origin   string // the public address: "https://baochi.example"
	LogName  string // the public log's name when it is made: "baochi.example/log"
	Demo     bool   // all content is made up
	Now      func() time.Time
	Log      *slog.Logger
}

// House is an open data folder with the rooms in it.
type House struct {
	Config
	DB        *store.DB
	Ledger    *ledger.Ledger
	Rules     *regulation.Rulebook
	Deadlines *regulation.Deadlines

	lock *os.File
	loop []loop // what Run starts
}

// loop is one thing that goes on in the background until its context ends.
type loop struct {
	name string
	run  func(context.Context) error
}

// Open takes the data folder, opens and migrates the database, opens the ledger and makes the rooms. The caller runs Run and,
// at the end, Close.
func Open(ctx context.Context, c Config) (h *House, err error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, problem.Wrap(err, problem.Full)
	}
	h = &House{Config: c}
	defer func() {
		if err != nil {
			h.Close()
			h = nil
		}
	}()
	if h.lock, err = Lock(c.Dir); err != nil {
		return h, err
	}
	if h.DB, err = store.Open(ctx, store.Config{Database: c.Database, File: filepath.Join(c.Dir, DBFile)}); err != nil {
		return h, err
	}
	if err = h.DB.Migrate(ctx); err != nil {
		return h, err
	}
	if err = h.openLedger(ctx); err != nil {
		return h, err
	}
	return h, h.furnish(ctx)
}

func (h *House) openLedger(ctx context.Context) error {
	key, err := ledger.LoadOrMakeKey(filepath.Join(h.Dir, KeyFile), h.LogName)
	if err != nil {
		return problem.Wrap(err, problem.Full)
	}
	h.Ledger, err = ledger.Open(ctx, h.DB, ledger.Config{Origin: OriginOfKey(key), Key: key, Now: h.Now, Log: h.Log})
	if err != nil {
		return err
	}
	h.background("ledger", h.Ledger.Run)
	h.background("checkpoint", h.keepCheckpoint)
	return RefuseOlder(h.Dir, h.Ledger)
}

// furnish makes the rooms, the lower ones first.
func (h *House) furnish(context.Context) (err error) {
	city := profile.Hanoi()
	if h.Rules, err = regulation.Load(city, "rules"); err != nil {
		return err
	}
	h.Deadlines, err = regulation.LoadDeadlines(city)
	return err
}

// background adds what Run starts.
func (h *House) background(name string, run func(context.Context) error) {
	h.loop = append(h.loop, loop{name, run})
}

// Run does what goes on in the background until ctx ends, and waits for its end. When one part fails, the others are stopped
// and the fault is given.
func (h *House) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var all sync.WaitGroup
	faults := make(chan error, len(h.loop))
	for _, l := range h.loop {
		all.Go(func() {
			if err := l.run(ctx); err != nil && !errors.Is(err, context.Canceled) {
				h.Log.Error("a part of the house stopped", "part", l.name, "err", err)
				faults <- err
				stop()
			}
		})
	}
	all.Wait()
	close(faults)
	return <-faults
}

// Close closes the database and gives the folder back. Run must have ended.
func (h *House) Close() error {
	var err error
	if h.DB != nil {
		err = h.DB.Close()
	}
	if h.lock != nil {
		err = errors.Join(err, h.lock.Close())
	}
	return err
}

// Ready says whether the house can serve: its database answers.
func (h *House) Ready(ctx context.Context) error {
	if _, err := h.DB.Version(ctx); err != nil {
		return problem.Wrap(err, problem.Loading)
	}
	return nil
}
