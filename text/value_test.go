package text

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func describe(f Found) string {
	switch f.Kind {
	case KindNumber:
		return fmt.Sprintf("%g%s", f.N, map[uint8]string{1: "%"}[f.Unit])
	case KindMoney:
		return fmt.Sprintf("%g%s", f.N, map[uint8]string{1: "đ", 2: "$"}[f.Unit])
	case KindDate:
		return fmt.Sprintf("%d/%d/%d", f.Day, f.Month, f.Year)
	case KindClock:
		return fmt.Sprintf("%d:%02d", int(f.N)/60, int(f.N)%60)
	case KindPaper:
		return "paper"
	}
	return "?"
}

func TestValues(t *testing.T) {
	f := func(s string, want ...string) {
		t.Helper()
		var got []string
		for _, v := range Values(Normalize(s)) {
			got = append(got, describe(v))
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
	f("có 1.000.000 người", "1e+06")
	f("có 1,000,000 người", "1e+06")
	f("nặng 1.234,5 tấn", "1234.5")
	f("một triệu người", "1e+06")
	f("hai mươi lăm ca, hai mươi mốt ca, mười lăm, mười", "25", "21", "15", "10")
	f("1,2 triệu lượt", "1.2e+06")
	f("một trăm linh năm nghìn hai trăm ba mươi tư", "105234")
	f("hai nghìn không trăm linh năm", "2005")
	f("3 tỷ 200 triệu đồng", "3.2e+09đ")
	f("1,2 nghìn tỷ đồng", "1.2e+12đ")
	f("một triệu rưỡi", "1.5e+06")
	f("500.000 VND, 20 USD", "500000đ", "20$")
	f("1.200.000 đồng và 1,2 triệu đồng", "1.2e+06đ", "1.2e+06đ")
	f("tăng 12,5%, 30 phần trăm", "12.5%", "30%")
	f("ngày 9/5", "9/5/0")
	f("ngày 09-05-2025", "9/5/2025")
	f("ngày 9 tháng 5 năm 2025", "9/5/2025")
	f("hôm 9-5 và 9.5.2025", "9/5/0", "9/5/2025")
	f("tháng 5/2025, tháng 5 năm 2025, năm 2025", "0/5/2025", "0/5/2025", "0/0/2025")
	f("lúc 14:30, 14h30, 14 giờ 30 phút, 8 giờ", "14:30", "14:30", "14:30", "8:00")
	f("Quyết định 123/QĐ-UBND và 30/2020/NĐ-CP", "paper", "paper")
	f("không khí không trong", "")
	f("quãng 20km, 100k", "20", "100000")
	f("ngày 31/2", "31", "2")
	f("", "")
}

func TestSameValue(t *testing.T) {
	f := func(a, b string, want bool) {
		t.Helper()
		x, y := Values(a), Values(b)
		if len(x) != 1 || len(y) != 1 {
			t.Fatalf("%q %v, %q %v", a, x, b, y)
		}
		if got := x[0].Same(y[0].Value); got != want {
			t.Errorf("%q same as %q: %v", a, b, got)
		}
	}
	f("24", "hai mươi bốn", true)
	f("24", "hai mươi sáu", false)
	f("1.500 người", "1,500 người", true)
	f("1,5 tấn", "1.5 tấn", true)
	f("1,5 tấn", "15 tấn", false)
	f("1.200.000 đồng", "1,2 triệu đồng", true)
	f("3 triệu đồng", "3 tỷ đồng", false)
	f("20 USD", "20 đồng", false)
	f("ngày 9/5", "ngày 9 tháng 5 năm 2025", true)
	f("ngày 9/5/2024", "ngày 9/5/2025", false)
	f("ngày 9/5", "ngày 9/6", false)
	f("14h30", "14:30", true)
	f("30%", "30 phần trăm", true)
	f("123/QĐ-UBND", "124/QĐ-UBND", false)
}

func TestNegations(t *testing.T) {
	f := func(s string, want ...string) {
		t.Helper()
		var got []string
		for _, sp := range Negations(s) {
			got = append(got, sp.Of(s))
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
	f("không khí hàng không không được phép", "không")
	f("khách hàng không thể, hàng không Việt Nam, khách hàng không có", "không", "không")
	f("Cấm xe tải, chưa rõ", "Cấm", "chưa")
	f("hai nghìn không trăm")
}

func TestConditions(t *testing.T) {
	s := "Nếu trời mưa, theo chỉ đạo, tại địa chỉ cũ, chỉ mở một cửa, trừ Chủ nhật, đã loại trừ"
	var got []string
	tokens := Tokens(s)
	for i := range tokens {
		if IsCondition(tokens, i) {
			got = append(got, tokens[i].Of(s)+" "+tokens[i+1].Of(s))
		}
	}
	if fmt.Sprint(got) != "[Nếu trời chỉ mở trừ Chủ]" {
		t.Error(got)
	}
}

func TestNamesAndSentences(t *testing.T) {
	s := "Ông Nguyễn Văn An gặp bà Trần Thị Bình ở TP. Hồ Chí Minh. Việc này… xong? Rồi!\nDòng hai\nvẫn dòng hai"
	var names, sentences []string
	for _, sp := range Names(s) {
		names = append(names, sp.Of(s))
	}
	for _, sp := range Sentences(s) {
		sentences = append(sentences, sp.Of(s))
	}
	if want := "[Trần Thị Bình Hồ Chí Minh]"; fmt.Sprint(names) != want {
		t.Errorf("names %v", names)
	}
	if want := "Ông Nguyễn Văn An gặp bà Trần Thị Bình ở TP. Hồ Chí Minh.|Việc này…|xong?|Rồi!|Dòng hai\nvẫn dòng hai"; strings.Join(sentences, "|") != want {
		t.Errorf("sentences %q", sentences)
	}
}

func TestSpansAreValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkSpans(t, Normalize(text(t))) })
}

func FuzzValues(f *testing.F) {
	for _, s := range append(hard, "1.000.000 đồng", "ngày 9 tháng 5 năm 2025", "14h30", "123/QĐ-UBND", "hai mươi lăm triệu rưỡi", "ngày 31", "1/1/1/1", "một trăm linh", "5 %", "1.5.2025") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkSpans(t, Normalize(s)) })
}

type fataler interface{ Fatalf(string, ...any) }

func checkSpans(t fataler, s string) {
	end := 0
	for _, f := range Values(s) {
		if f.Start < end || f.End <= f.Start || f.End > len(s) {
			t.Fatalf("%v in %q", f, s)
		}
		if !f.Same(f.Value) {
			t.Fatalf("%v is not itself", f)
		}
		end = f.End
	}
	for _, spans := range [][]Span{Sentences(s), Names(s), Negations(s)} {
		end := 0
		for _, sp := range spans {
			if sp.Start < end || sp.End <= sp.Start || sp.End > len(s) {
				t.Fatalf("%v in %q", sp, s)
			}
			end = sp.End
		}
	}
}
