package inquiries

import (
	"strconv"

	"khue/catalogue"
	"khue/inquiry"
	"khue/web/ui"
)

// round is the anchor of one round of an answer.
func round(a inquiry.PublicAnswer) string { return "r" + strconv.FormatInt(a.Round, 10) }

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
			ID: a.Code + "-" + round(a), Time: a.At, Title: title(p.Lang, a), Href: p.Href("/answers/" + a.Code), Sub: answerSub(p, a, v.Office[a.Office]),
		})
	}
	return items
}

// title is an answer's title; one that was withdrawn has only its code.
func title(l catalogue.Lang, a inquiry.PublicAnswer) string {
	if a.Withdrawn.IsZero() {
		return a.Title
	}
	return l.T("inquiry.withdrawn.title", "code", a.Code)
}

// answerSub says who asked, in kind only, who answered, and the code.
func answerSub(p ui.Page, a inquiry.PublicAnswer, office string) string {
	s := p.T("inquiry.asked-by."+string(a.Asker)) + " · "
	if office != "" {
		s += office + " · "
	}
	return s + a.Code
}

// seal is the state of proof of the newest round.
func (v answerView) seal() string {
	if last := v.Rounds[len(v.Rounds)-1]; !last.Withdrawn.IsZero() {
		return ui.Withdrawn
	}
	return ui.Sealed
}
