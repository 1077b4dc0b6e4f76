package demo

import (
	"embed"
	"fmt"
	"time"

	"github.com/goccy/go-yaml"
)

//go:embed content/*.yaml
var files embed.FS

// When is a moment of the fourteen days: how many days before the last one, and the time of day in Vietnam.
type When struct {
	Day int    `yaml:"day"`
	At  string `yaml:"at"` // "09:15"
}

// of gives the moment when the last day is that of end, or the day before in the morning: the last day has been told to noon.
func (w When) of(end time.Time) (time.Time, error) {
	t, err := time.Parse("15:04", w.At)
	if err != nil {
		return t, fmt.Errorf("at %q: write it as 09:15", w.At)
	}
	y, m, d := end.In(zone).Add(-12 * time.Hour).Date()
	return time.Date(y, m, d-w.Day, t.Hour(), t.Minute(), 0, 0, zone), nil
}

var zone = time.FixedZone("+07", 7*3600)

type person struct {
	Key    string `yaml:"key"`
	Name   string `yaml:"name"`
	Title  string `yaml:"title"`
	Role   string `yaml:"role"`
	Office string `yaml:"office"`
	Outlet string `yaml:"outlet"` // of journalists
	Phone  string `yaml:"phone"`
}

type outlet struct {
	Key  string `yaml:"key"`
	Name string `yaml:"name"`
	Host string `yaml:"host"`
	Form string `yaml:"form"` // rss, atom, json, rdf
	Date string `yaml:"date"` // rfc, two-digit, short-zone, month-first, none: as real feeds write it
	Full bool   `yaml:"full"` // the feed holds the whole article
	Lang string `yaml:"lang"` // that its pages say; "vi" when empty
}

// Both is a text in one language.
type Both struct {
	Title string `yaml:"title"`
	Lede  string `yaml:"lede"`
	Body  string `yaml:"body"`
}

type news struct {
	When    `yaml:",inline"`
	Key     string `yaml:"key"`
	Kind    string `yaml:"kind"`
	Office  string `yaml:"office"`
	By      string `yaml:"by"`
	Topic   string `yaml:"topic"`
	Both    `yaml:",inline"`
	EN      Both   `yaml:"en"`
	End     string `yaml:"end"`     // the state that it reaches; published when empty
	Reason  string `yaml:"reason"`  // of a return, decline or withdrawal
	Correct change `yaml:"correct"` // what was wrong and is corrected a day later
	Update  change `yaml:"update"`
	Files   int    `yaml:"files"` // attachments drawn for it
}

type change struct {
	Find string `yaml:"find"`
	Put  string `yaml:"put"`
	Note string `yaml:"note"`
	Add  string `yaml:"add"` // a paragraph of an update
}

type question struct {
	When    `yaml:",inline"`
	As      string `yaml:"as"`   // key of a journalist, "citizen", "phone", "stranger" (a reporter not yet verified)
	Name    string `yaml:"name"` // of a citizen or a stranger
	Kind    string `yaml:"kind"`
	Subject string `yaml:"subject"`
	Body    string `yaml:"body"`
	Office  string `yaml:"office"`
	Urgent  bool   `yaml:"urgent"`
	Answer  string `yaml:"answer"`
	Public  string `yaml:"public"` // title of the public answer; "" answers in private
	End     string `yaml:"end"`    // answered when empty
	Hours   int    `yaml:"hours"`  // from receipt to the answer
	Ground  string `yaml:"ground"`
	Reason  string `yaml:"reason"`
	Outlet  string `yaml:"outlet"` // of a stranger
}

type checked struct {
	When      `yaml:",inline"`
	Statement string `yaml:"statement"`
	Topic     string `yaml:"topic"`
	Office    string `yaml:"office"`
	Story     string `yaml:"story"`  // key of the matter that it came from
	Report    string `yaml:"report"` // a citizen's words that it came from
	Urgent    bool   `yaml:"urgent"`
	Impact    string `yaml:"impact"`
	Evidence  struct {
		Title string `yaml:"title"`
		Text  string `yaml:"text"`
		Link  string `yaml:"link"`
	} `yaml:"evidence"`
	Verdict  string `yaml:"verdict"`
	Headline string `yaml:"headline"`
	Said     string `yaml:"said"`
	Body     string `yaml:"body"`
	EN       struct {
		Headline string `yaml:"headline"`
		Said     string `yaml:"said"`
		Body     string `yaml:"body"`
	} `yaml:"en"`
	End    string `yaml:"end"`
	Hours  int    `yaml:"hours"` // from opening to the verdict
	Reason string `yaml:"reason"`
	Shown  bool   `yaml:"shown"`
}

type matter struct {
	When   `yaml:",inline"`
	Key    string   `yaml:"key"`
	Size   int      `yaml:"size"`  // articles about it
	Hours  int      `yaml:"hours"` // over which they come
	Titles []string `yaml:"titles"`
	Facts  []string `yaml:"facts"`
	Own    []string `yaml:"own"`    // what an outlet found out itself: each piece tells one, so that it is no copy
	Given  string   `yaml:"given"`  // office to which it is given as a matter raised in the press
	Report string   `yaml:"report"` // what the office reports
}

// content is all that the demo tells.
type content struct {
	People    []person
	Outlets   []outlet
	News      []news
	Questions []question
	Claims    []checked
	Matters   []matter
}

func load() (content, error) {
	var c content
	for name, into := range map[string]any{
		"people": &c.People, "outlets": &c.Outlets, "releases": &c.News, "questions": &c.Questions, "claims": &c.Claims, "matters": &c.Matters,
	} {
		data, err := files.ReadFile("content/" + name + ".yaml")
		if err != nil {
			return c, err
		}
		if err := yaml.UnmarshalWithOptions(data, into, yaml.Strict()); err != nil {
			return c, fmt.Errorf("demo: %s.yaml: %w", name, err)
		}
	}
	return c, nil
}
