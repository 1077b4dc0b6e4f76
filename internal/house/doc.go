// Package house puts the rooms together: it takes a data folder, opens the database and the ledger, makes every room, and
// runs what goes on in the background. The program, its demo and the tests of pages all live in the same house.
//
// Invariants: one process serves a data folder (flock); a log that is shorter than the last checkpoint shown from this folder
// is refused, since it would fork; what Run started has ended when Run returns.
//
// Imports every room; web, cmd and tests import it. Read house.go, then folder.go.
package house
