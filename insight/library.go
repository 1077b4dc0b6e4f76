package insight

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"khue/claim"
	"khue/index"
	"khue/inquiry"
	"khue/ledger"
	"khue/problem"
	"khue/release"
	"khue/text/verify"
)

// Paper is one sealed text of the city: an edition of a release, a fact-check or a public answer, in one language.
type Paper struct {
	Room      string // "release", "claim", "inquiry"
	Thing     string // "release/ID"
	Code      string // TCBC-2026-0153
	Version   int
	Lang      string // "vi" or "en"
	Title     string
	Entry     string // id of its entry in the public log
	Digest    string // SHA-256 of the sealed text
	Published time.Time
	Status    PaperStatus
}

// PaperStatus says whether a paper still holds.
type PaperStatus string

// The states of a paper.
const (
	Holds      PaperStatus = "sealed"
	Superseded PaperStatus = "superseded" // a later edition took its place
	TakenBack  PaperStatus = "withdrawn"
)

// Path gives the public page of a paper, without language.
func (p Paper) Path() string {
	switch p.Room {
	case "claim":
		return "/claims/" + p.Code
	case "inquiry":
		return "/answers/" + p.Code
	}
	return "/r/" + p.Code
}

func (p Paper) id() string { return p.Code + " " + strconv.Itoa(p.Version) + " " + p.Lang }

// shelf holds every sealed text in memory, for verification and search. It is made anew at each start and follows the ledger.
type shelf struct {
	verify *verify.Library
	index  *index.Index

	mu     sync.RWMutex
	papers map[string]Paper    // by id; guarded by mu
	things map[string][]string // ids by thing; guarded by mu
	texts  map[string]string   // by id, for the first lines of a hit; guarded by mu
	loaded bool                // guarded by mu

	changes atomic.Int64
}

func newShelf() *shelf {
	return &shelf{verify: verify.NewLibrary(), index: index.New(index.Options{}), papers: map[string]Paper{}, things: map[string][]string{}, texts: map[string]string{}}
}

// FollowLibrary loads every sealed text and then follows the ledger until ctx ends. Pages are up before it has loaded.
func (r *Room) FollowLibrary(ctx context.Context) error {
	position := r.c.Ledger.Size() - 1
	if err := r.loadLibrary(ctx); err != nil {
		return fmt.Errorf("load the library: %w", err)
	}
	for {
		changed := r.c.Ledger.Changed()
		list, err := r.c.Ledger.After(ctx, position, 500)
		if err != nil {
			return err
		}
		for _, rec := range list {
			if err := r.shelve(ctx, rec); err != nil {
				r.c.Log.Error("library: an entry could not be shelved", "kind", rec.Kind, "thing", rec.Thing, "err", err)
			}
			if rec.Public {
				r.shelf.changes.Add(1)
			}
			position = rec.Position
		}
		if len(list) > 0 {
			continue
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil
		}
	}
}

func (r *Room) loadLibrary(ctx context.Context) error {
	s := r.shelf
	put := func(p Paper, body string) error { s.put(p, body); return nil }
	if err := r.c.Releases.Documents(ctx, time.Time{}, func(d release.Document) error { return put(ofRelease(d)) }); err != nil {
		return err
	}
	if err := r.c.Claims.Documents(ctx, func(d claim.Document) error { return put(ofClaim(d)) }); err != nil {
		return err
	}
	if err := r.c.Inquiries.Documents(ctx, func(d inquiry.Document) error { return put(ofInquiry(d)) }); err != nil {
		return err
	}
	s.mu.Lock()
	s.loaded = true
	s.mu.Unlock()
	s.changes.Add(1)
	return nil
}

// shelve takes up what a public entry changed.
func (r *Room) shelve(ctx context.Context, rec ledger.Record) error {
	if !rec.Public {
		return nil
	}
	room, id, _ := strings.Cut(rec.Thing, "/")
	s := r.shelf
	switch room {
	case "release":
		return r.c.Releases.DocumentsOf(ctx, id, func(d release.Document) error { s.put(ofRelease(d)); return nil })
	case "claim":
		return r.c.Claims.DocumentsOf(ctx, id, func(d claim.Document) error { s.put(ofClaim(d)); return nil })
	case "inquiry":
		return r.c.Inquiries.DocumentsOf(ctx, id, func(d inquiry.Document) error { s.put(ofInquiry(d)); return nil })
	}
	return nil
}

func ofRelease(d release.Document) (Paper, string) {
	p := Paper{Room: "release", Thing: d.Thing, Code: d.Code, Version: d.Version, Lang: d.Lang, Title: d.Title, Entry: d.Entry, Digest: d.SHA256, Published: d.Published, Status: Holds}
	switch {
	case d.State == release.Withdrawn:
		p.Status = TakenBack
	case d.Superseded:
		p.Status = Superseded
	}
	return p, d.Text
}

func ofClaim(d claim.Document) (Paper, string) {
	p := Paper{Room: "claim", Thing: d.Thing, Code: d.Code, Version: d.Version, Lang: d.Lang, Title: d.Title, Entry: d.Entry, Digest: d.Hash, Published: d.Published, Status: Holds}
	if !d.Current {
		p.Status = Superseded
	}
	return p, d.Text
}

func ofInquiry(d inquiry.Document) (Paper, string) {
	p := Paper{Room: "inquiry", Thing: d.Thing, Code: d.Code, Version: int(d.Version), Lang: d.Lang, Title: d.Title, Entry: d.Entry, Digest: d.Hash, Published: d.Published, Status: Holds}
	if d.State == "withdrawn" {
		p.Status = TakenBack
	}
	return p, d.Text
}

// put takes a paper up, or its new state. Only what holds is found by search; every edition is known to verification.
func (s *shelf) put(p Paper, body string) {
	id := p.id()
	shown := body
	if p.Status == TakenBack { // verification still knows it; its words are shown to nobody
		p.Title, shown = "", ""
	}
	s.mu.Lock()
	old, known := s.papers[id]
	s.papers[id] = p
	if !known {
		s.things[p.Thing] = append(s.things[p.Thing], id)
	}
	s.texts[id] = shown
	if !known {
		s.verify.Add(id, body) // under the lock: who knows the paper can check against it
	}
	s.mu.Unlock()
	switch {
	case p.Status == Holds && (!known || old.Status != Holds):
		s.index.Put(id, index.Field{Text: p.Title, Weight: titleWeight}, index.Field{Text: body, Weight: 1})
	case p.Status != Holds && known && old.Status == Holds:
		s.index.Delete(id)
	}
}

// titleWeight is how much more a word of the title counts.
const titleWeight = 4

// LibraryChanges grows whenever the library has taken up what a public entry changed, which is a moment after the entry is out. What
// was made of Search or Verify stands while it does not move.
func (r *Room) LibraryChanges() int64 { return r.shelf.changes.Load() }

// Loaded says whether every sealed text is in memory.
func (r *Room) Loaded() bool {
	r.shelf.mu.RLock()
	defer r.shelf.mu.RUnlock()
	return r.shelf.loaded
}

// Verification is the answer to "is this text the city's own?".
type Verification struct {
	verify.Result
	Paper Paper // zero when unknown
}

// maxVerify bounds a text that is checked, in bytes.
const maxVerify = 5 << 20

// Verify holds a text against every sealed one; problem.Loading until they are in memory, problem.Required for an empty text.
func (r *Room) Verify(given string) (Verification, error) {
	if strings.TrimSpace(given) == "" {
		return Verification{}, problem.Of("text", problem.Required)
	}
	if len(given) > maxVerify {
		return Verification{}, problem.Of("text", problem.Size, "n", strconv.Itoa(maxVerify>>20))
	}
	if !r.Loaded() {
		return Verification{}, problem.New(problem.Loading)
	}
	v := Verification{Result: r.shelf.verify.Check(given)}
	r.shelf.mu.RLock()
	v.Paper = r.shelf.papers[v.Document]
	r.shelf.mu.RUnlock()
	if v.Paper.Status == TakenBack { // what was taken back is not told to who has only a part of it
		v.Official, v.Runs = "", nil
		for i := range v.Changes {
			v.Changes[i].Official = ""
		}
	}
	return v, nil
}

// Turned gives the code of the city's paper that a text repeats with its sense turned, and counts the changes: a machine's sign. A
// verdict's own text is no paper here: who quotes it shortens it.
func (r *Room) Turned(text string) (code string, changes int, ok bool) {
	v := r.shelf.verify.Check(text)
	if v.Verdict != verify.Altered || v.Grade != verify.Critical {
		return "", 0, false
	}
	r.shelf.mu.RLock()
	defer r.shelf.mu.RUnlock()
	p := r.shelf.papers[v.Document]
	return p.Code, len(v.Changes), p.Code != "" && p.Room != "claim" && p.Status != TakenBack
}

// Papers gives every sealed text of a code, the newest edition first; problem.NotFound when there is none, problem.Loading while
// they are not yet in memory. The code may be written in any case.
func (r *Room) Papers(code string) ([]Paper, error) {
	code = strings.ToUpper(strings.TrimSpace(code))
	s := r.shelf
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []Paper
	for _, ids := range s.things {
		if p := s.papers[ids[0]]; p.Code == code {
			for _, id := range ids {
				list = append(list, s.papers[id])
			}
			break
		}
	}
	if len(list) == 0 {
		if !s.loaded {
			return nil, problem.New(problem.Loading)
		}
		return nil, problem.New(problem.NotFound)
	}
	slices.SortFunc(list, func(a, b Paper) int {
		if a.Version != b.Version {
			return b.Version - a.Version
		}
		return strings.Compare(b.Lang, a.Lang) // vi before en
	})
	return list, nil
}

// Sealed gives the words that were sealed of a paper.
func (r *Room) Sealed(p Paper) string {
	r.shelf.mu.RLock()
	defer r.shelf.mu.RUnlock()
	return r.shelf.texts[p.id()]
}

// Hit is a paper that a search found.
type Hit struct {
	Paper
	Score   float64
	Excerpt string
}

// Search finds public papers that hold, by their words with or without marks, the best first: words typed with marks prefer
// their own writing. An empty query finds nothing.
func (r *Room) Search(query string, limit int) ([]Hit, error) {
	if !r.Loaded() {
		return nil, problem.New(problem.Loading)
	}
	s := r.shelf
	var hits []Hit
	seen := map[string]bool{}
	for _, h := range s.index.Search(query, limit*2) {
		s.mu.RLock()
		p, body := s.papers[h.ID], s.texts[h.ID]
		s.mu.RUnlock()
		if seen[p.Thing] || len(hits) == limit {
			continue
		}
		seen[p.Thing] = true
		hits = append(hits, Hit{Paper: p, Score: h.Score, Excerpt: excerpt(body, query)})
	}
	return hits, nil
}

// excerpt gives the line of a text that shares most words with a query.
func excerpt(body, query string) string {
	asked := words(query)
	best, most := "", -1
	for line := range strings.SplitSeq(body, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		n := 0
		for _, w := range words(line) {
			if slices.Contains(asked, w) {
				n++
			}
		}
		if n > most {
			best, most = line, n
		}
	}
	return short(best)
}

// SealedTexts gives the number of sealed texts that are in memory.
func (r *Room) SealedTexts() int { return r.shelf.verify.Len() }
