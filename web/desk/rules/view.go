package rules

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"khue/catalogue"
	"khue/problem"
	"khue/regulation"
	"khue/regulation/calendar"
	"khue/web/ui"
)

// bookView is the whole rulebook.
type bookView struct {
	Law, Own   []lineView
	Tests      int
	Wrong      int // examples that fail
	Unchecked  int // rules whose version in force no lawyer has checked
	Signers    []ui.Pair
	Delegation string
	Source     string // of the delegation
	Stages     []ui.Pair
	Rights     []rightView
}

// lineView is one rule in the list.
type lineView struct {
	N       int
	Name    string
	Who     string
	Limits  []string
	Basis   string // act and article in force
	Checked bool
	Tests   int
	Wrong   int
}

// rightView is one act and who may do it.
type rightView struct{ Act, Who, Note, Source string }

// ruleView is one rule.
type ruleView struct {
	Number   string
	Name     string
	Law      bool
	Checked  bool
	Pairs    []ui.Pair
	Opens    []string
	Versions []versionView
	Tests    []testView
	Place    string // file and line
	Try      tryView
}

type versionView struct {
	Valid, Basis, Note string
	Limits             []string
	Current, Checked   bool
}

type testView struct {
	Given, Due, Got string
	OK              bool
}

// tryView is the form that counts, with what was typed and the answer.
type tryView struct {
	Faults  []ui.Fault
	Wrong   map[string]string
	At      string
	Fields  []field
	Asked   bool
	Answer  string // "hết ngày thứ Hai, 30/11"
	Basis   string
	Counted [][]ui.Cell
}

type field struct {
	Input   ui.Input
	Options []ui.Option
}

// said gives a text of the rulebook in the reader's language.
func said(l catalogue.Lang, vi, en string) string {
	if l == catalogue.EN {
		return en
	}
	return vi
}

// word gives the catalogue's word of a key, or what stands in the rulebook when the catalogue has none: another city's book may
// have facts and kinds of its own.
func word(l catalogue.Lang, key, other string) string {
	if l.Has(key) {
		return l.T(key)
	}
	return other
}

func bookOf(p ui.Page, b *regulation.Rulebook, d *regulation.Deadlines) bookView {
	var v bookView
	for _, r := range d.Rules() {
		line, version := lineOf(p, d, r)
		v.Tests += line.Tests
		v.Wrong += line.Wrong
		if !line.Checked {
			v.Unchecked++
		}
		if version.Mark == "law" {
			v.Law = append(v.Law, line)
		} else {
			v.Own = append(v.Own, line)
		}
	}
	for _, g := range b.Signers() {
		v.Signers = append(v.Signers, ui.Pair{Term: said(p.Lang, g.Vi, g.En), Text: whom(p.Lang, g.By) + sourceOf(p.Lang, g.Source)})
	}
	if g := b.Delegation(); g != nil {
		roles := make([]string, len(g.Roles))
		for i, r := range g.Roles {
			roles[i] = string(r)
		}
		v.Delegation, v.Source = p.T("rules.delegation.text", "how", said(p.Lang, g.Vi, g.En), "days", g.MaxDays, "roles", whom(p.Lang, roles)), g.Source
	}
	for _, s := range b.Escalation {
		v.Stages = append(v.Stages, ui.Pair{Term: p.T("rules.stage", "percent", s.At), Text: whom(p.Lang, s.To)})
	}
	for _, a := range b.Permissions {
		note := ""
		if a.NotDrafter || a.NotAuthor {
			note = p.T("rules.not-drafter")
		}
		v.Rights = append(v.Rights, rightView{said(p.Lang, a.Vi, a.En), whom(p.Lang, a.Allow), note, sourceOf(p.Lang, a.Source)})
	}
	return v
}

func lineOf(p ui.Page, d *regulation.Deadlines, r regulation.Rule) (lineView, regulation.RuleVersion) {
	version, ok := r.In(p.Now)
	if !ok {
		version = r.Versions[len(r.Versions)-1]
	}
	line := lineView{N: r.Rule, Name: said(p.Lang, r.Vi, r.En), Who: said(p.Lang, r.Who.Vi, r.Who.En), Limits: limits(p.Lang, r, version), Basis: basis(version), Checked: version.Checked}
	for _, t := range d.Results(r.Rule) {
		line.Tests++
		if !t.OK {
			line.Wrong++
		}
	}
	return line, version
}

// sourceOf gives an article in brackets; "D" in the book is the centre's own custom.
func sourceOf(l catalogue.Lang, source string) string {
	if source == "D" {
		source = l.T("rules.custom")
	}
	return " (" + source + ")"
}

func basis(v regulation.RuleVersion) string {
	if v.Article == "–" || v.Article == "-" {
		return v.Act
	}
	return v.Cite() + ", " + v.Act
}

// whom names who may do something.
func whom(l catalogue.Lang, list []string) string {
	words := make([]string, len(list))
	for i, w := range list {
		role, scope, _ := strings.Cut(w, "@")
		words[i] = word(l, "role."+role, word(l, "rules.who."+role, role))
		if scope == "own" {
			words[i] = l.T("rules.who.own", "role", words[i])
		}
	}
	return strings.Join(words, ", ")
}

// limits says a version's limits in words: "24 giờ (khẩn)".
func limits(l catalogue.Lang, r regulation.Rule, v regulation.RuleVersion) []string {
	var list []string
	for _, c := range v.Cases(r.Facts) {
		n, unit := c.Limit.Count()
		text := l.N("rules.unit."+strings.ReplaceAll(unit, " ", "-"), n)
		if given := facts(l, c.Facts); given != "" {
			text += " (" + given + ")"
		}
		if !c.Exact && c.Limit.When != "" {
			text += " [" + c.Limit.When + "]"
		}
		list = append(list, text)
	}
	return list
}

// facts says values of facts: "loại: câu hỏi, kiến nghị; không khẩn".
func facts(l catalogue.Lang, values map[string][]any) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		fact := word(l, "fact."+name, name)
		if len(values[name]) == 1 {
			switch values[name][0] {
			case true:
				parts = append(parts, fact)
				continue
			case false:
				parts = append(parts, l.T("rules.not", "fact", fact))
				continue
			}
		}
		words := make([]string, len(values[name]))
		for i, v := range values[name] {
			words[i] = value(l, name, v)
		}
		parts = append(parts, fact+": "+strings.Join(words, ", "))
	}
	return strings.Join(parts, "; ")
}

func value(l catalogue.Lang, name string, v any) string {
	switch v {
	case true:
		return l.T("rules.yes")
	case false:
		return l.T("rules.no")
	}
	return word(l, fmt.Sprintf("fact.%s.%v", name, v), fmt.Sprint(v))
}

// label gives a word as it stands over a field: with a capital.
func label(text string) string {
	for i, r := range text {
		return string(unicode.ToUpper(r)) + text[i+utf8.RuneLen(r):]
	}
	return text
}

func given(l catalogue.Lang, list map[string]any) string {
	values := map[string][]any{}
	for k, v := range list {
		values[k] = []any{v}
	}
	return facts(l, values)
}

// end names the last day or moment of a limit.
func end(p ui.Page, t time.Time) string {
	return ui.ClockProps{Lang: p.Lang, Due: t, Now: p.Now, State: ui.Met}.Words().Last
}

func ruleOf(p ui.Page, d *regulation.Deadlines, r regulation.Rule) ruleView {
	line, now := lineOf(p, d, r)
	v := ruleView{Number: strconv.Itoa(r.Rule), Name: line.Name, Law: now.Mark == "law", Checked: line.Checked, Place: fmt.Sprintf("%s:%d", r.File, r.Line)}
	if line.Who != "" {
		v.Pairs = append(v.Pairs, ui.Pair{Term: p.T("rules.who"), Text: line.Who})
	}
	if from := said(p.Lang, r.From.Vi, r.From.En); from != "" {
		v.Pairs = append(v.Pairs, ui.Pair{Term: p.T("rules.from"), Text: from})
	}
	v.Pairs = append(v.Pairs, ui.Pair{Term: p.T("rules.limit"), Text: strings.Join(line.Limits, "; ")}, ui.Pair{Term: p.T("rules.basis"), Text: line.Basis})
	if r.Pauses {
		v.Pairs = append(v.Pairs, ui.Pair{Term: p.T("rules.pauses"), Text: p.T("rules.pauses.text")})
	}
	v.Opens = opens(p, d, r)
	for _, version := range slices.Backward(r.Versions) {
		w := versionView{Basis: basis(version), Note: said(p.Lang, version.Note.Vi, version.Note.En), Limits: limits(p.Lang, r, version), Checked: version.Checked}
		current, ok := r.In(p.Now)
		w.Current = ok && current.ValidFrom == version.ValidFrom
		w.Valid = p.T("rules.since", "from", day(p.Lang, version.ValidFrom))
		if version.ValidTo != "" {
			w.Valid = p.T("rules.between", "from", day(p.Lang, version.ValidFrom), "to", day(p.Lang, version.ValidTo))
		}
		v.Versions = append(v.Versions, w)
	}
	for _, t := range d.Results(r.Rule) {
		v.Tests = append(v.Tests, testOf(p, d, t))
	}
	return v
}

func day(l catalogue.Lang, s string) string {
	d, err := calendar.Parse(s)
	if err != nil {
		return s
	}
	return ui.ShortDate(l, d.Start())
}

func opens(p ui.Page, d *regulation.Deadlines, r regulation.Rule) []string {
	names := map[string]regulation.EventKind{}
	for _, e := range d.Events() {
		names[e.Event] = e
	}
	var list []string
	for _, o := range r.Opens {
		e := names[o.On]
		asks, exact := o.Asks(e.Facts)
		text := said(p.Lang, e.Vi, e.En)
		if when := facts(p.Lang, asks); when != "" {
			text += " (" + when + ")"
		}
		if !exact && o.When != "" {
			text += " [" + o.When + "]"
		}
		text += " → " + word(p.Lang, "duty.kind."+o.Duty, o.Duty)
		if o.Office != "" {
			text += ", " + o.Office
		}
		list = append(list, text)
	}
	return list
}

func testOf(p ui.Page, d *regulation.Deadlines, t regulation.TestResult) testView {
	v := testView{OK: t.OK, Due: moment(p, t.Test.Due), Got: moment(p, t.Got), Given: moment(p, t.Test.At)}
	if at, err := time.Parse(time.RFC3339, t.Test.At); err == nil {
		v.Given = ui.DateTime(p.Lang, at)
	}
	if t.Test.On != "" {
		i := slices.IndexFunc(d.Events(), func(e regulation.EventKind) bool { return e.Event == t.Test.On })
		v.Given += ": " + said(p.Lang, d.Events()[i].Vi, d.Events()[i].En)
	}
	if text := given(p.Lang, t.Test.Facts); text != "" {
		v.Given += " (" + text + ")"
	}
	return v
}

// moment says an end as the rulebook's examples write it.
func moment(p ui.Page, s string) string {
	if s == "none" {
		return p.T("rules.none")
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return end(p, at)
}

// try counts the limit that was asked for in the address: ?at=2026-11-20T08:00&urgent=true.
func try(p ui.Page, d *regulation.Deadlines, r regulation.Rule, q url.Values) tryView {
	v := tryView{At: q.Get("at"), Asked: q.Has("at"), Wrong: map[string]string{}}
	facts := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(r.Facts)) {
		f := field{Input: ui.Input{Name: name, Label: label(word(p.Lang, "fact."+name, name)), Value: q.Get(name)}}
		if f.Input.Value == "" {
			f.Input.Value = fmt.Sprint(r.Default[name])
		}
		for _, x := range r.Facts[name] {
			f.Options = append(f.Options, ui.Option{Value: fmt.Sprint(x), Label: value(p.Lang, name, x)})
			if fmt.Sprint(x) == f.Input.Value {
				facts[name] = x
			}
		}
		v.Fields = append(v.Fields, f)
	}
	if !v.Asked {
		v.At = ui.FieldTime(p.Now)
		return v
	}
	at, err := time.ParseInLocation("2006-01-02T15:04", v.At, calendar.Zone)
	if err == nil && (at.Year() < 2000 || at.Year() > 2100) {
		err = problem.Of("at", problem.Date)
	}
	if err != nil {
		v.Faults, v.Wrong = ui.Faults(p.Lang, problem.Of("at", problem.Date))
		return v
	}
	due, err := d.Due(r.Rule, at, facts)
	if err != nil {
		v.Faults = []ui.Fault{{Text: p.T("rules.try.none", "date", ui.Date(p.Lang, at))}}
		return v
	}
	v.Answer, v.Basis = end(p, due.At), p.T("rules.mark."+due.Mark)+": "+due.Article+", "+due.Act
	for _, c := range due.Counted {
		v.Counted = append(v.Counted, counted(p.Lang, d, c))
	}
	return v
}

// counted says one day that the counting met.
func counted(l catalogue.Lang, d *regulation.Deadlines, c calendar.Counted) []ui.Cell {
	name := c.Day
	if t, err := calendar.Parse(c.Day); err == nil {
		name = ui.Date(l, t.Start())
	}
	if c.Off == "" {
		return []ui.Cell{{Text: name}, {Text: strconv.Itoa(c.N)}}
	}
	why := word(l, "rules.off."+c.Off, c.Off)
	for _, h := range d.Calendar().Holidays() {
		if h.ID == c.Off {
			why = said(l, h.Vi, h.En)
		}
	}
	return []ui.Cell{{Text: name}, {Text: why}}
}
