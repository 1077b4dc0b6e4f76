package inquiry_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"khue/inquiry"
	"khue/internal/testkit"
	"khue/problem"
	"khue/regulation"
	"khue/release/prose"
)

func TestQuestionFromReceiptToPublicAnswer(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(t, k)
		rec := b.ask(t, reporter)
		if rec.Code != "HD-2026-0001" || len(rec.Token) != 32 || len(rec.Duties) != 2 {
			t.Fatalf("%+v", rec)
		}
		ref := inquiry.Ref{ID: rec.ID}
		if d := b.clock(t, rec.ID, "answer"); d.Rule != 5 || d.Office != "TTBC" || !d.Opened.Equal(k.Clock.Now()) {
			t.Errorf("the press clock: %+v", d)
		}
		if d := b.clock(t, rec.ID, "verify"); d.Rule != 101 || d.State != regulation.DutyRunning {
			t.Errorf("the clock of verification: %+v", d)
		}
		k.Clock.Add(time.Hour)
		do(t)(b.VerifyAsker(k.Ctx, b.thu, inquiry.VerifyInput{Ref: ref, Journalist: true}))
		do(t)(b.Accept(k.Ctx, b.thu, inquiry.AcceptInput{Ref: ref}))
		do(t)(b.Assign(k.Ctx, b.thu, inquiry.AssignInput{Ref: ref, Offices: []string{"SXD", "SYT"}}))
		if d := b.clock(t, rec.ID, "answer"); d.Office != "SXD" {
			t.Errorf("the clock stays with %s", d.Office)
		}
		if d := b.clock(t, rec.ID, "verify"); d.State != regulation.DutyMet {
			t.Errorf("verification: %s", d.State)
		}
		parts(t, b, ref)
		do(t)(b.Draft(k.Ctx, b.an, inquiry.DraftInput{Ref: ref, Text: "Đèn tắt vì thay cáp; sáng lại ngày 20/11."}))
		_, err := b.Approve(k.Ctx, testkit.Person("an", regulation.Post{Role: regulation.Approver, Office: "TTBC"}), inquiry.ApproveInput{Ref: ref})
		want(t, "the drafter approves", err, problem.SamePerson)
		_, err = b.Answer(k.Ctx, b.thu, inquiry.AnswerInput{Ref: ref})
		want(t, "answered before it was approved", err, problem.State)
		do(t)(b.Approve(k.Ctx, b.hoa, inquiry.ApproveInput{Ref: ref}))
		q := do(t)(b.Answer(k.Ctx, b.thu, inquiry.AnswerInput{Ref: ref, Public: true, Title: "Đèn đường Láng sáng lại ngày 20/11", Question: "Vì sao đèn đường Láng tắt?"}))
		if q.State != inquiry.Answered || b.clock(t, rec.ID, "answer").State != regulation.DutyMet {
			t.Errorf("%s, clock %s", q.State, b.clock(t, rec.ID, "answer").State)
		}
		published(t, b, rec)
		do(t)(b.Close(k.Ctx, b.thu, inquiry.CloseInput{Ref: ref}))
	})
}

// parts takes two offices through their parts: nobody sees a draft before its head approved it.
func parts(t *testing.T, b *bench, ref inquiry.Ref) {
	t.Helper()
	_, err := b.Draft(b.Ctx, b.tu, inquiry.DraftInput{Ref: ref, Office: "SXD", Text: "không phải phần của tôi"})
	want(t, "another office's part", err, problem.Forbidden)
	do(t)(b.Draft(b.Ctx, b.ngoc, inquiry.DraftInput{Ref: ref, Office: "SXD", Text: "Thay cáp ngầm, xong ngày 20/11."}))
	f, err := b.Get(b.Ctx, b.an, ref.ID)
	if err != nil || f.Parts[0].Text != "" || f.Parts[0].State != inquiry.PartDrafted {
		t.Errorf("the centre reads an office's draft: %+v, %v", f.Parts, err)
	}
	if f, err = b.Get(b.Ctx, b.hung, ref.ID); err != nil || len(f.Parts) != 1 || f.Parts[0].Text == "" || f.Contact.Email != "" {
		t.Errorf("the head: %+v, %v", f, err)
	}
	if f, err = b.Get(b.Ctx, b.tu, ref.ID); err != nil || len(f.Parts) != 1 || f.Parts[0].Office != "SYT" {
		t.Errorf("another office: %+v, %v", f.Parts, err)
	}
	_, err = b.Get(b.Ctx, testkit.Of("la", regulation.FocalPoint, "STC"), ref.ID)
	want(t, "an office that was not asked", err, problem.NotFound)
	_, err = b.ApproveOffice(b.Ctx, b.ngoc, inquiry.ApproveOfficeInput{Ref: ref, Office: "SXD"})
	want(t, "a focal point approves", err, problem.Forbidden)
	_, err = b.ApproveOffice(b.Ctx, b.yen, inquiry.ApproveOfficeInput{Ref: ref, Office: "SXD"})
	want(t, "another office's head approves", err, problem.Forbidden)
	_, err = b.Draft(b.Ctx, b.an, inquiry.DraftInput{Ref: ref, Text: "vội"})
	want(t, "drafted before the offices' word", err, problem.Invalid)
	do(t)(b.ReturnPart(b.Ctx, b.hung, inquiry.ReturnPartInput{Ref: ref, Office: "SXD", Reason: "Nêu rõ giờ."}))
	do(t)(b.Draft(b.Ctx, b.hung, inquiry.DraftInput{Ref: ref, Office: "SXD", Text: "Thay cáp ngầm, xong 17 giờ ngày 20/11."}))
	_, err = b.ApproveOffice(b.Ctx, b.hung, inquiry.ApproveOfficeInput{Ref: ref, Office: "SXD"})
	want(t, "a head approves the own words", err, problem.SamePerson)
	stand := testkit.Person("dung")
	stand.StandsIn = []regulation.StandIn{{For: "hung", Role: regulation.OfficeHead, Office: "SXD", Matter: "inquiry/khac", Until: b.Clock.Now().Add(time.Hour)}}
	_, err = b.ApproveOffice(b.Ctx, stand, inquiry.ApproveOfficeInput{Ref: ref, Office: "SXD"})
	want(t, "a stand-in for another matter", err, problem.Forbidden)
	stand.StandsIn[0].Matter = "inquiry/" + ref.ID
	q := do(t)(b.ApproveOffice(b.Ctx, stand, inquiry.ApproveOfficeInput{Ref: ref, Office: "SXD"}))
	if q.State != inquiry.Assigned {
		t.Errorf("%s while another part is missing", q.State)
	}
	do(t)(b.Draft(b.Ctx, b.tu, inquiry.DraftInput{Ref: ref, Office: "SYT", Text: "Không có ca tai nạn nào."}))
	do(t)(b.ApproveOffice(b.Ctx, b.yen, inquiry.ApproveOfficeInput{Ref: ref, Office: "SYT"}))
	f, err = b.Get(b.Ctx, b.an, ref.ID)
	if err != nil || !strings.Contains(f.Compose(), "17 giờ") || !strings.Contains(f.Compose(), "tai nạn") {
		t.Errorf("composed %q, %v", f.Compose(), err)
	}
}

// published looks at the public answer, its entry and the letter.
func published(t *testing.T, b *bench, rec inquiry.Receipt) {
	t.Helper()
	list, err := b.PublicAnswers(b.Ctx, inquiry.PublicFilter{})
	if err != nil || len(list) != 1 || list[0].Code != rec.Code {
		t.Fatalf("%+v, %v", list, err)
	}
	r, err := b.Ledger.Record(b.Ctx, list[0].Entry)
	if err != nil || !r.Public || r.Kind != inquiry.EntryAnswered || r.Position < 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	var body inquiry.AnsweredBody
	if err := json.Unmarshal(r.Body, &body); err != nil || body.SHA256 != list[0].Hash || body.Code != rec.Code || body.Office != "SXD" ||
		body.SHA256 != prose.Sum(prose.Canonical(list[0].Title, list[0].Question, list[0].Text)) {
		t.Errorf("%+v, %v", body, err)
	}
	if mail := b.sent(t); !strings.Contains(mail, "/answers/"+rec.Code) || strings.Contains(mail, rec.Token) {
		t.Errorf("letters: %s", mail)
	}
	var docs []inquiry.Document
	if err := b.Documents(b.Ctx, func(d inquiry.Document) error { docs = append(docs, d); return nil }); err != nil || len(docs) != 1 {
		t.Errorf("%d documents, %v", len(docs), err)
	}
}

func TestLedgerHoldsNothingOfTheAsker(t *testing.T) {
	b := room(t, testkit.SQLite(t))
	rec, ref := b.approved(t, reporter, "Đèn sáng lại ngày 20/11.")
	do(t)(b.Answer(b.Ctx, b.thu, inquiry.AnswerInput{Ref: ref}))
	do(t)(b.FollowUp(b.Ctx, visitor, inquiry.AskerText{AskerRef: inquiry.AskerRef{Token: rec.Token}, Text: "Còn đường Bưởi?"}))
	for _, r := range b.Records(t) {
		for _, secret := range []string{"Khuê", "saomai", "0912", "đèn", "Láng", "Bưởi", "20/11", rec.Token} {
			if strings.Contains(string(r.Body), secret) {
				t.Errorf("%s holds %q: %s", r.Kind, secret, r.Body)
			}
		}
		if r.Public {
			t.Errorf("%s is public", r.Kind)
		}
	}
}

func TestPausedWhileTheAskerClarifies(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(t, k)
		rec, ref := b.assigned(t, reporter)
		due := b.clock(t, rec.ID, "answer").Due
		k.Clock.Add(time.Hour)
		do(t)(b.Clarify(k.Ctx, b.ngoc, inquiry.ClarifyInput{Ref: ref, Question: "Đoạn nào của đường Láng?"}))
		if d := b.clock(t, rec.ID, "answer"); d.State != regulation.DutyPaused {
			t.Errorf("clock %s", d.State)
		}
		_, err := b.Draft(k.Ctx, b.an, inquiry.DraftInput{Ref: ref, Text: "vội"})
		want(t, "drafted while clarifying", err, problem.State)
		k.Clock.Add(26 * time.Hour)
		f, err := b.ByToken(k.Ctx, rec.Token)
		if err != nil || f.State != inquiry.Clarifying || len(f.Messages) != 1 || f.Messages[0].Account != "" {
			t.Fatalf("%+v, %v", f, err)
		}
		q := do(t)(b.Clarified(k.Ctx, visitor, inquiry.AskerText{AskerRef: inquiry.AskerRef{Token: rec.Token}, Text: "Từ số 100 đến 200."}))
		if q.State != inquiry.Assigned {
			t.Errorf("back to %s", q.State)
		}
		if d := b.clock(t, rec.ID, "answer"); d.State != regulation.DutyRunning || !d.Due.Equal(due.Add(26*time.Hour)) {
			t.Errorf("due %s, was %s", d.Due, due)
		}
		_, err = b.Clarified(k.Ctx, visitor, inquiry.AskerText{AskerRef: inquiry.AskerRef{Token: rec.Token}, Text: "Lại nữa."})
		want(t, "clarified twice", err, problem.State)
	})
}

func TestRefusalNeedsGroundAndReason(t *testing.T) {
	b := room(t, testkit.SQLite(t))
	rec := b.ask(t, reporter)
	ref := inquiry.Ref{ID: rec.ID}
	_, err := b.Refuse(b.Ctx, b.hoa, inquiry.RefuseInput{Ref: ref, Reason: "không"})
	want(t, "no ground", err, problem.Required)
	_, err = b.Refuse(b.Ctx, b.hoa, inquiry.RefuseInput{Ref: ref, Ground: "investigation"})
	want(t, "no reason", err, problem.Required)
	_, err = b.Refuse(b.Ctx, b.hoa, inquiry.RefuseInput{Ref: ref, Ground: "bận", Reason: "bận"})
	want(t, "a ground that is none", err, problem.Required)
	_, err = b.Refuse(b.Ctx, b.hoa, inquiry.RefuseInput{Ref: ref, Ground: "given-twice", Reason: "đã cho"})
	want(t, "a ground for access requests only", err, problem.NotFound)
	_, err = b.Refuse(b.Ctx, b.thu, inquiry.RefuseInput{Ref: ref, Ground: "investigation", Reason: "đang điều tra"})
	want(t, "the duty officer refuses", err, problem.Forbidden)
	do(t)(b.Refuse(b.Ctx, b.hoa, inquiry.RefuseInput{Ref: ref, Ground: "investigation", Reason: "Công an đang điều tra vụ cháy."}))
	f, err := b.ByToken(b.Ctx, rec.Token)
	if err != nil || f.State != inquiry.Refused || f.Ground != "investigation" || f.Reason == "" {
		t.Errorf("%+v, %v", f, err)
	}
	if d := b.clock(t, rec.ID, "answer"); d.State != regulation.DutyMet {
		t.Errorf("clock %s", d.State)
	}
	if mail := b.sent(t); !strings.Contains(mail, "investigation") && !strings.Contains(mail, "HD-2026-0001") {
		t.Errorf("letters: %s", mail)
	}
	for _, g := range b.Grounds(inquiry.Access) {
		if g.Vi == "" || g.Source == "" {
			t.Errorf("ground %+v", g)
		}
	}
}

func TestReassign(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(t, k)
		rec, ref := b.assigned(t, citizen)
		_, err := b.Assign(k.Ctx, b.thu, inquiry.AssignInput{Ref: ref, Offices: []string{"SYT"}, Instead: "SXD"})
		want(t, "without reason", err, problem.Required)
		_, err = b.Assign(k.Ctx, b.thu, inquiry.AssignInput{Ref: ref, Offices: []string{"XYZ"}})
		want(t, "no such office", err, problem.NotFound)
		q := do(t)(b.Assign(k.Ctx, b.thu, inquiry.AssignInput{Ref: ref, Offices: []string{"SYT"}, Instead: "SXD", Reason: "Không thuộc Sở."}))
		if q.State != inquiry.Reassigned || q.Office != "SYT" || b.clock(t, rec.ID, "answer").Office != "SYT" {
			t.Errorf("%s at %s", q.State, q.Office)
		}
		_, err = b.Draft(k.Ctx, b.ngoc, inquiry.DraftInput{Ref: ref, Office: "SXD", Text: "vẫn của tôi"})
		want(t, "the office let off writes", err, problem.State)
		_, err = b.Take(k.Ctx, b.ngoc, inquiry.TakeInput{Ref: ref})
		want(t, "the office let off takes", err, problem.Forbidden)
		if q = do(t)(b.Take(k.Ctx, b.tu, inquiry.TakeInput{Ref: ref})); q.State != inquiry.Assigned {
			t.Errorf("%s", q.State)
		}
		do(t)(b.Assign(k.Ctx, b.thu, inquiry.AssignInput{Ref: ref, Offices: []string{"STC"}}))
		f, err := b.Get(k.Ctx, b.thu, ref.ID)
		if err != nil || f.State != inquiry.Assigned || f.Office != "SYT" || len(f.Parts) != 3 {
			t.Errorf("%s %s %+v %v", f.State, f.Office, f.Parts, err)
		}
	})
}

func TestMatterEndsWithAReport(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(t, k)
		in := inquiry.OpenMatterInput{Kind: inquiry.Matter, Story: "story/s1", Subject: "Rác ùn ở ngõ Thổ Quan", Body: "Ba báo nêu từ hôm qua.", Offices: []string{"SXD"}}
		_, err := b.OpenMatter(k.Ctx, b.ngoc, in)
		want(t, "an office opens", err, problem.Forbidden)
		rec, err := b.OpenMatter(k.Ctx, b.thu, in)
		if err != nil || rec.Code != "BCN-2026-0001" || len(rec.Duties) != 1 || rec.Duties[0].Kind != "report" || rec.Duties[0].Office != "SXD" {
			t.Fatalf("%+v, %v", rec, err)
		}
		_, err = b.OpenMatter(k.Ctx, b.thu, in)
		want(t, "the same story again", err, problem.Twice)
		in.Kind = inquiry.Instruction
		_, err = b.OpenMatter(k.Ctx, b.thu, in)
		want(t, "a duty officer instructs", err, problem.Forbidden)
		if gx, err := b.OpenMatter(k.Ctx, b.hoa, in); err != nil || gx.Code != "GX-2026-0001" {
			t.Errorf("%+v, %v", gx, err)
		}
		ref := inquiry.Ref{ID: rec.ID}
		_, err = b.Clarify(k.Ctx, b.thu, inquiry.ClarifyInput{Ref: ref, Question: "ai?"})
		want(t, "nobody to ask back", err, problem.State)
		do(t)(b.Report(k.Ctx, b.ngoc, inquiry.ReportInput{Ref: ref, Office: "SXD", Text: "Đã dọn xong lúc 9 giờ."}))
		k.Clock.Add(30 * 24 * time.Hour)
		q := do(t)(b.ApproveOffice(k.Ctx, b.hung, inquiry.ApproveOfficeInput{Ref: ref, Office: "SXD"}))
		if d := b.clock(t, rec.ID, "report"); q.State != inquiry.Answered || d.State != regulation.DutyMetLate {
			t.Errorf("%s, clock %s", q.State, d.State)
		}
		do(t)(b.Close(k.Ctx, b.thu, inquiry.CloseInput{Ref: ref}))
	})
}

func TestStalePageIsAConflict(t *testing.T) {
	b := room(t, testkit.SQLite(t))
	rec := b.ask(t, citizen)
	ref := inquiry.Ref{ID: rec.ID, Version: 1}
	do(t)(b.Accept(b.Ctx, b.thu, inquiry.AcceptInput{Ref: ref}))
	_, err := b.Assign(b.Ctx, b.an, inquiry.AssignInput{Ref: ref, Offices: []string{"SXD"}})
	want(t, "an older version", err, problem.Conflict)
}

func TestPublicAnswerTakenBack(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(t, k)
		rec, ref := b.approved(t, citizen, "Nước trở lại lúc 17 giờ.")
		do(t)(b.Answer(k.Ctx, b.thu, inquiry.AnswerInput{Ref: ref, Public: true, Title: "Nước phố Vọng", Question: "Bao giờ có nước?"}))
		do(t)(b.Close(k.Ctx, b.thu, inquiry.CloseInput{Ref: ref}))
		in := inquiry.WithdrawAnswerInput{Ref: ref, Round: 1, Reason: "Sai giờ."}
		_, err := b.WithdrawAnswer(k.Ctx, b.thu, in)
		want(t, "a duty officer withdraws", err, problem.Forbidden)
		_, err = b.WithdrawAnswer(k.Ctx, b.hoa, inquiry.WithdrawAnswerInput{Ref: ref, Round: 1})
		want(t, "without reason", err, problem.Required)
		_, err = b.WithdrawAnswer(k.Ctx, b.hoa, inquiry.WithdrawAnswerInput{Ref: ref, Round: 7, Reason: "x"})
		want(t, "no such round", err, problem.NotFound)
		k.Clock.Add(time.Hour)
		q := do(t)(b.WithdrawAnswer(k.Ctx, b.hoa, in))
		if d := b.clock(t, rec.ID, "answer"); q.State != inquiry.FollowUp || q.Round != 2 || d.State != regulation.DutyRunning || !d.Opened.Equal(k.Clock.Now()) {
			t.Errorf("%s %d %+v", q.State, q.Round, d)
		}
		list, err := b.PublicAnswer(k.Ctx, rec.Code)
		if err != nil || len(list) != 1 || list[0].Title+list[0].Text+list[0].Question != "" || list[0].Reason != "Sai giờ." || list[0].Withdrawn.IsZero() {
			t.Errorf("%+v, %v", list, err)
		}
		if found, err := b.Similar(k.Ctx, "nước phố Vọng bao giờ có", 3); err != nil || len(found) != 0 {
			t.Errorf("%+v, %v", found, err)
		}
		err = b.DocumentsOf(k.Ctx, rec.ID, func(d inquiry.Document) error {
			if d.State != "withdrawn" || !strings.Contains(d.Text, "17 giờ") {
				t.Errorf("%+v", d)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		records := k.Records(t)
		if last := records[len(records)-1]; last.Kind != inquiry.EntryTakenBack || !last.Public {
			t.Errorf("%+v", last)
		}
		do(t)(b.Draft(k.Ctx, b.an, inquiry.DraftInput{Ref: ref, Text: "Nước trở lại lúc 19 giờ."}))
		do(t)(b.Approve(k.Ctx, b.hoa, inquiry.ApproveInput{Ref: ref}))
		do(t)(b.Answer(k.Ctx, b.thu, inquiry.AnswerInput{Ref: ref, Public: true, Title: "Nước phố Vọng có lúc 19 giờ", Question: "Bao giờ có nước?"}))
		if list, err = b.PublicAnswer(k.Ctx, rec.Code); err != nil || len(list) != 2 || list[1].Text == "" {
			t.Errorf("%+v, %v", list, err)
		}
		if mail := b.sent(t); !strings.Contains(mail, "Sai giờ.") {
			t.Errorf("letters: %s", mail)
		}
	})
}
