package extract

import (
	"bytes"
	"errors"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// Result is what a page tells about its article. What it does not tell is empty.
type Result struct {
	Title     string
	Text      string    // a block a line
	Published time.Time // UTC; a time without a zone is taken as Hanoi's
	Author    string    // several are joined by ", "
	URL       string    // as the page names itself, absolute; else as it was asked for
	Image     string    // absolute address of the lead picture
	Lang      string    // ISO 639-1, of the text; as the page declares it if the text tells nothing
	Site      string
}

// MaxBytes is the largest page that is read.
const MaxBytes = 10 << 20

// Why there is no article.
var (
	ErrSize  = errors.New("extract: page too large")
	ErrEmpty = errors.New("extract: no text in the page")
)

// Article reads the article out of a page; address is where the page came from, or "". With ErrEmpty the other fields may still be set.
func Article(data []byte, address string) (Result, error) {
	if len(data) > MaxBytes {
		return Result{}, ErrSize
	}
	s := toUTF8(data)
	p := parse(s)
	m := p.meta()
	when := m.published
	if when.IsZero() {
		when = p.visibleTime(address)
	}
	text, byline := read(p, s, m.title)
	r := Result{Title: m.title, Text: text, Published: when, Author: m.author, Site: m.site}
	if r.Author == "" {
		r.Author = byline
	}
	r.URL, r.Image = addresses(address, m)
	r.Lang = language(r.Text, m.lang)
	if r.Text == "" {
		return r, ErrEmpty
	}
	return r, nil
}

// much is how many times longer the text of a laxer try must be to be believed: it brings menus and comments with it.
const much = 2

// read tries the page strictly first and takes the first try that gives enough text, or the strictest of those
// that give about the most.
func read(p *page, s, title string) (best, byline string) {
	for i, e := range efforts {
		if i > 0 {
			p = parse(s) // a try takes the tree apart
		}
		g := &grabber{page: p, effort: e, title: title}
		article := g.grab()
		if article == nil {
			continue
		}
		if byline == "" {
			byline = g.byline
		}
		t := textOf(article)
		if article.chars() >= enough {
			return t, byline
		}
		if len(t) > much*len(best) {
			best = t
		}
	}
	return best, byline
}

// toUTF8 decodes a page: as UTF-8 if it is, else as its <meta> says, else as browsers guess. Zero bytes are dropped.
func toUTF8(data []byte) string {
	isUTF8 := utf8.Valid(data)
	if !isUTF8 || bytes.HasPrefix(data, []byte("\xFE\xFF")) || bytes.HasPrefix(data, []byte("\xFF\xFE")) {
		e, _, _ := charset.DetermineEncoding(data[:min(len(data), 4096)], "")
		if out, err := e.NewDecoder().Bytes(data); err == nil {
			data, isUTF8 = out, false
		}
	}
	s := string(data)
	if !isUTF8 {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return strings.ReplaceAll(strings.TrimPrefix(s, "\uFEFF"), "\x00", "")
}

// addresses gives the page's own address and its picture's, both absolute.
func addresses(asked string, m meta) (own, image string) {
	base, err := url.Parse(asked)
	if err != nil {
		base = &url.URL{}
	}
	own = resolve(base, m.canonical)
	if own == "" {
		own = asked
	}
	return own, resolve(base, m.image)
}

// resolve makes an address absolute; "" if it is not of the web.
func resolve(base *url.URL, s string) string {
	if s == "" {
		return ""
	}
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil {
		return ""
	}
	if u = base.ResolveReference(u); u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}
