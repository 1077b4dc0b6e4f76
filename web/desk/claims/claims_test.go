package claims_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"khue/claim"
	"khue/regulation"
	"khue/store"
	"khue/web/desk/claims"
	publicclaims "khue/web/public/claims"
	"khue/web/webtest"
)

const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>`

var versionField = regexp.MustCompile(`name="version" value="(\d+)"`)

// version gives the version that a form was made with.
func version(t *testing.T, p webtest.Page) string {
	t.Helper()
	m := versionField.FindStringSubmatch(p.Body)
	if m == nil {
		t.Fatalf("no version in\n%s", webtest.Main(p.Body))
	}
	return m[1]
}

type people struct {
	*webtest.Kit
	lan, mai, thu *webtest.Browser // two analysts, the duty officer
	ngoc, hung    *webtest.Browser // focal point and head of the department of construction
	tu            *webtest.Browser // of another department
}

func cast(t *testing.T) people {
	k := webtest.New(t, claims.Register, publicclaims.Register)
	at := func(name string, role regulation.Role, office string) *webtest.Browser {
		return k.As(t, name, regulation.Post{Role: role, Office: office})
	}
	return people{
		Kit: k, lan: k.Centre(t, "Nguyễn Thị Lan", regulation.Analyst), mai: k.Centre(t, "Trần Mai", regulation.Analyst), thu: k.Centre(t, "Lê Thu", regulation.DutyOfficer),
		ngoc: at("Phạm Ngọc", regulation.FocalPoint, "SXD"), hung: at("Vũ Hùng", regulation.OfficeHead, "SXD"), tu: at("Đỗ Tú", regulation.FocalPoint, "SYT"),
	}
}

// open opens a claim by the form, and gives its address.
func (c people) open(t *testing.T, statement string) string {
	t.Helper()
	p := c.lan.Post("/desk/claims/new", "statement", statement, "office", "SXD", "question", "Có cắt nước không?", "impact", "divided", "links", "https://dien-dan.example/1\nhttps://dien-dan.example/2")
	p.Has(t, 200, "Đã mở KC-2026-", "đã mở")
	return p.Path
}

var draftFields = []string{
	"verdict", "false", "headline", "Chỉ ba phường yếu nước một đêm", "said", "Cắt nước bảy ngày", "body", "Thay **van**.", "press", "1",
}

func TestTheLoopByForms(t *testing.T) {
	c := cast(t)
	at := c.open(t, "Cắt nước toàn thành phố bảy ngày")
	c.ngoc.Get("/desk/claims").Has(t, 200, "Cắt nước toàn thành phố bảy ngày", "luật định: Nghị định 244/2026/NĐ-CP, Điều 7 khoản 4", "còn 1 ngày")
	c.ngoc.Get(at+"/add").Has(t, 200, "Gửi lãnh đạo duyệt", "Có cắt nước không?")

	// What is not right comes back with what was typed.
	c.ngoc.Post(at+"/add", "kind", "statement", "title", "Công văn 12").Has(t, 422, `value="Công văn 12"`, "Chưa nhập nội dung")
	p := c.ngoc.Post(at+"/add", "kind", "statement", "title", "Công văn 12", "text", "Không có kế hoạch cắt nước.", "original", "1", "open", "1")
	p.Has(t, 200, "Đã gửi lãnh đạo cơ quan duyệt", "chờ lãnh đạo cơ quan duyệt")
	c.lan.Get(at).Has(t, 200, "1 căn cứ đang chờ lãnh đạo").Lacks(t, "Không có kế hoạch")

	m := regexp.MustCompile(at + `/evidence/[0-9a-f-]+`).FindString(c.hung.Get("/desk/claims").Has(t, 200, "Căn cứ chờ bạn duyệt", "Công văn 12").Body)
	c.hung.Get(m).Has(t, 200, "Duyệt, gửi Trung tâm", "Không có kế hoạch cắt nước.", "Có cắt nước không?")
	c.ngoc.Get(m).Has(t, 200, "Rút căn cứ này").Lacks(t, "Duyệt, gửi Trung tâm")
	c.tu.Get(m).Has(t, 403)
	c.tu.Post(m, "do", "approve").Has(t, 403)
	c.lan.Get(m).Has(t, 404)
	c.hung.Post(m, "do", "return").Has(t, 422, "Chưa nhập lý do")
	c.hung.Post(m, "do", "burn").Has(t, 422)
	c.hung.Post(m, "do", "approve").Has(t, 200, "Đã duyệt, gửi Trung tâm")
	c.lan.Get(at).Has(t, 200, "Không có kế hoạch cắt nước.", "Vũ Hùng", "đã duyệt căn cứ của Phạm Ngọc", "đúng hạn")

	p = c.lan.Get(at+"/draft").Has(t, 200, "Tiêu đề: điều đúng", "Cắt nước toàn thành phố bảy ngày")
	v := version(t, p)
	c.lan.Post(at+"/draft", "version", v, "verdict", "false", "headline", "Cắt nước toàn thành phố bảy ngày", "said", "x", "body", "Viết dở …").
		Has(t, 422, "tiêu đề phải nói sự thật", "Viết dở …", `value="false" checked`)
	c.lan.Post(at+"/draft", append([]string{"version", v}, draftFields...)...).Has(t, 200, "Đã lưu dự thảo", "<strong>van</strong>")
	c.mai.Post(at+"/draft", append([]string{"version", v}, "verdict", "fake", "headline", "Bản của Mai", "said", "s", "body", "b")...).
		Has(t, 409, "Nguyễn Thị Lan vừa sửa", `value="Bản của Mai"`, "Bản vừa được lưu", "Chỉ ba phường yếu nước một đêm")

	v = version(t, c.lan.Get(at+"/send-up").Has(t, 200, "Trình"))
	c.lan.Post(at+"/send-up", "version", v).Has(t, 200, "Đã trình")
	c.lan.Get(at+"/decide").Has(t, 403)
	c.lan.Get("/desk/claims?state=awaiting").Has(t, 200, "chờ người thứ hai")
	v = version(t, c.mai.Get(at+"/decide").Has(t, 200, "Nguyễn Thị Lan đã soạn", "Đồng ý, công bố"))
	c.lan.Post(at+"/decide", "version", v, "do", "agree").Has(t, 403, "Người dự thảo không được duyệt")
	c.mai.Post(at+"/decide", "version", v, "do", "disagree", "reason", "").Has(t, 422, "Chưa nhập lý do")
	// Held for ten seconds, in which it can be taken back and nobody outside sees anything of it.
	c.mai.Post(at+"/decide", "version", v, "do", "agree").Has(t, 200, "KC-2026-0001 được công bố sau mười giây", "Công bố kết luận “Tin sai sự thật” lúc 08:00:10", "Còn 10 giây", "Lấy lại")
	c.mai.Get("/desk/claims").Has(t, 200, "sắp công bố")
	c.hung.Post(at+"/undo").Has(t, 403)
	c.Visitor(t).Get("/claims/KC-2026-0001").Has(t, 404)
	c.thu.Post(at+"/undo").Has(t, 200, "Đã lấy lại KC-2026-0001", "mà Trần Mai vừa đồng ý")
	c.thu.Post(at+"/undo").Has(t, 409)
	v = version(t, c.mai.Get(at+"/decide"))
	c.mai.Post(at+"/decide", "version", v, "do", "agree").Has(t, 200, "sau mười giây")
	c.Clock.Add(10 * time.Second)
	if err := c.Claims.Leave(c.Ctx); err != nil {
		t.Fatal(err)
	}
	c.mai.Get(at).Has(t, 200, "Trang công khai", "do Nguyễn Thị Lan soạn").Lacks(t, "Lấy lại")
	c.Visitor(t).Get("/claims/KC-2026-0001").Has(t, 200, "Chỉ ba phường yếu nước một đêm", "Công văn 12")

	// A correction of our own text.
	p = c.lan.Get(at+"/correct").Has(t, 200, "Ghi chú công khai")
	c.lan.Post(at+"/correct", append([]string{"version", version(t, p), "change", "correction"}, draftFields...)...).Has(t, 422, "Chưa nhập ghi chú")
	c.thu.Get(at+"/correct").Has(t, 403)
	c.ngoc.Get(at+"/respond").Has(t, 200, "đề nghị cải chính")
	c.ngoc.Post(at+"/respond", "text", "", "link", "javascript:x").Has(t, 422, "Chưa nhập", "phải là địa chỉ")
	c.tu.Get(at+"/respond").Has(t, 403)
	c.ngoc.Post(at+"/respond", "text", "Đã gửi tòa soạn văn bản số 15").Has(t, 200, "Đã ghi nhận", "Sở Xây dựng trả lời báo chí", "đúng hạn", "văn bản số 15")
	c.lan.Get("/en"+at).Has(t, 200, "Correct or update", "agreed to and published").Lacks(t, "⟦")
}

func TestWhoSeesTheBoard(t *testing.T) {
	c := cast(t)
	at := c.open(t, "Tin của sở xây dựng")
	c.thu.Get("/desk/claims").Has(t, 200, "Tin của sở xây dựng", "Mở kiểm chứng")
	c.tu.Get("/desk/claims").Has(t, 200, "Không có tin nào").Lacks(t, "Tin của sở xây dựng", "Mở kiểm chứng")
	c.tu.Get(at).Has(t, 403)
	c.tu.Get("/desk/claims/new").Has(t, 403)
	c.tu.Post("/desk/claims/new", "statement", "x").Has(t, 403)
	c.ngoc.Post(at+"/show", "shown", "1").Has(t, 403)
	c.ngoc.Post(at+"/take").Has(t, 403)
	c.ngoc.Post(at+"/close", "version", "1", "reason", "x").Has(t, 403)
	if p := c.Visitor(t).Get(at); !strings.HasPrefix(p.Path, "/login") {
		t.Errorf("a visitor stands at %s", p.Path)
	}
	c.As(t, "Phạm Nhà Báo").Get("/desk/claims").Has(t, 403)
	c.lan.Get("/desk/claims/khong-co").Has(t, 404)
	c.lan.Foreign(at+"/take").Has(t, 403)

	// Another office is asked; its duty leads here.
	c.lan.Post(at+"/ask", "office", "SYT", "question", "").Has(t, 422, "Chưa nhập câu hỏi", `value="SYT" selected`)
	c.lan.Post(at+"/ask", "office", "SYT", "question", "Bệnh viện nào thiếu nước?").Has(t, 200, "Đã gửi câu hỏi")
	c.tu.Get(at+"/SYT").Has(t, 200, "Bệnh viện nào thiếu nước?")
}

func TestHostileTextIsOnlyText(t *testing.T) {
	c := cast(t)
	p := c.lan.Post("/desk/claims/new", "statement", hostile, "office", "SXD", "question", hostile, "impact", "none", "links", `javascript:alert(1)`)
	p.Has(t, 422, "phải là địa chỉ bắt đầu bằng").Lacks(t, "<script>alert", "<img src=x")
	c.lan.Get("/desk/claims/new?statement="+url.QueryEscape(hostile)+"&story="+url.QueryEscape(hostile)).Has(t, 200).Lacks(t, "<script>alert", "<img src=x")
	at := c.open(t, hostile)
	c.ngoc.Post(at+"/add", "kind", "statement", "title", hostile, "text", hostile, "open", "1").Has(t, 200)
	c.lan.Post(at+"/draft", "version", "1", "verdict", "misleading", "headline", "Sự thật "+hostile, "said", hostile, "body", "[x](javascript:alert(3)) "+hostile, "note", hostile).Has(t, 200)
	for _, b := range []*webtest.Browser{c.lan, c.ngoc, c.hung} {
		b.Get(at).Has(t, 200).Lacks(t, "<script>alert", "<img src=x", `href="javascript:`)
		b.Get("/desk/claims").Has(t, 200).Lacks(t, "<script>alert", "<img src=x")
	}
	c.lan.Get(at+"/draft").Has(t, 200).Lacks(t, "<script>alert", "<img src=x")
}

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAFileOfEvidence(t *testing.T) {
	c := cast(t)
	at := c.open(t, "Tin có ảnh")
	lie := webtest.File{Field: "file", Name: "anh.png", Data: []byte("MZ\x90\x00 không phải ảnh")}
	c.ngoc.Upload(at+"/add", []webtest.File{lie}, "kind", "file", "title", "Ảnh").Has(t, 422, "Tệp không an toàn", `value="Ảnh"`)
	good := webtest.File{Field: "file", Name: "anh.png", Data: picture(t)}
	kept := c.ngoc.Upload(at+"/add", []webtest.File{good}, "kind", "file", "title", "").Has(t, 422, "Đã giữ tệp anh.png")
	id := regexp.MustCompile(`name="kept" value="([0-9a-f]+)"`).FindStringSubmatch(kept.Body)[1]
	c.tu.Post(at+"/add", "kind", "file", "title", "Ảnh", "kept", id).Has(t, 403)
	c.ngoc.Post(at+"/add", "kind", "file", "title", "Ảnh hiện trường", "kept", id, "kept_name", "anh.png", "open", "1").Has(t, 200, "Mở tệp")
	file := regexp.MustCompile(at + `/evidence/[0-9a-f-]+/file`).FindString(c.ngoc.Get(at).Body)
	p := c.ngoc.Get(file).Has(t, 200)
	if p.Header.Get("Content-Type") != "image/png" || !strings.Contains(p.Header.Get("Content-Security-Policy"), "sandbox") || !strings.HasPrefix(p.Header.Get("Content-Disposition"), "inline") {
		t.Errorf("%v", p.Header)
	}
	c.lan.Get(file).Has(t, 404) // the head has not approved it
	c.tu.Get(file).Has(t, 403)
}

func TestReportsOnTheDesk(t *testing.T) {
	c := cast(t)
	got, err := c.Claims.Report(c.Ctx, regulation.Actor{}, claim.ReportInput{Text: "Chợ Hàng Da đóng cửa " + hostile, Email: "dan@thu.example", Name: "Lý Dân"})
	if err != nil {
		t.Fatal(err)
	}
	at := "/desk/reports/" + got.Report.ID
	c.thu.Get("/desk/claims").Has(t, 200, "Tin báo mới", "TB-2026-0001", at)
	c.thu.Get(at).Has(t, 200, "Chợ Hàng Da", "dan@thu.example", "Lý Dân").Lacks(t, "<script>alert", "<img src=x")
	c.thu.Get("/desk/claims/reports/"+got.Report.ID).Has(t, 200, "Chợ Hàng Da")
	c.ngoc.Get(at).Has(t, 403)
	c.hung.Post(at, "do", "dismiss", "reason", "x").Has(t, 403)
	c.lan.Post(at, "do", "merge").Has(t, 422, "Chưa nhập")
	c.lan.Post(at, "do", "dismiss").Has(t, 422, "Chưa nhập lý do")
	c.lan.Get("/desk/claims/new?report="+got.Report.ID).Has(t, 200, "Từ tin báo TB-2026-0001", "Chợ Hàng Da")
	p := c.lan.Post("/desk/claims/new", "statement", "Chợ Hàng Da đóng cửa", "report", got.Report.ID, "impact", "none").Has(t, 200, "TB-2026-0001")
	c.lan.Get(at).Has(t, 200, "KC-2026-0001").Lacks(t, "Hoặc gộp")
	c.lan.Post("/desk/claims/new", "statement", "chợ hàng da ĐÓNG CỬA", "impact", "none").Has(t, 409, "Đã nhận, mã KC-2026-0001", "/desk/claims/KC-2026-0001")
	c.lan.Post(p.Path+"/take").Has(t, 200, "Bạn đã nhận")
	c.lan.Post(p.Path+"/take").Has(t, 409, "đang kiểm chứng")
}

func TestAMachineGuessIsShownAsOne(t *testing.T) {
	c := cast(t)
	const said = "Cắt nước toàn thành phố Hà Nội bảy ngày để sửa đường ống sông Đà"
	at := c.open(t, said)
	for _, other := range []string{"Trường tiểu học ở Láng cho nghỉ ba ngày", "Phí gửi xe ga Cát Linh tăng gấp đôi", "Cầu Long Biên đóng hẳn từ tháng 12"} {
		c.open(t, other)
	}
	got, err := c.Claims.Report(c.Ctx, regulation.Actor{}, claim.ReportInput{Text: "Nghe nói cắt nước toàn thành phố bảy ngày để sửa đường ống sông Đà, đúng không?"})
	if err != nil {
		t.Fatal(err)
	}
	page := "/desk/reports/" + got.Report.ID
	c.lan.Get(page).Has(t, 200, "Máy gợi ý", "khả năng", "Gộp vào KC-2026-0001").Lacks(t, "Gộp vào KC-2026-0002")
	c.lan.Get("/desk/claims/new?report="+got.Report.ID).Has(t, 200, "Có thể là tin đã có", "KC-2026-0001")
	if p := c.lan.Post(page, "do", "merge", "claim", "KC-2026-0001").Has(t, 200, "Đã gộp vào KC-2026-0001"); p.Path != at {
		t.Errorf("at %s", p.Path)
	}
}

func TestAClaimFromAStory(t *testing.T) {
	c := cast(t)
	first := c.Clock.Now().Add(-3 * time.Hour)
	err := c.DB.Write(c.Ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO story (id, headline, lang, state, merged_into, first_mention, first_at, last_at, mentions, voices, sources)
VALUES ('s1', 'Cắt nước bảy ngày?', 'vi', 'live', '', 'm1', ?1, ?1, 2, 1, 1)`, store.Micros(first))
		for _, m := range [][2]string{{"m1", ""}, {"m2", "m1"}} {
			if err == nil {
				_, err = tx.Exec(ctx, `INSERT INTO mention (id, source, url, title, text, lang, kind, published, clamped, seen, tries, try_at, story, copy_of)
VALUES (?1, 'x', 'https://bao.example/' || ?1, 'Tin', '', 'vi', '', ?2, 0, ?2, 0, 0, 's1', ?3)`, m[0], store.Micros(first), m[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p := c.lan.Get("/desk/claims/new?story=s1&statement="+url.QueryEscape("Cắt nước bảy ngày")).Has(t, 200, "Thấy lần đầu lúc 05:00, 9/11/2026; 2 lượt nhắc", "https://bao.example/m1")
	p.Lacks(t, "https://bao.example/m2") // a copy says nothing of its own
	c.lan.Post("/desk/claims/new", "statement", "Cắt nước bảy ngày", "story", "s1", "impact", "none").Has(t, 200, "05:00, 9/11/2026", "/desk/radar/s1")
	c.lan.Get("/desk/claims/new?story=khong-co").Has(t, 200).Lacks(t, "/desk/radar/khong-co")
}
