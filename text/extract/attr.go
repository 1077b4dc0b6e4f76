package extract

import (
	"html"
	"strings"
)

// eachAttr calls f with each attribute; the value is as written.
func eachAttr(s string, f func(name, value string)) {
	i := 0
	for {
		for i < len(s) && (isSpace(s[i]) || s[i] == '/') {
			i++
		}
		if i >= len(s) {
			return
		}
		start := i
		for i < len(s) && s[i] != '=' && !isSpace(s[i]) {
			i++
		}
		name := s[start:i]
		for i < len(s) && isSpace(s[i]) {
			i++
		}
		if i >= len(s) || s[i] != '=' {
			f(name, "")
			continue
		}
		i++
		for i < len(s) && isSpace(s[i]) {
			i++
		}
		start = i
		if i < len(s) && (s[i] == '"' || s[i] == '\'') {
			j := strings.IndexByte(s[i+1:], s[i])
			if j < 0 {
				return
			}
			f(name, s[i+1:i+1+j])
			i += j + 2
			continue
		}
		for i < len(s) && !isSpace(s[i]) {
			i++
		}
		f(name, s[start:i])
	}
}

// attrOf gives the value of an attribute with its references resolved.
func attrOf(attrs, want string) (found string) {
	eachAttr(attrs, func(name, value string) {
		if found == "" && strings.EqualFold(name, want) {
			found = html.UnescapeString(value)
		}
	})
	return found
}

// attr gives the value of an attribute with its references resolved.
func (n *node) attr(name string) string { return attrOf(n.attrs, name) }

// look notes what the later steps ask of an element most: its class and id, what they say about it, and whether it is shown.
func (p *page) look(n *node) {
	eachAttr(n.attrs, func(name, value string) {
		switch len(name) {
		case 2:
			if strings.EqualFold(name, "id") {
				n.id = value
			}
		case 4:
			if strings.EqualFold(name, "role") {
				n.role = value
			} else if name == "type" && strings.HasPrefix(value, "Related") { // boxes of the system that Tuổi Trẻ and Thanh Niên share
				n.traits.hint = true
			}
		case 5:
			switch strings.ToLower(name) {
			case "class":
				n.class = value
			case "style":
				if hides(value) {
					n.hidden = true
				}
			}
		case 6:
			if strings.EqualFold(name, "hidden") {
				n.hidden = true
			}
		case 11:
			if name == "aria-hidden" && value == "true" && !strings.Contains(n.attrs, "fallback-image") {
				n.hidden = true
			}
		}
	})
	if n.class == "" && n.id == "" {
		return
	}
	key := n.class + " " + n.id
	t, ok := p.memory[key]
	if !ok {
		t = traitsOf(n.class, n.id)
		p.memory[key] = t
	}
	t.hint = t.hint || n.traits.hint
	n.traits = t
}

// hides says whether a style takes the element off the page.
func hides(style string) bool {
	i := strings.Index(style, "display")
	if i >= 0 {
		rest := strings.TrimLeft(style[i+7:], " :")
		if strings.HasPrefix(rest, "none") {
			return true
		}
	}
	i = strings.Index(style, "visibility")
	return i >= 0 && strings.HasPrefix(strings.TrimLeft(style[i+10:], " :"), "hidden")
}
