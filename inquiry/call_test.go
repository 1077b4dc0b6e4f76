package inquiry_test

import (
	"slices"
	"strings"
	"testing"

	"khue/inquiry"
	"khue/internal/testkit"
	"khue/people"
	"khue/problem"
	"khue/regulation"
)

// call is a made-up call and what is to be read out of it.
type call struct {
	text    string
	kind    inquiry.Kind
	asker   inquiry.AskerKind
	urgent  bool
	name    string
	phone   string
	outlet  string
	offices []string
}

var calls = []call{
	{"PV Đỗ Minh Khuê báo Sao Mai 0912 345 678 hỏi Sở Xây dựng vì sao đèn đường Láng tắt, gấp, lên trang 17h", inquiry.Question, inquiry.Press, true, "Đỗ Minh Khuê", "0912 345 678", "báo Sao Mai", []string{"SXD"}},
	{"Báo Sao Mai, phóng viên Lê An, xin phỏng vấn lãnh đạo Sở Y tế về sốt xuất huyết. Máy 024.3826.1234", inquiry.Interview, inquiry.Press, false, "Lê An", "024.3826.1234", "Báo Sao Mai", []string{"SYT"}},
	{"chị Hoàng Thị Bưởi ở P. Yên Hòa gọi hỏi lịch cấp nước", inquiry.Question, inquiry.Citizen, false, "Hoàng Thị Bưởi", "", "", []string{"00175"}},
	{"Người dân phường Trúc Bạch góp ý về loa phường, sđt +84 987654321", inquiry.Feedback, inquiry.Citizen, false, "", "+84 987654321", "", []string{"00004"}},
	{"Tạp chí Gió Nồm nói thông cáo về SGDĐT sai ngày tuyển sinh, đề nghị đính chính", inquiry.Challenge, inquiry.Press, false, "", "", "Tạp chí Gió Nồm", []string{"SGDĐT"}},
	{"ông Phạm Văn Cả yêu cầu cung cấp hồ sơ quy hoạch phố Vọng, so quy hoach kien truc trả lời", inquiry.Access, inquiry.Citizen, false, "Phạm Văn Cả", "", "", []string{"SQHKT"}},
	{"báo Sao Mai chuyển đơn kiến nghị của bạn đọc về rác, gửi Sở XD và UBND phường Yên Hòa", inquiry.Petition, inquiry.Press, false, "", "", "báo Sao Mai", []string{"SXD", "00175"}},
	{"tổng biên tập yêu cầu trả lời trên báo về vụ cháy, đã gửi Công an TP, toà soạn Sao Mai chờ", inquiry.Demand, inquiry.Press, false, "", "", "", []string{"CATP"}},
	{"bác Tư tố cáo cán bộ phường nhận tiền", inquiry.Complaint, inquiry.Citizen, false, "", "", "", nil},
	{"hỏi giờ mở cửa bảo tàng", inquiry.Question, inquiry.Citizen, false, "", "", "", nil},
}

func TestGuessCall(t *testing.T) {
	b := room(t, testkit.SQLite(t))
	admin := testkit.Centre("quan", regulation.Admin)
	if _, err := b.people.AddOutlet(b.Ctx, admin, people.NewOutlet{Name: "Báo Sao Mai", Host: "saomai.example"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range calls {
		g, err := b.Guess(b.Ctx, c.text)
		if err != nil {
			t.Fatal(err)
		}
		if g.Kind != c.kind || g.Asker != c.asker || g.Urgent != c.urgent || g.Phone != c.phone || g.Outlet != c.outlet || !slices.Equal(g.Offices, c.offices) {
			t.Errorf("%s\n got %+v\nwant %+v", c.text, g, c)
		}
		if c.name != "" && g.Name != c.name {
			t.Errorf("%s: name %q, want %q", c.text, g.Name, c.name)
		}
	}
}

func TestNoteCall(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(t, k)
		_, err := b.NoteCall(k.Ctx, b.ngoc, inquiry.NoteInput{Text: calls[0].text})
		want(t, "an office notes at the desk", err, problem.Forbidden)
		_, err = b.NoteCall(k.Ctx, b.thu, inquiry.NoteInput{Text: " \n "})
		want(t, "nothing", err, problem.Required)
		n, err := b.NoteCall(k.Ctx, b.thu, inquiry.NoteInput{Text: calls[0].text})
		if err != nil || n.Code == "" || len(n.Duties) != 2 {
			t.Fatalf("%+v, %v", n, err)
		}
		_, err = b.NoteCall(k.Ctx, b.thu, inquiry.NoteInput{Text: calls[0].text})
		want(t, "the same note again", err, problem.Twice)
		f, err := b.Get(k.Ctx, b.thu, n.ID)
		if err != nil || f.Channel != inquiry.ByPhone || !f.Urgent || f.Contact.Name != "Đỗ Minh Khuê" || f.Body != calls[0].text {
			t.Errorf("%+v, %v", f, err)
		}
		if strings.Contains(f.Subject, "0912") {
			t.Errorf("subject %q holds the number", f.Subject)
		}
		do(t)(b.Accept(k.Ctx, b.thu, inquiry.AcceptInput{Ref: inquiry.Ref{ID: n.ID}}))
		do(t)(b.Assign(k.Ctx, b.thu, inquiry.AssignInput{Ref: inquiry.Ref{ID: n.ID}, Offices: []string{"SXD"}}))
		if o, err := b.Get(k.Ctx, b.ngoc, n.ID); err != nil || strings.Contains(o.Body, "0912") || !strings.Contains(o.Body, "đèn đường Láng") {
			t.Errorf("the office reads %q, %v", o.Body, err)
		}
		// Put right by hand: a citizen, not urgent; the press clock is void.
		no := false
		do(t)(b.Reclassify(k.Ctx, b.thu, inquiry.ReclassifyInput{Ref: inquiry.Ref{ID: n.ID}, Kind: inquiry.Access, Asker: inquiry.Citizen, Urgent: &no, Contact: &inquiry.Contact{Name: "Đỗ Khuê", Phone: "0912345678"}}))
		if d := b.clock(t, n.ID, "answer"); d.Rule != 24 || !d.Opened.Equal(testkit.Start) {
			t.Errorf("%+v", d)
		}
		if f, err = b.Get(k.Ctx, b.thu, n.ID); err != nil || f.Contact.Name != "Đỗ Khuê" || f.Verification != "" {
			t.Errorf("%+v, %v", f.Contact, err)
		}
		_, err = b.Reclassify(k.Ctx, b.thu, inquiry.ReclassifyInput{Ref: inquiry.Ref{ID: n.ID}, Contact: &inquiry.Contact{Email: "sai"}})
		want(t, "a wrong address", err, problem.Email)
	})
}

func FuzzGuessCall(f *testing.F) {
	for _, c := range calls {
		f.Add(c.text)
	}
	f.Add("PV \x00 báo ")
	f.Add("phường phường xã thị trấn +84 0000000000000000")
	offices := []inquiry.Named{{ID: "SXD", Names: []string{"Sở Xây dựng"}, Codes: []string{"SXD"}}}
	f.Fuzz(func(t *testing.T, text string) {
		g := inquiry.GuessCall(text, offices, nil, func(string) []string { return []string{"00004"} })
		if !g.Kind.Valid() || g.Kind.Reported() {
			t.Errorf("%q: kind %q", text, g.Kind)
		}
	})
}
