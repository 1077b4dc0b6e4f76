package profile_test

import (
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
	departments := 0
	for _, o := range list {
		if o.Kind == "department" {
			departments++
		}
	}
	if departments != 15 {
		t.Errorf("%d departments", departments)
	}
	for text, want := range map[string]string{"h\th\th\th\na\ta\tship\ta\n": ":2: kind", "h\th\th\th\na\ta\n": ":2: 2 columns"} {
		_, err := profile.LoadOffices(fstest.MapFS{"units/offices.tsv": {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
