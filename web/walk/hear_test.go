package walk

import (
	"os"
	"path/filepath"
	"time"
)

// hear adds the paper as a source by its first page; its story appears on the open page, and a second visit lets it grow.
func hear(w *world, analyst *person, n *gazette) {
	w.t.Helper()
	n.print(rumour, end.Add(-4*time.Minute), rumourTold...)
	reader := w.enter("phan-tich-2", 834)
	reader.open("/desk/radar?all=1")
	analyst.open("/desk/sources/new")
	analyst.write("Địa chỉ", n.URL+"/")
	analyst.follow("Thêm nguồn")
	analyst.sees("Báo Bến Mộng")
	analyst.open("/desk/radar?all=1")
	analyst.sees(rumour)
	reader.sees(rumour) // it came by itself
	analyst.follow(rumour)
	analyst.sees("1 lượt nhắc", "Báo Bến Mộng")

	n.print(rumour+": người lái phà chưa nghe báo", end.Add(-3*time.Minute), append(rumourTold, "Bến vẫn bán vé như mọi ngày.")...)
	heard(w, rumour, 2)
	analyst.sees("2 lượt nhắc") // the open page grows
	analyst.follow("Nguồn")
	analyst.follow("Báo Bến Mộng")
	analyst.sees("đang theo dõi")
}

// heard lets two hours go by, in which the sources are visited, until a story holds so many mentions.
func heard(w *world, title string, mentions int) {
	w.t.Helper()
	w.after(2 * time.Hour)
	if _, err := w.house.Radar.VisitDue(w.ctx); err != nil {
		w.t.Fatal(err)
	}
	w.until(title+" in a story", func() bool {
		var n int
		if err := w.house.DB.QueryRow(w.ctx, `SELECT COUNT(*) FROM mention WHERE title LIKE ?1 AND story <> ''`, title+"%").Scan(&n); err != nil {
			w.t.Fatal(err)
		}
		return n == mentions
	})
}

// doubted is the claim of the walk.
type doubted struct{ id, code string }

// doubt opens a claim from the story: the office's clock runs, and its focal point is told on screen and by mail.
func doubt(w *world, analyst *person) doubted {
	w.t.Helper()
	analyst.open("/desk/radar?all=1")
	analyst.follow(rumour)
	analyst.follow("Mở kiểm chứng")
	analyst.write("Tin nói gì", "Phà Sông Mộng sẽ ngừng chạy ba mươi ngày từ tháng Mười hai.")
	analyst.pick("Cơ quan có trách nhiệm", "Sở Xây dựng")
	analyst.write("Câu hỏi", "Phà có ngừng chạy không, từ ngày nào, theo văn bản nào?")
	analyst.follow("Mở kiểm chứng")
	analyst.sees("Phà Sông Mộng sẽ ngừng chạy", "Sở Xây dựng gửi căn cứ", "hết ngày thứ Tư, 11/11", "hạn tự đặt")
	analyst.follow("Nhận kiểm chứng")
	analyst.sees("đang kiểm chứng", "Soạn kết luận")
	w.until("a letter to the focal point", func() bool { return len(w.letters("xd-dau-moi@khue.example", "/desk/claims/")) > 0 })
	return doubted{filepath.Base(analyst.path()), codeOn(analyst, "KC")}
}

// codeOn reads off the page the code that begins with a prefix.
func codeOn(p *person, prefix string) string {
	p.t.Helper()
	var code string
	p.eval(`(document.querySelector("main").innerText.match(/`+prefix+`-\d{4}-\d+/) || [""])[0]`, &code)
	if code == "" {
		p.fail("no code")
	}
	return code
}

// The verdict of the walk, as it is drafted and then stands in public.
const (
	truth   = "Phà Sông Mộng chạy cả tháng Mười hai, chỉ nghỉ sáng 12/12"
	said    = "Phà Sông Mộng ngừng chạy ba mươi ngày từ tháng Mười hai."
	why     = "Lịch chạy phà do Sở Xây dựng gửi ghi rõ phà chạy đủ chuyến trong tháng Mười hai; chỉ nghỉ bảo dưỡng một buổi sáng 12/12/2026."
	truthEN = "The Mong River ferry runs all December, except the morning of 12 December"
	saidEN  = "The Mong River ferry stops for thirty days from December."
	whyEN   = "The timetable sent by the Department of Construction shows every crossing in December; only the morning of 12 December is kept for repairs."
)

// answer lets the focal point give evidence and the head approve it, both on a telephone; the analyst drafts the verdict and
// sends it up, but cannot agree to it; a second person does.
func answer(w *world, analyst *person, c doubted) {
	w.t.Helper()
	paper := filepath.Join(w.t.TempDir(), "lich-chay-pha.txt")
	if err := os.WriteFile(paper, []byte("Lịch chạy phà Sông Mộng: chạy cả tháng Mười hai, nghỉ bảo dưỡng một buổi sáng 12/12."), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.after(20 * time.Minute)
	focal := w.enter("xd-dau-moi", 390)
	focal.open("/desk/notices")
	focal.follow("Phà Sông Mộng sẽ ngừng chạy")
	focal.follow("Thêm căn cứ")
	focal.tick("Tệp, văn bản")
	focal.write("Tên căn cứ", "Lịch chạy phà tháng Mười hai")
	focal.attach("Tệp", paper)
	focal.tick("Căn cứ gốc")
	focal.tick("Công khai căn cứ này")
	focal.follow("Gửi lãnh đạo duyệt")
	focal.sees("chờ lãnh đạo cơ quan duyệt")

	analyst.open("/desk/claims")
	analyst.follow("Phà Sông Mộng sẽ ngừng chạy")
	analyst.sees("1 căn cứ đang chờ lãnh đạo")
	analyst.lacks("Lịch chạy phà tháng Mười hai") // not the office's word yet

	head := w.enter("xd-lanh-dao", 390)
	head.open("/desk/claims")
	head.follow("Phà Sông Mộng sẽ ngừng chạy")
	head.follow("Đọc, duyệt")
	head.sees("Lịch chạy phà tháng Mười hai")
	head.follow("Duyệt, gửi Trung tâm")
	head.sees("đã duyệt")

	w.after(10 * time.Minute)
	analyst.open("/desk/claims/" + c.id)
	analyst.sees("Lịch chạy phà tháng Mười hai")
	analyst.follow("Soạn kết luận")
	analyst.tick("Tin sai sự thật")
	analyst.write("Tiêu đề: điều đúng", truth)
	analyst.write("Điều đã lan truyền", said)
	analyst.write("Giải thích", why)
	analyst.write("Tiêu đề tiếng Anh", truthEN)
	analyst.write("Điều đã lan truyền, tiếng Anh", saidEN)
	analyst.write("Giải thích tiếng Anh", whyEN)
	analyst.follow("Lưu dự thảo")
	analyst.follow("Trình")
	analyst.follow("Trình")
	analyst.sees("chờ người thứ hai")
	analyst.lacks("Đọc, quyết định")
	analyst.open("/desk/claims/" + c.id + "/decide")
	analyst.lacks("Đồng ý, công bố")
	analyst.open("/desk/claims/" + c.id)
	analyst.sees("chờ người thứ hai")
}
