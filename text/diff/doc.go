// Package diff aligns two sequences of words, given as identities (text.Token.Key).
//
// Long runs that both share are found first, by a table of their four-word grams, and chained so that their total length is
// greatest; what lies between two runs is aligned word by word. An excerpt is thus placed within a long text in the time of one
// pass over both, where a plain word diff pays for every word that the excerpt left out.
//
// The main nouns are Op (a stretch that is equal or differs) and Aligner (its reusable memory). Invariant: the operations in order
// cover both sequences, each once; an equal one has the same words on both sides; no two neighbours are both equal or both not.
//
// Imports nothing of ours. Read align.go first.
package diff
