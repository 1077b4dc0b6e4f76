package main

import (
	"errors"
	"hash/maphash"
	"math"
	"strconv"
	"time"

	"khue/problem"
	"khue/radar/cluster"
	"khue/radar/warn"
)

type radarReplayCmd struct {
	In       string `required:"" placeholder:"FILE" help:"${cmd_radar_replay_in}"`
	Out      string `default:"-" placeholder:"FILE" help:"${cmd_radar_replay_out}"`
	Signals  string `placeholder:"FILE" help:"${cmd_radar_replay_signals}"`
	Library  string `placeholder:"FILE" help:"${cmd_radar_replay_library}"`
	Official string `placeholder:"FILE" help:"${cmd_radar_replay_official}"`
	Final    bool   `help:"${cmd_radar_replay_final}"`
	Window   int    `default:"14" placeholder:"DAYS" help:"${cmd_radar_replay_window}"`
	Live     int    `default:"200000" placeholder:"N" help:"${cmd_radar_replay_live}"`
}

// mentionLine is an article or a post, in the order of time.
type mentionLine struct {
	ID     string    `json:"id"`
	Time   time.Time `json:"time"`
	Lang   string    `json:"lang"`
	Source string    `json:"source"`
	URL    string    `json:"url"`
	Title  string    `json:"title"`
	Text   string    `json:"text"`
	Author string    `json:"author"`
	Parent string    `json:"parent"`
	Kind   string    `json:"kind"`
}

func (m *mentionLine) check() error {
	if m.ID == "" {
		return badLine("no id")
	}
	if m.Time.IsZero() {
		return badLine("no time")
	}
	return nil
}

func (m *mentionLine) mention() cluster.Mention {
	return cluster.Mention{ID: m.ID, Time: m.Time, Lang: m.Lang, Source: m.Source, Title: m.Title, Text: m.Text}
}

// told is the mention as the detector of signals hears of it, with the story that it was put into.
func (m *mentionLine) told(a cluster.Assigned) warn.Mention {
	w := warn.Mention{ID: m.ID, At: m.Time, Source: m.Source, URL: m.URL, Title: m.Title, Text: m.Text, Story: a.Story, New: a.New, Copy: a.Copy, CopyOf: a.CopyOf, Near: a.Near}
	if m.Author != "" {
		w.Account = maphash.String(accounts, m.Source+" "+m.Author)
	}
	return w
}

// accounts is the key under which this run knows accounts.
var accounts = maphash.MakeSeed()

// storyLine says which story a mention belongs to.
type storyLine struct {
	ID    string `json:"id"`
	Story string `json:"story"`
}

func storyName(n uint64) string { return "s" + strconv.FormatUint(n, 10) }

// signalLine is what the radar would have told the editors, at that moment.
type signalLine struct {
	At      time.Time `json:"at"`
	Story   string    `json:"story"`
	Kind    string    `json:"kind"`
	Score   float64   `json:"score"`
	Reasons []string  `json:"reasons"`
}

// replay is one run of radar replay.
type replay struct {
	e       *env
	c       *cluster.Clusterer
	d       *warn.Detector
	signals *output // nil if nobody wants them
}

func (r *replay) add(m *mentionLine) (uint64, error) {
	a := r.c.Add(m.mention())
	merges := r.c.Merges() // what they join counts from the next mention on
	if r.signals == nil {
		return a.Story, nil
	}
	for _, s := range r.d.Add(m.told(a)) {
		if err := r.signals.put(signalLine{At: s.At, Story: storyName(s.Story), Kind: string(s.Kind), Score: math.Round(s.Score*100) / 100, Reasons: reasons(r.e.lang, s.Reasons)}); err != nil {
			return a.Story, err
		}
	}
	for _, m := range merges {
		r.d.Merge(m.From, m.Into)
	}
	return a.Story, nil
}

// Run puts the mentions of a file into stories as the radar would have done when they arrived.
func (c *radarReplayCmd) Run(e *env) error {
	if c.Window <= 0 || c.Live <= 0 {
		return problem.New(problem.Usage, "why", e.lang.T("cmd.radar.replay.positive"))
	}
	b := startBatch(e)
	r := &replay{e: e, c: cluster.New(cluster.Options{Window: time.Duration(c.Window) * 24 * time.Hour, MaxLive: c.Live})}
	checks, err := readChecks(b, c.Library, c.Official)
	if err != nil {
		return b.end(err)
	}
	r.d = warn.New(warn.Options{}, checks)
	if c.Signals != "" {
		if r.signals, err = b.create(c.Signals, c.In, c.Out); err != nil {
			return b.end(err)
		}
	}
	if c.Final {
		err = c.final(b, r)
	} else {
		err = eachLine(b, c.In, c.Out, func(m mentionLine, emit func(storyLine) error) error {
			story, err := r.add(&m)
			return errors.Join(err, emit(storyLine{m.ID, storyName(story)}))
		})
	}
	if r.signals != nil {
		b.extra["signals"] = r.signals.lines
		err = errors.Join(err, r.signals.close())
	}
	b.extra["live"], b.extra["stories"] = r.c.Live(), r.c.Opened()
	return b.end(err)
}

// final writes the stories as they stand in the end; ids and stories of all mentions are held until then.
func (c *radarReplayCmd) final(b *batch, r *replay) error {
	out, err := b.create(c.Out, c.In)
	if err != nil {
		return err
	}
	type pair struct {
		id    string
		story uint64
	}
	var all []pair
	err = readLines(b, c.In, func(m mentionLine) error {
		b.read++
		story, err := r.add(&m)
		all = append(all, pair{m.ID, story})
		return err
	})
	for _, p := range all {
		if err != nil {
			break
		}
		err = out.put(storyLine{p.id, storyName(r.c.Root(p.story))})
	}
	b.written = out.lines
	return errors.Join(err, out.close())
}
