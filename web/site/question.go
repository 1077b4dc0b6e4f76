package site

import (
	"net/url"
	"slices"
	"strings"

	"khue/web/frame"
)

// What is asked of a page in its query has no end, so that it has a place of its own: whoever asks for ever new things pushes out
// no page that others read.
const (
	maxAsked      = 500
	maxAskedBytes = 16 << 20
)

// parameters are those that public pages read.
var parameters = []string{"after", "before", "compare", "day", "edition", "kind", "lang", "month", "office", "q", "topic", "verdict"}

// question gives where an answer is kept and under which key. Parameters that no page reads are taken from the request, so that they
// make no page of their own; the programs' face reads its own and refuses others.
func (s *Site) question(r *frame.Request) (*cache, string) {
	if r.URL.RawQuery == "" {
		return s.pages, string(r.Lang) + r.Path
	}
	if !strings.HasPrefix(r.Path, "/api") {
		known := url.Values{}
		for name, list := range r.URL.Query() {
			if len(list) > 0 && list[0] != "" && slices.Contains(parameters, name) {
				known.Set(name, list[0])
			}
		}
		address := *r.URL
		address.RawQuery = known.Encode()
		r.Request = r.WithContext(r.Context())
		r.URL = &address
		if address.RawQuery == "" {
			return s.pages, string(r.Lang) + r.Path
		}
	}
	return s.asked, string(r.Lang) + r.Path + "?" + r.URL.RawQuery
}
