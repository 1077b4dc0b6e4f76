// Package phrase finds which of many phrases a text says, and where, in one pass over the text.
//
// A syllable is a run of letters, combining marks and digits that begins with a letter or a digit. Two are equal after NFC,
// lower case and with the tone taken from wherever it sits (hòa = hoà). A phrase occurs where its syllables follow each other
// with nothing between them that is a letter or a digit; overlapping occurrences all count. A phrase without any mark or đ is
// compared without marks, and so found with and without them; one with a mark only with its marks (see Marks for the other ways).
// Hidden characters part syllables like any other gap: give a text through text.Mapped first where they are to be looked through.
//
// The main nouns are Builder, Set (phrases compiled for looking up; immutable, for any number of goroutines) and Hit.
//
// How: each syllable gets two 64-bit identities, with marks and without. A phrase is known by a polynomial hash of its
// syllables' identities, so that the hash of any window of the text follows from two prefix sums (Karp, Rabin, IBM Journal of
// R&D 31, 1987). Its last three syllables, or all if it has fewer, are its anchor. A text is asked at every syllable whether the one, two or
// three syllables that end there are some phrase's anchor; a bit filter that fits a core's cache says no to nearly all. Where it
// says yes, the windows of the lengths known for that anchor are looked up. The cost of a syllable depends neither on the number nor on
// the length of the phrases; it grows with the number of different lengths that phrases with the same end have.
//
// Invariants: a hit's bytes lie on rune borders of the text; hits come in the order in which they end; scanning allocates
// nothing; nothing panics on any input, valid UTF-8 or not. Two different windows are taken for one once in 2^64.
//
// Imports nothing of ours. Read syllable.go first, then set.go, scan.go.
package phrase
