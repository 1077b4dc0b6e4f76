package match

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"

	"khue/index"
	"khue/text"
)

// A word of a post or a claim, as the matcher sees it.
type word struct {
	stem   string // lower case, without marks and endings
	marked string // the same with its marks
	key    uint64
	number bool
	name   bool // written with a capital that does not merely begin a sentence
	author bool // of the signature under a post
}

// A reading is a text cut into words.
type reading struct {
	words []word
	runes int
}

// read cuts a text into words. Links are left out; hashtags and handles fall into the words they are made of; the signature of a quoted post
// ("— Name (@handle) January 6, 2020") is kept apart, for a claim often names who said it.
func read(s string) reading {
	var r reading
	s = text.Normalize(s)
	body, sign := s, ""
	if i := strings.LastIndex(s, "— "); i >= 0 && len(s)-i < 120 && strings.Contains(s[i:], "(@") {
		body, sign = s[:i], s[i+len("— "):]
	}
	r.cut(body, false)
	r.cut(sign, true)
	r.runes = utf8.RuneCountInString(body)
	return r
}

func (r *reading) cut(s string, author bool) {
	begins := true // of a sentence
	for i := 0; i < len(s); {
		c, n := utf8.DecodeRuneInString(s[i:])
		if !wordRune(c) {
			if c == '.' || c == '!' || c == '?' || c == '\n' || c == '"' || c == '“' || c == ':' || c == '‘' {
				begins = true
			}
			i += n
			continue
		}
		j := i
		for j < len(s) {
			c, n := utf8.DecodeRuneInString(s[j:])
			if wordRune(c) || (c == '\'' || c == '’') && j+n < len(s) && isLetter(s[j+n:]) || (c == ',' || c == '.') && j > i && digitAt(s, j-1) && digitAt(s, j+n) {
				j += n
				continue
			}
			break
		}
		if k := linkEnd(s, i); k > 0 {
			i = k
			continue
		}
		tag := i > 0 && (s[i-1] == '#' || s[i-1] == '@')
		for _, w := range split(s[i:j], tag) {
			r.add(w, author, begins && !tag)
			begins = false
		}
		i = j
	}
}

func wordRune(c rune) bool {
	return unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.Is(unicode.Mn, c)
}

func isLetter(s string) bool {
	c, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(c)
}
func digitAt(s string, i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }

// linkEnd tells where a link that begins at i ends, or 0.
func linkEnd(s string, i int) int {
	t := s[i:]
	if !strings.HasPrefix(t, "http://") && !strings.HasPrefix(t, "https://") && !strings.HasPrefix(t, "pic.twitter.com/") && !strings.HasPrefix(t, "www.") {
		return 0
	}
	if k := strings.IndexFunc(t, unicode.IsSpace); k >= 0 {
		return i + k
	}
	return len(s)
}

// split cuts a hashtag or handle where a capital follows a small letter, or digits begin or end: #AustralianFires2020.
func split(s string, tag bool) []string {
	if !tag {
		if i := strings.Index(s, "https://"); i > 0 {
			s = s[:i]
		}
		return []string{s}
	}
	if i := strings.Index(s, "http"); i > 0 {
		s = s[:i]
	}
	var out []string
	from := 0
	var before rune
	for i, c := range s {
		if i > 0 && (unicode.IsUpper(c) && unicode.IsLower(before) || unicode.IsDigit(c) != unicode.IsDigit(before)) {
			out = append(out, s[from:i])
			from = i
		}
		before = c
	}
	return append(out, s[from:])
}

func (r *reading) add(s string, author, begins bool) {
	first, _ := utf8.DecodeRuneInString(s)
	w := word{author: author, number: unicode.IsDigit(first), name: unicode.IsUpper(first) && !begins}
	s = text.Key(s)
	s = strings.TrimSuffix(strings.TrimSuffix(s, "'s"), "’s")
	if strings.ContainsAny(s, "'’,") {
		s = strings.NewReplacer("'", "", "’", "", ",", "").Replace(s)
	}
	if !w.number {
		s = stem(s)
	}
	w.marked = s
	if s = text.Fold(s); s == "" { // a lone mark
		return
	}
	w.stem, w.key = s, index.Key(s)
	r.words = append(r.words, w)
}

// stem takes common English endings off; Vietnamese syllables end in none of them.
func stem(s string) string {
	n := len(s)
	cut := func(end, put string, least int) bool {
		if n-len(end) >= least && strings.HasSuffix(s, end) {
			s = s[:n-len(end)] + put
			n = len(s)
			return true
		}
		return false
	}
	switch {
	case cut("ies", "y", 2), cut("sses", "ss", 2), cut("xes", "x", 2), cut("ches", "ch", 2), cut("shes", "sh", 2):
	case strings.HasSuffix(s, "ss") || strings.HasSuffix(s, "us") || strings.HasSuffix(s, "is"):
	case cut("s", "", 3):
	}
	switch {
	case cut("ing", "", 3), cut("ed", "", 3):
		if n >= 4 && s[n-1] == s[n-2] && !strings.ContainsRune("lsz", rune(s[n-1])) {
			s = s[:n-1]
		}
	case cut("ly", "", 4):
	}
	if len(s) >= 4 && s[len(s)-1] == 'e' {
		s = s[:len(s)-1]
	}
	return s
}

// gramSize is the length of character grams, in runes.
const gramSize = 4

// grams calls f with the key of every gram of a word with a border on both sides.
func grams(w string, f func(uint64)) {
	var buf [gramSize]rune
	n := 0
	push := func(c rune) {
		copy(buf[:], buf[1:])
		buf[gramSize-1] = c
		if n++; n >= gramSize {
			var h uint64 = 14695981039346656037
			for _, c := range buf {
				h = (h ^ uint64(c)) * 1099511628211
			}
			f(kindGram.of(h))
		}
	}
	push(' ')
	for _, c := range w {
		push(c)
	}
	push(' ')
	if n < gramSize {
		push(' ')
	}
}

// A kind keeps keys of words, pairs and grams apart in one index.
type kind uint64

const (
	kindWord  kind = 0x9E3779B97F4A7C15
	kindPair  kind = 0xC2B2AE3D27D4EB4F
	kindGram  kind = 0x165667B19E3779F9
	kindTitle kind = 0x27D4EB2F165667C5
)

func (k kind) of(h uint64) uint64 {
	h = (h ^ uint64(k)) * 0xFF51AFD7ED558CCD
	return bits.RotateLeft64(h, 31) | 1
}

// pairKey is the key of two neighbours, and of the same two written as one: bed bugs, bedbugs.
func pairKey(a, b string) uint64 { return kindWord.of(index.Key(a + b)) }
