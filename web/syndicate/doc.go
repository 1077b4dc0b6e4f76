// Package syndicate writes our lists for readers of feeds: Atom (RFC 4287) with what was taken back as deleted entries (RFC 6721),
// RSS 2.0 and JSON Feed 1.1, all three from one plain Feed.
//
// Main nouns: Feed (a list and where it stands), Item (one thing in it), Format.
//
// Invariants: an item keeps its id in every language and whatever becomes of it; every address is whole; the title of a
// demonstration's feed says that nothing in it is real, since a reader shows it far from our pages.
//
// Imports web/ui and catalogue. Read syndicate.go first.
package syndicate
