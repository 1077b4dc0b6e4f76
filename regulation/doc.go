// Package regulation is the centre's rules as data: who may do what.
//
// The rulebook is a folder of YAML files of a profile, versioned; this package
// reads and checks it and answers Can. An Actor and a Thing are plain values
// that the rooms fill.
//
// Invariants: what the rulebook does not allow is refused; nobody approves
// what they drafted; a stand-in holds for one matter until its end and is not
// passed on.
//
// Imports problem. Read actor.go, then rights.go.
package regulation
