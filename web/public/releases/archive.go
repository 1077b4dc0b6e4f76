package releases

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"khue/insight"
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
	list, next, err := p.found(r, page)
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

// maxFound is how many releases a search by words gives; more words find fewer.
const maxFound = 60

// found asks the index of sealed texts for words, so that they are found in the whole text and whatever the size of the archive; the
// room alone where no words are given, or while the index is loading.
func (p pages) found(r *frame.Request, page release.Page) ([]release.Public, string, error) {
	if page.Words == "" || p.s.Insight == nil || !p.s.Insight.Loaded() {
		return p.s.Releases.Published(r.Context(), page)
	}
	hits, err := p.s.Insight.Search(page.Words, 4*maxFound)
	if err != nil {
		return nil, "", err
	}
	if code := strings.ToUpper(page.Words); bareCode.MatchString(code) {
		hits = append([]insight.Hit{{Paper: insight.Paper{Room: "release", Code: code}}}, hits...)
	}
	var list []release.Public
	for _, h := range hits {
		if h.Room != "release" || len(list) == maxFound {
			continue
		}
		rel, err := p.s.Releases.Public(r.Context(), h.Code)
		switch {
		case problem.CodeOf(err) == problem.NotFound:
			continue
		case err != nil:
			return nil, "", err
		}
		if fits(page, rel) && !slices.ContainsFunc(list, func(o release.Public) bool { return o.ID == rel.ID }) {
			list = append(list, rel)
		}
	}
	return list, "", nil
}

// bareCode is a release's code and nothing else.
var bareCode = regexp.MustCompile(`^[A-Z]{2,4}-[0-9]{4}-[0-9]{4,6}$`)

// fits holds a release against a page's conditions other than words.
func fits(page release.Page, rel release.Public) bool {
	return (page.Office == "" || rel.Office == page.Office) && (page.Kind == "" || rel.Kind == page.Kind) && (page.Topic == "" || rel.Topic == page.Topic) &&
		(page.Since.IsZero() || !rel.Published.Before(page.Since)) && (page.Until.IsZero() || rel.Published.Before(page.Until)) &&
		(rel.State != release.Withdrawn || bareCode.MatchString(strings.ToUpper(page.Words)))
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
	v.Kinds, v.Topics = []ui.Option{all}, []ui.Option{all}
	offices, err := p.s.OfficeOptions(r)
	if err != nil {
		return err
	}
	v.Offices = append([]ui.Option{all}, offices...)
	for _, k := range release.Kinds {
		v.Kinds = append(v.Kinds, ui.Option{Value: string(k), Label: r.Lang.T("release.kind." + string(k))})
	}
	for _, t := range release.Topics {
		v.Topics = append(v.Topics, ui.Option{Value: t, Label: r.Lang.T("release.topic." + t)})
	}
	return nil
}
