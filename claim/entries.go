package claim

import (
	"context"
	"time"

	"khue/ledger"
	"khue/regulation"
	"khue/store"
)

// body is what one kind of entry holds: ids, codes and hashes only.
type body interface{ kind() string }

// The entries of the room, all of version 1. Public are claim.published, claim.updated, claim.corrected and claim.shown;
// claim.opened is public when the centre shows at once that it is checking, and then holds the code alone.
type (
	reported struct {
		Report string `json:"report"`
		Code   string `json:"code"`
		Times  int64  `json:"times"`
	}
	opened struct {
		Code    string   `json:"code"`
		Office  string   `json:"office,omitempty"`
		Story   string   `json:"story,omitempty"`
		Reports []string `json:"reports,omitempty"`
		Urgent  bool     `json:"urgent,omitempty"`
		Impact  string   `json:"impact,omitempty"`
	}
	merged struct {
		Report string `json:"report"`
		Claim  string `json:"claim"`
	}
	dismissed struct {
		Report string `json:"report"`
	}
	taken struct {
		Claim string `json:"claim"`
	}
	asked struct {
		Claim    string `json:"claim"`
		Office   string `json:"office"`
		Question string `json:"question"`
	}
	evidenceAdded struct {
		Claim    string `json:"claim"`
		Evidence string `json:"evidence"`
		Kind     string `json:"kind"`
		Office   string `json:"office,omitempty"`
		Original bool   `json:"original"`
	}
	evidenceDecided struct {
		Claim    string `json:"claim"`
		Evidence string `json:"evidence"`
		State    string `json:"state"`
		Office   string `json:"office,omitempty"`
	}
	drafted struct {
		Claim   string `json:"claim"`
		Verdict string `json:"verdict"`
		Version int64  `json:"version"`
		Hash    string `json:"sha256"`
		HashEN  string `json:"sha256_en,omitempty"`
	}
	sentUp struct {
		Claim   string `json:"claim"`
		Version int64  `json:"version"`
	}
	disagreed struct {
		Claim   string `json:"claim"`
		Drafter string `json:"drafter"`
		Version int64  `json:"version"`
		Verdict string `json:"verdict"`
	}
	closed struct {
		Claim string `json:"claim"`
	}
	reopened struct {
		Claim   string   `json:"claim"`
		Reports []string `json:"reports,omitempty"`
	}
	leaving struct {
		Claim   string `json:"claim"`
		Version int64  `json:"version"`
	}
	undone struct {
		Claim   string `json:"claim"`
		Version int64  `json:"version"`
	}
	responded struct {
		Claim string `json:"claim"`
		Text  string `json:"text"` // its hash
	}
	shown struct {
		Code  string `json:"code"`
		Shown bool   `json:"shown"`
	}
	erased struct {
		Contacts int64 `json:"contacts"`
	}
	// publishedBody is public: who reads the log can hold a text against it.
	publishedBody struct {
		Code    string   `json:"code"`
		Verdict string   `json:"verdict"`
		Office  string   `json:"office,omitempty"` // the office responsible
		Version int      `json:"version"`          // the edition
		Before  int      `json:"before,omitempty"` // the edition that it takes the place of
		Langs   []string `json:"langs"`
		Hash    string   `json:"sha256"`
		HashEN  string   `json:"sha256_en,omitempty"`
		Note    string   `json:"note,omitempty"` // SHA-256 of the public note
		change  string
	}
)

func (reported) kind() string        { return "claim.reported" }
func (opened) kind() string          { return "claim.opened" }
func (merged) kind() string          { return "claim.merged" }
func (dismissed) kind() string       { return "claim.dismissed" }
func (taken) kind() string           { return "claim.taken" }
func (asked) kind() string           { return "claim.asked" }
func (evidenceAdded) kind() string   { return "claim.evidence-added" }
func (evidenceDecided) kind() string { return "claim.evidence-decided" }
func (drafted) kind() string         { return "claim.drafted" }
func (sentUp) kind() string          { return "claim.sent-up" }
func (disagreed) kind() string       { return "claim.disagreed" }
func (closed) kind() string          { return "claim.closed" }
func (reopened) kind() string        { return "claim.reopened" }
func (leaving) kind() string         { return "claim.leaving" }
func (undone) kind() string          { return "claim.undone" }
func (responded) kind() string       { return "claim.responded" }
func (shown) kind() string           { return "claim.shown" }
func (erased) kind() string          { return "claim.contacts-erased" }
func (b publishedBody) kind() string {
	switch b.change {
	case Correction:
		return "claim.corrected"
	case Update:
		return "claim.updated"
	}
	return "claim.published"
}

// enter appends an entry; it is the last thing that a command does in its transaction.
func (r *Room) enter(ctx context.Context, tx *store.Tx, by regulation.Actor, thing string, at time.Time, public bool, b body) error {
	_, err := r.ledger.Append(ctx, tx, ledger.Entry{Kind: b.kind(), Public: public, Actor: by.ID, Thing: thing, Body: b, At: at})
	return err
}

// enterPublic appends the public entry of an edition under the id that the edition holds.
func (r *Room) enterPublic(ctx context.Context, tx *store.Tx, by regulation.Actor, c Claim, e Edition) error {
	b := publishedBody{
		Code: c.Code, Verdict: string(e.Verdict), Office: c.Office, Version: e.N, Before: e.N - 1, Langs: []string{"vi"}, Hash: e.Hash, HashEN: e.HashEN, change: e.Change,
	}
	if e.HashEN != "" {
		b.Langs = append(b.Langs, "en")
	}
	if e.Note != "" {
		b.Note = textHash(e.Note)
	}
	_, err := r.ledger.Append(ctx, tx, ledger.Entry{ID: e.Entry, Kind: b.kind(), Public: true, Actor: by.ID, Thing: c.Ref(), Body: b, At: e.At})
	return err
}
