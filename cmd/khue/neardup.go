package main

import (
	"errors"
	"sync"

	"khue/text/neardup"
)

type textNeardupCmd struct {
	In  string `required:"" placeholder:"FILE" help:"${cmd_text_neardup_in}"`
	Out string `default:"-" placeholder:"FILE" help:"${cmd_text_neardup_out}"`
}

// printed is a text as it is held.
type printed struct {
	id    string
	print *neardup.Print
}

// presser makes prints of lines one after another.
type presser struct {
	line    quickReader
	printer neardup.Printer
}

func newPresser() any {
	return &presser{line: quickReader{fields: []quickField{{name: "id"}, {name: "text"}}}}
}

// press does the lines of a chunk.
func (p *presser) press(c *chunk[printed]) {
	c.items = make([]item[printed], len(c.lines))
	for i, l := range c.lines {
		it := &c.items[i]
		it.number = l.number
		if l.tooLong {
			it.err = badLine("line too long")
			continue
		}
		it.value, it.err = p.read(c.data[l.from:l.to])
	}
	c.data = nil
	if cap(p.line.buf) > maxHeld { // one very long text must not hold memory for ever
		p.line.buf = nil
	}
}

func (p *presser) read(line []byte) (printed, error) {
	if validUTF8(line) && p.line.read(line) {
		if f := p.line.fields; len(f[0].value) > 0 && f[1].value != nil {
			return printed{string(f[0].value), p.printer.Print(string(f[1].value))}, nil
		}
	}
	var d textLine
	if err := decodeLine(line, &d); err != nil {
		return printed{}, err
	}
	return printed{d.ID, p.printer.Print(*d.Text)}, nil
}

// groupLine says which texts are one; a group has the id of its first text.
type groupLine struct {
	ID    string `json:"id"`
	Group string `json:"group"`
}

// Run puts texts into groups: prints are made on every core, and grouped in the order of the input, so that the same input gives the same
// groups. They are written in the end, since a text can show that two groups are one. Only prints are held, and the ids.
func (c textNeardupCmd) Run(e *env) error {
	b := startBatch(e)
	out, err := b.create(c.Out, c.In)
	if err != nil {
		return b.end(err)
	}
	type placed struct {
		id    string
		group uint32
	}
	var all []placed
	pressers, index := sync.Pool{New: newPresser}, neardup.New()
	err = pipe(b, c.In, func(ch *chunk[printed]) {
		p := pressers.Get().(*presser)
		p.press(ch)
		pressers.Put(p)
	}, func(ch *chunk[printed], _ bool) error {
		b.read += int64(len(ch.lines))
		return each(b, c.In, ch, func(d printed) error {
			all = append(all, placed{d.id, index.Put(d.id, d.print).Group})
			return nil
		})
	})
	for _, p := range all {
		if err != nil {
			break
		}
		err = out.put(groupLine{p.id, index.Name(p.group)})
	}
	b.written, b.extra["groups"] = out.lines, index.Live()
	return b.end(errors.Join(err, out.close()))
}
