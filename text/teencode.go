package text

import "strings"

// teencode maps what people type in haste to the word it stands for. Only forms with one meaning are here: "k" before a digit
// is a thousand and is told apart where tokens are made.
var teencode = map[string]string{
	"ko": "không", "k": "không", "hok": "không", "kô": "không", "khg": "không", "hông": "không",
	"dc": "được", "đc": "được", "vs": "với", "trc": "trước", "cx": "cũng", "cũg": "cũng", "nx": "nữa", "ng": "người",
	"thik": "thích", "wá": "quá", "lm": "làm", "nhìu": "nhiều", "rùi": "rồi", "bik": "biết", "mk": "mình", "ntn": "như thế nào",
}

// Plain gives the word that a teencode form stands for, and whether it was one: Plain("ko") is "không", true.
func Plain(word string) (string, bool) {
	w, ok := teencode[strings.ToLower(Normalize(word))]
	if !ok {
		return word, false
	}
	return w, true
}
