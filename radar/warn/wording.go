package warn

import (
	"math"
	"strings"
	"unicode"

	"khue/text"
)

// lexicon names ways of saying, without marks. The sets are ours; what weight each has is learnt (wordingWeights).
var lexicon = [...][]string{
	hearsayWords: {
		"nghe noi", "nghe dau", "nghe bao", "nghe don", "don la", "tin don", "don rang", "duoc cho la", "thay bao", "thay noi", "ai do noi", "hinh nhu", "chac la",
		"chua ro thuc hu", "chua ro dung sai", "chua kiem chung", "nguoi ta noi", "moi nguoi noi", "co nguoi noi", "co nguoi ke", "hang xom noi", "ban toi noi", "nguoi quen", "khong biet co dung",
	},
	nobodyWords: {
		"mot nguon tin", "nguon tin rieng", "nguon tin noi bo", "dan mang", "cu dan mang", "cong dong mang", "mang xa hoi", "facebook", "facebooker", "zalo", "tiktok", "clip lan truyen", "hinh anh lan truyen",
		"theo mot so nguoi", "mot so nguoi dan", "nguoi trong cuoc", "giau ten", "nguon tin cho biet", "tin nong", "tin khan",
	},
	urgeWords: {
		"chia se ngay", "hay chia se", "share ngay", "share gap", "chia se cho", "chuyen cho moi nguoi", "nhan cho", "bao cho nguoi than", "can than nhe", "moi nguoi oi", "ca nha oi", "canh bao khan", "doc ngay", "xem ngay",
		"truoc khi bi xoa", "dung bo qua", "ai cung phai biet", "hay can than", "khan cap", "gap gap", "nho chia se", "luu y gap",
	},
	shockWords: {
		"soc", "kinh hoang", "rung minh", "rung ron", "khong the tin", "khong ngo", "su that dang sau", "bi mat", "bung bit", "che giau", "giau nhem", "chan dong", "phan no", "kinh di", "dung tim", "lanh song lung", "hoang mang",
		"tham hoa", "lua dao", "doc hai", "chet nguoi", "ung thu",
	},
	officeWords: {
		"ubnd", "uy ban nhan dan", "cong an", "so y te", "so xay dung", "so giao duc", "so noi vu", "so cong thuong", "so van hoa", "so khoa hoc", "so tai chinh", "so nong nghiep", "chinh phu", "thu tuong", "bo truong", "bo y te", "bo cong an",
		"bo giao duc", "bo tai chinh", "bo quoc phong", "bo ngoai giao", "bo xay dung", "bo cong thuong", "bo noi vu", "quoc hoi", "toa an", "vien kiem sat", "tong cuc", "cuc truong", "giam doc so", "chu tich phuong", "chu tich xa", "chu tich ubnd",
		"nguoi phat ngon", "phat ngon vien", "truong phong", "trung tam du bao", "benh vien", "ban quan ly", "dai hoc", "hoi dong", "vien truong", "so giao thong",
	},
	citeWords: {
		"cho biet", "cho hay", "khang dinh", "thong bao so", "quyet dinh so", "cong van so", "van ban so", "ke hoach so", "phat bieu", "tra loi", "trao doi voi", "thong tin tu", "theo bao cao", "theo thong bao", "theo quyet dinh", "thong cao", "hop bao", "dan loi",
		"theo ong", "theo ba", "nhan dinh", "bao cao", "xac nhan",
	},
	denyWords: {
		"bac bo", "tin gia", "sai su that", "khong dung su that", "khong chinh xac", "khong co chuyen", "that thiet", "bia dat", "dinh chinh", "xuyen tac", "khong co co so", "chua co co so", "tin that thiet", "khong xac thuc", "la gia", "la gia mao", "gia mao van ban", "phu nhan", "khong co that", "lam ro tin don", "bac tin", "khong co lich",
		"khong co viec", "khong he co", "khong phai su that",
	},
}

// The sets of the lexicon.
const (
	hearsayWords = iota
	nobodyWords
	urgeWords
	shockWords
	officeWords
	citeWords
	denyWords
	lexiconSets
)

// phrases finds the lexicon's phrases by their first syllable.
var phrases = func() map[string][]phrase {
	m := map[string][]phrase{}
	for set, list := range lexicon {
		for _, p := range list {
			words := strings.Fields(p)
			m[words[0]] = append(m[words[0]], phrase{set, words[1:]})
		}
	}
	return m
}()

type phrase struct {
	set  int
	rest []string
}

// read is how much of a text's beginning is read, in bytes: a rumour says what it says soon.
const read = 6000

// counts are how often a text uses each set, and its length in syllables.
type counts struct {
	of        [lexiconSets]int
	syllables int
	capitals  int // syllables all in capitals, of two letters and more
	marks     int // "!" and "?" and "..."
	values    int // numbers, dates, amounts
	disguised int // letters of another script and hidden characters
}

func countWords(s string) counts {
	var c counts
	s, mended := text.Repaired(text.Cut(s, read))
	c.disguised = mended.Hidden + mended.Lookalikes
	spans := text.Syllables(s)
	words := make([]string, len(spans))
	for i, span := range spans {
		word := span.Of(s)
		words[i] = text.Fold(word)
		if shouted(word) {
			c.capitals++
		}
	}
	c.syllables = len(spans)
	for i, w := range words {
		for _, p := range phrases[w] {
			if len(p.rest) < len(words)-i && equal(words[i+1:i+1+len(p.rest)], p.rest) {
				c.of[p.set]++
				if p.set == citeWords && negated(words[i+1+len(p.rest):]) {
					c.of[denyWords]++ // "khẳng định không có", "cho biết chưa"
				}
			}
		}
	}
	c.marks = strings.Count(s, "!") + strings.Count(s, "?") + strings.Count(s, "...") + strings.Count(s, "…")
	c.values = len(text.Values(s))
	return c
}

// negated tells whether what follows begins with a negation.
func negated(words []string) bool {
	for _, w := range words[:min(3, len(words))] {
		if w == "khong" || w == "chua" || w == "chang" {
			return true
		}
	}
	return false
}

func equal(a, b []string) bool {
	for i := range b {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func shouted(word string) bool {
	n := 0
	for _, r := range word {
		if !unicode.IsLetter(r) || unicode.IsLower(r) {
			return false
		}
		n++
	}
	return n > 3 // shorter ones are mostly abbreviations
}

// refutes tells whether a text is itself a denial: who reports that the city refuted a claim does not spread it.
func refutes(words string) bool {
	return countWords(text.Cut(words, 1200)).of[denyWords] > 0
}

// Features of the wording, as the model sees them. All grow with the square root or logarithm of a rate, so that one text of many
// such words is not worth ten.
const (
	featHearsay = iota
	featNobody
	featUrge
	featShock
	featOffice
	featCite
	featCapitals
	featMarks
	featValues
	featDisguised
	featShort
	features
)

func (c counts) features() [features]float64 {
	per := 100 / math.Max(50, float64(c.syllables))
	rate := func(n int) float64 { return math.Min(2, math.Sqrt(float64(n)*per)) }
	return [features]float64{
		featHearsay: rate(c.of[hearsayWords]), featNobody: rate(c.of[nobodyWords]), featUrge: rate(c.of[urgeWords]), featShock: rate(c.of[shockWords]),
		featOffice: rate(c.of[officeWords]), featCite: rate(c.of[citeWords]), featCapitals: rate(c.capitals), featMarks: rate(c.marks), featValues: rate(c.values),
		featDisguised: math.Min(1, float64(c.disguised)), featShort: math.Log(math.Max(20, float64(c.syllables))/300) * -0.5,
	}
}

// wording gives the log odds of a text's words being those of a rumour, and its features.
func wording(s string) (float64, [features]float64) {
	f := countWords(s).features()
	z := wordingBias
	for i, w := range wordingWeights {
		z += w * f[i]
	}
	return z, f
}
