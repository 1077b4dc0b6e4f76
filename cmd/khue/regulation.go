package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"khue/problem"
	"khue/profile"
	"khue/regulation"
	"khue/regulation/calendar"
	"khue/regulation/place"
)

type regulationCmd struct {
	Check regulationCheckCmd `cmd:"" help:"${cmd_regulation_check}"`
	Due   regulationDueCmd   `cmd:"" help:"${cmd_regulation_due}"`
}

type regulationCheckCmd struct {
	Path string `arg:"" optional:"" placeholder:"FILE|FOLDER" help:"${cmd_regulation_check_path}"`
}

// Run loads a rulebook, runs its examples and prints each fault with its place.
func (c *regulationCheckCmd) Run(e *env) error {
	path := strings.TrimSuffix(c.Path, string(filepath.Separator))
	if path == "" {
		path = "hanoi"
	}
	file := ""
	if st, err := os.Stat(c.Path); c.Path != "" && err == nil && !st.IsDir() {
		file, path = path, filepath.Dir(path)
		if filepath.Base(file) == "calendar.yaml" {
			return c.calendar(e, file)
		}
	}
	book, prefix, err := loadRules(path, c.Path == "")
	n := 0
	if err == nil {
		n, err = book.Deadlines.Check()
	}
	var faults regulation.Faults
	switch {
	case err == nil:
	case !errors.As(err, &faults):
		return err
	default:
		shown := 0
		for _, f := range faults {
			if f.File = filepath.Join(prefix, f.File); file == "" || f.File == file {
				shown++
				fmt.Fprintln(e.stderr, e.fault(f))
			}
		}
		if shown > 0 {
			fmt.Fprintln(e.stderr, e.lang.N("cmd.regulation.check.faults", shown))
			return errBadInput{}
		}
		if book == nil { // the fault lies beside the file asked for, and keeps it from being tried
			fmt.Fprintln(e.stderr, e.fault(faults[0]))
			return errBadInput{}
		}
	}
	rules := book.Deadlines.Rules()
	if file != "" {
		rules = slices.DeleteFunc(rules, func(r regulation.Rule) bool { return filepath.Join(prefix, r.File) != file })
		n = 0
		for _, r := range rules {
			n += len(r.Tests)
		}
	}
	fmt.Fprintln(e.stdout, e.lang.T("cmd.regulation.check.good", "rules", len(rules), "tests", n, "actions", len(book.Rules.Permissions)))
	return nil
}

// fault gives a fault of a rulebook in the reader's language, behind its place.
func (e *env) fault(f *regulation.Fault) string {
	return f.Place() + ": " + e.lang.T("rulebook."+f.Code, f.Args...)
}

func (e *env) faults(list regulation.Faults) {
	for _, f := range list {
		fmt.Fprintln(e.stderr, e.fault(f))
	}
}

// said gives what the rulebook answers instead of a result, in the reader's language.
func (e *env) said(err error) string {
	var s *place.Said
	if errors.As(err, &s) {
		return e.lang.T("rulebook."+s.Code, s.Args...)
	}
	return err.Error()
}

func (c *regulationCheckCmd) calendar(e *env, file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return problem.Wrap(err, problem.NotFound)
	}
	if _, err := calendar.Load(file, data); err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, e.lang.T("cmd.regulation.check.calendar"))
	return nil
}

// loadRules reads a profile's folder, or a folder of rules alone with the calendar beside, above or shipped; prefix is what
// its faults' file names stand under.
func loadRules(path string, shipped bool) (b *regulation.Book, prefix string, err error) {
	if shipped {
		b, err = regulation.LoadBook(profile.Hanoi())
		return b, path, err
	}
	if st, err := os.Stat(path); err != nil || !st.IsDir() {
		return nil, "", problem.Wrap(fmt.Errorf("%s: %w", path, fs.ErrNotExist), problem.NotFound)
	}
	dir, base := path, "."
	if st, err := os.Stat(filepath.Join(path, "rules")); err == nil && st.IsDir() {
		dir, base = path, "rules"
	}
	cal, err := findCalendar(path, filepath.Dir(path))
	if err != nil {
		return nil, "", err
	}
	b, err = regulation.LoadFolder(os.DirFS(dir), base, cal)
	return b, path, err
}

// findCalendar takes the first calendar.yaml of some folders, or the shipped one.
func findCalendar(dirs ...string) (*calendar.Calendar, error) {
	for _, dir := range dirs {
		name := filepath.Join(dir, "calendar.yaml")
		if data, err := os.ReadFile(name); err == nil {
			return calendar.Load(name, data)
		}
	}
	data, err := fs.ReadFile(profile.Hanoi(), "calendar.yaml")
	if err != nil {
		return nil, err
	}
	return calendar.Load("calendar.yaml", data)
}

type regulationDueCmd struct {
	In    string `required:"" placeholder:"CASES" help:"${cmd_regulation_due_in}"`
	Out   string `required:"" placeholder:"DUES" help:"${cmd_regulation_due_out}"`
	Rules string `placeholder:"FOLDER" help:"${cmd_regulation_due_rules}"`
}

type dueCase struct {
	ID    string         `json:"id"`
	Rule  int            `json:"rule"`
	At    string         `json:"at"`
	Facts map[string]any `json:"facts"`
}

func (c *dueCase) check() error {
	if c.ID == "" {
		return badLine("no id")
	}
	return nil
}

type dueLine struct {
	ID        string             `json:"id"`
	Due       string             `json:"due,omitzero"`
	Unit      string             `json:"unit,omitzero"`
	Act       string             `json:"act,omitzero"`
	Article   string             `json:"article,omitzero"`
	ValidFrom string             `json:"valid_from,omitzero"`
	Counted   []calendar.Counted `json:"counted,omitempty"`
	Error     string             `json:"error,omitzero"`
}

// Run gives the end of a rule's limit for each case.
func (c *regulationDueCmd) Run(e *env) error {
	book, _, err := loadRules(c.Rules, c.Rules == "")
	if err != nil {
		return err
	}
	b := startBatch(e)
	return b.end(parallelLines(b, c.In, c.Out, func(one dueCase, emit func(dueLine) error) error {
		return emit(one.due(e, book.Deadlines))
	}))
}

func (c dueCase) due(e *env, d *regulation.Deadlines) dueLine {
	at, err := time.Parse(time.RFC3339, c.At)
	if err != nil {
		return dueLine{ID: c.ID, Error: e.said(place.Say("moment", "text", c.At))}
	}
	due, err := d.Due(c.Rule, at, c.Facts)
	if err != nil {
		return dueLine{ID: c.ID, Error: e.said(err)}
	}
	return dueLine{
		ID: c.ID, Due: due.At.Format(time.RFC3339Nano), Unit: due.Unit, Act: due.Act, Article: due.Article,
		ValidFrom: due.ValidFrom, Counted: due.Counted,
	}
}
