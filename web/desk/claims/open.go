package claims

import (
	"net/http"
	"slices"
	"strings"

	"khue/claim"
	"khue/problem"
	"khue/radar"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/ui"
)

type openView struct {
	Statement, Topic, Office, Question, Links string
	Story, Report                             string
	Told                                      radar.Story // the story, when there is one
	Impact                                    string
	Urgent, Shown, Press                      bool
	From                                      *claim.Report
	Offices, Topics, Impacts                  []ui.Option
	Similar                                   []similar
	Same                                      string // address of the claim that stands already
	Faults                                    []ui.Fault
	Wrong                                     map[string]string
}

// newForm opens a claim from a story (?story=ID&statement=…&link=…), from a report (?report=ID), or from nothing.
func (d desk) newForm(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	if err := d.s.Rules.Can(a, "claim.open", regulation.Thing{Kind: "claim"}, d.s.Now()); err != nil {
		return err
	}
	q := r.URL.Query()
	v := openView{
		Statement: q.Get("statement"), Story: q.Get("story"), Report: q.Get("report"), Office: q.Get("office"), Topic: q.Get("topic"),
		Links: strings.Join(q["link"], "\n"), Impact: string(claim.NoImpact), Press: q.Get("press") == "1",
	}
	mentions, err := d.story(r, a, &v)
	if err != nil {
		return err
	}
	if v.Statement == "" {
		v.Statement = v.Told.Headline
	}
	if v.Links == "" {
		v.Links = strings.Join(where(mentions), "\n")
	}
	if v.Report != "" {
		rep, _, err := d.s.Claims.ReportByID(r.Context(), a, v.Report)
		if err != nil {
			return err
		}
		v.From = &rep
		if v.Statement == "" {
			v.Statement = first(rep.Text)
		}
		if v.Links == "" {
			v.Links = rep.Link
		}
	}
	return d.showOpen(w, r, a, http.StatusOK, v)
}

// fromStory bounds the addresses that a story brings into the form.
const fromStory = 5

// story looks the form's story up; one that is not there is left out.
func (d desk) story(r *frame.Request, a regulation.Actor, v *openView) ([]radar.Mention, error) {
	if v.Story == "" {
		return nil, nil
	}
	s, mentions, err := d.s.Radar.Story(r.Context(), a, v.Story, 50)
	switch problem.CodeOf(err) {
	case "":
		v.Told = s
	case problem.NotFound, problem.Forbidden:
		v.Story, err = "", nil
	}
	return mentions, err
}

// where gives the addresses at which a story was told in words of their own, the oldest first.
func where(mentions []radar.Mention) []string {
	slices.SortStableFunc(mentions, func(x, y radar.Mention) int { return x.Published.Compare(y.Published) })
	var list []string
	for _, m := range mentions {
		if m.CopyOf == "" && m.URL != "" && len(list) < fromStory {
			list = append(list, m.URL)
		}
	}
	return list
}

func (d desk) showOpen(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, v openView) (err error) {
	if v.Offices, err = d.offices(r); err != nil {
		return err
	}
	v.Topics = []ui.Option{{Value: "", Label: r.Lang.T("claim.topic.none")}}
	for _, t := range claim.Topics {
		v.Topics = append(v.Topics, ui.Option{Value: t, Label: r.Lang.T("claim.topic." + t)})
	}
	for _, i := range claim.Impacts {
		v.Impacts = append(v.Impacts, ui.Option{Value: string(i), Label: r.Lang.T("claim.impact." + string(i))})
	}
	if v.Similar, err = d.similar(r, a, v.Statement); err != nil {
		return err
	}
	page := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("claim.do.open"), Path: "/desk/claims/new", Menu: "board", NoIndex: true})
	return d.s.Render(w, r, status, openPage(page, v))
}

func (d desk) open(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	v := openView{
		Statement: f.Text("statement"), Topic: f.Text("topic"), Office: f.Text("office"), Question: f.Text("question"), Links: f.Text("links"),
		Story: f.Text("story"), Report: f.Text("report"), Impact: f.Text("impact"), Urgent: f.Yes("urgent"), Shown: f.Yes("shown"), Press: f.Yes("press"),
	}
	if _, err := d.story(r, a, &v); err != nil {
		return err
	}
	in := claim.OpenInput{
		Statement: v.Statement, Topic: v.Topic, Story: v.Story, Links: lines(v.Links), Office: v.Office, Question: v.Question,
		Urgent: v.Urgent, Impact: claim.Impact(v.Impact), Shown: v.Shown, Press: v.Press, FirstSeen: v.Told.FirstAt,
	}
	if v.Report != "" {
		in.Reports = []string{v.Report}
	}
	c, err := d.s.Claims.Open(r.Context(), a, in)
	if err != nil {
		code := problem.CodeOf(err)
		if code == problem.Internal || code == problem.Forbidden || code == problem.NotFound {
			return err
		}
		v.Faults, v.Wrong = ui.Faults(r.Lang, err)
		for _, p := range problem.All(err) {
			if p.Code == problem.Twice {
				v.Same = r.Href("/desk/claims/" + p.Args["code"])
			}
		}
		return d.showOpen(w, r, a, frame.Status(code), v)
	}
	return d.s.See(w, r, "/desk/claims/"+c.ID, "claim.flash.opened", "code", c.Code)
}

// similar is a claim that a text may be about, as a machine guesses.
type similar struct {
	Code, Title, Href, Sub string
}

func (d desk) similar(r *frame.Request, a regulation.Actor, text string) ([]similar, error) {
	guesses, err := d.s.Claims.Like(r.Context(), a, text)
	if problem.CodeOf(err) == problem.Forbidden {
		return nil, nil
	}
	var list []similar
	for _, g := range guesses {
		state := r.Lang.T("claim.state." + string(g.State))
		if g.State == claim.Published {
			state = r.Lang.T("claim.verdict." + string(g.Now().Verdict))
		}
		list = append(list, similar{
			Code: g.Code, Title: g.Statement, Href: r.Href("/desk/claims/" + g.Code),
			Sub: g.Code + " · " + state + " · " + r.Lang.T("claim.similar.share", "share", ui.Percent(r.Lang, g.Score, 0)),
		})
	}
	return list, err
}

type reportView struct {
	claim.Report
	Contacts []claim.Contact
	FileHref string
	Under    string // code of the claim that it belongs to
	Claims   []ui.Option
	Into     string
	Why      string
	MayOpen  bool
	OpenHref string
	Similar  []similar
	Faults   []ui.Fault
	Wrong    map[string]string
}

func (d desk) report(w http.ResponseWriter, r *frame.Request) error {
	return d.showReport(w, r, http.StatusOK, reportView{}, nil)
}

func (d desk) showReport(w http.ResponseWriter, r *frame.Request, status int, v reportView, fault error) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	if v.Report, v.Contacts, err = d.s.Claims.ReportByID(r.Context(), a, r.PathValue("id")); err != nil {
		return err
	}
	v.Faults, v.Wrong = ui.Faults(r.Lang, fault)
	v.MayOpen = v.State == claim.Signalled && d.s.Rules.Can(a, "claim.open", regulation.Thing{Kind: "claim"}, d.s.Now()) == nil
	v.OpenHref = r.Href("/desk/claims/new?report=" + v.ID)
	if v.State == claim.Signalled {
		if v.Similar, err = d.similar(r, a, v.Text); err != nil {
			return err
		}
	}
	if v.File != "" {
		v.FileHref = "/desk/reports/" + v.ID + "/file"
	}
	list, err := d.s.Claims.List(r.Context(), a, claim.ListFilter{States: append([]claim.State{claim.Published}, claim.AtWork...), Limit: 100})
	if err != nil {
		return err
	}
	v.Claims = []ui.Option{{Value: "", Label: r.Lang.T("claim.merge.none")}}
	for _, c := range list {
		if c.ID == v.Claim {
			v.Under = c.Code
		}
		v.Claims = append(v.Claims, ui.Option{Value: c.ID, Label: c.Code + " · " + first(c.Statement)})
	}
	page := d.s.Page(w, r, a, ui.Page{Title: v.Code, Path: "/desk/reports/" + v.ID, Menu: "board", NoIndex: true})
	return d.s.Render(w, r, status, reportPage(page, v))
}

// decideReport merges a report into a claim or lays it aside.
func (d desk) decideReport(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	id, into := r.PathValue("id"), f.Text("claim")
	switch f.Text("do") {
	case "merge":
		if into == "" {
			err = problem.List{problem.Of("claim", problem.Required)}
			break
		}
		var c claim.Claim
		if c, err = d.s.Claims.Merge(r.Context(), a, claim.MergeInput{Report: id, Claim: into}); err == nil {
			return d.s.See(w, r, "/desk/claims/"+c.ID, "claim.flash.merged", "code", c.Code)
		}
	case "dismiss":
		if _, err = d.s.Claims.Dismiss(r.Context(), a, claim.DismissInput{Report: id, Reason: f.Text("reason")}); err == nil {
			return d.s.See(w, r, "/desk/claims", "claim.flash.dismissed")
		}
	default:
		return problem.Of("do", problem.Invalid, "why", "@claim.why.choice")
	}
	if code := problem.CodeOf(err); code != problem.Required && code != problem.Conflict {
		return err
	}
	return d.showReport(w, r, frame.Status(problem.CodeOf(err)), reportView{Into: into, Why: f.Text("reason")}, err)
}

func (d desk) reportFile(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	rep, _, err := d.s.Claims.ReportByID(r.Context(), a, r.PathValue("id"))
	if err == nil && rep.File == "" {
		err = problem.New(problem.NotFound)
	}
	if err != nil {
		return err
	}
	return d.s.ServeFile(w, r, rep.Ref(), rep.File, false)
}
