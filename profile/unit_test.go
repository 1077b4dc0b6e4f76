package profile_test

import (
	"slices"
	"testing"

	"khue/profile"
)

func TestLookup(t *testing.T) {
	u, err := profile.LoadUnits(profile.Hanoi())
	if err != nil {
		t.Fatal(err)
	}
	if len(u.All) != 126 || len(u.Former) != 795 {
		t.Fatalf("%d units, %d former", len(u.All), len(u.Former))
	}
	f := func(name, want string) {
		t.Helper()
		if got := u.Lookup(name); !slices.ContainsFunc(got, func(x profile.Unit) bool { return x.Code == want }) {
			t.Errorf("%s: %v lacks %s", name, got, want)
		}
	}
	f("Phường Ba Đình", "00004")
	f("P. Ba Dinh", "00004")
	f("yen hoà", "00175")
	f("Phường Trúc Bạch", "00004")
	f("phường Trúc Bạch, quận Ba Đình", "00004")
	f("Quận Ba Đình", "00008")
	if got := u.Lookup("Phường Ba Đình"); got[0].Code != "00004" {
		t.Errorf("today's name is not first: %v", got)
	}
	if got := u.Lookup("Không Đâu"); got != nil {
		t.Errorf("found %v", got)
	}
}
