package phrase

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func scanAll(s *Set, text string) []Hit {
	var hits []Hit
	s.Scan(text, func(h Hit) { hits = append(hits, h) })
	return hits
}

func build(t testing.TB, phrases ...string) *Set {
	t.Helper()
	var b Builder
	for i, p := range phrases {
		n, err := b.Add(p, AsWritten)
		if err != nil || n != i {
			t.Fatalf("%q: %d, %v", p, n, err)
		}
	}
	return b.Set()
}

// at gives the starts of every phrase's occurrences.
func at(s *Set, text string) map[int][]int {
	found := map[int][]int{}
	s.Scan(text, func(h Hit) { found[h.Phrase] = append(found[h.Phrase], h.Start) })
	return found
}

func TestWhatIsFound(t *testing.T) {
	f := func(phrase, text string, want ...int) {
		t.Helper()
		if got := at(build(t, phrase), text)[0]; !slices.Equal(got, want) {
			t.Errorf("%q in %q: %v, want %v", phrase, text, got, want)
		}
	}
	f("cháy chợ", "Đêm qua cháy chợ Bến Xanh", 10)
	f("cháy chợ", norm.NFD.String("Đêm qua cháy chợ Bến Xanh"), len(norm.NFD.String("Đêm qua ")))
	f(norm.NFD.String("cháy chợ"), "Đêm qua CHÁY CHỢ.", 10)
	f("cháy chợ", "chay cho Bến Xanh")         // marks only with marks
	f("chay cho", "Cháy chợ, chảy cho", 0, 13) // none is both
	f("dong xuan", "chợ Đồng Xuân", 6)         // đ is d
	f("đong xuan", "chợ Đồng Xuân, Đong Xuan", 21)
	f("dong", "đông", 0)
	f("đong", "dong đông Đong", 12)
	f("hòa", "hoà HÒA Hoà hoá hoa", 0, 5, 10)
	f("thủy sản", "thuỷ sản", 0)
	f("mới", "mơí", 0)
	f("chợ", "cho\u031B\u0323 cho\u0323\u031B ch\u01A1\u0323 ch\u1ECD\u031B chợợ", 0, 8, 16, 23)
	f("ẫ", "a\u0302\u0303 a\u0303\u0302 \u00E2\u0303 \u00E3\u0302", 0, 6, 12, 17)
	f("hai ba", "hai, ba hai\n\n– “ba” hai…ba hai_ba hai2ba", 0, 8, 26, 35)
	f("hai ba", "hai\u200bba hai\ufeff ba hai👍🏽ba hai❤️ba", 0, 9, 19, 33)
	f("người", "n\u200bgười") // hidden characters part syllables here
	f("gười", "n\u200bgười", 4)
	f("a a", "a a a a", 0, 2, 4)
	f("chợ", "chợ", 0)
	f("chợ", "")
	f("chợ", "chợt, chợ2, 2chợ, chợ’s", 24)
	f("covid 19", "COVID-19, Covid19", 0)
	f("100 m²", "100 m2, 100m², 100 M²", 16)
	f("một hai ba bốn năm", "không một hai ba bốn; một hai, ba bốn NĂM", 27)
	f("İstanbul", "i̇stanbul istanbul İSTANBUL", 0, 20)
	f("istanbul", "i̇stanbul istanbul İSTANBUL", 0, 11, 20)
	f("ΟΔΌΣ", "οδός οδόσ ΟΔΌΣ", 0, 18)
	f("οδόσ", "οδός οδόσ ΟΔΌΣ ΟΔΌΣ2", 9)
	f("Σοφία", "σοφία ΣΟΦΊΑ", 0, 11)
	f("москва", "МОСКВА Москва", 0, 13)
	f("cбор", "сбор") // look-alikes are other letters
	f("한국", norm.NFD.String("한국 대한"), 0)
	f("がく", norm.NFD.String("がく"), 0)
	f("かく", "がく", 0)
	f("हिन्दी", "हिन्दी हन्द", 0)
	f("مرحبا", "مَرحَبا بالعالم", 0)
	f("a\u0323\u0300", "ạ\u0300 à\u0323 a\u0300\u0323", 0, 6, 11) // Unicode says that these are one
	f("q\u0302\u0306", "q\u0302\u0306 q\u0306\u0302", 0)          // and these are not
	f("ạ", "\u0323 a\u0323 \u0323a", 3)
	f("a", "\xffa\xff \xc3a a\xe1\xbb", 1, 5, 7)
	f("nghiêng nghiêng", "NGHIÊNG\tnghiêng", 0)
	f("Donaudampfschifffahrtsgesellschaft", "donaudampfschifffahrtsgesellschaft donaudampfschifffahrtsgesellschaff", 0)
	f("congtyđiện", "CôngTyĐiện congtydien CONGTYĐIỆN", 26)
	f("côngtyđiệnlực", "CÔNGTYĐIỆNLỰC côngtyđiênlực congtyđiệnlực", 0)
}

func TestMarksByChoice(t *testing.T) {
	f := func(phrase string, marks Marks, text string, want ...int) {
		t.Helper()
		var b Builder
		if _, err := b.Add(phrase, marks); err != nil {
			t.Fatal(err)
		}
		if got := at(b.Set(), text)[0]; !slices.Equal(got, want) {
			t.Errorf("%q %d in %q: %v, want %v", phrase, marks, text, got, want)
		}
	}
	f("cho", AsWritten, "cho chợ CHÓ", 0, 4, 10)
	f("cho", Exact, "cho chợ CHÓ", 0)
	f("chợ", AsWritten, "cho chợ CHÓ", 4)
	f("chợ", Any, "cho chợ CHÓ", 0, 4, 10)
	f("đá", Any, "da đa dá", 0, 3, 7)
}

func TestEqualAndNestedPhrasesAllCount(t *testing.T) {
	long := strings.Repeat("rất ", 4000) + "dài"
	s := build(t, "chợ", "cháy chợ", "Cháy Chợ", "cháy chợ Bến Xanh", "Bến Xanh", "chay cho ben xanh", "đêm qua cháy chợ Bến Xanh", long, "rất dài")
	text := "Đêm qua, cháy chợ Bến Xanh. " + long
	got := at(s, text)
	head := len("Đêm qua, cháy chợ Bến Xanh. ")
	want := map[int][]int{0: {17}, 1: {11}, 2: {11}, 3: {11}, 4: {23}, 5: {11}, 6: {0}, 7: {head}, 8: {head + 3999*len("rất ")}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	if s.Len() != 9 || s.Syllables(7) != 4001 || s.Syllables(0) != 1 {
		t.Error("the set does not know its phrases")
	}
}

func TestAPhraseWithoutASyllableIsRefused(t *testing.T) {
	var b Builder
	for _, p := range []string{"", " … ", "\u0301", "👍", "\xff"} {
		if _, err := b.Add(p, AsWritten); !errors.Is(err, ErrEmpty) {
			t.Errorf("%q: %v", p, err)
		}
	}
	if hits := scanAll(b.Set(), "chữ"); hits != nil {
		t.Errorf("a set of nothing finds %v", hits)
	}
}

// hardWords break readers of Vietnamese; small, so that phrases meet.
var hardWords = []string{
	"hòa", "hoà", "hoa", "HÒA", "đa", "Đá", "da", "chợ", "ch\u01A1\u0323", "cho\u0323\u031B", "2", "m²", "ﬁ", "ΟΔΟΣ", "οδος", "οδοσ", "Σ", "σ", "ΑΣ2", "ΑΣ\u0301", "ΑΣʰΑ", "ªΣ", "ʰΣ", "İ", "i", "한", "が", "か",
	"n\u200bg", "a\u034Fb", "x\u0345", "q\u0302\u0306", "q\u0306\u0302", "a\u0323\u0300\u0301", "à\u0323", "đ\u0302", "congtydienluc", "CôngTyĐiệnLực", "côngtyđiệnlực", "हि", "ก่", "❤\ufe0f", "1\ufe0f\u20e3",
	"\u0301", "_", ", ", "", "\xc3", "ṹ", "ǜ", "ä\u0301", "𝐀", "ố\u0301\u0300\u0300\u0323",
}

func drawText(t *rapid.T, name string, most int) string {
	word := rapid.OneOf(
		rapid.SampledFrom(hardWords), rapid.SampledFrom(hardWords),
		rapid.StringOfN(rapid.RuneFrom([]rune("aâăeêioôơuưydđnghc̛̣̀́̃̉̂̆AÂĂƠƯĐ1")), 1, 12, -1),
		rapid.StringOfN(rapid.RuneFrom(nil, unicode.Latin, unicode.Greek, unicode.Mn, unicode.Hangul, unicode.Punct), 1, 4, -1),
	)
	words := rapid.SliceOfN(word, 0, most).Draw(t, name)
	return strings.Join(words, rapid.SampledFrom([]string{" ", " ", ""}).Draw(t, "between"))
}

// checkPlain holds the engine against the plain way.
func checkPlain(t interface{ Fatalf(string, ...any) }, phrases []string, marks []Marks, text string) {
	var b Builder
	var plain []plainPhrase
	for i, p := range phrases {
		list := plainSyllables(p)
		if _, err := b.Add(p, marks[i]); (err != nil) != (len(list) == 0) {
			t.Fatalf("%q: %v", p, err)
		}
		if len(list) > 0 {
			plain = append(plain, plainPhrase{list, marks[i]})
		}
	}
	got, want := inOrder(scanAll(b.Set(), text)), plainHits(plain, text)
	if !slices.Equal(got, want) {
		t.Fatalf("phrases %q %v\ntext %q\ngot  %v\nwant %v", phrases, marks, text, got, want)
	}
}

func TestLikeThePlainWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawText(t, "text", 30)
		var phrases []string
		var marks []Marks
		for range rapid.IntRange(0, 6).Draw(t, "count") {
			p := drawText(t, "phrase", 5)
			if list := plainSyllables(text); len(list) > 0 && rapid.Bool().Draw(t, "said") {
				from := rapid.IntRange(0, len(list)-1).Draw(t, "from")
				to := rapid.IntRange(from, min(from+8, len(list)-1)).Draw(t, "to")
				p = text[list[from].start:list[to].end]
				switch rapid.IntRange(0, 3).Draw(t, "dress") {
				case 0:
					p = norm.NFD.String(p)
				case 1:
					p = strings.ToUpper(p)
				}
			}
			phrases, marks = append(phrases, p), append(marks, Marks(rapid.IntRange(0, 2).Draw(t, "marks")))
		}
		checkPlain(t, phrases, marks, text)
	})
}

// FuzzScan takes phrases a line each and a text.
func FuzzScan(f *testing.F) {
	f.Add("cháy chợ\nchay cho\nchợ", "Đêm qua CHÁY CHỢ Bến Xanh, cha\u0301y cho\u031b\u0323")
	f.Add("a a a\na a\na\na a a a a", "a a\xff a \u0301 a\u0301 a")
	f.Add(strings.Join(hardWords, "\n"), strings.Join(hardWords, " "))
	f.Fuzz(func(t *testing.T, list, text string) {
		if len(list)+len(text) > 4000 || piled(list) || piled(text) {
			t.Skip()
		}
		phrases := strings.Split(list, "\n")
		if len(phrases) > 50 {
			t.Skip()
		}
		marks := make([]Marks, len(phrases))
		for i := range marks {
			marks[i] = Marks(i % 3)
		}
		checkPlain(t, phrases, marks, text)
	})
}

// piled tells more marks on a letter than norm keeps together: the plain way would not be plain there.
func piled(s string) bool {
	n := 0
	for _, r := range s {
		if !unicode.IsMark(r) {
			n = 0
		} else if n++; n > 20 {
			return true
		}
	}
	return false
}

func TestPilesOfMarksAreRead(t *testing.T) {
	pile := "a" + strings.Repeat("\u0323\u0302\u0301", 400)
	s := build(t, pile, "a", "x "+pile)
	if got := fmt.Sprint(at(s, "x "+pile+" a")); got != fmt.Sprint(map[int][]int{0: {2}, 1: {2, 2 + len(pile) + 1}, 2: {0}}) {
		t.Error(got)
	}
}

func TestScanningAllocatesNothing(t *testing.T) {
	s := build(t, "cháy chợ", "chay cho ben xanh", "rất dài", strings.Repeat("a ", 300), "οδος")
	text := strings.Repeat("Đêm qua cháy chợ Bến Xanh rất dài ", 50) + norm.NFD.String("cháy chợ Bến Xanh ΟΔΟΣ 한국 ạ\u0301")
	n := 0
	hit := func(Hit) { n++ }
	if a := testing.AllocsPerRun(50, func() { s.Scan(text, hit) }); a != 0 || n == 0 {
		t.Errorf("%v allocations a scan, %d hits", a, n)
	}
}

// TestFiveMegabytes: one line without end, of one syllable and of many.
func TestFiveMegabytes(t *testing.T) {
	s := build(t, "a a a", "cháy chợ", strings.Repeat("a ", 1000))
	text := strings.Repeat("a ", 5<<19)
	n := map[int]int{}
	s.Scan(text, func(h Hit) { n[h.Phrase]++ })
	if n[0] != 5<<19-2 || n[2] != 5<<19-999 || n[1] != 0 {
		t.Error(n)
	}
	if hits := scanAll(s, strings.Repeat("ê", 5<<19)+" cháy chợ"); len(hits) != 1 || hits[0].Syllable != 1 {
		t.Error(hits)
	}
}

func TestManyGoroutines(t *testing.T) {
	s := build(t, "cháy chợ", strings.Repeat("a ", 100))
	done := make(chan int)
	for range 4 {
		go func() {
			n := 0
			for range 200 {
				s.Scan(strings.Repeat("a ", 150)+"cháy chợ", func(Hit) { n++ })
			}
			done <- n
		}()
	}
	for range 4 {
		if n := <-done; n != 200*52 {
			t.Error(n)
		}
	}
}
