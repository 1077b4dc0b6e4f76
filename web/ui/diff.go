package ui

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"khue/catalogue"
)

// Diff shows a word diff: what went is struck, what came is bold, and a screen reader hears which is which.
// It is written by hand because white space inside and between runs is part of the text.
func Diff(l catalogue.Lang, runs []Run) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		b := append([]byte(nil), `<div class="diff">`...)
		for _, r := range runs {
			tag, word := "", ""
			switch r.Kind {
			case Deleted:
				tag, word = "del", l.T("ui.diff.del")
			case Added:
				tag, word = "ins", l.T("ui.diff.ins")
			}
			if tag == "" {
				b = append(b, templ.EscapeString(r.Text)...)
				continue
			}
			b = append(append(b, '<'), tag...)
			if r.Loud {
				b = append(b, ` class="loud"`...)
			}
			b = append(append(b, `><span class="sr">`...), templ.EscapeString(word)...)
			b = append(append(b, `</span>`...), templ.EscapeString(r.Text)...)
			b = append(append(append(b, "</"...), tag...), '>')
		}
		_, err := w.Write(append(b, "</div>"...))
		return err
	})
}
