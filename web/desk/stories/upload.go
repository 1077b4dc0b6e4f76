package stories

import (
	"net/http"
	"strconv"

	"khue/problem"
	"khue/radar"
	"khue/radar/opml"
	"khue/radar/table"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/ui"
)

// Limits of uploads, in bytes, with room for the form around the file.
const (
	maxUpload  = table.MaxBytes + 1<<20
	maxList    = opml.MaxBytes + 1<<20
	maxPicture = 26 << 20
)

type uploadView struct {
	ID, Name string
	Telegram bool
	Staged   *radar.Staged
	Columns  []ui.Option
	Head     []ui.Column
	Rows     [][]ui.Cell
	Month    bool
	Result   *resultView
	Faults   []ui.Fault
	Wrong    map[string]string
}

// resultView says what became of a file.
type resultView struct {
	Lines []string
	Bad   [][]ui.Cell
	Heads []ui.Column
	Rest  string
}

func (d desk) upload(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	s, err := d.uploadable(r, a)
	if err != nil {
		return err
	}
	return d.showUpload(w, r, a, s, http.StatusOK, uploadView{})
}

// uploadable gives the source that a path names when files are uploaded for it and the person may.
func (d desk) uploadable(r *frame.Request, a regulation.Actor) (radar.Source, error) {
	if err := d.s.Rules.Can(a, "radar.mention.bring", regulation.Thing{Kind: "source"}, d.s.Now()); err != nil {
		return radar.Source{}, err
	}
	s, err := d.s.Radar.Source(r.Context(), a, r.PathValue("id"))
	if err == nil && !s.Kind.Uploads() {
		err = problem.New(problem.NotFound)
	}
	return s, err
}

func (d desk) showUpload(w http.ResponseWriter, r *frame.Request, a regulation.Actor, s radar.Source, status int, v uploadView) error {
	v.ID, v.Name, v.Telegram = s.ID, s.Name, s.Kind == radar.KindTelegram
	if st := v.Staged; st != nil {
		v.Columns = []ui.Option{{Label: r.Lang.T("table.no-column")}}
		for _, h := range st.Head {
			v.Columns = append(v.Columns, ui.Option{Value: h, Label: h})
			v.Head = append(v.Head, ui.Column{Name: h})
		}
		for _, row := range st.Rows {
			cells := make([]ui.Cell, len(row))
			for i, c := range row {
				cells[i].Text = brief(c)
			}
			v.Rows = append(v.Rows, cells)
		}
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("table.title"), Menu: "sources"})
	return d.s.Render(w, r, status, uploadPage(p, v))
}

// takeUpload takes a file, and then what its columns are.
func (d desk) takeUpload(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	s, err := d.uploadable(r, a) // before the body is read
	if err != nil {
		return err
	}
	f, err := d.s.Form(r)
	if err != nil {
		return err
	}
	if token := f.Text("token"); token != "" {
		m := table.Mapping{URL: f.Text("url"), Title: f.Text("title"), Text: f.Text("text"), Time: f.Text("time"), ID: f.Text("id"), MonthFirst: f.Yes("month-first")}
		got, err := d.s.Radar.TakeTable(r.Context(), a, s.ID, token, m)
		if err != nil {
			return d.uploadAgain(w, r, a, s, token, m, err)
		}
		return d.showUpload(w, r, a, s, http.StatusOK, uploadView{Result: resultOf(r, got)})
	}
	files := f.Files("file")
	if len(files) == 0 {
		return d.uploadAgain(w, r, a, s, "", table.Mapping{}, problem.Of("file", problem.Required))
	}
	body, err := files[0].Open()
	if err != nil {
		return err
	}
	defer body.Close()
	if s.Kind == radar.KindTelegram {
		got, err := d.s.Radar.TakeTelegram(r.Context(), a, s.ID, body)
		if err != nil {
			return d.uploadAgain(w, r, a, s, "", table.Mapping{}, err)
		}
		return d.showUpload(w, r, a, s, http.StatusOK, uploadView{Result: resultOf(r, got)})
	}
	st, err := d.s.Radar.Stage(r.Context(), a, s.ID, body)
	if err != nil {
		return d.uploadAgain(w, r, a, s, "", table.Mapping{}, err)
	}
	return d.showUpload(w, r, a, s, http.StatusOK, uploadView{Staged: &st, Month: st.Mapping.MonthFirst})
}

// uploadAgain shows the form with its faults; a table that waits stays.
func (d desk) uploadAgain(w http.ResponseWriter, r *frame.Request, a regulation.Actor, s radar.Source, token string, m table.Mapping, err error) error {
	code := problem.CodeOf(err)
	switch code {
	case problem.Required, problem.Invalid, problem.Size, problem.Expired, problem.State:
	default:
		return err
	}
	v := uploadView{}
	v.Faults, v.Wrong = ui.Faults(r.Lang, err)
	if token != "" && code != problem.Expired {
		st, err := d.s.Radar.Restage(r.Context(), a, s.ID, token)
		if err != nil {
			return err
		}
		st.Mapping = m
		v.Staged, v.Month = &st, m.MonthFirst
	}
	return d.showUpload(w, r, a, s, frame.Status(code), v)
}

func resultOf(r *frame.Request, got radar.Import) *resultView {
	l := r.Lang
	v := &resultView{Lines: []string{l.T("table.result", "rows", l.N("table.rows", got.Rows), "added", got.Added, "known", got.Known)}}
	if got.Stopped > 0 {
		v.Lines = append(v.Lines, l.T("table.stopped", "line", got.Stopped, "why", l.T(got.Why)))
	}
	if got.BadAll > 0 {
		v.Lines = append(v.Lines, l.N("table.bad", got.BadAll))
		v.Heads = []ui.Column{{Name: l.T("table.line"), Number: true}, {Name: l.T("table.why")}, {Name: l.T("table.value")}}
	}
	for _, b := range got.Bad {
		v.Bad = append(v.Bad, []ui.Cell{{Text: strconv.Itoa(b.Line)}, {Text: l.T("table.bad." + b.Reason)}, {Text: b.Value}})
	}
	if got.BadAll > len(got.Bad) {
		v.Rest = l.T("table.first", "n", len(got.Bad))
	}
	return v
}

type listFormView struct {
	Lines  []string
	Bad    []string
	Faults []ui.Fault
	Wrong  map[string]string
}

func (d desk) listForm(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	if err := d.s.Rules.Can(a, "radar.source.add", regulation.Thing{Kind: "source"}, d.s.Now()); err != nil {
		return err
	}
	return d.showList(w, r, a, http.StatusOK, listFormView{})
}

func (d desk) showList(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, v listFormView) error {
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("source.opml"), Menu: "sources"})
	return d.s.Render(w, r, status, listFormPage(p, v))
}

// takeList takes an OPML list.
func (d desk) takeList(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	if err := d.s.Rules.Can(a, "radar.source.add", regulation.Thing{Kind: "source"}, d.s.Now()); err != nil {
		return err // before the body is read
	}
	f, err := d.s.Form(r)
	if err != nil {
		return err
	}
	fail := func(err error) error {
		v := listFormView{}
		v.Faults, v.Wrong = ui.Faults(r.Lang, err)
		return d.showList(w, r, a, frame.Status(problem.CodeOf(err)), v)
	}
	files := f.Files("file")
	if len(files) == 0 {
		return fail(problem.Of("file", problem.Required))
	}
	body, err := files[0].Open()
	if err != nil {
		return err
	}
	defer body.Close()
	got, err := d.s.Radar.TakeList(r.Context(), a, body)
	switch problem.CodeOf(err) {
	case "":
	case problem.Invalid, problem.Size:
		return fail(err)
	default:
		return err
	}
	v := listFormView{Lines: []string{r.Lang.T("source.opml.result", "added", got.Added, "known", got.Known)}, Bad: got.Bad}
	if got.BadAll > 0 {
		v.Lines = append(v.Lines, r.Lang.N("source.opml.bad", got.BadAll))
	}
	if got.Broken {
		v.Lines = append(v.Lines, r.Lang.T("source.opml.broken"))
	}
	return d.showList(w, r, a, http.StatusOK, v)
}

// writeList sends the sources as OPML.
func (d desk) writeList(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	rec := frame.NewRecorder() // a fault half-way would otherwise be half a file
	if err := d.s.Radar.WriteList(r.Context(), a, rec, r.Lang.T("radar.sources")); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/x-opml; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="khue.opml"`)
	w.Header().Set("Cache-Control", "private, no-store")
	_, err = w.Write(rec.Body.Bytes())
	return err
}
