package api

import (
	"context"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"khue/claim"
	"khue/inquiry"
	"khue/media"
	"khue/people"
	"khue/problem"
)

// Asking is a question as a program sends it.
type Asking struct {
	Kind     string `json:"kind,omitempty" enum:"question,interview,demand,petition,access,challenge,feedback" default:"question"`
	Subject  string `json:"subject,omitempty" maxLength:"200" example:"Thời gian sửa cầu"`
	Body     string `json:"body" minLength:"1" maxLength:"20000" example:"Cầu đi bộ ở phường sửa đến khi nào?"`
	Purpose  string `json:"purpose,omitempty" maxLength:"2000"`
	Name     string `json:"name,omitempty" maxLength:"200" example:"Nguyễn Thị Mai"`
	Email    string `json:"email,omitempty" maxLength:"254" example:"mai@khue.example"`
	Phone    string `json:"phone,omitempty" maxLength:"40"`
	Outlet   string `json:"outlet,omitempty" maxLength:"200"`
	Reporter bool   `json:"reporter,omitempty"`
	Office   string `json:"office,omitempty" maxLength:"20" example:"SXD"`
	Urgent   bool   `json:"urgent,omitempty"`
	Lang     string `json:"lang,omitempty" enum:"vi,en" default:"vi"`
}

// Received is what the asker gets, once: the token opens the question's page and nobody else has it.
type Received struct {
	Mark
	Code   string `json:"code" example:"HD-2026-0001"`
	Kind   string `json:"kind" example:"question"`
	State  string `json:"state" example:"received"`
	Token  string `json:"token,omitempty"`
	Page   string `json:"page,omitempty"`
	Duties []Duty `json:"duties"`
}

// Followed is all that an asker sees of the own question.
type Followed struct {
	Mark
	Code     string          `json:"code" example:"HD-2026-0001"`
	Kind     string          `json:"kind" example:"question"`
	State    string          `json:"state" example:"answered"`
	Subject  string          `json:"subject"`
	Body     string          `json:"body"`
	Offices  []string        `json:"offices"`
	Ground   string          `json:"ground,omitempty"`
	Reason   string          `json:"reason,omitempty"`
	Received time.Time       `json:"received"`
	Messages []AskerMessage  `json:"messages"`
	Answers  []InquiryAnswer `json:"answers"`
	Duties   []Duty          `json:"duties"`
}

// AskerMessage is one message between asker and centre.
type AskerMessage struct {
	Kind string    `json:"kind" example:"question"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// InquiryAnswer is one answer that was given.
type InquiryAnswer struct {
	Round    int64     `json:"round" example:"1"`
	Public   bool      `json:"public"`
	Title    string    `json:"title,omitempty"`
	Question string    `json:"question,omitempty"`
	Text     string    `json:"text"`
	At       time.Time `json:"at"`
}

func inquiryAnswer(x inquiry.Answer) InquiryAnswer {
	return InquiryAnswer{x.Round, x.Public, x.Title, x.Question, x.Text, when(x.At)}
}

func message(m inquiry.Message) AskerMessage { return AskerMessage{string(m.Kind), m.Text, when(m.At)} }

// AskerCode names the own question: by the token of the receipt in a header, or by a key of the account that asked.
type AskerCode struct {
	Code  string `path:"code" maxLength:"40" example:"HD-2026-0001"`
	Token string `header:"X-Khue-Token" maxLength:"64"`
}

// AskerSays is a text that the asker sends.
type AskerSays struct {
	AskerCode
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"20000" example:"Tôi hỏi về cầu ở phường Hồng Hà."`
	}
}

// Reporting is what somebody saw and doubts. One of text, link and file is needed; how to answer may be left out.
type Reporting struct {
	Text     string `json:"text,omitempty" maxLength:"10000" example:"Có tin nói cầu sập đêm qua, có đúng không?"`
	Link     string `json:"link,omitempty" maxLength:"2000" example:"https://mang.example/bai/1"`
	File     string `json:"file,omitempty" maxLength:"64"`
	FileName string `json:"file_name,omitempty" maxLength:"200"`
	Name     string `json:"name,omitempty" maxLength:"200"`
	Email    string `json:"email,omitempty" maxLength:"254"`
	Phone    string `json:"phone,omitempty" maxLength:"40"`
}

// Reported answers a report; claim is the public check that it belongs to, when there is one already.
type Reported struct {
	Mark
	Code  string `json:"code" example:"TB-2026-0001"`
	Again bool   `json:"again"`
	Claim string `json:"claim,omitempty" example:"KC-2026-0001"`
}

// Upload is a form with one file in the field "file".
type Upload struct {
	RawBody multipart.Form
}

// Uploaded is a kept file: its id goes into what it belongs to.
type Uploaded struct {
	Mark
	File
	Width  int `json:"width,omitempty"`
	Height int `json:"height,omitempty"`
}

var askScope = []people.Scope{people.ScopeAsk}

// asking registers what citizens and reporters do.
func (a *API) asking() {
	post := op{Group: "ask", Method: http.MethodPost, Scopes: askScope, Open: true}
	ask, follow, clarify, more, report := post, post, post, post, post
	ask.ID, ask.Path, ask.Made = "ask", "/api/questions", true
	on(a, ask, a.ask)
	follow.ID, follow.Path, follow.Method, follow.Scopes = "question", "/api/questions/{code}", http.MethodGet, []people.Scope{people.ScopeAsk, people.ScopeRead}
	on(a, follow, func(ctx context.Context, c *call, in *AskerCode) (Followed, error) { return a.followed(ctx, c, in) })
	clarify.ID, clarify.Path = "question-clarify", "/api/questions/{code}/clarify"
	on(a, clarify, func(ctx context.Context, c *call, in *AskerSays) (Followed, error) {
		return a.say(ctx, c, in, func(t inquiry.AskerText) error { _, err := a.s.Inquiries.Clarified(ctx, c.by, t); return err })
	})
	more.ID, more.Path = "question-follow-up", "/api/questions/{code}/follow-up"
	on(a, more, func(ctx context.Context, c *call, in *AskerSays) (Followed, error) {
		return a.say(ctx, c, in, func(t inquiry.AskerText) error { _, err := a.s.Inquiries.FollowUp(ctx, c.by, t); return err })
	})
	report.ID, report.Path, report.Made = "report", "/api/reports", true
	on(a, report, func(ctx context.Context, c *call, in *Sent[Reporting]) (Reported, error) {
		b := in.Body
		r, err := a.s.Claims.Report(ctx, c.by, claim.ReportInput{Text: b.Text, Link: b.Link, File: b.File, FileName: b.FileName, Name: b.Name, Email: b.Email, Phone: b.Phone})
		return Reported{Code: r.Report.Code, Again: r.Again, Claim: r.Claim}, err
	})
	files := op{
		ID: "files", Group: "ask", Method: http.MethodPost, Path: "/api/files", Upload: true, Made: true,
		Scopes: []people.Scope{people.ScopeSubmit, people.ScopeDesk, people.ScopeClaims},
	}
	on(a, files, a.upload)
}

func (a *API) ask(ctx context.Context, c *call, in *Sent[Asking]) (Received, error) {
	b := in.Body
	r, err := a.s.Inquiries.Ask(ctx, c.by, inquiry.AskInput{
		Kind: inquiry.Kind(b.Kind), Subject: b.Subject, Body: b.Body, Purpose: b.Purpose, Name: b.Name, Email: b.Email, Phone: b.Phone, Outlet: b.Outlet, Reporter: b.Reporter,
		Office: b.Office, Urgent: b.Urgent, Lang: b.Lang, Channel: inquiry.ByAPI, Key: c.form,
	})
	return Received{
		Code: r.Code, Kind: string(r.Kind), State: string(r.State), Token: r.Token, Page: a.s.Origin + "/f/" + r.Token, Duties: each(r.Duties, duty),
	}, err
}

// own names the asker's question for the room: by the token, else by the code with the key's account.
func own(c *call, in *AskerCode) (inquiry.AskerRef, error) {
	switch {
	case in.Token != "":
		return inquiry.AskerRef{Token: in.Token}, nil
	case c.key.ID != "":
		return inquiry.AskerRef{Code: strings.ToUpper(in.Code)}, nil
	}
	return inquiry.AskerRef{}, problem.New(problem.Key)
}

func (a *API) followed(ctx context.Context, c *call, in *AskerCode) (Followed, error) {
	ref, err := own(c, in)
	if err != nil {
		return Followed{}, err
	}
	var f inquiry.Follow
	if ref.Token != "" {
		f, err = a.s.Inquiries.ByToken(ctx, ref.Token)
	} else {
		f, err = a.s.Inquiries.Own(ctx, c.by, ref.Code)
	}
	if err == nil && !strings.EqualFold(f.Code, in.Code) {
		err = problem.New(problem.NotFound)
	}
	return Followed{
		Code: f.Code, Kind: string(f.Kind), State: string(f.State), Subject: f.Subject, Body: f.Body, Offices: orEmpty(f.Offices), Ground: f.Ground, Reason: f.Reason, Received: when(f.Received),
		Messages: each(f.Messages, message), Answers: each(f.Answers, inquiryAnswer), Duties: each(f.Duties, duty),
	}, err
}

// say does what an asker says and gives the question as it stands then.
func (a *API) say(ctx context.Context, c *call, in *AskerSays, do func(inquiry.AskerText) error) (Followed, error) {
	if _, err := a.followed(ctx, c, &in.AskerCode); err != nil { // the code and the token belong together
		return Followed{}, err
	}
	ref, err := own(c, &in.AskerCode)
	if err == nil {
		err = do(inquiry.AskerText{AskerRef: ref, Text: in.Body.Text})
	}
	if err != nil {
		return Followed{}, err
	}
	return a.followed(ctx, c, &in.AskerCode)
}

func (a *API) upload(ctx context.Context, c *call, in *Upload) (Uploaded, error) {
	list := in.RawBody.File["file"]
	if len(list) != 1 || len(in.RawBody.File) != 1 {
		return Uploaded{}, problem.Of("file", problem.Required)
	}
	body, err := list[0].Open()
	if err != nil {
		return Uploaded{}, err
	}
	defer body.Close()
	f, err := a.s.Media.Put(ctx, c.by, media.Upload{Name: list[0].Filename, Body: body})
	return Uploaded{File: File{ID: f.ID, Name: f.Name, Kind: f.Kind, Bytes: f.Bytes}, Width: f.Width, Height: f.Height}, err
}
