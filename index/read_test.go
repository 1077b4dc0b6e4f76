package index

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"khue/text"
)

func ids(hits []Hit) (out []string) {
	for _, h := range hits {
		out = append(out, h.ID)
	}
	return out
}

func TestWritings(t *testing.T) {
	x := New(Options{})
	for id, s := range map[string]string{
		"hòa": "Hòa bình và phát triển", "hoa": "Hoa bưởi nở trắng", "hóa": "Hóa chất độc hại", "duong": "Duong sat tren cao",
		"đường": "Đường sắt trên cao", "chuyện": "Câu chuyện hòa giải ở tổ dân phố số ba",
	} {
		x.Put(id, Field{Text: s})
	}
	for _, c := range []struct {
		query string
		first string
		all   []string
	}{
		{"hòa", "hòa", []string{"hòa", "chuyện", "hoa", "hóa"}},
		{"hoà bình", "hòa", nil}, // the tone sits where it likes
		{"HOÀ BÌNH", "hòa", nil},
		{"hoa", "", []string{"hoa", "hòa", "hóa", "chuyện"}}, // without marks all will do
		{"duong sat", "", []string{"duong", "đường"}},
		{"đường sắt", "đường", []string{"đường", "duong"}},
		{"cau chuyên", "chuyện", nil}, // a tone missing
		{"", "", nil},
		{"không có", "", nil},
	} {
		got := ids(x.Search(c.query, 10))
		if c.first != "" && (len(got) == 0 || got[0] != c.first) {
			t.Errorf("%q finds %v, want %s first", c.query, got, c.first)
		}
		for _, id := range c.all {
			if !slices.Contains(got, id) {
				t.Errorf("%q finds %v, want %s too", c.query, got, id)
			}
		}
	}
}

func TestTyping(t *testing.T) {
	x := New(Options{})
	x.Put("1", Field{Text: "Thông cáo về cầu Mây", Weight: 3})
	x.Put("2", Field{Text: "Thống kê dân số", Weight: 3})
	for query, want := range map[string]string{"thông cá": "1", "thong c": "1", "thố": "2", "cầu m": "1"} {
		if got := ids(x.Find(Query{Text: query, Top: 1, Typing: true})); !slices.Equal(got, []string{want}) {
			t.Errorf("%q finds %v, want %s", query, got, want)
		}
	}
	if got := x.Find(Query{Text: "thông", Top: 5, Keep: func(id string) bool { return id != "1" }}); slices.Contains(ids(got), "1") {
		t.Error("a document that is not to be kept was found")
	}
}

func TestVariant(t *testing.T) {
	if Variant("hoa") != 0 || Variant("") != 0 {
		t.Error("a syllable without marks is variant 0")
	}
	tone := func(s string) uint8 { return Variant(s) & toneBits }
	shape := func(s string) uint8 { return Variant(s) & shapeBits }
	if shape("chuyện") != shape("chuyên") || tone("chuyên") != 0 || tone("chuyện") == 0 {
		t.Error("chuyện is chuyên with a tone")
	}
	if shape("hòa") != 0 || Variant("hòa") != Variant("hoà") || Variant("hòa") == Variant("hóa") {
		t.Error("hòa is hoà, and hoa with a tone; hóa has another")
	}
	if shape("đường") == 0 || shape("đường") == shape("dương") {
		t.Error("đ is a mark")
	}
}

func FuzzSearch(f *testing.F) {
	f.Add("Đường sắt trên cao", "duong sat")
	f.Add("\xff\u0301a1b2", "1b")
	f.Fuzz(func(t *testing.T, doc, query string) {
		x := New(Options{})
		x.Put("0", Field{Text: "Câu chuyện hòa giải", Weight: 2})
		x.Put("1", Field{Text: doc, Weight: 3})
		if n := len(text.Tokens(text.Normalize(doc))); n > 0 && n < 50 && len(x.Search(doc, 2)) == 0 {
			t.Fatalf("%q is not found by its own words", doc)
		}
		x.Find(Query{Text: query, Top: 3, Typing: true})
		x.Delete("1")
		x.Put("1", Field{Text: query})
	})
}

var vocabulary = strings.Fields(`thành phố hà nội phường quận ủy ban nhân dân sở xây dựng giao thông thông cáo báo chí đường sắt trên cao cầu
sông hồng học sinh trường nghỉ mưa bão ngập úng môi trường rác nước sạch giá điện thuế nhà ở xã hội đất đai quy hoạch công an cháy chữa bệnh
viện y tế dịch tiêm chủng lao động việc làm doanh nghiệp đầu tư văn hóa lễ hội du lịch di tích tháng năm ngày kế hoạch quyết định nghị định`)

func made(n int) string {
	var b strings.Builder
	h := uint64(n)*0x9E3779B97F4A7C15 + 1
	for range 60 {
		h = finish(h + 0x632BE59BD9B4E019)
		if h%4 == 0 {
			fmt.Fprintf(&b, "tên%d ", h>>8%5000)
			continue
		}
		k := h >> 16 % uint64(len(vocabulary))
		b.WriteString(vocabulary[min(k, h>>40%uint64(len(vocabulary)))])
		b.WriteByte(' ')
	}
	return b.String()
}

func BenchmarkPut(b *testing.B) {
	x := New(Options{})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		x.Put(fmt.Sprint(i), Field{Text: made(i)})
	}
}

func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		x := New(Options{})
		for i := range n {
			x.Put(fmt.Sprint(i), Field{Text: made(i)})
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				words := strings.Fields(made(i * 7 % n))
				x.Search(strings.Join(words[i%50:i%50+6], " "), 10)
			}
		})
	}
}
