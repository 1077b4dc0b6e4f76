package api_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"khue/web/api"
)

// TestExamples runs every example of the documentation page: together they are the whole loop by the API.
func TestExamples(t *testing.T) {
	k := open(t)
	chapters, ids := api.AllExamples(k.Site)
	seen := map[string]bool{}
	for _, chapter := range chapters {
		have := map[string]string{}
		skip := false
		for _, e := range chapter {
			seen[e.Op] = true
			if skip {
				skip = false
				continue
			}
			fill := func(s string) string {
				for name, v := range have {
					s = strings.ReplaceAll(s, "{"+name+"}", v)
				}
				return s
			}
			if e.Example.Wait > 0 {
				k.Clock.Add(e.Example.Wait)
				if err := errors.Join(k.Releases.RunSchedule(k.Ctx), k.Claims.Leave(k.Ctx)); err != nil {
					t.Fatal(err)
				}
				if _, err := k.Ledger.Sign(k.Ctx); err != nil {
					t.Fatal(err)
				}
				n := k.Ledger.Size()
				k.Until(t, func() bool { return k.Insight.Loaded() && k.Ledger.SignedSize() >= n })
			}
			if e.Op == "stories" {
				k.Until(t, func() bool {
					return strings.Contains(string(k.call(t, http.MethodGet, e.Path, e.As, "").Body), "headline")
				})
			}
			if e.Op == "story-topic" { // the story is read soon after it was heard
				k.Until(t, func() bool {
					return strings.Contains(string(k.call(t, http.MethodGet, fill("/api/desk/stories/{story}"), e.As, "").Body), `"about"`)
				})
			}
			var headers []string
			if name, v, ok := strings.Cut(fill(e.Header), ": "); ok {
				headers = []string{name, v}
			}
			var r reply
			if e.File != "" {
				r = k.upload(t, e.As, "bien-ban.txt", e.File, headers...)
			} else {
				r = k.call(t, e.Method, fill(e.Path), e.As, fill(e.Body), headers...)
			}
			if e.Method == http.MethodGet && (r.Status == http.StatusNotFound || r.Status == http.StatusServiceUnavailable) && e.Example.Status == 0 {
				// What was just published is on its way to the library of sealed texts.
				k.Until(t, func() bool {
					r = k.call(t, e.Method, fill(e.Path), e.As, fill(e.Body), headers...)
					return r.Status/100 == 2
				})
			}
			if skip = e.Example.Late && r.Status == http.StatusConflict; skip {
				continue
			}
			want := e.Example.Status
			if want == 0 && r.Status/100 == 2 {
				want = r.Status
			}
			if r.Status != want {
				t.Fatalf("%s %s by %q: %d\n%s\n%s", e.Method, fill(e.Path), e.As, r.Status, fill(e.Body), r.Body)
			}
			m := r.is(t, r.Status)
			if v, ok := m["version"]; ok && e.Method == http.MethodPost {
				have["version"] = fmt.Sprint(v)
			}
			for name, path := range e.Keep {
				v := at(m, path)
				if v == nil {
					t.Fatalf("%s: no %s in %s", e.Op, path, r.Body)
				}
				have[name] = fmt.Sprint(v)
			}
		}
	}
	for _, id := range ids {
		if !seen[id] {
			t.Errorf("operation %s has no example", id)
		}
	}
}
