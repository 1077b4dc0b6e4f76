// Package releases is the public's face of the room release: what the city says today, one release with its editions and proof, the
// archive, feeds, the sheet for paper, and the files that went out.
//
// Nothing here asks who is reading, so that every page can be kept; the room gives what is public and nothing else. What was
// withdrawn keeps its page, which says since when and why.
//
// Imports release, claim, media, people, web/site and what they stand on. Read releases.go, then page.templ.
package releases

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"khue/catalogue"
	"khue/claim"
	"khue/media"
	"khue/problem"
	"khue/release"
	"khue/release/prose"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/syndicate"
	"khue/web/ui"
)

type pages struct{ s *site.Site }

// Register puts the public pages of releases on a frame.
func Register(f *frame.Frame, s *site.Site) {
	p := pages{s}
	f.Handle("GET /{$}", s.Cached(p.today))
	f.Handle("GET /r/{code}", s.Cached(p.release))
	f.Handle("GET /r/{code}/print", s.Cached(p.sheet))
	f.Handle("GET /archive", s.Cached(p.archive, s.Insight.LibraryChanges))
	f.Handle("GET /feed.atom", s.Cached(p.feed(syndicate.Atom)))
	f.Handle("GET /feed.rss", s.Cached(p.feed(syndicate.RSS)))
	f.Handle("GET /feed.json", s.Cached(p.feed(syndicate.JSON)))
	f.Handle("GET /files/{id}/{name}", p.file)
	f.Handle("GET /thumbs/{id}", p.thumb)
}

// said is a release's text in the reader's language, or in Vietnamese when there is no other.
type said struct {
	Title, Lede, Body, Note, Reason string
	SHA256                          string
	Lang                            string
	Missing                         bool // the reader's language was not written
}

func in(r release.Public, l catalogue.Lang) said {
	t := said{Title: r.Title, Lede: r.Lede, Body: r.Body, Note: r.Note, Reason: r.Reason, SHA256: r.SHA256, Lang: "vi"}
	if l != catalogue.EN {
		return t
	}
	if r.NoteEN != "" {
		t.Note = r.NoteEN
	}
	if r.ReasonEN != "" {
		t.Reason = r.ReasonEN
	}
	if !r.English() {
		t.Missing = r.State != release.Withdrawn
		return t
	}
	t.Title, t.Lede, t.Body, t.SHA256, t.Lang = r.TitleEN, r.LedeEN, r.BodyEN, r.SHA256EN, "en"
	return t
}

// office gives an office's name, its code when it is not known.
func (p pages) office(ctx context.Context, l catalogue.Lang, code string) string {
	o, err := p.s.People.Office(ctx, code)
	if err != nil {
		return code
	}
	return o.NameIn(string(l))
}

// line gives kind, office and time in one line.
func (p pages) line(r *frame.Request, rel release.Public, withTime bool) string {
	s := r.Lang.T("release.kind."+string(rel.Kind)) + " · " + p.office(r.Context(), r.Lang, rel.Office)
	if withTime {
		s += " · " + ui.DateTime(r.Lang, rel.Published)
	}
	return s
}

// sealState gives the state of proof of a release.
func sealState(l catalogue.Lang, s release.State) string {
	switch s {
	case release.Corrected:
		return ui.SealState(l, ui.Corrected)
	case release.Withdrawn:
		return ui.SealState(l, ui.Withdrawn)
	}
	return ui.SealState(l, ui.Sealed)
}

// inRiver is how many releases the first page shows; changesOf how long an older one that was changed comes back into it.
const (
	inRiver   = 24
	changesOf = 3 * 24 * time.Hour
)

type checked struct {
	Headline, Lang, Href, Said string
	Verdict                    claim.Verdict
}

type todayView struct {
	Main    *release.Public
	MainIn  said
	Line    string
	River   []ui.RiverItem
	Older   string
	Checked []checked
	Working []checked
}

func (p pages) today(w http.ResponseWriter, r *frame.Request) error {
	ctx := r.Context()
	list, next, err := p.s.Releases.Published(ctx, release.Page{Limit: inRiver, Withdrawn: true})
	if err != nil {
		return err
	}
	changes, err := p.s.Releases.Changes(ctx, p.s.Now().Add(-changesOf), inRiver)
	if err != nil {
		return err
	}
	var v todayView
	if next != "" {
		v.Older = r.Href("/archive?after=" + url.QueryEscape(next))
	}
	for _, rel := range list {
		if v.Main == nil && rel.State != release.Withdrawn {
			v.Main, v.MainIn, v.Line = &rel, in(rel, r.Lang), p.line(r, rel, true)
			continue
		}
		v.River = append(v.River, p.item(r, rel, rel.Published))
	}
	for _, rel := range changes {
		if !slices.ContainsFunc(list, func(o release.Public) bool { return o.ID == rel.ID }) {
			v.River = append(v.River, p.item(r, rel, rel.Changed))
		}
	}
	slices.SortStableFunc(v.River, func(a, b ui.RiverItem) int { return b.Time.Compare(a.Time) })
	if err := p.checked(r, &v); err != nil {
		return err
	}
	page := p.s.PublicPage(r, ui.Page{Title: r.Lang.T("ui.menu.today"), Path: "/", Menu: "today", Description: r.Lang.T("release.today.about"), Head: feedLinks(r.Lang)})
	return p.s.Render(w, r, http.StatusOK, todayPage(page, v))
}

// item gives a release as a line of the river, its correction or withdrawal below it.
func (p pages) item(r *frame.Request, rel release.Public, at time.Time) ui.RiverItem {
	t := in(rel, r.Lang)
	i := ui.RiverItem{ID: rel.Code, Time: at, Title: t.Title, Href: r.Href("/r/" + rel.Code), Sub: p.line(r, rel, false), Body: changeNote(r.Lang, rel, t)}
	if rel.State == release.Withdrawn {
		i.Title = r.Lang.T("release.withdrawn.title", "code", rel.Code)
	}
	if t.Missing {
		i.Sub += " · " + r.Lang.T("release.only-vi")
	}
	return i
}

// changeNote is what stands below a line that was changed; nil for none.
func changeNote(l catalogue.Lang, rel release.Public, t said) templ.Component {
	switch {
	case rel.State == release.Withdrawn:
		return withdrawnLine(l, rel, t)
	case rel.Edition == "correction" || rel.Edition == "update" && t.Note != "":
		return changedLine(l, rel, t)
	}
	return nil
}

// checked fills in what is false now and what is still being checked.
func (p pages) checked(r *frame.Request, v *todayView) error {
	if p.s.Claims == nil {
		return nil
	}
	list, _, err := p.s.Claims.Register(r.Context(), claim.RegisterFilter{Limit: 4})
	if err != nil {
		return err
	}
	for _, c := range list {
		e := c.Now()
		t, lang := e.In(string(r.Lang))
		v.Checked = append(v.Checked, checked{Headline: t.Headline, Lang: lang, Href: r.Href("/claims/" + c.Code), Said: t.Said, Verdict: e.Verdict})
	}
	working, err := p.s.Claims.Working(r.Context())
	if err != nil {
		return err
	}
	for _, c := range working[:min(3, len(working))] {
		v.Working = append(v.Working, checked{Said: c.Statement, Href: r.Href("/claims/" + c.Code)})
	}
	return nil
}

// edition is a line of a release's history in public.
type edition struct {
	N            int
	Kind         string
	Note, SHA256 string
	At           time.Time
	Current      bool
}

type releaseView struct {
	release.Public
	said
	Line     string
	OfficeIn string
	HTML     templ.Component
	Files    []ui.Attachment
	Pictures []picture
	Editions []edition
	Change   []ui.Run // the newest edition against the one before; nil for a first one
	State    string
	Others   string // address of the other language when it was written
}

type picture struct {
	Src, Href, Name, Alt, Caption string
	Width, Height                 string
}

func (p pages) release(w http.ResponseWriter, r *frame.Request) error {
	v, err := p.view(r)
	if err != nil {
		return err
	}
	page := ui.Page{Title: v.Title, Description: v.Lede, Menu: "today", Thing: "release/" + v.ID, Head: ldJSON(p.newsArticle(r, v))}
	if v.Public.State == release.Withdrawn {
		page.Title, page.NoIndex = r.Lang.T("release.withdrawn.title", "code", v.Code), true
		return p.s.Render(w, r, http.StatusOK, withdrawnPage(p.s.PublicPage(r, page), v))
	}
	return p.s.Render(w, r, http.StatusOK, releasePage(p.s.PublicPage(r, page), v))
}

// view reads a release for its page; the code may be typed in small letters.
func (p pages) view(r *frame.Request) (releaseView, error) {
	ctx := r.Context()
	rel, err := p.s.Releases.Public(ctx, strings.ToUpper(r.PathValue("code")))
	if err != nil {
		return releaseView{}, err
	}
	t := in(rel, r.Lang)
	v := releaseView{Public: rel, said: t, Line: p.line(r, rel, true), OfficeIn: p.office(ctx, r.Lang, rel.Office), HTML: templ.Raw(prose.HTML(t.Body)), State: sealState(r.Lang, rel.State)}
	files, err := p.s.Releases.PublicFiles(ctx, rel)
	if err != nil {
		return v, err
	}
	for _, f := range files {
		href := fileHref(f.ID, f.Name)
		if f.Picture() {
			v.Pictures = append(v.Pictures, picture{Src: href, Href: href, Name: f.Name, Alt: f.Alt, Caption: f.Caption, Width: strconv.Itoa(f.Width), Height: strconv.Itoa(f.Height)})
			continue
		}
		v.Files = append(v.Files, ui.Attachment{Name: f.Name, Href: href, Bytes: f.Bytes, Kind: media.Short(f.Kind), Note: f.Caption})
	}
	editions, err := p.s.Releases.Editions(ctx, rel.ID)
	if err != nil {
		return v, err
	}
	for _, e := range editions {
		line := edition{N: e.N, Kind: e.Kind, Note: e.Note, SHA256: e.SHA256, At: e.At, Current: e.N == rel.N && rel.State != release.Withdrawn}
		if r.Lang == catalogue.EN && e.NoteEN != "" {
			line.Note = e.NoteEN
		}
		if rel.State == release.Withdrawn { // notes quote what had to go
			line.Note = ""
		}
		if t.Lang == "en" && e.SHA256EN != "" {
			line.SHA256 = e.SHA256EN
		}
		v.Editions = append(v.Editions, line)
	}
	slices.Reverse(v.Editions)
	if n := len(editions); n > 1 && rel.State != release.Withdrawn {
		before, err := p.s.Releases.EditionText(ctx, rel.ID, editions[n-2].N)
		if err != nil {
			return v, err
		}
		v.Change = change(before, t)
	}
	return v, nil
}

// change compares an earlier edition with what is shown, in the language that is shown.
func change(before release.Text, now said) []ui.Run {
	title, lede, body := before.Title, before.Lede, before.Body
	if now.Lang == "en" {
		title, lede, body = before.TitleEN, before.LedeEN, before.BodyEN
	}
	runs := site.Diff(title, now.Title)
	if lede != "" || now.Lede != "" {
		runs = append(append(runs, ui.Run{Kind: ui.Equal, Text: "\n"}), site.Diff(lede, now.Lede)...)
	}
	return append(append(runs, ui.Run{Kind: ui.Equal, Text: "\n"}), site.Diff(prose.Plain(body), prose.Plain(now.Body))...)
}

func fileHref(id, name string) string { return "/files/" + id + "/" + url.PathEscape(name) }

// sheet is the release for paper: one A4 sheet with its code.
func (p pages) sheet(w http.ResponseWriter, r *frame.Request) error {
	v, err := p.view(r)
	if err != nil {
		return err
	}
	if v.Public.State == release.Withdrawn {
		return problem.New(problem.Withheld)
	}
	return p.s.Render(w, r, http.StatusOK, sheetPage(p.s.PublicPage(r, ui.Page{Title: v.Code, NoIndex: true}), v, p.s.Origin+"/v/"+v.Code))
}

// file sends a file that went out with a release, or, to those who may see it, one that has not.
func (p pages) file(w http.ResponseWriter, r *frame.Request) error {
	thing, public, err := p.seen(r, r.PathValue("id"))
	if err != nil {
		return err
	}
	return p.s.ServeFile(w, r, thing, r.PathValue("id"), public)
}

// seen gives the release beside which the reader may see a file; NotFound for none.
func (p pages) seen(r *frame.Request, id string) (thing string, public bool, err error) {
	if public, err = p.s.Releases.FilePublic(r.Context(), id); err != nil {
		return "", false, err
	}
	things, err := p.s.Media.Things(r.Context(), id)
	if err != nil {
		return "", false, err
	}
	if public && len(things) > 0 {
		for _, t := range things {
			if strings.HasPrefix(t, "release/") {
				return t, true, nil
			}
		}
	}
	who, err := p.s.Actor(r)
	if err != nil {
		return "", false, err
	}
	for _, t := range things {
		rel, ok := strings.CutPrefix(t, "release/")
		if !ok {
			continue
		}
		if _, err := p.s.Releases.Get(r.Context(), who, rel); err == nil {
			return t, false, nil
		}
	}
	return "", false, problem.New(problem.NotFound)
}

// thumb sends the small picture of a file that the reader may see.
func (p pages) thumb(w http.ResponseWriter, r *frame.Request) error {
	_, public, err := p.seen(r, r.PathValue("id"))
	if err != nil {
		return err
	}
	body, f, err := p.s.Media.OpenThumb(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	defer body.Close()
	h := w.Header()
	h.Set("Content-Type", media.JPEG)
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	h.Set("Cache-Control", "private, max-age=300")
	if public {
		h.Set("Cache-Control", "public, max-age=300")
	}
	http.ServeContent(w, r.Request, "", f.At, body)
	return nil
}

// askAbout leads to the form of a question that begins with what it is about.
func askAbout(l catalogue.Lang, code, title string) string {
	return "/ask?q=" + url.QueryEscape(l.T("release.ask.about", "code", code, "title", title))
}
