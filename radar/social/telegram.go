package social

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"khue/radar/feed"
	"khue/text"
)

// Why an export could not be read.
var (
	ErrNoExport = errors.New("social: not a Telegram export in JSON")
	ErrPrivate  = errors.New("social: an export of something that is not public")
	ErrLong     = errors.New("social: more messages than are taken at once")
)

// Channel is what an export says of its channel.
type Channel struct {
	Name string
	Type string // "public_channel" or "public_supergroup"
}

// MaxMessages bounds the messages of one export.
const MaxMessages = 100_000

// public are the types of chats that anybody can read.
var public = map[string]bool{"public_channel": true, "public_supergroup": true}

type message struct {
	ID    int64           `json:"id"`
	Type  string          `json:"type"`
	Date  string          `json:"date"`
	Unix  string          `json:"date_unixtime"`
	Text  json.RawMessage `json:"text"`
	Photo string          `json:"photo"`
}

// Telegram reads an export (result.json) message by message and hands each post to take, in its order; it stops at take's error. handle is
// the channel's name in addresses (t.me/HANDLE), "" when it has none: an export does not say it. zone is that of the exporter, for old
// exports that give local times alone. A whole account's export, and a private chat's, are ErrPrivate.
func Telegram(r io.Reader, handle string, zone *time.Location, take func(n int, it feed.Item) error) (Channel, error) {
	d := json.NewDecoder(r)
	var ch Channel
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return ch, ErrNoExport
	}
	found := false
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return ch, broken(found, err)
		}
		switch key {
		case "name":
			err = d.Decode(&ch.Name)
			ch.Name = text.Cut(strings.Join(strings.Fields(ch.Name), " "), 200)
		case "type":
			err = d.Decode(&ch.Type)
			if err == nil && !public[ch.Type] {
				return ch, ErrPrivate
			}
		case "chats", "personal_information", "contacts", "left_chats":
			return ch, ErrPrivate
		case "messages":
			if ch.Type == "" { // the type stands before the messages in every export: without it nobody knows what this is
				return ch, ErrNoExport
			}
			found = true
			err = messages(d, handle, zone, take)
		default:
			var skip json.RawMessage
			err = d.Decode(&skip)
		}
		if err != nil {
			return ch, broken(found, err)
		}
	}
	if !found {
		return ch, ErrNoExport
	}
	return ch, nil
}

// taken wraps an error of take, which goes out as it is.
type taken struct{ error }

func broken(found bool, err error) error {
	var t taken
	if errors.As(err, &t) {
		return t.error
	}
	if errors.Is(err, ErrLong) {
		return err
	}
	if !found {
		return errors.Join(ErrNoExport, err)
	}
	return fmt.Errorf("social: the export breaks off: %w", err)
}

func messages(d *json.Decoder, handle string, zone *time.Location, take func(int, feed.Item) error) error {
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return ErrNoExport
	}
	for n := 1; d.More(); n++ {
		if n > MaxMessages {
			return ErrLong
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		var m message
		if len(raw) > maxPost || json.Unmarshal(raw, &m) != nil {
			continue
		}
		it, ok := m.item(handle, zone)
		if !ok {
			continue
		}
		if err := take(n, it); err != nil {
			return taken{err}
		}
	}
	_, err := d.Token()
	return err
}

func (m *message) item(handle string, zone *time.Location) (feed.Item, bool) {
	if m.Type != "message" || m.ID <= 0 {
		return feed.Item{}, false
	}
	words := strings.TrimSpace(plainText(m.Text))
	if words == "" {
		return feed.Item{}, false
	}
	id := strconv.FormatInt(m.ID, 10)
	address := ""
	if handle != "" {
		address = "https://t.me/" + url.PathEscape(handle) + "/" + id
	}
	it := item(id, address, escape(words))
	it.When = m.Date
	if n, err := strconv.ParseInt(m.Unix, 10, 64); err == nil && n > 0 && n < 1e11 {
		it.Published = time.Unix(n, 0)
	} else {
		it.Published, _ = feed.ParseTime(m.Date, zone)
	}
	return it, true
}

// plainText reads a text: a string, or a list of strings and of objects that mark a part.
func plainText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var parts []json.RawMessage
	if json.Unmarshal(raw, &parts) != nil {
		return ""
	}
	var b strings.Builder
	for _, p := range parts {
		var marked struct {
			Type string `json:"type"`
			Text string `json:"text"`
		}
		if json.Unmarshal(p, &s) == nil {
			b.WriteString(s)
		} else if json.Unmarshal(p, &marked) == nil {
			switch marked.Type {
			case "mention", "mention_name", "phone", "email": // a person, not what is said
				b.WriteString("…")
			default:
				b.WriteString(marked.Text)
			}
		}
	}
	return b.String()
}

// Handle gives the name of a public channel in an address (https://t.me/NAME or https://t.me/s/NAME), "" for none.
func Handle(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host != "t.me" && u.Host != "telegram.me" {
		return ""
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(u.Path, "/"), "s/"), "/")
	if len(name) < 4 || len(name) > 40 || strings.ContainsFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_'
	}) {
		return ""
	}
	return name
}
