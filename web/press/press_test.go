package press_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"khue/inquiry"
	"khue/internal/testkit"
	"khue/regulation"
	"khue/web/press"
	"khue/web/webtest"
)

var registration = []string{"name", "Trịnh Tuyết Mai", "outlet", "Báo Sao Mai", "host", "saomai.example", "email", "mai@saomai.example", "phone", "0912 345 678", "password", "chín con mèo đen"}

func TestRegisterAskFollow(t *testing.T) {
	k := webtest.New(t, press.Register)
	b := k.Visitor(t)
	b.Get("/press").Has(t, 200, "Đăng ký tài khoản nhà báo", "không cần tài khoản")
	b.Get("/en/press/register").Has(t, 200, "Register as a journalist")
	b.Post("/press/register", "name", "Mai", "email", "sai", "outlet", "", "phone", "").
		Has(t, 422, `value="Mai"`, "Email thiếu", "Chưa nhập").Lacks(t, "⟦")
	p := b.Post("/press/register", registration...).Has(t, 200, "Đã đăng ký", "Trịnh Tuyết Mai, Báo Sao Mai", "chưa xác minh", "email chưa xác nhận")
	if p.Path != "/press" {
		t.Error(p.Path)
	}
	b.Get("/press/questions").Has(t, 200, "Bạn chưa có câu hỏi")
	secret := regexp.MustCompile(`name="secret" value="([a-z2-7]{32})"`).FindStringSubmatch(b.Get("/press/ask").Has(t, 200).Body)[1]
	b.Post("/press/ask", "secret", secret, "kind", "interview", "body", "Gặp lãnh đạo sở <i>x</i>").Has(t, 422, "Chưa nhập", "Gặp lãnh đạo sở &lt;i&gt;")
	fields := []string{"secret", secret, "kind", "question", "subject", "Đèn đường Láng", "body", "Vì sao tắt?", "urgent", "1"}
	b.Post("/press/ask", fields...).Has(t, 200, "Đã nhận câu hỏi HD-2026-0001", "còn 1 ngày", "xác minh").Lacks(t, secret, "Giữ kín")
	b.Post("/press/ask", fields...).Has(t, 200, "Đã nhận câu hỏi HD-2026-0001")
	b.Get("/press/questions").Has(t, 200, "Đèn đường Láng", "HD-2026-0001", "mới đến").Lacks(t, "HD-2026-0002")
	b.Get("/press/outlet").Has(t, 200, "Báo Sao Mai", "saomai.example")

	thu := testkit.Centre("thu", regulation.DutyOfficer)
	f, err := k.Inquiries.ByCode(k.Ctx, thu, "HD-2026-0001")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Inquiries.Clarify(k.Ctx, thu, inquiry.ClarifyInput{Ref: inquiry.Ref{ID: f.ID}, Question: "Đoạn nào?"}); err != nil {
		t.Fatal(err)
	}
	b.Get("/press").Has(t, 200, "chờ người hỏi", "Gửi trả lời")
	b.Post("/press/questions/HD-2026-0001", "do", "clarify", "text", "").Has(t, 422, "Chưa nhập")
	b.Post("/press/questions/HD-2026-0001", "do", "clarify", "text", "Số 100").Has(t, 200, "thời hạn chạy tiếp", "Số 100")
	b.Post("/press/questions/hd-2026-0001", "do", "withdraw").Has(t, 200, "Đã rút câu hỏi")

	// Nobody else sees it, not even with the code.
	other := k.Visitor(t)
	other.Post("/press/register", "name", "Hà Văn Tò", "outlet", "Báo Khác", "email", "to@khac.example", "phone", "0987654321", "password", "chín con mèo đen").Has(t, 200)
	for _, path := range []string{"/press/questions/HD-2026-0001", "/press/questions/HD-2026-0009"} {
		other.Get(path).Has(t, http.StatusNotFound).Lacks(t, "Láng")
	}
	other.Post("/press/questions/HD-2026-0001", "do", "more", "text", "x").Has(t, http.StatusNotFound)
	other.Get("/press/questions").Has(t, 200).Lacks(t, "HD-2026-0001")
	k.Centre(t, "Lê Thu", regulation.DutyOfficer).Get("/press/questions").Has(t, http.StatusForbidden)
	if p := k.Visitor(t).Get("/press/questions"); p.Status == 200 || strings.Contains(p.Body, "Láng") {
		t.Errorf("a visitor: %d", p.Status)
	}
	k.Visitor(t).Foreign("/press/register", registration...).Has(t, http.StatusForbidden)
}
