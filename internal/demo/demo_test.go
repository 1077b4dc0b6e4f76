package demo

import (
	"testing"
	"time"

	"khue/claim"
	"khue/inquiry"
	"khue/internal/house"
	"khue/people"
	"khue/radar"
	"khue/regulation"
	"khue/release"
)

// TestDemo tells the whole demo in a house and counts what stands there at the end.
func TestDemo(t *testing.T) {
	end := time.Date(2026, 11, 9, 12, 0, 0, 0, zone)
	d, err := New(end)
	if err != nil {
		t.Fatal(err)
	}
	if n := d.Press.size(); n < 600 {
		t.Errorf("%d articles", n)
	}
	h, err := house.Open(t.Context(), d.Config(house.Config{Dir: t.TempDir(), Origin: "http://localhost:8080", LogName: "khue.example/log", Cost: people.Cost{Memory: 64, Time: 1, Threads: 1}}))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	start := time.Now()
	if err := d.Tell(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	t.Logf("told in %s", time.Since(start))
	count(t, d, h)
	if err := d.Tell(t.Context(), h); err == nil {
		t.Error("a house that is not empty is filled again")
	}
}

func count(t *testing.T, d *Demo, h *house.House) {
	t.Helper()
	ctx := t.Context()
	duty := regulation.Actor{ID: "x", Kind: regulation.Person, Posts: []regulation.Post{{Role: regulation.DutyOfficer, Office: "TTBC"}, {Role: regulation.Editor, Office: "TTBC"}, {Role: regulation.Analyst, Office: "TTBC"}}}
	releases, _, err := h.Releases.List(ctx, duty, release.Filter{Limit: 200})
	if err != nil || len(releases) < 40 {
		t.Errorf("%d releases, %v", len(releases), err)
	}
	states := map[release.State]int{}
	for _, r := range releases {
		states[r.State]++
	}
	for _, s := range []release.State{release.Published, release.Corrected, release.Withdrawn, release.Scheduled, release.Awaiting, release.Submitted} {
		if states[s] == 0 {
			t.Errorf("no release is %s: %v", s, states)
		}
	}
	questions, err := h.Inquiries.List(ctx, duty, inquiry.Filter{Limit: 500})
	if err != nil || len(questions) < 30 {
		t.Errorf("%d inquiries, %v", len(questions), err)
	}
	claims, err := h.Claims.List(ctx, duty, claim.ListFilter{})
	if err != nil || len(claims) < 12 {
		t.Errorf("%d claims, %v", len(claims), err)
	}
	linked := 0
	for _, c := range claims {
		if c.Story != "" {
			linked++
		}
	}
	if linked < 4 {
		t.Errorf("%d claims know their story", linked)
	}
	page, err := h.Radar.Stories(ctx, duty, 10, 100, radar.StoryCursor{})
	if err != nil || len(page.Stories) < 10 {
		t.Errorf("%d large stories, %v", len(page.Stories), err)
	}
	sources, err := h.Radar.Sources(ctx, duty)
	if err != nil || len(sources) != 12 {
		t.Errorf("%d sources, %v", len(sources), err)
	}
	for _, s := range sources {
		if s.Fault != "" {
			t.Errorf("%s: %s", s.Name, s.Fault)
		}
	}
}
