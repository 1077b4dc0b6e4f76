package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// abbreviated are the words whose dot ends no sentence.
var abbreviated = map[string]bool{
	"tp": true, "gs": true, "ts": true, "pgs": true, "ths": true, "bs": true, "ks": true, "th": true, "st": true, "mr": true, "mrs": true,
	"dr": true, "q": true, "p": true, "tr": true, "v": true, "vv": true,
}

// endsSentence tells whether a sentence ends between token i and the next, in the text as it is written.
func endsSentence(s string, tokens []Token, i int) bool {
	if i < 0 || i+1 >= len(tokens) {
		return true
	}
	gap := s[tokens[i].End:tokens[i+1].Start]
	if gap == " " || gap == "" {
		return false
	}
	next := tokens[i+1]
	if at := strings.IndexByte(gap, '\n'); at >= 0 {
		// a line that was only wrapped goes on in small letters
		if strings.Count(gap, "\n") > 1 || next.Flags&(Capital|Numeral) != 0 || strings.ContainsAny(gap, ".!?…:;-–•*+") {
			return true
		}
	}
	end := strings.IndexAny(gap, ".!?")
	if e := strings.Index(gap, "…"); e >= 0 && (end < 0 || e < end) {
		end = e
	}
	if end < 0 {
		return false
	}
	rest := gap[end:]
	space := strings.IndexFunc(rest, unicode.IsSpace)
	if space < 0 {
		return false
	}
	if end == 0 && rest[0] == '.' && (len(rest) == 1 || rest[1] != '.') && next.Flags&LineHead == 0 {
		w := tokens[i].Of(s)
		if i > 0 && tokens[i-1].End == tokens[i].Start {
			return true // quốc lộ 1A, 720p
		}
		if abbreviated[strings.ToLower(w)] || isInitial(w) {
			return false
		}
	}
	return true
}

// isInitial tells the single letters that stand for a name; Á ends many sentences on Asia.
func isInitial(w string) bool {
	return len(w) == 1 && w[0] >= 'A' && w[0] <= 'Z' || w == "Đ"
}

// startsSentence tells whether token i is the first of its sentence.
func startsSentence(s string, tokens []Token, i int) bool { return endsSentence(s, tokens, i-1) }

// EndsSentence tells whether a sentence of s ends after token i. The dots of abbreviations and initials end none.
func EndsSentence(s string, tokens []Token, i int) bool { return endsSentence(s, tokens, i) }

// Sentences finds the sentences of a text, from the first to the last syllable of each with the punctuation that touches it.
func Sentences(s string) []Span {
	tokens := Tokens(s)
	var found []Span
	for i := 0; i < len(tokens); {
		j := i
		for !endsSentence(s, tokens, j) {
			j++
		}
		start, end := int(tokens[i].Start), int(tokens[j].End)
		limit := len(s)
		if j+1 < len(tokens) {
			limit = int(tokens[j+1].Start)
		}
		for end < limit {
			r, n := utf8.DecodeRuneInString(s[end:])
			if unicode.IsSpace(r) {
				break
			}
			end += n
		}
		for floor := 0; start > floor; {
			if len(found) > 0 {
				floor = found[len(found)-1].End
			}
			r, n := utf8.DecodeLastRuneInString(s[floor:start])
			if n == 0 || unicode.IsSpace(r) {
				break
			}
			start -= n
		}
		found = append(found, Span{start, end})
		i = j + 1
	}
	return found
}
