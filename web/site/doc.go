// Package site is what every page stands on: who is asking, the frame of a page in the reader's language, rendering, forms,
// redirects with a word said once, and the cache of public pages.
//
// Main nouns: Site (the house and how to show it), Form (a decoded form), Cached (a handler whose answers are kept until the
// ledger says that something public changed).
//
// Invariants: a page is rendered whole into memory before a byte is sent; a public page is the same for everybody, so that it
// can be kept; who is asking is read in one place, and what they may do is asked in the rooms.
//
// Imports internal/house, web/frame, web/live, web/ui and what is below them. Read site.go first.
package site
