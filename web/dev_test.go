package web

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// TestReloading sees a page carry the script, other answers as they are, and the stream name its run and end with it.
func TestReloading(t *testing.T) {
	page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/none" {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, "<html><head><title>t</title></head></html>")
	})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	server := httptest.NewServer(Reloading(ctx, page, "41"))
	defer server.Close()
	get := func(path, accept string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", accept)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(body)
	}
	const script = `<script src="/dev/reload.js" defer></script></head>`
	if status, body := get("/", "text/html,*/*"); status != http.StatusOK || !strings.Contains(body, script) {
		t.Errorf("a page: %d %s", status, body)
	}
	if status, _ := get("/none", "text/html"); status != http.StatusNotFound {
		t.Errorf("a page that is not there: %d", status)
	}
	if _, body := get("/", "application/json"); strings.Contains(body, "reload") {
		t.Errorf("a program's answer was changed: %s", body)
	}
	if _, body := get("/dev/reload.js", "*/*"); !strings.Contains(body, "/dev/run") {
		t.Errorf("the script: %s", body)
	}
	answer, err := http.Get(server.URL + "/dev/run")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	var first []string
	for len(first) < 2 && lines.Scan() {
		first = append(first, lines.Text())
	}
	if want := []string{"retry: 300", "data: 41"}; !slices.Equal(first, want) {
		t.Errorf("the stream says %q, not %q", first, want)
	}
	stop()
	for lines.Scan() { // it ends with the run: until then this waits
	}
}
