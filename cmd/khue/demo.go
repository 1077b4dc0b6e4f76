package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"syscall"
	"time"

	"khue/internal/demo"
	"khue/internal/house"
	"khue/problem"
)

type demoCmd struct {
	Listen string `placeholder:"HOST:PORT" help:"${cmd_serve_listen}"`
	Origin string `placeholder:"URL" help:"${cmd_serve_origin}"`
	Fill   bool   `help:"${cmd_demo_fill}"`
}

func (c demoCmd) flags() map[string]any {
	return serveCmd{Listen: c.Listen, Origin: c.Origin, Demo: true}.flags()
}

// Run fills an empty data folder with fourteen made-up days, and serves it. A folder that holds a demo is served as it is; one
// that holds anything else is left alone.
func (c *demoCmd) Run(e *env) error {
	if !c.Fill { // a taken port is said before anything is written
		l, err := listen(e.settings.Listen)
		if errors.Is(err, syscall.EADDRINUSE) {
			fmt.Fprintln(e.stderr, e.lang.T("cmd.serve.port", "listen", e.settings.Listen))
			return errBadInput{}
		}
		if err == nil {
			l.Close()
		}
	}
	_, err := os.Stat(e.settings.path(house.DBFile))
	fresh := errors.Is(err, os.ErrNotExist)
	if fresh || e.settings.Database != "" {
		if err := e.tell(); err != nil {
			return err
		}
	} else if !c.Fill {
		if err := e.isDemo(); err != nil {
			return err
		}
	}
	if c.Fill {
		return nil
	}
	return (&serveCmd{Listen: c.Listen, Origin: c.Origin, Demo: true}).Run(e)
}

// tell fills an empty house.
func (e *env) tell() error {
	start := time.Now()
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	d, err := demo.New(start)
	if err != nil {
		return err
	}
	config, err := e.settings.house(quiet, e.lang.T("ui.place"))
	if err != nil {
		return err
	}
	fmt.Fprintln(e.stderr, e.lang.T("cmd.demo.telling", "dir", e.settings.Data))
	h, err := house.Open(e.ctx, d.Config(config))
	if err != nil {
		return err
	}
	err = d.Tell(e.ctx, h)
	if errors.Is(err, demo.ErrNotEmpty) && h.Demo { // PostgreSQL with a demo in it
		err = nil
	} else if errors.Is(err, demo.ErrNotEmpty) {
		err = problem.New(problem.Usage, "why", e.lang.T("cmd.demo.other", "dir", e.settings.Data))
	}
	if err = errors.Join(err, h.Close()); err != nil {
		return err
	}
	fmt.Fprintln(e.stderr, e.lang.T("cmd.demo.told", "entries", h.Ledger.Size(), "seconds", int(time.Since(start).Seconds()+1)))
	return nil
}

// isDemo refuses to serve as a demo what is none.
func (e *env) isDemo() error {
	db, err := openToRead(e.ctx, e.settings)
	if err != nil {
		return err
	}
	defer db.Close()
	var n int
	if err := db.QueryRow(e.ctx, `SELECT COUNT(*) FROM setting WHERE name = 'demo'`).Scan(&n); err != nil || n == 0 {
		return problem.Wrap(err, problem.Usage, "why", e.lang.T("cmd.demo.other", "dir", e.settings.Data))
	}
	return nil
}
