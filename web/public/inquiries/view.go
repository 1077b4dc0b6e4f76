package inquiries

import (
	"strconv"

	"github.com/a-h/templ"

	"khue/inquiry"
	"khue/release/prose"
	"khue/web/ui"
)

// round is the anchor of one round of an answer.
func round(a inquiry.PublicAnswer) string { return "r" + strconv.FormatInt(a.Round, 10) }

// text shows an answer's Markdown, cleaned.
func text(s string) templ.Component { return templ.Raw(prose.HTML(s)) }

// askTabs leads between the forms of the two kinds of asker.
func askTabs(p ui.Page, v askView) []ui.Tab {
	return []ui.Tab{
		{Label: p.T("inquiry.ask.citizen"), Href: p.Href("/ask"), Current: !v.In.Reporter},
		{Label: p.T("inquiry.ask.press"), Href: p.Href("/ask?as=press"), Current: v.In.Reporter},
	}
}

func river(p ui.Page, v answersView) []ui.RiverItem {
	var items []ui.RiverItem
	for _, a := range v.List {
		items = append(items, ui.RiverItem{
			ID: a.Code + "-" + round(a), Time: a.At, Title: a.Title, Href: p.Href("/answers/" + a.Code), Sub: answerSub(p, a, v.Office[a.Office]),
		})
	}
	return items
}

// answerSub says who asked, in kind only, who answered, and the code.
func answerSub(p ui.Page, a inquiry.PublicAnswer, office string) string {
	s := p.T("inquiry.asked-by."+string(a.Asker)) + " · "
	if office != "" {
		s += office + " · "
	}
	return s + a.Code
}

// stateSign gives the sign of an inquiry's state for the asker.
func stateSign(p ui.Page, s inquiry.State) templ.Component {
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

// canClarify and the like say which forms the asker's page shows.
func (v followView) canClarify() bool  { return v.State.Allows(inquiry.DoClarified) }
func (v followView) canAskMore() bool  { return v.State.Allows(inquiry.DoFollowUp) }
func (v followView) canWithdraw() bool { return v.State.Allows(inquiry.DoWithdraw) }

// typed gives back what was typed into one of the forms.
func (v followView) typed(do string) string {
	if v.Do == do {
		return v.Typed
	}
	return ""
}

func (v followView) wrong(do string) string {
	if v.Do == do {
		return v.Wrong["text"]
	}
	return ""
}

// homeless says that something was typed into a form that the page no longer has: it is shown, so that it is not lost.
func (v followView) homeless() bool {
	return v.Typed != "" && !(v.Do == "clarify" && v.canClarify()) && !(v.Do == "more" && v.canAskMore())
}
