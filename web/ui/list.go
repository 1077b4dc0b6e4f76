package ui

import (
	"time"

	"github.com/a-h/templ"

	"khue/catalogue"
)

// Row is one thing of a list of work: what it is, whose, how long is left, the one next thing.
type Row struct {
	ID    string // element id, stable between renderings: "HD-2026-0418"
	Sign  templ.Component
	Title string
	Href  string
	Sub   string // code and circumstances in one line
	Who   string
	Whose templ.Component // below Who: who has taken it, or a form to take it; may be nil
	Clock templ.Component // a Clock, or Note; may be nil
	Next  string          // words of the next step; "" for none
	// NextHref is where the next step is; when NextPost is true it is sent as a POST by a small form.
	NextHref string
	NextPost bool
}

// Figure is one number of a Tally.
type Figure struct {
	Number string // as Number or Percent gives it
	Label  string
	Href   string // list behind the number, may be ""
	Alarm  bool   // marked in amber: something is late
}

// RiverItem is one thing in the stream of time.
type RiverItem struct {
	ID    string
	Time  time.Time
	Title string
	Href  string
	Sub   string
	Body  templ.Component // a correction note, a sign; may be nil
}

// Pair is a term and what it is.
type Pair struct {
	Term  string
	Text  string
	Value templ.Component // instead of Text when not nil
}

// Cell is one cell of a Table.
type Cell struct {
	Text  string
	Href  string
	Value templ.Component // instead of Text when not nil
}

// Column heads a column; Number aligns it to the right.
type Column struct {
	Name   string
	Number bool
}

// Tab is one of several views of a page.
type Tab struct {
	Label   string
	Href    string
	Count   int
	Current bool
}

// RunKind says what a Run of a word diff is.
type RunKind string

// Kinds of runs.
const (
	Equal   RunKind = "equal"
	Deleted RunKind = "del"
	Added   RunKind = "ins"
)

// Run is a stretch of a word diff. Loud marks what changes the sense: a number, a date, money, a negation.
type Run struct {
	Kind RunKind
	Text string
	Loud bool
}

// HistoryItem is one act: time, name (role), "đã" + what was done.
type HistoryItem struct {
	Time   time.Time
	Who    string // "Lê Thu Phong (biên tập viên)"; "" is the machine: "Hệ thống"
	What   string // "đã duyệt bản 3"
	Reason string
	Href   string
}

// Attachment is a file beside a release, a question or a claim.
type Attachment struct {
	Name  string
	Href  string
	Bytes int64
	Kind  string // short name shown when there is no picture: "PDF"
	Thumb string // address of a small picture, "" for none
	Alt   string // words for the picture
	Note  string // caption, rights
}

// Crumb is one step of the way to a page; the last one, the page itself, has no Href.
type Crumb struct {
	Label, Href string
}

// Version is one state of a text that was kept: a draft sent up, a published edition.
type Version struct {
	Name    string // "bản 3"
	Time    time.Time
	Who     string
	Note    string // why it was made: "Đính chính số hộ"
	Href    string // the text as it stood
	Compare string // the word diff against the one before, "" for the first
	Current bool
}

// Finding is what a verification (kiểm tra văn bản) found, in words.
type Finding struct {
	Lang     catalogue.Lang
	Kind     SignKind // Good authentic, Care abridged, Bad altered, Unknown not found
	Word     string   // "Đã bị sửa"
	Headline string   // "Bản bạn dán khác văn bản của thành phố ở hai chỗ quan trọng"
	Runs     []Run    // the pasted text against the official one; nil shows none
	Seal     templ.Component
	Steps    []string // how it was compared, each a sentence; nil shows none
}
