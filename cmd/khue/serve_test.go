package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"khue/catalogue"
	"khue/internal/house"
	"khue/people"
)

// notes keeps what several goroutines write.
type notes struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write keeps b.
func (n *notes) Write(b []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.Write(b)
}

// String gives what was written until now.
func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

// serving runs the program's server over a fresh folder on a free port. stop ends it as Ctrl-C does and gives its error.
func serving(t *testing.T) (base string, said *notes, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	listener, err := listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base = "http://" + listener.Addr().String()
	settings, err := LoadSettings("", nil, map[string]any{"data": t.TempDir(), "origin": base, "log": "json"})
	if err != nil {
		t.Fatal(err)
	}
	said = &notes{}
	e := &env{ctx: ctx, lang: catalogue.EN, settings: settings, stdin: strings.NewReader(""), stdout: io.Discard, stderr: said}
	config, err := settings.house(e.logger(), "Khuê")
	if err != nil {
		t.Fatal(err)
	}
	config.Cost = people.Cost{Time: 1, Memory: 64, Threads: 1}
	h, err := house.Open(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- e.serve(h, listener, e.logger()) }()
	stop = sync.OnceValue(func() error {
		cancel()
		err := <-done
		h.Close()
		return err
	})
	t.Cleanup(func() { stop() })
	return base, said, stop
}

func get(t *testing.T, url string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestWhatOperatorsAsk(t *testing.T) {
	base, said, stop := serving(t)
	f := func(status int, holds, url string, header ...string) *http.Response {
		t.Helper()
		resp, body := get(t, base+url, header...)
		if resp.StatusCode != status || !strings.Contains(body, holds) {
			t.Errorf("%s: %d %.200q; want %d with %q", url, resp.StatusCode, body, status, holds)
		}
		return resp
	}
	one, other := f(200, "ok", "/healthz"), f(200, "ready", "/readyz")
	if a, b := one.Header.Get("X-Request-Id"), other.Header.Get("X-Request-Id"); len(a) < 16 || a == b {
		t.Errorf("request ids %q and %q", a, b)
	}
	f(200, "khue_ledger_entries 0", "/metrics")
	f(200, `khue_requests_total{route="GET /readyz",status="200"}`, "/metrics")
	for !strings.Contains(said.String(), "/en/first/") { // it is said once the house is open
		runtime.Gosched()
	}
	f(404, "", "/metrics", "X-Forwarded-For", "203.0.113.7") // through a proxy nobody sees them
	if err := stop(); err != nil {
		t.Error(err)
	}
	if text := said.String(); !strings.Contains(text, "Khuê is running: "+base) || !strings.HasSuffix(text, "Stopped.\n") {
		t.Errorf("the terminal says %s", text)
	}
	if strings.Contains(said.String(), `"msg":"request failed"`) {
		t.Errorf("a request failed: %s", said)
	}
}

// TestStopEndsOpenStreamsAndSlowSenders holds the promise that Ctrl-C ends the program within five seconds, whatever clients do.
func TestStopEndsOpenStreamsAndSlowSenders(t *testing.T) {
	if stopWithin >= 5*time.Second {
		t.Errorf("a stop may take %s", stopWithin)
	}
	base, _, stop := serving(t)
	resp, err := http.Get(base + "/live")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if line, err := bufio.NewReader(resp.Body).ReadString('\n'); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("the stream: %d %q %v", resp.StatusCode, line, err)
	}
	slow, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	fmt.Fprintf(slow, "POST /verify HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\ntext=")
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute): // a guard against a test that hangs, not a measure
		t.Fatal("it does not stop")
	}
	if _, err := io.ReadAll(resp.Body); err != nil && !strings.Contains(err.Error(), "EOF") && !strings.Contains(err.Error(), "reset") {
		t.Errorf("the stream ended with %v", err)
	}
	if _, err := net.Dial("tcp", strings.TrimPrefix(base, "http://")); err == nil {
		t.Error("the port is still open")
	}
}
