package inquiry

// The kinds of ledger entry of this room. Bodies hold ids, codes and hashes only: no contacts, no text of an asker, no reasons.
const (
	EntryAsked        = "inquiry.asked"
	EntryNoted        = "inquiry.noted"
	EntryOpened       = "inquiry.opened" // a matter or an instruction
	EntryReclassified = "inquiry.reclassified"
	EntryVerified     = "inquiry.asker-verified"
	EntryAccepted     = "inquiry.accepted"
	EntryRefused      = "inquiry.refused"
	EntryGuided       = "inquiry.guided"
	EntryAssigned     = "inquiry.assigned"
	EntryReassigned   = "inquiry.reassigned"
	EntryOfficeAdded  = "inquiry.office-added"
	EntryTaken        = "inquiry.taken"
	EntryClarifying   = "inquiry.clarifying"
	EntryClarified    = "inquiry.clarified"
	EntryPartDrafted  = "inquiry.part-drafted"
	EntryPartReturned = "inquiry.part-returned"
	EntryPartApproved = "inquiry.part-approved"
	EntryReported     = "inquiry.reported"
	EntryDrafted      = "inquiry.drafted"
	EntrySentBack     = "inquiry.sent-back"
	EntryApproved     = "inquiry.approved"
	EntryToldPrivate  = "inquiry.answered-privately"
	EntryAnswered     = "inquiry.answered"         // public: its body opens
	EntryTakenBack    = "inquiry.answer-withdrawn" // public: its body opens
	EntryFollowUp     = "inquiry.followed-up"
	EntryClosed       = "inquiry.closed"
	EntryWithdrawn    = "inquiry.withdrawn"
	EntryErased       = "inquiry.asker-erased"
)

// codeBody names the inquiry by its readable code.
type codeBody struct {
	Code string `json:"code"`
	Kind Kind   `json:"kind,omitempty"`
}

// officeBody says which office and what its text hashes to.
type officeBody struct {
	Code   string `json:"code"`
	Office string `json:"office"`
	From   string `json:"from,omitempty"`
	Hash   string `json:"hash,omitempty"`
}

// groundBody is a refusal's ground.
type groundBody struct {
	Code   string `json:"code"`
	Ground string `json:"ground"`
}

// textBody holds a text by its hash.
type textBody struct {
	Code  string `json:"code"`
	Hash  string `json:"hash,omitempty"`
	Round int64  `json:"round"`
}

// AnsweredBody is the body of the public entry inquiry.answered (docs/format/seal.md): what anyone may check a printed or pasted
// answer against. There is no text in the log.
type AnsweredBody struct {
	Code    string   `json:"code"`
	Kind    Kind     `json:"kind"`
	Office  string   `json:"office,omitempty"` // that leads the answer
	Version int64    `json:"version"`          // the round
	Langs   []string `json:"langs"`
	SHA256  string   `json:"sha256"`
}

// WithdrawnBody is the body of the public entry inquiry.answer-withdrawn.
type WithdrawnBody struct {
	Code    string `json:"code"`
	Version int64  `json:"version"`
	Note    string `json:"note"` // SHA-256 of the public reason
}

// openedBody is a matter's or an instruction's beginning.
type openedBody struct {
	Code    string   `json:"code"`
	Kind    Kind     `json:"kind"`
	Story   string   `json:"story,omitempty"`
	Offices []string `json:"offices"`
}

// verifiedBody says what came of looking whether an asker is a journalist.
type verifiedBody struct {
	Code         string       `json:"code"`
	Verification Verification `json:"verification"`
}
