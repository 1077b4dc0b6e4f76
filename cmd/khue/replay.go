package main

import (
	"errors"
	"strconv"
	"time"

	"khue/problem"
	"khue/radar/cluster"
)

type radarReplayCmd struct {
	In     string `required:"" placeholder:"FILE" help:"${cmd_radar_replay_in}"`
	Out    string `default:"-" placeholder:"FILE" help:"${cmd_radar_replay_out}"`
	Final  bool   `help:"${cmd_radar_replay_final}"`
	Window int    `default:"14" placeholder:"DAYS" help:"${cmd_radar_replay_window}"`
	Live   int    `default:"200000" placeholder:"N" help:"${cmd_radar_replay_live}"`
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

// storyLine says which story a mention belongs to.
type storyLine struct {
	ID    string `json:"id"`
	Story string `json:"story"`
}

func storyName(n uint64) string { return "s" + strconv.FormatUint(n, 10) }

// mergeEvery is how much of the mentions' time passes between two merge passes.
const mergeEvery = 10 * time.Minute

// replay is one run of radar replay.
type replay struct {
	c      *cluster.Clusterer
	merged time.Time // when the last merge pass ran
}

func (r *replay) add(m *mentionLine) cluster.Assigned {
	if m.Time.Sub(r.merged) >= mergeEvery {
		r.c.Merges()
		r.merged = m.Time
	}
	return r.c.Add(m.mention())
}

// Run puts the mentions of a file into stories as the radar would have done when they arrived.
func (c *radarReplayCmd) Run(e *env) error {
	if c.Window <= 0 || c.Live <= 0 {
		return problem.New(problem.Usage, "why", e.lang.T("cmd.radar.replay.positive"))
	}
	b := startBatch(e)
	r := &replay{c: cluster.New(cluster.Options{Window: time.Duration(c.Window) * 24 * time.Hour, MaxLive: c.Live})}
	if c.Final {
		return b.end(c.final(b, r))
	}
	err := eachLine(b, c.In, c.Out, func(m mentionLine, emit func(storyLine) error) error {
		return emit(storyLine{m.ID, storyName(r.add(&m).Story)})
	})
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
		all = append(all, pair{m.ID, r.add(&m).Story})
		return nil
	})
	r.c.Merges()
	for _, p := range all {
		if err != nil {
			break
		}
		err = out.put(storyLine{p.id, storyName(r.c.Root(p.story))})
	}
	b.written = out.lines
	b.extra["live"], b.extra["stories"] = r.c.Live(), r.c.Opened()
	return errors.Join(err, out.close())
}
