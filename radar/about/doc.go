// Package about says what texts are about: the wards and offices that they name, the terms and sentences that stand for a story,
// and whether stories in two languages tell the same matter. Pure: no I/O, no clock.
//
// Main nouns: Gazetteer (all names of a city's wards and offices, of today and of before), Finder (finds them in a text), Text (one
// voice of a story), Facet (what two languages have in common: a number, a day, a place).
//
// Invariants: nothing here names a person. Runs that look like a person's name are never a term, a feature or a reason, and a
// sentence that holds one is chosen only where it is the name of an office's holder, which stands for the office. The same texts in
// the same order give the same answer. Everything found carries byte spans of the normalised text.
//
// Imports text. Read gazetteer.go, then find.go, person.go, terms.go, sentences.go, join.go.
package about
