// Package ledger remembers: one append-only log that is at once the audit
// trail, the outbox and the public proof.
//
// A command appends its Entry in its own transaction (Append), after its rows.
// One sequencer numbers the entries in the order in which they were committed,
// grows the Merkle tree (package tree) and signs checkpoints. Followers read
// the numbered entries in order and store their position together with what
// they did.
//
// Invariants:
//   - state and entry commit together or not at all;
//   - positions have no gap and never change; a second root for one size cannot be stored;
//   - an entry never holds contacts, names of private persons or an asker's free text, only ids and hashes;
//   - a private entry's leaf is a salted commitment: it tells nobody anything but that something was recorded and when.
//
// The public form is C2SP tlog-tiles, tlog-checkpoint and signed-note; see docs/format/log.md.
// Imports store, problem and tree. Read entry.go first, then sequencer.go.
package ledger
