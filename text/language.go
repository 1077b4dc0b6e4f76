package text

import (
	"unicode"
)

// Language is a guess at what a text is written in.
type Language string

// The languages told apart. Vietnamese without marks is Vietnamese.
const (
	Vietnamese    Language = "vi"
	English       Language = "en"
	OtherLanguage Language = "other"
)

// Words that are frequent in one language and rare or absent in others, by identity without marks.
var (
	vietnameseWords = fold("cua va cac khong duoc nguoi trong nhung voi mot la da cho nay ve khi den tai nhieu phai cung nam ngay viec sau tren theo nhu thi lam hang duong")
	englishWords    = fold("the of and to in is that for it was on with as be by at this have from or are not but they which his her will would there been their")
)

func fold(words string) map[uint64]bool {
	m := map[uint64]bool{}
	for _, sp := range Syllables(words) {
		key, _ := identity(sp.Of(words))
		m[key] = true
	}
	return m
}

// guessWords is how many words a guess looks at.
const guessWords = 400

// GuessLanguage tells Vietnamese and English from all others, by letters that only Vietnamese has and by frequent words.
func GuessLanguage(s string) Language {
	if len(s) > 16*guessWords {
		end := 16 * guessWords
		for end > 0 && s[end]&0xC0 == 0x80 {
			end--
		}
		s = s[:end]
	}
	var vi, en, own, foreign, latin int
	s = Normalize(s)
	tokens := Tokens(s)
	for _, t := range tokens[:min(len(tokens), guessWords)] {
		if t.Flags&Numeral != 0 {
			continue
		}
		if vietnameseWords[t.Key] {
			vi++
		}
		if englishWords[t.Key] {
			en++
		}
	}
	for _, r := range s {
		switch {
		case r == 'đ' || r == 'ơ' || r == 'ư' || r == 'ă' || r == 'Đ' || r == 'Ơ' || r == 'Ư' || r == 'Ă' || r >= 0x1EA0 && r <= 0x1EF9:
			own++
			latin++
		case unicode.Is(unicode.Latin, r):
			latin++
		case unicode.IsLetter(r):
			foreign++
		}
	}
	switch {
	case latin == 0 || foreign > latin:
		return OtherLanguage
	case own*25 > latin, vi > en && vi*8 >= len(tokens):
		return Vietnamese
	case en > vi && en*8 >= len(tokens):
		return English
	}
	return OtherLanguage
}
