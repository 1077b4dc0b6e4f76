package regulation

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"khue/regulation/calendar"
	"khue/regulation/place"
)

// Words is one text in both languages.
type Words struct {
	Vi string `yaml:"vi"`
	En string `yaml:"en"`
}

// Facts is the facts that are declared, each with the values that it may have: [true, false], or words.
type Facts map[string][]any

// EventKind is a fact of the rooms that may open duties.
type EventKind struct {
	Event   string         `yaml:"event"` // "claim.opened"
	Vi      string         `yaml:"vi"`
	En      string         `yaml:"en"`
	Facts   Facts          `yaml:"facts"`   // what the event tells
	Default map[string]any `yaml:"default"` // what a fact is that was not told
}

// Rule is one numbered time limit (quy định) with its versions. Numbers below 100 are those of the law's table, from 101 the
// centre's own.
type Rule struct {
	Rule     int            `yaml:"rule"`
	Vi       string         `yaml:"vi"`
	En       string         `yaml:"en"`
	Who      Words          `yaml:"who"`     // who owes it
	From     Words          `yaml:"from"`    // the moment from which it is counted
	Facts    Facts          `yaml:"facts"`   // what the limits depend on
	Default  map[string]any `yaml:"default"` // what a fact is that was not given
	Pauses   bool           `yaml:"pauses"`  // its clock stands while the office waits for the asker
	Opens    []Trigger      `yaml:"opens"`   // which events open a duty
	Versions []RuleVersion  `yaml:"versions"`
	Tests    []RuleTest     `yaml:"tests"`
	File     string         `yaml:"-"`
	Line     int            `yaml:"-"`
}

// Trigger ties a rule to a kind of event: such an event opens a duty.
type Trigger struct {
	On     string         `yaml:"on"`     // the event's kind
	When   string         `yaml:"when"`   // CEL over the event's facts: for which of them, "" for all
	With   map[string]any `yaml:"with"`   // facts of the rule that the event fixes
	Duty   string         `yaml:"duty"`   // the duty's kind
	Office string         `yaml:"office"` // who owes it, "" for the event's office

	when condition
}

// RuleVersion is a rule as it held in a time, with the article that it rests on.
type RuleVersion struct {
	ValidFrom string  `yaml:"valid_from"`
	ValidTo   string  `yaml:"valid_to"` // the first day on which it no longer holds, "" when it still does
	Act       string  `yaml:"act"`
	Article   string  `yaml:"article"`
	Clause    string  `yaml:"clause"`
	Mark      string  `yaml:"mark"`    // "law" (luật định) or "own" (hạn tự đặt)
	Checked   bool    `yaml:"checked"` // a lawyer has held it against the gazette
	Note      Words   `yaml:"note"`
	Limits    []Limit `yaml:"limits"` // the first that fits counts

	from, to calendar.Day
}

// Cite gives article and clause as one text.
func (v RuleVersion) Cite() string { return strings.TrimSpace(v.Article + " " + v.Clause) }

// Limit is a time and the facts for which it holds.
type Limit struct {
	When string `yaml:"when"` // CEL over the rule's facts, "" for all others
	In   string `yaml:"in"`   // "24 hours", "15 working days", "30 days", "1 months", "at once"

	n    int
	unit calendar.Unit
	when condition
}

// Count gives the number and unit of the limit; the unit is "at once" for none.
func (l Limit) Count() (int, string) { return l.n, string(l.unit) }

// RuleTest is an example in the rulebook: given, then due. With On it is an event, and Due "none" says that it opens nothing.
type RuleTest struct {
	On    string         `yaml:"on"`
	At    string         `yaml:"at"`
	Facts map[string]any `yaml:"facts"`
	Due   string         `yaml:"due"`
	Line  int            `yaml:"-"`

	column int
}

const atOnce calendar.Unit = "at once"

// check holds an event's declaration; found tells each fault with the path below the event.
func (e *EventKind) check(found func(error, ...any)) {
	if room, verb, ok := strings.Cut(e.Event, "."); !ok || room == "" || verb == "" {
		found(place.Say("event", "event", e.Event), "event")
	}
	if e.Vi == "" || e.En == "" {
		found(place.Say("needed", "keys", "vi, en"))
	}
	e.Facts.check(found)
	checkDefaults(e.Default, e.Facts, found)
}

func (f Facts) check(found func(error, ...any)) {
	for _, name := range slices.Sorted(maps.Keys(f)) {
		values := f[name]
		for _, v := range values {
			switch v.(type) {
			case string, bool:
				if fmt.Sprintf("%T", v) == fmt.Sprintf("%T", values[0]) {
					continue
				}
			}
			found(place.Say("fact-kind", "fact", name, "value", v), "facts", name)
		}
		if len(values) < 2 {
			found(place.Say("fact-few", "fact", name), "facts", name)
		}
	}
}

func checkDefaults(d map[string]any, facts Facts, found func(error, ...any)) {
	for _, name := range slices.Sorted(maps.Keys(d)) {
		if !hasValue(facts[name], d[name]) {
			found(place.Say("fact-value", "fact", name, "value", d[name], "allowed", valueList(facts[name])), "default", name)
		}
	}
}

// hasValue compares without panicking on what cannot be compared.
func hasValue(values []any, v any) bool {
	switch v.(type) {
	case string, bool:
		return slices.Contains(values, v)
	}
	return false
}

// check holds a rule; found tells each fault with the path below the rule.
func (r *Rule) check(events map[string]EventKind, found func(error, ...any)) {
	if r.Rule < 1 {
		found(place.Say("number", "rule", r.Rule), "rule")
	}
	if r.Vi == "" || r.En == "" || len(r.Versions) == 0 {
		found(place.Say("needed", "keys", "vi, en, versions"))
	}
	for _, w := range []struct {
		name string
		Words
	}{{"who", r.Who}, {"from", r.From}} {
		if (w.Vi == "") != (w.En == "") {
			found(place.Say("needed", "keys", "vi, en"), w.name)
		}
	}
	before := 0
	count := func(err error, path ...any) { before++; found(err, path...) }
	r.Facts.check(count)
	checkDefaults(r.Default, r.Facts, count)
	if before > 0 {
		return // conditions over broken facts would only repeat it
	}
	for i := range r.Opens {
		r.Opens[i].check(r, events, func(err error, path ...any) { found(err, append([]any{"opens", i}, path...)...) })
	}
	for i := range r.Versions {
		below := func(err error, path ...any) { found(err, append([]any{"versions", i}, path...)...) }
		r.Versions[i].check(r.Facts, below)
		if i > 0 && r.Versions[i].from < r.Versions[i-1].to {
			below(place.Say("overlap", "from", r.Versions[i].ValidFrom), "valid_from")
		}
	}
	for i, t := range r.Tests {
		if err := t.check(r); err != nil {
			found(err, "tests", i)
		}
	}
}

func (t RuleTest) check(r *Rule) error {
	if _, err := time.Parse(time.RFC3339, t.At); err != nil {
		return place.Say("moment", "text", t.At)
	}
	if _, err := time.Parse(time.RFC3339, t.Due); err != nil && t.Due != "none" {
		return place.Say("moment", "text", t.Due)
	}
	if (t.On != "" || t.Due == "none") && !slices.ContainsFunc(r.Opens, func(o Trigger) bool { return o.On == t.On }) {
		return place.Say("test-event", "event", t.On)
	}
	return nil
}

// check holds a trigger of a rule.
func (o *Trigger) check(r *Rule, events map[string]EventKind, found func(error, ...any)) {
	if o.Duty == "" {
		found(place.Say("needed", "keys", "duty"))
	}
	e, ok := events[o.On]
	if !ok {
		found(place.Say("no-event", "event", o.On, "events", strings.Join(slices.Sorted(maps.Keys(events)), ", ")), "on")
		return
	}
	for _, name := range slices.Sorted(maps.Keys(o.With)) {
		if !hasValue(r.Facts[name], o.With[name]) {
			found(place.Say("fact-value", "fact", name, "value", o.With[name], "allowed", valueList(r.Facts[name])), "with", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Facts)) {
		_, fixed := o.With[name]
		_, byDefault := r.Default[name]
		values, told := e.Facts[name]
		if !fixed && ((told && !subset(values, r.Facts[name])) || (!told && !byDefault)) {
			found(place.Say("untold", "fact", name, "event", o.On), "on")
		}
	}
	var err error
	if o.when, err = compile(o.When, e.Facts); err != nil {
		found(err, "when")
	}
}

func subset(a, b []any) bool {
	return !slices.ContainsFunc(a, func(v any) bool { return !slices.Contains(b, v) })
}

func (v *RuleVersion) check(facts Facts, found func(error, ...any)) {
	var err error
	if v.from, err = calendar.Parse(v.ValidFrom); err != nil {
		found(err, "valid_from")
	}
	v.to = 1 << 30
	if v.ValidTo != "" {
		if v.to, err = calendar.Parse(v.ValidTo); err != nil {
			found(err, "valid_to")
		} else if v.to <= v.from {
			found(place.Say("valid-order", "from", v.ValidFrom, "to", v.ValidTo), "valid_to")
		}
	}
	if v.Act == "" || v.Article == "" || len(v.Limits) == 0 {
		found(place.Say("needed", "keys", "act, article, limits"))
	}
	if v.Mark != "law" && v.Mark != "own" {
		found(place.Say("mark", "mark", v.Mark), "mark")
	}
	faults := 0
	for i := range v.Limits {
		v.Limits[i].check(facts, func(err error, path ...any) { faults++; found(err, append([]any{"limits", i}, path...)...) })
	}
	if faults == 0 && len(v.Limits) > 0 {
		if err := v.covers(facts); err != nil {
			found(err, "limits")
		}
	}
}

func (l *Limit) check(facts Facts, found func(error, ...any)) {
	var err error
	if l.when, err = compile(l.When, facts); err != nil {
		found(err, "when")
	}
	if l.In == string(atOnce) {
		l.unit = atOnce
		return
	}
	n, unit, _ := strings.Cut(l.In, " ")
	l.unit = calendar.Unit(unit)
	if l.n, err = strconv.Atoi(n); err != nil || l.n < 1 || l.n > 1000 ||
		!slices.Contains([]calendar.Unit{calendar.Hours, calendar.Days, calendar.WorkingDays, calendar.Months}, l.unit) {
		found(place.Say("unit", "text", l.In), "in")
	}
}

// covers says which facts no limit fits: a rule must give an end for all that its facts can be.
func (v *RuleVersion) covers(facts Facts) error {
	for given := range combinations(facts) {
		if _, err := v.limit(given); err != nil {
			return err
		}
	}
	return nil
}

func (v *RuleVersion) limit(given map[string]any) (Limit, error) {
	i, err := v.first(given)
	if err != nil {
		return Limit{}, err
	}
	return v.Limits[i], nil
}

// first gives the place of the first limit that fits.
func (v *RuleVersion) first(given map[string]any) (int, error) {
	for i, l := range v.Limits {
		yes, err := l.when.holds(given)
		if err != nil {
			return 0, err
		}
		if yes {
			return i, nil
		}
	}
	return 0, place.Say("no-limit", "facts", factText(given))
}

// combinations walks through all that the facts can be, at most 4096 of them.
func combinations(facts Facts) func(func(map[string]any) bool) {
	names := slices.Sorted(maps.Keys(facts))
	return func(yield func(map[string]any) bool) {
		for n := range 4096 {
			given := map[string]any{}
			for _, name := range names {
				values := facts[name]
				given[name] = values[n%len(values)]
				n /= len(values)
			}
			if n > 0 || !yield(given) {
				return
			}
		}
	}
}

func factText(given map[string]any) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(given)) {
		parts = append(parts, fmt.Sprintf("%s=%v", name, given[name]))
	}
	return strings.Join(parts, ", ")
}

// given takes the facts that are declared out of those at hand, with the defaults for the others. The first fault by name is told.
func (f Facts) given(facts, defaults map[string]any) (map[string]any, error) {
	given := make(map[string]any, len(f))
	for _, name := range slices.Sorted(maps.Keys(f)) {
		v, ok := facts[name]
		if !ok {
			v, ok = defaults[name]
		}
		if !ok {
			return nil, place.Say("fact-missing", "fact", name, "allowed", valueList(f[name]))
		}
		if !hasValue(f[name], v) {
			return nil, place.Say("fact-value", "fact", name, "value", v, "allowed", valueList(f[name]))
		}
		given[name] = v
	}
	return given, nil
}

func byNumber(a, b Rule) int { return cmp.Compare(a.Rule, b.Rule) }
