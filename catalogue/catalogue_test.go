package catalogue

import (
	"strings"
	"testing"
	"testing/fstest"

	"khue/problem"
)

func TestLanguagesAgree(t *testing.T) {
	if err := Check(); err != nil {
		t.Fatal(err)
	}
}

func TestFill(t *testing.T) {
	f := func(s, want string, args ...any) {
		t.Helper()
		if got := fill(s, args); got != want {
			t.Errorf("fill(%q) = %q, want %q", s, got, want)
		}
	}
	f("còn {n} giờ", "còn 3 giờ", "n", 3)
	f("{a} và {b}", "1 và {b}", "a", 1)
	f("mở { ngoặc", "mở { ngoặc", "a", 1)
	f("{a}", "{b}", "a", "{b}", "b", "không thay hai lần")
	f("không có gì", "không có gì")
}

func TestMissingKeyIsSeen(t *testing.T) {
	if got := VI.T("no.such.key"); got != "⟦no.such.key⟧" {
		t.Fatal(got)
	}
}

func TestProblemInWords(t *testing.T) {
	if got := EN.Problem(problem.New(problem.Rate, "seconds", "9")); got != "Too fast; wait 9 seconds." {
		t.Fatal(got)
	}
	var l problem.List
	l.Add("title", problem.Required)
	l.Add("file", problem.Size, "n", "10")
	if got := VI.Error(l); !strings.Contains(got, "Quá 10 MB.") || strings.Count(got, "\n") != 1 {
		t.Fatal(got)
	}
}

func TestKeyTwiceIsRefused(t *testing.T) {
	fsys := fstest.MapFS{"vi/a.yaml": {Data: []byte("k: một")}, "vi/b.yaml": {Data: []byte("k: hai")}}
	if _, err := read(fsys, "vi"); err == nil || !strings.Contains(err.Error(), "a.yaml") || !strings.Contains(err.Error(), "b.yaml") {
		t.Fatalf("a key in two files must name both, got %v", err)
	}
}
