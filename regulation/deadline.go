package regulation

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"khue/regulation/calendar"
	"khue/regulation/place"
)

// Deadlines is a checked set of dated time limits with the calendar that counts them. It never changes once it is loaded.
type Deadlines struct {
	cal       *calendar.Calendar
	rules     map[int]Rule
	events    map[string]EventKind
	eventList []EventKind
	byEvent   map[string][]opening // what an event may open, by the rules' numbers
}

func newDeadlines(cal *calendar.Calendar) *Deadlines {
	return &Deadlines{cal: cal, rules: map[int]Rule{}, events: map[string]EventKind{}, byEvent: map[string][]opening{}}
}

func (d *Deadlines) add(r Rule) {
	d.rules[r.Rule] = r
	for _, o := range r.Opens {
		d.byEvent[o.On] = append(d.byEvent[o.On], opening{rule: r, Trigger: o})
		slices.SortStableFunc(d.byEvent[o.On], func(a, b opening) int { return byNumber(a.rule, b.rule) })
	}
}

// Due is a time limit's end and what it rests on.
type Due struct {
	At        time.Time
	Unit      string // a calendar.Unit, or "at once"
	Act       string
	Article   string // with its clause
	Mark      string
	ValidFrom string
	Counted   []calendar.Counted
}

// Rules lists the rules by number.
func (d *Deadlines) Rules() []Rule { return slices.SortedFunc(maps.Values(d.rules), byNumber) }

// Rule gives the rule with a number.
func (d *Deadlines) Rule(n int) (Rule, bool) {
	r, ok := d.rules[n]
	return r, ok
}

// Events lists the kinds of event in the order of the files.
func (d *Deadlines) Events() []EventKind { return slices.Clone(d.eventList) }

// Calendar gives the calendar that counts.
func (d *Deadlines) Calendar() *calendar.Calendar { return d.cal }

// In gives the version of a rule that was in force at a moment.
func (r Rule) In(at time.Time) (RuleVersion, bool) {
	day := calendar.DayOf(at)
	for _, v := range r.Versions {
		if day >= v.from && day < v.to {
			return v, true
		}
	}
	return RuleVersion{}, false
}

// Due gives the end of a rule's limit for a trigger, by the version in force at that moment. Facts that the rule does not ask
// for are ignored; a missing or unknown value of one that it asks for is an error.
func (d *Deadlines) Due(rule int, at time.Time, facts map[string]any) (Due, error) {
	r, ok := d.rules[rule]
	if !ok {
		return Due{}, place.Say("no-rule", "rule", rule)
	}
	given, err := r.Facts.given(facts, r.Default)
	if err != nil {
		return Due{}, err
	}
	v, ok := r.In(at)
	if !ok {
		return Due{}, place.Say("not-in-force", "rule", rule, "day", calendar.DayOf(at))
	}
	l, err := v.limit(given)
	if err != nil {
		return Due{}, err
	}
	due := Due{At: at.In(calendar.Zone), Unit: string(l.unit), Act: v.Act, Article: v.Cite(), Mark: v.Mark, ValidFrom: v.ValidFrom}
	if l.unit != atOnce {
		due.At, due.Counted, err = d.cal.Due(at, l.n, l.unit)
	}
	return due, err
}

// opening is a duty that an event opens: its rule, what ties it to the event, and the facts that its limit asks for.
type opening struct {
	Trigger
	rule  Rule
	facts map[string]any
}

// triggered gives the duties that an event opens, by the rules' numbers. An event that the book does not know opens none, and so
// does a rule without a version in force; an event that does not tell a declared fact is an error.
func (d *Deadlines) triggered(kind string, at time.Time, facts map[string]any) ([]opening, error) {
	e, ok := d.events[kind]
	if !ok {
		return nil, nil
	}
	told, err := e.Facts.given(facts, e.Default)
	if err != nil {
		return nil, fmt.Errorf("event %s: %w", kind, err)
	}
	var list []opening
	for _, o := range d.byEvent[kind] {
		yes, err := o.when.holds(told)
		if err != nil {
			return nil, fmt.Errorf("event %s: rule %d: when: %w", kind, o.rule.Rule, err)
		}
		if _, inForce := o.rule.In(at); !yes || !inForce {
			continue
		}
		o.facts = map[string]any{}
		for name := range o.rule.Facts {
			for _, from := range []map[string]any{o.rule.Default, told, o.With} { // the last that has it wins
				if v, ok := from[name]; ok {
					o.facts[name] = v
				}
			}
		}
		list = append(list, o)
	}
	return list, nil
}

// Opens gives the numbers of the rules whose duties an event opens at a moment.
func (d *Deadlines) Opens(kind string, at time.Time, facts map[string]any) []int {
	list, err := d.triggered(kind, at, facts)
	if err != nil {
		return nil
	}
	var rules []int
	for _, o := range list {
		rules = append(rules, o.rule.Rule)
	}
	return rules
}

// TestResult is what one example of the rulebook gave.
type TestResult struct {
	Rule int
	Test RuleTest
	Got  string // the end, or why there is none
	OK   bool
}

// Results runs the examples of one rule.
func (d *Deadlines) Results(rule int) []TestResult {
	var list []TestResult
	for _, t := range d.rules[rule].Tests {
		got := d.try(rule, t)
		list = append(list, TestResult{rule, t, got, got == t.Due})
	}
	return list
}

func (d *Deadlines) try(rule int, t RuleTest) string {
	at, err := time.Parse(time.RFC3339, t.At)
	if err != nil {
		return err.Error()
	}
	facts := t.Facts
	if t.On != "" {
		list, err := d.triggered(t.On, at, t.Facts)
		if err != nil {
			return err.Error()
		}
		i := slices.IndexFunc(list, func(o opening) bool { return o.rule.Rule == rule })
		if i < 0 {
			return "none"
		}
		facts = list[i].facts
	}
	due, err := d.Due(rule, at, facts)
	if err != nil {
		return err.Error()
	}
	return due.At.Format(time.RFC3339)
}

// Check runs the examples in the rulebook; every one that fails is named with its place. It gives how many ran.
func (d *Deadlines) Check() (int, error) {
	n := 0
	var faults Faults
	for _, r := range d.Rules() {
		for _, t := range d.Results(r.Rule) {
			n++
			if t.OK {
				continue
			}
			given := t.Test.At
			if len(t.Test.Facts) > 0 {
				given += " (" + factText(t.Test.Facts) + ")"
			}
			faults = append(faults, &Fault{File: r.File, Line: t.Test.Line, Column: t.Test.column, Said: place.Said{Code: "test", Args: []any{"rule", r.Rule, "given", given, "due", t.Test.Due, "got", t.Got}}})
		}
	}
	return n, faults.Or()
}
