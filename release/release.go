package release

import (
	"context"
	"slices"
	"time"

	"khue/ledger"
	"khue/media"
	"khue/regulation"
	"khue/store"
)

// Kind is what sort of thing is said; its words stand in the catalogue under "release.kind.<kind>".
type Kind string

// The kinds of release.
const (
	PressRelease     Kind = "press-release"     // thông cáo báo chí
	PressInformation Kind = "press-information" // thông tin báo chí
	QuickNotice      Kind = "quick-notice"      // tin nhanh
	Statement        Kind = "statement"         // phát biểu
	Decision         Kind = "decision"          // chỉ đạo, điều hành
	Invitation       Kind = "invitation"        // giấy mời
	DataRelease      Kind = "data-release"      // công bố số liệu
)

// Kinds lists every kind in the order of menus.
var Kinds = []Kind{PressInformation, PressRelease, QuickNotice, Statement, Decision, Invitation, DataRelease}

var prefixes = map[Kind]string{PressRelease: "TCBC", PressInformation: "TTBC", QuickNotice: "TN", Statement: "PB", Decision: "CD", Invitation: "GM", DataRelease: "SL"}

// Valid says whether there is such a kind.
func (k Kind) Valid() bool { return slices.Contains(Kinds, k) }

// Topics are the subjects that a release can be about; their words stand in the catalogue under "release.topic.<topic>".
var Topics = []string{"transport", "city", "environment", "safety", "health", "education", "culture", "economy", "government"}

// State is where a release stands; its words stand in the catalogue under "release.state.<state>".
type State string

// The states of a release.
const (
	Draft     State = "draft"     // bản thảo
	Submitted State = "submitted" // chờ tiếp nhận
	Editing   State = "editing"   // đang biên tập
	Returned  State = "returned"  // chờ bổ sung
	Awaiting  State = "awaiting"  // chờ duyệt
	Approved  State = "approved"  // đã duyệt
	Scheduled State = "scheduled" // hẹn giờ
	Embargoed State = "embargoed" // chờ giờ công bố
	Published State = "published" // đã công bố
	Corrected State = "corrected" // đã đính chính
	Withdrawn State = "withdrawn" // đã thu hồi
	Declined  State = "declined"  // không dùng
)

// States lists every state in the order of the way.
var States = []State{Draft, Submitted, Editing, Returned, Awaiting, Approved, Scheduled, Embargoed, Published, Corrected, Withdrawn, Declined}

// Out says whether everybody may know of it: published, corrected or withdrawn.
func (s State) Out() bool { return s == Published || s == Corrected || s == Withdrawn }

// Change is what is being done to a release that is out.
type Change string

// The changes.
const (
	NoChange   Change = ""
	Update     Change = "update"     // cập nhật: new facts, nothing was wrong
	Correction Change = "correction" // đính chính: our text was wrong
)

// Text is what is said, in Vietnamese and, when it was written, in English. Bodies are Markdown.
type Text struct {
	Title, Lede, Body       string
	TitleEN, LedeEN, BodyEN string
}

// English says whether the English text was written.
func (t Text) English() bool { return t.TitleEN != "" && t.BodyEN != "" }

// Release is one thing said, or to be said, with its working text.
type Release struct {
	ID     string
	Code   string // TCBC-2026-0153
	Kind   Kind
	State  State
	Office string // whose it is
	Topic  string // one of Topics, "" for none
	Author string // account that sent it
	Holder string // account of the editor who took it
	// Contact is who at the office can be asked, as the sender wrote it; for the desk only.
	Contact string
	Version int64 // grows with every change; a stale one is problem.Conflict
	Text          // as it stands now; what is out is in Public

	SavedBy    string
	SavedAt    time.Time
	Edition    int // number of the newest version
	Approved   int // number of the version that was approved, 0 for none
	ApprovedBy string
	Public     int    // number of the version that is out, 0 for none
	Change     Change // what is being drafted beside what is out
	ChangeStep State  // Editing or Awaiting while there is a Change
	Note       string // public note of the change
	NoteEN     string
	At         time.Time // when it is to go out, while scheduled or embargoed
	Leaving    Verb      // Publish, Amendment… while it is held before leaving, "" else
	LeavesAt   time.Time // end of that hold
	LeavingBy  string

	Submitted time.Time
	Published time.Time // first edition
	Changed   time.Time // last change of any kind
	Withdrawn time.Time
	Reason    string // of the last return, decline, send-back or, in public, withdrawal
	ReasonEN  string
	Made      time.Time
}

// Thing gives the release as rights see it. drafter is who wrote the version at hand.
func (r Release) Thing(drafter string) regulation.Thing {
	return regulation.Thing{Kind: "release", ID: r.ID, Office: r.Office, Author: r.Author, Drafter: drafter, State: string(r.State)}
}

// Ref gives the release as the ledger names it.
func (r Release) Ref() string { return "release/" + r.ID }

// Version is the text at a moment. It never changes.
type Version struct {
	N      int
	Reason string // why it was made: "submitted", "amended", "edited", "update", "correction", or the editor's own words
	Text
	SHA256   string // of the canonical text, see docs/format/seal.md
	SHA256EN string // "" when there is no English
	Author   string
	At       time.Time
}

// Edition is a version that went out.
type Edition struct {
	N          int
	Kind       string // "first", "update", "correction"
	Note       string // public: what the version before said, and what is right
	NoteEN     string
	ApprovedBy string
	Entry      string // id of its entry in the public log
	At         time.Time
	SHA256     string
	SHA256EN   string
}

// File is an attachment as it went out with an edition.
type File struct {
	media.File
	Name, Caption, Alt string
}

// Config is what the room needs.
type Config struct {
	DB     *store.DB
	Ledger *ledger.Ledger
	Rules  *regulation.Rulebook
	Duties *regulation.Duties
	Media  *media.Room
	Now    func() time.Time
	// NameOf gives an account's name in a language, for "… vừa sửa"; people.Room has it.
	NameOf func(ctx context.Context, account, lang string) string
	// Hold is how long what leaves can be taken back; 0 means ten seconds, a negative time no hold at all.
	Hold time.Duration
}

// DefaultHold is how long what leaves can be taken back.
const DefaultHold = 10 * time.Second

// Room takes releases from their submission to their end.
type Room struct {
	c    Config
	now  func() time.Time
	wake chan struct{}
}

// New makes the room. The caller runs Run.
func New(c Config) *Room {
	if c.Hold == 0 {
		c.Hold = DefaultHold
	}
	if c.NameOf == nil {
		c.NameOf = func(_ context.Context, account, _ string) string { return account }
	}
	return &Room{c: c, now: c.Now, wake: make(chan struct{}, 1)}
}

// Hold gives how long what leaves can be taken back; 0 when there is no hold.
func (r *Room) Hold() time.Duration { return max(0, r.c.Hold) }
