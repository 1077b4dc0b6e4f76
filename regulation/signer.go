package regulation

import (
	"slices"
	"strings"
	"time"

	"khue/problem"
	"khue/regulation/place"
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
		l.Add("until", problem.Invalid, "why", "@regulation.why.long")
	}
	return l.Or()
}

func (l *loader) signer(s *source, i int) {
	g := s.file.Signers[i]
	found := l.finder(s, "signers", i)
	if g.Signs == "" || g.Vi == "" || g.En == "" || g.Source == "" || len(g.By) == 0 {
		found(place.Say("needed", "keys", "signs, by, vi, en, source"))
	}
	for k, who := range g.By {
		if err := checkWho(who); err != nil {
			found(err, "by", k)
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
		found(place.Say("needed", "keys", "roles, vi, en, source"))
	}
	for k, r := range g.Roles {
		if !r.Valid() {
			found(place.Say("who", "who", r, "roles", roleList()), "roles", k)
		}
	}
	if g.MaxDays < 0 || g.MaxDays > 3660 {
		found(place.Say("max-days", "days", g.MaxDays), "max-days")
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
			found(place.Say("needed", "keys", "id, at, to"))
		}
		if g.At < 1 || g.At > 100 || (i > 0 && g.At <= s.file.Escalation[i-1].At) {
			found(place.Say("stage", "percent", g.At), "at")
		}
		for k, who := range g.To {
			if who != "holder" && !Role(who).Valid() {
				found(place.Say("stage-who", "who", who, "roles", roleList()), "to", k)
			}
		}
	}
	if l.once(s, "escalation", "itself", "escalation") {
		l.rules.Escalation = s.file.Escalation
	}
}
