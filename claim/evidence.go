package claim

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// EvidenceKind is what a piece of evidence (căn cứ) is. Its words stand in the catalogue under "claim.evidence.<kind>".
type EvidenceKind string

// The kinds of evidence.
const (
	ByFile    EvidenceKind = "file"      // a document or picture
	ByLink    EvidenceKind = "link"      // an address
	ByPassage EvidenceKind = "passage"   // words of a published release
	ByWord    EvidenceKind = "statement" // what an office says
)

// EvidenceKinds lists them.
var EvidenceKinds = []EvidenceKind{ByWord, ByFile, ByLink, ByPassage}

// EvidenceState is where a piece of evidence stands.
type EvidenceState string

// The states of evidence: what the centre adds is approved at once, what an office gives is proposed first.
const (
	Proposed EvidenceState = "proposed" // waits for the office's head
	Approved EvidenceState = "approved"
	Returned EvidenceState = "returned" // the head did not let it leave
	Removed  EvidenceState = "removed"  // taken back by who gave it
)

// Evidence is one thing that a verdict rests on.
type Evidence struct {
	ID       string
	Claim    string
	Kind     EvidenceKind
	State    EvidenceState
	Office   string // whose word it is, "" for the centre's own finding
	Title    string
	Text     string // the statement, or the passage word by word
	Link     string
	Source   string // id of the release that a passage is of
	Code     string // its code
	File     string // media id
	Original bool   // a primary document (căn cứ gốc)
	Open     bool   // shown on the public page
	Author   string
	Approver string
	Reason   string // why it was returned
	At       time.Time
	Decided  time.Time
}

// Ref names the evidence as files do: "evidence/ID". A file is visible as its evidence is.
func (e Evidence) Ref() string { return "evidence/" + e.ID }

// AddEvidenceInput is one piece of evidence.
type AddEvidenceInput struct {
	Claim    string
	Kind     EvidenceKind
	Office   string // as whose word; "" is found from the actor's posts
	Title    string
	Text     string
	Link     string
	Release  string // code or id, for a passage
	File     string // media id
	FileName string
	Original bool
	Open     bool
}

// AddEvidence adds a piece of evidence: the centre's own is there at once, an office's is proposed to its head.
func (r *Room) AddEvidence(ctx context.Context, by regulation.Actor, in AddEvidenceInput) (Evidence, error) {
	now := r.now()
	in.Title, in.Text, in.Link = tidy(in.Title), strings.TrimSpace(in.Text), strings.TrimSpace(in.Link)
	c, err := r.read(ctx, r.db, in.Claim)
	if err != nil {
		return Evidence{}, err
	}
	office := in.Office
	if office == "" {
		office = officeOf(by, c)
	}
	if err := r.rules.Can(by, "claim.add-evidence", c.Thing(office), now); err != nil {
		return Evidence{}, err
	}
	if office != "" && !c.asked(office) {
		return Evidence{}, problem.New(problem.NotFound)
	}
	if err := checkEvidence(in); err != nil {
		return Evidence{}, err
	}
	e := Evidence{
		ID: store.NewID(), Claim: c.ID, Kind: in.Kind, State: Proposed, Office: office, Title: in.Title, Text: in.Text, Link: in.Link, File: in.File,
		Original: in.Original, Open: in.Open, Author: by.ID, At: now,
	}
	if office == "" {
		e.State, e.Approver, e.Decided = Approved, by.ID, now
	}
	if in.Kind == ByPassage {
		if err := r.findPassage(ctx, &e, in.Release); err != nil {
			return Evidence{}, err
		}
	}
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := r.step(ctx, tx, c.ID, ActAdd, by, now); err != nil {
			return err
		}
		if err := insertEvidence(ctx, tx, e); err != nil {
			return err
		}
		if e.File != "" && r.attach != nil {
			if err := r.attach(ctx, tx, e.Ref(), e.File, in.FileName, e.Title); err != nil {
				return err
			}
		}
		if err := r.did(ctx, tx, c.ID, Done{Verb: string(ActAdd), Actor: by.ID, Object: office, At: now}); err != nil {
			return err
		}
		return r.enter(ctx, tx, by, c.Ref(), now, false, evidenceAdded{Claim: c.ID, Evidence: e.ID, Kind: string(e.Kind), Office: office, Original: e.Original})
	})
	return e, err
}

// officeOf gives the office in whose name the actor gives evidence: "" for the centre's analysts and editors.
func officeOf(by regulation.Actor, c Claim) string {
	if by.Has(regulation.Analyst, "") || by.Has(regulation.Editor, "") {
		return ""
	}
	for _, o := range append([]string{c.Office}, c.Offices...) {
		for _, role := range []regulation.Role{regulation.FocalPoint, regulation.Officer, regulation.OfficeHead, regulation.Spokesman} {
			if o != "" && by.Has(role, o) {
				return o
			}
		}
	}
	return c.Office
}

func checkEvidence(in AddEvidenceInput) error {
	var l problem.List
	if !slices.Contains(EvidenceKinds, in.Kind) {
		l.Add("kind", problem.Required)
		return l
	}
	if in.Title == "" {
		l.Add("title", problem.Required)
	}
	long(&l, "title", in.Title, 300)
	long(&l, "text", in.Text, 20_000)
	if in.Link != "" && !isLink(in.Link) {
		l.Add("link", problem.Invalid, "why", "@claim.why.link")
	}
	switch {
	case in.Kind == ByFile && in.File == "":
		l.Add("file", problem.Required)
	case in.Kind == ByLink && in.Link == "":
		l.Add("link", problem.Required)
	case in.Kind == ByWord && in.Text == "":
		l.Add("text", problem.Required)
	case in.Kind == ByPassage:
		if in.Text == "" {
			l.Add("text", problem.Required)
		}
		if strings.TrimSpace(in.Release) == "" {
			l.Add("release", problem.Required)
		}
	}
	return l.Or()
}

// findPassage holds the quoted words against the published release.
func (r *Room) findPassage(ctx context.Context, e *Evidence, release string) error {
	if r.passage == nil {
		return problem.New(problem.Unavail, "what", "release")
	}
	p, err := r.passage(ctx, strings.TrimSpace(release))
	if problem.CodeOf(err) == problem.NotFound {
		return problem.List{problem.Of("release", problem.Invalid, "why", "@claim.why.release")}
	}
	if err != nil {
		return err
	}
	if !strings.Contains(words(p.Title+"\n"+p.Text), words(e.Text)) {
		return problem.List{problem.Of("text", problem.Invalid, "why", "@claim.why.passage")}
	}
	e.Source, e.Code = p.ID, p.Code
	return nil
}

// DecideInput names a piece of evidence and, when it is returned or taken back, why.
type DecideInput struct {
	Evidence string
	Reason   string
}

// ApproveEvidence makes a proposed piece the office's word: the head's act, or that of who stands in. The centre sees it from
// now on, and the office's duty to give evidence is met.
func (r *Room) ApproveEvidence(ctx context.Context, by regulation.Actor, in DecideInput) (Evidence, error) {
	return r.decide(ctx, by, in, "approve-evidence", Approved)
}

// ReturnEvidence keeps a proposed piece inside the office, with the reason.
func (r *Room) ReturnEvidence(ctx context.Context, by regulation.Actor, in DecideInput) (Evidence, error) {
	in.Reason = strings.TrimSpace(in.Reason)
	if in.Reason == "" {
		return Evidence{}, problem.List{problem.Of("reason", problem.Required)}
	}
	return r.decide(ctx, by, in, "return-evidence", Returned)
}

// RemoveEvidence takes a piece back before it was published: who gave it may.
func (r *Room) RemoveEvidence(ctx context.Context, by regulation.Actor, in DecideInput) (Evidence, error) {
	return r.decide(ctx, by, in, "remove-evidence", Removed)
}

func (r *Room) decide(ctx context.Context, by regulation.Actor, in DecideInput, verb string, to EvidenceState) (e Evidence, err error) {
	now := r.now()
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if e, err = readEvidence(ctx, tx, in.Evidence); err != nil {
			return err
		}
		c, err := r.read(ctx, tx, e.Claim)
		if err != nil {
			return err
		}
		t := c.Thing(e.Office)
		t.Author, t.Drafter = e.Author, e.Author
		if err := r.rules.Can(by, "claim."+verb, t, now); err != nil {
			return err
		}
		open := e.State == Proposed || to == Removed && e.State == Approved
		if !open || !slices.Contains(AtWork, c.State) {
			return problem.New(problem.State, "state", "@claim.state."+string(c.State), "action", "@claim.act."+verb)
		}
		was := string(e.State)
		e.State, e.Approver, e.Reason, e.Decided = to, by.ID, in.Reason, now
		if err := one(tx.Exec(ctx, sqlDecideEvidence, string(to), by.ID, in.Reason, store.Micros(now), e.ID, was, was)); err != nil {
			return err
		}
		if to == Approved && r.duties != nil {
			if err := r.meet(ctx, tx, by, c, e.Office); err != nil {
				return err
			}
		}
		if err := r.did(ctx, tx, c.ID, Done{Verb: verb, Actor: by.ID, Other: e.Author, Object: e.Office, Reason: in.Reason, At: now}); err != nil {
			return err
		}
		return r.enter(ctx, tx, by, c.Ref(), now, false, evidenceDecided{Claim: c.ID, Evidence: e.ID, State: string(to), Office: e.Office})
	})
	return e, err
}

// originals counts the approved primary documents of a claim.
func originals(ctx context.Context, r store.Reader, claim string) (n int, err error) {
	err = r.QueryRow(ctx, sqlCountOriginals, claim).Scan(&n)
	return n, err
}

// needEvidence refuses a verdict that wants a primary document and has none.
func needEvidence(ctx context.Context, r store.Reader, c Claim) error {
	if !c.Draft.Verdict.NeedsOriginal() {
		return nil
	}
	n, err := originals(ctx, r, c.ID)
	if err != nil {
		return fmt.Errorf("count evidence of %s: %w", c.Code, err)
	}
	if n == 0 {
		return problem.Of("verdict", problem.Evidence)
	}
	return nil
}
