package stories

import (
	"net/http"

	"khue/catalogue"
	"khue/media"
	"khue/problem"
	"khue/radar"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type hearView struct {
	URL, Text, Place string
	Kept             site.KeptFile
	Places           []ui.Option
	Waiting          []ui.RiverItem
	Faults           []ui.Fault
	Wrong            map[string]string
}

// waitingShown is how many mentions that wait for words stand below the form.
const waitingShown = 20

func (d desk) mayHear(a regulation.Actor) bool {
	return d.s.Rules.Can(a, "radar.mention.hear", regulation.Thing{Kind: "source"}, d.s.Now()) == nil
}

func (d desk) hear(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	if err := d.s.Rules.Can(a, "radar.mention.hear", regulation.Thing{Kind: "source"}, d.s.Now()); err != nil {
		return err
	}
	q := r.URL.Query()
	return d.showHear(w, r, a, http.StatusOK, hearView{URL: q.Get("url"), Text: q.Get("text")})
}

func (d desk) showHear(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, v hearView) error {
	v.Places = []ui.Option{{Label: r.Lang.T("hear.place.guess")}}
	for _, p := range radar.Places() {
		v.Places = append(v.Places, ui.Option{Value: p, Label: r.Lang.T("hear.place." + p)})
	}
	list, err := d.s.Radar.Parked(r.Context(), a, waitingShown)
	if err != nil {
		return err
	}
	for _, m := range list {
		it := mentionItem(r, m)
		it.Href = r.Href("/desk/heard/" + m.ID)
		v.Waiting = append(v.Waiting, it)
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("hear.title"), Menu: "radar"})
	return d.s.Render(w, r, status, hearPage(p, v))
}

// takeHeard takes what somebody heard.
func (d desk) takeHeard(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	if err := d.s.Rules.Can(a, "radar.mention.hear", regulation.Thing{Kind: "source"}, d.s.Now()); err != nil {
		return err // before the picture is read
	}
	f, err := d.s.Form(r)
	if err != nil {
		return err
	}
	v := hearView{URL: f.Text("url"), Text: f.Text("text"), Place: f.Text("place")}
	fail := func(err error) error {
		switch problem.CodeOf(err) {
		case problem.Internal, problem.Forbidden, problem.Session:
			return err
		}
		v.Faults, v.Wrong = ui.Faults(r.Lang, err)
		return d.showHear(w, r, a, frame.Status(problem.CodeOf(err)), v)
	}
	v.Kept, err = d.s.TakeFile(r, a, f, "picture", site.KeptFile{ID: f.Text("kept"), Name: f.Text("kept_name")}, true)
	if err != nil {
		return fail(err)
	}
	place := v.Place
	if place == "" {
		place = radar.GuessPlace(v.URL)
	}
	if place == "" {
		place = "other"
	}
	got, err := d.s.Radar.Hear(r.Context(), a, radar.HearInput{
		Place: place, PlaceName: catalogue.VI.T("hear.place." + place), URL: v.URL, Text: v.Text, File: v.Kept.ID, FileName: v.Kept.Name, // a source has one name, in the city's language
	})
	switch {
	case err != nil:
		return fail(err)
	case got.Known:
		return d.s.See(w, r, "/desk/heard/"+got.ID, "hear.known")
	case got.Parked:
		return d.s.See(w, r, "/desk/heard/"+got.ID, "hear.parked")
	}
	return d.s.See(w, r, "/desk/hear", "hear.taken")
}

type heardView struct {
	ID, Title, URL, Text, Where string
	Lang                        string
	Story                       string
	Files                       []ui.Attachment
	Waits                       bool
	MayHear                     bool
	Words                       string
	Faults                      []ui.Fault
	Wrong                       map[string]string
}

func (d desk) heard(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	return d.showHeard(w, r, a, http.StatusOK, heardView{})
}

func (d desk) showHeard(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, v heardView) error {
	m, waits, err := d.s.Radar.MentionOf(r.Context(), a, r.PathValue("id"))
	if err != nil {
		return err
	}
	s, err := d.s.Radar.Source(r.Context(), a, m.Source)
	if err != nil {
		return err
	}
	v.ID, v.Title, v.URL, v.Text, v.Lang, v.Waits, v.MayHear = m.ID, m.Title, m.URL, m.Text, m.Lang, waits, d.mayHear(a)
	if v.Title == "" {
		v.Title = r.Lang.T("hear.waits")
	}
	v.Where = s.Name + " · " + ui.ShortDateTime(r.Lang, m.Published)
	if m.Story != "" {
		v.Story = r.Href("/desk/radar/" + m.Story)
	}
	files, err := d.s.Media.Of(r.Context(), d.s.DB, m.Ref())
	if err != nil {
		return err
	}
	for _, f := range files {
		at := r.Href("/desk/heard/" + m.ID + "/files/" + f.File.ID)
		v.Files = append(v.Files, ui.Attachment{Name: f.Name, Href: at, Bytes: f.File.Bytes, Kind: media.Short(f.File.Kind), Thumb: at, Alt: r.Lang.T("hear.picture-only")})
	}
	p := d.s.Page(w, r, a, ui.Page{Title: v.Title, Menu: "radar"})
	return d.s.Render(w, r, status, heardPage(p, v))
}

// describe takes the words of a mention that waits for them.
func (d desk) describe(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	words := f.Text("text")
	m, err := d.s.Radar.Describe(r.Context(), a, r.PathValue("id"), words)
	switch code := problem.CodeOf(err); code {
	case "":
		return d.s.See(w, r, "/desk/heard/"+m.ID, "hear.described")
	case problem.Required, problem.Invalid, problem.State:
		v := heardView{Words: words}
		v.Faults, v.Wrong = ui.Faults(r.Lang, err)
		return d.showHeard(w, r, a, frame.Status(code), v)
	default:
		return err
	}
}

func (d desk) heardFile(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	m, _, err := d.s.Radar.MentionOf(r.Context(), a, r.PathValue("id"))
	if err != nil {
		return err
	}
	return d.s.ServeFile(w, r, m.Ref(), r.PathValue("file"), false)
}
