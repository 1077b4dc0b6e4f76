// Package regulation is the centre's rules as data: who may do what, what is due by when, and who owes it.
//
// The rulebook is a folder of YAML files of a profile, versioned; this package
// reads and checks it and answers Can. An Actor and a Thing are plain values
// that the rooms fill. A Duty (nhiệm vụ) is what an office owes by a moment:
//
//	running → met | missed → met-late
//	running ⇄ paused; running, paused, missed → waived (own limits only) | void
//
// Invariants: what the rulebook does not allow is refused; nobody approves
// what they drafted; a stand-in holds for one matter until its end and is not
// passed on; a limit of the law is never waived.
//
// A time limit is chosen by the version of its rule that was in force at the
// trigger, and counted by regulation/calendar. Conditions are CEL over
// declared facts, compiled and tried as the rulebook is loaded. A fault in the
// book has a place and a code; its sentence is the catalogue's
// "rulebook.CODE". The form of the book: docs/format/rulebook.md.
//
// Imports store, ledger, problem, regulation/calendar and regulation/place.
// Read actor.go, rights.go, rule.go, deadline.go, book.go; then duty.go,
// commands.go, tick.go.
package regulation
