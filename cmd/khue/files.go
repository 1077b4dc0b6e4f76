package main

import (
	"io/fs"
)

// prefixFS shows only one folder of a file system, under its own name.
type prefixFS struct {
	name string
	all  fs.FS
}

// Open opens what lies in the folder; the root holds nothing else.
func (p prefixFS) Open(name string) (fs.File, error) {
	f, err := p.all.Open(name)
	if err != nil || name != "." {
		return f, err
	}
	return &oneDir{File: f, p: p}, nil
}

type oneDir struct {
	fs.File
	p    prefixFS
	done bool
}

// ReadDir lists the one folder.
func (d *oneDir) ReadDir(int) ([]fs.DirEntry, error) {
	if d.done {
		return nil, nil
	}
	d.done = true
	st, err := fs.Stat(d.p.all, d.p.name)
	if err != nil {
		return nil, err
	}
	return []fs.DirEntry{fs.FileInfoToDirEntry(st)}, nil
}
