package ui

import (
	"encoding/json"
	"time"

	"github.com/a-h/templ"

	"khue/catalogue"
)

// Page is what every layout needs to know.
type Page struct {
	Lang catalogue.Lang
	// Path is the address without the language prefix and without the query: "/claims".
	Path        string
	Title       string // of the browser's tab; the layouts add the house's name
	Description string
	Actor       string // name of who is logged in, "" for nobody
	Demo        bool   // show the ribbon that all content is made up
	Menu        string // key of the current menu item: "now", "claims"
	Counts      map[string]int
	Closed      map[string]bool // keys of menu items that this person may not open: they are left out
	Flash       string          // said once after an act: "Đã công bố TCBC-2026-0153."
	Live        string          // address of the event stream with the position the page was rendered from: "/live?after=51337"
	Thing       string          // what the page shows, as the ledger names it ("release/…"): the page says when it has changed
	Head        templ.Component // more for <head>: JSON-LD, feeds
	Origin      string          // "https://…" for canonical and alternate links, "" leaves them out
	Place       string          // whose house it is: "Trung tâm Báo chí Thủ đô Hà Nội"; a default stands in the catalogue
	Now         time.Time       // the server's clock (a demo has its own); clocks on the page go on by themselves only where the device agrees with it
	NoIndex     bool            // keep out of search engines (a claim still being checked)
}

// Href gives the address of a path in this page's language: Vietnamese has no prefix, English has /en.
func (p Page) Href(path string) string { return p.Lang.Href(path) }

// T gives a sentence of the catalogue in this page's language.
func (p Page) T(key string, args ...any) string { return p.Lang.T(key, args...) }

func (p Page) place() string {
	if p.Place != "" {
		return p.Place
	}
	return p.T("ui.place")
}

func (p Page) title() string {
	if p.Title == "" {
		return p.T("ui.name")
	}
	return p.Title + " · " + p.T("ui.name")
}

// other is the language that the page can be switched to.
func (p Page) other() catalogue.Lang {
	if p.Lang == catalogue.EN {
		return catalogue.VI
	}
	return catalogue.EN
}

// scriptWords are the few sentences that scripts say, as JSON for a data attribute; braces are filled in the browser.
func (p Page) scriptWords() string {
	words := map[string]string{}
	for _, key := range []string{"new", "draft", "restored", "none", "offline", "left", "late", "just", "day", "days", "hour", "hours", "minutes", "moment", "saved", "unsaved", "conflict", "sending", "checking", "failed", "changed"} {
		words[key] = p.T("ui.script." + key)
	}
	data, err := json.Marshal(words) // a map of strings cannot fail
	if err != nil {
		return "{}"
	}
	return string(data)
}

// MenuItem is one place of a menu; its words are the catalogue's "ui.menu.<Key>".
type MenuItem struct {
	Key  string
	Path string
	Rule bool // a line stands before it
}

// Menus of the three faces. A room that is not built has no item.
var (
	PublicMenu = []MenuItem{{Key: "today", Path: "/"}, {Key: "claims", Path: "/claims"}, {Key: "verify", Path: "/verify"}, {Key: "ask", Path: "/ask"}, {Key: "speakers", Path: "/speakers"}, {Key: "search", Path: "/search"}}
	PublicMore = []MenuItem{{Key: "deadlines", Path: "/deadlines"}, {Key: "listening", Path: "/listening"}, {Key: "report", Path: "/report"}, {Key: "log", Path: "/log"}, {Key: "api", Path: "/api"}, {Key: "press", Path: "/press"}}
	PressMenu  = []MenuItem{{Key: "press", Path: "/press"}, {Key: "questions", Path: "/press/questions"}, {Key: "speakers", Path: "/speakers"}, {Key: "keys", Path: "/press/keys"}, {Key: "outlet", Path: "/press/outlet"}}
	DeskMenu   = []MenuItem{
		{Key: "now", Path: "/desk"},
		{Key: "intake", Path: "/desk/intake"},
		{Key: "releases", Path: "/desk/releases"},
		{Key: "approvals", Path: "/desk/approvals"},
		{Key: "inquiries", Path: "/desk/inquiries"},
		{Key: "radar", Path: "/desk/radar", Rule: true},
		{Key: "trends", Path: "/desk/trends"},
		{Key: "board", Path: "/desk/claims"},
		{Key: "sources", Path: "/desk/sources"},
		{Key: "rules", Path: "/desk/rules", Rule: true},
		{Key: "people", Path: "/desk/people"},
		{Key: "audit", Path: "/desk/audit"},
		{Key: "figures", Path: "/desk/figures"},
	}
)
