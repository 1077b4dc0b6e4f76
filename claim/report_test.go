package claim_test

import (
	"strings"
	"testing"
	"time"

	"khue/claim"
	"khue/internal/testkit"
	"khue/problem"
	"khue/regulation"
)

var visitor = regulation.Actor{}

func TestReportTwiceIsOne(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		first, err := b.Report(k.Ctx, visitor, claim.ReportInput{Text: "Nghe nói cắt nước bảy ngày?", Link: "https://www.a.example/bai/", Email: "an@thu.example", Name: "Nguyễn Văn An"})
		if err != nil || first.Again || first.Report.Code != "TB-2026-0001" {
			t.Fatalf("%+v %v", first, err)
		}
		k.Clock.Add(time.Minute)
		again, err := b.Report(k.Ctx, visitor, claim.ReportInput{Text: "NGHE NÓI cắt nước  bảy ngày!", Link: "http://a.example/bai", Phone: "0900000001"})
		if err != nil || !again.Again || again.Report.ID != first.Report.ID || again.Report.Times != 2 {
			t.Fatalf("%+v %v", again, err)
		}
		_, contacts, err := b.ReportByID(k.Ctx, b.lan, first.Report.ID)
		if err != nil || len(contacts) != 2 || contacts[0].Name != "Nguyễn Văn An" {
			t.Fatalf("%+v %v", contacts, err)
		}
		list, err := b.Reports(k.Ctx, b.lan, claim.Signalled, 10)
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		_, err = b.Reports(k.Ctx, b.hung, claim.Signalled, 10)
		want(t, err, problem.Forbidden)
	})
}

func TestReportsAtTheSameMoment(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		const n = 8
		errs := make(chan error, n)
		for range n {
			go func() {
				_, err := b.Report(k.Ctx, visitor, claim.ReportInput{Text: "Tin nghe được ở chợ"})
				errs <- err
			}()
		}
		for range n {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		list, err := b.Reports(k.Ctx, b.lan, claim.Signalled, 10)
		if err != nil || len(list) != 1 || list[0].Times != n {
			t.Errorf("%+v %v", list, err)
		}
	})
}

func TestContactsNeverInTheLedger(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		in := claim.ReportInput{Text: "Tin nghe được ở chợ", Name: "Trần Thị Bưởi", Email: "buoi@thu.example", Phone: "0911222333"}
		rep, err := b.Report(k.Ctx, visitor, in)
		if err != nil {
			t.Fatal(err)
		}
		c, err := b.Open(k.Ctx, b.lan, claim.OpenInput{Statement: "Chợ đóng cửa một tháng", Reports: []string{rep.Report.ID}, Office: "SXD", Question: "Bà Bưởi hỏi chợ có đóng không"})
		if err != nil || !c.FirstSeen.Equal(k.Clock.Now()) {
			t.Fatal(c.FirstSeen, err)
		}
		b.publish(t, c, claim.False)
		for _, r := range k.Records(t) {
			for _, secret := range []string{"Bưởi", "buoi@", "0911222333", "ở chợ", "Chợ đóng"} {
				if strings.Contains(string(r.Body), secret) {
					t.Errorf("%s holds %q: %s", r.Kind, secret, r.Body)
				}
			}
		}
		receipt, err := b.Report(k.Ctx, visitor, in)
		if err != nil || receipt.Claim != c.Code {
			t.Errorf("who reports what is checked already is led to it: %+v %v", receipt, err)
		}

		k.Clock.Add(claim.ContactKept - time.Second)
		if n, err := b.EraseContacts(k.Ctx); err != nil || n != 0 {
			t.Errorf("erased before the time: %d %v", n, err)
		}
		k.Clock.Add(time.Second)
		if n, err := b.EraseContacts(k.Ctx); err != nil || n != 1 {
			t.Errorf("erased %d %v", n, err)
		}
		if _, contacts, err := b.ReportByID(k.Ctx, b.lan, rep.Report.ID); err != nil || len(contacts) != 0 {
			t.Errorf("left: %v %v", contacts, err)
		}
	})
}

func TestReportMergedOrDismissed(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		c := b.open(t, rumour)
		report := func(text string) claim.Report {
			r, err := b.Report(k.Ctx, visitor, claim.ReportInput{Text: text})
			if err != nil {
				t.Fatal(err)
			}
			return r.Report
		}
		one, two := report("Cắt nước à"), report("Bán hàng ở vỉa hè")
		if _, err := b.Merge(k.Ctx, b.ngoc, claim.MergeInput{Report: one.ID, Claim: c.ID}); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("an office does not merge: %v", err)
		}
		if _, err := b.Merge(k.Ctx, b.lan, claim.MergeInput{Report: one.ID, Claim: c.Code}); err != nil {
			t.Fatal(err)
		}
		_, err := b.Merge(k.Ctx, b.mai, claim.MergeInput{Report: one.ID, Claim: c.ID})
		want(t, err, problem.Conflict)
		_, err = b.Dismiss(k.Ctx, b.lan, claim.DismissInput{Report: two.ID})
		want(t, err, problem.Required)
		if _, err := b.Dismiss(k.Ctx, b.lan, claim.DismissInput{Report: two.ID, Reason: "Không phải tin"}); err != nil {
			t.Fatal(err)
		}
		w, err := b.Get(k.Ctx, b.lan, c.ID)
		if err != nil || len(w.Reports) != 1 {
			t.Errorf("%v %v", w.Reports, err)
		}
		if w, err = b.Get(k.Ctx, b.ngoc, c.ID); err != nil || len(w.Reports) != 0 {
			t.Errorf("an office sees no citizens' reports: %v %v", w.Reports, err)
		}
		n, err := b.Counts(k.Ctx)
		if err != nil || n[claim.Signalled] != 0 || n[claim.Opened] != 1 {
			t.Errorf("%v %v", n, err)
		}
	})
}

func TestWhatAReportNeeds(t *testing.T) {
	k := testkit.SQLite(t)
	b := room(k)
	f := func(in claim.ReportInput, code problem.Code) {
		t.Helper()
		_, err := b.Report(k.Ctx, visitor, in)
		want(t, err, code)
	}
	f(claim.ReportInput{}, problem.Required)
	f(claim.ReportInput{Email: "a@b.example"}, problem.Required)
	f(claim.ReportInput{Text: "a", Email: "không phải"}, problem.Email)
	f(claim.ReportInput{Text: "a", Email: "a@b.example, c@d.example"}, problem.Email)
	f(claim.ReportInput{Link: "javascript:alert(1)"}, problem.Invalid)
	f(claim.ReportInput{Link: "https://u:p@a.example/"}, problem.Invalid)
	f(claim.ReportInput{Text: strings.Repeat("x", 8001)}, problem.Invalid)
	f(claim.ReportInput{Link: "https://a.example/?q=1"}, "")
	f(claim.ReportInput{File: "abc"}, "")
}
