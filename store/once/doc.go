// Package once does a write of a program once: whoever sends the same request by the same key again gets the first answer.
//
// Main nouns: Keeper (the answers of a day), Request (one write by its caller, key and content).
//
// Invariants: two requests by one key never run at the same time; an answer is sealed with its caller and key, of which the row
// has only a hash, so that what it holds (a secret link, an answer to one person) cannot be read from the database; what failed
// leaves nothing behind, so that its key may be used again.
//
// Imports store and problem. Read once.go.
package once
