package release

import "time"

// EntryStep is the body of the private entries: release.submitted, taken, returned, amended, declined, edited, sent-up, sent-back,
// approved, scheduled, embargoed, unscheduled, change-drafted, change-dropped, leaving (the hold began) and undone.
type EntryStep struct {
	Code    string `json:"code"`
	State   State  `json:"state"`             // afterwards
	Version int    `json:"version"`           // number of the newest version
	Change  Change `json:"change,omitempty"`  // an update or a correction is being drafted
	At      string `json:"at,omitempty"`      // when it is to go out
	Leaving Verb   `json:"leaving,omitempty"` // what is held
}

// EntryPublic is the body of the public entries release.published, updated, corrected and withdrawn. It holds no text, so that the
// log never keeps what had to be taken back: digests only.
type EntryPublic struct {
	Code     string   `json:"code"`
	Kind     Kind     `json:"kind"`
	Office   string   `json:"office"`
	Version  int      `json:"version"`
	Before   int      `json:"before,omitempty"` // the version that it takes the place of
	Langs    []string `json:"langs"`
	SHA256   string   `json:"sha256"` // of the canonical text, docs/format/seal.md
	SHA256EN string   `json:"sha256_en,omitempty"`
	Files    []string `json:"files,omitempty"` // SHA-256 of each attachment
	Note     string   `json:"note,omitempty"`  // SHA-256 of the public note or reason
	Approved string   `json:"approved,omitempty"`
}

// entryKinds names the ledger's kind of each verb.
var entryKinds = map[Verb]string{
	VerbSubmit: "release.submitted", VerbTake: "release.taken", VerbReturn: "release.returned", VerbAmend: "release.amended",
	VerbDecline: "release.declined", VerbEdit: "release.edited", VerbSendUp: "release.sent-up", VerbSendBack: "release.sent-back",
	VerbApprove: "release.approved", VerbSchedule: "release.scheduled", VerbEmbargo: "release.embargoed",
	VerbUnschedule: "release.unscheduled", VerbDraft: "release.change-drafted", VerbDrop: "release.change-dropped",
	VerbPublish: "release.published", VerbUpdate: "release.updated", VerbCorrect: "release.corrected",
	VerbWithdraw: "release.withdrawn", VerbUndo: "release.undone",
}

const entryLeaving = "release.leaving"

func (r Release) entry() EntryStep {
	e := EntryStep{Code: r.Code, State: r.State, Version: r.Edition, Change: r.Change, Leaving: r.Leaving}
	if !r.At.IsZero() {
		e.At = r.At.UTC().Format(time.RFC3339)
	}
	return e
}
