package websub

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the one method that every hub knows; the secret is random and long
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Links are what a feed says of how it is pushed.
type Links struct {
	Hub  string // "" when none is declared
	Self string // the topic's address, "" when it is not said
}

// FromHeader reads Link headers; the first of each relation counts. base is the address that they came from.
func FromHeader(headers []string, base string) Links {
	var l Links
	at, err := url.Parse(base)
	if err != nil {
		return l
	}
	for _, h := range headers {
		for _, one := range split(h) {
			target, params, ok := strings.Cut(strings.TrimSpace(one), ">")
			target, begins := strings.CutPrefix(target, "<")
			if !ok || !begins {
				continue
			}
			u, err := at.Parse(strings.TrimSpace(target))
			if err != nil || !web(u) {
				continue
			}
			for _, rel := range relations(params) {
				switch {
				case rel == "hub" && l.Hub == "":
					l.Hub = u.String()
				case rel == "self" && l.Self == "":
					l.Self = u.String()
				}
			}
		}
	}
	return l
}

// split parts a Link header at commas outside of <> and quotes.
func split(h string) []string {
	if len(h) > 8<<10 {
		h = h[:8<<10]
	}
	var out []string
	from, angle, quoted := 0, false, false
	for i := range len(h) {
		switch c := h[i]; {
		case c == '"' && !angle:
			quoted = !quoted
		case c == '<' && !quoted:
			angle = true
		case c == '>' && !quoted:
			angle = false
		case c == ',' && !angle && !quoted:
			out = append(out, h[from:i])
			from = i + 1
		}
	}
	return append(out, h[from:])
}

func relations(params string) []string {
	for p := range strings.SplitSeq(params, ";") {
		name, v, ok := strings.Cut(p, "=")
		if ok && strings.EqualFold(strings.TrimSpace(name), "rel") {
			return strings.Fields(strings.ToLower(strings.Trim(strings.TrimSpace(v), `"`)))
		}
	}
	return nil
}

func web(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil
}

// Declared puts together what the headers and the feed itself say; the headers come first (section 4).
func Declared(headers []string, base, feedHub, feedSelf string) Links {
	l := FromHeader(headers, base)
	if l.Hub == "" {
		l.Hub = feedHub
	}
	if l.Self == "" {
		l.Self = feedSelf
	}
	for _, p := range []*string{&l.Hub, &l.Self} {
		if u, err := url.Parse(*p); err != nil || !web(u) || len(*p) > 2000 {
			*p = ""
		}
	}
	return l
}

// Ask is a request to a hub (section 5.1).
type Ask struct {
	Callback string
	Topic    string
	Secret   string
	Lease    time.Duration
	Leave    bool // unsubscribe
}

// Form gives the request's form.
func (a Ask) Form() url.Values {
	v := url.Values{"hub.callback": {a.Callback}, "hub.topic": {a.Topic}, "hub.mode": {"subscribe"}}
	if a.Leave {
		v.Set("hub.mode", "unsubscribe")
		return v
	}
	v.Set("hub.secret", a.Secret)
	v.Set("hub.lease_seconds", strconv.Itoa(int(a.Lease/time.Second)))
	return v
}

// Verification is what a hub asks or tells by GET (section 5.3).
type Verification struct {
	Mode      string // "subscribe", "unsubscribe" or "denied"
	Topic     string
	Challenge string
	Lease     time.Duration // 0 when the hub does not say
	Reason    string        // of a refusal
}

// maxLease bounds what is believed of a lease.
const maxLease = 90 * 24 * time.Hour

// ReadVerification reads a hub's question; ok is false when it is none.
func ReadVerification(q url.Values) (v Verification, ok bool) {
	v = Verification{Mode: q.Get("hub.mode"), Topic: q.Get("hub.topic"), Challenge: q.Get("hub.challenge"), Reason: q.Get("hub.reason")}
	if n, err := strconv.Atoi(q.Get("hub.lease_seconds")); err == nil && n > 0 {
		v.Lease = min(time.Duration(min(n, int(maxLease/time.Second)))*time.Second, maxLease)
	}
	switch v.Mode {
	case "subscribe", "unsubscribe":
		return v, v.Topic != "" && v.Challenge != "" && len(v.Challenge) <= 4096
	case "denied":
		return v, v.Topic != ""
	}
	return v, false
}

// methods are those of section 7.1.
var methods = map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}

// Signed says whether a notification's X-Hub-Signature is right for its body. A missing or unknown method is wrong.
func Signed(header, secret string, body []byte) bool {
	method, given, ok := strings.Cut(strings.TrimSpace(header), "=")
	m := methods[strings.ToLower(method)]
	if !ok || m == nil || secret == "" {
		return false
	}
	mac, err := hex.DecodeString(given)
	if err != nil {
		return false
	}
	return hmac.Equal(mac, sum(m, secret, body))
}

func sum(m func() hash.Hash, secret string, body []byte) []byte {
	h := hmac.New(m, []byte(secret))
	h.Write(body)
	return h.Sum(nil)
}

// Sign gives the header of a notification, as hubs write it; method is one of sha1, sha256, sha384, sha512. "" for another.
func Sign(method, secret string, body []byte) string {
	m := methods[method]
	if m == nil {
		return ""
	}
	return method + "=" + hex.EncodeToString(sum(m, secret, body))
}

// RenewAt gives when a lease is asked for again: in its last tenth, or its last day where that is shorter.
func RenewAt(from time.Time, lease time.Duration) time.Time {
	return from.Add(max(lease*9/10, lease-24*time.Hour))
}
