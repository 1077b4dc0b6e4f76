package warn

import (
	"time"

	"khue/radar/trend"
)

// Kind is what a signal is a sign of.
type Kind string

// The kinds of signals.
const (
	Burst       Kind = "burst"       // tăng đột biến
	KnownFalse  Kind = "known-false" // tin đã bác bỏ lặp lại
	Altered     Kind = "altered"     // văn bản bị sửa
	Rumour      Kind = "rumour"      // tin đồn
	Coordinated Kind = "coordinated" // đăng đồng loạt
)

// Kinds are all of them, in the order in which people are shown them.
var Kinds = []Kind{KnownFalse, Altered, Rumour, Coordinated, Burst}

// Again is the shortest time after which a kind is given again for the same story.
const Again = 6 * time.Hour

// Lapses is how long a signal stands when nobody acts on it.
const Lapses = 72 * time.Hour

// A Mention is what the detector is told of one thing that was said, with the story that it was put into.
type Mention struct {
	ID      string
	At      time.Time
	Source  string
	Account uint64 // whose post it is, as a keyed number; 0 where the source speaks for itself
	URL     string
	Title   string
	Text    string

	Story  uint64
	New    bool    // it opened the story
	Copy   bool    // it says what another said before
	CopyOf string  // the first of them
	Near   float64 // how near its story was, 0 to 1
}

// words gives title and text as one.
func (m *Mention) words() string {
	if m.Title == "" {
		return m.Text
	}
	return m.Title + "\n" + m.Text
}

// A Signal says that a story is worth a look, and why.
type Signal struct {
	Kind    Kind
	At      time.Time // of the mention that showed it
	Story   uint64
	Score   float64 // of its kind: for Rumour and KnownFalse a probability
	Thing   string  // the claim or document that it touches, "" for the other kinds
	Reasons []Reason
}

// A Reason is one ground of a signal: the key of a sentence, and what goes into it. Numbers are told as they are; who shows them
// writes them as the reader's language does.
type Reason struct {
	Key  string         `json:"key"`
	With map[string]any `json:"with,omitempty"`
}

// Checks are what the city has said and found before. Either may be nil. They are called from Add, for each mention: no query belongs
// in them.
type Checks struct {
	// Refuted finds the fact-check that the words repeat the refuted claim of.
	Refuted func(words string) (claim string, score float64, ok bool)
	// Turned finds the official text that a text repeats with its sense turned, and counts the changes.
	Turned func(text string) (document string, changes int, ok bool)
}

// Options set the detector; zero values stand for good ones.
type Options struct {
	Trend  trend.Options
	Rumour float64 // probability from which on a story is told as a rumour; 0.5
}

type told struct {
	kind  Kind
	story uint64
}

// Detector follows the stories. It belongs to one goroutine.
type Detector struct {
	opt    Options
	checks Checks
	trend  *trend.Detector
	rumour map[uint64]*hearsay
	crowd  *crowd
	last   map[told]time.Time
	swept  time.Time
}

// New makes a detector that knows no story.
func New(o Options, c Checks) *Detector {
	if o.Rumour == 0 {
		o.Rumour = 0.5
	}
	return &Detector{opt: o, checks: c, trend: trend.New(o.Trend), rumour: map[uint64]*hearsay{}, crowd: newCrowd(), last: map[told]time.Time{}}
}

// Check lets mentions be held against other checks from now on.
func (d *Detector) Check(c Checks) { d.checks = c }

// Add takes a mention in and gives the signals that it shows. Mentions come in the order of time, give or take.
func (d *Detector) Add(m Mention) []Signal {
	d.sweep(m.At)
	var list []Signal
	give := func(s Signal) {
		key := told{s.Kind, m.Story}
		if last, ok := d.last[key]; ok && m.At.Sub(last) < Again {
			return
		}
		d.last[key] = m.At
		s.At, s.Story = m.At, m.Story
		list = append(list, s)
	}
	if !m.Copy {
		d.known(&m, give)
		d.hear(&m, give)
	}
	d.crowd.add(&m, give)
	// The detector of bursts keeps its own six hours.
	if b, ok := d.trend.Add(trend.Mention{At: m.At, Story: m.Story, Source: m.Source, New: m.New, Copy: m.Copy, Near: m.Near}); ok {
		list = append(list, Signal{Kind: Burst, At: b.At, Story: b.Story, Score: b.Score, Reasons: []Reason{{"burst", map[string]any{
			"sources": b.Voices, "hours": trend.Span.Hours(), "expected": b.Expected,
		}}}})
	}
	return list
}

// known holds a mention against what was checked before and what the city has said.
func (d *Detector) known(m *Mention, give func(Signal)) {
	if d.checks.Refuted != nil {
		words := m.words()
		if claim, score, ok := d.checks.Refuted(words); ok && !refutes(words) {
			give(Signal{Kind: KnownFalse, Score: score, Thing: claim, Reasons: []Reason{{"known", map[string]any{"claim": claim}}}})
		}
	}
	if d.checks.Turned != nil {
		if document, n, ok := d.checks.Turned(m.Text); ok {
			give(Signal{Kind: Altered, Score: 1, Thing: document, Reasons: []Reason{{"altered", map[string]any{"document": document, "n": n}}}})
		}
	}
}

// Merge tells the detector that a story turned out to be part of another.
func (d *Detector) Merge(from, into uint64) {
	d.trend.Merge(from, into)
	d.mergeHearsay(from, into)
	d.crowd.merge(from, into)
	for _, kind := range Kinds {
		if at, ok := d.last[told{kind, from}]; ok {
			delete(d.last, told{kind, from})
			if to := (told{kind, into}); at.After(d.last[to]) {
				d.last[to] = at
			}
		}
	}
}

// forget is after how long without a word a story's state goes.
const forget = 48 * time.Hour

func (d *Detector) sweep(now time.Time) {
	if now.Sub(d.swept) < time.Hour {
		return
	}
	d.swept = now
	for key, at := range d.last {
		if now.Sub(at) >= Again {
			delete(d.last, key)
		}
	}
	for story, h := range d.rumour {
		if now.Sub(h.Last) > forget {
			delete(d.rumour, story)
		}
	}
	d.crowd.sweep(now)
}

// Stories is the number of stories whose state is held.
func (d *Detector) Stories() int { return d.trend.Len() }
