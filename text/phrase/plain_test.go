package phrase

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The plain way of finding phrases, written from the contract with strings and no hashes: what the engine is held against.

type plainSyllable struct {
	start, end     int
	marked, folded string
}

func plainSyllables(s string) []plainSyllable {
	var list []plainSyllable
	start := -1
	end := func(at int) {
		if start >= 0 {
			list = append(list, plainSyllable{start, at, plainMarked(s[start:at]), plainFolded(s[start:at])})
		}
		start = -1
	}
	for i, r := range s {
		letter := unicode.IsLetter(r) || unicode.IsNumber(r)
		joins := unicode.IsMark(r) && !unicode.Is(unicode.Me, r) && !unicode.Is(unicode.Variation_Selector, r)
		switch {
		case letter && start < 0:
			start = i
		case !letter && (!joins || start < 0):
			end(i)
		}
	}
	end(len(s))
	return list
}

// plainLower lowers one syllable, Σ by what stands around it, and takes it apart.
func plainLower(s string) []rune {
	rs := []rune(s)
	cased := func(from, step int) bool {
		for i := from; i >= 0 && i < len(rs); i += step {
			if !unicode.Is(unicode.Mn, rs[i]) && !unicode.Is(unicode.Lm, rs[i]) {
				return unicode.IsUpper(rs[i]) || unicode.IsLower(rs[i]) || unicode.IsTitle(rs[i]) || unicode.In(rs[i], unicode.Other_Lowercase, unicode.Other_Uppercase)
			}
		}
		return false
	}
	var low strings.Builder
	for i, r := range rs {
		switch {
		case r == 'Σ' && cased(i-1, -1) && !cased(i+1, 1):
			low.WriteRune('ς')
		case r == 'İ':
			low.WriteString("i\u0307")
		default:
			low.WriteRune(unicode.ToLower(r))
		}
	}
	return []rune(norm.NFD.String(low.String()))
}

func plainMarked(s string) string {
	var letters, tones []rune
	for _, r := range plainLower(s) {
		if strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", r) {
			tones = append(tones, r)
		} else {
			letters = append(letters, r)
		}
	}
	return string(letters) + "|" + string(tones)
}

func plainFolded(s string) string {
	var letters []rune
	for _, r := range plainLower(s) {
		if norm.NFD.PropertiesString(string(r)).CCC() == 0 {
			letters = append(letters, r)
		}
	}
	return strings.ReplaceAll(string(letters), "đ", "d") + "|"
}

type plainPhrase struct {
	syllables []plainSyllable
	marks     Marks
}

func (p plainPhrase) folded() bool {
	if p.marks != AsWritten {
		return p.marks == Any
	}
	return !slices.ContainsFunc(p.syllables, func(s plainSyllable) bool { return s.marked != s.folded })
}

// plainHits finds every occurrence of every phrase by looking at every place.
func plainHits(phrases []plainPhrase, text string) []Hit {
	var hits []Hit
	list := plainSyllables(text)
	for n, p := range phrases {
		for i := 0; len(p.syllables) > 0 && i+len(p.syllables) <= len(list); i++ {
			same := true
			for j, s := range p.syllables {
				t := list[i+j]
				if p.folded() && s.folded != t.folded || !p.folded() && s.marked != t.marked {
					same = false
					break
				}
			}
			if same {
				hits = append(hits, Hit{n, list[i].start, list[i+len(p.syllables)-1].end, i})
			}
		}
	}
	return inOrder(hits)
}

// inOrder sorts hits by end, phrase and start, so that lists of them can be compared.
func inOrder(hits []Hit) []Hit {
	slices.SortFunc(hits, func(a, b Hit) int {
		return slices.Compare([]int{a.End, a.Phrase, a.Start}, []int{b.End, b.Phrase, b.Start})
	})
	return hits
}
