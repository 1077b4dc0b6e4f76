package inquiries

import (
	"strconv"

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
