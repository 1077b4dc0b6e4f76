package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"khue/internal/house"
	"khue/ledger"
	"khue/problem"
	"khue/store"
)

type ledgerCmd struct {
	Check ledgerCheckCmd `cmd:"" help:"${cmd_ledger_check}"`
	Prove ledgerProveCmd `cmd:"" help:"${cmd_ledger_prove}"`
}

type ledgerCheckCmd struct {
	Remote string `arg:"" optional:"" placeholder:"URL" help:"${cmd_ledger_check_remote}"`
	Key    string `placeholder:"KEY" help:"${cmd_ledger_check_key}"`
}

// Run verifies the log of the data folder, or a public log by its address.
func (c *ledgerCheckCmd) Run(e *env) error {
	var rep ledger.Report
	var err error
	if c.Remote != "" {
		rep, err = ledger.CheckRemote(e.ctx, http.DefaultClient, c.Remote, c.Key)
	} else {
		rep, err = checkFolder(e.ctx, e.settings, c.Key)
	}
	var f *ledger.Fault
	if errors.As(err, &f) {
		fmt.Fprintln(e.stderr, e.lang.T("cmd.ledger.check.fault", "what", f.Error()))
		return errBadInput{}
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, e.lang.T("cmd.ledger.check.good", "entries", rep.Entries, "public", rep.Public, "erased", rep.Erased, "checkpoints", rep.Checkpoints, "root", rep.Root.String()))
	return nil
}

// openToRead opens the data folder's database without taking the folder: the serving process may go on.
func openToRead(ctx context.Context, s Settings) (*store.DB, error) {
	if s.Database == "" {
		if _, err := os.Stat(s.path(house.DBFile)); err != nil {
			return nil, problem.Wrap(err, problem.NotFound)
		}
	}
	return store.Open(ctx, s.storeConfig())
}

func checkFolder(ctx context.Context, s Settings, vkey string) (ledger.Report, error) {
	db, err := openToRead(ctx, s)
	if err != nil {
		return ledger.Report{}, err
	}
	defer db.Close()
	if vkey == "" {
		key, err := os.ReadFile(s.path(house.KeyFile))
		if err != nil {
			return ledger.Report{}, problem.Wrap(err, problem.NotFound)
		}
		if vkey, err = ledger.PublicKeyOf(string(key)); err != nil {
			return ledger.Report{}, err
		}
	}
	return ledger.Check(ctx, db, vkey)
}

type ledgerProveCmd struct {
	ID string `arg:"" placeholder:"ENTRY" help:"${cmd_ledger_prove_id}"`
}

// Run prints an entry's proof in the form of c2sp.org/tlog-proof@v1.
func (c *ledgerProveCmd) Run(e *env) error {
	db, err := openToRead(e.ctx, e.settings)
	if err != nil {
		return err
	}
	defer db.Close()
	key, err := os.ReadFile(e.settings.path(house.KeyFile))
	if err != nil {
		return problem.Wrap(err, problem.NotFound)
	}
	p, err := ledger.ProveIn(e.ctx, db, c.ID)
	if err != nil {
		return err
	}
	vkey, err := ledger.PublicKeyOf(string(key))
	if err != nil {
		return err
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	if _, err := note.Open([]byte(p.Checkpoint), note.VerifierList(v)); err != nil {
		return fmt.Errorf("the checkpoint is not signed by %s: %w", strings.TrimSpace(e.settings.path(house.KeyFile)), err)
	}
	if err := p.Verify(); err != nil {
		return err
	}
	_, err = fmt.Fprint(e.stdout, p.Text())
	return err
}
