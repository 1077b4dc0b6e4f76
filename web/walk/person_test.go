package walk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"khue/internal/house"
)

// patience bounds each wait for something to be so.
const patience = 20 * time.Second

// person is somebody with a browser window of their own: own cookies, own width.
type person struct {
	w    *world
	t    *testing.T
	name string
	ctx  context.Context

	mobile bool

	mu     sync.Mutex
	faults []string // guarded by mu: what the browser refused or what broke in a script
}

// visitor gives somebody without an account, at a width.
func (w *world) visitor(name string, width int64) *person {
	w.t.Helper()
	var window target.ID
	if err := chromedp.Run(w.tabs, chromedp.ActionFunc(func(ctx context.Context) error {
		ctx = cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser)
		own, err := target.CreateBrowserContext().Do(ctx)
		if err == nil {
			window, err = target.CreateTarget("about:blank").WithBrowserContextID(own).WithNewWindow(true).Do(ctx)
		}
		return err
	})); err != nil {
		w.t.Fatal(err)
	}
	ctx, done := chromedp.NewContext(w.tabs, chromedp.WithTargetID(window))
	w.t.Cleanup(done)
	p := &person{w: w, t: w.t, name: name, ctx: ctx}
	chromedp.ListenTarget(ctx, p.hear)
	if err := chromedp.Run(ctx); err != nil { // the window lives as long as the context of its first run
		w.t.Fatal(err)
	}
	p.width(width)
	w.t.Cleanup(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, f := range p.faults {
			w.t.Errorf("%s's browser: %s", name, f)
		}
	})
	return p
}

// enter gives one of the demo's people, logged in by typing.
func (w *world) enter(key string, width int64) *person {
	w.t.Helper()
	p := w.visitor(key, width)
	p.open("/login")
	p.logIn(key)
	return p
}

// logIn fills in the log-in form that is open.
func (p *person) logIn(key string) {
	p.t.Helper()
	if !strings.Contains(key, "@") {
		key += "@khue.example"
	}
	p.write("Email", key)
	p.write("Mật khẩu", house.DemoPassword)
	p.follow("Đăng nhập")
	p.lacks("Mật khẩu")
}

// hear keeps what the browser complains about: the policy's refusals and scripts that broke.
func (p *person) hear(event any) {
	var text string
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Source != log.SourceNetwork && e.Entry.Level == log.LevelError || e.Entry.Source == log.SourceSecurity {
			text = e.Entry.Text + " " + e.Entry.URL
		}
	case *runtime.EventExceptionThrown:
		text = e.ExceptionDetails.Error()
	}
	if text != "" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.faults = append(p.faults, text)
	}
}

func (p *person) run(actions ...chromedp.Action) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		p.fail("%v", err)
	}
}

// fail ends the test with what the person sees.
func (p *person) fail(format string, args ...any) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	var where, text string
	_ = chromedp.Run(ctx, chromedp.Location(&where), chromedp.Evaluate(`(document.querySelector("dialog[open]") || document.querySelector("main") || document.body).innerText`, &text))
	p.keep("failed-" + p.name)
	if r := []rune(text); len(r) > 1500 {
		text = string(r[:1500]) + "…"
	}
	p.t.Fatalf("%s: %s\nat %s:\n%s", p.name, fmt.Sprintf(format, args...), where, text)
}

// keep writes a picture of the page as build output; what goes wrong with it is not the test's matter.
func (p *person) keep(name string) {
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	if data, err := picture(ctx, 6000); err == nil && os.MkdirAll(pictures, 0o755) == nil {
		_ = os.WriteFile(filepath.Join(pictures, name+".png"), data, 0o644)
	}
}

// pictures is the folder for pictures: build output, not committed.
const pictures = "../../build/pictures"

// width sets the window: under 500 it is a telephone.
func (p *person) width(width int64) {
	p.t.Helper()
	p.mobile = width < 500
	p.run(emulation.SetDeviceMetricsOverride(width, 900, 1, p.mobile), emulation.SetTouchEmulationEnabled(p.mobile),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}))
}

// open goes to an address.
func (p *person) open(path string) {
	p.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = p.w.url + path
	}
	p.run(chromedp.Navigate(path), chromedp.Evaluate(`document.khueOpened = true; document.fonts.ready.then(() => true)`, nil, await))
}

func await(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// path gives where the person is, without the host.
func (p *person) path() string {
	p.t.Helper()
	var where string
	p.run(chromedp.Location(&where))
	return strings.TrimPrefix(where, p.w.url)
}

// until waits until a script's expression gives "": until then it gives why not. A page that is just being left is asked again.
func (p *person) until(what, script string) {
	p.t.Helper()
	why := ""
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
		err := chromedp.Run(ctx, chromedp.Evaluate(helpers+script+"})()", &why))
		cancel()
		if err == nil && why == "" {
			return
		}
		if err != nil {
			why = err.Error()
		}
		again := time.NewTimer(25 * time.Millisecond)
		select {
		case <-again.C:
		case <-p.ctx.Done():
			p.t.Fatal(p.ctx.Err())
		}
	}
	p.fail("%s: %s", what, why)
}

// helpers are what the scripts below stand on: which elements are seen, what they are called.
const helpers = `(() => {
	const seen = e => e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().height > 0 && !e.closest("dialog:not([open])")
	const said = e => (e.innerText || e.value || "").replace(/\s+/g, " ").trim()
	const root = document.querySelector("dialog[open]") || document.querySelector("main") || document.body
	const best = (list, text) => {
		for (const from of [root, document.body])
			for (const is of [t => t === text, t => t.startsWith(text), t => t.includes(text)]) {
				const found = list.filter(e => from.contains(e) && is(said(e)))
				if (found.length) return found[0]
			}
	}
	const all = what => [...document.querySelectorAll(what)].filter(seen)
	const control = text => {
		const label = best(all("label:not(.choice), legend"), text)
		return label && (label.htmlFor ? document.getElementById(label.htmlFor) : label.querySelector("input, select, textarea") || label.parentElement)
	}
	const spot = e => {
		const r = e.getClientRects()[0], x = r.left + r.width / 2, y = r.top + r.height / 2
		const there = document.elementFromPoint(x, y)
		return {x, y, over: there && (e.contains(there) || there.closest("label")?.control === e) ? "" : "covered by " + (there ? there.outerHTML.slice(0, 120) : "nothing")}
	}
	const place = e => {
		if (spot(e).over) e.scrollIntoView({block: "center", behavior: "instant"}) // only what is not in sight: two clicks on one spot would be a double click
		return spot(e)
	}
`

// sees waits until the page's words hold every text.
func (p *person) sees(texts ...string) {
	p.t.Helper()
	list, _ := json.Marshal(texts)
	p.until("to see", `const t = document.body.innerText.replace(/\s+/g, " "); return `+string(list)+`.filter(x => !t.includes(x)).join(" | ")`)
}

// seesByItself is sees for a page that nobody touched: what is new comes to it without being loaded again.
func (p *person) seesByItself(texts ...string) {
	p.t.Helper()
	p.sees(texts...)
	var same bool
	if p.eval(`document.khueOpened === true`, &same); !same {
		p.fail("the page was loaded again")
	}
}

// reads holds the page's headline, its language, and that of the page.
func (p *person) reads(page, lang, headline string) {
	p.t.Helper()
	var got [3]string
	p.eval(`[document.documentElement.lang, document.querySelector("h1").lang || document.documentElement.lang, document.querySelector("h1").innerText]`, &got)
	if got != [3]string{page, lang, headline} {
		p.fail("the headline is %q", got)
	}
}

// opensUntil goes to an address again and again until its words hold every text: what is signed every few seconds is not told live.
func (p *person) opensUntil(path string, texts ...string) {
	p.t.Helper()
	var missing string
	list, _ := json.Marshal(texts)
	for deadline := time.Now().Add(patience); ; {
		p.open(path)
		p.eval(helpers+`const t = document.body.innerText.replace(/\s+/g, " "); return `+string(list)+`.filter(x => !t.includes(x)).join(" | ")})()`, &missing)
		if missing == "" {
			return
		}
		if time.Now().After(deadline) {
			p.fail("to see: %s", missing)
		}
	}
}

// fetch reads what the link of that name leads to, as a program that follows it would.
func (p *person) fetch(link string) []byte {
	p.t.Helper()
	q, _ := json.Marshal(link)
	var text string
	p.eval(helpers+`return fetch(best(all("a[href]"), `+string(q)+`).href).then(r => r.ok ? r.text() : Promise.reject(r.status))})()`, &text)
	return []byte(text)
}

// lacks holds that the page's words hold none of the texts.
func (p *person) lacks(texts ...string) {
	p.t.Helper()
	list, _ := json.Marshal(texts)
	p.until("not to see", `const t = root.innerText.replace(/\s+/g, " "); return `+string(list)+`.filter(x => t.includes(x)).join(" | ")`)
}

// point is where something is on the screen, or why it cannot be touched.
type point struct {
	X, Y float64
	Over string
}

// at finds something by a script that gives an element, and waits for it.
func (p *person) at(what, script string) point {
	p.t.Helper()
	q, _ := json.Marshal(what)
	p.until("to find "+what, `const e = `+script+`; return !e ? "there is no " + `+string(q)+` : place(e).over`)
	var at point // once what was scrolled has been drawn: until then a click would fall on what stood there before
	p.run(chromedp.Evaluate(helpers+`return new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn))).then(() => place(`+script+`))})()`, &at, await))
	return at
}

const pressable = `all("a[href], button, summary, input[type=submit]")`

// touch clicks on a place, or on a telephone taps it.
func (p *person) touch(at point) {
	p.t.Helper()
	if !p.mobile {
		p.run(chromedp.MouseClickXY(at.X, at.Y))
		return
	}
	p.run(input.DispatchTouchEvent(input.TouchStart, []*input.TouchPoint{{X: at.X, Y: at.Y}}), input.DispatchTouchEvent(input.TouchEnd, []*input.TouchPoint{}))
}

// press clicks on what is called so, and stays on the page.
func (p *person) press(text string) {
	p.t.Helper()
	q, _ := json.Marshal(text)
	at := p.at(text, `best(`+pressable+`, `+string(q)+`)`)
	p.touch(at)
}

// follow clicks on what is called so, and waits for the page that it leads to.
func (p *person) follow(text string) {
	p.t.Helper()
	p.mark()
	p.press(text)
	p.arrives("after " + text)
}

// strike strikes a key where the focus is.
func (p *person) strike(key string) {
	p.t.Helper()
	p.run(chromedp.KeyEvent(key))
}

// leave strikes a key, and waits for the page that it leads to.
func (p *person) leave(key string) {
	p.t.Helper()
	p.mark()
	p.strike(key)
	p.arrives("after a key")
}

// mark remembers the page, so that arrives knows the next one.
func (p *person) mark() {
	p.t.Helper()
	p.run(chromedp.Evaluate(`document.khueLeft = true`, nil))
}

// arrives waits until another page than the marked one is there.
func (p *person) arrives(what string) {
	p.t.Helper()
	p.until(what, `return document.khueLeft ? "still on the same page" : document.readyState !== "complete" ? document.readyState : ""`)
	var twice []string
	p.eval(`[...document.querySelectorAll("[id]")].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i)`, &twice)
	if len(twice) > 0 { // a label or a link leads to the first of them, whatever it is
		p.t.Errorf("%s: at %s stand twice the ids %q", p.name, p.path(), twice)
	}
}

// write types into the field of that label, in place of what stood there.
func (p *person) write(label, text string) {
	p.t.Helper()
	p.focus(label)
	p.run(chromedp.Evaluate(`document.activeElement.select()`, nil), input.InsertText(text))
}

// focus clicks into the field of that label.
func (p *person) focus(label string) {
	p.t.Helper()
	q, _ := json.Marshal(label)
	at := p.at(label, `control(`+string(q)+`)`)
	p.touch(at)
	p.until("the focus in "+label, `return document.activeElement === control(`+string(q)+`) ? "" : "it is in " + document.activeElement.outerHTML.slice(0, 100)`)
}

// tick chooses a choice or a checkbox; one that is chosen already is left as it is.
func (p *person) tick(label string) {
	p.t.Helper()
	q, _ := json.Marshal(label)
	box := `best(all("label.choice"), ` + string(q) + `)?.control`
	at := p.at(label, box)
	var chosen bool
	if p.eval(helpers+`return `+box+`.checked})()`, &chosen); chosen {
		return
	}
	p.touch(at)
	p.until(label+" chosen", `return `+box+`?.checked ? "" : "it is not"`)
}

// pick chooses in a list, as the system's own widget would.
func (p *person) pick(label, option string) {
	p.t.Helper()
	q, _ := json.Marshal(label)
	o, _ := json.Marshal(option)
	p.until("to pick "+option, `const e = control(`+string(q)+`); if (!e) return "no such field"
		const o = [...e.options].find(o => o.text.trim() === `+string(o)+`) || [...e.options].find(o => o.text.includes(`+string(o)+`))
		if (!o) return "no such option among " + [...e.options].map(o => o.text).slice(0, 40).join(", ")
		e.value = o.value; e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); return ""`)
}

// when sets a moment in the field of that label, as the system's own widget would.
func (p *person) when(label string, at time.Time) {
	p.t.Helper()
	q, _ := json.Marshal(label)
	p.until("to set "+label, `const e = control(`+string(q)+`); if (!e) return "no such field"
		e.value = "`+at.Format("2006-01-02T15:04")+`"; e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); return e.value ? "" : "it does not take it"`)
}

// status asks for an address as the person and gives how it is answered.
func (p *person) status(path string) int {
	p.t.Helper()
	if p.path() == "about:blank" {
		p.open("/")
	}
	q, _ := json.Marshal(path)
	var status int
	p.eval(`fetch(`+string(q)+`).then(r => r.status)`, &status)
	return status
}

// attach chooses files in the field of that label.
func (p *person) attach(label string, files ...string) {
	p.t.Helper()
	q, _ := json.Marshal(label)
	p.at(label, `control(`+string(q)+`)`)
	var id string
	p.run(chromedp.Evaluate(helpers+`return control(`+string(q)+`).id})()`, &id))
	p.run(chromedp.SetUploadFiles("#"+id, files, chromedp.ByQuery))
}

// eval gives what a script's expression gives.
func (p *person) eval(script string, to any) {
	p.t.Helper()
	p.run(chromedp.Evaluate(script, to, await))
}

// picture draws the whole page, down to a height.
func picture(ctx context.Context, most float64) ([]byte, error) {
	var data []byte
	err := chromedp.Run(ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		_, _, _, _, _, size, err := page.GetLayoutMetrics().Do(ctx)
		if err != nil {
			return err
		}
		data, err = page.CaptureScreenshot().WithCaptureBeyondViewport(true).WithClip(&page.Viewport{Width: size.Width, Height: min(size.Height, most), Scale: 1}).Do(ctx)
		return err
	}))
	return data, err
}

// readLetter gives a letter's heads and words.
func readLetter(t *testing.T, data []byte) string {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	body := m.Body
	if strings.EqualFold(m.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return "To: " + m.Header.Get("To") + "\nSubject: " + subject + "\n\n" + string(text)
}
