package demo

import (
	"context"
	"fmt"
	"time"

	"khue/inquiry"
	"khue/regulation"
)

// questions lets journalists and citizens ask, and offices answer.
func (t *teller) questions(context.Context) error {
	for i, q := range t.c.Questions {
		at, err := q.of(t.end)
		if err != nil {
			return fmt.Errorf("question %d: %w", i+1, err)
		}
		t.question(q, i, at)
	}
	return nil
}

// asked is one inquiry on its way.
type asked struct {
	id string
	q  inquiry.Inquiry
}

func (a *asked) ref() inquiry.Ref { return inquiry.Ref{ID: a.id} }

func (a *asked) keep(q inquiry.Inquiry, err error) error {
	if err == nil {
		a.q = q
	}
	return err
}

// order is how far an inquiry has come in each state in which the demo leaves one.
var order = map[string]int{"received": 0, "accepted": 1, "assigned": 2, "drafted-office": 3, "given": 4, "drafted": 5, "approved": 6, "answered": 7, "closed": 8}

func (t *teller) question(q question, i int, at time.Time) {
	a := &asked{}
	end, known := order[q.End]
	if !known {
		end = order["answered"]
	}
	duty, approver := "truc-ban", approvers[i%len(approvers)]
	if i%2 == 1 {
		duty = "truc-ban-2"
	}
	hours := time.Duration(max(q.Hours, 4)) * time.Hour
	step := func(after time.Duration, what string, do func(context.Context) error) {
		at = at.Add(after)
		t.s.at(at, what+" "+q.Subject, do)
	}
	step(0, "ask", func(ctx context.Context) error { return t.ask(ctx, a, q, duty) })
	switch q.End {
	case "refused":
		step(2*time.Hour, "refuse", func(ctx context.Context) error {
			return a.keep(t.h.Inquiries.Refuse(ctx, t.centre(approver), inquiry.RefuseInput{Ref: a.ref(), Ground: q.Ground, Reason: q.Reason}))
		})
		return
	case "clarifying":
		step(time.Hour, "clarify", func(ctx context.Context) error {
			return a.keep(t.h.Inquiries.Clarify(ctx, t.centre(duty), inquiry.ClarifyInput{Ref: a.ref(), Question: q.Reason}))
		})
		return
	}
	for _, one := range []struct {
		n     int
		after time.Duration
		what  string
		do    func(context.Context) error
	}{
		{1, 20 * time.Minute, "accept", func(ctx context.Context) error {
			if err := a.keep(t.h.Inquiries.Accept(ctx, t.centre(duty), inquiry.AcceptInput{Ref: a.ref()})); err != nil || q.As != "stranger" {
				return err
			}
			return a.keep(t.h.Inquiries.VerifyAsker(ctx, t.centre(duty), inquiry.VerifyInput{Ref: a.ref(), Journalist: true}))
		}},
		{2, 10 * time.Minute, "assign", func(ctx context.Context) error {
			return a.keep(t.h.Inquiries.Assign(ctx, t.centre(duty), inquiry.AssignInput{Ref: a.ref(), Offices: []string{q.Office}}))
		}},
		{3, hours * 6 / 10, "draft at the office", func(ctx context.Context) error {
			by, err := t.of(q.Office, regulation.FocalPoint)
			if err != nil {
				return err
			}
			return a.keep(t.h.Inquiries.Draft(ctx, by, inquiry.DraftInput{Ref: a.ref(), Office: q.Office, Text: q.Answer}))
		}},
		{4, hours / 10, "approve at the office", func(ctx context.Context) error {
			by, err := t.of(q.Office, regulation.OfficeHead)
			if err != nil {
				return err
			}
			return a.keep(t.h.Inquiries.ApproveOffice(ctx, by, inquiry.ApproveOfficeInput{Ref: a.ref(), Office: q.Office}))
		}},
		{5, hours / 10, "draft", func(ctx context.Context) error {
			return a.keep(t.h.Inquiries.Draft(ctx, t.centre("bien-tap"), inquiry.DraftInput{Ref: a.ref(), Text: q.Answer}))
		}},
		{6, hours / 10, "approve", func(ctx context.Context) error {
			return a.keep(t.h.Inquiries.Approve(ctx, t.centre(approver), inquiry.ApproveInput{Ref: a.ref()}))
		}},
		{7, hours / 20, "answer", func(ctx context.Context) error {
			return a.keep(t.h.Inquiries.Answer(ctx, t.centre(duty), inquiry.AnswerInput{Ref: a.ref(), Public: q.Public != "", Title: q.Public, Question: q.Body}))
		}},
		{8, 24 * time.Hour, "close", func(ctx context.Context) error {
			return a.keep(t.h.Inquiries.Close(ctx, t.centre(duty), inquiry.CloseInput{Ref: a.ref()}))
		}},
	} {
		if one.n <= end {
			step(one.after, one.what, one.do)
		}
	}
}

func (t *teller) ask(ctx context.Context, a *asked, q question, duty string) error {
	if q.As == "phone" {
		noted, err := t.h.Inquiries.NoteCall(ctx, t.centre(duty), inquiry.NoteInput{Text: q.Body, Lang: "vi"})
		a.id = noted.ID
		return err
	}
	in := inquiry.AskInput{Kind: inquiry.Kind(q.Kind), Subject: q.Subject, Body: q.Body, Urgent: q.Urgent, Lang: "vi", Office: q.Office, Purpose: q.Subject}
	if in.Kind == "" {
		in.Kind = inquiry.Question
	}
	by := regulation.Actor{Lang: "vi"}
	switch q.As {
	case "citizen", "stranger":
		in.Name, in.Email = q.Name, "hoi@nguoi-dan.example"
		in.Reporter, in.Outlet = q.As == "stranger", q.Outlet
	default:
		by = t.actors[q.As]
	}
	r, err := t.h.Inquiries.Ask(ctx, by, in)
	a.id = r.ID
	return err
}
