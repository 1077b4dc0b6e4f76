// Package inquiry takes questions from press and public and the matters that
// the press raises unasked (báo chí nêu), gives each to the office that must
// answer, and sees that its head approves and that the asker is answered.
//
// Main nouns: Inquiry, Part (what one office gives), Answer (private or public),
// Follow (all that the asker sees).
//
//	received → accepted → assigned ⇄ reassigned → drafted → approved → answered → follow-up → closed
//	refused (ground + reason) · guided elsewhere · withdrawn by the asker · clarifying (its clock rests)
//
// The table in inquiry.go holds every step. Lateness is no state: it is a fact
// of the duty that regulation opened.
//
// Invariants: an office's draft is not shown to the centre before the office's
// head (or a stand-in for this matter) approved it; who drafted does not approve;
// a refusal has a ground and a reason; contacts stand in inquiry_asker only and
// can be erased; of the secret link only a hash is kept; a private answer is in
// no query that a public page may use; mail leaves from rows written in the
// command's own transaction, at least once, with an id that follows from them.
//
// Imports release/prose, people, regulation, ledger, store, profile, problem. Read inquiry.go.
package inquiry
