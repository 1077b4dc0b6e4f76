package inquiry

import (
	"slices"
	"time"

	"khue/problem"
	"khue/regulation"
)

// Kind says what was asked or raised.
type Kind string

// The kinds of inquiry.
const (
	Question    Kind = "question"    // câu hỏi báo chí, câu hỏi của người dân
	Interview   Kind = "interview"   // đề nghị phỏng vấn
	Matter      Kind = "matter"      // báo chí nêu
	Instruction Kind = "instruction" // giao xử lý
	Demand      Kind = "demand"      // yêu cầu trả lời trên báo
	Petition    Kind = "petition"    // kiến nghị báo chí chuyển
	Access      Kind = "access"      // yêu cầu cung cấp thông tin
	Challenge   Kind = "challenge"   // phản ánh thông tin sai
	Feedback    Kind = "feedback"    // góp ý
	Complaint   Kind = "complaint"   // khiếu nại, tố cáo: guided elsewhere only
)

// Kinds lists every kind.
var Kinds = []Kind{Question, Interview, Matter, Instruction, Demand, Petition, Access, Challenge, Feedback, Complaint}

// PressKinds and CitizenKinds are what the two forms offer.
var (
	PressKinds   = []Kind{Question, Interview, Demand, Petition, Challenge}
	CitizenKinds = []Kind{Question, Access, Challenge, Feedback, Complaint}
)

// Valid says whether the kind exists.
func (k Kind) Valid() bool { return slices.Contains(Kinds, k) }

// Reported says whether the kind ends with an office's report instead of an answer to an asker.
func (k Kind) Reported() bool { return k == Matter || k == Instruction }

// prefix is that of the readable code.
func (k Kind) prefix() string {
	switch k {
	case Matter:
		return "BCN"
	case Instruction:
		return "GX"
	}
	return "HD"
}

// fact is the kind as the rulebook's rules ask for it.
func (k Kind) fact() string {
	switch k {
	case Interview, Feedback, Complaint:
		return string(Question)
	}
	return string(k)
}

// State is where an inquiry stands.
type State string

// The states.
const (
	Received   State = "received"   // mới đến
	Accepted   State = "accepted"   // đã tiếp nhận
	Refused    State = "refused"    // từ chối có căn cứ
	Assigned   State = "assigned"   // đã chuyển
	Reassigned State = "reassigned" // đã chuyển lại, cơ quan mới chưa nhận
	Clarifying State = "clarifying" // chờ người hỏi
	Drafted    State = "drafted"    // có dự thảo
	Approved   State = "approved"   // đã duyệt
	Answered   State = "answered"   // đã trả lời
	FollowUp   State = "follow-up"  // hỏi thêm
	Closed     State = "closed"     // kết thúc
	Withdrawn  State = "withdrawn"  // người hỏi rút
	Guided     State = "guided"     // đã hướng dẫn nơi khác
)

// States lists every state in the order of the work.
var States = []State{Received, Accepted, Assigned, Reassigned, Clarifying, Drafted, Approved, Answered, FollowUp, Refused, Guided, Withdrawn, Closed}

// Open says whether somebody still has to do something for the asker.
func (s State) Open() bool {
	return slices.Contains([]State{Received, Accepted, Assigned, Reassigned, Clarifying, Drafted, Approved, FollowUp}, s)
}

// Verb is a step; it is also the verb of the act in the rulebook, "inquiry.accept".
type Verb string

// The steps that move an inquiry.
const (
	DoAccept    Verb = "accept"
	DoRefuse    Verb = "refuse"
	DoGuide     Verb = "guide"
	DoAssign    Verb = "assign"
	DoReassign  Verb = "reassign"
	DoTake      Verb = "take"
	DoClarify   Verb = "clarify"
	DoClarified Verb = "clarified"
	DoDraft     Verb = "draft"
	DoSendBack  Verb = "send-back"
	DoApprove   Verb = "approve"
	DoAnswer    Verb = "answer"
	DoReport    Verb = "report"
	DoFollowUp  Verb = "follow-up"
	DoReopen    Verb = "reopen"
	DoClose     Verb = "close"
	DoWithdraw  Verb = "withdraw"
)

// Transition is one row of the state machine; where To has several states, the room takes the one that the inquiry's past gives.
type Transition struct {
	Verb Verb
	From []State
	To   []State
}

var beforeClarifying = []State{Received, Accepted, Assigned, Reassigned, Drafted, FollowUp}

// Transitions is the whole state machine.
var Transitions = []Transition{
	{DoAccept, []State{Received}, []State{Accepted}},
	{DoRefuse, []State{Received, Accepted, Assigned, Reassigned, Clarifying, Drafted, FollowUp}, []State{Refused}},
	{DoGuide, []State{Received, Accepted}, []State{Guided}},
	{DoAssign, []State{Accepted, FollowUp}, []State{Assigned}},
	{DoReassign, []State{Assigned, Reassigned, Drafted}, []State{Reassigned}},
	{DoTake, []State{Reassigned}, []State{Assigned}},
	{DoClarify, beforeClarifying, []State{Clarifying}},
	{DoClarified, []State{Clarifying}, beforeClarifying},
	{DoDraft, []State{Accepted, Assigned, Reassigned, Drafted, FollowUp}, []State{Drafted}},
	{DoSendBack, []State{Drafted, Approved}, []State{Assigned, Accepted}},
	{DoApprove, []State{Drafted}, []State{Approved}},
	{DoAnswer, []State{Approved}, []State{Answered}},
	{DoReport, []State{Assigned, Reassigned}, []State{Answered}},
	{DoFollowUp, []State{Answered}, []State{FollowUp}},
	{DoReopen, []State{Answered, Closed}, []State{FollowUp}},
	{DoClose, []State{Answered, FollowUp, Refused, Guided}, []State{Closed}},
	{DoWithdraw, []State{Received, Accepted, Assigned, Reassigned, Clarifying, Drafted, Approved, FollowUp}, []State{Withdrawn}},
}

// next gives the state after a step; problem.State when the table does not have it.
func next(from State, verb Verb, wanted State) (State, error) {
	for _, t := range Transitions {
		if t.Verb != verb || !slices.Contains(t.From, from) {
			continue
		}
		if wanted == "" {
			return t.To[0], nil
		}
		if slices.Contains(t.To, wanted) {
			return wanted, nil
		}
	}
	return "", problem.New(problem.State, "state", "@inquiry.state."+string(from), "action", "@inquiry.verb."+string(verb))
}

// Allows says whether the table has the step from a state; pages show only such buttons.
func (s State) Allows(verb Verb) bool {
	_, err := next(s, verb, "")
	return err == nil
}

// PartState is where an office's part stands.
type PartState string

// The states of a part.
const (
	PartAsked    PartState = "asked"    // đã hỏi
	PartDrafted  PartState = "drafted"  // có dự thảo trong cơ quan
	PartApproved PartState = "approved" // lãnh đạo cơ quan đã duyệt
	PartUsed     PartState = "used"     // đã dùng trong câu trả lời
	PartDropped  PartState = "dropped"  // không cần nữa
)

// Part is what one office gives to an answer.
type Part struct {
	Office   string
	State    PartState
	Request  string // what the centre asks of this office, "" for the whole question
	Text     string // "" for a reader outside the office until its head approved
	Drafter  string
	Approver string
	Reason   string // why it was sent back, dropped
	Asked    time.Time
	Changed  time.Time
}

// Channel is the way by which an inquiry came.
type Channel string

// The channels.
const (
	ByForm  Channel = "form"
	ByPhone Channel = "phone"
	ByStory Channel = "story"
	ByDesk  Channel = "desk"
	ByAPI   Channel = "api"
)

// AskerKind says who asks, as the rulebook's rules ask for it.
type AskerKind string

// The kinds of asker.
const (
	Press   AskerKind = "press"
	Citizen AskerKind = "citizen"
	Office  AskerKind = "office" // the centre itself, for matters and instructions
)

// Verification says whether somebody has seen that an asker is a journalist.
type Verification string

// The states of verification; "" needs none.
const (
	VerifyWaiting Verification = "waiting"
	VerifyDone    Verification = "verified"
	VerifyFailed  Verification = "not-verified"
)

// Inquiry is one thing that was asked or raised, as the desk sees it.
type Inquiry struct {
	ID, Code     string
	Kind         Kind
	State        State
	Before       State // where it goes back to from clarifying
	Channel      Channel
	Asker        AskerKind
	Account      string // the asker's account, "" without
	Outlet       string // outlet's id, "" when not known
	Verification Verification
	Lang         string
	Urgent       bool
	Complex      bool
	Subject      string
	Body         string
	Purpose      string // of an interview (Luật Báo chí, Điều 33: purpose and questions beforehand)
	Story        string // "story/ID" of a matter
	Office       string // that leads the answer, "" until assigned
	Draft        string // the centre's
	Drafter      string
	Approver     string
	Ground       string
	Reason       string
	Round        int64 // 1, and one more with each follow-up
	Version      int64
	Author       string // account that wrote it down, "" for a form without account
	ChangedBy    string
	Received     time.Time
	Changed      time.Time
	Ended        time.Time

	Parts []Part // filled by Get
}

// Thing gives the inquiry as rights name it, for one office. Its author is who wrote it down at the desk, never the asker: askers
// see a Follow, not the work.
func (q Inquiry) Thing(office, drafter string) regulation.Thing {
	return regulation.Thing{Kind: "inquiry", ID: q.ID, Office: office, Author: q.Author, Drafter: drafter, State: string(q.State)}
}

// Ref is "inquiry/ID".
func (q Inquiry) Ref() string { return "inquiry/" + q.ID }

// Contact is how to reach an asker; it is erased some time after the end.
type Contact struct {
	Name, Email, Phone, Outlet string
	Erased                     time.Time
}

// MessageKind says what a message is.
type MessageKind string

// The kinds of message between asker and centre.
const (
	MsgQuestion  MessageKind = "question"  // centre to asker: please clarify
	MsgClarified MessageKind = "clarified" // asker to centre
	MsgFollowUp  MessageKind = "follow-up" // asker to centre
	MsgGuide     MessageKind = "guide"     // centre to asker: where to turn
)

// FromAsker says whether the asker wrote it.
func (k MessageKind) FromAsker() bool { return k == MsgClarified || k == MsgFollowUp }

// Message is one message between asker and centre.
type Message struct {
	ID      string
	Kind    MessageKind
	Account string // who wrote it at the centre
	Text    string
	At      time.Time
}

// Answer is what was answered in one round.
type Answer struct {
	Round    int64
	Public   bool
	Lang     string
	Title    string // of a public one
	Question string // as edited for publication
	Text     string
	Hash     string // of the sealed text, see SealedText
	Entry    string // ledger entry's id
	Drafter  string
	Approver string
	By       string
	At       time.Time

	Withdrawn time.Time // zero while it holds
	Reason    string    // of the withdrawal, public
}

// Step is one act in an inquiry's history, for the desk.
type Step struct {
	Verb   string
	Actor  string
	Office string
	Note   string
	At     time.Time
}
