// Package text holds all that is Vietnamese and all that is language: pure functions on strings, without I/O and without a
// clock.
//
// Three forms of a text are told apart:
//
//   - Normalize repairs how it was written (NFC, hidden characters, look-alike letters) and changes nothing that a reader sees;
//   - Key is its identity with marks: lower case, the tone taken from wherever it sits in a syllable (hòa = hoà);
//   - Fold is its identity without marks: what a search typed without marks finds (đ is d).
//
// The main nouns are Syllable (a run of letters, marks and digits), Token (a syllable or numeral with both identities as
// hashes, for programs that compare many) and the found values: Number, Money, Date, Clock, Paper, Name. All of them carry byte
// spans of the text they were found in.
//
// Invariants: Normalize, Key and Fold are idempotent; every span lies on rune borders, in order, inside the text; nothing panics
// on any input, valid UTF-8 or not.
//
// Imports nothing of ours. Read letter.go first, then token.go. Packages below it: text/fingerprint (which texts share
// passages), text/neardup (which are one text), text/diff (what differs), text/verify (is this an official text), text/phrase (which
// of many phrases are said).
package text
