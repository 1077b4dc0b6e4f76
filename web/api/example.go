package api

import (
	"strings"
	"time"
)

// example is a call that the documentation page shows and the test runs, in this order, against an empty house: together they are
// the whole loop. The first example of an operation is the one shown.
type example struct {
	Op     string
	As     string // whose key: one of cast; "" calls without a key
	Path   string // the operation's when ""; {…} stands for something that an earlier answer gave
	Header string // of the request beside the key, "X-Khue-Token: {token}"
	Body   string
	File   string            // content of the file that is uploaded
	Keep   map[string]string // what is taken from the answer, by a path in it
	Status int               // 0 means success
	Wait   time.Duration     // that passes before the call
	Late   bool              // it may be too late, where nothing is held before it leaves; then the next call is left out
}

// shown are what stands on the page where an earlier answer's value belongs.
var shown = strings.NewReplacer(
	"{version}", "3", "{token}", "k7d2m4q6s8u3w5y7a2c4e6g8i3k5m7o2", "{file}", strings.Repeat("9f86d081884c7d65", 4),
	"{evidence}", "01934f0e-7c00-7000-8000-00000000000e", "{evidence2}", "01934f0e-7c00-7000-8000-00000000000f",
	"{report}", "01934f0e-7c00-7000-8000-00000000000a", "{source}", "01934f0e-7c00-7000-8000-00000000000b", "{story}", "01934f0e-7c00-7000-8000-00000000000c", "{watch}", "01934f0e-7c00-7000-8000-00000000000d",
)

const (
	bridge      = "Cầu đi bộ phường Hồng Hà thông xe lúc 5 giờ sáng ngày 12/11/2026, sau 45 ngày sửa chữa với kinh phí 2,4 tỷ đồng."
	bridgeRight = "Cầu đi bộ phường Hồng Hà thông xe lúc 6 giờ sáng ngày 12/11/2026, sau 45 ngày sửa chữa với kinh phí 2,4 tỷ đồng."
	holdEnds    = 11 * time.Second
)

const (
	r1 = "/api/desk/releases/TCBC-2026-0001"
	r2 = "/api/desk/releases/TN-2026-0001"
	c1 = "/api/desk/claims/KC-2026-0001"
	c2 = "/api/desk/claims/KC-2026-0002"
	q1 = "/api/desk/inquiries/HD-2026-0001"
	q2 = "/api/desk/inquiries/HD-2026-0002"
	q3 = "/api/desk/inquiries/HD-2026-0003"
	m1 = "/api/desk/inquiries/BCN-2026-0001"
)

// examples are the calls of the page.
var examples = [][]example{sayFirst, doubt, question, hear}

// sayFirst is a release from its submission to its withdrawal.
var sayFirst = []example{
	{Op: "files", As: "focal", File: "Biên bản nghiệm thu cầu đi bộ phường Hồng Hà.\n", Keep: map[string]string{"file": "id"}},
	{Op: "release-submit", As: "focal", Body: `{"kind": "press-release", "office": "SXD", "topic": "transport", "title": "Thông xe cầu đi bộ phường Hồng Hà",
  "body": "` + bridge + `", "contact": "Chị Lan, văn phòng Sở",
  "files": [{"id": "{file}", "name": "bien-ban.txt", "caption": "Biên bản nghiệm thu"}]}`},
	{Op: "desk-releases", As: "editor", Path: "/api/desk/releases?state=submitted&limit=20"},
	{Op: "work", As: "editor"},
	{Op: "release-return", As: "editor", Path: r1 + "/return", Body: `{"reason": "Cần thêm kinh phí sửa chữa."}`},
	{Op: "release-amend", As: "focal", Path: r1 + "/amend", Body: `{"title": "Thông xe cầu đi bộ phường Hồng Hà", "body": "` + bridge + `"}`},
	{Op: "desk-release", As: "editor", Path: r1, Keep: map[string]string{"version": "version"}},
	{Op: "release-edit", As: "editor", Path: r1 + "/edit", Body: `{"version": {version}, "title": "Cầu đi bộ phường Hồng Hà thông xe ngày 12/11",
  "lede": "Người dân đi lại bình thường từ sáng thứ Năm.", "body": "` + bridge + `",
  "title_en": "Hong Ha footbridge opens on 12 November", "body_en": "The footbridge opens at 5 a.m. on 12 November 2026."}`},
	{Op: "release-versions", As: "editor", Path: r1 + "/versions"},
	{Op: "release-send-up", As: "editor", Path: r1 + "/send-up", Body: `{}`},
	{Op: "release-send-back", As: "approver", Path: r1 + "/send-back", Body: `{"reason": "Soát lại giờ thông xe."}`},
	{Op: "release-send-up", As: "editor", Path: r1 + "/send-up", Body: `{}`},
	{Op: "release-approve", As: "approver", Path: r1 + "/approve", Body: `{}`},
	{Op: "release-schedule", As: "editor", Path: r1 + "/schedule", Body: `{"at": "2026-11-12T05:00:00+07:00"}`},
	{Op: "release-unschedule", As: "editor", Path: r1 + "/unschedule", Body: `{}`},
	{Op: "release-embargo", As: "editor", Path: r1 + "/embargo", Body: `{"at": "2026-11-12T05:00:00+07:00"}`},
	{Op: "release-unschedule", As: "editor", Path: r1 + "/unschedule", Body: `{}`},
	{Op: "release-publish", As: "approver", Path: r1 + "/publish", Body: `{}`},
	{Op: "release-undo", As: "approver", Path: r1 + "/undo", Body: `{}`},
	{Op: "release-publish", As: "approver", Path: r1 + "/publish", Body: `{}`},
	{Op: "releases", Path: "/api/releases?office=SXD&topic=transport", Wait: holdEnds},
	{Op: "release", Path: "/api/releases/TCBC-2026-0001"},
	{Op: "search", Path: "/api/search?q=cau%20di%20bo%20hong%20ha"},
	{Op: "proofs", Path: "/api/proofs/TCBC-2026-0001"},
	{Op: "verify", Body: `{"text": "Cầu đi bộ phường Hồng Hà thông xe lúc 5 giờ sáng ngày 15/11/2026, sau 45 ngày sửa chữa với kinh phí 2,4 tỷ đồng."}`},
	{Op: "release-draft-update", As: "editor", Path: r1 + "/draft-update", Body: `{}`},
	{Op: "release-drop-change", As: "editor", Path: r1 + "/drop-change", Body: `{}`},
	{Op: "release-draft-correction", As: "editor", Path: r1 + "/draft-correction", Body: `{}`, Keep: map[string]string{"version": "version"}},
	{Op: "release-edit", As: "editor", Path: r1 + "/edit", Body: `{"version": {version}, "title": "Cầu đi bộ phường Hồng Hà thông xe ngày 12/11", "body": "` + bridgeRight + `",
  "note": "Bản trước ghi 5 giờ; đúng là 6 giờ."}`},
	{Op: "release-send-up", As: "editor", Path: r1 + "/send-up", Body: `{}`},
	{Op: "release-correct", As: "approver", Path: r1 + "/correct", Body: `{}`},
	{Op: "release-draft-update", As: "editor", Path: r1 + "/draft-update", Body: `{}`, Keep: map[string]string{"version": "version"}, Wait: holdEnds},
	{Op: "release-edit", As: "editor", Path: r1 + "/edit", Body: `{"version": {version}, "title": "Cầu đi bộ phường Hồng Hà thông xe ngày 12/11", "body": "` + bridgeRight + ` Xe đạp được dắt qua cầu.",
  "note": "Thêm việc dắt xe đạp."}`},
	{Op: "release-send-up", As: "editor", Path: r1 + "/send-up", Body: `{}`},
	{Op: "release-update", As: "approver", Path: r1 + "/update", Body: `{}`},
	{Op: "release-withdraw", As: "approver", Path: r1 + "/withdraw", Body: `{"reason": "Lịch thông xe đã hủy; thông tin mới sẽ được công bố."}`, Wait: holdEnds},
	{Op: "release-submit", As: "focal", Body: `{"kind": "quick-notice", "title": "Rào đường tạm thời", "body": "Rào một làn đường từ 22 giờ."}`},
	{Op: "release-decline", As: "editor", Path: r2 + "/decline", Body: `{"reason": "Việc này đã có trong bản tin khác."}`},
	{Op: "release-submit", As: "focal", Body: `{"kind": "quick-notice", "title": "Mưa lớn chiều nay", "body": "Hạn chế đi qua hầm chui."}`},
	{Op: "release-take", As: "editor", Path: "/api/desk/releases/TN-2026-0002/take", Body: `{}`},
}

// doubt is a claim from a citizen's report to the register, and one that is closed.
var doubt = []example{
	{Op: "report", Body: `{"text": "Có tin nói cầu đi bộ phường Hồng Hà sập đêm qua, có đúng không?", "link": "https://mang.example/bai/1"}`},
	{Op: "reports", As: "analyst", Path: "/api/desk/reports?state=signalled", Keep: map[string]string{"report": "items.0.id"}},
	{Op: "claim-open", As: "analyst", Body: `{"statement": "Cầu đi bộ phường Hồng Hà sập đêm qua", "topic": "transport", "reports": ["{report}"], "office": "SXD", "impact": "none"}`},
	{Op: "desk-claims", As: "analyst", Path: "/api/desk/claims?state=opened"},
	{Op: "claim-show", As: "analyst", Path: c1 + "/show", Body: `{"shown": true}`},
	{Op: "claims-checking"},
	{Op: "claim-take", As: "analyst", Path: c1 + "/take", Body: `{}`},
	{Op: "claim-ask", As: "analyst", Path: c1 + "/ask", Body: `{"office": "SYT", "question": "Có ai bị thương được đưa vào bệnh viện không?"}`},
	{Op: "evidence-add", As: "focal", Path: c1 + "/evidence", Body: `{"kind": "statement", "title": "Kiểm tra cầu", "text": "Cầu bình thường.", "original": true}`, Keep: map[string]string{"evidence": "id"}},
	{Op: "evidence-return", As: "head", Path: "/api/desk/evidence/{evidence}/return", Body: `{"reason": "Cần ghi giờ kiểm tra."}`},
	{Op: "evidence-add", As: "focal", Path: c1 + "/evidence", Body: `{"kind": "statement", "title": "Biên bản kiểm tra cầu ngày 9/11",
  "text": "Kiểm tra lúc 7 giờ ngày 9/11/2026: cầu đứng vững, không hư hỏng.", "original": true, "open": true}`, Keep: map[string]string{"evidence": "id"}},
	{Op: "evidence-approve", As: "head", Path: "/api/desk/evidence/{evidence}/approve", Body: `{}`},
	{Op: "evidence-add", As: "analyst", Path: c1 + "/evidence", Body: `{"kind": "link", "title": "Ảnh chụp sáng nay", "link": "https://bao.example/anh/7"}`, Keep: map[string]string{"evidence2": "id"}},
	{Op: "evidence-remove", As: "analyst", Path: "/api/desk/evidence/{evidence2}/remove", Body: `{}`},
	{Op: "claim-draft", As: "analyst", Path: c1 + "/draft", Body: `{"version": {version}, "verdict": "false", "headline": "Cầu đi bộ phường Hồng Hà vẫn đứng vững", "said": "Cầu đi bộ phường Hồng Hà sập đêm qua",
  "body": "Biên bản kiểm tra lúc 7 giờ ngày 9/11 ghi cầu không hư hỏng.", "headline_en": "Hong Ha footbridge still stands", "said_en": "Hong Ha footbridge collapsed last night",
  "body_en": "An inspection at 7 a.m. on 9 November found no damage."}`},
	{Op: "claim-send-up", As: "analyst", Path: c1 + "/send-up", Body: `{"version": {version}}`},
	{Op: "claim-disagree", As: "second", Path: c1 + "/disagree", Body: `{"version": {version}, "reason": "Nêu rõ ai đã kiểm tra."}`},
	{Op: "claim-draft", As: "analyst", Path: c1 + "/draft", Body: `{"version": {version}, "verdict": "false", "headline": "Cầu đi bộ phường Hồng Hà vẫn đứng vững", "said": "Cầu đi bộ phường Hồng Hà sập đêm qua",
  "body": "Sở Xây dựng kiểm tra lúc 7 giờ ngày 9/11: cầu không hư hỏng."}`},
	{Op: "claim-send-up", As: "analyst", Path: c1 + "/send-up", Body: `{"version": {version}}`},
	{Op: "claim-agree", As: "analyst", Path: c1 + "/agree", Body: `{"version": {version}}`, Status: 403},
	{Op: "claim-agree", As: "second", Path: c1 + "/agree", Body: `{"version": {version}}`},
	{Op: "claim-undo", As: "second", Path: c1 + "/undo", Body: `{}`, Late: true},
	{Op: "claim-agree", As: "second", Path: c1 + "/agree", Body: `{"version": {version}}`},
	{Op: "claims", Path: "/api/claims?verdict=false", Wait: holdEnds},
	{Op: "claim", Path: "/api/claims/KC-2026-0001"},
	{Op: "desk-claim", As: "second", Path: c1},
	{Op: "claim-correct", As: "analyst", Path: c1 + "/correct", Body: `{"version": {version}, "verdict": "false", "headline": "Cầu đi bộ phường Hồng Hà vẫn đứng vững", "said": "Cầu đi bộ phường Hồng Hà sập đêm qua",
  "body": "Sở Xây dựng kiểm tra lúc 7 giờ 30 ngày 9/11: cầu không hư hỏng.", "change": "correction", "note": "Bản trước ghi 7 giờ; đúng là 7 giờ 30."}`},
	{Op: "report", Body: `{"text": "Nghe nói chợ hoa dời đi nơi khác."}`},
	{Op: "reports", As: "analyst", Path: "/api/desk/reports?state=signalled", Keep: map[string]string{"report": "items.0.id"}},
	{Op: "report-dismiss", As: "analyst", Path: "/api/desk/reports/{report}/dismiss", Body: `{"reason": "Thành phố đã công bố việc dời chợ."}`},
	{Op: "claim-open", As: "analyst", Body: `{"statement": "Bể bơi phường mở cửa miễn phí cả năm"}`},
	{Op: "claim-close", As: "analyst", Path: c2 + "/close", Body: `{"version": {version}, "reason": "Người nói đã tự đính chính."}`},
	{Op: "claim-reopen", As: "analyst", Path: c2 + "/reopen", Body: `{"version": {version}, "reason": "Tin được chia sẻ lại."}`},
}

// question is a citizen's question to its public answer, and the other ways that one can go.
var question = []example{
	{Op: "offices", Path: "/api/offices?q=so%20xay%20dung"},
	{Op: "spokespersons"},
	{Op: "ask", Body: `{"kind": "question", "subject": "Thời gian sửa cầu", "body": "Cầu đi bộ sửa đến khi nào?", "name": "Nguyễn Thị Mai", "email": "mai@khue.example"}`, Keep: map[string]string{"token": "token"}},
	{Op: "question", Path: "/api/questions/HD-2026-0001", Header: "X-Khue-Token: {token}"},
	{Op: "inquiries", As: "duty", Path: "/api/desk/inquiries?state=received"},
	{Op: "inquiry-accept", As: "duty", Path: q1 + "/accept", Body: `{}`},
	{Op: "inquiry-assign", As: "duty", Path: q1 + "/assign", Body: `{"offices": ["SXD"], "request": "Ngày sửa xong cầu?"}`},
	{Op: "inquiry-clarify", As: "duty", Path: q1 + "/clarify", Body: `{"question": "Bạn hỏi về cầu nào?"}`},
	{Op: "question-clarify", Path: "/api/questions/HD-2026-0001/clarify", Header: "X-Khue-Token: {token}", Body: `{"text": "Cầu ở phường Hồng Hà."}`},
	{Op: "inquiry-draft", As: "focal", Path: q1 + "/draft", Body: `{"office": "SXD", "text": "Cầu sắp sửa xong."}`},
	{Op: "inquiry-return-part", As: "head", Path: q1 + "/return-part", Body: `{"office": "SXD", "reason": "Cần nêu rõ ngày."}`},
	{Op: "inquiry-draft", As: "focal", Path: q1 + "/draft", Body: `{"office": "SXD", "text": "Cầu sửa xong trước ngày 20/11/2026."}`},
	{Op: "inquiry-approve-office", As: "head", Path: q1 + "/approve-office", Body: `{"office": "SXD"}`},
	{Op: "inquiry-draft", As: "editor", Path: q1 + "/draft", Body: `{"text": "Cầu xong trước ngày 20/11."}`},
	{Op: "inquiry-send-back", As: "approver", Path: q1 + "/send-back", Body: `{"reason": "Ghi đủ năm."}`},
	{Op: "inquiry-draft", As: "editor", Path: q1 + "/draft", Body: `{"text": "Sở Xây dựng cho biết cầu sửa xong trước ngày 20/11/2026."}`},
	{Op: "inquiry-approve", As: "approver", Path: q1 + "/approve", Body: `{}`},
	{Op: "inquiry-answer", As: "duty", Path: q1 + "/answer", Body: `{"public": true, "title": "Cầu đi bộ phường Hồng Hà sửa xong trước ngày 20/11", "question": "Cầu đi bộ sửa đến khi nào?"}`},
	{Op: "answers", Path: "/api/answers?office=SXD", Wait: holdEnds},
	{Op: "answer", Path: "/api/answers/HD-2026-0001"},
	{Op: "question-follow-up", Path: "/api/questions/HD-2026-0001/follow-up", Header: "X-Khue-Token: {token}", Body: `{"text": "Còn lan can thì sao?"}`},
	{Op: "inquiry", As: "duty", Path: q1},
	{Op: "ask", As: "reporter", Body: `{"body": "Xin danh sách nhà thầu sửa cầu.", "reporter": true}`},
	{Op: "inquiry-refuse", As: "approver", Path: q2 + "/refuse", Body: `{"ground": "investigation", "reason": "Việc này đang được cơ quan có thẩm quyền xem xét."}`},
	{Op: "inquiry-close", As: "duty", Path: q2 + "/close", Body: `{"note": "Đã báo người hỏi."}`},
	{Op: "ask", Body: `{"body": "Tôi muốn hỏi giờ mở cửa của viện bảo tàng.", "name": "Lê Văn Nam", "email": "nam@khue.example"}`},
	{Op: "inquiry-guide", As: "duty", Path: q3 + "/guide", Body: `{"note": "Xin hỏi thẳng viện bảo tàng."}`},
	{Op: "inquiry-note", As: "duty", Body: `{"text": "Chị Hoa, 0900 000 000, hỏi bao giờ sửa xong cầu đi bộ"}`, Keep: map[string]string{"called": "code"}},
	{Op: "inquiry-accept", As: "duty", Path: "/api/desk/inquiries/{called}/accept", Body: `{}`},
	{Op: "inquiry-assign", As: "duty", Path: "/api/desk/inquiries/{called}/assign", Body: `{"offices": ["SYT"]}`},
	{Op: "inquiry-assign", As: "duty", Path: "/api/desk/inquiries/{called}/assign", Body: `{"offices": ["SXD"], "instead": "SYT", "reason": "Việc của Sở Xây dựng."}`},
	{Op: "inquiry-take", As: "focal", Path: "/api/desk/inquiries/{called}/take", Body: `{}`},
	{Op: "matter", As: "duty", Body: `{"subject": "Báo nêu lan can cầu đi bộ bị gãy", "body": "Đề nghị Sở kiểm tra và báo cáo.", "offices": ["SXD"]}`},
	{Op: "inquiry-report", As: "focal", Path: m1 + "/report", Body: `{"office": "SXD", "text": "Sở đã kiểm tra và cho sửa lan can trong ngày."}`},
	{Op: "inquiry-approve-office", As: "head", Path: m1 + "/approve-office", Body: `{"office": "SXD"}`},
	{Op: "deadlines", Path: "/api/deadlines?month=2026-11"},
}

// hear is a source and what comes from it.
var hear = []example{
	{Op: "source-add", As: "analyst", Body: `{"address": "https://bao.example/rss", "name": "Báo Phố"}`, Keep: map[string]string{"source": "id"}},
	{Op: "sources", As: "analyst"},
	{Op: "stories", As: "analyst", Path: "/api/desk/stories?limit=20", Keep: map[string]string{"story": "items.0.id"}},
	{Op: "story", As: "analyst", Path: "/api/desk/stories/{story}"},
	{Op: "trends", As: "analyst", Path: "/api/desk/trends?kind=story&hours=24"},
	{Op: "trend", As: "analyst", Path: "/api/desk/trends/all/all?step=hour&from=2026-11-09T00:00:00%2B07:00"},
	{Op: "watch-try", As: "analyst", Path: "/api/desk/watches/try?query=lan%20can"},
	{Op: "watch-add", As: "analyst", Body: `{"query": "\"lan can\" NEAR/10 gãy", "reason": "Sở Xây dựng cần biết ngay", "pace": "hourly", "mail": true}`, Keep: map[string]string{"watch": "id"}},
	{Op: "watches", As: "analyst"},
	{Op: "watch-hits", As: "analyst", Path: "/api/desk/watches/{watch}/hits?limit=20"},
	{Op: "watch-end", As: "analyst", Path: "/api/desk/watches/{watch}/end", Body: `{}`},
	{Op: "story-topic", As: "analyst", Path: "/api/desk/stories/{story}/topic", Body: `{"way": "topic", "label": "transport.roads"}`},
	{Op: "source-change", As: "analyst", Path: "/api/desk/sources/{source}", Body: `{"version": 1, "name": "Báo Phố", "state": "paused"}`},
	{Op: "source-add", As: "analyst", Body: `{"kind": "push", "name": "Dịch vụ lắng nghe", "group": "Dịch vụ", "trust": "known"}`, Keep: map[string]string{"source": "id"}},
	{Op: "mention-push", As: "analyst", Body: `{"source": "{source}", "items": [{"id": "a-17", "title": "Cầu đi bộ phường Hồng Hà đông người", "text": "Sáng nay cầu đi bộ phường Hồng Hà đông người qua lại.", "published": "2026-11-09T07:30:00+07:00"}]}`},
}

// exampleOf gives the example of an operation that the page shows.
func exampleOf(id string) (example, bool) {
	for _, chapter := range examples {
		for _, e := range chapter {
			if e.Op == id && e.Status == 0 {
				return e, true
			}
		}
	}
	return example{}, false
}

// request writes an example as it goes over the wire, for the page.
func (e example) request(o *op) string {
	path := e.Path
	if path == "" {
		path = o.Path
	}
	lines := []string{o.Method + " " + path}
	if e.As != "" {
		lines = append(lines, "Authorization: Bearer khue_…")
	}
	if e.Header != "" {
		lines = append(lines, e.Header)
	}
	if o.writes() {
		lines = append(lines, "Idempotency-Key: 0c8e7a52-6f0e-4b9e-9a36-2f7b8c1d4e5f")
	}
	switch {
	case e.File != "":
		lines = append(lines, "Content-Type: multipart/form-data; boundary=khue", "", "--khue", `Content-Disposition: form-data; name="file"; filename="bien-ban.txt"`, "", strings.TrimSpace(e.File), "--khue--")
	case e.Body != "":
		lines = append(lines, "Content-Type: application/json", "", e.Body)
	}
	return shown.Replace(strings.Replace(strings.Join(lines, "\n"), "{called}", "HD-2026-0004", 1))
}
