package ui

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"khue/catalogue"
	"khue/problem"
)

// fillIn renders a layout or component around children.
func fillIn(outer templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return outer.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

func words(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, templ.EscapeString(s))
		return err
	})
}

func tag(name, class, text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<"+name+` class="`+class+`">`+templ.EscapeString(text)+"</"+name+">")
		return err
	})
}

func galleryPage(l catalogue.Lang, menu, path, title string) Page {
	return Page{
		Lang: l, Path: path, Title: title, Description: title, Actor: "Lê Thu Phong", Demo: true, Menu: menu,
		Counts: map[string]int{"now": 9, "intake": 6, "releases": 4, "approvals": 2, "inquiries": 31, "radar": 58, "board": 7},
		Live:   "/live?after=51337", Origin: "https://khue.example", Now: galleryNow,
	}
}

var galleryNow = time.Date(2026, 11, 9, 8, 0, 0, 0, time.UTC)

// gallery makes pages that show every component once.
func gallery(l catalogue.Lang) map[string]templ.Component {
	return map[string]templ.Component{
		"desk":   galleryDesk(l),
		"public": galleryPublic(l),
		"form":   galleryForm(l),
		"parts":  galleryParts(l),
		"login":  galleryLogin(l),
		"sheet":  gallerySheet(l),
		"verify": galleryVerify(l),
	}
}

func galleryDesk(l catalogue.Lang) templ.Component {
	clock := func(left, open time.Duration, law bool, article string) templ.Component {
		return Clock(ClockProps{Lang: l, Now: galleryNow, Due: galleryNow.Add(left), Opened: galleryNow.Add(left - open), Law: law, Article: article})
	}
	day := Clock(ClockProps{Lang: l, Now: galleryNow, Due: time.Date(2026, 11, 10, 17, 0, 0, 0, time.UTC), Opened: galleryNow.Add(-300 * time.Hour), Law: true, Article: "NĐ 237, Đ.18 k.3"})
	rows := []Row{
		{ID: "HD-2026-0418", Sign: Sign(Late, "Quá hạn"), Title: "Phí trông xe ở ga Cát Linh: ai quyết định mức mới?", Href: "/desk/inquiries/HD-2026-0418", Sub: "HD-2026-0418 · báo Thủ Đô Mới (hư cấu) hỏi, chuyển hai lần", Who: "Sở Xây dựng", Clock: clock(-65*time.Minute, 24*time.Hour, false, "24 giờ"), Next: "Gọi đầu mối", NextHref: "/desk/x"},
		{ID: "KC-2026-0031", Sign: Sign(Plain, "Sắp hết hạn"), Title: "Tin cắt nước bảy ngày: phát biểu của người phát ngôn", Href: "/x", Sub: "KC-2026-0031 · 412 lượt, gấp 6 lần mức thường", Who: "Sở Xây dựng", Clock: clock(80*time.Minute, 24*time.Hour, true, "NĐ 244, Đ.7 k.4"), Next: "Mở dự thảo", NextHref: "/x", NextPost: true},
		{ID: "HD-2026-0402", Sign: Sign(Plain, "Sắp hết hạn"), Title: "Chuyển đơn của bạn đọc về tiếng ồn công trường đêm", Href: "/x", Sub: "HD-2026-0402 · báo chuyển, phải trả lời bằng văn bản", Who: "Phường Láng", Clock: day, Next: "Nhắc", NextHref: "/x"},
		{ID: "TCBC-2026-0154", Sign: Sign(Plain, "Chờ duyệt"), Title: "Lịch tiêm nhắc vắc-xin sởi: bản sửa lần 2", Href: "/x", Sub: "TCBC-2026-0154 · 2 thay đổi so với bản bạn đã đọc", Who: "Bạn", Clock: clock(3*time.Hour, 5*time.Hour, false, ""), Next: "Đọc, duyệt", NextHref: "/x"},
	}
	signals := []Row{
		{Sign: Sign(Unknown, "Văn bản bị sửa"), Title: "Ảnh chụp “công văn cho học sinh nghỉ ba ngày” khác bản gốc ở ngày và số ngày", Href: "/x", Sub: "giống 94% TCBC-2026-0139 · 38 nơi đăng trong 20 phút", Who: "Chưa ai", Clock: Note("dấu hiệu, không phải kết luận"), Next: "Xem", NextHref: "/x"},
		{Title: "Không liên kết", Sub: "không dấu"},
	}
	return fillIn(
		Desk(galleryPage(l, "now", "/desk", l.T("ui.menu.now"))),
		fillIn(WorkHead(galleryPage(l, "now", "/desk", ""), l.T("ui.menu.now")), tag("span", "quiet", "Ca trực chiều · Lê Thu Phong · bàn giao 18:00")),
		Tally([]Figure{{Number: "1", Label: "quá hạn", Alarm: true}, {Number: "3", Label: "hết hạn trong 2 giờ", Href: "/x"}, {Number: "2", Label: "dấu hiệu mới"}, {Number: "2", Label: "chờ bạn duyệt"}, {Number: Percent(l, .94, 0), Label: "đúng hạn 30 ngày"}}),
		Rows("Việc đến hạn", "duty", rows), Group("Dấu hiệu mới"), Rows("Dấu hiệu", "", signals), KeysHint(l),
	)
}

func galleryPublic(l catalogue.Lang) templ.Component {
	seal := Seal("TCBC-2026-0153", SealState(l, Sealed), "/v/TCBC-2026-0153")
	fix := fillIn(CorrectedNote(), words("Đính chính 13:48: số hộ bị ảnh hưởng là 2.100, bản trước ghi 1.200."))
	river := River(l, "release", true, []RiverItem{
		{ID: "r1", Time: galleryNow, Title: "Nước máy ở phường Nghĩa Đô trở lại bình thường từ trưa nay", Href: "/r/1", Sub: "Phường Nghĩa Đô · Thông tin", Body: fix},
		{ID: "r2", Time: galleryNow.Add(-3 * time.Hour), Title: "Trả lời báo chí: vì sao trạm quan trắc Hồ Tây ngừng gửi số liệu hai ngày", Href: "/r/2", Sub: "Sở Nông nghiệp và Môi trường · trả lời sau 5 giờ 12 phút"},
		{ID: "r3", Time: galleryNow.Add(-5 * time.Hour), Title: "Thông tin về lễ hội đã thu hồi", Href: "/r/3", Sub: "Sở Văn hóa", Body: fillIn(WithdrawnNote(), words("Đã thu hồi lúc 10:00, vì ngày ghi sai."))},
	})
	lead := fillIn(box("article", "main-story"),
		tag("p", "label", "Thông cáo · Sở Xây dựng · "+DateTime(l, galleryNow)),
		tag("h1", "", "Cầu vượt Mai Dịch đóng một làn từ 22 giờ để thay khe co giãn, xe buýt vẫn chạy"),
		tag("p", "lede", "Việc thay khe kéo dài ba đêm, mỗi đêm đến 5 giờ sáng. Làn còn lại dành cho xe máy và xe buýt; ô tô con đi theo đường Hồ Tùng Mậu."),
		fillIn(box("div", "facts"), seal, Sign(Good, "Tin xác thực")))
	side := fillIn(
		box("aside", ""),
		fillIn(Panel("checked", "Đã kiểm chứng"), tag("p", "said-short", "Chỉ ba phường yếu nước trong một đêm"), Sign(Bad, "Tin giả"), Sign(Care, "Thiếu bối cảnh"), Sign(Unknown, "Đang kiểm chứng")),
		fillIn(Panel("kept", "Thành phố giữ hẹn thế nào"), Pairs([]Pair{{Term: "Câu hỏi tháng này", Text: "214"}, {Term: "Trả lời đúng hạn", Text: "201 (94%)"}, {Term: "Đang quá hạn", Value: words("4")}}, true)),
	)
	p := galleryPage(l, "today", "/", l.T("ui.menu.today"))
	p.Flash, p.Actor = "Đã nhận câu hỏi HD-2026-0042.", ""
	return fillIn(Public(p), fillIn(box("div", "columns"), fillIn(box("div", "stack-wide"), lead, river), side), Pager(l, "/?n=1", "/?n=2"))
}

func box(name, class string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if _, err := io.WriteString(w, "<"+name+` class="`+class+`">`); err != nil {
			return err
		}
		if err := templ.GetChildren(ctx).Render(templ.ClearChildren(ctx), w); err != nil {
			return err
		}
		_, err := io.WriteString(w, "</"+name+">")
		return err
	})
}

func galleryForm(l catalogue.Lang) templ.Component {
	faults, wrong := Faults(l, problem.List{problem.Of("mail", problem.Email), problem.New(problem.Rate, "seconds", "20")})
	form := fillIn(
		box("form", "form"),
		Field(Input{Name: "title", Label: "Tiêu đề", Hint: "Việc gì, ở đâu, từ khi nào.", Value: "Nước máy ở phường Nghĩa Đô", Focus: true}),
		Field(Input{Name: "mail", Label: "Email", Error: wrong["mail"], Value: "lan.example", Type: "email", Complete: "email", Optional: OptionalWord(l)}),
		Textarea(Input{Name: "body", Label: "Nội dung", Hint: "Chỉ để trả lời bạn.", Error: "Chưa nhập nội dung.", Draft: "body"}),
		Select(Input{Name: "office", Label: "Cơ quan", Value: "b"}, []Option{{"", "Chưa chọn"}, {"a", "Sở Y tế"}, {"b", "Sở Xây dựng"}}),
		Choices(Input{Name: "way", Label: "Trả lời bằng cách nào", Value: "mail"}, []Option{{"mail", "Thư"}, {"open", "Công khai trên trang"}}),
		DateTimeField(Input{Name: "at", Label: "Giờ công bố", Value: FieldTime(galleryNow)}),
		File(Input{Name: "file", Label: "Tệp", Multiple: true, Accept: ".pdf,image/*"}),
		Checkbox(Input{Name: "ok", Label: "Cho phép công khai câu hỏi", Hint: "Tên bạn không công khai."}, true),
		Hidden("version", "3"),
		fillIn(Buttons(), MainButton("Gửi", "do", "send"), Button("Lưu", "do", "keep"), LinkButton("Xem trước", "/x")),
	)
	return fillIn(Public(galleryPage(l, "ask", "/ask", l.T("ui.menu.ask"))),
		tag("h1", "", l.T("ui.menu.ask")), ErrorSummary(l, faults), Undo(l, "Sẽ công bố; gửi 214 nhà báo.", "/x", 10, galleryNow.Add(10*time.Second).UnixMilli()), form)
}

func galleryParts(l catalogue.Lang) templ.Component {
	points := []Point{}
	for i, v := range []float64{3, 2, 4, 3, 5, 4, 9, 18, 41, 66, 79, 72, 58, 40, 26, 14} {
		points = append(points, Point{Label: Number(l, int64(i)) + "h", Value: v, Low: 2, High: 8})
	}
	plot := Plot{Lang: l, Title: "Số bài mỗi giờ", Caption: "Dải xám là mức thường.", Place: "Giờ", Unit: "Số bài", Points: points, MarkAt: 7, Mark: "cảnh báo 07:12", CSV: "/x.csv"}
	return fillIn(
		Desk(galleryPage(l, "releases", "/desk/releases", "Thành phần")),
		fillIn(WorkHead(galleryPage(l, "releases", "/desk/releases", ""), "Thành phần"), Seal("TCBC-2026-0152", SealState(l, Unsealed), "")),
		Tabs("Cách xem", []Tab{{Label: "Tất cả", Href: "/x", Count: 12, Current: true}, {Label: "Của tôi", Href: "/y"}}),
		Search(Input{Name: "q", Label: "Lọc danh sách", Value: "nuoc"}, "/desk/releases", "Lọc"),
		fillIn(Panel("diff", "So bản"), Diff(l, []Run{{Equal, "Khoảng ", false}, {Deleted, "1.200", true}, {Added, "2.100", true}, {Equal, " hộ ở phường ", false}, {Deleted, "Nghĩa Tân", false}, {Added, "Nghĩa Đô", false}, {Equal, " bị ảnh hưởng.\nNay đã có nước <script>.", false}})),
		fillIn(Panel("history", l.T("ui.history")), History(l, []HistoryItem{{Time: galleryNow, Who: "Lê Thu Phong (biên tập viên)", What: "đã duyệt bản 3", Href: "/x"}, {Time: galleryNow, What: "đã công bố TCBC-2026-0153", Reason: "Hẹn giờ 15:00"}})),
		fillIn(Panel("files", l.T("ui.files")), Attachments(l, []Attachment{{Name: "bien-ban-van.pdf", Href: "/x", Bytes: 812_000, Kind: "PDF", Note: "Biên bản"}, {Name: "van-hoang-quoc-viet.jpg", Href: "/x", Bytes: 2_100_000, Kind: "JPG"}})),
		fillIn(Panel("table", "Bảng"), Table("Trả lời theo cơ quan", []Column{{Name: "Cơ quan"}, {Name: "Câu hỏi", Number: true}, {Name: "Đúng hạn", Number: true}}, [][]Cell{{{Text: "Sở Xây dựng", Href: "/x"}, {Text: Number(l, 1214)}, {Text: Percent(l, .945, 1)}}, {{Text: "Sở Y tế"}, {Text: "88"}, {Value: Sign(Good, "100%")}}})),
		fillIn(Panel("plots", "Biểu đồ"), Sparkline([]float64{1, 3, 2, 9, 4}, "tăng rồi giảm"), Curve(plot), Bars(plot)),
		fillIn(Empty("Không có việc đến hạn."), tag("p", "quiet", "Nhấn N để ghi một cuộc gọi.")),
		MainLink("Trình duyệt", "/x"),
	)
}

func galleryLogin(l catalogue.Lang) templ.Component {
	p := galleryPage(l, "", "/login", l.T("ui.login"))
	p.Actor = ""
	return fillIn(Bare(p), tag("h1", "", l.T("ui.login")), fillIn(box("form", "form"),
		Field(Input{Name: "email", Label: "Email", Type: "email", Complete: "username"}), Field(Input{Name: "password", Label: "Mật khẩu", Type: "password", Complete: "current-password"}),
		fillIn(Buttons(), MainButton(l.T("ui.login"), "", ""))))
}

func galleryVerify(l catalogue.Lang) templ.Component {
	found := Finding{
		Lang: l, Kind: Bad, Word: "Đã bị sửa", Headline: "Bản bạn dán khác văn bản của thành phố ở hai chỗ quan trọng",
		Runs:  []Run{{Equal, "Từ ", false}, {Added, "ngày 12/11", true}, {Equal, " ", false}, {Deleted, "ngày 10/11", true}, {Equal, ", người dân đến nhận hỗ trợ tại nhà văn hóa, không phải nộp bất kỳ khoản phí nào.", false}},
		Seal:  Seal("TTP-2026-0088", SealState(l, Sealed), "/v/TTP-2026-0088"),
		Steps: []string{"Tìm trong 18.204 văn bản đã niêm: giống nhất là TTP-2026-0088, 96% số chữ.", "Mã niêm của bản gốc đúng; bản gốc nằm ở dòng 51.337 của sổ công khai."},
	}
	p := galleryPage(l, "verify", "/verify", l.T("ui.menu.verify"))
	return fillIn(Public(p), fillIn(box("div", "narrow"),
		Breadcrumbs(l, []Crumb{{l.T("ui.menu.today"), "/"}, {l.T("ui.menu.verify"), "/verify"}, {"TTP-2026-0088", ""}}),
		fillIn(Verification(found), MainLink("Xem bản gốc", "/x"), LinkButton("Báo cho thành phố biết bản này đang lan", "/x")),
		fillIn(Panel("versions", "Các bản"), Versions(l, []Version{
			{Name: "Bản 2", Time: galleryNow, Who: "Lê Thu Phong", Note: "Đính chính số hộ", Href: "/x", Compare: "/x/so", Current: true}, {Name: "Bản 1", Time: galleryNow.Add(-time.Hour), Who: "Minh Tú", Href: "/x"},
		})),
		TableWithCSV(l, "Số văn bản", "/x.csv", []Column{{Name: "Tháng"}, {Name: "Đã niêm", Number: true}}, [][]Cell{{{Text: "10"}, {Text: "1.204"}}})))
}

func gallerySheet(l catalogue.Lang) templ.Component {
	return fillIn(Sheet(galleryPage(l, "", "/r/1/print", "TCBC-2026-0153")),
		SheetHeading(SheetHead{Lang: l, Above: "UBND thành phố Hà Nội", Issuer: "Trung tâm Báo chí Thủ đô", Number: "Số: TCBC-2026-0153", City: "Hà Nội", Date: galleryNow}),
		tag("h1", "", "Cầu vượt Mai Dịch đóng một làn từ 22 giờ"),
		tag("p", "text", "Việc thay khe co giãn kéo dài ba đêm, mỗi đêm đến 5 giờ sáng."),
		SheetProof(l, "TCBC-2026-0153", SealState(l, Sealed), "https://khue.example/v/TCBC-2026-0153"))
}

func TestGallery(t *testing.T) {
	out := os.Getenv("KHUE_GALLERY") // a folder that gets the pages, for screenshots
	for _, l := range catalogue.Langs {
		for name, page := range gallery(l) {
			t.Run(string(l)+"/"+name, func(t *testing.T) {
				var b bytes.Buffer
				if err := page.Render(context.Background(), &b); err != nil {
					t.Fatal(err)
				}
				inspect(t, b.Bytes())
				if out != "" {
					if err := os.WriteFile(filepath.Join(out, name+"-"+string(l)+".html"), b.Bytes(), 0o644); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
	}
}

var leftClass = regexp.MustCompile(`^left-(\d{1,2}|100)$`)

// inspect holds what every page must keep: no missing words, nothing the Content-Security-Policy refuses,
// ids unique, labels and references that lead somewhere, at most one main button outside dialogs.
func inspect(t *testing.T, page []byte) {
	t.Helper()
	if i := bytes.Index(page, []byte("⟦")); i >= 0 {
		t.Errorf("a word is missing: %s", page[i:min(len(page), i+40)])
	}
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	ids, refs, mains, headings := map[string]int{}, map[string]string{}, 0, 0
	var walk func(n *html.Node, dialog bool)
	walk = func(n *html.Node, dialog bool) {
		dialog = dialog || n.Data == "dialog"
		if n.Type == html.ElementNode {
			if n.Data == "h1" {
				headings++
			}
			if n.Data == "style" || n.Data == "script" && n.FirstChild != nil {
				t.Errorf("<%s> with content", n.Data)
			}
			for _, a := range n.Attr {
				switch {
				case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
					t.Errorf("<%s %s>", n.Data, a.Key)
				case a.Key == "id":
					ids[a.Val]++
				case a.Key == "for" || strings.HasPrefix(a.Key, "aria-describedby") || a.Key == "aria-labelledby" || a.Key == "aria-controls":
					for _, id := range strings.Fields(a.Val) {
						refs[id] = n.Data + " " + a.Key
					}
				case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
					refs[a.Val[1:]] = n.Data + " href"
				case a.Key == "class":
					for _, c := range strings.Fields(a.Val) {
						if strings.HasPrefix(c, "left-") && !leftClass.MatchString(c) {
							t.Errorf("class %s", c)
						}
						if c == "main" && !dialog {
							mains++
						}
					}
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, dialog)
		}
	}
	walk(doc, false)
	for id, n := range ids {
		if n > 1 {
			t.Errorf("id %q stands %d times", id, n)
		}
	}
	for id, from := range refs {
		if ids[id] == 0 {
			t.Errorf("%s leads to #%s, which is not there", from, id)
		}
	}
	if mains > 1 || headings != 1 {
		t.Errorf("%d main buttons, %d h1", mains, headings)
	}
}

// What comes from people is text, never markup.
func TestHostileText(t *testing.T) {
	evil := `"><script>alert(1)</script>`
	for _, c := range []templ.Component{
		Diff("vi", []Run{{Added, evil, false}, {Equal, evil, false}}), QR("https://khue.example", evil), Breadcrumbs("vi", []Crumb{{evil, "javascript:alert(1)"}, {evil, ""}}), Versions("en", []Version{{Name: evil, Who: evil, Note: evil, Compare: "javascript:alert(1)"}}), Verification(Finding{Lang: "vi", Word: evil, Headline: evil, Steps: []string{evil}}), Seal(evil, evil, "javascript:alert(1)"),
		RowItem(Row{ID: evil, Title: evil, Sub: evil, Who: evil, Href: "javascript:alert(1)"}), Field(Input{Name: evil, Label: evil, Value: evil, Error: evil}),
		Sparkline(nil, evil), Table(evil, []Column{{Name: evil}}, [][]Cell{{{Text: evil}}}),
	} {
		var b strings.Builder
		if err := c.Render(context.Background(), &b); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "<script") || strings.Contains(b.String(), "href=\"javascript:") {
			t.Errorf("markup got through: %s", b.String())
		}
	}
}
