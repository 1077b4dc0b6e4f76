package claim

import (
	"slices"
	"time"

	"khue/problem"
	"khue/regulation"
)

// State is where a claim or a report stands. Its words stand in the catalogue under "claim.state.<state>".
type State string

// The states.
const (
	Signalled State = "signalled" // mới phát hiện: a report nobody has opened
	Opened    State = "opened"    // đã mở
	Checking  State = "checking"  // đang kiểm chứng
	Drafted   State = "drafted"   // có dự thảo
	Awaiting  State = "awaiting"  // chờ người thứ hai
	Published State = "published" // đã công bố
	Appealed  State = "appealed"  // đang xem xét lại
	Confirmed State = "confirmed" // giữ nguyên
	Changed   State = "changed"   // đã sửa kết luận
	Closed    State = "closed"    // dừng, không kết luận
	Dismissed State = "dismissed" // a report that needs no check
)

// States lists the states of a claim in the order of its way.
var States = []State{Signalled, Opened, Checking, Drafted, Awaiting, Published, Appealed, Confirmed, Changed, Closed}

// AtWork lists the states in which somebody has something to do.
var AtWork = []State{Opened, Checking, Drafted, Awaiting}

// Act is what changes a claim. Each is the action "claim.<act>" of the rulebook.
type Act string

// The acts.
const (
	ActOpen     Act = "open"
	ActTake     Act = "take"
	ActAsk      Act = "ask"
	ActAdd      Act = "add-evidence"
	ActDraft    Act = "draft"
	ActSendUp   Act = "send-up"
	ActAgree    Act = "agree"
	ActDisagree Act = "disagree"
	ActClose    Act = "close"
	ActCorrect  Act = "correct"
	ActReopen   Act = "reopen"
	ActRespond  Act = "respond"
)

// transitions is the claim's state machine: what each act makes of each state. What is not here is refused.
var transitions = map[Act]map[State]State{
	ActOpen:     {Signalled: Opened},
	ActTake:     {Opened: Checking},
	ActAsk:      {Opened: Opened, Checking: Checking, Drafted: Drafted, Awaiting: Awaiting},
	ActAdd:      {Opened: Opened, Checking: Checking, Drafted: Drafted, Awaiting: Awaiting},
	ActDraft:    {Opened: Drafted, Checking: Drafted, Drafted: Drafted},
	ActSendUp:   {Drafted: Awaiting},
	ActAgree:    {Awaiting: Published},
	ActDisagree: {Awaiting: Checking},
	ActClose:    {Opened: Closed, Checking: Closed, Drafted: Closed, Awaiting: Closed},
	ActCorrect:  {Published: Drafted},
	ActReopen:   {Published: Checking, Closed: Checking},
	ActRespond:  {Published: Published, Checking: Checking, Drafted: Drafted, Awaiting: Awaiting},
}

// next gives the state after an act, or a problem that names state and act in words.
func (s State) next(a Act) (State, error) {
	to, ok := transitions[a][s]
	if !ok {
		return "", problem.New(problem.State, "state", "@claim.state."+string(s), "action", "@claim.act."+string(a))
	}
	return to, nil
}

// May says whether the state allows an act; who may do it is another question.
func (s State) May(a Act) bool {
	_, ok := transitions[a][s]
	return ok
}

// Impact is how far a claim reaches, as the law asks (Nghị định 244/2026/NĐ-CP, Điều 7 khoản 3 and 4).
type Impact string

// The impacts.
const (
	NoImpact Impact = "none"
	Major    Impact = "major"   // a major impact
	Divided  Impact = "divided" // divided public opinion
)

// Impacts lists them.
var Impacts = []Impact{NoImpact, Major, Divided}

// Topics are the subjects of glossary.md section 6; their words stand in the catalogue under "claim.topic.<topic>".
var Topics = []string{"transport", "city", "environment", "safety", "health", "education", "culture", "economy", "government"}

// Claim is one matter being checked.
type Claim struct {
	ID        string
	Code      string // "KC-2026-0031"
	State     State
	Version   int64  // of the draft and the state; evidence does not change it
	Edition   int    // number of the newest public edition, 0 for none
	Statement string // what is claimed
	Topic     string // one of Topics, "" for none
	Office    string // code of the office responsible, "" when none is known yet
	Story     string // id of the radar's story, "" for none
	Links     []string
	Urgent    bool
	Impact    Impact
	Shown     bool   // on the public list of what is being checked
	Press     bool   // the press carried it: a false one is answered there (Nghị định 244/2026/NĐ-CP, Điều 7 khoản 6)
	Author    string // account that opened it
	Holder    string // account that checks it
	Drafter   string // account that wrote the draft at hand
	Editor    string // account that saved it last
	Draft     Draft
	FirstSeen time.Time // first mention or report, as far as is known
	Opened    time.Time
	Published time.Time // of the first edition
	Updated   time.Time
	Reason    string // why it was closed

	// Leaves is when what a second person agreed to goes out; until then it can be taken back. Zero while nothing is held.
	Leaves   time.Time
	Seconder string // account that agreed to what is held

	Offices []string // that were asked, the responsible one first; filled by Get and List
}

// Ref names the claim as ledger, duties and rights do: "claim/ID".
func (c Claim) Ref() string { return "claim/" + c.ID }

// Thing gives the claim as rights ask for it, seen from an office ("" is the responsible one).
func (c Claim) Thing(office string) regulation.Thing {
	if office == "" {
		office = c.Office
	}
	return regulation.Thing{Kind: "claim", ID: c.ID, Office: office, Author: c.Author, Drafter: c.Drafter, State: string(c.State)}
}

// asked says whether the office was asked about the claim.
func (c Claim) asked(office string) bool {
	return office != "" && (office == c.Office || slices.Contains(c.Offices, office))
}

// Question is what an office was asked.
type Question struct {
	ID     string
	Office string
	Text   string
	Author string
	At     time.Time
}

// Done is one act in a claim's history.
type Done struct {
	Verb   string // an Act, or approve-evidence, return-evidence, withdraw-evidence, merge, show, hide; words under "claim.done.<verb>"
	Actor  string // account, "system:NAME", "" for a visitor
	Other  string // the other person: whose draft was agreed or disagreed with, whose evidence was approved
	Object string // office asked, verdict drafted, report merged
	Reason string
	At     time.Time
}
