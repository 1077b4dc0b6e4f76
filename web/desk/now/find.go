package now

import (
	"encoding/json"
	"net/http"
	"strings"

	"khue/insight"
	"khue/web/frame"
	"khue/web/ui"
)

type findView struct {
	Query string
	Hits  []hit
}

type hit struct {
	Title string `json:"title"`
	Sub   string `json:"sub"`
	Href  string `json:"href"`
}

// findMost is how many hits are shown.
const findMost = 20

func insightAddress(thing string) string { return insight.Address(thing) }

// find answers the palette (JSON) and the page without script: commands first, then things by code, title or name.
func (d desk) find(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	q := strings.TrimSpace(r.URL.Query().Get("q"))
	hits := d.commands(r, d.s.Closed(a), q)
	found, err := d.s.Insight.Find(r.Context(), a, q, findMost)
	if err != nil {
		return err
	}
	for _, f := range found {
		sub := f.Code
		if f.State != "" {
			sub += " · " + r.Lang.T(f.State)
		}
		hits = append(hits, hit{f.Title, strings.TrimPrefix(sub, " · "), r.Href(f.Href)})
	}
	if len(hits) > findMost {
		hits = hits[:findMost]
	}
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		if hits == nil {
			hits = []hit{}
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		return json.NewEncoder(w).Encode(hits)
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("ui.find"), Menu: "now"})
	return d.s.Render(w, r, http.StatusOK, findPage(p, findView{q, hits}))
}

// commands gives the places of the desk whose words begin with the query, with or without marks.
func (d desk) commands(r *frame.Request, closed map[string]bool, q string) []hit {
	var hits []hit
	for _, m := range ui.DeskMenu {
		name := r.Lang.T("ui.menu." + m.Key)
		if !closed[m.Key] && (q == "" || insight.Matches(name, q)) {
			hits = append(hits, hit{name, r.Lang.T("now.find.place"), r.Href(m.Path)})
		}
	}
	for _, c := range []struct{ key, path string }{{"now.find.submit", "/desk/intake#new"}, {"now.find.claim", "/desk/claims/new"}, {"ui.note", "/desk/note"}, {"now.find.delegate", "/desk/delegate"}} {
		if name := r.Lang.T(c.key); q != "" && insight.Matches(name, q) {
			hits = append(hits, hit{name, r.Lang.T("now.find.command"), r.Href(c.path)})
		}
	}
	return hits
}
