// Package social reads what public social networks give to programs: timelines of Mastodon and its kin, events of Bluesky's Jetstream,
// and the export of a Telegram channel.
//
// Main nouns: the shapes are those of a feed's items, so that a post is kept like any other mention; [Filter], which says what of a
// stream is wanted.
//
// Invariants: no author's name or picture leaves this package; an account leaves it as an item's Author, for whoever keeps the item to
// hash with a key that changes, and inside a post's own address; posts that are not public are left out; a stream is read only through a filter that names something; no input makes a parser panic or hold more than its limit;
// a broken post costs only itself.
//
// Formats: Mastodon API, "Status" and "Timelines"; AT Protocol, lexicon app.bsky.feed.post, and the Jetstream README; Telegram Desktop's
// "machine-readable JSON". Imports radar/feed for its items and text for folding. Read post.go, then the network's file.
package social
