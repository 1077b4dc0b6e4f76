package city

import (
	"net/http"

	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type listeningView struct {
	Sources []heardView
	Count   string
	Columns []ui.Column
	Records [][]ui.Cell
}

type heardView struct {
	Name   string
	Silent string // words when it could not be read lately, "" when it can
}

// listening says what the centre listens to and what it does not: a list that hides its gaps would be read as the whole city.
func (p pages) listening(w http.ResponseWriter, r *frame.Request) error {
	list, err := p.s.Radar.Heard(r.Context())
	if err != nil {
		return err
	}
	var v listeningView
	for _, h := range list {
		one := heardView{Name: h.Name}
		if !h.Well {
			one.Silent = r.Lang.T("listening.silent")
		}
		v.Sources = append(v.Sources, one)
	}
	records, err := p.s.Radar.Records(r.Context())
	if err != nil {
		return err
	}
	v.Columns, v.Records = site.SignalRecords(r.Lang, records)
	v.Count = r.Lang.N("listening.count", len(list))
	page := p.s.PublicPage(r, ui.Page{Title: r.Lang.T("listening.title"), Description: r.Lang.T("listening.lede"), Path: "/listening", Menu: "listening"})
	return p.s.Render(w, r, http.StatusOK, listeningPage(page, v))
}
