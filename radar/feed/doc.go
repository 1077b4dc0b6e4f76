// Package feed reads what newspapers offer for following them: RSS 0.9x to 2.0, RDF (RSS 0.90, 1.0), CDF, Atom 0.3 and 1.0,
// and JSON Feed, whatever state they are in.
//
// Main nouns: [Feed] with its [Item]s, [Options] of a source (its address, zone and limits), and [Link] of a page that offers feeds.
//
// Invariants: no input makes Parse panic, run longer than in proportion to its size, or follow a reference to the outside. What Parse
// returns is valid UTF-8 and shares no memory with the input. Titles are plain text; Summary and Content are HTML as published, to be
// cleaned before anybody sees them. A time that the feed does not tell is zero, never guessed ([Clamp] decides for the caller).
//
// A byte scanner (scan.go) reads nearly everything in one pass; gofeed is asked where the scanner found a feed without items
// although the bytes name some (fallback.go). Pure: no clock, no network, no database. Imports nothing of ours.
//
// Read feed.go first, then parser.go.
package feed
