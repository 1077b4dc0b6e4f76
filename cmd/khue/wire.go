package main

import (
	"log/slog"
	"path/filepath"

	"khue/internal/house"
	"khue/store"
)

func (s Settings) path(name string) string { return filepath.Join(s.Data, name) }

func (s Settings) storeConfig() store.Config {
	return store.Config{Database: s.Database, File: s.path(house.DBFile)}
}

// house gives what a house needs of the settings.
func (s Settings) house(log *slog.Logger) house.Config {
	return house.Config{Dir: s.Data, Database: s.Database, Origin: s.Origin, LogName: s.LogOrigin(), Demo: s.Demo, Log: log}
}
