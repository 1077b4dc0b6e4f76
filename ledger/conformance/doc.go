// Package conformance lets programs that are not ours check the public log as it is served: Tessera's client and fsck, and torchwood.
// It is a module of its own, since they bring much with them. Run it by make conformance.
package conformance
