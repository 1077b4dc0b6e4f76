package api

import (
	"context"
	"net/http"
	"time"

	"khue/radar"
)

// About is what a story is about, as it was read last.
type About struct {
	At        time.Time `json:"at"`
	Sentences []string  `json:"sentences"`
	Terms     []string  `json:"terms"`
	Topic     Subject   `json:"topic"`
	Field     Subject   `json:"field"`
	Names     []Name    `json:"names"`
	Others    []Other   `json:"others"`
}

// Subject is a story's topic or field; without a label the machine does not know.
type Subject struct {
	Label  string   `json:"label" example:"city.water"`
	Sure   float64  `json:"sure" example:"0.82"`
	Person bool     `json:"person"`
	Why    []string `json:"why,omitempty"`
}

// Name is a place or an office that a story's texts name.
type Name struct {
	Kind  string `json:"kind" enum:"ward,district,office"`
	Code  string `json:"code" example:"00199"`
	Texts int    `json:"texts" example:"3"`
}

// Other is a story in another language that tells the same matter, or may.
type Other struct {
	Story string  `json:"story" example:"s12"`
	State string  `json:"state" enum:"suggested,joined"`
	Score float64 `json:"score" example:"5.5"`
}

func subject(l radar.Label) Subject {
	s := Subject{Label: l.Key, Sure: l.P, Person: l.By != ""}
	for _, w := range l.Why {
		s.Why = append(s.Why, w.Feature)
	}
	return s
}

// storyAbout gives what a story is about; nil while it was not read.
func (a *API) storyAbout(ctx context.Context, id string) (*About, error) {
	t, err := a.s.Radar.About(ctx, id)
	if err != nil || t.At.IsZero() {
		return nil, err
	}
	out := &About{At: when(t.At), Sentences: orEmpty(t.Sentences), Terms: []string{}, Topic: subject(t.Topic), Field: subject(t.Field)}
	for _, term := range t.Terms {
		out.Terms = append(out.Terms, term.Text)
	}
	out.Names = each(t.Names, func(n radar.Name) Name { return Name(n) })
	pairs, err := a.s.Radar.Pairs(ctx, id)
	out.Others = each(pairs, func(p radar.Pair) Other { return Other{p.Other(id), string(p.State), p.Score} })
	return out, err
}

// StoryTopic says what a story's topic or field is.
type StoryTopic struct {
	Way   string `json:"way" enum:"topic,field" example:"topic"`
	Label string `json:"label" minLength:"1" maxLength:"60" example:"city.water"`
}

// about registers what is done about stories.
func (a *API) about() {
	room := a.s.Radar
	o := op{ID: "story-topic", Group: "radar", Method: http.MethodPost, Path: "/api/desk/stories/{id}/topic", Scopes: radarScope}
	on(a, o, func(ctx context.Context, c *call, in *Identified[StoryTopic]) (Reading, error) {
		if err := room.Correct(ctx, c.by, in.ID, in.Body.Way, in.Body.Label); err != nil {
			return Reading{}, err
		}
		t, err := a.storyAbout(ctx, in.ID)
		return Reading{Story: in.ID, About: t}, err
	})
}

// Reading is a story's id with what it is about.
type Reading struct {
	Mark
	Story string `json:"story" example:"s12"`
	About *About `json:"about"`
}
