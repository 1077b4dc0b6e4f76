package regulation

import "time"

// Kinds of the ledger's entries about duties; all are private.
const (
	KindDutyOpened     = "duty.opened"
	KindDutyMet        = "duty.met"
	KindDutyPaused     = "duty.paused"
	KindDutyResumed    = "duty.resumed"
	KindDutyReassigned = "duty.reassigned"
	KindDutyReminded   = "duty.reminded"
	KindDutyMissed     = "duty.missed"
	KindDutyWaived     = "duty.waived"
	KindDutyVoid       = "duty.void"
	KindDutyTaken      = "duty.taken"
	KindDutyRecounted  = "duty.recounted"
)

// DutyEntry is the body of every entry about a duty (version 1): what it says of the duty as it stands after the entry. The
// entry's thing is what the duty is about. Reason is a code or what an officer wrote for the record, never an asker's words.
type DutyEntry struct {
	Duty      string    `json:"duty"`
	Kind      string    `json:"kind"`
	Office    string    `json:"office"`
	Holder    string    `json:"holder,omitempty"`
	Rule      int       `json:"rule"`
	ValidFrom string    `json:"valid_from"`
	Due       time.Time `json:"due"`
	State     DutyState `json:"state"`
	Stage     string    `json:"stage,omitempty"` // duty.reminded: which
	To        []string  `json:"to,omitempty"`    // duty.reminded: "holder" or roles at the office
	From      string    `json:"from,omitempty"`  // duty.reassigned: the office before
	Reason    string    `json:"reason,omitempty"`
}

func (y Duty) entry() DutyEntry {
	return DutyEntry{Duty: y.ID, Kind: y.Kind, Office: y.Office, Holder: y.Holder, Rule: y.Rule, ValidFrom: y.ValidFrom, Due: y.Due.UTC(), State: y.State, Reason: y.Reason}
}
