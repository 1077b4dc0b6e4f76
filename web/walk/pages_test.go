package walk

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"khue/internal/house"
)

// faces are the people whose pages are looked at, and where each begins.
var faces = []struct{ key, start string }{
	{"", "/"},
	{"", "/press"},
	{"ky-gia-1@ngaymoi.example", "/press"},
	{"truc-ban", "/desk"},
	{"bien-tap", "/desk"},
	{"duyet", "/desk"},
	{"phan-tich", "/desk"},
	{"xd-dau-moi", "/desk"},
	{"xd-lanh-dao", "/desk"},
	{"lang-dau-moi", "/desk"},
	{"quan-tri", "/desk"},
}

// more are pages that few links lead to.
var more = []string{"/login", "/forgot", "/press/register", "/ask?as=press", "/search?q=nước", "/wall", "/no-such-page"}

var (
	ids   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]{2,4}-\d{4}-\d{4,}|\d+\.txt`)
	href  = regexp.MustCompile(`(?:href|action)="(/[^"]*)"`)
	h1    = regexp.MustCompile(`<h1[ >]`)
	hole  = regexp.MustCompile(`⟦|\{[a-z_]+\}`)
	title = regexp.MustCompile(`<title>\s*\S`)
	local = regexp.MustCompile(`(?i)<[a-z][^>]*\s(?:style|on[a-z]+)="|<style|<script(?:>|(?:\s[^>]*)?>[^<]*[a-z({])`)
	data  = regexp.MustCompile(`<script type="application/ld\+json">[^<]*</script>`)
	named = regexp.MustCompile(`<[a-z][^>]*? id="([^"]*)"`)
	pre   = regexp.MustCompile(`(?s)<(pre|code|textarea)[ >].*?</(pre|code|textarea)>`)
)

// kindOf gives what kind of page an address is: ids and codes are all the same.
func kindOf(path string) string {
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	p := ids.ReplaceAllString(strings.TrimPrefix(u.Path, "/en"), "*")
	if rest, ok := strings.CutPrefix(p, "/desk/radar/"); ok && rest != "" {
		p = "/desk/radar/*"
		if strings.HasSuffix(rest, "/parts") {
			p += "/parts"
		}
	}
	if rest, ok := strings.CutPrefix(p, "/desk/trends/"); ok && strings.Contains(rest, "/") {
		kind, rest, _ := strings.Cut(rest, "/")
		p = "/desk/trends/" + kind + "/*"
		if _, file, ok := strings.Cut(rest, "/"); ok {
			p += "/" + file
		}
	}
	for _, folder := range []string{"/desk/rules/", "/desk/offices/", "/desk/heard/", "/desk/topics/"} {
		if rest, ok := strings.CutPrefix(p, folder); ok && rest != "new" {
			p = folder + "*"
		}
	}
	keys := make([]string, 0, len(u.Query()))
	for k := range u.Query() {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return p + "?" + strings.Join(keys, "&")
}

// crawler goes from page to page as one person, without a browser.
type crawler struct {
	t      *testing.T
	w      *world
	who    string
	client *http.Client
	asked  map[string]bool
	kinds  map[string]int
	pages  []string // one address of each kind of page, in the order in which they were found
}

// atMost bounds how many pages of one kind are looked at as one person in one language.
const atMost = 3

func (w *world) crawler(t *testing.T, key string) *crawler {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &crawler{t: t, w: w, who: key, client: &http.Client{Jar: jar}, asked: map[string]bool{}, kinds: map[string]int{}}
	if key != "" {
		if !strings.Contains(key, "@") {
			key += "@khue.example"
		}
		req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, w.url+"/login", strings.NewReader(url.Values{"email": {key}, "password": {house.DemoPassword}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		resp, err := c.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK || resp.Request.URL.Path == "/login" {
			t.Fatalf("%s cannot log in: %d at %s", key, resp.StatusCode, resp.Request.URL)
		}
	}
	return c
}

// crawl looks at every page that can be reached from the starts.
func (c *crawler) crawl(starts ...string) {
	c.t.Helper()
	type step struct{ path, from string }
	var queue []step
	for _, s := range starts {
		queue = append(queue, step{s, ""})
	}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		if c.asked[s.path] || c.kinds[lang(s.path)+kindOf(s.path)] >= atMost {
			continue
		}
		c.asked[s.path] = true
		c.kinds[lang(s.path)+kindOf(s.path)]++
		for _, link := range c.look(s.path, s.from) {
			queue = append(queue, step{link, s.path})
		}
	}
}

func lang(path string) string {
	if path == "/en" || strings.HasPrefix(path, "/en/") {
		return "en"
	}
	return "vi"
}

// look gets one page, holds it against the rules, and gives its links.
func (c *crawler) look(path, from string) []string {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.w.ctx, http.MethodGet, c.w.url+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	resp, err := c.client.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		c.t.Fatal(err)
	}
	wrong := func(format string, args ...any) {
		c.t.Errorf("%q %s (from %s): %s", c.who, path, from, fmt.Sprintf(format, args...))
	}
	gone := strings.HasSuffix(path, "/no-such-page")
	if resp.StatusCode >= 400 != gone {
		wrong("status %d", resp.StatusCode)
		return nil
	}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		return nil
	}
	text := string(body)
	if !title.MatchString(text) {
		wrong("no title")
	}
	if n := len(h1.FindAllString(text, -1)); n != 1 {
		wrong("%d h1", n)
	}
	seen := map[string]bool{}
	for _, m := range named.FindAllStringSubmatch(text, -1) {
		if seen[m[1]] {
			wrong("the id %q stands twice", m[1])
		}
		seen[m[1]] = true
	}
	if !strings.Contains(text, `<html lang="`+lang(resp.Request.URL.Path)+`"`) {
		wrong("not in its language")
	}
	if m := hole.FindString(pre.ReplaceAllString(strings.ReplaceAll(text, "data-words", ""), "")); m != "" && !strings.Contains(words(text), m) {
		wrong("a missing word: %s", m)
	}
	if m := local.FindString(data.ReplaceAllString(text, "")); m != "" {
		wrong("inline script or style: %s", m)
	}
	if resp.Request.URL.Path == strings.SplitN(path, "?", 2)[0] && lang(path) == "vi" && c.kinds["vi"+kindOf(path)] == 1 {
		c.pages = append(c.pages, path)
	}
	return links(text)
}

// words gives what a page hands to its scripts, where holes to be filled are right.
func words(text string) string {
	_, rest, ok := strings.Cut(text, `data-words="`)
	if !ok {
		return ""
	}
	inner, _, _ := strings.Cut(rest, `"`)
	return inner
}

// links gives the addresses of a page on this house that are read and not done.
func links(text string) []string {
	var list []string
	for _, m := range href.FindAllStringSubmatch(text, -1) {
		path, _, _ := strings.Cut(strings.ReplaceAll(m[1], "&amp;", "&"), "#")
		if strings.HasPrefix(m[0], "action") || path == "" || strings.HasPrefix(path, "/assets/") || strings.HasPrefix(path, "/log/") || strings.HasPrefix(path, "/login/") {
			continue
		}
		list = append(list, path)
	}
	return list
}

// TestPages opens every kind of page as each role, in both languages, and follows every link that is found.
func TestPages(t *testing.T) {
	w := open(t)
	kinds := map[string]bool{}
	for _, f := range faces {
		t.Run(f.key+f.start, func(t *testing.T) {
			c := w.crawler(t, f.key)
			starts := []string{f.start, "/en" + f.start}
			if f.key == "" {
				for _, m := range more {
					starts = append(starts, m, "/en"+m)
				}
			}
			c.crawl(starts...)
			for _, p := range c.pages {
				kinds[kindOf(p)] = true
			}
			t.Logf("%d pages, %d kinds", len(c.asked), len(c.pages))
		})
	}
	if len(kinds) < 60 {
		t.Errorf("only %d kinds of pages were found", len(kinds))
	}
}

// TestWithoutScript holds that what can be done is there without script: forms with their buttons.
func TestWithoutScript(t *testing.T) {
	w := open(t)
	p := w.enter("truc-ban", 834)
	p.run(emulation.SetScriptExecutionDisabled(true))
	for path, form := range map[string]string{
		"/verify": "main form[action='/verify'] button", "/ask": "main form[action='/ask'] button", "/report": "main form[action='/report'] button",
		"/desk/note": "main form[action='/desk/note'] button", "/desk/intake/new": "main form[action='/desk/intake/new'] button", "/desk/find": "main form input[type=search]",
		"/press/register": "main form[action='/press/register'] button", "/desk/inquiries/matter": "main form[action='/desk/inquiries/matter'] button",
	} {
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		err := chromedp.Run(ctx, chromedp.Navigate(w.url+path), chromedp.WaitVisible(form, chromedp.ByQuery))
		cancel()
		if err != nil {
			t.Errorf("%s has no %s: %v", path, form, err)
		}
	}
}

// kind is a page that is looked at by a browser, and as whom.
type kind struct{ key, path string }

// kindsOfPages finds one address of every kind of page, each as the first person who reaches it.
func (w *world) kindsOfPages(t *testing.T) []kind {
	t.Helper()
	seen := map[string]bool{}
	var list []kind
	for _, f := range faces {
		c := w.crawler(t, f.key)
		starts := []string{f.start}
		if f.key == "" {
			starts = append(starts, more...)
		}
		c.crawl(starts...)
		for _, p := range c.pages {
			if k := kindOf(p); !seen[k] {
				seen[k] = true
				list = append(list, kind{f.key, p})
			}
		}
	}
	return list
}

// eachKind opens every kind of page in a browser, those of one person in one window.
func (w *world) eachKind(t *testing.T, do func(p *person, path string)) {
	t.Helper()
	people := map[string]*person{}
	for _, k := range w.kindsOfPages(t) {
		p := people[k.key]
		if p == nil && k.key == "" {
			p = w.visitor("visitor", 1440)
		} else if p == nil {
			p = w.enter(k.key, 1440)
		}
		people[k.key] = p
		do(p, k.path)
	}
}

// look is a width and a light.
func (p *person) look(width int64, mode string) {
	p.t.Helper()
	p.mobile = width < 500
	p.run(emulation.SetDeviceMetricsOverride(width, 900, 1, p.mobile), emulation.SetTouchEmulationEnabled(p.mobile),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: mode}, {Name: "prefers-reduced-motion", Value: "reduce"}}))
}

const runAxe = `axe.run(document, {resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
	.then(r => JSON.stringify(r.violations.map(v => ({id: v.id, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + " | " + n.failureSummary.replaceAll("\n", " ").slice(0, 260))}))))`

// overflowing names the elements that make a page scroll sideways, "" when it does not.
const overflowing = `document.documentElement.scrollWidth <= innerWidth + 1 ? "" : [...document.body.querySelectorAll("*")]
	.filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(e => e.tagName + "." + (e.getAttribute("class") || "")).join("; ") || "unknown"`

// TestAxe holds every kind of page against axe-core on a telephone and a desk, light and dark, and against scrolling sideways,
// also at 320 px, which is 1280 px at 400 %.
func TestAxe(t *testing.T) {
	source, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	if err != nil {
		missing(t, "axe-core is not installed: npm ci")
	}
	w := open(t)
	n := 0
	w.eachKind(t, func(p *person, path string) {
		n++
		p.open(path)
		p.eval(string(source)+"; true", nil)
		for _, v := range []struct {
			width int64
			mode  string
		}{{390, "light"}, {390, "dark"}, {1440, "light"}, {1440, "dark"}} {
			p.look(v.width, v.mode)
			var found, wide string
			p.eval(overflowing, &wide)
			p.eval(runAxe, &found)
			var faults []struct {
				ID    string   `json:"id"`
				Nodes []string `json:"nodes"`
			}
			if err := json.Unmarshal([]byte(found), &faults); err != nil {
				t.Fatal(err)
			}
			for _, f := range faults {
				t.Errorf("%s at %d, %s: axe %s: %s", path, v.width, v.mode, f.ID, strings.Join(f.Nodes, "\n  "))
			}
			if wide != "" {
				t.Errorf("%s at %d scrolls sideways: %s", path, v.width, wide)
			}
		}
		p.look(320, "light")
		var wide string
		if p.eval(overflowing, &wide); wide != "" {
			t.Errorf("%s at 320 scrolls sideways: %s", path, wide)
		}
	})
	t.Logf("%d kinds of pages", n)
}

// TestPictures draws every kind of page at three widths, light and dark, to be looked at; and the two of the README.
func TestPictures(t *testing.T) {
	if os.Getenv("KHUE_PICTURES") == "" {
		t.Skip("KHUE_PICTURES=1 draws the pages into build/pictures")
	}
	if err := os.MkdirAll(pictures, 0o755); err != nil {
		t.Fatal(err)
	}
	w := open(t)
	name := regexp.MustCompile(`[^a-z0-9]+`)
	w.eachKind(t, func(p *person, path string) {
		for _, width := range []int64{390, 834, 1440} {
			for _, mode := range []string{"light", "dark"} {
				p.look(width, mode)
				p.open(path)
				data, err := picture(p.ctx, 5000)
				if err != nil {
					t.Fatal(err)
				}
				file := strings.Trim(name.ReplaceAllString(strings.ToLower(strings.ReplaceAll(kindOf(path), "*", "x")), "-"), "-")
				if file == "" {
					file = "today"
				}
				if err := os.WriteFile(filepath.Join(pictures, fmt.Sprintf("%s-%d-%s.png", file, width, mode)), data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
	readme(t, w)
}

// readme draws the two pictures that stand in the README.
func readme(t *testing.T, w *world) {
	t.Helper()
	for file, one := range map[string]kind{"picture-today": {"", "/"}, "picture-now": {"truc-ban", "/desk"}} {
		p := w.visitor(file, 1440)
		if one.key != "" {
			p.open("/login")
			p.logIn(one.key)
		}
		p.look(1440, "light")
		p.open(one.path)
		var data []byte
		p.run(chromedp.ActionFunc(func(ctx context.Context) (err error) {
			data, err = page.CaptureScreenshot().Do(ctx)
			return err
		}))
		if len(data) > 300<<10 {
			t.Errorf("%s: %d KB", file, len(data)>>10)
		}
		if err := os.WriteFile("../../docs/"+file+".png", data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
