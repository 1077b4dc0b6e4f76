package walk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"khue/internal/demo"
	"khue/internal/house"
	"khue/internal/testkit"
	"khue/people"
	"khue/people/mail"
	"khue/web"
	"khue/web/ui"
)

// end is where the demo's fourteen days end: a Monday at noon. From there the clock goes on by hand.
var end = time.Date(2026, 11, 9, 12, 0, 0, 0, time.FixedZone("+07", 7*60*60))

// cheap makes passwords quick to hash: tests prove what they open, not what they cost.
var cheap = people.Cost{Memory: 64, Time: 1, Threads: 1}

// told is the demo, told once for all tests of the package: its press, and the data folder to be copied.
var told = sync.OnceValues(func() (*demo.Demo, error) {
	d, err := demo.New(end)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	config := house.Config{Dir: toldDir, Origin: "http://localhost:8080", LogName: "khue.example/log", Log: quiet, Cost: cheap}
	h, err := house.Open(ctx, d.Config(config))
	if err != nil {
		return nil, err
	}
	return d, errors.Join(d.Tell(ctx, h), h.Close())
})

var (
	toldDir string
	quiet   = slog.New(slog.NewTextHandler(io.Discard, nil))
)

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "khue-walk-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	toldDir = filepath.Join(dir, "told")
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// world is a house that lives: served, with a clock that goes on by hand, a mailbox of files, and a browser.
type world struct {
	t     *testing.T
	ctx   context.Context
	house *house.House
	clock *testkit.Clock
	url   string
	mail  string // the folder of letters
	log   *records
	tabs  context.Context // of the browser
}

// network is the way out of the house: the demo's made-up press, and what a test serves on this machine.
type network struct{ press http.RoundTripper }

// RoundTrip answers for the press, or asks this machine; nothing else is ever reached.
func (n network) RoundTrip(r *http.Request) (*http.Response, error) {
	if a, err := netip.ParseAddr(r.URL.Hostname()); err == nil && a.IsLoopback() {
		return http.DefaultTransport.RoundTrip(r)
	}
	return n.press.RoundTrip(r)
}

// records keeps what the house logs as a fault.
type records struct {
	slog.Handler
	mu   sync.Mutex
	list []string
}

// Handle keeps a record.
func (l *records) Handle(_ context.Context, r slog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	line := r.Message
	r.Attrs(func(a slog.Attr) bool { line += " " + a.String(); return true })
	l.list = append(l.list, line)
	return nil
}

func (l *records) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.list...)
}

// open starts a world on a copy of the demo's data folder. It ends with the test; faults in the house's log fail it.
func open(t *testing.T) *world {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser is not short")
	}
	if !ui.Built() {
		missing(t, "assets are not built: go run ./web/ui/build")
	}
	w := &world{t: t, clock: testkit.NewClock(end), log: &records{Handler: slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError})}}
	w.tabs = chromium(t)
	d, err := told()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(toldDir)); err != nil {
		t.Fatal(err)
	}
	w.mail = filepath.Join(dir, house.MailDir)
	letters, err := mail.NewFolder(w.mail, "khue@khue.example", "Khuê")
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.url = "http://" + listener.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	w.ctx = ctx
	w.house, err = house.Open(ctx, house.Config{
		Dir: dir, Origin: w.url, LogName: "khue.example/log", Demo: true, Now: w.clock.Now, Log: slog.New(w.log), Mail: letters, Cost: cheap,
		Network: network{d.Press}, Pause: time.Nanosecond,
	})
	if err != nil {
		stop()
		t.Fatal(err)
	}
	w.serve(listener, stop)
	w.until("the library, out of which is searched", func() bool {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+"/search?q=a", nil)
		if err != nil {
			return false
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return w
}

// serve runs the house and its pages until the test's end.
func (w *world) serve(listener net.Listener, stop func()) {
	w.t.Helper()
	app, err := web.New(w.house, w.house.Log)
	if err != nil {
		stop()
		w.t.Fatal(err)
	}
	server := &http.Server{Handler: app, ReadHeaderTimeout: 10 * time.Second}
	var all sync.WaitGroup
	run := func(f func() error) {
		all.Go(func() {
			if err := f(); err != nil && !errors.Is(err, http.ErrServerClosed) {
				w.t.Error(err)
			}
		})
	}
	run(func() error { return w.house.Run(w.ctx) })
	run(func() error { return app.Run(w.ctx) })
	run(func() error { return server.Serve(listener) })
	w.t.Cleanup(func() {
		stop()
		server.Close()
		all.Wait()
		if err := w.house.Close(); err != nil {
			w.t.Error(err)
		}
		for _, line := range w.log.all() {
			w.t.Errorf("the house says: %s", line)
		}
	})
}

// after lets time go by, and does what the house's clockwork would have done when it next looked.
func (w *world) after(d time.Duration) {
	w.t.Helper()
	w.clock.Add(d)
	for _, f := range []func(context.Context) error{w.house.Releases.RunSchedule, w.house.Claims.Leave, w.house.Duties.Tick} {
		if err := f(w.ctx); err != nil {
			w.t.Fatal(err)
		}
	}
}

// until waits until something is so, looking again each time the ledger moves and every few milliseconds.
func (w *world) until(what string, so func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	for !so() {
		again := time.NewTimer(20 * time.Millisecond)
		select {
		case <-w.house.Ledger.Changed():
		case <-again.C:
		case <-ctx.Done():
			w.t.Fatalf("it did not come: %s", what)
		}
		again.Stop()
	}
}

// get reads a public page as a program does.
func (w *world) get(path string) string {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.ctx, http.MethodGet, w.url+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		w.t.Fatalf("%s: status %d, %v", path, resp.StatusCode, err)
	}
	return string(data)
}

// letters gives the letters to an address that hold all of the texts.
func (w *world) letters(to string, texts ...string) []string {
	w.t.Helper()
	names, err := filepath.Glob(filepath.Join(w.mail, "*.eml"))
	if err != nil {
		w.t.Fatal(err)
	}
	var list []string
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			w.t.Fatal(err)
		}
		text := readLetter(w.t, data)
		ok := strings.Contains(text, "<"+to+">") || strings.Contains(text, "To: "+to)
		for _, one := range texts {
			ok = ok && strings.Contains(text, one)
		}
		if ok {
			list = append(list, text)
		}
	}
	return list
}

// missing skips a test, or fails it where Chromium is asked for.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("KHUE_REQUIRE_CHROMIUM") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// chromium starts a browser that ends with the test.
func chromium(t *testing.T) context.Context {
	t.Helper()
	const path = "/usr/bin/chromium"
	if _, err := os.Stat(path); err != nil {
		missing(t, "no Chromium at "+path)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("lang", "vi"))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, done := chromedp.NewContext(allocator)
	t.Cleanup(done)
	if err := chromedp.Run(ctx); err != nil { // the browser lives as long as the context of its first run
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = chromedp.Cancel(ctx) }) // waits for the browser's end, so that its folder can be removed
	return ctx
}
