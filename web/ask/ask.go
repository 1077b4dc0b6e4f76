// Package ask is an asker's own question as the public's page behind a secret link and a journalist's page show it, and what the
// asker does there.
//
// Nothing of the work inside is in it: it is made of inquiry.Follow alone. Imports inquiry, release/prose, web/site and what they
// stand on. Read ask.go, then question.templ.
package ask

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"khue/inquiry"
	"khue/problem"
	"khue/regulation"
	"khue/release/prose"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

// View is the asker's page.
type View struct {
	inquiry.Follow
	Receipt  bool   // it has just been asked
	Link     string // the whole secret address, "" on a journalist's page
	Due      string // in words
	HasClock bool
	Clock    ui.ClockProps
	Offices  []string // by name
	Ground   inquiry.Ground
	Keep     int    // days
	Typed    string // what was typed and did not go
	Do       string // into which form
	Faults   []ui.Fault
	Wrong    map[string]string
}

// Fill puts a question into a view.
func Fill(s *site.Site, r *frame.Request, f inquiry.Follow, v View) View {
	v.Follow = f
	v.Keep = int(s.Inquiries.Keep() / (24 * time.Hour))
	if d, ok := f.Clock(); ok {
		v.HasClock, v.Clock, v.Due = true, site.Clock(r.Lang, d, s.Now()), s.Inquiries.DueWords(string(r.Lang), d)
	}
	for _, o := range f.Offices {
		v.Offices = append(v.Offices, s.OfficeName(r, o))
	}
	v.Ground = s.Inquiries.GroundOf(f.Ground)
	return v
}

// Do does what an asker's form says ("do": clarify, more, withdraw); the view keeps what was typed.
func Do(ctx context.Context, s *site.Site, by regulation.Actor, ref inquiry.AskerRef, f site.Form) (View, error) {
	v := View{Do: f.Text("do"), Typed: f.Text("text")}
	var err error
	switch v.Do {
	case "clarify":
		_, err = s.Inquiries.Clarified(ctx, by, inquiry.AskerText{AskerRef: ref, Text: v.Typed})
	case "more":
		_, err = s.Inquiries.FollowUp(ctx, by, inquiry.AskerText{AskerRef: ref, Text: v.Typed})
	case "withdraw":
		_, err = s.Inquiries.Withdraw(ctx, by, inquiry.WithdrawInput{AskerRef: ref, Reason: v.Typed})
	default:
		err = problem.New(problem.NotFound)
	}
	return v, err
}

// Text shows a draft's or answer's Markdown, cleaned.
func Text(s string) templ.Component { return templ.Raw(prose.HTML(s)) }

// StateSign gives the sign of an inquiry's state.
func StateSign(p ui.Page, s inquiry.State) templ.Component {
	kind := ui.Plain
	switch s {
	case inquiry.Answered, inquiry.Closed:
		kind = ui.Good
	case inquiry.Clarifying:
		kind = ui.Care
	case inquiry.Refused:
		kind = ui.Bad
	}
	return ui.Sign(kind, p.T("inquiry.state."+string(s)))
}

func (v View) canClarify() bool  { return v.State.Allows(inquiry.DoClarified) }
func (v View) canAskMore() bool  { return v.State.Allows(inquiry.DoFollowUp) }
func (v View) canWithdraw() bool { return v.State.Allows(inquiry.DoWithdraw) }

// lastQuestion is what the centre asked back last.
func (v View) lastQuestion() string {
	for i := len(v.Messages) - 1; i >= 0; i-- {
		if v.Messages[i].Kind == inquiry.MsgQuestion {
			return v.Messages[i].Text
		}
	}
	return ""
}

// typed gives back what was typed into one of the forms.
func (v View) typed(do string) string {
	if v.Do == do {
		return v.Typed
	}
	return ""
}

func (v View) wrong(do string) string {
	if v.Do == do {
		return v.Wrong["text"]
	}
	return ""
}

// homeless says that something was typed into a form that the page no longer has: it is shown, so that it is not lost.
func (v View) homeless() bool {
	shown := v.Do == "clarify" && v.canClarify() || v.Do == "more" && v.canAskMore()
	return v.Typed != "" && !shown
}
