// Package stories shows what the radar hears: stories, one story with its mentions, and the sources with their health.
//
// Imports web/site, web/ui, web/frame and radar. Read stories.go.
package stories

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"khue/catalogue"
	"khue/claim"
	"khue/radar"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

type desk struct{ s *site.Site }

// Register puts the pages on a frame.
func Register(f *frame.Frame, s *site.Site) {
	d := desk{s}
	f.Handle("GET /desk/radar", d.list)
	f.Handle("GET /desk/radar/{id}", d.story)
	f.Handle("GET /desk/radar/{id}/parts", d.parts)
	f.Handle("POST /desk/radar/{id}/merge", d.merge)
	f.Handle("POST /desk/radar/{id}/split", d.split)
	f.Handle("POST /desk/radar/{id}/join", d.join)
	f.Handle("POST /desk/radar/{id}/topic", d.correct)
	f.Handle("POST /desk/radar/{id}/follow", d.follow)
	f.Handle("POST /desk/radar/{id}/note", d.note)
	f.Handle("GET /desk/topics", d.topics)
	f.Handle("GET /desk/topics/{way}/{key}", d.topic)
	f.Handle("GET /desk/sources", d.sources)
	f.Handle("POST /desk/sources", d.add)
	f.Handle("GET /desk/sources/{id}", d.source)
	f.Handle("POST /desk/sources/{id}", d.change)
	f.Handle("GET /desk/sources/new", d.newSource)
	f.Handle("GET /desk/sources/list", d.listForm)
	f.HandleUpload("POST /desk/sources/list", maxList, d.takeList)
	f.Handle("GET /desk/sources/list/khue.opml", d.writeList)
	f.Handle("GET /desk/sources/{id}/upload", d.upload)
	f.HandleUpload("POST /desk/sources/{id}/upload", maxUpload, d.takeUpload)
	f.Handle("GET /desk/hear", d.hear)
	f.HandleUpload("POST /desk/hear", maxPicture, d.takeHeard)
	f.Handle("GET /desk/heard/{id}", d.heard)
	f.Handle("POST /desk/heard/{id}", d.describe)
	f.Handle("GET /desk/heard/{id}/files/{file}", d.heardFile)
}

const (
	shown       = 40  // stories on a page
	sparkHours  = 24  // of the small curve in a list
	plotHours   = 72  // of the curve on a story's page
	mostOfStory = 200 // mentions on a story's page
	// firstMentions is how many of them stand open.
	firstMentions = 10
)

type listView struct {
	Tabs    []ui.Tab
	Items   []storyView
	Older   string
	MayHear bool
	Filter  filterView
}

type storyView struct {
	ID, Headline, Href string
	Lang, Topic        string
	State              string
	Count, First       string
	Spark              []float64
	SparkAlt           string
	Last               time.Time
}

func (d desk) list(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	f, kept := d.filter(r)
	page, err := d.s.Radar.StoriesOf(r.Context(), a, f, shown, cursor(r.URL.Query().Get("after")))
	if err != nil {
		return err
	}
	names, err := d.names(r, a)
	if err != nil {
		return err
	}
	v := listView{Tabs: []ui.Tab{
		{Label: r.Lang.T("radar.stories.several"), Href: r.Href("/desk/radar"), Current: f.AtLeast == 2},
		{Label: r.Lang.T("radar.stories.all"), Href: r.Href("/desk/radar?all=1"), Current: f.AtLeast == 1 && !f.Followed},
		{Label: r.Lang.T("about.filter.followed"), Href: r.Href("/desk/radar?followed=1"), Current: f.Followed},
		{Label: r.Lang.T("signal.title"), Href: r.Href("/desk/signals")},
		{Label: r.Lang.T("watches.title"), Href: r.Href("/desk/watches")},
		{Label: r.Lang.T("digest.title"), Href: r.Href("/desk/digest")},
	}}
	v.MayHear = d.mayHear(a)
	if v.Filter, err = d.filterForm(r, f, kept); err != nil {
		return err
	}
	for _, s := range page.Stories {
		one, err := d.view(r, s, names)
		if err != nil {
			return err
		}
		v.Items = append(v.Items, one)
	}
	if page.Next.ID != "" {
		kept.Set("after", strconv.FormatInt(page.Next.Last.UnixMicro(), 10)+"."+page.Next.ID)
		v.Older = r.Href("/desk/radar?" + kept.Encode())
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("radar.stories"), Menu: "radar"})
	return d.s.Render(w, r, http.StatusOK, listPage(p, v))
}

// cursor reads "MICROSECONDS.ID"; what is no cursor begins at the first page.
func cursor(text string) radar.StoryCursor {
	at, id, ok := strings.Cut(text, ".")
	us, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil {
		return radar.StoryCursor{}
	}
	return radar.StoryCursor{Last: time.UnixMicro(us), ID: id}
}

func (d desk) names(r *frame.Request, a regulation.Actor) (map[string]string, error) {
	list, err := d.s.Radar.Sources(r.Context(), a)
	names := map[string]string{}
	for _, s := range list {
		names[s.ID] = s.Name
	}
	return names, err
}

func (d desk) view(r *frame.Request, s radar.Story, names map[string]string) (storyView, error) {
	spark, err := d.s.Radar.Sparkline(r.Context(), s.ID, sparkHours)
	if err != nil {
		return storyView{}, err
	}
	first, err := d.s.Radar.Mention(r.Context(), s.First)
	if err != nil {
		return storyView{}, err
	}
	key, err := d.s.Radar.TopicOf(r.Context(), s.ID)
	if err != nil {
		return storyView{}, err
	}
	name := ""
	if key != "" {
		name = d.subjectName(r, radar.ByTopic, key)
	}
	return storyView{
		Topic: name, ID: "story-" + s.ID, Headline: s.Headline, Lang: s.Lang, Href: r.Href("/desk/radar/" + s.ID), State: r.Lang.T("radar.state." + string(s.State)), Last: s.LastAt,
		Count: count(r.Lang, s), First: r.Lang.T("radar.story.first", "source", names[first.Source], "time", ui.ShortDateTime(r.Lang, s.FirstAt)),
		Spark: spark, SparkAlt: r.Lang.T("radar.story.spark", "n", sparkHours),
	}, nil
}

func count(l catalogue.Lang, s radar.Story) string {
	return l.T("radar.story.count", "mentions", s.Mentions, "voices", s.Voices, "sources", s.Sources)
}

type pageView struct {
	storyView
	Since    string // label above the headline: since when, how many
	Signs    []templ.Component
	Why      []string       // why it was raised, in words
	Mentions []ui.RiverItem // the first of them
	Rest     []ui.RiverItem // folded away: what to do stands below them on a telephone
	More     string         // that not all are shown
	// RestWords opens the fold.
	RestWords string
	Plot      ui.Plot
	Spread    []stepView
	Texts     []textView
	TextNote  string
	Claim     string // address of the form that opens a claim, "" when the person may not
	Matter    string // address of the form that gives the story to an office, "" when the person may not
	Opened    []ui.RiverItem
	Next      []nextView
	About     aboutView
}

func (d desk) story(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	s, mentions, err := d.s.Radar.Story(r.Context(), a, r.PathValue("id"), mostOfStory)
	if err != nil {
		return err
	}
	if s.ID != r.PathValue("id") { // it became part of another
		return d.s.See(w, r, "/desk/radar/"+s.ID, "")
	}
	names, err := d.names(r, a)
	if err != nil {
		return err
	}
	one, err := d.view(r, s, names)
	if err != nil {
		return err
	}
	v := pageView{storyView: one}
	for _, m := range mentions {
		sub := names[m.Source]
		if m.CopyOf != "" {
			sub += " · " + r.Lang.T("radar.story.copy")
		}
		if m.Clamped {
			sub += " · " + r.Lang.T("radar.story.clamped")
		}
		v.Mentions = append(v.Mentions, ui.RiverItem{ID: "m-" + m.ID, Time: m.Published, Title: m.Title, Href: m.URL, Sub: sub})
	}
	if len(v.Mentions) > firstMentions {
		v.Mentions, v.Rest = v.Mentions[:firstMentions], v.Mentions[firstMentions:]
		v.RestWords = r.Lang.N("radar.story.rest", len(v.Rest))
	}
	if s.Mentions > len(mentions) {
		v.More = r.Lang.T("radar.story.more", "n", len(mentions))
	}
	if err := d.about(r, a, s, mentions, names, &v); err != nil {
		return err
	}
	if v.About, err = d.tells(r, a, s); err != nil {
		return err
	}
	now := d.s.Now()
	if d.s.Rules.Can(a, "claim.open", regulation.Thing{Kind: "claim"}, now) == nil {
		v.Claim = r.Href("/desk/claims/new?" + url.Values{"story": {s.ID}, "statement": {s.Headline}}.Encode())
	}
	if d.s.Rules.Can(a, "inquiry.matter.open", regulation.Thing{Kind: "inquiry"}, now) == nil {
		v.Matter = r.Href("/desk/inquiries/matter?" + url.Values{"story": {"story/" + s.ID}, "subject": {s.Headline}}.Encode())
	}
	p := d.s.Page(w, r, a, ui.Page{Title: s.Headline, Menu: "radar"})
	return d.s.Render(w, r, http.StatusOK, storyPage(p, v))
}

// mostSignals bounds the signals that a story's page tells.
const mostSignals = 5

// about fills what is told about a story: why it was raised, how it spread, which texts it touches, what came of it.
func (d desk) about(r *frame.Request, a regulation.Actor, s radar.Story, mentions []radar.Mention, names map[string]string, v *pageView) error {
	signals, err := d.s.Radar.SignalsOf(r.Context(), a, s.ID, mostSignals)
	if err != nil {
		return err
	}
	made, err := d.made(r, a, s.ID)
	if err != nil {
		return err
	}
	v.Since = r.Lang.T("radar.story.since", "time", ui.ShortDateTime(r.Lang, s.FirstAt), "count", v.Count)
	for _, c := range made.claims {
		sign, word := ui.Plain, r.Lang.T("claim.state."+string(c.State))
		if c.State == claim.Published {
			sign, word = ui.SignKind(c.Draft.Verdict.Sign()), r.Lang.T("claim.verdict."+string(c.Draft.Verdict))
		}
		v.Signs = append(v.Signs, ui.Sign(sign, word))
	}
	for _, one := range signals {
		v.Why = append(v.Why, ui.ShortDateTime(r.Lang, one.At)+", "+r.Lang.T("radar.kind."+string(one.Kind))+": "+site.Reasons(r.Lang, one.Reasons))
	}
	if v.Plot, err = d.plot(r, s, signals); err != nil {
		return err
	}
	v.Spread = d.spread(r, mentions, signals, made, names)
	if v.Texts, v.TextNote, err = d.touches(r, mentions); err != nil {
		return err
	}
	v.Opened = opened(r, made)
	v.Next, err = d.next(r, made)
	return err
}

// plot draws the hours in which a story was told: up to its last mention when it is over, up to now while it goes on.
func (d desk) plot(r *frame.Request, s radar.Story, signals []radar.Signal) (ui.Plot, error) {
	end := d.s.Now()
	if s.State == radar.Closed {
		end = s.LastAt.Add(2 * time.Hour)
	}
	counts, err := d.s.Radar.Hours(r.Context(), s.ID, end, plotHours)
	if err != nil {
		return ui.Plot{}, err
	}
	start := end.Truncate(time.Hour).Add(-(plotHours - 1) * time.Hour)
	points := make([]ui.Point, len(counts))
	for i, n := range counts {
		at := start.Add(time.Duration(i) * time.Hour)
		points[i] = ui.Point{Label: ui.TimeOfDay(at) + " " + ui.DayMonth(r.Lang, at), Value: n}
	}
	p := ui.Plot{Lang: r.Lang, Title: r.Lang.T("radar.story.plot"), Place: r.Lang.T("radar.story.hour"), Unit: r.Lang.T("radar.story.number"), Points: points}
	if len(signals) > 0 {
		last := signals[len(signals)-1] // the one that raised it first
		if i := int(last.At.Sub(start) / time.Hour); !last.At.Before(start) && i < len(points) {
			p.MarkAt, p.Mark = i, r.Lang.T("radar.story.mark", "time", ui.TimeOfDay(last.At))
		}
	}
	return p, nil
}

// opened lists the claims and matters that came of a story.
func opened(r *frame.Request, made made) []ui.RiverItem {
	var list []ui.RiverItem
	for _, c := range made.claims {
		list = append(list, ui.RiverItem{ID: c.Code, Time: c.Opened, Title: c.Statement, Href: r.Href("/desk/claims/" + c.ID), Sub: c.Code + " · " + r.Lang.T("claim.state."+string(c.State))})
	}
	for _, q := range made.matters {
		list = append(list, ui.RiverItem{ID: q.Code, Time: q.Received, Title: q.Subject, Href: r.Href("/desk/inquiries/" + q.ID), Sub: q.Code + " · " + r.Lang.T("inquiry.state."+string(q.State))})
	}
	return list
}
