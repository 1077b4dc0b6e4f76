package inquiry

import (
	"context"

	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// AskerRef is how an asker names the own inquiry: by the secret link's token, or, with an account, by its code.
type AskerRef struct {
	Token string
	Code  string
}

// own finds the asker's own inquiry; anything else is problem.NotFound, so that nobody learns what exists.
func (r *Room) own(ctx context.Context, by regulation.Actor, ref AskerRef) (Inquiry, error) {
	var q Inquiry
	var err error
	switch {
	case ref.Token != "":
		if !goodToken(ref.Token) {
			return q, problem.New(problem.NotFound)
		}
		q, err = scanInquiry(r.db.QueryRow(ctx, sqlInquiryByToken, hashToken(ref.Token)))
	case ref.Code != "" && by.Kind == regulation.Person:
		q, err = scanInquiry(r.db.QueryRow(ctx, sqlInquiryByCode, ref.Code))
		if err == nil && (q.Account == "" || q.Account != by.ID) {
			return Inquiry{}, problem.New(problem.NotFound)
		}
	default:
		return q, problem.New(problem.NotFound)
	}
	return q, store.NotFound(err)
}

// asker runs a change by the asker. The act in the rulebook allows anyone: the token or the account is the right.
func (r *Room) asker(ctx context.Context, by regulation.Actor, ref AskerRef, c change) (Inquiry, error) {
	q, err := r.own(ctx, by, ref)
	if err != nil {
		return q, err
	}
	c.id, c.by = q.ID, by
	if by.ID != q.Account { // whoever holds the link acts as the asker, also when logged in as somebody else
		c.by = regulation.Actor{Lang: by.Lang}
	}
	return r.run(ctx, c)
}

// AskerText is a text that the asker sends.
type AskerText struct {
	AskerRef
	Text string
}

// Clarified is the asker's answer to a question back; the clocks run on.
func (r *Room) Clarified(ctx context.Context, by regulation.Actor, in AskerText) (Inquiry, error) {
	in.Text = clean(in.Text)
	var l problem.List
	need(&l, "text", in.Text, MaxBody)
	if err := l.Or(); err != nil {
		return Inquiry{}, err
	}
	return r.asker(ctx, by, in.AskerRef, change{
		verb: DoClarified, act: "inquiry.clarified", kind: EntryClarified,
		apply: func(ctx context.Context, tx *store.Tx, q *Inquiry, c *change) error {
			c.wanted, c.body = q.Before, codeBody{Code: q.Code}
			q.Before = ""
			if err := addMessage(ctx, tx, q.ID, Message{Kind: MsgClarified, Text: in.Text, At: r.now()}); err != nil {
				return err
			}
			return r.duties.Resume(ctx, tx, c.by, q.Ref())
		},
	})
}

// FollowUp asks more after an answer; a new clock begins.
func (r *Room) FollowUp(ctx context.Context, by regulation.Actor, in AskerText) (Inquiry, error) {
	in.Text = clean(in.Text)
	var l problem.List
	need(&l, "text", in.Text, MaxBody)
	if err := l.Or(); err != nil {
		return Inquiry{}, err
	}
	return r.asker(ctx, by, in.AskerRef, change{
		verb: DoFollowUp, act: "inquiry.follow-up", kind: EntryFollowUp,
		apply: func(ctx context.Context, tx *store.Tx, q *Inquiry, c *change) error {
			if err := addMessage(ctx, tx, q.ID, Message{Kind: MsgFollowUp, Text: in.Text, At: r.now()}); err != nil {
				return err
			}
			c.body = textBody{Code: q.Code, Round: q.Round + 1}
			return r.again(ctx, tx, c.by, q, "", "")
		},
	})
}

// WithdrawInput takes the own question back.
type WithdrawInput struct {
	AskerRef
	Reason string // may be empty
}

// Withdraw takes the asker's question back; its clocks are void.
func (r *Room) Withdraw(ctx context.Context, by regulation.Actor, in WithdrawInput) (Inquiry, error) {
	return r.asker(ctx, by, in.AskerRef, change{
		verb: DoWithdraw, act: "inquiry.withdraw", kind: EntryWithdrawn, note: clean(in.Reason),
		apply: func(ctx context.Context, tx *store.Tx, q *Inquiry, c *change) error {
			c.body = codeBody{Code: q.Code}
			q.Ended = r.now()
			return r.duties.Void(ctx, tx, c.by, q.Ref(), "", "withdrawn")
		},
	})
}
