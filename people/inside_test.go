package people

import (
	"strings"
	"testing"
	"unicode/utf8"

	"khue/problem"
	"khue/profile"

	"pgregory.net/rapid"
)

var cheap = Cost{Time: 1, Memory: 64, Threads: 1}

func FuzzParseHash(f *testing.F) {
	f.Add(hashPassword("mật khẩu", cheap))
	f.Add("$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0$aGFzaA")
	f.Add("$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$$$$$")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		c, salt, key, ok := parseHash(s)
		if ok && (c.Time == 0 || c.Threads == 0 || c.Memory > maxCostMemory || c.Time > maxCostTime || len(salt) < 8 || len(key) != keyBytes) {
			t.Fatalf("%q: %+v", s, c)
		}
	})
}

func FuzzHost(f *testing.F) {
	f.Add("https://www.bao.example/tin")
	f.Add("bao.example")
	f.Add("..")
	f.Add("javascript:alert(1)")
	f.Fuzz(func(t *testing.T, s string) {
		var l problem.List
		h := host(&l, "host", s)
		if len(l) == 0 && h != "" {
			if strings.ContainsAny(h, ":/?#@ \n\"'<>") || !strings.Contains(h, ".") {
				t.Fatalf("%q gives %q", s, h)
			}
			var again problem.List
			if host(&again, "host", h) != h && !strings.HasPrefix(h, "www.") {
				t.Fatalf("%q is not stable", h)
			}
		}
	})
}

func FuzzRank(f *testing.F) {
	f.Add("Sở Xây dựng", "so xay")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, name, query string) {
		n, q := profile.Key(name), profile.Key(query)
		if r := rank(n, q); r < -1 || r > 3 || (n != "" && n == q && r != 0) {
			t.Fatalf("%q %q: %d", n, q, r)
		}
	})
}

func TestLockLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		free := rapid.Int64Range(1, 50).Draw(t, "free")
		n := rapid.Int64Range(0, 200).Draw(t, "fails")
		d, next := lockFor(n, free), lockFor(n+1, free)
		if (n < free) != (d == 0) || next < d || d > longestLock || (d > 0 && d < firstLock) {
			t.Fatalf("%d of %d: %v, then %v", n, free, d, next)
		}
	})
}

func TestLinesAreClean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, ok := cleanLine(rapid.String().Draw(t, "s"), 50)
		if !ok {
			return
		}
		if again, ok := cleanLine(s, 50); again != s || !ok || strings.ContainsAny(s, "\r\n\x00") || !utf8.ValidString(s) || utf8.RuneCountInString(s) > 50 {
			t.Fatalf("%q", s)
		}
	})
}

func TestNetworkOfAnAddress(t *testing.T) {
	for in, want := range map[string]string{
		"203.0.113.9": "203.0.113.9", "203.0.113.9:80": "203.0.113.9", "::ffff:203.0.113.9": "203.0.113.9",
		"2001:db8:1:2:3::4": "2001:db8:1:2::/64", "[2001:db8:1:2:9::4]:99": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64", "": "", "@": "@",
	} {
		if got := network(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// The work for an address without an account is that of a real one: the same parameters.
func TestDummyCostsTheSame(t *testing.T) {
	c, _, _, ok := parseHash(hashPassword("x", DefaultCost))
	if !ok || c != DefaultCost {
		t.Fatalf("%+v %v", c, ok)
	}
	p := &Room{dummy: hashPassword("x", cheap), hashing: make(chan struct{}, 1), c: Config{Cost: cheap}}
	for _, h := range []string{"", "x", p.dummy} {
		if good, err := p.opens(t.Context(), h, "y"); good || err != nil {
			t.Fatal(h, good, err)
		}
	}
	if good, _ := p.opens(t.Context(), "", "x"); good {
		t.Fatal("the dummy's password opens an account without one")
	}
	if good, _ := p.opens(t.Context(), hashPassword("h\u00f2a b\u00ecnh 1954", cheap), "ho\u0300a bi\u0300nh 1954"); !good {
		t.Fatal("a password typed in decomposed letters does not open")
	}
}
