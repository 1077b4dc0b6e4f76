package claim_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"khue/claim"
	"khue/internal/testkit"
	"khue/problem"
	"khue/regulation"
)

func TestPublicEntryHoldsCodeVerdictHash(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		c := b.publish(t, b.open(t, rumour), claim.Fake)
		w, err := b.Get(k.Ctx, b.lan, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		in := claim.DraftInput{Claim: c.ID, Version: w.Version, Verdict: claim.False, VI: truth, EN: truthEN, Change: claim.Correction}
		_, err = b.Correct(k.Ctx, b.lan, in)
		want(t, err, problem.Required) // a correction says what was wrong
		in.Note = "Bản trước ghi “tin giả”, đúng là “tin sai sự thật”."
		if c, err = b.Correct(k.Ctx, b.lan, in); err != nil || c.State != claim.Drafted {
			t.Fatal(c.State, err)
		}
		if p, err := b.ByCode(k.Ctx, c.Code); err != nil || p.Now().Verdict != claim.Fake || !p.Again {
			t.Fatalf("the first edition stays public meanwhile: %+v %v", p, err)
		}
		if c, err = b.SendUp(k.Ctx, b.lan, claim.SendUpInput{Claim: c.ID, Version: c.Version}); err != nil {
			t.Fatal(err)
		}
		if c, err = b.Agree(k.Ctx, b.mai, claim.AgreeInput{Claim: c.ID, Version: c.Version}); err != nil || c.Edition != 2 {
			t.Fatal(c.Edition, err)
		}
		type body struct {
			Code, Verdict, Hash, HashEN string
			Version, Before             int
		}
		var got []body
		var kinds []string
		for _, r := range k.Records(t) {
			if !r.Public {
				continue
			}
			var v struct {
				Code, Verdict   string
				Version, Before int
				Hash            string `json:"sha256"`
				HashEN          string `json:"sha256_en"`
			}
			if err := r.Decode(&v); err != nil {
				t.Fatal(err)
			}
			kinds, got = append(kinds, r.Kind), append(got, body{v.Code, v.Verdict, v.Hash, v.HashEN, v.Version, v.Before})
		}
		if !slices.Equal(kinds, []string{"claim.published", "claim.corrected"}) {
			t.Fatalf("public kinds %v", kinds)
		}
		var docs []claim.Document
		if err := b.Documents(k.Ctx, func(d claim.Document) error { docs = append(docs, d); return nil }); err != nil || len(docs) != 3 {
			t.Fatal(docs, err)
		}
		if got[0] != (body{c.Code, "fake", docs[0].Hash, "", 1, 0}) || got[1] != (body{c.Code, "false", docs[1].Hash, docs[2].Hash, 2, 1}) {
			t.Errorf("bodies %+v\ndocuments %+v", got, docs)
		}
		if docs[0].Current || !docs[1].Current || docs[2].Lang != "en" {
			t.Errorf("documents %+v", docs)
		}
		const sealed = "Chỉ ba phường yếu nước trong một đêm, không nơi nào bị cắt\n\n“Cắt nước toàn thành phố bảy ngày”\n\nCông ty nước sạch thay van trong một đêm.\n\nLịch đã được công bố."
		if text := docs[0].Text; text != sealed {
			t.Errorf("sealed text %q", text)
		}
	})
}

func TestTwoPersons(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		c := b.open(t, rumour)
		b.evidence(t, c)
		c = b.draft(t, b.lan, c, claim.Fake)
		c, err := b.SendUp(k.Ctx, b.lan, claim.SendUpInput{Claim: c.ID, Version: c.Version})
		if err != nil {
			t.Fatal(err)
		}
		in := claim.AgreeInput{Claim: c.ID, Version: c.Version}
		_, err = b.Agree(k.Ctx, b.lan, in)
		want(t, err, problem.SamePerson)
		_, err = b.Disagree(k.Ctx, b.lan, claim.DisagreeInput{Claim: c.ID, Version: c.Version, Reason: "x"})
		want(t, err, problem.SamePerson)
		_, err = b.Agree(k.Ctx, b.hung, in)
		want(t, err, problem.Forbidden)
		_, err = b.Agree(k.Ctx, regulation.Actor{}, in)
		want(t, err, problem.Session)
		_, err = b.Agree(k.Ctx, b.mai, claim.AgreeInput{Claim: c.ID, Version: c.Version - 1})
		want(t, err, problem.Conflict) // she read an older draft
		var p *problem.Error
		if !errors.As(err, &p) || p.Args["name"] != "tên của lan" {
			t.Errorf("a conflict names who saved: %v", err)
		}

		// Disagreement: back to checking, both names kept, and the second person may not be drawn into a first one's draft.
		c, err = b.Disagree(k.Ctx, b.mai, claim.DisagreeInput{Claim: c.ID, Version: c.Version, Reason: "Văn bản chỉ nói về ba phường"})
		if err != nil || c.State != claim.Checking {
			t.Fatal(c.State, err)
		}
		w, err := b.Get(k.Ctx, b.mai, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		last := w.History[len(w.History)-1]
		if last.Verb != "disagree" || last.Actor != "mai" || last.Other != "lan" || last.Object != "fake" || last.Reason == "" {
			t.Errorf("history %+v", last)
		}
		c = b.draft(t, b.mai, c, claim.Fake) // now she is the drafter
		if c, err = b.SendUp(k.Ctx, b.mai, claim.SendUpInput{Claim: c.ID, Version: c.Version}); err != nil {
			t.Fatal(err)
		}
		_, err = b.Agree(k.Ctx, b.mai, claim.AgreeInput{Claim: c.ID, Version: c.Version})
		want(t, err, problem.SamePerson)
		if _, err = b.Agree(k.Ctx, b.lan, claim.AgreeInput{Claim: c.ID, Version: c.Version}); err != nil {
			t.Error(err)
		}
	})
}

func TestNoFakeWithoutAnOriginal(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		c := b.open(t, rumour)
		if _, err := b.AddEvidence(k.Ctx, b.lan, claim.AddEvidenceInput{Claim: c.ID, Kind: claim.ByLink, Title: "Bài gốc", Link: "https://a.example/1"}); err != nil {
			t.Fatal(err)
		}
		e, err := b.AddEvidence(k.Ctx, b.ngoc, claim.AddEvidenceInput{Claim: c.ID, Kind: claim.ByWord, Title: "Trả lời", Text: "Không có.", Original: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []claim.Verdict{claim.Fake, claim.False} {
			c = b.draft(t, b.lan, c, v)
			_, err = b.SendUp(k.Ctx, b.lan, claim.SendUpInput{Claim: c.ID, Version: c.Version})
			want(t, err, problem.Evidence) // proposed is not yet the office's word
		}
		for _, v := range []claim.Verdict{claim.Misleading, claim.MissingContext, claim.Verified, claim.NotEnough, claim.NotCheckable} {
			if v.NeedsOriginal() {
				t.Errorf("%s needs no original", v)
			}
		}
		if _, err = b.ApproveEvidence(k.Ctx, b.hung, claim.DecideInput{Evidence: e.ID}); err != nil {
			t.Fatal(err)
		}
		if c, err = b.SendUp(k.Ctx, b.lan, claim.SendUpInput{Claim: c.ID, Version: c.Version}); err != nil {
			t.Fatal(err)
		}
		// Taken back between sending up and agreeing: asked again.
		if _, err = b.RemoveEvidence(k.Ctx, b.ngoc, claim.DecideInput{Evidence: e.ID}); err != nil {
			t.Fatal(err)
		}
		_, err = b.Agree(k.Ctx, b.mai, claim.AgreeInput{Claim: c.ID, Version: c.Version})
		want(t, err, problem.Evidence)
	})
}

func TestRefutedClaimReturns(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		c := b.publish(t, b.open(t, rumour), claim.Fake)
		_, err := b.Open(k.Ctx, b.mai, claim.OpenInput{Statement: "cắt nước toàn thành phố bảy ngày, để sửa ống!"})
		want(t, err, problem.Twice)
		if c, err = b.Reopen(k.Ctx, b.mai, claim.ReopenInput{Claim: c.ID, Version: c.Version, Reason: "Lan lại với ảnh mới"}); err != nil || c.State != claim.Checking {
			t.Fatal(c.State, err)
		}
		if p, err := b.ByCode(k.Ctx, c.Code); err != nil || !p.Again || p.Now().Verdict != claim.Fake {
			t.Errorf("the verdict stays public: %+v %v", p, err)
		}
		if c, err = b.Close(k.Ctx, b.mai, claim.CloseInput{Claim: c.ID, Version: c.Version, Reason: "Kết luận cũ vẫn đúng"}); err != nil || c.State != claim.Published {
			t.Errorf("closing a public claim leaves it published: %s %v", c.State, err)
		}
	})
}

func TestWhatThePressGotWrongIsAnsweredThere(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		c := b.open(t, rumour)
		b.evidence(t, c)
		w, err := b.Get(k.Ctx, b.lan, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		c, err = b.Draft(k.Ctx, b.lan, claim.DraftInput{Claim: c.ID, Version: w.Version, Verdict: claim.False, VI: truth, Press: true})
		if err != nil {
			t.Fatal(err)
		}
		if c, err = b.SendUp(k.Ctx, b.lan, claim.SendUpInput{Claim: c.ID, Version: c.Version}); err != nil {
			t.Fatal(err)
		}
		if c, err = b.Agree(k.Ctx, b.mai, claim.AgreeInput{Claim: c.ID, Version: c.Version}); err != nil {
			t.Fatal(err)
		}
		respond := func() (list []regulation.Duty) {
			all, err := b.duties.Of(k.Ctx, k.DB, c.Ref())
			if err != nil {
				t.Fatal(err)
			}
			for _, y := range all {
				if y.Kind == "respond" {
					list = append(list, y)
				}
			}
			return list
		}
		if list := respond(); len(list) != 1 || list[0].Rule != 6 || list[0].Office != "SXD" || list[0].State != regulation.DutyRunning {
			t.Fatalf("rule 6: %+v", list)
		}
		_, err = b.Respond(k.Ctx, b.tu, claim.RespondInput{Claim: c.ID, Text: "x"})
		want(t, err, problem.Forbidden)
		_, err = b.Respond(k.Ctx, b.ngoc, claim.RespondInput{Claim: c.ID})
		want(t, err, problem.Required)
		if _, err = b.Respond(k.Ctx, b.ngoc, claim.RespondInput{Claim: c.ID, Text: "Đã gửi văn bản cho tòa soạn, đề nghị cải chính"}); err != nil {
			t.Fatal(err)
		}
		if list := respond(); list[0].State != regulation.DutyMet {
			t.Errorf("%+v", list)
		}
		// A correction of our own text opens no second one.
		c, err = b.Correct(k.Ctx, b.lan, claim.DraftInput{Claim: c.ID, Version: c.Version, Verdict: claim.Fake, VI: truth, Press: true, Change: claim.Update, Note: "Thêm căn cứ."})
		if err != nil {
			t.Fatal(err)
		}
		if c, err = b.SendUp(k.Ctx, b.lan, claim.SendUpInput{Claim: c.ID, Version: c.Version}); err != nil {
			t.Fatal(err)
		}
		if c, err = b.Agree(k.Ctx, b.mai, claim.AgreeInput{Claim: c.ID, Version: c.Version}); err != nil || len(respond()) != 1 {
			t.Errorf("%v %+v", err, respond())
		}
	})
}

func TestHeldBeforeItLeaves(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		c := b.open(t, rumour)
		e := b.evidence(t, c)
		c = b.draft(t, b.lan, c, claim.False)
		c, err := b.SendUp(k.Ctx, b.lan, claim.SendUpInput{Claim: c.ID, Version: c.Version})
		if err != nil {
			t.Fatal(err)
		}
		hold := func(c claim.Claim) claim.Claim {
			t.Helper()
			c, err := b.Agree(k.Ctx, b.mai, claim.AgreeInput{Claim: c.ID, Version: c.Version, Hold: claim.DefaultHold})
			if err != nil || c.State != claim.Awaiting || c.Seconder != "mai" || !c.Leaves.Equal(k.Clock.Now().Add(claim.DefaultHold)) {
				t.Fatalf("%+v %v", c, err)
			}
			return c
		}
		leave := func() claim.Claim {
			t.Helper()
			if err := b.Leave(k.Ctx); err != nil {
				t.Fatal(err)
			}
			w, err := b.Get(k.Ctx, b.lan, c.ID)
			if err != nil {
				t.Fatal(err)
			}
			return w.Claim
		}
		_, err = b.Agree(k.Ctx, b.lan, claim.AgreeInput{Claim: c.ID, Version: c.Version, Hold: claim.DefaultHold})
		want(t, err, problem.SamePerson)

		// Nothing leaves before; it can be taken back until then.
		c = hold(c)
		k.Clock.Add(claim.DefaultHold - time.Second)
		if got := leave(); got.Edition != 0 {
			t.Fatal("it left too early")
		}
		_, err = b.Undo(k.Ctx, b.ngoc, claim.UndoInput{Claim: c.ID})
		want(t, err, problem.Forbidden)
		if c, err = b.Undo(k.Ctx, b.mai, claim.UndoInput{Claim: c.ID}); err != nil || !c.Leaves.IsZero() {
			t.Fatal(err)
		}
		k.Clock.Add(time.Minute)
		if c = leave(); c.Edition != 0 || c.State != claim.Awaiting {
			t.Fatal("what was taken back left")
		}

		// A disagreement during the hold ends it.
		c = hold(c)
		if c, err = b.Disagree(k.Ctx, testkit.Centre("hoa", regulation.Approver), claim.DisagreeInput{Claim: c.ID, Version: c.Version, Reason: "x"}); err != nil {
			t.Fatal(err)
		}
		k.Clock.Add(time.Minute)
		if c = leave(); c.State != claim.Checking || c.Edition != 0 {
			t.Fatalf("%s, edition %d", c.State, c.Edition)
		}

		// What lost its primary document meanwhile stays.
		c = b.draft(t, b.lan, c, claim.False)
		if c, err = b.SendUp(k.Ctx, b.lan, claim.SendUpInput{Claim: c.ID, Version: c.Version}); err != nil {
			t.Fatal(err)
		}
		c = hold(c)
		if _, err = b.RemoveEvidence(k.Ctx, b.ngoc, claim.DecideInput{Evidence: e.ID}); err != nil {
			t.Fatal(err)
		}
		k.Clock.Add(time.Minute)
		if c = leave(); c.Edition != 0 || !c.Leaves.IsZero() {
			t.Fatalf("edition %d, leaves %v", c.Edition, c.Leaves)
		}

		b.evidence(t, c)
		c = hold(c)
		k.Clock.Add(claim.DefaultHold)
		if c = leave(); c.Edition != 1 || c.State != claim.Published || !c.Published.Equal(k.Clock.Now()) {
			t.Fatalf("%+v", c)
		}
		_, err = b.Undo(k.Ctx, b.mai, claim.UndoInput{Claim: c.ID})
		want(t, err, problem.State)
		last := k.Records(t)[len(k.Records(t))-1]
		if last.Kind != "claim.published" || last.Actor != "mai" {
			t.Errorf("the last entry is %s by %s", last.Kind, last.Actor)
		}
	})
}

func TestShownApart(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		c := b.open(t, rumour)
		_, err := b.ByCode(k.Ctx, c.Code)
		want(t, err, problem.NotFound)
		if _, err := b.Show(k.Ctx, b.ngoc, claim.ShowInput{Claim: c.ID, Shown: true}); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("an office does not show it: %v", err)
		}
		if _, err := b.Show(k.Ctx, b.lan, claim.ShowInput{Claim: c.ID, Shown: true}); err != nil {
			t.Fatal(err)
		}
		if p, err := b.ByCode(k.Ctx, c.Code); err != nil || !p.Checking || len(p.Editions) != 0 {
			t.Errorf("%+v %v", p, err)
		}
		working, err := b.Working(k.Ctx)
		if err != nil || len(working) != 1 {
			t.Fatal(working, err)
		}
		if list, _, err := b.Register(k.Ctx, claim.RegisterFilter{}); err != nil || len(list) != 0 {
			t.Errorf("it stands under what is checked: %v %v", list, err)
		}
		d, err := b.Open(k.Ctx, b.lan, claim.OpenInput{Statement: "Chợ đóng cửa", Shown: true})
		if err != nil {
			t.Fatal(err)
		}
		if d, err = b.Close(k.Ctx, b.lan, claim.CloseInput{Claim: d.ID, Version: d.Version, Reason: "x"}); err != nil {
			t.Fatal(err)
		}
		if _, err = b.Reopen(k.Ctx, b.lan, claim.ReopenInput{Claim: d.ID, Version: d.Version, Reason: "x"}); err != nil {
			t.Fatal(err)
		}
		if working, err = b.Working(k.Ctx); err != nil || len(working) != 1 {
			t.Errorf("what was closed came back in public by itself: %v %v", working, err)
		}
		b.publish(t, c, claim.False)
		if working, err = b.Working(k.Ctx); err != nil || len(working) != 0 {
			t.Errorf("with a verdict it is no longer being checked: %v %v", working, err)
		}
	})
}

func TestRegisterByPages(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		var codes []string
		for i, s := range []string{"một", "hai", "ba", "bốn", "năm"} {
			v := claim.False
			if i%2 == 1 {
				v = claim.Misleading
			}
			if i != 3 { // two of one moment
				k.Clock.Add(time.Minute)
			}
			codes = append(codes, b.publish(t, b.open(t, "Tin đồn số "+s), v).Code)
		}
		slices.Reverse(codes)
		var got []string
		for after := ""; ; {
			list, next, err := b.Register(k.Ctx, claim.RegisterFilter{Limit: 2, After: after})
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range list {
				got = append(got, p.Code)
			}
			if after = next; next == "" {
				break
			}
		}
		slices.Sort(got[1:3])
		slices.Sort(codes[1:3])
		if !slices.Equal(got, codes) {
			t.Errorf("pages %v, want %v", got, codes)
		}
		if list, _, err := b.Register(k.Ctx, claim.RegisterFilter{Verdict: claim.Misleading}); err != nil || len(list) != 2 {
			t.Errorf("filtered by verdict: %d %v", len(list), err)
		}
		_, _, err := b.Register(k.Ctx, claim.RegisterFilter{After: "rác"})
		want(t, err, problem.Invalid)
	})
}
