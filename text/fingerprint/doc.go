// Package fingerprint finds which of many texts share a passage with another.
//
// A text is a sequence of 64-bit identities of its words. Every k of them in a row make a gram; Select keeps the smallest gram of
// each window (winnowing: Schleimer, Wilkerson, Aiken, SIGMOD 2003), so that two texts that share k+window-1 words in a row share
// a kept gram, wherever it stands. An Index maps kept grams to documents in about six bytes each; a query looks up all its grams.
//
// The main nouns are Gram, Index (immutable segments, merged as they grow) and Hit. Invariants: a reader's snapshot never changes; what was
// added before a snapshot was taken is found in it, up to the cap of documents a gram.
//
// Imports nothing of ours. Read gram.go first.
package fingerprint
