package media

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"khue/problem"
)

// place gives where a file stands: folder/aa/bb/hash.
func (r *Room) place(id string) string { return filepath.Join(r.folder, id[:2], id[2:4], id) }

const thumbEnding = ".thumb"

// temp makes a file in the room's own file system, so that it can be renamed into place.
func (r *Room) temp() (*os.File, error) {
	dir := filepath.Join(r.folder, "new")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, problem.Wrap(err, problem.Full)
	}
	f, err := os.CreateTemp(dir, "up-")
	if err != nil {
		return nil, problem.Wrap(err, problem.Full)
	}
	return f, nil
}

// settle syncs a temporary file and renames it to its place, which is synced too. A file that is there already is left alone.
func (r *Room) settle(f *os.File, to string) error {
	if _, err := os.Stat(to); err == nil {
		return nil
	}
	if err := f.Sync(); err != nil {
		return onDisk(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return onDisk(err)
	}
	if err := os.Chmod(f.Name(), 0o600); err != nil {
		return onDisk(err)
	}
	if err := os.Rename(f.Name(), to); err != nil {
		return onDisk(err)
	}
	for _, dir := range []string{filepath.Dir(to), filepath.Dir(filepath.Dir(to)), r.folder} {
		if err := syncDir(dir); err != nil {
			return onDisk(err)
		}
	}
	return nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// write puts bytes through a temporary file to their place.
func (r *Room) write(data []byte, to string) error {
	f, err := r.temp()
	if err != nil {
		return err
	}
	defer discard(f)
	if _, err := f.Write(data); err != nil {
		return onDisk(err)
	}
	return r.settle(f, to)
}

// discard closes a temporary file and takes it away when it was not renamed.
func discard(f *os.File) {
	f.Close()           //nolint:errcheck // what had to last was synced before
	os.Remove(f.Name()) //nolint:errcheck // it is gone after a rename
}

// onDisk makes a full or read-only disk a problem that people understand.
func onDisk(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EDQUOT) {
		return problem.Wrap(err, problem.Full)
	}
	return err
}

// open opens a kept file; NotFound when it is not there.
func open(path string) (io.ReadSeekCloser, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, problem.Wrap(fmt.Errorf("its row is there, the file is not: %w", err), problem.NotFound)
	}
	return f, err
}
