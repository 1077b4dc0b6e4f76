package ui

import (
	"context"
	"io"
	"strconv"

	"github.com/a-h/templ"
	"github.com/skip2/go-qrcode"
)

// QR draws text (an address) as a QR code in SVG, black on white with a quiet zone of four modules
// (ISO/IEC 18004); level M bears 15 % damage. alt says what it leads to. Too long a text is an error when rendered.
func QR(text, alt string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		code, err := qrcode.New(text, qrcode.Medium)
		if err != nil {
			return err
		}
		bits := code.Bitmap() // with the quiet zone
		size := strconv.Itoa(len(bits))
		b := append([]byte(nil), `<svg class="qr" role="img" shape-rendering="crispEdges" viewBox="0 0 `+size+` `+size+`" aria-label="`...)
		b = append(append(b, templ.EscapeString(alt)...), `"><path fill="#fff" d="M0 0h`+size+`v`+size+`H0z"/><path fill="#000" d="`...)
		for y, row := range bits {
			for x := 0; x < len(row); x++ {
				run := 0
				for x+run < len(row) && row[x+run] {
					run++
				}
				if run == 0 {
					continue
				}
				b = append(strconv.AppendInt(append(b, 'M'), int64(x), 10), ' ')
				b = strconv.AppendInt(b, int64(y), 10)
				b = strconv.AppendInt(append(b, 'h'), int64(run), 10)
				b = strconv.AppendInt(append(b, "v1h-"...), int64(run), 10)
				b = append(b, 'z')
				x += run
			}
		}
		_, err = w.Write(append(b, `"/></svg>`...))
		return err
	})
}
