package mail

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	netmail "net/mail"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"khue/problem"
)

// Bounds of a message: no header line and no text of ours is ever near them.
const (
	maxSubject = 300     // characters
	maxText    = 1 << 20 // bytes
	maxFile    = 8 << 20 // bytes
)

// Message is one letter to one person.
type Message struct {
	ID      string    // names the message for ever: a repeat has the same
	To      string    // an address, "lan@example.vn"
	ToName  string    // may be empty
	Subject string    // one line
	Text    string    // plain text, UTF-8
	Lang    string    // "vi" or "en"
	At      time.Time // when it was written
	File    File      // sent along; zero for none
}

// File is what is sent along with a message.
type File struct {
	Name string // "diem-bao-2026-11-09.pdf"
	Type string // media type
	Data []byte // maxFile bytes at most
}

// Sender sends messages. Send returns when the message is on its way, or says why not; it may be called again with the same message.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// Address checks one e-mail address and gives it bare and in lower case. It refuses what could reach anybody else:
// names, lists, comments, white space and control characters.
func Address(s string) (string, error) {
	s = strings.TrimSpace(s)
	a, err := netmail.ParseAddress(s)
	if err != nil || a.Name != "" || len(s) > 254 || !strings.EqualFold(a.Address, s) || strings.ContainsFunc(s, notInAddress) {
		return "", problem.New(problem.Email)
	}
	_, host, _ := strings.Cut(a.Address, "@")
	if strings.Contains(host, "@") || strings.HasPrefix(host, "[") {
		return "", problem.New(problem.Email)
	}
	return strings.ToLower(a.Address), nil
}

func notInAddress(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`"<>(),;:\`, r)
}

// Check says whether the message can be sent as it is.
func (m Message) Check() error {
	if m.ID == "" {
		return fmt.Errorf("mail: a message needs an id")
	}
	if _, err := Address(m.To); err != nil {
		return problem.Of("to", problem.Email)
	}
	for field, s := range map[string]string{"id": m.ID, "name": m.ToName, "subject": m.Subject} {
		if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
			return problem.Of(field, problem.Unsafe)
		}
	}
	if m.Subject == "" {
		return problem.Of("subject", problem.Required)
	}
	if utf8.RuneCountInString(m.Subject) > maxSubject || len(m.Text) > maxText || !utf8.ValidString(m.Text) {
		return problem.Of("text", problem.Size, "n", "1")
	}
	if len(m.File.Data) > maxFile {
		return problem.Of("file", problem.Size, "n", strconv.Itoa(maxFile>>20))
	}
	if len(m.File.Data) > 0 && (m.File.Name == "" || strings.ContainsAny(m.File.Name, `"/\\`) || strings.ContainsFunc(m.File.Name+m.File.Type, unicode.IsControl)) {
		return problem.Of("file", problem.Unsafe)
	}
	return nil
}

// messageID gives the Message-ID's inside, "HASH@DOMAIN": the same for the same id and sender.
func messageID(id, from string) string {
	sum := sha256.Sum256([]byte(id))
	_, host, _ := strings.Cut(from, "@")
	return hex.EncodeToString(sum[:16]) + "@" + host
}

// build makes the message in the form of RFC 5322.
func build(m Message, from, fromName string) (*gomail.Msg, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithCharset(gomail.CharsetUTF8), gomail.WithEncoding(gomail.EncodingQP), gomail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(fromName, from); err != nil {
		return nil, fmt.Errorf("mail: from %q: %w", from, err)
	}
	if err := msg.AddToFormat(m.ToName, m.To); err != nil {
		return nil, problem.Of("to", problem.Email)
	}
	msg.Subject(m.Subject)
	msg.SetMessageIDWithValue(messageID(m.ID, from))
	msg.SetDateWithValue(m.At)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday answers, please
	if m.Lang != "" {
		msg.SetGenHeader("Content-Language", m.Lang)
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if len(m.File.Data) > 0 {
		if err := msg.AttachReader(m.File.Name, bytes.NewReader(m.File.Data), gomail.WithFileContentType(gomail.ContentType(m.File.Type))); err != nil {
			return nil, fmt.Errorf("mail: send %q along: %w", m.File.Name, err)
		}
	}
	return msg, nil
}

// Bytes gives the message as it goes over the wire.
func Bytes(m Message, from, fromName string) ([]byte, error) {
	msg, err := build(m, from, fromName)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("mail: write: %w", err)
	}
	return b.Bytes(), nil
}
