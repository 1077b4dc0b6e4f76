package radar

import (
	"context"
	"fmt"
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/problem"
	"khue/radar/warn"
	"khue/regulation"
	"khue/store"
)

// raise puts a story with a signal into the database, as grouping would.
func raise(t *testing.T, k *testkit.Kit, n int, kind SignalKind, at time.Time) string {
	t.Helper()
	id := fmt.Sprintf("%s/m%d", kind, n)
	err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error {
		m := fmt.Sprintf("m%d", n)
		if _, err := tx.Exec(ctx, sqlInsertStory, storyID(uint64(n)), "Nước máy xóm Bến Gạo có chất lạ", "vi", string(Live), m, store.Micros(at), store.Micros(at)); err != nil {
			return err
		}
		return insertSignal(ctx, tx, signalOf(warn.Signal{Kind: kind, At: at, Story: uint64(n), Score: 0.7, Reasons: []warn.Reason{{Key: "rumour.urge"}, {Key: "rumour.voices", With: map[string]any{"n": 5, "official": 0}}}}, m))
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

var (
	approver  = testkit.Centre("approver", regulation.Approver)
	stranger  = testkit.Person("stranger", regulation.Post{Role: regulation.OfficeHead, Office: "SXD"})
	analysing = testkit.Centre("analyst-2", regulation.Analyst)
)

// TestJudge lets people say what a signal was worth: it is told, counted, and in the ledger; it lapses by itself; and a kind that
// is hardly ever useful is muted until it is again.
func TestJudge(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := room(t, k)
		now := k.Clock.Now()
		id := raise(t, k, 1, warn.Rumour, now.Add(-time.Hour))
		list, err := r.Signals(k.Ctx, analyst, SignalFilter{}, 10)
		if err != nil || len(list) != 1 || list[0].Judged != NotJudged || !list[0].Lapses.Equal(now.Add(71*time.Hour)) || list[0].Of.Headline == "" || list[0].Reasons[1].With["n"] != 5.0 {
			t.Fatalf("%+v %v", list, err)
		}
		if _, err := r.JudgeSignal(k.Ctx, stranger, JudgeSignalInput{ID: id, Useful: true}); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("a head of an office: %v", err)
		}
		if _, err := r.JudgeSignal(k.Ctx, analyst, JudgeSignalInput{ID: "rumour/none"}); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("no such signal: %v", err)
		}
		s, err := r.JudgeSignal(k.Ctx, analyst, JudgeSignalInput{ID: id, Useful: true})
		if err != nil || s.Judged != Useful || s.JudgedBy != analyst.ID {
			t.Fatalf("%+v %v", s, err)
		}
		if kinds := k.Kinds(t); len(kinds) != 1 || kinds[0] != entrySignalJudged {
			t.Errorf("the ledger has %v", kinds)
		}
		if _, err := r.JudgeSignal(k.Ctx, analyst, JudgeSignalInput{ID: id, Useful: true}); err != nil || len(k.Kinds(t)) != 1 {
			t.Errorf("a second click says nothing new: %v %v", k.Kinds(t), err)
		}
		if list, err = r.Signals(k.Ctx, analyst, SignalFilter{}, 10); err != nil || len(list) != 0 {
			t.Errorf("what was judged waits no more: %+v %v", list, err)
		}
		if list, err = r.Signals(k.Ctx, analyst, SignalFilter{All: true, Kind: warn.Rumour}, 10); err != nil || len(list) != 1 {
			t.Errorf("%+v %v", list, err)
		}
		old := raise(t, k, 2, warn.Burst, now.Add(-73*time.Hour))
		if list, err = r.Signals(k.Ctx, analyst, SignalFilter{}, 10); err != nil || len(list) != 0 {
			t.Errorf("after 72 hours %s is gone: %+v %v", old, list, err)
		}
		record := func(kind SignalKind) Record {
			t.Helper()
			all, err := r.Records(k.Ctx)
			if err != nil || len(all) != len(warn.Kinds) {
				t.Fatal(all, err)
			}
			for _, one := range all {
				if one.Kind == kind {
					return one
				}
			}
			t.Fatal(kind)
			return Record{}
		}
		if got := record(warn.Rumour); got.Raised != 1 || got.Judged != 1 || got.Useful != 1 || got.Share() != 1 || got.Muted || got.Stories != 2 {
			t.Errorf("%+v", got)
		}
		for n := 10; n < 10+muteFrom; n++ {
			id := raise(t, k, n, warn.Rumour, now.Add(-time.Duration(n)*time.Minute))
			if _, err := r.JudgeSignal(k.Ctx, analyst, JudgeSignalInput{ID: id, Useful: n < 13}); err != nil {
				t.Fatal(err)
			}
		}
		if got := record(warn.Rumour); !got.Muted || got.Judged != muteFrom+1 || got.Useful != 4 || got.Weeks[weeksTold-1].Judged != got.Judged {
			t.Errorf("%+v", got)
		}
		raise(t, k, 90, warn.Rumour, now)
		raise(t, k, 91, warn.Altered, now)
		raised, err := r.RaisedSince(k.Ctx, analyst, now.Add(-72*time.Hour), 50)
		if err != nil || len(raised) != 1 || raised[0].Kind != warn.Altered {
			t.Errorf("a muted kind raises nothing: %+v %v", raised, err)
		}
	})
}

// TestAdvisory proposes to tell that something is being checked, and shows it: by two people, without the rumour in its title, for a
// day at most, and in the public log.
func TestAdvisory(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := room(t, k)
		now := k.Clock.Now()
		in := AdvisoryInput{Signal: raise(t, k, 1, warn.Rumour, now), Title: "Kiểm tra nguồn nước ở phường Bến Gạo", Known: "Công ty cấp nước đang lấy mẫu. Nước vẫn dùng được.", Next: now.Add(5 * time.Hour)}
		for name, change := range map[string]func(*AdvisoryInput){
			"title":    func(x *AdvisoryInput) { x.Title = "Nước máy xóm Bến Gạo có chất lạ?" },
			"known":    func(x *AdvisoryInput) { x.Known = " " },
			"next":     func(x *AdvisoryInput) { x.Next = now.Add(25 * time.Hour) },
			"known_en": func(x *AdvisoryInput) { x.TitleEN = "Water in Bến Gạo ward" },
		} {
			bad := in
			change(&bad)
			if _, err := r.ProposeAdvisory(k.Ctx, analyst, bad); err == nil {
				t.Errorf("%s was taken", name)
			} else if all := problem.All(err); len(all) != 1 || all[0].Field != name {
				t.Errorf("%s: %v", name, err)
			}
		}
		a, err := r.ProposeAdvisory(k.Ctx, analyst, in)
		if err != nil || a.State != AdvisoryProposed {
			t.Fatal(a, err)
		}
		if _, err := r.ProposeAdvisory(k.Ctx, analysing, in); problem.CodeOf(err) != problem.Invalid {
			t.Errorf("a second one about the same story: %v", err)
		}
		if list, err := r.Advisories(k.Ctx); err != nil || len(list) != 0 {
			t.Fatal("shown before an approver's word", list, err)
		}
		both := testkit.Centre("analyst", regulation.Approver)
		for who, by := range map[string]regulation.Actor{"an analyst": analysing, "who proposed it": both, "a head": stranger} {
			if _, err := r.ShowAdvisory(k.Ctx, by, DecideAdvisoryInput{ID: a.ID}); err == nil {
				t.Errorf("%s showed it", who)
			}
		}
		a, err = r.ShowAdvisory(k.Ctx, approver, DecideAdvisoryInput{ID: a.ID})
		if err != nil || a.State != AdvisoryShown || !a.Until.Equal(now.Add(AdvisoryFor)) {
			t.Fatal(a, err)
		}
		if _, err := r.ShowAdvisory(k.Ctx, approver, DecideAdvisoryInput{ID: a.ID}); problem.CodeOf(err) != problem.State {
			t.Error(err)
		}
		list, err := r.Advisories(k.Ctx)
		if err != nil || len(list) != 1 || list[0].Title != in.Title {
			t.Fatal(list, err)
		}
		if all := k.Records(t); len(all) != 2 || all[0].Public || !all[1].Public || all[1].Kind != entryAdvisoryShown {
			t.Errorf("the ledger has %+v", all)
		}
		k.Clock.Add(AdvisoryFor)
		if list, err := r.Advisories(k.Ctx); err != nil || len(list) != 0 {
			t.Error("shown for more than a day", list, err)
		}
		in.Signal, in.Next = raise(t, k, 2, warn.Burst, k.Clock.Now()), k.Clock.Now().Add(time.Hour)
		if a, err = r.ProposeAdvisory(k.Ctx, analyst, in); err != nil {
			t.Fatal(err)
		}
		if _, err := r.ReturnAdvisory(k.Ctx, approver, DecideAdvisoryInput{ID: a.ID}); problem.CodeOf(err) == "" {
			t.Error("returned without a reason")
		}
		if a, err = r.ReturnAdvisory(k.Ctx, approver, DecideAdvisoryInput{ID: a.ID, Reason: "Chưa rõ ai kiểm tra."}); err != nil || a.State != AdvisoryReturned {
			t.Error(a, err)
		}
		if list, err := r.AdvisoriesAtWork(k.Ctx, analyst); err != nil || len(list) != 2 {
			t.Error(list, err)
		}
	})
}

// TestOldReasons reads what the first version wrote of a burst.
func TestOldReasons(t *testing.T) {
	list, err := readReasons(`{"sources":26,"hours":3,"before":2}`)
	if err != nil || len(list) != 1 || list[0].Key != "burst" || list[0].With["expected"] != 6.0 || list[0].With["sources"] != 26 {
		t.Errorf("%+v %v", list, err)
	}
	if _, err := readReasons("không"); err == nil {
		t.Error("rubbish was read")
	}
}
