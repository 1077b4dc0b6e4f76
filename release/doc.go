// Package release takes in what offices have to say, and says it: submission,
// editing, approval, publication, update, correction, withdrawal.
//
// Main nouns: Release (one thing said, from its submission on), Version (its
// text at a moment, never changed), Edition (a version that went out), Public
// (what everybody may see of it).
//
//	draft → submitted → editing ⇄ returned → awaiting → approved → scheduled | embargoed → published → corrected → withdrawn
//	          └──────────────┴──→ declined       (from awaiting and approved the approver sends back to editing)
//
// What is out is changed beside itself: an update or a correction is drafted,
// sent up and approved by a second person while the earlier edition stays; the
// whole machine is the table in machine.go.
//
// Invariants:
//   - a version is never changed; what goes out is a version that was approved, word for word;
//   - nobody approves a text of which they wrote a version since the last edition;
//   - what leaves is held for ten seconds, in which it can be taken back; nothing has left before;
//   - the state is the truth and a timer only a hint: RunSchedule asks the rows again;
//   - nothing of an unpublished text, its files or its time is given to those without the right to see it;
//   - an edition's digest (docs/format/seal.md) is in the public log before anybody is told of it.
//
// Imports media, people's names by a function, regulation, ledger, store,
// problem, prose. Read release.go, then machine.go.
package release
