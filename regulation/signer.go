package regulation

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"khue/problem"
)

// Signer says who may sign (ký, duyệt) one kind of what leaves an office.
type Signer struct {
	Signs  string   `yaml:"signs"` // "answer", "evidence", "release", "verdict"
	By     []string `yaml:"by"`    // as allow of a permission
	Vi     string   `yaml:"vi"`
	En     string   `yaml:"en"`
	Source string   `yaml:"source"`
}

// Delegation is how a post may be given to a stand-in (ủy quyền).
type Delegation struct {
	Roles   []Role   `yaml:"roles"`   // the posts that may be given
	Written bool     `yaml:"written"` // a paper is needed
	OneThat bool     `yaml:"one-matter"`
	MaxDays int      `yaml:"max-days"` // until the end at the most
	PassOn  bool     `yaml:"pass-on"`  // whether a stand-in may give it on
	Never   []string `yaml:"never"`    // acts that no stand-in does
	Vi      string   `yaml:"vi"`
	En      string   `yaml:"en"`
	Source  string   `yaml:"source"`
}

// Signers lists who may sign what, in the order of the files.
func (b *Rulebook) Signers() []Signer { return slices.Clone(b.signerList) }

// Delegation gives how a post may be given to a stand-in; nil when the rulebook allows none.
func (b *Rulebook) Delegation() *Delegation { return b.delegation }

// MayDelegate says whether a post may be given to a stand-in: nil, or a problem about a field (role, matter, until, paper). paper
// is the document in which it is written: its number or a file's id. The giver must hold the post in person.
func (b *Rulebook) MayDelegate(giver Actor, s StandIn, paper string, now time.Time) error {
	g := b.delegation
	if g == nil || !slices.Contains(g.Roles, s.Role) {
		return problem.Of("role", problem.Forbidden, "role", "@role.nobody")
	}
	if !giver.Has(s.Role, s.Office) && !g.PassOn {
		return problem.Of("role", problem.Forbidden, "role", "@role."+string(s.Role))
	}
	var l problem.List
	if g.OneThat && strings.TrimSpace(s.Matter) == "" {
		l.Add("matter", problem.Required)
	}
	if g.Written && strings.TrimSpace(paper) == "" {
		l.Add("paper", problem.Required)
	}
	switch {
	case s.Until.IsZero():
		l.Add("until", problem.Required)
	case !s.Until.After(now):
		l.Add("until", problem.Past)
	case g.MaxDays > 0 && s.Until.After(now.AddDate(0, 0, g.MaxDays)):
		l.Add("until", problem.Invalid, "why", fmt.Sprint(g.MaxDays))
	}
	return l.Or()
}

func (l *loader) signer(s *source, i int) {
	g := s.file.Signers[i]
	found := l.finder(s, "signers", i)
	if g.Signs == "" || g.Vi == "" || g.En == "" || g.Source == "" || len(g.By) == 0 {
		found(errors.New("signs, by, vi, en and source are needed"))
	}
	for k, who := range g.By {
		if err := checkWho(who); err != nil {
			found(fmt.Errorf("signs %s: %w", g.Signs, err), "by", k)
		}
	}
	if l.once(s, "signer of", g.Signs, "signers", i, "signs") {
		l.rules.signers[g.Signs] = g
		l.rules.signerList = append(l.rules.signerList, g)
	}
}

func (l *loader) delegation(s *source) {
	g := s.file.Delegation
	if g == nil {
		return
	}
	found := l.finder(s, "delegation")
	if g.Vi == "" || g.En == "" || g.Source == "" || len(g.Roles) == 0 {
		found(errors.New("roles, vi, en and source are needed"))
	}
	for k, r := range g.Roles {
		if !r.Valid() {
			found(fmt.Errorf("role %q; write one of %s", r, roleList()), "roles", k)
		}
	}
	if g.MaxDays < 0 || g.MaxDays > 3660 {
		found(fmt.Errorf("max-days is %d; write 1 to 3660, or leave it out", g.MaxDays), "max-days")
	}
	if l.once(s, "delegation", "itself", "delegation") {
		l.rules.delegation = g
	}
}

func (l *loader) escalation(s *source) {
	if len(s.file.Escalation) == 0 {
		return
	}
	for i, g := range s.file.Escalation {
		found := l.finder(s, "escalation", i)
		if g.ID == "" || len(g.To) == 0 {
			found(errors.New("id, at and to are needed"))
		}
		if g.At < 1 || g.At > 100 || (i > 0 && g.At <= s.file.Escalation[i-1].At) {
			found(fmt.Errorf("at is %d; write per cent of the limit, 1 to 100, each later than the one above", g.At), "at")
		}
		for k, who := range g.To {
			if who != "holder" && !Role(who).Valid() {
				found(fmt.Errorf("to %q; write holder or a role (%s)", who, roleList()), "to", k)
			}
		}
	}
	if l.once(s, "escalation", "itself", "escalation") {
		l.rules.Escalation = s.file.Escalation
	}
}
