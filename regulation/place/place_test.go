package place_test

import (
	"errors"
	"strings"
	"testing"

	"khue/regulation/place"
)

type shelf struct {
	Version int               `yaml:"version"`
	Books   []book            `yaml:"books"`
	Notes   map[string]string `yaml:"notes"`
}

type book struct {
	Title string `yaml:"title"`
	When  string `yaml:"when"`
	Pages *pages `yaml:"pages"`
}

type pages struct {
	N int `yaml:"n"`
}

func TestUnknownKeysAreAllTold(t *testing.T) {
	_, faults := place.Read("s.yaml", []byte(`version: 1
boks: []
books:
  - title: a
    titel: b
  - {title: c, pages: {n: 1, m: 2}}
notes:
  free: any
`), new(shelf))
	want := `s.yaml:2:1: unknown-key key="boks"
s.yaml:5:5: unknown-key key="titel"
s.yaml:6:30: unknown-key key="m"`
	if faults.Error() != want {
		t.Errorf("%v\nwant\n%s", faults, want)
	}
}

func TestPlaces(t *testing.T) {
	var s shelf
	src, faults := place.Read("s.yaml", []byte(`version: 1
books:
  - title: a
    when: |
      one ==
        two
  - when: "x == y"
    pages:
      n: 3
`), &s)
	if faults != nil {
		t.Fatal(faults)
	}
	f := func(want string, err error, path ...any) {
		t.Helper()
		if got := src.At(err, path...).Error(); got != "s.yaml:"+want {
			t.Errorf("%v: %s, want %s", path, got, want)
		}
	}
	plain := place.Say("unit", "text", `a "b"`)
	f(`1:10: unit text="a \"b\""`, plain, "version")
	f(`3:5: unit text="a \"b\""`, plain, "books", 0)
	f(`3:12: other why="plain"`, errors.New("plain"), "books", 0, "title")
	f(`6:9: day text="x"`, &place.Inner{Line: 2, Column: 3, Err: place.Say("day", "text", "x")}, "books", 0, "when")
	f(`7:17: weekend`, &place.Inner{Line: 1, Column: 6, Err: place.Say("weekend")}, "books", 1, "when")
	f(`9:7: weekend`, place.Say("weekend"), "books", 1, "pages", "none")
	f(`7:5: weekend`, place.Say("weekend"), "books", 1, "title")
	f(`1:1: weekend`, place.Say("weekend"), "nothing")
}

func TestYAMLThatIsNone(t *testing.T) {
	for _, text := range []string{"version: [", "version: x", "a: 1\na: 2", "version: 1\n books: 2"} {
		if _, faults := place.Read("s.yaml", []byte(text), new(shelf)); len(faults) == 0 || !strings.HasPrefix(faults.Error(), "s.yaml:") {
			t.Errorf("%q: %v", text, faults)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("version: 1\nbooks: [{title: a}]\n")
	f.Add("books: &x\n - *x\n")
	f.Add("<<: {version: 1}\n? [a]\n: b\n")
	f.Fuzz(func(t *testing.T, text string) {
		src, faults := place.Read("s.yaml", []byte(text), new(shelf))
		for _, x := range faults {
			if x.Line < 1 || x.Column < 1 {
				t.Fatalf("%+v", x)
			}
		}
		if src != nil {
			src.At(errors.New("x"), "books", 0, "when")
		}
	})
}
