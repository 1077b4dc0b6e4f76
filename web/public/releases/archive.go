package releases

import (
	"net/http"
	"net/url"
	"time"

	"khue/problem"
	"khue/release"
	"khue/web/frame"
	"khue/web/ui"
)

type archiveView struct {
	Words, Day, Office, Kind, Topic string
	Offices, Kinds, Topics          []ui.Option
	River                           []ui.RiverItem
	Newest, Older                   string
}

func (p pages) archive(w http.ResponseWriter, r *frame.Request) error {
	q := r.URL.Query()
	v := archiveView{Words: q.Get("q"), Day: q.Get("day"), Office: q.Get("office"), Kind: q.Get("kind"), Topic: q.Get("topic")}
	page := release.Page{Words: v.Words, Office: v.Office, Kind: release.Kind(v.Kind), Topic: v.Topic, After: q.Get("after"), Withdrawn: v.Words == "" && v.Topic == ""}
	if v.Day != "" {
		day, err := time.ParseInLocation("2006-01-02", v.Day, ui.Zone)
		if err != nil {
			return problem.Of("day", problem.Date)
		}
		page.Since, page.Until = day, day.AddDate(0, 0, 1)
	}
	list, next, err := p.s.Releases.Published(r.Context(), page)
	if err != nil {
		return err
	}
	for _, rel := range list {
		v.River = append(v.River, p.item(r, rel, rel.Published))
	}
	if next != "" {
		v.Older = v.address(r, next)
	}
	if page.After != "" {
		v.Newest = v.address(r, "")
	}
	if err := p.choices(r, &v); err != nil {
		return err
	}
	return p.s.Render(w, r, http.StatusOK, archivePage(p.s.PublicPage(r, ui.Page{Title: r.Lang.T("release.archive"), Path: "/archive", Menu: "today", Head: feedLinks(r.Lang)}), v))
}

func (v archiveView) address(r *frame.Request, after string) string {
	q := url.Values{}
	for name, value := range map[string]string{"q": v.Words, "day": v.Day, "office": v.Office, "kind": v.Kind, "topic": v.Topic, "after": after} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return r.Href("/archive?" + q.Encode())
}

func (p pages) choices(r *frame.Request, v *archiveView) error {
	all := ui.Option{Label: r.Lang.T("release.filter.all")}
	v.Offices, v.Kinds, v.Topics = []ui.Option{all}, []ui.Option{all}, []ui.Option{all}
	offices, err := p.s.People.Offices(r.Context())
	if err != nil {
		return err
	}
	for _, o := range offices {
		v.Offices = append(v.Offices, ui.Option{Value: o.Code, Label: o.NameIn(string(r.Lang))})
	}
	for _, k := range release.Kinds {
		v.Kinds = append(v.Kinds, ui.Option{Value: string(k), Label: r.Lang.T("release.kind." + string(k))})
	}
	for _, t := range release.Topics {
		v.Topics = append(v.Topics, ui.Option{Value: t, Label: r.Lang.T("release.topic." + t)})
	}
	return nil
}
