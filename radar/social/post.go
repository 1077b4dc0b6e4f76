package social

import (
	"html"
	"strings"
	"unicode/utf8"

	"khue/radar/feed"
	"khue/text"
)

const (
	maxTitle = 140 // runes of the title that a post gets: its first words
	maxPost  = 64 << 10
)

// item makes an entry of a post: its title is its first sentence or words.
func item(id, address, content string) feed.Item {
	plain := feed.Plain(content)
	return feed.Item{ID: id, URL: address, Title: TitleOf(plain), Content: content}
}

// TitleOf gives the words that stand for a post which has no title: its first sentence, or as much as fits in a line.
func TitleOf(plain string) string {
	plain = strings.Join(strings.Fields(plain), " ")
	end := len(plain)
	n := 0
	last := 0 // after the last whole word
	for i, r := range plain {
		if n++; n > maxTitle {
			end = i
			if last > 0 {
				end = last
			}
			return strings.TrimSpace(plain[:end]) + "…"
		}
		if r == ' ' {
			if before, _ := utf8.DecodeLastRuneInString(plain[:i]); n > 25 && (before == '.' || before == '!' || before == '?') {
				return plain[:i]
			}
			last = i
		}
	}
	return plain[:end]
}

// escape makes HTML of plain text: readers of an entry take its content for HTML.
func escape(s string) string {
	return strings.ReplaceAll(html.EscapeString(text.Cut(s, maxPost)), "\n", "<br>")
}
