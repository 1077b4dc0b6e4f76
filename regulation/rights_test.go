package regulation_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"khue/catalogue"
	"khue/problem"
	"khue/profile"
	"khue/regulation"
)

var now = time.Date(2026, 11, 9, 8, 0, 0, 0, time.UTC)

func book(t testing.TB) *regulation.Rulebook {
	t.Helper()
	b, err := regulation.Load(profile.Hanoi(), "rules")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func person(id string, posts ...regulation.Post) regulation.Actor {
	return regulation.Actor{ID: id, Kind: regulation.Person, Posts: posts}
}

func TestCan(t *testing.T) {
	b := book(t)
	sxd := regulation.Thing{Kind: "release", ID: "1", Office: "SXD", Author: "lan", Drafter: "minh"}
	f := func(name string, a regulation.Actor, action string, want problem.Code) {
		t.Helper()
		if got := problem.CodeOf(b.Can(a, action, sxd, now)); got != want {
			t.Errorf("%s, %s: %q, want %q", name, action, got, want)
		}
	}
	approver := person("hoa", regulation.Post{Role: regulation.Approver, Office: "TTBC"})
	f("another approves", approver, "release.approve", "")
	f("the drafter does not", person("minh", regulation.Post{Role: regulation.Approver, Office: "TTBC"}), "release.approve", problem.SamePerson)
	f("an editor does not", person("an", regulation.Post{Role: regulation.Editor, Office: "TTBC"}), "release.approve", problem.Forbidden)
	f("a visitor is asked to log in", regulation.Actor{}, "release.approve", problem.Session)
	f("own office sees", person("lan", regulation.Post{Role: regulation.FocalPoint, Office: "SXD"}), "release.view", "")
	f("another office does not", person("tu", regulation.Post{Role: regulation.FocalPoint, Office: "SYT"}), "release.view", problem.Forbidden)
	f("an unknown act is refused", approver, "release.burn", problem.Forbidden)
	f("a machine publishes on time", regulation.SystemActor("schedule"), "release.publish", "")
	f("a machine does not approve", regulation.SystemActor("schedule"), "release.approve", problem.Forbidden)

	stand := person("dung")
	stand.StandsIn = []regulation.StandIn{{For: "hoa", Role: regulation.Approver, Office: "TTBC", Matter: "release/1", Until: now.Add(time.Hour)}}
	f("a stand-in for this matter", stand, "release.approve", "")
	stand.StandsIn[0].Matter = "release/2"
	f("not for another matter", stand, "release.approve", problem.Forbidden)
	stand.StandsIn[0].Matter, stand.StandsIn[0].Until = "release/1", now
	f("not after its end", stand, "release.approve", problem.Forbidden)
}

func TestEveryRoleHasWords(t *testing.T) {
	for _, r := range append([]regulation.Role{"nobody"}, regulation.Roles...) {
		for _, l := range catalogue.Langs {
			if !l.Has("role." + string(r)) {
				t.Errorf("%s: no words for %s", l, r)
			}
		}
	}
}

func TestFaultsNameTheLineAndTheMend(t *testing.T) {
	f := func(text string, want ...string) {
		t.Helper()
		_, err := regulation.Load(fstest.MapFS{"rules/p.yaml": {Data: []byte(text)}}, "rules")
		if err == nil {
			t.Fatalf("%q was taken", text)
		}
		for _, w := range append(want, "rules/p.yaml:") {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%v\nlacks %q", err, w)
			}
		}
	}
	head := "version: 1\npermissions:\n"
	good := "  - {action: a.b, allow: [editor], vi: x, en: y, source: D}\n"
	f(head+good+"  - {action: a.c, alow: [editor]}\n", ":4:", "unknown-key", "alow")
	f(head+good+good, ":4:", "twice")
	f(head+"  - {action: a.b, allow: [edtor], vi: x, en: y, source: D}\n", ":3:", "edtor", "editor")
	f(head+"  - {action: a.b, allow: [], vi: x, en: y, source: D}\n", "nobody")
	f(head+"  - {action: approve, allow: [editor], vi: x, en: y, source: D}\n", `action="approve"`)
	f(head+"  - {action: a.b, allow: [editor], vi: x}\n", "source")
	f("version: 9\npermissions: []\n", "version")
	f("version: [", "1:")
}

func FuzzLoad(f *testing.F) {
	f.Add("version: 1\npermissions:\n  - {action: a.b, allow: [editor], vi: x, en: y, source: D}\n")
	f.Add("version: 1\npermissions: {}\n")
	f.Add(": : :")
	f.Fuzz(func(_ *testing.T, text string) {
		b, err := regulation.Load(fstest.MapFS{"rules/p.yaml": {Data: []byte(text)}}, "rules")
		if err == nil {
			b.Can(regulation.Actor{}, "a.b", regulation.Thing{}, now) //nolint:errcheck // it must not panic
		}
	})
}
