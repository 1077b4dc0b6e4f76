package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"khue/ledger"
	"khue/ledger/tree"
	"khue/problem"
	"khue/store"
)

// house is an open data folder with the rooms in it.
type house struct {
	settings Settings
	lock     *os.File
	db       *store.DB
	ledger   *ledger.Ledger
	log      *slog.Logger
}

// dbFile and the other names of a data folder; docs/operate.md lists them.
const (
	dbFile         = "khue.db"
	keyFile        = "log.key"
	lockFile       = "lock"
	checkpointFile = "checkpoint"
)

func (s Settings) path(name string) string { return filepath.Join(s.Data, name) }

func (s Settings) storeConfig() store.Config {
	return store.Config{Database: s.Database, File: s.path(dbFile)}
}

// openHouse takes the data folder for this process, opens the database, migrates it and opens the ledger.
func openHouse(ctx context.Context, s Settings, log *slog.Logger) (h *house, err error) {
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return nil, problem.Wrap(err, problem.Full)
	}
	h = &house{settings: s, log: log}
	defer func() {
		if err != nil {
			h.close()
		}
	}()
	if h.lock, err = takeFolder(s.Data); err != nil {
		return nil, err
	}
	if h.db, err = store.Open(ctx, s.storeConfig()); err != nil {
		return nil, err
	}
	if err = h.db.Migrate(ctx); err != nil {
		return nil, err
	}
	key, err := ledger.LoadOrMakeKey(s.path(keyFile), s.LogOrigin())
	if err != nil {
		return nil, problem.Wrap(err, problem.Full)
	}
	h.ledger, err = ledger.Open(ctx, h.db, ledger.Config{Origin: originOfKey(key), Key: key, Now: time.Now, Log: log})
	return h, err
}

func (h *house) close() {
	if h.db != nil {
		if err := h.db.Close(); err != nil {
			h.log.Error("close the database", "err", err)
		}
	}
	if h.lock != nil {
		h.lock.Close()
	}
}

// takeFolder locks the data folder for this process; a second process is told so.
func takeFolder(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, problem.Wrap(err, problem.Full)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, problem.Wrap(err, problem.InUse, "dir", dir)
	}
	return f, nil
}

// originOfKey reads the log's name out of its private key: the name is fixed when the log is made, whatever the origin becomes.
func originOfKey(key string) string {
	const head = "PRIVATE+KEY+"
	if len(key) > len(head) {
		for i := len(head); i < len(key); i++ {
			if key[i] == '+' {
				return key[len(head):i]
			}
		}
	}
	return ""
}

// keepCheckpoint writes each new checkpoint beside the database, so that a restored older backup is noticed.
func (h *house) keepCheckpoint(ctx context.Context) error {
	last := int64(-1)
	for {
		changed := h.ledger.Changed()
		if size := h.ledger.SignedSize(); size != last && size > 0 {
			text, err := h.ledger.Checkpoint(ctx)
			if err == nil {
				err = writeFile(h.settings.path(checkpointFile), []byte(text))
			}
			if err != nil && ctx.Err() == nil {
				h.log.Error("keep the checkpoint", "err", err)
			} else {
				last = size
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil
		}
	}
}

// writeFile replaces a file whole: written beside it, synced, renamed.
func writeFile(path string, data []byte) error {
	tmp := path + ".new"
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

// refuseOlder compares a database with the last checkpoint that was shown from this folder: a log that is shorter would fork.
func refuseOlder(ctx context.Context, s Settings, l *ledger.Ledger) error {
	data, err := os.ReadFile(s.path(checkpointFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := tree.ParseCheckpoint(string(data))
	if err != nil {
		return fmt.Errorf("%s: %w", s.path(checkpointFile), err)
	}
	if c.Size > l.Size() {
		return problem.Wrap(errors.New("the log would fork"), problem.Precond, "have", strconv.FormatInt(l.Size(), 10), "shown", strconv.FormatInt(c.Size, 10))
	}
	return nil
}
