package main

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzValidUTF8(f *testing.F) {
	for _, s := range []string{
		"", "Nước rút ở Bến Xanh 😀", "\xff", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
		"\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "ế\x80", "\xe1\xba", "\xe1\xbaa", "\x80", "\xf1\x80\x80", "a\xc3",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, s []byte) {
		if got, want := validUTF8(s), utf8.Valid(s); got != want {
			t.Fatalf("%q: %v, want %v", s, got, want)
		}
	})
}

func TestValidUTF8OfAllShortSequences(t *testing.T) {
	for lead := range 256 {
		for second := range 256 {
			for _, rest := range []string{"", "\x80", "\x80\x80", "a"} {
				s := append([]byte{byte(lead), byte(second)}, rest...)
				if got, want := validUTF8(s), utf8.Valid(s); got != want {
					t.Fatalf("%x: %v, want %v", s, got, want)
				}
			}
		}
	}
}

func BenchmarkValidUTF8(b *testing.B) {
	s := bytes.Repeat([]byte("Nước sông rút dần ở phường Bến Xanh, xe buýt chạy lại từ sáng nay. "), 50)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		if !validUTF8(s) {
			b.Fatal(strings.ToValidUTF8(string(s), "?"))
		}
	}
}

func BenchmarkStandardUTF8(b *testing.B) {
	s := bytes.Repeat([]byte("Nước sông rút dần ở phường Bến Xanh, xe buýt chạy lại từ sáng nay. "), 50)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		if !utf8.Valid(s) {
			b.Fatal("wrong")
		}
	}
}
