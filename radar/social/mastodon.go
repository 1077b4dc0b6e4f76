package social

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"khue/radar/feed"
	"khue/text"
)

// Why a timeline could not be read.
var (
	ErrNoTimeline = errors.New("social: not a timeline")
	ErrClosed     = errors.New("social: the server shows its timeline only to those who log in")
)

// status is what is read of a Mastodon status. Of its account only the address is, which tells accounts of all servers apart.
type status struct {
	ID         string  `json:"id"`
	URI        string  `json:"uri"`
	URL        *string `json:"url"`
	Created    string  `json:"created_at"`
	Edited     *string `json:"edited_at"`
	Content    *string `json:"content"`
	Spoiler    *string `json:"spoiler_text"`
	Visibility string  `json:"visibility"`
	Language   *string `json:"language"`
	Reblog     *status `json:"reblog"`
	Account    struct {
		URL string `json:"url"`
	} `json:"account"`
	Card *struct {
		URL   string `json:"url"`
		Title string `json:"title"`
	} `json:"card"`
	Media []struct {
		Description *string `json:"description"`
	} `json:"media_attachments"`
	Tags []struct {
		Name string `json:"name"`
	} `json:"tags"`
}

// maxStatuses bounds the posts of one answer; servers give at most 40, some of their kin 80.
const maxStatuses = 200

// Timeline reads an answer of Mastodon's /api/v1/timelines, newest first as it comes. newest is the id from which the next visit goes on,
// "" when nothing is there. A boost counts as the post that it repeats; what is not public is left out.
func Timeline(data []byte) (items []feed.Item, newest string, err error) {
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return nil, "", ErrNoTimeline
	}
	if data[0] == '{' {
		var said struct {
			Error string `json:"error"`
		}
		if json.Unmarshal(data, &said) == nil && said.Error != "" {
			return nil, "", errors.Join(ErrClosed, errors.New(text.Cut(said.Error, 200)))
		}
		return nil, "", ErrNoTimeline
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, "", errors.Join(ErrNoTimeline, err)
	}
	seen := map[string]bool{}
	for _, one := range raw[:min(len(raw), maxStatuses)] {
		var s status
		if json.Unmarshal(one, &s) != nil || s.ID == "" {
			continue // a broken post costs only itself
		}
		if newest == "" {
			newest = s.ID
		}
		it, ok := s.item()
		if !ok || seen[it.ID] {
			continue
		}
		seen[it.ID] = true
		items = append(items, it)
	}
	return items, newest, nil
}

func (s *status) item() (feed.Item, bool) {
	if s.Reblog != nil {
		s = s.Reblog
	}
	if s.Visibility != "" && s.Visibility != "public" && s.Visibility != "unlisted" {
		return feed.Item{}, false
	}
	address := safe(deref(s.URL))
	if address == "" {
		address = safe(s.URI)
	}
	if address == "" {
		return feed.Item{}, false
	}
	content := text.Cut(deref(s.Content), maxPost)
	if w := deref(s.Spoiler); w != "" {
		content = "<p>" + escape(w) + "</p>" + content
	}
	for _, m := range s.Media {
		if d := deref(m.Description); d != "" && feed.Plain(content) == "" { // a picture alone: what is said of it
			content = escape(d)
		}
	}
	if s.Card != nil && feed.Plain(content) == "" {
		content = escape(s.Card.Title)
	}
	it := item(s.URI, address, content)
	if it.ID == "" {
		it.ID = address
	}
	if it.Title == "" {
		return feed.Item{}, false
	}
	it.When, it.Lang, it.Author = s.Created, deref(s.Language), text.Cut(s.Account.URL, 500)
	it.Published, _ = feed.ParseTime(s.Created, nil)
	it.Updated, _ = feed.ParseTime(deref(s.Edited), nil)
	for _, t := range s.Tags {
		if t.Name != "" && len(it.Categories) < 30 {
			it.Categories = append(it.Categories, text.Cut(t.Name, 100))
		}
	}
	return it, true
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// safe gives an http(s) address, "" for anything else.
func safe(address string) string {
	u, err := url.Parse(address)
	if err != nil || len(address) > 2000 || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	return address
}

// TimelineOf makes the address of a timeline for programs of the one that people see: https://HOST/tags/NAME,
// /public, /public/local, or the programs' own. ok is false for any other page.
func TimelineOf(address string) (api string, ok bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "", false
	}
	path := strings.Trim(strings.TrimPrefix(strings.TrimSuffix(u.Path, "/"), "/web"), "/")
	q := url.Values{"limit": {"40"}}
	switch {
	case strings.HasPrefix(path, "api/v1/timelines/tag/"), path == "api/v1/timelines/public":
		q = u.Query()
		q.Set("limit", "40")
		q.Del("min_id")
	case strings.HasPrefix(path, "tags/") && strings.Count(path, "/") == 1:
		path = "api/v1/timelines/tag/" + strings.TrimPrefix(path, "tags/")
	case path == "public/local", path == "timelines/public/local":
		path = "api/v1/timelines/public"
		q.Set("local", "true")
	case path == "public", path == "timelines/public":
		path = "api/v1/timelines/public"
	default:
		return "", false
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/" + path, RawQuery: q.Encode()}).String(), true
}

// After gives the address of the page of a timeline that follows a post.
func After(api, id string) string {
	u, err := url.Parse(api)
	if err != nil || id == "" {
		return api
	}
	q := u.Query()
	q.Set("min_id", id)
	u.RawQuery = q.Encode()
	return u.String()
}
