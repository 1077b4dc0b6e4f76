package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"khue/catalogue"
)

type testLine struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

func (l *testLine) check() error {
	if l.ID == "" {
		return badLine("no id")
	}
	return nil
}

// runBatch runs a small command over the given standard input and gives output, the lines of standard error, and its error.
func runBatch(t *testing.T, stdin string, run func(b *batch) error) (string, []string, error) {
	t.Helper()
	var out, errs bytes.Buffer
	e := &env{ctx: context.Background(), lang: catalogue.EN, stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs}
	b := startBatch(e)
	err := b.end(run(b))
	return out.String(), strings.Split(strings.TrimSpace(errs.String()), "\n"), err
}

func TestBatchSkipsBadLinesAndReportsThem(t *testing.T) {
	in := "\xef\xbb\xbf" + `{"id":"1","text":"một"}` + "\n\n" + `{"id":"2"` + "\n[]\n" + `{"text":"không tên"}` + "\r\n" + `{"id":"3","text":"\ud83d"}` + "\n{\"id\":\"4\",\"text\":\"\xff\"}\n" + `{"id":"5","text":"năm"}`
	for name, lines := range map[string]func(b *batch, in, out string, fn func(testLine, func(testLine) error) error) error{
		"each": eachLine[testLine, testLine], "parallel": parallelLines[testLine, testLine],
	} {
		t.Run(name, func(t *testing.T) {
			out, errs, err := runBatch(t, in, func(b *batch) error {
				return lines(b, "-", "-", func(l testLine, emit func(testLine) error) error { return emit(l) })
			})
			if bad := (errBadInput{}); !errors.As(err, &bad) {
				t.Fatalf("want exit status 1, got %v", err)
			}
			if want := "{\"id\":\"1\",\"text\":\"một\"}\n{\"id\":\"3\",\"text\":\"\ufffd\"}\n{\"id\":\"5\",\"text\":\"năm\"}\n"; out != want {
				t.Errorf("got %q want %q", out, want)
			}
			if len(errs) != 5 {
				t.Fatalf("want four reports and the figures, got %q", errs)
			}
			for i, line := range []int{3, 4, 5, 7} {
				if !strings.Contains(errs[i], fmt.Sprintf("line %d:", line)) {
					t.Errorf("%q does not name line %d", errs[i], line)
				}
			}
			var figures struct {
				Read, Written, Bad int
				Seconds            *float64
				PeakBytes          int64 `json:"peak_bytes"`
			}
			if err := json.Unmarshal([]byte(errs[4]), &figures); err != nil {
				t.Fatal(err)
			}
			if figures.Read != 7 || figures.Written != 3 || figures.Bad != 4 || figures.Seconds == nil || figures.PeakBytes < 1<<20 {
				t.Errorf("figures %+v", figures)
			}
		})
	}
}

func TestBatchKeepsOrderAcrossChunks(t *testing.T) {
	var in, want strings.Builder
	for i := range 5000 {
		text := strings.Repeat("chữ ", i%300)
		if i == 2500 {
			text = strings.Repeat("x", 5<<20) // a line of 5 MB
		}
		fmt.Fprintf(&in, "{\"id\":\"%d\",\"text\":%q}\n", i, text)
		fmt.Fprintf(&want, "{\"id\":\"%d\",\"text\":%q}\n", i, text)
	}
	out, _, err := runBatch(t, in.String(), func(b *batch) error {
		return parallelLines(b, "-", "-", func(l testLine, emit func(testLine) error) error { return emit(l) })
	})
	if err != nil || out != want.String() {
		t.Fatalf("order or content lost (%v)", err)
	}
}

func TestBatchRefusesToOverwriteItsInput(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.jsonl")
	if err := os.WriteFile(file, []byte("{\"id\":\"1\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := runBatch(t, "", func(b *batch) error {
		return eachLine(b, file, file, func(l testLine, emit func(testLine) error) error { return emit(l) })
	})
	if err == nil {
		t.Fatal("the input was taken as output")
	}
	if data, _ := os.ReadFile(file); len(data) == 0 {
		t.Fatal("the input was emptied")
	}
}

func TestBatchUsage(t *testing.T) {
	for name, run := range map[string]func(b *batch) error{
		"no such file": func(b *batch) error { return readLines(b, "/no/such", func(testLine) error { return nil }) },
		"a folder":     func(b *batch) error { return readLines(b, t.TempDir(), func(testLine) error { return nil }) },
		"stdin twice": func(b *batch) error {
			return errorsJoin(readLines(b, "-", func(testLine) error { return nil }), readLines(b, "-", func(testLine) error { return nil }))
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := runBatch(t, "", run); err == nil {
				t.Fatal("not refused")
			}
		})
	}
}

func errorsJoin(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
