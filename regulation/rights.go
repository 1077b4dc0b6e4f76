package regulation

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"khue/problem"
)

// RulebookVersion is the newest form of a rulebook file that this program reads.
const RulebookVersion = 1

// Rulebook is a checked set of rules. It never changes once it is loaded.
type Rulebook struct {
	Permissions []Permission // in the order of the files
	Escalation  []Stage      // by their share of the limit
	byAction    map[string]Permission
}

// Permission says who may do one act.
type Permission struct {
	Action     string   `yaml:"action"`
	Allow      []string `yaml:"allow"`       // "role" at any office, "role@own" at the thing's office, "anyone", "signed-in", "author", "system"
	NotAuthor  bool     `yaml:"not-author"`  // who made the thing may not
	NotDrafter bool     `yaml:"not-drafter"` // who wrote the version at hand may not
	Vi         string   `yaml:"vi"`
	En         string   `yaml:"en"`
	Source     string   `yaml:"source"` // act and article, or "D" for our own default
	File       string   `yaml:"-"`
	Line       int      `yaml:"-"`
}

type permissionFile struct {
	Version     int          `yaml:"version"`
	Permissions []Permission `yaml:"permissions"`
}

// Load reads every *.yaml below a folder. Each fault names file, line and column, and how to mend it; all faults are joined.
func Load(fsys fs.FS, dir string) (*Rulebook, error) {
	names, err := fs.Glob(fsys, path.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("rulebook %s: no *.yaml in it", dir)
	}
	b := &Rulebook{byAction: map[string]Permission{}, Escalation: defaultEscalation}
	var faults []error
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		faults = append(faults, b.read(name, data))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return b, nil
}

func (b *Rulebook) read(name string, data []byte) error {
	var file permissionFile
	if err := yaml.UnmarshalWithOptions(data, &file, yaml.Strict()); err != nil {
		return fmt.Errorf("%s:%s", name, inWords(err))
	}
	if file.Version < 1 || file.Version > RulebookVersion {
		return fmt.Errorf("%s:1:1: version is %d; write version: %d", name, file.Version, RulebookVersion)
	}
	lines := actionLines(data)
	var faults []error
	for i, p := range file.Permissions {
		p.File = name
		if i < len(lines) {
			p.Line = lines[i]
		}
		if err := b.add(p); err != nil {
			faults = append(faults, fmt.Errorf("%s:%d: %w", name, p.Line, err))
		}
	}
	return errors.Join(faults...)
}

// inWords makes the library's error one line that begins with line and column.
func inWords(err error) string {
	var y yaml.Error
	if errors.As(err, &y) && y.GetToken() != nil && y.GetToken().Position != nil {
		pos := y.GetToken().Position
		msg := y.GetMessage()
		if strings.Contains(msg, "unknown field") {
			msg += "; mend: check the spelling, or take the line out"
		}
		return fmt.Sprintf("%d:%d: %s", pos.Line, pos.Column, msg)
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return "1:1: " + first
}

// actionLines gives the line of each item of permissions.
func actionLines(data []byte) []int {
	f, err := parser.ParseBytes(data, 0)
	if err != nil || len(f.Docs) == 0 {
		return nil
	}
	p, err := yaml.PathString("$.permissions")
	if err != nil {
		return nil
	}
	node, err := p.FilterNode(f.Docs[0].Body)
	if err != nil {
		return nil
	}
	seq, ok := node.(*ast.SequenceNode)
	if !ok {
		return nil
	}
	var lines []int
	for _, v := range seq.Values {
		lines = append(lines, v.GetToken().Position.Line)
	}
	return lines
}

func (b *Rulebook) add(p Permission) error {
	room, verb, ok := strings.Cut(p.Action, ".")
	if !ok || room == "" || verb == "" {
		return fmt.Errorf("action %q; write room.verb, such as release.approve", p.Action)
	}
	if old, twice := b.byAction[p.Action]; twice {
		return fmt.Errorf("action %s stands already at %s:%d; take one out", p.Action, old.File, old.Line)
	}
	if len(p.Allow) == 0 {
		return fmt.Errorf("action %s allows nobody; add allow: [role, …]", p.Action)
	}
	for _, a := range p.Allow {
		role, scope, scoped := strings.Cut(a, "@")
		if slices.Contains([]string{"anyone", "signed-in", "author", "system"}, a) {
			continue
		}
		if !Role(role).Valid() || (scoped && scope != "own") {
			return fmt.Errorf("action %s: %q is nobody; write a role (%s), role@own, anyone, signed-in, author or system", p.Action, a, roleList())
		}
	}
	if p.Vi == "" || p.En == "" || p.Source == "" {
		return fmt.Errorf("action %s: vi, en and source are needed", p.Action)
	}
	b.byAction[p.Action] = p
	b.Permissions = append(b.Permissions, p)
	return nil
}

func roleList() string {
	names := make([]string, len(Roles))
	for i, r := range Roles {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}

// Can says whether the actor may do the act on the thing: nil, or a problem (forbidden, same-person, session) in the reader's
// words. An act that the rulebook does not know is refused.
func (b *Rulebook) Can(a Actor, action string, t Thing, now time.Time) error {
	p, ok := b.byAction[action]
	if !ok {
		return problem.Wrap(fmt.Errorf("action %q is not in the rulebook", action), problem.Forbidden, "role", "@role.nobody")
	}
	allowed := false
	for _, who := range p.Allow {
		if a.matches(who, t, now) {
			allowed = true
			break
		}
	}
	if !allowed {
		if a.Kind == Visitor {
			return problem.New(problem.Session)
		}
		return problem.New(problem.Forbidden, "role", "@role."+p.firstRole())
	}
	if a.Kind == Person && ((p.NotAuthor && a.ID == t.Author) || (p.NotDrafter && a.ID == t.Drafter)) {
		return problem.New(problem.SamePerson)
	}
	return nil
}

// matches holds the actor's own posts and the stand-ins that are running for this very matter against one entry of allow.
func (a Actor) matches(who string, t Thing, now time.Time) bool {
	switch who {
	case "anyone":
		return true
	case "signed-in":
		return a.Kind == Person
	case "system":
		return a.Kind == System
	case "author":
		return a.Kind == Person && a.ID == t.Author
	}
	role, _, own := strings.Cut(who, "@")
	for _, post := range a.Posts {
		if post.Role == Role(role) && (!own || post.Office == t.Office) {
			return true
		}
	}
	for _, s := range a.StandsIn {
		if s.Role == Role(role) && s.Matter == t.Ref() && now.Before(s.Until) && (!own || s.Office == t.Office) {
			return true
		}
	}
	return false
}

// firstRole names whom the act needs, for the sentence.
func (p Permission) firstRole() string {
	for _, a := range p.Allow {
		role, _, _ := strings.Cut(a, "@")
		if Role(role).Valid() {
			return role
		}
	}
	return "nobody"
}
