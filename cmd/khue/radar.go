package main

import (
	"errors"
	"net/url"
	"os"
	"runtime"
	"strings"
	"time"

	"khue/problem"
	"khue/radar/feed"
)

type radarCmd struct {
	Feed     radarFeedCmd     `cmd:"" help:"${cmd_radar_feed}"`
	Replay   radarReplayCmd   `cmd:"" help:"${cmd_radar_replay}"`
	Watch    radarWatchCmd    `cmd:"" help:"${cmd_radar_watch}"`
	Forecast radarForecastCmd `cmd:"" help:"${cmd_radar_forecast}"`
}

type radarFeedCmd struct {
	Files []string `arg:"" name:"file" help:"${cmd_radar_feed_file}"`
	Zone  string   `placeholder:"ZONE" help:"${cmd_radar_feed_zone}"`
	Out   string   `default:"-" placeholder:"FILE" help:"${cmd_radar_feed_out}"`
}

// feedLine is the line of a file: what the feed says, or why it could not be read.
type feedLine struct {
	File  string      `json:"file"`
	Error string      `json:"error,omitzero"`
	Title *string     `json:"title,omitzero"`
	Link  string      `json:"link,omitzero"`
	Lang  string      `json:"lang,omitzero"`
	Items *[]feedItem `json:"items,omitzero"`
}

type feedItem struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	URL       string    `json:"url"`
	Published time.Time `json:"published,omitzero"`
	Updated   time.Time `json:"updated,omitzero"`
	Author    string    `json:"author,omitzero"`
	Summary   string    `json:"summary,omitzero"`
	Content   string    `json:"content,omitzero"`
}

// Run reads feed files and writes a line a file, in the order given.
func (c radarFeedCmd) Run(e *env) error {
	var zone *time.Location
	if c.Zone != "" {
		var err error
		if zone, err = time.LoadLocation(c.Zone); err != nil {
			return problem.New(problem.Usage, "why", e.lang.T("cmd.radar.feed.no-zone", "zone", c.Zone))
		}
	}
	b := startBatch(e)
	out, err := b.create(c.Out, c.Files...)
	if err != nil {
		return err
	}
	return b.end(errors.Join(c.lines(e, b, zone, out), out.close()))
}

// lines reads on every core and writes in order; a few files are under way at once.
func (c radarFeedCmd) lines(e *env, b *batch, zone *time.Location, out *output) error {
	room := make(chan struct{}, 4*runtime.GOMAXPROCS(0))
	order := make(chan chan feedLine, cap(room))
	go func() {
		defer close(order)
		for _, name := range c.Files {
			select {
			case room <- struct{}{}:
			case <-e.ctx.Done():
				return
			}
			answer := make(chan feedLine, 1)
			order <- answer
			go func() { answer <- readFeed(e, name, zone) }()
		}
	}()
	for answer := range order {
		line := <-answer
		<-room
		b.read++
		if line.Error != "" {
			b.bad++
		}
		if err := out.put(line); err != nil {
			return err
		}
		b.written++
		b.progress.show(b.read, b.read, int64(len(c.Files)))
	}
	return e.ctx.Err()
}

func readFeed(e *env, name string, zone *time.Location) feedLine {
	line := feedLine{File: name}
	data, err := os.ReadFile(name)
	if err != nil {
		line.Error = err.Error()
		return line
	}
	f, err := feed.Parse(data, "", feed.Options{Zone: zone})
	if err == nil && zone == nil && f.Zoneless && isVietnamese(f) {
		f, err = feed.Parse(data, "", feed.Options{Zone: vietnamTime})
	}
	if err != nil {
		line.Error = e.lang.T("cmd.radar.feed." + feedFault(err))
		return line
	}
	items := make([]feedItem, len(f.Items))
	for i := range f.Items {
		it := &f.Items[i]
		items[i] = feedItem{
			ID: it.ID, Title: it.Title, URL: it.URL, Published: it.Time(), Updated: it.Updated,
			Author: it.Author, Summary: it.Summary, Content: it.Content,
		}
	}
	line.Title, line.Link, line.Lang, line.Items = &f.Title, f.Link, f.Lang, &items
	return line
}

// vietnamTime is UTC+7 without a table: Vietnam has no summer time.
var vietnamTime = time.FixedZone("+07", 7*3600)

// isVietnamese says whether times that a feed writes without a zone are Vietnam's.
func isVietnamese(f feed.Feed) bool {
	if strings.HasPrefix(strings.ToLower(f.Lang), "vi") {
		return true
	}
	u, err := url.Parse(f.Link)
	return err == nil && strings.HasSuffix(u.Hostname(), ".vn")
}

func feedFault(err error) string {
	switch {
	case errors.Is(err, feed.ErrEmpty):
		return "empty"
	case errors.Is(err, feed.ErrHTML):
		return "html"
	case errors.Is(err, feed.ErrSize):
		return "size"
	case errors.Is(err, feed.ErrJSON):
		return "json"
	}
	return "none"
}
