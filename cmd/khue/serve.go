package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	"khue/internal/house"
	"khue/problem"
	"khue/web"
)

const (
	// stopWithin bounds the time from Ctrl-C to the end of the last request.
	stopWithin = 4 * time.Second
	// readHeadWithin bounds the time in which a client must send its request's head.
	readHeadWithin = 10 * time.Second
	// maxHead bounds a request's head, in bytes.
	maxHead = 32 << 10
)

type serveCmd struct {
	Listen string `placeholder:"HOST:PORT" help:"${cmd_serve_listen}"`
	Origin string `placeholder:"URL" help:"${cmd_serve_origin}"`
	Demo   bool   `help:"${cmd_serve_demo}"`
}

func (c serveCmd) flags() map[string]any {
	m := map[string]any{}
	if c.Listen != "" {
		m["listen"] = c.Listen
	}
	if c.Origin != "" {
		m["origin"] = c.Origin
	}
	if c.Demo {
		m["demo"] = true
	}
	return m
}

// Run serves the data folder until the process is told to stop; then it ends within five seconds.
func (c *serveCmd) Run(e *env) error {
	log := e.logger()
	listener, err := listen(e.settings.Listen)
	if err != nil {
		if errors.Is(err, syscall.EADDRINUSE) {
			fmt.Fprintln(e.stderr, e.lang.T("cmd.serve.port", "listen", e.settings.Listen))
			return errBadInput{}
		}
		return problem.Wrap(err, problem.Usage, "why", err.Error())
	}
	defer listener.Close()
	config, err := e.settings.house(log, e.lang.T("ui.place"))
	if err != nil {
		return err
	}
	h, err := house.Open(e.ctx, config)
	if err != nil {
		return err
	}
	defer func() {
		if err := h.Close(); err != nil {
			log.Error("close the house", "err", err)
		}
	}()
	return e.serve(h, listener, log)
}

// serve answers requests on the listener until e.ctx ends or a part of the house fails.
func (e *env) serve(h *house.House, listener net.Listener, log *slog.Logger) error {
	app, err := web.New(h, log)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(e.ctx)
	defer stop()
	var handler http.Handler = app
	if os.Getenv("KHUE_DEV") != "" {
		handler = web.Reloading(ctx, app, strconv.Itoa(os.Getpid()))
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: readHeadWithin, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: maxHead, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	var all sync.WaitGroup
	faults := make(chan error, 4)
	run := func(f func(context.Context) error) {
		all.Go(func() {
			if err := f(ctx); err != nil {
				faults <- err
			}
			stop()
		})
	}
	run(app.Run)
	run(func(ctx context.Context) error {
		return serveSocket(ctx, e.settings.path(house.SocketFile), log, verbs(h))
	})
	all.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			faults <- err
			stop()
		}
	})
	// The house outlives the requests: what they wait for (a position in the log) must still come.
	background, end := context.WithCancel(context.WithoutCancel(e.ctx))
	defer end()
	rooms := make(chan error, 1)
	go func() { rooms <- h.Run(background) }()
	if err := e.announce(ctx, h); err != nil && ctx.Err() == nil {
		stop()
		faults <- err
	}
	select {
	case <-ctx.Done():
	case err := <-rooms:
		rooms <- err
		faults <- err
		stop()
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(e.ctx), stopWithin)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		server.Close() //nolint:errcheck // what is still open is cut off
	}
	all.Wait()
	end()
	err = <-rooms
	close(faults)
	for f := range faults {
		err = errors.Join(err, f)
	}
	fmt.Fprintln(e.stderr, e.lang.T("cmd.serve.stopped"))
	return err
}

// announce prints where Khuê can be opened, and what a newcomer needs to enter: on an empty folder the one-time link of the
// first start, in a demo the log-ins.
func (e *env) announce(ctx context.Context, h *house.House) error {
	fmt.Fprintln(e.stderr, e.lang.T("cmd.serve.ready", "origin", h.Origin))
	empty, err := h.People.Empty(ctx)
	if err != nil {
		return err
	}
	switch {
	case empty:
		token, err := h.People.SetUpToken(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintln(e.stderr, e.lang.T("cmd.serve.first", "link", h.Origin+e.lang.Href("/first/"+token)))
	case h.Demo:
		fmt.Fprintln(e.stderr, e.lang.T("cmd.serve.demo-people", "link", h.Origin+e.lang.Href("/login"), "password", house.DemoPassword))
	}
	return nil
}

func listen(address string) (net.Listener, error) {
	return net.Listen("tcp", address)
}

// logger writes to standard error in the form that the settings ask for.
func (e *env) logger() *slog.Logger {
	level := slog.LevelInfo
	if os.Getenv("KHUE_DEBUG") != "" {
		level = slog.LevelDebug
	}
	options := &slog.HandlerOptions{Level: level}
	if e.settings.Log == "json" {
		return slog.New(slog.NewJSONHandler(e.stderr, options))
	}
	return slog.New(slog.NewTextHandler(e.stderr, options))
}
