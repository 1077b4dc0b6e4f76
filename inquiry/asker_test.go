package inquiry_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"khue/inquiry"
	"khue/internal/testkit"
	"khue/people"
	"khue/problem"
	"khue/regulation"
)

func TestSentTwiceIsOne(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(t, k)
		in := reporter
		in.Secret = inquiry.NewToken()
		var wg sync.WaitGroup
		var mu sync.Mutex
		codes := map[problem.Code]int{}
		for range 6 {
			wg.Go(func() {
				_, err := b.Ask(k.Ctx, visitor, in)
				mu.Lock()
				defer mu.Unlock()
				codes[problem.CodeOf(err)]++
			})
		}
		wg.Wait()
		if codes[""] != 1 || codes[problem.Twice] != 5 {
			t.Errorf("%v", codes)
		}
		_, err := b.Ask(k.Ctx, visitor, in)
		if all := problem.All(err); len(all) != 1 || all[0].Args["code"] != "HD-2026-0001" {
			t.Errorf("%v", err)
		}
		if f, err := b.ByToken(k.Ctx, in.Secret); err != nil || f.Code != "HD-2026-0001" {
			t.Errorf("the form's own link: %+v, %v", f, err)
		}
		in.Secret = "abc"
		_, err = b.Ask(k.Ctx, visitor, in)
		want(t, "a weak secret", err, problem.Invalid)
		in.Secret, in.Key = "", "khóa của chương trình"
		first := b.ask(t, in)
		_, err = b.Ask(k.Ctx, visitor, in)
		want(t, "the same key", err, problem.Twice)
		if first.Token == "" || first.Code != "HD-2026-0002" {
			t.Errorf("%+v", first)
		}
	})
}

func TestFormsFaultsAreToldTogether(t *testing.T) {
	b := room(t, testkit.SQLite(t))
	_, err := b.Ask(b.Ctx, visitor, inquiry.AskInput{Kind: "gossip", Reporter: true, Email: "không phải", Phone: "số", Office: "XYZ"})
	fields := map[string]problem.Code{}
	for _, p := range problem.All(err) {
		fields[p.Field] = p.Code
	}
	for field, code := range map[string]problem.Code{
		"kind": problem.Required, "body": problem.Required, "name": problem.Required, "outlet": problem.Required,
		"email": problem.Email, "phone": problem.Invalid, "office": problem.NotFound,
	} {
		if fields[field] != code {
			t.Errorf("%s: %q, want %q", field, fields[field], code)
		}
	}
	_, err = b.Ask(b.Ctx, visitor, inquiry.AskInput{Kind: inquiry.Matter, Body: "x"})
	want(t, "a kind for the desk", err, problem.Required)
	_, err = b.Ask(b.Ctx, visitor, inquiry.AskInput{Kind: inquiry.Question, Body: strings.Repeat("ạ", inquiry.MaxBody+1)})
	want(t, "too long", err, problem.Invalid)
	rec := b.ask(t, inquiry.AskInput{Kind: inquiry.Question, Body: "a\x00b\u202etxt.exe\r\nc"})
	if f, err := b.ByToken(b.Ctx, rec.Token); err != nil || f.Body != "abtxt.exe\nc" {
		t.Errorf("%q, %v", f.Body, err)
	}
}

func TestLinkIsSecret(t *testing.T) {
	b := room(t, testkit.SQLite(t))
	rec := b.ask(t, reporter)
	var stored string
	if err := b.DB.QueryRow(b.Ctx, `SELECT token_hash FROM inquiry WHERE id = ?1`, rec.ID).Scan(&stored); err != nil || strings.Contains(stored, rec.Token) || len(stored) != 64 {
		t.Errorf("stored %q, %v", stored, err)
	}
	for _, token := range []string{"", "x", inquiry.NewToken(), stored, rec.ID, rec.Code, rec.Token[:31] + "a"} {
		if token == rec.Token {
			continue
		}
		_, err := b.ByToken(b.Ctx, token)
		want(t, "token "+token, err, problem.NotFound)
		_, err = b.Withdraw(b.Ctx, visitor, inquiry.WithdrawInput{AskerRef: inquiry.AskerRef{Token: token}})
		want(t, "withdraw by "+token, err, problem.NotFound)
	}
	_, err := b.Own(b.Ctx, b.thu, rec.Code)
	want(t, "the desk as asker", err, problem.NotFound)
	_, err = b.Withdraw(b.Ctx, visitor, inquiry.WithdrawInput{AskerRef: inquiry.AskerRef{Code: rec.Code}})
	want(t, "withdraw by code", err, problem.NotFound)
	if f, err := b.ByToken(b.Ctx, strings.ToUpper(rec.Token)); err != nil || f.Code != rec.Code {
		t.Errorf("typed in capitals: %v", err)
	}
	q := do(t)(b.Withdraw(b.Ctx, visitor, inquiry.WithdrawInput{AskerRef: inquiry.AskerRef{Token: rec.Token}}))
	if d, _ := b.duties.Of(b.Ctx, b.DB, q.Ref()); q.State != inquiry.Withdrawn || d[0].State != regulation.DutyVoid {
		t.Errorf("%s, %+v", q.State, d)
	}
}

func TestJournalistsOwn(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(t, k)
		_, mai, err := b.people.RegisterJournalist(k.Ctx, people.Registration{
			Email: "mai@saomai.example", Password: "chín con mèo đen", Name: "Trịnh Tuyết Mai", Phone: "0912345678", Outlet: "Báo Sao Mai", Machine: "192.0.2.1",
		})
		if err != nil {
			t.Fatal(err)
		}
		rec, err := b.Ask(k.Ctx, mai, inquiry.AskInput{Kind: inquiry.Interview, Body: "Ba câu về đèn đường.", Purpose: "Bài trang nhất", Urgent: true})
		if err != nil {
			t.Fatal(err)
		}
		if d := b.clock(t, rec.ID, "answer"); !d.Due.Equal(k.Clock.Now().Add(24 * time.Hour)) {
			t.Errorf("urgent: due %s", d.Due)
		}
		if b.clock(t, rec.ID, "verify").ID == "" {
			t.Error("no clock of verification")
		}
		f, err := b.Own(k.Ctx, mai, rec.Code)
		if err != nil || f.Verification != inquiry.VerifyWaiting {
			t.Errorf("%+v, %v", f, err)
		}
		_, err = b.Get(k.Ctx, mai, rec.ID)
		want(t, "the asker reads the work", err, problem.NotFound)
		if list, err := b.Mine(k.Ctx, mai, 0); err != nil || len(list) != 1 {
			t.Errorf("%d, %v", len(list), err)
		}
		if _, err := b.List(k.Ctx, mai, inquiry.Filter{}); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("lists the desk: %v", err)
		}
		// Not a journalist after all: the citizen's clock counts from receipt.
		k.Clock.Add(2 * time.Hour)
		do(t)(b.VerifyAsker(k.Ctx, b.thu, inquiry.VerifyInput{Ref: inquiry.Ref{ID: rec.ID}}))
		d := b.clock(t, rec.ID, "answer")
		if d.Rule != 104 || !d.Opened.Equal(testkit.Start) {
			t.Errorf("%+v", d)
		}
		if b.clock(t, rec.ID, "verify").State != regulation.DutyMet {
			t.Error("verification is not done")
		}
	})
}

func TestFollowUpBeginsAClockOfItsOwn(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(t, k)
		rec, ref := b.approved(t, citizen, "Nước trở lại lúc 17 giờ.")
		do(t)(b.Answer(k.Ctx, b.thu, inquiry.AnswerInput{Ref: ref}))
		k.Clock.Add(24 * time.Hour)
		mine := inquiry.AskerRef{Token: rec.Token}
		q := do(t)(b.FollowUp(k.Ctx, visitor, inquiry.AskerText{AskerRef: mine, Text: "Sao hôm nay lại yếu?"}))
		if q.State != inquiry.FollowUp || q.Round != 2 {
			t.Errorf("%s %d", q.State, q.Round)
		}
		if d := b.clock(t, rec.ID, "answer"); !d.Opened.Equal(k.Clock.Now()) || d.State != regulation.DutyRunning || d.Office != "SXD" {
			t.Errorf("%+v", d)
		}
		do(t)(b.Assign(k.Ctx, b.thu, inquiry.AssignInput{Ref: ref, Offices: []string{"SYT"}}))
		f, err := b.Get(k.Ctx, b.thu, rec.ID)
		if err != nil || f.Compose() != "" || f.Office != "SYT" {
			t.Errorf("%q %+v %v", f.Compose(), f.Parts, err)
		}
		do(t)(b.Draft(k.Ctx, b.tu, inquiry.DraftInput{Ref: ref, Office: "SYT", Text: "Van hỏng."}))
		do(t)(b.ApproveOffice(k.Ctx, b.yen, inquiry.ApproveOfficeInput{Ref: ref, Office: "SYT"}))
		do(t)(b.Draft(k.Ctx, b.an, inquiry.DraftInput{Ref: ref, Text: "Van hỏng, đã thay."}))
		do(t)(b.Approve(k.Ctx, b.hoa, inquiry.ApproveInput{Ref: ref}))
		do(t)(b.Answer(k.Ctx, b.thu, inquiry.AnswerInput{Ref: ref, Public: true, Title: "Van nước đã thay", Question: "Sao nước yếu?"}))
		// The first, private answer is nowhere in public.
		list, err := b.PublicAnswer(k.Ctx, rec.Code)
		if err != nil || len(list) != 1 || list[0].Round != 2 {
			t.Errorf("%+v, %v", list, err)
		}
		follow, err := b.ByToken(k.Ctx, rec.Token)
		if err != nil || len(follow.Answers) != 2 || follow.Answers[0].Drafter != "" {
			t.Errorf("%+v, %v", follow.Answers, err)
		}
	})
}

func TestPrivateAnswersNeverLeak(t *testing.T) {
	b := room(t, testkit.SQLite(t))
	rec, ref := b.approved(t, citizen, "Bí mật riêng cho người hỏi về nước yếu.")
	do(t)(b.Answer(b.Ctx, b.thu, inquiry.AnswerInput{Ref: ref}))
	_, err := b.PublicAnswer(b.Ctx, rec.Code)
	want(t, "a private answer's page", err, problem.NotFound)
	if list, err := b.PublicAnswers(b.Ctx, inquiry.PublicFilter{}); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err := b.Similar(b.Ctx, citizen.Body, 5); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	if err := b.Documents(b.Ctx, func(d inquiry.Document) error { t.Errorf("%+v", d); return nil }); err != nil {
		t.Error(err)
	}
}

func TestErasure(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(t, k)
		rec, ref := b.approved(t, reporter, "Đèn sáng lại.")
		_, err := b.EraseAsker(k.Ctx, b.hoa, ref)
		want(t, "while it is open", err, problem.State)
		do(t)(b.Answer(k.Ctx, b.thu, inquiry.AnswerInput{Ref: ref, Public: true, Title: "Đèn đường Láng", Question: "Vì sao tắt?"}))
		if n, err := b.Sweep(k.Ctx); err != nil || n != 0 {
			t.Errorf("%d erased too early, %v", n, err)
		}
		k.Clock.Add(b.Keep() + time.Hour)
		if n, err := b.Sweep(k.Ctx); err != nil || n != 1 {
			t.Fatalf("%d erased, %v", n, err)
		}
		if n, err := b.Sweep(k.Ctx); err != nil || n != 0 {
			t.Errorf("%d erased twice, %v", n, err)
		}
		f, err := b.Get(k.Ctx, b.thu, rec.ID)
		if err != nil || f.Contact.Name+f.Contact.Email+f.Contact.Phone+f.Contact.Outlet+f.Body != "" || f.Contact.Erased.IsZero() {
			t.Errorf("%+v, %v", f, err)
		}
		if list, err := b.PublicAnswer(k.Ctx, rec.Code); err != nil || list[0].Text != "Đèn sáng lại." {
			t.Errorf("the public answer went too: %v", err)
		}
		for _, table := range []string{"inquiry_asker", "inquiry", "inquiry_message", "inquiry_step"} {
			if s := dump(t, b, table); strings.Contains(s, "saomai") || strings.Contains(s, "Minh Khuê") || strings.Contains(s, "tuần trước") || strings.Contains(s, "tuan truoc") {
				t.Errorf("%s still holds the asker: %s", table, s)
			}
		}
	})
}

// dump reads every text of a table.
func dump(t *testing.T, b *bench, table string) string {
	t.Helper()
	rows, err := b.DB.Query(b.Ctx, "SELECT * FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for rows.Next() {
		cells := make([]any, len(cols))
		for i := range cells {
			cells[i] = new(any)
		}
		if err := rows.Scan(cells...); err != nil {
			t.Fatal(err)
		}
		for _, c := range cells {
			if s, ok := (*c.(*any)).(string); ok {
				all.WriteString(s + "\n")
			}
		}
	}
	return all.String()
}

func TestComplaintIsGuidedAndNotKept(t *testing.T) {
	b := room(t, testkit.SQLite(t))
	rec := b.ask(t, inquiry.AskInput{Kind: inquiry.Complaint, Body: "Tôi tố cáo ông X nhận tiền", Name: "Người tố cáo", Email: "a@b.example"})
	if rec.State != inquiry.Guided || len(rec.Duties) != 0 {
		t.Errorf("%+v", rec)
	}
	for _, table := range []string{"inquiry_asker", "inquiry", "inquiry_step"} {
		if s := dump(t, b, table); strings.Contains(s, "tố cáo") || strings.Contains(s, "to cao") || strings.Contains(s, "a@b") {
			t.Errorf("%s: %s", table, s)
		}
	}
}

func TestSimilar(t *testing.T) {
	b := room(t, testkit.SQLite(t))
	for i, q := range []string{"Khi nào sửa xong đèn đường Láng?", "Lịch cấp nước phố Vọng thế nào?", "Trường mầm non Hoa Sen tuyển sinh khi nào?"} {
		in := citizen
		in.Body = q
		_, ref := b.approved(t, in, "Trả lời.")
		do(t)(b.Answer(b.Ctx, b.thu, inquiry.AnswerInput{Ref: ref, Public: true, Title: q, Question: q}))
		b.Clock.Add(time.Duration(i+1) * time.Minute)
	}
	f := func(text, first string) {
		t.Helper()
		list, err := b.Similar(b.Ctx, text, 3)
		if err != nil || (first == "" && len(list) > 0) || (first != "" && (len(list) == 0 || !strings.Contains(list[0].Title, first))) {
			t.Errorf("%q: %+v, %v", text, list, err)
		}
	}
	f("den duong lang", "đường Láng")
	f("nước phố Vọng yếu", "phố Vọng")
	f("xe buýt số 32 chạy mấy giờ", "")
	f("", "")
}

func TestVerifiedJournalistsQuestionsWaitNoLonger(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(t, k)
		_, mai, err := b.people.RegisterJournalist(k.Ctx, people.Registration{
			Email: "mai@saomai.example", Password: "chín con mèo đen", Name: "Trịnh Tuyết Mai", Phone: "0912345678", Outlet: "Báo Sao Mai", Machine: "192.0.2.1",
		})
		if err != nil {
			t.Fatal(err)
		}
		rec, err := b.Ask(k.Ctx, mai, inquiry.AskInput{Kind: inquiry.Question, Body: "Bao giờ đèn sáng?"})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.people.VerifyJournalist(k.Ctx, b.thu, mai.ID); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(k.Ctx)
		done := make(chan error, 1)
		go func() { done <- b.Run(ctx) }()
		for {
			changed := k.Ledger.Changed()
			f, err := b.Get(k.Ctx, b.thu, rec.ID)
			if err != nil {
				t.Fatal(err)
			}
			if f.Verification == inquiry.VerifyDone {
				break
			}
			<-changed
		}
		stop()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if d := b.clock(t, rec.ID, "verify"); d.State != regulation.DutyMet {
			t.Errorf("%+v", d)
		}
		if d := b.clock(t, rec.ID, "answer"); d.State != regulation.DutyRunning {
			t.Errorf("%+v", d)
		}
	})
}
