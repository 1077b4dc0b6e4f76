package ui

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"khue/catalogue"
)

// policy is the Content-Security-Policy of web/frame, so that a page which needs more fails here.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// browser starts Chromium and a server of the gallery; it skips where either the browser or the built assets are missing.
func browser(t *testing.T) (context.Context, string) {
	t.Helper()
	missing := func(what string) {
		if os.Getenv("KHUE_REQUIRE_CHROMIUM") != "" {
			t.Fatal(what)
		}
		t.Skip(what)
	}
	const path = "/usr/bin/chromium"
	if _, err := os.Stat(path); err != nil {
		missing("no Chromium at " + path)
	}
	if !Built() {
		missing("assets are not built: go run ./web/ui/build")
	}
	if testing.Short() {
		t.Skip("a browser is not short")
	}
	mux := http.NewServeMux()
	mux.Handle(AssetPrefix, AssetHandler())
	for _, l := range catalogue.Langs {
		for name, c := range gallery(l) {
			mux.HandleFunc("/"+string(l)+"/"+name, func(w http.ResponseWriter, r *http.Request) {
				var b bytes.Buffer
				if err := c.Render(r.Context(), &b); err != nil {
					http.Error(w, err.Error(), http.StatusInternalServerError)
					return
				}
				w.Header().Set("Content-Security-Policy", policy)
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				_, _ = w.Write(b.Bytes())
			})
		}
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, done := chromedp.NewContext(allocator)
	t.Cleanup(done)
	if err := chromedp.Run(ctx); err != nil { // the browser lives as long as the context of its first run
		t.Fatal(err)
	}
	whole := ctx
	t.Cleanup(func() { _ = chromedp.Cancel(whole) }) // waits for the browser's end, so that its folder can be removed
	ctx, cancel := context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(cancel)
	return ctx, server.URL
}

type view struct {
	page  string
	width int64
	mode  string
}

func (v view) open(base string) chromedp.Tasks {
	mobile := v.width < 500
	return chromedp.Tasks{
		emulation.SetDeviceMetricsOverride(v.width, 900, 1, mobile),
		emulation.SetTouchEmulationEnabled(mobile),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.mode}, {Name: "prefers-reduced-motion", Value: "reduce"}}),
		chromedp.Navigate(base + v.page),
		chromedp.Evaluate(`document.fonts.ready.then(() => true)`, nil, await),
	}
}

// axe is the checker's source out of node_modules; "" where npm ci has not run.
func axe(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Log("axe-core is not installed, pages are drawn without it")
		return ""
	}
	return string(data)
}

// TestBrowser draws every page of the gallery at three widths, light and dark, keeps the pictures as build output,
// and holds: axe finds nothing, nothing scrolls sideways, the policy refuses nothing, targets on touch are 44 px.
func TestBrowser(t *testing.T) {
	ctx, base := browser(t)
	shots := "../../build/shots/ui"
	if err := os.MkdirAll(shots, 0o755); err != nil {
		t.Fatal(err)
	}
	checker := axe(t)
	for name := range gallery(catalogue.VI) {
		for _, width := range []int64{390, 834, 1440} {
			for _, mode := range []string{"light", "dark"} {
				v := view{"/vi/" + name, width, mode}
				t.Run(fmt.Sprintf("%s-%d-%s", name, width, mode), func(t *testing.T) {
					var wide bool
					var small, found string
					var picture []byte
					tasks := append(v.open(base), chromedp.Evaluate(`document.documentElement.scrollWidth > innerWidth + 1`, &wide), chromedp.Evaluate(smallTargets, &small))
					if checker != "" {
						tasks = append(tasks, chromedp.Evaluate(checker, nil), chromedp.Evaluate(runAxe, &found, await))
					}
					tasks = append(tasks, chromedp.ActionFunc(func(ctx context.Context) error {
						data, err := page.CaptureScreenshot().WithCaptureBeyondViewport(true).Do(ctx)
						picture = data
						return err
					}))
					if err := chromedp.Run(ctx, tasks); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(filepath.Join(shots, filepath.Base(t.Name())+".png"), picture, 0o644); err != nil {
						t.Fatal(err)
					}
					if wide {
						t.Error("the page scrolls sideways")
					}
					if small != "" && width < 500 {
						t.Errorf("targets under 44 px: %s", small)
					}
					var faults []struct {
						ID    string   `json:"id"`
						Nodes []string `json:"nodes"`
					}
					if found != "" {
						if err := json.Unmarshal([]byte(found), &faults); err != nil {
							t.Fatal(err)
						}
					}
					for _, f := range faults {
						t.Errorf("axe %s: %s", f.ID, strings.Join(f.Nodes, "\n  "))
					}
				})
			}
		}
	}
}

// smallTargets names what can be touched and is lower than 44 px; links within running text are free (WCAG 2.5.8).
const smallTargets = `[...document.querySelectorAll("button, .button, .input, .choice, .rail a, .next, a.seal, .tool, .pager a, .tabs a, nav a, summary")]
	.filter(e => e.checkVisibility() && !e.closest("dialog:not([open])"))
	.map(e => [e, e.getBoundingClientRect()]).filter(([e, b]) => b.height > 0 && b.height < 43.5)
	.map(([e, b]) => e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 20) + " " + Math.round(b.height)).join("; ")`

const runAxe = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
	.then(r => JSON.stringify(r.violations.map(v => ({id: v.id, nodes: v.nodes.slice(0, 4).map(n => n.html.slice(0, 160) + " | " + n.failureSummary.replaceAll("\n", " ").slice(0, 260))}))))`

func await(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// TestZoom holds that nothing scrolls sideways at 320 px, which is 1280 px at 400 % (WCAG 1.4.10), in either language.
func TestZoom(t *testing.T) {
	ctx, base := browser(t)
	for _, l := range catalogue.Langs {
		for name := range gallery(l) {
			var over string
			tasks := append(view{"/" + string(l) + "/" + name, 320, "light"}.open(base), chromedp.Evaluate(overflowing, &over))
			one, cancel := context.WithTimeout(ctx, 20*time.Second)
			err := chromedp.Run(one, tasks)
			cancel()
			if err != nil {
				t.Fatalf("%s/%s: %v", l, name, err)
			}
			if over != "" {
				t.Errorf("%s/%s: wider than 320 px: %s", l, name, over)
			}
		}
	}
}

// overflowing names the elements that make a page scroll sideways, "" when it does not.
const overflowing = `document.documentElement.scrollWidth <= innerWidth + 1 ? "" : [...document.body.querySelectorAll("*")]
	.filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(e => e.tagName + "." + (e.getAttribute("class") || "")).join("; ") || "unknown"`

// TestPaper holds that a short release prints on one A4 sheet.
func TestPaper(t *testing.T) {
	ctx, base := browser(t)
	var sheet []byte
	toPaper := chromedp.ActionFunc(func(ctx context.Context) (err error) {
		sheet, _, err = page.PrintToPDF().WithPreferCSSPageSize(true).WithPrintBackground(true).Do(ctx)
		return err
	})
	if err := chromedp.Run(ctx, chromedp.Navigate(base+"/vi/sheet"), chromedp.Evaluate(`document.fonts.ready.then(() => true)`, nil, await), toPaper); err != nil {
		t.Fatal(err)
	}
	boxes := bytes.Count(sheet, []byte("/MediaBox [0 0 594.9")) // 210 mm in points
	if boxes != 1 {
		t.Errorf("the sheet has %d pages of A4", boxes)
	}
}
