// Package match says which checked claim a post is about.
//
// The nouns: a Library holds claims; a Match is a claim with the probability that the post tells it; its Link is the word a person sees.
//
// A post is read into words, pairs and four-letter grams; an index gives the sixty best claims by the sum of their BM25 scores; a small
// model of trees (model.json, learned by TestTrain from a public set of posts and claims) orders them by what they share: coverage of
// rare words, numbers, names, runs; a logistic curve makes a probability of it.
//
// What always holds: a match depends on what is in the library, not on how it came there; Score falls along the list; reading never fails,
// whatever the text.
//
// It imports text and index only. Read library.go first, then feature.go.
package match
