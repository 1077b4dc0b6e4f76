// Package store opens the database, migrates it and runs transactions: SQLite
// inside the program, or PostgreSQL.
//
// There is one text of SQL for both: constants with numbered ?1 places, which
// are rewritten once to $1 for PostgreSQL, prepared and bound. Instants are
// integers (microseconds UTC), JSON is TEXT, booleans are integers 0 and 1,
// bytes are BYTEA columns (SQLite keeps a blob in any column).
//
// On SQLite one writer merges waiting commands into one transaction with
// savepoints (group commit): one fsync a batch with synchronous=FULL. Readers
// use connections of their own and never wait for the writer.
//
// Invariants: a command that was answered without error is durable; one that
// was answered with an error left nothing behind; a failed member of a batch
// never takes an answered one with it.
//
// Imports problem. Read store.go first, then writer.go.
package store
