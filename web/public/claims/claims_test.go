package claims_test

import (
	"encoding/json"
	"encoding/xml"
	"regexp"
	"strings"
	"testing"
	"time"

	"khue/claim"
	"khue/internal/testkit"
	"khue/problem"
	"khue/regulation"
	"khue/web/public/claims"
	"khue/web/webtest"
)

const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(2)>`

var (
	lan = testkit.Centre("lan", regulation.Analyst)
	mai = testkit.Centre("mai", regulation.Analyst)
)

// open opens a claim.
func open(t *testing.T, k *webtest.Kit, statement string, shown bool) claim.Claim {
	t.Helper()
	c, err := k.Claims.Open(k.Ctx, lan, claim.OpenInput{
		Statement: statement, Office: "SXD", Topic: "city", Shown: shown, FirstSeen: k.Clock.Now().Add(-90 * time.Minute), Links: []string{"https://dien-dan.example/bai?a=1&b=2"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// publish gives a claim its verdict; a claim that is published already gets one more edition with a note.
func publish(t *testing.T, k *webtest.Kit, c claim.Claim, v claim.Verdict, vi, en claim.Text, note string) claim.Claim {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	in := claim.DraftInput{Claim: c.ID, Verdict: v, VI: vi, EN: en, Change: claim.Correction, Note: note}
	var err error
	if c.Edition == 0 {
		_, err = k.Claims.AddEvidence(k.Ctx, lan, claim.AddEvidenceInput{Claim: c.ID, Kind: claim.ByLink, Title: "Lịch thay van " + vi.Said, Link: "https://nuoc.example/lich", Original: true, Open: true})
		must(err)
		_, err = k.Claims.AddEvidence(k.Ctx, lan, claim.AddEvidenceInput{Claim: c.ID, Kind: claim.ByWord, Title: "Lời kể kín", Text: "không công khai", Original: false})
		must(err)
		in.Version = c.Version
		c, err = k.Claims.Draft(k.Ctx, lan, in)
	} else {
		in.Version = c.Version
		c, err = k.Claims.Correct(k.Ctx, lan, in)
	}
	must(err)
	c, err = k.Claims.SendUp(k.Ctx, lan, claim.SendUpInput{Claim: c.ID, Version: c.Version})
	must(err)
	c, err = k.Claims.Agree(k.Ctx, mai, claim.AgreeInput{Claim: c.ID, Version: c.Version})
	must(err)
	seen(t, k)
	return c
}

// seen waits until the pages know of what was published.
func seen(t *testing.T, k *webtest.Kit) {
	t.Helper()
	for k.Site.Hub.Position() < k.Ledger.Size()-1 {
		if k.Ctx.Err() != nil {
			t.Fatal(k.Ctx.Err())
		}
		<-k.Ledger.Changed()
	}
}

var truth = claim.Text{Headline: "Chỉ ba phường yếu nước một đêm", Said: "Cắt nước bảy ngày", Body: "Thay **van** ở [lịch](https://nuoc.example/lich)."}

func TestTruthIsTheHeadline(t *testing.T) {
	k := webtest.New(t, claims.Register)
	b := k.Visitor(t)
	b.Get("/claims").Has(t, 200, "Chưa có kết luận nào ở đây")
	c := open(t, k, "Cắt nước toàn thành phố bảy ngày", false)
	b.Get("/claims/"+c.Code).Has(t, 404)
	k.Clock.Add(2*time.Hour + 40*time.Minute)
	publish(t, k, c, claim.False, truth, claim.Text{}, "")
	list := b.Get("/claims").Has(t, 200, "Chỉ ba phường yếu nước một đêm", "“Cắt nước bảy ngày”", "Tin sai sự thật", "kết luận sau 2 giờ 40 phút", "Sở Xây dựng · Đô thị")
	if !strings.Contains(list.Body, `type="application/atom+xml"`) {
		t.Error("readers of feeds do not find them")
	}
	b.Get("/claims?verdict=misleading").Has(t, 200, "Chưa có kết luận nào ở đây")
	b.Get("/claims?verdict=false&topic=city").Has(t, 200, "Chỉ ba phường")
	b.Get("/claims?after=%22x").Has(t, 422)
	p := b.Get("/claims/"+c.Code).Has(t, 200, "<h1 lang=\"vi\">Chỉ ba phường yếu nước một đêm</h1>", "“Cắt nước bảy ngày”", "<strong>van</strong>", "Căn cứ gốc", "nuoc.example",
		"4 giờ 10 phút từ lúc thấy lần đầu", "13 giờ", "đã niêm", "/v/"+c.Code)
	p.Lacks(t, "Lời kể kín", "không công khai", "noindex", "⟦")
	en := b.Get("/en/claims/"+c.Code).Has(t, 200, "has been written in Vietnamese only", `<h1 lang="vi">`, "False", "What was said")
	en.Lacks(t, "⟦")
	b.Get("/claims/"+c.Code+"/print").Has(t, 200, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", c.Code, "<svg class=\"qr\"", "http://localhost:8080/v/"+c.Code, "không thay con dấu, chữ ký số")
	b.Get("/claims/KC-2026-9999").Has(t, 404)
}

func TestACorrectionIsAsLoudAsTheFirstText(t *testing.T) {
	k := webtest.New(t, claims.Register)
	b := k.Visitor(t)
	c := publish(t, k, open(t, k, "Cắt nước toàn thành phố bảy ngày", false), claim.Fake, truth, claim.Text{}, "")
	k.Clock.Add(time.Hour)
	next := truth
	next.Headline = "Chỉ hai phường yếu nước một đêm"
	english := claim.Text{Headline: "Only two wards have low pressure", Said: "Water off for seven days", Body: "A valve."}
	publish(t, k, c, claim.False, next, english, "Bản trước ghi “ba phường”, đúng là “hai phường”. Chúng tôi xin lỗi.")
	p := b.Get("/claims/"+c.Code).Has(t, 200, "Chỉ hai phường", "Đính chính lúc 09:00, 9/11/2026", "đúng là “hai phường”", "đã đính chính", "Bản 1", "Bản 2")
	p.Lacks(t, "noindex")
	b.Get("/claims").Has(t, 200, "Đính chính lúc", "Chúng tôi xin lỗi")
	b.Get("/claims/"+c.Code+"?edition=1").Has(t, 200, "Chỉ ba phường", "đã được thay", "noindex").Lacks(t, "ld+json")
	b.Get("/claims/"+c.Code+"?edition=7").Has(t, 404)
	b.Get("/claims/"+c.Code+"?compare=1&edition=2").Has(t, 200, "Khác bản 1", "ba </del>", "hai </ins>", "noindex")
	b.Get("/claims/"+c.Code+"?compare=1&edition=1").Has(t, 200).Lacks(t, "Khác bản")
	b.Get("/en/claims/"+c.Code).Has(t, 200, `<h1 lang="en">Only two wards`).Lacks(t, "in Vietnamese only")
	b.Get("/claims/feed.json").Has(t, 200, "Đính chính lúc")
}

func TestWhatIsBeingCheckedStandsApart(t *testing.T) {
	k := webtest.New(t, claims.Register)
	b := k.Visitor(t)
	c := open(t, k, "Phí gửi xe tăng gấp đôi", true)
	seen(t, k)
	list := b.Get("/claims").Has(t, 200, "Đang kiểm chứng, chưa có kết luận", "“Phí gửi xe tăng gấp đôi”")
	river, _, _ := strings.Cut(webtest.Main(list.Body), "<aside")
	if strings.Contains(river, "Phí gửi xe") {
		t.Error("it stands among what is checked")
	}
	p := b.Get("/claims/"+c.Code).Has(t, 200, `<meta name="robots" content="noindex"`, "Trung tâm đang kiểm chứng một tin", "“Phí gửi xe tăng gấp đôi”")
	if strings.Contains(p.Body, "<h1>Phí gửi xe") || strings.Contains(p.Body, "ld+json") {
		t.Error("a claim without a verdict must not be a headline or a ClaimReview")
	}
	b.Get("/claims/"+c.Code+"/print").Has(t, 404)
	b.Get("/claims/feed.atom").Has(t, 200).Lacks(t, "Phí gửi xe")
}

var ld = regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`)

func TestClaimReview(t *testing.T) {
	k := webtest.New(t, claims.Register)
	text := claim.Text{Headline: "Sự thật " + hostile, Said: "Lời " + hostile, Body: hostile + "\n\n[x](javascript:alert(3))"}
	c := publish(t, k, open(t, k, "Tin "+hostile, false), claim.False, text, claim.Text{}, "")
	p := k.Visitor(t).Get("/claims/"+c.Code).Has(t, 200)
	p.Lacks(t, "<script>alert", "<img src=x", `href="javascript:`)
	m := ld.FindStringSubmatch(p.Body)
	if m == nil {
		t.Fatal("no JSON-LD")
	}
	if strings.ContainsAny(m[1], "<>") {
		t.Errorf("JSON-LD holds a bracket that could end its element: %s", m[1])
	}
	var got struct {
		Type         string `json:"@type"`
		URL          string
		Headline     string
		Claimed      string `json:"claimReviewed"`
		ReviewRating struct {
			RatingValue   int
			AlternateName string
		}
		ItemReviewed struct {
			Appearance []struct{ URL string }
		}
	}
	if err := json.Unmarshal([]byte(m[1]), &got); err != nil {
		t.Fatal(err)
	}
	if got.Type != "ClaimReview" || got.URL != "http://localhost:8080/claims/"+c.Code || got.Claimed != "Lời "+hostile || got.ReviewRating.RatingValue != 1 ||
		got.ReviewRating.AlternateName != "Tin sai sự thật" || got.ItemReviewed.Appearance[0].URL != "https://dien-dan.example/bai?a=1&b=2" {
		t.Errorf("%+v", got)
	}
	for _, path := range []string{"/claims", "/claims/" + c.Code + "/print", "/en/claims/" + c.Code} {
		k.Visitor(t).Get(path).Has(t, 200).Lacks(t, "<script>alert", "<img src=x")
	}
}

func TestFeeds(t *testing.T) {
	k := webtest.New(t, claims.Register)
	b := k.Visitor(t)
	text := truth
	text.Headline += hostile
	c := publish(t, k, open(t, k, "Tin", false), claim.False, text, claim.Text{}, "")
	var atom struct {
		Updated string `xml:"updated"`
		Entries []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Content string `xml:"content"`
		} `xml:"entry"`
	}
	p := b.Get("/claims/feed.atom").Has(t, 200)
	if err := xml.Unmarshal([]byte(p.Body), &atom); err != nil {
		t.Fatal(err)
	}
	if len(atom.Entries) != 1 || atom.Entries[0].ID != "http://localhost:8080/claims/"+c.Code || atom.Entries[0].Title != text.Headline || !strings.Contains(atom.Entries[0].Content, "<strong>van</strong>") {
		t.Errorf("%+v", atom)
	}
	if _, err := time.Parse(time.RFC3339, atom.Updated); err != nil || p.Header.Get("Content-Type") != "application/atom+xml; charset=utf-8" {
		t.Error(err, p.Header)
	}
	var rss struct {
		Items []struct {
			GUID    string `xml:"guid"`
			PubDate string `xml:"pubDate"`
		} `xml:"channel>item"`
	}
	if err := xml.Unmarshal([]byte(b.Get("/claims/feed.rss").Has(t, 200).Body), &rss); err != nil || len(rss.Items) != 1 {
		t.Fatal(rss, err)
	}
	if _, err := time.Parse(time.RFC1123Z, rss.Items[0].PubDate); err != nil {
		t.Error(err)
	}
	var feed struct {
		Version string
		Items   []struct{ ID, Title string }
	}
	if err := json.Unmarshal([]byte(b.Get("/claims/feed.json").Has(t, 200).Body), &feed); err != nil || len(feed.Items) != 1 || feed.Items[0].Title != text.Headline {
		t.Fatal(feed, err)
	}
	// An id is the same in every language: a reader of both feeds sees one thing.
	if !strings.Contains(b.Get("/en/claims/feed.atom").Body, "<id>http://localhost:8080/claims/"+c.Code+"</id>") {
		t.Error("the English feed has another id")
	}
}

func TestReportWithoutAnAccount(t *testing.T) {
	k := webtest.New(t, claims.Register)
	b := k.Visitor(t)
	b.Get("/report").Has(t, 200, "Báo tin chưa rõ thật giả", "xóa sau 90 ngày").Lacks(t, "⟦")
	b.Get("/en/report").Has(t, 200, "Report a rumour").Lacks(t, "⟦")
	b.Post("/report", "text", "", "email", "khong-phai", "name", `An "<b>"`).Has(t, 422, "Chưa nhập nội dung", "Email thiếu", `value="khong-phai"`, "An &#34;&lt;b&gt;&#34;")
	p := b.Post("/report", "text", "Nghe nói cắt nước "+hostile, "link", "https://a.example/1", "email", "dan@thu.example")
	p.Has(t, 200, "Đã nhận tin báo TB-2026-0001").Lacks(t, "<script>alert", "dan@thu.example")
	if p.Path != "/report/TB-2026-0001" {
		t.Errorf("at %s", p.Path)
	}
	b.Post("/report", "text", "NGHE NÓI cắt nước "+hostile, "link", "https://a.example/1").Has(t, 200, "TB-2026-0001", "Đã có người báo tin này")
	list, err := k.Claims.Reports(k.Ctx, lan, claim.Signalled, 10)
	if err != nil || len(list) != 1 || list[0].Times != 2 {
		t.Fatalf("%+v %v", list, err)
	}
	b.Get("/report/xyz").Has(t, 404)
	b.Get("/report/TB-2026-0001?claim=KC-2026-0001&again=1").Has(t, 200).Lacks(t, "Tin này đã có kết luận")

	c, err := k.Claims.Open(k.Ctx, lan, claim.OpenInput{Statement: "Cắt nước", Reports: []string{list[0].ID}})
	if err != nil {
		t.Fatal(err)
	}
	publish(t, k, c, claim.False, truth, claim.Text{}, "")
	b.Post("/report", "text", "nghe nói cắt nước "+hostile, "link", "https://a.example/1").Has(t, 200, "Tin này đã có kết luận", truth.Headline)

	// A file that is no picture, whatever its name says, is refused and what was typed stays.
	b.Upload("/report", []webtest.File{{Field: "picture", Name: "a.png", Data: []byte("<svg onload=alert(1)>")}}, "text", "Xem ảnh").Has(t, 422, "Xem ảnh")
	b.Upload("/report", []webtest.File{{Field: "picture", Name: "a.pdf", Data: []byte("%PDF-1.4\n%%EOF\n")}}, "text", "Xem tệp").Has(t, 422, "Xem tệp")
	b.Foreign("/report", "text", "từ trang khác").Has(t, 403)
	if _, err := k.Claims.Reports(k.Ctx, regulation.Actor{}, claim.Signalled, 10); problem.CodeOf(err) != problem.Session {
		t.Errorf("a visitor reads reports: %v", err)
	}
}

func TestWhoReportsIsLedToWhatIsAlike(t *testing.T) {
	k := webtest.New(t, claims.Register)
	b := k.Visitor(t)
	text := truth
	text.Said = "Cắt nước toàn thành phố Hà Nội bảy ngày để sửa đường ống sông Đà"
	for _, other := range []string{"Trường tiểu học ở Láng cho nghỉ ba ngày", "Phí gửi xe ga Cát Linh tăng gấp đôi", "Cầu Long Biên đóng hẳn từ tháng 12"} {
		open(t, k, other, false)
		k.Clock.Add(time.Second)
	}
	c := publish(t, k, open(t, k, text.Said, false), claim.False, text, claim.Text{}, "")
	const heard = "Mọi người ơi nghe nói cắt nước toàn thành phố bảy ngày để sửa đường ống sông Đà"
	p := b.Post("/report", "text", heard).Has(t, 200, "Có thể bạn nói về tin này", "Máy gợi ý", truth.Headline)
	if p.Path != "/report/TB-2026-0001?like="+c.Code {
		t.Errorf("at %s", p.Path)
	}
	b.Post("/report", "text", "Cầu Long Biên đóng hẳn").Has(t, 200).Lacks(t, "Máy gợi ý") // that claim is not public
	b.Get("/report/TB-2026-0002?like=KC-2026-0001").Has(t, 200).Lacks(t, "Máy gợi ý", "Trường tiểu học")
}
