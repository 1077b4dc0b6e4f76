package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"runtime"
)

// Lines are handed on in chunks: large enough that passing them costs nothing, small enough that a live pipe is not kept
// waiting (a chunk also ends where the reader would have to wait).
const (
	chunkBytes  = 128 << 10
	chunkLines  = 512
	chunksAhead = 8         // chunks that may be under way
	maxLine     = 256 << 20 // bytes; a longer line is reported and skipped
)

// chunk is a stretch of an input: its lines, and what a worker made of them.
type chunk[T any] struct {
	data  []byte
	lines []span
	at    int64 // bytes of the input up to its end
	items []item[T]
	out   written // by rawLines
	err   error   // ends the command
	done  chan struct{}
}

type span struct {
	from, to int
	number   int64
	tooLong  bool
}

// item is a parsed line, or why it is none.
type item[T any] struct {
	number int64
	value  T
	err    error
}

// cut reads chunks until the input ends or stop closes; blank lines are left out, a leading byte order mark too.
func cut[T any](in io.Reader, stop <-chan struct{}, send func(*chunk[T])) error {
	r := bufio.NewReaderSize(in, 1<<20)
	if mark, _ := r.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		if _, err := r.Discard(3); err != nil {
			return err
		}
	}
	c, number, at := &chunk[T]{}, int64(0), int64(0)
	for {
		if c.data == nil { // at once what it will need; little for a live pipe
			c.data = make([]byte, 0, min(r.Buffered(), chunkBytes+chunkBytes/8))
		}
		from, tooLong, err := len(c.data), false, error(nil)
		var part []byte
		for {
			part, err = r.ReadSlice('\n')
			at += int64(len(part))
			if tooLong = tooLong || len(c.data)-from+len(part) > maxLine; !tooLong {
				c.data = append(c.data, part...)
			}
			if !errors.Is(err, bufio.ErrBufferFull) {
				break
			}
		}
		if tooLong {
			c.data = c.data[:from]
		}
		number++
		line := bytes.TrimSpace(c.data[from:])
		if len(line) > 0 || tooLong {
			start := from + bytes.Index(c.data[from:], line)
			c.lines = append(c.lines, span{start, start + len(line), number, tooLong})
		}
		if err != nil || len(c.data) >= chunkBytes || len(c.lines) >= chunkLines || r.Buffered() == 0 {
			c.at = at
			select {
			case <-stop:
				return nil
			default:
				if len(c.lines) > 0 {
					send(c)
				}
			}
			c = &chunk[T]{}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// pipe reads a file, lets every core run work on its chunks, and hands them to take in order. more tells whether another
// chunk is ready already.
func pipe[T any](b *batch, file string, work func(*chunk[T]), take func(c *chunk[T], more bool) error) error {
	in, size, err := b.open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	stop := make(chan struct{})
	defer close(stop)
	jobs, order := make(chan *chunk[T], chunksAhead), make(chan *chunk[T], chunksAhead)
	for range runtime.GOMAXPROCS(0) {
		go func() {
			for c := range jobs {
				work(c)
				close(c.done)
			}
		}()
	}
	read := make(chan error, 1)
	go func() {
		read <- cut(in, stop, func(c *chunk[T]) {
			c.done = make(chan struct{})
			select {
			case order <- c:
				jobs <- c // as much room as order: never waits for longer than a worker
			case <-stop:
			}
		})
		close(order)
		close(jobs)
	}()
	var lines int64
	for {
		var c *chunk[T]
		select {
		case c = <-order:
		case <-b.e.ctx.Done():
			return b.e.ctx.Err()
		}
		if c == nil {
			break
		}
		<-c.done
		if c.err != nil {
			return c.err
		}
		if err := take(c, len(order) > 0); err != nil {
			return err
		}
		lines += int64(len(c.lines))
		b.progress.show(lines, c.at, size)
	}
	return <-read
}

// parse decodes a chunk's lines.
func parse[T any](c *chunk[T]) {
	c.items = make([]item[T], len(c.lines))
	for i, l := range c.lines {
		it := &c.items[i]
		it.number = l.number
		if l.tooLong {
			it.err = badLine("line too long")
			continue
		}
		it.err = decodeLine(c.data[l.from:l.to], &it.value)
	}
	c.data = nil
}

// each runs fn over the parsed items of a chunk and reports the bad ones.
func each[T any](b *batch, file string, c *chunk[T], fn func(T) error) error {
	for i := range c.items {
		it := &c.items[i]
		if it.err == nil {
			it.err = fn(it.value)
		}
		if it.err != nil {
			if !isBad(it.err) {
				return it.err
			}
			b.report(file, it.number, it.err)
		}
	}
	return nil
}

// readLines runs fn on every line of a side input, such as a library, in order.
func readLines[T any](b *batch, file string, fn func(T) error) error {
	return pipe(b, file, parse[T], func(c *chunk[T], _ bool) error { return each(b, file, c, fn) })
}

// eachLine runs fn on every line of the main input, in order; emit writes a line of the output.
func eachLine[In, Out any](b *batch, in, out string, fn func(v In, emit func(Out) error) error) error {
	o, err := b.create(out, in)
	if err != nil {
		return err
	}
	emit := func(v Out) error { return o.put(v) }
	err = pipe(b, in, parse[In], func(c *chunk[In], more bool) error {
		b.read += int64(len(c.lines))
		if err := each(b, in, c, func(v In) error { return fn(v, emit) }); err != nil {
			return err
		}
		if !more {
			return o.flush()
		}
		return nil
	})
	b.written += o.lines
	return errors.Join(err, o.close())
}

// parallelLines is eachLine for an fn that may run on several lines at once; the output keeps the order of the input.
func parallelLines[In, Out any](b *batch, in, out string, fn func(v In, emit func(Out) error) error) error {
	return rawLines(b, in, out, func(line []byte, lines *written) error {
		var v In
		if err := decodeLine(line, &v); err != nil {
			return err
		}
		return fn(v, func(v Out) error { lines.n++; return encodeLine(&lines.buf, v) })
	})
}

// written is what a function made of a chunk: bytes of whole lines, and how many.
type written struct {
	buf bytes.Buffer
	n   int64
}

// rawLines is parallelLines for an fn that reads and writes lines itself. The bytes of a line are its own only during the call.
func rawLines(b *batch, in, out string, fn func(line []byte, out *written) error) error {
	o, err := b.create(out, in)
	if err != nil {
		return err
	}
	work := func(c *chunk[struct{}]) {
		for _, l := range c.lines {
			err := badLine("line too long")
			if !l.tooLong {
				err = fn(c.data[l.from:l.to], &c.out)
			}
			if err != nil && !isBad(err) {
				c.err = err
				return
			}
			if err != nil {
				c.items = append(c.items, item[struct{}]{number: l.number, err: err})
			}
		}
		c.data = nil
	}
	err = pipe(b, in, work, func(c *chunk[struct{}], _ bool) error {
		b.read += int64(len(c.lines))
		for _, it := range c.items {
			b.report(in, it.number, it.err)
		}
		o.lines += c.out.n
		o.buf = c.out.buf
		return o.flush()
	})
	b.written += o.lines
	return errors.Join(err, o.close())
}
