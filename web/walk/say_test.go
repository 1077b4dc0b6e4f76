package walk

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/chromedp/kb"

	"khue/release"
)

// What the ward tells, and what becomes of it.
const (
	market     = "Chợ Bến Mộng nghỉ phiên Chủ nhật để lát lại sân"
	marketSent = "Sân chợ Bến Mộng lát lại từ 6 giờ Chủ nhật 15/11/2026. Khoảng 120 gian nghỉ 1 phiên. Thứ Hai chợ họp bình thường."
	marketTold = "Sân chợ Bến Mộng được lát lại từ 6 giờ Chủ nhật 15/11/2026. Khoảng 120 gian nghỉ một phiên. Thứ Hai chợ họp bình thường."
	amendment  = "Bản trước ghi “120 gian”, đúng là “102 gian”. Chúng tôi xin lỗi."
)

// sayFirst lets a ward tell something on a telephone, lets it be edited, approved, sent out to the minute and corrected, and takes
// another text back.
func sayFirst(w *world) {
	w.t.Helper()
	ward := w.enter("lang-dau-moi", 390)
	submit(w, ward)
	editor := w.enter("bien-tap", 1440)
	edit(editor)
	file := approve(w, editor)
	code := toTheMinute(w, editor, file)
	correct(w, editor, code)
	withdraw(w)
	ward.open("/desk/intake")
	ward.follow(market)
	ward.sees("đã đính chính", "Trang công khai")
}

// submit sends three sentences, a picture and a paper on a telephone.
func submit(w *world, ward *person) {
	w.t.Helper()
	folder := w.t.TempDir()
	picture, err := os.Create(filepath.Join(folder, "sân chợ.png"))
	if err == nil {
		err = png.Encode(picture, image.NewGray(image.Rect(0, 0, 240, 160)))
	}
	if err == nil {
		err = picture.Close()
	}
	paper := filepath.Join(folder, "kế hoạch lát sân.pdf")
	if err == nil {
		err = os.WriteFile(paper, []byte("%PDF-1.7\n%%EOF\n"), 0o600)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.after(5 * time.Minute)
	ward.open("/desk")
	ward.follow("Tin gửi đến")
	ward.follow("Gửi thông tin cho Trung tâm")
	ward.write("Việc gì, ở đâu", market)
	ward.write("Kể lại", marketSent)
	ward.attach("Ảnh, biên bản, công văn", picture.Name(), paper)
	ward.follow("Gửi")
	ward.sees("Trung tâm sẽ tiếp nhận", market, "sân chợ.png", "kế hoạch lát sân.pdf", "chờ tiếp nhận")
}

// edit takes what came, writes it better in a version of its own whose words can be compared, and sends it up.
func edit(editor *person) {
	editor.t.Helper()
	editor.open("/desk")
	editor.follow(market)
	editor.follow("Nhận")
	editor.sees("Phường Láng gửi", "Trần Hoa Láng", marketSent, "Ngày và thứ khớp nhau", "sân chợ.png chưa có chữ thay ảnh", "Chưa có bản tiếng Anh")
	editor.write("Mào đầu", "Thứ Hai chợ họp bình thường.")
	editor.write("Nội dung", marketTold)
	editor.write("Vì sao có bản này", "viết cho gọn")
	editor.follow("Lưu thành bản")
	editor.sees("thành một bản", "Bản 2", "viết cho gọn")
	editor.follow("So bản trước")
	editor.sees("Bản 2 của", "So với bản 1")
	editor.marked([]string{"Thứ Hai chợ họp bình thường.", "được", "một"}, []string{"1"})
	editor.press("TTBC-2026-")
	editor.sees("Bản đăng, đang viết")
	editor.press("Chú thích, chọn tệp công bố, thêm tệp")
	editor.write("Chữ thay ảnh", "Sân chợ trước khi lát lại")
	editor.follow("Lưu tệp")
	editor.lacks("chưa có chữ thay ảnh")
	editor.follow("Trình duyệt")
	editor.sees("Đã trình duyệt", "chờ duyệt")
}

// approve is done by another person, on a telephone. It gives the address of a file, which nobody outside can open yet.
func approve(w *world, editor *person) string {
	w.t.Helper()
	second := w.enter("duyet", 390)
	second.open("/desk")
	second.follow("Chờ duyệt")
	second.follow(market)
	second.follow("Đọc, duyệt")
	second.sees(market, marketTold, "Không thấy dữ liệu cá nhân", "sân chợ.png")
	second.follow("Duyệt")
	second.sees("Đã duyệt", "đã duyệt")
	var file string
	second.eval(`[...document.querySelectorAll(".files a")].map(a => a.getAttribute("href")).find(h => h.endsWith(".pdf"))`, &file)
	if status := w.visitor("to-mo", 1440).status(file); status != 404 {
		w.t.Errorf("%s before the release: status %d", file, status)
	}
	return file
}

// toTheMinute sets the time at which the release goes out; an open page shows it then, and not a second before.
func toTheMinute(w *world, editor *person, file string) (code string) {
	w.t.Helper()
	reader := w.visitor("nguoi-doc-tin", 390)
	reader.open("/")
	reader.lacks(market)
	at := time.Date(2026, 11, 9, 16, 5, 0, 0, end.Location())
	editor.open("/desk/releases")
	editor.follow(market)
	editor.when("Giờ công bố", at)
	editor.follow("Hẹn giờ")
	editor.sees("Đã hẹn giờ", "16:05, 9/11/2026")
	w.after(at.Sub(w.clock.Now()) - time.Second)
	if text := w.get("/"); strings.Contains(text, market) {
		w.t.Error("it is out before its time")
	}
	w.after(time.Second)
	reader.seesByItself(market)
	reader.follow(market)
	reader.reads("vi", "vi", market)
	reader.sees("Phường Láng", "thứ Hai, 9/11/2026, 16:05", marketTold, "kế hoạch lát sân.pdf", "đã niêm")
	if status := reader.status(file); status != 200 {
		w.t.Errorf("%s after the release: status %d", file, status)
	}
	code = codeOn(reader, "TTBC")
	reader.follow("English")
	reader.reads("en", "vi", market)
	reader.sees("has not been written in English; the Vietnamese text follows")
	return code
}

// correct mends a number in public, with a note; who has the page open is offered the new text and sees which words were changed.
func correct(w *world, editor *person, code string) {
	w.t.Helper()
	reader := w.visitor("nguoi-doc-ky", 834)
	reader.open("/r/" + code)
	w.after(30 * time.Minute)
	editor.open("/desk/releases")
	editor.follow(market)
	editor.follow("Soạn đính chính")
	editor.sees("bản đã công bố vẫn giữ nguyên")
	editor.write("Nội dung", strings.ReplaceAll(marketTold, "120", "102"))
	editor.write("Ghi chú đính chính, công khai", amendment)
	editor.follow("Trình duyệt")

	second := w.enter("duyet", 390)
	second.open("/desk")
	second.follow(market)
	second.follow("Đọc, duyệt")
	second.sees("Ghi chú đính chính sẽ công khai", amendment)
	second.marked([]string{"102"}, []string{"120"})
	second.follow("Đính chính")
	second.sees("Đính chính "+code+" ở mọi nơi đã có bản cũ", "10 giây để lấy lại")
	second.follow("Đính chính")
	second.sees("sắp được công bố", "Lấy lại")
	w.after(release.DefaultHold)

	reader.seesByItself("Trang này vừa đổi", "Khoảng 120 gian") // what is being read is not taken away
	reader.follow("Trang này vừa đổi")
	reader.sees("Đính chính lúc 16:35, 9/11/2026", amendment, "Khoảng 102 gian", "đã đính chính", "Bản công bố đầu tiên")
	reader.press("Chữ đã sửa so với bản trước")
	reader.marked([]string{"102"}, []string{"120"})
}

// withdraw takes back a text of the demo, with the reason in public: its page says so, and so does the check of a copy.
func withdraw(w *world) {
	w.t.Helper()
	const title, body = "Phố đi bộ thêm ba nhà vệ sinh lưu động", "Ba nhà vệ sinh lưu động đặt ở ba đầu phố đi bộ từ tối thứ Sáu, mở đến 23 giờ 30, không thu tiền."
	const reason = "Lịch đặt chưa được Sở duyệt. Lịch đúng sẽ công bố trước thứ Năm."
	reader := w.visitor("nguoi-doc-cu", 390)
	reader.open("/archive")
	reader.write("Từ trong tiêu đề, hoặc mã", "nha ve sinh luu dong")
	reader.leave(kb.Enter)
	reader.follow(title)
	reader.sees(body)
	code := codeOn(reader, "TTBC")
	reader.open(reader.path())

	second := w.enter("duyet", 390)
	second.open("/desk/releases")
	second.write("Lọc theo tiêu đề hoặc mã", "nhà vệ sinh")
	second.leave(kb.Enter)
	second.follow(title)
	second.follow("Thu hồi")
	second.sees("Thu hồi " + code + " ở mọi nơi")
	second.follow("Thu hồi")
	second.sees("Chưa nhập") // not without a reason
	second.write("Thu hồi vì, công khai", reason)
	second.follow("Thu hồi")
	second.sees("sắp bị thu hồi")
	w.after(release.DefaultHold)

	reader.seesByItself("Trang này vừa đổi")
	reader.follow("Trang này vừa đổi")
	reader.reads("vi", "vi", code+" đã thu hồi")
	reader.sees(reason, "Đã thu hồi lúc", "Mã niêm của các bản cũ vẫn ở sổ công khai")
	reader.lacks(body)
	reader.open("/verify")
	reader.write("Văn bản", body)
	reader.follow("Kiểm tra")
	reader.sees("Văn bản gốc đã bị thu hồi")
}
