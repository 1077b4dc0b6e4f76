// Package people knows who is who: accounts and their posts, log-in and sessions, offices, outlets, spokespersons, stand-ins.
//
// The nouns are Account, Office, Spokesperson, StandIn, Outlet and Session. ActorOf turns a session's token into the plain
// regulation.Actor that every room's command asks its rights with; people's own commands do so too.
//
// An account: invited or registered → proven (the address is the person's own) → closed; a journalist's is verified beside that.
// A stand-in: running → ended (by its date, or by hand).
//
// Invariants:
//   - passwords are kept as argon2id, tokens and links as SHA-256, addresses of machines only as keyed hashes;
//   - nobody learns from a log-in whether an address has an account: same words, same work, same lock;
//   - the last administrator can be neither closed nor taken from the post;
//   - a stand-in holds one post for one matter until a moment, by a paper, and passes nothing on (Decree 244/2026, Art. 3(5), (6));
//   - contacts and private names never enter the ledger; the names of spokespersons do, since the law publishes them.
//
// Offices come from the profile and are laid over by rows of the database. Letters to people are rows of the command's own
// transaction; Run sends them.
//
// Imports regulation, ledger, store, profile, problem and people/mail. Read account.go, then room.go.
package people
