package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/draw"
	_ "image/gif" // the decoder
	"image/jpeg"
	"image/png"

	xdraw "golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // the decoder
)

// Limits of a picture.
const (
	maxPixels = 50_000_000
	maxSide   = 20_000
	keepSide  = 4096 // a longer side is scaled down to this
	thumbSide = 480
)

// errLarge says that a picture has more pixels than we open.
var errLarge = errors.New("too many pixels")

// picture is a picture written anew.
type picture struct {
	kind          string
	data, thumb   []byte
	width, height int
}

// redraw decodes a picture within limits, turns it upright, and writes it anew without anything but its pixels.
func redraw(data []byte) (picture, error) {
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return picture{}, errors.Join(errUnsafe, err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width > maxSide || c.Height > maxSide || c.Width*c.Height > maxPixels {
		return picture{}, errLarge
	}
	src, format, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return picture{}, errors.Join(errUnsafe, err)
	}
	if src.Bounds().Dx() > maxSide || src.Bounds().Dy() > maxSide {
		return picture{}, errLarge
	}
	img := scale(src, keepSide)
	if format == "jpeg" {
		img = upright(img, orientation(data))
	}
	p := picture{kind: JPEG, width: img.Bounds().Dx(), height: img.Bounds().Dy()}
	var b bytes.Buffer
	if format == "png" || format == "gif" || !img.Opaque() {
		p.kind = PNG
		err = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img)
	} else {
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 90})
	}
	if err != nil {
		return picture{}, err
	}
	p.data = b.Bytes()
	if p.thumb, err = thumbnail(img); err != nil {
		return picture{}, err
	}
	return p, nil
}

// scale draws a picture into fresh memory with its longer side at most side.
func scale(src image.Image, side int) *image.NRGBA {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	if long := max(w, h); long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
		dst := image.NewNRGBA(image.Rect(0, 0, w, h))
		xdraw.ApproxBiLinear.Scale(dst, dst.Bounds(), src, src.Bounds(), draw.Src, nil)
		return dst
	}
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(dst, dst.Bounds(), src, src.Bounds().Min, draw.Src)
	return dst
}

// thumbnail gives a small JPEG on white.
func thumbnail(img *image.NRGBA) ([]byte, error) {
	small := scale(img, thumbSide)
	flat := image.NewRGBA(small.Bounds())
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), small, image.Point{}, draw.Over)
	var b bytes.Buffer
	err := jpeg.Encode(&b, flat, &jpeg.Options{Quality: 80})
	return b.Bytes(), err
}

// upright turns a picture as its Exif orientation (1–8, CIPA DC-008 4.6.5) says that it is to be seen.
func upright(src *image.NRGBA, orientation int) *image.NRGBA {
	if orientation < 2 || orientation > 8 {
		return src
	}
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	dw, dh := w, h
	if orientation >= 5 {
		dw, dh = h, w
	}
	dst := image.NewNRGBA(image.Rect(0, 0, dw, dh))
	for y := range h {
		for x := range w {
			dx, dy := x, y
			switch orientation {
			case 2:
				dx = w - 1 - x
			case 3:
				dx, dy = w-1-x, h-1-y
			case 4:
				dy = h - 1 - y
			case 5:
				dx, dy = y, x
			case 6:
				dx, dy = h-1-y, x
			case 7:
				dx, dy = h-1-y, w-1-x
			case 8:
				dx, dy = y, w-1-x
			}
			i, j := src.PixOffset(x, y), dst.PixOffset(dx, dy)
			copy(dst.Pix[j:j+4:j+4], src.Pix[i:i+4:i+4])
		}
	}
	return dst
}

// orientation reads the one thing of a JPEG's Exif that is needed before the rest is thrown away: which way is up. 1 when unknown.
func orientation(data []byte) int {
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker, size := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		if marker == 0xda || size < 2 || at+2+size > len(data) {
			return 1
		}
		body := data[at+4 : at+2+size]
		if marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return tiffOrientation(body[6:])
		}
		at += 2 + size
	}
	return 1
}

func tiffOrientation(t []byte) int {
	if len(t) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if t[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(t[4:]))
	if at < 8 || at+2 > int64(len(t)) {
		return 1
	}
	n := int64(order.Uint16(t[at:]))
	for i := range n {
		e := at + 2 + 12*i
		if e+12 > int64(len(t)) {
			return 1
		}
		if order.Uint16(t[e:]) == 0x0112 {
			return int(order.Uint16(t[e+8:]))
		}
	}
	return 1
}
