package media

import (
	"io"
	"time"

	"khue/ledger"
	"khue/regulation"
	"khue/store"
)

// File is what is kept of an upload. It never changes.
type File struct {
	ID     string // SHA-256 of the kept bytes, in hex
	Kind   string // "image/jpeg", "application/pdf"
	Bytes  int64
	Width  int // in pixels, 0 for what is no picture
	Height int
	Thumb  bool // a small picture is kept beside it
	By     string
	At     time.Time
	Name   string // cleaned, with the ending of its kind; only from Put
}

// Picture says whether the file can be shown as a picture.
func (f File) Picture() bool { return f.Width > 0 }

// Attachment is a file beside a thing.
type Attachment struct {
	File    File
	Thing   string // "release/ID"
	Place   int
	Name    string
	Caption string
	Alt     string // words for those who do not see the picture
	Shown   bool   // goes out when the thing does
	At      time.Time
}

// Upload is a file that comes in.
type Upload struct {
	Name  string // as the sender calls it; not trusted
	Body  io.Reader
	Thing string // what it is for, "" when that is not there yet
}

// Config is what the room needs.
type Config struct {
	DB     *store.DB
	Ledger *ledger.Ledger
	Rules  *regulation.Rulebook
	Folder string // "data/files"; made when missing
	Now    func() time.Time
}

// Room keeps the files of one data folder.
type Room struct {
	db     *store.DB
	ledger *ledger.Ledger
	rules  *regulation.Rulebook
	folder string
	now    func() time.Time
	draw   chan struct{} // held while a picture is opened: one of 50 megapixels takes some 400 MB
}

// maxDrawing is how many pictures are opened at once.
const maxDrawing = 2

// New makes the room.
func New(c Config) *Room {
	return &Room{db: c.DB, ledger: c.Ledger, rules: c.Rules, folder: c.Folder, now: c.Now, draw: make(chan struct{}, maxDrawing)}
}
