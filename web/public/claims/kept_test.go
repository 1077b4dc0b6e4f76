package claims_test

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"khue/media"
	"khue/regulation"
	"khue/web/public/claims"
	"khue/web/webtest"
)

// The form names a picture that it sent before by its hash; it cannot name what somebody else keeps here, nor learn of it.
func TestOnlyOwnPicturesAreNamed(t *testing.T) {
	k := webtest.New(t, claims.Register)
	thu := k.Account(t, "Thu Biên Tập", regulation.Post{Role: regulation.Editor, Office: "TTBC"})
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	held, err := k.Media.Put(k.Ctx, thu, media.Upload{Name: "chua-cong-bo.png", Body: &b})
	if err != nil {
		t.Fatal(err)
	}
	k.Visitor(t).Upload("/report", nil, "kept", held.ID, "kept_name", "a.png").Has(t, 422)
}
