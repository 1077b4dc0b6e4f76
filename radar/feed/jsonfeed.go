package feed

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// loose is a JSON value that should be a string and in some feeds is a number.
type loose string

// UnmarshalJSON takes strings and numbers; anything else is empty.
func (l *loose) UnmarshalJSON(b []byte) error {
	b = trimSpace(b)
	switch {
	case len(b) == 0:
	case b[0] == '"':
		var s string
		if err := json.Unmarshal(b, &s, jsontext.AllowInvalidUTF8(true)); err == nil {
			*l = loose(s)
		}
	case b[0] == '-' || isDigit(b[0]):
		*l = loose(b)
	}
	return nil
}

type jsonAuthor struct {
	Name loose `json:"name"`
	URL  loose `json:"url"`
}

type jsonItem struct {
	ID          loose        `json:"id"`
	URL         loose        `json:"url"`
	External    loose        `json:"external_url"`
	Title       loose        `json:"title"`
	HTML        loose        `json:"content_html"`
	Text        loose        `json:"content_text"`
	Summary     loose        `json:"summary"`
	Image       loose        `json:"image"`
	Banner      loose        `json:"banner_image"`
	Published   loose        `json:"date_published"`
	Modified    loose        `json:"date_modified"`
	Author      *jsonAuthor  `json:"author"`
	Authors     []jsonAuthor `json:"authors"`
	Tags        []loose      `json:"tags"`
	Lang        loose        `json:"language"`
	Attachments []struct {
		URL  loose `json:"url"`
		Type loose `json:"mime_type"`
		Size loose `json:"size_in_bytes"`
	} `json:"attachments"`
}

type jsonFeed struct {
	Version     loose        `json:"version"`
	Title       loose        `json:"title"`
	Home        loose        `json:"home_page_url"`
	Self        loose        `json:"feed_url"`
	Description loose        `json:"description"`
	Icon        loose        `json:"icon"`
	Favicon     loose        `json:"favicon"`
	Author      *jsonAuthor  `json:"author"`
	Authors     []jsonAuthor `json:"authors"`
	Lang        loose        `json:"language"`
	Items       []jsonItem   `json:"items"`
	Hubs        []struct {
		URL loose `json:"url"`
	} `json:"hubs"`
}

// parseJSON reads JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/).
func parseJSON(text []byte, opt Options) (Feed, error) {
	var j jsonFeed
	err := json.Unmarshal(text, &j, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), json.MatchCaseInsensitiveNames(false))
	if n := len(j.Items); err != nil && n > 0 && j.Items[n-1].ID == "" && j.Items[n-1].URL == "" && j.Items[n-1].Title == "" {
		j.Items = j.Items[:n-1] // the one that the break is in
	}
	if err != nil && len(j.Items) == 0 {
		return Feed{}, ErrJSON
	}
	if !strings.Contains(string(j.Version), "jsonfeed") && len(j.Items) == 0 && !bytes.Contains(text, []byte(`"items"`)) {
		return Feed{}, ErrNoFeed
	}
	p := newParser(nil, opt)
	f := &p.feed
	f.Kind = JSON
	f.Version = strings.TrimPrefix(string(j.Version)[strings.LastIndexByte(string(j.Version), '/')+1:], "version")
	f.Title = Plain(string(j.Title))
	f.Link, f.Self = p.resolveURL([]byte(j.Home)), p.resolveURL([]byte(j.Self))
	f.Description, f.Lang = string(j.Description), string(j.Lang)
	f.Author = authors(j.Authors, j.Author)
	if f.Image = string(j.Icon); f.Image == "" {
		f.Image = string(j.Favicon)
	}
	for _, h := range j.Hubs {
		f.Hub = string(h.URL)
	}
	if f.Self != "" && p.base == nil {
		p.base = p.rebase(f.Self)
	}
	for i := range j.Items {
		if p.full() {
			break
		}
		p.jsonItem(&j.Items[i])
	}
	p.finish()
	return p.feed, nil
}

func (p *parser) jsonItem(j *jsonItem) {
	p.startItem()
	it := &p.item
	p.extra.guid, p.extra.permalink = strings.TrimSpace(string(j.ID)), true
	it.Title = Plain(string(j.Title))
	if it.URL = p.resolveURL([]byte(j.URL)); it.URL == "" {
		it.URL = p.resolveURL([]byte(j.External))
	}
	it.Summary = string(j.Summary)
	if it.Content = p.resolveHTML(string(j.HTML)); it.Content == "" {
		it.Content = string(j.Text)
	}
	it.Published, it.Updated = p.time(string(j.Published)), p.time(string(j.Modified))
	if it.When = string(j.Published); it.When == "" {
		it.When = string(j.Modified)
	}
	it.Author = authors(j.Authors, j.Author)
	if it.Image = p.resolveURL([]byte(j.Image)); it.Image == "" {
		it.Image = p.resolveURL([]byte(j.Banner))
	}
	if j.Lang != "" {
		it.Lang = string(j.Lang)
	}
	for _, t := range j.Tags {
		it.Categories = append(it.Categories, string(t))
	}
	for _, a := range j.Attachments {
		if u := p.resolveURL([]byte(a.URL)); safe(u) != "" {
			it.Enclosures = append(it.Enclosures, Enclosure{URL: u, Type: string(a.Type), Length: string(a.Size)})
		}
	}
	p.endItem()
}

func authors(list []jsonAuthor, one *jsonAuthor) string {
	for _, a := range list {
		if a.Name != "" {
			return string(a.Name)
		}
	}
	if one != nil {
		return string(one.Name)
	}
	return ""
}
