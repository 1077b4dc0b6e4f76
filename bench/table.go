package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
)

// figures are what one run measured, by name.
type figures map[string]float64

// target says when a figure is good, by ours and the peer's (0 without one).
type target struct {
	text string
	met  func(ours, peer float64) bool
}

func atLeast(n float64) target {
	return target{"≥ " + short(n), func(ours, _ float64) bool { return ours >= n }}
}

func atMost(n float64) target {
	return target{"≤ " + short(n), func(ours, _ float64) bool { return ours <= n }}
}

func timesAtLeast(n float64) target {
	return target{"≥ " + short(n) + "× peer", func(ours, peer float64) bool { return ours >= n*peer }}
}

func timesAtMost(n float64) target {
	return target{"≤ " + short(n) + "× peer", func(ours, peer float64) bool { return ours <= n*peer }}
}

// told is a figure without a target.
var told = target{"", nil}

// figure is one line of the table: a name in figures, its unit and its target.
type figure struct {
	name, unit string
	target     target
}

// benchmark is one path. prepare builds what the runs stand on and gives the two runs; peer may be nil.
type benchmark struct {
	name    string
	peer    string // who the peer is
	figures []figure
	prepare func(s *stage) (ours, peer func() (figures, error), err error)
}

// line is a line of the table.
type line struct {
	Path   string  `json:"path"`
	Figure string  `json:"figure"`
	Unit   string  `json:"unit"`
	Ours   float64 `json:"ours"`
	Peer   float64 `json:"peer,omitempty"`
	Who    string  `json:"who,omitempty"`
	Ratio  float64 `json:"ratio,omitempty"`
	Target string  `json:"target,omitempty"`
	Met    *bool   `json:"met,omitempty"`
	Why    string  `json:"why,omitempty"` // it was not measured
}

// measure runs a benchmark and gives its lines, in medians. What cannot be measured here is one line that says why.
func (b benchmark) measure(runs int) (lines []line, err error) {
	s := &stage{name: b.name}
	defer func() {
		if p := recover(); p != nil {
			stop, ok := p.(stopped)
			if !ok {
				panic(p)
			}
			err = stop.err
		}
		s.close()
		if err != nil {
			lines = []line{{Path: b.name, Who: b.peer, Why: err.Error()}}
		}
	}()
	ours, peer, err := b.prepare(s)
	if err != nil {
		return nil, err
	}
	mine, theirs := map[string][]float64{}, map[string][]float64{}
	for i := range runs {
		order := []func() error{
			func() error { return into(mine, ours) },
			func() error { return into(theirs, peer) },
		}
		if i%2 == 1 { // neither always comes first
			slices.Reverse(order)
		}
		for _, f := range order {
			if err := f(); err != nil {
				return nil, err
			}
		}
	}
	for _, f := range b.figures {
		l := line{Path: b.name, Figure: f.name, Unit: f.unit, Ours: median(mine[f.name]), Peer: median(theirs[f.name]), Target: f.target.text}
		if l.Peer != 0 {
			l.Ratio, l.Who = l.Ours/l.Peer, b.peer
		}
		if f.target.met != nil && (l.Peer != 0 || !strings.Contains(f.target.text, "peer")) {
			met := f.target.met(l.Ours, l.Peer)
			l.Met = &met
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func into(all map[string][]float64, run func() (figures, error)) error {
	if run == nil {
		return nil
	}
	got, err := run()
	for name, v := range got {
		all[name] = append(all[name], v)
	}
	return err
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	list = slices.Clone(list)
	slices.Sort(list)
	if n := len(list); n%2 == 0 {
		return (list[n/2-1] + list[n/2]) / 2
	}
	return list[len(list)/2]
}

// short writes a number with three figures.
func short(f float64) string {
	switch {
	case f == 0:
		return "0"
	case f >= 1000:
		return fmt.Sprintf("%.0f", f)
	default:
		return fmt.Sprintf("%.3g", f)
	}
}

func printTable(w io.Writer, lines []line) {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "path\tfigure\tours\tpeer\tratio\ttarget\tmet\twho")
	for _, l := range lines {
		if l.Why != "" {
			fmt.Fprintf(t, "%s\t\t\t\t\t\t\tnot measured: %s\n", l.Path, l.Why)
			continue
		}
		peer, ratio, met := "", "", ""
		if l.Peer != 0 {
			peer, ratio = short(l.Peer), fmt.Sprintf("%.2f", l.Ratio)
		}
		if l.Met != nil {
			met = map[bool]string{true: "yes", false: "NO"}[*l.Met]
		}
		fmt.Fprintf(t, "%s\t%s (%s)\t%s\t%s\t%s\t%s\t%s\t%s\n", l.Path, l.Figure, l.Unit, short(l.Ours), peer, ratio, l.Target, met, l.Who)
	}
	t.Flush()
}

// stage is what a benchmark stands on. It is a testing.TB as far as the project's own helpers for tests use one; a failure ends the
// benchmark, and a skip says why it was not measured.
type stage struct {
	testing.TB
	name     string
	cleanups []func()
}

// stopped is how a stage ends a benchmark from inside a helper.
type stopped struct{ err error }

func (s *stage) Helper()             {}
func (s *stage) Name() string        { return s.name }
func (s *stage) Cleanup(f func())    { s.cleanups = append(s.cleanups, f) }
func (s *stage) Fatal(args ...any)   { panic(stopped{errors.New(fmt.Sprint(args...))}) }
func (s *stage) Skip(args ...any)    { s.Fatal(args...) }
func (s *stage) Error(args ...any)   { fmt.Fprintln(os.Stderr, append([]any{s.name + ":"}, args...)...) }
func (s *stage) Logf(string, ...any) {}

func (s *stage) Fatalf(form string, args ...any) { s.Fatal(fmt.Sprintf(form, args...)) }
func (s *stage) Skipf(form string, args ...any)  { s.Fatal(fmt.Sprintf(form, args...)) }

// TempDir gives a folder that goes with the stage.
func (s *stage) TempDir() string {
	dir, err := os.MkdirTemp("", "khue-bench-")
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func (s *stage) close() {
	for _, f := range slices.Backward(s.cleanups) {
		f()
	}
}
