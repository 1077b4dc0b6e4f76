// Package claim checks what circulates (tin cần kiểm chứng): reports of citizens and signals of the radar become claims,
// offices give evidence, a named person drafts a verdict and a second one agrees before it is published as a fact-check.
//
//	report: signalled → opened (a claim of its own, or merged into one) | dismissed
//	claim:  opened → checking → drafted → awaiting second → published      (signalled is the report's state before)
//	                    ▲                       │
//	                    └───── disagree ────────┘   both names kept
//	        published → drafted (correct, update) → awaiting second → published, with one more edition and a public note
//	        published, closed → checking (the claim returned: reopened); opened … awaiting → closed (no verdict, with the reason)
//	        appealed → confirmed | changed: states kept for a later issue; no act leads there yet
//
// The table of transitions stands in claim.go. Edition counts what is public: a claim at work again keeps its last edition
// public until the next one is agreed.
//
// Invariants:
//   - who drafted does not agree: the rulebook says so (claim.agree) and the room asks it;
//   - no fake and no false without an approved primary document, asked when it is sent up and again when it is agreed;
//   - what an office gives is its head's word or nobody's: until then only the office itself sees it;
//   - what was agreed to may be held for a moment, in which it can be taken back; nothing has left before;
//   - an edition never changes; its hash, as docs/format/seal.md says, is in the public entry;
//   - contacts of who reported lie in a table of their own with an end, never in the ledger.
//
// May import media, people, regulation, ledger, store, problem. Read claim.go, then commands.go.
package claim
