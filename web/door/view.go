package door

import "khue/web/ui"

func demoRows(p ui.Page, list []DemoPerson) [][]ui.Cell {
	rows := make([][]ui.Cell, len(list))
	for i, d := range list {
		rows[i] = []ui.Cell{{Text: d.Email}, {Text: d.Name + ", " + p.T("role."+string(d.Role)) + ", " + d.Place}}
	}
	return rows
}
