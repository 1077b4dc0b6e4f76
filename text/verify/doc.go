// Package verify tells whether a text is an official one: word for word, rightly abridged, altered, or not known.
//
// A Library holds the official texts. Check finds the few that share distinctive passages with a text (winnowed grams of words
// without numbers, and the numbers with the words before them), aligns the text with each, and judges what differs: numbers,
// amounts, dates and numbers of documents by value, then negations, names, conditions that were cut out, words. What differs only
// in form (marks that are missing, teencode, letters in disguise, "24" for "hai mươi bốn") is no change.
//
// The main nouns are Library, Result and Change. Invariants: a text of the library is authentic of itself; what many texts
// share (a preamble, a close) identifies none of them; readers never wait for the writer.
//
// Imports text, text/diff and text/fingerprint. Read result.go first, then library.go, compare.go, judge.go.
package verify
