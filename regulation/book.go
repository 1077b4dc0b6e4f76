package regulation

import (
	"errors"
	"fmt"
	"io/fs"
	"path"

	"khue/regulation/calendar"
	"khue/regulation/place"
)

// Fault is something wrong in a rulebook, with its place and the mend.
type Fault = place.Fault

// Faults is every fault of a rulebook.
type Faults = place.Faults

// RulebookVersion is the newest form of a rulebook file that this program reads.
const RulebookVersion = 1

// Book is a whole rulebook: who may do what, and what is due by when. It never changes once it is loaded.
type Book struct {
	Rules     *Rulebook
	Deadlines *Deadlines
}

// bookFile is the form of every file of a rulebook; each holds the parts of its subject.
type bookFile struct {
	Version     int          `yaml:"version"`
	Permissions []Permission `yaml:"permissions"`
	Signers     []Signer     `yaml:"signers"`
	Delegation  *Delegation  `yaml:"delegation"`
	Escalation  []Stage      `yaml:"escalation"`
	Events      []EventKind  `yaml:"events"`
	Rules       []Rule       `yaml:"rules"`
}

// source is one file of a rulebook.
type source struct {
	*place.Source
	name string
	file bookFile
}

// LoadBook reads a profile's calendar.yaml and rules/*.yaml. All faults are given together as Faults, each with file, line,
// column and the mend.
func LoadBook(fsys fs.FS) (*Book, error) {
	data, err := fs.ReadFile(fsys, "calendar.yaml")
	if err != nil {
		return nil, err
	}
	cal, err := calendar.Load("calendar.yaml", data)
	if err != nil {
		return nil, err
	}
	return LoadFolder(fsys, "rules", cal)
}

// LoadFolder reads the rulebook in one folder of a file system, with a calendar that was read before.
func LoadFolder(fsys fs.FS, dir string, cal *calendar.Calendar) (*Book, error) {
	names, err := fs.Glob(fsys, path.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("rulebook %s: no *.yaml in it", dir)
	}
	l := &loader{rules: &Rulebook{byAction: map[string]Permission{}, signers: map[string]Signer{}}, limits: newDeadlines(cal)}
	var sources []*source
	for _, name := range names {
		if path.Base(name) == "calendar.yaml" {
			continue
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		s := &source{name: name}
		var faults Faults
		if s.Source, faults = place.Read(name, data, &s.file); len(faults) > 0 {
			l.faults = append(l.faults, faults...)
			continue
		}
		if v := s.file.Version; v < 1 || v > RulebookVersion {
			l.faults = append(l.faults, s.At(place.Say("version", "have", v, "need", RulebookVersion), "version"))
		}
		sources = append(sources, s)
	}
	l.read(sources)
	if err := l.faults.Or(); err != nil {
		return nil, err
	}
	return &Book{l.rules, l.limits}, nil
}

// Load reads who may do what from a folder of rulebook files.
func Load(fsys fs.FS, dir string) (*Rulebook, error) {
	b, err := LoadFolder(fsys, dir, nil)
	if err != nil {
		return nil, err
	}
	return b.Rules, nil
}

// LoadDeadlines reads a profile's calendar.yaml and the time limits in its rules/*.yaml.
func LoadDeadlines(fsys fs.FS) (*Deadlines, error) {
	b, err := LoadBook(fsys)
	if err != nil {
		return nil, err
	}
	if len(b.Deadlines.rules) == 0 {
		return nil, errors.New("rules: no time limits in it")
	}
	return b.Deadlines, nil
}

// errNowhere asks only for a place.
var errNowhere = errors.New("")

// loader joins the files: what others refer to first.
type loader struct {
	rules  *Rulebook
	limits *Deadlines
	faults Faults
	seen   map[string]string // "signer answer" to FILE:LINE where it stands first
}

func (l *loader) read(sources []*source) {
	l.seen = map[string]string{}
	for _, s := range sources {
		for i := range s.file.Signers {
			l.signer(s, i)
		}
		for i := range s.file.Events {
			l.event(s, i)
		}
		l.delegation(s)
		l.escalation(s)
	}
	for _, s := range sources {
		for i := range s.file.Permissions {
			l.permission(s, i)
		}
		for i := range s.file.Rules {
			l.rule(s, i)
		}
	}
	if len(l.rules.Escalation) == 0 {
		l.rules.Escalation = defaultEscalation
	}
}

// finder gives a function that notes a fault below a path of a source.
func (l *loader) finder(s *source, path ...any) func(error, ...any) {
	return func(err error, below ...any) {
		l.faults = append(l.faults, s.At(err, append(append([]any{}, path...), below...)...))
	}
}

// once says whether a name is new, and notes a fault when it is not.
func (l *loader) once(s *source, what, name string, path ...any) bool {
	f := s.At(errNowhere, path...)
	if first, twice := l.seen[what+" "+name]; twice {
		l.faults = append(l.faults, s.At(place.Say("twice", "what", name, "place", first), path...))
		return false
	}
	l.seen[what+" "+name] = fmt.Sprintf("%s:%d", f.File, f.Line)
	return true
}

func (l *loader) event(s *source, i int) {
	e := s.file.Events[i]
	n := len(l.faults)
	e.check(l.finder(s, "events", i))
	if l.once(s, "event", e.Event, "events", i, "event") && len(l.faults) == n {
		l.limits.events[e.Event] = e
		l.limits.eventList = append(l.limits.eventList, e)
	}
}

func (l *loader) rule(s *source, i int) {
	r := s.file.Rules[i]
	r.File, r.Line = s.name, s.At(errNowhere, "rules", i).Line
	for k := range r.Tests {
		f := s.At(errNowhere, "rules", i, "tests", k)
		r.Tests[k].Line, r.Tests[k].column = f.Line, f.Column
	}
	r.check(l.limits.events, l.finder(s, "rules", i))
	if l.once(s, "rule", fmt.Sprint(r.Rule), "rules", i, "rule") {
		l.limits.add(r)
	}
}

func (l *loader) permission(s *source, i int) {
	p := s.file.Permissions[i]
	p.File, p.Line = s.name, s.At(errNowhere, "permissions", i).Line
	if p.Signs != "" {
		signer, ok := l.rules.signers[p.Signs]
		if !ok || len(p.Allow) > 0 {
			l.finder(s, "permissions", i)(place.Say("signs", "action", p.Action, "signs", p.Signs), "signs")
			return
		}
		p.Allow = signer.By
	}
	if err := p.check(); err != nil {
		l.finder(s, "permissions", i)(err)
		return
	}
	if l.once(s, "action", p.Action, "permissions", i, "action") {
		l.rules.byAction[p.Action] = p
		l.rules.Permissions = append(l.rules.Permissions, p)
	}
}
