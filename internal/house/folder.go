package house

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"khue/ledger"
	"khue/ledger/tree"
	"khue/problem"
)

// The names of what lies in a data folder; docs/operate.md lists them.
const (
	DBFile         = "khue.db"
	KeyFile        = "log.key"
	PeopleKeyFile  = "people.key"
	LockFile       = "lock"
	CheckpointFile = "checkpoint"
	SocketFile     = "khue.sock"
	FilesDir       = "files"
	MailDir        = "mail"
	UploadsDir     = "uploads"
)

// Lock takes the data folder for this process until the file is closed; problem.InUse when another process has it.
func Lock(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, LockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, problem.Wrap(err, problem.Full)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, problem.Wrap(err, problem.InUse, "dir", dir)
	}
	return f, nil
}

// OriginOfKey reads the log's name out of its private key: the name is fixed when the log is made, whatever the public
// address becomes. "" when it is no such key.
func OriginOfKey(key string) string {
	rest, ok := strings.CutPrefix(key, "PRIVATE+KEY+")
	if !ok {
		return ""
	}
	name, _, ok := strings.Cut(rest, "+")
	if !ok {
		return ""
	}
	return name
}

// WriteFile replaces a file whole: written beside it, synced, renamed.
func WriteFile(path string, data []byte) error {
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

// RefuseOlder compares a log with the last checkpoint that was shown from a data folder: a shorter one would fork.
func RefuseOlder(dir string, l *ledger.Ledger) error {
	path := filepath.Join(dir, CheckpointFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := tree.ParseCheckpoint(string(data))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if c.Size > l.Size() {
		return problem.Wrap(errors.New("the log would fork"), problem.Precond, "have", strconv.FormatInt(l.Size(), 10), "shown", strconv.FormatInt(c.Size, 10))
	}
	return nil
}

// keepCheckpoint writes each new checkpoint beside the database, so that a restored older backup is noticed.
func (h *House) keepCheckpoint(ctx context.Context) error {
	last := int64(-1)
	for {
		changed := h.Ledger.Changed()
		if size := h.Ledger.SignedSize(); size != last && size > 0 {
			text, err := h.Ledger.Checkpoint(ctx)
			if err == nil {
				err = WriteFile(filepath.Join(h.Dir, CheckpointFile), []byte(text))
			}
			if err != nil && ctx.Err() == nil {
				h.Log.Error("keep the checkpoint", "err", err)
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
