package rules_test

import (
	"strconv"
	"strings"
	"testing"

	"khue/regulation"
	"khue/web/desk/rules"
	"khue/web/webtest"
)

func TestRulesInWords(t *testing.T) {
	k := webtest.New(t, rules.Register)
	b := k.Centre(t, "Lê Thu Phong", regulation.DutyOfficer)
	list := b.Get("/desk/rules")
	list.Has(t, 200, "Hạn luật định", "1. Sự việc tác động lớn", "24 giờ", "Điều 7 khoản 3, Nghị định 244/2026/NĐ-CP", "chưa đối chiếu",
		"101. Xác minh phóng viên gửi câu hỏi", "4 giờ (khẩn); 2 ngày làm việc (không khẩn)", "Nhiều nhất 90 ngày", "Đã qua 80 % thời hạn", "người dự thảo không tự duyệt")
	list.Lacks(t, "⟦", "%!")
	en := b.Get("/en/desk/rules")
	en.Has(t, 200, "Limits set by law", "1. Major-impact event", "24 hours", "4 hours (urgent); 2 working days (not urgent)")
	en.Lacks(t, "⟦")
}

func TestEveryRuleHasAPageWithItsExamples(t *testing.T) {
	k := webtest.New(t, rules.Register)
	b := k.Centre(t, "Lê Thu Phong", regulation.DutyOfficer)
	for _, r := range k.Deadlines.Rules() {
		path := "/desk/rules/" + strconv.Itoa(r.Rule)
		page := b.Get(path).Has(t, 200, r.Vi, "Thử tính hạn", "đúng")
		page.Lacks(t, "⟦", "sai, tính ra")
		b.Get("/en"+path).Has(t, 200, "Try a limit").Lacks(t, "⟦")
	}
	one := b.Get("/desk/rules/17")
	one.Has(t, 200, "Luật 103/2016/QH13", "30 ngày", "15 ngày làm việc", "đang có hiệu lực", "từ 1/1/2017 đến trước 1/7/2026", "Tiếp nhận câu hỏi, kiến nghị (loại: kiến nghị báo chí chuyển) → trả lời")
	b.Get("/desk/rules/5").Has(t, 200, "người hỏi: báo chí, cơ quan; loại: câu hỏi", "không mở nhiệm vụ")
	b.Get("/desk/rules/99").Has(t, 404)
	b.Get("/desk/rules/x").Has(t, 404)
}

func TestALimitIsCountedWithoutScript(t *testing.T) {
	k := webtest.New(t, rules.Register)
	b := k.Centre(t, "Lê Thu Phong", regulation.DutyOfficer)
	page := b.Get("/desk/rules/5?at=2026-11-20T22:15&urgent=false")
	page.Has(t, 200, "Hạn: hết ngày thứ Tư, 25/11", "ngày nghỉ hằng tuần", "hạn tự đặt: Điều 7 khoản 5", `value="2026-11-20T22:15"`, `<option value="false" selected>`)
	b.Get("/desk/rules/5?at=2026-11-20T22:15&urgent=true").Has(t, 200, "22:15 thứ Bảy, 21/11")
	b.Get("/desk/rules/23?at=2026-12-30T08:00&kind=publish").Has(t, 200, "Tết Dương lịch")
	b.Get("/desk/rules/17?at=2026-06-30T08:00").Has(t, 200, "Luật 103/2016/QH13")
	b.Get("/desk/rules/5?at=hom-nay").Has(t, 422, `value="hom-nay"`)
	b.Get("/desk/rules/5?at=9999-01-01T00:00").Has(t, 422)
	b.Get("/desk/rules/2?at=2025-01-01T08:00").Has(t, 422, "chưa có hiệu lực")
	b.Get("/desk/rules/5?at=%22%3E%3Cscript%3E").Lacks(t, "<script>alert", `""><script>`)
}

func TestOnlyTheDeskSeesTheRules(t *testing.T) {
	k := webtest.New(t, rules.Register)
	if page := k.Visitor(t).Get("/desk/rules"); !strings.HasPrefix(page.Path, "/login") {
		t.Errorf("a visitor stands at %s", page.Path)
	}
	k.As(t, "Phạm Nhà Báo").Get("/desk/rules").Has(t, 403)
}
