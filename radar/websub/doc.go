// Package websub has the parts of WebSub that need no network: which hub a feed declares, what is asked of a hub, what a hub asks back,
// and whether a notification is signed with our secret.
//
// Main nouns: [Links] of a feed (its hubs and its own address), [Ask] a request to a hub, [Verification] a hub's question.
//
// Invariants: a notification without a right signature is never taken for one; signatures are compared in constant time; a hub or a topic
// that is not http or https is none.
//
// Method: WebSub, W3C Recommendation of 23 January 2018; links as in RFC 8288. Imports nothing of ours. Read websub.go.
package websub
