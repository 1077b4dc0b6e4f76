// Package regulation is the centre's rules as data: who may do what, and what is due by when.
//
// The rulebook is a folder of YAML files of a profile, versioned; this package
// reads and checks it and answers Can. An Actor and a Thing are plain values
// that the rooms fill.
//
// Invariants: what the rulebook does not allow is refused; nobody approves
// what they drafted; a stand-in holds for one matter until its end and is not
// passed on.
//
// A time limit is chosen by the version of its rule that was in force at the
// trigger, and counted by regulation/calendar.
//
// Imports problem and regulation/calendar. Read actor.go, rights.go, deadline.go.
package regulation
