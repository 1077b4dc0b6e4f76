package mail

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Folder keeps each message as a file "NAME.eml" in a folder, for a demo and for tests. The same message makes the same file.
type Folder struct {
	dir, from, fromName string
}

// NewFolder makes the folder (0700).
func NewFolder(dir, from, fromName string) (*Folder, error) {
	if _, err := Address(from); err != nil {
		return nil, fmt.Errorf("mail: from %q is no address", from)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("mail: folder: %w", err)
	}
	return &Folder{dir: dir, from: from, fromName: fromName}, nil
}

// Send writes the file whole: beside it first, then renamed. Its name begins with the time, so that a listing is in order.
func (f *Folder) Send(ctx context.Context, m Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	data, err := Bytes(m, f.from, f.fromName)
	if err != nil {
		return err
	}
	path := filepath.Join(f.dir, m.At.UTC().Format("20060102-150405")+"-"+messageID(m.ID, f.from)[:12]+".eml")
	tmp := path + ".new"
	file, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	return nil
}
