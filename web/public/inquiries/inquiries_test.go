package inquiries_test

import (
	"encoding/xml"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"khue/inquiry"
	"khue/internal/testkit"
	"khue/regulation"
	"khue/web/public/inquiries"
	"khue/web/public/proof"
	"khue/web/webtest"
)

var secretField = regexp.MustCompile(`name="secret" value="([a-z2-7]{32})"`)

// secretOf gives the token that a form was made with.
func secretOf(t *testing.T, p webtest.Page) string {
	t.Helper()
	m := secretField.FindStringSubmatch(p.Body)
	if m == nil {
		t.Fatalf("no secret in\n%s", webtest.Main(p.Body))
	}
	return m[1]
}

// answer takes an inquiry to its answer.
func answer(t *testing.T, k *webtest.Kit, code, text string, public bool) {
	t.Helper()
	thu, an, hoa := testkit.Centre("thu", regulation.DutyOfficer), testkit.Centre("an", regulation.Editor), testkit.Centre("hoa", regulation.Approver)
	f, err := k.Inquiries.ByCode(k.Ctx, thu, code)
	if err != nil {
		t.Fatal(err)
	}
	ref := inquiry.Ref{ID: f.ID}
	do := func(_ inquiry.Inquiry, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(k.Inquiries.Accept(k.Ctx, thu, inquiry.AcceptInput{Ref: ref}))
	do(k.Inquiries.Draft(k.Ctx, an, inquiry.DraftInput{Ref: ref, Text: text}))
	do(k.Inquiries.Approve(k.Ctx, hoa, inquiry.ApproveInput{Ref: ref}))
	in := inquiry.AnswerInput{Ref: ref, Public: public}
	if public {
		in.Title, in.Question = "Nước phố Vọng có lại lúc 17 giờ", "Bao giờ phố Vọng có nước?"
	}
	do(k.Inquiries.Answer(k.Ctx, thu, in))
}

func TestCitizenAsksAndFollows(t *testing.T) {
	k := webtest.New(t, inquiries.Register)
	b := k.Visitor(t)
	secret := secretOf(t, b.Get("/ask").Has(t, 200, "Đặt câu hỏi", "Người dân"))
	fields := []string{"secret", secret, "kind", "question", "body", "Phố Vọng mất nước ba ngày, bao giờ có?", "email", "dan@thu.example"}
	p := b.Post("/ask", fields...).Has(t, 200, "HD-2026-0001", secret, "Giữ kín", "hết ngày 16/11/2026")
	if p.Path != "/f/"+secret+"?receipt=1" || p.Header.Get("Cache-Control") != "no-store" || !strings.Contains(p.Header.Get("X-Robots-Tag"), "noindex") ||
		p.Header.Get("Referrer-Policy") != "same-origin" {
		t.Errorf("%s %v", p.Path, p.Header)
	}
	p.Lacks(t, "canonical", "alternate").Has(t, 200, `content="noindex"`)
	// The same form again leads to the same page, and there is one inquiry.
	if again := b.Post("/ask", fields...).Has(t, 200, "HD-2026-0001"); again.Path != p.Path {
		t.Errorf("again: %s", again.Path)
	}
	list, err := k.Inquiries.List(k.Ctx, testkit.Centre("thu", regulation.DutyOfficer), inquiry.Filter{})
	if err != nil || len(list) != 1 {
		t.Fatalf("%d, %v", len(list), err)
	}
	// What came wrong keeps what was typed.
	b.Post("/ask", "secret", inquiry.NewToken(), "as", "press", "kind", "question", "body", "Vì sao <b>tắt</b>?", "name", "Mai", "email", "khong-phai").
		Has(t, http.StatusUnprocessableEntity, "Email thiếu", "Vì sao &lt;b&gt;tắt&lt;/b&gt;?", `value="Mai"`, "Chưa nhập")
	b.Get("/en/ask?as=press").Has(t, 200, "Ask a question", "Outlet")
	b.Get("/ask?q=pho+vong").Has(t, 200, "Chưa có câu nào giống")

	do := func(fields ...string) webtest.Page { return b.Post("/f/"+secret, fields...) }
	do("do", "clarify", "text", "x").Has(t, http.StatusConflict, "mới đến", "Bạn đã viết", "<p>x</p>")
	do("do", "steal", "text", "x").Has(t, http.StatusNotFound)
	answer(t, k, "HD-2026-0001", "Van hỏng, **17 giờ** có nước. <script>alert(1)</script>", false)
	b.Get("/f/"+secret).Has(t, 200, "<strong>17 giờ</strong>", "trả lời riêng cho bạn", "Hỏi thêm").Lacks(t, "<script>alert")
	do("do", "more", "text", "").Has(t, http.StatusUnprocessableEntity, "Chưa nhập")
	do("do", "more", "text", "Hôm nay lại mất <img src=x onerror=alert(1)>").Has(t, 200, "Đã nhận câu hỏi thêm", "&lt;img").Lacks(t, "<img src=x")
	do("do", "withdraw").Has(t, 200, "Đã rút câu hỏi")
	for _, path := range []string{"/f/" + inquiry.NewToken(), "/f/HD-2026-0001", "/f/x"} {
		b.Get(path).Has(t, http.StatusNotFound)
	}
}

func TestPrivateAnswersNeverStandInPublic(t *testing.T) {
	k := webtest.New(t, inquiries.Register)
	b := k.Visitor(t)
	const secret = "Chỉ riêng người hỏi biết điều này về phố Vọng"
	b.Post("/ask", "secret", inquiry.NewToken(), "kind", "question", "body", "Hỏi riêng về phố Vọng").Has(t, 200)
	b.Post("/ask", "secret", inquiry.NewToken(), "kind", "question", "body", "Hỏi chung về phố Vọng, tôi là Nguyễn Văn Kín", "name", "Nguyễn Văn Kín", "email", "kin@thu.example").Has(t, 200)
	answer(t, k, "HD-2026-0001", secret, false)
	answer(t, k, "HD-2026-0002", "Van đã thay & thông nước.", true)
	b.Get("/answers/HD-2026-0001").Has(t, http.StatusNotFound)
	for _, path := range []string{"/answers", "/en/answers", "/answers?q=pho+vong", "/ask?q=pho+vong", "/answers/feed.atom", "/answers/HD-2026-0002", "/en/answers/HD-2026-0002", "/answers?before=9999999999999999"} {
		b.Get(path).Has(t, 200, "HD-2026-0002").Lacks(t, secret, "HD-2026-0001", "Hỏi riêng", "Văn Kín", "kin@thu")
	}
	b.Get("/answers/HD-2026-0002").Has(t, 200, "Van đã thay &amp; thông nước.", "/v/HD-2026-0002", "Người dân hỏi")
	feed := b.Get("/answers/feed.atom")
	var atom struct {
		Entries []struct {
			Title string `xml:"title"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(feed.Body), &atom); err != nil || len(atom.Entries) != 1 {
		t.Errorf("%+v, %v", atom, err)
	}
	if !strings.HasPrefix(feed.Header.Get("Content-Type"), "application/atom+xml") {
		t.Error(feed.Header)
	}
}

func TestComplaintIsGuided(t *testing.T) {
	k := webtest.New(t, inquiries.Register)
	k.Visitor(t).Post("/ask", "secret", inquiry.NewToken(), "kind", "complaint", "body", "tố cáo ông X").Has(t, 200, "Ban Tiếp công dân").Lacks(t, "ông X")
}

func TestForeignFormsAreRefused(t *testing.T) {
	k := webtest.New(t, inquiries.Register)
	k.Visitor(t).Foreign("/ask", "kind", "question", "body", "x").Has(t, http.StatusForbidden)
}

func TestAnswersAreProved(t *testing.T) {
	k := webtest.New(t, inquiries.Register, proof.Register)
	b := k.Visitor(t)
	b.Post("/ask", "secret", inquiry.NewToken(), "kind", "question", "body", "Hỏi về phố Vọng").Has(t, 200)
	b.Post("/ask", "secret", inquiry.NewToken(), "kind", "question", "body", "Hỏi riêng").Has(t, 200)
	k.Until(t, k.Insight.Loaded)
	const said = "Công ty thay van ở phố Vọng trong đêm, nước trở lại lúc 17 giờ ngày 10 tháng 11."
	answer(t, k, "HD-2026-0002", "Điều này chỉ người hỏi biết, không ai khác được tìm thấy nó ở đâu.", false)
	answer(t, k, "HD-2026-0001", said, true)
	k.Until(t, func() bool { // known to the library, and signed
		return k.Insight.SealedTexts() == 1 && strings.Contains(b.Get("/v/HD-2026-0001").Body, "SHA-256")
	})
	b.Get("/v/HD-2026-0002").Has(t, http.StatusNotFound)
	b.Upload("/verify", nil, "text", said).Has(t, 200, "Trích đúng")
	b.Upload("/verify", nil, "text", strings.Replace(said, "17 giờ", "19 giờ", 1)).Has(t, 200, "Đã bị sửa")
	b.Upload("/verify", nil, "text", "Điều này chỉ người hỏi biết, không ai khác được tìm thấy nó ở đâu.").Has(t, 200, "Không tìm thấy")
	b.Get("/search?q=thay+van+pho+vong").Has(t, 200, "/answers/HD-2026-0001")
	b.Get("/search?q=chi+nguoi+hoi+biet").Has(t, 200).Lacks(t, "HD-2026-0002", "không ai khác")
	f, err := k.Inquiries.ByCode(k.Ctx, testkit.Centre("thu", regulation.DutyOfficer), "HD-2026-0001")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Inquiries.WithdrawAnswer(k.Ctx, testkit.Centre("hoa", regulation.Approver), inquiry.WithdrawAnswerInput{Ref: inquiry.Ref{ID: f.ID}, Round: 1, Reason: "Sai giờ."}); err != nil {
		t.Fatal(err)
	}
	k.Until(t, func() bool {
		return !strings.Contains(b.Get("/search?q=thay+van+pho+vong").Body, "/answers/HD-2026-0001")
	})
	b.Upload("/verify", nil, "text", said).Has(t, 200, "thu hồi")
}
