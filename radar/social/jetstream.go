package social

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"khue/radar/feed"
	"khue/text"
)

// Filter says what of a stream is wanted. Words and tags are held against a post without marks or capitals; a word may be a phrase.
// Accounts are DIDs of public bodies; their posts are wanted whatever they say.
type Filter struct {
	Words    []string `json:"words,omitempty"`
	Tags     []string `json:"tags,omitempty"`
	Accounts []string `json:"accounts,omitempty"`
	Langs    []string `json:"langs,omitempty"` // only posts that say one of these; empty: any
}

// Limits of a filter.
const (
	maxTerms    = 200
	maxTerm     = 100
	maxAccounts = 500
)

// ErrNoFilter says that a filter names nothing, or too much: a stream is the whole network, and only what is listed is heard.
var ErrNoFilter = errors.New("social: a stream needs words, tags or accounts, at most 200 of 100 bytes each")

// Matcher is a filter made ready. It may be used by many goroutines.
type Matcher struct {
	words    []string // folded, with a blank at both ends
	tags     map[string]bool
	accounts map[string]bool
	langs    []string
}

// Compile makes a filter ready; ErrNoFilter when it names nothing.
func (f Filter) Compile() (*Matcher, error) {
	m := &Matcher{tags: map[string]bool{}, accounts: map[string]bool{}, langs: f.Langs}
	for _, w := range f.Words {
		if w = flat(w); w != " " {
			m.words = append(m.words, w)
		}
	}
	for _, t := range f.Tags {
		if t = tag(t); t != "" {
			m.tags[t] = true
		}
	}
	for _, a := range f.Accounts {
		if a = strings.TrimSpace(a); strings.HasPrefix(a, "did:") {
			m.accounts[a] = true
		}
	}
	n := len(m.words) + len(m.tags) + len(m.accounts)
	if n == 0 || len(m.words)+len(m.tags) > maxTerms || len(m.accounts) > maxAccounts || slices.ContainsFunc(m.words, func(w string) bool { return len(w) > maxTerm+2 }) {
		return nil, ErrNoFilter
	}
	return m, nil
}

// flat folds a text into words between single blanks, with one at both ends.
func flat(s string) string {
	b := []byte{' '}
	for _, c := range []byte(text.Fold(s)) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80 {
			b = append(b, c)
		} else if b[len(b)-1] != ' ' {
			b = append(b, ' ')
		}
	}
	if b[len(b)-1] != ' ' {
		b = append(b, ' ')
	}
	return string(b)
}

func tag(s string) string {
	return strings.ReplaceAll(text.Fold(strings.TrimLeft(strings.TrimSpace(s), "#")), " ", "")
}

// wants says whether a post is wanted.
func (m *Matcher) wants(account, words string, tags, langs []string) bool {
	if m.accounts[account] {
		return true
	}
	if len(m.langs) > 0 && !slices.ContainsFunc(langs, func(l string) bool { return slices.Contains(m.langs, base(l)) }) {
		return false
	}
	for _, t := range tags {
		if m.tags[tag(t)] {
			return true
		}
	}
	if len(m.words) == 0 {
		return false
	}
	folded := flat(words)
	return slices.ContainsFunc(m.words, func(w string) bool { return strings.Contains(folded, w) })
}

func base(lang string) string {
	lang, _, _ = strings.Cut(strings.ToLower(lang), "-")
	return lang
}

// Subscribe gives the address at which a stream begins: from cursor (microseconds of Unix time) on, 0 for now. The server is asked for
// posts alone, and where the filter has only accounts, for theirs alone.
func (m *Matcher) Subscribe(endpoint string, cursor int64) (string, error) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return "", err
	}
	u.Fragment = ""
	q := u.Query()
	q.Set("wantedCollections", postType)
	q.Del("wantedDids")
	if len(m.words)+len(m.tags) == 0 {
		for _, a := range slices.Sorted(mapKeys(m.accounts)) {
			q.Add("wantedDids", a)
		}
	}
	q.Del("cursor")
	if cursor > 0 {
		q.Set("cursor", strconv.FormatInt(cursor, 10))
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

func mapKeys(m map[string]bool) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

const postType = "app.bsky.feed.post"

type event struct {
	Account string `json:"did"`
	Time    int64  `json:"time_us"`
	Kind    string `json:"kind"`
	Commit  *struct {
		Operation  string          `json:"operation"`
		Collection string          `json:"collection"`
		Key        string          `json:"rkey"`
		Record     json.RawMessage `json:"record"`
	} `json:"commit"`
}

type post struct {
	Text    string   `json:"text"`
	Created string   `json:"createdAt"`
	Langs   []string `json:"langs"`
	Tags    []string `json:"tags"`
	Facets  []struct {
		Features []struct {
			Type string `json:"$type"`
			Tag  string `json:"tag"`
		} `json:"features"`
	} `json:"facets"`
	Embed *struct {
		External *struct {
			URI         string `json:"uri"`
			Title       string `json:"title"`
			Description string `json:"description"`
		} `json:"external"`
	} `json:"embed"`
}

// Event is one event of a stream: where it stands, and the post in it when that is wanted.
type Event struct {
	Cursor int64 // microseconds of Unix time; 0 for what is no event
	Wanted bool
	Item   feed.Item
	Link   string // that the post shares, "" for none
}

// Event reads one message of Jetstream. What is broken, or no new post, gives an event that is not wanted.
func (m *Matcher) Event(data []byte) Event {
	var e event
	if json.Unmarshal(data, &e) != nil || e.Time <= 0 {
		return Event{}
	}
	out := Event{Cursor: e.Time}
	c := e.Commit
	if e.Kind != "commit" || c == nil || c.Operation != "create" || c.Collection != postType || !strings.HasPrefix(e.Account, "did:") || !plainKey(c.Key) {
		return out
	}
	var p post
	if json.Unmarshal(bytes.TrimSpace(c.Record), &p) != nil {
		return out
	}
	said, link := p.Text, ""
	if p.Embed != nil && p.Embed.External != nil {
		x := p.Embed.External
		link = safe(x.URI)
		said = strings.TrimSpace(said + "\n" + x.Title)
	}
	tags := p.Tags
	for _, f := range p.Facets {
		for _, one := range f.Features {
			if one.Tag != "" && len(tags) < 100 {
				tags = append(tags, one.Tag)
			}
		}
	}
	if strings.TrimSpace(said) == "" || !m.wants(e.Account, said, tags, p.Langs) {
		return out
	}
	address := "https://bsky.app/profile/" + e.Account + "/post/" + c.Key
	it := item("at://"+e.Account+"/"+postType+"/"+c.Key, address, escape(said))
	it.When, it.Author = p.Created, e.Account
	it.Published, _ = feed.ParseTime(p.Created, nil)
	if at := time.UnixMicro(e.Time); it.Published.IsZero() || it.Published.After(at.Add(feed.Tolerance)) {
		it.Published = at // who posts writes the time; the stream saw it then
	}
	if len(p.Langs) > 0 {
		it.Lang = text.Cut(p.Langs[0], 20)
	}
	it.Categories = tags[:min(len(tags), 30)]
	out.Wanted, out.Item, out.Link = true, it, link
	return out
}

// plainKey says whether a record's key can stand in an address (AT Protocol, "Record Key").
func plainKey(s string) bool {
	if s == "" || len(s) > 512 || s == "." || s == ".." {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_.:~", r)
	})
}
