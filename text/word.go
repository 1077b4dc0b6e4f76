package text

import "strings"

// Word is a class of words that change what a sentence says: numbers, units, days, negations, conditions.
type Word uint8

// The classes. Number words carry their value: WordZero+n is the digit n.
const (
	WordNone      Word = iota
	WordZero           // không as a digit is WordNot; this is only "linh", "lẻ": nothing in the tens
	WordOne            // một, mốt
	WordTwo            // hai
	WordThree          // ba
	WordFour           // bốn, tư
	WordFive           // năm, lăm, nhăm
	WordSix            // sáu
	WordSeven          // bảy, bẩy
	WordEight          // tám
	WordNine           // chín
	WordTen            // mười, mươi, chục
	WordHundred        // trăm
	WordThousand       // nghìn, ngàn
	WordMillion        // triệu, tr
	WordBillion        // tỷ, tỉ
	WordHalf           // rưỡi
	WordDong           // đồng, VND, VNĐ
	WordForeign        // USD, đô, euro, …
	WordPercent        // phần (of phần trăm)
	WordDay            // ngày, mùng, mồng
	WordPart           // hôm, sáng, trưa, chiều, tối, đêm, rạng: words before a day
	WordMonth          // tháng
	WordYear           // năm stands in WordFive; this is niên
	WordHour           // giờ, h
	WordMinute         // phút
	WordNot            // không, chưa, chẳng, chả, đừng, chớ, cấm
	WordIf             // nếu, trừ, chỉ: a condition, an exception, a restriction
	WordWhen           // khi, trường hợp …: weaker conditions
	WordUntil          // trước, hết, hạn, đến, tới: a last day
	WordQuarter        // quý, thứ, khóa, khoản, điều, số: an ordinal follows
	wordNameTitle      // ông, bà, …
)

// longestWord is how many letters the words of the vocabulary have at most.
const longestWord = 6

// vocabulary finds a word by its marked identity; a teencode form also gives the identity of what it stands for.
var vocabulary = func() map[uint64]entry {
	m := map[uint64]entry{}
	for word, forms := range map[Word]string{
		WordZero: "linh lẻ", WordOne: "một mốt", WordTwo: "hai", WordThree: "ba", WordFour: "bốn tư", WordFive: "năm lăm nhăm",
		WordSix: "sáu", WordSeven: "bảy bẩy", WordEight: "tám", WordNine: "chín", WordTen: "mười mươi chục", WordHundred: "trăm",
		WordThousand: "nghìn ngàn", WordMillion: "triệu tr", WordBillion: "tỷ tỉ", WordHalf: "rưỡi",
		WordDong: "đồng vnd vnđ đ", WordForeign: "usd đô euro eur bảng yên won tệ", WordPercent: "phần", WordDay: "ngày mùng mồng",
		WordPart: "hôm sáng trưa chiều tối đêm rạng", WordMonth: "tháng", WordHour: "giờ h", WordMinute: "phút",
		WordNot: "không chưa chẳng chả đừng chớ cấm", WordIf: "nếu trừ chỉ", WordWhen: "khi", WordUntil: "trước hết hạn đến tới",
		WordQuarter: "quý thứ khóa khoản điều số kỳ hồi lúc",
	} {
		for _, f := range strings.Fields(forms) {
			_, mark := identity(f)
			m[mark] = entry{word: word}
		}
	}
	for form, of := range teencode {
		if strings.Contains(of, " ") {
			continue
		}
		_, mark := identity(form)
		if _, taken := m[mark]; taken {
			continue
		}
		e := entry{of: m[second(identity(of))].word}
		e.key, e.mark = identity(of)
		m[mark] = e
	}
	return m
}()

type entry struct {
	word      Word
	of        Word // what a teencode form stands for, with its identities
	key, mark uint64
}

func second(_, b uint64) uint64 { return b }

// identity hashes one word as AppendTokens does.
func identity(word string) (key, mark uint64) {
	h := hasher{key: fnvOffset, mark: fnvOffset}
	for _, r := range word {
		if l, ok := letterOf(r); ok {
			h.add(l)
		}
	}
	return h.ends()
}

// WordOf gives the class of one written word.
func WordOf(word string) Word { return vocabulary[second(identity(word))].word }

// loose classes by identity without marks, for texts typed without any; only what is hard to mistake.
var looseVocabulary = func() map[uint64]Word {
	m := map[uint64]Word{}
	for word, forms := range map[Word]string{
		WordZero: "linh", WordOne: "mot", WordTwo: "hai", WordThree: "ba", WordFour: "bon tu", WordFive: "nam lam", WordSix: "sau",
		WordSeven: "bay", WordEight: "tam", WordNine: "chin", WordTen: "muoi chuc", WordHundred: "tram", WordThousand: "nghin ngan",
		WordMillion: "trieu", WordBillion: "ty", WordHalf: "ruoi", WordDong: "dong vnd", WordForeign: "usd euro", WordPercent: "phan",
		WordDay: "ngay mung", WordPart: "hom sang trua chieu toi dem", WordMonth: "thang", WordHour: "gio h", WordMinute: "phut",
		WordNot: "khong chua chang", WordIf: "neu tru chi", WordWhen: "khi", WordUntil: "truoc het han den toi", WordQuarter: "quy thu so",
	} {
		for _, f := range strings.Fields(forms) {
			key, _ := identity(f)
			m[key] = word
		}
	}
	return m
}()

// LooseWord gives the class of a token by its letters alone, for a text that was typed without marks.
func LooseWord(t Token) Word {
	if t.Word != WordNone {
		return t.Word
	}
	if t.Flags&(Marked|Numeral) != 0 {
		return WordNone
	}
	return looseVocabulary[t.Key]
}
