package watch

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Fault is what is wrong with a query. Its sentence, with the place and how to mend it, is the catalogue's "watch.fault.<Code>".
type Fault struct {
	Code       string
	Start, End int   // bytes of the query that are meant
	Column     int   // the character at Start, from 1
	Args       []any // pairs of name and value for the sentence, "column" among them
}

// Error gives the technical form for logs.
func (f *Fault) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "query, bytes %d to %d: %s", f.Start, f.End, f.Code)
	for i := 0; i+1 < len(f.Args); i += 2 {
		fmt.Fprintf(&b, " %v=%q", f.Args[i], fmt.Sprint(f.Args[i+1]))
	}
	return b.String()
}

// faultCodes are all codes, for the test of their sentences.
var faultCodes = []string{
	"empty", "long", "terms", "deep", "quote", "open", "close", "nothing-inside", "no-syllable", "no-operand", "no-operator", "near-number", "near-range", "near-operand", "only-not", "prefix",
}

// fault makes a fault about a stretch of a query.
func fault(query, code string, at span, args ...any) *Fault {
	column := utf8.RuneCountInString(query[:at.from]) + 1
	return &Fault{Code: code, Start: at.from, End: at.to, Column: column, Args: append([]any{"column", column, "words", query[at.from:at.to]}, args...)}
}
