package stories

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"khue/radar"
	"khue/web/frame"
	"khue/web/ui"
)

// topicWeek is over how long the stories of a topic are counted.
const topicWeek = 7 * 24 * time.Hour

// wayView is one way of putting stories into subjects, as a table.
type wayView struct {
	Title   string
	Columns []ui.Column
	Rows    [][]ui.Cell
}

// topics lists the topics and fields, with their stories and lessons.
func (d desk) topics(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	var ways []wayView
	for _, way := range []string{radar.ByTopic, radar.ByField} {
		stories, lessons, err := d.s.Radar.SubjectCounts(r.Context(), a, way, d.s.Now().Add(-topicWeek))
		if err != nil {
			return err
		}
		v := wayView{Title: r.Lang.T("about.topics." + way), Columns: []ui.Column{{Name: r.Lang.T("about.topics.name")}, {Name: r.Lang.T("about.topics.stories"), Number: true}, {Name: r.Lang.T("about.topics.lessons"), Number: true}}}
		var add func(list []radar.Subject)
		add = func(list []radar.Subject) {
			for _, s := range list {
				v.Rows = append(v.Rows, []ui.Cell{
					{Text: d.subjectName(r, way, s.Key), Href: r.Href("/desk/topics/" + way + "/" + s.Key)}, {Text: strconv.Itoa(stories[s.Key])}, {Text: strconv.Itoa(lessons[s.Key])},
				})
				add(s.Children)
			}
		}
		add(d.s.Radar.Subjects(way))
		ways = append(ways, v)
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("about.topics"), Menu: "radar"})
	return d.s.Render(w, r, http.StatusOK, topicsPage(p, ways))
}

// topicView is one subject.
type topicView struct {
	Name     string
	Stories  string
	Children []linkView
	Columns  []ui.Column
	Rows     [][]ui.Cell
	Lessons  []ui.HistoryItem
}

// topic shows what makes the machine choose a subject, and what it was taught.
func (d desk) topic(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	way, key := r.PathValue("way"), r.PathValue("key")
	page, err := d.s.Radar.SubjectPage(r.Context(), a, way, key)
	if err != nil {
		return err
	}
	v := topicView{Name: d.subjectName(r, way, key), Stories: r.Href("/desk/radar?" + url.Values{"all": {"1"}, way: {key}}.Encode())}
	v.Columns = []ui.Column{{Name: r.Lang.T("about.subject.word")}, {Name: r.Lang.T("about.subject.weight"), Number: true}}
	for _, c := range page.Children {
		v.Children = append(v.Children, linkView{c.Name(string(r.Lang)), r.Href("/desk/topics/" + way + "/" + c.Key)})
	}
	for _, part := range page.Strongest {
		v.Rows = append(v.Rows, []ui.Cell{{Text: part.Feature}, {Text: ui.Decimal(r.Lang, part.Weight, 2)}})
	}
	for _, l := range page.Lessons {
		was := r.Lang.T("about.topic.unsure")
		if l.Was != "" {
			was = d.subjectName(r, way, l.Was)
		}
		v.Lessons = append(v.Lessons, ui.HistoryItem{
			Time: l.At, Who: d.s.People.NameOf(r.Context(), l.By, string(r.Lang)), What: r.Lang.T("about.subject.lesson", "was", was, "label", d.subjectName(r, way, l.Label)),
			Reason: l.Headline, Href: r.Href("/desk/radar/" + l.Story),
		})
	}
	p := d.s.Page(w, r, a, ui.Page{Title: v.Name, Menu: "radar"})
	return d.s.Render(w, r, http.StatusOK, topicPage(p, v))
}
