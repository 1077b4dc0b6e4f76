package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path"
	"strings"

	"khue/ledger"
	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// Put judges and keeps a file. Problems name the field "files": Size, Kind (its name lies), Unsafe, Full; their argument "name" is
// the cleaned name. What is kept of a picture is its pixels only.
func (r *Room) Put(ctx context.Context, by regulation.Actor, in Upload) (File, error) {
	now := r.now()
	if err := r.rules.Can(by, "media.upload", regulation.Thing{Kind: "media"}, now); err != nil {
		return File{}, err
	}
	name := CleanName(in.Name)
	f, err := r.keep(name, in.Body)
	if err != nil {
		return File{}, err
	}
	f.By, f.At = by.ID, now
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		res, err := tx.Exec(ctx, sqlPut, f.ID, f.Kind, f.Bytes, f.Width, f.Height, store.Bool(f.Thumb), f.By, store.Micros(f.At))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 { // we have it already
			return err
		}
		_, err = r.ledger.Append(ctx, tx, ledger.Entry{
			Kind: "media.uploaded", Actor: by.ID, Thing: in.thing(f.ID), At: now,
			Body: EntryUploaded{File: f.ID, Kind: f.Kind, Bytes: f.Bytes},
		})
		return err
	})
	return f, err
}

func (u Upload) thing(file string) string {
	if u.Thing != "" {
		return u.Thing
	}
	return "file/" + file
}

// keep judges a body and puts it on the disk.
func (r *Room) keep(name string, body io.Reader) (File, error) {
	tmp, err := r.temp()
	if err != nil {
		return File{}, err
	}
	defer discard(tmp)
	h := sha256.New()
	size, err := io.Copy(io.MultiWriter(tmp, h), io.LimitReader(body, MaxBytes+1))
	if err != nil {
		return File{}, onDisk(err)
	}
	if size > MaxBytes {
		return File{}, refuse(name, problem.Size, fmt.Errorf("more than %d bytes", MaxBytes), MaxBytes)
	}
	if size == 0 {
		return File{}, refuse(name, problem.Kind, errors.New("empty"), 0)
	}
	kind, err := detect(tmp, size)
	if errors.Is(err, errUnsafe) {
		return File{}, refuse(name, problem.Unsafe, err, 0)
	} else if err != nil {
		return File{}, err
	}
	if kind == Text && (strings.EqualFold(path.Ext(name), ".csv") || strings.EqualFold(path.Ext(name), ".tsv")) {
		kind = CSV
	}
	if limit := kinds[kind].maxBytes; size > limit {
		return File{}, refuse(name, problem.Size, fmt.Errorf("%d bytes of %s", size, kind), limit)
	}
	if strings.HasPrefix(kind, "image/") {
		return r.keepPicture(name, kind, tmp, size)
	}
	fitted, ok := fitName(name, kind, kind)
	if !ok {
		return File{}, refuse(name, problem.Kind, fmt.Errorf("its content is %s", kind), 0)
	}
	f := File{ID: sum(h), Kind: kind, Bytes: size, Name: fitted}
	return f, r.settle(tmp, r.place(f.ID))
}

func (r *Room) keepPicture(name, kind string, tmp *os.File, size int64) (File, error) {
	data := make([]byte, size)
	if _, err := tmp.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		return File{}, err
	}
	p, err := r.redraw(data)
	if errors.Is(err, errLarge) || errors.Is(err, errUnsafe) {
		return File{}, refuse(name, problem.Unsafe, err, 0)
	} else if err != nil {
		return File{}, err
	}
	fitted, ok := fitName(name, kind, p.kind)
	if !ok {
		return File{}, refuse(name, problem.Kind, fmt.Errorf("its content is %s", kind), 0)
	}
	digest := sha256.Sum256(p.data)
	f := File{ID: hex.EncodeToString(digest[:]), Kind: p.kind, Bytes: int64(len(p.data)), Width: p.width, Height: p.height, Thumb: true, Name: fitted}
	if err := r.write(p.thumb, r.place(f.ID)+thumbEnding); err != nil {
		return File{}, err
	}
	return f, r.write(p.data, r.place(f.ID))
}

// redraw waits for its turn.
func (r *Room) redraw(data []byte) (picture, error) {
	r.draw <- struct{}{}
	defer func() { <-r.draw }()
	return redraw(data)
}

func sum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// refuse makes the problem of a file that is not kept.
func refuse(name string, code problem.Code, why error, limit int64) error {
	e := problem.Of("files", code, "name", name)
	if limit > 0 {
		e.Args["n"] = fmt.Sprint(limit >> 20)
	}
	e.Err = why
	return e
}

// Attach puts a kept file beside a thing, in the caller's transaction; a second time only its words change.
func (r *Room) Attach(ctx context.Context, tx *store.Tx, thing, file, name, caption string) error {
	_, err := tx.Exec(ctx, sqlAttach, thing, file, CleanName(name), oneLine(caption), store.Micros(r.now()))
	return err
}

// Describe sets what stands beside an attachment and whether it goes out with its thing, in the caller's transaction.
func (r *Room) Describe(ctx context.Context, tx *store.Tx, thing, file, caption, alt string, shown bool) error {
	_, err := tx.Exec(ctx, sqlDescribe, oneLine(caption), oneLine(alt), store.Bool(shown), thing, file)
	return err
}

// Detach takes a file from a thing, in the caller's transaction. The file itself stays.
func (r *Room) Detach(ctx context.Context, tx *store.Tx, thing, file string) error {
	_, err := tx.Exec(ctx, sqlDetach, thing, file)
	return err
}

// oneLine makes a caption one line of at most 500 letters.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")), " ")
	if r := []rune(s); len(r) > 500 {
		s = string(r[:500])
	}
	return s
}

// Judge tells the kind of a file's content without keeping it; a problem as Put gives it. For tests and tools.
func Judge(data []byte) (string, error) {
	kind, err := detect(bytes.NewReader(data), int64(len(data)))
	if errors.Is(err, errUnsafe) {
		return "", problem.Wrap(err, problem.Unsafe)
	}
	return kind, err
}
