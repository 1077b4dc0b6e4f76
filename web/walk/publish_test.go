package walk

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"time"

	"khue/claim"
)

// publish lets a second person agree on a telephone, take it back once and agree again. Nothing leaves before the hold is over;
// then it stands in every place where the city speaks, on pages that were open already too.
func publish(w *world, c doubted) {
	w.t.Helper()
	reader, foreign := w.visitor("nguoi-doc", 390), w.visitor("reader", 834)
	reader.open("/claims")
	foreign.open("/en/claims")
	agree(w, c)
	reader.lacks(truth)
	w.after(claim.DefaultHold)
	reader.seesByItself(truth, "“"+said+"”", "Tin sai sự thật")
	foreign.seesByItself(truthEN, "“"+saidEN+"”", "False")

	reader.follow(truth)
	reader.reads("vi", "vi", truth)
	reader.sees("Bản kiểm chứng", "Tin sai sự thật", "“"+said+"”", "nghỉ bảo dưỡng một buổi sáng", "Lịch chạy phà tháng Mười hai", "Căn cứ gốc", "Sở Xây dựng", c.code, "đã niêm",
		"Từ lúc thấy lần đầu 2 giờ 34 phút")
	review(reader, c)
	reader.follow("English")
	reader.reads("en", "en", truthEN)
	reader.sees("“"+saidEN+"”", "every crossing in December", "Primary document")
	feeds(w, c)
	ledger(w, reader, c)
}

// agree reads what was sent up and agrees, takes it back within the hold, and agrees again.
func agree(w *world, c doubted) {
	w.t.Helper()
	second := w.enter("duyet", 390)
	second.open("/desk")
	second.follow("Phà Sông Mộng sẽ ngừng chạy")
	for _, last := range []bool{false, true} {
		second.follow("Đọc, quyết định")
		second.sees(truth, "Phan Lắng Nghe đã soạn", "Lịch chạy phà tháng Mười hai")
		second.follow("Đồng ý, công bố")
		second.sees(c.code+" được công bố sau mười giây", "Còn 10 giây để lấy lại")
		if !last {
			second.follow("Lấy lại")
			second.sees("chưa gì đi")
		}
	}
}

// review holds what search engines are told by the page of a fact-check.
func review(p *person, c doubted) {
	p.t.Helper()
	var text string
	p.eval(`document.querySelector('script[type="application/ld+json"]').textContent`, &text)
	var got struct {
		Type     string `json:"@type"`
		URL      string
		Headline string
		Claimed  string `json:"claimReviewed"`
		Rating   struct {
			Value int    `json:"ratingValue"`
			Name  string `json:"alternateName"`
		} `json:"reviewRating"`
	}
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		p.t.Fatal(err)
	}
	if got.Type != "ClaimReview" || got.URL != p.w.url+"/claims/"+c.code || got.Headline != truth || got.Claimed != said || got.Rating.Value != 1 || got.Rating.Name != "Tin sai sự thật" {
		p.t.Errorf("the page says to search engines: %+v", got)
	}
}

// item is what a reader of feeds shows of one thing.
type item struct{ ID, Title, At string }

// feeds finds the fact-check as the newest of the three feeds that the register leads to.
func feeds(w *world, c doubted) {
	w.t.Helper()
	p := w.visitor("may-doc-tin", 1440)
	p.open("/claims")
	now := w.clock.Now()
	want := item{w.url + "/claims/" + c.code, truth, now.Format(time.RFC3339)}
	newest := func(form string, list []item, err error) {
		w.t.Helper()
		if err != nil || len(list) == 0 || list[0] != want {
			w.t.Errorf("%s: %v %q, want %q first", form, err, list, want)
		}
	}
	var atom struct {
		Entries []struct {
			ID    string `xml:"id"`
			Title string `xml:"title"`
			At    string `xml:"published"`
		} `xml:"entry"`
	}
	var rss struct {
		Items []struct {
			ID    string `xml:"guid"`
			Title string `xml:"title"`
			At    string `xml:"pubDate"`
		} `xml:"channel>item"`
	}
	var feed struct {
		Items []struct {
			ID, Title string
			At        string `json:"date_published"`
		}
	}
	list := []item{}
	err := xml.Unmarshal(p.fetch("Atom"), &atom)
	for _, e := range atom.Entries {
		list = append(list, item(e))
	}
	newest("Atom", list, err)
	list = nil
	err = json.Unmarshal(p.fetch("JSON Feed"), &feed)
	for _, i := range feed.Items {
		list = append(list, item(i))
	}
	newest("JSON Feed", list, err)
	list = nil
	err = xml.Unmarshal(p.fetch("RSS"), &rss)
	for _, i := range rss.Items {
		list = append(list, item(i))
	}
	want.At = now.Format(time.RFC1123Z)
	newest("RSS", list, err)
}

// ledger follows the seal to the proof, and finds the same line in the public log.
func ledger(w *world, p *person, c doubted) {
	w.t.Helper()
	p.open("/claims/" + c.code)
	p.follow(c.code + " đã niêm")
	p.opensUntil("/v/"+c.code, "Bản 1 · tiếng Việt", "Bản 1 · tiếng Anh", "Dấu SHA-256", "sổ công khai", "được ký bằng khóa của khue.example/log", "không thay con dấu")
	var rows string
	p.opensUntil("/log", c.code)
	p.eval(`[...document.querySelectorAll("tbody tr")].map(r => r.innerText).find(t => t.includes("`+c.code+`"))`, &rows)
	if !strings.Contains(rows, "công bố kết luận kiểm chứng") {
		w.t.Errorf("the log says: %s", rows)
	}
}
