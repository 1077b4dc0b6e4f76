package verify

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"khue/text"
)

// notice is an official text of ours; others differ from it in numbers, the matter and the name only.
func notice(k int) string {
	matters := []string{"sửa chữa hè phố", "thay đường ống cấp nước", "chỉnh trang vườn hoa", "nâng cấp trạm bơm", "cắt tỉa cây xanh trước mùa mưa"}
	people := []string{"Nguyễn Thị Lụa", "Phạm Thanh Trúc", "Đặng Bích Thủy", "Vũ Kim Ngân"}
	return fmt.Sprintf(`ỦY BAN NHÂN DÂN PHƯỜNG TRÚC ĐÀO
Số: %d/TB-UBND
THÔNG BÁO
Căn cứ Luật Tổ chức chính quyền địa phương và các văn bản hướng dẫn thi hành, Ủy ban nhân dân phường thông báo để các tổ chức, cá nhân trên địa bàn biết và thực hiện như sau.
Thời gian thực hiện việc %s từ ngày %d/5/2031 đến hết ngày %d/8/2031. Tổng kinh phí được duyệt là %d.500.000 đồng, trong đó ngân sách phường chi %d phần trăm. Có %d hộ gia đình và %d cửa hàng nằm trong phạm vi ảnh hưởng. Hộ gia đình được miễn toàn bộ chi phí nếu đăng ký trước ngày %d/4/2031. Người dân không phải nộp bản sao giấy tờ khi đến làm thủ tục. Khoản hỗ trợ chỉ chi cho hộ có xác nhận của tổ dân phố. Đầu mối liên hệ là bà %s, cán bộ phụ trách đô thị.
Trong quá trình thực hiện, nếu có vướng mắc, đề nghị phản ánh về bộ phận một cửa để được hướng dẫn. Nơi nhận: như trên; lưu văn thư.`,
		100+7*k, matters[k%5], 1+k%27, 2+k%26, 120+13*k, 20+k%70, 130+11*k, 12+k, 3+k%20, people[k%4])
}

// story is an official text that shares nothing with the notices.
const story = `Chiều 12/3/2031, thành phố khánh thành cây cầu đi bộ nối hai bờ sông Nhuệ. Cầu dài 240 m, rộng 6 m, do 3 đơn vị thi công trong 18 tháng với kinh phí 92 tỷ đồng. Ông Trần Quốc Bảo, giám đốc ban quản lý, cho biết cầu không thu phí và mở cửa từ 5 giờ đến 23 giờ mỗi ngày. Người đi xe đạp phải xuống dắt bộ khi qua cầu. Trong tháng đầu, lực lượng thanh niên tình nguyện sẽ hướng dẫn người dân ở hai đầu cầu. Ban quản lý đã bố trí 24 chỗ để xe đạp công cộng gần lối lên phía đông.`

func library(tb testing.TB) *Library {
	tb.Helper()
	l := NewLibrary()
	for k := range 30 {
		l.Add(fmt.Sprintf("n%02d", k), notice(k))
	}
	l.Add("story", story)
	return l
}

func swap(s, old, now string) string {
	if !strings.Contains(s, old) {
		panic(old)
	}
	return strings.Replace(s, old, now, 1)
}

func describe(r Result) string {
	parts := []string{string(r.Verdict)}
	if r.Document != "" {
		parts = append(parts, r.Document, string(r.Grade))
	}
	for _, c := range r.Changes {
		parts = append(parts, fmt.Sprintf("%s[%s>%s]", c.Kind, c.Official, c.Found))
	}
	return strings.Join(parts, " ")
}

func TestHardCases(t *testing.T) {
	l := library(t)
	n := notice(7)
	f := func(name, given, want string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Helper()
			if got := describe(l.Check(given)); got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
		})
	}
	half := story[:strings.Index(story, " Người đi xe đạp")]
	// form
	f("itself", story, "authentic story none")
	f("NFD", norm.NFD.String(story), "authentic story none")
	f("capitals", strings.ToUpper(story), "authentic story none")
	f("no marks", text.Fold(story), "authentic story none")
	f("new tone placement", strings.ReplaceAll(n, "Ủy", "Uỷ"), "authentic n07 none")
	f("hidden characters", strings.ReplaceAll(story, "g ", "g\u200b \ufeff"), "authentic story none")
	f("look-alikes", strings.NewReplacer("a", "а", "o", "ο").Replace(story), "authentic story none")
	f("teencode", strings.NewReplacer("không", "ko", "được", "dc").Replace(n), "authentic n07 none")
	f("HTML entities", strings.NewReplacer("à", "&agrave;", "đ", "&#273;", " 3 ", "&nbsp;3 ").Replace(story), "authentic story none")
	f("mail", "> "+strings.ReplaceAll(story, ". ", ".\n> "), "authentic story none")
	f("numbers in words", swap(swap(story, "24 chỗ", "hai mươi bốn chỗ"), "92 tỷ", "chín mươi hai tỷ"), "authentic story none")
	f("other separators", swap(n, "211.500.000", "211,500,000"), "authentic n07 none")
	f("amount in millions", swap(n, "211.500.000 đồng", "211,5 triệu đồng"), "authentic n07 none")
	f("date in words", swap(story, "12/3/2031", "ngày 12 tháng 3 năm 2031"), "authentic story none")
	f("date with dashes", swap(story, "12/3/2031", "12-03-2031"), "authentic story none")
	f("time of day", swap(story, "5 giờ đến 23 giờ", "5h đến 23h"), "authentic story none")
	// excerpts
	f("first half", half, "abridged story none")
	f("sentence left out", swap(story, " Người đi xe đạp phải xuống dắt bộ khi qua cầu.", ""), "abridged story none")
	f("short greeting", "Mời bà con đọc: "+half, "abridged story none")
	f("what one notice alone has", n[strings.Index(n, "Thời gian"):strings.Index(n, "Hộ gia đình được")], "abridged n07 none")
	// changes
	f("number", swap(story, "240 m", "420 m"), "altered story critical number[240>420]")
	f("number in words", swap(story, "24 chỗ", "hai mươi lăm chỗ"), "altered story critical number[24>hai mươi lăm]")
	f("amount", swap(story, "92 tỷ", "92 triệu"), "altered story critical money[tỷ>triệu]")
	f("amount, same digits", swap(n, "211.500.000", "2.115.000.000"), "altered n07 critical money[211.500.000>2.115.000.000]")
	f("date", swap(story, "12/3/2031", "13/3/2031"), "altered story critical date[12/3/2031>13/3/2031]")
	f("year in another form", swap(story, "12/3/2031", "ngày 12 tháng 3 năm 2030"), "altered story critical date[12/3/2031>ngày 12 tháng 3 năm 2030]")
	f("negation in", swap(story, "sẽ hướng dẫn", "sẽ không hướng dẫn"), "altered story critical negation[>không]")
	f("negation out", swap(n, "không phải nộp", "phải nộp"), "altered n07 critical negation[không>]")
	f("negation in teencode", swap(story, "sẽ hướng dẫn", "sẽ ko hướng dẫn"), "altered story critical negation[>ko]")
	f("negation without marks", swap(text.Fold(story), "da bo tri", "chua bo tri"), "altered story critical negation[đã>chua]")
	f("name", swap(story, "Trần Quốc Bảo", "Lý Hải Đăng"), "altered story critical name[Trần Quốc Bảo>Lý Hải Đăng]")
	f("number of a document", swap(n, "149/TB", "150/TB"), "altered n07 critical number-of-document[149/TB-UBND>150/TB-UBND]")
	f("condition out", swap(n, " nếu đăng ký trước ngày 10/4/2031", ""), "altered n07 critical omitted[nếu đăng ký trước ngày 10/4/2031>]")
	f("restriction out", swap(n, "chỉ chi", "chi"), "altered n07 critical omitted[chỉ>]")
	f("last day cut off at the end", story[:strings.Index(story, " đến 23 giờ")], "altered story critical omitted[đến 23 giờ mỗi ngày>]")
	f("sentence in", swap(story, " Người đi", " Ai đến sớm đều nhận quà của ban tổ chức. Người đi"), "altered story material inserted[>Ai đến sớm đều nhận quà của ban tổ chức]")
	f("wording", swap(story, "mở cửa", "hoạt động"), "altered story material wording[mở cửa>hoạt động]")
	f("another mark", swap(story, "dắt bộ", "dặt bộ"), "altered story material wording[dắt>dặt]")
	// strangers
	f("empty", "", "unknown")
	f("emoji and other scripts", "👍👩‍👩‍👧 مرحبا بالعالم", "unknown")
	f("a stranger", "Sáng nay trời nhiều mây, nhiệt độ cao nhất 27 độ, gió nhẹ, chất lượng không khí ở mức trung bình, người dân nên hạn chế ra ngoài vào giờ cao điểm.", "unknown")
	f("what all notices share", n[:strings.Index(n, "Thời gian")]+"Sáng nay trời nhiều mây, nhiệt độ cao nhất 27 độ, gió nhẹ, chất lượng không khí ở mức trung bình, người già và trẻ nhỏ nên hạn chế ra ngoài vào giờ cao điểm cho đến khi có mưa. "+n[strings.Index(n, "Trong quá trình"):], "unknown")
}

func TestTwoDocumentsAsOne(t *testing.T) {
	l := library(t)
	n := notice(3)
	given := story[:strings.Index(story, " Người đi xe đạp")] + " " + n[strings.Index(n, "Thời gian"):strings.Index(n, "Hộ gia đình được")]
	r := l.Check(given)
	if r.Verdict != Altered || r.Grade != Material || r.Changes[0].Kind != Inserted {
		t.Fatal(describe(r))
	}
}

func TestReplaceAndRemove(t *testing.T) {
	l := library(t)
	now := swap(story, "240 m", "250 m")
	l.Replace("story", now)
	if got := describe(l.Check(now)); got != "authentic story none" {
		t.Error(got)
	}
	if got := describe(l.Check(story)); got != "altered story critical number[250>240]" {
		t.Error(got)
	}
	l.Remove("story")
	l.Compact()
	if got := l.Check(now); got.Verdict != Unknown {
		t.Error(describe(got))
	}
	l.Remove("not there")
	if l.Len() != 30 {
		t.Error(l.Len())
	}
	if got := describe(l.Check(notice(4))); got != "authentic n04 none" {
		t.Error(got)
	}
}

// checkResult holds what every result must keep to.
func checkResult(t interface{ Fatalf(string, ...any) }, given string, r Result) {
	spans := func(name, s string, sp text.Span) {
		if sp.Start < 0 || sp.End < sp.Start || sp.End > len(s) || sp.Start < len(s) && !utf8.RuneStart(s[sp.Start]) && utf8.ValidString(s) {
			t.Fatalf("%s: span %v of %d bytes", name, sp, len(s))
		}
	}
	if (r.Verdict == Altered) != (len(r.Changes) > 0) || (r.Verdict == Unknown) != (r.Document == "") || (r.Grade == None) != (len(r.Changes) == 0) {
		t.Fatalf("%s does not agree with itself", describe(r))
	}
	for _, c := range r.Changes {
		spans("official", r.Official, c.InOfficial)
		spans("found", given, c.InFound)
		if c.InOfficial.Of(r.Official) != c.Official || text.Normalize(c.InFound.Of(given)) != c.Found && !strings.ContainsAny(given, "\u200b&") {
			t.Fatalf("%+v: %q, %q", c, c.InOfficial.Of(r.Official), c.InFound.Of(given))
		}
		if c.Official == "" && c.Found == "" {
			t.Fatalf("empty change %+v", c)
		}
	}
	// Between runs lie only white space and signs: every word of both texts stands in one.
	gap := func(name, s string) {
		if word := strings.IndexFunc(s, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }); word >= 0 && utf8.ValidString(s) && !strings.ContainsAny(given, "\u200b&") {
			t.Fatalf("%s: no run shows %q of %q", name, s, given)
		}
	}
	a, b := 0, 0
	for _, run := range r.Runs {
		spans("run, official", r.Official, run.InOfficial)
		spans("run, found", given, run.InFound)
		if run.InOfficial.Start < a || run.InFound.Start < b {
			t.Fatalf("runs out of order: %+v after %d, %d", run, a, b)
		}
		gap("official", r.Official[a:run.InOfficial.Start])
		gap("found", given[b:run.InFound.Start])
		a, b = run.InOfficial.End, run.InFound.End
	}
	if len(r.Runs) > 0 {
		gap("official", r.Official[a:])
		gap("found", given[b:])
	}
}

func TestAnyEditGivesASoundResult(t *testing.T) {
	l := library(t)
	rapid.Check(t, func(t *rapid.T) {
		words := strings.Fields(rapid.SampledFrom([]string{story, notice(3), story + " " + notice(5)}).Draw(t, "text"))
		from := rapid.IntRange(0, len(words)-1).Draw(t, "from")
		words = append([]string{}, words[from:rapid.IntRange(from, len(words)).Draw(t, "to")]...)
		for range rapid.IntRange(0, 6).Draw(t, "edits") {
			if len(words) == 0 {
				break
			}
			i := rapid.IntRange(0, len(words)-1).Draw(t, "at")
			switch rapid.IntRange(0, 3).Draw(t, "how") {
			case 0:
				words[i] = rapid.SampledFrom([]string{"không", "24", "hai", "ngày 9/5", "Nguyễn", "1,5 triệu đồng", "…", "ko", "а\u200b"}).Draw(t, "word")
			case 1:
				words = append(words[:i], words[i+1:]...)
			case 2:
				words[i] = words[i] + " " + words[i]
			case 3:
				words[i] = norm.NFD.String(words[i])
			}
		}
		given := strings.Join(words, " ")
		checkResult(t, given, l.Check(given))
	})
}

func FuzzCheck(f *testing.F) {
	l := library(f)
	f.Add(story)
	f.Add(notice(2))
	f.Add(strings.ToUpper(norm.NFD.String(story)))
	f.Add(swap(story, "92 tỷ", "chín mươi hai triệu"))
	f.Add("không " + story + " không")
	f.Add("\xff\xfe" + story)
	f.Add(swap(story[:strings.Index(story, " 92 tỷ")], "12/3/2031", "12/5/2031") + " 93 tỷ đồng")
	f.Add(strings.ReplaceAll(swap(story, "240 m", "420 m"), "à", "&agrave;"))
	f.Fuzz(func(t *testing.T, given string) { checkResult(t, given, l.Check(given)) })
}

func TestReadersWhileOneWrites(t *testing.T) {
	l := library(t)
	var wait sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for {
				select {
				case <-stop:
					return
				default:
				}
				if r := l.Check(story); r.Verdict != Authentic {
					t.Errorf("%s while another text was added", describe(r))
					return
				}
			}
		}()
	}
	for k := range 60 {
		l.Add(fmt.Sprintf("m%d", k%20), notice(40+k))
		if k%7 == 0 {
			l.Remove(fmt.Sprintf("m%d", k%20))
		}
		if k%25 == 0 {
			l.Compact()
		}
	}
	close(stop)
	wait.Wait()
}

func TestLongTexts(t *testing.T) {
	l := library(t)
	if r := l.Check(strings.Repeat("một dòng rất dài ", 300_000)); r.Verdict != Unknown { // 5 MB in one line
		t.Error(describe(r))
	}
	long := story + strings.Repeat(" Đoạn này dài thêm và không nói gì khác.", 3000)
	l.Add("long", long)
	if r := l.Check(long); r.Verdict != Authentic {
		t.Error(r.Verdict)
	}
}

func TestCheckDoesNotGrowWithTheLibrary(t *testing.T) {
	l := library(t)
	l.Check(story)
	few := testing.AllocsPerRun(50, func() { l.Check(story) })
	for k := range 200 {
		l.Add(fmt.Sprintf("x%d", k), notice(100+k))
	}
	l.Check(story)
	if many := testing.AllocsPerRun(50, func() { l.Check(story) }); many > 2*few+10 || many > 120 { // the race detector empties pools at random
		t.Errorf("%v allocations with 31 texts, %v with 231", few, many)
	}
}

func BenchmarkCheck(b *testing.B) {
	l := library(b)
	given := swap(story, "240 m", "420 m")
	b.ReportAllocs()
	for b.Loop() {
		if r := l.Check(given); r.Grade != Critical {
			b.Fatal(describe(r))
		}
	}
}
