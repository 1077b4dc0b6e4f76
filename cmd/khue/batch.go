package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"khue/problem"
)

// batch is one run of a command that reads and writes JSON lines. Every such command works alike:
//
//	b := startBatch(e)
//	err := readLines(b, c.Library, func(d document) error { … })                          // all of a file first
//	err = eachLine(b, c.In, c.Out, func(t text, emit func(verdict) error) error { … })    // then line by line, in order
//	return b.end(err)
//
// Lines are parsed on another core while the function works on those before. parallelLines runs the function itself on every
// core and still writes in the order of the input. A line that is not valid is reported with its number and skipped; end then
// gives exit status 1. One line of figures ends standard error. "-" is standard input or output. Memory is bounded by a few
// chunks of lines.
type batch struct {
	e        *env
	start    time.Time
	read     int64 // lines of the main input, bad ones too
	written  int64
	bad      int64          // lines that were skipped, of all inputs
	extra    map[string]any // further figures for the last line
	stdinFor string         // the flag that took standard input
	progress progress
}

func startBatch(e *env) *batch {
	return &batch{e: e, start: time.Now(), extra: map[string]any{}, progress: progress{to: e.stderr, on: isTerminal(e.stderr)}}
}

// errBadLine marks an error of one line, which is reported and skipped; any other error of a function ends the command.
type errBadLine struct{ why string }

func (e errBadLine) Error() string { return e.why }

// badLine is what a function returns for a line that it cannot use.
func badLine(why string) error { return errBadLine{why} }

// checked is implemented by line types that can be well-formed JSON and still be of no use, such as one without an id.
type checked interface{ check() error }

// decodeLine parses one line. Broken surrogates inside strings, as cut emoji leave them, become U+FFFD; bytes that are not
// UTF-8 are refused.
func decodeLine[T any](line []byte, into *T) error {
	if len(line) == 0 || line[0] != '{' {
		return badLine("not a JSON object")
	}
	if !validUTF8(line) {
		return badLine("not UTF-8")
	}
	if err := json.Unmarshal(line, into, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)); err != nil {
		return badLine(err.Error())
	}
	if c, ok := any(into).(checked); ok {
		return c.check()
	}
	return nil
}

// encodeLine appends one value as a line.
func encodeLine(dst *bytes.Buffer, v any) error {
	if err := json.MarshalWrite(dst, v, jsontext.AllowInvalidUTF8(true)); err != nil {
		return err
	}
	return dst.WriteByte('\n')
}

// report tells of a bad line.
func (b *batch) report(file string, line int64, err error) {
	b.bad++
	b.progress.clear()
	fmt.Fprintln(b.e.stderr, b.e.lang.T("cmd.batch.bad", "file", file, "line", line, "why", err.Error()))
}

// open opens an input; only one of a command's inputs can be standard input.
func (b *batch) open(file string) (io.ReadCloser, int64, error) {
	if file == "-" {
		if b.stdinFor != "" {
			return nil, 0, problem.New(problem.Usage, "why", b.e.lang.T("cmd.batch.stdin-twice"))
		}
		b.stdinFor = file
		return io.NopCloser(b.e.stdin), 0, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, 0, problem.New(problem.Usage, "why", err.Error())
	}
	st, err := f.Stat()
	if err == nil && st.IsDir() {
		err = &os.PathError{Op: "read", Path: file, Err: syscall.EISDIR}
	}
	if err != nil {
		f.Close()
		return nil, 0, problem.New(problem.Usage, "why", err.Error())
	}
	return f, st.Size(), nil
}

// output is an open output; lines is how many it took.
type output struct {
	w     io.Writer
	file  *os.File
	buf   bytes.Buffer
	lines int64
}

// maxHeld is how many bytes an output holds before it writes them.
const maxHeld = 256 << 10

// create opens an output. A file that is also an input is refused: it would be emptied before it was read.
func (b *batch) create(file string, inputs ...string) (*output, error) {
	if file == "-" || file == "" {
		return &output{w: b.e.stdout}, nil
	}
	for _, in := range inputs {
		if a, err := os.Stat(in); err == nil {
			if o, err := os.Stat(file); err == nil && os.SameFile(a, o) {
				return nil, problem.New(problem.Usage, "why", b.e.lang.T("cmd.batch.same-file", "file", file))
			}
		}
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, problem.New(problem.Usage, "why", err.Error())
	}
	return &output{w: f, file: f}, nil
}

// put adds one value as a line.
func (o *output) put(v any) error {
	o.lines++
	if err := encodeLine(&o.buf, v); err != nil {
		return err
	}
	if o.buf.Len() >= maxHeld {
		return o.flush()
	}
	return nil
}

func (o *output) flush() error {
	if o.buf.Len() == 0 {
		return nil
	}
	_, err := o.w.Write(o.buf.Bytes())
	o.buf.Reset()
	if err != nil {
		return problem.Wrap(err, problem.Full)
	}
	return nil
}

func (o *output) close() error {
	err := o.flush()
	if o.file != nil {
		if e := o.file.Close(); err == nil && e != nil {
			err = problem.Wrap(e, problem.Full)
		}
	}
	return err
}

// end prints the figures and gives the command's result: err, or that some input was bad.
func (b *batch) end(err error) error {
	b.progress.clear()
	if err != nil {
		return err
	}
	figures := map[string]any{
		"read": b.read, "written": b.written, "bad": b.bad,
		"seconds": float64(time.Since(b.start).Milliseconds()) / 1000, "peak_bytes": peakBytes(),
	}
	for k, v := range b.extra {
		figures[k] = v
	}
	var line bytes.Buffer
	if err := json.MarshalWrite(&line, figures, json.Deterministic(true)); err != nil {
		return err
	}
	fmt.Fprintln(b.e.stderr, line.String())
	if b.bad > 0 {
		return errBadInput{}
	}
	return nil
}

// peakBytes is the most memory that the process had at once, as the system counts it (getrusage, Linux: KiB).
func peakBytes() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return u.Maxrss << 10
}

// progress shows how far a command is, on a terminal only.
type progress struct {
	to    io.Writer
	on    bool
	shown bool
	last  time.Time
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0
}

// show writes at most five times a second; size 0 means that the end is not known.
func (p *progress) show(lines, at, size int64) {
	if !p.on || time.Since(p.last) < 200*time.Millisecond {
		return
	}
	p.last, p.shown = time.Now(), true
	if size > 0 {
		fmt.Fprintf(p.to, "\r\x1b[K%d · %d %%", lines, min(100, at*100/size))
		return
	}
	fmt.Fprintf(p.to, "\r\x1b[K%d", lines)
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.to, "\r\x1b[K")
		p.shown = false
	}
}

// isBad tells whether an error concerns one line only.
func isBad(err error) bool {
	var bad errBadLine
	return errors.As(err, &bad)
}
