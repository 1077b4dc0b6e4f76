// Package radar hears what is said: it fetches feeds, gets the articles they name, and groups them into stories as they come.
//
//	source   active ⇄ paused
//	mention  waiting for its text → ready → in a story
//	story    live → cooling → closed; merged into another
//	watch    active → ended
//
// Main nouns: Source (nguồn), Mention (lượt nhắc), Story (luồng tin), Watch (theo dõi cụm từ).
//
// Invariants: one fetch is one transaction, its new mentions together with the source's ETag, so that a crash neither loses nor
// doubles one; a mention's id follows from its content's address, so that a repeat is dropped; mentions are grouped in the order
// in which they became ready, and after a crash from the last snapshot on; each is held once against the watches, and what they find is
// written with its story; no name of an author is kept.
//
// Imports media, people, regulation, ledger, store, problem, profile, text, index and the packages below radar.
// Read source.go, then visit.go, article.go, group.go; watches.go, then watchmatch.go, watchtell.go, watchhook.go.
package radar
