package regulation_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"khue/catalogue"
	"khue/profile"
	"khue/regulation"
)

const (
	calendarOnly = "version: 1\nweekend: [sat, sun]\n"
	eventsOnly   = `version: 1
events:
  - {event: x.done, vi: a, en: a, facts: {urgent: [true, false], kind: [publish, challenge]}, default: {urgent: false}}
`
	ruleHead = `version: 1
rules:
  - rule: 7
    vi: a
    en: a
    facts: {kind: [publish, challenge]}
    default: {kind: publish}
    opens:
      - {on: x.done, when: urgent, duty: answer}
    versions:
      - valid_from: 2026-07-01
        act: a
        article: a
        mark: law
        limits:
          - {when: kind == "publish", in: 24 hours}
          - {in: 3 working days}
`
)

func bookOf(files map[string]string) (*regulation.Book, error) {
	fsys := fstest.MapFS{"calendar.yaml": {Data: []byte(calendarOnly)}}
	for name, text := range files {
		fsys["rules/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return regulation.LoadBook(fsys)
}

func TestBookFaults(t *testing.T) {
	if _, err := bookOf(map[string]string{"e.yaml": eventsOnly, "r.yaml": ruleHead}); err != nil {
		t.Fatal(err)
	}
	f := func(old, new, want string, say ...string) {
		t.Helper()
		if !strings.Contains(ruleHead, old) {
			t.Fatalf("%q is not in the rule", old)
		}
		_, err := bookOf(map[string]string{"e.yaml": eventsOnly, "r.yaml": strings.Replace(ruleHead, old, new, 1)})
		if err == nil {
			t.Errorf("%s was taken", new)
			return
		}
		for _, w := range append(say, "rules/r.yaml:"+want+":") {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %v\nlacks %q", new, err, w)
			}
		}
	}
	f("rule: 7", "rule: 0", "3:11", `number rule="0"`)
	f("    mark: law", "    mrak: law", "14:9", `unknown-key key="mrak"`)
	f("in: 24 hours", "in: 24", "16:43", `unit text="24"`)
	f("in: 24 hours", "in: soon", "16:43", `unit text="soon"`)
	f("in: 3 working days", "in: 3 weeks", "17:18", `unit text="3 weeks"`)
	f("2026-07-01", "2026-02-30", "11:21", `day text="2026-02-30"`)
	f("act: a", "act: ''", "11:9", "needed", "act, article")
	f("mark: law", "mark: laws", "14:15", `mark mark="laws"`)
	f("article: a", "valid_to: 2026-06-30\n        article: a", "13:19", "valid-order")
	f(`when: kind == "publish"`, `when: kind == "publsh"`, "16:28", `cel-never fact="kind" value="publsh"`, "challenge")
	f(`when: kind == "publish"`, `when: kin == "publish"`, "16:20", "kin", "kind: publish, challenge")
	f(`when: kind == "publish"`, `when: kind.startsWith("pub")`, "16:36", `cel-alone value="pub"`)
	f(`when: kind == "publish"`, `when: kind`, "16:20", "cel-yes-no")
	f(`when: kind == "publish"`, `when: kind ==`, "16:27", "yntax")
	f(`{when: kind == "publish", in: 24 hours}`, "when: |\n              true &&\n              kind == \"publsh\"\n            in: 24 hours", "18:23", "cel-never")
	f(`{when: kind == "publish", in: 24 hours}`, "when: 'kind == \"publsh\"'\n            in: 24 hours", "16:28", "cel-never")
	f("          - {in: 3 working days}\n", "", "16:11", "no-limit", "kind=challenge")
	f("when: urgent", `when: kind == "late"`, "9:36", "cel-never")
	f("on: x.done", "on: x.don", "9:14", "no-event", "x.done")
	f(", duty: answer", "", "9:9", `needed keys="duty"`)
	f("facts: {kind: [publish, challenge]}", "facts: {kind: [publish]}", "6:19", "fact-few")
	f("facts: {kind: [publish, challenge]}", "facts: {kind: [publish, 3]}", "6:19", `fact-kind fact="kind" value="3"`)
	f("default: {kind: publish}", "default: {kind: publsh}", "7:21", `fact-value fact="kind" value="publsh"`)
	f("default: {kind: publish}", "default: {kind: publish}\n    tests: [{at: 2026-11-20, due: 2026-11-21T08:00:00+07:00}]", "8:13", "moment")
	f("default: {kind: publish}", "default: {kind: publish}\n    tests: [{at: 2026-11-20T08:00:00+07:00, due: none}]", "8:13", "test-event")
	f("      - valid_from", "      - {valid_from: 2026-06-01, act: a, article: a, mark: own, limits: [{in: 1 days}]}\n      - valid_from", "12:21", "overlap")
}

func TestEveryFaultIsTold(t *testing.T) {
	_, err := bookOf(map[string]string{
		"a.yaml": "version: 1\nescalation:\n  - {id: half, at: 80, to: [holder]}\n  - {id: most, at: 50, to: [hodler]}\n",
		"b.yaml": "version: 1\nsigners:\n  - {signs: answer, by: [nobody], vi: a, en: a, source: D}\npermissions:\n  - {action: a.b, signs: anser, vi: a, en: a, source: D}\n",
		"c.yaml": "version: 1\ndelegation: {roles: [chief], vi: a, en: a, source: D}\n",
		"d.yaml": "version: 1\nevents: [{event: done, vi: a, en: a}]\n",
		"e.yaml": eventsOnly, "f.yaml": eventsOnly,
		"g.yaml": "version: 3\n",
	})
	var faults regulation.Faults
	if !errors.As(err, &faults) {
		t.Fatal(err)
	}
	var got []string
	for _, f := range faults {
		got = append(got, strings.TrimPrefix(f.Error(), "rules/"))
	}
	for i, want := range []string{"a.yaml:4:20: stage percent", "a.yaml:4:29: stage-who who=\"hodler\"", "b.yaml:3:26: who who=\"nobody\"", "b.yaml:5:26: signs action=\"a.b\"", "c.yaml:2:22: who who=\"chief\"", "d.yaml:2:18: event event=\"done\"", "f.yaml:3:13: twice what=\"x.done\" place=\"rules/e.yaml:3\"", "g.yaml:1:10: version have=\"3\""} {
		if i >= len(got) || !strings.HasPrefix(got[i], want) {
			t.Errorf("fault %d: want %s in\n%s", i, want, strings.Join(got, "\n"))
		}
	}
}

func TestShippedBookIsWhole(t *testing.T) {
	b, err := regulation.LoadBook(profile.Hanoi())
	if err != nil {
		t.Fatal(err)
	}
	var rules []int
	for _, r := range b.Deadlines.Rules() {
		rules = append(rules, r.Rule)
		if len(r.Tests) == 0 || r.Who.Vi == "" || r.Line == 0 {
			t.Errorf("rule %d lacks a test, who or its line", r.Rule)
		}
		for _, v := range r.Versions {
			if v.Checked {
				t.Errorf("rule %d says that a lawyer checked it", r.Rule)
			}
		}
	}
	if want := []int{1, 2, 3, 4, 5, 6, 7, 8, 10, 16, 17, 23, 24, 101, 102, 103, 104, 105}; !slices.Equal(rules, want) {
		t.Errorf("%v, want %v", rules, want)
	}
	if g := b.Rules.Escalation; len(g) != 3 || g[0].At != 50 || g[1].At != 80 || g[2].At != 100 {
		t.Errorf("escalation %+v", g)
	}
	opened := map[string]bool{}
	for _, r := range b.Deadlines.Rules() {
		for _, o := range r.Opens {
			opened[o.On] = true
		}
	}
	for _, e := range b.Deadlines.Events() {
		if !opened[e.Event] {
			t.Errorf("%s opens nothing", e.Event)
		}
	}
}

func TestAQuestionOfEachKindOpensOneDuty(t *testing.T) {
	b, err := regulation.LoadBook(profile.Hanoi())
	if err != nil {
		t.Fatal(err)
	}
	for _, asker := range []string{"press", "citizen", "office"} {
		for _, kind := range []string{"question", "access", "demand", "petition", "matter", "instruction", "challenge"} {
			facts := map[string]any{"asker": asker, "kind": kind}
			if got := b.Deadlines.Opens("inquiry.accepted", now, facts); len(got) != 1 {
				t.Errorf("%v opens %v", facts, got)
			}
		}
	}
	before := time.Date(2026, 6, 30, 8, 0, 0, 0, time.UTC)
	if got := b.Deadlines.Opens("inquiry.accepted", before, map[string]any{"asker": "press", "kind": "question"}); len(got) != 0 {
		t.Errorf("before the decree was in force %v are opened", got)
	}
	for _, impact := range []string{"none", "major", "divided"} {
		if got := b.Deadlines.Opens("claim.opened", now, map[string]any{"impact": impact}); len(got) != 1 {
			t.Errorf("impact %s opens %v", impact, got)
		}
	}
}

func TestMayDelegate(t *testing.T) {
	b := book(t)
	head := person("hoa", regulation.Post{Role: regulation.OfficeHead, Office: "SXD"})
	good := regulation.StandIn{For: "hoa", Role: regulation.OfficeHead, Office: "SXD", Matter: "inquiry/1", Until: now.Add(48 * time.Hour)}
	f := func(name string, by regulation.Actor, change func(*regulation.StandIn), paper, want string) {
		t.Helper()
		s := good
		if change != nil {
			change(&s)
		}
		got := ""
		if err := b.MayDelegate(by, s, paper, now); err != nil {
			got = err.Error()
		}
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	f("in order", head, nil, "UQ-12", "")
	f("not in writing", head, nil, " ", "required (paper)")
	f("no matter", head, func(s *regulation.StandIn) { s.Matter = "" }, "UQ-12", "required (matter)")
	f("no end", head, func(s *regulation.StandIn) { s.Until = time.Time{} }, "UQ-12", "required (until)")
	f("ended", head, func(s *regulation.StandIn) { s.Until = now }, "UQ-12", "past (until)")
	f("too long", head, func(s *regulation.StandIn) { s.Until = now.AddDate(1, 0, 0) }, "UQ-12", "invalid (until)")
	f("another office's post", head, func(s *regulation.StandIn) { s.Office = "SYT" }, "UQ-12", "forbidden (role)")
	f("a post that is not given away", head, func(s *regulation.StandIn) { s.Role = regulation.Admin }, "UQ-12", "forbidden (role)")
	passed := person("dung")
	passed.StandsIn = []regulation.StandIn{good}
	f("passed on", passed, nil, "UQ-12", "forbidden (role)")
	if err := b.Can(passed, "people.delegate", regulation.Thing{Kind: "inquiry", ID: "1", Office: "SXD"}, now); err == nil {
		t.Error("a stand-in gives the post on")
	}
	if err := b.Can(passed, "inquiry.approve-office", regulation.Thing{Kind: "inquiry", ID: "1", Office: "SXD"}, now); err != nil {
		t.Error("a stand-in does not sign:", err)
	}
}

func FuzzBook(f *testing.F) {
	f.Add(ruleHead)
	f.Add(strings.Replace(ruleHead, "kind ==", "kind in", 1))
	f.Add("version: 1\nrules: [{rule: 1, versions: [{limits: [{}]}], tests: [{}], opens: [{}]}]\n")
	f.Add("version: 1\nrules:\n- rule: &a 1\n  vi: *a\n")
	f.Add("version: 1\nevents: [{facts: {a: []}}]\nescalation: [{}]\ndelegation: {}\nsigners: [{}]\n")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := bookOf(map[string]string{"e.yaml": eventsOnly, "r.yaml": text})
		if err != nil {
			var faults regulation.Faults
			if !errors.As(err, &faults) {
				t.Fatal(err)
			}
			for _, x := range faults {
				if x.Line < 1 || x.Column < 1 || x.Code == "" {
					t.Fatalf("%+v", x)
				}
			}
			return
		}
		for _, r := range b.Deadlines.Rules() {
			facts := maps.Clone(r.Default)
			at := time.Date(2026, 11, 9, 8, 0, 0, 0, time.UTC)
			if due, err := b.Deadlines.Due(r.Rule, at, facts); err == nil && due.At.Before(at) {
				t.Fatalf("rule %d ends before it begins", r.Rule)
			}
		}
	})
}

var saidCode = regexp.MustCompile(`(?:Say\(|Said\{|Code: )"([a-z-]+)"`)

func TestEveryFaultHasWords(t *testing.T) {
	names, err := filepath.Glob("*.go")
	more, err2 := filepath.Glob("*/*.go")
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	n := 0
	for _, name := range append(names, more...) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range saidCode.FindAllStringSubmatch(string(data), -1) {
			n++
			for _, l := range catalogue.Langs {
				if !l.Has("rulebook." + m[1]) {
					t.Errorf("%s: no words in %s for %q", name, l, m[1])
				}
			}
		}
	}
	if n < 40 {
		t.Errorf("only %d faults found in the source", n)
	}
}
