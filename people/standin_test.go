package people_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/people"
	"khue/problem"
	"khue/regulation"
)

func TestDelegation(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		h := open(t, k)
		head := h.person(t, "giamdoc@sxd.example", "Lê Giám Đốc", post(regulation.OfficeHead, "SXD"))
		deputy := h.person(t, "pho@sxd.example", "Phó Một", post(regulation.Officer, "SXD"))
		third := h.person(t, "ba@sxd.example", "Người Ba", post(regulation.Officer, "SXD"))
		speaker := h.person(t, "noi@sxd.example", "Người Nói", post(regulation.Spokesman, "SXD"))
		approver := h.person(t, "duyet@khue.example", "Người Duyệt", post(regulation.Approver, "TTBC"))
		editor := h.person(t, "bien@khue.example", "Biên Tập", post(regulation.Editor, "TTBC"))
		h.letters(t)
		until := k.Clock.Now().Add(48 * time.Hour)
		ok := people.Delegate{To: deputy.ID, Role: regulation.OfficeHead, Office: "SXD", Matter: "inquiry/1", Until: until, Paper: "12/UQ-SXD", Reason: "Đi công tác"}
		f := func(field string, code problem.Code, by regulation.Actor, change func(*people.Delegate)) {
			t.Helper()
			in := ok
			change(&in)
			_, err := h.Delegate(h.Ctx, by, in)
			all := problem.All(err)
			if len(all) != 1 || all[0].Code != code || (field != "" && all[0].Field != field) {
				t.Errorf("%+v by %s: %v, want %s %s", in, by.Name, err, code, field)
			}
		}
		same := func(*people.Delegate) {}
		f("", problem.Forbidden, deputy, same)
		f("", problem.Forbidden, speaker, func(d *people.Delegate) { d.Role = regulation.Spokesman }) // Art. 3(6)
		f("", problem.Forbidden, approver, same)
		f("", problem.Forbidden, head, func(d *people.Delegate) { d.Office = "SYT" })
		f("", problem.Forbidden, head, func(d *people.Delegate) { d.Role, d.Office = regulation.Approver, "TTBC" })
		f("", problem.Forbidden, head, func(d *people.Delegate) { d.Role = regulation.Editor })
		f("to", problem.Required, head, func(d *people.Delegate) { d.To = "" })
		f("to", problem.Invalid, head, func(d *people.Delegate) { d.To = head.ID })
		f("to", problem.Invalid, head, func(d *people.Delegate) { d.To = "không ai" })
		f("matter", problem.Required, head, func(d *people.Delegate) { d.Matter = "" })
		f("matter", problem.Invalid, head, func(d *people.Delegate) { d.Matter = "inquiry/*" })
		f("matter", problem.Invalid, head, func(d *people.Delegate) { d.Matter = "mọi việc" })
		f("until", problem.Required, head, func(d *people.Delegate) { d.Until = time.Time{} })
		f("until", problem.Past, head, func(d *people.Delegate) { d.Until = k.Clock.Now() })
		f("until", problem.Invalid, head, func(d *people.Delegate) { d.Until = k.Clock.Now().AddDate(1, 0, 0) })
		f("paper", problem.Required, head, func(d *people.Delegate) { d.Paper = " " })
		f("reason", problem.Required, head, func(d *people.Delegate) { d.Reason = "" })

		s, err := h.Delegate(h.Ctx, head, ok)
		want(t, err, "")
		f("to", problem.Invalid, head, same) // twice
		if got := h.letters(t); len(got) != 1 || got[0].To != "pho@sxd.example" || !strings.Contains(got[0].Text, "12/UQ-SXD") {
			t.Fatalf("%+v", got)
		}
		deputy, err = h.Actor(h.Ctx, deputy.ID)
		want(t, err, "")
		if len(deputy.StandsIn) != 1 || deputy.StandsIn[0].For != head.ID {
			t.Fatalf("%+v", deputy)
		}
		matter := regulation.Thing{Kind: "inquiry", ID: "1", Office: "SXD"}
		want(t, h.Rules().Can(deputy, "inquiry.approve-office", matter, k.Clock.Now()), "")
		matter.ID = "2"
		want(t, h.Rules().Can(deputy, "inquiry.approve-office", matter, k.Clock.Now()), problem.Forbidden)
		f("", problem.Forbidden, deputy, func(d *people.Delegate) { d.To = third.ID }) // not passed on
		with, err := h.With(h.Ctx, regulation.OfficeHead, "SXD")
		if err != nil || len(with) != 2 {
			t.Fatalf("%+v %v", with, err)
		}
		if at, err := h.StandInsAt(h.Ctx, "SXD"); err != nil || len(at) != 1 || at[0].ID != s.ID {
			t.Fatalf("%+v %v", at, err)
		}

		want(t, h.EndStandIn(h.Ctx, third, s.ID), problem.Forbidden)
		want(t, h.EndStandIn(h.Ctx, deputy, s.ID), "") // who holds it may give it back
		want(t, h.EndStandIn(h.Ctx, head, s.ID), problem.State)
		want(t, h.EndStandIn(h.Ctx, head, "không có"), problem.NotFound)
		deputy, _ = h.Actor(h.Ctx, deputy.ID)
		if len(deputy.StandsIn) != 0 {
			t.Fatalf("%+v", deputy)
		}

		_, err = h.Delegate(h.Ctx, approver, people.Delegate{To: editor.ID, Role: regulation.Approver, Office: "TTBC", Matter: "release/1", Until: until, Paper: "1/UQ", Reason: "Nghỉ phép"})
		want(t, err, "")
		editor, _ = h.Actor(h.Ctx, editor.ID)
		thing := regulation.Thing{Kind: "release", ID: "1", Drafter: editor.ID}
		want(t, h.Rules().Can(editor, "release.approve", thing, k.Clock.Now()), problem.SamePerson)
		thing.Drafter = "another"
		want(t, h.Rules().Can(editor, "release.approve", thing, k.Clock.Now()), "")
		k.Clock.Set(until)
		editor, _ = h.Actor(h.Ctx, editor.ID)
		if len(editor.StandsIn) != 0 {
			t.Fatalf("after its end: %+v", editor)
		}
		if given, err := h.StandInsGiven(h.Ctx, approver.ID); err != nil || len(given) != 1 || given[0].Runs(k.Clock.Now()) {
			t.Fatalf("%+v %v", given, err)
		}
		if kinds := h.Kit.Kinds(t); !slices.Contains(kinds, "people.delegated") || !slices.Contains(kinds, "people.stand-in-ended") {
			t.Fatal(kinds)
		}
	})
}

// Closing an account ends what it gave and what it holds.
func TestClosingEndsStandIns(t *testing.T) {
	h := open(t, testkit.SQLite(t))
	head := h.person(t, "giamdoc@sxd.example", "Lê Giám Đốc", post(regulation.OfficeHead, "SXD"))
	deputy := h.person(t, "pho@sxd.example", "Phó Một", post(regulation.Officer, "SXD"))
	_, err := h.Delegate(h.Ctx, head, people.Delegate{To: deputy.ID, Role: regulation.Spokesman, Office: "SXD", Matter: "claim/1", Until: h.Clock.Now().Add(time.Hour), Paper: "1", Reason: "x"})
	want(t, err, "")
	want(t, h.Close(h.Ctx, h.admin, head.ID, 0), "")
	if held, err := h.StandInsHeld(h.Ctx, deputy.ID); err != nil || len(held) != 0 {
		t.Fatalf("%+v %v", held, err)
	}
}
