package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestRadarWatchKeepsOrder reads mentions over many chunks, one of them of five megabytes, on every core.
func TestRadarWatchKeepsOrder(t *testing.T) {
	phrases := given(t, `{"id":"b","phrase":"bến xanh"}`, `{"id":"a","phrase":"cháy chợ"}`, `{"id":"long","phrase":"`+strings.Repeat("nước ", 200)+`"}`)
	var in, want strings.Builder
	for i := range 4000 {
		filler := strings.Repeat("nước ", i%150)
		if i == 2000 {
			filler = strings.Repeat("nước\n", 5<<20/7)
		}
		text := filler + "cháy chợ; Bến Xanh"
		line, err := json.Marshal(map[string]string{"id": fmt.Sprint("m", i), "text": text})
		if err != nil {
			t.Fatal(err)
		}
		in.Write(line)
		in.WriteByte('\n')
		at := len(filler)
		fmt.Fprintf(&want, "{\"mention\":\"m%d\",\"phrase\":\"b\",\"at\":[%d]}\n", i, at+len("cháy chợ; "))
		fmt.Fprintf(&want, "{\"mention\":\"m%d\",\"phrase\":\"a\",\"at\":[%d]}\n", i, at)
		if i == 2000 {
			want.WriteString(`{"mention":"m2000","phrase":"long","at":[`)
			for n := range 5<<20/7 - 199 {
				if n > 0 {
					want.WriteByte(',')
				}
				fmt.Fprint(&want, n*len("nước\n"))
			}
			want.WriteString("]}\n")
		}
	}
	code, out, errs := khueRun(t, in.String(), "radar", "watch", "--phrases", phrases, "--in", "-")
	if code != exitOK || out != want.String() {
		t.Errorf("exit %d, %d bytes, want %d\n%s", code, len(out), want.Len(), errs)
	}
}

// TestRadarWatchReadsOddLinesToo: what the quick reading leaves alone is decoded as in every command.
func TestRadarWatchReadsOddLinesToo(t *testing.T) {
	phrases := given(t, `{"id":"a","phrase":"chợ"}`)
	for in, want := range map[string]string{
		`{"id":"1","text":"\ud83d chợ"}`:                           `{"mention":"1","phrase":"a","at":[4]}`, // half an emoji becomes U+FFFD
		`{"id":"\ud83d","text":"chợ"}`:                             `{"mention":"` + "\ufffd" + `","phrase":"a","at":[0]}`,
		`{"id":"1","tags":{"text":"chợ chợ"},"text":"chợ"}`:        `{"mention":"1","phrase":"a","at":[0]}`,
		`{"\u0069d":"1","text":"chợ"}`:                             `{"mention":"1","phrase":"a","at":[0]}`,
		`{"id":"1","text":"không","text":"chợ"}`:                   `{"mention":"1","phrase":"a","at":[0]}`,
		"\xef\xbb\xbf" + `{"id":"1","text":"ch\u01a1\u0323 chợ"} `: `{"mention":"1","phrase":"a","at":[0,7]}`,
	} {
		if code, out, errs := khueRun(t, in, "radar", "watch", "--phrases", phrases, "--in", "-"); code != exitOK || out != want+"\n" {
			t.Errorf("%s: exit %d\n%s%s", in, code, out, errs)
		}
	}
	for _, in := range []string{`{"id":1,"text":"chợ"}`, `{"id":"1","text":null}`, `{"id":"1","text":7}`, `{"id":"","text":"chợ"}`, "{\"id\":\"1\",\"text\":\"\xff chợ\"}", `["id"]`, `{"id":"1","text":"chợ"}}`} {
		if code, out, errs := khueRun(t, in, "radar", "watch", "--phrases", phrases, "--in", "-"); code != exitBad || out != "" || !strings.Contains(errs, "line 1: ") {
			t.Errorf("%s: exit %d\n%s%s", in, code, out, errs)
		}
	}
}
