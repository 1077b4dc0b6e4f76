package press

import (
	"khue/people"
	"khue/web/ui"
)

// verified is the word of whether somebody vouched.
func verified(p ui.Page, yes bool) string {
	if yes {
		return p.T("press.verified")
	}
	return p.T("inquiry.verification.waiting")
}

func outletPairs(p ui.Page, v outletView) []ui.Pair {
	list := []ui.Pair{{Term: p.T("press.outlet.state"), Text: verified(p, v.Outlet.Verified)}}
	if v.Outlet.Host != "" {
		list = append(list, ui.Pair{Term: p.T("press.host"), Text: v.Outlet.Host})
	}
	return append(
		list,
		ui.Pair{Term: p.T("press.outlet.me"), Text: v.Account.Name},
		ui.Pair{Term: p.T("label.email"), Text: v.Account.Email},
		ui.Pair{Term: p.T("inquiry.ask.phone"), Text: v.Account.Phone},
		ui.Pair{Term: p.T("press.outlet.account"), Text: verified(p, v.Account.Verified)},
	)
}

func colleagueRows(p ui.Page, list []people.Account) [][]ui.Cell {
	rows := make([][]ui.Cell, len(list))
	for i, a := range list {
		rows[i] = []ui.Cell{{Text: a.Name}, {Text: a.Email}, {Text: verified(p, a.Verified)}}
	}
	return rows
}
