package city

import (
	"net/http"

	"khue/radar"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type listeningView struct {
	Sources []heardView // those that programs can hear
	Count   string
	Columns []ui.Column
	Records [][]ui.Cell
	Comes   []string // names of the others: what is uploaded or sent
	Stream  bool     // some are social networks
}

type heardView struct {
	Name   string
	Kind   string // in words, "" for a plain feed
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
		if !h.Kind.Visited() && h.Kind != radar.KindBluesky {
			if h.Kind.Uploads() || h.Kind == radar.KindPush {
				v.Comes = append(v.Comes, h.Name)
			}
			continue
		}
		one := heardView{Name: h.Name}
		if h.Kind != radar.KindFeed {
			one.Kind = r.Lang.T("source.kind." + string(h.Kind))
		}
		v.Stream = v.Stream || h.Kind == radar.KindBluesky || h.Kind == radar.KindMastodon
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
	v.Count = r.Lang.N("listening.count", len(v.Sources))
	page := p.s.PublicPage(r, ui.Page{Title: r.Lang.T("listening.title"), Description: r.Lang.T("listening.lede"), Path: "/listening", Menu: "listening"})
	return p.s.Render(w, r, http.StatusOK, listeningPage(page, v))
}
