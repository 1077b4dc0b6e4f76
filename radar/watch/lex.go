package watch

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"khue/text"
	"khue/text/phrase"
)

type kind uint8

const (
	kindEnd kind = iota
	kindTerm
	kindOpen
	kindClose
	kindAnd
	kindOr
	kindNot
	kindNear
)

// token is a word of the query language.
type token struct {
	kind kind
	at   span
	term term
	near int
}

// operators are words in capitals.
var operators = map[string]kind{"AND": kindAnd, "VÀ": kindAnd, "OR": kindOr, "HOẶC": kindOr, "NOT": kindNot, "KHÔNG": kindNot}

// lexer cuts a query into tokens.
type lexer struct {
	query string
	i     int
}

func isQuote(r rune) bool { return r == '"' || r == '“' || r == '”' || r == '„' }

// wordEnd finds the end of the bare word that begins at i.
func (l *lexer) wordEnd(i int) int {
	for i < len(l.query) {
		r, n := utf8.DecodeRuneInString(l.query[i:])
		if unicode.IsSpace(r) || r == '(' || r == ')' || isQuote(r) {
			break
		}
		i += n
	}
	return i
}

func (l *lexer) blanks() {
	l.i = len(l.query) - len(strings.TrimLeftFunc(l.query[l.i:], unicode.IsSpace))
}

// next gives the token at hand and goes behind it.
func (l *lexer) next() (token, *Fault) {
	l.blanks()
	start := l.i
	if start >= len(l.query) {
		return token{kind: kindEnd, at: span{start, start}}, nil
	}
	switch l.query[start] {
	case '(', ')':
		l.i++
		k := kindOpen
		if l.query[start] == ')' {
			k = kindClose
		}
		return token{kind: k, at: span{start, l.i}}, nil
	case '=':
		return l.term(start, start+1, phrase.Exact)
	case '~':
		return l.term(start, start+1, phrase.Any)
	}
	if t, ok, f := l.operator(); ok || f != nil {
		return t, f
	}
	return l.term(start, start, phrase.AsWritten)
}

// operator reads an operator if one stands here.
func (l *lexer) operator() (token, bool, *Fault) {
	end := l.wordEnd(l.i)
	at := span{l.i, end}
	word := text.Normalize(l.query[l.i:end])
	if k, ok := operators[word]; ok {
		l.i = end
		return token{kind: k, at: at}, true, nil
	}
	name, number, _ := strings.Cut(word, "/")
	if name != "NEAR" && name != "GẦN" {
		return token{}, false, nil
	}
	n, err := strconv.Atoi(number)
	switch {
	case !isDigits(number):
		return token{}, false, fault(l.query, "near-number", at)
	case err != nil || n > MaxNear:
		return token{}, false, fault(l.query, "near-range", at, "most", MaxNear)
	}
	l.i = end
	return token{kind: kindNear, at: at, near: n}, true, nil
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// term reads what stands in quotes, or words up to an operator.
func (l *lexer) term(start, i int, marks phrase.Marks) (token, *Fault) {
	r, n := utf8.DecodeRuneInString(l.query[i:])
	if isQuote(r) {
		end := strings.IndexFunc(l.query[i+n:], isQuote)
		if end < 0 {
			return token{}, fault(l.query, "quote", span{i, i + n})
		}
		end += i + n
		_, n2 := utf8.DecodeRuneInString(l.query[end:])
		l.i = end + n2
		return l.made(span{start, l.i}, l.query[i+n:end], marks)
	}
	end := l.wordEnd(i)
	if end == i {
		return token{}, fault(l.query, "prefix", span{start, i})
	}
	for l.i = end; ; end = l.i {
		l.blanks()
		if l.i >= len(l.query) || strings.IndexByte("()=~", l.query[l.i]) >= 0 || l.wordEnd(l.i) == l.i {
			break
		}
		here := l.i
		_, ok, f := l.operator()
		if l.i = here; ok || f != nil {
			break
		}
		l.i = l.wordEnd(l.i)
	}
	l.i = end
	return l.made(span{start, end}, l.query[i:end], marks)
}

func (l *lexer) made(at span, words string, marks phrase.Marks) (token, *Fault) {
	words = strings.TrimSpace(text.Normalize(words))
	var b phrase.Builder
	if _, err := b.Add(words, marks); err != nil {
		return token{}, fault(l.query, "no-syllable", at)
	}
	return token{kind: kindTerm, at: at, term: term{words, marks}}, nil
}
