// Package media keeps files: by the hash of their content, judged by what they
// are and not by what they are called.
//
// Main nouns: Upload (what came in), File (what is kept), Attachment (tệp kèm
// theo: a file beside a thing, with its name, caption and alternative text).
//
// Invariants:
//   - a name that lies about the kind is refused (problem.Kind), and so is what
//     could run on a reader's machine: programs, pages, SVG, macros, scripts in
//     a PDF (problem.Unsafe);
//   - a picture is never kept as it came: it is decoded within limits, turned
//     upright and written anew, so that place, device and author do not leave
//     the house, and nothing hides behind the picture;
//   - a file is on the disk, synced, before its row is;
//   - a file is seen as the things are that it is attached to; who asks decides.
//
// Imports problem, regulation, ledger, store. Read media.go, then kind.go.
package media
