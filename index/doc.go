// Package index finds documents by their words, in memory: for site search, the palette (Ctrl-K), claim matching and the radar's windows.
//
// The nouns: an Index takes documents by id and finds the best of them; a Term is what a document is found by; a Hit is what was
// found. Terms are posted without marks, and each posting says how the term was written (its variant), so that one index serves a
// query with marks, which prefers its own writing, and one without, which accepts all.
//
// What always holds: searches never wait for a writer; a search sees the documents as they were when it began; without a budget
// the result is exactly what scoring every document by BM25 would give. Document frequencies count deleted documents until the
// index is compacted.
//
// It imports text only. Read search.go first, then arena.go for how lists lie in memory.
package index
