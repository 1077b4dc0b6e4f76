package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"khue/profile"
)

// khueRun runs the program in English and gives its exit code and what it wrote.
func khueRun(t *testing.T, stdin string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), append([]string{"--lang", "en"}, args...), nil, strings.NewReader(stdin), &o, &e)
	return code, o.String(), e.String()
}

func TestRegulationCheck(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, profile.Hanoi()); err != nil {
		t.Fatal(err)
	}
	press := filepath.Join(dir, "rules", "press.yaml")
	for _, args := range [][]string{{}, {dir}, {filepath.Join(dir, "rules")}, {press}, {filepath.Join(dir, "calendar.yaml")}} {
		if code, out, errs := khueRun(t, "", append([]string{"regulation", "check"}, args...)...); code != exitOK || !strings.Contains(out, "in order") {
			t.Errorf("%v: %d %s %s", args, code, out, errs)
		}
	}
	good, err := fs.ReadFile(profile.Hanoi(), "rules/press.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f := func(name, old, new string, want ...string) {
		t.Helper()
		if err := os.WriteFile(press, []byte(strings.Replace(string(good), old, new, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{press, dir} {
			code, out, errs := khueRun(t, "", "regulation", "check", path)
			if code != exitBad || out != "" {
				t.Errorf("%s: %d %s", name, code, out)
			}
			for _, w := range append(want, press+":", "1 fault.") {
				if !strings.Contains(errs, w) {
					t.Errorf("%s: %q lacks %q", name, errs, w)
				}
			}
		}
	}
	f("unknown key", "checked: false\n        limits", "cheked: false\n        limits", ":9: there is no key “cheked”")
	f("no unit", "in: 12 hours", "in: 12", "the limit “12” has no number or no unit")
	f("unknown constant", `when: impact == "major", duty`, `when: impact == "majr", duty`, ":44: impact is never “majr”")
	f("an example that fails", "due: 2026-11-22T22:00:00+07:00", "due: 2026-11-22T23:00:00+07:00", ":9: rule 1: given 2026-11-21T22:00:00+07:00 then due 2026-11-22T23:00:00+07:00, but it is 2026-11-22T22:00:00+07:00")
	if code, _, errs := khueRun(t, "", "regulation", "check", filepath.Join(dir, "none")); code != exitBad || errs == "" {
		t.Errorf("a folder that is not there: %d %s", code, errs)
	}
}

func TestRegulationDue(t *testing.T) {
	cases := `{"id":"1","rule":17,"at":"2026-07-10T09:00:00+07:00","facts":{}}
{"id":"2","rule":17,"at":"2026-06-30T17:30:00Z"}
{"id":"3","rule":24,"at":"2026-11-20T08:00:00+07:00","facts":{"complex":"yes"}}
nonsense
{"id":"4","rule":9,"at":"2026-11-20T08:00:00+07:00"}
`
	code, out, errs := khueRun(t, cases, "regulation", "due", "--in", "-", "--out", "-")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	want := []string{
		`{"id":"1","due":"2026-08-01T00:00:00+07:00","unit":"working days","act":"Nghị định 237/2026/NĐ-CP","article":"Điều 18 khoản 3","valid_from":"2026-07-01","counted":[{"day":"2026-07-11","off":"weekend"}`,
		`{"id":"2","due":"2026-07-23T00:00:00+07:00","unit":"working days"`,
		`{"id":"3","error":"complex is never “yes”`, `{"id":"4","error":"there is no rule 9"}`,
	}
	if code != exitBad || len(lines) != len(want) || !strings.Contains(errs, `"bad":1`) || !strings.Contains(errs, `"read":5`) {
		t.Fatalf("%d\n%s\n%s", code, out, errs)
	}
	for i, w := range want {
		if !strings.HasPrefix(lines[i], w) {
			t.Errorf("line %d: %s, want %s", i, lines[i], w)
		}
	}
	if code, _, _ := khueRun(t, "", "regulation", "due", "--in", "-"); code != exitUsage {
		t.Errorf("without --out: %d", code)
	}
}
