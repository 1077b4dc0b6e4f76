package releases_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"khue/internal/house"
	"khue/internal/testkit"
	"khue/people"
	"khue/regulation"
	"khue/release"
	desk "khue/web/desk/releases"
	"khue/web/live"
	public "khue/web/public/releases"
	"khue/web/site"
	"khue/web/ui"
)

// app is a house with its release pages behind a test server.
type app struct {
	*testing.T
	h     *house.House
	s     *site.Site
	url   string
	clock *testkit.Clock
	token map[string]string // sessions by name
	shots string            // a folder that gets the pages, for pictures
	taken int
}

func newApp(t *testing.T) *app {
	t.Helper()
	clock := testkit.NewClock(testkit.Start)
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	h, err := house.Open(t.Context(), house.Config{
		Dir: t.TempDir(), Origin: "http://khue.example", LogName: "khue.example/log", Demo: true, Now: clock.Now, Log: log, Cost: people.Cost{Time: 1, Memory: 64, Threads: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	a := &app{T: t, h: h, clock: clock, token: map[string]string{}, shots: os.Getenv("KHUE_SHOTS")}
	hub := live.NewHub(h.Ledger, log, 10)
	a.s = site.New(h, hub)
	f := a.s.Frame(log, nil)
	f.Mount("GET "+ui.AssetPrefix, ui.AssetHandler())
	desk.Register(f, a.s)
	public.Register(f, a.s)
	server := httptest.NewServer(f)
	a.url = server.URL
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{}, 2)
	go func() { hub.Run(ctx); done <- struct{}{} }()
	go func() { h.Run(ctx); done <- struct{}{} }()
	t.Cleanup(func() { server.Close(); stop(); <-done; <-done; h.Close() })
	admin := regulation.SystemActor("test")
	for name, posts := range map[string][]regulation.Post{
		"thu":   {{Role: regulation.FocalPoint, Office: "00004"}},
		"lan":   {{Role: regulation.FocalPoint, Office: "SXD"}},
		"minh":  {{Role: regulation.Editor, Office: "TTBC"}},
		"ha":    {{Role: regulation.Editor, Office: "TTBC"}},
		"phong": {{Role: regulation.Approver, Office: "TTBC"}},
	} {
		if _, err := h.People.CreateAccount(t.Context(), admin, people.NewAccount{Email: name + "@khue.example", Name: "Người " + name, Posts: posts, Password: "mật khẩu dài của " + name}); err != nil {
			t.Fatal(err)
		}
		token, _, err := h.People.LogIn(t.Context(), people.LogIn{Email: name + "@khue.example", Password: "mật khẩu dài của " + name, Address: "192.0.2.1"})
		if err != nil {
			t.Fatal(err)
		}
		a.token[name] = token
	}
	return a
}

// answer is what came back.
type answer struct {
	*app
	status int
	header http.Header
	body   string
	path   string
}

func (a *app) do(who, method, path, kind string, body io.Reader) answer {
	a.Helper()
	req, err := http.NewRequest(method, a.url+path, body)
	if err != nil {
		a.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if who != "" {
		req.AddCookie(&http.Cookie{Name: "khue_session", Value: a.token[who]})
	}
	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.Do(req)
	if err != nil {
		a.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		a.Fatal(err)
	}
	r := answer{a, res.StatusCode, res.Header, string(data), path}
	a.look(who, path, r)
	return r
}

// look looks a page over, and keeps it for pictures.
func (a *app) look(who, path string, r answer) {
	a.Helper()
	if r.status == http.StatusSeeOther || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
		return
	}
	a.inspect(path, r.body)
	if a.shots == "" {
		return
	}
	a.taken++
	name := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`).ReplaceAllString(path, "ID")
	name = strings.Trim(regexp.MustCompile(`[^a-zA-Z0-9]+`).ReplaceAllString(name, "-"), "-")
	if err := os.WriteFile(filepath.Join(a.shots, fmt.Sprintf("%03d-%.60s-%s.html", a.taken, name, who)), []byte(r.body), 0o644); err != nil {
		a.Error(err)
	}
}

// get reads a page.
func (a *app) get(who, path string) answer {
	a.Helper()
	return a.do(who, "GET", path, "", nil)
}

func (a *app) post(who, path string, fields ...string) answer {
	a.Helper()
	a.clock.Add(3 * time.Second) // people type slower than tests
	v := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	return a.do(who, "POST", path, "application/x-www-form-urlencoded", strings.NewReader(v.Encode()))
}

type upload struct{ name, data string }

func (a *app) upload(who, path string, files []upload, fields ...string) answer {
	a.Helper()
	a.clock.Add(3 * time.Second)
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(fields); i += 2 {
		w.WriteField(fields[i], fields[i+1])
	}
	for _, f := range files {
		part, _ := w.CreateFormFile("files", f.name)
		io.WriteString(part, f.data)
	}
	w.Close()
	return a.do(who, "POST", path, w.FormDataContentType(), &b)
}

// to follows a redirect's address, or fails.
func (r answer) to() string {
	r.Helper()
	if r.status != http.StatusSeeOther {
		r.Fatalf("%s: %d\n%s", r.path, r.status, text(r.body))
	}
	return r.header.Get("Location")
}

func (r answer) has(status int, words ...string) answer {
	r.Helper()
	if r.status != status {
		r.Errorf("%s: %d, want %d\n%s", r.path, r.status, status, text(r.body))
	}
	for _, w := range words {
		if !strings.Contains(r.body, w) {
			r.Errorf("%s lacks %q\n%s", r.path, w, text(r.body))
		}
	}
	return r
}

func (r answer) lacks(words ...string) answer {
	r.Helper()
	for _, w := range words {
		if strings.Contains(r.body, w) {
			r.Errorf("%s has %q", r.path, w)
		}
	}
	return r
}

// version reads the hidden version of a page's form.
func (r answer) version() string {
	m := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(r.body)
	if m == nil {
		return ""
	}
	return m[1]
}

// text gives the words of a page, for messages.
func text(page string) string {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return page
	}
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode && n.Parent.Data != "script" {
			b.WriteString(strings.TrimSpace(n.Data) + " ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	s := strings.Join(strings.Fields(b.String()), " ")
	return s[:min(len(s), 1500)]
}

// inspect holds what every page must keep: no missing words, nothing that the policy refuses, ids unique, one h1, one main button.
func (a *app) inspect(path, page string) {
	a.Helper()
	if i := strings.Index(page, "⟦"); i >= 0 {
		a.Errorf("%s: a word is missing: %s", path, page[i:min(len(page), i+60)])
	}
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		a.Fatal(err)
	}
	ids, h1, mains := map[string]int{}, 0, 0
	var refs []string
	var walk func(n *html.Node, dialog bool)
	walk = func(n *html.Node, dialog bool) {
		dialog = dialog || n.Data == "dialog"
		if n.Type == html.ElementNode {
			if n.Data == "h1" {
				h1++
			}
			if n.Data == "style" {
				a.Errorf("%s: a style", path)
			}
			ld := false
			for _, x := range n.Attr {
				ld = ld || (x.Key == "type" && x.Val == "application/ld+json")
				switch {
				case x.Key == "style" || strings.HasPrefix(x.Key, "on"):
					a.Errorf("%s: <%s %s>", path, n.Data, x.Key)
				case x.Key == "id":
					ids[x.Val]++
				case x.Key == "for" || x.Key == "aria-describedby" || x.Key == "aria-labelledby":
					refs = append(refs, strings.Fields(x.Val)...)
				case x.Key == "class" && slices.Contains(strings.Fields(x.Val), "main") && !dialog:
					mains++
				case (x.Key == "href" || x.Key == "src") && strings.HasPrefix(strings.ToLower(strings.TrimSpace(x.Val)), "javascript:"):
					a.Errorf("%s: %s", path, x.Val)
				}
			}
			if n.Data == "script" && n.FirstChild != nil && !ld {
				a.Errorf("%s: a script", path)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, dialog)
		}
	}
	walk(doc, false)
	for id, n := range ids {
		if n > 1 {
			a.Errorf("%s: id %q stands %d times", path, id, n)
		}
	}
	for _, id := range refs {
		if ids[id] == 0 {
			a.Errorf("%s: #%s is not there", path, id)
		}
	}
	if h1 != 1 || mains > 1 {
		a.Errorf("%s: %d h1, %d main buttons", path, h1, mains)
	}
}

// leave waits out the hold, and until open pages know.
func (a *app) leave() {
	a.Helper()
	a.clock.Add(release.DefaultHold)
	if err := a.h.Releases.RunSchedule(a.Context()); err != nil {
		a.Fatal(err)
	}
	var n int64 // the house's own timer may have been faster; all that is written must be known
	if err := a.h.DB.QueryRow(a.Context(), "SELECT COUNT(*) FROM ledger_entry").Scan(&n); err != nil {
		a.Fatal(err)
	}
	for a.s.Hub.Position() < n-1 {
		runtime.Gosched()
	}
}

func picture() string {
	var b bytes.Buffer
	m := image.NewRGBA(image.Rect(0, 0, 640, 400))
	for i := range m.Pix {
		m.Pix[i] = uint8(i*7 ^ i>>9)
	}
	png.Encode(&b, m)
	return b.String()
}

const evil = `"><script>alert(1)</script>`

func TestFromATelephoneToTheFrontPageAndBack(t *testing.T) {
	a := newApp(t)
	a.get("", "/").has(200, "Hôm nay chưa có văn bản nào", "Dữ liệu minh họa")
	a.get("thu", "/desk/intake").has(200, "Một tấm ảnh và ba câu")
	form := a.get("thu", "/desk/intake/new").has(200, "Gửi thay mặt: Phường Ba Đình")
	key := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(form.body)[1]

	// what is wrong comes back with what was typed; the good file needs not be chosen again
	bad := a.upload("thu", "/desk/intake/new", []upload{{"ảnh.png", picture()}, {"độc.pdf", "MZ\x90"}, {"biên bản.pdf", picture()}},
		"key", key, "kind", "press-information", "office", "00004", "title", "Nước yếu "+evil, "body", "", "do", "send")
	bad.has(422, "độc.pdf: Tệp không an toàn", "biên bản.pdf: Tệp khác loại với tên", "Nước yếu &#34;&gt;&lt;script&gt;", "ảnh.png", "Đã giữ")
	kept := regexp.MustCompile(`name="kept" value="([^"]+)"`).FindStringSubmatch(bad.body)[1]

	fields := []string{
		"key", key, "kind", "press-information", "office", "00004", "kept", kept, "title", "Nước máy ở phường Ba Đình yếu", "contact", "Chị Thu " + evil, "do", "send",
		"body", "Van hỏng từ 6 giờ thứ Ba, 9/11/2026 tại phường Trúc Bạch. Khoảng 1.200 hộ.\n\n" + evil,
	}
	sent := a.upload("thu", "/desk/intake/new", []upload{{"biên bản " + evil + ".pdf", "%PDF-1.7\n%%EOF"}}, fields...)
	page := sent.to()
	again := a.upload("thu", "/desk/intake/new", nil, fields...)
	if again.to() != page {
		t.Error("the same form sent twice made two")
	}
	id := strings.TrimPrefix(page, "/desk/releases/")
	a.get("thu", page).has(200, "TTBC-2026-0001", "chờ tiếp nhận", "ảnh.png").lacks("<script>alert")
	a.get("lan", page).has(404)
	a.get("", page).has(303)
	a.get("minh", "/desk/intake").has(200, "Nước máy ở phường Ba Đình yếu", "còn", "Phường Ba Đình")

	// the editor
	p := a.get("minh", page).has(200, "Nhận")
	a.post("thu", page, "do", "take", "version", p.version()).has(403)
	a.post("minh", page, "do", "take", "version", p.version()).to()
	p = a.get("minh", page).has(200, "ngày đó là thứ Hai", "nay là Phường Ba Đình", `data-autosave="/desk/releases/`, "Chị Thu &#34;&gt;").lacks("<script>alert")
	v0 := p.version()
	auto := a.post("minh", page+"/autosave", "version", v0, "title", "Nước máy yếu", "body", "Đang gõ")
	auto.has(204)
	v1 := auto.header.Get("X-Version")
	a.post("ha", page+"/autosave", "version", v0, "title", "Khác", "body", "khác").has(409)
	clash := a.post("ha", page, "do", "save", "version", v0, "title", "Của Hà", "body", "Bản của Hà")
	clash.has(409, "Người minh vừa sửa", "Có người vừa lưu bản khác", "Của Hà", "Bản của Hà")
	if clash.version() != v1 {
		t.Errorf("saving again would meet the same conflict: %s, %s", clash.version(), v1)
	}
	body := "Van hỏng từ 6 giờ thứ Hai, 9/11/2026. Khoảng **1.200 hộ** bị ảnh hưởng.\n\n[xem](javascript:alert(1)) <script>alert(1)</script>"
	edit := func(do string, more ...string) answer {
		cur := a.get("minh", page)
		return a.post("minh", page, append([]string{"do", do, "version", cur.version(), "kind", "press-release", "topic", "city", "title", "Nước máy ở Ba Đình yếu từ 6 giờ", "lede", "Van hỏng; trưa nay có nước.", "body", body}, more...)...)
	}
	edit("save", "why", "gọn hơn").to()
	a.get("minh", page).has(200, "TCBC-2026-0001", "gọn hơn", "So bản trước")
	a.get("minh", page+"/versions/2").has(200, "<del", "<ins").lacks("<script>alert")
	a.get("minh", page+"/preview").has(200, "Bản xem trước", "<strong>1.200 hộ</strong>").lacks("<script>alert", "javascript:alert")
	a.get("minh", page+"/preview?as=sheet").has(200, "CỘNG HÒA")
	edit("send-up", "title_en", "Tap water is weak in Ba Dinh").has(422, "tiếng Anh")
	edit("send-up").to()
	a.get("minh", page).has(200, "chờ duyệt").lacks(`value="approve"`)

	// the approver, on a telephone
	a.get("phong", "/desk/approvals").has(200, "Nước máy ở Ba Đình yếu từ 6 giờ", "Đọc, duyệt")
	p = a.get("phong", "/desk/approvals/"+id).has(200, "1.200 hộ", "Duyệt", "Trả lại").lacks("<script>alert")
	a.post("minh", page, "do", "approve", "version", p.version()).has(403)
	a.post("phong", page, "do", "send-back", "to", "approvals", "version", p.version(), "reason", "").has(422, "Chưa nhập")
	a.post("phong", page, "do", "approve", "version", p.version()).to()
	a.get("", "/r/TCBC-2026-0001").has(404)
	a.get("", "/archive?q=nuoc+may").has(200).lacks("Ba Đình yếu")

	// confirmed, held, taken back, published
	c := a.get("minh", page+"/go/publish").has(200, "Công bố TCBC-2026-0001", "10 giây")
	a.post("minh", page, "do", "publish", "version", c.version()).to()
	a.get("minh", page).has(200, "sắp được công bố", "Lấy lại")
	a.post("minh", page+"/undo").to()
	a.get("minh", page).has(200, "đã lấy lại")
	a.post("minh", page, "do", "schedule", "version", a.get("minh", page).version(), "at", "2026-11-09T07:00").has(422, "Giờ này đã qua")
	a.post("minh", page, "do", "embargo", "version", a.get("minh", page).version(), "at", "2026-11-09T09:30").to()
	a.get("minh", page).has(200, "chờ giờ công bố", "09:30, 9/11/2026")
	a.get("", "/").lacks("Nước máy")
	a.clock.Set(testkit.Start.Add(90 * time.Minute))
	a.leave()
	front := a.get("", "/").has(200, "Nước máy ở Ba Đình yếu từ 6 giờ", "TCBC-2026-0001", "Phường Ba Đình")
	if e := front.header.Get("ETag"); e == "" {
		t.Error("no ETag")
	}
	out := a.get("", "/r/tcbc-2026-0001").has(200, "<strong>1.200 hộ</strong>", "NewsArticle", "Bản công bố đầu tiên").lacks("<script>alert", "javascript:alert", "Chị Thu")
	a.get("", "/en/r/TCBC-2026-0001").has(200, "has not been written in English")
	a.get("", "/en/").has(200, "in Vietnamese only")
	a.get("", "/r/TCBC-2026-0001/print").has(200, "CỘNG HÒA", "Mã: TCBC-2026-0001", "<svg class=\"qr\"")
	for a.h.Insight.SealedTexts() == 0 { // the index of search follows the ledger
		runtime.Gosched()
	}
	a.get("", "/archive?q=tcbc-2026-0001").has(200, "Nước máy ở Ba Đình yếu")
	a.get("", "/archive?q=bi+anh+huong").has(200, "Nước máy ở Ba Đình yếu") // in the body
	a.get("", "/archive?q=nuoc+may&topic=health").has(200, "Không tìm thấy văn bản nào")
	a.get("", "/archive?q=nuoc+may+ba+dinh&topic=city&day=2026-11-09&office=00004").has(200, "Nước máy ở Ba Đình yếu")
	a.get("", "/archive?day=2026-11-08").has(200, "Không tìm thấy văn bản nào")
	a.get("", "/archive?day=hôm+qua").has(422)
	a.get("", "/archive?after=!").has(422)

	// its files
	src := regexp.MustCompile(`src="(/files/[^"]+)"`).FindStringSubmatch(out.body)[1]
	img := a.do("", "GET", src, "", nil).has(200)
	for name, want := range map[string]string{"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox"} {
		if got := img.header.Get(name); got != want {
			t.Errorf("%s: %s is %q", src, name, got)
		}
	}
	pdf := regexp.MustCompile(`href="(/files/[^"]+pdf)"`).FindStringSubmatch(out.body)[1]
	if d := a.do("", "GET", pdf, "", nil).has(200).header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") {
		t.Errorf("a PDF is opened on our own address: %s", d)
	}

	// corrected by a second person, with a public note
	a.post("minh", page, "do", "draft-correction", "version", a.get("minh", page).version()).to()
	body = strings.Replace(body, "1.200", "2.100", 1)
	edit("send-up", "public_note", "").has(422, "ghi chú công khai")
	edit("send-up", "public_note", "Bản trước ghi “1.200 hộ”, đúng là “2.100 hộ”. Chúng tôi xin lỗi.").to()
	a.get("", "/r/TCBC-2026-0001").has(200, "1.200 hộ").lacks("2.100")
	a.get("phong", "/desk/approvals/"+id).has(200, "2.100", "Ghi chú đính chính sẽ công khai", "Đính chính")
	c = a.get("phong", page+"/go/correct").has(200, "mọi nơi đã có bản cũ")
	a.post("phong", page, "do", "correct", "version", c.version()).to()
	a.leave()
	a.get("", "/r/TCBC-2026-0001").has(200, "2.100 hộ", "Đính chính lúc", "Chúng tôi xin lỗi", "CorrectionComment", "đã đính chính", "Chữ đã sửa so với bản trước", "<del class=\"loud\"")
	a.get("", "/").has(200, "Đính chính lúc")
	a.feeds(false)

	// withdrawn with a reason: page stays, text and files go
	a.post("minh", page, "do", "withdraw", "version", "1", "reason", "x").has(403)
	c = a.get("phong", page+"/go/withdraw").has(200, "Thu hồi vì, công khai")
	a.post("phong", page, "do", "withdraw", "version", c.version(), "reason", "").has(422, "Chưa nhập")
	a.post("phong", page, "do", "withdraw", "version", c.version(), "reason", "Nhầm phường. Nay đúng là: phường Ngọc Hà.").to()
	a.leave()
	a.get("", "/r/TCBC-2026-0001").has(200, "đã thu hồi", "Nhầm phường", "noindex").lacks("2.100", "1.200", "Van hỏng")
	a.get("", "/r/TCBC-2026-0001/print").has(404)
	a.do("", "GET", src, "", nil).has(404)
	a.do("thu", "GET", src, "", nil).has(200)
	a.feeds(true)
	a.get("phong", page).has(200, "đã thu hồi", "đã công bố bản đính chính", "Quá trình")
	a.get("minh", "/desk/releases?state=gone").has(200, "TCBC-2026-0001")
	for _, g := range []string{"all", "editing", "changing", "awaiting", "ready", "out"} {
		a.get("minh", "/desk/releases?state="+g).has(200)
	}
	a.get("minh", "/en/desk/releases/"+id).has(200, "withdrawn")
}

// feeds reads all three and holds them against each other.
func (a *app) feeds(withdrawn bool) {
	a.Helper()
	atom := a.do("", "GET", "/feed.atom", "", nil).has(200)
	var f struct {
		Entries []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Content string `xml:"content"`
		} `xml:"http://www.w3.org/2005/Atom entry"`
		Gone []struct {
			Ref  string `xml:"ref,attr"`
			When string `xml:"when,attr"`
		} `xml:"http://purl.org/atompub/tombstones/1.0 deleted-entry"`
	}
	if err := xml.Unmarshal([]byte(atom.body), &f); err != nil {
		a.Fatal(err)
	}
	var j struct {
		Items []struct {
			ID    string                    `json:"id"`
			HTML  string                    `json:"content_html"`
			Khue  *struct{ Withdrawn bool } `json:"_khue"`
			Title string                    `json:"title"`
		} `json:"items"`
	}
	if err := json.Unmarshal([]byte(a.do("", "GET", "/feed.json", "", nil).has(200).body), &j); err != nil {
		a.Fatal(err)
	}
	rss := a.do("", "GET", "/feed.rss", "", nil).has(200, "<rss version=\"2.0\">", "<guid isPermaLink=\"false\">urn:uuid:")
	if len(j.Items) != 1 || (j.Items[0].Khue != nil) != withdrawn {
		a.Errorf("JSON: %+v", j)
	}
	if withdrawn {
		if len(f.Entries) != 0 || len(f.Gone) != 1 || f.Gone[0].Ref != j.Items[0].ID || f.Gone[0].When == "" {
			a.Errorf("Atom: %+v", f)
		}
		rss.has(200, "#withdrawn").lacks("2.100")
		return
	}
	if len(f.Entries) != 1 || len(f.Gone) != 0 || f.Entries[0].ID != j.Items[0].ID || !strings.Contains(f.Entries[0].Content, "2.100 hộ") || strings.Contains(f.Entries[0].Content, "<script") {
		a.Errorf("Atom: %+v", f)
	}
}

func TestReturnedAmendedDeclined(t *testing.T) {
	a := newApp(t)
	page := a.upload("thu", "/desk/intake/new", nil, "kind", "quick-notice", "office", "00004", "title", "Cây đổ", "body", "Một cây đổ.", "do", "send").to()
	a.post("minh", page, "do", "return", "version", a.get("minh", page).version(), "reason", "Ở đâu "+evil+"?").to()
	a.get("thu", "/desk/intake").has(200, "Trung tâm cần bạn bổ sung", "Cây đổ")
	p := a.get("thu", page).has(200, "Ở đâu", "Gửi bổ sung").lacks("<script>alert")
	a.upload("thu", page, []upload{{"ảnh.png", picture()}}, "do", "amend", "version", p.version(), "title", "Cây đổ ở phố Hàng Bún", "body", "Một cây đổ, không ai bị thương.").to()
	a.get("minh", page).has(200, "phố Hàng Bún", "ảnh.png", "cơ quan bổ sung")
	f := regexp.MustCompile(`name="file" value="([0-9a-f]+)"`).FindStringSubmatch(a.get("minh", page).body)[1]
	a.upload("minh", page+"/files", nil, "file", f, "caption-"+f, "Cây đổ "+evil, "alt-"+f, "Thân cây chắn đường").to()
	a.get("minh", page).has(200, "chỉ trong nhà", "Thân cây chắn đường").lacks("<script>alert")
	a.post("minh", page, "do", "decline", "version", a.get("minh", page).version(), "reason", "Đã có tin khác.").to()
	a.get("thu", page).has(200, "không dùng", "Đã có tin khác.")
	a.post("minh", page, "do", "nhảy").has(404)
	a.upload("thu", "/desk/intake/new", nil, "kind", "quick-notice", "title", "Còn viết", "body", "", "do", "keep").to()
	draft := a.get("thu", "/desk/intake").has(200, "Còn viết", "Viết tiếp")
	at := regexp.MustCompile(`/desk/intake/new\?draft=[0-9a-f-]+`).FindString(draft.body)
	a.get("thu", at).has(200, "Còn viết")
	a.get("minh", at).has(404)
}

func TestWhoGetsIn(t *testing.T) {
	a := newApp(t)
	for _, path := range []string{"/desk/intake", "/desk/intake/new", "/desk/releases", "/desk/approvals", "/desk/releases/x", "/desk/releases/x/preview", "/desk/releases/x/go/publish"} {
		a.get("", path).has(303)
		a.token["gone"] = "da-het"
		if r := a.get("gone", path); r.status == 200 {
			t.Errorf("%s opens to a session that ended", path)
		}
	}
	a.get("minh", "/desk/releases/x").has(404)
	a.get("", "/files/00/a.png").has(404)
	a.get("", "/thumbs/00").has(404)
	a.get("", "/r/KHONG-CO").has(404)
}

func TestPagesOfManyReleases(t *testing.T) {
	a := newApp(t)
	thu, minh, phong := a.actor("thu"), a.actor("minh"), a.actor("phong")
	ctx := t.Context()
	for i := range 40 {
		a.clock.Add(time.Minute)
		rel, err := a.h.Releases.Submit(ctx, thu, release.SubmitInput{Kind: release.QuickNotice, Office: "00004", Text: release.Text{Title: "Tin số " + strconv.Itoa(i), Body: "Nội dung."}})
		for _, step := range []func(context.Context, regulation.Actor, release.Ref) (release.Release, error){a.h.Releases.Take, a.h.Releases.SendUp} {
			if err != nil {
				t.Fatal(err)
			}
			rel, err = step(ctx, minh, release.Ref{ID: rel.ID})
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err = a.h.Releases.Approve(ctx, phong, release.Ref{ID: rel.ID}); err != nil {
			t.Fatal(err)
		}
		if _, err = a.h.Releases.Publish(ctx, minh, release.Ref{ID: rel.ID}); err != nil {
			t.Fatal(err)
		}
	}
	a.leave()
	a.get("", "/").has(200, "Tin số 39")
	seen, path := map[string]bool{}, "/archive"
	for path != "" {
		r := a.get("", path).has(200)
		for _, m := range regexp.MustCompile(`Tin số (\d+)`).FindAllStringSubmatch(r.body, -1) {
			seen[m[1]] = true
		}
		path = ""
		if m := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(r.body); m != nil {
			path = html.UnescapeString(m[1])
		}
	}
	if len(seen) != 40 {
		t.Errorf("%d of 40 in the archive", len(seen))
	}
	if got := fmt.Sprint(len(a.get("minh", "/desk/releases").body) > 0); got != "true" {
		t.Error(got)
	}
}

func (a *app) actor(name string) regulation.Actor {
	a.Helper()
	who, err := a.h.People.ActorOf(a.Context(), a.token[name])
	if err != nil {
		a.Fatal(err)
	}
	return who
}
