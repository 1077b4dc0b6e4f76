// Package listing reads the entries of a page that lists news but has no feed: a city office's notices, a newspaper's section.
//
// Main nouns: [Rules], the CSS selectors that find the entries and their parts; [Read], which applies them; [Guess], which proposes them
// for a page by what repeats on it.
//
// Invariants: no page makes Read panic or give more than its limit; selectors are checked by [Compile] before they are kept, each by the
// name of its field; an address that is not http or https is left out; a page without entries gives none, never an invented one; a time
// that the page does not tell is zero, and words such as "2 giờ trước" are counted from the moment that is handed in.
//
// Imports radar/feed for its items, dates and plain text. Read listing.go, then when.go and guess.go.
package listing
