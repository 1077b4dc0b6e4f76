package websub

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestFromHeader(t *testing.T) {
	for _, c := range []struct {
		headers   []string
		hub, self string
	}{
		{nil, "", ""},
		{[]string{`<https://hub.example/>; rel="hub", <https://bao.example/rss>; rel="self"`}, "https://hub.example/", "https://bao.example/rss"},
		{[]string{`<https://hub.example/>; rel=hub`, `</rss?a=1,2>; rel="alternate self"; title="a, b"`}, "https://hub.example/", "https://bao.example/rss?a=1,2"},
		{[]string{`<https://one.example/>; rel="hub"`, `<https://two.example/>; rel="hub"`}, "https://one.example/", ""},
		{[]string{`<ftp://hub.example/>; rel="hub", <javascript:x>; rel=self`}, "", ""},
		{[]string{`https://hub.example/; rel=hub`, `<https://hub.example/`, `;;;,,,`, `<>; rel=`}, "", ""},
		{[]string{`<https://hub.example/>; REL="HUB"`}, "https://hub.example/", ""},
	} {
		if l := FromHeader(c.headers, "https://bao.example/feed"); l.Hub != c.hub || l.Self != c.self {
			t.Errorf("%q: %+v", c.headers, l)
		}
	}
}

func TestDeclared(t *testing.T) {
	l := Declared([]string{`<https://hub.example/>; rel=hub`}, "https://bao.example/rss", "https://other.example/", "https://bao.example/self")
	if l.Hub != "https://hub.example/" || l.Self != "https://bao.example/self" {
		t.Errorf("%+v", l)
	}
	if l := Declared(nil, "https://bao.example/rss", "not an address", "mailto:a@b.example"); l != (Links{}) {
		t.Errorf("%+v", l)
	}
}

func TestSigned(t *testing.T) {
	body := []byte("<feed/>")
	for method := range methods {
		if s := Sign(method, "bí mật", body); !Signed(s, "bí mật", body) || Signed(s, "khác", body) || Signed(s, "bí mật", []byte("<feed> </feed>")) || !Signed(strings.ToUpper(s), "bí mật", body) {
			t.Errorf("%s: %s", method, s)
		}
	}
	// RFC 2202, test case 2.
	if Sign("sha1", "Jefe", []byte("what do ya want for nothing?")) != "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" {
		t.Error("not HMAC-SHA1")
	}
	for _, h := range []string{"", "sha1", "sha1=", "sha1=zz", "md5=00", "sha256=" + strings.Repeat("0", 64), "=", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"} {
		if Signed(h, "bí mật", body) {
			t.Errorf("%q", h)
		}
	}
	if Signed(Sign("sha1", "", body), "", body) {
		t.Error("without a secret nothing is signed")
	}
}

func TestAskAndVerify(t *testing.T) {
	f := Ask{Callback: "https://khue.example/hub/x", Topic: "https://bao.example/rss", Secret: "s", Lease: 240 * time.Hour}.Form()
	if f.Get("hub.mode") != "subscribe" || f.Get("hub.lease_seconds") != "864000" || f.Get("hub.secret") != "s" {
		t.Errorf("%v", f)
	}
	if f := (Ask{Leave: true, Secret: "s"}).Form(); f.Get("hub.mode") != "unsubscribe" || f.Has("hub.secret") {
		t.Errorf("%v", f)
	}
	for in, want := range map[string]bool{
		"hub.mode=subscribe&hub.topic=t&hub.challenge=c&hub.lease_seconds=60": true, "hub.mode=subscribe&hub.topic=t": false, "hub.mode=denied&hub.topic=t&hub.reason=no": true, "hub.mode=publish&hub.topic=t&hub.challenge=c": false, "": false,
		"hub.mode=subscribe&hub.topic=t&hub.challenge=" + strings.Repeat("c", 5000): false,
	} {
		q, err := url.ParseQuery(in)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := ReadVerification(q); ok != want {
			t.Errorf("%.60s: %v", in, ok)
		}
	}
	v, _ := ReadVerification(url.Values{"hub.mode": {"subscribe"}, "hub.topic": {"t"}, "hub.challenge": {"c"}, "hub.lease_seconds": {"99999999999"}})
	if v.Lease != maxLease {
		t.Errorf("%s", v.Lease)
	}
}

func TestRenewAt(t *testing.T) {
	from := time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC)
	if got := RenewAt(from, 240*time.Hour); !got.Equal(from.Add(216 * time.Hour)) {
		t.Errorf("%s", got)
	}
	if got := RenewAt(from, 10*time.Hour); !got.Equal(from.Add(9 * time.Hour)) {
		t.Errorf("%s", got)
	}
}

func FuzzFromHeader(f *testing.F) {
	f.Add(`<https://hub.example/>; rel="hub", </rss>; rel=self`)
	f.Fuzz(func(t *testing.T, h string) {
		for _, got := range []string{FromHeader([]string{h}, "https://bao.example/").Hub, FromHeader([]string{h}, "https://bao.example/").Self} {
			if got != "" && !strings.HasPrefix(got, "http") {
				t.Fatal(got)
			}
		}
	})
}
