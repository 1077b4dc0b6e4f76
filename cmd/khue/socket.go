package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"khue/internal/house"
	"khue/problem"
	"khue/regulation"
)

// The socket is how commands change something in a data folder that is being served. A connection carries one question and one answer,
// each a line of JSON:
//
//	{"verb":"user.add","lang":"vi","args":{…}}
//	{"result":{…}}  or  {"problems":[{"code":"required","field":"name"}],"cause":"…"}
//
// The file is 0600 in the data folder: who can open it is the machine's own user. The actor is "system:os-user-NAME", by what the
// kernel says of the caller, never by what the caller says.

// verb is one act that the socket offers.
type verb func(ctx context.Context, by regulation.Actor, args json.RawMessage) (any, error)

const (
	socketLine    = 1 << 20          // bytes of a question or an answer
	socketTimeout = 30 * time.Second // of one connection
	socketAtOnce  = 8                // connections at the same time; more wait
	socketPath    = 100              // bytes of the path: the kernel takes 107
)

type socketAsk struct {
	Verb string          `json:"verb"`
	Lang string          `json:"lang,omitempty"`
	Args json.RawMessage `json:"args,omitempty"`
}

type socketProblem struct {
	Code  problem.Code      `json:"code"`
	Field string            `json:"field,omitempty"`
	Args  map[string]string `json:"args,omitempty"`
}

type socketAnswer struct {
	Result   json.RawMessage `json:"result,omitempty"`
	Problems []socketProblem `json:"problems,omitempty"`
	Cause    string          `json:"cause,omitempty"`
}

// serveSocket answers on the socket at path until ctx ends. The caller holds the folder's lock, so a file that is there is a dead one.
func serveSocket(ctx context.Context, path string, log *slog.Logger, verbs map[string]verb) error {
	if len(path) > socketPath {
		log.Warn("no socket: the path is too long; khue user will ask to stop the server", "path", path)
		<-ctx.Done()
		return nil
	}
	// It is made beside its place and shut to others before anybody can find it.
	tmp := path + ".new"
	os.Remove(tmp)
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", tmp)
	if err != nil {
		return problem.Wrap(fmt.Errorf("socket: %w", err), problem.Full)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	if err := errors.Join(os.Chmod(tmp, 0o600), os.Rename(tmp, path)); err != nil {
		l.Close()
		return problem.Wrap(fmt.Errorf("socket: %w", err), problem.Full)
	}
	defer os.Remove(path)
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	var all sync.WaitGroup
	defer all.Wait()
	places := make(chan struct{}, socketAtOnce)
	for {
		conn, err := l.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("socket: %w", err)
		}
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			answerSocket(ctx, conn, log, verbs)
		})
	}
}

func answerSocket(ctx context.Context, conn net.Conn, log *slog.Logger, verbs map[string]verb) {
	defer conn.Close()                              //nolint:errcheck // nothing is lost by it
	conn.SetDeadline(time.Now().Add(socketTimeout)) //nolint:errcheck // a dead connection fails at the next read
	ctx, cancel := context.WithTimeout(ctx, socketTimeout)
	defer cancel()
	var a socketAnswer
	result, err := askedOnSocket(ctx, conn, verbs)
	if err == nil {
		a.Result, err = json.Marshal(result)
	}
	if err != nil {
		for _, p := range problem.All(err) {
			a.Problems = append(a.Problems, socketProblem{p.Code, p.Field, p.Args})
			if p.Err != nil {
				a.Cause = p.Err.Error() // the reader is the operator
			}
		}
		a.Result = nil
	}
	if err := json.NewEncoder(conn).Encode(a); err != nil {
		log.Warn("answer on the socket", "err", err)
	}
}

func askedOnSocket(ctx context.Context, conn net.Conn, verbs map[string]verb) (any, error) {
	ask, err := readAsk(conn)
	if err != nil {
		return nil, problem.Wrap(err, problem.Usage, "why", err.Error())
	}
	do, ok := verbs[ask.Verb]
	if !ok {
		return nil, problem.New(problem.Usage, "why", ask.Verb)
	}
	by, err := peer(conn)
	if err != nil {
		return nil, problem.Wrap(err, problem.Forbidden, "role", "@role.admin")
	}
	by.Lang = ask.Lang
	return do(ctx, by, ask.Args)
}

// readAsk reads one question: a line of JSON, at most socketLine long, with no key that nobody knows.
func readAsk(r io.Reader) (socketAsk, error) {
	var ask socketAsk
	line, err := bufio.NewReader(io.LimitReader(r, socketLine)).ReadBytes('\n')
	if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
		return ask, err
	}
	if len(line) >= socketLine {
		return ask, errors.New("the question is too long")
	}
	return ask, strictJSON(line, &ask)
}

// callSocket asks the process that serves a data folder. problem.InUse when nobody answers there.
func callSocket(ctx context.Context, path, name, lang string, args, result any) error {
	raw, err := json.Marshal(args)
	if err != nil {
		return err
	}
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "unix", path)
	if err != nil {
		return problem.Wrap(err, problem.InUse, "dir", filepath.Dir(path))
	}
	defer conn.Close()                              //nolint:errcheck // nothing is lost by it
	conn.SetDeadline(time.Now().Add(socketTimeout)) //nolint:errcheck // a dead connection fails at the next read
	if err := json.NewEncoder(conn).Encode(socketAsk{name, lang, raw}); err != nil {
		return problem.Wrap(err, problem.InUse, "dir", filepath.Dir(path))
	}
	var a socketAnswer
	if err := json.NewDecoder(io.LimitReader(conn, socketLine)).Decode(&a); err != nil {
		return fmt.Errorf("answer of the server: %w", err)
	}
	if len(a.Problems) > 0 {
		var l problem.List
		for _, p := range a.Problems {
			e := &problem.Error{Code: p.Code, Field: p.Field, Args: p.Args}
			if a.Cause != "" {
				e.Err = errors.New(a.Cause)
			}
			l = append(l, e)
		}
		if len(l) == 1 {
			return l[0]
		}
		return l
	}
	return json.Unmarshal(a.Result, result)
}

// osUser gives the actor of a user of this machine.
func osUser(uid int) regulation.Actor {
	name := strconv.Itoa(uid)
	if u, err := user.LookupId(name); err == nil && u.Username != "" {
		name = u.Username
	}
	return regulation.SystemActor("os-user-" + name)
}

// ask does an act of the socket in the data folder: through the socket of the process that serves it, else in a house opened for it.
func (e *env) ask(name string, args, result any) error {
	config, err := e.settings.house(e.logger(), e.lang.T("ui.place"))
	if err != nil {
		return err
	}
	h, err := house.Open(e.ctx, config)
	if problem.CodeOf(err) == problem.InUse {
		return callSocket(e.ctx, e.settings.path(house.SocketFile), name, string(e.lang), args, result)
	}
	if err != nil {
		return err
	}
	err = e.askHouse(h, name, args, result)
	return errors.Join(err, h.Close())
}

// printRows writes what an act gave as one JSON object a line.
func printRows[T any](w io.Writer, rows []T) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, r := range rows {
		if err := enc.Encode(r); err != nil {
			return err
		}
	}
	return nil
}

func (e *env) askHouse(h *house.House, name string, args, result any) error {
	raw, err := json.Marshal(args)
	if err != nil {
		return err
	}
	by := osUser(os.Getuid())
	by.Lang = string(e.lang)
	out, err := verbs(h)[name](e.ctx, by, raw)
	if err != nil {
		return err
	}
	if raw, err = json.Marshal(out); err != nil {
		return err
	}
	if err := h.People.SendWaiting(e.ctx); err != nil {
		return err
	}
	return json.Unmarshal(raw, result)
}

// verbs lists what the socket of a house offers.
func verbs(h *house.House) map[string]verb {
	all := userVerbs(h.People)
	maps.Copy(all, sourceVerbs(h.Radar))
	return all
}
