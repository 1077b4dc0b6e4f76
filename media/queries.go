package media

import (
	"context"
	"io"

	"khue/problem"
	"khue/store"
)

// scanFile reads the columns of a File, and more behind them.
func scanFile(row store.Row, more ...any) (File, error) {
	var f File
	var thumb, at int64
	err := row.Scan(append([]any{&f.ID, &f.Kind, &f.Bytes, &f.Width, &f.Height, &thumb, &f.By, &at}, more...)...)
	f.Thumb, f.At = thumb == 1, store.Time(at)
	return f, err
}

// Get gives what is known of a kept file; NotFound when there is none.
func (r *Room) Get(ctx context.Context, id string) (File, error) {
	f, err := scanFile(r.db.QueryRow(ctx, sqlFile, id))
	return f, store.NotFound(err)
}

// Open opens a kept file; the caller closes it. Whether the asker may see it is for the caller to decide, by Things.
func (r *Room) Open(ctx context.Context, id string) (io.ReadSeekCloser, File, error) {
	f, err := r.Get(ctx, id)
	if err != nil {
		return nil, f, err
	}
	body, err := open(r.place(f.ID))
	return body, f, err
}

// OpenThumb opens the small picture (JPEG) of a kept picture.
func (r *Room) OpenThumb(ctx context.Context, id string) (io.ReadSeekCloser, File, error) {
	f, err := r.Get(ctx, id)
	if err != nil {
		return nil, f, err
	}
	if !f.Thumb {
		return nil, f, problem.New(problem.NotFound)
	}
	body, err := open(r.place(f.ID) + thumbEnding)
	return body, f, err
}

// Of gives the attachments of a thing in their order.
func (r *Room) Of(ctx context.Context, q store.Reader, thing string) ([]Attachment, error) {
	rows, err := q.Query(ctx, sqlOf, thing)
	return store.All(rows, err, func(w store.Row) (a Attachment, err error) {
		var shown, at int64
		a.File, err = scanFile(w, &a.Thing, &a.Place, &a.Name, &a.Caption, &a.Alt, &shown, &at)
		a.Shown, a.At = shown == 1, store.Time(at)
		return a, err
	})
}

// Things gives what a file is attached to: "release/ID".
func (r *Room) Things(ctx context.Context, file string) ([]string, error) {
	rows, err := r.db.Query(ctx, sqlThings, file)
	return store.All(rows, err, func(w store.Row) (thing string, err error) {
		var shown int64
		err = w.Scan(&thing, &shown)
		return thing, err
	})
}
