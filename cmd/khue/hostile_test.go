package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestABodyOf300Megabytes is answered with a sentence before it is read, and costs no memory.
func TestABodyOf300Megabytes(t *testing.T) {
	base, _, _ := serving(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, path := range []string{"/verify", "/en/ask", "/login"} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		sent := make(chan struct{})
		go func() { // until the server closes
			defer close(sent)
			fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\ntext=", path, 300<<20)
			chunk := bytes.Repeat([]byte("x"), 1<<16)
			for range 300 << 4 {
				if _, err := conn.Write(chunk); err != nil {
					return
				}
			}
		}()
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		conn.Close()
		<-sent
		want := "Quá 1 MB." // the limit of a form
		switch {
		case strings.HasPrefix(path, "/en/"):
			want = "Larger than 1 MB."
		case path == "/verify": // takes files
			want = " MB."
		}
		if resp.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(body), want) {
			t.Errorf("%s: %d %.300q, want 413 with %q", path, resp.StatusCode, body, want)
		}
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 200<<20 {
		t.Errorf("three bodies of 300 MB took %d MB", grown>>20)
	}
	if resp, _ := get(t, base+"/readyz"); resp.StatusCode != http.StatusOK {
		t.Errorf("afterwards: %d", resp.StatusCode)
	}
}

// TestFullDisk fills a small disk and sees that the command which found no room says so, that everything answered before is
// there, and that the log is whole. It mounts a disk in memory, which needs root.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk).CombinedOutput(); err != nil {
		t.Skipf("a small disk cannot be mounted here (root may): %s", out)
	}
	t.Cleanup(func() { exec.Command("umount", disk).Run() })
	dir := filepath.Join(disk, "data")
	add := func(n int) (int, string) {
		return khue(t, dir, "", "user", "add", fmt.Sprintf("u%d@khue.example", n), "--name", fmt.Sprintf("Người %d", n), "--post", "admin@TTBC")
	}
	if code, out := add(0); code != exitOK {
		t.Fatal(out)
	}
	const free = 4 << 20
	for _, kept := range []int64{160 << 10, 32 << 10, 0} { // the filler leaves less and less
		filler := make([]byte, free)
		os.WriteFile(filepath.Join(disk, "filler"), filler, 0o600) //nolint:errcheck // it fills what there is
		if st, err := os.Stat(filepath.Join(disk, "filler")); err == nil && st.Size() > kept {
			os.Truncate(filepath.Join(disk, "filler"), st.Size()-kept) //nolint:errcheck // as above
		}
		added := 0
		for n := 1; n <= 200; n++ {
			code, out := add(int(kept>>10)*1000 + n)
			if code == exitOK {
				added++
				continue
			}
			if code != exitBad || !strings.Contains(out, "the disk is full or read-only. Nothing has changed.") {
				t.Fatalf("%d kB left, person %d: exit %d: %s", kept>>10, n, code, out)
			}
			break
		}
		if err := os.Remove(filepath.Join(disk, "filler")); err != nil {
			t.Fatal(err)
		}
		code, out := khue(t, dir, "", "ledger", "check")
		if code != exitOK || !strings.Contains(out, "The log is whole") {
			t.Fatalf("after a full disk: %d %s", code, out)
		}
		if code, out := khue(t, dir, "", "user", "list", "--json"); code != exitOK || strings.Count(out, fmt.Sprintf("\"email\":\"u%d", kept>>10)) < added {
			t.Fatalf("%d were added, the list has: %s", added, out)
		}
	}
	if code, out := khue(t, dir, "", "user", "list", "u0"); code != exitOK || !strings.Contains(out, "u0@khue.example") {
		t.Errorf("what was there before: %d %s", code, out)
	}
	if code, out := add(1_000_000); code != exitOK {
		t.Errorf("with room again: %d %s", code, out)
	}
}
