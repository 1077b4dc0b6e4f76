package regulation

import "time"

// DutyState is where a duty (nhiệm vụ) stands.
type DutyState string

// The states of a duty.
const (
	DutyRunning DutyState = "running"  // trong hạn
	DutyPaused  DutyState = "paused"   // tạm dừng
	DutyMet     DutyState = "met"      // đúng hạn
	DutyMissed  DutyState = "missed"   // quá hạn, not yet done
	DutyMetLate DutyState = "met-late" // xong muộn
	DutyWaived  DutyState = "waived"   // được miễn
	DutyVoid    DutyState = "void"     // hủy
)

// DutyStates lists every state.
var DutyStates = []DutyState{DutyRunning, DutyPaused, DutyMet, DutyMissed, DutyMetLate, DutyWaived, DutyVoid}

// Open says whether the duty is still to be done.
func (s DutyState) Open() bool { return s == DutyRunning || s == DutyPaused || s == DutyMissed }

// Duty is what an office owes by a moment, and the rule that it rests on.
type Duty struct {
	ID        string
	Thing     string // "claim/ID"
	Kind      string // what is owed: "answer", "evidence"…
	Office    string // code of the office that owes it
	Holder    string // account that took it, "" for none
	Title     string
	Rule      int
	Act       string
	Article   string
	Mark      string // "law" or "own"
	ValidFrom string // of the rule's version
	Opened    time.Time
	Due       time.Time // with what pauses added
	State     DutyState
	PausedAt  time.Time // zero while it is not paused
	Ended     time.Time // when it was met, waived or voided
	Reason    string    // why it was waived or voided
	Version   int64

	facts  map[string]any
	paused time.Duration // of all pauses that ended
	stage  int           // reminders given
	next   time.Time     // when Tick has to look again
}

// act is what may happen to a duty.
type act string

const (
	actMeet   act = "meet"
	actMiss   act = "miss"
	actPause  act = "pause"
	actResume act = "resume"
	actWaive  act = "waive"
	actVoid   act = "void"
)

// transitions is the duty's state machine: what each act makes of each state; what is not here is refused. Meeting is refined
// by the clock: after the end it gives met-late.
var transitions = map[act]map[DutyState]DutyState{
	actMeet:   {DutyRunning: DutyMet, DutyPaused: DutyMet, DutyMissed: DutyMetLate},
	actMiss:   {DutyRunning: DutyMissed},
	actPause:  {DutyRunning: DutyPaused},
	actResume: {DutyPaused: DutyRunning},
	actWaive:  {DutyRunning: DutyWaived, DutyPaused: DutyWaived, DutyMissed: DutyWaived},
	actVoid:   {DutyRunning: DutyVoid, DutyPaused: DutyVoid, DutyMissed: DutyVoid},
}

// begun is the moment from which shares of the limit are counted: pauses move it as they move the end.
func (y Duty) begun() time.Time { return y.Opened.Add(y.paused) }

// share gives the moment at which a percentage of the limit has run.
func (y Duty) share(percent int) time.Time {
	return y.begun().Add(y.Due.Sub(y.begun()) * time.Duration(percent) / 100)
}

// schedule sets when Tick has to look next: at the first reminder not yet given, or just after the end.
func (y *Duty) schedule(stages []Stage) {
	y.next = y.Due.Add(time.Microsecond)
	for i := y.stage; i < len(stages); i++ {
		if stages[i].At < 100 {
			y.next = y.share(stages[i].At)
			break
		}
	}
}

// Stage is one step of escalation: at which share of the limit who is reminded.
type Stage struct {
	ID string   `yaml:"id"` // "half", "most", "end"
	At int      `yaml:"at"` // per cent of the limit; 100 is its end
	To []string `yaml:"to"` // "holder", or a role at the office
}

// Event is a fact that may open duties.
type Event struct {
	Kind   string // "claim.opened"
	Thing  string
	Office string
	At     time.Time
	Facts  map[string]any
	Title  string
}

// DutyFilter says which duties List gives; zero fields ask for all.
type DutyFilter struct {
	Office       string
	Thing        string
	Kind         string
	States       []DutyState
	DueBefore    time.Time
	OpenedAfter  time.Time
	OpenedBefore time.Time
	Limit        int // 0 means 500
}

// defaultEscalation holds where a rulebook gives none.
var defaultEscalation = []Stage{
	{ID: "half", At: 50, To: []string{"holder", string(FocalPoint)}},
	{ID: "most", At: 80, To: []string{"holder", string(FocalPoint)}},
	{ID: "end", At: 100, To: []string{string(OfficeHead)}},
}
