package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"khue/claim"
	"khue/inquiry"
	"khue/internal/house"
	"khue/ledger"
	"khue/people"
	"khue/radar"
	"khue/regulation"
	"khue/release"
	"khue/store/storetest"
)

// tell tells the whole demo in a house on one engine.
func tell(t *testing.T, database string) (*Demo, *house.House) {
	t.Helper()
	d, err := New(time.Date(2026, 11, 9, 12, 0, 0, 0, zone))
	if err != nil {
		t.Fatal(err)
	}
	h, err := house.Open(t.Context(), d.Config(house.Config{
		Dir: t.TempDir(), Database: database, Origin: "http://localhost:8080", LogName: "khue.example/log", Cost: people.Cost{Memory: 64, Time: 1, Threads: 1},
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	start := time.Now()
	if err := d.Tell(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	t.Logf("told in %s", time.Since(start))
	return d, h
}

// TestDemo tells the whole demo in a house on every engine, counts what stands there at the end, checks the log, and holds what
// both engines say against each other.
func TestDemo(t *testing.T) {
	d, h := tell(t, "")
	if n := d.Press.size(); n < 600 {
		t.Errorf("%d articles", n)
	}
	count(t, h)
	check(t, h)
	silent(t, d, h)
	if err := d.Tell(t.Context(), h); err == nil {
		t.Error("a house that is not empty is filled again")
	}
	t.Run("postgres", func(t *testing.T) {
		_, other := tell(t, storetest.PostgresAddress(t))
		count(t, other)
		check(t, other)
		for _, q := range alike {
			a, b := lines(t, h, q), lines(t, other, q)
			if len(a) == 0 {
				t.Errorf("nothing to compare: %s", q)
			}
			if !slices.Equal(a, b) {
				t.Errorf("%s\nSQLite     %d lines\nPostgreSQL %d lines\n%s", q, len(a), len(b), firstDifference(a, b))
			}
		}
	})
}

// alike are questions that both engines must answer alike after the same demo: ids are made up anew in each, what is said and
// when, in which state and how often, is not.
var alike = []string{
	`SELECT code, kind, state, office FROM release ORDER BY code`,
	`SELECT code, kind, state, office, subject FROM inquiry ORDER BY code`,
	`SELECT code, state, statement FROM claim ORDER BY code`,
	`SELECT kind, office, state, opened, due, ended, title FROM duty ORDER BY opened, kind, office, due, title, state`,
	`SELECT id, title, published, clamped, story, copy_of FROM mention ORDER BY id`,
	`SELECT id, headline, merged_into, first_at, last_at, mentions, voices, sources FROM story ORDER BY id`,
	`SELECT story, topic, field, sentences, terms, facets FROM story_about ORDER BY story`,
	`SELECT story, kind, code, texts FROM story_name ORDER BY story, kind, code`,
	`SELECT vi, en, state, shared FROM story_pair ORDER BY vi, en`,
	`SELECT story, kind, words FROM story_event ORDER BY at, kind, words`,
	`SELECT kind, public, COUNT(*) FROM ledger_entry GROUP BY kind, public ORDER BY kind, public`,
	`SELECT name, n FROM counter ORDER BY name`,
	`SELECT w.query, h.n, h.mention, h.at FROM watch_hit h JOIN watch w ON w.id = h.watch ORDER BY w.query, h.n`,
}

// lines gives the rows of an answer as lines, in the order of their bytes: engines sort texts each in their own way.
func lines(t *testing.T, h *house.House, query string) []string {
	t.Helper()
	rows, err := h.DB.Query(t.Context(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, v := range values {
			fmt.Fprintf(&b, "%v | ", *v.(*any))
		}
		list = append(list, b.String())
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

func firstDifference(a, b []string) string {
	for i := range max(len(a), len(b)) {
		x, y := "(none)", "(none)"
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return x + "\n" + y
		}
	}
	return ""
}

// check proves the log: every entry stands in it as it was written.
func check(t *testing.T, h *house.House) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.Ledger.Run(ctx) }() // what was told last may wait for its number
	var n int64
	if err := h.DB.QueryRow(ctx, `SELECT COUNT(*) FROM ledger_entry`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	for {
		changed := h.Ledger.Changed()
		if h.Ledger.Size() >= n {
			break
		}
		<-changed
	}
	stop()
	<-done
	rep, err := ledger.Check(t.Context(), h.DB, h.Ledger.PublicKey())
	if err != nil || rep.Entries != n {
		t.Errorf("%d entries, want %d: %v", rep.Entries, n, err)
	}
}

func count(t *testing.T, h *house.House) {
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
	heard := 0
	for _, one := range sources {
		if !one.Kind.Visited() && !one.Last.IsZero() { // by hand, by citizens, by a service
			heard++
		}
	}
	if heard != 8 {
		t.Errorf("%d sources came by themselves", heard)
	}
	sources = slices.DeleteFunc(sources, func(s radar.Source) bool { return !s.Kind.Visited() })
	if err != nil || len(sources) != 13 {
		t.Errorf("%d sources, %v", len(sources), err)
	}
	watches, err := h.Radar.Watches(ctx, duty)
	if err != nil || len(watches) != 2 || watches[0].Week < 3 || watches[1].Week < 3 {
		t.Errorf("%+v %v", watches, err)
	}
	for _, s := range sources {
		if s.Fault != "" {
			t.Errorf("%s: %s", s.Name, s.Fault)
		}
	}
}
