package radar

import (
	"time"

	"khue/radar/fetch"
	"khue/regulation"
)

// SourceState is whether a source is visited.
type SourceState string

// The states of a source.
const (
	Active SourceState = "active" // đang theo dõi
	Paused SourceState = "paused" // tạm dừng
)

// Source (nguồn) is where words come from: most are visited, some send or are uploaded.
type Source struct {
	ID       string
	Kind     SourceKind
	Address  string // of the feed, the page or the stream; "khue:KIND/…" where there is none
	Page     string // that the feed belongs to, "" when it does not say
	Name     string
	Note     string
	Group    string // nhóm: "Báo chí/Hà Nội"
	Beat     string // mảng: the topic that it mostly tells of, "" for none
	Trust    Trust
	Owner    string // account of who looks after it, "" for nobody
	Settings Settings
	State    SourceState
	AddedBy  string
	AddedAt  time.Time
	Version  int64

	// ETag is where the last visit ended: the answer's mark, the newest post of a timeline, the time of a stream's last event.
	ETag         string
	LastModified string
	Every        time.Duration // between two visits
	Next         time.Time     // when it is visited next
	Last         time.Time     // when it was visited last, zero before the first visit
	Good         time.Time     // when a visit last went well
	Fault        fetch.Kind    // why the last visit failed, "" when it went well
	FaultStatus  int           // HTTP status of that fault, 0 for none
	Failures     int           // visits that failed one after another
	PerDay       float64       // new mentions a day over the last week; filled by queries
}

// Thing gives the source as rights and the ledger name it.
func (s Source) Thing() regulation.Thing {
	return regulation.Thing{Kind: "source", ID: s.ID, Office: centre, Author: s.AddedBy, State: string(s.State)}
}

// centre is the code of the office that keeps the radar.
const centre = "TTBC"

// The rhythm of visits: as often as a source brings something new, within these bounds.
const (
	minEvery   = 5 * time.Minute
	firstEvery = 15 * time.Minute
	maxEvery   = 6 * time.Hour
	// maxBackoff bounds the wait after failures.
	maxBackoff = 24 * time.Hour
	// emptyEvery bounds the wait for a feed that has never held anything.
	emptyEvery = 2 * time.Hour
)

// rhythm gives the time until the next visit: sooner after news, later after silence.
func rhythm(every time.Duration, fresh int) time.Duration {
	switch {
	case every == 0:
		return firstEvery
	case fresh > 3:
		every /= 2
	case fresh == 0:
		every += every / 2
	}
	return min(max(every, minEvery), maxEvery)
}

// backoff gives the time until the next visit after a number of failures, doubled each time; what the server asked for wins
// when it is longer.
func backoff(failures int, asked time.Duration) time.Duration {
	d := firstEvery
	for i := 1; i < failures && d < maxBackoff; i++ {
		d *= 2
	}
	return max(min(d, maxBackoff), asked)
}

// Mention (lượt nhắc) is one thing that a source published.
type Mention struct {
	ID        string
	Source    string // its id
	URL       string
	Title     string
	Text      string // of the article, or the feed's own summary while that is all there is
	Lang      string // "vi", "en" or "other"
	Published time.Time
	Clamped   bool // the time it gave cannot be: Published is when we saw it
	Seen      time.Time
	Story     string // "" while it is not yet grouped
	CopyOf    string // the mention whose text it repeats, "" for none
}

// StoryState is how alive a story is.
type StoryState string

// The states of a story.
const (
	Live    StoryState = "live"    // đang diễn biến
	Cooling StoryState = "cooling" // đang lắng
	Closed  StoryState = "closed"  // đã lắng
)

// When a story without a new mention cools and closes.
const (
	coolsAfter  = 24 * time.Hour
	closesAfter = 72 * time.Hour
)

// Story (luồng tin) is what several mentions tell of one matter.
type Story struct {
	ID       string
	Headline string
	Lang     string
	State    StoryState
	Merged   string // the story that it became part of, "" for none
	First    string // the mention that said it first
	FirstAt  time.Time
	LastAt   time.Time
	Mentions int
	Voices   int // texts of their own; a copy is no voice
	Sources  int
}

// Thing gives the story as rights and the ledger name it.
func (s Story) Thing() regulation.Thing {
	return regulation.Thing{Kind: "story", ID: s.ID, Office: centre, State: string(s.State)}
}

// stateAt gives a story's state at a moment: it follows from the time of its last mention.
func stateAt(last, now time.Time) StoryState {
	switch quiet := now.Sub(last); {
	case quiet >= closesAfter:
		return Closed
	case quiet >= coolsAfter:
		return Cooling
	}
	return Live
}
