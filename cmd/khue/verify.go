package main

import (
	"runtime/debug"

	"khue/text/verify"
)

type verifyCmd struct {
	Library string `required:"" placeholder:"DOCS" help:"${cmd_verify_library}"`
	In      string `default:"-" placeholder:"TEXTS" help:"${cmd_batch_in}"`
	Out     string `default:"-" placeholder:"VERDICTS" help:"${cmd_batch_out}"`
}

// textLine is a document or a text with its id.
type textLine struct {
	ID   string  `json:"id"`
	Text *string `json:"text"`
}

func (l *textLine) check() error {
	switch {
	case l.ID == "":
		return badLine(`"id" is missing`)
	case l.Text == nil:
		return badLine(`"text" is missing`)
	}
	return nil
}

// verdictLine is a line of the output.
type verdictLine struct {
	ID       string       `json:"id"`
	Verdict  string       `json:"verdict"`
	Document string       `json:"document,omitempty"`
	Grade    string       `json:"grade"`
	Changes  []changeLine `json:"changes"`
}

type changeLine struct {
	Kind     string `json:"kind"`
	Official string `json:"official"`
	Found    string `json:"found"`
}

// Run reads the library and judges every text of the input against it.
func (c *verifyCmd) Run(e *env) error {
	b := startBatch(e)
	return b.end(c.run(b))
}

func (c *verifyCmd) run(b *batch) error {
	// A library is one large, lasting heap: collecting at every doubling would hold it twice.
	defer debug.SetGCPercent(debug.SetGCPercent(20))
	library, err := readLibrary(b, c.Library)
	if err != nil {
		return err
	}
	debug.SetGCPercent(100)
	b.extra["documents"] = library.Len()
	return parallelLines(b, c.In, c.Out, func(t textLine, emit func(verdictLine) error) error {
		r := library.Check(*t.Text)
		line := verdictLine{ID: t.ID, Verdict: string(r.Verdict), Document: r.Document, Grade: string(r.Grade), Changes: []changeLine{}}
		for _, ch := range r.Changes {
			line.Changes = append(line.Changes, changeLine{string(ch.Kind), ch.Official, ch.Found})
		}
		return emit(line)
	})
}

// readLibrary loads a file of documents.
func readLibrary(b *batch, file string) (*verify.Library, error) {
	library := verify.NewLibrary()
	loader := library.Loader()
	err := readLines(b, file, func(d textLine) error {
		loader.Add(d.ID, *d.Text)
		return nil
	})
	loader.Close()
	return library, err
}
