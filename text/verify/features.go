package verify

import (
	"math"
	"slices"

	"khue/text"
	"khue/text/fingerprint"
)

// How texts are fingerprinted.
const (
	gramWords = 7  // words of a gram
	window    = 12 // grams of which one is kept: texts that share 18 words in a row share a kept gram
	maxValues = 16 // values of a document that are kept
)

// numeric are the words that grams leave out, by identity without marks: numbers in words, days and months. Thus neither another
// way of writing a number nor another number moves a gram.
var numeric = func() map[uint64]bool {
	m := map[uint64]bool{}
	for _, t := range text.Tokens("linh lẻ một mốt hai ba bốn tư năm lăm nhăm sáu bảy bẩy tám chín mười chục trăm nghìn ngàn triệu tỷ rưỡi ngày tháng") {
		m[t.Key] = true
	}
	return m
}()

// features is what a text is found by; its slices are reused.
type features struct {
	words  []uint64
	grams  []fingerprint.Gram
	values []fingerprint.Gram
}

// of computes the features of a text from its tokens.
func (f *features) of(s string, tokens []text.Token) {
	f.words, f.grams, f.values = f.words[:0], f.grams[:0], f.values[:0]
	r := text.Reader{Text: s, Tokens: tokens, Loose: true}
	var before, last uint64
	until := 0
	for i, t := range tokens {
		if i >= until && (t.Flags&text.Numeral != 0 || text.LooseWord(t) != text.WordNone) {
			if v, n := r.At(i); n > 0 {
				if t.Flags&text.Numeral != 0 || n > 1 {
					f.values = append(f.values, valueGram(v, before, last))
				}
				until = i + n
			}
		}
		if t.Flags&text.Numeral == 0 && !numeric[t.Key] {
			f.words = append(f.words, t.Key)
			before, last = last, t.Key
		}
	}
	f.grams = fingerprint.Grams(f.grams, f.words, gramWords)
}

// valueGram hashes a value with the two words before it.
func valueGram(v text.Value, before, last uint64) fingerprint.Gram {
	h := before*3 + last
	switch v.Kind {
	case text.KindDate:
		h = h*31 + uint64(v.Day)*100 + uint64(v.Month)
		if v.Day == 0 {
			h += uint64(v.Year) << 16
		}
	case text.KindPaper:
		h = h*31 + v.Paper
	default:
		h = h*31 + math.Float64bits(v.N)
	}
	h *= 0x9E3779B97F4A7C15
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	return fingerprint.Gram(h >> (64 - fingerprint.Bits))
}

// kept appends what an index keeps of a document.
func (f *features) kept(dst []fingerprint.Entry, document uint32) []fingerprint.Entry {
	for _, g := range fingerprint.Select(nil, f.grams, window) {
		dst = append(dst, fingerprint.Entry{Gram: g, Document: document})
	}
	slices.Sort(f.values)
	f.values = slices.Compact(f.values)
	for _, g := range f.values[:min(len(f.values), maxValues)] {
		dst = append(dst, fingerprint.Entry{Gram: g, Document: document})
	}
	return dst
}
