package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRadarFeedGivesALineAFile(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	good := file("tin.rss", `<rss version="2.0"><channel><title>Báo Sao Khuê</title><language>vi</language>
<item><title>Cầu mới</title><link>https://saokhue.example/a</link><pubDate>10/2/2026 9:25:00 AM</pubDate></item></channel></rss>`)
	foreign := file("news.rss", `<rss version="2.0"><channel><title>News</title><item><title>A</title><pubDate>2026-10-02T09:25:00</pubDate></item></channel></rss>`)
	page := file("trang.rss", "<!DOCTYPE html><html><body>404</body></html>")
	missing := filepath.Join(dir, "khong-co.rss")
	var out, errs bytes.Buffer
	code := run(context.Background(), []string{"--lang", "en", "radar", "feed", good, foreign, page, missing}, nil, strings.NewReader(""), &out, &errs)
	if code != exitBad {
		t.Errorf("exit status %d, want %d: %s", code, exitBad, errs.String())
	}
	type line struct {
		File, Error, Title string
		Items              []struct{ ID, Title, URL, Published string }
	}
	var lines []line
	for _, l := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		var v line
		if err := json.Unmarshal([]byte(l), &v); err != nil {
			t.Fatalf("%v: %s", err, l)
		}
		lines = append(lines, v)
	}
	if len(lines) != 4 {
		t.Fatalf("%d lines, want one a file", len(lines))
	}
	if l := lines[0]; l.File != good || l.Title != "Báo Sao Khuê" || len(l.Items) != 1 || l.Items[0].Published != "2026-10-02T02:25:00Z" {
		t.Errorf("%+v", l)
	}
	if l := lines[1]; len(l.Items) != 1 || l.Items[0].Published != "2026-10-02T09:25:00Z" {
		t.Errorf("a feed that is not Vietnamese: %+v", l)
	}
	if l := lines[2]; l.File != page || !strings.Contains(l.Error, "web page") {
		t.Errorf("%+v", l)
	}
	if l := lines[3]; l.File != missing || l.Error == "" {
		t.Errorf("%+v", l)
	}
	if !strings.Contains(errs.String(), `"read":4`) {
		t.Errorf("no figures in %q", errs.String())
	}
}

func TestTextExtractReadsPages(t *testing.T) {
	in := `{"id":"1","url":"https://saokhue.example/a","html":"<title>Cầu mới</title><p>Cầu mới đã được thông xe sáng nay, người dân hai bờ rất vui.</p>"}` + "\n" +
		`{"id":"2","url":"","html":""}` + "\n" + `{"url":"x"}` + "\n"
	var out, errs bytes.Buffer
	code := run(context.Background(), []string{"--lang", "en", "text", "extract", "--in", "-"}, nil, strings.NewReader(in), &out, &errs)
	if code != exitBad {
		t.Errorf("exit status %d, want %d: %s", code, exitBad, errs.String())
	}
	want := `{"id":"1","title":"Cầu mới","text":"Cầu mới đã được thông xe sáng nay, người dân hai bờ rất vui.","lang":"vi","url":"https://saokhue.example/a"}` + "\n" +
		`{"id":"2","title":"","text":"","lang":""}` + "\n"
	if out.String() != want {
		t.Errorf("got %s\nwant %s", out.String(), want)
	}
}
