// Package proof lets anybody check a text against what the city sealed, open a code's proof step by step, search what is
// public, and read about the public log.
//
// Imports web/site, web/ui, web/frame, insight, ledger and text/verify. Read proof.go, then check.go.
package proof

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"khue/insight"
	"khue/ledger"
	"khue/ledger/tree"
	"khue/problem"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type pages struct {
	s      *site.Site
	checks *frame.Limiter
}

const (
	// maxUpload bounds a text file that is checked, with its form, in bytes.
	maxUpload = 6 << 20
	// checksAMinute is how many texts one address may check in a minute.
	checksAMinute = 20
)

// Register puts the pages on a frame.
func Register(f *frame.Frame, s *site.Site) {
	p := pages{s, frame.NewLimiter(s.Now, checksAMinute, time.Minute)}
	f.Handle("GET /verify", s.Cached(p.form))
	f.HandleUpload("POST /verify", maxUpload, p.check)
	f.Handle("GET /v/{code}", p.code)
	f.Handle("GET /v/{code}/{entry}/proof.txt", p.download)
	f.Handle("GET /v/{code}/{entry}/text.txt", p.text)
	f.Handle("GET /search", s.Cached(p.search, s.Insight.LibraryChanges))
	f.Handle("GET /log", p.log)
}

// edition is one sealed text with its place in the public log.
type edition struct {
	Name     string
	Title    string
	Lang     string
	Version  int
	Digest   string
	Entry    string
	Position int64
	Signed   bool
	State    string
	At       time.Time
	Steps    []string
	Proof    string // address of the downloadable proof
	Text     string // address of the sealed words
}

type codeView struct {
	Code     string
	State    string // catalogue word of the seal
	Withdraw bool
	Page     string
	Editions []edition
}

// code shows the proof of everything that was sealed under a code.
func (p pages) code(w http.ResponseWriter, r *frame.Request) error {
	papers, err := p.s.Insight.Papers(r.PathValue("code"))
	if err != nil {
		return err
	}
	v := codeView{Code: papers[0].Code, Page: r.Href(papers[0].Path()), State: sealState(r, papers[0].Status)}
	v.Withdraw = papers[0].Status == insight.TakenBack
	for _, paper := range papers {
		e, err := p.edition(r, paper)
		if err != nil {
			return err
		}
		v.Editions = append(v.Editions, e)
	}
	page := p.s.PublicPage(r, ui.Page{Title: r.Lang.T("proof.code.title", "code", v.Code), Menu: "verify"})
	return p.s.Render(w, r, http.StatusOK, codePage(page, v))
}

func sealState(r *frame.Request, s insight.PaperStatus) string {
	switch s {
	case insight.TakenBack:
		return ui.SealState(r.Lang, ui.Withdrawn)
	case insight.Superseded:
		return ui.SealState(r.Lang, ui.Corrected)
	}
	return ui.SealState(r.Lang, ui.Sealed)
}

// edition proves one paper now, step by step: what is said here has just been computed.
func (p pages) edition(r *frame.Request, paper insight.Paper) (edition, error) {
	l := r.Lang
	e := edition{
		Title: paper.Title, Lang: paper.Lang, Version: paper.Version, Digest: paper.Digest, Entry: paper.Entry, At: paper.Published, State: sealState(r, paper.Status),
		Name: l.T("proof.edition", "n", paper.Version) + " · " + l.T("proof.lang."+langOf(paper.Lang)),
	}
	proof, err := p.s.Ledger.Prove(r.Context(), paper.Entry)
	switch {
	case problem.CodeOf(err) == problem.Loading || problem.CodeOf(err) == problem.NotFound:
		e.Steps = []string{l.T("proof.step.waiting")}
		return e, nil
	case err != nil:
		return e, err
	}
	if err := proof.Verify(); err != nil {
		return e, err
	}
	e.Position, e.Signed = proof.Record.Position, true
	e.Proof = "/v/" + paper.Code + "/" + paper.Entry + "/proof.txt"
	if paper.Status != insight.TakenBack {
		e.Text = "/v/" + paper.Code + "/" + paper.Entry + "/text.txt?lang=" + paper.Lang
	}
	if paper.Digest != "" {
		e.Steps = append(e.Steps, l.T("proof.step.digest", "digest", paper.Digest))
	}
	e.Steps = append(
		e.Steps,
		l.T("proof.step.entry", "number", ui.Number(l, e.Position), "at", ui.DateTime(l, proof.Record.At)),
		l.T("proof.step.path", "n", len(proof.Path), "size", ui.Number(l, proof.Size)),
		l.T("proof.step.signed", "origin", p.s.Ledger.Origin(), "root", shortRoot(proof.Checkpoint)),
		l.T("proof.step.yourself"),
	)
	return e, nil
}

func langOf(lang string) string {
	if lang == "en" {
		return "en"
	}
	return "vi"
}

// shortRoot gives the beginning of the root in a checkpoint, to be compared by eye.
func shortRoot(checkpoint string) string {
	c, err := tree.ParseCheckpoint(checkpoint)
	if err != nil {
		return "?"
	}
	return base64.StdEncoding.EncodeToString(c.Root[:])[:12] + "…"
}

// paper finds the paper of an address: a code and an entry that belong together.
func (p pages) paper(r *frame.Request) (insight.Paper, error) {
	papers, err := p.s.Insight.Papers(r.PathValue("code"))
	if err != nil {
		return insight.Paper{}, err
	}
	lang := r.URL.Query().Get("lang")
	for _, paper := range papers {
		if paper.Entry == r.PathValue("entry") && (lang == "" || paper.Lang == lang) {
			return paper, nil
		}
	}
	return insight.Paper{}, problem.New(problem.NotFound)
}

// download gives the proof that a person can check without us, in the form of c2sp.org/tlog-proof@v1.
func (p pages) download(w http.ResponseWriter, r *frame.Request) error {
	paper, err := p.paper(r)
	if err != nil {
		return err
	}
	proof, err := p.s.Ledger.Prove(r.Context(), paper.Entry)
	if err != nil {
		return err
	}
	return plain(w, "khue-"+paper.Code+"-"+strconv.Itoa(paper.Version)+".proof.txt", proof.Text())
}

// text gives the very words whose digest is sealed.
func (p pages) text(w http.ResponseWriter, r *frame.Request) error {
	paper, err := p.paper(r)
	if err != nil {
		return err
	}
	if paper.Status == insight.TakenBack { // its page no longer shows it, so neither does its proof
		return problem.New(problem.Withheld)
	}
	return plain(w, "khue-"+paper.Code+"-"+strconv.Itoa(paper.Version)+"-"+langOf(paper.Lang)+".txt", p.s.Insight.Sealed(paper))
}

func plain(w http.ResponseWriter, name, body string) error {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Cache-Control", "no-cache")
	_, _ = w.Write([]byte(body)) // a reader that left needs no answer
	return nil
}

type logView struct {
	Size       string
	Signed     string
	Origin     string
	Key        string
	Checkpoint string
	Rows       [][]ui.Cell
	Columns    []ui.Column
}

// logShown is how many of the newest public entries the page about the log shows.
const logShown = 30

func (p pages) log(w http.ResponseWriter, r *frame.Request) error {
	l := r.Lang
	v := logView{Size: ui.Number(l, p.s.Ledger.Size()), Signed: ui.Number(l, p.s.Ledger.SignedSize()), Origin: p.s.Ledger.Origin(), Key: p.s.Ledger.PublicKey()}
	text, err := p.s.Ledger.Checkpoint(r.Context())
	if err != nil && problem.CodeOf(err) != problem.NotFound {
		return err
	}
	v.Checkpoint = text
	v.Columns = []ui.Column{{Name: l.T("proof.log.number"), Number: true}, {Name: l.T("proof.log.at")}, {Name: l.T("proof.log.kind")}, {Name: l.T("proof.log.code")}}
	list, err := p.newest(r)
	if err != nil {
		return err
	}
	for _, rec := range list {
		code := codeIn(rec)
		cell := ui.Cell{Text: code}
		if code != "" {
			cell.Href = r.Href("/v/" + code)
		}
		v.Rows = append(v.Rows, []ui.Cell{{Text: ui.Number(l, rec.Position)}, {Text: ui.ShortDateTime(l, rec.At)}, {Text: kindWord(r, rec.Kind)}, cell})
	}
	page := p.s.PublicPage(r, ui.Page{Title: l.T("proof.log.title"), Menu: "log"})
	return p.s.Render(w, r, http.StatusOK, logPage(page, v))
}

// lookBack bounds the entries looked through for public ones.
const lookBack = 2000

func (p pages) newest(r *frame.Request) ([]ledger.Record, error) {
	list, err := p.s.Ledger.Before(r.Context(), p.s.Ledger.SignedSize(), lookBack)
	var public []ledger.Record
	for _, rec := range list {
		if rec.Public && len(public) < logShown {
			public = append(public, rec)
		}
	}
	return public, err
}

func codeIn(rec ledger.Record) string {
	var b struct {
		Code string `json:"code"`
	}
	if err := rec.Decode(&b); err != nil {
		return ""
	}
	return b.Code
}

// kindWord says in words what an entry records; the kind itself where there are none.
func kindWord(r *frame.Request, kind string) string {
	if key := "proof.kind." + strings.ReplaceAll(kind, ".", "-"); r.Lang.Has(key) {
		return r.Lang.T(key)
	}
	return kind
}

type searchView struct {
	Query   string
	Items   []ui.RiverItem
	Loading bool
}

// searchShown is how many papers a search shows.
const searchShown = 30

func (p pages) search(w http.ResponseWriter, r *frame.Request) error {
	v := searchView{Query: strings.TrimSpace(r.URL.Query().Get("q"))}
	if len(v.Query) > 400 {
		return problem.Of("q", problem.Invalid, "why", "@proof.search.long")
	}
	status := http.StatusOK
	hits, err := p.s.Insight.Search(v.Query, searchShown)
	switch {
	case problem.CodeOf(err) == problem.Loading:
		v.Loading, status = true, http.StatusServiceUnavailable
	case err != nil:
		return err
	}
	for _, h := range hits {
		v.Items = append(v.Items, ui.RiverItem{ID: h.Code, Time: h.Published, Title: h.Title, Href: r.Href(h.Path()), Sub: h.Code + " · " + h.Excerpt})
	}
	page := p.s.PublicPage(r, ui.Page{Title: r.Lang.T("proof.search.title"), Path: "/search", Menu: "search", NoIndex: true})
	return p.s.Render(w, r, status, searchPage(page, v))
}
