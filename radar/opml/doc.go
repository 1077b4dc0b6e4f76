// Package opml reads and writes lists of sources in OPML, the form in which readers of feeds exchange them.
//
// Main nouns: [Outline], one source with the groups that it stands in.
//
// Invariants: what Write writes Parse reads back the same; no input makes Parse panic or give more than its limit; groups are the texts of
// the outlines around a source, joined by a stroke; what OPML has no place for goes into attributes of our own name space, which others
// leave alone.
//
// Format: OPML 2.0 (opml.org/spec2.opml). Imports radar/feed for charsets. Read opml.go.
package opml
