// Package profile holds the folder of data that makes Khuê a certain city's:
// its rulebook, offices and names. hanoi is the one shipped.
//
// Units are found by their names of today and of before. Imports nothing of ours.
package profile

import (
	"embed"
	"io/fs"
)

//go:embed hanoi
var shipped embed.FS

// Hanoi gives the profile of the Hanoi Capital Press Centre.
func Hanoi() fs.FS {
	sub, err := fs.Sub(shipped, "hanoi")
	if err != nil { // the folder is embedded
		panic(err)
	}
	return sub
}
