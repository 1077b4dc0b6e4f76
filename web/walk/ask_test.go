package walk

import (
	"strings"
	"time"
)

// ask lets a journalist, a citizen, a caller and a reporter nobody knows ask, each in their way, and gives a matter of the press to
// an office.
func ask(w *world, n *gazette) {
	w.t.Helper()
	speakers(w)
	byJournalist(w)
	byCitizen(w)
	byTelephone(w)
	byStranger(w)
	raisedByPress(w, n)
}

// speakers finds who speaks for an office, by a name typed without marks, with telephone and mail.
func speakers(w *world) {
	w.t.Helper()
	p := w.visitor("nguoi-tim", 390)
	p.open("/")
	p.follow("Người phát ngôn")
	p.sees("Lương Cầu Đường", "Từ Nhịp Tim", "Kiều Thước Kẻ")
	p.write("Tên cơ quan, phường, xã", "so xay dung")
	p.follow("Tìm")
	p.lacks("Từ Nhịp Tim")
	p.sees("Sở Xây dựng", "Lương Cầu Đường, Chánh Văn phòng Sở")
	var links []string
	p.eval(`[...document.querySelectorAll("main li a[href^='tel:'], main li a[href^='mailto:']")].map(a => a.getAttribute("href"))`, &links)
	if got := strings.Join(links, " "); got != "tel:02400000103 mailto:xd-phat-ngon@khue.example" {
		w.t.Errorf("the spokesperson is reached by %s", got)
	}
}

// question is one on its way through the house.
type question struct {
	subject string // as the desk lists it
	part    string // what the office says
	answer  string // what the centre makes of it
	title   string // of the answer in public, "" gives it in private
	public  string // the question as the public reads it
}

// byJournalist asks with an account of an outlet; the answer is public, and names nobody.
func byJournalist(w *world) {
	w.t.Helper()
	q := question{
		subject: "Giờ nghỉ của phà Sông Mộng ngày 12/12", part: "Phà nghỉ từ 6 đến 10 giờ sáng 12/12/2026. Khách đi đò ngang miễn phí ở bến trên.",
		answer: "Phà Sông Mộng nghỉ từ 6 đến 10 giờ sáng 12/12/2026; đò ngang ở bến trên chở khách miễn phí.",
		title:  "Sáng 12/12 phà Sông Mộng nghỉ bốn giờ, có đò ngang miễn phí", public: "Sáng 12/12 phà nghỉ từ mấy giờ, khách qua sông bằng gì?",
	}
	p := w.enter("ky-gia-1@ngaymoi.example", 834)
	p.open("/press")
	p.follow("Đặt câu hỏi")
	p.write("Tóm tắt", q.subject)
	p.write("Câu hỏi", "Tôi là Ôn Bút Chì, báo Ngày Mới. Sáng 12/12 phà nghỉ từ mấy giờ đến mấy giờ, khách qua sông bằng gì? Đề nghị Sở Xây dựng trả lời.")
	p.tick("Cần trả lời gấp")
	p.follow("Gửi câu hỏi")
	p.sees("Đã nhận câu hỏi HD-2026-", "Trả lời chậm nhất", "còn 1 ngày", "mới đến")
	code := codeOn(p, "HD")
	open := w.visitor("nguoi-doc-hoi-dap", 390)
	open.open("/answers")
	q.goes(w)
	open.seesByItself(q.title)
	open.follow(q.title)
	open.reads("vi", "vi", q.title)
	open.sees("Báo chí hỏi", q.public, q.answer, code+" đã niêm", "Sở Xây dựng")
	open.lacks("Ôn Bút Chì", "Ngày Mới", q.part)

	p.open("/press")
	p.follow("Câu hỏi của tôi")
	p.follow(q.subject)
	p.sees("đã trả lời", q.answer, "trả lời công khai, đã niêm")
	duty := w.enter("truc-ban", 1440)
	duty.open("/desk/inquiries?tab=answered")
	duty.follow(q.subject)
	duty.follow("Kết thúc")
	duty.sees("Đã kết thúc")
	w.until("a letter to the journalist", func() bool { return len(w.letters("ky-gia-1@ngaymoi.example", code, q.answer)) > 0 })
}

// byCitizen asks without an account; the answer is private, and is read by the link that only the asker has.
func byCitizen(w *world) {
	w.t.Helper()
	q := question{
		subject: "Vé tháng phà Sông Mộng", part: "Vé tháng được bù một ngày vào kỳ sau, tự động, không phải làm đơn.",
		answer: "Vé tháng của bạn được bù một ngày vào kỳ sau, không phải làm đơn.",
	}
	p := w.visitor("nguoi-dan", 390)
	p.open("/")
	p.follow("Hỏi đáp")
	p.write("Câu hỏi", q.subject+" có được bù ngày nghỉ 12/12 không? Nhờ Sở Xây dựng trả lời giúp.")
	p.write("Email", "dan-ben-mong@thu.example")
	p.follow("Gửi câu hỏi")
	p.sees("Đã nhận câu hỏi HD-2026-", "Trả lời chậm nhất", "Giữ kín đường dẫn này")
	code := codeOn(p, "HD")
	var link string
	p.eval(`document.getElementById("link").value`, &link)
	q.goes(w)

	home := w.visitor("nguoi-dan-o-nha", 1440)
	home.open(link)
	home.sees("Câu hỏi "+code, "đã trả lời", "trả lời riêng cho bạn", q.answer)
	home.lacks(q.part)
	for _, path := range []string{"/answers", "/search?q=ve+thang+pha", "/feed.atom"} {
		if text := w.get(path); strings.Contains(text, q.answer) || strings.Contains(text, code) {
			w.t.Errorf("%s tells the private answer", path)
		}
	}
	for _, path := range []string{"/answers/" + code, "/v/" + code, link[:len(link)-1] + "a"} {
		if status := home.status(path); status != 404 {
			w.t.Errorf("%s: status %d without the link", path, status)
		}
	}
	w.until("a letter to the citizen", func() bool { return len(w.letters("dan-ben-mong@thu.example", code, q.answer)) > 0 })
}

// goes takes a question from the duty officer over the office and its head, an editor and an approver, to its answer.
func (q question) goes(w *world) {
	w.t.Helper()
	duty, focal, head := w.enter("truc-ban", 1440), w.enter("xd-dau-moi", 390), w.enter("xd-lanh-dao", 390)
	duty.open("/desk")
	duty.follow(q.subject)
	duty.follow("Tiếp nhận")
	duty.follow("Chuyển cơ quan")
	duty.write("Cơ quan", "so xay dung")
	duty.follow("Chuyển")
	duty.sees("Sở Xây dựng", "đã hỏi", "Hạn trả lời")
	w.after(20 * time.Minute)

	focal.open("/desk")
	focal.follow(q.subject)
	focal.lacks("dan-ben-mong@thu.example")
	focal.follow("Soạn phần của cơ quan")
	focal.write("Phần trả lời của cơ quan", q.part)
	focal.follow("Trình lãnh đạo cơ quan")
	focal.sees("Đã trình lãnh đạo cơ quan")
	duty.open("/desk/inquiries")
	duty.follow(q.subject)
	duty.sees("lãnh đạo cơ quan duyệt xong Trung tâm mới đọc được")
	duty.lacks(q.part)
	head.open("/desk")
	head.follow(q.subject)
	head.follow("Duyệt phần của cơ quan")
	head.sees(q.part)
	head.follow("Duyệt")
	head.sees("Trung tâm đã có lời của cơ quan")
	w.after(10 * time.Minute)

	editor, second := w.enter("bien-tap", 1440), w.enter("duyet", 390)
	editor.open("/desk")
	editor.follow(q.subject)
	editor.follow("Soạn trả lời")
	editor.write("Dự thảo trả lời", q.answer)
	editor.follow("Trình")
	editor.sees("Đã trình")
	second.open("/desk")
	second.follow(q.subject)
	second.follow("Duyệt trả lời")
	second.sees(q.answer)
	second.follow("Duyệt")
	second.sees("Đã duyệt")

	duty.open("/desk")
	duty.follow(q.subject)
	duty.follow("Trả lời")
	if q.title == "" {
		duty.tick("Trả lời riêng")
	} else {
		duty.tick("Trả lời công khai")
		duty.write("Tiêu đề", q.title)
		duty.write("Câu hỏi, sửa lại để công khai", q.public)
	}
	duty.follow("Trả lời")
	duty.sees("Đã trả lời HD-2026-")
}

// byTelephone writes a call down in one field, wherever the duty officer is; what is guessed of it stands there to be mended.
func byTelephone(w *world) {
	w.t.Helper()
	duty := w.enter("truc-ban", 1440)
	duty.open("/desk/figures")
	duty.strike("n")
	duty.write("Cuộc gọi, đường dẫn hoặc nội dung vừa nhận", "PV Lý Sổ Tay báo Phố Phường 0900000302 hỏi Sở Y tế vì sao trạm y tế Bến Mộng đóng cửa sáng nay, gấp")
	duty.follow("Ghi lại")
	duty.sees("Đã ghi HD-2026-", "Máy đoán như sau", "Báo chí", "Gấp", "Lý Sổ Tay", "0900000302", "Sở Y tế", "còn 1 ngày")
	duty.write("Tóm tắt", "Trạm y tế Bến Mộng đóng cửa")
	duty.follow("Lưu và tiếp nhận")
	duty.follow("Chuyển")
	duty.sees("Trạm y tế Bến Mộng đóng cửa", "Sở Y tế", "đã hỏi", "trực ban ghi")
}

// byStranger asks as a reporter whom nobody has verified: the clock of the answer runs at once, that of the verification beside it.
func byStranger(w *world) {
	w.t.Helper()
	const subject = "Cầu tạm ở dốc bến Mộng"
	p := w.visitor("phong-vien-la", 390)
	p.open("/ask")
	p.follow("Nhà báo, phóng viên")
	p.write("Câu hỏi", subject+" bao giờ xong?")
	p.write("Họ và tên", "Mạc Tin Nhanh")
	p.write("Cơ quan báo chí", "Tờ Dốc Bến")
	p.write("Email", "tin-nhanh@docben.example")
	p.follow("Gửi câu hỏi")
	p.sees("Đã nhận câu hỏi HD-2026-", "xác minh bạn là nhà báo trong một ngày làm việc", "Thời hạn trả lời vẫn chạy")
	duty := w.enter("truc-ban", 1440)
	duty.open("/desk")
	duty.follow(subject)
	duty.sees("chưa xác minh", "Mạc Tin Nhanh", "Tờ Dốc Bến", "Hạn trả lời", "hết ngày thứ Năm, 12/11", "Hạn xác minh nhà báo", "hết ngày thứ Ba, 10/11")
	duty.follow("Xác minh nhà báo")
	duty.tick("Đã xác minh: là nhà báo")
	duty.follow("Ghi kết quả")
	duty.sees("đã xác minh là nhà báo", "hết ngày thứ Năm, 12/11", "đúng hạn hết ngày thứ Ba, 10/11")
}

// raisedByPress gives a story that is neither false nor urgent to the office that must act; it has its clock, and ends with a report.
func raisedByPress(w *world, n *gazette) {
	w.t.Helper()
	const report = "Đã dọn 4 xe vỏ dừa lúc 17 giờ, đặt biển cấm đổ và giao tổ dân phố trông dốc."
	n.print(litter, w.clock.Now().Add(-time.Minute), litterTold...)
	heard(w, litter, 1)
	duty, focal, head := w.enter("truc-ban", 1440), w.enter("mt-dau-moi", 390), w.enter("mt-lanh-dao", 390)
	duty.open("/desk/radar?all=1")
	duty.follow(litter)
	duty.follow("Giao cơ quan")
	duty.write("Báo chí nêu gì, cần cơ quan làm gì", "Báo Bến Mộng nêu đống vỏ dừa ở dốc bến; dọn và báo lại đã làm gì.")
	duty.write("Cơ quan", "Sở Nông nghiệp và Môi trường")
	duty.follow("Giao cơ quan")
	duty.sees("Đã giao BCN-2026-", "Hạn báo cáo", "Sở Nông nghiệp và Môi trường")
	w.after(30 * time.Minute)
	focal.open("/desk")
	focal.follow(litter)
	focal.follow("Viết báo cáo")
	focal.write("Báo cáo: đã tìm hiểu và làm gì", report)
	focal.follow("Trình lãnh đạo cơ quan")
	head.open("/desk")
	head.follow(litter)
	head.follow("Duyệt phần của cơ quan")
	head.follow("Duyệt")
	duty.open("/desk/inquiries?tab=answered")
	duty.follow(litter)
	duty.sees(report, "đã duyệt báo cáo")
	duty.follow("Kết thúc")
	duty.sees("Đã kết thúc")
	duty.open("/desk/radar?all=1")
	duty.follow(litter)
	duty.sees("Đã mở từ luồng tin này", "BCN-2026-", "kết thúc", "Không còn thời hạn nào đang chạy")
}
