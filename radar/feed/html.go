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
	noComment := false
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
		if !noComment && strings.HasPrefix(s[i:], "<!--") {
			if j := strings.Index(s[i:], "-->"); j >= 0 {
				s = s[i+j+3:]
				continue
			}
			noComment = true
		}
		end := strings.IndexByte(s[i:], '>')
		if end < 0 { // no tag: it has no end
			b.WriteString(s[i:])
			return b.String()
		}
		name, closing := tagName(s[i+1:i+end]), c == '/'
		s = s[i+end+1:]
		switch name {
		case "script", "style":
			if !closing {
				s = afterRaw(s, name)
			}
		case "a", "b", "i", "u", "em", "strong", "span", "font", "sub", "sup", "small", "mark", "abbr", "code":
		default:
			b.WriteByte(' ')
		}
	}
}

// afterRaw gives what begins with the end tag of a script or style; nothing if there is none, as in browsers.
func afterRaw(s, name string) string {
	for i := 0; ; i += 2 {
		j := strings.Index(s[i:], "</")
		if j < 0 {
			return ""
		}
		if i += j; len(s)-i-2 >= len(name) && strings.EqualFold(s[i+2:i+2+len(name)], name) {
			return s[i:]
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
	if p.base == nil || strings.IndexByte(s, '=') < 0 {
		return s
	}
	var b strings.Builder
	done := 0 // what is written already
	for i := 0; i < len(s); {
		j := strings.IndexByte(s[i:], '=')
		if j < 0 || i+j+1 >= len(s) {
			break
		}
		i += j + 1
		quote := s[i]
		if quote != '"' && quote != '\'' || !namesAddress(s[:i-1]) {
			continue
		}
		end := strings.IndexByte(s[i+1:], quote)
		if end < 0 {
			break
		}
		was := s[i+1 : i+1+end]
		if was != "" && was[0] != '#' && strings.IndexByte(was, ':') < 0 {
			b.WriteString(s[done : i+1])
			b.WriteString(strings.ReplaceAll(absolute(p.base, html.UnescapeString(was)), "&", "&amp;"))
			done = i + 1 + end
		}
		i += end + 2
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// namesAddress says whether a text ends with the name of an attribute that holds an address.
func namesAddress(s string) bool {
	for _, name := range []string{"href", "src"} {
		if n := len(s) - len(name); n > 0 && strings.HasSuffix(s, name) && isSpace(s[n-1]) {
			return true
		}
	}
	return false
}
