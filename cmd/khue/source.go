package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"khue/problem"
	"khue/radar"
	"khue/regulation"
	"khue/web/ui"
)

type sourceCmd struct {
	Add   sourceAddCmd   `cmd:"" help:"${cmd_source_add}"`
	List  sourceListCmd  `cmd:"" help:"${cmd_source_list}"`
	Pause sourcePauseCmd `cmd:"" help:"${cmd_source_pause}"`
	Wake  sourceWakeCmd  `cmd:"" help:"${cmd_source_wake}"`

	Import sourceImportCmd `cmd:"" help:"${cmd_source_import}"`
	Export sourceExportCmd `cmd:"" help:"${cmd_source_export}"`
}

// What goes over the socket for each verb.
type (
	sourceAdd struct {
		Address  string `json:"address"`
		Name     string `json:"name,omitempty"`
		Note     string `json:"note,omitempty"`
		Kind     string `json:"kind,omitempty"`
		Group    string `json:"group,omitempty"`
		Beat     string `json:"beat,omitempty"`
		Trust    string `json:"trust,omitempty"`
		Settings string `json:"settings,omitempty"` // JSON, as lists carry it
	}
	sourceOne struct {
		Source string `json:"source"` // its id, address or name
	}
	sourceRow struct {
		ID      string     `json:"id"`
		Kind    string     `json:"kind"`
		Address string     `json:"address"`
		Name    string     `json:"name"`
		Note    string     `json:"note,omitempty"`
		State   string     `json:"state"` // "active" or "paused"
		Group   string     `json:"group,omitempty"`
		Beat    string     `json:"beat,omitempty"`
		Trust   string     `json:"trust"`
		Last    *time.Time `json:"last,omitempty"`
		Next    *time.Time `json:"next,omitempty"` // absent while it is paused, and for what is not visited
		Fault   string     `json:"fault,omitempty"`
		PerDay  float64    `json:"per_day"`
	}
)

func rowOfSource(s radar.Source) sourceRow {
	r := sourceRow{ID: s.ID, Kind: string(s.Kind), Address: s.Address, Name: s.Name, Note: s.Note, Group: s.Group, Beat: s.Beat, Trust: string(s.Trust), State: string(s.State), Fault: string(s.Fault), PerDay: s.PerDay}
	if !s.Last.IsZero() {
		r.Last = &s.Last
	}
	if s.State == radar.Active && s.Kind.Visited() {
		r.Next = &s.Next
	}
	return r
}

// sourceVerbs is what the socket offers of sources.
func sourceVerbs(r *radar.Room) map[string]verb {
	turn := func(to radar.SourceState) verb {
		return on(func(ctx context.Context, by regulation.Actor, in sourceOne) (any, error) {
			s, err := findSource(ctx, r, by, in.Source)
			if err != nil {
				return nil, err
			}
			s, err = r.ChangeSource(ctx, by, radar.ChangeSourceInput{ID: s.ID, Version: s.Version, Name: s.Name, Note: s.Note, State: to})
			return rowOfSource(s), err
		})
	}
	return map[string]verb{
		"source.add": on(func(ctx context.Context, by regulation.Actor, in sourceAdd) (any, error) {
			settings, err := radar.ReadSettings(in.Settings)
			if err != nil {
				return nil, problem.Of("settings", problem.Invalid, "why", "@source.bad-settings")
			}
			s, err := r.AddSource(ctx, by, radar.AddSourceInput{
				Address: in.Address, Name: in.Name, Note: in.Note, Kind: radar.SourceKind(in.Kind), Group: in.Group, Beat: in.Beat, Trust: radar.Trust(in.Trust), Settings: settings,
			})
			return rowOfSource(s), err
		}),
		"source.list": on(func(ctx context.Context, by regulation.Actor, _ struct{}) (any, error) {
			list, err := r.Sources(ctx, by)
			rows := make([]sourceRow, len(list))
			for i, s := range list {
				rows[i] = rowOfSource(s)
			}
			return rows, err
		}),
		"source.import": on(func(ctx context.Context, by regulation.Actor, in sourceChunk) (any, error) {
			return r.TakeList(ctx, by, strings.NewReader(in.OPML))
		}),
		"source.export": on(func(ctx context.Context, by regulation.Actor, in sourceFrom) (any, error) {
			list, err := r.Outlines(ctx, by)
			from := min(in.From, len(list))
			return list[from:min(from+exportChunk, len(list))], err
		}),
		"source.pause": turn(radar.Paused),
		"source.wake":  turn(radar.Active),
	}
}

// findSource finds a source by its id, its address or its name; two of one name must be told apart by address.
func findSource(ctx context.Context, r *radar.Room, by regulation.Actor, what string) (radar.Source, error) {
	list, err := r.Sources(ctx, by)
	if err != nil {
		return radar.Source{}, err
	}
	var found []radar.Source
	for _, s := range list {
		if s.ID == what || s.Address == what {
			return s, nil
		}
		if strings.EqualFold(s.Name, what) {
			found = append(found, s)
		}
	}
	switch len(found) {
	case 0:
		return radar.Source{}, problem.New(problem.NotFound)
	case 1:
		return found[0], nil
	}
	return radar.Source{}, problem.New(problem.Usage, "why", found[0].Address+", "+found[1].Address)
}

type sourceAddCmd struct {
	Address string `arg:"" optional:"" placeholder:"URL" help:"${cmd_source_address}"`
	Name    string `placeholder:"NAME" help:"${cmd_source_name}"`
	Note    string `placeholder:"TEXT" help:"${cmd_source_note}"`

	Kind     string `placeholder:"KIND" help:"${cmd_source_kind}"`
	Group    string `placeholder:"GROUP" help:"${cmd_source_group}"`
	Beat     string `placeholder:"BEAT" help:"${cmd_source_beat}"`
	Trust    string `placeholder:"LEVEL" help:"${cmd_source_trust}"`
	Settings string `placeholder:"FILE" help:"${cmd_source_settings}"`
}

// Run adds a source by the address of a feed, or of a page whose feed is found, or of another kind.
func (c *sourceAddCmd) Run(e *env) error {
	settings := ""
	if c.Settings != "" {
		data, err := os.ReadFile(c.Settings)
		if err != nil {
			return problem.Wrap(err, problem.Usage, "why", err.Error())
		}
		settings = string(data)
	}
	var row sourceRow
	if err := e.ask("source.add", sourceAdd{c.Address, c.Name, c.Note, c.Kind, c.Group, c.Beat, c.Trust, settings}, &row); err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, e.lang.T("cmd.source.added", "name", row.Name, "address", row.Address))
	return nil
}

type sourceListCmd struct {
	JSON bool `name:"json" help:"${cmd_source_json}"`
}

// Run lists sources with their health: a table for people, or one JSON object a line.
func (c *sourceListCmd) Run(e *env) error {
	var rows []sourceRow
	if err := e.ask("source.list", struct{}{}, &rows); err != nil {
		return err
	}
	if c.JSON {
		return printRows(e.stdout, rows)
	}
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		last, health := e.lang.T("radar.source.never"), ""
		if r.Last != nil {
			last = ui.ShortDateTime(e.lang, *r.Last)
		}
		if r.Fault != "" {
			health = e.lang.T("radar.fault." + r.Fault)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.Name, r.Address, e.lang.T("radar.source.state."+r.State), last, health)
	}
	return w.Flush()
}

type sourcePauseCmd struct {
	Source string `arg:"" placeholder:"SOURCE" help:"${cmd_source_which}"`
}

// Run stops the visits of a source; what it said stays.
func (c *sourcePauseCmd) Run(e *env) error { return e.turnSource("source.pause", c.Source) }

type sourceWakeCmd struct {
	Source string `arg:"" placeholder:"SOURCE" help:"${cmd_source_which}"`
}

// Run visits a paused source again.
func (c *sourceWakeCmd) Run(e *env) error { return e.turnSource("source.wake", c.Source) }

func (e *env) turnSource(verb, which string) error {
	var row sourceRow
	if err := e.ask(verb, sourceOne{which}, &row); err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, e.lang.T("cmd.source.turned", "name", row.Name, "state", e.lang.T("radar.source.state."+row.State)))
	return nil
}
