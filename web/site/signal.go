package site

import (
	"khue/catalogue"
	"khue/radar"
	"khue/web/ui"
)

// SignalRecords gives what each kind of signal did, as a table.
func SignalRecords(l catalogue.Lang, list []radar.Record) ([]ui.Column, [][]ui.Cell) {
	columns := []ui.Column{
		{Name: l.T("signal.kind")}, {Name: l.T("signal.raised"), Number: true}, {Name: l.T("signal.base"), Number: true}, {Name: l.T("signal.judged"), Number: true}, {Name: l.T("signal.useful"), Number: true}, {Name: l.T("signal.share"), Number: true},
	}
	rows := make([][]ui.Cell, 0, len(list))
	for _, one := range list {
		base, share := "–", "–"
		if one.Stories > 0 {
			base = ui.Decimal(l, 100*float64(one.Raised)/float64(one.Stories), 1)
		}
		if one.Judged > 0 {
			share = ui.Percent(l, one.Share(), 0)
		}
		number := func(n int) ui.Cell { return ui.Cell{Text: ui.Number(l, int64(n))} }
		rows = append(rows, []ui.Cell{{Text: l.T("radar.kind." + string(one.Kind))}, number(one.Raised), {Text: base}, number(one.Judged), number(one.Useful), {Text: share}})
	}
	return columns, rows
}
