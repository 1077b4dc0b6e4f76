package extract

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(r Result) string {
	when := ""
	if !r.Published.IsZero() {
		when = r.Published.Format(time.RFC3339)
	}
	return fmt.Sprintf("title: %s\npublished: %s\nauthor: %s\nurl: %s\nimage: %s\nlang: %s\n\n%s\n", r.Title, when, r.Author, r.URL, r.Image, r.Lang, r.Text)
}

// TestPages compares whole pages of our own with what should be read out of them.
func TestPages(t *testing.T) {
	pages, err := filepath.Glob("testdata/*.html")
	if err != nil || len(pages) == 0 {
		t.Fatal("no pages", err)
	}
	for _, name := range pages {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			r, err := Article(data, "https://saokhue.example/bai.html")
			if err != nil {
				t.Fatal(err)
			}
			file := strings.TrimSuffix(name, ".html") + ".txt"
			if *update {
				if err := os.WriteFile(file, []byte(golden(r)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got := golden(r); got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

const (
	p1 = "Đoạn thứ nhất kể chuyện cây cầu mới qua sông, dài, rộng, đẹp, và những người thợ đã làm nên nó trong hai năm."
	p2 = "Đoạn thứ hai nói về giờ thông xe, lối lên, lối xuống, và điều mà người đi bộ cần biết khi qua cầu lần đầu tiên."
)

func around(body string) string {
	return "<html><head><title>Bài</title></head><body><div id=content>" + body + "</div></body></html>"
}

// TestTraps holds what pages do around and within an article: each must give the two paragraphs alone.
func TestTraps(t *testing.T) {
	for name, body := range map[string]string{
		"plain":                  "<p>" + p1 + "</p><p>" + p2 + "</p>",
		"paragraphs not closed":  "<p>" + p1 + "<p>" + p2,
		"divs for paragraphs":    "<div>" + p1 + "</div><div>" + p2 + "</div>",
		"line breaks":            "<div>" + p1 + "<br><br>" + p2 + "</div>",
		"white space":            "<p>\n  " + strings.ReplaceAll(p1, " ", "\n \t") + "</p><p>" + p2 + "&nbsp;</p>",
		"script":                 "<p>" + p1 + "</p><script>if (a<b) document.write('<p>x</p>')</script><p>" + p2 + "</p>",
		"script in upper case":   "<p>" + p1 + "</p><SCRIPT>var a='</p>'</SCRIPT><p>" + p2 + "</p>",
		"comment":                "<p>" + p1 + "</p><!-- <p>ẩn</p> --><p>" + p2 + "</p>",
		"hidden":                 "<p>" + p1 + "</p><div style='display: none'><p>" + p2 + " ẩn</p></div><p>" + p2 + "</p>",
		"hidden from readers":    "<p>" + p1 + "</p><p hidden>" + p2 + " ẩn</p><p>" + p2 + "</p>",
		"navigation":             "<nav><ul><li><a href=/a>Một</a></li><li><a href=/b>Hai</a></li></ul></nav><p>" + p1 + "</p><p>" + p2 + "</p>",
		"form":                   "<p>" + p1 + "</p><p>" + p2 + "</p><form><input name=q><button>Tìm kiếm trong trang</button></form>",
		"caption":                "<p>" + p1 + "</p><figure><img src=a.jpg><figcaption>Cầu mới nhìn từ phía nam, chiều hôm qua</figcaption></figure><p>" + p2 + "</p>",
		"credit of a picture":    "<p>" + p1 + "</p><p>Ảnh: Minh Đăng</p><p>" + p2 + "</p>",
		"advertisement":          "<p>" + p1 + "</p><p>QUẢNG CÁO</p><p>" + p2 + "</p>",
		"hint":                   "<p>" + p1 + "</p><p><a href=/x>Xem thêm: cầu cũ ra sao sau khi có cầu mới</a></p><p>" + p2 + "</p>",
		"date above":             "<p>Thứ hai, 5/10/2026, 11:20</p><p>" + p1 + "</p><p>" + p2 + "</p>",
		"rights below":           "<p>" + p1 + "</p><p>" + p2 + "</p><p>© 2026 Báo Sao Khuê, giữ mọi quyền</p>",
		"comments of readers":    "<p>" + p1 + "</p><p>" + p2 + "</p><div class='comment-list'><p>" + p1 + " Tôi cũng nghĩ vậy, cầu đẹp.</p></div>",
		"links to others":        "<p>" + p1 + "</p><p>" + p2 + "</p><ul class=related><li><a href=/1>Tin một</a><li><a href=/2>Tin hai</a></ul>",
		"an unknown element":     "<my-article><p>" + p1 + "</p><p>" + p2 + "</p></my-article>",
		"a span around all":      "<span><p>" + p1 + "</p><p>" + p2 + "</p></span>",
		"end tags of nothing":    "</div></b><p>" + p1 + "</p></p></span><p>" + p2 + "</p>",
		"references":             "<p>" + strings.ReplaceAll(p1, "đ", "&#273;") + "</p><p>" + strings.ReplaceAll(p2, "ề", "&#x1EC1;") + "</p>",
		"all in a gallery":       "<div class=gallery><p>" + p1 + "</p><p>" + p2 + "</p></div>",
		"body twice":             "<p>" + p1 + "</p></body><body><p>" + p2 + "</p>",
		"a quote of a tag's end": "<p title='a > b'>" + p1 + "</p><p data-x=\"<p>\">" + p2 + "</p>",
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Article([]byte(around(body)), "")
			if err != nil {
				t.Fatal(err)
			}
			if want := p1 + "\n" + p2; r.Text != want {
				t.Errorf("got\n%s\nwant\n%s", r.Text, want)
			}
		})
	}
}

func TestKept(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"list":         {"<p>" + p1 + "</p><ul><li>Một làn cho xe buýt</li><li>Hai làn cho xe máy</li></ul><p>" + p2 + "</p>", "Hai làn cho xe máy"},
		"heading":      {"<p>" + p1 + "</p><h2>Lối lên cầu</h2><p>" + p2 + "</p>", "Lối lên cầu"},
		"quote":        {"<p>" + p1 + "</p><blockquote>Cầu này là của mọi người.</blockquote><p>" + p2 + "</p>", "Cầu này là của mọi người."},
		"data":         {"<p>" + p1 + "</p><table><tr><th>Năm</th><th>Xe</th></tr><tr><td>2025</td><td>12.000</td></tr></table><p>" + p2 + "</p>", "12.000"},
		"link in text": {"<p>" + p1 + " Xem <a href=/x>bản đồ phân luồng</a> của thành phố.</p><p>" + p2 + "</p>", "bản đồ phân luồng"},
		"word in bold": {"<p>" + p1 + " <b>Cấ</b>m xe tải.</p><p>" + p2 + "</p>", "Cấm xe tải."},
	} {
		r, err := Article([]byte(around(c.body)), "")
		if err != nil || !strings.Contains(r.Text, c.want) {
			t.Errorf("%s: %v, %q is missing in\n%s", name, err, c.want, r.Text)
		}
	}
}

func TestHead(t *testing.T) {
	body := "<body><h1>Cầu mới qua sông Vân được thông xe</h1><p>" + p1 + "</p><p>" + p2 + "</p>"
	f := func(name, head, wantTitle, wantWhen string) {
		t.Helper()
		r, err := Article([]byte("<html><head>"+head+"</head>"+body), "https://saokhue.example/2026/10/05/cau")
		if err != nil {
			t.Fatal(err)
		}
		if r.Title != wantTitle {
			t.Errorf("%s: title %q, want %q", name, r.Title, wantTitle)
		}
		if got := r.Published.Format(time.RFC3339); got != wantWhen {
			t.Errorf("%s: published %s, want %s", name, got, wantWhen)
		}
	}
	const cau, fromAddress = "Cầu mới qua sông Vân được thông xe", "2026-10-04T17:00:00Z"
	f("site's name behind", "<title>"+cau+" - Báo Sao Khuê</title>", cau, fromAddress)
	f("site's name behind a bar", "<title>"+cau+" | Thời sự | Báo Sao Khuê</title>", cau+" | Thời sự", fromAddress)
	f("no title", "", cau, fromAddress)
	f("og:title", "<title>x</title><meta property='og:title' content='Tên &amp; tuổi'>", "Tên & tuổi", fromAddress)
	f("JSON-LD in a graph", `<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"Báo"},{"@type":["NewsArticle"],"headline":"Tiêu đề","datePublished":"2026-10-01T08:00:00+07:00"}]}</script>`,
		"Tiêu đề", "2026-10-01T01:00:00Z")
	f("JSON-LD with a line break in a string", "<script type='application/ld+json'>{\"@context\":\"http://schema.org\",\"@type\":\"Article\",\"headline\":\"Tiêu\n đề\"}</script>", "Tiêu đề", fromAddress)
	f("broken JSON-LD", "<title>Một tiêu đề đủ dài ở đây</title><script type='application/ld+json'>{\"@context\":\"http://schema.org\",</script>", "Một tiêu đề đủ dài ở đây", fromAddress)
	f("a time without zone is Hanoi's", "<title>Một tiêu đề đủ dài ở đây</title><meta itemprop=datePublished content='2026-10-02 09:00:00'>", "Một tiêu đề đủ dài ở đây", "2026-10-02T02:00:00Z")
	f("seconds", "<title>Một tiêu đề đủ dài ở đây</title><meta name=pubdate content='1790906400'>", "Một tiêu đề đủ dài ở đây", "2026-10-02T02:00:00Z")
	f("no such day", "<title>Một tiêu đề đủ dài ở đây</title><meta name=pubdate content='2026-13-45'>", "Một tiêu đề đủ dài ở đây", fromAddress)
}

func TestEncodings(t *testing.T) {
	const text = "Café à la crème, entièrement gratuite, dit le maire de la ville, un homme âgé."
	doc := "<html><head><meta http-equiv=Content-Type content='text/html; charset=windows-1252'></head><body><p>" + text + "</p></body>"
	b, err := charmap.Windows1252.NewEncoder().Bytes([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte("<p>" + p1 + "</p>"))
	if err != nil {
		t.Fatal(err)
	}
	for want, data := range map[string][]byte{text: b, p1: wide, p2: []byte("\xEF\xBB\xBF<p>" + p2)} {
		if r, err := Article(data, ""); err != nil || r.Text != want {
			t.Errorf("%v: %q, want %q", err, r.Text, want)
		}
	}
}

func TestNothing(t *testing.T) {
	for _, s := range []string{"", "   ", "<html></html>", "<script>x</script>", "<p", "<!--"} {
		if r, err := Article([]byte(s), ""); !errors.Is(err, ErrEmpty) || r.Text != "" {
			t.Errorf("%q: %v, %q", s, err, r.Text)
		}
	}
	if _, err := Article(make([]byte, MaxBytes+1), ""); !errors.Is(err, ErrSize) {
		t.Errorf("a large page: %v", err)
	}
}

// TestLinear: hostile pages take time in proportion to their size: one in its square would not end within the test's time limit.
func TestLinear(t *testing.T) {
	const n = 1 << 18
	for _, unit := range []string{
		"<div>", "<p>", "<div><p>" + p1, "<ul><li><a>x</a><div>", "<table><tr><td>x<td>y</table>", "<del><p>", "<div><span><h1><div>x", "<a>", "<b>", "<table><tr><td>", "<ul><li>", "<x>", "</div>", "<", "<!--", "<script>", "<div class='a b' id=c>", "&", "<a href='", "<svg>",
		"<h1>a", "<div><div>x</div>", "<meta name=a content=b>", "<article><h1>a</h1>", "<br>", "<select><option>", "<div class=byline>", "<div><a href=#>b</a>", "<!", "<p class=caption>",
	} {
		_, _ = Article([]byte(strings.Repeat(unit, n/len(unit))), "https://saokhue.example/")
	}
	one := strings.Repeat("từ, ", 5<<20/6)
	if r, err := Article([]byte("<p>"+one), ""); err != nil || len(r.Text) < 4<<20 {
		t.Errorf("one long line: %v, %d bytes", err, len(r.Text))
	}
}

func FuzzArticle(f *testing.F) {
	for _, s := range []string{
		around("<p>" + p1 + "</p><p>" + p2), "<table><td><p>a<li>b</table>", "<a><div>x</a>y</div>", "<h1>a<h2>b</h1>", "<dl><dt>a<dd>b", "<b><p>a</b>b</p>",
		"<script type='application/ld+json'>{\"@context\":\"schema.org\",\"@type\":\"Article\",\"author\":[1,{\"name\":[]}]}</script>", "<p class='caption byline share'>a</p>",
		"<svg/><title>a - b</title><body><body>", "<time datetime='2026-10-05'>x</time> 11:20, 5/10/2026", "<meta name=date content=20261005>", "<div style=display:none>a",
	} {
		f.Add([]byte(s), "https://saokhue.example/2026/10/05/a")
	}
	f.Fuzz(func(t *testing.T, data []byte, address string) {
		r, err := Article(data, address)
		if err == nil && r.Text == "" {
			t.Fatal("no text and no error")
		}
		if !utf8.ValidString(r.Text + r.Title + r.Author) {
			t.Fatalf("not UTF-8: %+v", r)
		}
		for _, l := range strings.Split(r.Text, "\n") {
			if r.Text != "" && strings.TrimSpace(l) == "" {
				t.Fatalf("an empty line in %q", r.Text)
			}
		}
	})
}

func TestLanguage(t *testing.T) {
	for _, c := range []struct{ text, declared, want string }{
		{p1, "en", "vi"},
		{"The bridge is open and it will be closed at night, said the mayor of the city.", "vi-VN", "en"},
		{"Le pont est ouvert, dit le maire", "fr_FR", "fr"},
		{"", "x-none-of-all", ""},
	} {
		if got := language(c.text, c.declared); got != c.want {
			t.Errorf("%q declared %q is %q, want %q", c.text, c.declared, got, c.want)
		}
	}
}
