package insight

import (
	"strings"
	"testing"
	"time"

	"khue/catalogue"
	"khue/profile"
	"khue/regulation"
)

// TestEveryNoticeHasItsWords walks what people can be told of: each has its words on screen and in its letter, in both languages,
// and a letter names what it is about.
func TestEveryNoticeHasItsWords(t *testing.T) {
	rules, err := regulation.Load(profile.Hanoi(), "rules")
	if err != nil {
		t.Fatal(err)
	}
	kinds := []string{regulation.KindDutyOpened, regulation.KindDutyReassigned}
	for _, s := range rules.Escalation {
		kinds = append(kinds, regulation.KindDutyReminded+"."+s.ID)
	}
	for kind := range waits {
		kinds = append(kinds, kind)
	}
	for _, kind := range kinds {
		key := strings.ReplaceAll(kind, ".", "-")
		if rest, ok := strings.CutPrefix(kind, regulation.KindDutyReminded+"."); ok {
			key = strings.ReplaceAll(regulation.KindDutyReminded, ".", "-") + "." + rest
		}
		for _, l := range []catalogue.Lang{catalogue.VI, catalogue.EN} {
			for _, k := range []string{"now.told." + key, "insight.mail." + key + ".subject", "insight.mail." + key + ".text"} {
				if s := l.T(k, "name", "Tên", "title", "Việc", "due", "hôm nay", "link", "LINK", "article", "Đ.1"); strings.Contains(s, "⟦") || s == k || s == "" {
					t.Errorf("%s: no words for %s: %q", l, k, s)
				} else if strings.HasSuffix(k, ".text") && !strings.Contains(s, "LINK") {
					t.Errorf("%s: %s names no page", l, k)
				}
			}
		}
	}
	deadlines, err := regulation.LoadDeadlines(profile.Hanoi())
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range deadlines.Rules() {
		for _, o := range one.Opens {
			for _, l := range []catalogue.Lang{catalogue.VI, catalogue.EN} {
				if s := l.T("duty.kind." + o.Duty); strings.Contains(s, "⟦") || s == "" {
					t.Errorf("%s: a duty of kind %s has no name", l, o.Duty)
				}
			}
		}
	}
}

// TestAddresses: what a duty or a notice is about has a page.
func TestAddresses(t *testing.T) {
	for thing, want := range map[string]string{
		"release/1": "/desk/releases/1", "inquiry/1": "/desk/inquiries/1", "claim/1": "/desk/claims/1", "claim/1/SXD": "/desk/claims/1/SXD", "story/s1": "/desk/radar/s1",
		"source/1": "/desk/sources/1", "account/1": "/desk/people/1", "office/SXD": "/desk/offices/SXD", "report/1": "/desk/reports/1", "spokesperson/1": "/desk/offices", "something/1": "/desk", "": "/desk",
	} {
		if got := Address(thing); got != want {
			t.Errorf("%q: %s, want %s", thing, got, want)
		}
	}
}

// TestLastMoment: a limit that ends with a day is told by its last day, never as 00:00 of the next.
func TestLastMoment(t *testing.T) {
	day := func(d, h, m int) time.Time { return time.Date(2026, 11, d, h, m, 0, 0, vietnam) }
	for _, test := range []struct {
		due  time.Time
		want string
	}{
		{day(11, 0, 0), "10/11/2026"},
		{day(1, 0, 0), "31/10/2026"},
		{day(10, 17, 0), "17:00, 10/11/2026"},
		{day(10, 0, 1), "00:01, 10/11/2026"},
		{time.Time{}, ""},
		{day(11, 0, 0).UTC(), "10/11/2026"},
	} {
		if got := (&Room{}).lastMoment(test.due); got != test.want {
			t.Errorf("%s: %q, want %q", test.due, got, test.want)
		}
	}
}
