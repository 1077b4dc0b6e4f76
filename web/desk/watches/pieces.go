package watches

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"khue/radar"
)

// pieces shows a text with what was looked for marked. It is written by hand because white space between pieces is part of the text.
func pieces(list []radar.Piece) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b []byte
		for _, one := range list {
			if one.Said {
				b = append(append(append(b, "<mark>"...), templ.EscapeString(one.Text)...), "</mark>"...)
			} else {
				b = append(b, templ.EscapeString(one.Text)...)
			}
		}
		_, err := w.Write(b)
		return err
	})
}

func topic(live bool) templ.Attributes {
	if !live {
		return nil
	}
	return templ.Attributes{"data-live-topic": "story"}
}
