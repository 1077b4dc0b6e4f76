package text

import "testing"

func TestCut(t *testing.T) {
	for _, c := range []struct {
		s    string
		n    int
		want string
	}{{"", 0, ""}, {"chợ", 9, "chợ"}, {"chợ", 5, "chợ"}, {"chợ", 4, "ch"}, {"chợ", 3, "ch"}, {"chợ", 2, "ch"}, {"ợ", 1, ""}, {"a\x80\x80", 2, ""}} {
		if got := Cut(c.s, c.n); got != c.want {
			t.Errorf("Cut(%q, %d) = %q, not %q", c.s, c.n, got, c.want)
		}
	}
}
