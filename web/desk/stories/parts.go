package stories

import (
	"net/http"
	"strings"

	"khue/problem"
	"khue/radar"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/ui"
)

// mostNear bounds the stories that are offered for merging.
const mostNear = 8

// partView is a mention that may be split off.
type partView struct {
	ID, Title, Sub, Lang string
	On                   bool
}

// partsView is the page on which stories are merged and split.
type partsView struct {
	Story    radar.Story
	Action   string
	Mentions []partView
	More     string
	Near     []ui.Option
	Why      string // of merging
	Reason   string // of splitting
	Other    string
	Link     string
	Faults   []ui.Fault
	Wrong    map[string]string
}

// parts shows the page on which a story is merged or split.
func (d desk) parts(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	return d.showParts(w, r, a, http.StatusOK, partsView{}, nil)
}

func (d desk) showParts(w http.ResponseWriter, r *frame.Request, a regulation.Actor, status int, v partsView, on []string) error {
	s, mentions, err := d.s.Radar.Story(r.Context(), a, r.PathValue("id"), mostOfStory)
	if err != nil {
		return err
	}
	if err := d.s.Rules.Can(a, "radar.story.merge", s.Thing(), d.s.Now()); err != nil {
		return err
	}
	names, err := d.names(r, a)
	if err != nil {
		return err
	}
	v.Story, v.Action = s, r.Href("/desk/radar/"+s.ID)
	chosen := map[string]bool{}
	for _, id := range on {
		chosen[id] = true
	}
	for _, m := range mentions {
		if m.CopyOf == "" { // what repeats another goes with it
			v.Mentions = append(v.Mentions, partView{m.ID, m.Title, names[m.Source] + ", " + ui.ShortDateTime(r.Lang, m.Published), m.Lang, chosen[m.ID]})
		}
	}
	if s.Mentions > len(mentions) {
		v.More = r.Lang.T("radar.story.more", "n", len(mentions))
	}
	if v.Near, err = d.near(r, a, s); err != nil {
		return err
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("about.parts.title"), Menu: "radar"})
	return d.s.Render(w, r, status, partsPage(p, v))
}

// near gives the recent stories of the same branch and language.
func (d desk) near(r *frame.Request, a regulation.Actor, s radar.Story) ([]ui.Option, error) {
	key, err := d.s.Radar.TopicOf(r.Context(), s.ID)
	if err != nil {
		return nil, err
	}
	branch, _, _ := strings.Cut(key, ".")
	page, err := d.s.Radar.StoriesOf(r.Context(), a, radar.StoryFilter{AtLeast: 2, Topic: branch}, 3*mostNear, radar.StoryCursor{})
	if err != nil {
		return nil, err
	}
	var list []ui.Option
	for _, o := range page.Stories {
		if o.ID != s.ID && o.Lang == s.Lang && len(list) < mostNear {
			list = append(list, ui.Option{Value: o.ID, Label: o.Headline + " (" + count(r.Lang, o) + ")"})
		}
	}
	return list, nil
}

// merge takes the form that makes two stories one.
func (d desk) merge(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	v := partsView{Why: f.Text("why"), Other: f.Text("other"), Link: f.Text("link")}
	other := v.Other
	if v.Link != "" {
		other = idOf(v.Link)
	}
	s, err := d.s.Radar.Merge(r.Context(), a, r.PathValue("id"), other, v.Why)
	if problem.CodeOf(err) == problem.Invalid {
		v.Faults, v.Wrong = ui.Faults(r.Lang, err)
		return d.showParts(w, r, a, frame.Status(problem.Invalid), v, nil)
	}
	if err != nil {
		return err
	}
	return d.s.See(w, r, "/desk/radar/"+s.ID, "about.merged")
}

// idOf takes a story's id out of the address of its page.
func idOf(link string) string {
	link, _, _ = strings.Cut(link, "?")
	link, _, _ = strings.Cut(link, "#")
	link = strings.TrimRight(link, "/")
	return link[strings.LastIndexByte(link, '/')+1:]
}

// split takes the form that makes a story of chosen mentions.
func (d desk) split(w http.ResponseWriter, r *frame.Request) error {
	a, f, err := d.s.DeskForm(r)
	if err != nil {
		return err
	}
	on, why := f.List("mention"), f.Text("reason")
	s, err := d.s.Radar.Split(r.Context(), a, r.PathValue("id"), on, why)
	if problem.CodeOf(err) == problem.Invalid {
		v := partsView{Reason: why}
		v.Faults, v.Wrong = ui.Faults(r.Lang, err)
		return d.showParts(w, r, a, frame.Status(problem.Invalid), v, on)
	}
	if err != nil {
		return err
	}
	return d.s.See(w, r, "/desk/radar/"+s.ID, "about.splitted")
}
