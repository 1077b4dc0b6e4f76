// Package fetch makes polite requests to other people's servers.
//
// Main nouns: Client, Request, Response, Fault (why a request failed, in a word for the source's health).
//
// Invariants: one request at a time to a host, with a pause between; robots.txt is obeyed; at most five redirects; never to a
// private address unless the configuration lists it, checked at the moment of dialling, so that neither a redirect nor a name
// that changes its meaning leads inside; a body ends at its limit, counted after decompression; what the server asks
// (Retry-After, Crawl-delay) is done.
//
// Imports nothing of ours. Read fetch.go first.
package fetch
