// Package prose turns the Markdown of a text that goes out into safe HTML, into
// plain text, and into the canonical text that is sealed (docs/format/seal.md).
//
// Pure: no I/O, no clock. HTML in the Markdown is dropped, addresses may lead
// only to the web, mail and telephone. Imports nothing of ours.
package prose

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	entities "html"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/text/unicode/norm"
)

// markdown is CommonMark with tables and line breaks kept; it never passes HTML through.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)), extension.NewLinkify(
		extension.WithLinkifyAllowedProtocols([]string{"https:", "http:"}),
	)),
	goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(lowerHeadings{}, 100))),
	goldmark.WithRendererOptions(html.WithHardWraps()),
)

// lowerHeadings makes the highest heading of a text an <h2>: the title is the page's <h1>.
type lowerHeadings struct{}

// Transform moves every heading one step down.
func (lowerHeadings) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	_ = ast.Walk(doc, func(n ast.Node, in bool) (ast.WalkStatus, error) {
		if h, ok := n.(*ast.Heading); ok && in {
			h.Level = min(4, h.Level+1)
		}
		return ast.WalkContinue, nil
	})
}

var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "code", "pre", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,6}$`)).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "http", "mailto", "tel")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnFullyQualifiedLinks(true)
	p.RequireNoReferrerOnFullyQualifiedLinks(true)
	return p
}

// HTML gives Markdown as HTML that cannot run anything, whatever was written.
func HTML(src string) string {
	var b bytes.Buffer
	if err := markdown.Convert([]byte(clean(src)), &b); err != nil { // a buffer does not fail
		return ""
	}
	return policy.Sanitize(b.String())
}

// Plain gives the words of Markdown without its signs: blocks parted by a blank line, items and rows of a table one a line. A link
// whose words are not its address has the address behind it in round brackets, since where it leads is part of what is said.
func Plain(src string) string {
	source := []byte(clean(src))
	doc := markdown.Parser().Parse(text.NewReader(source))
	var w plainWriter
	_ = ast.Walk(doc, func(n ast.Node, in bool) (ast.WalkStatus, error) { return w.visit(n, in, source), nil })
	return tidy(w.b.String())
}

type plainWriter struct{ b strings.Builder }

func (w *plainWriter) visit(n ast.Node, in bool, source []byte) ast.WalkStatus {
	switch n := n.(type) {
	case *ast.Text:
		if in {
			w.b.Write(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(n.Segment.Value(source)))))
			if n.SoftLineBreak() || n.HardLineBreak() {
				w.b.WriteByte('\n')
			}
		}
	case *ast.String:
		if in {
			w.b.Write(n.Value)
		}
	case *ast.CodeSpan:
		if in {
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				if t, ok := c.(*ast.Text); ok {
					w.b.Write(t.Segment.Value(source))
				}
			}
			return ast.WalkSkipChildren
		}
	case *ast.AutoLink:
		if in {
			w.b.Write(n.Label(source))
		}
	case *ast.Link:
		if to := string(n.Destination); !in && leads(to) && !strings.HasSuffix(w.b.String(), to) {
			w.b.WriteString(" (" + to + ")")
		}
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		if in {
			for i := range n.Lines().Len() {
				line := n.Lines().At(i)
				w.b.Write(line.Value(source))
			}
			w.b.WriteString("\n\n")
		}
	case *ast.RawHTML, *ast.HTMLBlock:
		return ast.WalkSkipChildren
	case *ast.TextBlock:
		if !in {
			w.b.WriteByte('\n')
		}
	case *ast.Paragraph, *ast.Heading, *ast.List, *east.Table:
		if !in {
			w.b.WriteString("\n\n")
		}
	case *east.TableCell:
		if !in && n.NextSibling() != nil {
			w.b.WriteString(" | ")
		}
	case *east.TableRow, *east.TableHeader:
		if !in {
			w.b.WriteByte('\n')
		}
	}
	return ast.WalkContinue
}

// leads says whether HTML lets a link lead there; one that leads nowhere has its words only.
func leads(to string) bool {
	return strings.Contains(policy.Sanitize(`<a href="`+entities.EscapeString(to)+`">x</a>`), "href")
}

// Canonical gives the text that is sealed: title, lede and body (Markdown) parted by a blank line, an empty part left out; NFC, one
// space between words, no space at the ends of lines, at most one blank line together, none at the end.
func Canonical(title, lede, body string) string {
	var parts []string
	for _, part := range []string{oneLine(title), tidy(clean(lede)), Plain(body)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "\n\n")
}

// Sum gives the seal's digest of a canonical text: SHA-256 of its UTF-8 bytes, in hex.
func Sum(canonical string) string {
	sum := sha256.Sum256([]byte(canonical))
	return hex.EncodeToString(sum[:])
}

// clean gives NFC, valid UTF-8 with \n as line end and without control characters.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u00a0", " ", "\u202f", " ").Replace(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < 0x20, r >= 0x7f && r < 0xa0, // controls
			r == 0xfeff, r == 0xad, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x2069: // unseen
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(s)
}

func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

func tidy(s string) string {
	lines := strings.Split(s, "\n")
	out := make([]string, 0, len(lines))
	for _, l := range lines {
		l = strings.Join(strings.Fields(l), " ")
		if l == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, l)
	}
	return norm.NFC.String(strings.TrimRight(strings.Join(out, "\n"), "\n"))
}
