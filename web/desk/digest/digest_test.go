package digest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"khue/insight"
	"khue/regulation"
	"khue/web/desk/digest"
	"khue/web/webtest"
)

// told gives a house in which the demo was told until a minute before the digest's hour, and what lets time pass.
func told(t *testing.T) (k *webtest.Kit, later func(time.Duration)) {
	t.Helper()
	var passed atomic.Int64
	end := time.Date(2026, 11, 10, 5, 29, 0, 0, time.FixedZone("+07", 7*3600))
	k = webtest.NewDemo(t, end, func() time.Duration { return time.Duration(passed.Load()) }, digest.Register)
	return k, func(d time.Duration) { passed.Add(int64(d)) }
}

// TestMorning walks the press digest of the demo through a morning: nothing before 05:30, a draft, an order, a signature, a letter
// with its sheet at 06:30, and a task that a leader makes of it.
func TestMorning(t *testing.T) {
	k, later := told(t)
	k.Insight.SetSheet(digest.Sheet)
	step := func() {
		t.Helper()
		if err := k.Insight.StepDigest(k.Ctx); err != nil {
			t.Fatal(err)
		}
	}
	editor, approver := k.Centre(t, "Lê Biên Tập", regulation.Editor), k.Centre(t, "Đỗ Duyệt", regulation.Approver)
	step()
	editor.Get("/desk/digest").Has(t, 200, "Chưa có điểm báo nào")
	later(time.Minute)
	step()
	step() // a second time changes nothing
	editor.Get("/desk/digest").Has(t, 200, "thứ Ba, 10/11/2026", "chờ người soạn")
	editor.Get("/desk/digest/2026-11-10").Has(t, 200, "Ký, gửi lúc 6:30", "Bài gốc", "nguồn").Lacks(t, "⟦", "Giao cơ quan xử lý")
	d, err := k.Insight.Digest(k.Ctx, editor.Actor, "2026-11-10")
	if err != nil || len(d.Items) < 2 || d.State != insight.DigestDraft {
		t.Fatalf("%+v %v", d, err)
	}
	if d.Items[0].Line == "" || d.Items[0].URL == "" || d.Items[0].Source == "" {
		t.Errorf("%+v", d.Items[0])
	}
	last := d.Items[len(d.Items)-1].Story
	editor.Post("/desk/digest/2026-11-10", "version", "1", "do", "sign").Has(t, 422) // nothing is ticked
	editor.Post("/desk/digest/2026-11-10", "version", "1", "do", "sign", "place-"+last, "0", "tick-"+last, "1", "line-"+last, "Một dòng của người soạn.").Has(t, 200, "Đã ký", "Lê Biên Tập")
	editor.Post("/desk/digest/2026-11-10", "version", "1", "do", "save").Has(t, 422) // somebody else saved meanwhile
	approver.Post("/desk/digest/readers", "email", "không phải", "name", "A").Has(t, 422)
	approver.Post("/desk/digest/readers", "email", "lanh-dao@khue.example", "name", "Lãnh Đạo").Has(t, 200, "Đã thêm lanh-dao@khue.example")
	step()
	if got, _ := k.Insight.Digest(k.Ctx, editor.Actor, "2026-11-10"); got.State != insight.DigestSigned || got.Items[0].Story != last || got.Items[0].Line != "Một dòng của người soạn." || len(got.Ticked()) != 1 {
		t.Fatalf("%+v", got)
	}
	later(time.Hour)
	step()
	if err := k.People.SendWaiting(k.Ctx); err != nil {
		t.Fatal(err)
	}
	k.Until(t, func() bool { return len(k.Mail.Letters("lanh-dao@khue.example")) > 0 }) // the house sends letters beside us
	letters := k.Mail.Letters("lanh-dao@khue.example")
	if len(letters) != 1 || !bytes.HasPrefix(letters[0].File.Data, []byte("%PDF-")) || letters[0].File.Name != "diem-bao-2026-11-10.pdf" || !strings.Contains(letters[0].Text, "Một dòng của người soạn.") {
		t.Errorf("%+v", letters)
	}
	editor.Get("/desk/digest/2026-11-10").Has(t, 200, "gửi lúc", "Một dòng của người soạn.").Lacks(t, "Ký, gửi lúc 6:30")
	editor.Post("/desk/digest/2026-11-10", "version", "3", "do", "save").Has(t, 409)
	approver.Get("/desk/digest/2026-11-10").Has(t, 200, "Giao cơ quan xử lý")
	approver.Post("/desk/digest/2026-11-10/task", "story", last, "office", "SXD").Has(t, 200, "Đã giao Sở Xây dựng", "đã giao việc")
	approver.Post("/desk/digest/2026-11-10/task", "story", last, "office", "SYT").Has(t, 409, "GX-2026-0001")
}

// TestNothingTold: a house that heard nothing drafts nothing, whatever the hour, and its ledger does not grow.
func TestNothingTold(t *testing.T) {
	k := webtest.New(t, digest.Register)
	before := k.Ledger.Size()
	for range 2 {
		if err := k.Insight.StepDigest(k.Ctx); err != nil {
			t.Fatal(err)
		}
	}
	if n := k.Ledger.Size(); n != before {
		t.Errorf("%d entries, before %d", n, before)
	}
	k.Centre(t, "Lê Biên Tập", regulation.Editor).Get("/desk/digest").Has(t, 200, "Chưa có điểm báo nào")
}

// TestSheet draws a sheet of many items: more than one page, each word in it, and the same bytes each time.
func TestSheet(t *testing.T) {
	d := insight.Digest{Day: "2026-11-10", DraftedAt: time.Date(2026, 11, 9, 22, 30, 0, 0, time.UTC), SignedAt: time.Date(2026, 11, 9, 23, 0, 0, 0, time.UTC)}
	for range 30 {
		d.Items = append(d.Items, insight.DigestItem{Ticked: true, Headline: "Ế ẩm ở chợ Mẫu vì mưa, ngõ ngách vẫn đông", Line: strings.Repeat("Người bán nói ế từ đầu tuần. ", 6), Source: "Báo Thử", Sources: 3, URL: "https://bao.example/1", Said: insight.Said{Code: "TCBC-2026-0001", Title: "Chợ Mẫu mở lại", Path: "/r/TCBC-2026-0001"}})
	}
	a, err := digest.Sheet(d)
	if err != nil {
		t.Fatal(err)
	}
	b, err := digest.Sheet(d)
	if err != nil || !bytes.Equal(a, b) {
		t.Errorf("two sheets of one digest differ (%v)", err)
	}
	if !bytes.HasPrefix(a, []byte("%PDF-")) || bytes.Count(a, []byte("/Type /Page\n")) < 3 || len(a) > 1<<20 {
		t.Errorf("%d bytes, %d pages", len(a), bytes.Count(a, []byte("/Type /Page\n")))
	}
	if dir := os.Getenv("KHUE_SHEET"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "diem-bao.pdf"), a, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
