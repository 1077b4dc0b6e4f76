package inquiries_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"khue/inquiry"
	"khue/people"
	"khue/regulation"
	"khue/web/desk/inquiries"
	public "khue/web/public/inquiries"
	"khue/web/webtest"
)

// staff is a house with people who answer.
type staff struct {
	*webtest.Kit
	thu, an, hoa *webtest.Browser // duty officer, editor, approver
	ngoc, hung   *webtest.Browser // focal point and head of SXD
	tu           *webtest.Browser // focal point of SYT
}

func open(t *testing.T) staff {
	t.Helper()
	k := webtest.New(t, inquiries.Register, public.Register)
	at := func(role regulation.Role, office string) regulation.Post {
		return regulation.Post{Role: role, Office: office}
	}
	return staff{
		k, k.Centre(t, "Lê Thu", regulation.DutyOfficer), k.Centre(t, "Trần An", regulation.Editor), k.Centre(t, "Vũ Hòa", regulation.Approver),
		k.As(t, "Đặng Ngọc", at(regulation.FocalPoint, "SXD")), k.As(t, "Phan Hùng", at(regulation.OfficeHead, "SXD")), k.As(t, "Cao Tú", at(regulation.FocalPoint, "SYT")),
	}
}

// ask gives the id of a new question, and its token.
func (s staff) ask(t *testing.T, body string) inquiry.Receipt {
	t.Helper()
	rec, err := s.Inquiries.Ask(s.Ctx, regulation.Actor{}, inquiry.AskInput{
		Kind: inquiry.Question, Body: body, Reporter: true, Name: "Đỗ Minh Khuê", Outlet: "Báo Sao Mai", Email: "khue@saomai.example",
	})
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

func TestTheWholeLoopAtTheDesk(t *testing.T) {
	s := open(t)
	rec := s.ask(t, "Vì sao đèn đường Láng tắt? <script>alert(1)</script>")
	at := "/desk/inquiries/" + rec.ID
	s.thu.Get("/desk/inquiries").Has(t, 200, "Vì sao đèn đường Láng tắt?", "HD-2026-0001", "chưa xác minh", "Tiếp nhận").Lacks(t, "<script>alert")
	s.thu.Get(at).Has(t, 200, "Đỗ Minh Khuê", "khue@saomai.example", "Hạn trả lời", "Hạn xác minh nhà báo").Lacks(t, "<script>alert")
	s.thu.Get("/en"+at).Has(t, 200, "Answer due", "Verify the journalist")
	s.thu.Get("/desk/inquiries/HD-2026-0001").Has(t, 200, "Đỗ Minh Khuê")
	s.thu.Post(at+"/accept").Has(t, 200, "Đã tiếp nhận HD-2026-0001", "Chuyển cơ quan")
	s.thu.Post(at+"/accept").Has(t, http.StatusConflict, "đã tiếp nhận")
	s.thu.Post(at+"/verify").Has(t, http.StatusUnprocessableEntity, "Chưa nhập")
	s.thu.Post(at+"/verify", "journalist", "yes").Has(t, 200, "đã xác minh là nhà báo")

	s.thu.Get(at+"/assign").Has(t, 200, "office-find", "Sở Xây dựng")
	s.thu.Post(at+"/assign", "office-find", "không có đâu").Has(t, 422, "không có cơ quan tên", "không có đâu")
	s.thu.Post(at+"/assign", "office-find", "so xay dung", "request", "Bao giờ sáng lại?").Has(t, 200, "Sở Xây dựng", "Bao giờ sáng lại?")
	s.tu.Get(at).Has(t, http.StatusNotFound)
	s.tu.Get("/desk/inquiries").Has(t, 200).Lacks(t, "HD-2026-0001")
	s.ngoc.Get("/desk/inquiries").Has(t, 200, "HD-2026-0001", "Soạn phần của cơ quan")
	s.ngoc.Get(at).Has(t, 200, "Soạn phần của cơ quan").Lacks(t, "khue@saomai.example", "Đỗ Minh Khuê")
	s.tu.Post(at+"/part", "office", "SXD", "text", "x").Has(t, http.StatusNotFound)
	s.ngoc.Post(at+"/part", "office", "SXD", "text", "").Has(t, 422, "Chưa nhập")
	s.ngoc.Post(at+"/part", "office", "SXD", "text", "Thay cáp ngầm, xong ngày 20/11.").Has(t, 200, "Đã trình lãnh đạo")
	s.an.Get(at).Has(t, 200, "lãnh đạo cơ quan duyệt xong").Lacks(t, "cáp ngầm")
	s.ngoc.Post(at+"/approve-office", "office", "SXD").Has(t, http.StatusForbidden, "lãnh đạo cơ quan")
	s.thu.Get("/desk/inquiries?kind=question&office=SXD&q=den+duong+lang").Has(t, 200, "HD-2026-0001")
	for _, none := range []string{"kind=access", "office=SYT", "q=xe+buyt"} {
		s.thu.Get("/desk/inquiries?"+none).Has(t, 200).Lacks(t, "HD-2026-0001")
	}
	s.hung.Get(at).Has(t, 200, "/desk/delegate?matter=inquiry")
	s.hung.Get(at+"/approve-office?office=SXD").Has(t, 200, "cáp ngầm")
	s.hung.Post(at+"/approve-office", "office", "SXD").Has(t, 200, "Đã duyệt")
	s.an.Get(at+"/draft").Has(t, 200, "Thay cáp ngầm, xong ngày 20/11.</textarea>")
	s.an.Post(at+"/draft", "text", "Đèn sáng lại **20/11**.").Has(t, 200, "Đã trình")
	s.an.Post(at+"/approve").Has(t, http.StatusForbidden)
	s.hoa.Get(at+"/approve").Has(t, 200, "<strong>20/11</strong>")
	s.hoa.Post(at+"/approve").Has(t, 200, "Đã duyệt")
	s.thu.Get(at+"/answer").Has(t, 200, "Gửi 1 người hỏi", "mã niêm")
	s.thu.Post(at+"/answer", "title", "Đèn").Has(t, 422, "Chưa nhập")
	s.thu.Post(at+"/answer", "how", "public", "title", "", "question", "Vì sao tắt?").Has(t, 422, "Vì sao tắt?</textarea>")
	s.thu.Post(at+"/answer", "how", "public", "title", "Đèn đường Láng sáng lại ngày 20/11", "question", "Vì sao tắt?").Has(t, 200, "Đã trả lời", "/answers/HD-2026-0001")
	s.Visitor(t).Get("/answers/HD-2026-0001").Has(t, 200, "Vì sao tắt?", "20/11").Lacks(t, "Minh Khuê", "saomai", "cáp ngầm")
	s.thu.Post(at+"/close").Has(t, 200, "Đã kết thúc", "đã trả lời công khai")
	like := s.ask(t, "Đèn đường Láng vì sao tắt?")
	s.thu.Post("/desk/inquiries/"+like.ID+"/accept").Has(t, 200)
	s.an.Get("/desk/inquiries/"+like.ID+"/draft").Has(t, 200, "Đã trả lời công khai câu gần giống", "/answers/HD-2026-0001")
	s.thu.Post(at+"/withdraw-answer", "round", "1", "reason", "Sai ngày.").Has(t, http.StatusForbidden)
	s.hoa.Get(at).Has(t, 200, "Thu hồi câu trả lời")
	s.hoa.Post(at+"/withdraw-answer", "round", "1", "reason", "").Has(t, 422, "Chưa nhập")
	s.hoa.Post(at+"/withdraw-answer", "round", "1", "reason", "Sai ngày.").Has(t, 200, "hãy soạn câu trả lời đúng", "Sai ngày.")
	for _, path := range []string{"/answers/HD-2026-0001", "/answers", "/answers/feed.atom", "/f/" + rec.Token} {
		s.Visitor(t).Get(path).Has(t, 200, "thu hồi").Lacks(t, "20/11</strong>", "Vì sao tắt?")
	}
	s.thu.Post(at+"/close").Has(t, 200)
	s.hoa.Post(at+"/erase").Has(t, 200, "đã được xóa").Lacks(t, "saomai")
}

func TestRefuseClarifyReassign(t *testing.T) {
	s := open(t)
	rec := s.ask(t, "Vụ cháy phố Vọng do đâu?")
	at := "/desk/inquiries/" + rec.ID
	s.thu.Post(at+"/clarify", "question", "Vụ nào?").Has(t, 200, "tạm dừng")
	s.Visitor(t).Post("/f/"+rec.Token, "do", "clarify", "text", "Vụ đêm qua").Has(t, 200, "thời hạn chạy tiếp")
	s.thu.Post(at+"/accept").Has(t, 200)
	s.thu.Post(at+"/assign", "office-find", "SXD").Has(t, 200)
	s.thu.Post(at+"/reassign", "instead", "SXD", "office-find", "Sở Y tế", "reason", "").Has(t, 422, "Chưa nhập")
	s.thu.Post(at+"/reassign", "instead", "SXD", "office-find", "Sở Y tế", "reason", "Không thuộc Sở.").Has(t, 200, "Sở Y tế")
	s.tu.Post(at+"/take").Has(t, 200, "Đã nhận")
	s.thu.Post(at+"/refuse", "ground", "investigation", "reason", "x").Has(t, http.StatusForbidden)
	s.hoa.Get(at+"/refuse").Has(t, 200, "bí mật nhà nước", "Điều 31").Lacks(t, "hai lần")
	s.hoa.Post(at+"/refuse", "reason", "đang điều tra").Has(t, 422, "Chưa nhập", "đang điều tra</textarea>")
	s.hoa.Post(at+"/refuse", "ground", "investigation", "reason", "Công an đang điều tra.").Has(t, 200, "Công an đang điều tra.")
	s.Visitor(t).Get("/f/"+rec.Token).Has(t, 200, "Căn cứ:", "Công an đang điều tra.")
}

func TestAmbiguousOfficeIsAChoice(t *testing.T) {
	s := open(t)
	rec := s.ask(t, "Câu hỏi")
	at := "/desk/inquiries/" + rec.ID
	s.thu.Post(at+"/accept").Has(t, 200)
	s.thu.Post(at+"/assign", "office-find", "bệnh viện").Has(t, 422, "nhiều cơ quan", `name="pick" value="BVXP"`)
	s.thu.Post(at+"/assign", "office-find", "", "pick", "BVXP").Has(t, 200, "Xanh Pôn")
}

func TestStaleFormIsAConflict(t *testing.T) {
	s := open(t)
	rec := s.ask(t, "Câu hỏi")
	at := "/desk/inquiries/" + rec.ID
	s.thu.Post(at+"/accept", "version", "1").Has(t, 200)
	s.an.Post(at+"/draft", "version", "1", "text", "Lời đã gõ").Has(t, http.StatusConflict, "Lê Thu", "Lời đã gõ</textarea>", `name="version" value="2"`)
}

func TestNote(t *testing.T) {
	s := open(t)
	s.thu.Get("/desk/note").Has(t, 200, "note-text")
	s.thu.Post("/desk/note", "note-text", " ").Has(t, 422, "Chưa nhập")
	const call = "PV Đỗ Minh Khuê báo Sao Mai 0912 345 678 hỏi Sở Xây dựng vì sao đèn đường Láng tắt, gấp"
	p := s.thu.Post("/desk/note", "note-text", call).Has(t, 200, "Đã ghi HD-2026-0001", "chip", "Đỗ Minh Khuê", "0912 345 678", "Sở Xây dựng", "Gấp", "còn 1 ngày")
	if !strings.HasSuffix(p.Path, "/correct?noted=1") {
		t.Error(p.Path)
	}
	s.thu.Post("/desk/note", "note-text", call).Has(t, 200, "Đã có từ trước, mã HD-2026-0001")
	list, err := s.Inquiries.List(s.Ctx, s.thu.Actor, inquiry.Filter{})
	if err != nil || len(list) != 1 {
		t.Fatalf("%d, %v", len(list), err)
	}
	at := "/desk/inquiries/" + list[0].ID
	s.thu.Post(at+"/correct", "kind", "question", "asker", "press", "urgent", "1", "name", "Đỗ Khuê", "email", "sai", "do", "accept").Has(t, 422, "Email thiếu", `value="Đỗ Khuê"`)
	s.thu.Post(at+"/correct", "version", strconv.FormatInt(list[0].Version, 10), "kind", "question", "asker", "press", "urgent", "1", "name", "Đỗ Khuê", "do", "accept").
		Has(t, 200, "Chuyển cơ quan", `value="Sở Xây dựng"`)
	s.ngoc.Post("/desk/note", "note-text", call).Has(t, http.StatusForbidden)
	s.thu.Post("/desk/note", "note-text", "bác Tư tố cáo cán bộ phường").Has(t, 200, "nội dung không lưu").Lacks(t, "bác Tư")
}

func TestMatter(t *testing.T) {
	s := open(t)
	s.thu.Get("/desk/inquiries/matter?story=story/s1&subject=R%C3%A1c").Has(t, 200, `value="Rác"`, `value="story/s1"`).Lacks(t, "Giao xử lý")
	s.hoa.Get("/desk/inquiries/matter").Has(t, 200, "Giao xử lý")
	fields := []string{"kind", "matter", "story", "story/s1", "subject", "Rác ùn ở Thổ Quan", "body", "Ba báo nêu.", "office-find", "SXD", "secret", inquiry.NewToken()}
	s.thu.Post("/desk/inquiries/matter", "kind", "matter", "subject", "Rác", "office-find", "SXD").Has(t, 422, "Chưa nhập", `value="Rác"`)
	p := s.thu.Post("/desk/inquiries/matter", fields...).Has(t, 200, "Đã giao BCN-2026-0001", "Hạn báo cáo")
	s.thu.Post("/desk/inquiries/matter", fields...).Has(t, 200, "Đã có từ trước, mã BCN-2026-0001")
	at := strings.TrimSuffix(p.Path, "?")
	s.ngoc.Get(at).Has(t, 200, "Viết báo cáo")
	s.ngoc.Post(at+"/part", "office", "SXD", "text", "Đã dọn lúc 9 giờ.").Has(t, 200)
	s.hung.Post(at+"/approve-office", "office", "SXD").Has(t, 200)
	s.thu.Get(at).Has(t, 200, "Đã dọn lúc 9 giờ.", "đã duyệt báo cáo", "Kết thúc")
}

func TestVisitorsAndJournalistsStayOut(t *testing.T) {
	s := open(t)
	rec := s.ask(t, "Câu hỏi kín")
	mai := s.Visitor(t)
	token, _, err := s.People.RegisterJournalist(s.Ctx, people.Registration{
		Email: "mai@saomai.example", Password: "chín con mèo đen", Name: "Trịnh Mai", Phone: "0912345678", Outlet: "Báo Sao Mai", Machine: "192.0.2.1",
	})
	if err != nil {
		t.Fatal(err)
	}
	mai.Session(token)
	for _, path := range []string{"/desk/inquiries", "/desk/inquiries/" + rec.ID, "/desk/inquiries/" + rec.ID + "/draft", "/desk/note", "/desk/inquiries/matter"} {
		mai.Get(path).Has(t, http.StatusForbidden).Lacks(t, "Câu hỏi kín")
		if p := s.Visitor(t).Get(path); p.Status == 200 || strings.Contains(p.Body, "Câu hỏi kín") {
			t.Errorf("%s: a visitor gets %d", path, p.Status)
		}
	}
}
