package profile_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"khue/profile"
)

func TestOffices(t *testing.T) {
	list, err := profile.LoadOffices(profile.Hanoi())
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{"ward": 126}
	for _, o := range list {
		count[o.Kind]++
	}
	if count["department"] != 15 {
		t.Errorf("%d departments", count["department"])
	}
	kinds, err := profile.LoadKinds(profile.Hanoi())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range kinds {
		if count[k.Kind] == 0 {
			t.Errorf("no office of kind %s", k.Kind)
		}
	}
	former, err := profile.LoadFormerOffices(profile.Hanoi(), list)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(former, func(f profile.FormerOffice) bool {
		return f.Name == "Sở Giao thông vận tải" && slices.Equal(f.Into, []string{"SXD"})
	}) {
		t.Errorf("no successor of the department of transport: %v", former)
	}
}

func TestOfficeFaults(t *testing.T) {
	head := "h\th\th\th\th\th\th\n"
	for text, want := range map[string]string{
		head + "a\ta\tship\ta\t\t\t\n":                                      ":2: kind",
		head + "a\ta\n":                                                     ":2: 2 columns",
		head + "a\ta\tarmy\ta\tb\t\t\n":                                     ":2: parent",
		head + "a\ta\tarmy\ta\t\t2025\t\n":                                  ":2: day",
		head + "a\ta\tarmy\ta\t\t\t\na\ta\tarmy\ta\t\t\t\n":                 ":3: code a stands twice",
		head + "a\t\tarmy\ta\t\t\t\n":                                       ":2: code, name",
		head + "00004\tPhường\tward\tWard\t\t2025-07-01\t\n":                "wards.tsv",
		head + "a\ta\tarmy\ta\t\t2025-07-01\t2025-02-30\nb\tb\tarmy\tb\t\t": ":2: day",
	} {
		_, err := profile.LoadOffices(fstest.MapFS{"units/offices.tsv": {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestKindFaults(t *testing.T) {
	for text, want := range map[string]string{
		"version: 1\nkinds: []\n": "is missing",
		"version: 2\nkinds: []\n": "version",
		"version: 1\nkinds:\n  - {kind: army, vi: x, en: y, binds: maybe, source: s, mark: D}\n": "binds",
		"version: 1\nkinds:\n  - {kind: ship, vi: x, en: y, binds: law, source: s, mark: D}\n":   "ship",
		"version: 1\nkind: []\n": "kind",
	} {
		_, err := profile.LoadKinds(fstest.MapFS{"units/kinds.yaml": {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
