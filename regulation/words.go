package regulation

import (
	"maps"
	"slices"
	"time"

	"khue/regulation/calendar"
)

// LimitCase is a limit together with the facts for which it holds, for pages that say a rule in words.
type LimitCase struct {
	Facts map[string][]any // the values for which it holds; a fact that makes no difference is left out
	Limit Limit
	Exact bool // the facts say all; else Limit.When has to be shown too
}

// Cases gives a version's limits with their facts, in the order of the rulebook.
func (v RuleVersion) Cases(facts Facts) []LimitCase {
	var list []LimitCase
	for i, l := range v.Limits {
		asks, exact := asked(facts, func(given map[string]any) bool {
			got, err := v.first(given)
			return err == nil && got == i
		})
		list = append(list, LimitCase{asks, l, exact})
	}
	return list
}

// Asks gives the values of the event's facts for which the trigger opens its duty; a fact that makes no difference is left out.
// exact is false when the values alone do not say all: then When has to be shown too.
func (o Trigger) Asks(facts Facts) (values map[string][]any, exact bool) {
	return asked(facts, func(given map[string]any) bool {
		yes, err := o.when.holds(given)
		return err == nil && yes
	})
}

// asked gives for each fact the values with which holds is ever true, and whether every combination of them is.
func asked(facts Facts, holds func(map[string]any) bool) (map[string][]any, bool) {
	values := map[string][]any{}
	n := 0
	for given := range combinations(facts) {
		if !holds(given) {
			continue
		}
		n++
		for name, v := range given {
			if !slices.Contains(values[name], v) {
				values[name] = append(values[name], v)
			}
		}
	}
	product := 1
	for name := range facts {
		product *= len(values[name])
	}
	for _, name := range slices.Collect(maps.Keys(values)) {
		if len(values[name]) == len(facts[name]) {
			delete(values, name)
		}
	}
	return values, n == product && n > 0
}

// WorkDaysLeft gives how many working days a person has until an end: those after today up to the last one.
func (d *Deadlines) WorkDaysLeft(now, due time.Time) int {
	n := 0
	for day := calendar.DayOf(now) + 1; day <= calendar.DayOf(due.Add(-time.Microsecond)); day++ {
		if d.cal.Off(day) == "" {
			n++
		}
	}
	return n
}
