package now_test

import (
	"regexp"
	"testing"
	"time"

	"khue/claim"
	"khue/regulation"
	"khue/release"
	"khue/web/desk/now"
	"khue/web/webtest"
)

func submit(t *testing.T, k *webtest.Kit, by regulation.Actor, title string) release.Release {
	t.Helper()
	rel, err := k.Releases.Submit(k.Ctx, by, release.SubmitInput{
		Kind: release.PressInformation, Office: "SXD", Text: release.Text{Title: title, Body: "Sở thử nghiệm làm lại vỉa hè phố Mẫu trong mười ngày, mỗi ngày một bên."},
	})
	if err != nil {
		t.Fatal(err)
	}
	return rel
}

// TestEachSeesTheirOwn: what waits stands on the page of those who can move it, and on nobody else's.
func TestEachSeesTheirOwn(t *testing.T) {
	k := webtest.New(t, now.Register)
	lan := k.As(t, "Lan Đầu Mối", regulation.Post{Role: regulation.FocalPoint, Office: "SXD"})
	thu := k.Centre(t, "Thu Biên Tập", regulation.Editor)
	other := k.As(t, "Sở Khác", regulation.Post{Role: regulation.FocalPoint, Office: "SYT"})
	submit(t, k, lan.Actor, "Làm lại vỉa hè phố Mẫu")
	thu.Get("/desk").Has(t, 200, "Làm lại vỉa hè phố Mẫu", "Nhận", "Sở Xây dựng")
	other.Get("/desk").Has(t, 200, "Không có việc đến hạn", "data-live-group hidden").Lacks(t, "phố Mẫu", "data-live-group>") // empty, but what comes has its place
	k.Visitor(t).Get("/desk").Lacks(t, "phố Mẫu")
	k.As(t, "Không Ai").Get("/desk").Has(t, 403)
	thu.Get("/desk/find?q=via+he+pho").Has(t, 200, "Làm lại vỉa hè phố Mẫu")
	other.Get("/desk/find?q=via+he+pho").Has(t, 200).Lacks(t, "vỉa hè")
	thu.Get("/en/desk").Has(t, 200, "Take")
}

// TestMenuNumber: every page of the desk says how much is owed, the page of the work itself too; what was only raised is not counted.
func TestMenuNumber(t *testing.T) {
	k := webtest.New(t, now.Register)
	lan := k.As(t, "Lan Đầu Mối", regulation.Post{Role: regulation.FocalPoint, Office: "SXD"})
	thu := k.Centre(t, "Thu Biên Tập", regulation.Editor)
	number := regexp.MustCompile(`<span class="n" data-live-part>\s*(\d*)\s*</span>`)
	said := func(path, want string) {
		t.Helper()
		if m := number.FindStringSubmatch(thu.Get(path).Has(t, 200).Body); m == nil || m[1] != want {
			t.Errorf("%s says %q, not %q", path, m, want)
		}
	}
	said("/desk", "")
	submit(t, k, lan.Actor, "Làm lại vỉa hè phố Mẫu")
	submit(t, k, lan.Actor, "Làm lại vỉa hè phố Thử")
	if _, err := k.Claims.Report(k.Ctx, regulation.Actor{}, claim.ReportInput{Text: "Nghe nói phố Mẫu bị rào cả năm?"}); err != nil {
		t.Fatal(err)
	}
	thu.Get("/desk").Has(t, 200, "Nghe nói phố Mẫu")
	said("/desk", "2")
	said("/desk/notices", "2")
	said("/en/desk/figures", "2")
}

// TestNoticesAndLateness: a claim opens a duty; the focal point is told on screen and by mail, the clock runs, and when it has
// run out the row stands under late and the head is told.
func TestNoticesAndLateness(t *testing.T) {
	k := webtest.New(t, now.Register)
	lan := k.As(t, "Lan Đầu Mối", regulation.Post{Role: regulation.FocalPoint, Office: "SXD"})
	head := k.As(t, "Hà Lãnh Đạo", regulation.Post{Role: regulation.OfficeHead, Office: "SXD"})
	analyst := k.Centre(t, "Phan Phân Tích", regulation.Analyst)
	_, err := k.Claims.Open(k.Ctx, analyst.Actor, claim.OpenInput{Statement: "Cầu Mẫu bị cấm xe từ tối nay", Office: "SXD", Urgent: true, Impact: claim.Major})
	if err != nil {
		t.Fatal(err)
	}
	k.Until(t, func() bool { n, err := k.Insight.Unseen(k.Ctx, lan.Actor.ID); return err == nil && n > 0 })
	lan.Get("/desk").Has(t, 200, "Cầu Mẫu bị cấm xe", "Thêm căn cứ", "còn ")
	lan.Get("/desk/notices").Has(t, 200, "Cầu Mẫu", "Việc mới", "Mới")
	lan.Post("/desk/notices/seen").Has(t, 200).Lacks(t, "Đã xem hết")
	if err := k.People.SendWaiting(k.Ctx); err != nil {
		t.Fatal(err)
	}
	if letters := k.Mail.Letters("nguoi1@khue.example"); len(letters) == 0 {
		t.Error("no letter to the focal point")
	}
	k.Clock.Add(80 * time.Hour)
	if err := k.Duties.Tick(k.Ctx); err != nil {
		t.Fatal(err)
	}
	k.Until(t, func() bool { n, err := k.Insight.Unseen(k.Ctx, head.Actor.ID); return err == nil && n > 0 })
	lan2 := k.As(t, "Lan Sau", regulation.Post{Role: regulation.FocalPoint, Office: "SXD"})
	lan2.Get("/desk").Has(t, 200, `<section data-live-group><h2 class="group">Quá hạn</h2>`, "Cầu Mẫu bị cấm xe", `<section data-live-group hidden><h2 class="group">Đang chạy thời hạn</h2>`)
}

func TestFiguresAndRecord(t *testing.T) {
	k := webtest.New(t, now.Register)
	lan := k.As(t, "Lan Đầu Mối", regulation.Post{Role: regulation.FocalPoint, Office: "SXD"})
	approver := k.Centre(t, "Duyệt", regulation.Approver)
	submit(t, k, lan.Actor, "Làm lại vỉa hè phố Mẫu")
	approver.Get("/desk/figures").Has(t, 200, "tháng 11/2026", "đúng hạn")
	approver.Get("/desk/figures?month=2026-13").Has(t, 422)
	approver.Get("/desk/figures.csv?month=2026-11").Has(t, 200, "office,name,met")
	lan.Get("/desk/figures").Has(t, 403)
	approver.Get("/desk/audit").Has(t, 200, "release.submitted", "Lan Đầu Mối")
	lan.Get("/desk/audit").Has(t, 403)
}
