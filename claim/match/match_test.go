package match

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestMatch(t *testing.T) {
	l := New()
	for id, c := range map[string]Claim{
		"bridge": {Text: "Cầu Mây ở phường Hồng Hà bị sập trong đêm 12/9, nhiều xe rơi xuống sông.", Title: "Cầu Mây không sập"},
		"water":  {Text: "Nước máy ở khu đô thị Bến Xanh nhiễm asen gấp 20 lần mức cho phép.", Title: "Nước máy Bến Xanh đạt quy chuẩn"},
		"school": {Text: "Học sinh toàn thành phố được nghỉ học ba ngày từ ngày 3/10 vì bão số 9.", Title: "Không có thông báo nghỉ học ba ngày"},
		"fee":    {Text: "Từ tháng 11, xe máy vào nội thành phải nộp phí 50.000 đồng mỗi lượt.", Title: "Chưa thu phí xe máy vào nội thành"},
	} {
		l.Put(id, c)
	}
	for post, want := range map[string]string{
		"Nghe nói cầu Mây sập rồi mọi người ơi, xe rơi xuống sông nhiều lắm!!":    "bridge",
		"nghe noi cau May sap roi, xe roi xuong song":                             "bridge",
		"#NướcMáy bến xanh nhiễm asen 20 lần, đừng uống":                          "water",
		"tuần sau hs thành phố nghỉ học 3 ngày do bão số 9 nhé":                   "school",
		"Xe máy vào nội thành mất 50000 đ một lượt từ tháng 11 https://x.example": "fee",
	} {
		ms := l.Match(post, 3)
		if len(ms) == 0 || ms[0].Claim != want {
			t.Errorf("%q matches %v, want %s first", post, ms, want)
			continue
		}
		if !slices.IsSortedFunc(ms, func(a, b Match) int {
			if a.Score < b.Score {
				return 1
			}
			return -1
		}) {
			t.Errorf("%q: %v is not best first", post, ms)
		}
	}
	if ms := l.Match("", 3); len(ms) != 0 {
		t.Errorf("an empty post matches %v", ms)
	}
	if !l.Delete("bridge") || l.Delete("bridge") || l.Len() != 3 {
		t.Error("Delete takes a claim out once")
	}
	for _, m := range l.Match("cầu Mây sập", 3) {
		if m.Claim == "bridge" {
			t.Error("a deleted claim was found")
		}
	}
}

// What is in the library, not how it came there, decides a match.
func TestPutAgain(t *testing.T) {
	a, b := New(), New()
	for i := range 50 {
		id := fmt.Sprint(i)
		c := Claim{Text: fmt.Sprintf("Phường số %d đóng cửa trường học %d ngày", i, i%7+1)}
		a.Put(id, Claim{Text: "chữ khác hẳn"})
		a.Put(id, c)
		b.Put(id, c)
	}
	a.idx.Compact()
	for i := range 50 {
		post := fmt.Sprintf("nghe nói phường số %d đóng cửa trường", i)
		if x, y := a.Match(post, 5), b.Match(post, 5); !slices.Equal(x, y) {
			t.Fatalf("%q: %v, want %v", post, x, y)
		}
	}
}

// The shipped model orders better than the index alone, on the part of a public test set that it also learned from; how it does on posts
// that it has not seen stands in the log of -train.
func TestPublicSet(t *testing.T) {
	l := library(t)
	m := shipped()
	var ls []*list
	for _, p := range posts(t, "dev") {
		ls = append(ls, example(l, p))
	}
	fused, _ := measure(ls, func(l *list, i int) float64 { return l.c[i].f[fFused] })
	ours, p1 := measure(ls, func(l *list, i int) float64 { return m.score(&l.c[i].f) })
	t.Logf("MAP@5 %.4f, P@1 %.4f; index alone %.4f", ours, p1, fused)
	if fused < 0.83 || ours < fused {
		t.Errorf("MAP@5 %.4f with the index alone, %.4f with the model", fused, ours)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("Cầu Mây sập — A B (@ab) January 6, 2020")
	f.Add("— (@")
	f.Add("#a1B2 https://x 1,000.5 don't ’s pic.twitter.com/")
	f.Add("\xff\u0301'\u2019")
	l := New()
	l.Put("x", Claim{Text: "Cầu Mây sập", Title: "Không"})
	f.Fuzz(func(t *testing.T, s string) {
		for _, w := range read(s).words {
			if w.stem == "" {
				t.Fatalf("%q has an empty word", s)
			}
		}
		l.Match(s, 3)
	})
}

func BenchmarkMatch(b *testing.B) {
	l := library(b)
	ps := posts(b, "dev")
	l.Match(ps[0].text, 5)
	var took []time.Duration
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		at := time.Now()
		l.Match(ps[i%len(ps)].text, 5)
		took = append(took, time.Since(at))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
