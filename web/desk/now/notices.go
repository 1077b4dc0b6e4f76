package now

import (
	"net/http"
	"strings"

	"khue/catalogue"
	"khue/web/frame"
	"khue/web/ui"
)

type noticesView struct {
	Items  []ui.RiverItem
	Unseen int
}

// noticesShown is how many notices the page shows.
const noticesShown = 100

func (d desk) notices(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	list, err := d.s.Insight.Notices(r.Context(), a, noticesShown)
	if err != nil {
		return err
	}
	var v noticesView
	for _, n := range list {
		key := "now.told." + strings.ReplaceAll(n.Kind, ".", "-")
		if n.Stage != "" {
			key += "." + n.Stage
		}
		item := ui.RiverItem{ID: "n-" + strings.ReplaceAll(n.ID, "/", "-"), Time: n.At, Title: n.Title, Href: r.Href(insightAddress(n.Thing)), Sub: catalogue.Capital(r.Lang.T(key)) + " · " + d.s.OfficeName(r, n.Office)}
		if item.Title == "" {
			item.Title = catalogue.Capital(r.Lang.T(key))
		}
		if n.Seen.IsZero() {
			v.Unseen++
			item.Body = ui.Sign(ui.Plain, r.Lang.T("now.new"))
		}
		v.Items = append(v.Items, item)
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("now.notices"), Menu: "now"})
	return d.s.Render(w, r, http.StatusOK, noticesPage(p, v))
}

func (d desk) seen(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	if err := d.s.Insight.See(r.Context(), a); err != nil {
		return err
	}
	return d.s.See(w, r, "/desk/notices", "")
}
