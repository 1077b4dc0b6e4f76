package walk

import (
	"os"
	"path/filepath"
	"strings"
)

// prove lets a visitor hold texts against what the city sealed: pasted, as a file, by the code, and from paper.
func prove(w *world, c doubted) {
	w.t.Helper()
	p := w.visitor("nguoi-kiem", 390)
	p.open("/")
	paste := func(text string) {
		p.follow("Kiểm tra văn bản")
		p.write("Văn bản", text)
		p.follow("Kiểm tra")
	}
	whole := truth + "\n\n“" + said + "”\n\n" + why
	paste(whole)
	p.reads("vi", "vi", "Đúng nguyên văn văn bản của Thành phố")
	p.sees("Nguyên văn", c.code+" đã niêm", "Văn bản bạn đưa vào không được lưu")

	paste(strings.NewReplacer("ghi rõ", "nói rằng", "12/12/2026", "15/12/2026").Replace(why))
	p.sees("Đã bị sửa", "Khác văn bản của Thành phố ở một chỗ quan trọng", "/12/2026.", ": 2 chỗ khác;")
	p.marked([]string{"ghi rõ", "12"}, []string{"nói rằng", "15"})
	p.told("Ngày, giờ Bản gốc: “12/12/2026” Bản này: “15/12/2026”", "Chữ Bản gốc: “ghi rõ” Bản này: “nói rằng”")

	paste("Ông nội tôi trồng bưởi ở quê, mỗi mùa hái được vài trăm quả ngọt.")
	p.sees("Không tìm thấy", "không có nghĩa là giả")

	p.follow("Kiểm tra văn bản khác")
	file := filepath.Join(w.t.TempDir(), "chep-lai.txt")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(why, "đủ chuyến", "nửa chuyến")), 0o600); err != nil {
		w.t.Fatal(err)
	}
	p.attach("Tệp chữ", file)
	p.follow("Kiểm tra")
	p.sees("Đã bị sửa")
	p.marked([]string{"đủ"}, []string{"nửa"})
	onPaper(p, c)
}

// onPaper prints the fact-check, and opens its proof by what is printed: the code typed in small letters, and the address in the QR code.
func onPaper(p *person, c doubted) {
	p.t.Helper()
	p.open("/claims/" + c.code)
	p.follow("In")
	p.sees("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", truth, c.code, "Quét mã hoặc mở", "không thay con dấu, chữ ký số")
	var square struct {
		Address       string
		Width, Height float64
	}
	p.eval(`(() => { const q = document.querySelector("svg.qr"), b = q.getBoundingClientRect(); return {address: q.getAttribute("aria-label"), width: b.width, height: b.height} })()`, &square)
	if square.Width < 80 || square.Width != square.Height {
		p.fail("the QR code is %v", square)
	}
	p.open(square.Address)
	p.reads("vi", "vi", "Bằng chứng của "+c.code)

	p.open("/verify")
	p.write("Mã", strings.ToLower(c.code))
	p.follow("Kiểm tra")
	p.reads("vi", "vi", "Bằng chứng của "+c.code)
	p.sees("vừa được tính lại ngay lúc này", truth, truthEN, "Dấu SHA-256 của đúng những chữ đã niêm", "dấu trung gian nối dòng ấy với gốc của sổ", "tự kiểm bằng bất cứ công cụ tlog nào")
	if text := string(p.fetch("Tải đúng những chữ đã niêm")); !strings.Contains(text, why) {
		p.t.Errorf("the sealed words are: %s", text)
	}
	if text := string(p.fetch("Tải bằng chứng")); !strings.HasPrefix(text, "c2sp.org/tlog-proof@v1\n") || !strings.Contains(text, "\nkhue.example/log\n") {
		p.t.Errorf("the proof is: %s", text)
	}
}

// marked holds which words the page marks as those of the official text, and which as those that were pasted.
func (p *person) marked(official, found []string) {
	p.t.Helper()
	var got struct{ Ins, Del []string }
	p.eval(`(() => { const of = what => [...document.querySelectorAll(".diff " + what)].filter(e => e.checkVisibility()).map(e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent).join("").trim()); return {ins: of("ins"), del: of("del")} })()`, &got)
	if strings.Join(got.Ins, "|") != strings.Join(official, "|") || strings.Join(got.Del, "|") != strings.Join(found, "|") {
		p.fail("the page marks %q and %q", got.Ins, got.Del)
	}
}

// told holds how the changes are told in words, in their order.
func (p *person) told(lines ...string) {
	p.t.Helper()
	var got []string
	p.eval(`[...document.querySelectorAll("ul.facts > li")].map(e => e.innerText.replace(/\s+/g, " ").trim())`, &got)
	if strings.Join(got, "|") != strings.Join(lines, "|") {
		p.fail("the changes are told as %q", got)
	}
}
