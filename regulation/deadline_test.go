package regulation_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"khue/profile"
	"khue/regulation"
)

func TestShippedDeadlines(t *testing.T) {
	d, err := regulation.LoadDeadlines(profile.Hanoi())
	if err != nil {
		t.Fatal(err)
	}
	if n, err := d.Check(); err != nil || n < 35 {
		t.Errorf("%d examples: %v", n, err)
	}
	f := func(rule int, at string, facts map[string]any, want string) {
		t.Helper()
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		due, err := d.Due(rule, when, facts)
		got := due.At.Format(time.RFC3339)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("rule %d at %s: %s, want %s", rule, at, got, want)
		}
	}
	f(23, "2026-11-20T08:00:00+07:00", map[string]any{"kind": "publish"}, "2026-11-28T00:00:00+07:00")
	f(23, "2026-11-20T08:00:00+07:00", map[string]any{"kind": "publsh"}, "publsh")
	f(23, "2026-11-20T08:00:00+07:00", nil, `fact="kind"`)
	f(23, "2026-11-20T08:00:00+07:00", map[string]any{"kind": []any{1}}, `fact="kind"`)
	f(24, "2026-11-20T08:00:00+07:00", map[string]any{"complex": true}, "2026-12-12T00:00:00+07:00")
	f(17, "2026-06-30T23:00:00+07:00", nil, "2026-07-31T00:00:00+07:00") // the old clock
	f(99, "2026-11-20T08:00:00+07:00", nil, "no-rule")
	f(16, "2010-01-01T08:00:00+07:00", nil, "not-in-force")
}

func TestDeadlineFaults(t *testing.T) {
	f := func(rule, want string) {
		t.Helper()
		_, err := regulation.LoadDeadlines(fstest.MapFS{
			"calendar.yaml": {Data: []byte("version: 1\n")},
			"rules/a.yaml":  {Data: []byte("version: 1\nrules:\n  - " + rule + "\n")},
		})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", rule, err, want)
		}
	}
	f(`{rule: 1, vi: a, en: a, versions: [{valid_from: 2026-07-01, act: a, article: a, mark: law, limits: [{in: "24"}]}]}`, "unit")
	f(`{rule: 1, vi: a, en: a, versions: [{valid_from: 2026-02-30, act: a, article: a, mark: law, limits: [{in: 1 days}]}]}`, "2026-02-30")
	f(`{rule: 1, vi: a, en: a, verions: []}`, "rules/a.yaml:3:")
}
