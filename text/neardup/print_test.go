package neardup

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"khue/text"
)

const plain = "Nước sông rút dần ở phường Bến Xanh, xe buýt số 9 chạy lại từ 5 giờ; thủy triều hòa với mưa, kỷ lục cũ không bị phá."

func TestFormMakesNoDifference(t *testing.T) {
	want := new(Printer).Print(plain)
	if want.Syllables() != 28 {
		t.Fatalf("%d syllables", want.Syllables())
	}
	for name, s := range map[string]string{
		"NFD":          norm.NFD.String(plain),
		"capitals":     strings.ToUpper(plain),
		"capitals NFD": norm.NFD.String(strings.ToUpper(plain)),
		"no marks":     text.Fold(plain),
		"new tones":    strings.NewReplacer("thủy", "thuỷ", "hòa", "hoà").Replace(plain),
		"kỉ":           strings.Replace(plain, "kỷ", "kỉ", 1),
		"spaces":       strings.ReplaceAll(plain, " ", " \u00a0\n"),
		"quotes":       "“" + strings.ReplaceAll(plain, ", ", "” … “") + "”",
		"emoji":        "😀👍🏽 " + strings.ReplaceAll(plain, ", ", " ❤️ ") + " 🏳️‍🌈",
		"hidden":       strings.ReplaceAll(plain, "n", "\u200bn\u00ad"),
		"byte order":   "\ufeff" + plain,
		"Cyrillic":     strings.NewReplacer("o", "о", "a", "а", "c", "с").Replace(plain),
		"all Cyrillic": strings.Replace(plain, "xe", "хе", 1),
		"full width":   strings.Replace(plain, "xe", "ｘｅ", 1),
		"entities":     strings.NewReplacer(" ", "&nbsp;", "ớ", "&#7899;", "ê", "&ecirc;").Replace(plain),
		"ampersand":    strings.ReplaceAll(plain, ", ", " & "),
		"bad bytes":    strings.ReplaceAll(plain, ", ", ",\xff "),
	} {
		if got := new(Printer).Print(s); got.whole != want.whole || !slices.Equal(got.grams, want.grams) {
			t.Errorf("%s: %d syllables, another text", name, got.Syllables())
		}
	}
	for name, s := range map[string]string{
		"a word else": strings.Replace(plain, "sông", "suối", 1),
		"order":       strings.Replace(plain, "Nước sông", "sông nước", 1),
		"joined":      strings.Replace(plain, "xe buýt", "xebuýt", 1),
		"more":        plain + " Hết",
		"a number":    strings.Replace(plain, "số 9", "số 8", 1),
	} {
		if new(Printer).Print(s).whole == want.whole {
			t.Errorf("%s makes no difference", name)
		}
	}
}

func TestForeignTexts(t *testing.T) {
	for _, s := range []string{"Сегодня в городе открыли новую набережную, движение восстановлено", "北京市今天開放了新的公園", "서울에서 새 공원이 문을 열었다", "Η πόλη άνοιξε σήμερα ένα νέο πάρκο", "افتتحت المدينة اليوم حديقة جديدة"} {
		a, b := new(Printer).Print(s), new(Printer).Print(norm.NFD.String(s))
		if a.Syllables() == 0 {
			t.Errorf("%s: no syllables", s)
		}
		if !strings.HasPrefix(s, "서울") && a.whole != b.whole { // decomposed Hangul is left in its letters
			t.Errorf("%s: NFD is another text", s)
		}
		if strings.ToUpper(s) != s && new(Printer).Print(strings.ToUpper(s)).whole != a.whole {
			t.Errorf("%s: capitals are another text", s)
		}
	}
}

// TestPrintIsBounded holds for very long texts, also for those that say the same again and again.
func TestPrintIsBounded(t *testing.T) {
	w := newWriter(20)
	long := strings.Join(w.text(10_000), " ")
	var pr Printer
	for name, c := range map[string]struct {
		text        string
		least, most int
	}{
		"long":         {long, most / 2, 2 * most},
		"one syllable": {strings.Repeat("ba ", 1<<20), 1, 1},
		"one line":     {strings.Repeat(plain+"\n", 10_000), 24, 60},
		"no space":     {strings.Repeat("b", 1<<20), 0, 0},
		"none":         {strings.Repeat(" \n", 1<<20), 0, 0},
	} {
		p := pr.Print(c.text)
		if n := len(p.grams); n < c.least || n > c.most {
			t.Errorf("%s: %d grams are kept", name, n)
		}
	}
	pr.Print(plain)
	if n := len(pr.scanner.found); n > longest {
		t.Errorf("room for %d syllables is held after a long text", n)
	}
}

func TestSamplesAgree(t *testing.T) {
	w := newWriter(21)
	short := w.text(12)
	long := append(slices.Clone(short), w.text(60)...)
	var pr Printer
	a, b := pr.Print(strings.Join(short, " ")), pr.Print(strings.Join(long, " "))
	if a.shift >= b.shift {
		t.Fatalf("shifts %d, %d", a.shift, b.shift)
	}
	in := map[uint32]bool{}
	for _, g := range b.grams {
		in[g.three] = true
	}
	n, missing := 0, 0
	for _, g := range a.grams {
		if g.three <= limitOf(b.shift) {
			n++
			if !in[g.three] {
				missing++
			}
		}
	}
	if n < 10 || missing > 0 {
		t.Errorf("of %d grams that both should keep %d are missing", n, missing)
	}
}

func TestPrintAllocatesOnlyThePrint(t *testing.T) {
	s := strings.Repeat(plain, 20)
	var pr Printer
	pr.Print(s)
	if n := testing.AllocsPerRun(100, func() { pr.Print(s) }); n > 2 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzPrint takes any bytes: a print is bounded, made twice the same, and does not depend on how marks are composed.
func FuzzPrint(f *testing.F) {
	for _, s := range []string{plain, "", "&amp;&nbsp;&#x1EBF;&", "a\u0301\u0323b", "\xe1\xba", "\xe1\xba\x80\x80", "ﬁ ½ Ⅷ ①", "х о\u200dо", "😀\ufe0fa", "“аб”в", "e\u0302\u0301", "İıſ", "\u1100\u1161", "a&nGt;b", "\ufe0f\x98\x80\ufe0f0", "0000000G\u03010"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var pr Printer
		p := pr.Print(s)
		if len(p.grams) > 2*most || len(p.grams) > max(0, p.long-2) || p.long > len(s) {
			t.Fatalf("%d grams of %d syllables of %d bytes", len(p.grams), p.long, len(s))
		}
		if q := pr.Print(s); q.whole != p.whole || !slices.Equal(q.grams, p.grams) {
			t.Fatal("the second print is another one")
		}
		if latin := strings.Map(onlyLatin, s); pr.Print(norm.NFD.String(latin)).whole != pr.Print(norm.NFC.String(latin)).whole {
			t.Fatalf("%q: NFD is another text than NFC", latin)
		}
	})
}

// onlyLatin leaves what Vietnamese is written with.
func onlyLatin(r rune) rune {
	if r < 0x80 && r != '&' || r >= 0xC0 && r < 0x180 && r != 'ı' && r != 'ł' && r != 'Ł' || strings.ContainsRune("ơƠưƯ\u0300\u0301\u0303\u0309\u0323", r) || r >= 0x1EA0 && r < 0x1EFA {
		return r
	}
	return -1
}
