package text

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// hard are texts that have broken readers of Vietnamese before.
var hard = []string{
	"", " ", "hòa", "hoà", "HÒA", "thủy thuỷ", "đường Đường ĐƯỜNG", "ko k hok dc vs", "khong dau", "n\u200bgười", "\ufeffxin chào",
	"Нὶпɦ", "đᴀ", "ᵭ\u200cược", "Москва", "ƙhôռg", "пɦυ̛пg", "café", "ＡＢＣ１２３", "𝐓𝐢𝐧", "مرحبا بالعالم", "👩‍👩‍👧 gia đình 🇻🇳", "1.000.000 và 1,000,000",
	"ngày 9 tháng 5", "9/5 09-05-2025", "&amp; &nbsp;", "a\xffb", "\xc3", "\u0301abc", "i\u0307", "İstanbul", "ﬁn", "ẦU\u0323", "한국어", strings.Repeat("dài ", 2000),
}

func text(t *rapid.T) string {
	piece := rapid.OneOf(
		rapid.SampledFrom(hard), rapid.StringOf(rapid.RuneFrom(append([]rune(" .,/-'\u200b\u0301\u0323\u031b"), []rune("đơưĐƠƯ0123456789👍")...), unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Han)), rapid.StringMatching(`[a-zà-ỹA-Z0-9 .,/\-]{0,30}`),
		rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 0, 6).Draw(t, "bytes")) }),
		rapid.Custom(func(t *rapid.T) string { return norm.NFD.String(rapid.SampledFrom(hard).Draw(t, "nfd")) }),
	)
	return strings.Join(rapid.SliceOfN(piece, 0, 4).Draw(t, "pieces"), rapid.SampledFrom([]string{"", " "}).Draw(t, "between"))
}

func TestFormsAreIdempotent(t *testing.T) {
	for name, f := range map[string]func(string) string{"Normalize": Normalize, "Fold": Fold, "Key": Key, "Tones": Tones} {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			s := text(t)
			once := f(s)
			if twice := f(once); twice != once {
				t.Fatalf("%q -> %q -> %q", s, once, twice)
			}
			if !utf8.ValidString(once) {
				t.Fatalf("%q is not UTF-8", once)
			}
		}))
	}
}

func TestFoldIsBlindToForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[a-zA-Zàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ ]{0,40}`).Draw(t, "s")
		for name, f := range map[string]func(string) string{"Fold": Fold, "Key": Key} {
			if a, b := f(s), f(norm.NFD.String(s)); a != b {
				t.Fatalf("%s: NFC %q, NFD %q", name, a, b)
			}
			if a, b := f(s), f(strings.ToUpper(s)); a != b {
				t.Fatalf("%s: lower %q, upper %q", name, a, b)
			}
		}
		if Fold(s) != Fold(Key(s)) {
			t.Fatalf("Fold(%q) is not Fold(Key)", s)
		}
	})
}

func TestFold(t *testing.T) {
	f := func(in, fold string, alike ...string) {
		t.Helper()
		if got := Fold(in); got != fold {
			t.Errorf("Fold(%q) = %q, want %q", in, got, fold)
		}
		for _, other := range alike {
			if Key(in) != Key(other) {
				t.Errorf("Key(%q) = %q, Key(%q) = %q", in, Key(in), other, Key(other))
			}
		}
	}
	f("Hòa", "hoa", "hoà", "HOÀ", norm.NFD.String("hòa"), "ho\u200bà")
	f("Thủy", "thuy", "thuỷ")
	f("mới", "moi", "mơí")
	f("Đường Láng", "duong lang")
	f("ᵭ\u200cược", "duoc", "được")
	f("ƙhôռg", "khong", "không")
	f("Нὶпɦ", "hinh", "hình")
	f("пɦυ̛пg", "nhung", "nhưng")
	f("đᴀ", "da", "đa")
	f("Москва", "москва")
	f("ＡＢＣ", "abc", "abc")
	f("Pokémon", "pokemon")
	if Key("ma") == Key("má") || Key("hoa") == Key("hòa") || Key("da") == Key("đa") {
		t.Error("Key must tell marks apart")
	}
}

func TestRepairCounts(t *testing.T) {
	f := func(in, want string, hidden, alike int) {
		t.Helper()
		got, r := Repaired(in)
		if got != want || r.Hidden != hidden || r.Lookalikes != alike {
			t.Errorf("Repaired(%q) = %q %+v, want %q %d %d", in, got, r, want, hidden, alike)
		}
	}
	f("bình thường", "bình thường", 0, 0)
	f("n\u200bgười \ufeffdân", "người dân", 2, 0)
	f("cấм", "cấm", 0, 1)
	f("c\u0332ấ\u0336m", "cấm", 2, 0)
	f("Москва", "Москва", 0, 0)
	f("👩‍👩‍👧", "👩‍👩‍👧", 0, 0)
	f("می\u200cخواهم", "می\u200cخواهم", 0, 0)
	f("sân bay СОР", "sân bay COP", 0, 3)
}

func TestMappedOffsets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := text(t)
		got, at, _ := Mapped(s)
		if at == nil {
			if got != s {
				t.Fatal("no offsets for a changed text")
			}
			return
		}
		if len(at) != len(got)+1 || int(at[len(got)]) != len(s) {
			t.Fatalf("%d offsets for %d bytes", len(at), len(got))
		}
		for i := 1; i < len(at); i++ {
			if at[i] < at[i-1] {
				t.Fatalf("offsets fall at %d", i)
			}
		}
	})
}

func TestSyllablesAreWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := text(t)
		end := 0
		for _, sp := range Syllables(s) {
			if sp.Start < end || sp.End <= sp.Start || sp.End > len(s) || !utf8.RuneStart(s[sp.Start]) {
				t.Fatalf("%v in %q", sp, s)
			}
			for _, r := range sp.Of(s) {
				if !inSyllable(r) {
					t.Fatalf("%q is no syllable", sp.Of(s))
				}
			}
			end = sp.End
		}
	})
}

func TestVfndDisguisesAreUndone(t *testing.T) {
	data, err := os.ReadFile("../../shared/data/vfnd/extra.jsonl")
	if err != nil {
		t.Skip("the development data is not here")
	}
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		var item struct{ ID, Text string }
		if err := json.Unmarshal([]byte(line), &item); err != nil {
			t.Fatal(err)
		}
		for _, w := range strings.Fields(Normalize(item.Text)) {
			for _, r := range w {
				if _, like := seen(r); like || isHidden(r) {
					t.Errorf("%s: %q", item.ID, w)
				}
			}
		}
	}
}

func FuzzForms(f *testing.F) {
	for _, s := range hard {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, form := range []func(string) string{Normalize, Fold, Key, Tones} {
			if once := form(s); form(once) != once {
				t.Errorf("%q -> %q -> %q", s, once, form(once))
			}
		}
	})
}

func TestPieceIsNormalisedAsInItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if s := text(t); NormalizeIn(s, mostlyLatin(s)) != Normalize(s) {
			t.Fatalf("%q: %q alone, %q in a text", s, Normalize(s), NormalizeIn(s, mostlyLatin(s)))
		}
	})
	if in, alone := NormalizeIn("хе", true), Normalize("хе"); in != "xe" || alone != "хе" {
		t.Errorf("look-alikes become %q in a Latin text, %q in another", in, alone)
	}
}

func TestPlainTextIsNotCopied(t *testing.T) {
	s := "Thông báo về việc sửa chữa hè phố “từ ngày 9/5” – phường Yên Hòa"
	if n := testing.AllocsPerRun(100, func() { Normalize(s) }); n > 0 {
		t.Fatalf("%v allocations", n)
	}
	dst := make([]byte, 0, 2*len(s))
	if n := testing.AllocsPerRun(100, func() { dst = AppendFold(dst[:0], s) }); n > 0 {
		t.Fatalf("AppendFold: %v allocations", n)
	}
}

func BenchmarkFold(b *testing.B) {
	s := strings.Repeat("Thông báo về việc sửa chữa hè phố từ ngày 9/5, phường Yên Hòa. ", 50)
	dst := make([]byte, 0, len(s))
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		dst = AppendFold(dst[:0], s)
	}
}
