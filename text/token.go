package text

import (
	"unicode"
	"unicode/utf8"
)

// Token is a syllable, or a numeral with its separators (1.200.000 or 1,5), with its identities as 64-bit hashes: programs
// that compare many texts never build strings.
type Token struct {
	Start, End int32
	Key        uint64 // without marks; teencode resolved (ko is khong), y as i where they sound alike (kỷ, kỉ)
	Mark       uint64 // with marks and tone
	Word       Word   // what the syllable says, where it is one of the words that change a sense
	Flags      Flags
}

// Flags tell how a token was written.
type Flags uint8

// What a token's Flags hold.
const (
	Numeral  Flags = 1 << iota // begins with a digit
	Capital                    // its first letter is a capital
	Upper                      // all of it is capitals
	Marked                     // has a mark or is đ
	Teen                       // teencode, taken for what it stands for
	LineHead                   // a line begins with it
)

// Of gives the token's letters.
func (t Token) Of(s string) string { return s[t.Start:t.End] }

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// mix spreads a hash over all its bits (the finaliser of MurmurHash3).
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// Tokens finds the tokens of a normalised text. Letters and digits that touch are told apart: 20km is two tokens.
func Tokens(s string) []Token { return AppendTokens(nil, s, false) }

// AppendTokens appends the tokens of s to dst. With teen, teencode counts as the words it stands for.
func AppendTokens(dst []Token, s string, teen bool) []Token {
	lineHead := true
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			t := numeral(s, i)
			if lineHead {
				t.Flags |= LineHead
				lineHead = false
			}
			dst = append(dst, t)
			i = int(t.End)
			continue
		case c == '\n':
			lineHead = true
			i++
			continue
		case c < utf8.RuneSelf:
			if !inSyllable(rune(c)) {
				i++
				continue
			}
		default:
			if r, n := utf8.DecodeRuneInString(s[i:]); !isLetter(r) {
				i += n
				continue
			}
		}
		t := word(s, i, teen && (len(dst) == 0 || int(dst[len(dst)-1].End) < i)) // 100k is no teencode
		if lineHead {
			t.Flags |= LineHead
			lineHead = false
		}
		dst = append(dst, t)
		i = int(t.End)
	}
	return dst
}

// numeral reads digits with single dots and commas between them. Its identity has no leading zero where it has two digits.
func numeral(s string, i int) Token {
	j := i
	for j < len(s) {
		if c := s[j]; c >= '0' && c <= '9' {
			j++
		} else if (c == '.' || c == ',') && j+1 < len(s) && s[j+1] >= '0' && s[j+1] <= '9' {
			j += 2
		} else {
			break
		}
	}
	from := i
	if j == i+2 && s[i] == '0' {
		from++
	}
	h := uint64(fnvOffset)
	for k := from; k < j; k++ {
		h = (h ^ uint64(s[k])) * fnvPrime
	}
	h = mix(h)
	return Token{Start: int32(i), End: int32(j), Key: h, Mark: h, Flags: Numeral}
}

// hasher builds both identities of a word letter by letter.
type hasher struct {
	key, mark   uint64
	keyBefore   uint64 // without the last letter
	markBefore  uint64
	tones       uint64
	last        rune
	vowelBefore bool // a vowel stands before the last letter
	n           int
	marked      bool
}

func (h *hasher) add(l letter) {
	h.keyBefore, h.markBefore = h.key, h.mark
	h.vowelBefore = h.vowelBefore || h.n > 0 && isVowel(h.last)
	h.key = (h.key ^ uint64(l.fold)) * fnvPrime
	h.mark = (h.mark ^ uint64(l.base)) * fnvPrime
	if l.tone > 0 {
		h.tones = h.tones*8 + uint64(l.tone)
	}
	if l.tone > 0 || l.base != l.fold {
		h.marked = true
	}
	h.last = l.fold
	h.n++
}

func (h *hasher) ends() (key, mark uint64) {
	if h.last == 'y' && h.n > 1 && !h.vowelBefore { // kỷ = kỉ
		h.key = (h.keyBefore ^ 'i') * fnvPrime
		h.mark = (h.markBefore ^ 'i') * fnvPrime
	}
	return mix(h.key), mix(h.mark*31 + h.tones)
}

// word reads a run of letters and marks.
func word(s string, i int, teen bool) Token {
	h := hasher{key: fnvOffset, mark: fnvOffset}
	t := Token{Start: int32(i)}
	capitals := 0
	j := i
	for j < len(s) {
		r, n := rune(s[j]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[j:])
		}
		l, known := letterOf(r)
		switch {
		case known && l.is:
			if r != l.base && isUpper(r) {
				capitals++
				if h.n == 0 {
					t.Flags |= Capital
				}
			}
			h.add(l)
		case known:
			goto end
		case isMark(r):
			if tone := toneOf(r); tone > 0 {
				h.tones, h.marked = h.tones*8+uint64(tone), true
			}
		case unicode.IsLetter(r) || unicode.IsMark(r):
			low := unicode.ToLower(r)
			if low != r {
				capitals++
				if h.n == 0 {
					t.Flags |= Capital
				}
			}
			h.add(letter{base: low, fold: low})
		default:
			goto end
		}
		j += n
	}
end:
	t.End = int32(j)
	if capitals > 1 && capitals == h.n {
		t.Flags |= Upper
	}
	if h.marked {
		t.Flags |= Marked
	}
	t.Key, t.Mark = h.ends()
	if h.n > longestWord {
		return t
	}
	if v, ok := vocabulary[t.Mark]; ok {
		t.Word = v.word
		if v.key != 0 && teen {
			t.Key, t.Mark, t.Word = v.key, v.mark, v.of
			t.Flags |= Teen
		}
	}
	return t
}

func isUpper(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'A' && r <= 'Z'
	}
	return unicode.IsUpper(r)
}
