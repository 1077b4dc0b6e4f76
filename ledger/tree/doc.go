// Package tree is the Merkle tree of RFC 6962 as tiles of C2SP tlog-tiles:
// pure functions over hashes, no I/O, no clock.
//
// It adds to golang.org/x/mod/sumdb/tlog (the code behind Go's checksum
// database) the tlog-tiles paths, the checkpoint's text and a right edge that
// grows leaf by leaf. Imports x/mod only. Read tree.go.
package tree
