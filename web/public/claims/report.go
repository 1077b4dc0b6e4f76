package claims

import (
	"net/http"
	"net/url"
	"regexp"

	"khue/claim"
	"khue/problem"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type reportView struct {
	Text, Link         string
	Name, Email, Phone string
	File, FileName     string // a picture that came with a form which was not right
	Faults             []ui.Fault
	Wrong              map[string]string
}

func (p pages) reportForm(w http.ResponseWriter, r *frame.Request) error {
	q := r.URL.Query()
	return p.showReport(w, r, http.StatusOK, reportView{Text: q.Get("text"), Link: q.Get("link")})
}

func (p pages) showReport(w http.ResponseWriter, r *frame.Request, status int, v reportView) error {
	a, err := p.s.Actor(r)
	if err != nil { // a session that ended is no reason not to report
		a = regulation.Actor{}
	}
	page := p.s.Page(w, r, a, ui.Page{Title: r.Lang.T("claim.report"), Path: "/report", Menu: "report", Description: r.Lang.T("claim.report.lede")})
	return p.s.Render(w, r, status, reportPage(page, v))
}

// report takes the form. Who is logged in may report like everybody else; nothing of the account is kept with it.
func (p pages) report(w http.ResponseWriter, r *frame.Request) error {
	f, err := p.s.Form(r)
	if err != nil {
		return err
	}
	v := reportView{
		Text: f.Text("text"), Link: f.Text("link"), Name: f.Text("name"), Email: f.Text("email"), Phone: f.Text("phone"),
		File: f.Text("kept"), FileName: f.Text("kept_name"),
	}
	fail := func(err error) error {
		if problem.CodeOf(err) == problem.Internal {
			return err
		}
		v.Faults, v.Wrong = ui.Faults(r.Lang, err)
		return p.showReport(w, r, frame.Status(problem.CodeOf(err)), v)
	}
	kept, err := p.s.TakeFile(r, reporter, f, "picture", site.KeptFile{ID: v.File, Name: v.FileName}, true)
	v.File, v.FileName = kept.ID, kept.Name
	if err != nil {
		return fail(err)
	}
	got, err := p.s.Claims.Report(r.Context(), regulation.Actor{Lang: string(r.Lang)}, claim.ReportInput{
		Text: v.Text, Link: v.Link, Name: v.Name, Email: v.Email, Phone: v.Phone, File: v.File, FileName: v.FileName,
	})
	if err != nil {
		return fail(err)
	}
	to := "/report/" + got.Report.Code
	q := url.Values{}
	if got.Again {
		q.Set("again", "1")
	}
	if got.Claim != "" {
		q.Set("claim", got.Claim)
	} else if like, err := p.s.Claims.LikePublic(r.Context(), v.Text); err == nil && len(like) > 0 {
		q.Set("like", like[0].Code)
	}
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	return p.s.See(w, r, to, "")
}

// reporter is who keeps the pictures of reports: those who send them have no name.
var reporter = regulation.SystemActor("report")

var (
	reportCode = regexp.MustCompile(`^TB-\d{4}-\d{4,}$`)
	claimCode  = regexp.MustCompile(`^KC-\d{4}-\d{4,}$`)
)

// receipt says that the report came in. It tells nothing but the code in its address, which opens nothing.
func (p pages) receipt(w http.ResponseWriter, r *frame.Request) error {
	code := r.PathValue("code")
	if !reportCode.MatchString(code) {
		return problem.New(problem.NotFound)
	}
	v := receiptView{Code: code, Again: r.URL.Query().Get("again") == "1"}
	if c := r.URL.Query().Get("claim"); claimCode.MatchString(c) {
		if found, err := p.s.Claims.ByCode(r.Context(), c); err == nil {
			card := p.card(r, found)
			v.Claim, v.Checking = &card, found.Checking
		}
	}
	if c := r.URL.Query().Get("like"); v.Claim == nil && claimCode.MatchString(c) {
		if found, err := p.s.Claims.ByCode(r.Context(), c); err == nil {
			card := p.card(r, found)
			v.Like, v.Checking = &card, found.Checking
		}
	}
	page := p.s.PublicPage(r, ui.Page{Title: r.Lang.T("claim.receipt", "code", code), Path: "/report/" + code, Menu: "report", NoIndex: true})
	return p.s.Render(w, r, http.StatusOK, receiptPage(page, v))
}

type receiptView struct {
	Code     string
	Again    bool
	Claim    *card // public already
	Like     *card // public, and perhaps the same: a machine's guess
	Checking bool
}
