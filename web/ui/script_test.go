package ui

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"khue/catalogue"
)

// scripted is a small desk whose list can grow and which tells about it.
type scripted struct {
	mu    sync.Mutex
	rows  []Row
	tell  chan string   // lines for the event stream
	ended chan struct{} // closed at the end, so that no stream keeps the server open
	asked []string      // what the palette asked for
}

func (s *scripted) add(r Row) {
	s.mu.Lock()
	s.rows = append([]Row{r}, s.rows...)
	s.mu.Unlock()
	s.tell <- "event: entry\ndata: {\"kind\": \"claim.opened\"}\n\n"
}

func (s *scripted) page(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	rows := append([]Row(nil), s.rows...)
	s.mu.Unlock()
	p := galleryPage(catalogue.VI, "now", "/desk", "Cần làm")
	p.Counts = map[string]int{"now": len(rows)}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", policy)
	_ = fillIn(Desk(p), WorkHead(p, "Cần làm"), Rows("Việc", "claim", rows), Textarea(Input{Name: "body", Label: "Nội dung", Draft: "body"})).Render(r.Context(), w)
}

func (s *scripted) live(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	_ = http.NewResponseController(w).Flush()
	for {
		select {
		case line := <-s.tell:
			_, _ = fmt.Fprint(w, line)
			_ = http.NewResponseController(w).Flush()
		case <-r.Context().Done():
			return
		case <-s.ended:
			return
		}
	}
}

func (s *scripted) find(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.URL.Query().Get("q"))
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprint(w, `[{"title":"<b>Cắt nước</b>","sub":"KC-2026-0031","href":"/desk#found"},{"title":"bad","href":"javascript:alert(1)"}]`)
}

func (s *scripted) serve(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle(AssetPrefix, AssetHandler())
	mux.HandleFunc("/live", s.live)
	mux.HandleFunc("/desk/find", s.find)
	mux.HandleFunc("/desk", s.page)
	server := httptest.NewServer(mux)
	t.Cleanup(func() { close(s.ended); server.Close() })
	return server.URL
}

func row(id string) Row {
	return Row{ID: id, Title: "Việc " + id, Href: "#open-" + id, Next: "Mở", NextHref: "#next-" + id, Sign: templ.NopComponent}
}

// The desk as a person uses it: keys, live rows that do not move what is being read, the palette, a kept draft.
func TestScripts(t *testing.T) {
	ctx, _ := browser(t)
	s := &scripted{rows: []Row{row("a"), row("b")}, tell: make(chan string, 8), ended: make(chan struct{})}
	base := s.serve(t)
	do := func(what string, actions ...chromedp.Action) {
		t.Helper()
		if err := chromedp.Run(ctx, actions...); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	until := func(what, expression string) {
		t.Helper()
		do(what, chromedp.Poll(expression, nil, chromedp.WithPollingTimeout(10*time.Second)))
	}
	key := func(keys string) chromedp.Action { return chromedp.KeyEvent(keys) }

	do("open", chromedp.EmulateViewport(1440, 900), chromedp.Navigate(base+"/desk"), chromedp.WaitVisible(".rows"))

	s.add(row("c"))
	until("a new row comes at the head in sight", `document.querySelector("[data-rows] > li").id === "c"`)
	until("the menu counts it", `document.querySelector(".rail [aria-current] .n").textContent.trim() === "3"`)

	do("J selects", key("j"))
	until("the first row is selected", `document.querySelector(".selected").id === "c"`)
	do("J moves", key("j"))
	until("the second row is selected", `document.querySelector(".selected").id === "a"`)

	s.add(row("d"))
	until("while a row is being read a new one waits", `!document.querySelector(".waiting").hidden && document.querySelector(".waiting").textContent.startsWith("1 mới") && !document.getElementById("d")`)
	until("a screen reader hears it", `document.getElementById("live").textContent.startsWith("1 mới")`)
	do("show", chromedp.Click(".waiting"))
	until("it comes where the server has it", `[...document.querySelectorAll("[data-rows] > li")].map(l => l.id).join("") === "dcab"`)
	until("what was selected is still", `document.querySelector(".selected").id === "a"`)

	do("E", key("e"))
	until("E does the next step of the selected row", `location.hash === "#next-a"`)

	do("Ctrl-K", chromedp.Evaluate(`document.dispatchEvent(new KeyboardEvent("keydown", {key: "k", ctrlKey: true, bubbles: true}))`, nil))
	until("the palette is open", `document.getElementById("dialog-find").open`)
	do("type", chromedp.SendKeys("#find-q", "cat nuoc"))
	until("hits are text, and only addresses of this house", `document.querySelectorAll("#find-list [role=option]").length === 1 && document.querySelector("#find-list [role=option] span").textContent === "<b>Cắt nước</b>"`)
	do("Enter", key(kb.Enter))
	until("Enter opens the hit", `location.hash === "#found"`)
	until("and closes the palette", `!document.getElementById("dialog-find").open`)

	do("N", chromedp.Evaluate(`document.activeElement.blur()`, nil), key("n"))
	until("N opens the quick note with the cursor in it", `document.getElementById("dialog-note").open && document.activeElement.id === "quick-note"`)
	do("close", key(kb.Escape))

	do("write", chromedp.SendKeys("#body", "chưa gửi"))
	until("the draft is kept", `Object.keys(localStorage).some(k => k.startsWith("khue-draft:") && localStorage[k].includes("chưa gửi"))`)
	do("come back", chromedp.Reload(), chromedp.WaitVisible("#body"))
	until("the draft is back", `document.getElementById("body").value === "chưa gửi"`)

	do("dark", chromedp.Click(`[data-theme-set=dark]`))
	do("come back", chromedp.Reload(), chromedp.WaitVisible(".rows"))
	until("the choice of colours holds", `document.documentElement.dataset.theme === "dark" && getComputedStyle(document.documentElement).backgroundColor === "rgb(21, 20, 18)"`)
}

// TestChangedThing: a page about one thing stays as it is read when its thing changes, and offers the newer one; what happens to
// other things, or leaves the words as they were, is not told.
func TestChangedThing(t *testing.T) {
	ctx, _ := browser(t)
	s := &scripted{tell: make(chan string, 8), ended: make(chan struct{})}
	var body atomic.Value
	body.Store("Cầu mở lúc 6 giờ.")
	var asked atomic.Int64
	mux := http.NewServeMux()
	mux.Handle(AssetPrefix, AssetHandler())
	mux.HandleFunc("/live", s.live)
	mux.HandleFunc("/r/1", func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		p := galleryPage(catalogue.VI, "today", "/r/1", "Cầu")
		p.Thing = "release/1"
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", policy)
		_ = fillIn(Public(p), Empty(body.Load().(string))).Render(r.Context(), w)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(func() { close(s.ended); server.Close() })
	until := func(what, expression string) {
		t.Helper()
		if err := chromedp.Run(ctx, chromedp.Poll(expression, nil, chromedp.WithPollingTimeout(10*time.Second))); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	tell := func(thing string) {
		s.tell <- "event: entry\ndata: {\"kind\": \"release.corrected\", \"thing\": \"" + thing + "\"}\n\n"
	}

	if err := chromedp.Run(ctx, chromedp.EmulateViewport(390, 900), chromedp.Navigate(server.URL+"/r/1"), chromedp.WaitVisible("main")); err != nil {
		t.Fatal(err)
	}
	tell("release/2")
	tell("release/1") // its words are the same
	for deadline := time.Now().Add(10 * time.Second); asked.Load() < 2 && time.Now().Before(deadline); {
		until("the page is there", `document.readyState === "complete"`)
	}
	body.Store("Cầu mở lúc 7 giờ.")
	tell("release/1")
	until("the change is offered", `document.querySelector("button.changed")?.textContent === "Trang này vừa đổi. Xem bản hiện nay"`)
	until("and told to a screen reader", `document.getElementById("live").textContent.startsWith("Trang này vừa đổi")`)
	until("what is read stands", `document.querySelector("main").innerText.includes("6 giờ")`)
	if n := asked.Load(); n != 3 {
		t.Errorf("the page was asked for %d times: of another thing it is not", n)
	}
	var now string
	if err := chromedp.Run(ctx, chromedp.Click("button.changed"), chromedp.WaitNotPresent("button.changed"), chromedp.Text("main", &now)); err != nil || !strings.Contains(now, "7 giờ") {
		t.Errorf("after the click: %q, %v", now, err)
	}
}

// TestLiveGroups: a part of a page whose list was empty comes with its first row, in its place, and goes with its last; a page that
// has got other lists than this one is offered anew.
func TestLiveGroups(t *testing.T) {
	ctx, _ := browser(t)
	s := &scripted{tell: make(chan string, 8), ended: make(chan struct{})}
	type groups struct {
		late, due []Row
		more      bool
	}
	var now atomic.Value
	now.Store(groups{due: []Row{row("a")}})
	mux := http.NewServeMux()
	mux.Handle(AssetPrefix, AssetHandler())
	mux.HandleFunc("/live", s.live)
	mux.HandleFunc("/desk", func(w http.ResponseWriter, r *http.Request) {
		g := now.Load().(groups)
		parts := []templ.Component{
			WorkHead(galleryPage(catalogue.VI, "now", "/desk", "Cần làm"), "Cần làm"),
			fillIn(LiveGroup(len(g.late)), Group("Quá hạn"), Rows("Quá hạn", "*", g.late)), fillIn(LiveGroup(len(g.due)), Group("Đang chạy"), Rows("Đang chạy", "*", g.due)),
		}
		if g.more {
			parts = append(parts, Rows("Khác", "*", []Row{row("z")}))
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", policy)
		_ = fillIn(Desk(galleryPage(catalogue.VI, "now", "/desk", "Cần làm")), parts...).Render(r.Context(), w)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(func() { close(s.ended); server.Close() })
	until := func(what, expression string) {
		t.Helper()
		if err := chromedp.Run(ctx, chromedp.Poll(expression, nil, chromedp.WithPollingTimeout(10*time.Second))); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	tell := func(g groups) {
		now.Store(g)
		s.tell <- "event: entry\ndata: {\"kind\": \"duty.missed\"}\n\n"
	}
	const shown = `[...document.querySelectorAll("main h2.group, main [data-rows] > li")].filter(e => e.checkVisibility()).map(e => e.id || e.textContent).join(" ")`

	if err := chromedp.Run(ctx, chromedp.EmulateViewport(1440, 900), chromedp.Navigate(server.URL+"/desk"), chromedp.WaitVisible("main h1")); err != nil {
		t.Fatal(err)
	}
	until("only what has rows is shown", shown+` === "Đang chạy a"`)
	tell(groups{late: []Row{row("a")}})
	until("the first late row brings its group, and the other goes", shown+` === "Quá hạn a"`)
	if err := chromedp.Run(ctx, chromedp.KeyEvent("j")); err != nil {
		t.Fatal(err)
	}
	tell(groups{late: []Row{row("a")}, due: []Row{row("b")}})
	until("while a row is being read the new group waits", `document.querySelector(".waiting:not([hidden])")?.textContent.startsWith("1 mới") && `+shown+` === "Quá hạn a"`)
	if err := chromedp.Run(ctx, chromedp.Click(".waiting:not([hidden])", chromedp.ByQuery)); err != nil {
		t.Fatal(err)
	}
	until("and comes when it is asked for", shown+` === "Quá hạn a Đang chạy b"`)
	tell(groups{late: []Row{row("a")}, due: []Row{row("b")}, more: true})
	until("another list is offered", `document.querySelector("button.changed")?.checkVisibility()`)
}
