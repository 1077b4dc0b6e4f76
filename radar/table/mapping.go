package table

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"khue/radar/feed"
	"khue/text"
)

// Mapping says in which column each part of a mention stands, by the column's name; "" for a part that the table does not have.
type Mapping struct {
	URL        string `json:"url,omitempty"`
	Title      string `json:"title,omitempty"`
	Text       string `json:"text,omitempty"`
	Time       string `json:"time,omitempty"`
	ID         string `json:"id,omitempty"`          // the sender's own name of the row, where it has no address
	MonthFirst bool   `json:"month_first,omitempty"` // 10/2/2026 is the 2nd of October; else the 10th of February
}

// The reasons for which a row is bad; their words stand in the catalogue under "table.bad.<reason>".
const (
	Nothing    = "nothing" // no address, no title and no text
	BadAddress = "address" // not http(s)
	BadTime    = "time"    // cannot be read
	BadLine    = "line"    // of JSON lines: no object
)

// Bad is a row that cannot be taken.
type Bad struct {
	Line   int
	Reason string
	Value  string // as it stands in the row, shortened
}

// usual are the names that columns usually have, folded; the first found is taken.
var usual = map[string][]string{
	"url":   {"url", "link", "address", "permalink", "duong dan", "dia chi", "lien ket", "article url", "post url", "mention url", "document url"},
	"title": {"title", "headline", "tieu de", "tua de", "ten bai", "subject", "article title", "hit sentence"},
	"text":  {"text", "content", "body", "noi dung", "message", "snippet", "full text", "description", "mo ta", "trich", "tom tat", "summary", "opening text"},
	"time":  {"time", "date", "published", "published at", "published_at", "created_at", "created time", "publish time", "ngay", "thoi gian", "ngay dang", "ngay gio", "gio dang", "thoi gian dang", "datetime", "timestamp", "alternate date format"},
	"id":    {"id", "ma", "mention id", "document id", "post id", "uuid"},
}

// Guess proposes a mapping by the names of the columns.
func Guess(head []string) Mapping {
	find := func(part string) string {
		for _, name := range usual[part] {
			for _, h := range head {
				if strings.Join(strings.Fields(strings.NewReplacer("_", " ", "-", " ", ".", " ").Replace(text.Fold(h))), " ") == strings.ReplaceAll(name, "_", " ") {
					return h
				}
			}
		}
		return ""
	}
	return Mapping{URL: find("url"), Title: find("title"), Text: find("text"), Time: find("time"), ID: find("id")}
}

// Columns are a mapping made ready for a table.
type Columns struct {
	url, title, text, time, id int
	zone                       *time.Location
	monthFirst                 bool
}

// For makes a mapping ready. missing names the columns that the table does not have.
func (m Mapping) For(head []string, zone *time.Location) (c Columns, missing []string) {
	at := func(name string) int {
		if name == "" {
			return -1
		}
		i := slices.Index(head, name)
		if i < 0 {
			missing = append(missing, name)
		}
		return i
	}
	c = Columns{at(m.URL), at(m.Title), at(m.Text), at(m.Time), at(m.ID), zone, m.MonthFirst}
	return c, missing
}

// Any says whether something of a mention is mapped.
func (m Mapping) Any() bool { return m.URL != "" || m.Title != "" || m.Text != "" }

func cell(r Row, i int) string {
	if i < 0 || i >= len(r.Cells) {
		return ""
	}
	return r.Cells[i]
}

// Item makes an entry of a row; bad is nil when it can be taken. The entry's text is escaped, since readers take it for HTML.
func (c Columns) Item(r Row) (it feed.Item, bad *Bad) {
	if r.Broken {
		return it, &Bad{Line: r.Line, Reason: BadLine}
	}
	address, title, body, when := cell(r, c.url), cell(r, c.title), cell(r, c.text), cell(r, c.time)
	if address == "" && title == "" && body == "" {
		return it, &Bad{Line: r.Line, Reason: Nothing}
	}
	if address != "" {
		u, err := url.Parse(address)
		if err != nil || len(address) > 2000 || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
			return it, &Bad{r.Line, BadAddress, text.Cut(address, 80)}
		}
		u.Fragment = ""
		it.URL = u.String()
	}
	if when != "" {
		at, ok := c.when(when)
		if !ok {
			return it, &Bad{r.Line, BadTime, text.Cut(when, 80)}
		}
		it.Published = at
	}
	it.When, it.Title, it.Content = when, feed.Plain(title), escape(body)
	if it.ID = cell(r, c.id); it.ID == "" {
		it.ID = it.URL
	}
	return it, nil
}
