// Package api is the face for programs: the same rooms as the pages, as JSON over HTTP, described by OpenAPI 3.1.
//
// Main nouns: op (one operation: who may call it and whether it writes), call (one request on its way), example (a call that the
// documentation page shows and a test runs), List (a page of things with the address of the next).
//
// A request goes: route → key and scopes → rate limit → for reads the kept answer or an ETag, for writes the idempotency key →
// huma, which decodes and checks by the types → the room's command. Every problem, huma's too, becomes one problem of package
// problem and is written by the frame as application/problem+json.
//
// Invariants: bodies and answers are types of this package, never a room's; a key acts as its account and within its scopes, and
// the room asks the rulebook as for a page; a write without an idempotency key is refused, and one that was done is not done
// again; answers that are kept for replay are sealed with the key that they belong to; every answer of a demo says that it is one.
// What is promised to callers stands in docs/format/api.md.
//
// Imports the rooms, internal/house through web/site, web/frame and web/ui. Read api.go, then operation.go.
package api
