// Package sitemap reads sitemaps: lists of pages, of news (Google's news extension) and of other sitemaps, plain or gzipped.
//
// Main nouns: [Map] with its entries, which have the shape of a feed's items, and its [Child] sitemaps.
//
// Invariants: no input makes Parse panic, follow a reference to the outside or unpack more than its limit; a broken file gives what
// can be read of it; an address that is not http or https is left out; a time that is not told is zero.
//
// Format: sitemaps.org protocol 0.9; news: "Create a news sitemap" (Google Search Central). Imports radar/feed for its items and dates.
// Read sitemap.go.
package sitemap
