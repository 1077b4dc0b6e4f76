package regulation_test

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"khue/internal/testkit"
	"khue/problem"
	"khue/profile"
	"khue/regulation"
	"khue/store"
)

var clerk = testkit.Centre("an", regulation.DutyOfficer)

type house struct {
	*testkit.Kit
	*regulation.Duties
}

func each(t *testing.T, f func(t *testing.T, h house)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		f(t, house{k, regulation.NewDuties(regulation.DutyConfig{DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Deadlines: k.Deadlines, Now: k.Clock.Now})})
	})
}

func (h house) write(t *testing.T, f func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := h.DB.Write(h.Ctx, f); err != nil {
		t.Fatal(err)
	}
}

func (h house) trigger(t *testing.T, e regulation.Event) (opened []regulation.Duty) {
	t.Helper()
	h.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
		opened, err = h.Trigger(ctx, tx, clerk, e)
		return err
	})
	return opened
}

func (h house) only(t *testing.T, thing string) regulation.Duty {
	t.Helper()
	list, err := h.Of(h.Ctx, h.DB, thing)
	if err != nil || len(list) != 1 {
		t.Fatalf("%s: %v %v", thing, list, err)
	}
	return list[0]
}

func (h house) tick(t *testing.T) {
	t.Helper()
	if err := h.Tick(h.Ctx); err != nil {
		t.Fatal(err)
	}
}

// since gives "kind stage" of the entries after the first n.
func (h house) since(t *testing.T, n int) string {
	t.Helper()
	var list []string
	for _, r := range h.Records(t)[n:] {
		var b regulation.DutyEntry
		if err := r.Decode(&b); err != nil || r.Public {
			t.Fatalf("%+v: %v", r, err)
		}
		list = append(list, strings.TrimSpace(strings.TrimPrefix(r.Kind, "duty.")+" "+b.Stage))
	}
	return strings.Join(list, ", ")
}

func question(thing string) regulation.Event {
	return regulation.Event{Kind: "inquiry.accepted", Thing: thing, Office: "SXD", Title: "Hỏi về cầu", Facts: map[string]any{"asker": "press", "kind": "question", "urgent": true, "complex": false}}
}

func TestEventsOpenDuties(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		f := func(kind string, facts map[string]any, want string) {
			t.Helper()
			var got []string
			for _, y := range h.trigger(t, regulation.Event{Kind: kind, Thing: "x/" + want, Office: "SXD", Facts: facts}) {
				got = append(got, y.Kind+" "+y.Office+" "+y.Mark+" "+y.Due.Sub(h.Clock.Now()).String())
			}
			if s := strings.Join(got, ", "); s != want {
				t.Errorf("%s %v: %q, want %q", kind, facts, s, want)
			}
		}
		f("claim.opened", map[string]any{"urgent": true, "impact": "none"}, "evidence SXD own 4h0m0s")
		f("claim.opened", map[string]any{"urgent": false, "impact": "none"}, "evidence SXD own 64h0m0s")
		f("claim.opened", map[string]any{"urgent": false, "impact": "major"}, "evidence SXD law 24h0m0s")
		f("claim.opened", map[string]any{"urgent": false, "impact": "divided"}, "evidence SXD law 24h0m0s")
		f("inquiry.accepted", map[string]any{"asker": "press", "urgent": true, "kind": "question", "complex": false}, "answer SXD own 24h0m0s")
		f("inquiry.accepted", map[string]any{"asker": "citizen", "urgent": false, "kind": "question", "complex": false}, "answer SXD own 184h0m0s")
		f("inquiry.accepted", map[string]any{"asker": "citizen", "urgent": false, "kind": "access", "complex": true}, "answer SXD law 520h0m0s")
		f("inquiry.accepted", map[string]any{"asker": "press", "urgent": false, "kind": "demand", "complex": false}, "answer SXD law 736h0m0s")
		f("inquiry.accepted", map[string]any{"asker": "office", "urgent": false, "kind": "matter", "complex": false}, "report SXD own 184h0m0s")
		f("inquiry.asked-unverified", nil, "verify TTBC own 40h0m0s")
		f("release.submitted", nil, "take TTBC own 4h0m0s")
		f("people.spokesperson-assigned", nil, "publish-spokesperson SXD law 24h0m0s")
		f("nothing.happened", nil, "")
	})
}

func TestDutyLife(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		first := h.trigger(t, question("inquiry/1"))
		if len(first) != 1 || len(h.trigger(t, question("inquiry/1"))) != 0 {
			t.Fatal("the same duty was opened twice")
		}
		due := first[0].Due
		pause := func(ctx context.Context, tx *store.Tx) error { return h.Pause(ctx, tx, clerk, "inquiry/1") }
		resume := func(ctx context.Context, tx *store.Tx) error { return h.Resume(ctx, tx, clerk, "inquiry/1") }
		h.write(t, pause)
		h.write(t, pause)
		h.Clock.Add(48 * time.Hour)
		h.tick(t) // a paused clock is not called
		h.write(t, resume)
		h.write(t, resume)
		if y := h.only(t, "inquiry/1"); !y.Due.Equal(due.Add(48*time.Hour)) || y.State != regulation.DutyRunning {
			t.Errorf("resumed: %s %s", y.State, y.Due)
		}
		h.write(t, func(ctx context.Context, tx *store.Tx) error { return h.Reassign(ctx, tx, clerk, "inquiry/1", "SYT") })
		h.Clock.Add(13 * time.Hour)
		h.tick(t)
		h.tick(t)
		h.write(t, func(ctx context.Context, tx *store.Tx) error { return h.Meet(ctx, tx, clerk, "inquiry/1", "answer") })
		h.write(t, func(ctx context.Context, tx *store.Tx) error { return h.Meet(ctx, tx, clerk, "inquiry/1", "") })
		if y := h.only(t, "inquiry/1"); y.State != regulation.DutyMet || y.Office != "SYT" || !y.Ended.Equal(h.Clock.Now()) {
			t.Errorf("met: %+v", y)
		}
		if got := h.since(t, 0); got != "opened, paused, resumed, reassigned, reminded half, met" {
			t.Error(got)
		}
		if len(h.trigger(t, question("inquiry/1"))) != 1 {
			t.Error("a met duty keeps a new one from being opened")
		}
	})
}

func TestTickRemindsOnceAndMarksMissed(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		h.trigger(t, question("inquiry/1"))
		at := func(d time.Duration, want string) {
			t.Helper()
			n := len(h.Records(t))
			h.Clock.Set(testkit.Start.Add(d))
			h.tick(t)
			h.tick(t)
			if got := h.since(t, n); got != want {
				t.Errorf("after %s: %q, want %q", d, got, want)
			}
		}
		at(11*time.Hour, "")
		at(12*time.Hour, "reminded half")
		at(19*time.Hour, "")
		at(20*time.Hour, "reminded most")
		at(24*time.Hour, "") // the last moment is still in time
		at(24*time.Hour+time.Microsecond, "missed end, reminded end")
		at(100*time.Hour, "")
		if y := h.only(t, "inquiry/1"); y.State != regulation.DutyMissed {
			t.Error(y.State)
		}
		h.write(t, func(ctx context.Context, tx *store.Tx) error { return h.Meet(ctx, tx, clerk, "inquiry/1", "") })
		if y := h.only(t, "inquiry/1"); y.State != regulation.DutyMetLate {
			t.Error(y.State)
		}
		h.trigger(t, question("inquiry/2"))
		h.Clock.Add(23 * time.Hour)
		n := len(h.Records(t))
		h.tick(t)
		if got := h.since(t, n); got != "reminded most" { // two stages passed: one word
			t.Error(got)
		}
	})
}

func TestWaiveAndVoid(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		head := testkit.Centre("hoa", regulation.Approver)
		own := h.trigger(t, question("inquiry/1"))[0]
		law := h.trigger(t, regulation.Event{Kind: "claim.opened", Thing: "claim/1", Office: "SXD", Facts: map[string]any{"impact": "major", "urgent": false}})[0]
		f := func(by regulation.Actor, id, reason string, want problem.Code) {
			t.Helper()
			if got := problem.CodeOf(h.Waive(h.Ctx, by, id, reason)); got != want {
				t.Errorf("%s waives %s: %q, want %q", by.ID, id, got, want)
			}
		}
		f(head, own.ID, " ", problem.Required)
		f(clerk, own.ID, "đã trả lời qua điện thoại", problem.Forbidden)
		f(head, law.ID, "không kịp", problem.Forbidden)
		f(head, "none", "x", problem.NotFound)
		f(head, own.ID, "đã trả lời qua điện thoại", "")
		f(head, own.ID, "lần nữa", problem.State)
		h.write(t, func(ctx context.Context, tx *store.Tx) error {
			return h.Void(ctx, tx, clerk, "claim/1", "", "withdrawn")
		})
		if a, b := h.only(t, "inquiry/1").State, h.only(t, "claim/1"); a != regulation.DutyWaived || b.State != regulation.DutyVoid || b.Reason != "withdrawn" {
			t.Error(a, b)
		}
	})
}

func TestListDuties(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		h.trigger(t, question("inquiry/1"))
		h.Clock.Add(time.Hour)
		h.trigger(t, regulation.Event{Kind: "release.submitted", Thing: "release/1", Office: "SYT"})
		f := func(filter regulation.DutyFilter, want ...string) {
			t.Helper()
			list, err := h.List(h.Ctx, filter)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, y := range list {
				got = append(got, y.Thing)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%+v: %v, want %v", filter, got, want)
			}
		}
		f(regulation.DutyFilter{}, "release/1", "inquiry/1")
		f(regulation.DutyFilter{Limit: 1}, "release/1")
		f(regulation.DutyFilter{Office: "SXD"}, "inquiry/1")
		f(regulation.DutyFilter{Kind: "take"}, "release/1")
		f(regulation.DutyFilter{Thing: "x/1"})
		f(regulation.DutyFilter{States: []regulation.DutyState{regulation.DutyMet, regulation.DutyMissed}})
		f(regulation.DutyFilter{States: []regulation.DutyState{regulation.DutyMet, regulation.DutyRunning}, DueBefore: testkit.Start.Add(6 * time.Hour)}, "release/1")
		f(regulation.DutyFilter{OpenedAfter: testkit.Start.Add(time.Minute)}, "release/1")
		f(regulation.DutyFilter{OpenedBefore: testkit.Start.Add(time.Minute)}, "inquiry/1")
	})
}

func TestAnUndeclaredFactLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		h.trigger(t, question("inquiry/1"))
		err := h.DB.Write(h.Ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := h.Trigger(ctx, tx, clerk, regulation.Event{Kind: "inquiry.accepted", Thing: "inquiry/2", Facts: map[string]any{"asker": "press", "kind": "quest"}})
			return err
		})
		if err == nil || !strings.Contains(err.Error(), `fact-value fact="kind"`) {
			t.Error(err)
		}
		if list, err := h.Of(h.Ctx, h.DB, "inquiry/2"); err != nil || len(list) != 0 {
			t.Error("a fact that was not declared left something behind", list, err)
		}
	})
}

// changed gives the shipped profile with one text of a file put in place of another.
func changed(t *testing.T, name, old, new string) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	err := fs.WalkDir(profile.Hanoi(), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".yaml") {
			return err
		}
		data, err := fs.ReadFile(profile.Hanoi(), path)
		all[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	text := string(all[name].Data)
	if !strings.Contains(text, old) {
		t.Fatalf("%s has no %q", name, old)
	}
	all[name].Data = []byte(strings.Replace(text, old, new, 1))
	return all
}

func TestAChangedCalendarMovesOpenClocks(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		citizen := question("inquiry/1")
		citizen.Facts = map[string]any{"asker": "citizen", "kind": "question"}
		due := h.trigger(t, citizen)[0].Due // Monday 9/11 and five working days: the end of Monday 16/11
		h.trigger(t, question("inquiry/2")) // 24 hours run through
		met := citizen
		met.Thing = "inquiry/3"
		h.trigger(t, met)
		h.write(t, func(ctx context.Context, tx *store.Tx) error { return h.Meet(ctx, tx, clerk, "inquiry/3", "") })
		h.write(t, func(ctx context.Context, tx *store.Tx) error { return h.Pause(ctx, tx, clerk, "inquiry/1") })
		h.Clock.Add(90 * time.Minute)
		h.write(t, func(ctx context.Context, tx *store.Tx) error { return h.Resume(ctx, tx, clerk, "inquiry/1") })
		n := len(h.Records(t))

		limits, err := regulation.LoadDeadlines(changed(t, "calendar.yaml", "notices:\n", "  - {id: flood, solar: 11-12, vi: a, en: a, source: a}\nnotices:\n"))
		if err != nil {
			t.Fatal(err)
		}
		again := regulation.NewDuties(regulation.DutyConfig{DB: h.DB, Ledger: h.Ledger, Rules: h.Rules, Deadlines: limits, Now: h.Clock.Now})
		for want := 1; want >= 0; want-- { // the second time nothing moves
			if moved, err := again.Recount(h.Ctx); err != nil || moved != want {
				t.Errorf("%d moved, want %d: %v", moved, want, err)
			}
		}
		if y := h.only(t, "inquiry/1"); !y.Due.Equal(due.Add(24*time.Hour + 90*time.Minute)) {
			t.Errorf("moved from %s to %s", due, y.Due)
		}
		if got := h.since(t, n); got != "recounted" {
			t.Error(got)
		}
	})
}

func TestOnlyRulesThatSaySoPause(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		demand := question("inquiry/1")
		demand.Facts = map[string]any{"asker": "press", "kind": "demand"}
		h.trigger(t, demand)
		h.write(t, func(ctx context.Context, tx *store.Tx) error { return h.Pause(ctx, tx, clerk, "inquiry/1") })
		if y := h.only(t, "inquiry/1"); y.State != regulation.DutyRunning {
			t.Error("a limit of the law was paused")
		}
	})
}

func TestWorkDaysLeft(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		citizen := question("inquiry/1")
		citizen.Facts = map[string]any{"asker": "citizen", "kind": "question"}
		y := h.trigger(t, citizen)[0] // Monday 9/11: to the end of Monday 16/11
		for _, c := range []struct {
			on   string
			want int
		}{{"2026-11-09T08:00:00+07:00", 5}, {"2026-11-09T23:59:00+07:00", 5}, {"2026-11-13T08:00:00+07:00", 1}, {"2026-11-14T08:00:00+07:00", 1}, {"2026-11-16T08:00:00+07:00", 0}, {"2026-11-20T08:00:00+07:00", 0}} {
			at, err := time.Parse(time.RFC3339, c.on)
			if err != nil {
				t.Fatal(err)
			}
			h.Clock.Set(at)
			if got := h.WorkDays(y); got != c.want {
				t.Errorf("on %s %d working days are left, want %d", c.on, got, c.want)
			}
		}
		h.Clock.Set(testkit.Start)
		if got := h.WorkDays(h.trigger(t, question("inquiry/2"))[0]); got != 0 {
			t.Errorf("a limit in hours has %d working days", got)
		}
	})
}

func TestTakeAndReassign(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		y := h.trigger(t, question("inquiry/1"))[0]
		minh := testkit.Of("minh", regulation.FocalPoint, "SXD")
		if err := h.Take(h.Ctx, testkit.Of("tu", regulation.FocalPoint, "SYT"), y.ID); problem.CodeOf(err) != problem.Forbidden {
			t.Error("another office took it:", err)
		}
		for range 2 {
			if err := h.Take(h.Ctx, minh, y.ID); err != nil {
				t.Fatal(err)
			}
		}
		if got := h.only(t, "inquiry/1"); got.Holder != "minh" {
			t.Errorf("%+v", got)
		}
		h.trigger(t, regulation.Event{Kind: "inquiry.asked-unverified", Thing: "inquiry/1", Office: "SXD"})
		h.write(t, func(ctx context.Context, tx *store.Tx) error { return h.Reassign(ctx, tx, clerk, "inquiry/1", "SYT") })
		list, err := h.Of(h.Ctx, h.DB, "inquiry/1")
		if err != nil || len(list) != 2 {
			t.Fatal(list, err)
		}
		for _, y := range list {
			if want := map[string]string{"answer": "SYT", "verify": "TTBC"}[y.Kind]; y.Office != want || y.Holder != "" {
				t.Errorf("%s lies with %s of %s, want %s", y.Kind, y.Holder, y.Office, want)
			}
		}
		if got := h.since(t, 0); got != "opened, taken, opened, reassigned" {
			t.Error(got)
		}
	})
}

func TestTwoTicksAtOnceTellOnce(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		for i := range 20 {
			h.trigger(t, question(fmt.Sprintf("inquiry/%d", i)))
		}
		n := len(h.Records(t))
		h.Clock.Add(13 * time.Hour)
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				if err := h.Tick(h.Ctx); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if got := len(h.Records(t)) - n; got != 20 {
			t.Errorf("%d reminders for 20 duties", got)
		}
	})
}

// Whatever happens to a duty, its clock never ends before it began, and an ended duty never changes.
func TestDutyLaws(t *testing.T) {
	k := testkit.SQLite(t)
	d := regulation.NewDuties(regulation.DutyConfig{DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Deadlines: k.Deadlines, Now: k.Clock.Now})
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		thing := fmt.Sprintf("inquiry/%d", n)
		var opened []regulation.Duty
		do := func(f func(context.Context, *store.Tx) error) {
			if err := k.DB.Write(k.Ctx, f); err != nil {
				r.Fatal(err)
			}
		}
		do(func(ctx context.Context, tx *store.Tx) (err error) {
			opened, err = d.Trigger(ctx, tx, clerk, question(thing))
			return err
		})
		before := opened[0]
		for range rapid.IntRange(1, 8).Draw(r, "steps") {
			k.Clock.Add(time.Duration(rapid.Int64Range(0, int64(20*time.Hour)).Draw(r, "wait")))
			switch rapid.IntRange(0, 5).Draw(r, "act") {
			case 0:
				do(func(ctx context.Context, tx *store.Tx) error { return d.Meet(ctx, tx, clerk, thing, "") })
			case 1:
				do(func(ctx context.Context, tx *store.Tx) error { return d.Pause(ctx, tx, clerk, thing) })
			case 2:
				do(func(ctx context.Context, tx *store.Tx) error { return d.Resume(ctx, tx, clerk, thing) })
			case 3:
				do(func(ctx context.Context, tx *store.Tx) error { return d.Void(ctx, tx, clerk, thing, "", "x") })
			default:
				if err := d.Tick(k.Ctx); err != nil {
					r.Fatal(err)
				}
			}
			y, err := d.Get(k.Ctx, before.ID)
			if err != nil {
				r.Fatal(err)
			}
			late := y.State == regulation.DutyMissed || y.State == regulation.DutyMetLate
			if y.Due.Before(before.Due) || (!before.State.Open() && y.Version != before.Version) || (late && !k.Clock.Now().After(y.Due)) || (y.State == regulation.DutyMet && y.Ended.After(y.Due)) {
				r.Fatalf("%+v after %+v", y, before)
			}
			before = y
		}
	})
}
