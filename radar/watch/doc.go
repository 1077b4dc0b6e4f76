// Package watch matches what is said against what people watch for (mục theo dõi): queries with phrases, AND, OR, NOT and NEAR.
//
//	cháy chợ                            a phrase: words in a row are one
//	"cháy chợ" VÀ (Bến Xanh HOẶC "P. Hòa An") KHÔNG diễn tập
//	cháy GẦN/5 (chợ OR kho)             at most five syllables between them, in either order
//	=cho   ~chợ                         only without marks; with any marks
//
// Operators are written in capitals, in Vietnamese or English: AND VÀ, OR HOẶC, NOT KHÔNG, NEAR/n GẦN/n. NEAR binds before NOT, NOT before AND,
// AND before OR; "a KHÔNG b" is "a VÀ KHÔNG b". In quotes an operator is a word like others. A term without any mark or đ is found with and without
// marks, one with a mark only with its marks, unless = or ~ stands before it; see text/phrase for what equal syllables are. Queries and texts
// are read through text.Normalize, so that hidden and look-alike letters hide nothing.
//
// The main nouns are Query, Fault (what is wrong with a query, where, and how to mend it) and Book: many queries compiled together, so that one
// scan of a mention tells all that match. A Book is immutable and serves any number of goroutines.
//
// Invariants: a query demands something (none matches an empty text); Parse of what String gives is the same query; a phrase and a NEAR never reach
// from one field of a mention into the next; matches come in the order of queries.
//
// Pure. Imports text and text/phrase. Read query.go first, then parse.go, book.go, match.go.
package watch
