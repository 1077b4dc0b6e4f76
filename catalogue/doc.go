// Package catalogue holds every word that Khuê shows: one catalogue a language,
// split into files by room, flat keys, placeholders in braces.
//
// Vietnamese is the first language and complete; English is complete too (a
// test compares the keys). Code names a sentence by its key and hands in the
// values; a page never holds words of its own. A key that is missing shows as
// ⟦key⟧, which a test looks for on every page.
//
// Imports problem only.
package catalogue
