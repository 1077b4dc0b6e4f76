package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"khue/internal/house"
	"khue/store"
)

type migrateCmd struct{}

// Run brings the schema of the data up to this program's version.
func (migrateCmd) Run(e *env) error {
	lock, err := house.Lock(e.settings.Data)
	if err != nil {
		return err
	}
	defer lock.Close()
	db, err := openToRead(e.ctx, e.settings)
	if err != nil {
		return err
	}
	defer db.Close()
	before, err := db.Version(e.ctx)
	if err != nil {
		return err
	}
	if err := db.Migrate(e.ctx); err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, e.lang.T("cmd.migrate.done", "from", before, "to", store.Latest()))
	return nil
}

type configCmd struct{}

// Run prints the settings in force and where each comes from.
func (configCmd) Run(e *env) error { return e.settings.Print(e.stdout) }

type versionCmd struct{}

// Run prints the program's version, Go's, and the newest schema it knows.
func (versionCmd) Run(e *env) error {
	v := "dev"
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
		v = b.Main.Version
	}
	_, err := fmt.Fprintf(e.stdout, "khue %s · %s · schema %d\n", v, runtime.Version(), store.Latest())
	return err
}
