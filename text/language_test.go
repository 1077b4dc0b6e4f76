package text

import (
	"strings"
	"testing"
)

func TestGuessLanguage(t *testing.T) {
	f := func(s string, want Language) {
		t.Helper()
		if got := GuessLanguage(s); got != want {
			t.Errorf("%q: %s", s, got)
		}
	}
	f("Ủy ban nhân dân phường thông báo lịch sửa chữa đường ống nước.", Vietnamese)
	f("Uy ban nhan dan phuong thong bao ve viec sua chua duong ong nuoc trong ngay, nguoi dan khong phai nop phi.", Vietnamese)
	f("The city will repair the water pipes on Monday, and people are asked to store water for the day.", English)
	f("La ville réparera les conduites d'eau lundi prochain.", OtherLanguage)
	f("Москва сообщает о ремонте", OtherLanguage)
	f("", OtherLanguage)
	f("12345 !!!", OtherLanguage)
	f(strings.Repeat("đường dài ", 1<<19), Vietnamese) // a line of several MB
}

func TestShingles(t *testing.T) {
	a, b := Shingles("Ủy ban nhân dân phường thông báo", 3), Shingles("UY BAN NHAN DAN PHUONG", 3)
	if len(a) != 5 || len(b) != 3 {
		t.Fatal(len(a), len(b))
	}
	if got := Resemblance(a, b); got != 0.6 {
		t.Fatalf("resemblance %v", got)
	}
	if Shingles("một hai", 3) != nil || Resemblance(nil, nil) != 1 {
		t.Fatal("short texts")
	}
}

func TestTones(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		if got := Tones(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	f("hoà bình, xoá, thuỷ, uỷ ban, khoẻ, loè", "hòa bình, xóa, thủy, ủy ban, khỏe, lòe")
	f("HOÀ Hoàn toàn thoáng", "HÒA Hoàn toàn thoáng")
	f("quý quà quốc giá già giếng gìn", "quý quà quốc giá già giếng gìn")
	f("mơí đươc mứơi tuyêt khuỷu ngoài", "mới đươc mưới tuyêt khuỷu ngoài")
	f("café Pokémon résumé", "café Pokémon résumé")
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{"ko": "không", "HOK": "không", "dc": "được", "đc": "được", "vs": "với"} {
		if got, ok := Plain(in); !ok || got != want {
			t.Errorf("%s: %s %v", in, got, ok)
		}
	}
	if _, ok := Plain("không"); ok {
		t.Error("a plain word is no teencode")
	}
}

func TestTokenIdentities(t *testing.T) {
	one := func(s string, teen bool) Token {
		t.Helper()
		list := AppendTokens(nil, s, teen)
		if len(list) != 1 {
			t.Fatalf("%q: %d tokens", s, len(list))
		}
		return list[0]
	}
	if one("hòa", false).Mark != one("HOÀ", false).Mark || one("hòa", false).Mark == one("hoa", false).Mark || one("hòa", false).Key != one("hoa", false).Key {
		t.Error("marks")
	}
	if one("kỷ", false).Mark != one("kỉ", false).Mark {
		t.Error("y and i")
	}
	if one("ko", true).Mark != one("không", true).Mark || one("ko", false).Key == one("không", false).Key {
		t.Error("teencode")
	}
	if one("09", false).Key != one("9", false).Key || one("90", false).Key == one("9", false).Key {
		t.Error("numerals")
	}
	if n := len(Tokens("20km, 14h30, 1.200.000, H5N1")); n != 10 {
		t.Errorf("%d tokens", n)
	}
}

func TestUnescape(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		got, at := Unescape(in)
		if got != want || (at == nil) != (in == want) || at != nil && (len(at) != len(got)+1 || int(at[len(got)]) != len(in)) {
			t.Errorf("%q: %q %v", in, got, at)
		}
	}
	f("kh&ocirc;ng &amp; c&oacute;", "không & có")
	f("&#273;&#x1ED9;i&nbsp;", "đội\u00a0")
	f("R&D; a & b; &khongco;", "R&D; a & b; &khongco;")
	f("", "")
	f("&amp;amp;", "&amp;")
}
