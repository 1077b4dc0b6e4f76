package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"khue/people"
	"khue/problem"
	"khue/radar"
	"khue/radar/listing"
	"khue/radar/social"
)

// Source is where words come from, with its health.
type Source struct {
	Mark
	ID       string    `json:"id"`
	Kind     string    `json:"kind" enum:"feed,sitemap,page,youtube,mastodon,bluesky,telegram,upload,push,hand,citizen"`
	Address  string    `json:"address" example:"https://bao.example/rss"`
	Page     string    `json:"page,omitempty" example:"https://bao.example/"`
	Name     string    `json:"name" example:"Báo Phố"`
	Note     string    `json:"note,omitempty"`
	Group    string    `json:"group,omitempty" example:"Báo chí/Hà Nội"`
	Beat     string    `json:"beat,omitempty" example:"health"`
	Trust    string    `json:"trust" enum:"official,press,known,unknown,doubtful"`
	Owner    string    `json:"owner,omitempty"`
	State    string    `json:"state" enum:"active,paused"`
	Version  int64     `json:"version" example:"1"`
	Last     time.Time `json:"last,omitzero"`
	Good     time.Time `json:"good,omitzero"`
	Next     time.Time `json:"next,omitzero"`
	Fault    string    `json:"fault,omitempty"`
	Failures int       `json:"failures"`
	PerDay   float64   `json:"per_day"`
}

func source(s radar.Source) Source {
	return Source{
		ID: s.ID, Kind: string(s.Kind), Group: s.Group, Beat: s.Beat, Trust: string(s.Trust), Owner: s.Owner, Address: s.Address, Page: s.Page, Name: s.Name, Note: s.Note, State: string(s.State), Version: s.Version, Last: when(s.Last), Good: when(s.Good), Next: when(s.Next),
		Fault: string(s.Fault), Failures: s.Failures, PerDay: s.PerDay,
	}
}

// SourceNew is a source to be added: the address of a feed, or of a page whose feed is found; or another kind.
type SourceNew struct {
	Address string        `json:"address,omitempty" maxLength:"2000" example:"https://bao.example/"`
	Kind    string        `json:"kind,omitempty" enum:"feed,sitemap,page,youtube,mastodon,bluesky,telegram,upload,push"`
	Name    string        `json:"name,omitempty" maxLength:"200"`
	Note    string        `json:"note,omitempty" maxLength:"2000"`
	Group   string        `json:"group,omitempty" maxLength:"200" example:"Báo chí/Hà Nội"`
	Beat    string        `json:"beat,omitempty" maxLength:"60" example:"health"`
	Trust   string        `json:"trust,omitempty" enum:"official,press,known,unknown,doubtful"`
	Page    *PageRules    `json:"page,omitempty"`
	Filter  *StreamFilter `json:"filter,omitempty"`
}

// PageRules are the CSS selectors of a list page.
type PageRules struct {
	Item    string `json:"item" maxLength:"300" example:"ul.tin > li"`
	Link    string `json:"link,omitempty" maxLength:"300"`
	Title   string `json:"title,omitempty" maxLength:"300"`
	Time    string `json:"time,omitempty" maxLength:"300"`
	Summary string `json:"summary,omitempty" maxLength:"300"`
}

// StreamFilter says what of a stream is wanted.
type StreamFilter struct {
	Words    []string `json:"words,omitempty" maxItems:"200"`
	Tags     []string `json:"tags,omitempty" maxItems:"200"`
	Accounts []string `json:"accounts,omitempty" maxItems:"500"`
	Langs    []string `json:"langs,omitempty" maxItems:"20"`
}

func (n SourceNew) input() radar.AddSourceInput {
	in := radar.AddSourceInput{
		Address: n.Address, Kind: radar.SourceKind(n.Kind), Name: n.Name, Note: n.Note, Group: n.Group, Beat: n.Beat, Trust: radar.Trust(n.Trust),
	}
	if p := n.Page; p != nil {
		in.Settings.Page = &listing.Rules{Item: p.Item, Link: p.Link, Title: p.Title, Time: p.Time, Summary: p.Summary}
	}
	if f := n.Filter; f != nil {
		in.Settings.Filter = &social.Filter{Words: f.Words, Tags: f.Tags, Accounts: f.Accounts, Langs: f.Langs}
	}
	return in
}

// MentionsNew are mentions for a source of kind push.
type MentionsNew struct {
	Source string       `json:"source" minLength:"1" maxLength:"40" example:"01934f0e-7c00-7000-8000-00000000000b"`
	Items  []MentionNew `json:"items" minItems:"1" maxItems:"500"`
}

// MentionNew is one mention: at least an address, a title or a text.
type MentionNew struct {
	ID        string    `json:"id,omitempty" maxLength:"200" example:"a-17"`
	URL       string    `json:"url,omitempty" maxLength:"2000" example:"https://bao.example/bai/17"`
	Title     string    `json:"title,omitempty" maxLength:"500"`
	Text      string    `json:"text,omitempty" maxLength:"65536"`
	Published time.Time `json:"published,omitzero"`
}

// MentionsTaken says what became of mentions.
type MentionsTaken struct {
	Mark
	Added int `json:"added"`
	Known int `json:"known"`
}

// SourceChange is what can be changed of a source.
type SourceChange struct {
	Version int64  `json:"version" minimum:"1" example:"1"`
	Name    string `json:"name" minLength:"1" maxLength:"200" example:"Báo Phố"`
	Note    string `json:"note,omitempty" maxLength:"2000"`
	State   string `json:"state" enum:"active,paused"`
}

// Story is what several mentions tell of one matter.
type Story struct {
	Mark
	ID       string    `json:"id"`
	Headline string    `json:"headline"`
	Lang     string    `json:"lang" example:"vi"`
	State    string    `json:"state" enum:"live,cooling,closed"`
	First    time.Time `json:"first"`
	Last     time.Time `json:"last"`
	Mentions int       `json:"mentions"`
	Voices   int       `json:"voices"`
	Sources  int       `json:"sources"`
	List     []Mention `json:"list,omitempty"`
	Hours    []float64 `json:"hours,omitempty"`
	About    *About    `json:"about,omitempty"`
}

// Mention is one thing that a source published.
type Mention struct {
	ID        string    `json:"id"`
	Source    string    `json:"source"`
	URL       string    `json:"url"`
	Title     string    `json:"title"`
	Published time.Time `json:"published"`
	Seen      time.Time `json:"seen"`
	CopyOf    string    `json:"copy_of,omitempty"`
}

func story(s radar.Story) Story {
	return Story{
		ID: s.ID, Headline: s.Headline, Lang: s.Lang, State: string(s.State), First: when(s.FirstAt), Last: when(s.LastAt), Mentions: s.Mentions, Voices: s.Voices, Sources: s.Sources,
	}
}

// StoryQuery chooses stories.
type StoryQuery struct {
	AtLeast  int    `query:"at_least" minimum:"1" maximum:"1000" default:"1"`
	Topic    string `query:"topic" maxLength:"60" example:"city.water"`
	Field    string `query:"field" maxLength:"60" example:"health"`
	Ward     string `query:"ward" maxLength:"20" example:"00199"`
	Office   string `query:"office" maxLength:"20" example:"SXD"`
	Followed bool   `query:"followed"`
	After    string `query:"after" maxLength:"200"`
	Limit    int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

// ID is an id in an address.
type ID struct {
	ID string `path:"id" maxLength:"40" example:"01934f0e-7c00-7000-8000-000000000001"`
}

var radarScope = []people.Scope{people.ScopeRadar}

// mentionsShown bounds the mentions of a story in one answer, hoursShown its hours.
const mentionsShown, hoursShown = 200, 48

// radar registers sources and stories.
func (a *API) radar() {
	room := a.s.Radar
	reads := []people.Scope{people.ScopeRadar, people.ScopeRead}
	get := func(id, path string) op {
		return op{ID: id, Group: "radar", Method: http.MethodGet, Path: path, Scopes: reads}
	}
	on(a, get("sources", "/api/desk/sources"), func(ctx context.Context, c *call, _ *Nothing) (List[Source], error) {
		list, err := room.Sources(ctx, c.by)
		return page(c, each(list, source), ""), err
	})
	on(a, op{ID: "source-add", Group: "radar", Method: http.MethodPost, Path: "/api/desk/sources", Scopes: radarScope, Made: true}, func(ctx context.Context, c *call, in *Sent[SourceNew]) (Source, error) {
		s, err := room.AddSource(ctx, c.by, in.Body.input())
		return source(s), err
	})
	on(a, op{ID: "source-change", Group: "radar", Method: http.MethodPost, Path: "/api/desk/sources/{id}", Scopes: radarScope}, func(ctx context.Context, c *call, in *Identified[SourceChange]) (Source, error) {
		b := in.Body
		s, err := room.ChangeSource(ctx, c.by, radar.ChangeSourceInput{ID: in.ID, Version: b.Version, Name: b.Name, Note: b.Note, State: radar.SourceState(b.State)})
		return source(s), err
	})
	on(a, op{ID: "mention-push", Group: "radar", Method: http.MethodPost, Path: "/api/desk/mentions", Scopes: []people.Scope{people.ScopePush, people.ScopeRadar}}, func(ctx context.Context, c *call, in *Sent[MentionsNew]) (MentionsTaken, error) {
		list := each(in.Body.Items, func(m MentionNew) radar.Entry {
			return radar.Entry{ID: m.ID, URL: m.URL, Title: m.Title, Text: m.Text, Published: m.Published}
		})
		got, err := room.Bring(ctx, c.by, in.Body.Source, list)
		return MentionsTaken{Added: got.Added, Known: got.Known}, err
	})
	on(a, get("stories", "/api/desk/stories"), func(ctx context.Context, c *call, in *StoryQuery) (List[Story], error) {
		after, err := cursor(in.After)
		if err != nil {
			return List[Story]{}, err
		}
		f := radar.StoryFilter{AtLeast: in.AtLeast, Topic: in.Topic, Field: in.Field, Ward: in.Ward, Office: in.Office, Followed: in.Followed}
		p, err := room.StoriesOf(ctx, c.by, f, in.Limit, after)
		next := ""
		if p.Next.ID != "" {
			next = base64.RawURLEncoding.EncodeToString([]byte(p.Next.Last.UTC().Format(time.RFC3339Nano) + " " + p.Next.ID))
		}
		return page(c, each(p.Stories, story), next), err
	})
	on(a, get("story", "/api/desk/stories/{id}"), func(ctx context.Context, c *call, in *ID) (Story, error) {
		s, mentions, err := room.Story(ctx, c.by, in.ID, mentionsShown)
		if err != nil {
			return Story{}, err
		}
		out := story(s)
		out.List = each(mentions, func(m radar.Mention) Mention {
			return Mention{m.ID, m.Source, m.URL, m.Title, when(m.Published), when(m.Seen), m.CopyOf}
		})
		if out.Hours, err = room.Sparkline(ctx, s.ID, hoursShown); err != nil {
			return Story{}, err
		}
		out.About, err = a.storyAbout(ctx, s.ID)
		return out, err
	})
	a.about()
}

// cursor reads the place where a page of stories begins.
func cursor(text string) (radar.StoryCursor, error) {
	if text == "" {
		return radar.StoryCursor{}, nil
	}
	data, err := base64.RawURLEncoding.DecodeString(text)
	last, id, ok := strings.Cut(string(data), " ")
	at, bad := time.Parse(time.RFC3339Nano, last)
	if err != nil || !ok || bad != nil {
		return radar.StoryCursor{}, problem.Of("after", problem.Invalid, "why", "@api.why.cursor")
	}
	return radar.StoryCursor{Last: at, ID: id}, nil
}
