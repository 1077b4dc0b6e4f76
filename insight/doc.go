// Package insight looks back and ahead: what is due now and for whom, who must be told, the month's figures, search over
// what is public, and whether a text is one of the city's own.
//
// Main nouns: Notice (what a person is told), Work (a row of the Now page), Figures (a month), Library (verification), Finder
// (search).
//
// Invariants: it owns nothing that cannot be made anew from the rooms and the ledger; notices are made by a follower of the
// ledger, so that one is neither lost nor doubled; what is not public never enters the finder or the library of the public.
//
// Imports inquiry, claim, radar, release, people, regulation, ledger, store, text and index. Read room.go, then notice.go.
package insight
