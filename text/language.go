package text

import "strings"

// Language is a guess at what a text is written in.
type Language string

// What Guess tells apart.
const (
	Vietnamese Language = "vi"
	English    Language = "en"
	Other      Language = "other"
)

// guessBytes is how much of a text is looked at.
const guessBytes = 8192

// common are short words that are frequent in one language and rare or absent in others; those of Vietnamese are written without
// marks, as people type them.
var common = map[string]Language{
	"khong": Vietnamese, "nhung": Vietnamese, "duoc": Vietnamese, "nguoi": Vietnamese, "trong": Vietnamese, "ngay": Vietnamese, "cua": Vietnamese,
	"cho": Vietnamese, "phuong": Vietnamese, "thanh": Vietnamese, "voi": Vietnamese, "nay": Vietnamese, "tren": Vietnamese, "dang": Vietnamese,
	"ve": Vietnamese, "va": Vietnamese, "cac": Vietnamese, "mot": Vietnamese, "roi": Vietnamese, "thi": Vietnamese, "nhu": Vietnamese, "se": Vietnamese,
	"hom": Vietnamese, "qua": Vietnamese, "bao": Vietnamese, "viec": Vietnamese, "nuoc": Vietnamese, "xa": Vietnamese, "la": Vietnamese, "co": Vietnamese,
	"the": English, "of": English, "and": English, "is": English, "are": English, "was": English, "with": English, "that": English, "this": English,
	"for": English, "on": English, "from": English, "will": English, "has": English, "have": English, "by": English, "said": English, "be": English,
	"it": English, "not": English, "they": English, "at": English, "an": English,
}

// Guess tells Vietnamese, with or without its marks, and English from everything else, by the letters that only Vietnamese has
// and by short common words. A text too short to tell is Other.
func Guess(s string) Language {
	if len(s) > guessBytes {
		s = strings.ToValidUTF8(s[:guessBytes], "")
	}
	letters, marked := 0, 0
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			letters++
		case r < 0x80:
		default:
			letters++
			if ownLetter(r) {
				marked++
			}
		}
	}
	if letters == 0 {
		return Other
	}
	if marked >= 2 && marked*25 >= letters {
		return Vietnamese
	}
	count := map[Language]int{}
	words := 0
	for w := range strings.FieldsSeq(Key(s)) {
		words++
		if l, ok := common[w]; ok {
			count[l]++
		}
	}
	vi, en := count[Vietnamese], count[English]
	switch {
	case vi > en && vi >= 2 && vi*8 >= words:
		return Vietnamese
	case en > vi && en >= 2 && en*8 >= words:
		return English
	}
	return Other
}

// ownLetter says whether a letter is one that, of the languages in Latin letters, Vietnamese alone has or has far more often:
// đ, ă, ơ, ư, those with two marks, those with a hook or a dot below, and loose tone marks of decomposed text.
func ownLetter(r rune) bool {
	switch r {
	case 'đ', 'Đ', 'ă', 'Ă', 'ơ', 'Ơ', 'ư', 'Ư', 0x0309, 0x0323, 0x031B:
		return true
	}
	return r >= 0x1EA0 && r <= 0x1EF9
}
