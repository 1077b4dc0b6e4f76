// Package claims is the public's face of the room claim: the register of what was checked, a fact-check with its evidence and
// proof, feeds, and the form by which anybody reports a rumour.
//
// The truth is the headline and what was said stands in quotes below. What is still being checked is listed apart, says that it
// has no verdict and is kept out of search engines.
//
// Imports claim, media, release/prose, web/site and what they stand on. Read claims.go, then page.templ.
package claims

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"khue/catalogue"
	"khue/claim"
	"khue/problem"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/syndicate"
	"khue/web/ui"
)

// maxPicture bounds the form of a report with its picture, in bytes.
const maxPicture = 16 << 20

type pages struct{ s *site.Site }

// Register puts the public pages of claims on a frame.
func Register(f *frame.Frame, s *site.Site) {
	p := pages{s}
	f.Handle("GET /claims", s.Cached(p.register))
	f.Handle("GET /claims/feed.atom", s.Cached(p.feed(syndicate.Atom)))
	f.Handle("GET /claims/feed.rss", s.Cached(p.feed(syndicate.RSS)))
	f.Handle("GET /claims/feed.json", s.Cached(p.feed(syndicate.JSON)))
	f.Handle("GET /claims/{code}", s.Cached(p.claim))
	f.Handle("GET /claims/{code}/print", s.Cached(p.sheet))
	f.Handle("GET /claims/{code}/files/{evidence}", p.file)
	f.Handle("GET /report", p.reportForm)
	f.HandleUpload("POST /report", maxPicture, f.Limited(20, 10*time.Minute, p.report))
	f.Handle("GET /report/{code}", p.receipt)
}

// card is a claim as a line of a list.
type card struct {
	Code, Href     string
	Headline, Said string
	Lang           string // of Headline and Said
	Verdict        claim.Verdict
	At             time.Time
	Sub            string
	Changed        string // public note of the newest edition, "" for a first one
	ChangedWord    string
}

type registerView struct {
	Cards    []card
	Working  []card
	Notices  []ui.AdvisoryItem
	Older    string
	Newest   string
	Verdicts []ui.Option
	Topics   []ui.Option
	Verdict  string
	Topic    string
}

func (p pages) register(w http.ResponseWriter, r *frame.Request) error {
	q := r.URL.Query()
	f := claim.RegisterFilter{Verdict: claim.Verdict(q.Get("verdict")), Topic: q.Get("topic"), After: q.Get("after")}
	list, next, err := p.s.Claims.Register(r.Context(), f)
	if err != nil {
		return err
	}
	v := registerView{Verdict: string(f.Verdict), Topic: f.Topic, Verdicts: verdictOptions(r.Lang), Topics: topicOptions(r.Lang)}
	for _, c := range list {
		v.Cards = append(v.Cards, p.card(r, c))
	}
	if next != "" {
		v.Older = r.Href("/claims?" + filter(f, next))
	}
	if f.After != "" {
		v.Newest = r.Href("/claims?" + filter(f, ""))
	} else {
		working, err := p.s.Claims.Working(r.Context())
		if err != nil {
			return err
		}
		for _, c := range working {
			v.Working = append(v.Working, p.card(r, c))
		}
		if v.Notices, err = p.s.Advisories(r); err != nil {
			return err
		}
	}
	page := p.s.PublicPage(r, ui.Page{
		Title: r.Lang.T("claim.register"), Path: "/claims", Menu: "claims", Description: r.Lang.T("claim.register.lede"), Head: syndicate.Links(r.Lang, r.Lang.T("claim.register"), "/claims/feed.atom", "/claims/feed.rss", "/claims/feed.json"),
	})
	return p.s.Render(w, r, http.StatusOK, registerPage(page, v))
}

func filter(f claim.RegisterFilter, after string) string {
	q := url.Values{}
	for name, value := range map[string]string{"verdict": string(f.Verdict), "topic": f.Topic, "after": after} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q.Encode()
}

func (p pages) card(r *frame.Request, c claim.Public) card {
	v := card{Code: c.Code, Href: r.Href("/claims/" + c.Code), Headline: c.Statement, Lang: "vi", At: c.Opened, Sub: p.sub(r, c)}
	if c.Checking {
		return v
	}
	e := c.Now()
	t, lang := e.In(string(r.Lang))
	v.Headline, v.Said, v.Lang, v.Verdict, v.At = t.Headline, t.Said, lang, e.Verdict, c.Published
	if e.Change != "" {
		v.Changed, v.ChangedWord = e.NoteIn(string(r.Lang)), r.Lang.T("claim.changed."+e.Change, "at", ui.ShortDateTime(r.Lang, e.At))
	}
	return v
}

// sub gives topic and time to the verdict in one line.
func (p pages) sub(r *frame.Request, c claim.Public) string {
	s := c.Code
	if c.Topic != "" {
		s = r.Lang.T("claim.topic."+c.Topic) + " · " + s
	}
	if name := p.s.OfficeName(r, c.Office); name != "" {
		s = name + " · " + s
	}
	if !c.Checking {
		s += " · " + r.Lang.T("claim.took", "span", ui.Span(r.Lang, c.Published.Sub(c.Opened)))
	}
	return s
}

func verdictOptions(l catalogue.Lang) []ui.Option {
	list := []ui.Option{{Value: "", Label: l.T("claim.filter.all")}}
	for _, v := range claim.Verdicts {
		list = append(list, ui.Option{Value: string(v), Label: l.T("claim.verdict." + string(v))})
	}
	return list
}

func topicOptions(l catalogue.Lang) []ui.Option {
	list := []ui.Option{{Value: "", Label: l.T("claim.filter.topics")}}
	for _, t := range claim.Topics {
		list = append(list, ui.Option{Value: t, Label: l.T("claim.topic." + t)})
	}
	return list
}

type evidenceView struct {
	Kind, Title, Text string
	Link, LinkText    string
	Office            string
	Original          bool
	File              string // address of the file
	At                time.Time
}

type claimView struct {
	claim.Public
	Edition  claim.Edition
	Text     claim.Text
	TextLang string
	Note     string
	NoteWord string
	Old      bool // an edition that was replaced
	Office   string
	Label    string
	Evidence []evidenceView
	Times    []ui.Pair
	Against  string // the time to the verdict beside what research found
	Versions []ui.Version
	Changes  []ui.Run // against the edition before, when that was asked for
	Seal     string   // word for the state of proof
	Address  string   // whole address of the proof, for paper
	Position string
}

func (p pages) claim(w http.ResponseWriter, r *frame.Request) error {
	v, err := p.view(r)
	if err != nil {
		return err
	}
	page := p.s.PublicPage(r, ui.Page{Menu: "claims", Path: "/claims/" + v.Code, Thing: v.Ref(), Title: v.Text.Headline, NoIndex: v.Checking || v.Old || v.Changes != nil})
	if v.Checking {
		page.Title = r.Lang.T("claim.checking.title", "code", v.Code)
		return p.s.Render(w, r, http.StatusOK, checkingPage(page, v))
	}
	page.Description = r.Lang.T("claim.verdict."+string(v.Edition.Verdict)) + ": “" + v.Text.Said + "”"
	if !v.Old {
		page.Head = p.jsonLD(r, v.Public)
	}
	return p.s.Render(w, r, http.StatusOK, claimPage(page, v))
}

// view reads a claim and the edition asked for with ?edition=, the newest without.
func (p pages) view(r *frame.Request) (v claimView, err error) {
	c, err := p.s.Claims.ByCode(r.Context(), r.PathValue("code"))
	if err != nil {
		return v, err
	}
	v.Public, v.Edition = c, c.Now()
	if n := r.URL.Query().Get("edition"); n != "" && n != strconv.Itoa(v.Edition.N) {
		v.Old = true
		v.Edition.N = 0
		for _, e := range c.Editions {
			if strconv.Itoa(e.N) == n {
				v.Edition = e
			}
		}
		if v.Edition.N == 0 {
			return v, problem.New(problem.NotFound)
		}
	}
	l := r.Lang
	v.Office = p.s.OfficeName(r, c.Office)
	v.Label = l.T("claim.page.label")
	if c.Topic != "" {
		v.Label += " · " + l.T("claim.topic."+c.Topic)
	}
	if c.Checking {
		v.TextLang = "vi"
		return v, nil
	}
	v.Text, v.TextLang = v.Edition.In(string(l))
	v.Label += " · " + ui.DateTime(l, c.Published)
	if v.Edition.Change != "" {
		v.Note, v.NoteWord = v.Edition.NoteIn(string(l)), l.T("claim.changed."+v.Edition.Change, "at", ui.ShortDateTime(l, v.Edition.At))
	}
	v.Seal = ui.SealState(l, ui.Sealed)
	if v.Edition.Change == claim.Correction {
		v.Seal = ui.SealState(l, ui.Corrected)
	}
	v.Address = p.s.Origin + "/v/" + c.Code
	if r.URL.Query().Get("compare") == "1" {
		v.compare()
	}
	v.times(l)
	v.versions(l, r.Href("/claims/"+c.Code))
	for _, e := range c.Evidence {
		v.Evidence = append(v.Evidence, p.evidence(r, c.Code, e))
	}
	return v, nil
}

// typical is how long a fact-check takes to come after its claim: about 13 hours (C. Shao, G. L. Ciampaglia, A. Flammini,
// F. Menczer: Hoaxy, WWW 2016 Companion).
const typical = 13 * time.Hour

// times shows how long it took, from the first mention when that is known, beside what is usual.
func (v *claimView) times(l catalogue.Lang) {
	if !v.FirstSeen.IsZero() {
		v.Times = append(v.Times, ui.Pair{Term: l.T("claim.time.first"), Text: ui.ShortDateTime(l, v.FirstSeen)})
	}
	v.Times = append(v.Times,
		ui.Pair{Term: l.T("claim.time.opened"), Text: ui.ShortDateTime(l, v.Opened)},
		ui.Pair{Term: l.T("claim.time.published"), Text: ui.ShortDateTime(l, v.Published)},
		ui.Pair{Term: l.T("claim.time.took"), Text: ui.Span(l, v.Published.Sub(v.Opened))})
	key, took := "claim.time.against.opened", v.Published.Sub(v.Opened)
	if !v.FirstSeen.IsZero() {
		key, took = "claim.time.against", v.Published.Sub(v.FirstSeen)
		v.Times = append(v.Times, ui.Pair{Term: l.T("claim.time.since"), Text: ui.Span(l, took)})
	}
	v.Against = l.T(key, "span", ui.Span(l, took), "typical", ui.Span(l, typical))
}

// compare fills in what changed since the edition before, in the language of the page.
func (v *claimView) compare() {
	for _, e := range v.Editions {
		if e.N != v.Edition.N-1 {
			continue
		}
		if before, lang := e.In(v.TextLang); lang == v.TextLang {
			v.Changes = site.Diff(before.Sealed(), v.Text.Sealed())
		}
	}
}

func (v *claimView) versions(l catalogue.Lang, href string) {
	if len(v.Editions) < 2 {
		return
	}
	for i, e := range v.Editions {
		line := ui.Version{
			Name: l.T("claim.edition", "n", e.N), Time: e.At, Who: l.T("claim.verdict." + string(e.Verdict)), Note: e.NoteIn(string(l)),
			Href: href + "?edition=" + strconv.Itoa(e.N), Current: i == 0,
		}
		if i == 0 {
			line.Href = href
		}
		if e.N > 1 {
			line.Compare = href + "?compare=1&edition=" + strconv.Itoa(e.N)
		}
		v.Versions = append(v.Versions, line)
	}
}

func (p pages) evidence(r *frame.Request, code string, e claim.Evidence) evidenceView {
	v := evidenceView{
		Kind: r.Lang.T("claim.evidence." + string(e.Kind)), Title: e.Title, Text: e.Text, Link: e.Link, LinkText: host(e.Link),
		Office: p.s.OfficeName(r, e.Office), Original: e.Original, At: e.At,
	}
	if e.Code != "" {
		v.Link, v.LinkText = r.Href("/v/"+e.Code), e.Code
	}
	if e.File != "" {
		v.File = "/claims/" + code + "/files/" + e.ID
	}
	return v
}

// host names where a link leads.
func host(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return link
	}
	return u.Hostname()
}

func (p pages) sheet(w http.ResponseWriter, r *frame.Request) error {
	v, err := p.view(r)
	if err != nil {
		return err
	}
	if v.Checking {
		return problem.New(problem.NotFound) // there is nothing to hold in hand yet
	}
	page := p.s.PublicPage(r, ui.Page{Path: "/claims/" + v.Code + "/print", Title: v.Text.Headline, NoIndex: true})
	return p.s.Render(w, r, http.StatusOK, sheetPage(page, v))
}

// file gives a file of open evidence. It never runs: it is of a kind that media judged, and stands under a policy of its own.
func (p pages) file(w http.ResponseWriter, r *frame.Request) error {
	e, err := p.s.Claims.OpenEvidence(r.Context(), r.PathValue("evidence"))
	if err != nil || e.File == "" {
		return orMissing(err)
	}
	return p.s.ServeFile(w, r, e.Ref(), e.File, true)
}

func orMissing(err error) error {
	if err == nil {
		return problem.New(problem.NotFound)
	}
	return err
}

// riverOf lays verdicts out by their time: the truth, then what was said.
func riverOf(p ui.Page, cards []card) []ui.RiverItem {
	items := make([]ui.RiverItem, 0, len(cards))
	for _, c := range cards {
		items = append(items, ui.RiverItem{ID: c.Code, Time: c.At, Title: c.Headline, Href: c.Href, Sub: c.Sub, Body: cardBody(p, c)})
	}
	return items
}
