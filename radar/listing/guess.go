package listing

import (
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// A page that lists has at least this many entries; a headline has at least so many letters.
const (
	leastEntries  = 4
	leastHeadline = 25
	enoughEntries = 60
)

// Guess proposes rules for a page: the selector under which most headlines repeat. ok is false when nothing on it repeats.
func Guess(page []byte, opt Options) (rules Rules, ok bool) {
	doc, base, err := parse(page, opt)
	if err != nil {
		return Rules{}, false
	}
	type group struct {
		path  string
		links map[string]bool
		size  int // letters of its headlines
	}
	groups := map[string]*group{}
	var order []*group
	for _, a := range cascadia.QueryAll(doc, links) {
		title, address := words(a), absolute(base, attr(a, "href"))
		if len([]rune(title)) < leastHeadline || address == "" || inFurniture(a) {
			continue
		}
		path := pathOf(a)
		g := groups[path]
		if g == nil {
			g = &group{path: path, links: map[string]bool{}}
			groups[path] = g
			order = append(order, g)
		}
		if !g.links[address] {
			g.links[address] = true
			g.size += min(len([]rune(title)), 120)
		}
	}
	var best *group
	score := 0
	for _, g := range order { // in the page's order, so that equals give the first
		if n := len(g.links); n >= leastEntries {
			if s := g.size * min(n, enoughEntries) / n; s > score {
				best, score = g, s
			}
		}
	}
	if best == nil {
		return Rules{}, false
	}
	item := best.path
	// A time beside the headline: the entry is then what holds both.
	if outer, ok := around(doc, best.path); ok {
		return Rules{Item: outer, Link: lastOf(best.path)}, true
	}
	return Rules{Item: item}, true
}

// inFurniture says whether a node stands in a menu, a footer or a side column.
func inFurniture(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.Data {
		case "nav", "footer", "header":
			if p.Data != "header" || p.Parent == nil || p.Parent.Data == "body" {
				return true
			}
		}
	}
	return false
}

// pathOf gives the selector of a node by its last three ancestors, with one class of each.
func pathOf(n *html.Node) string {
	var parts []string
	for p := n; p != nil && p.Type == html.ElementNode && len(parts) < 4 && p.Data != "body"; p = p.Parent {
		parts = append(parts, step(p))
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.Join(parts, " > ")
}

// step names an element by its tag and the first class that can be written as it is and has no number in it.
func step(n *html.Node) string {
	for class := range strings.FieldsSeq(attr(n, "class")) {
		if plainName(class) {
			return n.Data + "." + class
		}
	}
	return n.Data
}

func plainName(s string) bool {
	if s == "" || len(s) > 40 || s[0] == '-' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c|0x20 < 'a' || c|0x20 > 'z' {
			if c != '-' && c != '_' {
				return false
			}
		}
	}
	return true
}

func lastOf(path string) string {
	if i := strings.LastIndex(path, " > "); i >= 0 {
		return path[i+3:]
	}
	return path
}

// around widens a path step by step as long as each of its elements holds exactly one headline, until a <time> is inside.
func around(doc *html.Node, path string) (string, bool) {
	last := lastOf(path)
	link, err := cascadia.Parse(last)
	if err != nil {
		return "", false
	}
	for outer := path; ; {
		i := strings.LastIndex(outer, " > ")
		if i < 0 {
			return "", false
		}
		outer = outer[:i]
		m, err := cascadia.Parse(outer)
		if err != nil {
			return "", false
		}
		entries := cascadia.QueryAll(doc, m)
		with := 0
		for _, e := range entries {
			hrefs := map[string]bool{}
			for _, a := range cascadia.QueryAll(e, link) {
				hrefs[attr(a, "href")] = true
			}
			if len(hrefs) > 1 {
				return "", false
			}
			if cascadia.Query(e, times) != nil {
				with++
			}
		}
		if with*2 > len(entries) {
			return outer, true
		}
	}
}
