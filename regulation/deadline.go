package regulation

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"khue/regulation/calendar"
)

// Deadlines is a checked set of dated time limits with the calendar that counts them. It never changes once it is loaded.
type Deadlines struct {
	cal   *calendar.Calendar
	rules map[int]Rule
}

// Rule is one numbered time limit (quy định) with its versions.
type Rule struct {
	Rule     int              `yaml:"rule"`
	Vi       string           `yaml:"vi"`
	En       string           `yaml:"en"`
	Facts    map[string][]any `yaml:"facts"`   // each fact's allowed values
	Default  map[string]any   `yaml:"default"` // what a fact is that was not given
	On       []string         `yaml:"on"`      // kinds of event that open the duty
	When     string           `yaml:"when"`    // CEL over the facts: for which events
	Duty     string           `yaml:"duty"`    // the duty's kind
	Office   string           `yaml:"office"`  // who owes it, "" for the event's office
	Versions []RuleVersion    `yaml:"versions"`
	Tests    []RuleTest       `yaml:"tests"`

	when condition
}

// RuleVersion is a rule as it held in a time, with the article that it rests on.
type RuleVersion struct {
	ValidFrom string  `yaml:"valid_from"`
	ValidTo   string  `yaml:"valid_to"` // the first day on which it no longer holds, "" when it still does
	Act       string  `yaml:"act"`
	Article   string  `yaml:"article"`
	Mark      string  `yaml:"mark"` // "law" (luật định) or "own" (hạn tự đặt)
	Checked   bool    `yaml:"checked"`
	Limits    []Limit `yaml:"limits"` // the first that fits counts

	from, to calendar.Day
}

// Limit is a time and the facts for which it holds.
type Limit struct {
	When map[string]any `yaml:"when"`
	In   string         `yaml:"in"` // "24 hours", "15 working days", "30 days", "1 months", "at once"

	n    int
	unit calendar.Unit
}

// RuleTest is an example in the rulebook: given, then due.
type RuleTest struct {
	At    string         `yaml:"at"`
	Facts map[string]any `yaml:"facts"`
	Due   string         `yaml:"due"`
}

// Due is a time limit's end and what it rests on.
type Due struct {
	At        time.Time
	Unit      string // a calendar.Unit, or "at once"
	Act       string
	Article   string
	Mark      string
	ValidFrom string
	Counted   []calendar.Counted
}

// LoadDeadlines reads a profile's calendar.yaml and every deadlines/*.yaml. Each fault names its file, the line where the form is
// broken, or the rule, and the mend; all are joined.
func LoadDeadlines(fsys fs.FS) (*Deadlines, error) {
	data, err := fs.ReadFile(fsys, "calendar.yaml")
	if err != nil {
		return nil, err
	}
	cal, err := calendar.Load("calendar.yaml", data)
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(fsys, path.Join("deadlines", "*.yaml"))
	if err != nil || len(names) == 0 {
		return nil, errors.Join(err, errors.New("deadlines: no *.yaml in it"))
	}
	d := &Deadlines{cal: cal, rules: map[int]Rule{}}
	var faults []error
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		var f struct {
			Version int    `yaml:"version"`
			Rules   []Rule `yaml:"rules"`
		}
		if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
			faults = append(faults, fmt.Errorf("%s:%s", name, inWords(err)))
			continue
		}
		if f.Version != RulebookVersion {
			faults = append(faults, fmt.Errorf("%s:1:1: version is %d; write version: %d", name, f.Version, RulebookVersion))
		}
		for _, r := range f.Rules {
			if err := d.add(r); err != nil {
				faults = append(faults, fmt.Errorf("%s: rule %d: %w", name, r.Rule, err))
			}
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return d, nil
}

func (d *Deadlines) add(r Rule) error {
	if _, twice := d.rules[r.Rule]; twice || r.Rule < 1 {
		return errors.New("its number is taken or below 1; give another")
	}
	if r.Vi == "" || r.En == "" || len(r.Versions) == 0 {
		return errors.New("vi, en and versions are needed")
	}
	for i := range r.Versions {
		if err := r.Versions[i].check(r.Facts); err != nil {
			return err
		}
	}
	if (len(r.On) == 0) != (r.Duty == "") {
		return errors.New("on and duty stand together: which event opens a duty of which kind")
	}
	var err error
	if r.when, err = compile(r.When, r.Facts); err != nil {
		return fmt.Errorf("when: %w", err)
	}
	d.rules[r.Rule] = r
	return nil
}

// triggered gives the rules whose duties an event opens, by number.
func (d *Deadlines) triggered(e Event) ([]Rule, error) {
	var list []Rule
	for _, n := range slices.Sorted(maps.Keys(d.rules)) {
		r := d.rules[n]
		if !slices.Contains(r.On, e.Kind) {
			continue
		}
		given, err := r.given(e.Facts)
		if err != nil {
			return nil, fmt.Errorf("event %s: %w", e.Kind, err)
		}
		yes, err := r.when.holds(given)
		if err != nil {
			return nil, fmt.Errorf("event %s: rule %d: when: %w", e.Kind, n, err)
		}
		if yes {
			list = append(list, r)
		}
	}
	return list, nil
}

// given takes the facts that the rule asks for, with what it takes for those not given.
func (r Rule) given(facts map[string]any) (map[string]any, error) {
	given := map[string]any{}
	for name, values := range r.Facts {
		v, ok := facts[name]
		if !ok {
			v = r.Default[name]
		}
		switch v.(type) {
		case string, bool:
		default:
			return nil, fmt.Errorf("facts.%s: rule %d needs one of %v", name, r.Rule, values)
		}
		if !slices.Contains(values, v) {
			return nil, fmt.Errorf("facts.%s is %v; rule %d needs one of %v", name, v, r.Rule, values)
		}
		given[name] = v
	}
	return given, nil
}

func (v *RuleVersion) check(facts map[string][]any) (err error) {
	if v.from, err = calendar.Parse(v.ValidFrom); err != nil {
		return fmt.Errorf("valid_from: %w", err)
	}
	v.to = 1 << 30
	if v.ValidTo != "" {
		if v.to, err = calendar.Parse(v.ValidTo); err != nil {
			return fmt.Errorf("valid_to: %w", err)
		}
	}
	if v.Act == "" || v.Article == "" || (v.Mark != "law" && v.Mark != "own") || len(v.Limits) == 0 {
		return errors.New("act, article, limits and mark: law or own are needed")
	}
	for i := range v.Limits {
		l := &v.Limits[i]
		for name, value := range l.When {
			if !slices.Contains(facts[name], value) {
				return fmt.Errorf("when %s is %v; facts allows %v", name, value, facts[name])
			}
		}
		if l.In == "at once" {
			l.unit = "at once"
			continue
		}
		n, unit, _ := strings.Cut(l.In, " ")
		l.unit = calendar.Unit(unit)
		if l.n, err = strconv.Atoi(n); err != nil || l.n < 1 || l.n > 1000 ||
			!slices.Contains([]calendar.Unit{calendar.Hours, calendar.Days, calendar.WorkingDays, calendar.Months}, l.unit) {
			return fmt.Errorf("in: %q has no number or no unit; write such as 24 hours, 30 days, 15 working days, 1 months or at once", l.In)
		}
	}
	return nil
}

// Due gives the end of a rule's limit for a trigger, by the version in force at that moment. Facts that the rule does not ask
// for are ignored; a missing or unknown value of one that it asks for is an error.
func (d *Deadlines) Due(rule int, at time.Time, facts map[string]any) (Due, error) {
	r, ok := d.rules[rule]
	if !ok {
		return Due{}, fmt.Errorf("rule %d is not in the rulebook", rule)
	}
	given, err := r.given(facts)
	if err != nil {
		return Due{}, err
	}
	day := calendar.DayOf(at)
	for _, v := range r.Versions {
		if day < v.from || day >= v.to {
			continue
		}
		for _, l := range v.Limits {
			if !l.fits(given) {
				continue
			}
			due := Due{At: at.In(calendar.Zone), Unit: string(l.unit), Act: v.Act, Article: v.Article, Mark: v.Mark, ValidFrom: v.ValidFrom}
			if l.unit != "at once" {
				due.At, due.Counted, err = d.cal.Due(at, l.n, l.unit)
			}
			return due, err
		}
	}
	return Due{}, fmt.Errorf("rule %d has no version in force on %s for these facts", rule, day)
}

func (l Limit) fits(facts map[string]any) bool {
	for name, v := range l.When {
		if facts[name] != v {
			return false
		}
	}
	return true
}

// Check runs the examples in the rulebook; every one that fails is named, all joined. It gives how many ran.
func (d *Deadlines) Check() (int, error) {
	n := 0
	var faults []error
	for _, r := range d.rules {
		for _, t := range r.Tests {
			n++
			at, err := time.Parse(time.RFC3339, t.At)
			if err != nil {
				faults = append(faults, fmt.Errorf("rule %d: given %q is not a moment; write 2026-07-01T08:00:00+07:00", r.Rule, t.At))
				continue
			}
			got, err := d.Due(r.Rule, at, t.Facts)
			if s := got.At.Format(time.RFC3339); err != nil || s != t.Due {
				faults = append(faults, errors.Join(fmt.Errorf("rule %d: given %s then due %s, but it is %s", r.Rule, t.At, t.Due, s), err))
			}
		}
	}
	return n, errors.Join(faults...)
}
