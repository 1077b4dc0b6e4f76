package radar

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"khue/problem"
	"khue/radar/feed"
	"khue/radar/social"
	"khue/radar/table"
	"khue/regulation"
	"khue/store"
)

const (
	// stagedFor is how long an uploaded file waits for its columns to be named.
	stagedFor = 2 * time.Hour
	// previewRows is how many rows a look before taking in gives.
	previewRows = 12
	// mostBad bounds the bad rows that are told one by one.
	mostBad = 100
)

// Staged is an uploaded table that waits for its columns to be named.
type Staged struct {
	Token   string // names it until it is taken in or forgotten
	Format  table.Format
	Head    []string
	Rows    [][]string // the first of them, by the head's columns
	Mapping table.Mapping
}

// Import says what became of an uploaded file.
type Import struct {
	Brought
	Rows   int         // that held anything
	Bad    []table.Bad // the first of those that could not be taken
	BadAll int
	// Stopped is where the file could not be read on, 0 when it was read to its end; what stood before is taken in.
	Stopped int
	Why     string // of Stopped: a key of the catalogue
}

// Stage keeps an uploaded table and looks at it: its columns, its first rows, and what most likely stands where. Who may not bring for the
// source is refused before anything is read. The file is forgotten after two hours; until then it is the uploader's alone.
func (r *Room) Stage(ctx context.Context, by regulation.Actor, source string, body io.Reader) (Staged, error) {
	s, err := r.mayUpload(ctx, by, source)
	if err != nil {
		return Staged{}, err
	}
	if s.Kind != KindUpload {
		return Staged{}, problem.Of("file", problem.Invalid, "why", "@source.not-table")
	}
	r.forgetStaged()
	token := rand.Text()
	f, err := r.stageFile(by, token, true)
	if err != nil {
		return Staged{}, err
	}
	defer f.Close()
	n, err := io.Copy(f, io.LimitReader(body, table.MaxBytes+1))
	if err == nil && n > table.MaxBytes {
		err = table.ErrSize
	}
	var st Staged
	if err == nil {
		st, err = lookAt(f, n)
	}
	if err != nil {
		os.Remove(f.Name())
		return Staged{}, tableProblem(err)
	}
	st.Token = token
	if m := s.Settings.Columns; m != nil { // the last table's columns, where this one has them all
		if _, missing := m.For(st.Head, zone); len(missing) == 0 && m.Any() {
			st.Mapping = *m
		}
	}
	return st, nil
}

// Restage looks again at a table that waits.
func (r *Room) Restage(ctx context.Context, by regulation.Actor, source, token string) (Staged, error) {
	if _, err := r.mayUpload(ctx, by, source); err != nil {
		return Staged{}, err
	}
	f, err := r.stageFile(by, token, false)
	if err != nil {
		return Staged{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Staged{}, err
	}
	st, err := lookAt(f, info.Size())
	st.Token = token
	return st, err
}

func (r *Room) mayUpload(ctx context.Context, by regulation.Actor, source string) (Source, error) {
	s, err := r.mayBring(ctx, by, source)
	if err == nil && (!s.Kind.Uploads() || r.folder == "") {
		err = problem.Of("file", problem.Invalid, "why", "@source.not-upload")
	}
	return s, err
}

func lookAt(f io.ReaderAt, size int64) (Staged, error) {
	t, err := table.Open(f, size)
	if err != nil {
		return Staged{}, err
	}
	st := Staged{Format: t.Format, Head: t.Head, Mapping: table.Guess(t.Head)}
	for len(st.Rows) < previewRows {
		row, err := t.Next()
		if err != nil { // its place is told when it is taken in
			break
		}
		if !row.Broken {
			st.Rows = append(st.Rows, row.Cells)
		}
	}
	return st, nil //nolint:nilerr // a row at fault is told when it is taken in
}

// tokenForm is that of rand.Text.
var tokenForm = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// stageFile opens or makes the file of a token. Its name holds who brought it, so that a token alone opens nothing.
func (r *Room) stageFile(by regulation.Actor, token string, make bool) (*os.File, error) {
	if !tokenForm.MatchString(token) {
		return nil, problem.Of("file", problem.Expired)
	}
	sum := sha256.Sum256([]byte(by.ID + "\n" + token))
	name := filepath.Join(r.folder, "upload-"+hex.EncodeToString(sum[:16]))
	if !make {
		f, err := os.Open(name)
		if errors.Is(err, os.ErrNotExist) {
			return nil, problem.Of("file", problem.Expired)
		}
		return f, err
	}
	if err := os.MkdirAll(r.folder, 0o700); err != nil {
		return nil, problem.Wrap(err, problem.Full)
	}
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, problem.Wrap(err, problem.Full)
	}
	return f, nil
}

// forgetStaged removes files that nobody took in. Files know the machine's clock alone.
func (r *Room) forgetStaged() {
	list, err := filepath.Glob(filepath.Join(r.folder, "upload-*"))
	if err != nil {
		return
	}
	for _, name := range list {
		if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) > stagedFor {
			os.Remove(name)
		}
	}
}

// tableProblem says in words why a table cannot be read.
func tableProblem(err error) error {
	var f *table.Fault
	switch {
	case errors.Is(err, table.ErrSize):
		return problem.Of("file", problem.Size, "n", itoa(table.MaxBytes>>20))
	case errors.Is(err, table.ErrEmpty):
		return wrong("file", "@radar.fault.empty", err)
	case errors.Is(err, table.ErrKind):
		return wrong("file", "@table.no-table", err)
	case errors.As(err, &f), errors.Is(err, table.ErrBroken):
		return wrong("file", "@table.broken", err)
	}
	return err
}

// TakeTable takes in a table that waits, by its columns. Rows that cannot be taken are told by their line; the others are kept, five
// hundred in a transaction, and a table that is taken in twice adds nothing the second time.
func (r *Room) TakeTable(ctx context.Context, by regulation.Actor, source, token string, m table.Mapping) (Import, error) {
	s, err := r.mayUpload(ctx, by, source)
	if err != nil {
		return Import{}, err
	}
	if !m.Any() {
		return Import{}, problem.Of("title", problem.Required)
	}
	f, err := r.stageFile(by, token, false)
	if err != nil {
		return Import{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Import{}, err
	}
	t, err := table.Open(f, info.Size())
	if err != nil {
		return Import{}, tableProblem(err)
	}
	columns, missing := m.For(t.Head, zone)
	if len(missing) > 0 {
		return Import{}, problem.Of("title", problem.Invalid, "why", strings.Join(missing, ", "))
	}
	out, err := r.takeRows(ctx, by, s, t, columns)
	if err != nil {
		return out, err
	}
	s.Settings.Columns = &m
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sqlSettings, s.Settings.text(), s.ID)
		return err
	})
	if err == nil {
		os.Remove(f.Name())
	}
	return out, err
}

func (r *Room) takeRows(ctx context.Context, by regulation.Actor, s Source, t *table.Table, c table.Columns) (Import, error) {
	b := &batch{r: r, by: by, s: s, way: "table"}
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return b.out, b.flush(ctx)
		}
		if err != nil {
			if e := b.flush(ctx); e != nil {
				return b.out, e
			}
			return b.stop(err)
		}
		b.out.Rows++
		it, bad := c.Item(row)
		if bad != nil {
			if b.out.BadAll++; len(b.out.Bad) < mostBad {
				b.out.Bad = append(b.out.Bad, *bad)
			}
			continue
		}
		if err := b.add(ctx, it); err != nil {
			return b.out, err
		}
	}
}

// batch keeps entries, so many in a transaction.
type batch struct {
	r    *Room
	by   regulation.Actor
	s    Source
	way  string
	held []feed.Item
	out  Import
}

func (b *batch) add(ctx context.Context, it feed.Item) error {
	if it.ID == "" {
		it.ID = nameOfEntry(Entry{Title: it.Title, Text: it.Content})
	}
	if b.held = append(b.held, it); len(b.held) < MaxEntries {
		return nil
	}
	return b.flush(ctx)
}

func (b *batch) flush(ctx context.Context) error {
	if len(b.held) == 0 {
		return nil
	}
	err := b.r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := b.r.bring(ctx, tx, b.by, b.s, b.held, b.way)
		if err == nil {
			b.out.Added, b.out.Known = b.out.Added+n.Added, b.out.Known+n.Known
		}
		return err
	})
	b.held = b.held[:0]
	if err == nil {
		b.r.poke()
	}
	return err
}

// stop says where a table could not be read on; what stood before is kept.
func (b *batch) stop(err error) (Import, error) {
	var f *table.Fault
	switch {
	case errors.As(err, &f):
		b.out.Stopped, b.out.Why = f.Line, "table.broken"
	case errors.Is(err, table.ErrSize):
		b.out.Stopped, b.out.Why = table.MaxRows, "table.too-many"
	default:
		return b.out, err
	}
	return b.out, nil
}

// TakeTelegram takes in the export of a public channel (result.json) for a source of kind telegram.
func (r *Room) TakeTelegram(ctx context.Context, by regulation.Actor, source string, body io.Reader) (Import, error) {
	s, err := r.mayUpload(ctx, by, source)
	if err != nil {
		return Import{}, err
	}
	if s.Kind != KindTelegram {
		return Import{}, problem.Of("file", problem.Invalid, "why", "@source.not-telegram")
	}
	b := &batch{r: r, by: by, s: s, way: "telegram"}
	_, err = social.Telegram(body, social.Handle(s.Address), zone, func(_ int, it feed.Item) error {
		b.out.Rows++
		return b.add(ctx, it)
	})
	if e := b.flush(ctx); e != nil {
		return b.out, e
	}
	switch {
	case err == nil:
		return b.out, nil
	case errors.Is(err, social.ErrPrivate):
		return b.out, wrong("file", "@source.private-chat", err)
	case errors.Is(err, social.ErrNoExport):
		return b.out, wrong("file", "@source.no-export", err)
	case b.out.Rows > 0 && ctx.Err() == nil && !isOurs(err):
		b.out.Stopped, b.out.Why = b.out.Rows, "table.broken"
		return b.out, nil
	}
	return b.out, err
}

// isOurs says whether a fault came of keeping, not of the file.
func isOurs(err error) bool {
	return problem.CodeOf(err) != problem.Internal || errors.Is(err, context.Canceled)
}
