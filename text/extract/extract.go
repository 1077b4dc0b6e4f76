package extract

import (
	"errors"
	"time"
)

// Article is what a page tells.
type Doc struct {
	Title     string
	Text      string
	Published time.Time
	Author    string
	URL       string
	Image     string
	Lang      string
	Site      string
}

// Errors.
var (
	ErrSize = errors.New("extract: page too large")
)

// MaxBytes is the largest page that is read.
const MaxBytes = 10 << 20

// Article reads a page.
func Article(data []byte, url string) (Doc, error) {
	if len(data) > MaxBytes {
		return Doc{}, ErrSize
	}
	s := string(data)
	p := parse(s)
	m := p.meta()
	best := ""
	for i, e := range efforts {
		if i > 0 {
			p = parse(s)
		}
		g := &grabber{page: p, effort: e, title: m.title}
		a := g.grab()
		if a == nil {
			continue
		}
		if m.author == "" {
			m.author = g.byline
		}
		n := a.chars()
		if t := textOf(a); n >= enough {
			best = t
			break
		} else if len(t) > len(best) {
			best = t
		}
	}
	return Doc{Title: m.title, Text: best, Author: m.author, Lang: p.lang}, nil
}
