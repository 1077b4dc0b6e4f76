package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"khue/inquiry"
	"khue/people"
	"khue/regulation"
)

// Inquiry is a question or a matter as the desk sees it. Who asked is shown to the centre only, and not in lists.
type Inquiry struct {
	Mark
	ID       string          `json:"id"`
	Code     string          `json:"code" example:"HD-2026-0001"`
	Kind     string          `json:"kind" example:"question"`
	State    string          `json:"state" example:"assigned"`
	Version  int64           `json:"version" example:"3"`
	Asker    string          `json:"asker" example:"press"`
	Channel  string          `json:"channel" example:"api"`
	Urgent   bool            `json:"urgent"`
	Subject  string          `json:"subject"`
	Body     string          `json:"body,omitempty"`
	Office   string          `json:"office,omitempty" example:"SXD"`
	Draft    string          `json:"draft,omitempty"`
	Ground   string          `json:"ground,omitempty"`
	Reason   string          `json:"reason,omitempty"`
	Round    int64           `json:"round" example:"1"`
	Received time.Time       `json:"received"`
	Ended    time.Time       `json:"ended,omitzero"`
	Contact  *AskerContact   `json:"contact,omitempty"`
	Parts    []InquiryPart   `json:"parts,omitempty"`
	Messages []AskerMessage  `json:"messages,omitempty"`
	Answers  []InquiryAnswer `json:"answers,omitempty"`
	Duties   []Duty          `json:"duties,omitempty"`
}

// AskerContact is how to reach an asker.
type AskerContact struct {
	Name   string `json:"name,omitempty"`
	Email  string `json:"email,omitempty"`
	Phone  string `json:"phone,omitempty"`
	Outlet string `json:"outlet,omitempty"`
}

// InquiryPart is what one office gives to an answer.
type InquiryPart struct {
	Office  string    `json:"office" example:"SXD"`
	State   string    `json:"state" example:"asked"`
	Request string    `json:"request,omitempty"`
	Text    string    `json:"text,omitempty"`
	Reason  string    `json:"reason,omitempty"`
	Asked   time.Time `json:"asked"`
}

func inquiryOf(q inquiry.Inquiry) Inquiry {
	return Inquiry{
		ID: q.ID, Code: q.Code, Kind: string(q.Kind), State: string(q.State), Version: q.Version, Asker: string(q.Asker), Channel: string(q.Channel), Urgent: q.Urgent, Subject: q.Subject,
		Body: q.Body, Office: q.Office, Draft: q.Draft, Ground: q.Ground, Reason: q.Reason, Round: q.Round, Received: when(q.Received), Ended: when(q.Ended),
	}
}

// wholeInquiry gives an inquiry with all that the caller may see of it.
func (a *API) wholeInquiry(ctx context.Context, by regulation.Actor, code string) (Inquiry, error) {
	f, err := a.s.Inquiries.ByCode(ctx, by, code)
	if err != nil {
		return Inquiry{}, err
	}
	out := inquiryOf(f.Inquiry)
	if c := f.Contact; c.Name+c.Email+c.Phone+c.Outlet != "" {
		out.Contact = &AskerContact{c.Name, c.Email, c.Phone, c.Outlet}
	}
	for _, p := range f.Parts {
		out.Parts = append(out.Parts, InquiryPart{p.Office, string(p.State), p.Request, p.Text, p.Reason, when(p.Asked)})
	}
	out.Messages, out.Answers, out.Duties = each(f.Messages, message), each(f.Answers, inquiryAnswer), each(f.Duties, duty)
	return out, nil
}

// InquiryQuery chooses inquiries of the desk.
type InquiryQuery struct {
	State  string    `query:"state" enum:"received,accepted,assigned,reassigned,clarifying,drafted,approved,answered,follow-up,refused,guided,withdrawn,closed"`
	Kind   string    `query:"kind" enum:"question,interview,matter,instruction,demand,petition,access,challenge,feedback,complaint"`
	Office string    `query:"office" maxLength:"20" example:"SXD"`
	Words  string    `query:"q" maxLength:"200"`
	After  time.Time `query:"after" example:"2026-11-09T08:00:00+07:00"`
	Limit  int       `query:"limit" minimum:"1" maximum:"200" default:"100"`
}

// Assigning gives an inquiry to offices; the first leads. With instead it takes one office's part away.
type Assigning struct {
	Version
	Offices []string `json:"offices" minItems:"1" maxItems:"20" example:"[\"SXD\"]"`
	Instead string   `json:"instead,omitempty" maxLength:"20"`
	Request string   `json:"request,omitempty" maxLength:"4000"`
	Reason  string   `json:"reason,omitempty" maxLength:"4000"`
}

// InquiryDraft is a draft of the centre's answer, or, with an office, of that office's part.
type InquiryDraft struct {
	Version
	Office string `json:"office,omitempty" maxLength:"20" example:"SXD"`
	Text   string `json:"text" minLength:"1" maxLength:"20000" example:"Cầu sửa xong trước ngày 20/11/2026."`
}

// OfficePart names an office's part.
type OfficePart struct {
	Version
	Office string `json:"office" minLength:"1" maxLength:"20" example:"SXD"`
}

// OfficePartBack sends an office's part back.
type OfficePartBack struct {
	OfficePart
	Reason string `json:"reason" minLength:"1" maxLength:"4000" example:"Cần nêu rõ ngày."`
}

// Answering gives the approved answer to the asker alone, or in public.
type Answering struct {
	Version
	Public   bool   `json:"public,omitempty"`
	Title    string `json:"title,omitempty" maxLength:"300" example:"Cầu đi bộ sửa xong trước ngày 20/11"`
	Question string `json:"question,omitempty" maxLength:"20000" example:"Cầu đi bộ sửa đến khi nào?"`
}

// Refusing refuses information on a lawful ground.
type Refusing struct {
	Version
	Ground string `json:"ground" minLength:"1" maxLength:"60"`
	Reason string `json:"reason" minLength:"1" maxLength:"4000"`
}

// OfficeReport is an office's report on a matter or an instruction.
type OfficeReport struct {
	Version
	Office string `json:"office" minLength:"1" maxLength:"20" example:"SXD"`
	Text   string `json:"text" minLength:"1" maxLength:"20000" example:"Sở đã kiểm tra và cho sửa lan can."`
}

// Noting is a note that goes with what is done.
type Noting struct {
	Version
	Note string `json:"note,omitempty" maxLength:"4000"`
}

// Matter is a matter that the press raised, or a task that a leader gives.
type Matter struct {
	Kind    string   `json:"kind,omitempty" enum:"matter,instruction" default:"matter"`
	Story   string   `json:"story,omitempty" maxLength:"40"`
	Subject string   `json:"subject" minLength:"1" maxLength:"200" example:"Báo nêu lan can cầu đi bộ bị gãy"`
	Body    string   `json:"body" minLength:"1" maxLength:"20000" example:"Đề nghị kiểm tra và báo cáo."`
	Offices []string `json:"offices" minItems:"1" maxItems:"20" example:"[\"SXD\"]"`
	Urgent  bool     `json:"urgent,omitempty"`
}

// Call is the duty officer's one field.
type Call struct {
	Text string `json:"text" minLength:"1" maxLength:"20000" example:"Chị Hoa, 0900 000 000, hỏi Sở Xây dựng bao giờ xong cầu."`
}

const inquiriesPath = "/api/desk/inquiries"

// inquiries registers the way of a question to its answer, and of a matter to its report.
func (a *API) inquiries() {
	reads := []people.Scope{people.ScopeDesk, people.ScopeRead}
	list := op{ID: "inquiries", Group: "inquiry", Method: http.MethodGet, Path: inquiriesPath, Scopes: reads}
	on(a, list, func(ctx context.Context, c *call, in *InquiryQuery) (List[Inquiry], error) {
		f := inquiry.Filter{Office: in.Office, Text: in.Words, Before: in.After, Limit: in.Limit}
		if in.State != "" {
			f.States = []inquiry.State{inquiry.State(in.State)}
		}
		if in.Kind != "" {
			f.Kinds = []inquiry.Kind{inquiry.Kind(in.Kind)}
		}
		list, err := a.s.Inquiries.List(ctx, c.by, f)
		next := ""
		if len(list) > 0 && len(list) == in.Limit {
			next = list[len(list)-1].Received.UTC().Format(time.RFC3339Nano)
		}
		return page(c, each(list, func(i inquiry.Item) Inquiry {
			out := inquiryOf(i.Inquiry)
			out.Duties = each(i.Duties, duty)
			return out
		}), next), err
	})
	one := op{ID: "inquiry", Group: "inquiry", Method: http.MethodGet, Path: inquiriesPath + "/{code}", Scopes: reads}
	on(a, one, func(ctx context.Context, c *call, in *Code) (Inquiry, error) {
		return a.wholeInquiry(ctx, c.by, in.Code)
	})
	note := op{ID: "inquiry-note", Group: "inquiry", Method: http.MethodPost, Path: "/api/desk/calls", Scopes: deskScope, Made: true}
	on(a, note, func(ctx context.Context, c *call, in *Sent[Call]) (Inquiry, error) {
		n, err := a.s.Inquiries.NoteCall(ctx, c.by, inquiry.NoteInput{Text: in.Body.Text, Lang: string(c.lang)})
		if err != nil {
			return Inquiry{}, err
		}
		return a.wholeInquiry(ctx, c.by, n.Code)
	})
	matter := op{ID: "matter", Group: "inquiry", Method: http.MethodPost, Path: "/api/desk/matters", Scopes: deskScope, Made: true}
	on(a, matter, func(ctx context.Context, c *call, in *Sent[Matter]) (Inquiry, error) {
		b := in.Body
		story := b.Story
		if story != "" && !strings.HasPrefix(story, "story/") {
			story = "story/" + story
		}
		r, err := a.s.Inquiries.OpenMatter(ctx, c.by, inquiry.OpenMatterInput{
			Kind: inquiry.Kind(b.Kind), Story: story, Subject: b.Subject, Body: b.Body, Offices: b.Offices, Urgent: b.Urgent, Lang: string(c.lang), Key: c.form,
		})
		if err != nil {
			return Inquiry{}, err
		}
		return a.wholeInquiry(ctx, c.by, r.Code)
	})
	a.inquiryActs()
}

// move registers one step of an inquiry. do gets the inquiry's reference with the version that the caller saw.
func move[B any](a *API, verb string, do func(ctx context.Context, by regulation.Actor, id string, b B) (inquiry.Inquiry, error)) {
	o := op{ID: "inquiry-" + verb, Group: "inquiry", Method: http.MethodPost, Path: inquiriesPath + "/{code}/" + verb, Scopes: deskScope}
	on(a, o, func(ctx context.Context, c *call, in *Coded[B]) (Inquiry, error) {
		f, err := a.s.Inquiries.ByCode(ctx, c.by, in.Code)
		if err != nil {
			return Inquiry{}, err
		}
		if _, err := do(ctx, c.by, f.ID, in.Body); err != nil {
			return Inquiry{}, err
		}
		return a.wholeInquiry(ctx, c.by, in.Code)
	})
}

func seen(id string, v Version) inquiry.Ref { return inquiry.Ref{ID: id, Version: v.Version} }

func (a *API) inquiryActs() {
	room := a.s.Inquiries
	move(a, "accept", func(ctx context.Context, by regulation.Actor, id string, b Version) (inquiry.Inquiry, error) {
		return room.Accept(ctx, by, inquiry.AcceptInput{Ref: seen(id, b)})
	})
	move(a, "refuse", func(ctx context.Context, by regulation.Actor, id string, b Refusing) (inquiry.Inquiry, error) {
		return room.Refuse(ctx, by, inquiry.RefuseInput{Ref: seen(id, b.Version), Ground: b.Ground, Reason: b.Reason})
	})
	move(a, "guide", func(ctx context.Context, by regulation.Actor, id string, b Noting) (inquiry.Inquiry, error) {
		return room.Guide(ctx, by, inquiry.GuideInput{Ref: seen(id, b.Version), Note: b.Note})
	})
	move(a, "assign", func(ctx context.Context, by regulation.Actor, id string, b Assigning) (inquiry.Inquiry, error) {
		return room.Assign(ctx, by, inquiry.AssignInput{Ref: seen(id, b.Version), Offices: b.Offices, Instead: b.Instead, Request: b.Request, Reason: b.Reason})
	})
	move(a, "take", func(ctx context.Context, by regulation.Actor, id string, b Version) (inquiry.Inquiry, error) {
		return room.Take(ctx, by, inquiry.TakeInput{Ref: seen(id, b)})
	})
	move(a, "clarify", func(ctx context.Context, by regulation.Actor, id string, b AskBack) (inquiry.Inquiry, error) {
		return room.Clarify(ctx, by, inquiry.ClarifyInput{Ref: seen(id, b.Version), Question: b.Question})
	})
	move(a, "draft", func(ctx context.Context, by regulation.Actor, id string, b InquiryDraft) (inquiry.Inquiry, error) {
		return room.Draft(ctx, by, inquiry.DraftInput{Ref: seen(id, b.Version), Office: b.Office, Text: b.Text})
	})
	move(a, "report", func(ctx context.Context, by regulation.Actor, id string, b OfficeReport) (inquiry.Inquiry, error) {
		return room.Report(ctx, by, inquiry.ReportInput{Ref: seen(id, b.Version), Office: b.Office, Text: b.Text})
	})
	move(a, "approve-office", func(ctx context.Context, by regulation.Actor, id string, b OfficePart) (inquiry.Inquiry, error) {
		return room.ApproveOffice(ctx, by, inquiry.ApproveOfficeInput{Ref: seen(id, b.Version), Office: b.Office})
	})
	move(a, "return-part", func(ctx context.Context, by regulation.Actor, id string, b OfficePartBack) (inquiry.Inquiry, error) {
		return room.ReturnPart(ctx, by, inquiry.ReturnPartInput{Ref: seen(id, b.Version), Office: b.Office, Reason: b.Reason})
	})
	move(a, "approve", func(ctx context.Context, by regulation.Actor, id string, b Version) (inquiry.Inquiry, error) {
		return room.Approve(ctx, by, inquiry.ApproveInput{Ref: seen(id, b)})
	})
	move(a, "send-back", func(ctx context.Context, by regulation.Actor, id string, b Reasoned) (inquiry.Inquiry, error) {
		return room.SendBack(ctx, by, inquiry.SendBackInput{Ref: inquiry.Ref{ID: id, Version: b.Version}, Reason: b.Reason})
	})
	move(a, "answer", func(ctx context.Context, by regulation.Actor, id string, b Answering) (inquiry.Inquiry, error) {
		return room.Answer(ctx, by, inquiry.AnswerInput{Ref: seen(id, b.Version), Public: b.Public, Title: b.Title, Question: b.Question})
	})
	move(a, "close", func(ctx context.Context, by regulation.Actor, id string, b Noting) (inquiry.Inquiry, error) {
		return room.Close(ctx, by, inquiry.CloseInput{Ref: seen(id, b.Version), Note: b.Note})
	})
}

// AskBack asks the asker back.
type AskBack struct {
	Version
	Question string `json:"question" minLength:"1" maxLength:"4000" example:"Bạn hỏi về cầu nào?"`
}
