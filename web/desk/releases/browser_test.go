package releases_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"khue/release"
	"khue/web/ui"
)

// tab is Chromium on the release pages; it skips where the browser or the built assets are missing.
type tab struct {
	*app
	ctx  context.Context
	axe  string
	base string
}

func newTab(t *testing.T) *tab {
	t.Helper()
	const path = "/usr/bin/chromium"
	_, err := os.Stat(path)
	if err != nil || !ui.Built() {
		if os.Getenv("KHUE_REQUIRE_CHROMIUM") != "" {
			t.Fatal("Chromium or the built assets are missing")
		}
		t.Skip("Chromium or the built assets are missing")
	}
	if testing.Short() {
		t.Skip("a browser is not short")
	}
	a := newApp(t)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, done := chromedp.NewContext(allocator)
	t.Cleanup(done)
	if err := chromedp.Run(ctx); err != nil {
		t.Fatal(err)
	}
	whole := ctx
	t.Cleanup(func() { _ = chromedp.Cancel(whole) })
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	checker, _ := os.ReadFile("../../../node_modules/axe-core/axe.min.js")
	return &tab{app: a, ctx: ctx, axe: string(checker), base: a.url}
}

// open shows a page to somebody at a width.
func (b *tab) open(who, path string, width int64) {
	b.Helper()
	b.do(network.SetCookie("khue_session", b.token[who]).WithURL(b.base), emulation.SetDeviceMetricsOverride(width, 900, 1, width < 500),
		emulation.SetTouchEmulationEnabled(width < 500), emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}),
		chromedp.Navigate(b.base+path))
	b.check(path, width)
}

func (b *tab) do(tasks ...chromedp.Action) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Run(ctx, tasks...); err != nil {
		var page string
		again := chromedp.Run(b.ctx, chromedp.Evaluate(`location.pathname + " " + document.body.innerText.slice(0, 800)`, &page))
		b.Fatalf("%v\n%s %v", err, page, again)
	}
}

// until waits for a condition on the page.
func (b *tab) until(condition string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	safe := "(() => { try { return Boolean(" + condition + ") } catch { return false } })()"
	var err error
	for ctx.Err() == nil { // a page that goes away takes the poll with it
		if err = chromedp.Run(ctx, chromedp.Poll(safe, nil, chromedp.WithPollingInterval(50*time.Millisecond))); err == nil {
			return
		}
	}
	var page string
	b.do(chromedp.Evaluate(`location.pathname + " " + document.body.innerText.slice(0, 800)`, &page))
	b.Fatalf("%s: %v\n%s", condition, err, page)
}

// check holds a page against axe, sideways scrolling and small targets.
func (b *tab) check(path string, width int64) {
	b.Helper()
	var wide bool
	var small, found string
	await := func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
	b.do(chromedp.Evaluate(`document.documentElement.scrollWidth > innerWidth + 1`, &wide), chromedp.Evaluate(`[...document.querySelectorAll("button, .button, .input, .choice, .next, a.seal, .tool, .tabs a, nav a, summary")]
		.filter(e => e.checkVisibility() && !e.closest("dialog:not([open])")).map(e => [e, e.getBoundingClientRect()]).filter(([e, b]) => b.height > 0 && b.height < 43.5)
		.map(([e, b]) => e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 20) + " " + Math.round(b.height)).join("; ")`, &small))
	if wide {
		b.Errorf("%s scrolls sideways at %d px", path, width)
	}
	if small != "" && width < 500 {
		b.Errorf("%s: targets under 44 px: %s", path, small)
	}
	if b.axe == "" {
		return
	}
	b.do(chromedp.Evaluate(b.axe, nil), chromedp.Evaluate(`axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
		.then(r => JSON.stringify(r.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(" | "))))`, &found, await))
	var faults []string
	if err := json.Unmarshal([]byte(found), &faults); err != nil {
		b.Fatal(err)
	}
	for _, f := range faults {
		b.Errorf("%s at %d px: axe %s", path, width, f)
	}
}

// TestInABrowser sends, edits, approves and takes back as people do it: by typing and touching, with the scripts running.
func TestInABrowser(t *testing.T) {
	b := newTab(t)
	dir := t.TempDir()
	var files []string
	for name, data := range map[string]string{"ảnh van.png": picture(), "biên bản.pdf": "%PDF-1.7\n%%EOF"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, path)
	}
	b.open("thu", "/desk/intake/new", 390)
	b.do(chromedp.SendKeys("#title", "Nước máy ở phường Ba Đình yếu"), chromedp.SendKeys("#body", "Van hỏng từ 6 giờ. Khoảng 1.200 hộ."), chromedp.SetUploadFiles("#files", files, chromedp.ByID),
		chromedp.Click(`button[value="send"]`, chromedp.ByQuery))
	b.until(`location.pathname.startsWith("/desk/releases/") && document.body.innerText.includes("biên bản.pdf") && document.body.innerText.includes("Đã nhận TTBC-2026-0001")`)
	b.check("what was sent", 390)
	var path string
	b.do(chromedp.Evaluate(`location.pathname`, &path))

	b.open("minh", path, 1440)
	b.do(chromedp.Click(`button[value="take"]`, chromedp.ByQuery))
	b.until(`document.querySelector("#edit") !== null`)
	b.check("the editor", 1440)
	b.do(chromedp.SendKeys("#lede", "Trưa nay có nước."))
	b.until(`document.querySelector("#edit .saved")?.textContent.includes("Đã lưu")`) // by itself, two seconds after the last key
	rel, err := b.h.Releases.Get(t.Context(), b.actor("minh"), strings.TrimPrefix(path, "/desk/releases/"))
	if err != nil || rel.Lede != "Trưa nay có nước." || rel.Edition != 1 {
		t.Errorf("autosave: %q, edition %d, %v", rel.Lede, rel.Edition, err)
	}
	b.do(chromedp.Click(`button[value="send-up"]`, chromedp.ByQuery))
	b.until(`document.body.innerText.includes("Đã trình duyệt")`)

	b.open("phong", strings.Replace(path, "releases", "approvals", 1), 390)
	b.do(chromedp.Click(`button[value="approve"]`, chromedp.ByQuery))
	b.until(`location.pathname.startsWith("/desk/releases/") && document.body.innerText.includes("Đã duyệt TTBC")`)

	b.open("minh", path+"/go/publish", 834)
	b.do(chromedp.Click(`button[value="publish"]`, chromedp.ByQuery))
	b.until(`document.querySelector("form.undo")?.checkVisibility() && document.querySelector("form.undo").innerText.includes("giây")`)
	b.do(chromedp.Click(`form.undo button`, chromedp.ByQuery))
	b.until(`document.body.innerText.includes("chưa gì đi")`)

	b.open("minh", path+"/go/publish", 1440)
	b.do(chromedp.Click(`button[value="publish"]`, chromedp.ByQuery))
	b.until(`document.querySelector("form.undo") !== null`)
	b.clock.Add(release.DefaultHold)
	b.leave()
	for _, page := range []string{"/", "/r/TTBC-2026-0001", "/archive", "/en/r/TTBC-2026-0001"} {
		for _, width := range []int64{390, 1440} {
			b.open("", page, width)
		}
	}
}
