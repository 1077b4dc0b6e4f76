package listing

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

var (
	hanoi = time.FixedZone("+07", 7*3600)
	now   = time.Date(2026, 11, 9, 12, 0, 0, 0, hanoi)
)

func opt() Options { return Options{URL: "https://phuong.example/tin-tuc/", Zone: hanoi, Now: now} }

const page = `<!doctype html><html><head><base href="/tin-tuc/"></head><body>
<nav><ul><li class="item"><a href="/">Trang chủ của phường Mẫu, thành phố Giả Định</a></li></ul></nav>
<ul class="news">
<li class="item first"><a href="bai-1.html"><img src="a.jpg"></a><h3><a href="bai-1.html">Phường Mẫu sửa ống nước ở phố Thử</a></h3><span class="d">09/11/2026 | 07:30</span><p>Nước <b>ngừng</b> hai giờ &amp; có xe bồn.</p></li>
<li class="item"><h3><a href="/tin-tuc/bai-2.html#top">Thư viện ngoài trời mở cửa ở trường Giả Định</a></h3><span class="d">Hôm qua, 16:05</span></li>
<li class="item"><h3><a href="javascript:void(0)">Xem thêm các tin cũ hơn của phường</a></h3></li>
<li class="item"><h3><a href="https://khac.example/3">Tổ dân phố số 7 trồng thêm cây bóng mát</a></h3><span class="d" title="2026-11-08T09:00:00+07:00">hôm kia</span></li>
<li class="item"><h3><a href="bai-1.html">Phường Mẫu sửa ống nước ở phố Thử</a></h3></li>
<li class="item"><h3><a href="bai-4.html"></a></h3></li>
</ul></body></html>`

func TestRead(t *testing.T) {
	r, err := Compile(Rules{Item: "ul.news > li", Title: "h3", Link: "a", Time: ".d", Summary: "p"})
	if err != nil {
		t.Fatal(err)
	}
	list, err := r.Read([]byte(page), opt())
	if err != nil {
		t.Fatal(err)
	}
	want := []struct{ url, title, at, summary string }{
		{"https://phuong.example/tin-tuc/bai-1.html", "Phường Mẫu sửa ống nước ở phố Thử", "2026-11-09T07:30:00+07:00", "Nước ngừng hai giờ &amp; có xe bồn."},
		{"https://phuong.example/tin-tuc/bai-2.html", "Thư viện ngoài trời mở cửa ở trường Giả Định", "2026-11-08T16:05:00+07:00", ""},
		{"https://khac.example/3", "Tổ dân phố số 7 trồng thêm cây bóng mát", "2026-11-08T09:00:00+07:00", ""},
	}
	if len(list) != len(want) {
		t.Fatalf("%d entries: %+v", len(list), list)
	}
	for i, w := range want {
		it := list[i]
		if it.URL != w.url || it.Title != w.title || it.Published.In(hanoi).Format(time.RFC3339) != w.at || it.Summary != w.summary {
			t.Errorf("%d: %q %q %s %q", i, it.URL, it.Title, it.Published.In(hanoi), it.Summary)
		}
	}
}

// TestOnlyItem: the parts are found without selectors of their own.
func TestOnlyItem(t *testing.T) {
	r, err := Compile(Rules{Item: "article"})
	if err != nil {
		t.Fatal(err)
	}
	list, err := r.Read([]byte(`<article><a href="/1"><img alt=""></a><a href="/1">Tin một</a><time datetime="2026-11-09T01:00:00Z">sáng nay</time></article>
<article><a href="/2" title="Tin hai"><img></a><time>2 giờ trước</time></article><article>không có liên kết</article><article><a href="/3"><script>x()</script>Tin ba</a></article>`), opt())
	if err != nil || len(list) != 3 || list[0].Title != "Tin một" || list[1].Title != "Tin hai" || list[2].Title != "Tin ba" || !list[2].Published.IsZero() {
		t.Fatalf("%+v %v", list, err)
	}
	if got := list[1].Published; !got.Equal(now.Add(-2 * time.Hour)) {
		t.Errorf("%s", got)
	}
}

func TestBadRules(t *testing.T) {
	for field, r := range map[string]Rules{
		"item": {}, "link": {Item: "li", Link: "a["}, "title": {Item: "li", Title: "h3:nth("}, "time": {Item: "li", Time: strings.Repeat("a ", 200)}, "summary": {Item: "li", Summary: ">>"},
	} {
		_, err := Compile(r)
		var bad *BadRule
		if !errors.As(err, &bad) || bad.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestWhen(t *testing.T) {
	for in, want := range map[string]string{
		"09/11/2026":                        "2026-11-09T00:00:00+07:00",
		"9/11/2026 7:05":                    "2026-11-09T07:05:00+07:00",
		"10/02/2026 - 08:00":                "2026-02-10T08:00:00+07:00",
		"Thứ hai, 09/11/2026 | 07:30":       "2026-11-09T07:30:00+07:00",
		"(09-11-2026)":                      "2026-11-09T00:00:00+07:00",
		"2026-11-09T07:30:00+07:00":         "2026-11-09T07:30:00+07:00",
		"1794184200":                        "2026-11-09T07:30:00+07:00",
		"2 giờ trước":                       "2026-11-09T10:00:00+07:00",
		"Cách đây 15 phút trước":            "2026-11-09T11:45:00+07:00",
		"3 ngày trước":                      "2026-11-06T12:00:00+07:00",
		"5 minutes ago":                     "2026-11-09T11:55:00+07:00",
		"Vừa xong":                          "2026-11-09T12:00:00+07:00",
		"Hôm nay, 07:30":                    "2026-11-09T07:30:00+07:00",
		"hôm qua lúc 7h05":                  "2026-11-08T07:05:00+07:00",
		"Hôm qua":                           "2026-11-08T00:00:00+07:00",
		"Yesterday 16:05":                   "2026-11-08T16:05:00+07:00",
		"":                                  "",
		"sáng nay":                          "",
		"trước":                             "",
		"nhiều giờ trước":                   "",
		"99999999 ngày trước":               "",
		strings.Repeat("09/11/2026 ", 1000): "",
	} {
		got := ""
		if at := When(in, hanoi, now); !at.IsZero() {
			got = at.In(hanoi).Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%.40q: %q, want %q", in, got, want)
		}
	}
}

func TestGuess(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<body><nav><div class="m">`)
	for i := range 30 {
		fmt.Fprintf(&b, `<a href="/muc/%d">Chuyên mục số %d của trang tin phường Mẫu</a>`, i, i)
	}
	b.WriteString(`</div></nav><div class="box-1 list">`)
	for i := range 8 {
		fmt.Fprintf(&b, `<div class="row news-item"><h3 class="t"><a href="/bai/%d">Tin thử số %d của phường Mẫu, thành phố Giả Định</a></h3><time datetime="2026-11-0%dT07:00:00+07:00"></time></div>`, i, i, i+1)
	}
	b.WriteString(`</div><div class="side">`)
	for i := range 3 {
		fmt.Fprintf(&b, `<p><a href="/cu/%d">Một tin cũ được đọc nhiều trong tuần qua số %d</a></p>`, i, i)
	}
	b.WriteString(`</div></body>`)
	rules, ok := Guess([]byte(b.String()), opt())
	if !ok {
		t.Fatal("nothing found")
	}
	r, err := Compile(rules)
	if err != nil {
		t.Fatal(err)
	}
	list, err := r.Read([]byte(b.String()), opt())
	if err != nil || len(list) != 8 || list[0].URL != "https://phuong.example/bai/0" || list[7].Published.IsZero() {
		t.Errorf("%+v gives %d entries, %v", rules, len(list), err)
	}
	if rules, ok := Guess([]byte(`<p>Trang một bài. <a href="/">Về trang đầu</a></p>`), opt()); ok {
		t.Errorf("of a page without a list: %+v", rules)
	}
}

func TestLimits(t *testing.T) {
	r, err := Compile(Rules{Item: "a"})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i := range 2 * maxItems {
		fmt.Fprintf(&b, `<a href="/%d">Tin %d</a>`, i, i)
	}
	if list, err := r.Read([]byte(b.String()), opt()); err != nil || len(list) != maxItems {
		t.Errorf("%d entries, %v", len(list), err)
	}
	if _, err := r.Read([]byte(strings.Repeat("<p>", 2*maxNodes+1)), opt()); !errors.Is(err, ErrHuge) {
		t.Errorf("%v", err)
	}
	if _, err := r.Read([]byte(strings.Repeat("<div>", 100_000)+"<a href=/x>Tin</a>"), opt()); err != nil {
		t.Logf("deep: %v", err) // refused or read, never a fall
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(page), "li", "a", ".d")
	f.Add([]byte("<table><tr><td><a href=//x>y</a>"), "tr", "", "td:nth-child(2)")
	f.Fuzz(func(t *testing.T, in []byte, item, link, when string) {
		if len(in) > 1<<16 {
			return
		}
		Guess(in, opt())
		r, err := Compile(Rules{Item: item, Link: link, Time: when})
		if err != nil {
			return
		}
		list, err := r.Read(in, opt())
		if err != nil {
			return
		}
		for _, it := range list {
			if !strings.HasPrefix(it.URL, "http") || it.Title == "" {
				t.Fatalf("%+v", it)
			}
		}
	})
}

func FuzzWhen(f *testing.F) {
	for _, s := range []string{"2 giờ trước", "hôm qua 25:99", "Thứ hai, 09/11/2026 | 07:30", "1794184200"} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, s string) { When(s, hanoi, now) })
}
