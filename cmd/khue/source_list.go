package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"time"

	"khue/problem"
	"khue/radar"
	"khue/radar/opml"
)

// A list goes over the socket in parts: an answer there has its limit.
type (
	sourceChunk struct {
		OPML string `json:"opml"`
	}
	sourceFrom struct {
		From int `json:"from"`
	}
)

const (
	// exportChunk is how many sources come in one answer.
	exportChunk = 50
	// importChunk is how many bytes of OPML go in one question.
	importChunk = 200 << 10
)

type sourceImportCmd struct {
	File string `arg:"" placeholder:"FILE" help:"${cmd_source_file}"`
}

// Run adds the sources of an OPML list; what could not be taken is told on stderr, a line each.
func (c *sourceImportCmd) Run(e *env) error {
	list, broken, err := readList(e, c.File)
	if err != nil {
		return err
	}
	var all radar.Taken
	for len(list) > 0 {
		part, rest, err := listPart(list)
		if err != nil {
			return err
		}
		list = rest
		var got radar.Taken
		if err := e.ask("source.import", sourceChunk{part}, &got); err != nil {
			return err
		}
		all.Added, all.Known, all.BadAll = all.Added+got.Added, all.Known+got.Known, all.BadAll+got.BadAll
		for _, bad := range got.Bad {
			fmt.Fprintln(e.stderr, bad)
		}
	}
	if broken {
		fmt.Fprintln(e.stderr, e.lang.T("source.opml.broken"))
	}
	fmt.Fprintln(e.stdout, e.lang.T("cmd.source.imported", "added", all.Added, "known", all.Known, "bad", all.BadAll))
	return nil
}

func readList(e *env, file string) (list []opml.Outline, broken bool, err error) {
	in := e.stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, false, problem.Wrap(err, problem.Usage, "why", err.Error())
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, opml.MaxBytes+1))
	if err != nil {
		return nil, false, err
	}
	list, broken, err = opml.Parse(data)
	if err != nil {
		return nil, false, problem.Of("file", problem.Invalid, "why", "@source.no-opml")
	}
	return list, broken, nil
}

// listPart writes as much of a list as one question takes.
func listPart(list []opml.Outline) (part string, rest []opml.Outline, err error) {
	for n := min(len(list), exportChunk); ; n = (n + 1) / 2 {
		var b bytes.Buffer
		if err := opml.Write(&b, "", time.Time{}, list[:n]); err != nil {
			return "", nil, err
		}
		if b.Len() <= importChunk || n == 1 {
			return b.String(), list[n:], nil
		}
	}
}

type sourceExportCmd struct{}

// Run writes the sources that have an address as OPML.
func (c *sourceExportCmd) Run(e *env) error {
	var list []opml.Outline
	for {
		var part []opml.Outline
		if err := e.ask("source.export", sourceFrom{len(list)}, &part); err != nil {
			return err
		}
		list = append(list, part...)
		if len(part) < exportChunk {
			return opml.Write(e.stdout, e.lang.T("radar.sources"), time.Now(), list)
		}
	}
}
