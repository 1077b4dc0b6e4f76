package feed

import (
	"html"
	"strings"
)

// title takes the element's text as plain text.
func (p *parser) title() string {
	v, _ := p.value()
	return Plain(string(v))
}

// html takes the element's text as HTML, addresses in it made absolute where the feed or its source says against what.
func (p *parser) html() string {
	v, _ := p.value()
	return p.resolveHTML(undouble(string(v)))
}

// undouble takes off a second escaping: some publishers escape what they put into CDATA. It is one if tags appear only then.
func undouble(s string) string {
	if strings.IndexByte(s, '<') >= 0 || !strings.Contains(s, "&lt;") {
		return s
	}
	for _, tag := range []string{"&lt;p", "&lt;/p", "&lt;a ", "&lt;/a", "&lt;br", "&lt;/br", "&lt;img", "&lt;div", "&lt;span"} {
		if strings.Contains(s, tag) && strings.Contains(s, "&gt;") {
			return html.UnescapeString(s)
		}
	}
	return s
}

// Plain makes plain text of HTML in one line: tags and what scripts and styles hold are dropped, references resolved (twice, where
// somebody escaped twice), white space folded. It is no sanitizer: show its result as text, never as HTML.
func Plain(s string) string {
	if strings.IndexByte(s, '<') >= 0 {
		s = withoutTags(s)
	}
	for range 2 {
		if strings.IndexByte(s, '&') < 0 {
			break
		}
		s = html.UnescapeString(s)
	}
	return spaces(clean(s))
}

// withoutTags drops tags; block elements and line breaks leave a space.
func withoutTags(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 || i+1 >= len(s) {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		c := s[i+1]
		if !isNameStart(c) && c != '/' && c != '!' && c != '?' {
			b.WriteByte('<')
			s = s[i+1:]
			continue
		}
		if strings.HasPrefix(s[i:], "<!--") {
			if j := strings.Index(s[i:], "-->"); j >= 0 {
				s = s[i+j+3:]
				continue
			}
		}
		end := strings.IndexByte(s[i:], '>')
		if end < 0 { // no tag: it has no end
			b.WriteString(s[i:])
			return b.String()
		}
		name := tagName(s[i+1 : i+end])
		s = s[i+end+1:]
		switch name {
		case "script", "style":
			if j := strings.Index(strings.ToLower(s), "</"+name); j >= 0 {
				s = s[j:]
			}
		case "a", "b", "i", "u", "em", "strong", "span", "font", "sub", "sup", "small", "mark", "abbr", "code":
		default:
			b.WriteByte(' ')
		}
	}
}

func tagName(tag string) string {
	tag = strings.TrimPrefix(tag, "/")
	end := strings.IndexAny(tag, " \t\r\n/")
	if end < 0 {
		end = len(tag)
	}
	return strings.ToLower(tag[:end])
}

// spaces folds runs of white space (no-break spaces too) into one and trims.
func spaces(s string) string {
	fine := true
	last := byte(' ')
	for i := 0; i < len(s) && fine; i++ {
		c := s[i]
		if isSpace(c) && (c != ' ' || last == ' ') || c == 0xC2 && i+1 < len(s) && s[i+1] == 0xA0 {
			fine = false
		}
		last = c
	}
	if fine && last != ' ' || s == "" {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// resolveHTML makes the addresses of href and src absolute.
func (p *parser) resolveHTML(s string) string {
	if p.base == nil || !strings.Contains(s, "=") {
		return s
	}
	var b strings.Builder
	rest := s
	changed := false
	for {
		i := nextAddress(rest)
		if i < 0 {
			break
		}
		quote := rest[i]
		j := strings.IndexByte(rest[i+1:], quote)
		if j < 0 {
			break
		}
		was := rest[i+1 : i+1+j]
		now := was
		if was != "" && was[0] != '#' && !strings.Contains(was, ":") {
			now = absolute(p.base, html.UnescapeString(was))
			now = strings.ReplaceAll(now, "&", "&amp;")
			changed = true
		}
		b.WriteString(rest[:i+1])
		b.WriteString(now)
		b.WriteByte(quote)
		rest = rest[i+j+2:]
	}
	if !changed {
		return s
	}
	b.WriteString(rest)
	return b.String()
}

// nextAddress finds the quote that begins the next value of href or src; -1 if there is none.
func nextAddress(s string) int {
	best := -1
	for _, attr := range []string{"href=", "src="} {
		from := 0
		for {
			i := strings.Index(s[from:], attr)
			if i < 0 {
				break
			}
			at := from + i + len(attr)
			if at < len(s) && (s[at] == '"' || s[at] == '\'') && from+i > 0 && isSpace(s[from+i-1]) {
				if best < 0 || at < best {
					best = at
				}
				break
			}
			from = at
		}
	}
	return best
}
