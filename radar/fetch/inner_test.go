package fetch

import (
	"net/netip"
	"testing"
)

// Nothing that lies inside is reached, in whatever form it is written, and no port but a web server's.
func TestInside(t *testing.T) {
	c := New(Config{})
	for _, a := range []string{
		"127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "0.1.2.3", "::", "10.0.0.1", "172.31.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.8",
		"198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::10.0.0.1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0",
		"fec0::1", "ff02::1", "64:ff9b::a00:1", "64:ff9b:1::a00:1", "2002:a00:1::1", "2001::1", "2001:db8::1",
	} {
		if c.mayReach(netip.MustParseAddr(a)) {
			t.Errorf("%s is reached", a)
		}
	}
	for _, a := range []string{"1.1.1.1", "103.9.76.1", "2606:4700:4700::1111", "2405:4800::1"} {
		if !c.mayReach(netip.MustParseAddr(a)) {
			t.Errorf("%s is not reached", a)
		}
	}
	for _, u := range []string{
		"http://a.example:25/", "http://a.example:22/", "http://a.example:6379x/", "http://a.example:0/", "https://a.example:53/", "ftp://a.example/", "file:///etc/passwd",
		"http://u:p@a.example/", "//a.example/", "gopher://a.example/", "http:///x",
	} {
		if _, err := parse(u); err == nil {
			t.Errorf("%s is taken", u)
		}
	}
	for _, u := range []string{"http://a.example/", "https://a.example:443/", "http://a.example:80/", "http://a.example:8080/rss"} {
		if _, err := parse(u); err != nil {
			t.Errorf("%s: %v", u, err)
		}
	}
}

// Other ways to write 127.0.0.1 are names to the dialler; what they resolve to is held against the list all the same.
func TestOddForms(t *testing.T) {
	p := &pauses{}
	c := client(p, Config{Allow: []netip.Prefix{}})
	for _, u := range []string{"http://127.0.0.1:8080/", "http://[::1]:8080/", "http://[::ffff:127.0.0.1]:8080/", "http://2130706433:8080/", "http://0x7f000001:8080/", "http://0177.0.0.1:8080/", "http://localhost:8080/"} {
		if _, err := c.Get(t.Context(), Request{URL: u}); kindOf(err) != Private && kindOf(err) != Unknown {
			t.Errorf("%s: %v", u, err)
		}
	}
}
