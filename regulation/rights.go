package regulation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"khue/problem"
	"khue/regulation/place"
)

// Rulebook is a checked set of rules. It never changes once it is loaded.
type Rulebook struct {
	Permissions []Permission // in the order of the files
	Escalation  []Stage      // by their share of the limit
	byAction    map[string]Permission
	signers     map[string]Signer
	signerList  []Signer
	delegation  *Delegation
}

// Permission says who may do one act.
type Permission struct {
	Action     string   `yaml:"action"`
	Allow      []string `yaml:"allow"`       // "role" at any office, "role@own" at the thing's office, "anyone", "signed-in", "author", "system"
	Signs      string   `yaml:"signs"`       // instead of allow: whoever may sign this, by the signers
	NotAuthor  bool     `yaml:"not-author"`  // who made the thing may not
	NotDrafter bool     `yaml:"not-drafter"` // who wrote the version at hand may not
	Vi         string   `yaml:"vi"`
	En         string   `yaml:"en"`
	Source     string   `yaml:"source"` // act and article, or "D" for our own default
	File       string   `yaml:"-"`
	Line       int      `yaml:"-"`
}

func (p Permission) check() error {
	room, verb, ok := strings.Cut(p.Action, ".")
	if !ok || room == "" || verb == "" {
		return place.Say("action", "action", p.Action)
	}
	if len(p.Allow) == 0 {
		return place.Say("nobody", "action", p.Action)
	}
	for _, who := range p.Allow {
		if err := checkWho(who); err != nil {
			return err
		}
	}
	if p.Vi == "" || p.En == "" || p.Source == "" {
		return place.Say("needed", "keys", "vi, en, source")
	}
	return nil
}

// checkWho holds one entry of allow.
func checkWho(who string) error {
	role, scope, scoped := strings.Cut(who, "@")
	if slices.Contains([]string{"anyone", "signed-in", "author", "system"}, who) || (Role(role).Valid() && (!scoped || scope == "own")) {
		return nil
	}
	return place.Say("who", "who", who, "roles", roleList())
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
	if b.delegation == nil || slices.Contains(b.delegation.Never, action) {
		a.StandsIn = nil
	}
	allowed := false
	for _, who := range p.Allow {
		if a.matches(who, t, now, b.delegation) {
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
func (a Actor) matches(who string, t Thing, now time.Time, g *Delegation) bool {
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
		if slices.Contains(g.Roles, s.Role) && s.Role == Role(role) && s.Matter == t.Ref() && now.Before(s.Until) && (!own || s.Office == t.Office) {
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
