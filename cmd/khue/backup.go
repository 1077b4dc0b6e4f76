package main

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"khue/internal/house"
	"khue/ledger"
	"khue/problem"
	"khue/store"
)

type backupCmd struct {
	File string `arg:"" placeholder:"FILE.zip" help:"${cmd_backup_file}"`
}

// Run writes a backup while the program may go on serving: one snapshot of every table, the keys and the stored files.
func (c *backupCmd) Run(e *env) error {
	db, err := openToRead(e.ctx, e.settings)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := os.Stat(c.File); err == nil {
		return problem.New(problem.Usage, "why", c.File+": "+os.ErrExist.Error())
	}
	tmp := c.File + ".new"
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return problem.Wrap(err, problem.Full)
	}
	defer os.Remove(tmp)
	m, err := writeBackup(e.ctx, db, e.settings, f)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp, c.File); err != nil {
		return err
	}
	var rows int64
	for _, n := range m.Rows {
		rows += n
	}
	fmt.Fprintln(e.stdout, e.lang.T("cmd.backup.done", "file", c.File, "tables", len(m.Rows), "rows", rows, "entries", m.Rows["ledger_entry"]))
	return nil
}

func writeBackup(ctx context.Context, db *store.DB, s Settings, w io.Writer) (store.Manifest, error) {
	z := zip.NewWriter(w)
	// Files are written once under their hash and never change: those that the snapshot's rows name are there before it is taken.
	m, err := db.Dump(ctx, z, time.Now())
	if err != nil {
		return m, err
	}
	for _, name := range keyFiles {
		if err := addFile(z, s, name); err != nil {
			return m, err
		}
	}
	if root := s.path(house.FilesDir); exists(root) {
		if err := z.AddFS(prefixFS{house.FilesDir, os.DirFS(s.Data)}); err != nil {
			return m, err
		}
	}
	return m, z.Close()
}

// keyFiles are the secrets beside the database: without the log's key nothing more can be signed under its name; without the
// people's, links that were mailed lead nowhere.
var keyFiles = []string{house.KeyFile, house.PeopleKeyFile}

func addFile(z *zip.Writer, s Settings, name string) error {
	data, err := os.ReadFile(s.path(name))
	if err != nil {
		return err
	}
	w, err := z.Create(name)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

type restoreCmd struct {
	File   string `arg:"" placeholder:"FILE.zip" help:"${cmd_restore_file}"`
	NewLog bool   `name:"new-log" help:"${cmd_restore_new_log}"`
}

// Run fills an empty data folder (or database) from a backup and verifies the log. A backup that is older than the last
// checkpoint shown from this folder is refused: the public log would fork.
func (c *restoreCmd) Run(e *env) error {
	z, err := zip.OpenReader(c.File)
	if err != nil {
		return problem.Wrap(err, problem.Invalid, "field", c.File, "why", firstOf(err))
	}
	defer z.Close()
	if exists(e.settings.path(house.DBFile)) {
		return problem.New(problem.Usage, "why", e.lang.T("cmd.restore.not-empty", "dir", e.settings.Data))
	}
	if err := os.MkdirAll(e.settings.Data, 0o700); err != nil {
		return problem.Wrap(err, problem.Full)
	}
	lock, err := house.Lock(e.settings.Data)
	if err != nil {
		return err
	}
	defer lock.Close()
	rep, err := c.restore(e, &z.Reader)
	if err != nil {
		for _, name := range []string{house.DBFile, house.DBFile + "-wal", house.DBFile + "-shm"} {
			os.Remove(e.settings.path(name)) // nothing is left half done
		}
		return err
	}
	fmt.Fprintln(e.stdout, e.lang.T("cmd.restore.done", "dir", e.settings.Data, "entries", rep.Entries, "root", rep.Root.String()))
	return nil
}

func (c *restoreCmd) restore(e *env, z *zip.Reader) (ledger.Report, error) {
	db, err := store.Open(e.ctx, e.settings.storeConfig())
	if err != nil {
		return ledger.Report{}, err
	}
	defer db.Close()
	if _, err := db.Load(e.ctx, z); err != nil {
		return ledger.Report{}, err
	}
	key, err := readZip(z, house.KeyFile)
	if err != nil {
		return ledger.Report{}, err
	}
	vkey, err := ledger.PublicKeyOf(string(key))
	if err != nil {
		return ledger.Report{}, err
	}
	rep, err := ledger.Check(e.ctx, db, vkey)
	if err != nil {
		return rep, err
	}
	if !c.NewLog {
		l, err := ledger.Open(e.ctx, db, ledger.Config{Origin: house.OriginOfKey(string(key)), Key: string(key), Now: time.Now, Log: slog.Default()})
		if err != nil {
			return rep, err
		}
		if err := house.RefuseOlder(e.settings.Data, l); err != nil {
			return rep, err
		}
	}
	if err := restoreFiles(z, e.settings); err != nil {
		return rep, err
	}
	people, err := readZip(z, house.PeopleKeyFile)
	if err != nil {
		return rep, err
	}
	if err := errors.Join(house.WriteFile(e.settings.path(house.PeopleKeyFile), people), house.WriteFile(e.settings.path(house.KeyFile), key)); err != nil {
		return rep, err
	}
	if c.NewLog { // the last act: a restore that fails leaves the warning in its place
		os.Remove(e.settings.path(house.CheckpointFile))
	}
	return rep, nil
}

// restoreFiles writes the stored files back; a name that leaves the folder is refused.
func restoreFiles(z *zip.Reader, s Settings) error {
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, house.FilesDir+"/") || strings.HasSuffix(f.Name, "/") {
			continue
		}
		if !filepath.IsLocal(f.Name) {
			return problem.New(problem.Unsafe)
		}
		data, err := readZip(z, f.Name)
		if err != nil {
			return err
		}
		path := s.path(filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := house.WriteFile(path, data); err != nil {
			return err
		}
	}
	return nil
}

// maxStored bounds one stored file of a backup, in bytes.
const maxStored = 512 << 20

func readZip(z *zip.Reader, name string) ([]byte, error) {
	f, err := z.Open(name)
	if err != nil {
		return nil, problem.Wrap(err, problem.Invalid, "field", "backup", "why", name)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxStored+1))
	if err == nil && len(data) > maxStored {
		err = problem.New(problem.Size, "n", "512")
	}
	return data, err
}
