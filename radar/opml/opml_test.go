package opml

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const list = `<?xml version="1.0" encoding="ISO-8859-1"?>
<opml version="1.0"><head><title>x</title></head><body>
<outline text="Báo chí"><outline title="Hà Nội / phố"><outline type="rss" text="Báo Thử &amp; Mẫu" xmlUrl=" https://bao.example/rss?a=1&b=2 " htmlUrl="https://bao.example/" category="/city,/news" description="Ghi chú"/></outline>
<outline XMLURL="https://hoa.example/feed" TITLE="Báo Hoa" other:kind="x"></outline></outline>
<outline text="Nhóm rỗng"/>
<outline text="Ngoài" xmlUrl="https://ngoai.example/rss"><outline text="Trong" xmlUrl="https://trong.example/rss"/></outline>
</body></opml>`

func TestParse(t *testing.T) {
	got, broken, err := Parse([]byte(list))
	want := []Outline{
		{Name: "Báo Thử & Mẫu", Address: "https://bao.example/rss?a=1&b=2", Page: "https://bao.example/", Note: "Ghi chú", Group: "Báo chí/Hà Nội - phố", Category: "city"},
		{Name: "Báo Hoa", Address: "https://hoa.example/feed", Group: "Báo chí"},
		{Name: "Ngoài", Address: "https://ngoai.example/rss"},
		{Name: "Trong", Address: "https://trong.example/rss"},
	}
	if err != nil || broken || cmp.Diff(want, got) != "" {
		t.Errorf("%v %v\n%s", broken, err, cmp.Diff(want, got))
	}
	got, broken, err = Parse([]byte(list[:strings.Index(list, "<outline XMLURL")+20]))
	if err != nil || !broken || len(got) != 1 {
		t.Errorf("breaks off: %d, %v, %v", len(got), broken, err)
	}
	for _, in := range []string{"", "<html></html>", "<rss/>", "text"} {
		if _, _, err := Parse([]byte(in)); !errors.Is(err, ErrNone) {
			t.Errorf("%q: %v", in, err)
		}
	}
	if _, _, err := Parse(make([]byte, MaxBytes+1)); !errors.Is(err, ErrSize) {
		t.Errorf("%v", err)
	}
}

func TestLimits(t *testing.T) {
	var b strings.Builder
	b.WriteString("<opml><body>")
	for i := range MaxOutlines + 10 {
		fmt.Fprintf(&b, `<outline xmlUrl="https://a.example/%d"/>`, i)
	}
	if got, broken, err := Parse([]byte(b.String())); err != nil || !broken || len(got) != MaxOutlines {
		t.Errorf("%d %v %v", len(got), broken, err)
	}
	deep := "<opml><body>" + strings.Repeat(`<outline text="a">`, 1000) + `<outline xmlUrl="https://a.example/"/>`
	if got, broken, err := Parse([]byte(deep)); err != nil || !broken || len(got) != 0 {
		t.Errorf("%d %v %v", len(got), broken, err)
	}
}

// TestRoundTrip: what is written is read back the same.
func TestRoundTrip(t *testing.T) {
	want := []Outline{
		{Name: "Một", Address: "https://a.example/1"},
		{Name: `Hai "<&>" 'x'`, Address: "https://a.example/2?a=1&b=2", Page: "https://a.example/", Note: "dòng một\ndòng hai\tcách", Group: "A/B", Category: "health", Kind: "page", Settings: `{"item":"ul > li"}`, Trust: "high", State: "paused"},
		{Name: "Ba", Address: "wss://jet.example/subscribe#x", Group: "A/B", Kind: "bluesky"},
		{Name: "Bốn", Address: "https://a.example/4", Group: "A/C"},
		{Name: "Năm", Address: "https://a.example/5", Group: "A"},
	}
	var b bytes.Buffer
	if err := Write(&b, "Nguồn & tin", time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC), want); err != nil {
		t.Fatal(err)
	}
	got, broken, err := Parse(b.Bytes())
	if err != nil || broken || cmp.Diff(want, got) != "" {
		t.Errorf("%v %v\n%s\n%s", broken, err, cmp.Diff(want, got), b.String())
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(list))
	f.Add([]byte("<opml><body><outline></outline></outline></body>"))
	f.Fuzz(func(t *testing.T, in []byte) {
		got, _, err := Parse(in)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := Write(&b, "x", time.Time{}, got); err != nil {
			t.Fatal(err)
		}
		again, broken, err := Parse(b.Bytes())
		if err != nil || broken || len(again) != len(got) {
			t.Fatalf("%d, then %d; %v %v", len(got), len(again), broken, err)
		}
	})
}
