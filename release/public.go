package release

import (
	"context"
	"time"

	"khue/release/prose"
	"khue/store"
)

// Public is a release as everybody sees it: the edition that is out. Of a withdrawn one there is no text, only since when and why.
type Public struct {
	ID     string
	Code   string
	Kind   Kind
	State  State
	Office string
	Topic  string
	N      int // number of the version that is out
	Text
	SHA256    string
	SHA256EN  string
	Published time.Time // first edition
	Changed   time.Time // this edition, or the withdrawal
	Edition   string    // "first", "update", "correction"
	Note      string    // of this edition
	NoteEN    string
	Entry     string // of this edition in the public log
	Withdrawn time.Time
	Reason    string // of the withdrawal
	ReasonEN  string
}

func scanPublic(row store.Row) (Public, error) {
	var p Public
	var published, withdrawn, at int64
	err := row.Scan(&p.ID, &p.Code, &p.Kind, &p.State, &p.Office, &p.N, &published, &withdrawn, &p.Reason, &p.ReasonEN, &p.Title, &p.Lede, &p.Body,
		&p.TitleEN, &p.LedeEN, &p.BodyEN, &p.SHA256, &p.SHA256EN, &p.Edition, &p.Note, &p.NoteEN, &at, &p.Entry, &p.Topic)
	p.Published, p.Withdrawn, p.Changed = store.Time(published), store.Time(withdrawn), store.Time(at)
	if p.State == Withdrawn {
		p.Changed = p.Withdrawn
		p.Text = Text{}
	} else {
		p.Reason, p.ReasonEN = "", "" // of a step inside the house
	}
	return p, err
}

// Public gives what is out under a code; NotFound for everything else.
func (r *Room) Public(ctx context.Context, code string) (Public, error) {
	p, err := scanPublic(r.c.DB.QueryRow(ctx, sqlPublic, code))
	return p, store.NotFound(err)
}

// EditionText gives the text of an edition that went out, a later one may have taken its place; NotFound when it never went out, or
// when the release was withdrawn.
func (r *Room) EditionText(ctx context.Context, id string, n int) (Text, error) {
	v, err := scanVersion(r.c.DB.QueryRow(ctx, sqlEditionText, id, n))
	return v.Text, store.NotFound(err)
}

// PublicFiles gives the files of the edition that is out; none of a withdrawn one.
func (r *Room) PublicFiles(ctx context.Context, p Public) ([]File, error) {
	if p.State == Withdrawn {
		return nil, nil
	}
	rows, err := r.c.DB.Query(ctx, sqlFiles, p.ID, p.N)
	return store.All(rows, err, func(w store.Row) (f File, err error) {
		var thumb int64
		err = w.Scan(&f.ID, &f.Kind, &f.Bytes, &f.Width, &f.Height, &thumb, &f.Name, &f.Caption, &f.Alt)
		f.Thumb = thumb == 1
		return f, err
	})
}

// FilePublic says whether a file is part of an edition that is out now. It is false from the moment of a withdrawal.
func (r *Room) FilePublic(ctx context.Context, file string) (bool, error) {
	var n int
	err := r.c.DB.QueryRow(ctx, sqlFilePublic, file).Scan(&n)
	return n > 0, err
}

// Page says which part of what is out Published gives; zero fields ask for all.
type Page struct {
	Office    string
	Kind      Kind
	Topic     string
	Words     string
	Since     time.Time
	Until     time.Time // before this moment
	Withdrawn bool      // those too, without their text
	After     string    // the cursor of the page before
	Limit     int       // 0 means 30, at most 200
}

// Published gives what is out, newest first by its first edition, and the cursor of the next page, "" at the end.
func (r *Room) Published(ctx context.Context, p Page) ([]Public, string, error) {
	at, id, err := cursor(p.After)
	if err != nil {
		return nil, "", err
	}
	if p.After == "" && !p.Until.IsZero() {
		at = store.Micros(p.Until)
	}
	limit := limit(p.Limit, 30)
	list, err := r.publics(ctx, sqlPublished, p.Office, string(p.Kind), like(p.Words), store.Micros(p.Since), at, id, store.Bool(p.Withdrawn), p.Topic, limit+1)
	next := ""
	if len(list) > limit {
		list = list[:limit]
		next = mark(list[limit-1].Published, list[limit-1].ID)
	}
	return list, next, err
}

// Changes gives what was corrected, updated or withdrawn since a moment, the newest change first.
func (r *Room) Changes(ctx context.Context, since time.Time, max int) ([]Public, error) {
	return r.publics(ctx, sqlChanges, store.Micros(since), limit(max, 30))
}

func (r *Room) publics(ctx context.Context, query string, args ...any) ([]Public, error) {
	rows, err := r.c.DB.Query(ctx, query, args...)
	return store.All(rows, err, scanPublic)
}

// Document is one sealed text for verification: every edition, in each language that it has.
type Document struct {
	Thing      string // "release/ID"
	Code       string
	Kind       Kind
	Office     string
	Version    int
	Lang       string // "vi" or "en"
	Title      string
	Text       string // canonical, docs/format/seal.md
	SHA256     string
	Published  time.Time
	Entry      string // in the public log
	State      State  // of the release
	Superseded bool   // a later edition took its place
}

// Documents hands every sealed text that went out since a moment to fn, in order; fn's error ends it. Withdrawn ones are told too, so
// that a copy of one is recognised.
func (r *Room) Documents(ctx context.Context, since time.Time, fn func(Document) error) error {
	return r.documents(ctx, fn, sqlDocuments, store.Micros(since))
}

// DocumentsOf is Documents for one release.
func (r *Room) DocumentsOf(ctx context.Context, id string, fn func(Document) error) error {
	return r.documents(ctx, fn, sqlDocumentsOf, id)
}

func (r *Room) documents(ctx context.Context, fn func(Document) error, query string, args ...any) error {
	rows, err := r.c.DB.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var d Document
		var id, edition string
		var public int
		var at int64
		var t Text
		if err := rows.Scan(&id, &d.Code, &d.Kind, &d.Office, &d.State, &public, &d.Version, &t.Title, &t.Lede, &t.Body, &t.TitleEN, &t.LedeEN, &t.BodyEN, &at, &d.Entry, &edition); err != nil {
			return err
		}
		d.Thing, d.Published, d.Superseded = "release/"+id, store.Time(at), d.Version != public
		if err := fn(d.in("vi", t.Title, t.Canonical())); err != nil {
			return err
		}
		if t.English() {
			if err := fn(d.in("en", t.TitleEN, t.CanonicalEN())); err != nil {
				return err
			}
		}
	}
	return rows.Err()
}

func (d Document) in(lang, title, text string) Document {
	d.Lang, d.Title, d.Text, d.SHA256 = lang, title, text, prose.Sum(text)
	return d
}
