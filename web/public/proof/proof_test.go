package proof_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"khue/regulation"
	"khue/release"
	"khue/web/public/proof"
	"khue/web/webtest"
)

const official = `Phường Thử Nghiệm chi trả hỗ trợ 500.000 đồng cho mỗi hộ ở phố Mẫu từ ngày 12/11/2026.

Người dân nhận tiền tại nhà văn hóa số 3 và không phải nộp bất kỳ khoản phí nào. Ai không đến được thì gọi để tổ dân phố mang tới nhà trước ngày 20/11/2026.

Danh sách 214 hộ được niêm yết ở cổng nhà văn hóa và trên trang của phường; hộ nào thấy thiếu tên thì báo trước 17 giờ ngày 15/11/2026.`

// publish takes a release from its submission to the public, as three people do.
func publish(t *testing.T, k *webtest.Kit) release.Release {
	t.Helper()
	lan := k.Account(t, "Lan Đầu Mối", regulation.Post{Role: regulation.FocalPoint, Office: "SXD"})
	thu := k.Account(t, "Thu Biên Tập", regulation.Post{Role: regulation.Editor, Office: "TTBC"})
	hoa := k.Account(t, "Hòa Duyệt", regulation.Post{Role: regulation.Approver, Office: "TTBC"})
	rel, err := k.Releases.Submit(k.Ctx, lan, release.SubmitInput{Kind: release.PressInformation, Office: "SXD", Text: release.Text{Title: "Chi trả hỗ trợ ở phố Mẫu", Body: official}})
	ref := func() release.Ref { return release.Ref{ID: rel.ID, Version: rel.Version} }
	step := func(f func() (release.Release, error)) {
		if err == nil {
			rel, err = f()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	step(func() (release.Release, error) { return k.Releases.Take(k.Ctx, thu, ref()) })
	step(func() (release.Release, error) { return k.Releases.SendUp(k.Ctx, thu, ref()) })
	step(func() (release.Release, error) { return k.Releases.Approve(k.Ctx, hoa, ref()) })
	step(func() (release.Release, error) { return k.Releases.Publish(k.Ctx, hoa, ref()) })
	k.Clock.Add(release.DefaultHold)
	if err := k.Releases.RunSchedule(k.Ctx); err != nil {
		t.Fatal(err)
	}
	k.Until(t, func() bool { papers, err := k.Insight.Papers(rel.Code); return err == nil && len(papers) == 1 })
	return rel
}

func TestCheck(t *testing.T) {
	k := webtest.New(t, proof.Register)
	rel := publish(t, k)
	b := k.Visitor(t)
	b.Get("/verify").Has(t, 200, "Kiểm tra văn bản", "không được lưu")
	check := func(text string) webtest.Page {
		t.Helper()
		return b.Upload("/verify", nil, "text", text)
	}
	check("Chi trả hỗ trợ ở phố Mẫu\n\n"+official).Has(t, 200, "Nguyên văn", rel.Code, "/v/"+rel.Code)
	check(strings.Split(official, "\n\n")[0]).Has(t, 200, "Trích đúng", rel.Code, ": 0 chỗ khác; 0 chỗ chỉ khác cách viết")
	altered := strings.NewReplacer("500.000 đồng", "5 triệu đồng", "không phải nộp", "phải nộp").Replace(official)
	check(altered).Has(t, 200, "Đã bị sửa", "chỗ quan trọng", "Số tiền", "Bản gốc: “500.000”", "Bản này: “5 triệu”", "Phủ định", ": 2 chỗ khác;", "/report")
	// All of what was pasted stands there, to its last sign.
	check(strings.Replace(strings.Split(official, "\n\n")[2], "15/11", "18/11", 1)).
		Has(t, 200, "thiếu tên thì báo trước 17 giờ ngày <ins", "</ins> <del", "</del>/11/2026.</div>")
	check("Ông nội tôi trồng bưởi ở quê và mỗi mùa hái được vài trăm quả ngọt.").Has(t, 200, "Không tìm thấy", "không có nghĩa là giả")
	check("").Has(t, 422, "Chưa nhập")
	check("<script>alert(1)</script> "+official).Has(t, 200).Lacks(t, "<script>alert")
	b.Upload("/verify", nil, "code", strings.ToLower(rel.Code)).Has(t, 200, "Bằng chứng của "+rel.Code)
	b.Upload("/verify", nil, "code", "TCBC-1999-9999").Has(t, 422, "không có văn bản nào mang mã này", `value="TCBC-1999-9999"`)
}

func TestUploadedText(t *testing.T) {
	k := webtest.New(t, proof.Register)
	publish(t, k)
	b := k.Visitor(t)
	file := func(name string, data []byte) webtest.Page {
		t.Helper()
		return b.Upload("/verify", []webtest.File{{Field: "file", Name: name, Data: data}})
	}
	file("a.txt", []byte(official)).Has(t, 200, "Trích đúng")
	wide := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(official)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	file("b.txt", wide).Has(t, 200, "Trích đúng")
	file("c.txt", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")).Has(t, 422, "Tệp khác loại")
	file("d.txt", make([]byte, 7<<20)).Has(t, 413)
}

func TestProofOfCode(t *testing.T) {
	k := webtest.New(t, proof.Register)
	rel := publish(t, k)
	b := k.Visitor(t)
	k.Until(t, func() bool { return strings.Contains(b.Get("/v/"+rel.Code).Body, "SHA-256") })
	page := b.Get("/v/"+rel.Code).Has(t, 200, "SHA-256", "khue.example/log", "không thay con dấu")
	_, rest, ok := strings.Cut(page.Body, `href="/v/`+rel.Code+"/")
	if !ok {
		t.Fatal("no download")
	}
	entry, _, _ := strings.Cut(rest, "/")
	b.Get("/v/"+rel.Code+"/"+entry+"/proof.txt").Has(t, 200, "c2sp.org/tlog-proof@v1", "khue.example/log")
	b.Get("/v/"+rel.Code+"/"+entry+"/text.txt").Has(t, 200, "500.000 đồng")
	b.Get("/v/TCBC-1999-0001").Has(t, 404)
	b.Get("/en/v/"+rel.Code).Has(t, 200, "The proof of")
	k.Until(t, func() bool { return strings.Contains(b.Get("/log").Body, rel.Code) }) // it lists what is signed
	b.Get("/log").Has(t, 200, "Sổ công khai", rel.Code)
	b.Get("/search?q=ho+tro+pho+mau").Has(t, 200, "Chi trả hỗ trợ ở phố Mẫu")
	b.Get("/search?q=kh%C3%B4ng+c%C3%B3+g%C3%AC").Has(t, 200)
}

func TestTooManyChecks(t *testing.T) {
	k := webtest.New(t, proof.Register)
	b := k.Visitor(t)
	k.Until(t, k.Insight.Loaded)
	var last webtest.Page
	for range 21 {
		last = b.Upload("/verify", nil, "text", "một đoạn bất kỳ")
	}
	last.Has(t, 429, "Gửi quá nhanh")
}
