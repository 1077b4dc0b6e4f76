// Package cluster puts mentions into stories as they arrive.
//
// The nouns: a Mention is an article or a post; a story is a number that mentions share; Assigned says which story a mention went to, and
// whether it is a copy of another; a Clusterer holds the live window.
//
// A mention becomes a vector: syllables with their marks and pairs of neighbours, the title counting three times, weighted by how rare they
// are in a background that slowly forgets. Lists of the newest mentions for its rarest terms give candidates; the nearest of them and their
// stories are compared exactly; the best story takes the mention if it is near enough, taking off for time passed.
//
// What always holds: the same mentions in the same order give the same stories, also across Marshal and Unmarshal; a decision is never
// changed later (Merge only says which stories turned out to be one); work and memory for a mention do not grow with the
// window beyond what a mention itself takes.
//
// It imports text only. Read cluster.go first, then vector.go.
package cluster
