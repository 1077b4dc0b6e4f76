package radar

import (
	"encoding/json"
	"errors"
	"net/url"
	"path"
	"slices"
	"strings"

	"khue/problem"
	"khue/radar/listing"
	"khue/radar/social"
	"khue/radar/table"
)

// SourceKind is the way in which a source's words come to us.
type SourceKind string

// The kinds of sources; their words stand in the catalogue under "source.kind.<kind>".
const (
	KindFeed     SourceKind = "feed"     // RSS, Atom, RDF, JSON Feed
	KindSitemap  SourceKind = "sitemap"  // a sitemap, of news or with times
	KindPage     SourceKind = "page"     // a page that lists, read by selectors
	KindYouTube  SourceKind = "youtube"  // a channel's feed
	KindMastodon SourceKind = "mastodon" // a public timeline or tag
	KindBluesky  SourceKind = "bluesky"  // Jetstream through a filter
	KindTelegram SourceKind = "telegram" // a public channel's export, uploaded
	KindUpload   SourceKind = "upload"   // tables, uploaded
	KindPush     SourceKind = "push"     // programs send it
	KindHand     SourceKind = "hand"     // people write down what they heard
	KindCitizen  SourceKind = "citizen"  // citizens' reports
)

// SourceKinds lists those that people may add, in the order of the form. Sources of what is heard by hand, and of citizens' reports, come
// into being by themselves.
var SourceKinds = []SourceKind{KindFeed, KindSitemap, KindPage, KindYouTube, KindMastodon, KindBluesky, KindTelegram, KindUpload, KindPush}

// Visited says whether we go to the source; what is not visited comes by itself.
func (k SourceKind) Visited() bool {
	switch k {
	case KindFeed, KindSitemap, KindPage, KindYouTube, KindMastodon:
		return true
	}
	return false
}

// Uploads says whether files are uploaded for the source.
func (k SourceKind) Uploads() bool { return k == KindTelegram || k == KindUpload }

// posts says whether what comes is whole as it comes: a post, or what somebody wrote down, has no article behind it.
func (k SourceKind) posts() bool {
	switch k {
	case KindYouTube, KindMastodon, KindBluesky, KindTelegram, KindCitizen:
		return true
	}
	return false
}

// Trust (độ tin cậy) is how far the centre relies on a source; a person sets it.
type Trust string

// The levels; their words stand in the catalogue under "source.trust.<level>".
const (
	Official Trust = "official" // a public body's own
	Press    Trust = "press"    // a licensed outlet
	Known    Trust = "known"    // known for long, of others
	Unknown  Trust = "unknown"  // nobody has judged it yet
	Doubtful Trust = "doubtful" // was often wrong
)

// Trusts lists the levels in the order of the form.
var Trusts = []Trust{Official, Press, Known, Unknown, Doubtful}

// Settings are what a kind needs to know beside the address. They are kept as JSON with their version.
type Settings struct {
	Version int            `json:"v"`
	Page    *listing.Rules `json:"page,omitempty"`
	Filter  *social.Filter `json:"filter,omitempty"`
	Columns *table.Mapping `json:"columns,omitempty"` // of the last table that was taken in
}

const (
	settingsVersion = 1
	maxSettings     = 64 << 10
)

// errSettings says that settings were written by a newer program, or are none.
var errSettings = errors.New("radar: settings of a source cannot be read")

func (s Settings) text() string {
	s.Version = settingsVersion
	data, err := json.Marshal(s)
	if err != nil { // strings and numbers cannot fail
		return "{}"
	}
	return string(data)
}

// ReadSettings reads settings as they are kept and exported; "" and "{}" are none.
func ReadSettings(text string) (Settings, error) {
	var s Settings
	if text == "" || text == "{}" {
		return s, nil
	}
	if len(text) > maxSettings {
		return s, errSettings
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil || s.Version > settingsVersion {
		return Settings{}, errors.Join(errSettings, err)
	}
	return s, nil
}

// checkSettings holds settings against what their kind needs; each fault is named by its field.
func checkSettings(k SourceKind, s Settings) error {
	if len(s.text()) > maxSettings {
		return problem.Of("settings", problem.Invalid, "why", "@radar.too-long")
	}
	switch k {
	case KindPage:
		if s.Page == nil {
			return problem.Of("item", problem.Required)
		}
		if _, err := listing.Compile(*s.Page); err != nil {
			var bad *listing.BadRule
			if errors.As(err, &bad) {
				return wrong(bad.Field, "@source.bad-selector", err)
			}
			return err
		}
	case KindBluesky:
		if s.Filter == nil {
			return problem.Of("words", problem.Required)
		}
		if _, err := s.Filter.Compile(); err != nil {
			return wrong("words", "@source.no-filter", err)
		}
	}
	return nil
}

// wrong makes the problem of a field with its hidden cause.
func wrong(field, why string, cause error) error {
	p := problem.Of(field, problem.Invalid, "why", why)
	p.Err = cause
	return p
}

// GuessKind says by its address alone what an address most likely is; KindFeed when nothing speaks for anything else.
func GuessKind(address string) SourceKind {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil {
		return KindFeed
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	base := strings.ToLower(path.Base(u.Path))
	switch {
	case u.Scheme == "ws" || u.Scheme == "wss":
		return KindBluesky
	case host == "youtube.com" || host == "m.youtube.com" || host == "youtu.be":
		return KindYouTube
	case host == "t.me" || host == "telegram.me":
		return KindTelegram
	case strings.Contains(base, "sitemap") && (strings.HasSuffix(base, ".xml") || strings.HasSuffix(base, ".xml.gz")):
		return KindSitemap
	}
	if _, ok := social.TimelineOf(address); ok {
		return KindMastodon
	}
	return KindFeed
}

// places are where things are heard by hand: what has no feed. Their words stand in the catalogue under "hear.place.<place>".
var places = []string{"facebook", "tiktok", "zalo", "youtube", "x", "instagram", "threads", "forum", "street", "phone", "paper", "other"}

// Places lists where things are heard by hand, in the order of the form.
func Places() []string { return slices.Clone(places) }

// GuessPlace says by its address where something was heard; "" when the address does not tell.
func GuessPlace(address string) string {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	for _, p := range []struct{ place, domains string }{
		{"facebook", "facebook.com fb.com fb.watch fb.me"},
		{"tiktok", "tiktok.com"},
		{"zalo", "zalo.me zaloapp.com"},
		{"youtube", "youtube.com youtu.be"},
		{"x", "x.com twitter.com t.co"},
		{"instagram", "instagram.com"},
		{"threads", "threads.net threads.com"},
	} {
		for d := range strings.FieldsSeq(p.domains) {
			if host == d || strings.HasSuffix(host, "."+d) {
				return p.place
			}
		}
	}
	return ""
}
