package stories

import (
	"net/url"
	"slices"

	"khue/radar"
	"khue/web/frame"
	"khue/web/ui"
)

// filterView is the form that narrows the list of stories.
type filterView struct {
	Open                   bool
	Topic, Ward, Office    string
	Topics, Wards, Offices []ui.Option
	All                    bool // also those told by one source
	Followed               bool
	Drop                   string
	Field                  string
}

// filter reads which stories are asked for.
func (d desk) filter(r *frame.Request) (radar.StoryFilter, url.Values) {
	q := r.URL.Query()
	f := radar.StoryFilter{AtLeast: 2, Topic: q.Get("topic"), Field: q.Get("field"), Ward: q.Get("ward"), Office: q.Get("office"), Followed: q.Get("followed") == "1"}
	if q.Get("all") == "1" || f.Followed { // who follows one wants it whatever its size
		f.AtLeast = 1
	}
	kept := url.Values{}
	for _, name := range []string{"topic", "field", "ward", "office", "followed", "all"} {
		if v := q.Get(name); v != "" {
			kept.Set(name, v)
		}
	}
	return f, kept
}

func (d desk) filterForm(r *frame.Request, f radar.StoryFilter, kept url.Values) (filterView, error) {
	v := filterView{
		Topic: f.Topic, Ward: f.Ward, Office: f.Office, Field: f.Field, All: kept.Get("all") == "1", Followed: f.Followed, Open: f.Topic+f.Ward+f.Office+f.Field != "", Drop: r.Href("/desk/radar"),
	}
	any := ui.Option{Label: r.Lang.T("about.filter.any")}
	v.Topics, v.Wards, v.Offices = []ui.Option{any}, []ui.Option{any}, []ui.Option{any}
	var add func(list []radar.Subject)
	add = func(list []radar.Subject) {
		for _, s := range list {
			v.Topics = append(v.Topics, ui.Option{Value: s.Key, Label: d.subjectName(r, radar.ByTopic, s.Key)})
			add(s.Children)
		}
	}
	add(d.s.Radar.Subjects(radar.ByTopic))
	all, err := d.s.People.Offices(r.Context())
	for _, o := range all {
		one := ui.Option{Value: o.Code, Label: o.NameIn(string(r.Lang))}
		if o.Kind == "ward" {
			v.Wards = append(v.Wards, one)
		}
		v.Offices = append(v.Offices, one)
	}
	if name := d.s.Radar.District(f.Ward); name != "" {
		v.Wards = slices.Insert(v.Wards, 1, ui.Option{Value: f.Ward, Label: r.Lang.T("about.district", "name", name)})
	}
	return v, err
}
